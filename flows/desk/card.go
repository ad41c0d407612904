package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// card shows a filing to officers: what it is, where it stands and what is due, with the actions
// that it is open to. It names nobody and tells nothing of what happened, in a group or in private:
// that is what the action details is for, which leaves a trace.
func (d *Desk) card(ctx context.Context, f store.Filing, to audience, all bool) (bot.Reply, error) {
	mayView := slices.ContainsFunc(to.roles, func(r store.Role) bool { return store.Allowed(store.ActView, r, f.Sensitive) })
	switch {
	case to.group && f.Sensitive, len(to.roles) > 0 && !mayView: // became sensitive after the card was sent
		return bot.Reply{Text: d.say("desk.card.withheld", nil)}, nil
	case len(to.roles) == 0: // another station took it over
		return bot.Reply{Text: d.say("desk.card.gone", map[string]any{"Number": f.Number})}, nil
	}
	var lines []string
	add := func(id string, data map[string]any) { lines = append(lines, d.say(id, data)) }
	if f.Urgent {
		add("desk.card.urgent", nil)
	}
	if f.Sensitive {
		add("desk.card.sensitive", nil)
	}
	add("desk.card.title", map[string]any{"Service": d.service(officers, f.Service), "Number": f.Number})
	lines = append(lines, d.place(officers, f.Station, f.District))
	add("desk.card.filed", map[string]any{"At": f.CreatedAt})
	status, err := d.status(ctx, f)
	if err != nil {
		return bot.Reply{}, err
	}
	lines = append(lines, status...)
	if f.FIR != "" {
		add("desk.card.fir", map[string]any{"FIR": f.FIR})
	}
	if f.ZeroFIR != "" {
		add("desk.card.zero_fir", map[string]any{"FIR": f.ZeroFIR})
	}
	if f.Rating > 0 {
		add("desk.card.rated", map[string]any{"Stars": strings.Repeat("⭐", f.Rating)})
	}
	people, err := d.forPeople(ctx, f)
	if err != nil {
		return bot.Reply{}, err
	}
	lines = append(lines, people...)
	if f.Clock != "" {
		id := "desk.card.due."
		if f.Late {
			id = "desk.card.late."
		}
		add(id+string(f.Clock), map[string]any{"At": f.Due})
	}
	if to.group {
		add("desk.card.group", nil)
	}
	return bot.Reply{Text: strings.Join(lines, "\n"), Options: d.cardOffers(f, to, all)}, nil
}

// firstVersions is how many versions a filing can have of which the card has nothing to tell:
// received, and sent.
const firstVersions = 2

// status says where a filing stands, who brought it there and when, and what the citizen added since.
func (d *Desk) status(ctx context.Context, f store.Filing) ([]string, error) {
	data := map[string]any{"At": f.CreatedAt, "Post": "", "To": d.Places.Name(officers, f.To)}
	var added, matched, last store.Event
	if f.Ver > firstVersions {
		events, err := d.Store.Timeline(ctx, f.ID)
		if err != nil {
			return nil, fmt.Errorf("reading the timeline for a card: %w", err)
		}
		for _, e := range events {
			last = e
			switch e.Kind {
			case store.Information, store.Answer, store.Sighting, store.RewardClaimed:
				added = e
			case store.Matched, store.CallWanted, store.MatchedFound:
				matched = e
			}
			if statusOf(e.Kind) == f.Status || f.Status == store.Closed && e.Kind == store.EventSafe {
				data["At"] = e.At
				if e.By != nil {
					data["Post"] = d.post(*e.By)
				}
			}
		}
	}
	lines := []string{d.say("desk.status."+string(f.Status), data)}
	if last.Kind == store.TransferRefused {
		lines = append(lines, d.say("desk.card.refused", map[string]any{"Station": d.Places.Name(officers, last.Other)}))
	}
	if added.Ver > 0 {
		lines = append(lines, d.say("desk.card.added", map[string]any{"At": added.At}))
	}
	if matched.Ver > 0 {
		lines = append(lines, d.say("desk.card.matched", map[string]any{"At": matched.At}))
	}
	return lines, nil
}

// statusOf is the status that an event of a kind gives to its filing.
func statusOf(kind string) store.Status {
	switch kind {
	case store.Question:
		return store.NeedsInfo
	case store.CertificateIssued:
		return store.ReportIssued
	case store.TransferAccepted:
		return store.Acknowledged
	}
	return store.Status(kind)
}
