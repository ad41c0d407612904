package hindi

import (
	"strings"
	"unicode/utf8"
)

// Key is a phonetic key of the name of a place or person: its consonants in order, aspirates, nasals before consonants and
// easily confused letters folded, words joined. गाँधी मैदान, गान्धी मैदान and "gandi maidan" are all "gndmdn"; फुलवारीशरीफ and "fulwari
// sareef" are "plbrsrp". Names of the same key are spelled alike; ranking them is the work of [Similar] and [Names].
func Key(name string) string {
	var buf [96]byte
	var key []byte
	for w := range strings.SplitSeq(Fold(name), " ") {
		key = appendKey(key, spoken(buf[:0], w))
	}
	return string(key)
}

// spoken is the full sound of one folded word of a name, every vowel kept.
func spoken(dst []byte, w string) []byte {
	if w == "" {
		return dst
	}
	if w[0] < utf8.RuneSelf {
		dst, _ = voice(dst, []byte(w))
		return dst
	}
	var latin [96]byte
	dst, _ = voice(dst, appendLatin(latin[:0], []byte(w), true))
	return dst
}

// appendKey appends the consonants of a spoken word.
func appendKey(key, w []byte) []byte {
	start := len(key)
	for i, c := range w {
		switch c {
		case 'a', 'e', 'i', 'o', 'u':
			if i > 0 || start > 0 {
				continue
			}
			switch c {
			case 'e':
				c = 'i'
			case 'o':
				c = 'u'
			}
		case 'y':
			if i > 0 {
				continue
			}
		case 'h':
			if i == len(w)-1 {
				continue
			}
		case 'K', 'G', 'T', 'D', 'B', 'J':
			c |= 0x20
		case 'f':
			c = 'p'
		case 'v':
			c = 'b'
		}
		if len(key) > 0 && key[len(key)-1] == c {
			continue
		}
		key = append(key, c)
	}
	return key
}

// Similar tells how alike two names sound, 0 to 1: 1 for the same name in either script and common spelling. The order of
// words counts little (राजेश कुमार, Kumar Rajesh), a word too many or too few more.
func Similar(a, b string) float64 {
	wa, wb := nameWords(a), nameWords(b)
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	best := likeness([]byte(strings.Join(wa, "")), []byte(strings.Join(wb, "")))
	if len(wa) == 1 && len(wb) == 1 || len(wa) > 8 || len(wb) > 8 {
		return best
	}
	var sum, weight float64
	for _, side := range [2][2][]string{{wa, wb}, {wb, wa}} {
		for _, x := range side[0] {
			top := 0.0
			for _, y := range side[1] {
				top = max(top, likeness([]byte(x), []byte(y)))
			}
			if top < 0.7 {
				top = 0 // different words
			}
			w := float64(len(x))
			sum, weight = sum+top*w, weight+w
		}
	}
	return max(best, 0.97*sum/weight)
}

// nameWords are the spoken words of a name.
func nameWords(name string) []string {
	var words []string
	var buf [96]byte
	for w := range strings.SplitSeq(Fold(name), " ") {
		if w != "" {
			words = append(words, string(spoken(buf[:0], w)))
		}
	}
	return words
}

// likeness compares two spoken names by their weighted edit distance, 0 to 1.
func likeness(a, b []byte) float64 {
	if string(a) == string(b) {
		return 1
	}
	longest := max(weightOf(a), weightOf(b))
	if longest == 0 {
		return 0
	}
	return max(0, 1-distance(a, b)/longest)
}

func weightOf(w []byte) float64 {
	sum := 0.0
	for i := range w {
		sum += loss(w, i)
	}
	return sum
}

// loss is the cost of leaving out the letter w[i]: little for a vowel, an h or a y, a full letter for a consonant.
func loss(w []byte, i int) float64 {
	switch w[i] {
	case 'a':
		return 0.25
	case 'e', 'i', 'o', 'u':
		return 0.4
	case 'h', 'y':
		return 0.5
	case 'n', 'm':
		if i+1 < len(w) && !isVowel(w[i+1]) || i+1 == len(w) {
			return 0.6 // a nasal, easily left out
		}
	}
	return 1
}

// confusion is the cost of one letter written for another.
func confusion(x, y byte) float64 {
	if x == y {
		return 0
	}
	if x > y {
		x, y = y, x
	}
	if isVowel(x) && isVowel(y) {
		if x == 'e' && y == 'i' || x == 'o' && y == 'u' {
			return 0.15
		}
		return 0.35
	}
	if isVowel(x) != isVowel(y) {
		switch {
		case y == 'y' && (x == 'i' || x == 'e'), y == 'v' && (x == 'o' || x == 'u'):
			return 0.2
		}
		return 1.2
	}
	switch string([]byte{x, y}) {
	case "Kk", "Gg", "Tt", "Dd", "Bb", "Jj":
		return 0.1
	case "bv", "kq", "mn", "fp", "lr":
		if x == 'l' {
			return 0.6
		}
		return 0.25
	case "dr", "Dr", "td", "dt", "TD", "DT", "js", "cs", "nl", "ln", "gk", "bp":
		if x == 'd' && y == 'r' || x == 'D' {
			return 0.3
		}
		return 0.6
	}
	return 1
}

// distance is the cost of turning one spoken name into the other: letters lost, gained, confused, or two swapped.
func distance(a, b []byte) float64 {
	const most = 48
	a, b = a[:min(len(a), most)], b[:min(len(b), most)]
	var rows [3][most + 1]float64
	prev2, prev, row := &rows[0], &rows[1], &rows[2]
	for j := range b {
		prev[j+1] = prev[j] + loss(b, j)
	}
	for i := range a {
		lost := loss(a, i)
		row[0] = prev[0] + lost
		for j := range b {
			d := min(prev[j]+confusion(a[i], b[j]), prev[j+1]+lost, row[j]+loss(b, j))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] && a[i] != a[i-1] {
				d = min(d, prev2[j-1]+0.6)
			}
			row[j+1] = d
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}
