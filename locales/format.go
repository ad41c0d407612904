package locales

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// India is the time zone that all times are told in. It has no summer time.
var India = time.FixedZone("IST", 5*3600+1800)

// dayparts are the hours at which the parts of the day begin.
var dayparts = []int{0, 4, 12, 16, 19}

// datetimeIDs are the ids that this file says.
func datetimeIDs() []string {
	ids := []string{"datetime.date", "datetime.hour", "datetime.clock", "datetime.both", "datetime.list.two", "datetime.list.more"}
	for _, hour := range dayparts {
		ids = append(ids, "datetime.from."+strconv.Itoa(hour))
	}
	for month := range 12 {
		ids = append(ids, "datetime.month."+strconv.Itoa(month+1))
	}
	for day := range 7 {
		ids = append(ids, "datetime.weekday."+strconv.Itoa(day))
	}
	return ids
}

// functions are those that the texts of a language may call:
//
//	{{date .On}}        5 दिसंबर 2025        a time.Time or "2025-12-05"
//	{{weekday .On}}     शुक्रवार
//	{{clock .At}}       शाम 5:30 बजे         a time.Time or "17:30"
//	{{datetime .At}}    5 दिसंबर 2025, शाम 5:30 बजे
//	{{number .N}}       1,00,000
//	{{spaced .Number}}  KS 1234 5678 901     for reading out
//	{{phone .Phone}}    +91 98765 43210
//	{{feet .Height}}    5                    whole feet of centimetres
//	{{inches .Height}}  4                    and the inches over them
//	{{list .Items}}     क, ख और ग            a []string
//
// Digits are always 0-9: forms and phones in Bihar have them. Errors never
// show the value.
func (t *Texts) functions(lang string) template.FuncMap {
	return template.FuncMap{
		"date": func(v any) (string, error) {
			d, err := moment(v, time.DateOnly)
			return t.Date(lang, d), err
		},
		"weekday": func(v any) (string, error) {
			d, err := moment(v, time.DateOnly)
			return t.Weekday(lang, d), err
		},
		"clock": func(v any) (string, error) {
			at, err := moment(v, "15:04")
			return t.Clock(lang, at), err
		},
		"datetime": func(v any) (string, error) {
			at, err := moment(v, time.RFC3339)
			return t.DateTime(lang, at), err
		},
		"number": func(v any) (string, error) {
			n, err := integer(v)
			return t.Number(n), err
		},
		"spaced": t.Spaced,
		"phone":  t.Phone,
		"feet": func(cm any) (int, error) {
			feet, _, err := feetAndInches(cm)
			return feet, err
		},
		"inches": func(cm any) (int, error) {
			_, inches, err := feetAndInches(cm)
			return inches, err
		},
		"list": func(items []string) string { return t.List(lang, items) },
	}
}

// Date is a day in words: "5 दिसंबर 2025", "5 December 2025".
func (t *Texts) Date(lang string, d time.Time) string {
	d = d.In(India)
	return t.must(lang, "datetime.date", map[string]any{
		"Day": d.Day(), "Month": t.must(lang, "datetime.month."+strconv.Itoa(int(d.Month())), nil), "Year": d.Year(),
	})
}

// Weekday is a day's name: "शुक्रवार", "Friday".
func (t *Texts) Weekday(lang string, d time.Time) string {
	return t.must(lang, "datetime.weekday."+strconv.Itoa(int(d.In(India).Weekday())), nil)
}

// Clock is a time of day in words: "शाम 5:30 बजे", "5:30 pm".
func (t *Texts) Clock(lang string, at time.Time) string {
	at = at.In(India)
	part := 0
	for _, from := range dayparts {
		if at.Hour() >= from {
			part = from
		}
	}
	data := map[string]any{
		"Part": t.must(lang, "datetime.from."+strconv.Itoa(part), nil),
		"Hour": (at.Hour()+11)%12 + 1,
	}
	if at.Minute() == 0 {
		return t.must(lang, "datetime.hour", data)
	}
	data["Minute"] = at.Format("04")
	return t.must(lang, "datetime.clock", data)
}

// DateTime is a day and a time of day.
func (t *Texts) DateTime(lang string, at time.Time) string {
	return t.must(lang, "datetime.both", map[string]any{"Date": t.Date(lang, at), "Clock": t.Clock(lang, at)})
}

// Number is a number with commas as in India: 12,34,567.
func (t *Texts) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	if len(digits) <= 3 {
		return sign + digits
	}
	head, tail := digits[:len(digits)-3], digits[len(digits)-3:]
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range head {
		if i > 0 && (len(head)-i)%2 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String() + "," + tail
}

// Spaced is a number of ours in groups of four for reading out: the letters in
// front, then the digits.
func (t *Texts) Spaced(number string) string {
	number = strings.Join(strings.Fields(number), "")
	var b strings.Builder
	group := 0
	for i, r := range number {
		digit := r >= '0' && r <= '9'
		if digit && group == 0 && i > 0 || group == 4 {
			b.WriteByte(' ')
			group = 0
		}
		if digit {
			group++
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Phone is a phone number for reading out; it takes "+919876543210". A number
// of another country stays as it is.
func (t *Texts) Phone(number string) string {
	if rest, ok := strings.CutPrefix(number, "+91"); ok && len(rest) == 10 {
		return "+91 " + rest[:5] + " " + rest[5:]
	}
	return number
}

// feetAndInches is a height in centimetres as people say it, to the nearest inch.
func feetAndInches(cm any) (feet, inches int, err error) {
	n, err := integer(cm)
	all := int(math.Round(float64(n) / 2.54))
	return all / 12, all % 12, err
}

// List is a list in words: "क, ख और ग", "a, b and c".
func (t *Texts) List(lang string, items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	case 2:
		return t.must(lang, "datetime.list.two", map[string]any{"First": items[0], "Last": items[1]})
	}
	return t.must(lang, "datetime.list.more", map[string]any{"First": items[0], "Rest": t.List(lang, items[1:])})
}

// must returns one of datetime.toml's texts, which Load found to be there.
func (t *Texts) must(lang, id string, data map[string]any) string {
	s, _ := t.Text(lang, id, data)
	return s
}

// moment is a time.Time, or a string of this layout in Indian time.
func moment(v any, layout string) (time.Time, error) {
	switch v := v.(type) {
	case time.Time:
		if !v.IsZero() {
			return v, nil
		}
	case string:
		if at, err := time.ParseInLocation(layout, v, India); err == nil {
			return at, nil
		}
	}
	return time.Time{}, errors.New("not a time")
}

// integer is a whole number of any type that data have.
func integer(v any) (int64, error) {
	switch v := v.(type) {
	case int:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case int64:
		return v, nil
	case float64: // from JSON
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v), nil
		}
	case string:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, errors.New("not a whole number")
}
