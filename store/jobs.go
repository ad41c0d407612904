package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// DeliverArgs is the job that sends one notice. Jobs hold ids only.
type DeliverArgs struct {
	Notice int64 `json:"notice"`
}

// Kind names the job in River's tables.
func (DeliverArgs) Kind() string { return "deliver" }

// ClockArgs is the job that takes the next step of a filing's clock.
type ClockArgs struct {
	Filing int64 `json:"filing"`
	Clock  Clock `json:"clock"`
}

// Kind names the job in River's tables.
func (ClockArgs) Kind() string { return "clock" }

// MatchArgs is the job that matches a filing or a record with what was lost or found elsewhere.
type MatchArgs struct{ Side }

// Kind names the job in River's tables.
func (MatchArgs) Kind() string { return "match" }

// wakeup is a notice, a filing's clock, or a side to be matched, and when its job should run; the zero time is at once.
type wakeup struct {
	Notice int64
	Filing int64
	Clock  Clock
	Match  Side
	Urgent bool
	At     time.Time
	Queue  string // "" is where most go
	Bulk   bool   // behind all others of its queue
}

func (w wakeup) args() river.JobArgs {
	switch {
	case w.Match != Side{}:
		return MatchArgs{w.Match}
	case w.Clock != "":
		return ClockArgs{w.Filing, w.Clock}
	}
	return DeliverArgs{w.Notice}
}

// matchQueue is for matching, which reads much: few work on it at once, and no card waits behind it.
const matchQueue = "matches"

const matchWorkers = 2

// receiptQueue is for the receipts of new filings. They are many and take time to make, and no card
// or news is to wait behind them: few work on them at once, and the others wait in the queue.
const receiptQueue = "receipts"

const receiptWorkers = 4

// wake runs a statement that returns (id, urgent) of notices and makes their
// jobs, in the same transaction.
func (s *Store) wake(ctx context.Context, tx pgx.Tx, query string, args ...any) error {
	rows, _ := tx.Query(ctx, query, args...)
	wakeups, err := collectWakeups(rows)
	if err != nil {
		return failed("making notices", err)
	}
	return s.insertJobs(ctx, tx, wakeups)
}

// collectWakeups reads rows of (id, urgent).
func collectWakeups(rows pgx.Rows) ([]wakeup, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (w wakeup, err error) {
		err = row.Scan(&w.Notice, &w.Urgent)
		return w, err
	})
}

// wakeAt is wake for a statement that returns (id, urgent, next_at).
func (s *Store) wakeAt(ctx context.Context, tx pgx.Tx, query string, args ...any) error {
	rows, _ := tx.Query(ctx, query, args...)
	wakeups, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (w wakeup, err error) {
		err = row.Scan(&w.Notice, &w.Urgent, &w.At)
		return w, err
	})
	if err != nil {
		return failed("making notices", err)
	}
	return s.insertJobs(ctx, tx, wakeups)
}

// insertJobs makes the jobs that send notices, turn clocks and match.
func (s *Store) insertJobs(ctx context.Context, tx pgx.Tx, wakeups []wakeup) error {
	if len(wakeups) == 0 {
		return nil
	}
	jobs := make([]river.InsertManyParams, len(wakeups))
	for i, w := range wakeups {
		o := &river.InsertOpts{MaxAttempts: jobAttempts, Priority: 2, ScheduledAt: w.At, Queue: w.Queue}
		switch {
		case w.Urgent:
			o.Priority = 1
		case w.Bulk:
			o.Priority = 4
		}
		jobs[i] = river.InsertManyParams{Args: w.args(), InsertOpts: o}
	}
	_, err := s.jobs.InsertManyTx(ctx, tx, jobs)
	return failed("making jobs", err)
}

const (
	jobAttempts  = 10 // then the sweeper takes over
	jobTimeout   = 25 * time.Second
	jobRescue    = 90 * time.Second
	jobRetention = time.Hour
)

// JobOptions are for RunJobs; the zero value is good.
type JobOptions struct {
	Workers int           // notices sent at once, 100 if 0
	Sweep   time.Duration // how often lost jobs are looked for, 15 s if 0
	// Match matches a side with all that it may fit; it may be called again for the same side at any time. Where it is nil,
	// nothing is matched, and what waits for it waits on.
	Match func(ctx context.Context, side Side) error
}

// RunJobs works the jobs until stop: deliver sends one notice (Claim, send,
// Sent or Failed) and returns an error only if it could not come to an end, to
// be called again after 1, 3, 10, 30, then every 60 s. A sweeper makes lost
// jobs anew, and deletes what is too old. stop waits for the notices in hand.
func (s *Store) RunJobs(ctx context.Context, deliver func(ctx context.Context, notice int64) error, o JobOptions) (stop func(context.Context) error, err error) {
	if o.Workers == 0 {
		o.Workers = 100
	}
	if o.Sweep == 0 {
		o.Sweep = 15 * time.Second
	}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &deliverer{deliver: deliver}); err != nil {
		return nil, fmt.Errorf("setting up jobs: %w", err)
	}
	if err := river.AddWorkerSafely(workers, &turner{turn: s.TurnClock}); err != nil {
		return nil, fmt.Errorf("setting up jobs: %w", err)
	}
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: o.Workers}, receiptQueue: {MaxWorkers: receiptWorkers}}
	if o.Match != nil {
		if err := river.AddWorkerSafely(workers, &matcher{match: o.Match}); err != nil {
			return nil, fmt.Errorf("setting up jobs: %w", err)
		}
		queues[matchQueue] = river.QueueConfig{MaxWorkers: matchWorkers}
	}
	client, err := river.NewClient(riverpgxv5.New(s.jobsPool), &river.Config{
		Logger:                      s.log,
		Workers:                     workers,
		Queues:                      queues,
		JobTimeout:                  jobTimeout,
		RescueStuckJobsAfter:        jobRescue,
		CompletedJobRetentionPeriod: jobRetention,
		CancelledJobRetentionPeriod: jobRetention,
		DiscardedJobRetentionPeriod: jobRetention,
		RetryPolicy:                 retryPolicy{},
		FetchCooldown:               20 * time.Millisecond,
		FetchPollInterval:           time.Second,
	})
	if err != nil {
		return nil, fmt.Errorf("setting up jobs: %w", err)
	}
	running := context.WithoutCancel(ctx) // stop ends them, in order
	if err := client.Start(running); err != nil {
		return nil, fmt.Errorf("starting jobs: %w", err)
	}
	sweeping, stopSweeping := context.WithCancel(running)
	var swept sync.WaitGroup
	swept.Go(func() { s.sweepEvery(sweeping, o.Sweep) })
	return func(ctx context.Context) error {
		stopSweeping()
		swept.Wait()
		if err := client.Stop(ctx); err != nil {
			return fmt.Errorf("stopping jobs: %w", err)
		}
		return nil
	}, nil
}

type deliverer struct {
	river.WorkerDefaults[DeliverArgs]
	deliver func(context.Context, int64) error
}

// Work sends one notice.
func (d *deliverer) Work(ctx context.Context, job *river.Job[DeliverArgs]) error {
	return d.deliver(ctx, job.Args.Notice)
}

type turner struct {
	river.WorkerDefaults[ClockArgs]
	turn func(context.Context, int64, Clock) error
}

// Work takes a step of a clock.
func (t *turner) Work(ctx context.Context, job *river.Job[ClockArgs]) error {
	return t.turn(ctx, job.Args.Filing, job.Args.Clock)
}

type matcher struct {
	river.WorkerDefaults[MatchArgs]
	match func(context.Context, Side) error
}

// Work matches one side.
func (m *matcher) Work(ctx context.Context, job *river.Job[MatchArgs]) error {
	return m.match(ctx, job.Args.Side)
}

// retryPolicy is for jobs that could not come to an end, as when Postgres was
// away. A notice that a channel refused has its own time to try again.
type retryPolicy struct{}

// NextRetry waits 1, 3, 10, 30 s, then 60 s each.
func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	waits := []time.Duration{1, 3, 10, 30, 60}
	n := min(len(job.Errors), len(waits)-1)
	return time.Now().Add(waits[n] * time.Second)
}

func (s *Store) sweepEvery(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var expired time.Time
	for {
		if err := s.Sweep(ctx); err != nil && !errors.Is(err, context.Canceled) {
			s.log.Warn("sweeping notices failed", slog.Any("error", err))
		}
		if time.Since(expired) > retentionEvery {
			expired = time.Now()
			if err := s.Expire(ctx); err != nil && !errors.Is(err, context.Canceled) {
				s.log.Warn("deleting what is too old failed", slog.Any("error", err))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

const sweepLimit = 500 // notices at a time

// dueNotices are those whose job must have been lost: due half a minute ago and
// in nobody's hands. They are put off, so that replicas do not take the same ones. Receipts wait
// longer in their queue when many file at once.
const dueNotices = `
	update notices set next_at = now()
	where id in (
		select id from notices
		where state in ('pending', 'sending') and next_at < now() - interval '30 seconds' and (lease_until is null or lease_until < now())
			and (kind <> 'receipt' or next_at < now() - interval '10 minutes')
		order by urgent desc, next_at limit $1
		for update skip locked)
	returning id, urgent`

// sendWaiting gives news and receipts that wait to a chat of their citizen that can be
// reached again.
const sendWaiting = `
	update notices n set state = 'pending', chat = c.chat, next_at = now()
	from (select n.id, c.chat
		from notices n join filings f on f.id = n.filing, lateral (` + citizenChat + `) c
		where n.state = 'waiting' and n.kind in ` + toCitizens + `
		limit $1 for update of n skip locked) c
	where n.id = c.id
	returning n.id, n.urgent`

// Sweep mends what may have gone wrong: it makes jobs anew for notices that
// should have been sent, sends what waited and can go now, takes the steps of
// clocks and check-ins that are due, makes the digests of the day, counts the
// statistics, and makes the event partitions of the months to come. Every replica does so now and then.
func (s *Store) Sweep(ctx context.Context) error {
	err := s.inTx(ctx, "sweeping notices", func(tx pgx.Tx) error {
		if err := s.wake(ctx, tx, dueNotices, sweepLimit); err != nil {
			return err
		}
		if err := s.wake(ctx, tx, sendWaiting, sweepLimit); err != nil {
			return err
		}
		return s.release(ctx, tx, "", "")
	})
	if err != nil {
		return err
	}
	if err := errors.Join(s.turnDueClocks(ctx), s.CheckIn(ctx), s.makeDigests(ctx), s.sweepMatching(ctx), s.countStatistics(ctx)); err != nil {
		return err
	}
	return failed("making partitions", makePartitions(ctx, s.pool))
}

const jobCounts = `
	select state::text, count(*), coalesce(extract(epoch from now() - min(scheduled_at) filter (where state = 'available')), 0)::float8
	from river_job where state in ('available', 'running', 'retryable', 'scheduled') group by state`

// JobCounts counts the unfinished jobs by River's state ("available", "running",
// "retryable", "scheduled"), and says for how many seconds the oldest one that
// could run has been due, for metrics.
func (s *Store) JobCounts(ctx context.Context) (byState map[string]int64, oldest float64, err error) {
	rows, _ := s.pool.Query(ctx, jobCounts)
	byState = map[string]int64{}
	var state string
	var count int64
	var due float64
	_, err = pgx.ForEachRow(rows, []any{&state, &count, &due}, func() error {
		byState[state] = count
		oldest = max(oldest, due)
		return nil
	})
	return byState, oldest, failed("counting jobs", err)
}
