package sheets

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	marked "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Problem is something wrong with a file: what stands in a cell is not repeated, it may be a name.
type Problem struct {
	Line   int    // in the file, its header is 1
	Column string // "" if the whole line is meant
	Reason string
}

// String is the problem in one line.
func (p Problem) String() string {
	if p.Column == "" {
		return fmt.Sprintf("line %d: %s", p.Line, p.Reason)
	}
	return fmt.Sprintf("line %d, column %s: %s", p.Line, p.Column, p.Reason)
}

// FileError says that a file cannot be read as a table at all.
type FileError struct{ Reason string }

// Error is the reason.
func (e *FileError) Error() string { return e.Reason }

func unreadable(format string, a ...any) error { return &FileError{fmt.Sprintf(format, a...)} }

const (
	longestRow  = 1 << 20 // bytes: more is a quotation mark that is never closed
	longestCell = 5000    // letters, where a column says nothing else
	peeked      = 4096    // bytes by which a file's form is told
)

// table reads a file of cells row by row, whatever spreadsheet wrote it: UTF-8 with or without a mark,
// or UTF-16; commas, semicolons or tabs; any line ends.
type table struct {
	rows   *csv.Reader
	within *rowLimit
	place  []int // for each field of a row, its column; -1 for a field without a name, which must be empty
	width  int   // columns
	line   int   // of the row that was read last
}

// row is one line of a file, its cells in the order of the kind's columns, trimmed.
type row struct {
	line  int
	cells []string
}

// openTable reads the header. A file that is no table of these columns is a *FileError.
func openTable(file io.Reader, columns []Column) (*table, error) {
	text, err := decoded(file)
	if err != nil {
		return nil, err
	}
	first, err := text.Peek(peeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	if len(bytes.TrimSpace(first)) == 0 && errors.Is(err, io.EOF) {
		return nil, unreadable("the file is empty; its first line must name the columns")
	}
	t := &table{within: &rowLimit{from: text}, width: len(columns)}
	t.rows = csv.NewReader(t.within)
	t.rows.FieldsPerRecord = -1
	t.rows.Comma = separator(first)
	header, err := t.read()
	if err == nil && header[0] == "sep=" { // Excel's own first line
		header, err = t.read()
	}
	if err != nil {
		return nil, unreadable("the first line, which must name the columns, cannot be read: %s", reasonOf(err))
	}
	return t, t.readHeader(header, columns)
}

// readHeader finds the columns by their names.
func (t *table) readHeader(header []string, columns []Column) error {
	t.place = make([]int, len(header))
	seen := map[string]bool{}
	for i, field := range header {
		if !utf8.ValidString(field) {
			return notUTF8(1)
		}
		name := strings.ToLower(strings.Join(strings.FieldsFunc(trim(field), func(r rune) bool { return unicode.IsSpace(r) || r == '-' || r == '_' }), "_"))
		t.place[i] = slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
		switch {
		case name == "": // an empty column beside the table
		case t.place[i] < 0:
			return unreadable("column %d of the first line is none that this kind has; it has %s", i+1, names(columns))
		case seen[name]:
			return unreadable("the first line has the column %s twice", name)
		}
		seen[name] = true
	}
	for _, c := range columns {
		if c.Must && !seen[c.Name] {
			return unreadable("the first line lacks the column %s; it has to have %s", c.Name,
				names(slices.DeleteFunc(slices.Clone(columns), func(c Column) bool { return !c.Must })))
		}
	}
	return nil
}

// next reads the next row that is not blank; io.EOF at the end. Problems are of this row alone, and the
// next one can be read after them; any other error ends the file.
func (t *table) next() (row, []Problem, error) {
	for {
		fields, err := t.read()
		var parse *csv.ParseError
		switch {
		case errors.As(err, &parse):
			return row{line: parse.StartLine}, []Problem{{Line: parse.StartLine, Reason: reasonOf(err)}}, nil
		case errors.Is(err, errLongRow):
			return row{}, nil, unreadable("line %d is longer than %d bytes: is a quotation mark not closed?", t.line+1, longestRow)
		case err != nil:
			return row{}, nil, err
		case slices.ContainsFunc(fields, func(f string) bool { return !utf8.ValidString(f) }):
			return row{}, nil, notUTF8(t.line)
		}
		r, problems := t.cells(fields)
		if len(problems) > 0 || slices.ContainsFunc(r.cells, func(c string) bool { return c != "" }) {
			return r, problems, nil
		}
	}
}

// cells puts a line's fields into the order of the columns.
func (t *table) cells(fields []string) (row, []Problem) {
	r := row{line: t.line, cells: make([]string, t.width)}
	var problems []Problem
	wrong := func(reason string, a ...any) {
		problems = append(problems, Problem{Line: r.line, Reason: fmt.Sprintf(reason, a...)})
	}
	if len(fields) < len(t.place) && len(fields) > 1 {
		wrong("it has %d cells, and the first line has %d", len(fields), len(t.place))
	}
	for i, field := range fields {
		cell := plainCell(trim(field))
		switch {
		case strings.ContainsRune(field, 0):
			wrong("cell %d has a NUL byte in it", i+1)
		case strings.ContainsFunc(field, strange):
			wrong("cell %d has a control character in it", i+1)
		case i >= len(t.place), t.place[i] < 0:
			if cell != "" {
				wrong("cell %d stands under no column", i+1)
			}
		default:
			r.cells[t.place[i]] = strings.ReplaceAll(cell, "\r", "\n")
		}
	}
	return r, problems
}

// read reads the fields of a line.
func (t *table) read() ([]string, error) {
	t.within.read = 0
	fields, err := t.rows.Read()
	if err == nil {
		t.line, _ = t.rows.FieldPos(0)
	}
	return fields, err
}

// strange tells control characters that no text has.
func strange(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) }

// trim takes away spaces, and the mark that some programs write before a text.
func trim(cell string) string { return strings.TrimSpace(strings.Trim(cell, "\ufeff\u200b")) }

func reasonOf(err error) string {
	switch {
	case errors.Is(err, csv.ErrQuote):
		return `a quotation mark is not closed, or text goes on after the closing one; within "..." it is written twice`
	case errors.Is(err, csv.ErrBareQuote):
		return `a quotation mark stands inside of a cell; write the cell as "..." and the mark twice`
	}
	return err.Error()
}

// rowLimit stops reading when one row takes too much.
type rowLimit struct {
	from io.Reader
	read int // since the last row
	all  int64
}

var errLongRow = errors.New("the row is too long")

// Read is io.Reader's.
func (l *rowLimit) Read(p []byte) (int, error) {
	if l.read > longestRow {
		return 0, errLongRow
	}
	n, err := l.from.Read(p)
	l.read, l.all = l.read+n, l.all+int64(n)
	return n, err
}

// decoded gives the file as UTF-8 without a mark, and refuses what is no text.
func decoded(file io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(file, peeked)
	first, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	starts := func(mark string) bool { return bytes.HasPrefix(first, []byte(mark)) }
	switch {
	case starts("\xef\xbb\xbf"):
		_, _ = in.Discard(3)
	case starts("\xff\xfe\x00\x00"), starts("\x00\x00\xfe\xff"):
		return bufio.NewReaderSize(utf32.UTF32(utf32.BigEndian, utf32.ExpectBOM).NewDecoder().Reader(in), peeked), nil
	case starts("\xff\xfe"), starts("\xfe\xff"):
		return bufio.NewReaderSize(marked.UTF16(marked.BigEndian, marked.ExpectBOM).NewDecoder().Reader(in), peeked), nil
	case starts("PK\x03\x04"), starts("\xd0\xcf\x11\xe0"):
		return nil, unreadable(`the file is a spreadsheet's own format, not CSV; save it as "CSV UTF-8"`)
	case len(first) == 4 && bytes.Count(first, []byte{0}) == 2:
		return nil, unreadable(`the file seems to be UTF-16 without a mark; save it as "CSV UTF-8"`)
	}
	return in, nil
}

// notUTF8 is what is said of Latin-1 and its like: no Hindi can be in them, so what they show is not
// what was written.
func notUTF8(line int) error {
	return unreadable(`line %d is not in UTF-8 (it may be Windows-1252 or Latin-1, which have no Hindi); save the file as "CSV UTF-8"`, line)
}

// separator tells what stands between the cells, by the first line.
func separator(first []byte) rune {
	line, _, _ := bytes.Cut(first, []byte("\n"))
	if rest, ok := bytes.CutPrefix(line, []byte("sep=")); ok && len(rest) > 0 {
		return rune(rest[0])
	}
	best, most := ',', 0
	for _, c := range ",;\t|" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}
