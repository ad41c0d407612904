package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean takes out of a text what a database refuses (NUL, invalid UTF-8), what cannot be seen, and
// what turns the direction of the text around it. The joiners that Hindi and emoji need stay.
func clean(s string) string {
	s = strings.TrimSpace(s)
	if !dirty(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	before := ' '
	for _, r := range s {
		switch {
		case r == '\u2028' || r == '\u2029':
			r = '\n'
		case r == zwj || r == zwnj:
			if before < '\u0900' || before == zwj || before == zwnj || unicode.IsSpace(before) {
				continue // joins nothing
			}
		case hidden(r):
			continue
		}
		b.WriteRune(r)
		before = r
	}
	return strings.TrimSpace(b.String())
}

const (
	zwnj = '\u200c'
	zwj  = '\u200d'
)

// dirty says whether clean has anything to do; nearly no text needs it.
func dirty(s string) bool {
	if !utf8.ValidString(s) {
		return true
	}
	for _, r := range s {
		if r == zwj || r == zwnj || r == '\u2028' || r == '\u2029' || hidden(r) {
			return true
		}
	}
	return false
}

// hidden says whether a letter shows nothing: controls, direction marks, zero-width letters, tags,
// and the mark that decoders leave for bytes that are no letter.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x80:
		return r < ' ' || r == 0x7f
	case r <= 0x9f, r == 0xad, r == 0x61c, r == 0x115f, r == 0x1160, r == 0x180e, r == 0x3164, r == 0xfeff, r == 0xfffd:
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r >= 0xfff9 && r <= 0xfffb:
		return true
	}
	return r >= 0xe0000 && r <= 0xe0fff
}
