package store

import (
	"context"
	"time"
)

// Clock is a deadline that has passed.
type Clock struct {
	Filing Filing
	Due    time.Time
}

// DueClocks returns the filings that no station acknowledged in time, longest overdue first.
func (s *Store) DueClocks(ctx context.Context, limit int) ([]Clock, error) { return nil, nil }
