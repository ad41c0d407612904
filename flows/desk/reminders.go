package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// remindAtOnce is how many drafts are reminded of in one go.
const remindAtOnce = 100

// RemindEvery reminds citizens of drafts left for a day, now and then until ctx ends. The store
// gives each draft to one replica only. failed hears of what went wrong.
func (s *Sender) RemindEvery(ctx context.Context, every time.Duration, failed func(error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		n, err := s.Remind(ctx)
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		if n == remindAtOnce && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Reminders go out from the one hour until the other, and wake nobody.
const (
	remindFrom  = 8
	remindUntil = 20
)

// Remind reminds of the drafts that are due, at most remindAtOnce, and returns how many there were.
// At night there are none.
func (s *Sender) Remind(ctx context.Context) (int, error) {
	if hour := s.Now().Hour(); hour < remindFrom || hour >= remindUntil {
		return 0, nil
	}
	due, err := s.Desk.Store.DueReminders(ctx, remindAtOnce)
	if err != nil {
		return 0, fmt.Errorf("finding drafts to remind of: %w", err)
	}
	var all error
	for _, r := range due {
		outcome, err := s.remind(ctx, r)
		s.observe("reminder", outcome)
		all = errors.Join(all, err)
	}
	return len(due), all
}

// patience is how long a reminder waits for a busy channel. It is sent once or not at all: a
// courtesy, and the draft is there without it.
const patience = 30 * time.Second

// remind sends one reminder.
func (s *Sender) remind(ctx context.Context, r store.Reminder) (outcome string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	d, lang := s.Desk, citizens(r.Lang)
	service := d.first(lang, nil, "menu."+r.Service)
	if service == "" { // this release no longer has it
		return outcomeNothing, nil
	}
	reply := bot.Reply{
		Text: d.text(lang, "notices.reminder", map[string]any{"Service": service}), Few: r.Simple,
		Options: []bot.Option{{Data: bot.MenuTap("!resume." + r.Service), Label: d.text(lang, "notices.resume", nil)}},
	}
	for {
		wait, err := d.Limit(ctx, perBot, "bot", r.Channel)
		if err == nil && wait == 0 {
			_, err = d.send(ctx, bot.Chat{Channel: r.Channel, ID: r.Chat}, reply)
		}
		var refusal *bot.SendError
		switch {
		case err == nil && wait == 0:
			return outcomeSent, nil
		case errors.As(err, &refusal) && refusal.Reason == bot.ReasonBlocked:
			return refusal.Reason, d.Store.Unreachable(ctx, r.Channel, r.Chat)
		case errors.As(err, &refusal) && refusal.Reason == bot.ReasonBusy:
			wait = max(refusal.After, time.Second)
		case refusal != nil:
			return refusal.Reason, nil
		case err != nil:
			return outcomeFailed, fmt.Errorf("reminding: %w", err)
		}
		select {
		case <-ctx.Done():
			return outcomeWait, nil
		case <-time.After(wait):
		}
	}
}
