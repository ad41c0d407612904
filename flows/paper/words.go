package paper

import (
	"strings"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// glyph is a shape of the font in its place in a word. Lengths are in thousandths of the font's size.
type glyph struct {
	id      uint16
	text    string // what it stands for; of several glyphs that stand for one text, the first has it
	advance int    // to where the next glyph begins
	dx, dy  int    // from where it begins to where it is drawn
}

// word is a text without blanks, in the shapes that its letters take beside each other.
type word struct {
	glyphs []glyph
	width  int // in thousandths of the font's size
	boxed  bool
}

// text is what the word says: the texts of its glyphs together.
func (w word) text() string {
	var b strings.Builder
	for _, g := range w.glyphs {
		b.WriteString(g.text)
	}
	return b.String()
}

// setter turns texts into lines. It is not for two goroutines: a font.Face is not.
type setter struct {
	faces  [weights]*font.Face
	shaper shaping.HarfbuzzShaper
	blank  [weights]glyph
	words  map[wordKey]word // those of the paper in hand
}

type wordKey struct {
	text   string
	weight weight
}

func newSetter(faces *[weights]typeface) *setter {
	s := &setter{words: make(map[wordKey]word)}
	for w := range faces {
		s.faces[w] = font.NewFace(faces[w].font)
		id, _ := s.faces[w].NominalGlyph(' ')
		s.blank[w] = glyph{id: uint16(id), text: " ", advance: int(s.faces[w].HorizontalAdvance(id))}
	}
	return s
}

// forget leaves nothing of a paper behind.
func (s *setter) forget() { clear(s.words) }

// word shapes one word, which is clean.
func (s *setter) word(text string, w weight) word {
	key := wordKey{text, w}
	shaped, ok := s.words[key]
	if !ok {
		shaped = s.shape(text, w)
		s.words[key] = shaped
	}
	return shaped
}

func (s *setter) shape(text string, w weight) word {
	var letters []rune
	var of []string // the text that each letter stands for, "" if it is told by another one
	lead := ""      // text before the first letter that is drawn
	var out word
	for _, r := range text {
		draw, boxed := drawn(s.faces[w].Font, r)
		out.boxed = out.boxed || boxed
		switch {
		case len(draw) > 0:
			letters = append(letters, draw...)
			of = append(append(of, lead+string(r)), make([]string, len(draw)-1)...)
			lead = ""
		case len(of) > 0:
			of[len(of)-1] += string(r)
		default:
			lead += string(r)
		}
	}
	if len(letters) == 0 { // nothing to be seen, but it can be read aloud
		g := s.blank[w]
		g.text, g.advance = text, 0
		return word{glyphs: []glyph{g}}
	}
	for _, run := range scriptRuns(letters) {
		run.Face, run.Size, run.Direction, run.Language = s.faces[w], fixed.I(unitsPerEm), di.DirectionLTR, "hi"
		glyphs := s.shaper.ShapeNoExtents(run).Glyphs
		for i, g := range glyphs {
			shaped := glyph{id: uint16(g.GlyphID), advance: g.Advance.Round(), dx: g.XOffset.Round(), dy: g.YOffset.Round()}
			if i == 0 || g.TextIndex() != glyphs[i-1].TextIndex() {
				shaped.text = strings.Join(of[g.TextIndex():g.TextIndex()+g.RunesCount()], "")
			}
			out.glyphs = append(out.glyphs, shaped)
			out.width += shaped.advance
		}
	}
	return out
}

// scriptRuns splits letters where Devanagari begins and ends, because it is shaped by rules of its own.
// Digits and punctuation go with what stands before them.
func scriptRuns(letters []rune) []shaping.Input {
	var runs []shaping.Input
	for i, r := range letters {
		script := language.LookupScript(r)
		neutral := script == language.Common || script == language.Inherited
		if script != language.Devanagari && !neutral {
			script = language.Latin
		}
		if n := len(runs); n > 0 && (neutral || runs[n-1].Script == script) {
			runs[n-1].RunEnd = i + 1
			continue
		}
		if neutral {
			script = language.Latin
		}
		runs = append(runs, shaping.Input{Text: letters, RunStart: i, RunEnd: i + 1, Script: script})
	}
	return runs
}

// line is words that stand beside each other.
type line []word

func (l line) width(s *setter, w weight) int {
	width := max(0, len(l)-1) * s.blank[w].advance
	for _, word := range l {
		width += word.width
	}
	return width
}

// lines breaks a text, which is one paragraph, into lines of at most the given width, in thousandths
// of the font's size. A text of nothing has no lines.
func (s *setter) lines(text string, w weight, width int) []line {
	var lines []line
	var current line
	used := 0
	for field := range strings.FieldsFuncSeq(text, unicode.IsSpace) {
		for _, part := range fit(s.word(field, w), width) {
			needed := part.width
			if len(current) > 0 {
				needed += s.blank[w].advance
			}
			if len(current) > 0 && used+needed > width {
				lines = append(lines, current)
				current, used, needed = nil, 0, part.width
			}
			current = append(current, part)
			used += needed
		}
	}
	if len(current) > 0 {
		lines = append(lines, current)
	}
	return lines
}

// fit breaks a word that is wider than a line between its syllables.
func fit(w word, width int) []word {
	if w.width <= width {
		return []word{w}
	}
	var parts []word
	part := word{boxed: w.boxed}
	for start := 0; start < len(w.glyphs); {
		end := start + 1
		advance := w.glyphs[start].advance
		for end < len(w.glyphs) && w.glyphs[end].text == "" {
			advance += w.glyphs[end].advance
			end++
		}
		if len(part.glyphs) > 0 && part.width+advance > width {
			parts = append(parts, part)
			part = word{boxed: w.boxed}
		}
		part.glyphs = append(part.glyphs, w.glyphs[start:end]...)
		part.width += advance
		start = end
	}
	return append(parts, part)
}
