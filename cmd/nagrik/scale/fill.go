package main

import (
	"context"
	_ "embed" // names.txt
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nagrik/bot/hindi"
	"nagrik/store/seal"
)

// filler makes the mass of made-up records.
type filler struct {
	pool  *pgxpool.Pool
	keys  *seal.Keys
	count int // filings so far; FIRs are half as many, records a tenth, citizens half
	since time.Time
}

const (
	years = 5       // that filings are spread over
	batch = 100_000 // filings in one transaction
)

const yearsText = "5"

// moment is when filing g was made, in SQL, and age how many seconds ago: spread over the years, the same for each run.
const (
	moment = `(@since::timestamptz - make_interval(secs => ` + age + `))`
	age    = `(g::bigint * 7919) % (` + yearsText + ` * 365 * 86400)`
)

// openOne says, in SQL, whether filing g is still open: stations have about as much in hand with few years behind them as
// with many. Of the first hundred thousand all of the last half year are, of the others one in a hundred.
const openOne = `(` + age + ` < 180 * 86400 and (g <= 100000 or g % 100 = 0))`

// newOne says so of those that nobody took note of yet.
const newOne = `((g / 100) % 2 = 0)`

// made gives, in SQL, filing g and its station s.
const made = `generate_series(@from::int, @upto::int) g join stations s on s.code = (@stations::text[])[1 + (g::bigint * 31) % array_length(@stations::text[], 1)]`

// each gives filing g.
const each = `generate_series(@from::int, @upto::int) g`

// common is, in SQL, one of a list, those at its beginning more often: the nth pick of id.
func common(list, id, n string) string {
	return `(` + list + `)[1 + floor(power(((` + id + `::bigint * 104729 + ` + n + ` * 15485863) % 1000003) / 1000003.0, 2) * array_length(` + list + `, 1))::int]`
}

// mass are the statements that make the records of filings @from to @upto; @since is the end of the years, @keys the
// keyed hashes of names, @names first names and @firstKeys the first key of each of these, the common ones first.
var mass = []string{
	`insert into citizens (id, profile, phone, phone_index, created_at)
	select 'c' || g, ` + random("240") + `, ` + random("60") + `, decode(md5('phone' || g), 'hex'), @since from ` + each + ` where g % 2 = 0`,

	`insert into chats (id, channel, address, citizen, linked_at)
	select decode(md5('chat' || g), 'hex'), 'made-up', ` + random("60") + `, 'c' || g, @since from ` + each + ` where g % 2 = 0`,

	`insert into filings (id, number, dialog, service, citizen, chat, channel, lang, station, district, status, ver, sensitive, urgent, content_hash, details,
		applicant, created_at, updated_at, closed_at, acknowledged_at, due_at, due_clock, handler)
	overriding system value
	select g, 'XX' || lpad(g::text, 11, '0'), 'made-up ' || g, (array['complaint', 'lost_property', 'missing_person', 'verification'])[1 + g % 4],
		'c' || (g - g % 2), decode(md5('chat' || (g - g % 2)), 'hex'), 'made-up', 'hi', s.code, s.district,
		case when not ` + openOne + ` then 'closed' when ` + newOne + ` then 'sent' else 'acknowledged' end, 3, g % 97 = 0, g % 89 = 0,
		decode(md5('content' || g), 'hex'), ` + random("700") + `, ` + random("240") + `, ` + moment + `, ` + moment + `,
		case when not ` + openOne + ` then ` + moment + ` + interval '9 days' end,
		case when not (` + openOne + ` and ` + newOne + `) then ` + moment + ` + make_interval(mins => g % 3000) end,
		case when ` + openOne + ` and ` + newOne + ` then ` + moment + ` + interval '1 day' end,
		case when ` + openOne + ` and ` + newOne + ` then 'acknowledge' end,
		case when not (` + openOne + ` and ` + newOne + `) and s.code = '` + station + `' then (select min(officer) from posts where role = 'sho') end
	from ` + made + ``,

	`insert into events (filing, filed_at, ver, at, kind, actor)
	select g, ` + moment + `, v, ` + moment + ` + v * interval '1 hour', (array['received', 'sent', 'information'])[v], 'system'
	from ` + each + `, generate_series(1, 3) v`,

	`insert into clocks (filing, kind, started_at, due_at, next_at, ended_at)
	select g, 'acknowledge', ` + moment + `, ` + moment + ` + interval '1 day', case when ` + openOne + ` then 'infinity'::timestamptz end,
		case when not (` + openOne + ` and ` + newOne + `) then ` + moment + ` + interval '2 hours' end
	from ` + each + ``,

	`insert into filing_identifiers (kind, value, filing) select 'imei', decode(md5('imei' || g), 'hex'), g from ` + each + ` where g % 4 = 1`,

	// A filing names two persons.
	`insert into filing_names (key, district, filing)
	select distinct ` + common("@keys::bytea[]", "g", "n") + `, s.district, g from ` + made + `, generate_series(1, 4) n`,

	`insert into notices (kind, chat, filing, ver, state, dedupe_key, created_at, sent_at)
	select 'status', decode(md5('chat' || (g - g % 2)), 'hex'), g, 2, 'sent', 'made-up ' || g, ` + moment + `, ` + moment + `
	from ` + each + ` where ` + age + ` < 90 * 86400`,

	`insert into firs (station, district, year, number, restricted, sections, registered_on, phone_index, informant, summary, origin)
	select s.code, s.district, 2021 + g % 5, g / 10 + 1, g % 50 = 0, 'BNS 303(2)', ` + moment + `::date, decode(md5('phone' || g), 'hex'), ` + random("200") + `, ` + random("300") + `, 'import'
	from ` + made + ` where g % 2 = 0`,

	`with made as (
		insert into records (number, kind, source, station, district, happened_on, what, reward, names, details)
		select 'YY' || lpad(g::text, 11, '0'), k.kind, 'made-up ' || g, s.code, s.district, ` + moment + `::date,
			case when k.kind in ('body', 'person') then (array['man', 'woman'])[1 + (g / 100) % 2] else 'mobile' end, 0,
			case when k.kind = 'wanted' then ` + common("@names::text[]", "g", "1") + ` || ' ' || ` + common("@names::text[]", "g", "2") + ` else '' end, ` + random("500") + `
		from ` + made + `, lateral (
			select case when g % 1000 = 0 then 'wanted' when g % 400 = 10 then 'body' when g % 300 = 20 then 'person' when g % 40 = 30 then 'arrest' else 'recovered' end as kind
		) k
		where g % 10 = 0
		returning id, kind, source, district, happened_on, what
	), identified as (
		insert into record_identifiers (kind, value, record) select 'imei', decode(md5('record imei' || id), 'hex'), id from made where kind = 'recovered'
	), features as (
		insert into match_features (record, n, lost, kind, sex, age_from, age_to, district, day)
		select id, 0, false, case when kind = 'recovered' then 'mobile' else 'person' end, case when kind = 'recovered' then '' else what end,
			id % 12 * 5, id % 12 * 5 + 20, district, happened_on
		from made where kind in ('recovered', 'body', 'person')
	)
	insert into record_names (key, kind, record)
	select distinct ` + common("@firstKeys::bytea[]", "split_part(source, ' ', 2)", "n") + `, kind, id from made, generate_series(1, 2) n where kind in ('arrest', 'wanted')`,

	`insert into match_features (filing, n, lost, kind, sex, age_from, age_to, district, day, names)
	select g, 0, true, case when g % 4 = 2 then 'person' else 'mobile' end, case when g % 4 = 2 then (array['man', 'woman'])[1 + g / 4 % 2] else '' end,
		g % 12 * 5, g % 12 * 5 + 10, s.district, ` + moment + `::date, array[` + common("@keys::bytea[]", "g", "1") + `, ` + common("@keys::bytea[]", "g", "2") + `]
	from ` + made + ` where ` + openOne + ` and g % 4 < 3`,
}

// random is, in SQL, so many bytes that nothing can be pressed out of, as sealed ones.
func random(bytes string) string {
	return `(select substring(string_agg(sha512((g::text || ' ' || i || ' ` + bytes + `')::bytea), '') for ` + bytes + `) from generate_series(1, ` + bytes + ` / 64 + 1) i)`
}

// fill makes records until there are so many filings. Indexes that can be made later are, as a restore does.
func (f *filler) fill(ctx context.Context, filings int) error {
	if f.since.IsZero() {
		f.since = time.Now()
		if err := f.partitions(ctx); err != nil {
			return err
		}
		// What the probes file comes behind the mass.
		if _, err := f.pool.Exec(ctx, `select setval(pg_get_serial_sequence('filings', 'id'), 1000000000)`); err != nil {
			return err
		}
	}
	indexes, err := f.dropIndexes(ctx, filings-f.count > batch*10)
	if err != nil {
		return err
	}
	args := pgx.NamedArgs{"since": f.since, "keys": f.names(), "names": firstNames, "firstKeys": f.firstKeys()}
	var stations []string
	if err := f.pool.QueryRow(ctx, `select array_agg(code order by code) from stations where kind = 'territorial'`).Scan(&stations); err != nil {
		return err
	}
	args["stations"] = stations
	begun := time.Now()
	work := make(chan int)
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	done := f.count
	for range 2 {
		group.Go(func() {
			for from := range work {
				upto := min(from+batch-1, filings)
				err := f.make(ctx, from, upto, args)
				mu.Lock()
				failed = errors.Join(failed, err)
				done += upto - from + 1
				fmt.Fprintf(os.Stderr, "\r%d of %d filings, %s", done, filings, time.Since(begun).Round(time.Second))
				mu.Unlock()
			}
		})
	}
	for from := f.count + 1; from <= filings && ctx.Err() == nil; from += batch {
		work <- from
	}
	close(work)
	group.Wait()
	fmt.Fprintln(os.Stderr)
	if failed != nil {
		return failed
	}
	f.count = filings
	for _, sql := range append(indexes, `vacuum analyze`) {
		if _, err := f.pool.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	fmt.Fprintf(os.Stderr, "filled in %s\n", time.Since(begun).Round(time.Second))
	return ctx.Err()
}

// make makes the records of some filings. Foreign keys hold, and are not checked.
func (f *filler) make(ctx context.Context, from, upto int, args pgx.NamedArgs) error {
	args = maps.Clone(args)
	args["from"], args["upto"] = from, upto
	return pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local session_replication_role = replica`); err != nil {
			return err
		}
		for _, sql := range mass {
			if _, err := tx.Exec(ctx, sql, args); err != nil {
				return fmt.Errorf("%.40s: %w", sql, err)
			}
		}
		return nil
	})
}

// partitions makes those of the past, as the years would have.
func (f *filler) partitions(ctx context.Context) error {
	for month := range years*12 + 1 {
		first := time.Date(f.since.Year(), f.since.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, -month, 0)
		if month == 0 {
			continue // made by the migration
		}
		sql := fmt.Sprintf(`create table if not exists events_%s partition of events for values from ('%s') to ('%s')`,
			first.Format("2006_01"), first.Format(time.RFC3339), first.AddDate(0, 1, 0).Format(time.RFC3339))
		if _, err := f.pool.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// dropIndexes drops the indexes of the big tables that are no constraints', and returns how to make them again.
func (f *filler) dropIndexes(ctx context.Context, worth bool) ([]string, error) {
	if !worth {
		return nil, nil
	}
	rows, _ := f.pool.Query(ctx, `
		select x.indexrelid::regclass::text, pg_get_indexdef(x.indexrelid)
		from pg_index x join pg_class t on t.oid = x.indrelid join pg_namespace n on n.oid = t.relnamespace
		where n.nspname = 'public' and t.relname in ('filings', 'filing_names', 'filing_identifiers', 'firs', 'records', 'record_names', 'record_identifiers', 'notices', 'chats', 'clocks', 'match_features')
			and not exists (select from pg_constraint c where c.conindid = x.indexrelid)`)
	type index struct{ Name, Def string }
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	if err != nil {
		return nil, err
	}
	var again []string
	for _, i := range all {
		if _, err := f.pool.Exec(ctx, `drop index `+i.Name); err != nil {
			return nil, err
		}
		again = append(again, i.Def)
	}
	return again, nil
}

// namesFile has first names as people have them, the commonest first.
//
//go:embed names.txt
var namesFile string

var firstNames = strings.Fields(namesFile)

// names are the keyed hashes that filings are found by, the common ones first.
func (f *filler) names() [][]byte {
	var keys [][]byte
	for _, name := range firstNames {
		for _, part := range hindi.NameParts(name) {
			for _, key := range part {
				keys = append(keys, f.keys.Index("name", key))
			}
		}
	}
	for i := range 5000 { // and all the others
		keys = append(keys, f.keys.Index("name", fmt.Sprint("rare", i)))
	}
	return keys
}

// firstKeys is, for each of firstNames, one of the keys that it is found by.
func (f *filler) firstKeys() [][]byte {
	keys := make([][]byte, len(firstNames))
	for i, name := range firstNames {
		keys[i] = f.keys.Index("name", hindi.NameParts(name)[0][0])
	}
	return keys
}

// size says how big the database is, in whole and for each filing.
func (f *filler) size(ctx context.Context) (string, error) {
	var whole int64
	if err := f.pool.QueryRow(ctx, `select pg_database_size(current_database())`).Scan(&whole); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d filings, %d FIRs, %d records: %.1f GB, %d bytes a filing with all that belongs to it", f.count, f.count/2, f.count/10,
		float64(whole)/1e9, whole/int64(f.count)), nil
}
