package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// Matching looks for pairs of what was lost and what was found. How alike two are is not for the store to say, which knows no
// forms: it keeps what is to be matched (match_due), narrows down what may fit and opens it, and keeps what was proposed
// (matches.go).

// matchServices are those whose filings may be matched, and matchRecords the kinds of records.
var (
	matchServices = []string{"lost_property", "complaint", "missing_person", "found_property", "unknown_person", "unidentified_body"}
	matchRecords  = []RecordKind{RecordRecovered, RecordBody, RecordPerson}
)

// Side is one side of a match, a filing or a record: the other id is 0.
type Side struct {
	Filing int64 `json:"filing,omitempty"`
	Record int64 `json:"record,omitempty"`
}

// SideContent is all that one side tells.
type SideContent struct {
	Side
	Number    string
	Kind      string // service of the filing, or kind of the record
	Station   string // code, "" if none
	District  string // code
	At        time.Time
	Sensitive bool
	Over      bool // withdrawn, found or closed: it is matched no more
	Applicant string
	Details   json.RawMessage
	Added     []string // what its citizen wrote later

	due int // the version of what waits, 0 if nothing does
}

// Waits says whether a side still waits to be matched.
func (c SideContent) Waits() bool { return c.due > 0 }

// Features are what narrows down which sides may fit: of each thing that a side tells of, or of its person. See
// migrations/00016_matches.sql on what they may say.
type Features struct {
	N        int // which of the things
	Lost     bool
	Kind     string // MatchPerson, or a sort of thing
	Sex      string // "" if not known
	AgeFrom  int
	AgeTo    int // 0: not known
	District string
	Around   []string  // codes of the districts to look through, its own among them
	Day      time.Time // zero if not known
	Names    []string  // what the names are found by (hindi.NameParts), of whom it is or whose it is
}

// MatchPerson is the kind of features that are of a person.
const MatchPerson = "person"

const (
	filingDue = `
		insert into match_due (filing) select id from filings where id = any($1)
		on conflict (filing) do update set ver = match_due.ver + 1, since = now()`
	recordsDue = `
		insert into match_due (record) select id from records where id = any($1)
		on conflict (record) do update set ver = match_due.ver + 1, since = now()`

	// lostDue is what waits so long that there never was a job or it was lost. It is put off: replicas do not take the same, and a
	// job that waits its turn behind many is not made again.
	lostDue = `
		update match_due set since = now() + interval '5 minutes'
		where ctid in (select ctid from match_due where since < now() - interval '30 seconds' order by since limit $1 for update skip locked)
		returning coalesce(filing, 0), coalesce(record, 0)`

	doneDue = `
		delete from match_due where ver = $3 and (filing = nullif($1::bigint, 0) or record = nullif($2::bigint, 0))`

	sideOfFiling = `
		select f.number, f.service, coalesce(f.station, ''), f.district, f.created_at, f.sensitive, f.closed_at is not null, f.id, 0::bigint,
			coalesce((select ver from match_due d where d.filing = f.id), 0), f.details, f.applicant
		from filings f where f.id = any($1)`
	sideOfRecord = `
		select r.number, r.kind, coalesce(r.station, ''), r.district, r.happened_on::timestamptz, false, r.withdrawn_at is not null, 0::bigint, r.id,
			coalesce((select ver from match_due d where d.record = r.id), 0), r.details, null::bytea
		from records r where r.id = any($1)`

	addedNotes = `
		select e.filing, e.ver, e.note from filings f join events e on e.filing = f.id and e.filed_at = f.created_at
		where f.id = any($1) and e.kind in ('information', 'answer', 'sighting') and e.note is not null
		order by e.filing, e.ver`

	forgetFeatures = `delete from match_features where filing = nullif($1::bigint, 0) or record = nullif($2::bigint, 0)`
	putFeatures    = `
		insert into match_features (filing, record, n, lost, kind, sex, age_from, age_to, district, day, names)
		values (nullif($1::bigint, 0), nullif($2::bigint, 0), $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	moreIdentifiers = `
		insert into filing_identifiers (filing, kind, value) select f.id, i.* from filings f, unnest($2::text[], $3::bytea[]) i where f.id = $1
		on conflict do nothing`
)

// MatchLater has records matched in the background, in the transaction of whoever makes many at once: it costs one statement here,
// and later takes its turn behind what is new (see sweepMatching).
func (s *Store) MatchLater(ctx context.Context, tx pgx.Tx, records []int64) error {
	_, err := tx.Exec(ctx, recordsDue, records)
	return failed("keeping what is to be matched", err)
}

// matchFiling has a filing matched at once.
func (s *Store) matchFiling(ctx context.Context, tx pgx.Tx, filing int64, service string) error {
	if !slices.Contains(matchServices, service) {
		return nil
	}
	if _, err := tx.Exec(ctx, filingDue, []int64{filing}); err != nil {
		return failed("keeping what is to be matched", err)
	}
	return s.insertJobs(ctx, tx, []wakeup{{Match: Side{Filing: filing}, Queue: matchQueue}})
}

// matchRecord has a record matched at once.
func (s *Store) matchRecord(ctx context.Context, tx pgx.Tx, record int64, kind RecordKind) error {
	if !slices.Contains(matchRecords, kind) {
		return nil
	}
	if err := s.MatchLater(ctx, tx, []int64{record}); err != nil {
		return err
	}
	return s.insertJobs(ctx, tx, []wakeup{{Match: Side{Record: record}, Queue: matchQueue}})
}

// sweepLimitMatching is how much that was imported is matched in one go.
const sweepLimitMatching = 200

// sweepMatching makes jobs for what waits to be matched and has none.
func (s *Store) sweepMatching(ctx context.Context) error {
	return s.inTx(ctx, "finding what is to be matched", func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, lostDue, sweepLimitMatching)
		sides, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Side])
		if err != nil {
			return failed("finding what is to be matched", err)
		}
		jobs := make([]wakeup, len(sides))
		for i, side := range sides {
			jobs[i] = wakeup{Match: side, Queue: matchQueue, Bulk: true}
		}
		return s.insertJobs(ctx, tx, jobs)
	})
}

// SideContent opens one side of a match. ErrNotFound if there is none.
func (s *Store) SideContent(ctx context.Context, side Side) (SideContent, error) {
	found, err := s.openSides(ctx, s.pool, []Side{side})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("opening a side of a match: %w", ErrNotFound)
	}
	if err != nil {
		return SideContent{}, err
	}
	return found[0], nil
}

// openSides opens many sides, in no order.
func (s *Store) openSides(ctx context.Context, q querier, sides []Side) ([]SideContent, error) {
	var filings, records []int64
	for _, side := range sides {
		if side.Filing != 0 {
			filings = append(filings, side.Filing)
		} else {
			records = append(records, side.Record)
		}
	}
	var all []SideContent
	for query, ids := range map[string][]int64{sideOfFiling: filings, sideOfRecord: records} {
		if len(ids) == 0 {
			continue
		}
		rows, _ := q.Query(ctx, query, ids)
		opened, err := pgx.CollectRows(rows, s.scanSide)
		if err != nil {
			return nil, failed("opening sides of a match", err)
		}
		all = append(all, opened...)
	}
	return all, s.openAdded(ctx, q, all, filings)
}

// openAdded adds to the sides what their citizens wrote after they were filed.
func (s *Store) openAdded(ctx context.Context, q querier, sides []SideContent, filings []int64) error {
	if len(filings) == 0 {
		return nil
	}
	added := map[int64][]string{}
	rows, _ := q.Query(ctx, addedNotes, filings)
	var filing int64
	var ver int
	var note []byte
	_, err := pgx.ForEachRow(rows, []any{&filing, &ver, &note}, func() error {
		words, err := s.keys.OpenText(note, eventPlace(filing, ver))
		added[filing] = append(added[filing], words)
		return err
	})
	for i := range sides {
		sides[i].Added = added[sides[i].Filing]
	}
	return failed("reading what was added", err)
}

func (s *Store) scanSide(row pgx.CollectableRow) (c SideContent, err error) {
	var details, applicant []byte
	err = row.Scan(&c.Number, &c.Kind, &c.Station, &c.District, &c.At, &c.Sensitive, &c.Over, &c.Filing, &c.Record, &c.due, &details, &applicant)
	if err != nil {
		return c, err
	}
	if c.Record != 0 {
		c.Details, err = s.keys.Open(details, recordPlace(c.Number))
		return c, err
	}
	if c.Details, err = s.keys.Open(details, detailsPlace(c.Number)); err != nil {
		return c, err
	}
	profile, err := s.openProfile(applicant, applicantPlace(c.Number))
	c.Applicant = profile.Name
	return c, err
}

// KeepFeatures replaces a side's features, and adds the identifiers that its citizen wrote later to those that it is found by.
func (s *Store) KeepFeatures(ctx context.Context, c SideContent, features []Features, ids []Identifier) error {
	kinds, values := s.identifierKeys(ids)
	return s.inTx(ctx, "keeping features", func(tx pgx.Tx) error {
		var batch pgx.Batch
		batch.Queue(forgetFeatures, c.Filing, c.Record)
		for _, f := range features {
			from, to := f.years()
			batch.Queue(putFeatures, c.Filing, c.Record, f.N, f.Lost, f.Kind, f.Sex, from, to, f.District, f.day(), s.nameKeys(f.Names))
		}
		if c.Filing != 0 && len(ids) > 0 {
			batch.Queue(moreIdentifiers, c.Filing, kinds, values)
		}
		return failed("keeping features", tx.SendBatch(ctx, &batch).Close())
	})
}

// years is the age in steps of five.
func (f Features) years() (from, to int) {
	if f.AgeTo == 0 {
		return 0, 120
	}
	return f.AgeFrom / 5 * 5, min((f.AgeTo+4)/5*5, 120)
}

func (f Features) day() *time.Time {
	if f.Day.IsZero() {
		return nil
	}
	day := time.Date(f.Day.Year(), f.Day.Month(), f.Day.Day(), 0, 0, 0, 0, time.UTC)
	return &day
}

func (s *Store) identifierKeys(ids []Identifier) (kinds []string, values [][]byte) {
	kinds, values = make([]string, len(ids)), make([][]byte, len(ids))
	for i, id := range ids {
		kinds[i], values[i] = id.Kind, s.keys.Index(id.Kind, id.Value)
	}
	return kinds, values
}

// Matched says that a side was matched as it was when it was opened: if it changed since, it waits on.
func (s *Store) Matched(ctx context.Context, c SideContent) error {
	_, err := s.pool.Exec(ctx, doneDue, c.Filing, c.Record, c.due)
	return failed("noting what was matched", err)
}
