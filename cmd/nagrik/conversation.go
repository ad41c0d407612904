package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"

	"nagrik/bot"
	"nagrik/flows"
	"nagrik/locales"
	"nagrik/store"
	"nagrik/store/dialogs"
	"nagrik/store/media"
)

// india is the zone in which citizens and officers live.
var india = locales.India

// conversation is what answers a message, whatever the channel.
type conversation struct {
	settings *Settings
	log      *slog.Logger
	metrics  *metrics

	records   *store.Store
	redis     redis.UniversalClient
	tipsRedis redis.UniversalClient
	dialogs   *dialogs.Store
	tips      *dialogs.Store // nil: off
	media     *media.Library
	texts     *locales.Texts
	services  *flows.Records
	engine    *bot.Engine
	asks      *flows.Asks
}

// openConversation starts everything behind the channels: records, evidence, Redis, dialogs, engine.
func openConversation(ctx context.Context, s *Settings, share sharing, up *started) (*conversation, error) {
	c := &conversation{settings: s, log: up.log, metrics: newMetrics()}
	var err error
	if c.texts, err = locales.Load(); err != nil {
		return nil, fmt.Errorf("reading the texts: %w", err)
	}
	if c.records, err = openRecords(ctx, s, share, up); err != nil {
		return nil, err
	}
	bucket, err := media.OpenBucket(s.MediaURL)
	if err != nil {
		return nil, fmt.Errorf("MEDIA_URL: %w", err)
	}
	c.media = media.New(bucket, c.records.Keys())
	if err := c.openDialogs(ctx, share, up); err != nil {
		return nil, err
	}
	if err := c.openTips(ctx, share, up); err != nil {
		return nil, err
	}
	options := flows.Options{
		Store: c.records, Dialogs: c.dialogs, Tips: c.tips, Media: c.media, Texts: c.texts, Keys: c.records.Keys(),
		Now:      func() time.Time { return time.Now().In(india) },
		SendCode: c.codes(), Observe: c.metrics.effect, Limit: dialogs.NewLimiter(c.redis, c.key("limits")).Allow, PublicURL: s.address(),
	}
	if c.tips != nil {
		options.LimitTips = dialogs.NewLimiter(c.tipsRedis, c.key("limits of tips")).Allow
	}
	if c.services, err = flows.NewRecords(ctx, options); err != nil {
		return nil, fmt.Errorf("making the services: %w", err)
	}
	c.engine = flows.NewEngine(c.services, options)
	c.asks = &flows.Asks{Store: c.records, Texts: c.texts, Services: c.engine.Services}
	c.metrics.watch(c)
	return c, nil
}

func (c *conversation) openDialogs(ctx context.Context, share sharing, up *started) error {
	address, err := redisURL(ctx, c.settings, share, up)
	if err != nil {
		return err
	}
	if c.redis, err = dialogs.Connect(address, dialogs.ConnectOptions{Log: c.log}); err != nil {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	up.add("redis client", func(context.Context) error { return c.redis.Close() })
	if err := c.redis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("reaching Redis: %w", err)
	}
	c.redis.AddHook(c.metrics.trips())
	c.dialogs = dialogs.New(c.redis, dialogs.Options{
		Key:    c.key("dialogs"),
		Backup: drafts{c.records}, Log: c.log,
	})
	up.add("dialogs", c.dialogs.Close)
	return nil
}

// key hashes what must not be seen, such as the keys in Redis.
func (c *conversation) key(purpose string) func(parts ...string) []byte {
	return func(parts ...string) []byte { return c.records.Keys().MAC(purpose, parts...) }
}

// ready says whether messages can be answered: Postgres, its schema, and both Redis.
func (c *conversation) ready(ctx context.Context) error {
	if err := c.records.Ready(ctx); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	if err := c.redis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	if c.tips == nil {
		return nil
	}
	if err := c.tipsRedis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("redis for tips: %w", err)
	}
	return nil
}

// safely wraps a handler so that no message can hold up its chat, and counts the turns.
func (c *conversation) safely(h bot.Handler) bot.Handler {
	poison := &bot.Poison{
		Handler: h,
		Aside: func(ctx context.Context, channel, kind string, size int) error {
			c.metrics.aside.WithLabelValues(channel, kind).Inc()
			c.log.Error("a message was put aside", "channel", channel, "kind", kind, "bytes", size)
			return c.records.DeadMessage(ctx, channel, kind, size)
		},
		Sorry: func(bot.Message) bot.Reply {
			text, _ := c.texts.Text(locales.Default, "engine.sorry", nil)
			return bot.Reply{Text: text}
		},
		Crashed: func(stack string) {
			c.metrics.crashes.Inc()
			c.log.Error("a turn panicked", "stack", stack)
		},
	}
	return c.metrics.turns(poison.Handle)
}

// drafts keeps the copies of open dialogs in the records.
type drafts struct{ records *store.Store }

// Keep is dialogs.Backup's.
func (d drafts) Keep(ctx context.Context, open []dialogs.Draft) error {
	copies := make([]store.Draft, len(open))
	for i, draft := range open {
		copies[i] = store.Draft(draft)
	}
	return d.records.KeepDrafts(ctx, copies)
}

// Recall is dialogs.Backup's.
func (d drafts) Recall(ctx context.Context, key []byte) ([]byte, error) {
	state, _, err := d.records.RecallDraft(ctx, key)
	return state, err
}

// Drop is dialogs.Backup's.
func (d drafts) Drop(ctx context.Context, keys [][]byte) error {
	return d.records.DropDrafts(ctx, keys)
}
