// Package papertest reads the PDF files of package paper as their readers do: the eye that draws a page, the search
// that goes by the fonts, the screen reader that goes by the structure, and the phone that reads the QR code.
package papertest

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// Paper is a PDF file that was read. Its objects were found by the file's own table, and its text in both ways that
// readers do: by the text that words carry, and by the fonts' tables alone.
type Paper struct {
	Data  []byte
	Pages []Page

	t       testing.TB
	offsets []int
	fonts   map[string]map[int]string // by resource name: text of each code
}

// Page is one page.
type Page struct {
	Content string   // the drawing
	Lines   []string // in the order drawn

	t             testing.TB
	ref           int
	width, height float64
	marks         map[int]*marked
}

// marked is the text of a marked content, once by what words carry and once by the fonts.
type marked struct{ carried, shown strings.Builder }

// Element is a part of the paper's structure.
type Element struct {
	Tag            string
	Carried, Shown string // the text that its words carry, and what the fonts say that is shown
	Parts          []Element
}

var (
	tokenForm     = regexp.MustCompile(`<<|>>|<[0-9a-fA-F]*>|\[|\]|/[^\s<>\[\]/()]+|\([^)]*\)|[^\s<>\[\]/()]+`)
	pagesForm     = regexp.MustCompile(`/Pages (\d+) 0 R`)
	lengthForm    = regexp.MustCompile(`/Length (\d+)`)
	contentsForm  = regexp.MustCompile(`/Contents (\d+) 0 R`)
	unicodeForm   = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	structureForm = regexp.MustCompile(`/StructTreeRoot (\d+) 0 R`)
	topForm       = regexp.MustCompile(`/K (\d+) 0 R`)
	tagForm       = regexp.MustCompile(`/S /(\w+)`)
	refForm       = regexp.MustCompile(`(\d+) 0 R`)
	rootForm      = regexp.MustCompile(`/Root (\d+) 0 R`)
	codeForm      = regexp.MustCompile(`(?m)^<([0-9a-f]{4})> <([0-9a-f]*)>$`)
	fontForm      = regexp.MustCompile(`/(F\d) (\d+) 0 R`)
	mediaForm     = regexp.MustCompile(`/MediaBox \[0 0 (\S+) (\S+)\]`)
	kidForm       = regexp.MustCompile(`/MCR /Pg (\d+) 0 R /MCID (\d+)|(\d+) 0 R`)
)

// Read reads a file, and fails the test where it is not as it must be.
func Read(t testing.TB, data []byte) *Paper {
	t.Helper()
	r := &Paper{t: t, Data: data, fonts: map[string]map[int]string{}}
	tail := string(data[max(0, len(data)-64):])
	start, err := strconv.Atoi(strings.Fields(tail[strings.LastIndex(tail, "startxref"):])[1])
	if err != nil || !bytes.HasPrefix(data[start:], []byte("xref\n0 ")) {
		t.Fatalf("the table of objects is not where the file says")
	}
	for i, line := range strings.Split(string(data[start:]), "\n")[2:] {
		if strings.HasPrefix(line, "trailer") {
			break
		}
		if len(line) != 19 {
			t.Fatalf("line %d of the table of objects has %d letters, want 19 and the end", i, len(line))
		}
		offset, _ := strconv.Atoi(line[:10])
		r.offsets = append(r.offsets, offset)
	}
	catalog, _ := r.object(r.number(rootForm, string(data[start:])))
	tree, _ := r.object(r.number(pagesForm, catalog))
	for _, kid := range refForm.FindAllStringSubmatch(tree, -1) {
		ref, _ := strconv.Atoi(kid[1])
		r.readPage(ref)
	}
	return r
}

// number is the number that a form finds.
func (r *Paper) number(form *regexp.Regexp, in string) int {
	r.t.Helper()
	found := form.FindStringSubmatch(in)
	if found == nil {
		r.t.Fatalf("no %v in %.200q", form, in)
	}
	n, _ := strconv.Atoi(found[1])
	return n
}

// object gives an object's dictionary and its unpacked stream.
func (r *Paper) object(ref int) (dictionary string, stream []byte) {
	r.t.Helper()
	if ref <= 0 || ref >= len(r.offsets) {
		r.t.Fatalf("there is no object %d", ref)
	}
	rest := r.Data[r.offsets[ref]:]
	head := []byte(strconv.Itoa(ref) + " 0 obj\n")
	if !bytes.HasPrefix(rest, head) {
		r.t.Fatalf("object %d is not where the table says", ref)
	}
	rest = rest[len(head):]
	end := bytes.Index(rest, []byte("\nendobj"))
	if at := bytes.Index(rest, []byte("\nstream\n")); at >= 0 && at < end {
		dictionary = string(rest[:at])
		length := r.number(lengthForm, dictionary)
		packed := rest[at+len("\nstream\n"):]
		if !bytes.HasPrefix(packed[length:], []byte("\nendstream\nendobj")) {
			r.t.Fatalf("the stream %d is not as long as it says", ref)
		}
		z, err := zlib.NewReader(bytes.NewReader(packed[:length]))
		if err != nil {
			r.t.Fatal(err)
		}
		if stream, err = io.ReadAll(z); err != nil {
			r.t.Fatal(err)
		}
		return dictionary, stream
	}
	return string(rest[:end]), nil
}

func (r *Paper) readPage(ref int) {
	dictionary, _ := r.object(ref)
	for _, f := range fontForm.FindAllStringSubmatch(dictionary, -1) {
		if r.fonts[f[1]] == nil {
			font, _ := strconv.Atoi(f[2])
			r.fonts[f[1]] = r.readFont(font)
		}
	}
	_, content := r.object(r.number(contentsForm, dictionary))
	p := Page{ref: ref, Content: string(content), t: r.t, marks: map[int]*marked{}}
	size := p.numbers(mediaForm.FindStringSubmatch(dictionary)[1:])
	p.width, p.height = size[0], size[1]
	p.read(r)
	r.Pages = append(r.Pages, p)
}

func (r *Paper) readFont(ref int) map[int]string {
	dictionary, _ := r.object(ref)
	_, table := r.object(r.number(unicodeForm, dictionary))
	texts := map[int]string{}
	for _, pair := range codeForm.FindAllStringSubmatch(string(table), -1) {
		code, _ := strconv.ParseInt(pair[1], 16, 32)
		texts[int(code)] = utf16Text(r.t, pair[2])
	}
	return texts
}

// read follows the drawing of a page.
func (p *Page) read(r *Paper) {
	var operands []string
	var open []string // what each open marked content is
	var font map[int]string
	var mark *marked
	carried, inSpan := "", false
	line := ""
	for _, token := range tokenForm.FindAllString(p.Content, -1) {
		switch token {
		case "Tf":
			font = r.fonts[operands[len(operands)-2][1:]]
		case "BDC", "BMC":
			tag := ""
			for i, o := range operands {
				switch o {
				case "/MCID":
					n, _ := strconv.Atoi(operands[i+1])
					mark = &marked{}
					p.marks[n] = mark
					tag = "mark"
				case "/ActualText":
					text := strings.Trim(operands[i+1], "<>")
					if !strings.HasPrefix(text, "feff") {
						r.t.Fatalf("the text %s of a word has no mark of its encoding", text)
					}
					carried, inSpan, tag = utf16Text(r.t, text[4:]), true, "span"
				case "/Artifact":
					tag = "artifact"
				}
			}
			open = append(open, tag)
		case "EMC":
			if len(open) == 0 {
				r.t.Fatal("a marked content ends that did not begin")
			}
			switch open[len(open)-1] {
			case "span":
				line += carried
				if mark != nil {
					mark.carried.WriteString(carried)
				}
				inSpan = false
			case "mark":
				mark = nil
			}
			open = open[:len(open)-1]
		case "TJ":
			for _, o := range operands {
				if !strings.HasPrefix(o, "<") {
					continue
				}
				code, err := strconv.ParseInt(strings.Trim(o, "<>"), 16, 32)
				text, known := font[int(code)]
				if err != nil || !known {
					r.t.Fatalf("the code %s has no text", o)
				}
				if mark != nil {
					mark.shown.WriteString(text)
				}
				if !inSpan {
					line += text
					if mark != nil {
						mark.carried.WriteString(text)
					}
				}
			}
		case "ET":
			p.Lines = append(p.Lines, line)
			line = ""
			if mark != nil {
				mark.carried.WriteString("\n")
				mark.shown.WriteString("\n")
			}
		case "BT", "re", "f", "rg", "g", "cm", "Tm", "Ts", "q", "Q":
		default:
			operands = append(operands, token)
			continue
		}
		operands = operands[:0]
	}
	if len(open) > 0 {
		r.t.Fatalf("%d marked contents never end", len(open))
	}
}

// Structure reads the paper as a screen reader does.
func (r *Paper) Structure() Element {
	r.t.Helper()
	start := bytes.LastIndex(r.Data, []byte("trailer"))
	catalog, _ := r.object(r.number(rootForm, string(r.Data[start:])))
	tree, _ := r.object(r.number(structureForm, catalog))
	return r.element(r.number(topForm, tree))
}

func (r *Paper) element(ref int) Element {
	dictionary, _ := r.object(ref)
	e := Element{Tag: tagForm.FindStringSubmatch(dictionary)[1]}
	_, kids, _ := strings.Cut(dictionary, "/K [")
	for _, kid := range kidForm.FindAllStringSubmatch(kids, -1) {
		if kid[3] != "" {
			part, _ := strconv.Atoi(kid[3])
			e.Parts = append(e.Parts, r.element(part))
			continue
		}
		page, _ := strconv.Atoi(kid[1])
		number, _ := strconv.Atoi(kid[2])
		for _, p := range r.Pages {
			if p.ref == page {
				mark := p.marks[number]
				if mark == nil {
					r.t.Fatalf("the structure names the mark %d, which page %d has not", number, page)
				}
				e.Carried += mark.carried.String()
				e.Shown += mark.shown.String()
			}
		}
	}
	return e
}

// Rows are the labels and values of all tables.
func (e Element) Rows() [][2]Element {
	if e.Tag == "TR" && len(e.Parts) == 2 {
		return [][2]Element{{e.Parts[0], e.Parts[1]}}
	}
	var rows [][2]Element
	for _, p := range e.Parts {
		rows = append(rows, p.Rows()...)
	}
	return rows
}

// Text is all that a structure says, part by part.
func (e Element) Text() string {
	text := e.Carried
	for _, p := range e.Parts {
		text += "\n" + p.Text()
	}
	return text
}

// utf16Text reads hexadecimal digits of UTF-16BE.
func utf16Text(t testing.TB, digits string) string {
	t.Helper()
	b, err := hex.DecodeString(digits)
	if err != nil || len(b)%2 != 0 {
		t.Fatalf("%q is no UTF-16", digits)
	}
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}

// OneLine is a text without what breaking it into lines adds.
func OneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Unbroken is a text without any blanks: words wider than a line are broken.
func Unbroken(text string) string { return strings.Join(strings.Fields(text), "") }
