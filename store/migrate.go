package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"nagrik/store/seal"
)

//go:embed migrations/*.sql
var migrations embed.FS

// errURL takes the place of pgx's error, which repeats the URL with its password.
var errURL = errors.New("DATABASE_URL is not a Postgres URL, such as postgres://user:password@host:5432/nagrik")

// partitionsAhead is how many months of event partitions are made beforehand.
const partitionsAhead = 3

// Migrate brings the database up to date: the tables here, River's, and at
// first the keys, wrapped with kek. Several nodes may do so at once: the others
// wait for the first and then find nothing to do.
func Migrate(ctx context.Context, url string, kek seal.KEK) error {
	pool, err := connect(ctx, url, 4)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := checkLocale(ctx, pool); err != nil {
		return err
	}
	unlock, err := lockMigrations(ctx, pool)
	if err != nil {
		return err
	}
	defer unlock()
	if err := migrateTables(ctx, pool); err != nil {
		return err
	}
	if err := makeKeys(ctx, pool, kek); err != nil {
		return err
	}
	return failed("making partitions", makePartitions(ctx, pool))
}

// lockMigrations waits until no other node migrates.
func lockMigrations(ctx context.Context, pool *pgxpool.Pool) (unlock func(), err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, failed("connecting to Postgres", err)
	}
	_, err = conn.Exec(ctx, `set lock_timeout = 0`)
	if err == nil {
		_, err = conn.Exec(ctx, `select pg_advisory_lock(hashtextextended('nagrik migrate', 0))`)
	}
	if err != nil {
		conn.Release()
		return nil, failed("waiting for another migration", err)
	}
	return func() {
		// Closing the session gives the lock back, whatever became of ctx.
		_ = conn.Conn().Close(context.WithoutCancel(ctx))
		conn.Release()
	}, nil
}

func migrateTables(ctx context.Context, pool *pgxpool.Pool) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	defer func() { _ = db.Close() }()
	tables, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if _, err := tables.Up(ctx); err != nil {
		return fmt.Errorf("migrating the tables: %w", err)
	}
	jobs, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return fmt.Errorf("reading River's migrations: %w", err)
	}
	if _, err := jobs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrating River's tables: %w", err)
	}
	return nil
}

// makeKeys makes the installation's keys, or proves that kek opens those that are there.
func makeKeys(ctx context.Context, pool *pgxpool.Pool, kek seal.KEK) error {
	fresh, err := seal.Create(kek)
	if err != nil {
		return err
	}
	var wrapped []byte
	err = pool.QueryRow(ctx, `
		with made as (insert into keys (id, wrapped) values (1, $1) on conflict do nothing returning wrapped)
		select wrapped from made union all select wrapped from keys`, fresh).Scan(&wrapped)
	if err != nil {
		return failed("making the keys", err)
	}
	_, err = seal.Open(kek, wrapped)
	return err
}

func makePartitions(ctx context.Context, pool *pgxpool.Pool) error {
	var made int
	return pool.QueryRow(ctx, `select make_event_partitions($1)`, partitionsAhead).Scan(&made)
}

// CheckSchema refuses (ErrSchema) a database that is older or newer than this
// program, or whose locale knows no Hindi letters.
func (s *Store) CheckSchema(ctx context.Context) error {
	if err := checkLocale(ctx, s.pool); err != nil {
		return err
	}
	want, err := newestMigration()
	if err != nil {
		return err
	}
	var tables, jobs *int64
	err = s.pool.QueryRow(ctx, `
		select case when to_regclass('goose_db_version') is null then 0 else 1 end,
		       case when to_regclass('river_migration') is null then 0 else 1 end`).Scan(&tables, &jobs)
	if err != nil {
		return failed("reading the schema's version", err)
	}
	if *tables == 0 || *jobs == 0 {
		return fmt.Errorf("%w: it is empty, run `nagrik migrate`", ErrSchema)
	}
	err = s.pool.QueryRow(ctx, `
		select (select max(version_id) from goose_db_version where is_applied), (select max(version) from river_migration where line = 'main')`).
		Scan(&tables, &jobs)
	if err != nil {
		return failed("reading the schema's version", err)
	}
	wantJobs, err := s.newestJobMigration()
	if err != nil {
		return err
	}
	switch {
	case tables == nil || jobs == nil || *tables < want || *jobs < wantJobs:
		return fmt.Errorf("%w: it is older, run `nagrik migrate`", ErrSchema)
	case *tables > want || *jobs > wantJobs:
		return fmt.Errorf("%w: it is newer, use a newer program", ErrSchema)
	}
	return nil
}

// newestMigration is the version of the schema that this program knows.
func newestMigration() (int64, error) {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return 0, fmt.Errorf("reading the migrations: %w", err)
	}
	last := files[len(files)-1].Name() // ReadDir sorts
	number, _, _ := strings.Cut(path.Base(last), "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("reading the number of %s: %w", last, err)
	}
	return version, nil
}

func (s *Store) newestJobMigration() (int64, error) {
	m, err := rivermigrate.New(riverpgxv5.New(s.pool), nil)
	if err != nil {
		return 0, fmt.Errorf("reading River's migrations: %w", err)
	}
	all := m.AllVersions()
	return int64(all[len(all)-1].Version), nil
}

// checkLocale refuses a database in which Postgres takes Devanagari for signs
// and not for letters: search by similar words finds nothing there.
func checkLocale(ctx context.Context, pool *pgxpool.Pool) error {
	var encoding, letters string
	err := pool.QueryRow(ctx, `
		select pg_encoding_to_char(encoding), datctype from pg_database where datname = current_database()`).Scan(&encoding, &letters)
	if err != nil {
		return failed("reading the database's locale", err)
	}
	if encoding != "UTF8" || letters == "C" || letters == "POSIX" {
		return fmt.Errorf("%w: its encoding is %s and its lc_ctype %s; create it with encoding UTF8 and a locale such as C.UTF-8 or en_IN.UTF-8",
			ErrSchema, encoding, letters)
	}
	return nil
}
