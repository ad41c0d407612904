package desk

import (
	"strings"
	"unicode"
)

// joiner is U+2060: it cannot be seen, and a command, mention or link ends at it.
const joiner = '\u2060'

// plain makes a citizen's text harmless in an officer's chat: apps turn "/word" into a command,
// "@name" into a mention and "a.b" into a link, and signs of direction or of no width make a text
// look like another. What can be seen of it stays as it was written.
func plain(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		before, after := at(runes, i-1), at(runes, i+1)
		switch {
		case r == '\n':
			b.WriteString("\n    ") // a line of the text is not to be taken for one of ours
		case r == '\t':
			b.WriteByte(' ')
		case r == '\u200c' || r == '\u200d': // Hindi is written with them
			b.WriteRune(r)
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp):
		case r == '/' || r == '@' || r == '#' || r == '$' && unicode.IsLetter(after):
			b.WriteRune(r)
			b.WriteRune(joiner)
		case r == '.' && inWord(before) && inWord(after):
			b.WriteRune(r)
			b.WriteRune(joiner)
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// inWord says whether a dot beside r may be inside the name of a host.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }

func at(runes []rune, i int) rune {
	if i < 0 || i >= len(runes) {
		return 0
	}
	return runes[i]
}

// line is plain for what is one line: a name, an address.
func line(s string) string { return plain(strings.Join(strings.Fields(s), " ")) }
