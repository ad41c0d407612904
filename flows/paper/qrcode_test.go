package paper

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// TestTheQRCodeLeadsToTheCheck draws the code's rectangles as a screen does and reads it as a phone does.
func TestTheQRCodeLeadsToTheCheck(t *testing.T) {
	t.Parallel()
	p := press(t)
	for _, address := range []string{
		lostMobile().Address, "http://127.0.0.1:8080/verify/KS12345678901-7F3KQ9TM2W4R", "https://example.org/" + strings.Repeat("long/", 40),
	} {
		r := lostMobile()
		r.Address = address
		paper := r.read(t, p)
		picture := rasterise(t, paper.pages[0].content, 2)
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
		if err != nil {
			t.Fatal(err)
		}
		found, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		if err != nil {
			t.Fatalf("the QR code cannot be read: %v", err)
		}
		if found.GetText() != address {
			t.Errorf("the QR code leads to %s, want %s", found.GetText(), address)
		}
		if !strings.Contains(string(paper.data), "/URI "+asciiString(address)) {
			t.Error("the QR code cannot be tapped")
		}
	}
}

func TestAPaperWithoutAnAddressHasNoQRCode(t *testing.T) {
	t.Parallel()
	r := lostMobile()
	r.Address = ""
	paper := r.read(t, press(t))
	if content := paper.pages[0].content; strings.Contains(content, " cm ") || strings.Contains(content, "/Figure") {
		t.Error("there is a QR code")
	}
	if text := paper.structure().text(); strings.Contains(text, "QR") {
		t.Error("the paper speaks of a QR code")
	}
}

var (
	matrixForm = regexp.MustCompile(`q (\S+) 0 0 (\S+) (\S+) (\S+) cm 0 g`)
	rectForm   = regexp.MustCompile(`(?m)^(\S+) (\S+) (\S+) (\S+) re$`)
	fillForm   = regexp.MustCompile(`(?m)^(\S+) (\S+) (\S+) rg (\S+) (\S+) (\S+) (\S+) re f$`)
)

// rasterise draws the rectangles of a page, the QR code's among them, in so many pixels a point.
func rasterise(t *testing.T, content string, scale float64) image.Image {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, int(sheetWidth*scale), int(sheetHeight*scale)))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	fill := func(x, y, width, height float64, c color.Color) {
		left, right := math.Round(x*scale), math.Round((x+width)*scale)
		top, bottom := math.Round((sheetHeight-y-height)*scale), math.Round((sheetHeight-y)*scale)
		draw.Draw(picture, image.Rect(int(left), int(top), int(right), int(bottom)), image.NewUniform(c), image.Point{}, draw.Src)
	}
	for _, f := range fillForm.FindAllStringSubmatch(content, -1) {
		v := numbers(t, f[1:])
		fill(v[3], v[4], v[5], v[6], color.Gray{uint8(255 * (v[0] + v[1] + v[2]) / 3)})
	}
	start := matrixForm.FindStringSubmatchIndex(content)
	if start == nil {
		t.Fatal("there is no QR code")
	}
	m := numbers(t, matrixForm.FindStringSubmatch(content)[1:])
	code := content[start[1]:]
	code = code[:strings.Index(code, "f Q")]
	for _, r := range rectForm.FindAllStringSubmatch(code, -1) {
		v := numbers(t, r[1:])
		x, width := m[2]+m[0]*v[0], m[0]*v[2]
		y, height := m[3]+m[1]*v[1], m[1]*v[3] // upside down: rows count from the top
		fill(x, y+height, width, -height, color.Black)
	}
	return picture
}

func numbers(t *testing.T, words []string) []float64 {
	t.Helper()
	values := make([]float64, len(words))
	for i, w := range words {
		var err error
		if values[i], err = strconv.ParseFloat(w, 64); err != nil {
			t.Fatal(fmt.Errorf("drawing: %w", err))
		}
	}
	return values
}
