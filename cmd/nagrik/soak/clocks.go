package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"nagrik/store"
)

// Clocks run for days. Here the days of some pass at once, each time to the moment in which the next
// step is due: what the program does then, it does while it is killed.

// turn is a clock of a filing.
type turn struct {
	filing int64
	clock  store.Clock
}

const (
	passEvery = 3 * time.Second
	passSome  = 4 // clocks at a time
	passMost  = 2 // times of one clock

	// runningClocks are clocks that have an officer as their first to be told.
	runningClocks = `
		select c.filing, c.kind, c.level from clocks c
		where c.ended_at is null and c.paused_at is null and c.next_at > now() + interval '1 hour' and c.level < $2
			and c.kind in ('acknowledge', 'certificate', 'body') and c.filing % 5 < 2
		order by random() limit $1`

	// passTime has the time pass until the next step of clock $2 of filing $1, if it is still at level $3.
	passTime = `
		update clocks set started_at = started_at - (next_at - now()), due_at = due_at - (next_at - now()), next_at = now()
		where filing = $1 and kind = $2 and level = $3 and ended_at is null and paused_at is null and next_at > now() + interval '1 hour'`
)

// passTime has days of some clocks pass, until ctx ends. What it meant to do is noted before it is done:
// Postgres may be killed in the moment.
func (w *world) passTime(ctx context.Context, records *store.Store) {
	w.passed = map[turn]int{}
	for sleep(ctx, passEvery) {
		rows, _ := records.Pool().Query(ctx, runningClocks, passSome, passMost)
		type running struct {
			turn
			level int
		}
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r running, err error) {
			err = row.Scan(&r.filing, &r.clock, &r.level)
			return r, err
		})
		if err != nil {
			continue // Postgres is away
		}
		for _, r := range all {
			w.passed[r.turn] = max(w.passed[r.turn], r.level+1)
			_, _ = records.Pool().Exec(ctx, passTime, r.filing, r.clock, r.level) // likewise
		}
	}
}

// rungs are the roles that may have been told that a clock ran out, after its time passed so many times.
// Nobody here is an SDPO or an SP: where the second step finds the one seat empty, it goes on to the other.
func rungs(clock store.Clock, times int) map[store.Role]bool {
	told := map[store.Role]bool{}
	if times > 0 {
		told[store.SHO] = true
	}
	if times > 1 && clock != store.ClockBody {
		told[store.SDPO] = true
	}
	if times > 1 || times > 0 && clock == store.ClockBody {
		told[store.SP] = true
	}
	return told
}

// checkClocks checks that clocks stepped once for each level, none before its time, and all whose time
// had come; and that the SHO was told of what is still late.
func (w *world) checkClocks(ctx context.Context, records *store.Store, filings []filing, f *findings) error {
	for _, filing := range filings {
		steps := map[string]int{}
		for _, e := range filing.Events {
			switch e.Kind {
			case string(store.Transferred), store.TransferRefused: // whoever has it now has a day
				maps.DeleteFunc(steps, func(note string, _ int) bool { return strings.HasPrefix(note, string(store.ClockAcknowledge)+" ") })
			case store.Reminded, store.Lapsed, store.Progress: // nobody let that much time pass
				f.early = append(f.early, fmt.Sprintf("%s: %s", filing.Number, e.Kind))
			case store.Overdue:
				clock, role, taken := store.ReadOverdue(e.Note)
				steps[e.Note]++
				f.overdue++
				if !rungs(clock, w.passed[turn{filing.ID, clock}])[role] {
					f.early = append(f.early, fmt.Sprintf("%s: %s for %s", filing.Number, clock, role))
				}
				if taken != (role == store.SHO) {
					f.early = append(f.early, fmt.Sprintf("%s: %s for %s, whose seat is taken: %v", filing.Number, clock, role, taken))
				}
			}
		}
		for note, times := range steps {
			if times > 1 {
				f.stepped = append(f.stepped, fmt.Sprintf("%s: %s %d times", filing.Number, note, times))
			}
		}
	}
	rows, _ := records.Pool().Query(ctx, `
		select f.number, c.kind from clocks c join filings f on f.id = c.filing
		where c.ended_at is null and c.paused_at is null and c.next_at < $1::timestamptz - interval '40 seconds'`, w.stopping)
	var number, kind string
	_, err := pgx.ForEachRow(rows, []any{&number, &kind}, func() error {
		f.missed = append(f.missed, fmt.Sprintf("%s: %s", number, kind))
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the clocks: %w", err)
	}
	return w.checkWarnings(ctx, records, filings, f)
}

// checkWarnings checks that the SHO heard of every clock that has run out and still runs.
func (w *world) checkWarnings(ctx context.Context, records *store.Store, filings []filing, f *findings) error {
	for _, filing := range filings {
		for _, e := range filing.Events {
			clock, role, taken := store.ReadOverdue(e.Note)
			if e.Kind != store.Overdue || role != store.SHO || !taken {
				continue
			}
			var running bool
			err := records.Pool().QueryRow(ctx, `select exists (select from clocks where filing = $1 and kind = $2 and ended_at is null)`,
				filing.ID, clock).Scan(&running)
			if err != nil {
				return fmt.Errorf("reading a clock: %w", err)
			}
			if running && !w.warned(filing, clock) {
				f.missed = append(f.missed, fmt.Sprintf("the SHO was not told of %s, which is at %s: %s", filing.Number, filing.station.name, clock))
			}
		}
	}
	return nil
}

// warned says whether the SHO was told that a filing's clock ran out: with its card, or in a list, which
// names only the first of many.
func (w *world) warned(f filing, clock store.Clock) bool {
	for _, s := range append(f.here(), f.route.left...) {
		for _, m := range s.sho.Inbox() {
			named := slices.Contains(numbers(m.Text), f.Number)
			list := w.words.says(m.Text, "desk.list.overdue")
			if named && (list || w.words.says(m.Text, "desk.overdue."+string(clock))) || list && w.words.says(m.Text, "desk.list.more") {
				return true
			}
		}
	}
	return false
}
