package paper

import (
	"fmt"
	"math"
	"strings"
)

const (
	panelPadding = 14.0
	qrSide       = 100.0
	signWidth    = 210.0

	// longestAddress makes a QR code whose modules are half a millimetre wide: less is hard to read for phones.
	longestAddress = 300
)

// layOut places a document on pages.
func (p *Press) layOut(setter *setter, d *Document, scale float64) (*sheet, error) {
	if len(d.Address) > longestAddress {
		return nil, fmt.Errorf("the paper's address has %d bytes, more than a QR code of this size can show", len(d.Address))
	}
	s := &sheet{press: p, doc: d, fonts: &fonts{setter: setter, faces: &p.faces}, scale: scale, root: &element{tag: "Document"}}
	s.bottom = sheetHeight - margin*0.75 - s.footer(nil).height()
	s.newPage()
	s.flow(s.column(s.root.add("H1"), margin, textWidth, s.style(bold, 21, ink), d.Title))
	if d.Subtitle != "" {
		s.flow(s.column(s.root.add("P"), margin, textWidth, s.style(regular, 11.5, faint), d.Subtitle))
	}
	if err := s.panel(); err != nil {
		return nil, err
	}
	for _, part := range d.Sections {
		s.section(part)
	}
	if s.boxed {
		s.section(Section{Text: s.say("paper.boxes", nil)})
	}
	if d.Signature != nil {
		s.signature()
	}
	for i := range s.pages {
		s.foot(i)
	}
	return s, nil
}

func (s *sheet) say(id string, data map[string]any) string { return s.press.say(s.doc.Lang, id, data) }

// newPage begins a page: the first with who writes, the others with what they belong to.
func (s *sheet) newPage() {
	s.pages = append(s.pages, &page{})
	s.watermark()
	if len(s.pages) > 1 {
		what := joined([]string{clean(s.doc.Title), s.number()})
		s.draw(s.column(nil, margin, textWidth, style{regular, footerSize, faint}, what), 0, 1, margin*0.55)
		s.page().decorate(func() { s.page().box(margin, continuedAt, textWidth, 0.5, hair) })
		s.y = continuedAt + 8
		return
	}
	s.y = margin * 0.8
	brand := s.column(s.root.add("P"), margin, textWidth, style{bold, 14, blue}, s.say("paper.brand", nil))
	s.draw(brand, 0, 1, s.y)
	of := s.say("paper.brand.of", nil)
	right := s.column(s.root.add("P"), margin, textWidth, style{regular, 11, faint}, of)
	if len(right.lines) > 0 {
		right.x = margin + textWidth - float64(right.lines[0].width(s.fonts.setter, regular))*11/unitsPerEm
	}
	s.draw(right, 0, 1, s.y+brand.lead()-right.lead()-0.8)
	s.y += brand.lead() + 3
	s.page().decorate(func() { s.page().box(margin, s.y, textWidth, 1.4, blue) })
	s.y += 14 * s.scale
}

// How a watermark lies: across the page, rising by so many degrees.
const (
	watermarkRise  = 35
	watermarkSize  = 120.0
	watermarkSmall = 20.0
)

// watermark draws the document's watermark across the page, under all that follows.
func (s *sheet) watermark() {
	if s.doc.Watermark == "" {
		return
	}
	sin, cos := math.Sincos(watermarkRise * math.Pi / 180)
	s.page().decorate(func() {
		fmt.Fprintf(&s.page().content, "q %.5f %.5f %.5f %.5f %s %s cm\n", cos, sin, -sin, cos, points(sheetWidth/2), points(sheetHeight/2))
		y := 0.0 // downwards from the middle of the page
		for i, words := range strings.Split(clean(s.doc.Watermark), "\n") {
			st := style{bold, watermarkSize, ghost}
			if i > 0 {
				st = style{regular, watermarkSmall, ghost}
			}
			for _, l := range s.breakUp(words, 10*sheetWidth, st, 0) {
				width := float64(l.width(s.fonts.setter, st.weight)) * st.size / unitsPerEm
				s.page().line(s.fonts, -width/2, sheetHeight+y, st, l.line)
			}
			y += watermarkSmall * leading * 1.4
		}
		s.page().content.WriteString("Q\n")
	})
}

// number is the document's name, or its number in groups.
func (s *sheet) number() string {
	if s.doc.Name != "" {
		return clean(s.doc.Name)
	}
	if s.doc.Number == "" {
		return ""
	}
	return s.say("paper.number.spaced", map[string]any{"Number": clean(s.doc.Number)})
}

// panel sets the number, large, with the facts beside the QR code.
func (s *sheet) panel() error {
	d := s.doc
	if s.number() == "" && len(d.Facts) == 0 && d.Address == "" {
		return nil
	}
	s.y += 9 * s.scale
	x, width := margin+panelPadding, textWidth-2*panelPadding
	if d.Address != "" {
		width -= qrSide + panelPadding
	}
	columns := s.panelTexts(x, width)
	height := 0.0
	for _, c := range columns {
		height += c.height()
	}
	inner := height
	if d.Address != "" {
		height = max(height, qrSide-panelPadding/2)
	}
	height += panelPadding
	if height > s.bottom-s.y { // facts of many lines: without the panel they can flow
		for _, c := range columns {
			s.flow(c)
		}
		return s.code(s.y)
	}
	top := s.y
	s.page().decorate(func() { s.page().box(margin, top, textWidth, height, tint) })
	s.y += (height - inner) / 2
	for _, c := range columns {
		s.draw(c, 0, len(c.lines), s.y)
		s.y += c.height()
	}
	s.y = top + height
	return s.code(top + (height-qrSide)/2)
}

// panelTexts are the number, the facts, and what the QR code is for.
func (s *sheet) panelTexts(x, width float64) []column {
	var columns []column
	add := func(st style, text string) {
		columns = append(columns, s.column(s.root.add("P"), x, width, st, text))
	}
	if s.number() != "" {
		add(s.style(regular, 10.5, faint), s.say("paper.number", nil))
		st := s.style(bold, 27, ink)
		for _, l := range s.breakUp(clean(s.number()), 100*sheetWidth, st, 0) {
			if needed := float64(l.width(s.fonts.setter, bold)) * st.size / unitsPerEm; needed > width {
				st.size = max(12, st.size*width/needed-0.01) // an unusually long number gets smaller, not broken
			}
		}
		add(st, s.number())
	}
	for _, fact := range s.doc.Facts {
		add(s.style(regular, textSize, ink), s.say("paper.fact", map[string]any{"Label": fact.Label, "Value": fact.Value}))
	}
	if s.doc.Address != "" {
		add(s.style(regular, 9, faint), s.say("paper.scan", nil))
	}
	return columns
}

// code draws the QR code at the right, with its top at y.
func (s *sheet) code(y float64) error {
	if s.doc.Address == "" {
		return nil
	}
	if y+qrSide > s.bottom {
		s.newPage()
		y = s.y
	}
	if s.y < y+qrSide {
		s.y = y + qrSide
	}
	x := sheetWidth - margin - 6 - qrSide
	figure := s.root.add("Figure")
	figure.words = s.say("paper.qr", nil)
	figure.more = fmt.Sprintf(" /A << /O /Layout /BBox [%s %s %s %s] >>", points(x), points(sheetHeight-y-qrSide), points(x+qrSide), points(sheetHeight-y))
	s.page().links = append(s.page().links, link{x, y, qrSide, qrSide, s.doc.Address, figure.words})
	var err error
	s.page().mark(figure, func() { err = s.page().qrCode(x, y, qrSide, s.doc.Address) })
	return err
}

// signature leaves room for a signature at the right.
func (s *sheet) signature() {
	sign := s.doc.Signature
	words := strings.Join([]string{sign.Name, sign.Post, sign.Place}, "\n")
	c := s.column(s.root.add("P"), margin+textWidth-signWidth, signWidth, s.style(regular, 11, ink), words)
	const room = 62
	s.need(room + c.height())
	s.y += room
	s.page().decorate(func() { s.page().box(c.x, s.y, signWidth, 0.7, ink) })
	s.y += 3
	s.flow(c)
}

// footer is what stands at the foot of every page: where the paper can be checked.
func (s *sheet) footer(e *element) column {
	var lines []string
	if s.doc.Address != "" {
		lines = append(lines, s.say("paper.check", map[string]any{"Address": s.doc.Address}))
	}
	var last []string
	if s.doc.Hash != "" {
		last = append(last, s.say("paper.hash", map[string]any{"Hash": s.doc.Hash}))
	}
	if s.doc.Signature == nil {
		last = append(last, s.say("paper.machine", nil))
	}
	lines = append(lines, joined(last))
	return s.column(e, margin, textWidth-60, style{regular, footerSize, faint}, strings.Join(lines, "\n"))
}

// foot draws the foot of a page.
func (s *sheet) foot(i int) {
	p := s.pages[i]
	whole := s.pages
	s.pages = whole[:i+1] // what is drawn goes to the last page
	defer func() { s.pages = whole }()
	p.decorate(func() { p.box(margin, s.bottom+5, textWidth, 0.5, hair) })
	var e *element
	if i == 0 {
		e = s.root.add("P") // said once
	}
	c := s.footer(e)
	s.draw(c, 0, len(c.lines), s.bottom+9)
	number := s.column(nil, 0, textWidth, c.style, s.say("paper.page", map[string]any{"Page": i + 1, "Pages": len(whole)}))
	if len(number.lines) > 0 {
		number.x = margin + textWidth - float64(number.lines[0].width(s.fonts.setter, regular))*number.style.size/unitsPerEm
	}
	s.draw(number, 0, 1, s.bottom+9)
}

// joined puts what there is of several short texts into one line.
func joined(parts []string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, " · ")
}
