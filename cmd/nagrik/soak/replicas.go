package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// replica is one process of the program, which is started again whenever it ends.
type replica struct {
	address string // where it takes updates
	binary  string
	env     []string
	log     string // the file that its output is added to

	mu      sync.Mutex
	process *os.Process // nil while none runs
	killed  bool        // it was our doing
	ownEnds int         // how often it ended by itself, as it does when Postgres is away at its start
}

// run keeps the replica running until ctx ends, then stops it as an operator does. The error says
// that this went wrong. pause is how long it stays away after its end.
func (r *replica) run(ctx context.Context, pause func() time.Duration) error {
	for {
		ended, err := r.start()
		if err != nil {
			return err
		}
		select {
		case <-ended: //nolint:errcheck // killed, as is meant
		case <-ctx.Done():
			return r.stop(ended)
		}
		select {
		case <-time.After(pause()):
		case <-ctx.Done():
			return nil
		}
	}
}

// start starts a process; the channel gives how it ended.
func (r *replica) start() (<-chan error, error) {
	out, err := os.OpenFile(r.log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(r.binary, "serve")
	cmd.Env, cmd.Stdout, cmd.Stderr = r.env, out, out
	// It must not outlive us. To the kernel, the parent that dies is the thread that started the
	// child: one is kept for it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	started, ended := make(chan error), make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer func() { _ = out.Close() }()
		err := cmd.Start()
		if err == nil {
			r.set(cmd.Process)
		}
		started <- err
		if err != nil {
			return
		}
		err = cmd.Wait()
		r.set(nil)
		ended <- err
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting a replica: %w", err)
	}
	return ended, nil
}

func (r *replica) set(p *os.Process) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p == nil && !r.killed {
		r.ownEnds++
	}
	r.process, r.killed = p, false
}

// kill ends the process with SIGKILL; it is false if none was running.
func (r *replica) kill() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.process == nil {
		return false
	}
	r.killed = true
	return r.process.Kill() == nil
}

// stopTime is what operators are promised of `nagrik serve`.
const stopTime = 30 * time.Second

func (r *replica) stop(ended <-chan error) error {
	r.mu.Lock()
	process := r.process
	r.killed = true
	r.mu.Unlock()
	if process == nil {
		return nil
	}
	_ = process.Signal(syscall.SIGTERM)
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("a replica did not stop in order: %w", err)
		}
		return nil
	case <-time.After(stopTime):
		r.kill()
		<-ended //nolint:errcheck // killed: how it ended says nothing
		return errors.New("a replica did not stop within 30 s")
	}
}

// crashes are the lines of the log with which a Go program dies.
func (r *replica) crashes() (lines []string) {
	text, _ := os.ReadFile(r.log)
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") || strings.Contains(line, "panicked") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// failedInPeace are the errors of updates that failed again and again when nothing was killed any more: there is
// something in them that the program cannot do. Whoever sent one may have lost patience, and let it be.
func (w *world) failedInPeace() (lines []string) {
	times := map[string]int{}
	for _, r := range w.replicas {
		text, _ := os.ReadFile(r.log)
		for line := range strings.Lines(string(text)) {
			var entry struct {
				Time       time.Time
				Msg, Error string
			}
			if json.Unmarshal([]byte(line), &entry) == nil && strings.Contains(entry.Msg, "an update failed") && entry.Time.After(w.peace.Add(peaceAfter)) {
				times[entry.Error]++
			}
		}
	}
	for cause, n := range times {
		if n >= failedOften {
			lines = append(lines, fmt.Sprintf("%d times: %s", n, cause))
		}
	}
	return lines
}

const (
	peaceAfter  = 5 * time.Second // what was killed last is there again
	failedOften = 5
)

// build makes the program.
func build(ctx context.Context, dir string) (binary string, err error) {
	binary = filepath.Join(dir, "nagrik")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "nagrik/cmd/nagrik").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return binary, nil
}

// freeAddress finds a port of the loopback interface that a replica can have for all its lives.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}
