package hindi

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
)

//go:embed numbers.tsv
var numbersTSV string

// numeral is what one number word means.
type numeral struct {
	kind  numeralKind
	value float64
}

type numeralKind byte

const (
	unit     numeralKind = iota + 1 // 0 to 99
	times                           // सौ, हज़ार, लाख, करोड़
	fraction                        // सवा, साढ़े, पौने: added to what follows
	fixed                           // डेढ़, ढाई, आधा
)

var numerals = readNumerals(numbersTSV)

func readNumerals(tsv string) map[string]numeral {
	m := map[string]numeral{}
	for line := range strings.Lines(tsv) {
		value, words, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || value[0] == '#' {
			continue
		}
		n := numeral{kind: unit}
		switch value[0] {
		case 'x':
			n.kind, value = times, value[1:]
		case '+', '-':
			n.kind = fraction
		case '=':
			n.kind, value = fixed, value[1:]
		}
		var err error
		if n.value, err = strconv.ParseFloat(value, 64); err != nil {
			broken("number list: " + line)
		}
		for w := range strings.SplitSeq(words, ",") {
			for _, v := range variants(strings.TrimSpace(w)) {
				if k := sound(Fold(v)); m[k].kind == 0 {
					m[k] = n // the first meaning stands: साठ (60) before सात said loosely
				}
			}
		}
	}
	return m
}

// numeralAt is the meaning of the word at i as a number. "no" is the English word, though it sounds like नौ.
func numeralAt(ts []token, i int) numeral {
	if i >= len(ts) || ts[i].kind != word || ts[i].text == "no" {
		return numeral{}
	}
	return numerals[ts[i].sound]
}

// quantity reads a number that begins at token i, in digits, words or both ("2.5 लाख", "साढ़े तीन हज़ार", "एक सौ पच्चीस"), and
// returns it with the count of tokens it took, 0 if there is none.
func quantity(ts []token, i int) (value float64, n int) {
	var total, part float64
	var some, ones, fractional bool // something read; part ends in ones; part is 1.5, 2.5, 4.25...
	at := i
	for at < len(ts) {
		if ts[at].kind == digits {
			if ones || fractional || len(ts[at].text) > 12 || some && !afterTimes(ts, at) {
				break
			}
			text, took := ts[at].text, 1
			if is(ts, at+1, ".") && ts[at+1].glued && at+2 < len(ts) && ts[at+2].kind == digits && ts[at+2].glued &&
				(!is(ts, at+3, ".") || !ts[at+3].glued || at+4 >= len(ts) || ts[at+4].kind != digits) {
				text, took = text+"."+ts[at+2].text, 3
			}
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				break
			}
			part, some, ones, fractional = part+v, true, true, took == 3
			at += took
			continue
		}
		num := numeralAt(ts, at)
		switch num.kind {
		case unit:
			tens := ones && part >= 20 && math.Mod(part, 10) == 0 && num.value > 0 && num.value < 10 && math.Mod(part, 100) != 0
			if fractional || ones && !(tens && english(ts[at].text)) {
				return finish(total, part, some, at-i)
			}
			part, some, ones = part+num.value, true, true
		case fixed:
			if some {
				return finish(total, part, some, at-i)
			}
			part, some, ones, fractional = num.value, true, true, true
		case fraction:
			if ones || some && !afterTimes(ts, at) {
				return finish(total, part, some, at-i)
			}
			next := numeralAt(ts, at+1)
			v, isDigits := whole(ts, at+1, 6)
			switch {
			case next.kind == unit:
				part += next.value + num.value
				at++
			case isDigits:
				part += float64(v) + num.value
				at++
			case next.kind == times:
				part += 1 + num.value // सवा लाख, पौने सौ
			default:
				return finish(total, part, some, at-i)
			}
			some, ones, fractional = true, true, true
		case times:
			if !some {
				part = 1
			}
			if num.value == 100 {
				if part == 0 || part >= 100 {
					return finish(total, part, some, at-i)
				}
				part *= 100
			} else {
				if part == 0 || total > 0 && num.value > total {
					return finish(total, part, some, at-i)
				}
				total, part = total+part*num.value, 0
			}
			some, ones, fractional = true, false, false
		default:
			return finish(total, part, some, at-i)
		}
		at++
	}
	return finish(total, part, some, at-i)
}

func finish(total, part float64, some bool, n int) (float64, int) {
	if !some {
		return 0, 0
	}
	return math.Round((total+part)*10000) / 10000, n
}

func afterTimes(ts []token, i int) bool { return i > 0 && numeralAt(ts, i-1).kind == times }

// english tells the words that follow a ten ("twenty five"); in Hindi two numbers in a row are two numbers.
func english(w string) bool {
	switch w {
	case "one", "two", "three", "four", "five", "six", "seven", "eight", "nine":
		return true
	}
	return false
}

// wholeQuantity is quantity for numbers without a fraction.
func wholeQuantity(ts []token, i int) (value, n int) {
	v, n := quantity(ts, i)
	if n == 0 || v != math.Trunc(v) || v < 0 || v > 1e12 {
		return 0, 0
	}
	return int(v), n
}

// politeWords may stand around a short answer without changing it.
var politeWords = newLexicon("polite\tजी, है, हैं, हूँ, sir, सर, हाँ, मैडम, बस, कुल, केवल, सिर्फ, लगभग, करीब, करीबन, तकरीबन, about, approx, around, ji, hai, he, h, total, only, the, is, मेरा, मेरी, mera, meri, my, भैया, bhaiya")

func polite(t token) bool {
	if t.kind != word {
		return t.kind == mark
	}
	return politeWords.knows(t.sound, "polite")
}

// Number reads a whole number in digits or words: "१२", "पच्चीस", "pachees", "dhai hazaar", "डेढ़ सौ", "विकल्प 3".
// Anything else in the text, or a fraction left over, is no number.
func Number(s string) (int, bool) {
	ts := scan(s)
	value, found := 0, false
	for i := 0; i < len(ts); {
		if n, took := wholeQuantity(ts, i); took > 0 {
			if found || i > 0 && is(ts, i-1, "-") {
				return 0, false
			}
			value, found = n, true
			i += took
			continue
		}
		if !polite(ts[i]) && !numberWords.knows(ts[i].sound, "number") || is(ts, i, "/") {
			return 0, false
		}
		i++
	}
	return value, found
}

var numberWords = newLexicon("number\tनंबर, नम्बर, संख्या, विकल्प, no, number, option, vikalp, num, numbar, sankhya, rs, वाला, wala, वाली")

// atoi reads digits that are known to be digits.
func atoi(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
