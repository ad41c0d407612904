package sheets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/flows"
	"nagrik/store"
)

// Importer brings lists of the police into the records.
type Importer struct {
	Store  *store.Store
	Places *flows.Stations
	Texts  bot.Texts
	Now    func() time.Time // in the zone of the citizens
	By     string           // for the audit: who does it
	DryRun bool
	// Photo takes the picture of a name in, and gives what is known of it; in a dry run it looks at it.
	Photo    func(ctx context.Context, name string) (store.Media, error)
	Progress func(Progress) // may be nil
}

// Progress is how far an import is.
type Progress struct {
	Lines   int   // that were checked
	Read    int64 // bytes of the file
	Written int   // entries, once all lines were checked and are right
	Of      int
}

// Report is what an import found and did.
type Report struct {
	Lines int // below the header
	store.Imported
	Restricted int       // FIRs that are not to be published, by their sections, though the file does not say so
	Problems   []Problem // the first of them, by line
	Wrong      int       // lines with problems; nothing was written if there are any
}

// PhotoError says why a picture is not taken; its text does not name the picture.
type PhotoError struct{ Reason string }

// Error is the reason.
func (e *PhotoError) Error() string { return e.Reason }

const (
	shownProblems = 100
	batchLines    = 1000 // of records, at once in memory
)

// errWrong takes back an import that has wrong lines.
var errWrong = errors.New("sheets: the file has wrong lines")

// Import imports a file. A file that is no table of this kind is a *FileError; wrong lines are in the
// Report. In both cases nothing was written.
func (m *Importer) Import(ctx context.Context, kind Kind, file io.Reader) (Report, error) {
	t, err := openTable(file, kind.Columns)
	if err != nil {
		return Report{}, err
	}
	r := &run{Importer: m, kind: kind, table: t, now: m.Now(), columns: map[string]int{}}
	for n, c := range kind.Columns {
		r.columns[c.Name] = n
	}
	options := store.ImportOptions{What: kind.Name, By: m.By, DryRun: m.DryRun, Written: func(written, of int) {
		r.progress(Progress{Written: written, Of: of})
	}}
	r.report.Imported, err = m.Store.Import(ctx, options, func(i *store.Import) error { return r.read(ctx, i) })
	if r.report.Wrong > 0 {
		r.report.Imported = store.Imported{}
	}
	if errors.Is(err, errWrong) {
		err = nil
	}
	slices.SortStableFunc(r.report.Problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	r.report.Problems = r.report.Problems[:min(len(r.report.Problems), shownProblems)]
	return r.report, err
}

// run is one import.
type run struct {
	*Importer
	kind    Kind
	table   *table
	now     time.Time
	columns map[string]int // by name, the place in a row
	report  Report
}

// lineReader makes entries of a kind of lines and stages them.
type lineReader interface {
	// add reads a row, to be staged if it has no problems, and no row before it had.
	add(ctx context.Context, r row) (key string, problems []Problem, err error)
	// stage gives the rows that were added since to the import.
	stage(ctx context.Context, i *store.Import) error
}

// read reads the whole file, and goes on after wrong lines: then for their reasons alone.
func (r *run) read(ctx context.Context, i *store.Import) error {
	reader := r.reader()
	var keys []store.ImportKey
	flush := func() error {
		if err := i.Keys(ctx, keys); err != nil {
			return err
		}
		keys = keys[:0]
		r.progress(Progress{Lines: r.report.Lines, Read: r.table.within.all})
		if r.report.Wrong > 0 {
			return nil
		}
		return reader.stage(ctx, i)
	}
	for {
		row, problems, err := r.table.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		r.report.Lines++
		if len(problems) == 0 {
			var key string
			if key, problems, err = reader.add(ctx, row); err != nil {
				return err
			}
			if key != "" {
				keys = append(keys, store.ImportKey{Line: row.line, Key: key})
			}
		}
		r.wrong(problems)
		if len(keys) == batchLines {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	repeats, err := i.Repeats(ctx, shownProblems)
	if err != nil {
		return err
	}
	for _, repeat := range repeats {
		r.wrong([]Problem{{Line: repeat.Line, Reason: fmt.Sprintf("it has the same %s as line %d", r.kind.Key, repeat.First)}})
	}
	if r.report.Wrong > 0 {
		return errWrong
	}
	return nil
}

// reader is for the run's kind.
func (r *run) reader() lineReader {
	switch {
	case r.kind.Record != "":
		return &recordReader{run: r}
	case r.kind.Name == "firs":
		return &firReader{run: r, read: map[string]sections{}}
	default:
		return &stationReader{run: r}
	}
}

// wrong notes the problems of a line.
func (r *run) wrong(problems []Problem) {
	if len(problems) == 0 {
		return
	}
	r.report.Wrong++
	if len(r.report.Problems) < shownProblems {
		r.report.Problems = append(r.report.Problems, problems...)
	}
}

func (r *run) progress(p Progress) {
	if r.Progress != nil {
		r.Progress(p)
	}
}

// cell is a row's cell by the name of its column.
func (r *run) cell(row row, column string) string { return row.cells[r.columns[column]] }

// content is all that a row says, in one form whatever the order of the file's columns; of its pictures
// what they are, not what they are called. An empty cell says nothing: so a column that is new in the
// program changes no line of an old file.
func (r *run) content(row row, media []store.Media) string {
	var b strings.Builder
	for n, c := range r.kind.Columns {
		if row.cells[n] != "" && c.Name != photosColumn.Name {
			fmt.Fprintf(&b, "%s=%q\n", c.Name, row.cells[n])
		}
	}
	return b.String() + strings.Join(mediaIDs(media), "\n")
}

// check collects the problems of one row.
type check struct {
	run      *run
	row      row
	problems []Problem
}

func (c *check) wrong(column, reason string, a ...any) {
	c.problems = append(c.problems, Problem{Line: c.row.line, Column: column, Reason: fmt.Sprintf(reason, a...)})
}

// text is a cell of at most so many letters, which may have to be there.
func (c *check) text(column string, longest int) string {
	cell := c.run.cell(c.row, column)
	if n := len([]rune(cell)); n > longest {
		c.wrong(column, "it has %d letters, more than %d", n, longest)
	}
	if cell == "" && c.run.kind.Columns[c.run.columns[column]].Must {
		c.wrong(column, "it is empty, and must not be")
	}
	return cell
}

// station is the code of a station that there is.
func (c *check) station() string {
	code := c.text("station", longestCode)
	if _, ok := c.run.Places.Station(code); !ok && code != "" {
		c.wrong("station", "no station has this code; `nagrik understand --as station` finds codes by name")
	}
	return code
}

// district is the code of a police district that there is.
func (c *check) district() string {
	code := c.text("district", longestCode)
	if _, ok := c.run.Places.District(code); !ok && code != "" {
		c.wrong("district", "no police district has this code: it is the first four digits of its stations' codes")
	}
	return code
}

// day is a day that was.
func (c *check) day(column string) time.Time {
	cell := c.text(column, longestCode)
	if cell == "" {
		return time.Time{}
	}
	day, ok := bot.TableDay(cell)
	at, err := time.Parse(time.DateOnly, day)
	switch {
	case !ok || err != nil:
		c.wrong(column, "it is no day; write 2026-03-14 or 14/03/2026")
	case day > c.run.now.Format(time.DateOnly):
		c.wrong(column, "it is a day that is still to come")
	}
	return at
}

const (
	longestCode = 60
	longestKey  = 200
)
