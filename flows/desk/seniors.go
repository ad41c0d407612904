package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// asking is a question to an elder or a traveller: the texts are notices.KIND and notices.KIND.OPTION, and a
// button begins the service that takes the answer.
func (d *Desk) asking(n store.Notice) bot.Reply {
	kind, _, _ := strings.Cut(n.Kind, ".")
	number := n.Filing.Number
	buttons := map[string][][2]string{
		store.NoticeAskConsent: {
			{"yes", bot.StartTap("consent", "number", number, "agree", "yes")},
			{"no", bot.StartTap("consent", "number", number, "agree", "no")},
		},
		store.NoticeAskRelative: {
			{"yes", bot.StartTap("kin", "n", number, "w", n.Who, "ok", "yes")},
			{"no", bot.StartTap("kin", "n", number, "w", n.Who, "ok", "no")},
		},
		store.NoticeAskReturn: {
			{"safe", bot.StartTap("journey", "number", number, "what", "safe")},
			{"stay", bot.StartTap("journey", "number", number, "what", "stay")},
		},
		store.NoticeAskGreeting: {
			{"fine", bot.StartTap("greeted", "how", "fine")},
			{"need", bot.StartTap("greeted", "how", "need")},
		},
	}[kind]
	lang := language(n)
	reply := bot.Reply{Text: d.toPerson(n, "notices."+n.Kind), Few: n.Simple}
	for _, b := range buttons {
		reply.Options = append(reply.Options, bot.Option{Data: b[1], Label: d.text(lang, "notices."+kind+"."+b[0], nil)})
	}
	return reply
}

// language is that of a notice's chat: Hindi is what everyone begins with.
func language(n store.Notice) string {
	if n.Lang == "" {
		return officers
	}
	return n.Lang
}

// toPerson gives a text for somebody who is no officer, in simple mode its simple form where there is one.
func (d *Desk) toPerson(n store.Notice, ids ...string) string {
	data := map[string]any{"Person": n.Person, "Filer": n.Filer, "About": n.About, "Back": n.Back}
	if n.Simple {
		for i := len(ids) - 1; i >= 0; i-- {
			ids = slices.Insert(ids, i, ids[i]+".simple")
		}
	}
	return d.first(language(n), data, ids...)
}

// alarming is an alarm, or the word that it is over: for the family by name, for officers with the filing's details a
// button away. The texts are notices.alarm.EVENT.SERVICE, desk.alarm.EVENT.SERVICE, notices.relief.EVENT and desk.relief.EVENT.
func (d *Desk) alarming(n store.Notice) bot.Reply {
	f := n.Filing
	if !n.Phone {
		id := "desk." + n.Kind + "." + n.Event.Kind
		data := map[string]any{"Back": n.Back, "Service": d.service(officers, f.Service), "Number": f.Number}
		return bot.Reply{
			Text: d.first(officers, data, id+"."+f.Service, id, "desk."+n.Kind+".other") + "\n" +
				d.say("desk.alarm.filing", data) + "\n" + d.place(officers, f.Station, f.District),
			Options: d.offers(f, audience{n.Group, n.Roles}, *actionOf("d")),
		}
	}
	id := "notices." + n.Kind + "." + n.Event.Kind
	text := d.toPerson(n, id+"."+f.Service, id, "notices."+n.Kind+".other")
	if n.Kind == store.NoticeAlarm {
		text += "\n\n" + d.place(language(n), f.Station, f.District) + "\n" + d.text(language(n), "notices.alarm.why", nil)
	}
	return bot.Reply{Text: text, Few: n.Simple}
}

// linked tells a relative of a link, with the way to end it.
func (d *Desk) linked(n store.Notice) bot.Reply {
	return bot.Reply{
		Text: d.toPerson(n, "notices.linked"), Few: n.Simple,
		Options: []bot.Option{{Data: bot.StartTap("relatives"), Label: d.text(language(n), "notices.linked.see", nil)}},
	}
}

// pictures are the photos that came with what a notice tells of, as copies for showing. One that can't be had is left
// out: the words matter more.
func (d *Desk) pictures(ctx context.Context, n store.Notice) []bot.Paper {
	var photos []bot.Paper
	for i, id := range n.Photos {
		mime, data, err := d.Files.Display(ctx, id)
		if err != nil {
			d.observe("pictures", "failed")
			continue
		}
		photos = append(photos, paperOf(n.Filing.Number, i, mime, data))
	}
	return photos
}

// overtaken says whether a question, an alarm, a match or what follows from one has lost its sense since it was made: the filing
// ended, or officers have said their word.
func overtaken(n store.Notice) bool {
	if n.Match != nil {
		return n.Kind == store.NoticeMatch && (n.Match.Over() || n.Match.State != store.MatchProposed)
	}
	called := n.Kind == store.NoticeStatus && (n.Event.Kind == store.Matched || n.Event.Kind == store.CallWanted)
	return !n.Filing.ClosedAt.IsZero() && (called || n.Kind == store.NoticeAlarm || strings.HasPrefix(n.Kind, "ask"))
}

// forPeople says what the card of a senior or a traveller has beside that of others: never who it is.
func (d *Desk) forPeople(ctx context.Context, f store.Filing) ([]string, error) {
	switch f.Service {
	case "travel_alert":
		leave, back, err := d.Store.JourneyDates(ctx, f.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading a journey for a card: %w", err)
		}
		return []string{d.say("desk.card.journey", map[string]any{"Leave": leave, "Back": back})}, nil
	case "senior_registration":
		s, err := d.Store.SeniorOf(ctx, f.ID)
		if errors.Is(err, store.ErrNotFound) || !f.ClosedAt.IsZero() {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading a senior for a card: %w", err)
		}
		switch {
		case s.Waiting:
			return []string{d.say("desk.card.consent", nil)}, nil
		case !s.VisitDue.IsZero():
			return []string{d.say("desk.card.visit", map[string]any{"At": s.VisitDue})}, nil
		}
	}
	return nil, nil
}
