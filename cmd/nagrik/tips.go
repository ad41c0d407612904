package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nagrik/flows"
	"nagrik/store/dialogs"
)

// openTips opens the store of tips that are being written. What it holds must be gone once it is
// deleted, so a Redis that would keep it is refused; without another one there are no tips.
func (c *conversation) openTips(ctx context.Context, share sharing, up *started) error {
	address, err := tipsURL(ctx, c.settings, share, up)
	if err != nil {
		return err
	}
	c.tipsRedis = c.redis
	if address != "" {
		if c.tipsRedis, err = dialogs.Connect(address, dialogs.ConnectOptions{Log: c.log}); err != nil {
			return fmt.Errorf("TIPS_REDIS_URL: %w", err)
		}
		up.add("redis client for tips", func(context.Context) error { return c.tipsRedis.Close() })
		if err := c.tipsRedis.Ping(ctx).Err(); err != nil {
			return fmt.Errorf("reaching the Redis for tips: %w", err)
		}
		c.tipsRedis.AddHook(c.metrics.trips())
	}
	trial := address != "" && c.settings.TipsRedisURL == "" // started here, and maybe as a part of this process
	if !trial {
		switch why, err := remembers(ctx, c); {
		case err != nil:
			return fmt.Errorf("asking whether the Redis for tips keeps anything: %w", err)
		case why != "" && address != "":
			return wrong("TIPS_REDIS_URL: %s; an example: redis-server --port 6380 %s", why, forgetful)
		case why != "":
			c.log.Warn("tips are off: set TIPS_REDIS_URL to a Redis that keeps nothing ("+forgetful+")", "reason", "REDIS_URL: "+why)
			return nil
		}
	}
	c.tips = dialogs.New(c.tipsRedis, dialogs.Options{
		Key: c.key("tips"), Prefix: "t:", TTL: flows.TipLife, Cache: -1, Log: c.log,
	})
	return nil
}

// forgetful is how to start a Redis that keeps nothing.
const forgetful = `--appendonly no --save "" --slowlog-log-slower-than -1`

// remembers says why a Redis will not do for tips, "" if it will.
func remembers(ctx context.Context, c *conversation) (why string, err error) {
	settings, err := dialogs.Remembers(ctx, c.tipsRedis)
	switch {
	case errors.Is(err, dialogs.ErrUnknown):
		return "it does not tell its settings, so nobody knows what it keeps: let this program call CONFIG GET", nil
	case err != nil:
		return "", err
	case len(settings) > 0:
		return "it keeps what is deleted: it needs " + strings.Join(settings, ", "), nil
	}
	return "", nil
}
