package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// usedFont is a font as one paper uses it. PDF readers find the text of a code (CID) in a table, so each
// pair of a shape and what it stands for gets a code of its own.
type usedFont struct {
	*typeface
	codes map[shapeText]uint16
	pairs []shapeText // of the code i+1
}

type shapeText struct {
	glyph uint16
	text  string
}

func newUsedFont(t *typeface) *usedFont {
	return &usedFont{typeface: t, codes: make(map[shapeText]uint16)}
}

// code gives the code of a glyph.
func (u *usedFont) code(g glyph) uint16 {
	pair := shapeText{g.id, g.text}
	code, ok := u.codes[pair]
	if !ok && len(u.pairs) < 0xfffe {
		u.pairs = append(u.pairs, pair)
		code = uint16(len(u.pairs))
		u.codes[pair] = code
	}
	return code
}

// width is a glyph's width as the font has it, in thousandths.
func (u *usedFont) width(id uint16) int {
	return int(binary.BigEndian.Uint16(u.tables["hmtx"][4*int(id):]))
}

// write puts the font into the file, with the outlines that are used and no others.
func (u *usedFont) write(f *pdfFile) (ref, error) {
	ids := make([]uint16, len(u.pairs))
	glyphOf := make([]byte, 2, 2*len(u.pairs)+2) // code 0 is the glyph 0
	var widths bytes.Buffer
	for i, pair := range u.pairs {
		ids[i] = pair.glyph
		glyphOf = binary.BigEndian.AppendUint16(glyphOf, pair.glyph)
		fmt.Fprintf(&widths, " %d", u.width(pair.glyph))
	}
	outlines := u.subset(ids)
	file, err := f.stream(outlines, fmt.Sprintf("/Length1 %d", len(outlines)))
	if err != nil {
		return 0, err
	}
	toGlyph, err := f.stream(glyphOf, "")
	if err != nil {
		return 0, err
	}
	toText, err := f.stream(u.toUnicode(), "")
	if err != nil {
		return 0, err
	}
	head, hhea := u.tables["head"], u.tables["hhea"]
	signed := func(b []byte) int16 { return int16(binary.BigEndian.Uint16(b)) }
	name := subsetTag(outlines) + "+" + u.name
	descriptor := f.add("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 "+
		"/Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %v >>", name,
		signed(head[36:]), signed(head[38:]), signed(head[40:]), signed(head[42:]), signed(hhea[4:]), signed(hhea[6:]), capHeight, file)
	descendant := f.add("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s "+
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "+
		"/FontDescriptor %v /CIDToGIDMap %v /DW 0 /W [1 [%s ]] >>", name, descriptor, toGlyph, &widths)
	return f.add("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%v] /ToUnicode %v >>",
		name, descendant, toText), nil
}

// capHeight is how high the font's capitals are.
const capHeight = 714

// subsetTag names a part of a font, so that readers do not take two different parts for the same font.
func subsetTag(outlines []byte) string {
	sum := sha256.Sum256(outlines)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

// toUnicode is the table that gives the text of each code. Where several glyphs make one text, the
// first has it; a reader that wants one for the others as well gets a letter of no width.
func (u *usedFont) toUnicode() []byte {
	const nothing = "\u200c"
	const perBlock = 100 // as many as the format allows
	const longest = 255  // bytes of UTF-16 are at most twice those of UTF-8, and 512 are allowed
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n")
	for start := 0; start < len(u.pairs); start += perBlock {
		block := u.pairs[start:min(start+perBlock, len(u.pairs))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for i, pair := range block {
			text := pair.text
			if text == "" {
				text = nothing
			}
			for len(text) > longest {
				_, size := utf8.DecodeLastRuneInString(text)
				text = text[:len(text)-size]
			}
			fmt.Fprintf(&b, "<%04x> <%s>\n", start+i+1, utf16Hex(text))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
