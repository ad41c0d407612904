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
	seen := []rune(strings.Map(visible, s))
	var b strings.Builder
	for i, r := range seen {
		before, after := at(seen, i-1), at(seen, i+1)
		if r == '\n' {
			b.WriteString("\n    ") // a line of the text is not to be taken for one of ours
			continue
		}
		b.WriteRune(r)
		if r == '/' || r == '@' || r == '#' || r == '$' && unicode.IsLetter(after) || r == '.' && inWord(before) && inWord(after) {
			b.WriteRune(joiner)
		}
	}
	return strings.TrimSpace(b.String())
}

// visible drops what cannot be seen, except the two joiners that Hindi is written with.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\u200c' || r == '\u200d':
		return r
	case r == '\t' || unicode.In(r, unicode.Zl, unicode.Zp):
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
		return -1
	}
	return r
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
