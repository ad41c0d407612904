package paper

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
	"unicode/utf16"
)

// ref is the number of an object in a PDF file.
type ref int

func (r ref) String() string { return strconv.Itoa(int(r)) + " 0 R" }

// pdfFile is a PDF file (ISO 32000-1, version 1.7) on its way.
type pdfFile struct {
	buf     bytes.Buffer
	offsets []int // of object i+1
	packed  bytes.Buffer
	packer  *zlib.Writer
}

func newPDFFile() *pdfFile {
	f := &pdfFile{}
	f.packer = zlib.NewWriter(&f.packed)
	f.buf.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") // letters that no text file has, as the standard advises
	return f
}

// reserve gives an object its number before it is written.
func (f *pdfFile) reserve() ref {
	f.offsets = append(f.offsets, 0)
	return ref(len(f.offsets))
}

// write writes an object that was reserved.
func (f *pdfFile) write(r ref, format string, values ...any) {
	f.offsets[r-1] = f.buf.Len()
	fmt.Fprintf(&f.buf, "%d 0 obj\n", r)
	fmt.Fprintf(&f.buf, format, values...)
	f.buf.WriteString("\nendobj\n")
}

// add writes a new object.
func (f *pdfFile) add(format string, values ...any) ref {
	r := f.reserve()
	f.write(r, format, values...)
	return r
}

// stream writes a new object of packed data; more is what else its dictionary says.
func (f *pdfFile) stream(data []byte, more string) (ref, error) {
	f.packed.Reset()
	f.packer.Reset(&f.packed)
	if _, err := f.packer.Write(data); err != nil {
		return 0, fmt.Errorf("packing a stream: %w", err)
	}
	if err := f.packer.Close(); err != nil {
		return 0, fmt.Errorf("packing a stream: %w", err)
	}
	return f.raw(f.packed.Bytes(), "/Filter /FlateDecode "+more), nil
}

// raw writes a new object of data as they are.
func (f *pdfFile) raw(data []byte, dictionary string) ref {
	r := f.reserve()
	f.offsets[r-1] = f.buf.Len()
	fmt.Fprintf(&f.buf, "%d 0 obj\n<< /Length %d %s >>\nstream\n", r, len(data), dictionary)
	f.buf.Write(data)
	f.buf.WriteString("\nendstream\nendobj\n")
	return r
}

// finish writes the table of objects and gives the file.
func (f *pdfFile) finish(catalog, info ref) []byte {
	sum := sha256.Sum256(f.buf.Bytes())
	id := hex.EncodeToString(sum[:16])
	start := f.buf.Len()
	fmt.Fprintf(&f.buf, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, offset := range f.offsets {
		fmt.Fprintf(&f.buf, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&f.buf, "trailer\n<< /Size %d /Root %v /Info %v /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets)+1, catalog, info, id, id, start)
	return f.buf.Bytes()
}

// utf16Hex is a text in hexadecimal digits of UTF-16BE.
func utf16Hex(text string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return hex.EncodeToString(b)
}

// textString is a text as an object of a PDF; the mark in front says that it is UTF-16.
func textString(text string) string { return "<feff" + utf16Hex(text) + ">" }

// pdfDate is a time as PDF writes it.
func pdfDate(at time.Time) string { return at.UTC().Format("(D:20060102150405Z)") }

// points is a length in points, to a hundredth.
func points(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

// asciiString is an address as a string object of a PDF.
func asciiString(s string) string {
	return "<" + hex.EncodeToString([]byte(s)) + ">"
}
