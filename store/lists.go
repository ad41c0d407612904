package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// RecordSearch is what a citizen looks for in the records of a kind: all of these that are told. The
// newest come first, of names those that fit best.
type RecordSearch struct {
	Kind     RecordKind
	District string    // code
	What     string    // kind of thing, sex
	Since    time.Time // that day and later
	Age      *AgeRange

	Name        string     // as it was typed
	Names       [][]string // and for each part of it, what it is found by (hindi.NameParts)
	Identifiers []Identifier

	Skip, Most int // a page: so many are left out, and so many at most are given
}

// AgeRange is an age in years, as people guess it.
type AgeRange struct{ Low, High int }

// columns of an age, null where it is not known.
func (a *AgeRange) columns() (low, high *int) {
	if a == nil {
		return nil, nil
	}
	return &a.Low, &a.High
}

const (
	// standing is the end of every list: of the records in found those that still stand, of kind $1, in
	// district $2, of what $3, of day $4 and later, and of an age that may lie between $5 and $6. A
	// licensed weapon that was recovered is between its owner and the station.
	standing = `
		where r.kind = $1 and r.withdrawn_at is null and not (r.kind = 'recovered' and r.what = 'arms')
			and ($2 = '' or r.district = $2) and ($3 = '' or r.what = $3 or r.what = 'not_known') and r.happened_on >= $4
			and (r.age_low is null or r.age_low <= $6) and (r.age_high is null or r.age_high >= $5)`

	newestFirst      = ` order by r.happened_on desc, r.id desc offset $7 limit $8`
	listedNewest     = `select r.details, ` + recordColumns + ` from records r ` + standing + newestFirst
	listedInDistrict = `select r.details, ` + recordColumns + ` from records r ` + standing + ` and r.district = $2` + newestFirst

	listedByIdentifier = `
		select r.details, ` + recordColumns + ` from (
			select distinct i.record as id
			from unnest($9::text[], $10::bytea[]) x (kind, value) join record_identifiers i on i.kind = x.kind and i.value = x.value
		) found join records r on r.id = found.id ` + standing + newestFirst

	newestListed = `
		select r.happened_on from records r ` + standing + ` order by r.happened_on desc limit 1`

	listedByNumber = `
		select r.details, ` + recordColumns + ` from records r
		where r.number = $1 and r.withdrawn_at is null and not (r.kind = 'recovered' and r.what = 'arms')`
)

// listedByName finds names by how their parts $9 sound ($10), of which $11 must fit, among the newest of each ($13).
// Where none sounds so, names that are known in the clear are found by their letters: $12 is the name as it was typed.
// Of very many that are alike, some are looked at.
var listedByName = `
	with ` + named("record_names", "kind", "record", `area as (select $1::text as place)`, "$9", "$10", "$11", "$13") + `, sounding as (
		select n.id, n.fit::float8 from named n join records s on s.id = n.id and s.withdrawn_at is null
	), found as (
		select id, fit from sounding
		union all
		select w.id, strict_word_similarity($12, w.names) from (
			select w.id, w.names from records w where not exists (select from sounding) and w.names <> '' and w.names %>> $12 limit $13
		) w
	)
	select r.details, ` + recordColumns + ` from found join records r on r.id = found.id ` + standing + `
	order by found.fit desc, r.happened_on desc, r.id desc offset $7 limit $8`

// alike is how much of a name's letters must fit (%>>): less would take Suresh Paswan for Ramesh Paswan.
const alike = "0.6"

// oldestAge is beyond anybody's.
const oldestAge = 200

// ListRecords gives a page of the records that a citizen looks for, with their details and without
// their files, and says whether there are more. What was withdrawn is not among them.
func (s *Store) ListRecords(ctx context.Context, q RecordSearch) (list []Record, more bool, err error) {
	query, args := listedNewest, append(q.filters(), q.Skip, q.Most+1)
	switch parts, keys := s.soughtNames(q.Names); {
	case len(q.Identifiers) > 0:
		kinds, values, _ := s.soughtIdentifiers(q.Identifiers)
		query, args = listedByIdentifier, append(args, kinds, values)
	case q.Name != "":
		query, args = listedByName, append(args, parts, keys, max(1, needed(len(q.Names))), q.Name, namesakes)
	case q.District != "":
		query = listedInDistrict
	}
	rows, _ := s.pool.Query(ctx, query, args...)
	list, err = pgx.CollectRows(rows, s.openRecord)
	if err != nil {
		return nil, false, failed("listing records", err)
	}
	if len(list) > q.Most {
		return list[:q.Most], true, nil
	}
	return list, false, nil
}

// filters are the arguments of standing.
func (q RecordSearch) filters() []any {
	age := AgeRange{0, oldestAge}
	if q.Age != nil {
		age = *q.Age
	}
	return []any{q.Kind, q.District, q.What, q.Since, age.Low, age.High}
}

// openRecord reads a record with its details.
func (s *Store) openRecord(row pgx.CollectableRow) (r Record, err error) {
	var details []byte
	if err := row.Scan(append([]any{&details}, r.columns()...)...); err != nil {
		return r, err
	}
	if r.Details, err = s.keys.Open(details, recordPlace(r.Number)); err != nil {
		return r, fmt.Errorf("reading a record: %w", err)
	}
	return r, nil
}

// NewestRecord is the day of the newest record of a kind that stands, the zero time if there is none.
func (s *Store) NewestRecord(ctx context.Context, kind RecordKind) (time.Time, error) {
	var on time.Time
	err := s.pool.QueryRow(ctx, newestListed, RecordSearch{Kind: kind}.filters()...).Scan(&on)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, nil
	}
	return on, failed("looking for the newest record", err)
}

// ListedRecord opens a record that citizens may see, with its files. ErrNotFound if there is none, or
// none any more.
func (s *Store) ListedRecord(ctx context.Context, number string) (Record, error) {
	rows, _ := s.pool.Query(ctx, listedByNumber, number)
	r, err := pgx.CollectExactlyOneRow(rows, s.openRecord)
	if err != nil {
		return Record{}, failed("reading a listed record", err)
	}
	rows, _ = s.pool.Query(ctx, recordMedia, r.ID)
	r.Media, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Media])
	return r, failed("reading a record's files", err)
}
