package paper

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
)

// TestASubsetDrawsTheSame reads a subset as any reader of fonts does.
func TestASubsetDrawsTheSame(t *testing.T) {
	t.Parallel()
	p := press(t)
	s := newSetter(&p.faces)
	for w := range weights {
		whole := s.faces[w]
		used := newUsedFont(&p.faces[w])
		var ids []uint16
		for _, text := range []string{"क्षत्रिय", "श्रीकृष्ण", "ऑटो", "KS1234", "é", "“₹12,500”", "ज़िला", " "} {
			for _, g := range s.word(text, w).glyphs {
				ids = append(ids, g.id)
				if got, want := used.width(g.id), int(whole.HorizontalAdvance(font.GID(g.id))); got != want {
					t.Errorf("%s: the width of glyph %d is %d, want %d", text, g.id, got, want)
				}
			}
		}
		file := p.faces[w].subset(ids)
		if len(file) > 40<<10 {
			t.Errorf("the subset has %d bytes", len(file))
		}
		part, err := parseSubset(file, w)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range append(ids, 0) {
			if got, want := part.GlyphData(font.GID(id)), whole.GlyphData(font.GID(id)); !reflect.DeepEqual(got, want) {
				t.Errorf("glyph %d is drawn differently", id)
			}
		}
		unused, _ := whole.NominalGlyph('Q')
		if outline, ok := part.GlyphDataOutline(unused); ok && len(outline.Segments) > 0 {
			t.Error("a glyph that is not used is in the subset")
		}
	}
}

// parseSubset reads a subset. Readers of PDF ask for glyphs by number, but a reader of fonts wants the table of
// letters too: it is lent from the whole font.
func parseSubset(file []byte, w weight) (*font.Face, error) {
	whole, err := fontFiles.ReadFile("fonts/" + fontNames[w] + ".ttf")
	if err != nil {
		return nil, err
	}
	loader, err := opentype.NewLoader(bytes.NewReader(whole))
	if err != nil {
		return nil, err
	}
	cmap, err := loader.RawTable(opentype.MustNewTag("cmap"))
	if err != nil {
		return nil, err
	}
	part, err := opentype.NewLoader(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	tables := []opentype.Table{{Tag: opentype.MustNewTag("cmap"), Content: cmap}}
	for _, tag := range part.Tables() {
		content, err := part.RawTable(tag)
		if err != nil {
			return nil, err
		}
		tables = append(tables, opentype.Table{Tag: tag, Content: content})
	}
	return font.ParseTTF(bytes.NewReader(opentype.WriteTTF(tables)))
}
