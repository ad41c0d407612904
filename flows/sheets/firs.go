package sheets

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"nagrik/bot/hindi"
	"nagrik/flows/desk"
	"nagrik/store"
)

// firReader reads lines of FIRs. They are many, so they are read straight, and not by the desk's interview.
type firReader struct {
	*run
	lines []store.ImportFIR
	read  map[string]sections // by what stands in the cell: a million lines have few different ones
}

// sections are the sections of a cell in one form.
type sections struct {
	form        string
	ok          bool
	bns         bool
	unpublished bool
}

const (
	firstYear   = 1950
	mostNumber  = 9_999_999
	mostRead    = 20_000 // of firReader.read
	longestLaws = 300
	longestSaid = 2000
)

// bnsFrom is the day from which offences are of the BNS.
var bnsFrom = time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC)

func (x *firReader) add(_ context.Context, r row) (string, []Problem, error) {
	c := &check{run: x.run, row: r}
	f := store.ImportFIR{Line: r.line, On: c.day("date"), Summary: c.text("summary", longestSaid)}
	f.Station = c.station()
	f.Zero = c.yes("zero")
	f.Number, f.Year = c.number(f.On)
	x.law(c, &f)
	f.Informant = store.Profile{Name: c.text("informant", longestName), Father: c.text("father", longestName), Address: c.text("address", longestLaws)}
	if phone := c.text("phone", longestCode); phone != "" {
		var ok bool
		if f.Informant.Phone, ok = hindi.Phone(phone); !ok {
			c.wrong("phone", "it is no Indian mobile number; leave it empty if there is none")
		}
	}
	key := fmt.Sprintf("%s/%d/%d/%t", f.Station, f.Year, f.Number, f.Zero)
	if f.Station == "" || f.Year == 0 || f.Number == 0 {
		key = ""
	}
	if len(c.problems) == 0 && x.report.Wrong == 0 {
		f.Content = x.content(r, nil)
		x.lines = append(x.lines, f)
	}
	return key, c.problems, nil
}

// number is the FIR's number and year: "123" with a column for the year, or without one of the day's year,
// or "123/2026".
func (c *check) number(on time.Time) (number, year int) {
	cell, of := c.text("number", longestCode), c.text("year", longestCode)
	if first, second, both := strings.Cut(cell, "/"); both {
		if of != "" && of != second {
			c.wrong("year", "it is not the year that stands with the number")
		}
		cell, of = first, second
	}
	number, err := strconv.Atoi(hindi.Digits(cell))
	if cell != "" && (err != nil || number < 1 || number > mostNumber) {
		c.wrong("number", "it is no FIR's number, such as 123 or 123/2026")
		number = 0
	}
	if of == "" {
		return number, on.Year()
	}
	if year, err = strconv.Atoi(hindi.Digits(of)); err != nil || year < firstYear || year > c.run.now.Year() {
		c.wrong("year", "it is no year from %d to this one", firstYear)
		year = 0
	}
	return number, year
}

// yes reads yes or no; an empty cell is no.
func (c *check) yes(column string) bool {
	cell := c.text(column, longestCode)
	if cell == "" {
		return false
	}
	yes, ok := hindi.YesNo(cell)
	if !ok {
		c.wrong(column, "it is neither yes nor no")
	}
	return yes
}

// law reads the sections, and whether the law keeps the FIR from being published, whatever the list says.
func (x *firReader) law(c *check, f *store.ImportFIR) {
	cell := c.text("sections", longestLaws)
	if cell == "" {
		return
	}
	f.Restricted = c.yes("restricted")
	s, ok := x.read[cell]
	if !ok {
		s = readSections(cell)
		if len(x.read) == mostRead {
			clear(x.read)
		}
		x.read[cell] = s
	}
	switch {
	case !s.ok && x.cell(c.row, "restricted") == "":
		c.wrong("sections", "they cannot be read, such as BNS 303(2), 317(2); so say in the column restricted whether it may be published")
	case !s.ok:
		f.Sections = cell
	case s.bns && f.On.Before(bnsFrom) && !f.On.IsZero():
		c.wrong("sections", "before July 2024 there was no BNS; name the act, such as IPC 379")
	default:
		f.Sections = s.form
		if s.unpublished && !f.Restricted {
			f.Restricted = true
			x.report.Restricted++
		}
	}
}

func readSections(cell string) (s sections) {
	s.form, s.ok = hindi.Sections(cell)
	laws, _ := hindi.Laws(cell)
	for _, l := range laws {
		s.bns = s.bns || l.Act == "BNS"
	}
	s.unpublished = desk.Unpublished(cell)
	return s
}

func (x *firReader) stage(ctx context.Context, i *store.Import) error {
	defer func() { x.lines = x.lines[:0] }()
	return i.FIRs(ctx, x.lines)
}
