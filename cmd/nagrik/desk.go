package main

import (
	"context"
	"sync/atomic"
	"time"

	"nagrik/bot"
	"nagrik/flows/desk"
	"nagrik/flows/match"
	"nagrik/store"
	"nagrik/store/dialogs"
)

// newDesk makes the officers' desk, which sends on the given channels. What it asks officers, the
// engine asks.
func newDesk(c *conversation, channels map[string]bot.Channel) *desk.Desk {
	limiter := dialogs.NewLimiter(c.redis, c.key("limits"))
	name := username(channels)
	name() // so that the first officer's link has it
	d := &desk.Desk{
		Store: c.records, Texts: c.texts, Places: c.services.Stations, Channels: channels,
		Files: desk.Files{
			Display: c.media.Display,
			Original: func(ctx context.Context, id string) (string, []byte, error) {
				item, data, err := c.media.Original(ctx, id)
				return item.MIME, data, err
			},
		},
		Sign: c.key("desk"),
		Limit: func(ctx context.Context, r desk.Rate, parts ...string) (time.Duration, error) {
			return limiter.Allow(ctx, dialogs.Rate(r), parts...)
		},
		Username: name,
		Observe:  func(action, outcome string) { c.metrics.actions.WithLabelValues(action, outcome).Inc() },
		Chart:    c.services.Papers.Press.Chart, Certificate: c.services.Certificate, PublicURL: c.settings.address(),
	}
	c.engine.Services = append(c.engine.Services, d.Services()...)
	return d
}

// sendNotices starts the jobs that send what nobody is waiting for: cards, news, reminders.
func sendNotices(ctx context.Context, c *conversation, d *desk.Desk, up *started) error {
	sender := &desk.Sender{Desk: d, Now: func() time.Time { return time.Now().In(india) }, Papers: c.services, Observe: c.metrics.notice}
	directory, err := c.records.Directory(ctx)
	if err != nil {
		return err
	}
	matcher := &match.Matcher{Store: c.records, Around: match.NewAround(directory.Districts), Observe: c.metrics.match}
	stop, err := c.records.RunJobs(ctx, sender.Deliver, store.JobOptions{Match: matcher.Match})
	if err != nil {
		return err
	}
	up.add("jobs", stop)
	up.background("reminders", func(ctx context.Context) {
		sender.RemindEvery(ctx, remindEvery, func(err error) { c.log.Error("reminding citizens of drafts failed", "error", err) })
	})
	return nil
}

// remindEvery is how often drafts left for a day are looked for.
const remindEvery = 10 * time.Minute

// username gives the bot's user name on Telegram, for links. The first to ask has it fetched beside:
// nobody waits for Telegram.
func username(channels map[string]bot.Channel) func() string {
	named, ok := channels["telegram"].(interface {
		Username(context.Context) (string, error)
	})
	if !ok {
		return func() string { return "" }
	}
	var known atomic.Pointer[string]
	var asking atomic.Bool
	return func() string {
		if name := known.Load(); name != nil {
			return *name
		}
		if asking.CompareAndSwap(false, true) {
			go func() {
				defer asking.Store(false)
				ctx, cancel := context.WithTimeout(context.Background(), usernameTime)
				defer cancel()
				if name, err := named.Username(ctx); err == nil {
					known.Store(&name)
				}
			}()
		}
		return ""
	}
}
