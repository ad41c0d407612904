package bot

import (
	"slices"
	"strings"
	"time"

	"nagrik/bot/hindi"
)

// Row answers an interview from the cells of a table's row, as an import does: what the same questions
// would refuse in a chat is wrong in a table too. A cell that is empty skips its question.
type Row struct {
	Texts   Texts
	Service string                  // whose texts name the questions
	Now     time.Time               // in the zone of the citizens
	Cell    func(key string) string // what stands for a question; files by their media ids, with commas between
}

// WrongCell is a cell that is no answer to its question.
type WrongCell struct {
	Key    string // of the question
	Reason string // in English, without the cell's content
}

// Fill runs the interview over the row. Of the Filing it gives the answers, the names and what was
// given; its Given has a key for every question that was asked. With a wrong cell there is no filing to
// be made of it.
func (r Row) Fill(i Interview) (Filing, []WrongCell) {
	t := &turn{e: &Engine{Texts: r.Texts}, d: &Dialog{Lang: "en"}, service: &Service{ID: r.Service}, now: r.Now}
	t.d.Draft = Draft{ID: "AAAAAAAAAAAAAAAA", Service: r.Service}
	var wrong []WrongCell
	for {
		t.q = &Questions{draft: &t.d.Draft, now: r.Now}
		i.Ask(t.q)
		a := t.q.pending
		if a == nil {
			break
		}
		value, reason := t.readCell(a, strings.TrimSpace(r.Cell(a.key)))
		if reason == "" && !a.accepts(value) {
			reason = t.text("engine.wrong.date", nil) // the only answers that are read and still do not fit
		}
		if reason != "" {
			wrong = append(wrong, WrongCell{a.key, reason})
			if value = ""; !a.optional { // what follows may hang on it
				break
			}
		}
		t.d.Draft.set(a.key, value)
	}
	return Filing{Answers: t.record(), Names: t.personNames(), Given: t.given()}, wrong
}

// readCell understands a cell: an option by its id or its whole label, a day as people write it in
// tables, all else by the question's rule. A table has nobody to ask whether an uncertain reading is
// meant, so there is none.
func (t *turn) readCell(a *question, cell string) (value, reason string) {
	if cell == "" {
		if a.optional {
			return "", ""
		}
		return "", "it is empty, and must not be"
	}
	switch a.kind {
	case kindChoice, kindYes:
		if id, ok := t.optionNamed(a, cell); ok {
			return id, ""
		}
		if a.rule.read == nil {
			return "", "it is none of " + strings.Join(a.options, ", ")
		}
	case kindDate:
		day, ok := TableDay(cell)
		switch {
		case !ok:
			return "", "it is no day; write 2026-03-14 or 14/03/2026"
		case a.tense == Past && day > t.now.Format(dayLayout):
			return "", "it is a day that is still to come"
		}
		return day, ""
	case kindPhotos:
		return cell, ""
	case kindPick:
		if item, ok := a.list.Item("en", cell); ok {
			return item.ID, ""
		}
		return "", "there is no such code"
	}
	value, err := a.rule.read(cell)
	if wrong := asInvalid(err); wrong != nil {
		return "", t.text(wrong.ID, wrong.Data)
	}
	return value, ""
}

// optionNamed finds the option whose id or label a cell is.
func (t *turn) optionNamed(a *question, cell string) (id string, ok bool) {
	if slices.Contains(a.options, strings.ToLower(cell)) {
		return strings.ToLower(cell), true
	}
	folded := hindi.Fold(cell)
	for _, id := range a.options {
		for _, name := range t.names(a, id) {
			if hindi.Fold(name) == folded && folded != "" {
				return id, true
			}
		}
	}
	return "", false
}

// tableDays are how days are written in tables: as ISO 8601 has them, and the Indian ways.
var tableDays = []string{dayLayout, "2/1/2006", "2-1-2006", "2.1.2006"}

// TableDay reads a day of a table, in either kind of digits, and gives it as 2026-03-14.
func TableDay(cell string) (day string, ok bool) {
	cell = hindi.Digits(cell)
	for _, layout := range tableDays {
		if at, err := time.Parse(layout, cell); err == nil && at.Year() >= firstTableYear {
			return at.Format(dayLayout), true
		}
	}
	return "", false
}

// firstTableYear is before anything that a table tells of: "14/03/26" is not of the year 26.
const firstTableYear = 1950
