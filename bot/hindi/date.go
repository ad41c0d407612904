package hindi

import "time"

// Reading is what was understood, and whether it may be taken without reading it back for a yes.
type Reading struct {
	Value string
	Sure  bool
}

// Tense tells which way an answer must look.
type Tense int

const (
	Past   Tense = iota // when did it happen: today or before
	Future              // when will you leave: today or after
	Either
)

// Layouts of the value of a Date reading.
const (
	dayLayout    = "2006-01-02"
	minuteLayout = "2006-01-02T15:04"
)

// soon is how far a date without a year may lie from now and still be taken without asking.
const soon = 270 * 24 * time.Hour

// Date reads a date, with a time of day if one was said: "१५ अगस्त", "15/8/25", "पिछले सोमवार", "दो दिन पहले", "कल शाम 5 बजे". The value is
// "2025-08-15", or "2025-08-15T17:00" with a time of day; a part of the day alone stands for an hour: भोर 05:00, सुबह 09:00, दोपहर 12:00, दिन में
// 13:00, दोपहर बाद 15:00, शाम 18:00, रात 21:00, देर रात 23:00, आधी रात 00:00. now carries the zone (IST) in which it is meant.
//
// With Past a date after now is refused, with Future a date before today. कल, परसों and a date without a year look in the
// direction of the tense; with Either in that of the sentence (था, जाएंगे), else to the past and not sure. Not sure is also
// a reading from a part of a longer text, an approximate one ("एक महीना पहले") and a guessed half of the day.
func Date(s string, now time.Time, t Tense) (Reading, bool) {
	if Unknown(s) {
		return Reading{}, false
	}
	d := dating{ts: listen(s), now: now, tense: t, sure: true}
	d.today = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	d.looks = t
	if t == Either {
		d.looks = d.cue()
	}
	if !d.read() {
		return Reading{}, false
	}
	return d.result()
}

// dating is one reading of a date in progress.
type dating struct {
	ts    []timed
	now   time.Time
	today time.Time
	tense Tense // what is allowed
	looks Tense // where कल and a date without a year look

	day      time.Time
	hasDay   bool
	clock    timeOfDay
	hasClock bool
	exact    bool // day carries a time of its own (एक घंटा पहले)
	relative bool // the day was said from today (कल, आज)
	sure     bool
	strange  bool // words that have nothing to do with a date
}

// cue finds the direction of a sentence that says neither past nor future itself.
func (d *dating) cue() Tense {
	past, future := false, false
	for i := range d.ts {
		past = past || isClass(d.ts, i, "pastcue") || isClass(d.ts, i, "ago") || isClass(d.ts, i, "last")
		future = future || isClass(d.ts, i, "futurecue") || isClass(d.ts, i, "next")
	}
	switch {
	case past && !future:
		return Past
	case future && !past:
		return Future
	}
	return Either
}

// read goes through the tokens once; what comes first counts.
func (d *dating) read() bool {
	for i := 0; i < len(d.ts); {
		if d.ts[i].kind == mark {
			i++
			continue
		}
		if n, bad := d.dayAt(i); bad {
			return false
		} else if n > 0 {
			i += n
			continue
		}
		if t, n := clockAt(d.ts, i, false); n > 0 {
			if d.hasClock {
				d.sure = false
			} else {
				d.clock, d.hasClock = t, true
			}
			i += n
			continue
		}
		if !isClass(d.ts, i, "filler") && !polite(d.ts[i].token) && !isClass(d.ts, i, "pastcue") && !isClass(d.ts, i, "futurecue") {
			d.strange = true
		}
		i++
	}
	return d.hasDay || d.hasClock
}

// set takes a day. A second, different day in the same answer (a span) makes the first one doubtful.
func (d *dating) set(day time.Time, sure bool) {
	if d.hasDay {
		if !day.Equal(d.day) {
			d.sure = false
		}
		return
	}
	d.day, d.hasDay = day, true
	d.sure = d.sure && sure
}

// dayAt reads a day that begins at token i and returns the tokens taken; bad means that it is a date that does not exist.
func (d *dating) dayAt(i int) (n int, bad bool) {
	if n, bad := d.digitDate(i); n > 0 || bad {
		return n, bad
	}
	if n, bad := d.monthDate(i); n > 0 || bad {
		return n, bad
	}
	for _, read := range [...]func(int) int{d.relativeDay, d.weekday, d.distance, d.lastUnit, d.dayOfMonth} {
		if n := read(i); n > 0 {
			return n, false
		}
	}
	return 0, false
}

// digitDate reads d/m/y, d-m-y, d.m.y, d m y, y-m-d, d/m and ddmmyyyy.
func (d *dating) digitDate(i int) (n int, bad bool) {
	ts := plainTokens(d.ts)
	if i >= len(ts) || ts[i].kind != digits {
		return 0, false
	}
	if text := ts[i].text; len(text) == 8 { // 15082025
		if day, ok := d.civil(atoi(text[4:]), atoi(text[2:4]), atoi(text[:2])); ok {
			d.set(day, false)
			return 1, false
		}
		return 0, true
	}
	separated := func(j int) int { // the separator after token j: 1 token, 0 for a space, -1 for none
		if j+1 < len(ts) && ts[j+1].kind == mark && (ts[j+1].text == "/" || ts[j+1].text == "-" || ts[j+1].text == ".") && j+2 < len(ts) && ts[j+2].kind == digits {
			return 1
		}
		return -1
	}
	if separated(i) < 0 {
		// "15 8 2025"
		if a, ok := whole(ts, i, 2); ok && i+2 < len(ts) && ts[i+1].kind == digits && ts[i+2].kind == digits && len(ts[i+2].text) == 4 {
			if b, ok := whole(ts, i+1, 2); ok {
				day, ok := d.civil(atoi(ts[i+2].text), b, a)
				if !ok {
					return 0, true
				}
				d.set(day, true)
				return 3, false
			}
		}
		return 0, false
	}
	a, okA := whole(ts, i, 4)
	b, okB := whole(ts, i+2, 2)
	if !okA || !okB {
		return 0, true
	}
	if separated(i+2) < 0 {
		if ts[i+1].text == "." && ts[i+1].glued && ts[i+2].glued { // 5.30 बजे or 2.5
			if _, n := clockAt(d.ts, i, false); n > 0 {
				return 0, false
			}
		}
		if len(ts[i].text) == 4 {
			return 0, true
		}
		if _, n := quantity(ts, i+2); n > 0 && isClass(d.ts, i+2+n, "unit") { // 2-3 दिन पहले
			return 0, false
		}
		if isClass(d.ts, i+3, "oclock") {
			return 0, false
		}
		swap := b > 12 && a <= 12
		if swap {
			a, b = b, a
		}
		if !possible(b, a) {
			return 0, true
		}
		day, ok := d.withYear(time.Month(b), a)
		if !ok {
			return 0, true
		}
		d.set(day, d.near(day) && !swap)
		return 3, false
	}
	c, ok := whole(ts, i+4, 4)
	if !ok {
		return 0, true
	}
	if len(ts[i].text) == 4 { // 2025-12-05, a copied ISO time may follow
		day, ok := d.civil(a, b, c)
		if !ok || len(ts[i+4].text) > 2 {
			return 0, true
		}
		d.set(day, true)
		n := 5
		if i+n < len(ts) && ts[i+n].kind == word && ts[i+n].text == "t" && ts[i+n].glued {
			n++
		}
		return n, false
	}
	if len(ts[i+4].text) == 3 || len(ts[i].text) > 2 {
		return 0, true
	}
	year := c
	if len(ts[i+4].text) <= 2 {
		year = d.fullYear(c)
	}
	sure := true
	if b > 12 && a <= 12 { // month first, as some phones write it
		a, b, sure = b, a, false
	}
	day, ok := d.civil(year, b, a)
	if !ok {
		return 0, true
	}
	d.set(day, sure)
	return 5, false
}

// monthDate reads "15 अगस्त", "पंद्रह अगस्त 2025", "august 15", "अगस्त की 15 तारीख", "15th of aug, 25".
func (d *dating) monthDate(i int) (n int, bad bool) {
	ts := plainTokens(d.ts)
	if m, ok := value(d.ts, i, "month"); ok && isMonthWord(d.ts[i]) {
		at := i + 1
		for at < len(ts) && (isClass(d.ts, at, "filler") && numeralAt(ts, at).kind == 0 || ts[at].kind == mark && ts[at].text != ":") {
			at++
		}
		day, took := d.dayNumber(at)
		if took == 0 {
			return 0, false
		}
		at += took
		at += d.spanOf(at, "dayofmonth")
		return d.dayAndMonth(i, at, day, atoi(m))
	}
	day, took := d.dayNumber(i)
	if took == 0 {
		return 0, false
	}
	at := i + took
	for at < len(ts) && (ts[at].kind == mark && (ts[at].text == "-" || ts[at].text == "/" || ts[at].text == ".") || isClass(d.ts, at, "filler") && !isClass(d.ts, at, "month") || isClass(d.ts, at, "dayofmonth")) {
		at++
	}
	m, ok := value(d.ts, at, "month")
	if !ok {
		return 0, false
	}
	return d.dayAndMonth(i, at+1, day, atoi(m))
}

// isMonthWord keeps short words that mean other things from beginning a date.
func isMonthWord(t timed) bool {
	return t.text != "mai" && t.text != "may" && t.text != "mar" && t.text != "jan"
}

func (d *dating) dayAndMonth(from, at, day, month int) (n int, bad bool) {
	ts := plainTokens(d.ts)
	if !possible(month, day) {
		return 0, true
	}
	next := at
	for next < len(ts) && (ts[next].kind == mark && (ts[next].text == "-" || ts[next].text == "/" || ts[next].text == "." || ts[next].text == "'") ||
		isClass(d.ts, next, "filler") && numeralAt(ts, next).kind == 0) {
		next++
	}
	// A year in digits, or in words from two thousand on.
	if y, ok := whole(ts, next, 4); ok && !isClock(d.ts, next) || ok && len(ts[next].text) == 4 || ok && ts[next].glued && !isClass(d.ts, next+1, "oclock") {
		digits := len(ts[next].text)
		if digits == 2 && !isClass(d.ts, next+1, "oclock") && !(is(ts, next+1, ":") && ts[next+1].glued) && (y >= 20 || ts[next].glued) {
			y, digits = d.fullYear(y), 4
		}
		if digits == 4 {
			date, ok := d.civil(y, month, day)
			if !ok {
				return 0, true
			}
			d.set(date, true)
			return next + 1 - from, false
		}
	} else if y, took := wholeQuantity(ts, next); took > 1 && y >= 1900 && y < 2100 {
		date, ok := d.civil(y, month, day)
		if !ok {
			return 0, true
		}
		d.set(date, true)
		return next + took - from, false
	}
	if isClass(d.ts, next, "last") && isYearUnit(d.ts, next+1) { // 15 अगस्त पिछले साल
		date, ok := d.civil(d.now.Year()-1, month, day)
		if !ok {
			return 0, true
		}
		d.set(date, true)
		return next + 2 - from, false
	}
	date, ok := d.withYear(time.Month(month), day)
	if !ok {
		return 0, true
	}
	d.set(date, d.near(date))
	return at - from, false
}

func isYearUnit(ts []timed, i int) bool { v, ok := value(ts, i, "unit"); return ok && v == "y" }

// dayNumber reads 1 to 31 at token i, with an ending (15th, 15वीं).
func (d *dating) dayNumber(i int) (day, n int) {
	ts := plainTokens(d.ts)
	if i < len(ts) && ts[i].kind == digits {
		v, ok := whole(ts, i, 2)
		if !ok || v < 1 || v > 31 {
			return 0, 0
		}
		n = 1
		if i+1 < len(ts) && ts[i+1].kind == word && ts[i+1].glued {
			switch ts[i+1].text {
			case "st", "nd", "rd", "th", "वीं", "वी", "वां", "वें", "ता":
				n++
			}
		}
		return v, n
	}
	v, n := wholeQuantity(ts, i)
	if n == 0 || v < 1 || v > 31 {
		return 0, 0
	}
	return v, n
}

// relativeDay reads आज, कल, परसों, नरसों, yesterday, "बीते कल", "आने वाला कल", "day before yesterday".
func (d *dating) relativeDay(i int) int {
	at, forced := i, Either
	switch {
	case isClass(d.ts, i, "day before") && isClass(d.ts, i+d.ts[i].span, "yesterday"):
		return d.relativeTo(-2, d.ts[i].span+1)
	case isClass(d.ts, i, "day after") && isClass(d.ts, i+d.ts[i].span, "tomorrow"):
		return d.relativeTo(2, d.ts[i].span+1)
	case isClass(d.ts, i, "last"):
		at, forced = i+d.ts[i].span, Past
		if v, ok := value(d.ts, at, "part"); ok && v == "21" && !isClass(d.ts, at+1, "oclock") && d.ts[i].text == "last" { // last night
			d.relative = true
			d.set(d.today.AddDate(0, 0, -1), true)
			return at - i // the night is read next
		}
	case isClass(d.ts, i, "next"):
		at, forced = i+d.ts[i].span, Future
	}
	if v, ok := value(d.ts, at, "either"); ok {
		days := atoi(v)
		direction := forced
		if direction == Either {
			// "कल से पहले" is unusual; but "कल ... बाद" says nothing, so only the tense decides.
			direction = d.looks
		}
		sure := direction != Either || days == 3
		n := at + d.ts[at].span - i
		if direction == Future {
			return d.relativeTo(days, n)
		}
		took := d.relativeTo(-days, n)
		d.sure = d.sure && sure
		return took
	}
	if forced != Either {
		return 0
	}
	switch {
	case isClass(d.ts, i, "today"):
		if isClass(d.ts, i+d.ts[i].span, "today") { // आज अभी
			return d.relativeTo(0, d.ts[i].span+1)
		}
		return d.relativeTo(0, d.ts[i].span)
	case isClass(d.ts, i, "tonight"):
		n := d.relativeTo(0, 1)
		d.clock, d.hasClock = timeOfDay{hour: 21, part: 21}, true
		return n
	case isClass(d.ts, i, "yesterday"):
		return d.relativeTo(-1, 1)
	case isClass(d.ts, i, "tomorrow"):
		return d.relativeTo(1, 1)
	}
	return 0
}

func (d *dating) relativeTo(days, n int) int {
	d.relative = !d.hasDay
	d.set(d.today.AddDate(0, 0, days), true)
	return n
}

// weekday reads "सोमवार को", "पिछले सोमवार", "अगले शुक्रवार", "last monday", "पिछले हफ्ते सोमवार को".
func (d *dating) weekday(i int) int {
	at, direction, week := i, d.looks, 0
	switch {
	case isClass(d.ts, i, "last"):
		at, direction = i+d.ts[i].span, Past
	case isClass(d.ts, i, "next"):
		at, direction = i+d.ts[i].span, Future
	case isClass(d.ts, i, "this"):
		at = i + d.ts[i].span
	}
	if at > i && isWeekUnit(d.ts, at) { // पिछले हफ्ते (के) सोमवार
		next := at + d.ts[at].span
		for isClass(d.ts, next, "filler") && !isClass(d.ts, next, "weekday") {
			next++
		}
		if !isClass(d.ts, next, "weekday") {
			return 0
		}
		at = next
		switch direction {
		case Past:
			week = -1
		case Future:
			week = 1
		}
	}
	v, ok := value(d.ts, at, "weekday")
	if !ok {
		return 0
	}
	n := at + 1 - i
	forward := (atoi(v) - int(d.today.Weekday()) + 7) % 7
	sure := true
	switch {
	case week != 0: // weeks begin on Monday
		monday := d.today.AddDate(0, 0, -(int(d.today.Weekday())+6)%7)
		d.set(monday.AddDate(0, 0, 7*week+(atoi(v)+6)%7), true)
		return n
	case direction == Future:
		if forward == 0 {
			forward, sure = 7, at > i
		}
		d.set(d.today.AddDate(0, 0, forward), sure)
	default:
		back := (7 - forward) % 7
		if back == 0 {
			back = 7
			sure = at > i && !isClass(d.ts, i, "this")
			if isClass(d.ts, i, "this") {
				back = 0
			}
		}
		d.set(d.today.AddDate(0, 0, -back), sure && direction == Past)
	}
	return n
}

func isWeekUnit(ts []timed, i int) bool { v, ok := value(ts, i, "unit"); return ok && v == "7" }

// distance reads "दो दिन पहले", "3 din pehle", "आधा घंटा पहले", "दो-तीन दिन पहले", "हफ्ता भर पहले", "दो दिन बाद", "in 2 days", "5 दिन से".
func (d *dating) distance(i int) int {
	plain := plainTokens(d.ts)
	at, future := i, false
	if isClass(d.ts, i, "in") && i+1 < len(plain) && plain[i].text == "in" {
		at, future = i+1, true
	}
	count, took := quantity(plain, at)
	sure := true
	switch {
	case took > 0:
		at += took
		// दो-तीन, 2-3, दो तीन: a range; the nearer end, to be read back.
		next := at
		if is(plain, next, "-") {
			next++
		}
		if v, n := quantity(plain, next); n > 0 && v > count && v <= 99 && isClass(d.ts, next+n, "unit") {
			at, sure = next+n, false
		}
	case isClass(d.ts, at, "unit") && !isClass(d.ts, at-1, "some"):
		count = 1
	default:
		return 0
	}
	v, ok := value(d.ts, at, "unit")
	if !ok {
		return 0
	}
	at += d.ts[at].span
	for at < len(plain) && (plain[at].text == "भर" || plain[at].text == "bhar" || plain[at].text == "ही" || plain[at].text == "hi") {
		at++
	}
	direction := Either
	switch {
	case isClass(d.ts, at, "ago"):
		direction, at = Past, at+d.ts[at].span
	case isClass(d.ts, at, "after") || isClass(d.ts, at, "in") && took > 0:
		direction, at = Future, at+d.ts[at].span
		if isClass(d.ts, at, "in") {
			at++
		}
	case future:
		direction = Future
	case took > 0 && at < len(plain) && (plain[at].text == "से" || plain[at].text == "se") && d.tense == Past:
		direction, sure, at = Past, false, at+1
	default:
		return 0
	}
	sign := 1
	if direction == Past {
		sign = -1
	}
	if count < 0 || count > 400 {
		return 0
	}
	n := at - i
	switch v {
	case "h", "i":
		length := time.Duration(count * float64(time.Hour))
		if v == "i" {
			length = time.Duration(count * float64(time.Minute))
		}
		if !d.hasDay {
			d.exact = true
		}
		d.set(d.now.Add(time.Duration(sign)*length).Truncate(time.Minute), sure)
	case "m", "y":
		months := int(count*2+0.5) / 2
		days := 0
		if half := count - float64(months); half > 0 {
			days = 15
		}
		if v == "y" {
			months, days = int(count*12+0.5), 0
		}
		d.set(clamped(d.today, sign*months).AddDate(0, 0, sign*days), false)
	default:
		days := int(count * float64(atoi(v)))
		d.set(d.today.AddDate(0, 0, sign*days), sure && float64(days) == count*float64(atoi(v)))
	}
	return n
}

// clamped is a date some months away; the 31st becomes the last day of a shorter month.
func clamped(from time.Time, months int) time.Time {
	first := time.Date(from.Year(), from.Month()+time.Month(months), 1, 0, 0, 0, 0, from.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(from.Day(), last)-1)
}

// lastUnit reads "पिछले हफ्ते", "पिछले महीने", "अगले हफ्ते", "पिछले महीने की 15 तारीख".
func (d *dating) lastUnit(i int) int {
	sign := 0
	switch {
	case isClass(d.ts, i, "last"):
		sign = -1
	case isClass(d.ts, i, "next"):
		sign = 1
	case isClass(d.ts, i, "this"):
	default:
		return 0
	}
	at := i + d.ts[i].span
	v, ok := value(d.ts, at, "unit")
	if !ok || v == "h" || v == "i" {
		return 0
	}
	at += d.ts[at].span
	if v == "m" {
		next := at
		for isClass(d.ts, next, "filler") {
			next++
		}
		if day, took := d.dayNumber(next); took > 0 {
			month := clamped(d.today, sign)
			if date, ok := d.civil(month.Year(), int(month.Month()), day); ok {
				d.set(date, true)
				next += took
				next += d.spanOf(next, "dayofmonth")
				return next - i
			}
		}
	}
	if v == "y" { // पिछले साल 15 अगस्त को
		next := at
		for isClass(d.ts, next, "filler") && !isClass(d.ts, next, "month") {
			next++
		}
		before := *d
		if n, bad := d.monthDate(next); n > 0 && !bad {
			if !before.hasDay {
				d.day = time.Date(d.now.Year()+sign, d.day.Month(), d.day.Day(), 0, 0, 0, 0, d.now.Location())
				d.sure = before.sure
			}
			return next + n - i
		}
		*d = before
	}
	if sign == 0 {
		return 0 // "इस महीने" is no day
	}
	switch v {
	case "m":
		d.set(clamped(d.today, sign), false)
	case "y":
		d.set(clamped(d.today, 12*sign), false)
	default:
		d.set(d.today.AddDate(0, 0, sign*atoi(v)), v == "1")
	}
	return at - i
}

// dayOfMonth reads "15 तारीख को" and "15 ko".
func (d *dating) dayOfMonth(i int) int {
	day, took := d.dayNumber(i)
	at := i + took
	if took == 0 || d.hasDay {
		return 0
	}
	switch {
	case isClass(d.ts, at, "dayofmonth"):
		at += d.ts[at].span
	case isClass(d.ts, i-1, "dayofmonth") && !isClass(d.ts, at, "oclock"):
	case at == len(d.ts)-1 && (d.ts[at].text == "को" || d.ts[at].text == "ko"):
		at++
	default:
		return 0
	}
	step := -1
	if d.looks == Future {
		step = 1
	}
	for k := range 13 {
		month := time.Date(d.today.Year(), d.today.Month()+time.Month(step*k), 1, 0, 0, 0, 0, d.today.Location())
		date, ok := d.civil(month.Year(), int(month.Month()), day)
		if ok && (step < 0 && !date.After(d.today) || step > 0 && !date.Before(d.today)) {
			d.set(date, d.looks != Either)
			return at - i
		}
	}
	return 0
}

func (d *dating) spanOf(i int, class string) int {
	if isClass(d.ts, i, class) {
		return d.ts[i].span
	}
	return 0
}

// fullYear is the year meant by two digits: at most ten years ahead.
func (d *dating) fullYear(y int) int {
	century := d.now.Year() / 100 * 100
	if century+y > d.now.Year()+10 {
		return century - 100 + y
	}
	return century + y
}

// civil is the day of a calendar date, if there is such a date.
func (d *dating) civil(year, month, day int) (time.Time, bool) {
	if year < 1900 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, d.now.Location())
	return t, t.Day() == day
}

// possible reports that a day exists in some year.
func possible(month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= time.Date(2024, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// withYear is the nearest such day in the direction that is looked in; with Either the nearest of all.
func (d *dating) withYear(month time.Month, day int) (time.Time, bool) {
	var best time.Time
	found := false
	for y := d.now.Year() - 8; y <= d.now.Year()+8; y++ {
		t, ok := d.civil(y, int(month), day)
		if !ok || d.looks == Past && t.After(d.today) || d.looks == Future && t.Before(d.today) {
			continue
		}
		if !found || t.Sub(d.today).Abs() < best.Sub(d.today).Abs() {
			best, found = t, true
		}
	}
	return best, found
}

func (d *dating) near(t time.Time) bool { return t.Sub(d.today).Abs() <= soon && d.looks != Either }

// result joins day and clock and holds them against the tense.
func (d *dating) result() (Reading, bool) {
	if d.strange {
		d.sure = false
	}
	if d.exact {
		if !d.allowed(d.day) {
			return Reading{}, false
		}
		return Reading{d.day.Format(minuteLayout), d.sure}, true
	}
	if !d.hasClock {
		if !d.allowed(d.day) {
			return Reading{}, false
		}
		return Reading{d.day.Format(dayLayout), d.sure}, true
	}
	bare := !d.hasDay
	if bare {
		d.day = d.today
	}
	t := d.at(d.clock.hour)
	if d.clock.vague {
		d.sure = false
		t = d.at(d.likelyHour(d.clock.hour))
	}
	night := d.clock.part == 21 || d.clock.part == 23 || d.clock.part == 0
	if night && d.clock.hour < 5 && d.relative && d.day.Before(d.today) && (d.clock.clock || d.clock.part == 0) {
		t = t.AddDate(0, 0, 1) // "कल रात 2 बजे" is the night that began yesterday
		d.sure = false
	}
	if bare && d.tense == Past && t.After(d.now) {
		t, d.sure = t.AddDate(0, 0, -1), false
	}
	if bare && d.tense == Future && t.Before(d.now) {
		t, d.sure = t.AddDate(0, 0, 1), false
	}
	if !d.clock.clock && d.tense == Past && t.After(d.now) {
		// "आज शाम" said at half past four: the evening has begun, it was just now.
		if start, ok := startOfPart[d.clock.part]; ok && !d.at(start).After(d.now) && d.day.Equal(d.today) {
			t = d.now.Truncate(time.Minute)
		}
	}
	if !d.allowed(t) {
		return Reading{}, false
	}
	return Reading{t.Format(minuteLayout), d.sure}, true
}

// at is an hour, with the minute that was said, of the day.
func (d *dating) at(hour int) time.Time {
	minute := 0
	if d.clock.clock {
		minute = d.clock.minute
	}
	return time.Date(d.day.Year(), d.day.Month(), d.day.Day(), hour, minute, 0, 0, d.now.Location())
}

// likelyHour guesses the half of the day for an hour said alone: 1 to 6 is after noon, unless that is still to come.
func (d *dating) likelyHour(hour int) int {
	if hour >= 1 && hour <= 6 && !(d.tense == Past && d.at(hour+12).After(d.now)) {
		return hour + 12
	}
	return hour
}

// allowed holds a day, or a moment, against the tense that was asked for.
func (d *dating) allowed(t time.Time) bool {
	switch d.tense {
	case Past:
		return !t.After(d.now)
	case Future:
		return !t.Before(d.today)
	}
	return true
}
