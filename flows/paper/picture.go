package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"golang.org/x/image/vector"
)

// picture is drawn in pixels; y counts down. Its background is its own, so that it reads the same in a
// dark chat and in a light one.
type picture struct {
	setter *setter
	image  *image.RGBA
	raster vector.Rasterizer
}

func newPicture(s *setter, width, height int, background color.Color) *picture {
	p := &picture{setter: s, image: image.NewRGBA(image.Rect(0, 0, width, height))}
	draw.Draw(p.image, p.image.Bounds(), image.NewUniform(background), image.Point{}, draw.Src)
	return p
}

// encode gives the picture as PNG.
func (p *picture) encode() ([]byte, error) {
	var file bytes.Buffer
	if err := png.Encode(&file, p.image); err != nil {
		return nil, fmt.Errorf("encoding a picture: %w", err)
	}
	return file.Bytes(), nil
}

// box fills a rectangle.
func (p *picture) box(x, y, width, height float64, c color.Color) {
	r := image.Rect(int(math.Round(x)), int(math.Round(y)), int(math.Round(x+width)), int(math.Round(y+height)))
	draw.Draw(p.image, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// pen is how a text is written.
type pen struct {
	weight weight
	size   float64
	color  color.Color
}

// words shapes a text of one line.
func (p *picture) words(text string, w weight) line {
	var l line
	for field := range strings.FieldsSeq(clean(text)) {
		l = append(l, p.setter.word(field, w))
	}
	return l
}

// width is how wide a text is.
func (p *picture) width(text string, with pen) float64 {
	return float64(p.words(text, with.weight).width(p.setter, with.weight)) * with.size / unitsPerEm
}

// within makes a pen small enough for a text to fit a width.
func (p *picture) within(text string, with pen, width float64) pen {
	if needed := p.width(text, with); needed > width {
		with.size *= width / needed
	}
	return with
}

// text writes a text with its baseline at y, beginning at x.
func (p *picture) text(x, y float64, text string, with pen) {
	blank := float64(p.setter.blank[with.weight].advance) * with.size / unitsPerEm
	for _, w := range p.words(text, with.weight) {
		at := x
		for _, g := range w.glyphs {
			scale := with.size / unitsPerEm
			p.glyph(at+float64(g.dx)*scale, y-float64(g.dy)*scale, g.id, with)
			at += float64(g.advance) * scale
		}
		x = at + blank
	}
}

// textEnding writes a text that ends at x.
func (p *picture) textEnding(x, y float64, text string, with pen) {
	p.text(x-p.width(text, with), y, text, with)
}

// textAround writes a text with its middle at x.
func (p *picture) textAround(x, y float64, text string, with pen) {
	p.text(x-p.width(text, with)/2, y, text, with)
}

// glyph draws one shape of the font, on a mask of its own size: one for the whole picture is 40 times slower.
func (p *picture) glyph(x, y float64, id uint16, with pen) {
	outline, ok := p.setter.faces[with.weight].GlyphDataOutline(font.GID(id))
	if !ok || len(outline.Segments) == 0 {
		return
	}
	scale := with.size / unitsPerEm
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, s := range outline.Segments {
		for _, a := range s.ArgsSlice() {
			px, py := x+float64(a.X)*scale, y-float64(a.Y)*scale
			left, right, top, bottom = min(left, px), max(right, px), min(top, py), max(bottom, py)
		}
	}
	at := image.Rect(int(math.Floor(left)), int(math.Floor(top)), int(math.Ceil(right))+1, int(math.Ceil(bottom))+1)
	p.raster.Reset(at.Dx(), at.Dy())
	point := func(a opentype.SegmentPoint) (float32, float32) {
		return float32(x + float64(a.X)*scale - float64(at.Min.X)), float32(y - float64(a.Y)*scale - float64(at.Min.Y))
	}
	for _, s := range outline.Segments {
		x1, y1 := point(s.Args[0])
		x2, y2 := point(s.Args[1])
		x3, y3 := point(s.Args[2])
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			p.raster.ClosePath()
			p.raster.MoveTo(x1, y1)
		case opentype.SegmentOpLineTo:
			p.raster.LineTo(x1, y1)
		case opentype.SegmentOpQuadTo:
			p.raster.QuadTo(x1, y1, x2, y2)
		case opentype.SegmentOpCubeTo:
			p.raster.CubeTo(x1, y1, x2, y2, x3, y3)
		}
	}
	p.raster.ClosePath()
	p.raster.Draw(p.image, at, image.NewUniform(with.color), image.Point{})
}
