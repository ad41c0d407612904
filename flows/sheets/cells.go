package sheets

import (
	"regexp"
	"strings"
)

// A cell that begins like this is a formula to a spreadsheet, which runs it for whoever opens the file:
// what a citizen wrote must not. The wide letters are the same to some programs.
var formula = regexp.MustCompile("^'*[=+\\-@\t\r\n＝＋－＠]")

// harmless puts an apostrophe before what a spreadsheet would take for a formula. Every apostrophe that
// stands there already counts, so that plainCell takes away just this one.
func harmless(cell string) string {
	if formula.MatchString(cell) {
		return "'" + cell
	}
	return cell
}

// plainCell takes the apostrophe away that harmless, or a spreadsheet, put before a cell.
func plainCell(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && formula.MatchString(rest) {
		return rest
	}
	return cell
}
