package store

import (
	"context"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"nagrik/store/seal"
)

// Store is the database. It is safe for use by many goroutines.
type Store struct {
	pool     *pgxpool.Pool
	jobsPool *pgxpool.Pool // River's own: a busy pool must not stop its leader election
	jobs     *river.Client[pgx.Tx]
	keys     *seal.Keys
	log      *slog.Logger
}

// Options are what an operator may set; the zero value is good.
type Options struct {
	Conns    int32        // connections for queries, 16 if 0
	JobConns int32        // connections for River, 6 if 0
	Log      *slog.Logger // River's log, discarded if nil
}

// Open connects to a migrated database whose keys were wrapped with kek.
func Open(ctx context.Context, url string, kek seal.KEK, o Options) (*Store, error) { return nil, nil }

// Close ends all connections. Stop RunJobs first.
func (s *Store) Close() {}

// Pool is the pool that queries use, for metrics.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Keys are the installation's keys, for what is sealed or signed outside of the records.
func (s *Store) Keys() *seal.Keys { return s.keys }

// Ready says whether the database answers.
func (s *Store) Ready(ctx context.Context) error { return nil }

// CheckSchema refuses (ErrSchema) a database that is older or newer than this
// program, or whose locale knows no Hindi letters.
func (s *Store) CheckSchema(ctx context.Context) error { return nil }
