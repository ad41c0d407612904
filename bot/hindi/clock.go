package hindi

import (
	_ "embed"
	"math"
	"strings"
)

//go:embed times.tsv
var timesTSV string

// timeWords knows the words of dates and times. A class such as month:8 is found by its name (month) and gives its value (8).
var timeWords = newLexicon(timesTSV)

// timeClass is the part of a class before the colon, with the value behind it.
type timeClass struct {
	name, value string
}

// timeClasses has the classes of timeWords under their numbers, timeNames the set of all classes of one name.
var timeClasses, timeNames = func() ([]timeClass, map[string]set) {
	all, names := make([]timeClass, len(timeWords.bits)), map[string]set{}
	for class, bit := range timeWords.bits {
		name, value, _ := strings.Cut(class, ":")
		all[bit] = timeClass{name, value}
		s := names[name]
		s.add(bit)
		names[name] = s
	}
	return all, names
}()

// timed is the token at i with what timeWords knows about it.
type timed struct {
	token
	heard
}

// listen marks every token of an answer.
func listen(s string) []timed {
	ts := scan(s)
	out := make([]timed, len(ts))
	var text []byte
	var at []int // token of each word of text
	for i, t := range ts {
		out[i] = timed{token: t, heard: heard{span: 1}}
		if t.kind == mark {
			continue
		}
		if len(text) > 0 {
			text = append(text, ' ')
		}
		if t.kind == digits {
			text = append(text, t.text...)
		} else {
			text = append(text, strings.ReplaceAll(t.sound, " ", "")...)
		}
		at = append(at, i)
	}
	for n, h := range timeWords.mark(nil, text) {
		if n >= len(at) {
			break
		}
		if t := out[at[n]]; t.kind == word {
			h.join(timeWords.spelled[t.text])
		}
		// A phrase that a mark interrupts (a.m.) covers the mark as well.
		if last := n + h.span - 1; last < len(at) {
			h.span = at[last] - at[n] + 1
		}
		out[at[n]].heard = h
	}
	return out
}

// value finds the value of a class of that name at token i: "8" for month:8.
func value(ts []timed, i int, name string) (string, bool) {
	if !isClass(ts, i, name) {
		return "", false
	}
	for bit, c := range timeClasses {
		if c.name == name && ts[i].has(bit) {
			return c.value, true
		}
	}
	return "", false
}

func isClass(ts []timed, i int, name string) bool {
	return i >= 0 && i < len(ts) && ts[i].meets(timeNames[name])
}

func plainTokens(ts []timed) []token {
	out := make([]token, len(ts))
	for i, t := range ts {
		out[i] = t.token
	}
	return out
}

// timeOfDay is a clock time or a part of a day, as somebody says it.
type timeOfDay struct {
	hour, minute int
	part         int  // hour that stands for the part of day: 5, 9, 12, 13 (by day), 15, 18, 21, 0; -1 without
	clock        bool // a clock time was said
	vague        bool // the half of the day was guessed
}

// startOfPart is when a part of the day begins, by the hour that stands for it.
var startOfPart = map[int]int{5: 3, 9: 4, 12: 11, 13: 9, 15: 12, 18: 16, 21: 19, 0: 0, 23: 22}

// clockAt reads a time that begins at token i: "शाम 5 बजे", "रात 9:30", "साढ़े पाँच बजे", "पौने सात बजे शाम को", "5pm", "सुबह".
// It returns the number of tokens taken, 0 if there is no time. bare allows a number without बजे ("सवा छह").
func clockAt(ts []timed, i int, bare bool) (t timeOfDay, n int) {
	t.part = -1
	at := i
	takePart := func() bool {
		late := isClass(ts, at, "late")
		p := at
		if late {
			p++
		}
		v, ok := value(ts, p, "part")
		if !ok || t.part >= 0 {
			return false
		}
		t.part = atoi(v)
		span := ts[p].span
		if v == "12" && isClass(ts, p+span, "after") { // दोपहर बाद
			t.part = 15
			span += ts[p+span].span
		}
		if late && t.part == 21 {
			t.part = 23
		}
		at = p + span
		clock := at // शाम के करीब 5 बजे
		for isClass(ts, clock, "filler") && !isClass(ts, clock, "unit") || about(ts, clock) {
			clock++
		}
		if isClock(ts, clock) {
			at = clock
		}
		return true
	}
	takePart()
	h, m, took, sure := clockNumber(ts, at, bare || t.part >= 0)
	if took > 0 {
		t.hour, t.minute, t.clock = h, m, true
		at += took
		switch {
		case isClass(ts, at, "am"):
			if t.part < 0 {
				t.part = 9
				if h == 12 {
					t.part = 0
				}
			}
			at += ts[at].span
			if t.part == 9 && h < 4 {
				t.part = 0
			}
		case isClass(ts, at, "pm"):
			if t.part < 0 {
				t.part = 18
				if h == 12 {
					t.part = 12
				}
				if h >= 8 && h < 12 {
					t.part = 21
				}
			}
			at += ts[at].span
		default:
			if t.part < 0 {
				save := at
				if isClass(ts, at, "filler") && !isClass(ts, at, "part") {
					at++
				}
				if !takePart() {
					at = save
				}
			}
		}
		if !sure && t.part < 0 && !bare {
			return t, 0
		}
	} else if t.part < 0 {
		return t, 0
	}
	if t.clock {
		var ok bool
		if t, ok = t.resolve(); !ok {
			return t, 0
		}
	} else {
		t.hour = t.part
	}
	return t, at - i
}

// about skips "करीब", "लगभग".
func about(ts []timed, i int) bool {
	return i < len(ts) && ts[i].kind == word && politeWords.knows(ts[i].sound, "polite")
}

// isClock reports that something like a clock time begins at i.
func isClock(ts []timed, i int) bool {
	_, _, n, _ := clockNumber(ts, i, true)
	return n > 0
}

// clockNumber reads "5 बजे", "9:30", "साढ़े पाँच बजे", "पाँच बजकर बीस मिनट", "दस बजने में पाँच मिनट". sure tells that the words say it is a
// time; without, it may be any number.
func clockNumber(ts []timed, i int, bare bool) (h, m, n int, sure bool) {
	if i >= len(ts) {
		return 0, 0, 0, false
	}
	plain := plainTokens(ts)
	at := i
	if hour, ok := whole(plain, i, 2); ok && i+2 < len(ts) && (is(plain, i+1, ":") || is(plain, i+1, ".")) && ts[i+1].glued &&
		ts[i+2].kind == digits && ts[i+2].glued && len(ts[i+2].text) == 2 {
		minute, _ := whole(plain, i+2, 2)
		colon := is(plain, i+1, ":")
		if minute < 60 && hour <= 24 && !(is(plain, i+3, ".") && ts[i+3].glued && i+4 < len(ts) && ts[i+4].kind == digits) {
			h, m, at, sure = hour, minute, i+3, colon
			if colon && is(plain, at, ":") && at+1 < len(ts) && ts[at+1].kind == digits {
				at += 2 // seconds of a copied time
			}
			if isClass(ts, at, "oclock") {
				at, sure = at+ts[at].span, true
			} else if isClass(ts, at, "am") || isClass(ts, at, "pm") {
				sure = true
			} else if !colon && !bare {
				return 0, 0, 0, false
			}
			return h, m, at - i, sure
		}
	}
	v, took := quantity(plain, i)
	if v == 60 && took == 1 && isClass(ts, i+1, "oclock") {
		v = 7 // sath baje
	}
	if took == 0 || v < 0 || v > 24 || isClass(ts, i+took, "unit") && !isClass(ts, i+took, "oclock") {
		return 0, 0, 0, false
	}
	h, m = int(v), int(math.Round((v-math.Floor(v))*60))
	if strings.Contains(decimal(plain, i, took), ".") && !isClass(ts, i+took, "oclock") {
		return 0, 0, 0, false
	}
	at += took
	switch {
	case isClass(ts, at, "oclock"):
		at += ts[at].span
		sure = true
		for isClass(ts, at, "filler") && minutesAt(ts, at+1) > 0 {
			at++
		}
		if k := minutesAt(ts, at); k > 0 { // पाँच बजकर बीस मिनट
			mv, mt := wholeQuantity(plainTokens(ts), at)
			if mv < 60 {
				m = mv
				at += mt + 1
			}
		}
	case isClass(ts, at, "to"): // दस बजने में पाँच मिनट
		at++
		if isClass(ts, at, "in") {
			at++
		}
		mv, mt := wholeQuantity(plain, at)
		if mt == 0 || mv >= 60 || h == 0 {
			return 0, 0, 0, false
		}
		at += mt
		if isClass(ts, at, "minute") {
			at++
		}
		h, m, sure = h-1, 60-mv, true
	case isClass(ts, at, "am"), isClass(ts, at, "pm"):
		sure = true
	default:
		if !bare {
			return 0, 0, 0, false
		}
	}
	return h, m, at - i, sure
}

func decimal(ts []token, i, n int) string {
	var b strings.Builder
	for _, t := range ts[i : i+n] {
		b.WriteString(t.text)
	}
	return b.String()
}

// minutesAt is the number of tokens of "बीस मिनट" at i.
func minutesAt(ts []timed, i int) int {
	if i >= len(ts) {
		return 0
	}
	_, n := wholeQuantity(plainTokens(ts), i)
	if n == 0 || !isClass(ts, i+n, "minute") {
		return 0
	}
	return n + 1
}

// resolve turns an hour said with a part of the day into an hour of 24.
func (t timeOfDay) resolve() (timeOfDay, bool) {
	if t.hour > 24 || t.hour == 24 && t.minute > 0 {
		return t, false
	}
	if t.hour == 24 {
		t.hour = 0
		return t, true
	}
	if t.hour > 12 || t.hour == 0 {
		return t, true
	}
	switch t.part {
	case -1:
		t.vague = true
	case 5, 9: // as it was said
	case 12, 13, 15: // दोपहर 12, 1, 2, 3; दिन में 11, 12, 1
		if t.hour < 9 || t.part == 15 && t.hour < 12 {
			t.hour += 12
		}
	case 18:
		if t.hour < 12 {
			t.hour += 12
		}
	case 21, 23, 0: // रात 8 to 11 is before midnight, 12 to 4 after
		switch {
		case t.hour == 12:
			t.hour = 0
		case t.hour >= 6:
			t.hour += 12
		}
	}
	return t, true
}

// Clock reads a time of day: "शाम 5 बजे" 17:00, "raat 9:30" 21:30, "साढ़े पाँच बजे" 5:30, "पौने सात बजे शाम को" 18:45, "5pm". Without a part
// of the day the hour stands as it was said. A part of the day alone (शाम) is no clock time.
func Clock(s string) (h, m int, ok bool) {
	ts := listen(s)
	for i := 0; i < len(ts); i++ {
		t, n := clockAt(ts, i, true)
		if n > 0 && t.clock {
			for j := i + n; j < len(ts); j++ {
				if ts[j].kind == digits || ts[j].kind == word && !isClass(ts, j, "filler") && !polite(ts[j].token) {
					return 0, 0, false
				}
			}
			return t.hour, t.minute, true
		}
		if ts[i].kind == digits || ts[i].kind == word && !isClass(ts, i, "filler") && !polite(ts[i].token) && !isClass(ts, i, "today") && !isClass(ts, i, "either") {
			return 0, 0, false
		}
	}
	return 0, 0, false
}
