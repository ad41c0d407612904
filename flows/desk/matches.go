package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// openMatchTap is the action of the button that opens a match in the officer's private chat.
const openMatchTap = "k"

// matchNotice puts a notice about a match into words.
func (s *Sender) matchNotice(ctx context.Context, n store.Notice) (bot.Reply, error) {
	switch {
	case n.Kind == store.NoticeMatchYes:
		return s.Desk.matchConfirmed(n), nil
	case n.Kind == store.NoticeMatchEdit || n.Group:
		reply := bot.Reply{Text: s.Desk.matchInShort(officers, *n.Match), Replace: n.Card}
		if n.Group && n.Match.Private() { // became sensitive since
			reply.Text = s.Desk.say("desk.card.withheld", nil)
		} else if n.Match.State == store.MatchProposed {
			reply.Options = []bot.Option{s.Desk.button(tap{openMatchTap, n.Match.ID, 0}, "desk.match.open")}
		}
		return reply, nil
	}
	c, err := s.Desk.Store.ViewMatch(ctx, n.Channel, n.Chat, n.Match.ID) // in private a chat has its person's id
	if err != nil {
		return bot.Reply{}, err
	}
	text, err := s.Desk.matchCard(officers, c)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: text, Options: s.Desk.matchWords(c)}, nil
}

// matchWords are the buttons of a match's card: they begin the interview of the officer's word.
func (d *Desk) matchWords(c store.MatchContents) []bot.Option {
	var options []bot.Option
	for _, word := range matchAnswers(c) {
		options = append(options, bot.Option{Data: wordTap(c.ID, word), Label: d.say("desk_match.answer."+word, nil)})
	}
	return options
}

func wordTap(match int64, word string) string {
	return bot.StartTap("desk_match", keyMatch, strconv.FormatInt(match, 10), "answer", word)
}

// matchInShort tells of a match what a group may read: numbers and places. No name, no words, no looks.
func (d *Desk) matchInShort(lang string, m store.Match) string {
	lines := []string{d.matchTitle(lang, m)}
	for _, side := range []store.MatchSide{m.Lost, m.Found} {
		lines = append(lines, d.matchSide(lang, side), "    "+d.place(lang, side.Station, side.District))
	}
	return strings.Join(append(lines, d.matchStanding(lang, m)...), "\n")
}

// matchTitle says what speaks for a match.
func (d *Desk) matchTitle(lang string, m store.Match) string {
	if m.Exact {
		return d.text(lang, "desk.match.exact", nil)
	}
	id := "desk.match.thing"
	if m.Person {
		id = "desk.match.person"
	}
	var alike []string
	for _, feature := range m.Alike[:min(mostAlike, len(m.Alike))] {
		alike = append(alike, d.text(lang, "desk.match.alike."+feature, nil))
	}
	return d.text(lang, id, map[string]any{"Alike": strings.Join(alike, ", ")})
}

// mostAlike is how many features a card names.
const mostAlike = 5

func (d *Desk) matchSide(lang string, side store.MatchSide) string {
	kind := d.text(lang, "desk.record."+side.Kind, nil)
	if side.Filing != 0 {
		kind = d.service(lang, side.Kind)
	}
	return d.text(lang, "desk.match.side", map[string]any{"Kind": kind, "Number": side.Number, "Sensitive": side.Sensitive})
}

// matchStanding says what officers said of a match, or that there is nothing left to say.
func (d *Desk) matchStanding(lang string, m store.Match) []string {
	data := map[string]any{"Post": d.postIn(lang, m.By), "At": m.DecidedAt}
	switch {
	case m.State != store.MatchProposed:
		return []string{d.text(lang, "desk.match.said."+string(m.State), data)}
	case m.Over():
		return []string{d.text(lang, "desk.match.over", nil)}
	}
	return nil
}

// matchCard shows both sides of a match beside each other.
func (d *Desk) matchCard(lang string, c store.MatchContents) (string, error) {
	lost, err := readAnswers(c.LostContent.Details)
	if err != nil {
		return "", err
	}
	found, err := readAnswers(c.FoundContent.Details)
	if err != nil {
		return "", err
	}
	lines := []string{d.matchInShort(lang, c.Match), ""}
	for _, row := range rowsOf(c) {
		a, b := d.said(lost, row.lost, row.with), d.said(found, row.found, row.with)
		if row.name == "owner" && b != "" {
			a = line(c.LostContent.Applicant)
		}
		if a != "" || b != "" {
			lines = append(lines, d.text(lang, "desk.match.row", map[string]any{
				"Row": d.text(lang, "desk.match.row."+row.name, nil), "Lost": a, "Found": b,
			}))
		}
	}
	return strings.Join(lines, "\n"), nil
}

// said is the first of the answers that there is, with another that belongs to it.
func (d *Desk) said(answers []bot.Shown, keys []string, with string) string {
	said := func(key string) string {
		for _, a := range answers {
			if a.Key == key && a.Value != "" {
				return d.shown(a.Value)
			}
		}
		return ""
	}
	for _, key := range keys {
		if words := said(key); words != "" {
			if more := said(with); more != "" {
				words += ", " + more
			}
			return words
		}
	}
	return ""
}

// row is a line of a match's card: what to call it, the questions of either side that have it, and a question that goes with it.
type row struct {
	name        string
	lost, found []string
	with        string
}

func rowsOf(c store.MatchContents) []row {
	either := func(name string, lost, found []string) row { return row{name: name, lost: lost, found: found} }
	ends := []row{
		either("place", []string{"place"}, []string{"place", "where"}),
		either("day", []string{"when"}, []string{"when", "on"}),
	}
	if !c.Person {
		l, f := fmt.Sprintf("article.%d.", c.LostN+1), fmt.Sprintf("article.%d.", c.FoundN+1)
		return append([]row{
			either("thing", []string{l + "kind"}, []string{f + "kind", "article"}),
			either("make", nil, []string{"make"}),
			either("description", []string{l + "description"}, []string{f + "description", "description"}),
			either("owner", nil, []string{f + "owner"}),
			either("value", []string{l + "value"}, []string{f + "value"}),
		}, ends...)
	}
	var rows []row
	if !c.Sensitive() { // who it is, the details say
		rows = append(rows, either("name", []string{"person.name"}, []string{"says_name"}))
	}
	rows = append(rows,
		either("sex", []string{"look.sex"}, []string{"look.sex"}),
		either("age", []string{"person.age"}, []string{"look.age"}),
		either("condition", []string{"condition"}, []string{"condition"}))
	for _, look := range []string{
		"height", "built", "complexion", "hair", "beard", "marks", "upper", "lower", "footwear", "jewellery", "language",
	} {
		rows = append(rows, row{look, []string{"look." + look}, []string{"look." + look}, "look." + look + "_colour"})
	}
	return append(append(rows, ends...), either("kept", nil, []string{"kept"}))
}

// matchConfirmed tells officers that another said yes, and what is to be done now where the family or the owner waits.
func (d *Desk) matchConfirmed(n store.Notice) bot.Reply {
	m := *n.Match
	id := "desk.match.next." + matchKind(m)
	if n.LostSide {
		id += ".lost"
	}
	lines := []string{d.matchInShort(officers, m), "", d.say(id, nil)}
	reply := bot.Reply{Text: strings.Join(lines, "\n")}
	if n.LostSide && !n.Group {
		reply.Options = []bot.Option{{Data: bot.StartTap("desk_card", keyFiling, m.Lost.Number), Label: d.say("desk.menu.card", nil)}}
	}
	return reply
}

// matchKind is what a match is of: a thing, a person alive, a body.
func matchKind(m store.Match) string {
	switch {
	case m.Body:
		return "body"
	case m.Person:
		return "person"
	}
	return "thing"
}

// openMatch shows a match in the private chat of the officer who pressed the button under its card in a group.
func (d *Desk) openMatch(ctx context.Context, m bot.Message, match int64, next bot.Handler) (bot.Reply, error) {
	if m.Sender == "" {
		return d.brief(m, d.say("desk.anonymous", nil)), nil
	}
	_, err := d.Store.OfficerMatch(ctx, m.Chat.Channel, m.Sender, match)
	if errors.Is(err, store.ErrNotFound) {
		d.observe("match", string(store.NotAllowed))
		return d.brief(m, d.say("desk.not_allowed", nil)), nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	private := bot.Message{
		ID: m.ID, Chat: m.Chat, Sender: m.Sender, Name: m.Name, Tap: bot.StartTap("desk_match", keyMatch, strconv.FormatInt(match, 10)),
	}
	private.Chat.ID = m.Sender // where there are groups, a person's private chat has the person's id
	question, err := next(ctx, private)
	if err != nil || !m.Group {
		return question, err
	}
	if _, err := d.send(ctx, private.Chat, question); err != nil {
		told, err := d.notSent(err)
		return d.brief(m, told.words), err
	}
	return d.brief(m, d.say("desk.match.opened", nil)), nil
}
