package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

const dueClocks = `
	select ` + filingColumns + ` from filings f
	where f.ack_due_at is not null and f.ack_due_at < now()
	order by f.ack_due_at limit $1`

// DueClocks returns the filings that no station acknowledged in time (AckDue
// says by when), the longest overdue first.
func (s *Store) DueClocks(ctx context.Context, limit int) ([]Filing, error) {
	rows, _ := s.pool.Query(ctx, dueClocks, limit)
	filings, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Filing, err error) {
		err = row.Scan(f.columns()...)
		return f, err
	})
	return filings, failed("reading the clocks", err)
}
