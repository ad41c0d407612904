package testdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"nagrik/store/embedded/testdb"
)

func TestMain(m *testing.M) {
	os.Exit(testdb.Main(m, func(ctx context.Context, url string) error {
		db, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, "create extension pg_trgm; create table rows (n int); insert into rows values (7)")
		return errors.Join(err, db.Close(ctx))
	}))
}

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			db, err := pgx.Connect(t.Context(), testdb.Database(t))
			if err != nil {
				t.Fatal(err)
			}
			// Left open: a database is dropped under whoever still uses it.
			if _, err := db.Exec(t.Context(), "insert into rows values ($1)", i); err != nil {
				t.Fatal(err)
			}
			var count, sum, trigrams int
			err = db.QueryRow(t.Context(), "select count(*), sum(n), cardinality(show_trgm('पटना')) from rows").Scan(&count, &sum, &trigrams)
			if err != nil {
				t.Fatal(err)
			}
			if count != 2 || sum != 7+i || trigrams == 0 {
				t.Errorf("found %d rows of sum %d and %d trigrams", count, sum, trigrams)
			}
		})
	}
}

func TestEachTestHasItsOwnRedis(t *testing.T) {
	t.Parallel()
	for i := range 40 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			options, err := redis.ParseURL(testdb.Redis(t))
			if err != nil {
				t.Fatal(err)
			}
			client := redis.NewClient(options)
			defer func() { _ = client.Close() }()
			for range 10 {
				if err := client.Incr(t.Context(), "turns").Err(); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := client.Get(t.Context(), "turns").Int(); err != nil || got != 10 {
				t.Errorf("counted to %d (%v)", got, err)
			}
			if size, err := client.DBSize(t.Context()).Result(); err != nil || size != 1 {
				t.Errorf("found %d keys (%v)", size, err)
			}
		})
	}
}

func TestTwoDatabasesInOneTestDiffer(t *testing.T) {
	t.Parallel()
	if first, second := testdb.Redis(t), testdb.Redis(t); first == second {
		t.Errorf("Redis gave %s twice", first)
	}
	if first, second := testdb.Database(t), testdb.Database(t); first == second {
		t.Errorf("Postgres gave %s twice", first)
	}
}
