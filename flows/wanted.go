package flows

import (
	"context"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// Wanted (इनामी और वांछित अपराधी) is the list of persons whom the police look for. It is secret as tips are: who looked at
// somebody shortly before a tip about them came would be easy to guess.
type Wanted struct {
	list recordList

	By       string // "newest", "district", or a name
	District string
	What     string
}

// newWanted is the list with its records.
func newWanted(r *Records) *Wanted {
	return &Wanted{list: recordList{records: r, service: "wanted", kind: store.RecordWanted}}
}

// Prepare loads what was searched for.
func (w *Wanted) Prepare(ctx context.Context, v bot.Visit) error {
	err := w.list.prepare(ctx, v, wantedSearch(v.Answer("by"), v.Answer("district")))
	if v.Answer("what") == "" {
		w.list.show(ctx)
	}
	return err
}

// wantedSearch is the search that two answers make; nil while they are not enough.
func wantedSearch(by, district string) *store.RecordSearch {
	switch {
	case by == "", by == "district" && district == "":
		return nil
	case by == "newest":
		return &store.RecordSearch{}
	case by == "district":
		return &store.RecordSearch{District: district}
	}
	return &store.RecordSearch{Name: by, Names: hindi.NameParts(by)}
}

// Ask names the questions.
func (w *Wanted) Ask(q *bot.Questions) {
	w.list.sayGone(q)
	q.Choice(&w.By, "by", []string{"newest", "district"}, bot.OrTyped(personName))
	if w.By == "district" {
		q.Pick(&w.District, "district", w.list.records.Stations.Districts())
	}
	if !w.list.ask(q) {
		return
	}
	q.Choice(&w.What, "what", []string{"tell", "done"}, bot.With("Card", w.list.card()), bot.Showing(w.list.photos))
	if w.What == "tell" {
		q.Continue("tip")
	}
}

// File says where the search ended.
func (w *Wanted) File(context.Context, bot.Filing) (bot.Outcome, error) { return w.list.outcome(), nil }
