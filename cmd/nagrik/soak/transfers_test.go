package main

import (
	"testing"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

// The way of a filing is read out of its events, and one that leads elsewhere is found.
func TestFollow(t *testing.T) {
	here, there := &station{code: "1"}, &station{code: "2"}
	w := &world{stations: []*station{here, there}}
	event := func(kind, other string) store.Event { return store.Event{Kind: kind, Other: other} }
	sent, taken, back := event("transferred", "2"), event("transfer_accepted", "1"), event("transfer_refused", "2")
	for name, test := range map[string]struct {
		at     *station
		to     string
		events []store.Event
		left   int
		wrong  bool
	}{
		"stays":              {at: here},
		"on its way":         {at: here, to: "2", events: []store.Event{sent}},
		"taken over":         {at: there, events: []store.Event{sent, taken}, left: 1},
		"sent back":          {at: here, events: []store.Event{sent, back}, left: 1},
		"sent again":         {at: here, to: "2", events: []store.Event{sent, back, sent}},
		"taken then":         {at: there, events: []store.Event{sent, back, sent, taken}, left: 1},
		"and back":           {at: here, events: []store.Event{sent, taken, event("transferred", "1"), event("transfer_accepted", "2")}, left: 1},
		"withdrawn":          {at: here, events: []store.Event{sent, event("withdrawn", "")}, left: 1},
		"nobody took it":     {at: there, events: []store.Event{sent}, wrong: true},
		"it is in no hands":  {at: here, events: []store.Event{sent}, wrong: true},
		"from nowhere":       {at: there, events: []store.Event{taken}, wrong: true},
		"twice":              {at: there, events: []store.Event{sent, taken, taken}, wrong: true},
		"sent back as taken": {at: here, events: []store.Event{sent, taken, back}, wrong: true},
	} {
		f := filing{station: test.at}
		f.Station, f.To, f.Events = test.at.code, test.to, test.events
		if test.to != "" {
			f.Status = store.Transferred
		}
		r, problem := w.follow(f)
		if (problem != "") != test.wrong || !test.wrong && (len(r.left) != test.left || r.first != "1") {
			t.Errorf("%s: %+v, %q", name, r, problem)
		}
	}
}

// A card that was edited to something else stands no more; a copy that nobody knows of does not count.
func TestStanding(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	const number = "KS00000000000"
	card := "📌 e-शिकायत\nनंबर: " + number + "\n" + w.text("desk.card.filed", map[string]any{"At": shownAt})
	gone := w.text("desk.card.gone", map[string]any{"Number": number})
	for name, test := range map[string]struct {
		inbox []telegramtest.Message
		want  bool
	}{
		"none":            {},
		"a card":          {[]telegramtest.Message{{ID: 1, Text: card}}, true},
		"gone":            {[]telegramtest.Message{{ID: 1, Text: card}, {ID: 1, Text: gone, Edited: true}}, false},
		"a copy and gone": {[]telegramtest.Message{{ID: 1, Text: card}, {ID: 2, Text: card}, {ID: 2, Text: gone, Edited: true}}, false},
		"gone, said anew": {[]telegramtest.Message{{ID: 1, Text: card}, {ID: 2, Text: gone}}, false},
		"gone, and anew":  {[]telegramtest.Message{{ID: 1, Text: card}, {ID: 1, Text: gone, Edited: true}, {ID: 3, Text: card}}, true},
	} {
		if got := w.standing(test.inbox, number); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
