package store

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"nagrik/store/seal"
)

// Store is the database. It is safe for use by many goroutines.
type Store struct {
	pool     *pgxpool.Pool
	jobsPool *pgxpool.Pool // River's own: a busy pool must not stop its leader election
	jobs     *river.Client[pgx.Tx]
	keys     *seal.Keys
	log      *slog.Logger
	ahead    func() time.Duration
}

// Options are what an operator may set; the zero value is good.
type Options struct {
	Conns    int32        // connections for queries, 16 if 0
	JobConns int32        // connections for River, 6 if 0
	Log      *slog.Logger // of River and the sweeper; nothing is logged if nil
	// Ahead lets a test live at another time: how far the clock of check-ins and mornings is ahead of Postgres'.
	Ahead func() time.Duration
}

// Open connects to a migrated database whose keys were wrapped with kek.
func Open(ctx context.Context, url string, kek seal.KEK, o Options) (*Store, error) {
	if o.Conns == 0 {
		o.Conns = 16
	}
	if o.JobConns == 0 {
		o.JobConns = 6
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Ahead == nil {
		o.Ahead = func() time.Duration { return 0 }
	}
	s := &Store{log: o.Log, ahead: o.Ahead}
	var err error
	if s.pool, err = connect(ctx, url, o.Conns); err != nil {
		return nil, err
	}
	if s.jobsPool, err = connect(ctx, url, o.JobConns); err != nil {
		s.pool.Close()
		return nil, err
	}
	if err := s.prepare(ctx, kek); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// connect makes a pool. There is no statement_timeout: it would also cut short
// a COMMIT that waits for a standby, and Postgres then reports success for what
// only one machine has. Callers bring a deadline in their context.
func connect(ctx context.Context, url string, conns int32) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errURL // pgx's own error repeats the URL
	}
	config.MaxConns = conns
	config.MinIdleConns = min(2, conns)
	config.MaxConnIdleTime = 5 * time.Minute
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.ConnConfig.RuntimeParams["application_name"] = "nagrik"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	// Short queries over many partitions look dear to the planner: to compile one took 8 s, to run it 20 ms.
	config.ConnConfig.RuntimeParams["jit"] = "off"
	config.ConnConfig.RuntimeParams["pg_trgm.strict_word_similarity_threshold"] = alike
	config.ConnConfig.RuntimeParams["lock_timeout"] = "2s"
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "10s"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, failed("connecting to Postgres", err)
	}
	return pool, nil
}

// prepare checks the schema, opens the keys and makes the client that inserts jobs.
func (s *Store) prepare(ctx context.Context, kek seal.KEK) error {
	if err := s.CheckSchema(ctx); err != nil {
		return err
	}
	var wrapped []byte
	if err := s.pool.QueryRow(ctx, `select wrapped from keys`).Scan(&wrapped); err != nil {
		return failed("reading the keys", err)
	}
	var err error
	if s.keys, err = seal.Open(kek, wrapped); err != nil {
		return err
	}
	s.jobs, err = river.NewClient(riverpgxv5.New(s.pool), &river.Config{Logger: s.log})
	if err != nil {
		return fmt.Errorf("making the client for jobs: %w", err)
	}
	return nil
}

// Close ends all connections. Stop RunJobs first.
func (s *Store) Close() {
	s.pool.Close()
	s.jobsPool.Close()
}

// Pool is the pool that queries use, for metrics.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Keys are the installation's keys, for what is sealed or signed outside of the records.
func (s *Store) Keys() *seal.Keys { return s.keys }

// Ready says whether the database answers and fits this program.
func (s *Store) Ready(ctx context.Context) error { return s.CheckSchema(ctx) }

// inTx runs f in a transaction. Once f is done, the caller's going away no
// longer stops the commit: half of an answer would be worse than a late one.
func (s *Store) inTx(ctx context.Context, doing string, f func(pgx.Tx) error) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return failed(doing, err)
	}
	doErr := f(tx)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if doErr != nil {
		_ = tx.Rollback(end) // the first error is the one that counts
		return doErr
	}
	if err := tx.Commit(end); err != nil {
		return failed(doing, err)
	}
	return nil
}

// chatKey is a chat's key in the tables: says nothing without the keys.
func (s *Store) chatKey(channel, chat string) []byte { return s.keys.Index("chat/"+channel, chat) }

// senderKey is an officer's key on a channel.
func (s *Store) senderKey(channel, sender string) []byte {
	return s.keys.Index("sender/"+channel, sender)
}

// chatPlace is where a chat's id is sealed for.
func chatPlace(key []byte) string { return fmt.Sprintf("chats/address/%x", key) }
