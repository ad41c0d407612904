// Command scale measures how the queries that a turn makes get on with size: it fills a database with made-up
// records, measures, fills it a hundred times as full, and measures the same again. `make scale` runs it.
//
// The made-up records are marked as such (their channel is "made-up") and hold random bytes where service has
// sealed ones. Only the rows, their sizes and how they are spread matter here: years of filings, most of them
// ended, names of which some are very common.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nagrik/store"
	"nagrik/store/embedded"
	"nagrik/store/seal"
)

func main() {
	small := flag.Int("small", 100_000, "filings of the first measurement")
	big := flag.Int("big", 10_000_000, "filings of the second; FIRs are half as many, records of the police a tenth")
	times := flag.Int("times", 2000, "how often each query is made")
	dir := flag.String("dir", "", "where the database is made; default: a temporary folder, removed at the end")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	if err := run(ctx, *dir, *small, *big, *times); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, small, big, times int) error {
	if dir == "" {
		made, err := os.MkdirTemp("", "nagrik-scale")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(made) }()
		dir = made
	}
	postgres, err := start(ctx, filepath.Join(dir, "postgres"))
	if err != nil {
		return err
	}
	defer stop(postgres)
	kek := seal.NewKEK()
	if err := store.Migrate(ctx, postgres.URL(), kek); err != nil {
		return err
	}
	s, err := store.Open(ctx, postgres.URL(), kek, store.Options{Conns: 4, JobConns: 1})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.LoadReference(ctx); err != nil {
		return err
	}
	pool, err := pgxpool.New(ctx, postgres.URL())
	if err != nil {
		return err
	}
	defer pool.Close()
	f := &filler{pool: pool, keys: s.Keys()}
	p := &probes{store: s, pool: pool, times: times, mass: f}
	if err := p.people(ctx); err != nil {
		return err
	}
	var measured [2][]figure
	var sizes [2]string
	for i, filings := range []int{small, big} {
		if err := f.fill(ctx, filings); err != nil {
			return err
		}
		if sizes[i], err = f.size(ctx); err != nil {
			return err
		}
		if measured[i], err = p.measure(ctx); err != nil {
			return err
		}
	}
	fmt.Printf("\n%s\n%s\n\n", sizes[0], sizes[1])
	return table(small, big, measured)
}

// settings are for a server of its own: a good part of the memory, of which Postgres' manual advises a quarter (19.4.1), and
// checkpoints that are not forced by every few filings (30.5). Nothing is left out that makes data safe.
var settings = []string{
	`alter system set shared_buffers = '4GB'`, `alter system set max_wal_size = '4GB'`, `alter system set checkpoint_timeout = '15min'`,
}

// start starts Postgres with its settings.
func start(ctx context.Context, dir string) (*embedded.Postgres, error) {
	postgres, err := embedded.StartPostgres(ctx, dir, embedded.Options{})
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, postgres.URL())
	if err != nil {
		stop(postgres)
		return nil, err
	}
	for _, sql := range settings {
		if _, failed := conn.Exec(ctx, sql); failed != nil && err == nil {
			err = failed
		}
	}
	_ = conn.Close(ctx)
	stop(postgres)
	if err != nil {
		return nil, err
	}
	return embedded.StartPostgres(ctx, dir, embedded.Options{})
}

func stop(postgres *embedded.Postgres) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = postgres.Stop(ctx)
}

// inMemory is how long a query may take and count as flat however fast it was with few filings: those are all in memory,
// and of many a query reads a few pages from the disk.
const inMemory = 2 * time.Millisecond

// table prints the figures of both sizes beside each other. It fails if a query does not stay flat.
func table(small, big int, measured [2][]figure) error {
	fmt.Printf("| %-30s | %10d filings, p50 | p99 | %10d filings, p50 | p99 | times p50 | whole reads |\n|---|---|---|---|---|---|---|\n", "", small, big)
	slow := 0
	for i, b := range measured[1] {
		a := measured[0][i]
		times := float64(b.p50) / float64(a.p50)
		mark := ""
		if times > 2 && b.p50 > inMemory || b.p99 > 20*time.Millisecond || b.scans != "" {
			mark = " (!)"
			slow++
		}
		fmt.Printf("| %-30s | %.2f ms | %.2f ms | %.2f ms | %.2f ms | %.1f%s | %s |\n", a.name, ms(a.p50), ms(a.p99), ms(b.p50), ms(b.p99), times, mark, b.scans)
	}
	if slow > 0 {
		return fmt.Errorf("%d queries are not flat: more than twice the time and %s, more than 20 ms in one of a hundred, or a whole table read", slow, inMemory)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
