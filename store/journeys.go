package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// NewJourney is what a travel alert (यात्रा की सूचना) makes beside its filing.
type NewJourney struct {
	Name      string // the traveller's
	Leave     time.Time
	Return    time.Time
	Late      bool   // comes back in the evening: asked the next morning
	Family    string // phones of whom to tell when nobody comes back
	Neighbour string
}

// Journey is a journey as its traveller sees it.
type Journey struct {
	Filing
	Leave  time.Time // midnight, Indian time
	Return time.Time
	AskAt  time.Time // when the traveller is asked, or is asked next; zero if nothing happens by itself
	Alarm  bool      // the family or the station was told
}

// When a traveller is asked on the day of the return, or the morning after it. Somebody who is asked about a day that is
// over already is asked the next morning.
const (
	askOn = `
		(select case when $%[2]d::boolean or e.at <= now() + $%[3]d then m.at else e.at end from
			(select ($%[1]d::date + time '18:00') at time zone 'Asia/Kolkata' as at) e,
			(select (greatest($%[1]d::date, ((now() + $%[3]d) at time zone 'Asia/Kolkata')::date) + 1 + time '10:00') at time zone 'Asia/Kolkata' as at) m)`
)

var (
	insertJourney = `
		insert into checkins (filing, kind, who, state, name, leave_on, return_on, due_at)
		select $1, 'return', phone_index, 'quiet', $3, $4::date, $5::date, ` + fmt.Sprintf(askOn, 5, 6, 7) + `
		from citizens where id = $2`

	extendJourney = `
		update checkins set state = 'quiet', return_on = $2::date, held_at = null, due_at = ` + fmt.Sprintf(askOn, 2, 3, 4) + `
		where filing = $1 and kind = 'return'`
)

// beginJourney starts the clock of a return.
func (s *Store) beginJourney(ctx context.Context, tx pgx.Tx, filed Filed, f NewFiling) error {
	j := f.Journey
	name, err := s.keys.SealText(j.Name, personPlace(filed.Number))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertJourney, filed.ID, f.Citizen, name, day(j.Leave), day(j.Return), j.Late, s.ahead())
	if err != nil {
		return failed("noting a journey", err)
	}
	for role, phone := range map[string]string{Family: j.Family, Neighbour: j.Neighbour} {
		if err := s.contact(ctx, tx, filed.ID, role, phone); err != nil {
			return err
		}
	}
	return nil
}

// day is a date as the tables have it, without the time of day and whatever its zone.
func day(t time.Time) string { return t.Format(time.DateOnly) }

const journeyOf = `
	select k.leave_on::timestamp at time zone 'Asia/Kolkata', k.return_on::timestamp at time zone 'Asia/Kolkata', coalesce(k.due_at, ` + noTime + `),
		k.state in ('family', 'told', 'station'), ` + filingColumns + `
	from citizens z join checkins k on k.who = z.phone_index and k.kind = 'return' join filings f on f.id = k.filing
	where z.id = $1 and f.closed_at is null
	order by k.return_on limit 1`

// Journey returns a citizen's open journey; ErrNotFound if there is none.
func (s *Store) Journey(ctx context.Context, citizen string) (Journey, error) {
	var j Journey
	err := s.pool.QueryRow(ctx, journeyOf, citizen).Scan(append([]any{&j.Leave, &j.Return, &j.AskAt, &j.Alarm}, j.columns()...)...)
	return j, failed("reading a journey", err)
}

const (
	lockJourney = `
		select f.id, f.closed_at is not null from filings f where f.number = $1 and f.citizen = $2 and f.service = 'travel_alert' for update`

	lockCheck = `select from checkins where filing = $1 for update`
)

// Safe notes that a traveller is back, and ends the journey. Who was alarmed is told. A second time it does
// nothing. ErrNotFound if the journey is not the citizen's.
func (s *Store) Safe(ctx context.Context, citizen, number, dialog string) error {
	return s.onJourney(ctx, citizen, number, dialog, func(tx pgx.Tx, filing int64) error {
		no := false
		if err := s.personEvent(ctx, tx, filing, event{kind: EventSafe, actor: "citizen", dialog: dialog, urgent: &no, ends: Closed}); err != nil {
			return err
		}
		return s.ended(ctx, tx, filing)
	})
}

// Extend notes that a traveller comes back on another day (asked the next morning if late). ErrClosed if the journey
// has ended.
func (s *Store) Extend(ctx context.Context, citizen, number string, back time.Time, late bool, dialog string) error {
	return s.onJourney(ctx, citizen, number, dialog, func(tx pgx.Tx, filing int64) error {
		if _, err := tx.Exec(ctx, extendJourney, filing, day(back), late, s.ahead()); err != nil {
			return failed("extending a journey", err)
		}
		no := false
		if err := s.personEvent(ctx, tx, filing, event{kind: EventExtended, actor: "citizen", dialog: dialog, urgent: &no}); err != nil {
			return err
		}
		return s.relieve(ctx, tx, filing)
	})
}

// onJourney does something with an open journey of a citizen, once for each dialog. ErrClosed if it has ended.
func (s *Store) onJourney(ctx context.Context, citizen, number, dialog string, do func(tx pgx.Tx, filing int64) error) error {
	return s.inTx(ctx, "changing a journey", func(tx pgx.Tx) error {
		var filing int64
		var closed, repeat bool
		if err := tx.QueryRow(ctx, lockJourney, number, citizen).Scan(&filing, &closed); err != nil {
			return failed("changing a journey", err)
		}
		if err := tx.QueryRow(ctx, wasAdded, filing, dialog).Scan(&repeat); err != nil {
			return failed("changing a journey", err)
		}
		switch {
		case repeat:
			return nil
		case closed:
			return ErrClosed
		}
		if _, err := tx.Exec(ctx, lockCheck, filing); err != nil {
			return failed("changing a journey", err)
		}
		return do(tx, filing)
	})
}

// JourneyDates are the days of the journey of a filing, as it stands now, for its card. ErrNotFound if it has none.
func (s *Store) JourneyDates(ctx context.Context, filing int64) (leave, back time.Time, err error) {
	err = s.pool.QueryRow(ctx, `
		select leave_on::timestamp at time zone 'Asia/Kolkata', return_on::timestamp at time zone 'Asia/Kolkata'
		from checkins where filing = $1 and kind = 'return'`, filing).Scan(&leave, &back)
	return leave, back, failed("reading a journey", err)
}
