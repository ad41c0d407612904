package papertest

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// distances are how many pixels a point has, one after the other: a phone that cannot make out a code is moved.
var distances = []float64{1.5, 2.2, 3.1, 2.6, 3.7, 4.4, 5.3, 6.1}

// thorough has the reader take its time, as a phone does that looks for longer.
var thorough = map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}

// QRCode draws the page's rectangles as a screen does, and reads the QR code among them as a phone does.
func (p *Page) QRCode() string {
	p.t.Helper()
	var failed error
	for _, pixels := range distances {
		bitmap, err := gozxing.NewBinaryBitmapFromImage(p.rasterise(pixels))
		if err != nil {
			p.t.Fatal(err)
		}
		found, err := qrcode.NewQRCodeReader().Decode(bitmap, thorough)
		if err == nil {
			return found.GetText()
		}
		failed = err
	}
	p.t.Fatalf("the QR code cannot be read: %v", failed)
	return ""
}

var (
	matrixForm = regexp.MustCompile(`q (\S+) 0 0 (\S+) (\S+) (\S+) cm 0 g`)
	rectForm   = regexp.MustCompile(`(?m)^(\S+) (\S+) (\S+) (\S+) re$`)
	fillForm   = regexp.MustCompile(`(?m)^(\S+) (\S+) (\S+) rg (\S+) (\S+) (\S+) (\S+) re f$`)
)

// rasterise draws the rectangles of a page, the QR code's among them, in so many pixels a point.
func (p *Page) rasterise(pixels float64) image.Image {
	p.t.Helper()
	picture := image.NewGray(image.Rect(0, 0, int(p.width*pixels), int(p.height*pixels)))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	fill := func(x, y, width, height float64, c color.Color) {
		left, right := math.Round(x*pixels), math.Round((x+width)*pixels)
		top, bottom := math.Round((p.height-y-height)*pixels), math.Round((p.height-y)*pixels)
		draw.Draw(picture, image.Rect(int(left), int(top), int(right), int(bottom)), image.NewUniform(c), image.Point{}, draw.Src)
	}
	for _, f := range fillForm.FindAllStringSubmatch(p.Content, -1) {
		v := p.numbers(f[1:])
		fill(v[3], v[4], v[5], v[6], color.Gray{uint8(255 * (v[0] + v[1] + v[2]) / 3)})
	}
	start := matrixForm.FindStringSubmatchIndex(p.Content)
	if start == nil {
		p.t.Fatal("there is no QR code")
	}
	m := p.numbers(matrixForm.FindStringSubmatch(p.Content)[1:])
	code := p.Content[start[1]:]
	code = code[:strings.Index(code, "f Q")]
	for _, r := range rectForm.FindAllStringSubmatch(code, -1) {
		v := p.numbers(r[1:])
		x, width := m[2]+m[0]*v[0], m[0]*v[2]
		y, height := m[3]+m[1]*v[1], m[1]*v[3] // upside down: rows count from the top
		fill(x, y+height, width, -height, color.Black)
	}
	return picture
}

func (p *Page) numbers(words []string) []float64 {
	p.t.Helper()
	values := make([]float64, len(words))
	for i, w := range words {
		var err error
		if values[i], err = strconv.ParseFloat(w, 64); err != nil {
			p.t.Fatal(fmt.Errorf("drawing: %w", err))
		}
	}
	return values
}
