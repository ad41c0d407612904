package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

const rate = `update filings set ver = ver + 1, updated_at = now(), rating = $2 where id = $1`

// Rate keeps what a citizen thinks of how a filing ended: 1 to 5, and a few words. It is given once.
// ErrNotFound if it is not the citizen's, ErrClosed if it has not ended.
func (s *Store) Rate(ctx context.Context, citizen string, filing int64, dialog string, stars int, words string) error {
	return s.inTx(ctx, "rating a filing", func(tx pgx.Tx) error {
		var f Filing
		if err := tx.QueryRow(ctx, lockFiling, filing, citizen).Scan(f.columns()...); err != nil {
			return failed("rating a filing", err)
		}
		switch {
		case f.Rating != 0:
			return nil
		case f.ClosedAt.IsZero():
			return ErrClosed
		}
		note, err := s.keys.SealText(words, eventPlace(f.ID, f.Ver+1))
		if err != nil {
			return fmt.Errorf("rating a filing: %w", err)
		}
		var batch pgx.Batch
		batch.Queue(rate, f.ID, stars)
		batch.Queue(addEvent, f.ID, f.Ver+1, Rated, dialog, note)
		if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
			return failed("rating a filing", err)
		}
		return s.wake(ctx, tx, editCards, f.ID)
	})
}
