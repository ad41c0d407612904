package main

import (
	"context"
	"time"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

// Trouble that Telegram and the network make during the storm.
const (
	busyShare  = .20 // sends that are answered 429
	twiceShare = .10 // updates that are delivered again after they were accepted
	lostShare  = .03 // updates whose acceptance does not arrive
	cutShare   = .03 // calls that are carried out and whose answer does not arrive
	failShare  = .02 // calls that are answered 502
)

// trouble begins or ends what Telegram and the network do to make it hard.
func (w *world) trouble(on bool) {
	share := func(s float64) float64 {
		if on {
			return s
		}
		return 0
	}
	w.front.trouble(share(busyShare))
	w.telegram.Change(func(c *telegramtest.Config) {
		c.Twice, c.Lost, c.Cut, c.Fail = share(twiceShare), share(lostShare), share(cutShare), share(failShare)
	})
}

// settle waits until every update is delivered and every notice has come to its end, and says whether
// they did. What a killed sender had in hand is due again after up to a minute, what was refused
// several times after up to five. So after a while Telegram recovers, and what still waits is made due.
func (w *world) settle(ctx context.Context) (settled bool, err error) {
	records, err := w.records(ctx)
	if err != nil {
		return false, err
	}
	defer records.Close()
	defer w.trouble(false)
	if w.settled(ctx, records, w.o.wait) {
		return true, nil
	}
	w.trouble(false)
	for begun := time.Now(); time.Since(begun) < w.o.drain && ctx.Err() == nil; {
		tag, err := records.Pool().Exec(ctx, `
			update notices set lease_until = now() - interval '1 second', next_at = now() - interval '11 minutes'
			where state in ('sending', 'pending')`)
		if err != nil {
			return false, err
		}
		w.hurried += int(tag.RowsAffected())
		// What waits to be matched, and whose job was killed, comes again after five minutes.
		if _, err := records.Pool().Exec(ctx, `update match_due set since = now() - interval '31 seconds'`); err != nil {
			return false, err
		}
		if w.settled(ctx, records, hurryEvery) {
			return true, nil
		}
	}
	return false, nil
}

// hurryEvery is longer than the program takes to look for notices that are due, which is 15 s.
const hurryEvery = 20 * time.Second

// stillOpen counts what the program has yet to do by itself.
const stillOpen = `
	select (select count(*) from notices where state in ('pending', 'sending')) + (select count(*) from match_due)
		+ (select count(*) from clocks where ended_at is null and paused_at is null and next_at <= now())`

// settled waits for a while until nothing is open any more.
func (w *world) settled(ctx context.Context, records *store.Store, patience time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		var open int
		err := records.Pool().QueryRow(ctx, stillOpen).Scan(&open)
		if err == nil && open == 0 && w.telegram.Waiting() == 0 {
			w.trouble(false)
			return sleep(ctx, time.Second) // for repeats that are still on their way
		}
		if !sleep(ctx, 200*time.Millisecond) {
			return false
		}
	}
}
