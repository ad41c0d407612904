package store

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// Evidence is what a certificate under BSA 2023 s. 63(4) names: the electronic
// records of a filing, and who prints it when.
type Evidence struct {
	Filing
	Channel string // by which the filing came
	Media   []Media
	Sent    []Event // what the files came with after the filing was made, by their labels (see EventLabel)
	By      By
	At      time.Time
}

// certifyEvidence is what printing a certificate is called in the audit, which is
// the record of it.
const certifyEvidence = "certify_evidence"

const certificates = `
	select a.at, coalesce(p.role, ''), coalesce(p.station, ''), coalesce(p.district, ''), coalesce(f.channel, ''), ` + filingColumns + `
	from filings f join audit a on a.filing = f.id and a.what = '` + certifyEvidence + `' left join posts p on p.id = a.post
	where f.number = $1 order by a.at`

// Evidence opens a filing's evidence for an officer who prints a certificate of it,
// and writes the audit as View does. ErrNotAllowed as in View.
func (s *Store) Evidence(ctx context.Context, filing int64, channel, sender string) (Evidence, error) {
	v, err := s.open(ctx, ActEvidence, certifyEvidence, filing, channel, sender)
	if err != nil {
		return Evidence{}, err
	}
	e := Evidence{Filing: v.Filing, Channel: v.channel, By: v.by, At: v.at}
	e.name(v.Media, v.Events)
	return e, nil
}

// Certificates returns what was certified of a filing, each time: what can be
// checked is what was printed. None for an unknown number.
func (s *Store) Certificates(ctx context.Context, number string) ([]Evidence, error) {
	rows, _ := s.pool.Query(ctx, certificates, number)
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Evidence, err error) {
		err = row.Scan(append([]any{&e.At, &e.By.Role, &e.By.Station, &e.By.District, &e.Channel}, e.columns()...)...)
		return e, err
	})
	if err != nil || len(list) == 0 {
		return nil, failed("reading certificates", err)
	}
	media, err := readMedia(ctx, s.pool, list[0].ID)
	if err != nil {
		return nil, err
	}
	events, err := s.timeline(ctx, s.pool, list[0].ID)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].name(media, events)
	}
	return list, nil
}

// name takes of a filing's files those that it had by then.
func (e *Evidence) name(media []Media, events []Event) {
	later := map[string]bool{}
	for _, v := range events {
		label := EventLabel(v.Ver)
		if v.At.After(e.At) {
			later[label] = true
		} else if slices.ContainsFunc(media, func(m Media) bool { return m.Label == label }) {
			e.Sent = append(e.Sent, v)
		}
	}
	for _, m := range media {
		if !later[m.Label] {
			e.Media = append(e.Media, m)
		}
	}
}
