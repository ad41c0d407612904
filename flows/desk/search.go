package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// search (खोज) finds filings where the officer serves, and records everywhere, by a number of ours, a
// name, phone, vehicle, IMEI or document. What was looked for is kept nowhere.
type search struct {
	d     *Desk
	Words string
}

// searches is how often an officer may search, opens how many filings an officer opens before it counts
// as a lot: who goes through the records out of curiosity shows up in the metrics.
var (
	searches = Rate{Count: 60, Per: time.Hour, Burst: 20}
	opens    = Rate{Count: 30, Per: time.Hour, Burst: 30}
)

// Ask names the questions.
func (s *search) Ask(q *bot.Questions) { q.Text(&s.Words, "for", bot.Printed(2, 80)) }

// File searches.
func (s *search) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	d := s.d
	again := []bot.Next{{Tap: bot.MenuTap("desk_search"), Label: "desk.menu.search_again"}, toDesk}
	wait, err := d.Limit(ctx, searches, "search", f.Chat.Channel, f.Chat.ID)
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("limiting searches: %w", err)
	}
	if wait > 0 {
		d.observe("search", "too_many")
		return bot.Outcome{Text: "desk_search.too_many", Next: again}, nil
	}
	what, by := sought(s.Words)
	found, err := d.Store.Search(ctx, f.Chat.Channel, f.Chat.ID, what)
	if errors.Is(err, store.ErrNotAllowed) {
		d.observe("search", string(store.NotAllowed))
		return bot.Outcome{Text: "desk.no_post", Next: again}, nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("searching: %w", err)
	}
	d.observe("search", by)
	data := map[string]any{"By": d.text(f.Lang, "desk_search.by."+by, nil)}
	if len(found.Filings)+len(found.Records) == 0 {
		return bot.Outcome{Text: "desk_search.nothing", Data: data, Next: again}, nil
	}
	var lines []string
	var next []bot.Next
	number := func(n string) string { return d.text(f.Lang, "desk.row.number", map[string]any{"Number": n}) }
	for _, x := range found.Filings {
		lines = append(lines, d.row(f.Lang, x))
		next = append(next, bot.Next{Tap: bot.StartTap("desk_card", keyFiling, x.Number), Words: number(x.Number)})
	}
	for _, r := range found.Records {
		lines = append(lines, d.recordRow(f.Lang, r))
		next = append(next, bot.Next{Tap: bot.StartTap("desk_record", keyRecord, r.Number), Words: number(r.Number)})
	}
	if found.More {
		lines = append(lines, d.text(f.Lang, "desk_search.more", nil))
	}
	data["Found"] = strings.Join(lines, "\n")
	return bot.Outcome{Text: "desk_search.found", Data: data, Next: append(next, again...)}, nil
}

// sought understands what was typed, and says by what it searches. A number that fits several kinds is
// looked for as each: the wrong ones find nothing.
func sought(words string) (what store.Sought, by string) {
	if number, ok := store.ParseNumber(words); ok {
		return store.Sought{Number: number}, "number"
	}
	if !strings.ContainsAny(hindi.Digits(words), "0123456789") {
		return store.Sought{Names: hindi.NameParts(words)}, "name"
	}
	by = "document"
	add := func(kind, value string, ok bool) {
		if ok {
			what.Identifiers = append(what.Identifiers, store.Identifier{Kind: kind, Value: value})
			by = kind
		}
	}
	document := hindi.Document(words)
	for _, kind := range []string{"chassis", "document"} {
		add(kind, document, document != "")
	}
	vehicle, ok := hindi.Vehicle(words)
	add("vehicle", vehicle, ok)
	phone, ok := hindi.Phone(words)
	add("phone", phone, ok)
	imei, ok := hindi.IMEI(words)
	add("imei", imei, ok)
	return what, by
}
