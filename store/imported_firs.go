package store

import (
	"context"
	"crypto/hmac"
	"time"

	"github.com/jackc/pgx/v5"
)

// ImportFIR is a line of a list of FIRs. Its key makes it the same entry as another.
type ImportFIR struct {
	Line    int
	Content string // all that the line says
	FIRKey
	Sections   string
	On         time.Time // the day
	Restricted bool
	Informant  Profile
	Summary    string
}

const (
	makeImportFIRs = `
		create temporary table import_firs (
			line int primary key, fresh boolean not null, station text not null, year smallint not null, number int not null, zero boolean not null,
			restricted boolean not null, sections text not null, registered_on date not null, phone_index bytea, informant bytea, summary bytea,
			content bytea not null) on commit drop`

	firsBefore = `
		select k.n, coalesce(f.content, ''), f.origin = 'desk'
		from unnest($1::text[], $2::int[], $3::int[], $4::boolean[]) with ordinality k (station, year, number, zero, n)
		join firs f on f.station = k.station and f.year = k.year and f.number = k.number and f.zero = k.zero`

	// What an officer registered meanwhile stays.
	mergeNewFIRs = `
		insert into firs (station, district, year, number, zero, restricted, sections, registered_on, phone_index, informant, summary, content, origin)
		select l.station, s.district, l.year, l.number, l.zero, l.restricted, l.sections, l.registered_on, l.phone_index, l.informant, l.summary,
			l.content, 'import'
		from import_firs l join stations s on s.code = l.station where l.fresh and l.line between $1 and $2
		on conflict on constraint firs_number do nothing`

	mergeChangedFIRs = `
		update firs f set restricted = l.restricted, sections = l.sections, registered_on = l.registered_on, phone_index = l.phone_index,
			informant = l.informant, summary = l.summary, content = l.content
		from import_firs l
		where not l.fresh and l.line between $1 and $2 and f.origin = 'import'
			and f.station = l.station and f.year = l.year and f.number = l.number and f.zero = l.zero`

	firsAtOnce = 20_000 // lines that one statement merges
)

// FIRs stages lines of FIRs. An entry that an earlier import made is corrected if its line has changed
// since; one that an officer registered stays as it is.
func (i *Import) FIRs(ctx context.Context, lines []ImportFIR) error {
	if len(lines) == 0 {
		return nil
	}
	if err := i.merge(ctx, makeImportFIRs, i.mergeFIRs); err != nil {
		return err
	}
	known, err := i.knownFIRs(ctx, lines)
	if err != nil {
		return err
	}
	var staged []stagedFIR
	for n, l := range lines {
		f := stagedFIR{ImportFIR: l, content: i.s.keys.MAC("import", "fir", l.Content)}
		before, ok := known[n]
		switch {
		case !ok:
			f.fresh = true
			i.staged.New++
		case before.desk:
			i.staged.Left++
			continue
		case hmac.Equal(before.content, f.content):
			i.staged.Same++
			continue
		default:
			i.staged.Changed++
		}
		staged = append(staged, f)
	}
	i.last = lines[len(lines)-1].Line
	columns := []string{
		"line", "fresh", "station", "year", "number", "zero", "restricted", "sections", "registered_on", "phone_index", "informant", "summary", "content",
	}
	return i.copy(ctx, "import_firs", columns, len(staged), func(n int) ([]any, error) { return i.sealFIR(staged[n]) })
}

// stagedFIR is a line that makes or changes an entry.
type stagedFIR struct {
	ImportFIR
	fresh   bool
	content []byte
}

// knownFIR is an entry that is there already.
type knownFIR struct {
	content []byte
	desk    bool
}

// knownFIRs finds the entries that lines are of, by the lines' places in the list.
func (i *Import) knownFIRs(ctx context.Context, lines []ImportFIR) (map[int]knownFIR, error) {
	stations, years, numbers, zeros := make([]string, len(lines)), make([]int, len(lines)), make([]int, len(lines)), make([]bool, len(lines))
	for n, l := range lines {
		stations[n], years[n], numbers[n], zeros[n] = l.Station, l.Year, l.Number, l.Zero
	}
	known := map[int]knownFIR{}
	rows, _ := i.tx.Query(ctx, firsBefore, stations, years, numbers, zeros)
	var n int
	var f knownFIR
	_, err := pgx.ForEachRow(rows, []any{&n, &f.content, &f.desk}, func() error {
		known[n-1] = f // ordinality counts from 1
		f.content = nil
		return nil
	})
	return known, failed("finding FIRs", err)
}

// sealFIR seals and hashes what is not to be read of an entry.
func (i *Import) sealFIR(f stagedFIR) ([]any, error) {
	var informant, phone []byte
	var err error
	if f.Informant != (Profile{}) {
		if informant, err = i.s.sealProfile(f.Informant, firPlace("informant", f.FIRKey)); err != nil {
			return nil, err
		}
		phone = i.s.keys.Index("phone", f.Informant.Phone)
	}
	summary, err := i.s.keys.SealText(f.Summary, firPlace("summary", f.FIRKey))
	return []any{f.Line, f.fresh, f.Station, f.Year, f.Number, f.Zero, f.Restricted, f.Sections, f.On, phone, informant, summary, f.content}, err
}

// mergeFIRs moves what was staged into the register, some at a time, so that it can be watched and stopped.
func (i *Import) mergeFIRs(ctx context.Context) error {
	for first := 0; first <= i.last; first += firsAtOnce {
		var merged int64
		for _, merge := range []string{mergeNewFIRs, mergeChangedFIRs} {
			tag, err := i.tx.Exec(ctx, merge, first, first+firsAtOnce-1)
			if err != nil {
				return failed("importing FIRs", err)
			}
			merged += tag.RowsAffected()
		}
		i.tell(int(merged))
	}
	return nil
}
