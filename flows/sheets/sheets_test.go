package sheets_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"nagrik/flows"
	"nagrik/flows/sheets"
	"nagrik/locales"
	"nagrik/store"
	"nagrik/store/embedded/testdb"
	"nagrik/store/media"
	"nagrik/store/seal"
)

var key = seal.NewKEK()

func TestMain(m *testing.M) {
	os.Exit(testdb.Main(m, func(ctx context.Context, url string) error { return store.Migrate(ctx, url, key) }))
}

// now is the time of all tests.
var now = time.Date(2026, 3, 14, 11, 0, 0, 0, locales.India)

// office is a place to import into.
type office struct {
	*sheets.Importer
	t    *testing.T
	conn *pgx.Conn
	kind string
}

func newOffice(t *testing.T, kind string) *office {
	t.Helper()
	t.Parallel()
	ctx := t.Context()
	url := testdb.Database(t)
	records, err := store.Open(ctx, url, key, store.Options{Conns: 3, JobConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(records.Close)
	if err := records.LoadReference(ctx); err != nil {
		t.Fatal(err)
	}
	directory, err := records.Directory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return &office{t: t, conn: conn, kind: kind, Importer: &sheets.Importer{
		Store: records, Places: flows.NewStations(directory), Texts: texts, Now: func() time.Time { return now }, By: "cli:test",
	}}
}

// photosIn lets lists name the pictures of a folder.
func (o *office) photosIn(folder fs.FS) *media.Library {
	o.t.Helper()
	bucket, err := media.OpenBucket("file://" + o.t.TempDir())
	if err != nil {
		o.t.Fatal(err)
	}
	library := media.New(bucket, o.Store.Keys())
	o.Photo = (&sheets.Photos{Open: sheets.InFolder(folder), Store: o.Store, Library: library, DryRun: o.DryRun}).Take
	return library
}

func (o *office) read(file string) (sheets.Report, error) {
	o.t.Helper()
	kind, ok := sheets.KindNamed(o.kind)
	if !ok {
		o.t.Fatalf("there is no kind %s", o.kind)
	}
	return o.Import(o.t.Context(), kind, strings.NewReader(file))
}

// imports imports a file that is right.
func (o *office) imports(file string) sheets.Report {
	o.t.Helper()
	report, err := o.read(file)
	if err != nil || report.Wrong > 0 {
		o.t.Fatalf("importing: %v, %v", err, report.Problems)
	}
	return report
}

// refuses imports a file that is wrong, and gives what is said of it; it checks that nothing was written.
func (o *office) refuses(file string) string {
	o.t.Helper()
	before := o.everything()
	report, err := o.read(file)
	var said []string
	var unreadable *sheets.FileError
	switch {
	case errors.As(err, &unreadable):
		said = []string{err.Error()}
	case err != nil:
		o.t.Fatal(err)
	case report.Wrong == 0:
		o.t.Fatalf("nothing was found wrong: %+v", report)
	}
	for _, p := range report.Problems {
		said = append(said, p.String())
	}
	if after := o.everything(); after != before {
		o.t.Errorf("a wrong file left something: %s", after)
	}
	if report.Imported != (store.Imported{}) {
		o.t.Errorf("a wrong file counts as imported: %+v", report.Imported)
	}
	return strings.Join(said, "\n")
}

// everything is all that an import may write.
func (o *office) everything() string {
	o.t.Helper()
	return one[string](o, `
		select concat_ws(' ',
			(select count(*) from records), (select count(*) from record_identifiers), (select count(*) from record_names),
			(select count(*) from record_media), (select count(*) from audit), (select md5(string_agg(s::text, '' order by code)) from stations s),
			(select md5(string_agg(r::text, '' order by id)) from records r))`)
}

func one[T any](o *office, query string, args ...any) T {
	o.t.Helper()
	rows, _ := o.conn.Query(o.t.Context(), query, args...)
	value, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	if err != nil {
		o.t.Fatal(err)
	}
	return value
}

func mustSay(t *testing.T, what, said string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(said, part) {
			t.Errorf("%s: %q lacks %q", what, said, part)
		}
	}
}

// lines joins the lines of a file.
func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

const arrestsHeader = "id,station,date,age,name,name_en,father,offence,held,case"

// found is what an officer finds by a search.
func (o *office) found(what store.Sought) []string {
	o.t.Helper()
	ctx := o.t.Context()
	if one[int](o, `select count(*) from officers`) == 0 {
		code, err := o.Store.Invite(ctx, store.Seat{Role: store.SCRB}, "test")
		if err != nil {
			o.t.Fatal(err)
		}
		if _, err := o.Store.Redeem(ctx, code, "telegram", "1", "1", "x"); err != nil {
			o.t.Fatal(err)
		}
	}
	found, err := o.Store.Search(ctx, "telegram", "1", what)
	if err != nil {
		o.t.Fatal(err)
	}
	var sources []string
	for _, r := range found.Records {
		sources = append(sources, one[string](o, `select source from records where number = $1`, r.Number))
	}
	slices.Sort(sources)
	return sources
}
