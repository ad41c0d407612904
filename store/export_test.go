package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Happens gives a filing's clocks an event, and the filing the status and the end that come with it.
func (s *Store) Happens(ctx context.Context, filing int64, event string, to Status, ended bool) error {
	return s.inTx(ctx, "testing", func(tx pgx.Tx) error {
		var f Filing
		if err := tx.QueryRow(ctx, lockForAct, filing).Scan(f.columns()...); err != nil {
			return err
		}
		if err := s.turnClocks(ctx, tx, f, event, to, ended); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `update filings set status = $2, closed_at = case when $3 then now() end where id = $1`, filing, to, ended)
		return err
	})
}
