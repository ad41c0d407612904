package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// report is what a run found.
type report struct {
	rows []row
	took time.Duration
}

// row is a line of the table.
type row struct {
	name    string
	count   int
	zero    bool // the run failed if it is not 0
	details []string
}

// note adds a count that may be anything.
func (r *report) note(name string, count int) { r.rows = append(r.rows, row{name: name, count: count}) }

// must adds a count that has to be 0: of the given details.
func (r *report) must(name string, details ...string) {
	r.rows = append(r.rows, row{name, len(details), true, details})
}

// count gives the count of a row, 0 if there is no such row.
func (r *report) count(name string) int {
	for _, row := range r.rows {
		if row.name == name {
			return row.count
		}
	}
	return 0
}

// failed says whether something is not 0 that has to be.
func (r *report) failed() bool {
	if r == nil {
		return false
	}
	for _, row := range r.rows {
		if row.zero && row.count != 0 {
			return true
		}
	}
	return false
}

// shownDetails is how many details are printed of a row.
const shownDetails = 10

// print prints the table, and details of what is wrong: everybody in it is made up.
func (r *report) print(out io.Writer) {
	line := strings.Repeat("-", 62)
	for _, zero := range []bool{false, true} {
		_, _ = fmt.Fprintln(out, line)
		for _, row := range r.rows {
			if row.zero != zero {
				continue
			}
			mark := ""
			if zero && row.count != 0 {
				mark = "  <-- must be 0"
			}
			_, _ = fmt.Fprintf(out, "%-50s %11d%s\n", row.name, row.count, mark)
		}
	}
	_, _ = fmt.Fprintln(out, line)
	for _, row := range r.rows {
		if !row.zero || row.count == 0 {
			continue
		}
		_, _ = fmt.Fprintf(out, "%s:\n", row.name)
		for _, d := range row.details[:min(len(row.details), shownDetails)] {
			_, _ = fmt.Fprintf(out, "  %s\n", d)
		}
	}
	verdict := "all is well"
	if r.failed() {
		verdict = "FAILED"
	}
	_, _ = fmt.Fprintf(out, "%s after %.0f s\n", verdict, r.took.Seconds())
}
