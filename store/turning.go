package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// endClocks ends clocks $2 of filing $1, or all ($3).
	endClocks = `
		update clocks set ended_at = now() where filing = $1 and ended_at is null and ($3 or kind = any($2))`

	pauseClocks = `
		update clocks set paused_at = now() where filing = $1 and ended_at is null and paused_at is null and kind = any($2)`

	// resumeClocks gives clocks the time back that they stood still.
	resumeClocks = `
		update clocks set paused_at = null, started_at = started_at + (now() - paused_at), due_at = due_at + (now() - paused_at),
			next_at = next_at + (now() - paused_at)
		where filing = $1 and ended_at is null and paused_at is not null
		returning kind, next_at`

	// startClocks starts clocks for filing $1; if $5, only those that it has had. One that runs goes on as it is.
	startClocks = `
		insert into clocks (filing, kind, due_at, next_at)
		select $1, k.kind, now() + k.due, now() + k.first from unnest($2::text[], $3::interval[], $4::interval[]) k (kind, due, first)
		where not $5 or exists (select from clocks c where c.filing = $1 and c.kind = k.kind)
		on conflict (filing, kind) do update set started_at = now(), due_at = excluded.due_at, next_at = excluded.next_at,
			level = 0, grace = false, paused_at = null, ended_at = null
			where clocks.ended_at is not null
		returning kind, next_at`
)

// turnClocks ends, pauses and starts the clocks of a filing, as it stands before an event, in the
// transaction of the event. to is the status that the event leaves, "" for the same; ended says that the
// filing ends with it.
func (s *Store) turnClocks(ctx context.Context, tx pgx.Tx, f Filing, event string, to Status, ended bool) error {
	if kinds := endedBy(event); ended || len(kinds) > 0 {
		if _, err := tx.Exec(ctx, endClocks, f.ID, kinds, ended); err != nil {
			return failed("ending clocks", err)
		}
	}
	switch {
	case to == NeedsInfo:
		if _, err := tx.Exec(ctx, pauseClocks, f.ID, pausable); err != nil {
			return failed("pausing clocks", err)
		}
	case f.Status == NeedsInfo && to != "":
		if err := s.wind(ctx, tx, f.ID, resumeClocks, f.ID); err != nil {
			return err
		}
	}
	kinds, due, first := startedBy(f.Service, event)
	if len(kinds) == 0 {
		return nil
	}
	return s.wind(ctx, tx, f.ID, startClocks, f.ID, kinds, due, first, event == string(Reopened))
}

// turnBack sets the clocks of a filing that another station refused as the status wants that it comes back to
// ("" for none): who has not taken note of it gets a day anew, and while the citizen is asked something the
// officers' stand still.
func (s *Store) turnBack(ctx context.Context, tx pgx.Tx, f Filing, to Status) error {
	switch to {
	case NeedsInfo:
		_, err := tx.Exec(ctx, pauseClocks, f.ID, pausable)
		return failed("pausing clocks", err)
	case Received, Sent, Reopened:
		kinds, due, first := startedBy(f.Service, string(Transferred))
		return s.wind(ctx, tx, f.ID, startClocks, f.ID, kinds, due, first, false)
	}
	return nil
}

// wind runs a statement that returns (kind, next_at) of a filing's clocks and makes the jobs of their
// next steps.
func (s *Store) wind(ctx context.Context, tx pgx.Tx, filing int64, query string, args ...any) error {
	rows, _ := tx.Query(ctx, query, args...)
	var jobs []wakeup
	var kind Clock
	var next *time.Time
	_, err := pgx.ForEachRow(rows, []any{&kind, &next}, func() error {
		if next != nil {
			jobs = append(jobs, wakeup{Filing: filing, Clock: kind, At: *next})
		}
		return nil
	})
	if err != nil {
		return failed("setting clocks", err)
	}
	return s.insertJobs(ctx, tx, jobs)
}

const (
	// lockDueClock takes filing $1 and its clock $2, if the clock's next step is due by Postgres' time and
	// nobody else has them: the sweeper looks again.
	lockDueClock = `
		select c.level, c.grace, now() - c.next_at, ` + filingColumns + `
		from clocks c join filings f on f.id = c.filing
		where c.filing = $1 and c.kind = $2 and c.paused_at is null and c.ended_at is null and c.next_at <= now()
		for no key update of f skip locked for update of c skip locked`

	graceClock = `
		update clocks set next_at = now() + $3, grace = true where filing = $1 and kind = $2 returning kind, next_at`

	// setClock is clock $2 after step $3; the next one comes $4 after the start, but not in the past: time
	// that was lost is given once. Without a next one ($4 is null) the clock may be over ($5).
	setClock = `
		update clocks set level = $3, grace = false, next_at = case when $4::interval is not null then greatest(started_at + $4, now()) end,
			ended_at = case when $5 then now() else ended_at end
		where filing = $1 and kind = $2
		returning kind, next_at`

	dueClocks = `
		select filing, kind from clocks where next_at <= now() and paused_at is null and ended_at is null order by next_at limit $1`

	// nextVersion is for an event that leaves a filing as it is.
	nextVersion = `
		update filings f set ver = ver + 1, updated_at = now() where id = $1 returning ` + filingColumns

	systemEvent = `
		insert into events (filing, filed_at, ver, kind, actor, note)
		select f.id, f.created_at, f.ver, $2, 'system', $3 from filings f where f.id = $1`

	// tellSeat makes notices that clock $3 of filing $1 ran out, for the chats of those who are $2 where
	// the filing belongs or is on its way to. Where nobody is, one waits for whoever comes into the seat.
	tellSeat = `
		with seat as (
			select distinct o.chat from filings f, posts p join officers o on o.id = p.officer join chats c on c.id = o.chat
			where f.id = $1 and p.role = $2 and p.revoked_at is null and c.reachable and c.address is not null
				and ` + seated + `
		)
		insert into notices (kind, urgent, chat, filing, ver, clock, role, state, dedupe_key)
		select 'overdue', f.urgent, seat.chat, f.id, f.ver, $3, $2, case when seat.chat is null then 'waiting' else 'pending' end,
			'overdue:' || f.id || ':' || f.ver || ':' || coalesce(encode(seat.chat, 'hex'), 'waiting')
		from filings f left join seat on true
		where f.id = $1
		returning id, urgent, state = 'pending'`

	// byDay puts a notice off that would wake a citizen at night.
	byDay = `
		update notices n set next_at = t.morning
		from (select (date_trunc('day', local + interval '4 hours') + interval '8 hours') at time zone 'Asia/Kolkata' as morning
			from (select now() at time zone 'Asia/Kolkata' as local) t where extract(hour from local) not between 8 and 19) t
		where n.filing = $1 and n.ver = $2 and n.kind = 'status' and n.state = 'pending'
		returning n.id, n.urgent, n.next_at`
)

const (
	lateAfter  = 5 * time.Minute  // a step found later than that was missed because nobody ran
	graceTime  = 30 * time.Minute // and officers have so long to act, before anybody hears of it
	clockLimit = 500              // due clocks at a time
)

// TurnClock takes the next step of a filing's clock, if it is due: whoever comes first, once.
func (s *Store) TurnClock(ctx context.Context, filing int64, kind Clock) error {
	c := clockOf(kind)
	if c == nil {
		return nil
	}
	return s.inTx(ctx, "turning a clock", func(tx pgx.Tx) error {
		var f Filing
		var level int
		var grace bool
		var late time.Duration
		err := tx.QueryRow(ctx, lockDueClock, filing, kind).Scan(append([]any{&level, &grace, &late}, f.columns()...)...)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && level >= len(c.ladder) {
			return nil
		}
		if err != nil {
			return failed("turning a clock", err)
		}
		if !grace && late > lateAfter && c.ladder[level].grace() {
			return s.wind(ctx, tx, f.ID, graceClock, f.ID, kind, graceTime)
		}
		return s.climb(ctx, tx, c, &f, level, late)
	})
}

// grace says whether a step that was missed waits a little: the station could not have acted meanwhile.
func (s step) grace() bool { return s.event == Overdue || s.event == Lapsed }

// missed says whether a step is left out that is so late that the next one, which says the same, is due.
func (c *clock) missed(level int, late time.Duration) bool {
	return c.ladder[level].event == Reminded && c.ladder[level+1].after-c.ladder[level].after <= late
}

// climb takes the step of a level, and those above it at once as long as nobody has the seat.
func (s *Store) climb(ctx context.Context, tx pgx.Tx, c *clock, f *Filing, level int, late time.Duration) error {
	told := c.missed(level, late)
	if told {
		level++
	}
	for ; !told && level < len(c.ladder); level++ {
		var err error
		if told, err = s.rung(ctx, tx, c.kind, f, c.ladder[level]); err != nil {
			return err
		}
	}
	var next *time.Duration
	if level < len(c.ladder) {
		next = &c.ladder[level].after
	}
	if err := s.wind(ctx, tx, f.ID, setClock, f.ID, c.kind, level, next, c.over && next == nil); err != nil {
		return err
	}
	return s.wake(ctx, tx, editCards, f.ID)
}

// rung makes the event of a step and tells whom it is for; false if that is a seat that nobody has.
func (s *Store) rung(ctx context.Context, tx pgx.Tx, kind Clock, f *Filing, at step) (told bool, err error) {
	if at.tell == SHO && f.Station == "" { // the station is not known: there is no such seat
		return false, nil
	}
	if err := tx.QueryRow(ctx, nextVersion, f.ID).Scan(f.columns()...); err != nil {
		return false, failed("turning a clock", err)
	}
	told, note := true, ""
	if at.tell != "" {
		if told, err = s.tellSeat(ctx, tx, f.ID, at.tell, kind); err != nil {
			return false, err
		}
		note = string(kind) + " " + string(at.tell)
		if !told {
			note += " " + vacant
		}
	}
	sealed, err := s.keys.SealText(note, eventPlace(f.ID, f.Ver))
	if err != nil {
		return false, fmt.Errorf("turning a clock: %w", err)
	}
	if _, err := tx.Exec(ctx, systemEvent, f.ID, at.event, sealed); err != nil {
		return false, failed("turning a clock", err)
	}
	if at.tell != "" {
		return told, nil
	}
	if err := s.wake(ctx, tx, tellCitizen, f.ID); err != nil {
		return false, err
	}
	if at.event == Reminded {
		err = s.wakeAt(ctx, tx, byDay, f.ID, f.Ver)
	}
	return true, err
}

// tellSeat tells those who have a role where a filing belongs that a clock ran out; false if nobody has it.
func (s *Store) tellSeat(ctx context.Context, tx pgx.Tx, filing int64, role Role, kind Clock) (told bool, err error) {
	rows, _ := tx.Query(ctx, tellSeat, filing, role, kind)
	notices, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (w wakeup, err error) {
		err = row.Scan(&w.Notice, &w.Urgent, &told)
		return w, err
	})
	if err != nil {
		return false, failed("telling that a clock ran out", err)
	}
	if !told {
		return false, nil
	}
	return true, s.insertJobs(ctx, tx, notices)
}

// turnDueClocks takes all steps that are due: those whose job was lost, or came too early.
func (s *Store) turnDueClocks(ctx context.Context) error {
	rows, _ := s.pool.Query(ctx, dueClocks, clockLimit)
	due, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ClockArgs])
	if err != nil {
		return failed("reading the clocks", err)
	}
	for _, c := range due {
		err = errors.Join(err, s.TurnClock(ctx, c.Filing, c.Clock))
	}
	return err
}
