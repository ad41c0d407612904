package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"nagrik/store"
	"nagrik/store/embedded/testdb"
	"nagrik/store/seal"
)

// These tests build the program once and use it as its operators and citizens do: as a process, by
// its environment, over HTTP.

var (
	binary  string             // the built program
	testKey = seal.NewKEK()    // SECRET_KEY of all test databases
	patient = 20 * time.Second // how long a test waits for what should come at once
)

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "nagrik-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(dir) }()
		binary = filepath.Join(dir, "nagrik")
		if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "building the program: %v\n%s", err, out)
			return 1
		}
		return testdb.Main(m, func(ctx context.Context, url string) error { return store.Migrate(ctx, url, testKey) })
	}())
}

// environment is a child's: the given settings, on free ports, and nothing of the caller's.
func environment(t testing.TB, settings ...string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "DATA_DIR=" + t.TempDir(),
		"LISTEN_ADDR=127.0.0.1:0", "ADMIN_ADDR=127.0.0.1:0", "LOG_LEVEL=warn",
	}, settings...)
}

// configured are the settings of a program on databases of this test's own.
func configured(t testing.TB) []string {
	return environment(t, "DATABASE_URL="+testdb.Database(t), "REDIS_URL="+testdb.Redis(t), "SECRET_KEY="+testKey.String())
}

// command runs a short command and returns its exit code and output.
func command(t testing.TB, env []string, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	var out, complaint bytes.Buffer
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, strings.NewReader(stdin), &out, &complaint
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatalf("nagrik %s: %v", strings.Join(args, " "), err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), complaint.String()
}

// must is command for one that has to succeed; it returns what it printed.
func must(t testing.TB, env []string, args ...string) string {
	t.Helper()
	code, stdout, stderr := command(t, env, "", args...)
	if code != 0 {
		t.Fatalf("nagrik %s: exit code %d: %s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

// program is a running `nagrik serve`.
type program struct {
	t             testing.TB
	cmd           *exec.Cmd
	public, admin string // its addresses
	stdout, log   *transcript
	ended         chan struct{}
	killed        bool
}

// serve starts the program and waits until it serves. It is stopped at the end of the test.
func serve(t testing.TB, env []string) *program {
	t.Helper()
	p := &program{t: t, cmd: exec.Command(binary, "serve"), stdout: &transcript{}, log: &transcript{}, ended: make(chan struct{})}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = env, p.stdout, p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // the exit code is read by stop
		close(p.ended)
	}()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the program's log:\n%s", p.log)
		}
		p.stop()
	})
	p.public, p.admin = p.printed(`(?m)^public (\S+)$`), p.printed(`(?m)^admin (\S+)$`)
	return p
}

// printed waits for a line on standard output and returns what the pattern's group matched.
func (p *program) printed(pattern string) string {
	p.t.Helper()
	form := regexp.MustCompile(pattern)
	var found []string
	p.eventually("printing "+pattern, func() bool {
		found = form.FindStringSubmatch(p.stdout.String())
		return found != nil
	})
	return found[1]
}

// eventually waits until what holds.
func (p *program) eventually(what string, holds func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(patient); !holds(); time.Sleep(10 * time.Millisecond) {
		select {
		case <-p.ended:
			if holds() {
				return
			}
			p.t.Fatalf("the program ended before %s", what)
		default:
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("waiting in vain for %s", what)
		}
	}
}

// stop asks the program to stop, as an operator does, and checks that it ends well and in time.
func (p *program) stop() {
	p.t.Helper()
	select {
	case <-p.ended:
	default:
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.ended:
		case <-time.After(30 * time.Second):
			_ = p.cmd.Process.Kill()
			<-p.ended
			p.t.Error("the program did not stop within 30 s of SIGTERM")
			return
		}
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 && !p.killed {
		p.t.Errorf("exit code %d after SIGTERM", code)
	}
}

// kill ends the program as a power cut does.
func (p *program) kill() {
	p.killed = true
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// get reads a page of the program.
func (p *program) get(address string) (status int, body string) {
	p.t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// transcript is what a process writes; it may be read meanwhile.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write is io.Writer's.
func (l *transcript) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is all that was written.
func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
