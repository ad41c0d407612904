package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Greeting is the daily greeting of a senior.
type Greeting struct {
	Hour     string    `json:"hour"` // "08:00", Indian time
	Paused   bool      `json:"paused,omitempty"`
	Answered time.Time `json:"answered,omitzero"` // last; zero: never
}

const readGreeting = `
	select to_char(k.hour, 'HH24:MI'), k.paused, coalesce(k.answered_at, ` + noTime + `) from checkins k where k.filing = $1 and k.kind = 'greeting' and k.hour is not null`

// greeting reads the greeting of a registration; nil if none is wanted.
func (s *Store) greeting(ctx context.Context, filing int64) (*Greeting, error) {
	var g Greeting
	err := s.pool.QueryRow(ctx, readGreeting, filing).Scan(&g.Hour, &g.Paused, &g.Answered)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &g, failed("reading a greeting", err)
}

const (
	// setGreeting gives a registration $1 a greeting at hour $3, or changes the hour. What was open is over.
	setGreeting = `
		insert into checkins as k (filing, kind, who, state, hour) select $1, $2, s.elder, 'quiet', $3::time from seniors s where s.filing = $1
		on conflict (filing, kind) do update set hour = excluded.hour, state = 'quiet', missed = 0, held_at = null, paused = false`
	dueGreeting   = `update checkins k set due_at = case when k.paused then null else ` + nextHour + ` end where filing = $1 and kind = $2`
	pauseGreeting = `update checkins k set paused = $3, state = 'quiet', missed = 0, held_at = null where filing = $1 and kind = $2`
	stopGreeting  = `delete from checkins where filing = $1 and kind = $2`
)

// SetGreeting has a senior greeted every day at an hour ("08:00"). ErrNotFound if the citizen is not registered under
// that number.
func (s *Store) SetGreeting(ctx context.Context, citizen, number, hour string) error {
	return s.onGreeting(ctx, citizen, number, func(tx pgx.Tx, filing int64) error {
		if _, err := tx.Exec(ctx, setGreeting, filing, checkGreeting, hour); err != nil {
			return failed("setting a greeting", err)
		}
		return nil
	})
}

// PauseGreeting stops a senior's greetings for now, or goes on with them.
func (s *Store) PauseGreeting(ctx context.Context, citizen, number string, paused bool) error {
	return s.onGreeting(ctx, citizen, number, func(tx pgx.Tx, filing int64) error {
		_, err := tx.Exec(ctx, pauseGreeting, filing, checkGreeting, paused)
		return failed("pausing a greeting", err)
	})
}

// StopGreeting ends a senior's greetings.
func (s *Store) StopGreeting(ctx context.Context, citizen, number string) error {
	return s.onGreeting(ctx, citizen, number, func(tx pgx.Tx, filing int64) error {
		_, err := tx.Exec(ctx, stopGreeting, filing, checkGreeting)
		return failed("stopping a greeting", err)
	})
}

// onGreeting changes the greeting of a senior. Whoever was alarmed is told: the senior was there to change it.
func (s *Store) onGreeting(ctx context.Context, citizen, number string, do func(tx pgx.Tx, filing int64) error) error {
	return s.inTx(ctx, "changing a greeting", func(tx pgx.Tx) error {
		var filing int64
		if err := tx.QueryRow(ctx, ownRegistration, citizen, number).Scan(&filing); err != nil {
			return failed("changing a greeting", err)
		}
		if err := s.answered(ctx, tx, filing, ""); err != nil {
			return err
		}
		if err := do(tx, filing); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, dueGreeting, filing, checkGreeting, s.ahead())
		return failed("changing a greeting", err)
	})
}

const (
	lockGreeting = `select state from checkins where filing = $1 and kind = 'greeting' for update`

	greetingSettled = `
		update checkins k set state = 'quiet', missed = 0, held_at = null, due_at = case when k.paused then null else ` + nextHour + ` end
		where filing = $1 and kind = $2 and state in ('family', 'told', 'station')`

	greetingAnswered = `
		update checkins k set state = 'quiet', missed = 0, held_at = null, answered_at = now() + $3,
			due_at = case when k.paused then null else ` + nextHour + ` end
		where filing = $1 and kind = $2`
)

// stillAlarmed says whether anybody was alarmed about filing $1 and not told yet that it is over.
const stillAlarmed = `
	select exists (select from notices where filing = $1 and kind = 'alarm' and state in ('sent', 'sending') and reason <> 'relieved')`

// visited notes that an officer was at a senior's, who may not have answered: whoever was alarmed is told, and greetings
// go on.
func (s *Store) visited(ctx context.Context, tx pgx.Tx, filing int64) error {
	tag, err := tx.Exec(ctx, greetingSettled, filing, checkGreeting, s.ahead())
	if err != nil || tag.RowsAffected() == 0 {
		return failed("noting a visit", err)
	}
	if _, err := tx.Exec(ctx, `update filings set urgent = false where id = $1`, filing); err != nil {
		return failed("noting a visit", err)
	}
	return s.relieve(ctx, tx, filing)
}

// answered notes that a senior answered: nothing is open any more, and whoever was alarmed is told.
func (s *Store) answered(ctx context.Context, tx pgx.Tx, filing int64, dialog string) error {
	var state string
	err := tx.QueryRow(ctx, lockGreeting, filing).Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return failed("noting an answer", err)
	}
	if _, err := tx.Exec(ctx, greetingAnswered, filing, checkGreeting, s.ahead()); err != nil {
		return failed("noting an answer", err)
	}
	var alarmed bool
	if err := tx.QueryRow(ctx, stillAlarmed, filing).Scan(&alarmed); err != nil {
		return failed("noting an answer", err)
	}
	if alarmed || state == family || state == told || state == station {
		no := false
		if err := s.personEvent(ctx, tx, filing, event{kind: EventAnswered, actor: "citizen", dialog: dialog, urgent: &no}); err != nil {
			return err
		}
	}
	return s.relieve(ctx, tx, filing)
}

const greetedFiling = `
	select f.id from citizens z join seniors s on s.elder = z.phone_index join filings f on f.id = s.filing
	where z.id = $1 and s.consent = 'given' and f.closed_at is null
	order by f.id desc limit 1
	for update of f`

// Greeted notes that a registered senior is well. Who is not registered has nothing to note.
func (s *Store) Greeted(ctx context.Context, citizen, dialog string) error {
	return s.inTx(ctx, "noting an answer", func(tx pgx.Tx) error {
		var filing int64
		err := tx.QueryRow(ctx, greetedFiling, citizen).Scan(&filing)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return failed("noting an answer", err)
		}
		return s.answered(ctx, tx, filing, dialog)
	})
}

const helpWanted = `
	insert into checkins (filing, kind, who, state) select $1, $2, s.elder, 'station' from seniors s where s.filing = $1
	on conflict (filing, kind) do nothing`

// Help tells the station, the family and the neighbour at once that a senior asks for help; once for each dialog. False
// means that the citizen is not registered, and nobody was told.
func (s *Store) Help(ctx context.Context, citizen, dialog string) (told bool, err error) {
	err = s.inTx(ctx, "asking for help", func(tx pgx.Tx) error {
		c := checkin{kind: checkGreeting}
		err := tx.QueryRow(ctx, greetedFiling, citizen).Scan(&c.filing)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return failed("asking for help", err)
		}
		told = true
		var repeat bool
		if err := tx.QueryRow(ctx, wasAdded, c.filing, dialog).Scan(&repeat); err != nil || repeat {
			return failed("asking for help", err)
		}
		// Help needs a check-in to watch that it reaches somebody, also of a senior who is not greeted.
		if _, err := tx.Exec(ctx, helpWanted, c.filing, c.kind); err != nil {
			return failed("asking for help", err)
		}
		var state string
		if err := tx.QueryRow(ctx, lockGreeting, c.filing).Scan(&state); err != nil {
			return failed("asking for help", err)
		}
		if err := tx.QueryRow(ctx, `select now() + $1`, s.ahead()).Scan(&c.now); err != nil {
			return failed("asking for help", err)
		}
		yes := true
		if err := s.personEvent(ctx, tx, c.filing, event{kind: EventHelp, actor: "citizen", dialog: dialog, urgent: &yes}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, stopAllAsking, c.filing); err != nil {
			return failed("asking for help", err)
		}
		if _, err := s.alarmFamily(ctx, tx, &c); err != nil {
			return err
		}
		return s.alarmStation(ctx, tx, &c)
	})
	return told, err
}
