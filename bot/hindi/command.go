package hindi

import (
	"bytes"
	_ "embed"
	"strings"
)

//go:embed commands.tsv
var commandsTSV string

var (
	commandWords = newLexicon(commandsTSV)
	commandNames = func() []string {
		names := make([]string, len(commandWords.bits))
		for name, bit := range commandWords.bits {
			names[bit] = name
		}
		return names
	}()
	commandFiller, commandEdit, commandNumber = commandWords.bit("filler"), commandWords.bit("edit"), commandWords.bit("number")
)

// longestCommand bounds, in bytes, what can be a command: beyond it a message is an answer or a story.
const longestCommand = 120

// Command reads a message that steers the dialog and is nothing else, in either script: "help", "menu", "back", "cancel",
// "restart", "skip", "status", "language", "emergency", "done", "submit", "edit" (the number is given by [EditNumber]), and "start" for a
// greeting. Small words (जी, कृपया, please) may stand around it. "बैग पीछे रह गया" is no command.
func Command(s string) (string, bool) {
	if len(s) > longestCommand {
		return "", false
	}
	var r room
	t := hear(s, &r)
	if len(t.ends) == 0 {
		return "", false
	}
	var mbuf [40]heard
	marks := commandWords.listen(mbuf[:0], &t)
	if len(marks) > 12 {
		return "", false
	}
	// The command is one phrase; what stands around it must be filler.
	for from := 0; from < len(marks); from++ {
		m := marks[from]
		if to := from + m.span; commandAfter(marks, to) {
			for bit, name := range commandNames {
				if bit != commandFiller && bit != commandNumber && bit != commandEdit && m.whole(commandWords, &t, from, bit) {
					return name, true
				}
			}
		}
		if !m.has(commandFiller) {
			break
		}
	}
	if _, ok := editNumber(t.sounds, marks); ok {
		return "edit", true
	}
	return "", false
}

// commandAfter reports that only filler follows from word i on.
func commandAfter(marks []heard, i int) bool {
	for ; i < len(marks); i++ {
		if !marks[i].has(commandFiller) {
			return false
		}
	}
	return true
}

// whole reports that the longest phrase at this word is of the class.
func (h heard) whole(l *lexicon, t *text, from, bit int) bool {
	if !h.has(bit) {
		return false
	}
	if h.span == 1 && l.spelled[string(t.word(from))].has(bit) {
		return true
	}
	start := 0
	for range from {
		start += bytes.IndexByte(t.sounds[start:], ' ') + 1
	}
	return l.longest(t.sounds[start:]).has(bit)
}

// longest is the class of the longest phrase at the beginning of text.
func (l *lexicon) longest(text []byte) set {
	var found set
	at := 0
	for j := 0; ; j++ {
		if j == len(text) || text[j] == ' ' {
			if w := l.nodes[at].whole; !w.empty() {
				found = w
			}
		}
		if j == len(text) {
			return found
		}
		k := letter(text[j])
		if k < 0 || l.nodes[at].next[k] == 0 {
			return found
		}
		at = int(l.nodes[at].next[k])
	}
}

// EditNumber reads which answer is to be changed: "बदलें 3", "badlo 3", "edit 3", "3 बदलना है", "तीन नंबर बदलो".
func EditNumber(s string) (int, bool) {
	if len(s) > longestCommand {
		return 0, false
	}
	var r room
	t := hear(s, &r)
	return editNumber(t.sounds, commandWords.listen(nil, &t))
}

// editNumber finds one word of changing and one number, and nothing else but filler.
func editNumber(text []byte, marks []heard) (int, bool) {
	number, edits := 0, 0
	words := strings.Split(string(text), " ")
	if len(words) != len(marks) {
		return 0, false
	}
	for i := 0; i < len(marks); {
		m := marks[i]
		switch n := smallNumber(words[i]); {
		case m.has(commandEdit):
			edits++
			i += m.span
			continue
		case n > 0 && number == 0:
			number = n
		case m.has(commandFiller), m.has(commandNumber):
		default:
			return 0, false
		}
		i++
	}
	return number, edits > 0 && number > 0
}

// smallNumber is 1 to 99 in digits or as a word that sounds like one.
func smallNumber(w string) int {
	if w != "" && isDigit(w[0]) {
		if len(w) > 2 {
			return 0
		}
		return atoi(w)
	}
	if n := numerals[w]; n.kind == unit {
		return int(n.value)
	}
	return 0
}
