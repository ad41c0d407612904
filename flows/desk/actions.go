package desk

import (
	"context"
	"slices"
	"strings"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// action is something an officer can do with a filing, by a button on its card or by words in
// answer to it. The texts are desk.action.NAME (the button) and desk.action.NAME.words (what
// counts as the button, with commas between).
type action struct {
	name    string
	code    string                  // in buttons: a stored promise
	right   store.Action            // what the store asks of who does it
	offered func(store.Filing) bool // whether a filing as it stands is open to it
	do      func(*Desk, context.Context, request) (answer, error)
}

// actions are all actions, in the order of their buttons.
func actions() []action { return []action{acknowledge(), details()} }

// audience is who a message about a filing is for: a station's group, or an officer by what they
// are at the filing's place.
type audience struct {
	group bool
	roles []store.Role
}

// offers gives the buttons of a filing for an audience: of the given actions, those that the filing
// is open to and that somebody there may do. In a group that depends on who presses.
func (d *Desk) offers(f store.Filing, to audience, of ...action) []bot.Option {
	var buttons []bot.Option
	for _, a := range of {
		may := to.group || slices.ContainsFunc(to.roles, func(r store.Role) bool { return store.Allowed(a.right, r, f.Sensitive) })
		if may && a.offered(f) {
			buttons = append(buttons, d.button(tap{a.code, f.ID, f.Ver}, "desk.action."+a.name))
		}
	}
	return buttons
}

// request is an officer's wish to do an action.
type request struct {
	filing int64
	ver    int // the version that the officer saw
	bot.Message
}

// answer is what an officer is told: a few words, and the card anew if it changed.
type answer struct {
	words string
	card  *store.Filing
}

func actionOf(code string) *action {
	for _, a := range actions() {
		if a.code == code {
			return &a
		}
	}
	return nil
}

// act does an action and tells the officer: over the button where one was pressed, else as a message.
func (d *Desk) act(ctx context.Context, m bot.Message, a *action, filing int64, ver int) (bot.Reply, error) {
	if m.Sender == "" {
		return d.brief(m, d.say("desk.anonymous", nil)), nil
	}
	told, err := a.do(d, ctx, request{filing, ver, m})
	if err != nil {
		return bot.Reply{}, err
	}
	reply := d.brief(m, told.words)
	if m.Tap != "" && m.On != "" && told.card != nil {
		to := audience{group: m.Group}
		if !m.Group {
			if to.roles, err = d.Store.RolesAt(ctx, filing, m.Chat.Channel, m.Sender); err != nil {
				return bot.Reply{}, err
			}
		}
		card, err := d.card(ctx, *told.card, to)
		if err != nil {
			return bot.Reply{}, err
		}
		card.Toast, card.Replace = reply.Toast, m.On
		return card, nil
	}
	return reply, nil
}

// brief says a few words: over the pressed button, or as a message where none was pressed.
func (d *Desk) brief(m bot.Message, words string) bot.Reply {
	if m.Tap != "" {
		return bot.Reply{Toast: words}
	}
	return bot.Reply{Text: words}
}

// answered takes words that answer a card for its button; ok is false for everything else.
func (d *Desk) answered(ctx context.Context, m bot.Message) (reply bot.Reply, ok bool, err error) {
	a := d.spoken(m.Text)
	if a == nil {
		return bot.Reply{}, false, nil
	}
	filing, ver, ok, err := d.Store.CardAt(ctx, m.Chat.Channel, m.Chat.ID, m.On)
	if err != nil || !ok {
		return bot.Reply{}, false, err
	}
	reply, err = d.act(ctx, m, a, filing, ver)
	return reply, true, err
}

// spoken finds the action that words stand for, in any language.
func (d *Desk) spoken(text string) *action {
	if text == "" || len(text) > 100 {
		return nil
	}
	said := hindi.Fold(text)
	if said == "" { // signs only
		return nil
	}
	for _, a := range actions() {
		for _, lang := range []string{"hi", "en"} {
			words, _ := d.Texts.Text(lang, "desk.action."+a.name+".words", nil)
			for word := range strings.SplitSeq(words, ",") {
				if said == hindi.Fold(word) {
					return &a
				}
			}
		}
	}
	return nil
}
