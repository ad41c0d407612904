package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"nagrik/store"
)

// notices is what the outbox and the queue look like at the end.
type notices struct {
	stuck, jobs []string
	orphaned    int // jobs that a killed replica left; River looks for them after 90 s
	aside       int // messages that were given up, with an apology
}

const (
	// unsent are notices that are not at their end. A filing that was withdrawn or a card that a
	// group may not see would be a reason to fail, and there is none of either here.
	unsent = `select id, kind, state, reason, attempt from notices where state <> 'sent' order by id`

	// Jobs of a killed replica stay "running" until River rescues them: after 90 s, looked for every
	// 30 s by a leader that has to be elected first. Their notices do not wait for that.
	unfinishedJobs = `
		select id, state::text, extract(epoch from now() - greatest(coalesce(attempted_at, scheduled_at), scheduled_at))::int
		from river_job where state in ('available', 'running', 'retryable', 'scheduled') and scheduled_at <= now() order by id`
)

// stuckAfter is by when, in seconds, a job in each state must have gone on.
var stuckAfter = map[string]int{"available": 15, "retryable": 15, "scheduled": 15, "running": 180}

func checkNotices(ctx context.Context, records *store.Store) (n notices, err error) {
	var key int64
	var kind, state, reason string
	var attempt, age int
	rows, _ := records.Pool().Query(ctx, unsent)
	if _, err = pgx.ForEachRow(rows, []any{&key, &kind, &state, &reason, &attempt}, func() error {
		n.stuck = append(n.stuck, fmt.Sprintf("notice %d, a %s: %s %s after %d attempts", key, kind, state, reason, attempt))
		return nil
	}); err != nil {
		return n, err
	}
	rows, _ = records.Pool().Query(ctx, unfinishedJobs)
	if _, err = pgx.ForEachRow(rows, []any{&key, &state, &age}, func() error {
		if age > stuckAfter[state] {
			n.jobs = append(n.jobs, fmt.Sprintf("job %d: %s for %d s", key, state, age))
		} else if state == "running" {
			n.orphaned++
		}
		return nil
	}); err != nil {
		return n, err
	}
	err = records.Pool().QueryRow(ctx, `select count(*) from dead_messages`).Scan(&n.aside)
	return n, err
}
