package embedded

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	postgresUser     = "nagrik"
	postgresDatabase = "nagrik"
)

// Postgres is a running trial server.
type Postgres struct {
	process  *process
	url      string
	stopping chan struct{}
	stop     sync.Once
	cleanup  func()
}

// StartPostgres starts a Postgres on the data under dir, making both folder and data on the first start, and returns
// when it takes connections. ctx limits the start only. An error says what to do: which package is missing, or which
// process uses the folder already.
func StartPostgres(ctx context.Context, dir string, o Options) (p *Postgres, err error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	dir, err = prepare(dir)
	if err != nil {
		return nil, fmt.Errorf("folder of the trial Postgres: %w", err)
	}
	var undo []func()
	cleanup := func() {
		for _, f := range slices.Backward(undo) {
			f()
		}
	}
	defer func() {
		if err != nil {
			cleanup()
			err = fmt.Errorf("trial Postgres: %w", err)
		}
	}()

	lockFile, err := lock(filepath.Join(dir, "pg.lock"))
	if err != nil {
		return nil, err
	}
	undo = append(undo, func() { _ = lockFile.Close() })
	cluster, err := findCluster(ctx, dir)
	if err != nil {
		return nil, err
	}
	if err := waitEmpty(ctx, cluster.data); err != nil {
		return nil, err
	}
	if cluster.fresh {
		if err := cluster.initialise(ctx, o); err != nil {
			return nil, err
		}
	}
	socket, remove, err := socketDir(cluster.data, cluster.as)
	if err != nil {
		return nil, err
	}
	undo = append(undo, remove)

	begun := time.Now()
	server, err := cluster.start(ctx, filepath.Join(dir, "pg.log"), socket, o)
	if err != nil {
		return nil, err
	}
	p = &Postgres{process: server, stopping: make(chan struct{}), cleanup: cleanup}
	p.url = (&url.URL{
		Scheme: "postgres", User: url.User(postgresUser), Path: "/" + postgresDatabase,
		RawQuery: url.Values{"host": {socket}}.Encode(),
	}).String()
	if err := createDatabase(ctx, p.url); err != nil {
		server.stop(context.Background(), syscall.SIGINT)
		return nil, err
	}
	go server.report(o.log(), "Postgres", p.stopping)
	o.log().Info("trial Postgres is ready", "folder", cluster.data, "version", cluster.version,
		"runs", string(cluster.as.mode), "took", time.Since(begun).Round(time.Millisecond))
	return p, nil
}

// URL returns the address of the database nagrik, in the form that pgxpool reads. Its user may do everything.
func (p *Postgres) URL() string { return p.url }

// Stop closes all connections and ends the server; it returns when the server is gone. When ctx is done first, the
// server is ended at once and repairs its data on the next start. A second call does nothing.
func (p *Postgres) Stop(ctx context.Context) error {
	p.stop.Do(func() {
		close(p.stopping)
		p.process.stop(ctx, syscall.SIGINT)
		p.cleanup()
	})
	if p.process.err != nil {
		return fmt.Errorf("trial Postgres ended badly: %w", p.process.err)
	}
	return nil
}

// cluster is a folder of Postgres data with the programs and the account that fit it.
type cluster struct {
	bin     string // folder of initdb and postgres
	version string // major version
	data    string
	as      account
	fresh   bool // not made yet
}

// findCluster finds the data of dir, or chooses where and how to make it. Data lies in dir/pg; when no account can be
// found that reaches it there (a container's root without user namespaces, in a folder closed to others), it lies in
// /var/tmp under a name worked out from dir.
func findCluster(ctx context.Context, dir string) (*cluster, error) {
	elsewhere := fmt.Sprintf("/var/tmp/nagrik-%x", sha256.Sum256([]byte(dir)))[:len("/var/tmp/nagrik-")+12]
	for _, base := range []string{dir, elsewhere} {
		data := filepath.Join(base, "pg")
		version, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		made, err := os.Stat(filepath.Join(data, "PG_VERSION"))
		if err != nil {
			return nil, err
		}
		c := &cluster{data: data, version: strings.TrimSpace(string(version))}
		if c.as, err = accountOf(made); err != nil {
			return nil, err
		}
		bins := findPostgres(c.version)
		if len(bins) == 0 {
			return nil, fmt.Errorf("the data in %s was made by Postgres %s, which is not installed: install it (Debian: "+
				"apt-get install postgresql-%s), or move the folder away to begin anew", data, c.version, c.version)
		}
		c.bin = bins[0]
		return c, nil
	}

	bins := findPostgres("")
	if len(bins) == 0 {
		return nil, errors.New("Postgres is not installed: run `make setup`, install it (Debian: apt-get install " +
			"--no-install-recommends postgresql), or set DATABASE_URL")
	}
	c := &cluster{bin: bins[0], fresh: true}
	c.version = majorVersion(ctx, filepath.Join(c.bin, "postgres"))
	as, err := newAccount(ctx, filepath.Join(c.bin, "postgres"), dir)
	if err == nil {
		c.as, c.data = as, filepath.Join(dir, "pg")
		return c, nil
	}
	if os.Geteuid() != 0 || ctx.Err() != nil {
		return nil, err
	}
	if err := makeRootFolder(elsewhere); err != nil {
		return nil, err
	}
	if as, err = newAccount(ctx, filepath.Join(c.bin, "postgres"), elsewhere); err != nil {
		return nil, err
	}
	c.as, c.data = as, filepath.Join(elsewhere, "pg")
	return c, nil
}

// makeRootFolder makes a folder of root's in a place where everybody may make some, and trusts no other one there.
func makeRootFolder(dir string) error {
	if err := os.Mkdir(dir, 0o711); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || stat.Uid != 0 {
		return fmt.Errorf("%s is not a folder of root's: remove it", dir)
	}
	return nil
}

// findPostgres returns the folders with Postgres programs of the wanted major version ("" means any), newest first.
func findPostgres(version string) []string {
	var found []string
	if own := os.Getenv("PG_BIN_DIR"); own != "" {
		found = append(found, own)
	}
	var system []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin"} {
		dirs, _ := filepath.Glob(pattern)
		system = append(system, dirs...)
	}
	slices.SortStableFunc(system, func(a, b string) int { return versionInPath(b) - versionInPath(a) })
	found = append(found, system...)
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			found = append(found, filepath.Dir(path))
		}
	}
	return slices.DeleteFunc(found, func(bin string) bool {
		for _, program := range []string{"initdb", "postgres"} {
			if _, err := exec.LookPath(filepath.Join(bin, program)); err != nil {
				return true
			}
		}
		return version != "" && version != majorVersion(context.Background(), filepath.Join(bin, "postgres"))
	})
}

// versionInPath reads the number in /usr/lib/postgresql/15/bin or /usr/pgsql-15/bin.
func versionInPath(bin string) int {
	name := filepath.Base(filepath.Dir(bin))
	n, _ := strconv.Atoi(strings.TrimPrefix(name, "pgsql-"))
	return n
}

// majorVersion asks the program: "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)" is "15".
func majorVersion(ctx context.Context, program string) string {
	out, err := exec.CommandContext(ctx, program, "--version").Output()
	fields := strings.Fields(string(out))
	if err != nil || len(fields) < 3 {
		return ""
	}
	major, _, _ := strings.Cut(fields[2], ".")
	return major
}

// initialise makes the data beside its place and then moves it there, so that a broken-off attempt leaves nothing
// that looks like data.
func (c *cluster) initialise(ctx context.Context, o Options) error {
	making := c.data + ".new"
	if err := os.RemoveAll(making); err != nil {
		return err
	}
	if err := os.Mkdir(making, 0o700); err != nil {
		return err
	}
	if err := c.as.own(making); err != nil {
		return err
	}
	// pg_trgm finds nothing in Devanagari when the locale is C.
	arguments := []string{"--pgdata", making, "--username", postgresUser, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"}
	if o.Fast {
		arguments = append(arguments, "--no-sync")
	}
	cmd := exec.Command(filepath.Join(c.bin, "initdb"), arguments...)
	cmd.Dir, cmd.Env = making, serverEnvironment(making)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := run(ctx, cmd, c.as); err != nil {
		return fmt.Errorf("initdb in %s, run %s: %w: %s", making, c.as.mode, err, strings.TrimSpace(output.String()))
	}
	return os.Rename(making, c.data)
}

// start starts the server and waits until it takes connections.
func (c *cluster) start(ctx context.Context, logPath, socket string, o Options) (*process, error) {
	// Nothing works in the folder, so these files are left over. Postgres would believe a number in them that belongs
	// to another program by now, or to a process that has ended and was not collected.
	for _, stale := range []string{filepath.Join(c.data, "postmaster.pid"), filepath.Join(socket, ".s.PGSQL.5432.lock")} {
		if err := os.Remove(stale); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	log, err := os.OpenFile(logPath, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()

	settings := []string{
		"listen_addresses=", "unix_socket_directories=" + socket, "port=5432", "unix_socket_permissions=0700",
		"wal_level=minimal", "max_wal_senders=0", "max_connections=300", "timezone=UTC", "log_timezone=UTC",
		// No values of anybody's data in the log.
		"log_min_error_statement=panic", "log_error_verbosity=terse", "log_statement=none",
		"log_parameter_max_length=0", "log_parameter_max_length_on_error=0",
	}
	if o.Fast {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=32MB")
	}
	cmd := exec.Command(filepath.Join(c.bin, "postgres"), "-D", c.data)
	for _, setting := range settings {
		cmd.Args = append(cmd.Args, "-c", setting)
	}
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.data, serverEnvironment(c.data), log, log
	server, err := startProcess(cmd, c.as, syscall.SIGINT)
	if err != nil {
		return nil, fmt.Errorf("starting Postgres %s: %w", c.as.mode, err)
	}
	for !c.ready(cmd.Process.Pid) {
		select {
		case <-server.done:
			return nil, fmt.Errorf("Postgres did not start: %w: %s", server.err, lastLines(logPath))
		case <-ctx.Done():
			server.stop(context.Background(), syscall.SIGINT)
			return nil, fmt.Errorf("waiting for Postgres: %w", ctx.Err())
		case <-time.After(pollEvery):
		}
	}
	return server, nil
}

// ready reads the server's own word: the first line of postmaster.pid is its process, the eighth its state.
func (c *cluster) ready(pid int) bool {
	text, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
	lines := strings.Split(string(text), "\n")
	return err == nil && len(lines) >= 8 && lines[0] == strconv.Itoa(pid) && strings.TrimSpace(lines[7]) == "ready"
}

// createDatabase makes the database of the given URL if there is none.
func createDatabase(ctx context.Context, databaseURL string) error {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return err
	}
	config.Database = "postgres"
	db, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close(ctx) }()
	var exists bool
	err = db.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", postgresDatabase).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = db.Exec(ctx, "create database "+pgx.Identifier{postgresDatabase}.Sanitize())
	return err
}
