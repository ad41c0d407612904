package hindi

import (
	"fmt"
	"strings"
)

// set is a set of the word classes of one lexicon.
type set [2]uint64

func (s set) has(bit int) bool { return s[bit>>6]&(1<<(bit&63)) != 0 }
func (s *set) add(bit int)     { s[bit>>6] |= 1 << (bit & 63) }
func (s *set) join(t set)      { s[0] |= t[0]; s[1] |= t[1] }
func (s set) meets(t set) bool { return s[0]&t[0]|s[1]&t[1] != 0 }
func (s set) empty() bool      { return s[0]|s[1] == 0 }

// lexicon finds the words and phrases of a word list in a text by their sound. It is a trie over sounds in which a
// space is a letter like others, so a phrase costs no more than a word.
type lexicon struct {
	bits    map[string]int
	nodes   []node
	spelled map[string]set  // words that count only as they are spelled
	silent  map[string]bool // words that sound like a listed one and are another
}

type node struct {
	next  [letters]uint16
	whole set // classes of the word or phrase that ends here
	begin set // classes of everything that begins so
}

// letters of a sound: a-z, the aspirates, digits, space.
const letters = 26 + 6 + 10 + 1

func letter(c byte) int {
	switch {
	case 'a' <= c && c <= 'z':
		return int(c - 'a')
	case '0' <= c && c <= '9':
		return 32 + int(c-'0')
	}
	switch c {
	case 'K':
		return 26
	case 'G':
		return 27
	case 'T':
		return 28
	case 'D':
		return 29
	case 'B':
		return 30
	case 'J':
		return 31
	case ' ':
		return 42
	}
	return -1
}

// newLexicon reads a word list. A line is a class, a tab, and its words and phrases separated by commas; a class may
// have several lines. A star after a stem stands for any ending: चोर* . A word with = before it counts only as it is spelled, for
// words that sound like a common other one: =कार (कर), =गाली (गली); with ! before it it never counts: !चौरी (चोरी). Lines that start with # are remarks.
// The list is part of the program, so a mistake in it is a mistake of the programmer.
func newLexicon(tsv string) *lexicon {
	l := &lexicon{bits: map[string]int{}, nodes: make([]node, 1), spelled: map[string]set{}, silent: map[string]bool{}}
	for line := range strings.Lines(tsv) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		class, words, ok := strings.Cut(line, "\t")
		if !ok {
			broken("word list line without tab: " + line)
		}
		bit, known := l.bits[class]
		if !known {
			bit = len(l.bits)
			l.bits[class] = bit
		}
		for word := range strings.SplitSeq(words, ",") {
			word = strings.TrimSpace(word)
			if exact, ok := strings.CutPrefix(word, "="); ok {
				classes := l.spelled[Fold(exact)]
				classes.add(bit)
				l.spelled[Fold(exact)] = classes
			} else if not, ok := strings.CutPrefix(word, "!"); ok {
				l.silent[Fold(not)] = true
			} else if word != "" {
				l.add(word, bit)
			}
		}
	}
	if len(l.bits) > 128 {
		broken(fmt.Sprintf("%d word classes, room for 128", len(l.bits)))
	}
	return l
}

// add files a word or phrase under all ways it can be heard.
func (l *lexicon) add(phrase string, bit int) {
	stem, begins := strings.CutSuffix(phrase, "*")
	for _, variant := range variants(stem) {
		at := 0
		for _, c := range soundsOf(variant) {
			k := letter(c)
			if k < 0 {
				broken("word list entry with a foreign letter: " + phrase)
			}
			if l.nodes[at].next[k] == 0 {
				if len(l.nodes) > 65535 {
					broken("word list too long")
				}
				l.nodes[at].next[k] = uint16(len(l.nodes))
				l.nodes = append(l.nodes, node{})
			}
			at = int(l.nodes[at].next[k])
		}
		if begins {
			l.nodes[at].begin.add(bit)
		} else {
			l.nodes[at].whole.add(bit)
		}
	}
}

// variants of a listed phrase that Roman letters spell differently: ड़ as r or d, a final nasal written or not.
func variants(phrase string) []string {
	vs := []string{phrase}
	if n := strings.NewReplacer("ड़", "र", "ढ़", "र", "ड़", "र", "ढ़", "र").Replace(phrase); n != phrase {
		vs = append(vs, n)
	}
	for _, v := range vs {
		if n := strings.NewReplacer("ं ", "न ", "ँ ", "न ").Replace(v + " "); n != v+" " {
			vs = append(vs, strings.TrimSpace(n))
		}
	}
	return vs
}

// bit is the number of a class.
func (l *lexicon) bit(class string) int {
	b, ok := l.bits[class]
	if !ok {
		broken("no word class " + class)
	}
	return b
}

// classes is the set of several classes.
func (l *lexicon) classes(names ...string) set {
	var s set
	for _, n := range names {
		s.add(l.bit(n))
	}
	return s
}

// heard is what a lexicon knows about one word of a text.
type heard struct {
	set      // classes of the words and phrases that begin here
	span int // words in the longest of them; 1 when there is none
}

// listen appends to marks what is known about every word of a message.
func (l *lexicon) listen(marks []heard, t *text) []heard {
	first := len(marks)
	marks = l.mark(marks, t.sounds)
	if len(l.spelled)+len(l.silent) > 0 {
		for i := range t.ends {
			if l.silent[string(t.word(i))] {
				marks[first+i] = heard{span: 1}
			}
			if classes, ok := l.spelled[string(t.word(i))]; ok {
				marks[first+i].join(classes)
			}
		}
	}
	return marks
}

// mark appends to marks what is known about every word of a text of sounds.
func (l *lexicon) mark(marks []heard, text []byte) []heard {
	for i := 0; i < len(text); {
		h := heard{span: 1}
		at := 0
		for j, words := i, 1; ; j++ {
			n := &l.nodes[at]
			h.join(n.begin)
			if j == len(text) || text[j] == ' ' {
				if !n.whole.empty() {
					h.join(n.whole)
					h.span = words
				}
				words++
			}
			if j == len(text) {
				break
			}
			k := letter(text[j])
			if k < 0 || n.next[k] == 0 {
				break
			}
			at = int(n.next[k])
		}
		marks = append(marks, h)
		for i < len(text) && text[i] != ' ' {
			i++
		}
		i++
	}
	return marks
}

// knows reports that a single word, by its sound, is in a class.
func (l *lexicon) knows(sound, class string) bool {
	at := 0
	var found set
	for i := range len(sound) {
		k := letter(sound[i])
		if k < 0 || l.nodes[at].next[k] == 0 {
			return found.has(l.bit(class))
		}
		at = int(l.nodes[at].next[k])
		found.join(l.nodes[at].begin)
	}
	found.join(l.nodes[at].whole)
	return sound != "" && found.has(l.bit(class))
}

// broken stops a program whose embedded lists have a mistake, as regexp.MustCompile does: at its start, and in every test.
func broken(what string) {
	panic("hindi: " + what) //nolint:forbidigo // only embedded lists come here, before anything runs
}
