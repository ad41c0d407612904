// Package desk is what officers do in the chat, and the notices that go out to them and to citizens.
//
// Officers use the same bot as citizens. A filing comes to them as a card, in their station's group
// or in their private chat; its buttons, and the words they stand for in an answer to the card, are
// the actions: one file each, listed in actions.go. What an officer may do is decided by the store,
// in the statement that does it. A button, a group or a chat gives no right.
//
// [Desk.Route] takes what is the desk's out of the incoming messages. [Sender] sends the notices of
// the outbox: cards, lists of many, escalations and the morning's digest to officers, and receipts and
// news to citizens.
package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/flows/paper"
	"nagrik/store"
)

// Desk answers officers. Its fields are set once, before the first message.
type Desk struct {
	Store    *store.Store
	Texts    bot.Texts
	Places   Places
	Channels map[string]bot.Channel // by name
	Files    Files
	Sign     func(parts ...string) []byte // a keyed hash, for buttons
	Limit    Limit
	Username func() string                // the bot's user name on Telegram, for links; "" if there is none
	Observe  func(action, outcome string) // counts actions for the metrics; may be nil

	Chart       func(paper.Chart) ([]byte, error)        // draws statistics
	Certificate func(store.Evidence) (*bot.Paper, error) // of electronic records
	PublicURL   string                                   // where the world reaches the program, for links
}

// Places names stations and districts, "" for a code that is not known, and lists them.
type Places interface {
	Name(lang, station string) string
	DistrictName(lang, district string) string
	All() bot.List
	In(district string) bot.List
	Districts() bot.List
}

// Files gives evidence files by id.
type Files struct {
	Display  func(ctx context.Context, id string) (mime string, data []byte, err error) // a photo as a copy for showing
	Original func(ctx context.Context, id string) (mime string, data []byte, err error) // the bytes as received
}

// Rate is how often something may happen: Count times in Per on average, and Burst at once after a pause.
type Rate struct {
	Count int
	Per   time.Duration
	Burst int
}

// Limit takes one event of what parts name and returns 0, or takes none and returns how long to
// wait. It counts for all replicas together.
type Limit func(ctx context.Context, r Rate, parts ...string) (wait time.Duration, err error)

// officers is the language that officers are spoken to in.
const officers = "hi"

// telegram is the name of the channel that has groups and opening links.
const telegram = "telegram"

// Route gives the desk's messages to the desk and all others to next: everything in groups, the
// desk's buttons, invitation codes, words in answer to a card, and what happens to chats.
func (d *Desk) Route(next bot.Handler) bot.Handler {
	return func(ctx context.Context, m bot.Message) (bot.Reply, error) {
		switch {
		case m.Event == bot.Blocked:
			return bot.Reply{}, d.Store.Unreachable(ctx, m.Chat.Channel, m.Chat.ID)
		case m.Event == bot.Unblocked:
			return bot.Reply{}, d.Store.Reachable(ctx, m.Chat.Channel, m.Chat.ID)
		case m.Event == bot.Moved:
			return bot.Reply{}, d.Store.MoveGroup(ctx, m.Chat.Channel, m.Chat.ID, m.Moved)
		case m.Event != "":
			return bot.Reply{}, nil
		case strings.HasPrefix(m.Tap, tapPrefix):
			return d.tapped(ctx, m, next)
		case m.Tap == "" && m.On != "":
			if reply, ok, err := d.answered(ctx, m, next); ok || err != nil {
				return reply, err
			}
		}
		if m.Group {
			return d.inGroup(ctx, m)
		}
		if m.Tap == "" {
			if reply, ok, err := d.redeem(ctx, m); ok || err != nil {
				return reply, err
			}
		}
		m, err := d.openOffice(ctx, m)
		if err != nil {
			return bot.Reply{}, err
		}
		return next(ctx, m)
	}
}

// tapped does what a button of the desk stands for.
func (d *Desk) tapped(ctx context.Context, m bot.Message, next bot.Handler) (bot.Reply, error) {
	t, ok := d.readTap(m.Tap)
	if !ok {
		return bot.Reply{Toast: d.say("desk.old_button", nil)}, nil
	}
	switch t.action {
	case groupTap:
		return d.offerGroup(ctx, m, t.subject)
	case moreTap:
		return d.more(ctx, m, t.subject)
	case openTap:
		return d.openCards(ctx, m)
	case openMatchTap:
		return d.openMatch(ctx, m, t.subject, next)
	}
	a := actionOf(t.action)
	if a == nil { // a newer or an older release's
		return bot.Reply{Toast: d.say("desk.old_button", nil)}, nil
	}
	return d.act(ctx, m, a, t.subject, t.ver, next)
}

// say gives a text for officers.
func (d *Desk) say(id string, data map[string]any) string { return d.text(officers, id, data) }

// text gives a text; its id, where a release forgot it, is better than silence.
func (d *Desk) text(lang, id string, data map[string]any) string {
	words, ok := d.Texts.Text(lang, id, data)
	if !ok {
		d.observe("text", "missing")
		return id
	}
	return words
}

func (d *Desk) observe(action, outcome string) {
	if d.Observe != nil {
		d.Observe(action, outcome)
	}
}

// place names where a filing is: its station and district, or the district alone.
func (d *Desk) place(lang, station, district string) string {
	data := map[string]any{"Station": d.Places.Name(lang, station), "District": d.Places.DistrictName(lang, district)}
	if station == "" {
		return d.text(lang, "notices.place.district", data)
	}
	return d.text(lang, "notices.place.station", data)
}

// post names a post: role and place, never a person.
func (d *Desk) post(p store.By) string { return d.postIn(officers, p) }

func (d *Desk) postIn(lang string, p store.By) string {
	data := map[string]any{
		"Role":     d.text(lang, "desk.role."+string(p.Role), nil),
		"Station":  d.Places.Name(lang, p.Station),
		"District": d.Places.DistrictName(lang, p.District),
	}
	switch {
	case p.Station != "":
		return d.text(lang, "desk.post.station", data)
	case p.District != "":
		return d.text(lang, "desk.post.district", data)
	}
	return d.text(lang, "desk.role."+string(p.Role), nil)
}

// service names a filing's service as the menu does.
func (d *Desk) service(lang, id string) string { return d.text(lang, "menu."+id, nil) }

// send puts a message on a channel at once, not through the outbox.
func (d *Desk) send(ctx context.Context, to bot.Chat, r bot.Reply) (id string, err error) {
	channel := d.Channels[to.Channel]
	if channel == nil {
		return "", errNoChannel
	}
	id, err = channel.Send(ctx, to, bot.Render(r, channel.Limits()))
	if refusal := (*bot.SendError)(nil); err != nil && !errors.As(err, &refusal) {
		return "", fmt.Errorf("sending: %w", err)
	}
	return id, err
}

var errNoChannel = errors.New("the chat's channel is not configured")
