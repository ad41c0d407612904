package store_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"nagrik/store"
	"nagrik/store/embedded/testdb"
	"nagrik/store/seal"
)

// emptyDatabase is a database beside the test's own, with nothing in it.
func emptyDatabase(t *testing.T, options string) string {
	t.Helper()
	base := testdb.Database(t)
	name := fmt.Sprintf("empty_%d", counter.Add(1))
	conn, err := pgx.Connect(t.Context(), base)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), `create database `+name+` template template0 `+options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		conn, err := pgx.Connect(ctx, base)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close(ctx) }()
		if _, err := conn.Exec(ctx, `drop database `+name+` with (force)`); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func TestThreeNodesMigrateAtOnce(t *testing.T) {
	t.Parallel()
	empty := emptyDatabase(t, `encoding 'UTF8' locale 'C.UTF-8'`)
	kek := seal.NewKEK()
	if _, err := store.Open(t.Context(), empty, kek, store.Options{}); !errors.Is(err, store.ErrSchema) {
		t.Fatalf("opened an empty database: %v", err)
	}
	for range 2 {
		errs := make(chan error, 3)
		for range cap(errs) {
			go func() { errs <- store.Migrate(t.Context(), empty, kek) }()
		}
		for range cap(errs) {
			if err := <-errs; err != nil {
				t.Fatal(err)
			}
		}
	}
	s, err := store.Open(t.Context(), empty, kek, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := s.Pool().Exec(t.Context(), `insert into goose_db_version (version_id, is_applied) values (99999, true)`); err != nil {
		t.Fatal(err)
	}
	if err := s.CheckSchema(t.Context()); !errors.Is(err, store.ErrSchema) || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a newer schema: %v", err)
	}
	if _, err := s.Pool().Exec(t.Context(), `delete from goose_db_version where version_id >= 4`); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); !errors.Is(err, store.ErrSchema) || !strings.Contains(err.Error(), "older") {
		t.Errorf("an older schema: %v", err)
	}
}

// TestMigrationsWithRecords takes the newest migrations back and applies them again, with records there that they have
// to work on: at the end, checkRows looks at these.
func TestMigrationsWithRecords(t *testing.T) {
	f := open(t)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	citizen, chat := f.citizen()
	for _, action := range []store.Action{"", store.ActAcknowledge, store.ActNote, store.ActClose} {
		step := store.Step{Action: action, Filing: f.file(filing(citizen, chat)).ID, Note: "x"}
		if action == "" {
			continue
		}
		act, err := f.Act(f.ctx, firstChannel, desk, step)
		f.ok(err)
		if act.Outcome != store.Done {
			t.Fatalf("%s: %s", action, act.Outcome)
		}
	}
	db := stdlib.OpenDBFromPool(f.Pool())
	defer func() { _ = db.Close() }()
	tables, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("migrations"))
	f.ok(err)
	const before = 17
	_, err = tables.DownTo(f.ctx, before)
	f.ok(err)
	if n := one[int](f, `select count(*) from pg_attribute where attrelid = 'filings'::regclass and attname = 'due_at' and not attisdropped`); n != 0 {
		t.Fatal("nothing was taken back")
	}
	f.ok(store.Migrate(f.ctx, f.url, testKEK))
	mine, err := f.DeskFilings(f.ctx, store.ListMine, firstChannel, desk)
	f.ok(err)
	due := one[[]string](f, `select array_agg(coalesce(due_clock, '') order by id) from filings`)
	if len(mine) != 2 || !slices.Equal(due, []string{"acknowledge", "signature", "acknowledge", ""}) {
		t.Errorf("%d are the officer's, and due is %q", len(mine), due)
	}
}

func TestAnotherKeyIsRefused(t *testing.T) {
	f := open(t)
	if _, err := store.Open(f.ctx, f.url, seal.NewKEK(), store.Options{}); !errors.Is(err, seal.ErrWrongKey) {
		t.Errorf("opened with another key: %v", err)
	}
	if err := store.Migrate(f.ctx, f.url, seal.NewKEK()); !errors.Is(err, seal.ErrWrongKey) {
		t.Errorf("migrated with another key: %v", err)
	}
}

func TestLocaleWithoutHindiIsRefused(t *testing.T) {
	t.Parallel()
	empty := emptyDatabase(t, `encoding 'UTF8' locale 'C'`)
	if err := store.Migrate(t.Context(), empty, seal.NewKEK()); !errors.Is(err, store.ErrSchema) || !strings.Contains(err.Error(), "lc_ctype") {
		t.Errorf("error %v", err)
	}
}

func TestURLIsNotRepeated(t *testing.T) {
	t.Parallel()
	_, err := store.Open(t.Context(), "postgres://me:secret@host:port/x", testKEK, store.Options{})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}

func TestPartitions(t *testing.T) {
	f := open(t)
	partitions := `select count(*) from pg_inherits where inhparent = 'events'::regclass`
	if n := one[int64](f, partitions); n != 5 { // this month, three ahead, the default
		t.Fatalf("%d partitions", n)
	}
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	if n := one[int64](f, `select count(*) from events_default`); n != 0 {
		t.Error("an event of this month is in the default partition")
	}
	// A month that was forgotten: its events are in the default partition and
	// move when it is made.
	f.exec(`insert into events (filing, filed_at, ver, kind, actor) values ($1, date_trunc('month', now() + interval '5 months'), 1, 'received', 'citizen')`, filed.ID)
	if n := one[int64](f, `select count(*) from events_default`); n != 1 {
		t.Fatal("no event in the default partition")
	}
	if made := one[int](f, `select make_event_partitions(6)`); made != 3 {
		t.Errorf("made %d", made)
	}
	if n := one[int64](f, `select count(*) from events_default`); n != 0 {
		t.Error("the event did not move")
	}
	if n := one[int64](f, `select count(*) from events`); n != 2 {
		t.Errorf("%d events", n)
	}
	if made := one[int](f, `select make_event_partitions(6)`); made != 0 {
		t.Errorf("made %d again", made)
	}
	_, err := f.Pool().Exec(f.ctx, `insert into events select * from events where filing = $1`, filed.ID)
	if err == nil {
		t.Error("a filing has two events of one version")
	}
}

func TestReference(t *testing.T) {
	f := open(t)
	d, err := f.Directory(f.ctx)
	f.ok(err)
	if len(d.Districts) != 44 || len(d.Stations) != 929 {
		t.Fatalf("%d districts, %d stations", len(d.Districts), len(d.Stations))
	}
	stations := map[string]store.Station{}
	for _, s := range d.Stations {
		stations[s.Code] = s
		if s.District != s.Code[:4] || s.NameHI == "" || s.NameEN == "" {
			t.Errorf("station %+v", s)
		}
		if s.Point != nil && (s.Point.Lat < 24 || s.Point.Lat > 27.7 || s.Point.Lng < 83 || s.Point.Lng > 88.5) {
			t.Errorf("station %s lies outside Bihar at %+v", s.Code, *s.Point)
		}
	}
	for code, want := range map[string]*store.Point{
		"5140003": {Lat: 26.1358, Lng: 87.4659},   // marked ok
		"5109004": {Lat: 24.93576, Lng: 85.19649}, // Atri, 285 km off: the block's seat
		"5137019": nil,                            // Devkund, in the wrong district, no block of that name
	} {
		if got := stations[code].Point; (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("station %s lies at %v, not %v", code, got, want)
		}
	}
	for _, district := range d.Districts {
		if district.Code == "5109" && strings.Join(district.Aliases, ";") != "Gaya Ji;गयाजी;गया जी" {
			t.Errorf("Gaya is also called %q", district.Aliases)
		}
		if (district.Kind == "territorial") != (district.Point != nil) {
			t.Errorf("district %+v", district)
		}
	}
	// Loading again mends what differs, but not what an operator imported.
	f.exec(`update stations set name_hi = 'x', origin = case when code = $1 then 'import' else origin end where code in ($1, $2)`, araria, sikti)
	f.ok(f.LoadReference(f.ctx))
	if name := one[string](f, `select name_hi from stations where code = $1`, sikti); name != "सिकटी" {
		t.Errorf("Sikti is called %s", name)
	}
	if name := one[string](f, `select name_hi from stations where code = $1`, araria); name != "x" {
		t.Errorf("an imported station was overwritten with %s", name)
	}
}
