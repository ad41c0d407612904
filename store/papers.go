package store

import (
	"context"
	"fmt"
)

const (
	filingInFull    = `select f.lang, f.details, f.applicant, ` + filingColumns + ` from filings f where `
	ownFiling       = filingInFull + `f.id = $1 and f.citizen = $2`
	filingOfCitizen = filingInFull + `f.id = $1 and f.citizen is not null`
	filingByNumber  = filingInFull + `f.number = $1`
)

// Own opens a filing in full for the citizen who made it. ErrNotFound if it is not the citizen's.
func (s *Store) Own(ctx context.Context, citizen string, filing int64) (Details, error) {
	return s.openOne(ctx, "opening a citizen's filing", ownFiling, filing, citizen)
}

// ForCitizen opens a filing as Own does, for what a notice brings to its citizen. ErrNotFound if it
// is nobody's.
func (s *Store) ForCitizen(ctx context.Context, filing int64) (Details, error) {
	return s.openOne(ctx, "opening a filing for its citizen", filingOfCitizen, filing)
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
	if d.Events, err = s.timeline(ctx, s.pool, d.ID); err != nil {
		return Details{}, err
	}
	d.Media, err = readMedia(ctx, s.pool, d.ID)
	return d, err
}
