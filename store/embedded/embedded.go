package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Options says how a trial server runs. The zero value is right for `make run`.
type Options struct {
	// Fast is for tests: nothing is forced to the disk, so a power cut would lose data.
	Fast bool
	// Forgetful makes a Redis that keeps nothing of what is deleted from it, and nothing at all once it stops: for tips.
	Forgetful bool
	// Log gets a line for each start and stop, and one when a server ends unasked. Nil means none.
	Log *slog.Logger
}

func (o Options) log() *slog.Logger {
	if o.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Log
}

const (
	startLimit    = time.Minute      // a start after a crash replays the log first
	leftoverLimit = 20 * time.Second // what a server of a killed run may take to shut down
	pollEvery     = 5 * time.Millisecond
)

// prepare makes dir, if needed, and returns its real path. Others may pass through it, for a server that runs under an
// account of its own, but not list it.
func prepare(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(abs, 0o711); err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// lock takes the file at path for this process, until it is closed or the process ends in whatever way.
func lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("%w: the folder was made by another account; use that account, or another DATA_DIR", err)
	}
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(path)
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("already running: process %s uses the folder %s", strings.TrimSpace(string(holder)), filepath.Dir(path))
		}
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	// The number is for the message above only; the lock itself is the kernel's.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return f, nil
}

// waitEmpty waits until no process works in dir. The caller holds the folder's lock, so whoever is still there belongs
// to a run that was killed and is shutting down.
func waitEmpty(ctx context.Context, dir string) error {
	ctx, cancel := context.WithTimeout(ctx, leftoverLimit)
	defer cancel()
	for {
		pid := processIn(dir)
		if pid == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("already running: process %d still works in %s; stop it with: kill %d", pid, dir, pid)
		case <-time.After(pollEvery):
		}
	}
}

// processIn returns the id of a process whose working folder is dir, or 0. Servers work in their data folder. A
// process that has ended and waits to be collected has no working folder any more.
func processIn(dir string) int {
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, link := range links {
		if cwd, err := os.Readlink(link); err == nil && cwd == dir {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(link)))
			return pid
		}
	}
	return 0
}

// The address of a Unix socket has room for 107 bytes, and some characters mean something to Postgres or in a URL.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9/._-]{1,85}$`)

// socketDir returns a folder for a server's socket: the data folder itself when its path will do, else a new one with
// a short name, which the returned function removes. Only the given account can enter either.
func socketDir(dataDir string, as account) (dir string, remove func(), err error) {
	if plainPath.MatchString(dataDir) {
		return dataDir, func() {}, nil
	}
	dir, err = os.MkdirTemp("/tmp", "nagrik-")
	if err != nil {
		return "", nil, err
	}
	if err := as.own(dir); err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, err
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil
}

// lastLines returns the end of a server's log, for the error that says why it did not start.
func lastLines(path string) string {
	text, _ := os.ReadFile(path)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "; ")
}
