package sheets

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever a cell is, it begins no formula once it is harmless, and comes back as it was.
func TestHarmlessCellsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOf(rapid.SampledFrom([]rune("'=+-@\t\r\n＝a1 क"))).Draw(t, "cell")
		safe := harmless(cell)
		if safe != "" && strings.ContainsAny(safe[:1], "=+-@\t\r\n") || strings.HasPrefix(safe, "＝") {
			t.Fatalf("%q begins a formula", safe)
		}
		if back := plainCell(safe); back != cell {
			t.Fatalf("%q became %q", cell, back)
		}
	})
}
