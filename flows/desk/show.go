package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nagrik/bot"
	"nagrik/store"
)

// showing shows the card of a filing, with its actions, wherever an officer asks for it.
type showing struct{ errand }

// Ask names the questions.
func (s *showing) Ask(q *bot.Questions) { s.on(q, store.ActView) }

// File shows the card.
func (s *showing) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	number, _ := store.ParseNumber(s.number)
	return s.d.show(ctx, f.Visit, number)
}

// show is the card of a filing as the end of an interview. A filing that is not there and one that is
// not for this officer look the same.
func (d *Desk) show(ctx context.Context, v bot.Visit, number string) (bot.Outcome, error) {
	f, roles, err := d.Store.OfficerFilingByNumber(ctx, number, v.Chat.Channel, v.Chat.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return bot.Outcome{}, fmt.Errorf("finding a filing to show: %w", err)
	}
	may := slices.ContainsFunc(roles, func(r store.Role) bool { return store.Allowed(store.ActView, r, f.Sensitive) })
	if err != nil || !may {
		return bot.Outcome{Text: "desk.no_such", Next: []bot.Next{toDesk}}, nil
	}
	to := audience{roles: roles}
	card, err := d.card(ctx, f, to, false)
	if err != nil {
		return bot.Outcome{}, err
	}
	var next []bot.Next
	if d.pressable(v.Chat.Channel) {
		for _, o := range card.Options {
			n := bot.Next{Tap: o.Data, Words: o.Label}
			if t, _ := d.readTap(o.Data); actionOf(t.action) != nil {
				n.Typed = bot.StartTap(actionOf(t.action).service(), keyFiling, f.Number)
			}
			next = append(next, n)
		}
	} else {
		next = d.spelledOut(f, to)
	}
	return bot.Outcome{Text: "desk.shown", Data: map[string]any{"Card": card.Text}, Next: append(next, toDesk)}, nil
}

// pressable says whether a channel has buttons: they change the card in its place.
func (d *Desk) pressable(channel string) bool {
	c := d.Channels[channel]
	return c != nil && c.Limits().Buttons > 0
}

// spelledOut are a filing's actions for a channel where they are chosen by typing: each is an interview.
func (d *Desk) spelledOut(f store.Filing, to audience) []bot.Next {
	var next []bot.Next
	for _, a := range actions() {
		if to.may(a, f) {
			next = append(next, bot.Next{Tap: bot.StartTap(a.service(), keyFiling, f.Number), Label: "desk.action." + a.name})
		}
	}
	return next
}

// pressing is an action that needs nothing but the tap, as an interview of no questions.
type pressing struct {
	errand
	a action
}

// Ask names the questions.
func (p *pressing) Ask(q *bot.Questions) { p.on(q, p.a.right) }

// File does the action.
func (p *pressing) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if p.a.right != store.ActView && p.a.right != store.ActEvidence {
		return p.file(ctx, f, p.a.right, "", nil)
	}
	if len(p.roles) == 0 {
		return bot.Outcome{Text: "desk.not_allowed"}, nil
	}
	told, err := p.a.do(p.d, ctx, request{p.filing.ID, p.filing.Ver, bot.Message{Chat: f.Chat, Sender: f.Chat.ID}})
	if told.words == "" {
		told.words = p.d.text(f.Lang, "desk.details.above", nil)
	}
	return bot.Outcome{
		Text: "desk.told", Data: map[string]any{"Words": told.words, "Number": p.filing.Number}, Next: onward(p.filing.Number),
	}, err
}
