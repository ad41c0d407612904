// Package testdb gives every test a Postgres database and a Redis database of its own.
//
// The servers are real: the system's programs, started once for each test process, the first time that a test asks.
// TEST_DATABASE_URL and TEST_REDIS_URL name running ones to use instead. A package that wants them has
//
//	func TestMain(m *testing.M) { os.Exit(testdb.Main(m, store.Migrate)) }
//
// and its tests call Database(t) and Redis(t), in parallel if they like.
package testdb

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"nagrik/store/embedded"
)

// limit is for one step of setting up or clearing away, on a busy machine.
const limit = 2 * time.Minute

var (
	migrate func(ctx context.Context, url string) error // set by Main

	folder       = sync.OnceValues(makeFolder)
	postgres     = sync.OnceValues(startPostgres)
	redisServer  = sync.OnceValues(startRedis)
	databases    atomic.Int64
	stopServers  []func(context.Context) error
	stopServersM sync.Mutex
)

// Main runs the tests of a package and then stops the servers that they used. migrate brings the database at url up to
// date; it runs once, on the template that every test's database is copied from. Nil means empty databases.
func Main(m *testing.M, migrateDatabase func(ctx context.Context, url string) error) int {
	migrate = migrateDatabase
	code := m.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, "testdb:", err)
		return max(code, 1)
	}
	return code
}

// Database returns the URL of a migrated database that only this test uses. It is dropped when the test ends, whoever
// is still connected.
func Database(t testing.TB) string {
	t.Helper()
	server, err := postgres()
	if err != nil {
		t.Fatalf("Postgres for tests: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	name := fmt.Sprintf("%s_%d", server.template, databases.Add(1))
	strategy := ""
	if server.version >= 150000 {
		strategy = " strategy file_copy" // half the time of the default for small databases
	}
	if err := execute(ctx, server.url, "create database "+name+" template "+server.template+strategy); err != nil {
		t.Fatalf("making a database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		if err := execute(ctx, server.url, "drop database "+name+" with (force)"); err != nil {
			t.Errorf("dropping a database: %v", err)
		}
	})
	return databaseURL(server.url, name)
}

// Redis returns the URL of an empty Redis database that only this test uses, for redis.ParseURL. Keys are apart from
// those of other tests; channels of publish and subscribe are not.
func Redis(t testing.TB) string {
	t.Helper()
	server, err := redisServer()
	if err != nil {
		t.Fatalf("Redis for tests: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	options, release, err := leaseRedis(ctx, server)
	if err != nil {
		t.Fatalf("Redis for tests: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		if err := release(ctx); err != nil {
			t.Errorf("clearing a Redis database: %v", err)
		}
	})
	return options
}

// A server of the system that tests copy databases from.
type postgresServer struct {
	url      string
	version  int // 150018 is 15.18
	template string
}

func startPostgres() (*postgresServer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	// Two test processes may share a server that TEST_DATABASE_URL names.
	server := &postgresServer{url: os.Getenv("TEST_DATABASE_URL"), template: fmt.Sprintf("nagrik_test_%d_%d", os.Getpid(), time.Now().UnixNano())}
	if server.url == "" {
		dir, err := folder()
		if err != nil {
			return nil, err
		}
		started, err := embedded.StartPostgres(ctx, dir, embedded.Options{Fast: true})
		if err != nil {
			return nil, err
		}
		atEnd(started.Stop)
		server.url = started.URL()
	}
	db, err := pgx.Connect(ctx, server.url)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close(ctx) }()
	if err := db.QueryRow(ctx, "select current_setting('server_version_num')::int").Scan(&server.version); err != nil {
		return nil, err
	}
	// Not the server's own template1: that one may have been made with the locale C, in which pg_trgm is blind to Devanagari.
	_, err = db.Exec(ctx, "create database "+server.template+" template template0 encoding 'UTF8' locale 'C.UTF-8'")
	if err != nil {
		return nil, err
	}
	atEnd(func(ctx context.Context) error {
		return execute(ctx, server.url, "drop database "+server.template+" with (force)")
	})
	if migrate != nil {
		if err := migrate(ctx, databaseURL(server.url, server.template)); err != nil {
			return nil, fmt.Errorf("migrating the template: %w", err)
		}
	}
	return server, nil
}

// databaseURL is the URL of another database of the same server.
func databaseURL(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // pgx.Connect has read it before
	}
	u.Path = "/" + name
	return u.String()
}

func execute(ctx context.Context, databaseURL, statement string) error {
	db, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, statement)
	return errors.Join(err, db.Close(ctx))
}

func startRedis() (string, error) {
	if running := os.Getenv("TEST_REDIS_URL"); running != "" {
		return running, nil
	}
	dir, err := folder()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	server, err := embedded.StartRedis(ctx, dir, embedded.Options{Fast: true})
	if err != nil {
		return "", err
	}
	atEnd(server.Stop)
	if server.Kind() != embedded.RealRedis {
		return "", errors.New("redis-server is not installed: run `make setup`")
	}
	return server.URL(), nil
}

// leaseRedis takes one of the numbered databases of a server. Database 0 says which are taken, so that several test
// processes can share a server.
func leaseRedis(ctx context.Context, server string) (leased string, release func(context.Context) error, err error) {
	options, err := redis.ParseURL(server)
	if err != nil {
		return "", nil, err
	}
	options.DB = 0
	leases := redis.NewClient(options)
	defer func() { _ = leases.Close() }()
	count, err := leases.ConfigGet(ctx, "databases").Result()
	if err != nil {
		return "", nil, err
	}
	total, err := strconv.Atoi(count["databases"])
	if err != nil {
		return "", nil, fmt.Errorf("number of databases: %w", err)
	}
	for n := 1; n < total; n++ {
		lease := fmt.Sprintf("nagrik-test-lease:%d", n)
		// A test process that is killed gives its leases back by the hour.
		taken, err := leases.SetNX(ctx, lease, os.Getpid(), time.Hour).Result()
		if err != nil {
			return "", nil, err
		}
		if !taken {
			continue
		}
		if err := flush(ctx, *options, n); err != nil {
			return "", nil, err
		}
		release = func(ctx context.Context) error {
			if err := flush(ctx, *options, n); err != nil {
				return err
			}
			leases := redis.NewClient(options)
			return errors.Join(leases.Del(ctx, lease).Err(), leases.Close())
		}
		u, err := url.Parse(server)
		if err != nil {
			return "", nil, err
		}
		query := u.Query()
		query.Set("db", strconv.Itoa(n))
		if u.Scheme != "unix" {
			u.Path = "" // where the other forms have the number
		}
		u.RawQuery = query.Encode()
		return u.String(), release, nil
	}
	return "", nil, fmt.Errorf("all %d databases of the server are in use", total-1)
}

func flush(ctx context.Context, options redis.Options, n int) error {
	options.DB = n
	client := redis.NewClient(&options)
	return errors.Join(client.FlushDB(ctx).Err(), client.Close())
}

// makeFolder makes the folder of this process's servers, and removes those of test processes that were killed.
func makeFolder() (string, error) {
	old, err := filepath.Glob(filepath.Join(os.TempDir(), "nagrik-test-*-*"))
	if err != nil {
		return "", err
	}
	for _, dir := range old {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), "nagrik-test-"), "-")
		pid, err := strconv.Atoi(number)
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir) // another account's stays
		}
	}
	dir, err := os.MkdirTemp("", fmt.Sprintf("nagrik-test-%d-", os.Getpid()))
	if err != nil {
		return "", err
	}
	// Passable for the account that Postgres may have to run under.
	return dir, os.Chmod(dir, 0o711)
}

func atEnd(f func(context.Context) error) {
	stopServersM.Lock()
	defer stopServersM.Unlock()
	stopServers = append(stopServers, f)
}

// stop undoes what was started, last first.
func stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	stopServersM.Lock()
	defer stopServersM.Unlock()
	var all error
	for i := len(stopServers) - 1; i >= 0; i-- {
		all = errors.Join(all, stopServers[i](ctx))
	}
	if len(stopServers) > 0 {
		if dir, err := folder(); err == nil {
			all = errors.Join(all, os.RemoveAll(dir))
		}
	}
	return all
}
