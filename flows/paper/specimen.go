package paper

import (
	"errors"
	"image/color"
)

// The measures of a specimen, in pixels.
const (
	specimenWidth  = 480
	specimenHeight = 600
	specimenWords  = 64.0
)

var (
	specimenPaper = color.RGBA{0xe3, 0xe8, 0xef, 0xff}
	specimenShape = color.RGBA{0x9a, 0xa6, 0xb6, 0xff}
	specimenInk   = color.RGBA{0xb4, 0x2f, 0x2a, 0xff}
)

// Specimen draws the picture of nobody, for records that are made up: the outline of a person, or a box
// that stands for a thing, with a word across it that says so, and a number.
func (p *Press) Specimen(number string, person bool) ([]byte, error) {
	words, ok := p.texts.Text("hi", "paper.specimen", map[string]any{"Number": number})
	if !ok {
		return nil, errors.New("the text paper.specimen is missing")
	}
	s := p.setters.Get().(*setter)
	defer func() {
		s.forget()
		p.setters.Put(s)
	}()
	drawn := newPicture(s, specimenWidth, specimenHeight, specimenPaper)
	const middle = specimenWidth / 2
	if person {
		drawn.ellipse(middle, 230, 95, 120, specimenShape)
		drawn.ellipse(middle, 640, 215, 250, specimenShape)
	} else {
		drawn.box(90, 170, specimenWidth-180, 260, specimenShape)
	}
	drawn.box(0, 470, specimenWidth, 110, color.White)
	with := drawn.within(words, pen{bold, specimenWords, specimenInk}, specimenWidth-40)
	drawn.textAround(middle, 470+75, words, with)
	return drawn.encode()
}

// ellipse fills an ellipse.
func (p *picture) ellipse(x, y, rx, ry int, c color.RGBA) {
	for dy := -ry; dy <= ry; dy++ {
		for dx := -rx; dx <= rx; dx++ {
			if dx*dx*ry*ry+dy*dy*rx*rx <= rx*rx*ry*ry {
				p.image.SetRGBA(x+dx, y+dy, c)
			}
		}
	}
}
