package desk

import (
	"nagrik/bot"
	"nagrik/store"
)

// information tells officers that the citizen added something; what it is, the details show.
func (d *Desk) information(n store.Notice) bot.Reply {
	f := n.Filing
	data := map[string]any{"Service": d.service(officers, f.Service), "Number": f.Number}
	return bot.Reply{
		Text:    d.first(officers, data, "desk.information."+f.Service, "desk.information"),
		Options: d.offers(f, audience{n.Group, n.Roles}, details()),
	}
}

// news tells a citizen what became of a filing: the step, which filing, where, and what comes next.
// The texts are notices.status.STATUS and, where a service has a next step of its own,
// notices.next.STATUS.SERVICE.
func (d *Desk) news(n store.Notice) bot.Reply {
	lang, f := n.Lang, n.Filing
	if lang == "" {
		lang = officers // Hindi is what everyone begins with
	}
	data := map[string]any{
		"Service": d.service(lang, f.Service),
		"Number":  f.Number,
		"Place":   d.place(lang, f.Station, f.District),
	}
	text := d.first(lang, data, "notices.status."+n.Event.Kind, "notices.status.other") + "\n\n" + d.text(lang, "notices.filing", data)
	if next := d.first(lang, data, "notices.next."+n.Event.Kind+"."+f.Service, "notices.next."+n.Event.Kind); next != "" {
		text += "\n\n" + next
	}
	return bot.Reply{
		Text: text, Few: n.Simple,
		Options: []bot.Option{{Data: bot.MenuTap("my_filings"), Label: d.text(lang, "notices.see", nil)}},
	}
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
