package desk

import (
	"context"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// overdue is a filing's card for who has a seat, with the words which of its clocks ran out, and how
// long ago.
func (d *Desk) overdue(ctx context.Context, n store.Notice) (bot.Reply, error) {
	reply, err := d.card(ctx, n.Filing, audience{n.Group, n.Roles}, false)
	reply.Text = d.say("desk.overdue."+string(n.Clock), map[string]any{"Late": d.ago(n.Late)}) + "\n\n" + reply.Text
	return reply, err
}

// ago says how long ago something was, in whole hours or days.
func (d *Desk) ago(late time.Duration) string {
	hours := int(late.Hours())
	switch {
	case hours < 1:
		return d.say("desk.ago.now", nil)
	case hours < 48:
		return d.say("desk.ago.hours", map[string]any{"Count": hours})
	}
	return d.say("desk.ago.days", map[string]any{"Count": hours / 24})
}

// ladder says what the note of an escalation stands for: which clock, and who was told.
func (d *Desk) ladder(note string) string {
	kind, told, taken := store.ReadOverdue(note)
	id := "desk.event.overdue.told"
	if !taken {
		id = "desk.event.overdue.vacant"
	}
	return d.say(id, map[string]any{"What": d.say("desk.clock."+string(kind), nil), "Role": d.say("desk.role."+string(told), nil)})
}
