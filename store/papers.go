package store

import (
	"context"
	"fmt"
)

const (
	ownFiling = `
		select f.lang, f.details, f.applicant, ` + filingColumns + ` from filings f where f.id = $1 and f.citizen = $2`
	filingByNumber = `
		select f.lang, f.details, f.applicant, ` + filingColumns + ` from filings f where f.number = $1`
)

// Own opens a filing in full for the citizen who made it, without its evidence and events.
// ErrNotFound if it is not the citizen's.
func (s *Store) Own(ctx context.Context, citizen string, filing int64) (Details, error) {
	return s.openOne(ctx, "opening a citizen's filing", ownFiling, filing, citizen)
}

// Content opens a filing by its number, for whoever only works out a digest of it: nothing of what
// it holds may be shown. ErrNotFound for an unknown number.
func (s *Store) Content(ctx context.Context, number string) (Details, error) {
	return s.openOne(ctx, "opening a filing for its digest", filingByNumber, number)
}

func (s *Store) openOne(ctx context.Context, doing, query string, args ...any) (Details, error) {
	var d Details
	var details, applicant []byte
	err := s.pool.QueryRow(ctx, query, args...).Scan(append([]any{&d.Lang, &details, &applicant}, d.columns()...)...)
	if err != nil {
		return Details{}, failed(doing, err)
	}
	if err := s.openFiling(&d, details, applicant); err != nil {
		return Details{}, fmt.Errorf("%s: %w", doing, err)
	}
	return d, nil
}
