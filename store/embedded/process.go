package embedded

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a running server that this process started.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // how it ended; read only after done
}

// startProcess starts cmd so that it gets the signal orphaned when this process dies. It has a session of its own, so
// that Ctrl-C reaches only this process, which then stops its servers last.
func startProcess(cmd *exec.Cmd, as account, orphaned syscall.Signal) (*process, error) {
	cmd.SysProcAttr = as.attributes()
	cmd.SysProcAttr.Setsid = true
	cmd.SysProcAttr.Pdeathsig = orphaned
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// To the kernel, the parent that dies is the thread that started the child: keep this one as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// run starts cmd and waits for its end; when ctx is done first, cmd is told to stop.
func run(ctx context.Context, cmd *exec.Cmd, as account) error {
	p, err := startProcess(cmd, as, syscall.SIGTERM)
	if err != nil {
		return err
	}
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		p.stop(context.Background(), syscall.SIGTERM)
		return ctx.Err()
	}
}

// stop asks the process to end and waits. When ctx is done first, it asks less and less politely.
func (p *process) stop(ctx context.Context, ask syscall.Signal) {
	_ = p.cmd.Process.Signal(ask)
	select {
	case <-p.done:
		return
	case <-ctx.Done():
	}
	_ = p.cmd.Process.Signal(syscall.SIGQUIT)
	select {
	case <-p.done:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// report logs the end of a server that nobody asked to end.
func (p *process) report(log *slog.Logger, name string, stopping <-chan struct{}) {
	<-p.done
	select {
	case <-stopping:
	default:
		log.Error("a trial server ended by itself", "server", name, "error", p.err)
	}
}

// serverEnvironment is all that a server inherits: nothing of the caller's PG… settings or secrets.
func serverEnvironment(home string) []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "LC_ALL=C.UTF-8", "TZ=UTC"}
}
