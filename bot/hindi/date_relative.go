package hindi

import "time"

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
	if i+1 < len(plain) && (plain[i].text == "in" || plain[i].text == "after") {
		at, future = i+1, true
	}
	count, took := quantity(plain, at)
	if article := at + took; article < len(plain) && (plain[article].text == "a" || plain[article].text == "an") && isClass(d.ts, article+1, "unit") {
		if took == 0 { // a week ago; half an hour ago
			count = 1
		}
		took++
	}
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
	at++ // one word, though it may begin "दिन में"
	for at < len(plain) && (plain[at].text == "भर" || plain[at].text == "bhar" || plain[at].text == "ही" || plain[at].text == "hi") {
		at++
	}
	var direction Tense
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
