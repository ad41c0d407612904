package store

import (
	"context"
	"crypto/hmac"
	"slices"

	"github.com/jackc/pgx/v5"
)

// ImportRecord is a line of a list of records. Its Source is the key of the line.
type ImportRecord struct {
	Line    int
	Content string // all that the line says
	NewRecord
}

const (
	makeImportRecords = `
		create temporary table import_records (
			line int not null, fresh boolean not null, number text not null, source text not null, station text not null,
			district text not null, happened_on date not null, what text not null, reward bigint not null, names text not null,
			details bytea not null, content bytea not null, age_low smallint, age_high smallint) on commit drop;
		create index on import_records (number);
		create temporary table import_identifiers (number text not null, kind text not null, value bytea not null) on commit drop;
		create temporary table import_names (number text not null, key bytea not null) on commit drop;
		create temporary table import_media (
			number text not null, media text not null, sha256 bytea not null, kind text not null, mime text not null, size bigint not null,
			received_at timestamptz not null, label text not null) on commit drop`

	importedBefore = `
		select source, number, coalesce(content, ''), withdrawn_at is not null from records where kind = $1 and source = any($2)`

	numbersTaken = `
		select number from records where number = any($1) union select number from import_records where number = any($1)`

	mergeNewRecords = `
		insert into records (number, kind, source, station, district, happened_on, what, reward, names, details, content, age_low, age_high)
		select l.number, $1, l.source, nullif(l.station, ''), coalesce((select district from stations where code = l.station), l.district),
			l.happened_on, l.what, l.reward, l.names, l.details, l.content, l.age_low, l.age_high
		from import_records l where l.fresh order by l.line`

	mergeChangedRecords = `
		update records r set station = nullif(l.station, ''), district = coalesce((select district from stations where code = l.station), l.district),
			happened_on = l.happened_on, what = l.what, reward = l.reward, names = l.names, details = l.details, content = l.content,
			age_low = l.age_low, age_high = l.age_high, ver = r.ver + 1, changed_at = now()
		from import_records l where not l.fresh and r.number = l.number and r.withdrawn_at is null`

	mergedRecords = `select r.id from import_records l join records r on r.number = l.number where r.withdrawn_at is null`

	changedRecords     = `(select r.id from import_records l join records r on r.number = l.number where not l.fresh)`
	forgetChangedIDs   = `delete from record_identifiers where record in ` + changedRecords
	forgetChangedNames = `delete from record_names where record in ` + changedRecords
	forgetChangedMedia = `delete from record_media where record in ` + changedRecords
	mergeRecordIDs     = `insert into record_identifiers (kind, value, record) select i.kind, i.value, r.id from import_identifiers i join records r on r.number = i.number on conflict do nothing`
	mergeRecordNames   = `insert into record_names (key, kind, record) select n.key, r.kind, r.id from import_names n join records r on r.number = n.number on conflict do nothing`
	mergeRecordMedia   = `
		insert into record_media (record, media, sha256, kind, mime, size, received_at, label)
		select r.id, m.media, m.sha256, m.kind, m.mime, m.size, m.received_at, m.label from import_media m join records r on r.number = m.number
		on conflict do nothing`
)

// Records stages lines of records, all of one kind. A record that an earlier import made is corrected if
// its line has changed since; one that the desk withdrew stays withdrawn. No two lines of a file have one
// source (see Repeats).
func (i *Import) Records(ctx context.Context, lines []ImportRecord) error {
	if len(lines) == 0 {
		return nil
	}
	kind := lines[0].Kind
	if err := i.merge(ctx, makeImportRecords, func(ctx context.Context) error { return i.mergeRecords(ctx, kind) }); err != nil {
		return err
	}
	known, err := i.knownRecords(ctx, kind, lines)
	if err != nil {
		return err
	}
	var staged []stagedRecord
	for _, l := range lines {
		if l.Kind == RecordArrest && l.Age < grownUp {
			return ErrJuvenile
		}
		r := stagedRecord{ImportRecord: l, content: i.s.keys.MAC("import", string(kind), l.Content)}
		before, ok := known[l.Source]
		switch {
		case !ok:
			r.fresh = true
			i.staged.New++
		case hmac.Equal(before.content, r.content):
			i.staged.Same++
			continue
		case before.withdrawn:
			i.staged.Left++
			continue
		default:
			r.number = before.number
			i.staged.Changed++
		}
		staged = append(staged, r)
	}
	if err := i.numberRecords(ctx, staged); err != nil {
		return err
	}
	return i.stageRecords(ctx, staged)
}

// stagedRecord is a line that makes or changes a record.
type stagedRecord struct {
	ImportRecord
	fresh   bool
	number  string
	content []byte
}

// knownRecord is what an earlier import made of a source.
type knownRecord struct {
	number    string
	content   []byte
	withdrawn bool
}

func (i *Import) knownRecords(ctx context.Context, kind RecordKind, lines []ImportRecord) (map[string]knownRecord, error) {
	sources := make([]string, len(lines))
	for n, l := range lines {
		sources[n] = l.Source
	}
	known := map[string]knownRecord{}
	rows, _ := i.tx.Query(ctx, importedBefore, kind, sources)
	var source string
	var r knownRecord
	_, err := pgx.ForEachRow(rows, []any{&source, &r.number, &r.content, &r.withdrawn}, func() error {
		known[source] = r
		r.content = nil
		return nil
	})
	return known, failed("finding what was imported before", err)
}

// numberRecords gives the new ones numbers that nobody has.
func (i *Import) numberRecords(ctx context.Context, staged []stagedRecord) error {
	mine := map[string]bool{}
	for open := fresh(staged); len(open) > 0; {
		var numbers []string
		for _, r := range open {
			for r.number == "" || mine[r.number] {
				r.number = newNumber(recordPrefixes[r.Kind])
			}
			mine[r.number] = true
			numbers = append(numbers, r.number)
		}
		rows, _ := i.tx.Query(ctx, numbersTaken, numbers)
		taken, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return failed("numbering records", err)
		}
		var again []*stagedRecord
		for _, r := range open {
			for _, t := range taken {
				if r.number == t {
					again = append(again, r)
				}
			}
		}
		open = again
	}
	return nil
}

func fresh(staged []stagedRecord) (open []*stagedRecord) {
	for n := range staged {
		if staged[n].fresh {
			open = append(open, &staged[n])
		}
	}
	return open
}

// stageRecords seals and hashes what is not to be read, and sends the rest along.
func (i *Import) stageRecords(ctx context.Context, staged []stagedRecord) error {
	var ids, names, media [][]any
	for _, r := range staged {
		for _, id := range r.Identifiers {
			ids = append(ids, []any{r.number, id.Kind, i.s.keys.Index(id.Kind, id.Value)})
		}
		for _, key := range i.s.nameKeys(r.NameParts) {
			names = append(names, []any{r.number, key})
		}
		for _, m := range r.Media {
			media = append(media, []any{r.number, m.ID, m.SHA256, m.Kind, m.MIME, m.Size, m.ReceivedAt, m.Label})
		}
	}
	columns := []string{"line", "fresh", "number", "source", "station", "district", "happened_on", "what", "reward", "names", "details", "content", "age_low", "age_high"}
	err := i.copy(ctx, "import_records", columns, len(staged), func(n int) ([]any, error) {
		r := staged[n]
		details, err := i.s.keys.Seal(r.Details, recordPlace(r.number))
		low, high := r.AgeRange.columns()
		return []any{r.Line, r.fresh, r.number, r.Source, r.Station, r.District, r.On, r.What, r.Reward, r.Names, details, r.content, low, high}, err
	})
	if err != nil {
		return err
	}
	if err := i.copyRows(ctx, "import_identifiers", []string{"number", "kind", "value"}, ids); err != nil {
		return err
	}
	if err := i.copyRows(ctx, "import_names", []string{"number", "key"}, names); err != nil {
		return err
	}
	return i.copyRows(ctx, "import_media", []string{"number", "media", "sha256", "kind", "mime", "size", "received_at", "label"}, media)
}

func (i *Import) copyRows(ctx context.Context, table string, columns []string, rows [][]any) error {
	return i.copy(ctx, table, columns, len(rows), func(n int) ([]any, error) { return rows[n], nil })
}

// mergeRecords moves what was staged into the records.
func (i *Import) mergeRecords(ctx context.Context, kind RecordKind) error {
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{mergeNewRecords, []any{kind}},
		{mergeChangedRecords, nil},
		{forgetChangedIDs, nil},
		{forgetChangedNames, nil},
		{forgetChangedMedia, nil},
		{mergeRecordIDs, nil},
		{mergeRecordNames, nil},
		{mergeRecordMedia, nil},
	} {
		if _, err := i.tx.Exec(ctx, step.sql, step.args...); err != nil {
			return failed("importing records", err)
		}
	}
	if slices.Contains(matchRecords, kind) {
		rows, _ := i.tx.Query(ctx, mergedRecords)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return failed("importing records", err)
		}
		if err := i.s.MatchLater(ctx, i.tx, ids); err != nil {
			return err
		}
	}
	i.tell(i.staged.New + i.staged.Changed)
	return nil
}
