package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Sought is what an officer looks for: any of these, or the names.
type Sought struct {
	Number      string       // of a filing or a record, as ParseNumber returns it
	Identifiers []Identifier // also the phone of who filed
	Names       [][]string   // for each part of a name, what it is found by (hindi.NameParts)
}

// Sightings are what a search found.
type Sightings struct {
	Filings []Filing
	Records []Record // without details
	More    bool     // there is more than is shown
}

// shownFound is how many filings, and how many records, a search shows.
const shownFound = 8

// namesakes is how many filings, or records, with one part of a name are looked at, the newest first: some names
// are of millions.
const namesakes = 300

const (
	// searcher is the sender's highest post that may look into filings.
	searcher = `
		select p.id, p.officer from officers o join posts p on p.officer = o.id
		where o.sender = $1 and p.revoked_at is null and p.role = any($2)
		order by p.id limit 1`

	// seen keeps, of the filings named in found, those that a post of sender $1
	// reaches and may see.
	seen = `
		select ` + filingColumns + ` from found join filings f on f.id = found.id
		where exists (
			select from officers o join posts p on p.officer = o.id
			where o.sender = $1 and p.revoked_at is null and exists (select from ` + rolesFor + ` r
				where r.role = any(case when f.sensitive then $3::text[] else $2::text[] end)))
		order by found.fit desc, f.closed_at is not null, f.created_at desc limit $4`

	// searchFilings is by number $5, by identifiers of kinds $6 and values $7, and
	// by the phone of who filed ($8).
	searchFilings = `
		with found as (
			select id, 0 as fit from filings where number = $5
			union
			select i.filing, 0 from unnest($6::text[], $7::bytea[]) x (kind, value) join filing_identifiers i on i.kind = x.kind and i.value = x.value
			union
			select f.id, 0 from citizens c join filings f on f.citizen = c.id where c.phone_index = $8
		)` + seen

	// area are the districts of the sender's posts.
	area = `area as materialized (
			select distinct d.code as place from officers o join posts p on p.officer = o.id
				join districts d on p.role = 'scrb' or d.code = p.district
			where o.sender = $1 and p.revoked_at is null
		)`

	// everyKind are the kinds of records that have names.
	everyKind = `area as (select distinct k as place from unnest(array['recovered', 'wanted', 'arrest', 'body', 'person']) k)`
)

// named is, in SQL, what has a name: part parts of it is found by key keys, and need parts must be there. names is a
// table of keys, by place and id, and area are the places to look in. Some names are of millions: it begins with the
// rarest parts of which at least one must be there, with the newest of each key (most in all the places together, and
// some in each), and looks for the other parts in those.
func named(names, place, id, area, parts, keys, need, most string) string {
	sought := `unnest(` + parts + `::int[], ` + keys + `::bytea[]) x (part, key)`
	partsOf := `(select distinct p from unnest(` + parts + `::int[]) p) p (part)`
	return area + `, hits as materialized (
			select x.part, a.place, h.id
			from ` + sought + ` cross join area a, lateral (
				select n.` + id + ` as id from ` + names + ` n
				where n.key = x.key and n.` + place + ` = a.place
				order by n.` + id + ` desc limit (select greatest(` + most + ` / greatest(count(*), 1), 12) from area)
			) h
		), rare as (
			select part from ` + partsOf + ` left join hits using (part)
			group by part order by count(id), part limit (select count(*) from ` + partsOf + `) - ` + need + ` + 1
		), candidates as materialized (
			select place, id, array_agg(distinct part) as parts from hits where part in (select part from rare)
			group by place, id order by id desc limit ` + most + `
		), named as materialized (
			select c.id, m.fit from candidates c, lateral (
				select cardinality(c.parts) + count(distinct x.part) as fit from ` + sought + `, lateral (
					select from ` + names + ` n where n.key = x.key and n.` + place + ` = c.place and n.` + id + ` = c.id limit 1
				) n
				where x.part <> all(c.parts)
			) m where m.fit >= ` + need + `
		)`
}

var (
	// searchNames is by names ($5 to $8, see named), in the districts of the sender's posts.
	searchNames = `
		with ` + named("filing_names", "district", "filing", area, "$5", "$6", "$7", "$8") + `, found as (
			select id, fit from named
		)` + seen

	searchRecords = `
		with ` + named("record_names", "kind", "record", everyKind, "$5", "$6", "$7", "$8") + `, found as (
			select id, 0 as fit from records where number = $2
			union
			select i.record, 0 from unnest($3::text[], $4::bytea[]) x (kind, value) join record_identifiers i on i.kind = x.kind and i.value = x.value
			union
			select id, fit from named
		)
		select ` + recordColumns + ` from found join records r on r.id = found.id
		order by found.fit desc, r.withdrawn_at is not null, r.made_at desc limit $1`
)

// Search looks for filings where the sender's posts are, and for records
// everywhere: those are made known to all. It leaves an audit row that says who
// searched, never for what. ErrNotAllowed if no post of the sender may look into
// filings.
func (s *Store) Search(ctx context.Context, channel, sender string, what Sought) (Sightings, error) {
	ordinary, sensitive := roleNames(ActView)
	key := s.senderKey(channel, sender)
	var found Sightings
	err := s.inTx(ctx, "searching", func(tx pgx.Tx) error {
		e := auditEntry{what: "search"}
		err := tx.QueryRow(ctx, searcher, key, ordinary).Scan(&e.post, &e.officer)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNotAllowed
		}
		if err != nil {
			return failed("searching", err)
		}
		parts, keys := s.soughtNames(what.Names)
		kinds, values, phone := s.soughtIdentifiers(what.Identifiers)
		need := needed(len(what.Names))
		query, args := searchFilings, []any{what.Number, kinds, values, phone}
		if len(parts) > 0 {
			query, args = searchNames, []any{parts, keys, need, namesakes}
		}
		rows, _ := tx.Query(ctx, query, append([]any{key, ordinary, sensitive, shownFound + 1}, args...)...)
		found.Filings, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Filing, err error) {
			err = row.Scan(f.columns()...)
			return f, err
		})
		if err != nil {
			return failed("searching filings", err)
		}
		rows, _ = tx.Query(ctx, searchRecords, shownFound+1, what.Number, kinds, values, parts, keys, need, namesakes)
		found.Records, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Record, err error) {
			err = row.Scan(r.columns()...)
			return r, err
		})
		if err != nil {
			return failed("searching records", err)
		}
		return s.audit(ctx, tx, e)
	})
	if err != nil {
		return Sightings{}, err
	}
	found.More = len(found.Filings) > shownFound || len(found.Records) > shownFound
	found.Filings = found.Filings[:min(shownFound, len(found.Filings))]
	found.Records = found.Records[:min(shownFound, len(found.Records))]
	return found, nil
}

// needed is how many parts of a name must be found: of a long one, all but one.
func needed(parts int) int {
	if parts > 2 {
		return parts - 1
	}
	return parts
}

// soughtNames numbers the parts of a name and hashes what each is found by.
func (s *Store) soughtNames(names [][]string) (parts []int, keys [][]byte) {
	for i, name := range names {
		for _, key := range s.nameKeys(name) {
			parts, keys = append(parts, i), append(keys, key)
		}
	}
	return parts, keys
}

// soughtIdentifiers hashes identifiers; phone is the index of one that is a phone's.
func (s *Store) soughtIdentifiers(ids []Identifier) (kinds []string, values [][]byte, phone []byte) {
	for _, id := range ids {
		value := s.keys.Index(id.Kind, id.Value)
		kinds, values = append(kinds, id.Kind), append(values, value)
		if id.Kind == "phone" {
			phone = value
		}
	}
	return kinds, values, phone
}
