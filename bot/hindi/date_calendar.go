package hindi

import "time"

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
			d.day24 = true
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
