package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// keyMatch is the question which match it is; a button answers it.
const keyMatch = "match"

// matchWord (मिलान) is an officer's word on a match: whether the thing or person that was found is the one that is looked for.
// A yes about a person is asked once more, because a family hears of it.
type matchWord struct {
	d       *Desk
	lang    string
	open    []store.Match       // that wait for this officer
	match   store.Match         // the chosen one; without an id there is none for this officer
	content store.MatchContents // read only as long as its card is to be shown
	card    string

	ID   string
	Word string
	Sure bool
}

// Prepare finds the match, or those that wait.
func (x *matchWord) Prepare(ctx context.Context, v bot.Visit) error {
	x.lang = v.Lang
	if v.Answer(keyMatch) == "" {
		var err error
		if x.open, err = x.d.Store.OpenMatches(ctx, v.Chat.Channel, v.Chat.ID); err != nil {
			return fmt.Errorf("reading the open matches: %w", err)
		}
		return nil
	}
	id, _ := strconv.ParseInt(v.Answer(keyMatch), 10, 64)
	var err error
	if word := v.Answer("answer"); word != "" && word != "photos" {
		x.match, err = x.d.Store.OfficerMatch(ctx, v.Chat.Channel, v.Chat.ID, id)
	} else {
		x.content, err = x.d.Store.ViewMatch(ctx, v.Chat.Channel, v.Chat.ID, id)
		x.match = x.content.Match
	}
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrNotAllowed) {
		return nil
	}
	if err == nil && x.content.ID != 0 {
		x.card, err = x.d.matchCard(v.Lang, x.content)
	}
	if err != nil {
		return fmt.Errorf("opening a match: %w", err)
	}
	return nil
}

// Ask names the questions.
func (x *matchWord) Ask(q *bot.Questions) {
	if len(x.open) == 0 && x.match.ID == 0 && q.Carried(keyMatch) == "" {
		return // File says so
	}
	q.Pick(&x.ID, keyMatch, matchList{x}, bot.With("Count", len(x.open)))
	if x.ID != "" && x.match.ID == 0 {
		return
	}
	q.Choice(&x.Word, "answer", x.answers(), bot.With("Card", x.card))
	if x.Word == "yes" && x.match.Person && x.match.State == store.MatchProposed {
		q.Yes(&x.Sure, "sure", bot.With("Lost", x.match.Lost.Number), bot.With("Body", x.match.Body))
	}
}

// answers are the words that the officer may say: there are photos only where a side has some.
func (x *matchWord) answers() []string {
	if x.content.ID == 0 {
		return []string{"yes", "no", "photos", "later"}
	}
	return append(matchAnswers(x.content), "later")
}

func matchAnswers(c store.MatchContents) []string {
	isPhoto := func(m store.Media) bool { return m.Kind == string(bot.Photo) }
	if slices.ContainsFunc(c.LostMedia, isPhoto) || slices.ContainsFunc(c.FoundMedia, isPhoto) {
		return []string{"yes", "no", "photos"}
	}
	return []string{"yes", "no"}
}

// File takes the officer's word.
func (x *matchWord) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	toMatches := bot.Next{Tap: bot.MenuTap("desk_match"), Label: "menu.desk_match"}
	out := bot.Outcome{Text: "desk_match.left", Next: []bot.Next{toMatches, toDesk}}
	switch {
	case x.match.ID == 0 && x.ID == "":
		out.Text, out.Next = "desk_match.nothing", []bot.Next{toDesk}
		return out, nil
	case x.match.ID == 0:
		out.Text = "desk_match.gone"
		return out, nil
	case x.Word == "photos":
		return x.photos(ctx)
	case x.Word == "later", x.Word == "yes" && x.match.Person && x.match.State == store.MatchProposed && !x.Sure:
		return out, nil
	}
	decided, err := x.d.Store.DecideMatch(ctx, f.Chat.Channel, f.Chat.ID, x.match.ID, x.Word == "yes")
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("deciding on a match: %w", err)
	}
	x.d.observe("match_"+x.Word, string(decided.Outcome))
	m := decided.Match
	switch decided.Outcome {
	case store.Done:
		out.Text = "desk_match.no"
		if x.Word == "yes" {
			out.Text = "desk_match.yes." + matchKind(m)
		}
	case store.Already:
		out.Text = "desk_match.already"
	case store.Stale:
		out.Text = "desk_match.stale"
	default:
		out.Text = "desk_match.gone"
		return out, nil
	}
	out.Data = map[string]any{
		"Lost": m.Lost.Number, "Found": m.Found.Number, "Said": strings.Join(x.d.matchStanding(f.Lang, m), "\n"),
	}
	return out, nil
}

// photos shows the photos of both sides.
func (x *matchWord) photos(ctx context.Context) (bot.Outcome, error) {
	out := bot.Outcome{Text: "desk_match.photos", Data: map[string]any{"Lost": x.match.Lost.Number, "Found": x.match.Found.Number}}
	for _, side := range []struct {
		number string
		media  []store.Media
	}{{x.match.Lost.Number, x.content.LostMedia}, {x.match.Found.Number, x.content.FoundMedia}} {
		out.Photos = append(out.Photos, x.d.displayed(ctx, store.Record{Number: side.number, Media: side.media})...)
	}
	for _, word := range []string{"yes", "no"} {
		out.Next = append(out.Next, bot.Next{Tap: wordTap(x.match.ID, word), Label: "desk_match.answer." + word})
	}
	out.Next = append(out.Next, toDesk)
	return out, nil
}

// matchList is a bot.List of the matches that wait for an officer.
type matchList struct{ x *matchWord }

func (l matchList) item(lang string, m store.Match) bot.Item {
	d := l.x.d
	return bot.Item{
		ID:    strconv.FormatInt(m.ID, 10),
		Label: d.text(lang, "desk.row.number", map[string]any{"Number": m.Lost.Number}),
		Line:  d.text(lang, "desk.match.line", map[string]any{"Lost": m.Lost.Number, "Found": m.Found.Number, "Exact": m.Exact}),
	}
}

// Find is bot.List's: by the number of a side, or its last digits.
func (l matchList) Find(lang, text string, n int) ([]bot.Item, bool) {
	number, whole := store.ParseNumber(text)
	digits := strings.Join(strings.Fields(text), "")
	var items []bot.Item
	for _, m := range l.x.open {
		for _, of := range []string{m.Lost.Number, m.Found.Number} {
			if whole && of == number || !whole && len(digits) >= 3 && strings.HasSuffix(of, digits) {
				items = append(items, l.item(lang, m))
				break
			}
		}
	}
	return items[:min(n, len(items))], len(items) == 1
}

// Near is bot.List's: matches are not looked for by place.
func (l matchList) Near(string, bot.Place, int) []bot.Item { return nil }

// First is bot.List's.
func (l matchList) First(lang string) []bot.Item {
	items := make([]bot.Item, len(l.x.open))
	for i, m := range l.x.open {
		items[i] = l.item(lang, m)
	}
	return items
}

// Item is bot.List's. A button may name a match that is not in the list (any more): what it is about, the store says.
func (l matchList) Item(lang, id string) (bot.Item, bool) {
	for _, m := range append(slices.Clone(l.x.open), l.x.match) {
		if strconv.FormatInt(m.ID, 10) == id && m.ID != 0 {
			return l.item(lang, m), true
		}
	}
	return bot.Item{}, false
}
