package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// list (नए, मेरे, समय-सीमा पार) shows an officer's filings, and the card of the one that is picked.
type list struct {
	d       *Desk
	lang    string
	filings []store.Filing

	What   string
	Number string
}

// Prepare loads the list.
func (l *list) Prepare(ctx context.Context, v bot.Visit) error {
	l.lang = v.Lang
	what := v.Answer("what")
	if !slices.Contains(lists, what) {
		return nil
	}
	var err error
	if l.filings, err = l.d.Store.DeskFilings(ctx, store.DeskList(what), v.Chat.Channel, v.Chat.ID); err != nil {
		return fmt.Errorf("loading a desk's list: %w", err)
	}
	return nil
}

var lists = []string{string(store.ListNew), string(store.ListMine), string(store.ListOverdue)}

// Ask names the questions.
func (l *list) Ask(q *bot.Questions) {
	q.Choice(&l.What, "what", lists)
	if l.What != "" && len(l.filings) == 0 {
		return // File says so
	}
	q.Pick(&l.Number, "open", filings{l.d, l.filings}, bot.With("Count", len(l.filings)), bot.With("List", l.name()))
}

// name is what the list is called.
func (l *list) name() string {
	if l.What == "" {
		return ""
	}
	return l.d.text(l.lang, "desk.menu."+l.What, nil)
}

// File shows the card.
func (l *list) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if l.Number == "" {
		return bot.Outcome{Text: "desk_list.nothing", Data: map[string]any{"List": l.name()}, Next: []bot.Next{toDesk}}, nil
	}
	out, err := l.d.show(ctx, f.Visit, l.Number)
	if err == nil {
		again := bot.Next{Tap: bot.StartTap("desk_list", "what", l.What), Label: "desk.menu." + l.What}
		out.Next = slices.Insert(out.Next, max(0, len(out.Next)-1), again)
	}
	return out, err
}

// filings is a bot.List of filings.
type filings struct {
	d   *Desk
	all []store.Filing
}

func (l filings) item(lang string, f store.Filing) bot.Item {
	return bot.Item{ID: f.Number, Label: l.d.text(lang, "desk.row.number", map[string]any{"Number": f.Number}), Line: l.d.row(lang, f)}
}

// Find is bot.List's: by number, or its last digits.
func (l filings) Find(lang, text string, n int) ([]bot.Item, bool) {
	number, whole := store.ParseNumber(text)
	digits := strings.Join(strings.Fields(text), "")
	var items []bot.Item
	for _, f := range l.all {
		if whole && f.Number == number || !whole && len(digits) >= 3 && strings.HasSuffix(f.Number, digits) {
			items = append(items, l.item(lang, f))
		}
	}
	return items[:min(n, len(items))], len(items) == 1
}

// Near is bot.List's: filings are not looked for by place.
func (l filings) Near(string, bot.Place, int) []bot.Item { return nil }

// First is bot.List's.
func (l filings) First(lang string) []bot.Item {
	items := make([]bot.Item, len(l.all))
	for i, f := range l.all {
		items[i] = l.item(lang, f)
	}
	return items
}

// Item is bot.List's.
func (l filings) Item(lang, id string) (bot.Item, bool) {
	for _, f := range l.all {
		if f.Number == id {
			return l.item(lang, f), true
		}
	}
	return bot.Item{}, false
}

// row tells of a filing in a line, and names nobody: number, service, age, status, what is due.
func (d *Desk) row(lang string, f store.Filing) string {
	data := map[string]any{
		"Number": f.Number, "Service": d.service(lang, f.Service), "Urgent": f.Urgent, "Sensitive": f.Sensitive,
		"Age":    d.text(lang, "desk.row.age", map[string]any{"Age": d.span(lang, time.Since(f.CreatedAt))}),
		"Status": d.standing(lang, f.Status), "Due": "",
	}
	switch left := time.Until(f.Due); {
	case f.Clock == "" || f.Clock == store.ClockSignature: // the citizen's own
	case left < 0:
		data["Due"] = d.text(lang, "desk.row.late", map[string]any{"Span": d.span(lang, -left)})
	default:
		data["Due"] = d.text(lang, "desk.row.due", map[string]any{"Span": d.span(lang, left)})
	}
	return d.text(lang, "desk.row", data)
}

// standing is a status in a word or two.
func (d *Desk) standing(lang string, s store.Status) string {
	return d.first(lang, nil, "desk.short."+string(s), "status."+string(s)+".short")
}

// span is a length of time as people say it, in whole minutes, hours or days.
func (d *Desk) span(lang string, t time.Duration) string {
	const day = 24 * time.Hour
	unit, count := "minutes", int(t.Round(time.Minute)/time.Minute)
	switch {
	case t >= 2*day:
		unit, count = "days", int(t.Round(day)/day)
	case t >= time.Hour:
		unit, count = "hours", int(t.Round(time.Hour)/time.Hour)
	}
	return d.text(lang, "desk.span."+unit, map[string]any{"Count": max(count, 1)})
}
