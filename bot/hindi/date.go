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
	day24    bool // the clock is that of a copied ISO time: 01:00 is at night
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
	if isClass(d.ts, i, "today") && i+1 < len(d.ts) && (d.ts[i+1].text == "से" || d.ts[i+1].text == "se") {
		if n := d.distance(i + 2); n > 0 { // आज से तीन दिन पहले
			return n + 2, false
		}
	}
	for _, read := range [...]func(int) int{d.relativeDay, d.weekday, d.distance, d.lastUnit, d.dayOfMonth} {
		if n := read(i); n > 0 {
			return n, false
		}
	}
	return 0, false
}

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
	if d.clock.vague && !d.day24 {
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
