package desk

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

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
	offered func(store.Filing) bool // whether the card has the button
	do      func(*Desk, context.Context, request) (answer, error)
}

// actions are all actions, in the order of their buttons.
func actions() []action { return []action{acknowledge(), details()} }

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
		card, err := d.card(ctx, *told.card, m.Group)
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
	filing, ver, ok, err := d.cardAt(ctx, m.Chat, m.On)
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

// cardAt finds the filing whose card a message is, and the version that it shows.
func (d *Desk) cardAt(ctx context.Context, chat bot.Chat, message string) (filing int64, ver int, ok bool, err error) {
	rows, _ := d.Store.Pool().Query(ctx, `select filing, ver from cards where chat = $1 and message = $2`,
		d.Store.Keys().Index("chat/"+chat.Channel, chat.ID), message)
	found, err := pgx.ForEachRow(rows, []any{&filing, &ver}, func() error { return nil })
	if err != nil {
		return 0, 0, false, fmt.Errorf("finding a card's filing: %w", err)
	}
	return filing, ver, found.RowsAffected() > 0, nil
}
