package hindi

import (
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a run of digits, a word, or one mark that carries meaning in dates and measures.
type token struct {
	kind  tokenKind
	text  string // digits in Latin without grouping commas; a folded word; or the mark
	sound string // of a word
	glued bool   // no space between it and the token before
}

type tokenKind byte

const (
	word tokenKind = iota
	digits
	mark
)

// maxTokens bounds the work on a long text: an answer that has not come to the point by then will not.
const maxTokens = 200

// scan cuts a text into tokens. Marks other than / - . : ' " + are treated as spaces.
func scan(s string) []token {
	if !plain(s) {
		s = norm.NFKC.String(s)
	}
	s = Digits(s)
	var ts []token
	glued := false
	for i := 0; i < len(s) && len(ts) < maxTokens; {
		c := s[i]
		if isDigit(c) {
			j := digitsEnd(s, i)
			ts = append(ts, token{kind: digits, text: withoutCommas(s[i:j]), glued: glued})
			i, glued = j, true
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		folded, keep := foldRune(r)
		switch {
		case c < utf8.RuneSelf && !asciiLetter(c), c >= utf8.RuneSelf && keep && folded == ' ':
			if m, ok := markOf(r); ok {
				ts = append(ts, token{kind: mark, text: m, glued: glued})
				glued = true
			} else {
				glued = false
			}
			i += size
			continue
		}
		j := i
		roman := c < utf8.RuneSelf
		for j < len(s) && !isDigit(s[j]) && (s[j] < utf8.RuneSelf) == roman {
			r, size := utf8.DecodeRuneInString(s[j:])
			if folded, keep := foldRune(r); roman && !asciiLetter(s[j]) || !roman && keep && folded == ' ' {
				break
			}
			j += size
		}
		if text := Fold(s[i:j]); text != "" {
			ts = append(ts, token{kind: word, text: text, sound: sound(text), glued: glued})
			glued = true
		}
		i = j
	}
	return ts
}

func isDigit(c byte) bool     { return '0' <= c && c <= '9' }
func asciiLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// digitsEnd is the end of a run of digits with grouping commas (1,20,000).
func digitsEnd(s string, i int) int {
	end := i
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	grouped := end
	for grouped < len(s) && s[grouped] == ',' {
		n := grouped + 1
		for n < len(s) && isDigit(s[n]) {
			n++
		}
		switch n - grouped - 1 {
		case 2:
			grouped = n
		case 3:
			grouped, end = n, n
		default:
			return end
		}
	}
	return end
}

func withoutCommas(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] != ',' {
			out = append(out, s[i])
		}
	}
	return string(out)
}

// markOf gives the mark that a character stands for: all dashes are -, all primes and quotes ' or ".
func markOf(r rune) (string, bool) {
	switch r {
	case '/', '\\':
		return "/", true
	case '-', '‐', '‑', '‒', '–', '—', '−':
		return "-", true
	case '.', ':', '+':
		return string(r), true
	case '\'', '’', '‘', '′', '`':
		return "'", true
	case '"', '”', '“', '″':
		return `"`, true
	}
	return "", false
}

// is reports that the token at i is that mark, with no space before it.
func is(ts []token, i int, m string) bool {
	return i < len(ts) && ts[i].kind == mark && ts[i].text == m
}

// whole reads the digits at i as a whole number of at most max digits.
func whole(ts []token, i, max int) (int, bool) {
	if i >= len(ts) || ts[i].kind != digits || len(ts[i].text) > max {
		return 0, false
	}
	n, err := strconv.Atoi(ts[i].text)
	return n, err == nil
}
