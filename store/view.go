package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Details is a filing in full, for the officer's private chat and for its citizen.
type Details struct {
	Filing
	Lang      string          `json:"lang"` // of the dialog in which it was filed
	Applicant Profile         `json:"applicant"`
	Details   json.RawMessage `json:"details"` // the service's struct
	Media     []Media         `json:"media"`
	Events    []Event         `json:"events"`
}

const (
	// viewFiling is filing $3, if a post of sender $4 reaches it.
	viewFiling = `
		select p.id, p.officer, f.lang, f.details, f.applicant, ` + filingColumns + `
		from officers o join posts p on p.officer = o.id, filings f
		where o.sender = $4 and p.revoked_at is null and f.id = $3 and ` + covers + `
		order by p.id limit 1
		for share of p`

	officerOf = `select id from officers where sender = $1`

	filingMedia = `
		select media, sha256, kind, mime, size, received_at, label from filing_media where filing = $1 order by received_at, media`
)

// View opens a filing for an officer and writes the audit row in the same
// transaction: no view without a trace. ErrNotAllowed if no post allows it or
// there is no such filing; an officer's attempt is audited too.
func (s *Store) View(ctx context.Context, filing int64, channel, sender string) (Details, error) {
	var d Details
	var refused error
	err := s.inTx(ctx, "viewing a filing", func(tx pgx.Tx) error {
		ordinary, sensitive := roleNames(ActView)
		entry := auditEntry{what: "view"}
		key := s.senderKey(channel, sender)
		var details, applicant []byte
		err := tx.QueryRow(ctx, viewFiling, ordinary, sensitive, filing, key).
			Scan(append([]any{&entry.post, &entry.officer, &d.Lang, &details, &applicant}, d.columns()...)...)
		if errors.Is(err, pgx.ErrNoRows) {
			refused = ErrNotAllowed
			return s.auditRefusal(ctx, tx, filing, key)
		}
		if err != nil {
			return failed("viewing a filing", err)
		}
		if err := s.openFiling(&d, details, applicant); err != nil {
			return fmt.Errorf("viewing a filing: %w", err)
		}
		if d.Events, err = s.timeline(ctx, tx, filing); err != nil {
			return err
		}
		if d.Media, err = readMedia(ctx, tx, filing); err != nil {
			return err
		}
		entry.filing = filing
		return s.audit(ctx, tx, entry)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return Details{}, err
	}
	return d, nil
}

func (s *Store) auditRefusal(ctx context.Context, tx pgx.Tx, filing int64, sender []byte) error {
	e := auditEntry{what: "view_refused"}
	err := tx.QueryRow(ctx, officerOf, sender).Scan(&e.officer)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // nobody we know
	}
	if err == nil { // only a filing that exists can be named
		err = tx.QueryRow(ctx, `select coalesce((select id from filings where id = $1), 0)`, filing).Scan(&e.filing)
	}
	if err != nil {
		return failed("viewing a filing", err)
	}
	return s.audit(ctx, tx, e)
}

// openFiling opens what is sealed of a filing whose number is known.
func (s *Store) openFiling(d *Details, details, applicant []byte) (err error) {
	if d.Details, err = s.keys.Open(details, detailsPlace(d.Number)); err != nil {
		return err
	}
	d.Applicant, err = s.openProfile(applicant, applicantPlace(d.Number))
	return err
}

func readMedia(ctx context.Context, q querier, filing int64) ([]Media, error) {
	rows, _ := q.Query(ctx, filingMedia, filing)
	media, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Media])
	return media, failed("reading evidence", err)
}
