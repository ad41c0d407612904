package bot

import (
	"strings"
	"unicode/utf8"
)

// Dialogs hold mostly Hindi, which UTF-8 writes with three bytes a letter. Packed, a letter of the
// Devanagari block (U+0900 to U+097F, exactly 128) is one byte from 0x80 on, ASCII stays as it is,
// and anything else is its UTF-8 behind packEscape and its length: the idea of SCSU (Unicode
// Technical Standard 6) in its smallest form.

const packEscape = 0x1b

// pack appends a string in its packed form.
func pack(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c < utf8.RuneSelf && c != packEscape:
			b = append(b, c)
			i++
		case c == 0xe0 && i+2 < len(s) && (s[i+1] == 0xa4 || s[i+1] == 0xa5) && s[i+2]&0xc0 == 0x80:
			b = append(b, 0x80|(s[i+1]&1)<<6|s[i+2]&0x3f)
			i += 3
		default: // another script, an escape, or no UTF-8 at all: kept byte for byte
			_, size := utf8.DecodeRuneInString(s[i:])
			b = append(append(b, packEscape, byte(size)), s[i:i+size]...)
			i += size
		}
	}
	return b
}

// unpack reads what pack wrote; ok is false for what it can't have written.
func unpack(packed string) (s string, ok bool) {
	plain := true
	for i := 0; i < len(packed); i++ {
		if packed[i] >= utf8.RuneSelf || packed[i] == packEscape {
			plain = false
			break
		}
	}
	if plain {
		return packed, true
	}
	var b strings.Builder
	b.Grow(3 * len(packed))
	for i := 0; i < len(packed); i++ {
		c := packed[i]
		switch {
		case c >= utf8.RuneSelf:
			b.Write([]byte{0xe0, 0xa4 | c>>6&1, 0x80 | c&0x3f})
		case c != packEscape:
			b.WriteByte(c)
		default:
			if i+1 >= len(packed) || packed[i+1] < 1 || packed[i+1] > utf8.UTFMax || i+2+int(packed[i+1]) > len(packed) {
				return "", false
			}
			size := int(packed[i+1])
			b.WriteString(packed[i+2 : i+2+size])
			i += 1 + size
		}
	}
	return b.String(), true
}
