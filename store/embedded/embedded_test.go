package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// patience is how long a test waits for what must happen; it is no measurement.
const patience = 90 * time.Second

// childFolder, when set, makes this test program a child that runs both servers in the folder it names.
const childFolder = "NAGRIK_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// child starts both servers, writes a row and a key, says so on standard output with the servers' process ids, and
// stops in order on SIGINT.
func child(dir string) int {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT)
	defer cancel()
	fail := func(err error) int {
		fmt.Println("failed:", err)
		return 1
	}
	postgres, err := StartPostgres(ctx, dir, Options{})
	if err != nil {
		return fail(err)
	}
	keeper, err := StartRedis(ctx, dir, Options{})
	if err != nil {
		return fail(err)
	}
	if err := remember(ctx, postgres, keeper); err != nil {
		return fail(err)
	}
	fmt.Println("ready", postgres.process.cmd.Process.Pid, processIn(filepath.Join(dir, "redis")))
	<-ctx.Done()
	// Both must still be there: Ctrl-C is this process's to handle, which finishes its work first.
	if err := recall(context.Background(), postgres, keeper); err != nil {
		return fail(err)
	}
	if err := errors.Join(keeper.Stop(context.Background()), postgres.Stop(context.Background())); err != nil {
		return fail(err)
	}
	fmt.Println("stopped")
	return 0
}

func remember(ctx context.Context, postgres *Postgres, keeper *Redis) error {
	db, err := pgx.Connect(ctx, postgres.URL())
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, "create table kept (word text); insert into kept values ('सहायक')")
	client, clientErr := connectRedis(keeper)
	if clientErr == nil {
		clientErr = client.Set(ctx, "kept", "सहायक", 0).Err()
		// What was written a second ago is on the disk; the test must not depend on that second.
		clientErr = errors.Join(clientErr, client.ConfigSet(ctx, "appendfsync", "always").Err(),
			client.Set(ctx, "flushed", "1", 0).Err(), client.Close())
	}
	return errors.Join(err, db.Close(ctx), clientErr)
}

func recall(ctx context.Context, postgres *Postgres, keeper *Redis) error {
	db, err := pgx.Connect(ctx, postgres.URL())
	if err != nil {
		return err
	}
	var word string
	err = db.QueryRow(ctx, "select word from kept").Scan(&word)
	client, clientErr := connectRedis(keeper)
	var value string
	if clientErr == nil {
		value, clientErr = client.Get(ctx, "kept").Result()
		clientErr = errors.Join(clientErr, client.Close())
	}
	if word != "सहायक" || value != "सहायक" {
		err = errors.Join(err, fmt.Errorf("found %q in Postgres and %q in Redis", word, value))
	}
	return errors.Join(err, db.Close(ctx), clientErr)
}

func connectRedis(r *Redis) (*redis.Client, error) {
	options, err := redis.ParseURL(r.URL())
	if err != nil {
		return nil, err
	}
	return redis.NewClient(options), nil
}

// startChild runs this test program as a child and returns once it is ready, with the servers' process ids and the
// rest of its output.
func startChild(t *testing.T, dir string) (cmd *exec.Cmd, servers []int, output *bufio.Reader) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a terminal's foreground job
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	output = bufio.NewReader(pipe)
	line, err := output.ReadString('\n')
	var postgres, keeper int
	if _, scanErr := fmt.Sscanf(line, "ready %d %d", &postgres, &keeper); err != nil || scanErr != nil {
		t.Fatalf("the child said %q: %v", line, errors.Join(err, scanErr))
	}
	return cmd, []int{postgres, keeper}, output
}

// checkGone waits until none of the processes runs any more. One that has ended but is not yet collected is gone.
func checkGone(t *testing.T, pids []int) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		var left []int
		for _, pid := range pids {
			stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			if err == nil && !strings.Contains(string(stat), ") Z ") {
				left = append(left, pid)
			}
		}
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still running: %v", left)
		}
	}
}

func checkRecall(t *testing.T, dir string) {
	t.Helper()
	postgres := startPostgres(t, dir, Options{})
	keeper := startRedisAt(t, dir)
	if err := recall(t.Context(), postgres, keeper); err != nil {
		t.Fatal(err)
	}
}

func startPostgres(t *testing.T, dir string, o Options) *Postgres {
	t.Helper()
	p, err := StartPostgres(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func startRedisAt(t *testing.T, dir string) *Redis {
	t.Helper()
	r, err := StartRedis(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if r.Kind() != RealRedis {
		t.Fatal("redis-server is not installed: run `make setup`")
	}
	return r
}

// query returns the one value that a statement selects.
func query(t *testing.T, p *Postgres, statement string) string {
	t.Helper()
	db, err := pgx.Connect(t.Context(), p.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(context.Background()) }()
	var value string
	if err := db.QueryRow(t.Context(), statement).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestKilledProcessLeavesNoServerAndNoDataBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd, servers, _ := startChild(t, dir)
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	checkRecall(t, dir) // does not even wait for the old servers to be gone
	checkGone(t, servers)
}

func TestInterruptedProcessStopsItsServersLast(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd, servers, output := startChild(t, dir)
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil { // Ctrl-C reaches the whole group
		t.Fatal(err)
	}
	said, _ := io.ReadAll(output)
	if err := cmd.Wait(); err != nil || string(said) != "stopped\n" {
		t.Fatalf("the child said %q and ended with %v", said, err)
	}
	checkGone(t, servers)
	checkRecall(t, dir)
}

func TestSecondProcessIsTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	startPostgres(t, dir, Options{Fast: true})
	startRedisAt(t, dir)
	want := fmt.Sprintf("already running: process %d uses the folder %s", os.Getpid(), dir)
	if _, err := StartPostgres(t.Context(), dir, Options{}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("second Postgres: %v, want %q", err, want)
	}
	if _, err := StartRedis(t.Context(), dir, Options{}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("second Redis: %v, want %q", err, want)
	}
}

func TestPostgresReadsDevanagari(t *testing.T) {
	t.Parallel()
	p := startPostgres(t, t.TempDir(), Options{Fast: true})
	db, err := pgx.Connect(t.Context(), p.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(context.Background()) }()
	if _, err := db.Exec(t.Context(), "create extension pg_trgm"); err != nil {
		t.Fatal(err)
	}
	if same := query(t, p, "select (similarity('दानापुर', 'दनापुर') > 0.3)::text"); same != "true" {
		t.Error("pg_trgm finds nothing in Devanagari")
	}
}

func TestStaleFilesDoNotHinderAStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := StartPostgres(t.Context(), dir, Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	// After a power cut, and with the process id now somebody else's (here: this test's).
	data := filepath.Join(dir, "pg")
	stale := fmt.Sprintf("%d\n%s\n1\n5432\n%s\n\n 1 1\nready   \n", os.Getpid(), data, data)
	for _, name := range []string{"postmaster.pid", ".s.PGSQL.5432.lock"} {
		if err := os.WriteFile(filepath.Join(data, name), []byte(stale), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	startPostgres(t, dir, Options{Fast: true})
}

func TestBrokenOffFirstStartIsBegunAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	half := filepath.Join(dir, "pg.new")
	if err := os.Mkdir(half, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	startPostgres(t, dir, Options{Fast: true})
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", half, err)
	}
}

func TestAnyFolderNameWillDo(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"थाना, नया 'घर'", strings.Repeat("long", 30)} {
		dir := filepath.Join(t.TempDir(), name)
		p := startPostgres(t, dir, Options{Fast: true})
		if got := query(t, p, "select current_database()"); got != "nagrik" {
			t.Errorf("connected to database %q", got)
		}
		client, err := connectRedis(startRedisAt(t, dir))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(client.Ping(t.Context()).Err(), client.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestCancelledStartLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := StartPostgres(ctx, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("a cancelled start returned %v", err)
	}
	for _, name := range []string{"pg", "pg.new"} {
		if pid := processIn(filepath.Join(dir, name)); pid != 0 {
			t.Errorf("process %d works in %s", pid, name)
		}
	}
	p := startPostgres(t, dir, Options{Fast: true}) // the folder is free again
	if data := query(t, p, "select current_setting('data_directory')"); data != filepath.Join(dir, "pg") {
		t.Errorf("the data went to %s", data)
	}
}

func TestOtherVersionsDataIsRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "pg"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pg", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := StartPostgres(t.Context(), dir, Options{})
	if err == nil || !strings.Contains(err.Error(), "apt-get install postgresql-9") {
		t.Errorf("got %v", err)
	}
}

// TestEveryAccount runs Postgres in each of the ways that the caller's account allows, twice each: the second start
// must find out how the data was made.
func TestEveryAccount(t *testing.T) {
	t.Parallel()
	bins := findPostgres("")
	if len(bins) == 0 {
		t.Fatal("Postgres is not installed: run `make setup`")
	}
	var ways []account
	if os.Geteuid() == 0 {
		uid, gid, err := serverAccount()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []mode{namespace, switched} {
			as := account{mode: m, uid: uid, gid: gid}
			if as.works(t.Context(), filepath.Join(bins[0], "postgres"), "/") == nil { // a container may forbid one of them
				ways = append(ways, as)
			}
		}
	} else {
		ways = []account{{mode: itself}}
	}
	if len(ways) == 0 {
		t.Fatal("no account can run Postgres")
	}
	for _, as := range ways {
		t.Run(string(as.mode), func(t *testing.T) {
			t.Parallel()
			dir := openFolder(t)
			c := &cluster{bin: bins[0], data: filepath.Join(dir, "pg"), as: as, fresh: true}
			if err := c.initialise(t.Context(), Options{Fast: true}); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				found, err := findCluster(t.Context(), dir)
				if err != nil {
					t.Fatal(err)
				}
				if found.as.mode != as.mode {
					t.Fatalf("data made %s is to be run %s", as.mode, found.as.mode)
				}
				p, err := StartPostgres(t.Context(), dir, Options{Fast: true})
				if err != nil {
					t.Fatal(err)
				}
				query(t, p, "select current_user")
				if err := p.Stop(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestOrdinaryAccount runs the child as an account without rights; when the caller is one already, as that.
func TestOrdinaryAccount(t *testing.T) {
	t.Parallel()
	dir := openFolder(t)
	program := filepath.Join(dir, "child")
	text, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, text, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = []string{childFolder + "=" + filepath.Join(dir, "data"), "PATH=" + os.Getenv("PATH")}
	cmd.Dir = dir
	if os.Geteuid() == 0 {
		nobody, err := user.Lookup("nobody")
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.Atoi(nobody.Uid)
		gid, _ := strconv.Atoi(nobody.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	output := bufio.NewReader(pipe)
	if line, err := output.ReadString('\n'); err != nil || !strings.HasPrefix(line, "ready ") {
		t.Fatalf("the child said %q: %v", line, err)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	said, _ := io.ReadAll(output)
	if err := cmd.Wait(); err != nil || string(said) != "stopped\n" {
		t.Fatalf("the child said %q and ended with %v", said, err)
	}
}

// TestUnreachableFolder is about root whose servers can enter no folder of another account's: the data goes elsewhere,
// and is found there again.
func TestUnreachableFolder(t *testing.T) {
	t.Parallel()
	closed := openFolder(t)
	if os.Geteuid() != 0 {
		if err := os.Chmod(closed, 0o500); err != nil {
			t.Fatal(err)
		}
		if _, err := StartPostgres(t.Context(), filepath.Join(closed, "data"), Options{}); !errors.Is(err, os.ErrPermission) {
			t.Fatalf("a folder that cannot be written gave %v", err)
		}
		return
	}
	nobody, _, err := serverAccount()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(closed, nobody+1, nobody+1); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "data")
	for i := range 2 {
		p, err := StartPostgres(t.Context(), dir, Options{Fast: true})
		if err != nil {
			t.Fatal(err)
		}
		data := query(t, p, "select current_setting('data_directory')")
		t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(data)) })
		if !strings.HasPrefix(data, "/var/tmp/nagrik-") {
			t.Errorf("the data is in %s", data)
		}
		query(t, p, fmt.Sprintf("select set_config('application_name', '%d', false)", i))
		if err := p.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// openFolder is a folder that other accounts can enter, which t.TempDir is not.
func openFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "nagrik-open-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
