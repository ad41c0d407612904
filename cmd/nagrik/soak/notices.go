package main

import (
	"context"
	"fmt"
	"time"

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
	// unsent are notices that were not sent; over: the filing, or the clock that they tell of, came to its end.
	unsent = `
		select n.id, n.kind, n.state, n.reason, n.attempt, coalesce(n.role, ''),
			coalesce(f.closed_at is not null or t.ended_at is not null, false)
				or coalesce(m.state <> 'proposed' or l.closed_at is not null or o.closed_at is not null, false) as over,
			coalesce(f.sensitive, l.sensitive or o.sensitive, false)
		from notices n left join filings f on f.id = n.filing left join clocks t on t.filing = n.filing and t.kind = n.clock
			left join matches m on m.id = n.match left join filings l on l.id = m.lost left join filings o on o.id = m.filing
		where n.state <> 'sent' order by n.id`

	// Jobs of a killed replica stay "running" until River rescues them: after 90 s, looked for every
	// 30 s by a leader that has to be elected first. Their notices do not wait for that. $1: when the
	// replicas were told to stop: nobody works after that.
	unfinishedJobs = `
		select id, state::text, extract(epoch from $1 - greatest(coalesce(attempted_at, scheduled_at), scheduled_at))::int
		from river_job where state in ('available', 'running', 'retryable', 'scheduled') and scheduled_at <= $1 order by id`
)

// stuckAfter is by when, in seconds, a job in each state must have gone on.
var stuckAfter = map[string]int{"available": 15, "retryable": 15, "scheduled": 15, "running": 180}

// harmless says whether nobody misses a notice that was not sent.
func harmless(kind, state, reason string, role store.Role, over, sensitive bool) bool {
	switch state {
	case "waiting": // for somebody to take a seat that is empty here
		return kind == store.NoticeOverdue && role != store.SHO
	case "failed":
	default:
		return false
	}
	if reason == "sensitive" { // it was for a group, and an FIR made the filing sensitive meanwhile
		return sensitive
	}
	switch [2]string{kind, reason} {
	case [2]string{store.NoticeCard, "withdrawn"}: // before the officers heard of it
		return over
	case [2]string{store.NoticeAskConsent, "asked"}: // the elder opened the link first, and was asked there
		return true
	case [2]string{store.NoticeMatch, "over"}, [2]string{store.NoticeStatus, "over"}: // there is no pair any more
		return over
	case [2]string{store.NoticeAskConsent, "over"}: // the answer came by the link, or at a visit
		return over
	case [2]string{store.NoticeOverdue, "nothing"}: // the clock was stopped between its step and the sending
		return over
	case [2]string{store.NoticeOverdue, "ended"}, [2]string{store.NoticeOverdue, "withdrawn"}:
		// The filing came to its end while this waited for an SDPO or an SP, of whom there are none here.
		return over && role != store.SHO
	}
	return false
}

// checkNotices looks for notices that are neither sent nor harmless, and for jobs that nobody does.
func checkNotices(ctx context.Context, records *store.Store, stopping time.Time) (n notices, err error) {
	var key int64
	var kind, state, reason string
	var role store.Role
	var over, sensitive bool
	var attempt, age int
	rows, _ := records.Pool().Query(ctx, unsent)
	if _, err = pgx.ForEachRow(rows, []any{&key, &kind, &state, &reason, &attempt, &role, &over, &sensitive}, func() error {
		if !harmless(kind, state, reason, role, over, sensitive) {
			n.stuck = append(n.stuck, fmt.Sprintf("notice %d, a %s for the %q: %s, %q after %d attempts, over: %v", key, kind, role, state, reason, attempt, over))
		}
		return nil
	}); err != nil {
		return n, fmt.Errorf("reading the notices: %w", err)
	}
	rows, _ = records.Pool().Query(ctx, unfinishedJobs, stopping)
	if _, err = pgx.ForEachRow(rows, []any{&key, &state, &age}, func() error {
		if age > stuckAfter[state] {
			n.jobs = append(n.jobs, fmt.Sprintf("job %d: %s for %d s", key, state, age))
		} else if state == "running" {
			n.orphaned++
		}
		return nil
	}); err != nil {
		return n, fmt.Errorf("reading the jobs: %w", err)
	}
	err = records.Pool().QueryRow(ctx, `select count(*) from dead_messages`).Scan(&n.aside)
	return n, err
}
