package paper

import (
	"regexp"
	"strings"
	"unicode"
)

const (
	margin      = 48.0
	textWidth   = sheetWidth - 2*margin
	labelWidth  = 142.0
	columnGap   = 14.0
	leading     = 1.42 // of the size: Devanagari has signs above and below its letters
	baseline    = 0.70 // of the leading, from the top of a line
	listIndent  = 16.0
	rowPadding  = 1.8
	sectionGap  = 12.0
	blankGap    = 5.0 // where a text has an empty line
	barWidth    = 3.0
	textSize    = 11.5
	tableSize   = 11.0
	footerSize  = 8.5
	continuedAt = 40.0 // top of the text on all pages but the first, below the line that names the paper
)

// fonts are the fonts that a paper uses so far.
type fonts struct {
	setter *setter
	faces  *[weights]typeface
	used   [weights]*usedFont
}

func (f *fonts) use(w weight) *usedFont {
	if f.used[w] == nil {
		f.used[w] = newUsedFont(&f.faces[w])
	}
	return f.used[w]
}

// sheet lays a paper out from top to bottom, on as many pages as it takes.
type sheet struct {
	press  *Press
	doc    *Document
	fonts  *fonts
	scale  float64
	root   *element
	pages  []*page
	y      float64 // where the next thing begins
	bottom float64 // where the footer begins
	boxed  bool    // a letter is not in the fonts
	bar    bool    // draw a bar beside what is set
}

func (s *sheet) page() *page { return s.pages[len(s.pages)-1] }

// style is a style in the paper's scale.
func (s *sheet) style(w weight, size float64, c rgb) style { return style{w, size * s.scale, c} }

// column is a text that was broken into lines.
type column struct {
	element *element
	x       float64
	style   style
	lines   []placed
}

// placed is a line and how far it is moved to the right.
type placed struct {
	line
	indent float64
}

func (c column) lead() float64 { return c.style.size * leading }

func (c column) height() float64 { return float64(len(c.lines)) * c.lead() }

// listItem is how an item of a list begins.
var listItem = regexp.MustCompile(`^(\d{1,2}[.)]|[•–-]) `)

// column breaks a text into the lines of a column.
func (s *sheet) column(e *element, x, width float64, st style, text string) column {
	c := column{element: e, x: x, style: st}
	if e != nil && s.doc.Lang != "hi" && strings.ContainsFunc(text, devanagari) {
		e.more += " /Lang (hi-IN)" // to be read aloud in Hindi
	}
	for paragraph := range strings.SplitSeq(clean(text), "\n") {
		paragraph = strings.TrimSpace(paragraph)
		item := listItem.FindString(paragraph)
		if item == "" {
			c.lines = append(c.lines, s.breakUp(paragraph, width, st, 0)...)
			continue
		}
		indent := listIndent * s.scale
		rest := s.breakUp(paragraph[len(item):], width-indent, st, indent)
		mark := s.breakUp(item, width, st, 0)
		if len(rest) == 0 {
			c.lines = append(c.lines, mark...)
			continue
		}
		// The mark and the words after it are one line with a wide blank between.
		first := append(line{}, mark[0].line...)
		blank := max(0, int(indent/st.size*unitsPerEm)-first.width(s.fonts.setter, st.weight)-s.fonts.setter.blank[st.weight].advance)
		last := &first[len(first)-1]
		last.glyphs = append([]glyph{}, last.glyphs...)
		last.glyphs[len(last.glyphs)-1].advance += blank
		last.width += blank
		c.lines = append(append(c.lines, placed{append(first, rest[0].line...), 0}), rest[1:]...)
	}
	return c
}

func (s *sheet) breakUp(text string, width float64, st style, indent float64) []placed {
	var lines []placed
	for _, l := range s.fonts.setter.lines(text, st.weight, int(width/st.size*unitsPerEm)) {
		for _, w := range l {
			s.boxed = s.boxed || w.boxed
		}
		lines = append(lines, placed{l, indent})
	}
	return lines
}

// draw draws some of a column's lines, the first one with its top at y.
func (s *sheet) draw(c column, from, to int, y float64) {
	if from >= min(to, len(c.lines)) {
		return
	}
	draw := func() {
		for i, l := range c.lines[from:min(to, len(c.lines))] {
			s.page().line(s.fonts, c.x+l.indent, y+(float64(i)+baseline)*c.lead(), c.style, l.line)
		}
	}
	if c.element == nil {
		s.page().decorate(draw)
		return
	}
	s.page().mark(c.element, draw)
}

// need begins a new page unless there is room for the given height.
func (s *sheet) need(height float64) {
	if s.y+height > s.bottom {
		s.newPage()
	}
}

// flow sets columns of one leading beside each other, over as many pages as it takes.
func (s *sheet) flow(columns ...column) {
	lines, lead := 0, columns[0].lead()
	for _, c := range columns {
		lines = max(lines, len(c.lines))
	}
	s.need(float64(min(lines, 3)) * lead)
	for done := 0; done < lines; {
		fits := min(int((s.bottom-s.y)/lead), lines-done)
		if fits == lines-done-1 && fits > 2 {
			fits-- // no line stands alone on the next page
		}
		if fits <= 0 {
			s.newPage()
			continue
		}
		if s.bar {
			s.page().decorate(func() { s.page().box(margin, s.y, barWidth, float64(fits)*lead, blue) })
		}
		for _, c := range columns {
			s.draw(c, done, done+fits, s.y)
		}
		s.y += float64(fits) * lead
		done += fits
	}
}

// section sets a heading, paragraphs and a table.
func (s *sheet) section(part Section) {
	s.y += sectionGap * s.scale
	if heading := clean(part.Heading); strings.TrimSpace(heading) != "" {
		c := s.column(s.root.add("H2"), margin, textWidth, s.style(bold, 12.5, blue), heading)
		s.need(c.height() + 3*textSize*s.scale*leading) // a heading stands with what it heads
		s.flow(c)
		s.y += 2 * s.scale
	}
	s.text(part)
	if len(part.Rows) > 0 {
		s.table(part.Rows)
	}
}

// text sets a section's paragraphs.
func (s *sheet) text(part Section) {
	x := margin
	if part.Weighty {
		x += barWidth + 9
	}
	s.bar = part.Weighty
	for i, block := range strings.Split(part.Text, "\n\n") {
		c := s.column(s.root.add("P"), x, margin+textWidth-x, s.style(regular, textSize, ink), block)
		if i > 0 && len(c.lines) > 0 {
			gap := blankGap * s.scale
			if s.bar && s.y+gap+3*c.lead() < s.bottom { // what follows stays on the page, and so does the bar
				s.page().decorate(func() { s.page().box(margin, s.y, barWidth, gap, blue) })
			}
			s.y += gap
		}
		s.flow(c)
	}
	s.bar = false
}

// table sets labels and values.
func (s *sheet) table(rows []Row) {
	table := s.root.add("Table")
	for _, r := range rows {
		row := table.add("TR")
		label := row.add("TH")
		label.more = " /A << /O /Table /Scope /Row >>"
		body := s.style(regular, tableSize, ink)
		columns := []column{
			s.column(label, margin, labelWidth-columnGap, style{body.weight, body.size, faint}, r.Label),
			s.column(row.add("TD"), margin+labelWidth, textWidth-labelWidth, body, r.Value),
		}
		s.need(float64(min(3, max(len(columns[0].lines), len(columns[1].lines))))*columns[0].lead() + 2*rowPadding)
		s.page().decorate(func() { s.page().box(margin, s.y, textWidth, 0.5, hair) })
		s.y += rowPadding * s.scale
		s.flow(columns...)
		s.y += rowPadding * s.scale
	}
	s.page().decorate(func() { s.page().box(margin, s.y, textWidth, 0.5, hair) })
}

func devanagari(r rune) bool { return unicode.Is(unicode.Devanagari, r) }
