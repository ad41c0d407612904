package desk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// When more than a few cards come to a chat within a minute, they go together: one message names the
// filings, and their cards are opened from it. Urgent ones always come alone, and first.

// perList is how often a chat gets such a message. Who is not allowed one is gathered by who is, so it
// also keeps senders from each making a message of its own.
var perList = Rate{Count: 1, Per: 30 * time.Second, Burst: 1}

const (
	listed   = 10 // filings named in a message; the others are counted
	openNow  = 5  // cards opened with one tap
	roomWait = 10 * time.Second
)

// openTap is the action of the button that opens the next cards.
const openTap = "w"

// mayGoTogether says whether a notice may be told of along with others like it.
func mayGoTogether(n store.Notice) bool {
	return !n.Urgent && (n.Kind == store.NoticeOverdue || n.Kind == store.NoticeCard && n.Card == "")
}

// together sends a notice along with all others of its kind for its chat, if it is time for that. ok is
// false if there are no others.
func (s *Sender) together(ctx context.Context, n store.Notice) (outcome string, ok bool, err error) {
	wait, err := s.Desk.Limit(ctx, perList, "list", n.Channel, n.Chat, n.Kind)
	if err != nil {
		s.observe("limit", outcomeFailed)
		wait = 0
	}
	if wait > 0 { // somebody else gathers this one, or it gathers others then
		return outcomeStorm, true, s.later(ctx, n, outcomeStorm, wait+rand.N(time.Second))
	}
	if !s.waitForRoom(ctx, n) {
		return outcomeWait, true, s.later(ctx, n, outcomeWait, roomWait)
	}
	others, err := s.Desk.Store.Gather(ctx, n, lease)
	if err != nil {
		return outcomeFailed, true, errors.Join(err, s.later(ctx, n, outcomeFailed, pause(n.Attempt)))
	}
	if len(others) == 0 {
		return "", false, nil
	}
	sending, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err = s.Desk.send(sending, bot.Chat{Channel: n.Channel, ID: n.Chat}, s.Desk.list(n, others))
	record := context.WithoutCancel(ctx)
	if err != nil {
		if scatterErr := s.Desk.Store.Scatter(record, n); scatterErr != nil {
			return outcomeFailed, true, scatterErr
		}
		outcome, err := s.refused(record, n, err)
		return outcome, true, err
	}
	for range others {
		s.observe(n.Kind, outcomeTogether)
	}
	return outcomeTogether, true, s.Desk.Store.SentTogether(record, n)
}

// waitForRoom waits a little for a place within the limits: the next turn to gather is far away.
func (s *Sender) waitForRoom(ctx context.Context, n store.Notice) bool {
	until := time.Now().Add(roomWait)
	n.Urgent = true // comes back as early as it may
	for {
		wait := s.room(ctx, n)
		if wait == 0 {
			return true
		}
		if time.Now().Add(wait).After(until) {
			return false
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(wait):
		}
	}
}

// list names the filings of a notice and of the others like it.
func (d *Desk) list(n store.Notice, others []store.Filing) bot.Reply {
	filings := append([]store.Filing{n.Filing}, others...)
	lines := []string{d.say("desk.list."+n.Kind, map[string]any{"Count": len(filings)})}
	for _, f := range filings[:min(listed, len(filings))] {
		lines = append(lines, d.line(f))
	}
	if more := len(filings) - listed; more > 0 {
		lines = append(lines, d.say("desk.list.more", map[string]any{"Count": more}))
	}
	reply := bot.Reply{Text: strings.Join(lines, "\n")}
	switch {
	case n.Group:
		reply.Options = []bot.Option{d.button(tap{openTap, 0, 0}, "desk.list.open")}
	case n.Kind == store.NoticeOverdue:
		reply.Options = []bot.Option{d.seeOverdue()}
	default:
		reply.Options = []bot.Option{d.seeNew()}
	}
	return reply
}

// line is a filing in a list.
func (d *Desk) line(f store.Filing) string {
	return d.say("desk.list.line", map[string]any{"Number": f.Number, "Service": d.service(officers, f.Service), "Sensitive": f.Sensitive})
}

// seeNew and seeOverdue are the buttons that lead an officer to the desk's lists.
func (d *Desk) seeNew() bot.Option {
	return bot.Option{Data: bot.StartTap("desk_list", "what", "new"), Label: d.say("desk.list.new", nil)}
}

func (d *Desk) seeOverdue() bot.Option {
	return bot.Option{Data: bot.StartTap("desk_list", "what", "overdue"), Label: d.say("desk.list.overdue_ones", nil)}
}

// openCards sends the next cards of what was only named in a chat.
func (d *Desk) openCards(ctx context.Context, m bot.Message) (bot.Reply, error) {
	if m.Sender == "" {
		return d.brief(m, d.say("desk.anonymous", nil)), nil
	}
	posts, err := d.Store.Posts(ctx, m.Chat.Channel, m.Sender)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("opening cards: %w", err)
	}
	if len(posts) == 0 {
		return d.brief(m, d.say("desk.list.stranger", nil)), nil
	}
	opened, left, err := d.Store.OpenListed(ctx, m.Chat.Channel, m.Chat.ID, m.Sender, openNow)
	if err != nil {
		return bot.Reply{}, err
	}
	if opened == 0 {
		return d.brief(m, d.say("desk.list.all_open", nil)), nil
	}
	return d.brief(m, d.say("desk.list.opened", map[string]any{"Count": opened, "Left": left})), nil
}
