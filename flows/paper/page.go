package paper

import (
	"bytes"
	"fmt"
	"strconv"
)

// A4 in points; y counts down from the top of the sheet.
const (
	sheetWidth  = 595.28
	sheetHeight = 841.89
)

// rgb is red, green and blue from 0 to 1.
type rgb [3]float64

var (
	ink   = rgb{0.10, 0.11, 0.13}
	faint = rgb{0.33, 0.36, 0.40} // still 7:1 on white
	blue  = rgb{0.07, 0.20, 0.42}
	tint  = rgb{0.93, 0.95, 0.98}
	hair  = rgb{0.78, 0.81, 0.85}
	white = rgb{1, 1, 1}
	ghost = rgb{0.91, 0.92, 0.93} // words of the paper's own weight stand out on it
)

func (c rgb) String() string {
	return points(c[0]) + " " + points(c[1]) + " " + points(c[2])
}

// style is how a text is set.
type style struct {
	weight weight
	size   float64
	color  rgb
}

// page is what is drawn on one page.
type page struct {
	ref     ref
	content bytes.Buffer
	marked  []*element // by the numbers of the page's marked contents
	links   []link
}

type link struct {
	x, y, width, height float64
	address, words      string
}

// mark draws what belongs to an element of the paper's structure, which readers that speak go by.
func (p *page) mark(e *element, draw func()) {
	fmt.Fprintf(&p.content, "/%s << /MCID %d >> BDC\n", e.tag, len(p.marked))
	e.marks = append(e.marks, contentMark{p, len(p.marked)})
	p.marked = append(p.marked, e)
	draw()
	p.content.WriteString("EMC\n")
}

// decorate draws what is not to be read aloud.
func (p *page) decorate(draw func()) {
	p.content.WriteString("/Artifact BMC\n")
	draw()
	p.content.WriteString("EMC\n")
}

// box fills a rectangle whose upper left corner is x, y.
func (p *page) box(x, y, width, height float64, c rgb) {
	fmt.Fprintf(&p.content, "%v rg %s %s %s %s re f\n", c, points(x), points(sheetHeight-y-height), points(width), points(height))
}

// line sets a line of words with its baseline at y. Every word carries its text as it was written: the
// shapes alone do not tell it, because vowel signs stand before their consonants and letters melt into one.
func (p *page) line(f *fonts, x, y float64, st style, l line) {
	fmt.Fprintf(&p.content, "BT /F%d %s Tf %v rg 1 0 0 1 %s %s Tm\n", st.weight, points(st.size), st.color, points(x), points(sheetHeight-y))
	ahead := 0 // of where a glyph should begin, in thousandths: PDF goes by the font's widths alone
	for i, w := range l {
		if i > 0 {
			ahead = p.glyphs(f, st, ahead, f.setter.blank[st.weight])
		}
		fmt.Fprintf(&p.content, "/Span << /ActualText %s >> BDC\n", textString(w.text()))
		ahead = p.glyphs(f, st, ahead, w.glyphs...)
		p.content.WriteString("EMC\n")
	}
	p.content.WriteString("ET\n")
}

// glyphs shows glyphs one after the other, each where it belongs.
func (p *page) glyphs(f *fonts, st style, ahead int, list ...glyph) int {
	font := f.use(st.weight)
	raised := 0
	raise := func(to int) {
		if to != raised {
			fmt.Fprintf(&p.content, "] TJ %s Ts [", points(float64(to)*st.size/unitsPerEm))
			raised = to
		}
	}
	p.content.WriteByte('[')
	for _, g := range list {
		raise(g.dy)
		if back := ahead - g.dx; back != 0 {
			p.content.WriteString(strconv.Itoa(back))
		}
		fmt.Fprintf(&p.content, "<%04x>", font.code(g))
		ahead = g.dx + font.width(g.id) - g.advance
	}
	raise(0)
	p.content.WriteString("] TJ\n")
	return ahead
}
