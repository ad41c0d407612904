package match

import (
	_ "embed" // words.tsv
	"strings"

	"nagrik/bot/hindi"
)

// word is a word of a description. One that is in words.tsv is known by what it means, so that काला and "black" are the
// same; all others by how they sound.
type word struct {
	class, meaning string // of words.tsv; "" for others
	text           string // folded
}

// wordWeights say how much it says that both descriptions have a word of a class, and that they have words of the class with
// different meanings, as two colours.
var wordWeights = map[string]struct{ agree, differ float64 }{
	"colour":   {1.2, -1.2},
	"brand":    {1.8, -5},
	"sort":     {1.0, -3},
	"material": {1.0, -1},
	"mark":     {1.6, -0.3},
	"side":     {0.5, -0.8},
	"part":     {0.9, -0.5},
	"damage":   {0.8, 0},
	"model":    {3.0, -2.5}, // with a figure in it: A15, 125
	"":         {1.8, 0},
}

// The classes of words that say nothing of what something looks like.
const (
	out    = "out"
	title  = "title"  // before names
	spot   = "spot"   // of places: every town has a station
	called = "called" // before the name that somebody says
	no     = "no"
)

//go:embed words.tsv
var wordsFile string

// known are the words of words.tsv, by their key.
var known = func() map[string][]word {
	byKey := map[string][]word{}
	for line := range strings.Lines(wordsFile) {
		parts := strings.Split(strings.TrimSpace(line), "\t")
		if len(parts) != 3 {
			continue // a comment
		}
		for form := range strings.SplitSeq(parts[2], ",") {
			w := word{parts[0], parts[1], hindi.Fold(form)}
			key := hindi.Key(w.text)
			byKey[key] = append(byKey[key], w)
		}
	}
	return byKey
}()

// sameWord is from which likeness two words are the same, and sameUnknown if neither is in words.tsv.
const (
	sameWord    = 0.86
	sameUnknown = 0.8
)

// understand takes a description apart. Each meaning is there once.
func understand(text string) []word {
	var list []word
	seen := map[string]bool{}
	for w := range strings.FieldsSeq(hindi.Fold(text)) {
		found := lookUp(w)
		id := found.class + " " + found.meaning
		if found.meaning == "" {
			id = " " + w
		}
		if found.class == out || found.class == called || seen[id] || len([]rune(w)) < 2 && found.class != "model" {
			continue
		}
		seen[id] = true
		list = append(list, found)
	}
	return list
}

func lookUp(w string) word {
	if strings.ContainsAny(w, "0123456789") {
		return word{class: "model", text: w}
	}
	best, likeness := word{text: w}, sameWord
	for _, k := range known[hindi.Key(w)] {
		if k.text == w {
			return k
		}
		if s := hindi.Similar(k.text, w); s >= likeness {
			best, likeness = word{k.class, k.meaning, w}, s
		}
	}
	return best
}

// same says whether two words are the same.
func (w word) same(o word) bool {
	switch {
	case w.class != o.class:
		return false
	case w.meaning != "" || o.meaning != "":
		return w.meaning == o.meaning
	case w.class == "model":
		return sameModel(w.text, o.text)
	}
	return w.text == o.text || hindi.Similar(w.text, o.text) >= sameUnknown
}

// sameModel compares words with figures in them: A15 and ए15 are the same, 9 and 9A are not.
func sameModel(a, b string) bool {
	letters := func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r
		}
		return -1
	}
	figures := func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}
	if strings.Map(figures, a) != strings.Map(figures, b) {
		return false
	}
	x, y := strings.Map(letters, a), strings.Map(letters, b)
	return x == y || len(a) != len([]rune(a)) || len(b) != len([]rune(b)) // in the other script letters are spelled out
}

// compare tells how alike two descriptions are, and whether they agree in anything.
func compare(a, b []word) (points float64, agree bool) {
	if len(a) == 0 || len(b) == 0 {
		return 0, false
	}
	told := map[string][2]bool{} // by class: on both sides
	met := map[string]bool{}
	matched := 0
	for _, x := range a {
		told[x.class] = [2]bool{true, told[x.class][1]}
		for _, y := range b {
			if x.same(y) {
				matched++
				met[x.class] = true
				points += wordWeights[x.class].agree
				break
			}
		}
	}
	for _, y := range b {
		told[y.class] = [2]bool{told[y.class][0], true}
	}
	for class, sides := range told {
		if sides[0] && sides[1] && !met[class] {
			points += wordWeights[class].differ
		}
	}
	return min(points, mostWords), matched > 0 && points > 0
}

// mostWords is what words may say at most: they are told to be found by, and many people tell the same.
const mostWords = 8
