package store

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// How many sides a matching opens at most: nearPerDistrict of each district around, and so on.
const (
	sameNumberLimit = 20
	nearPerDistrict = 150
	nearLimit       = 400
	farLimit        = 150
	namesLimit      = 100
)

// A side fits another in time if it was found after it was lost, until the window ends.
const (
	slip         = 1   // day: people err
	thingWindow  = 180 // days; later a description says too little, and only a number counts
	personWindow = 730
	farWindow    = 45 // for whom nobody knows, in the whole state
)

const (
	// sameNumber are open sides that have one of the identifiers $1, $2, and tell of what was found if $3 is false, else lost; not
	// $4, a filing itself.
	sameNumber = `
		with ids as (select * from unnest($1::text[], $2::bytea[]) i (kind, value)), hits as (
			select i.filing, null::bigint as record from ids join filing_identifiers i on i.kind = ids.kind and i.value = ids.value
				join filings f on f.id = i.filing
			where f.closed_at is null and f.id <> $4
				and f.service = any(case when $3 then array['lost_property', 'complaint'] else array['found_property'] end)
			union
			select null, i.record from ids join record_identifiers i on i.kind = ids.kind and i.value = ids.value join records r on r.id = i.record
			where not $3 and r.withdrawn_at is null and r.kind = 'recovered'
		)
		select distinct coalesce(filing, 0), coalesce(record, 0) from hits limit $5`

	// fits says whether features m are of the other side of a pair, of kind $1, lost or found ($2), sex $3, age $4 to $5. A side that
	// is over has none.
	fits = `
		m.kind = $1 and m.lost = $2 and (m.sex = '' or $3 = '' or m.sex = $3) and m.age_from <= $5 + 10 and m.age_to >= $4 - 10`

	// candidates are sides that may fit by their features, those nearest to day $7 first: in districts $6, of days $8 to $9; in the
	// whole state, of days $10 to $11; and by a name ($12).
	candidates = `
		with near as (
			select m.filing, m.record from unnest($6::text[]) n (code), lateral (
				(select m.filing, m.record, m.day - $7::date as days from match_features m
				where m.district = n.code and m.day between greatest($7::date, $8) and $9 and ` + fits + `
				order by m.day limit $13)
				union all
				(select m.filing, m.record, $7::date - m.day from match_features m
				where m.district = n.code and m.day between $8 and least($7::date - 1, $9) and ` + fits + `
				order by m.day desc limit $13)
				union all
				(select m.filing, m.record, 9999 from match_features m
				where m.district = n.code and m.day is null and ` + fits + ` limit $13)
			) m order by m.days limit $14
		), far as (
			select m.filing, m.record from (
				(select m.filing, m.record, m.day - $7::date as days from match_features m
				where m.day between greatest($7::date, $10) and $11 and ` + fits + `
				order by m.day limit $15)
				union all
				(select m.filing, m.record, $7::date - m.day from match_features m
				where m.day between $10 and least($7::date - 1, $11) and ` + fits + `
				order by m.day desc limit $15)
			) m order by m.days limit $15
		), named as (
			select m.filing, m.record from match_features m where m.names && $12::bytea[] and ` + fits + ` limit $16
		)
		select coalesce(filing, 0), coalesce(record, 0) from (select * from near union select * from far union select * from named) c`
)

// SameNumber opens the sides that have one of the identifiers of a side which tells of what was lost, or found.
func (s *Store) SameNumber(ctx context.Context, c SideContent, lost bool, ids []Identifier) ([]SideContent, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	kinds, values := s.identifierKeys(ids)
	rows, _ := s.pool.Query(ctx, sameNumber, kinds, values, !lost, c.Filing, sameNumberLimit)
	return s.collectSides(ctx, rows)
}

// Candidates opens the sides that may fit a feature of another.
func (s *Store) Candidates(ctx context.Context, c SideContent, f Features) ([]SideContent, error) {
	rows, _ := s.pool.Query(ctx, candidates, s.candidateArgs(c, f)...)
	return s.collectSides(ctx, rows)
}

func (s *Store) candidateArgs(c SideContent, f Features) []any {
	from, to := f.years()
	day := f.Day
	if day.IsZero() {
		day = c.At // it was not after that
	}
	span := func(days int) (from, to time.Time) {
		switch {
		case !f.Lost:
			return day.AddDate(0, 0, -days), day.AddDate(0, 0, slip)
		case f.Day.IsZero():
			return day.AddDate(0, 0, -days), day.AddDate(0, 0, days)
		}
		return day.AddDate(0, 0, -slip), day.AddDate(0, 0, days)
	}
	window, far := thingWindow, -slip-1 // no day
	if f.Kind == MatchPerson {
		window, far = personWindow, farWindow
	}
	nearFrom, nearTo := span(window)
	farFrom, farTo := span(far)
	return []any{
		f.Kind, !f.Lost, f.Sex, from, to, f.Around, day, nearFrom, nearTo, farFrom, farTo, s.nameKeys(f.Names),
		nearPerDistrict, nearLimit, farLimit, namesLimit,
	}
}

func (s *Store) collectSides(ctx context.Context, rows pgx.Rows) ([]SideContent, error) {
	sides, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Side])
	if err != nil {
		return nil, failed("finding what may match", err)
	}
	opened, err := s.openSides(ctx, s.pool, sides)
	return slices.DeleteFunc(opened, func(c SideContent) bool { return c.Over }), err // it ended meanwhile
}
