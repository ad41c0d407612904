package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

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
		select p.id, p.officer, p.role, coalesce(p.station, ''), coalesce(p.district, ''), f.lang, coalesce(f.channel, ''), f.details, f.applicant, ` + filingColumns + `
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
	v, err := s.open(ctx, ActView, "view", filing, channel, sender)
	return v.Details, err
}

// opened is a filing that was opened for an officer, with what the audit knows of it.
type opened struct {
	Details
	channel string // where it was filed
	by      By
	at      time.Time
}

// open is View for an action, named so in the audit.
func (s *Store) open(ctx context.Context, a Action, what string, filing int64, channel, sender string) (opened, error) {
	var d opened
	var refused error
	err := s.inTx(ctx, "viewing a filing", func(tx pgx.Tx) error {
		ordinary, sensitive := roleNames(a)
		entry := auditEntry{what: what}
		key := s.senderKey(channel, sender)
		var details, applicant []byte
		err := tx.QueryRow(ctx, viewFiling, ordinary, sensitive, filing, key).Scan(append([]any{
			&entry.post, &entry.officer, &d.by.Role, &d.by.Station, &d.by.District, &d.Lang, &d.channel, &details, &applicant,
		}, d.columns()...)...)
		if errors.Is(err, pgx.ErrNoRows) {
			refused = ErrNotAllowed
			return s.auditRefusal(ctx, tx, what+"_refused", filing, key)
		}
		if err != nil {
			return failed("viewing a filing", err)
		}
		if err := s.openFiling(&d.Details, details, applicant); err != nil {
			return fmt.Errorf("viewing a filing: %w", err)
		}
		if d.Events, err = s.timeline(ctx, tx, filing); err != nil {
			return err
		}
		if d.Media, err = readMedia(ctx, tx, filing); err != nil {
			return err
		}
		entry.filing = filing
		d.at, err = s.auditAt(ctx, tx, entry)
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return opened{}, err
	}
	return d, nil
}

func (s *Store) auditRefusal(ctx context.Context, tx pgx.Tx, what string, filing int64, sender []byte) error {
	e := auditEntry{what: what}
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
