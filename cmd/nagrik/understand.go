package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"nagrik/bot/hindi"
)

type understandCommand struct {
	As       string `default:"service" placeholder:"KIND" help:"What to read the lines as: service, date-past, date-future, phone, pin, vehicle, imei, age, height, amount, fir, yesno or station."`
	Now      string `placeholder:"RFC3339" help:"The time that dates are seen from. Unset: now."`
	District string `placeholder:"NAME" help:"For --as station: the district in which names are looked for first."`
}

// reject is said of a line that is no such value.
const reject = "reject"

// longestLine is the longest line that is read, in bytes.
const longestLine = 1 << 20

// Run reads lines and writes a JSON object for each.
func (u *understandCommand) Run() error {
	read, err := u.reader()
	if err != nil {
		return err
	}
	return understandLines(os.Stdin, os.Stdout, read)
}

func understandLines(in io.Reader, out io.Writer, read func(string) any) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestLine)
	buffered := bufio.NewWriter(out)
	write := json.NewEncoder(buffered)
	write.SetEscapeHTML(false)
	for lines.Scan() {
		if err := write.Encode(read(lines.Text())); err != nil {
			return fmt.Errorf("writing: %w", err)
		}
		if err := buffered.Flush(); err != nil { // a person may be waiting for each answer
			return fmt.Errorf("writing: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading standard input: %w", err)
	}
	return nil
}

// understood is what is written of a line.
type understood struct {
	Text  string `json:"text"`
	Value string `json:"value"`
}

// reader gives the function that reads a line as the wanted kind.
func (u *understandCommand) reader() (func(string) any, error) {
	now := time.Now()
	if u.Now != "" {
		var err error
		if now, err = time.Parse(time.RFC3339, u.Now); err != nil {
			return nil, wrong("--now %q is no time; an example: 2025-12-06T10:00:00+05:30", u.Now)
		}
	}
	switch u.As {
	case "service":
		return serviceOf, nil
	case "station":
		return u.stations()
	}
	values := values(now.In(india))
	value, ok := values[u.As]
	if !ok {
		kinds := []string{"service", "station"}
		for kind := range values {
			kinds = append(kinds, kind)
		}
		slices.Sort(kinds)
		return nil, wrong("--as %q is none of %s", u.As, strings.Join(kinds, ", "))
	}
	return func(line string) any {
		v, ok := value(line)
		if !ok {
			v = reject
		}
		return understood{line, v}
	}, nil
}

// serviceOf says which service a line asks for, and whether it tells of present danger.
func serviceOf(line string) any {
	id, score := hindi.Service(line)
	return struct {
		Text    string  `json:"text"`
		Service string  `json:"service"`
		Score   float64 `json:"score"`
		Danger  bool    `json:"danger"`
	}{line, id, math.Round(score*100) / 100, hindi.Danger(line)}
}

// values are the readers of one answer, by kind.
func values(now time.Time) map[string]func(string) (string, bool) {
	date := func(tense hindi.Tense) func(string) (string, bool) {
		return func(s string) (string, bool) {
			r, ok := hindi.Date(s, now, tense)
			day, _, _ := strings.Cut(r.Value, "T") // without the time of day
			return day, ok
		}
	}
	number := func(read func(string) (int, bool)) func(string) (string, bool) {
		return func(s string) (string, bool) {
			n, ok := read(s)
			return strconv.Itoa(n), ok
		}
	}
	return map[string]func(string) (string, bool){
		"date-past": date(hindi.Past), "date-future": date(hindi.Future),
		"phone": hindi.Phone, "pin": hindi.Pin, "vehicle": hindi.Vehicle, "imei": hindi.IMEI, "fir": hindi.FIR,
		"age": number(hindi.Age), "height": number(hindi.Height), "amount": number(hindi.Amount),
		"yesno": func(s string) (string, bool) {
			yes, ok := hindi.YesNo(s)
			if yes {
				return "yes", ok
			}
			return "no", ok
		},
	}
}
