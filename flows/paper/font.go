package paper

import (
	"bytes"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
)

// fontFiles is Noto Sans Devanagari 2.006 (see OFL.txt): it has Latin letters, ₹ and quotes too, so
// that one font sets a whole paper.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

// weight is how bold a text is.
type weight uint8

const (
	regular weight = iota
	bold
	weights
)

var fontNames = [weights]string{regular: "NotoSansDevanagari-Regular", bold: "NotoSansDevanagari-Bold"}

// unitsPerEm is the grid that the letters are drawn on. It is the unit of PDF's glyph widths as well, so
// what is measured in one is written in the other without rounding.
const unitsPerEm = 1000

// typeface is a font file, read once.
type typeface struct {
	name   string
	font   *font.Font
	tables map[string][]byte // those that a PDF needs, as they are in the file
}

// embedded are the tables of a TrueType font that a PDF needs, in the order of a font file.
var embedded = []string{"glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"}

var typefaces = sync.OnceValues(func() (faces [weights]typeface, err error) {
	for w, name := range fontNames {
		if faces[w], err = readTypeface(name); err != nil {
			return faces, fmt.Errorf("reading the font %s: %w", name, err)
		}
	}
	return faces, nil
})

func readTypeface(name string) (typeface, error) {
	data, err := fontFiles.ReadFile("fonts/" + name + ".ttf")
	if err != nil {
		return typeface{}, err
	}
	loader, err := opentype.NewLoader(bytes.NewReader(data))
	if err != nil {
		return typeface{}, err
	}
	t := typeface{name: name, tables: make(map[string][]byte)}
	for _, tag := range embedded {
		if t.tables[tag], err = loader.RawTable(opentype.MustNewTag(tag)); err != nil {
			return typeface{}, fmt.Errorf("table %s: %w", tag, err)
		}
	}
	if t.font, err = font.NewFont(loader); err != nil {
		return typeface{}, err
	}
	// The subset and the widths are written for such a font only.
	if t.font.Upem() != unitsPerEm || t.longOffsets() || len(t.tables["loca"]) != 2*(t.glyphs()+1) || len(t.tables["hmtx"]) != 4*t.glyphs() {
		return typeface{}, errors.New("it is not drawn on a grid of 1000 with short offsets and a width for each glyph")
	}
	return t, nil
}

func (t *typeface) longOffsets() bool { return binary.BigEndian.Uint16(t.tables["head"][50:]) != 0 }

func (t *typeface) glyphs() int { return int(binary.BigEndian.Uint16(t.tables["maxp"][4:])) }

// outline is what the font file has of a glyph: nothing for a blank.
func (t *typeface) outline(id uint16) []byte {
	loca := t.tables["loca"][2*int(id):]
	return t.tables["glyf"][2*int(binary.BigEndian.Uint16(loca)) : 2*int(binary.BigEndian.Uint16(loca[2:]))]
}
