// Package paper makes the papers that people take home: receipts, reports and certificates, as PDF files
// that are correct in Hindi for the eye, for searching and copying, and for screen readers.
//
// A paper goes through three hands. A setter (words.go) turns texts into the shapes that letters take beside
// each other and breaks them into lines. A sheet (sheet.go) lays lines, tables and the QR code out on pages.
// The last (pdf.go, embed.go, subset.go, structure.go) writes the file, with the parts of the fonts that it uses.
//
// The QR code leads to /verify/{code} (code.go, verify.go), where anybody can see whether a paper is the
// program's own, and nothing about the person who carries it.
package paper

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"nagrik/bot"
)

// Press makes papers. Its methods may be called from any goroutine.
type Press struct {
	texts   bot.Texts
	faces   [weights]typeface
	setters sync.Pool
}

// New makes a press whose own words are the texts "paper.*".
func New(texts bot.Texts) (*Press, error) {
	faces, err := typefaces()
	if err != nil {
		return nil, err
	}
	p := &Press{texts: texts, faces: faces}
	p.setters.New = func() any { return newSetter(&p.faces) }
	return p, nil
}

// Document is a paper of any kind. Emoji in its texts are not drawn; line breaks in them begin paragraphs,
// and paragraphs like "1. …" are set as a list.
type Document struct {
	Lang      string // of the paper's own words, "" for Hindi
	Title     string // "खोए सामान की रिपोर्ट"
	Subtitle  string
	Number    string // of the filing, set large in groups for reading out; "" if there is none
	Name      string // in place of the number where it has one of another kind: "FIR 123/2026"
	Watermark string // large behind the first page and all others; what follows its first line is smaller
	Facts     []Row  // beside the number
	Sections  []Section
	Signature *Signature
	Issued    time.Time
	Address   string // where the paper can be checked (the QR code), "" for a paper that is not recorded
	Hash      string // of the content, as Short gives it, to compare with what that address shows
}

// Row is a line of a table.
type Row struct{ Label, Value string }

// Section is a part of a paper under a heading of its own: paragraphs, and then a table.
type Section struct {
	Heading string
	Text    string
	Rows    []Row
	Weighty bool // marked with a bar beside it
}

// Signature is the place where an officer signs by hand.
type Signature struct{ Name, Post, Place string }

// Document makes a paper, on one page where it fits. The same document gives the same bytes.
func (p *Press) Document(d Document) ([]byte, error) {
	if d.Lang == "" {
		d.Lang = "hi"
	}
	setter := p.setters.Get().(*setter)
	defer func() {
		setter.forget()
		p.setters.Put(setter)
	}()
	paper, err := p.fit(setter, &d)
	if err != nil {
		return nil, err
	}
	return paper.print()
}

// The scales that a paper is set in. Usual text has 11 points. A short paper is set larger, for old eyes; a
// little smaller is better than a second page with three lines on it.
var (
	usual   = 1.0
	larger  = []float64{1.2, 1.1}
	smaller = []float64{0.95, 0.9}
)

// fit lays a document out on one page, or on several where it is long.
func (p *Press) fit(setter *setter, d *Document) (*sheet, error) {
	paper, err := p.layOut(setter, d, usual)
	if err != nil || len(paper.pages) > 2 {
		return paper, err
	}
	others := larger
	if len(paper.pages) > 1 {
		others = smaller
	}
	for _, scale := range others {
		other, err := p.layOut(setter, d, scale)
		if err != nil || len(other.pages) == 1 {
			return other, err
		}
	}
	return paper, nil
}

// print writes the file.
func (s *sheet) print() ([]byte, error) {
	f := newPDFFile()
	for _, p := range s.pages {
		p.ref = f.reserve()
	}
	var resources string
	for w, font := range s.fonts.used {
		if font == nil {
			continue
		}
		r, err := font.write(f)
		if err != nil {
			return nil, err
		}
		resources += fmt.Sprintf(" /F%d %v", w, r)
	}
	tree := f.reserve()
	var kids []ref
	for i, p := range s.pages {
		content, err := f.stream(p.content.Bytes(), "")
		if err != nil {
			return nil, err
		}
		var links []ref
		for _, l := range p.links {
			links = append(links, f.add("<< /Type /Annot /Subtype /Link /Rect [%s %s %s %s] /Border [0 0 0] /F 4 /Contents %s "+
				"/A << /S /URI /URI %s >> >>", points(l.x), points(sheetHeight-l.y-l.height), points(l.x+l.width), points(sheetHeight-l.y),
				textString(l.words), asciiString(l.address)))
		}
		f.write(p.ref, "<< /Type /Page /Parent %v /MediaBox [0 0 %s %s] /Resources << /Font <<%s >> >> /Contents %v "+
			"/StructParents %d /Tabs /S /Annots %v >>", tree, points(sheetWidth), points(sheetHeight), resources, content, i, links)
		kids = append(kids, p.ref)
	}
	f.write(tree, "<< /Type /Pages /Kids %v /Count %d >>", kids, len(kids))
	structure := writeStructure(f, s.root, s.pages)
	language := map[string]string{"hi": "hi-IN", "en": "en-IN"}[s.doc.Lang]
	if language == "" {
		language = "hi-IN"
	}
	catalog := f.add("<< /Type /Catalog /Version /1.7 /Pages %v /Lang (%s) /MarkInfo << /Marked true >> /StructTreeRoot %v "+
		"/ViewerPreferences << /DisplayDocTitle true >> >>", tree, language, structure)
	title := slices.DeleteFunc([]string{clean(s.doc.Title), clean(cmp.Or(s.doc.Name, s.doc.Number))}, func(s string) bool { return s == "" })
	info := f.add("<< /Title %s /Producer (Nagrik) /CreationDate %s >>", textString(joined(title)), pdfDate(s.doc.Issued))
	return f.finish(catalog, info), nil
}

// say gives a text of the paper's own.
func (p *Press) say(lang, id string, data map[string]any) string {
	words, ok := p.texts.Text(lang, id, data)
	if !ok {
		return id
	}
	return words
}
