package flows

import (
	"context"
	"slices"
	"strings"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// RecoveredList (बरामद सामान) is the list of what the police recovered: an owner finds a thing by its number, or by its
// kind and district, and claims it.
type RecoveredList struct {
	list recordList

	What     string // kind of thing, or a number
	District string
	Next     string
}

// recoveredThings are the kinds that are listed; ids are stored promises.
var recoveredThings = []string{"mobile", "two_wheeler", "four_wheeler", "papers", "computer", "jewellery", "cash", "bag", "cattle", "misc"}

// newRecoveredList is the list with its records.
func newRecoveredList(r *Records) *RecoveredList {
	return &RecoveredList{list: recordList{records: r, service: "recovered_list", kind: store.RecordRecovered}}
}

// thingNumber is the rule for a number that a thing is looked for by, whatever it is of.
var thingNumber = bot.Reads("recovered_list.wrong.number", func(text string) (string, bool) {
	number := hindi.Document(text)
	digits := strings.Trim(number, "0123456789") == "" && number != ""
	if _, imei := hindi.IMEI(number); digits && len(number) == imeiDigits && !imei {
		return "", false // a digit is wrong
	}
	return number, len(number) >= shortestNumber && strings.ContainsAny(number, "0123456789")
})

const (
	imeiDigits     = 15
	shortestNumber = 4
)

// Prepare loads what was searched for.
func (r *RecoveredList) Prepare(ctx context.Context, v bot.Visit) error {
	var search *store.RecordSearch
	switch what := v.Answer("what"); {
	case what == "":
	case slices.Contains(recoveredThings, what):
		if search = placeSearch(v); search != nil {
			search.What = what
		}
	default:
		search = &store.RecordSearch{Identifiers: numberedThings(what)}
	}
	return r.list.prepare(ctx, v, search)
}

// numberedThings are what a number may be of: the wrong kinds find nothing.
func numberedThings(number string) []store.Identifier {
	ids := []store.Identifier{{Kind: "chassis", Value: number}, {Kind: "document", Value: number}}
	if vehicle, ok := hindi.Vehicle(number); ok {
		ids = append(ids, store.Identifier{Kind: "vehicle", Value: vehicle})
	}
	if imei, ok := hindi.IMEI(number); ok {
		ids = append(ids, store.Identifier{Kind: "imei", Value: imei})
	}
	return ids
}

// Ask names the questions.
func (r *RecoveredList) Ask(q *bot.Questions) {
	r.list.sayGone(q)
	q.Choice(&r.What, "what", recoveredThings, bot.OrTyped(thingNumber))
	if r.What == "" || slices.Contains(recoveredThings, r.What) {
		askAnyDistrict(q, &r.District, r.list.records.Stations)
	}
	if !r.list.ask(q) {
		return
	}
	q.Choice(&r.Next, "next", []string{"mine", "done"}, bot.With("Card", r.list.card()))
	if r.Next == "mine" {
		q.Continue("property_claim")
	}
}

// File says where the search ended.
func (r *RecoveredList) File(context.Context, bot.Filing) (bot.Outcome, error) {
	return r.list.outcome(), nil
}
