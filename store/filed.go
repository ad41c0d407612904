package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Filed gives the number of the filing that a dialog of the citizen made; ok is false if it made
// none, or another citizen's did.
func (s *Store) Filed(ctx context.Context, dialog, citizen string) (number string, ok bool, err error) {
	err = s.pool.QueryRow(ctx, `select number from filings where dialog = $1 and citizen = $2`, dialog, citizen).Scan(&number)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	return number, err == nil, failed("looking for what a dialog filed", err)
}
