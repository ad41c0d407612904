package hindi

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings text to the form in which everything else compares it: composed, lower case, Devanagari digits as Latin
// ones, without nukta, every nasal sign written as anusvara (गाँधी and गान्धी are गांधी), punctuation and symbols as
// spaces, invisible characters gone, single spaces. Fold of a folded text is the same text.
func Fold(s string) string {
	return string(appendFold(make([]byte, 0, len(s)+8), s))
}

// appendFold is Fold into a buffer of the caller.
func appendFold(dst []byte, s string) []byte {
	if plain(s) {
		return appendFolded(dst, s)
	}
	start := len(dst)
	dst = appendFolded(dst, norm.NFKC.String(s))
	// Where something vanished, a letter and its accent may now touch.
	return norm.NFKC.Append(dst[:start], slices.Clone(dst[start:])...)
}

// appendFolded folds composed text. A space that is due is written before the next letter, so there is never one at either
// end.
func appendFolded(dst []byte, s string) []byte {
	start := len(dst)
	space := false
	var last, last2 rune // the letters before
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			case 'A' <= c && c <= 'Z':
				c += 'a' - 'A'
			case c == '\'' && insideWord(s, i):
				continue // don't, o'clock
			default:
				space = true
				continue
			}
			if space && len(dst) > start {
				dst = append(dst, ' ')
			}
			space = false
			dst = append(dst, c)
			last, last2 = rune(c), last
			continue
		}
		var r rune
		var size int
		var keep bool
		if devanagariAt(s, i) { // Devanagari, the hot path
			r, size = devanagari[(s[i+1]&1)<<6|s[i+2]&0x3F], 3
			keep = r != 0
		} else {
			r, size = utf8.DecodeRuneInString(s[i:])
			if r == '’' && insideWord(s, i+size) {
				i += size
				continue
			}
			r, keep = foldRune(r)
		}
		i += size
		if !keep {
			continue
		}
		if r == ' ' {
			space = true
			continue
		}
		if r == anusvara && len(dst) == start {
			continue // a sign with nothing to stand on
		}
		if space && len(dst) > start {
			dst = append(dst, ' ')
			last, last2 = ' ', ' '
		}
		space = false
		if last == virama && last2 != 0 && homorganic(last2, r) && len(dst) > start+6 {
			dst = utf8.AppendRune(dst[:len(dst)-6], anusvara) // a Devanagari letter takes three bytes
		}
		dst = utf8.AppendRune(dst, r)
		last, last2 = r, last
	}
	return dst
}

// devanagari is foldRune for its own block.
var devanagari = func() (table [128]rune) {
	for i := range table {
		if r, keep := foldRune(0x0900 + rune(i)); keep {
			table[i] = r
		}
	}
	return table
}()

const (
	anusvara = 'ं'
	virama   = '्'
	nukta    = '़'
)

// insideWord reports that an apostrophe at s[i-1] stands between two ASCII letters. (Between digits it is the foot
// sign of 5'4.)
func insideWord(s string, i int) bool {
	letter := func(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
	j := i - 2
	for j >= 0 && s[j] >= utf8.RuneSelf {
		j-- // step over the bytes of a ’ itself
	}
	return j >= 0 && i < len(s) && letter(s[j]) && letter(s[i])
}

// plain reports that s needs no normalisation beyond what foldRune does itself: ASCII, Devanagari, general punctuation.
// That is nearly every message, and checking is much cheaper than normalising.
func plain(s string) bool {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c < utf8.RuneSelf:
			i++
			continue
		case devanagariAt(s, i), c == 0xE2 && i+2 < len(s) && (s[i+1] == 0x80 || s[i+1] == 0x81):
			i += 3
			continue
		case strings.HasPrefix(s[i:], "₹"):
			i += len("₹")
			continue
		}
		return false
	}
	return true
}

// devanagariAt reports a letter U+0900 to U+097F, which takes three bytes.
func devanagariAt(s string, i int) bool {
	return s[i] == 0xE0 && i+2 < len(s) && (s[i+1] == 0xA4 || s[i+1] == 0xA5) && s[i+2]&0xC0 == 0x80
}

// foldRune is what one character becomes; keep is false for characters that vanish without leaving a space.
func foldRune(r rune) (folded rune, keep bool) {
	switch {
	case r == nukta || r == 'ऽ' || r == 'ॱ':
		return 0, false
	case '०' <= r && r <= '९':
		return r - '०' + '0', true
	case 0x0958 <= r && r <= 0x095F:
		return [...]rune{'क', 'ख', 'ग', 'ज', 'ड', 'ढ', 'फ', 'य'}[r-0x0958], true
	case 0x0900 <= r && r <= 0x0963 || 0x0971 <= r && r <= 0x097F:
		switch r {
		case 'ऩ':
			return 'न', true
		case 'ऱ':
			return 'र', true
		case 'ऴ', 'ळ':
			return 'ल', true
		case 'ँ', 'ऀ':
			return anusvara, true
		}
		return r, true
	case r == '।' || r == '॥' || r == '॰':
		return ' ', true
	case unicode.Is(unicode.Cf, r) || 0xFE00 <= r && r <= 0xFE0F || r == utf8.RuneError:
		return 0, false // zero-width and bidi controls, soft hyphen, BOM, variation selectors
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return unicode.ToLower(r), true
	case unicode.IsDigit(r):
		if d, ok := digit(r); ok {
			return d, true
		}
		return r, true
	}
	return ' ', true
}

// digit reads a decimal digit of the scripts met in India: Arabic, Bengali, Gurmukhi and their neighbours.
func digit(r rune) (rune, bool) {
	for _, zero := range [...]rune{'٠', '۰', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦'} {
		if zero <= r && r <= zero+9 {
			return r - zero + '0', true
		}
	}
	return 0, false
}

// homorganic reports a nasal letter before a stop of its own row (न्ध, म्ब, ण्ट). Such a nasal is the same sound as an anusvara,
// and people write either.
func homorganic(nasal, stop rune) bool {
	switch nasal {
	case 'ङ':
		return 'क' <= stop && stop <= 'घ'
	case 'ञ':
		return 'च' <= stop && stop <= 'झ'
	case 'ण':
		return 'ट' <= stop && stop <= 'ढ'
	case 'न':
		return 'त' <= stop && stop <= 'ध'
	case 'म':
		return 'प' <= stop && stop <= 'भ'
	}
	return false
}

// Digits turns ०-९ into 0-9 and changes nothing else.
func Digits(s string) string {
	if !strings.ContainsAny(s, "०१२३४५६७८९") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if '०' <= r && r <= '९' {
			return r - '०' + '0'
		}
		return r
	}, s)
}
