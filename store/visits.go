package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	visitLogged = `
		update seniors set visited_at = now() + $2, visit_due_at = case when visits then now() + $2 + interval '` + visitEvery + `' end
		where filing = $1`

	// tellOfVisit is who hears of a visit beside the filing's citizen: linked relatives.
	tellOfVisit = `select coalesce(array_agg(phone), '{}') from contacts where filing = $1 and role = 'relative' and state = 'linked'`
)

// VisitLogged does what follows from the newest event of a filing, a visit of an officer, within the transaction that
// notes it: the citizen hears of it, linked relatives too, and a senior's next visit is a month away. An alarm about a
// greeting without an answer is over. Photos of the visit are the filing's media labelled as the event's
// (see EventLabel).
func (s *Store) VisitLogged(ctx context.Context, tx pgx.Tx, filing int64) error {
	if _, err := tx.Exec(ctx, visitLogged, filing, s.ahead()); err != nil {
		return failed("noting a visit", err)
	}
	if err := s.visited(ctx, tx, filing); err != nil {
		return err
	}
	if err := s.wake(ctx, tx, tellCitizen, filing); err != nil {
		return err
	}
	var phones [][]byte
	var ver int
	if err := tx.QueryRow(ctx, tellOfVisit, filing).Scan(&phones); err != nil {
		return failed("noting a visit", err)
	}
	if err := tx.QueryRow(ctx, `select ver from filings where id = $1`, filing).Scan(&ver); err != nil {
		return failed("noting a visit", err)
	}
	return s.wake(ctx, tx, tellPhones, filing, NoticeVisit, phones, fmt.Sprint(ver), nil, false)
}

// SeniorVisit is a line of a station's list of visits.
type SeniorVisit struct {
	Filing
	Due     time.Time
	Visited time.Time // last; zero: never
	Overdue bool
	Away    bool // travelling now: nobody is at home
}

const (
	awayNow = `exists (
		select from checkins r join filings a on a.id = r.filing
		where r.who = s.elder and r.kind = 'return' and a.closed_at is null
			and r.leave_on <= ((now() + $2) at time zone 'Asia/Kolkata')::date)`

	visitList = `
		select s.visit_due_at, coalesce(s.visited_at, ` + noTime + `), s.visit_due_at < now() + $2, ` + awayNow + `, ` + filingColumns + `
		from filings f join seniors s on s.filing = f.id
		where f.station = $1 and f.service = 'senior_registration' and f.closed_at is null and s.visit_due_at is not null
		order by s.visit_due_at limit $3`
)

// VisitList returns the seniors of a station who want to be visited, the visit that is due first at the
// top: the monthly list.
func (s *Store) VisitList(ctx context.Context, station string, limit int) ([]SeniorVisit, error) {
	rows, _ := s.pool.Query(ctx, visitList, station, s.ahead(), limit)
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v SeniorVisit, err error) {
		err = row.Scan(append([]any{&v.Due, &v.Visited, &v.Overdue, &v.Away}, v.columns()...)...)
		return v, err
	})
	return list, failed("reading a station's visits", err)
}
