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
	return max(0, 1-float64(distance(a, b, 0.5*longest)/longest))
}

func weightOf(w []byte) float32 {
	var sum float32
	for i := range w {
		sum += loss(w, i)
	}
	return sum
}

// loss is the cost of leaving out the letter w[i]: little for a vowel, an h or a y, a full letter for a consonant.
func loss(w []byte, i int) float32 {
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

// confusion is the cost of one letter written for another: little for vowels and for letters that sound or look alike in
// one of the scripts, a full letter otherwise.
var confusion = func() (cost [128][128]float32) {
	for x := range cost {
		for y := range cost[x] {
			cx, cy := byte(x), byte(y)
			switch {
			case x == y:
			case isVowel(cx) && isVowel(cy):
				cost[x][y] = 0.35
			case isVowel(cx) != isVowel(cy):
				cost[x][y] = 1.2
			default:
				cost[x][y] = 1
			}
		}
	}
	for pairs, c := range map[string]float32{
		"ei ou":                            0.15,
		"iy ey ov uv":                      0.2,
		"Kk Gg Tt Dd Bb Jj":                0.1,
		"bv mn fp":                         0.25,
		"dr Dr":                            0.3,
		"cs":                               0.4,
		"dt DT Td tD js nl gk bp lr ck cj": 0.6,
	} {
		for pair := range strings.FieldsSeq(pairs) {
			cost[pair[0]][pair[1]], cost[pair[1]][pair[0]] = c, c
		}
	}
	return cost
}()

const mostLetters = 48

// distance is the cost of turning one spoken name into the other: letters lost, gained, confused, or two swapped. Beyond
// enough it stops counting.
func distance(a, b []byte, enough float32) float32 {
	a, b = a[:min(len(a), mostLetters)], b[:min(len(b), mostLetters)]
	var rows [3][mostLetters + 1]float32
	var gained [mostLetters]float32
	prev2, prev, row := &rows[0], &rows[1], &rows[2]
	for j := range b {
		gained[j] = loss(b, j)
		prev[j+1] = prev[j] + gained[j]
	}
	for i := range a {
		lost := loss(a, i)
		costs := &confusion[a[i]&127]
		row[0] = prev[0] + lost
		least := row[0]
		for j := range b {
			d := min(prev[j]+costs[b[j]&127], prev[j+1]+lost, row[j]+gained[j])
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] && a[i] != a[i-1] {
				d = min(d, prev2[j-1]+0.6)
			}
			row[j+1] = d
			least = min(least, d)
		}
		if least > enough+0.6 {
			return least
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}

// typing compares two names of one script letter by letter, 0 to 1: what a slip of the finger changes, whatever it sounds.
func typing(a, b []rune) float64 {
	a, b = a[:min(len(a), mostLetters)], b[:min(len(b), mostLetters)]
	longest := max(len(a), len(b))
	if longest == 0 {
		return 0
	}
	var rows [3][mostLetters + 1]int
	prev2, prev, row := &rows[0], &rows[1], &rows[2]
	for j := range b {
		prev[j+1] = j + 1
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			d := prev[j]
			if a[i] != b[j] {
				d = 1 + min(d, prev[j+1], row[j])
				if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
					d = min(d, prev2[j-1]+1)
				}
			}
			row[j+1] = d
		}
		prev2, prev, row = prev, row, prev2
	}
	return 1 - float64(prev[len(b)])/float64(longest)
}
