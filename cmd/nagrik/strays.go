package main

import (
	"context"
	"time"
)

// strayEvery is how often evidence that no filing has is looked for.
const strayEvery = time.Hour

// forgetStrays deletes the files of drafts that were given up, now and then until ctx ends.
func forgetStrays(ctx context.Context, c *conversation) {
	tick := time.NewTicker(strayEvery)
	defer tick.Stop()
	for {
		switch n, err := c.records.ForgetStrayMedia(ctx, c.media.Forget); {
		case err != nil && ctx.Err() == nil:
			c.log.Error("forgetting stray evidence failed", "error", err)
		case n > 0:
			c.log.Info("forgot stray evidence", "files", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
