package paper

import (
	"strings"
	"unicode"

	"github.com/go-text/typesetting/font"
	"golang.org/x/text/unicode/norm"
)

// clean leaves of a text what can stand on paper: no control characters and none that turn the
// direction of what follows. All else stays, so that what is copied out of the paper is what was said.
func clean(text string) string {
	text = strings.ToValidUTF8(text, string(unicode.ReplacementChar))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return -1
		}
		return r
	}, text)
}

// drawn gives the letters to draw for a character: itself if the font has it, the plain letters that
// it is a fancy form of (𝐑 for R, ① for 1), nothing for emoji and signs without a shape of their own,
// and else itself, for which the font then draws an empty box.
func drawn(f *font.Font, r rune) (letters []rune, boxed bool) {
	if _, ok := f.NominalGlyph(r); ok {
		return []rune{r}, false
	}
	plain := []rune(norm.NFKC.String(string(r)))
	has := true
	for _, p := range plain {
		if _, ok := f.NominalGlyph(p); !ok {
			has = false
		}
	}
	switch {
	case has:
		return plain, false
	case isPicture(r):
		return nil, false
	}
	return []rune{r}, true
}

// isPicture tells emoji, other symbols, and what only changes the look of its neighbours.
func isPicture(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Sk, unicode.Sm, unicode.Cf, unicode.Me, unicode.Variation_Selector) ||
		r >= 0x1F000 && r <= 0x1FAFF
}

// visible says whether anything of a text is drawn.
func visible(f *font.Font, text string) bool {
	for _, r := range clean(text) {
		if letters, _ := drawn(f, r); len(letters) > 0 && !unicode.IsSpace(r) {
			return true
		}
	}
	return false
}
