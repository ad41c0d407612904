package paper

import (
	"strings"
	"testing"
)

// TestTheQRCodeLeadsToTheCheck reads the code off the drawn page, as a phone does.
func TestTheQRCodeLeadsToTheCheck(t *testing.T) {
	t.Parallel()
	p := press(t)
	for _, address := range []string{
		lostMobile().Address, "http://127.0.0.1:8080/verify/KS12345678901-7F3KQ9TM2W4R", "https://example.org/" + strings.Repeat("long/", 40),
	} {
		r := lostMobile()
		r.Address = address
		paper := r.read(t, p)
		if got := paper.Pages[0].QRCode(); got != address {
			t.Errorf("the QR code leads to %s, want %s", got, address)
		}
		if !strings.Contains(string(paper.Data), "/URI "+asciiString(address)) {
			t.Error("the QR code cannot be tapped")
		}
	}
}

func TestAPaperWithoutAnAddressHasNoQRCode(t *testing.T) {
	t.Parallel()
	r := lostMobile()
	r.Address = ""
	paper := r.read(t, press(t))
	if content := paper.Pages[0].Content; strings.Contains(content, " cm ") || strings.Contains(content, "/Figure") {
		t.Error("there is a QR code")
	}
	if text := paper.Structure().Text(); strings.Contains(text, "QR") {
		t.Error("the paper speaks of a QR code")
	}
}
