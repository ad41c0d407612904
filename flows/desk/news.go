package desk

import (
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// information tells officers that the citizen added something, answered, or found who was missing;
// what was said, the details show. The texts are desk.information.KIND.
func (d *Desk) information(n store.Notice) bot.Reply {
	f := n.Filing
	data := map[string]any{"Service": d.service(officers, f.Service), "Number": f.Number}
	return bot.Reply{
		Text:    d.first(officers, data, "desk.information."+n.Event.Kind+"."+f.Service, "desk.information."+n.Event.Kind),
		Options: d.offers(f, audience{n.Group, n.Roles}, *actionOf("d")),
	}
}

// news tells a citizen what became of a filing: the step, which filing, where, and what comes next.
// The texts are notices.status.STATUS and, where a service has a next step of its own,
// notices.next.STATUS.SERVICE.
func (d *Desk) news(n store.Notice) bot.Reply {
	lang, f := citizens(n.Lang), n.Filing
	data := map[string]any{
		"Service": d.service(lang, f.Service),
		"Number":  f.Number,
		"Place":   d.place(lang, f.Station, f.District),
		"Other":   d.text(lang, "notices.other", map[string]any{"Station": d.Places.Name(lang, n.Event.Other)}),
	}
	words := n.Event.Note
	if n.Locked { // on a shared phone the words wait behind the PIN
		return bot.Reply{
			Text: d.text(lang, "notices.locked", nil), Few: n.Simple,
			Options: []bot.Option{{Data: bot.StartTap("my_filings", "number", f.Number), Label: d.text(lang, "notices.see", nil)}},
		}
	}
	if _, voice := bot.VoiceNote(words); voice {
		words = d.text(lang, "notices.spoken", nil)
	}
	data["Words"] = words
	kind := n.Event.Kind
	if kind == store.Matched {
		_, district, station := store.ReadMatched(words)
		data["Where"] = d.place(lang, station, district)
	}
	if kind == string(store.FIRRegistered) && f.Sensitive { // which sections it is under is for the copy alone to say
		kind += ".sensitive"
		data["FIR"], _, _ = strings.Cut(words, " – ")
	}
	text := d.first(lang, data, "notices.status."+kind, "notices.status.other") + "\n\n" + d.text(lang, "notices.filing", data)
	if next := d.first(lang, data, "notices.next."+kind+"."+f.Service, "notices.next."+kind); next != "" {
		text += "\n\n" + next
	}
	see := bot.Option{Data: bot.StartTap("my_filings", "number", f.Number), Label: d.text(lang, "notices.see", nil)}
	if n.Event.Kind == store.Question {
		see = bot.Option{Data: bot.StartTap("my_filings", "number", f.Number, "action", "answer"), Label: d.text(lang, "notices.answer", nil)}
	}
	return bot.Reply{Text: text, Few: n.Simple, Options: []bot.Option{see}}
}

// citizens is the language that a citizen is spoken to in: the one they chose for the chat.
func citizens(chosen string) string {
	if chosen == "" {
		return officers // Hindi is what everyone begins with
	}
	return chosen
}

// first gives the first of several texts that there is, "" if there is none.
func (d *Desk) first(lang string, data map[string]any, ids ...string) string {
	for _, id := range ids {
		if words, ok := d.Texts.Text(lang, id, data); ok {
			return words
		}
	}
	return ""
}
