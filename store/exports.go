package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ExportRange says which filings are exported.
type ExportRange struct {
	From, Until time.Time // of their filing, Until not included; zero: no limit
	District    string    // code, "" for all
}

// Exported counts what an export has, and what it may not have.
type Exported struct {
	Filings   int
	Sensitive int // left out: they are for the SHO and those above (services.md, section 4)
	Tips      int // left out: they are no complaints, and are told to a station alone
}

// ExportedFiling is a filing in full; of its media and events it has the number of files alone.
type ExportedFiling struct {
	Details
	Files int
}

const (
	inExportRange = `
		from filings f
		where f.created_at >= coalesce($1::timestamptz, '-infinity') and f.created_at < coalesce($2::timestamptz, 'infinity')
			and ($3 = '' or f.district = $3)`

	countExport = `
		select count(*) filter (where not f.sensitive and f.service <> 'tip'), count(*) filter (where f.sensitive),
			count(*) filter (where not f.sensitive and f.service = 'tip')` + inExportRange

	readExport = `
		select f.lang, f.details, f.applicant, (select count(*) from filing_media m where m.filing = f.id), ` + filingColumns + inExportRange + `
			and not f.sensitive and f.service <> 'tip'
		order by f.created_at, f.id`
)

// ExportFilings gives every filing of a range to each, oldest first, one at a time. Before the first one there
// is a row in the audit that says who had them: nothing is seen without a trace.
func (s *Store) ExportFilings(ctx context.Context, by string, r ExportRange, each func(ExportedFiling) error) (Exported, error) {
	args := []any{timeOrNull(r.From), timeOrNull(r.Until), r.District}
	var n Exported
	err := s.inTx(ctx, "exporting", func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, countExport, args...).Scan(&n.Filings, &n.Sensitive, &n.Tips); err != nil {
			return failed("exporting", err)
		}
		return s.audit(ctx, tx, auditEntry{what: "export", note: fmt.Sprintf("%d filings by %s: %s", n.Filings, by, r)})
	})
	if err != nil {
		return Exported{}, err
	}
	n.Filings = 0
	rows, _ := s.pool.Query(ctx, readExport, args...)
	defer rows.Close()
	for rows.Next() {
		var f ExportedFiling
		var details, applicant []byte
		if err := rows.Scan(append([]any{&f.Lang, &details, &applicant, &f.Files}, f.columns()...)...); err != nil {
			return n, failed("exporting", err)
		}
		if err := s.openFiling(&f.Details, details, applicant); err != nil {
			return n, fmt.Errorf("exporting: %w", err)
		}
		if err := each(f); err != nil {
			return n, err
		}
		n.Filings++
	}
	return n, failed("exporting", rows.Err())
}

// String is the range for the audit.
func (r ExportRange) String() string {
	day := func(t time.Time) string {
		if t.IsZero() {
			return "any"
		}
		return t.Format(time.RFC3339)
	}
	district := r.District
	if district == "" {
		district = "all"
	}
	return fmt.Sprintf("from %s until %s, district %s", day(r.From), day(r.Until), district)
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
