package hindi

import (
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

// appendFold is Fold into a buffer of the caller. A space that is due is written before the next letter, so there is
// never one at either end.
func appendFold(dst []byte, s string) []byte {
	if !plain(s) {
		s = norm.NFKC.String(s)
	}
	start := len(dst)
	space := false
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
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r == '’' && insideWord(s, i) {
			continue
		}
		r, keep := foldRune(r)
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
		}
		space = false
		dst = utf8.AppendRune(dst, r)
		if nasal := homorganic(dst, start); nasal > 0 {
			dst = utf8.AppendRune(dst[:nasal], anusvara)
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

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
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if (r < 0x0900 || r > 0x097F) && (r < 0x2000 || r > 0x206F) && r != '₹' {
			return false
		}
	}
	return true
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

// homorganic finds, at the end of b, a nasal letter with virama before a stop of its own row (न्ध, म्ब, ण्ट) and returns
// where the nasal begins, or 0. Such a nasal is the same sound as an anusvara, and people write either.
func homorganic(b []byte, start int) int {
	const size = 3 // every Devanagari letter takes three bytes
	if len(b)-start < 3*size {
		return 0
	}
	at := len(b) - 3*size
	if b[at] != 0xE0 || b[at+size] != 0xE0 || b[at+2*size] != 0xE0 {
		return 0
	}
	n, _ := utf8.DecodeRune(b[at:])
	v, _ := utf8.DecodeRune(b[at+size:])
	c, _ := utf8.DecodeRune(b[at+2*size:])
	if v != virama || at == start {
		return 0
	}
	same := n == 'ङ' && 'क' <= c && c <= 'घ' || n == 'ञ' && 'च' <= c && c <= 'झ' || n == 'ण' && 'ट' <= c && c <= 'ढ' ||
		n == 'न' && 'त' <= c && c <= 'ध' || n == 'म' && 'प' <= c && c <= 'भ'
	if !same {
		return 0
	}
	return at
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
