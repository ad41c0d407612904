package flows

import (
	"context"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// Arrests (गिरफ्तारी की जानकारी) tells whether somebody is arrested, and where they are held: BNSS s.37 has the police show the names
// of those arrested, at every station and to everybody.
type Arrests struct {
	list recordList

	By       string // "newest", "district", or a name
	Since    bot.When
	District string
	What     string
}

// newArrests is the list with its records.
func newArrests(r *Records) *Arrests {
	return &Arrests{list: recordList{records: r, service: "arrests", kind: store.RecordArrest}}
}

// Prepare loads what was searched for.
func (a *Arrests) Prepare(ctx context.Context, v bot.Visit) error {
	if v.Citizen == "" {
		return nil
	}
	search, by := placeSearch(v), v.Answer("by")
	switch {
	case by == "newest":
		search = &store.RecordSearch{}
	case search != nil && by != "district":
		search.Name, search.Names = by, hindi.NameParts(by)
	}
	return a.list.prepare(ctx, v, search)
}

// Ask names the questions.
func (a *Arrests) Ask(q *bot.Questions) {
	q.Verify()
	a.list.sayGone(q)
	q.Choice(&a.By, "by", []string{"newest", "district"}, bot.OrTyped(personName))
	if a.By != "newest" {
		q.Date(&a.Since, "since", bot.Past, bot.Optional)
	}
	switch a.By {
	case "newest":
	case "district":
		q.Pick(&a.District, "district", a.list.records.Stations.Districts())
	default:
		askAnyDistrict(q, &a.District, a.list.records.Stations)
	}
	if a.list.ask(q) {
		q.Choice(&a.What, "what", []string{"done"}, bot.With("Card", a.list.card()))
	}
}

// File says where the search ended.
func (a *Arrests) File(context.Context, bot.Filing) (bot.Outcome, error) {
	return a.list.outcome(), nil
}
