package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"nagrik/store/embedded"
	"nagrik/store/embedded/testdb"
)

// A trial needs no setting, is joined by the other commands, is there once only, keeps its data, and
// leaves no process behind.
func TestTrial(t *testing.T) {
	t.Parallel()
	env := environment(t, "DATA_DIR="+t.TempDir())
	dir := strings.TrimPrefix(env[len(env)-1], "DATA_DIR=")
	p := serve(t, env)
	link := p.printed(`(?m)^web:\s+(\S+)$`)
	if !strings.HasPrefix(link, p.public+"/desk?start=inv_") {
		t.Errorf("the officer's link is %q", link)
	}
	if status, page := p.get(p.public + "/"); status != http.StatusOK || !strings.Contains(page, "नागरिक सहायक") {
		t.Errorf("the web chat answers %d", status)
	}
	if status, _ := p.get(link); status != http.StatusOK {
		t.Errorf("the officer's link answers %d", status)
	}
	if out := must(t, env, "officer", "invite", "--station", "5117028", "--role", "sho"); !strings.Contains(out, "code:") {
		t.Errorf("invite printed %q", out)
	}
	if code, _, stderr := command(t, env, "", "serve"); code != exitFailed || !strings.Contains(stderr, "already running") {
		t.Errorf("a second program: exit code %d, %q", code, stderr)
	}
	key, err := os.ReadFile(filepath.Join(dir, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"secret.key", "postgres.url", "redis.url", "tips.url"} {
		if info, err := os.Stat(filepath.Join(dir, secret)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", secret, info.Mode(), err)
		}
	}
	p.stop()
	if left := workingIn(t, dir); len(left) > 0 {
		t.Errorf("processes left behind: %v", left)
	}
	p = serve(t, env)
	if again, err := os.ReadFile(filepath.Join(dir, "secret.key")); err != nil || string(again) != string(key) {
		t.Errorf("the second run has another key (%v)", err)
	}
	p.stop()
}

// workingIn lists the processes that work in a folder or below.
func workingIn(t *testing.T, dir string) (found []string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if cwd, err := os.Readlink(link); err == nil && strings.HasPrefix(cwd, dir) {
			found = append(found, link)
		}
	}
	return found
}

// Readiness follows Postgres down and up again; being alive does not.
func TestReadiness(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	postgres, err := embedded.StartPostgres(t.Context(), dir, embedded.Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = postgres.Stop(t.Context()) })
	env := environment(t, "DATABASE_URL="+postgres.URL(), "REDIS_URL="+testdb.Redis(t), "SECRET_KEY="+testKey.String())
	if code, _, stderr := command(t, env, "", "serve"); code != exitFailed || !strings.Contains(stderr, "nagrik migrate") {
		t.Errorf("on an empty database: exit code %d, %q", code, stderr)
	}
	must(t, env, "migrate")
	p := serve(t, env)
	ready := func(want int) func() bool {
		return func() bool { status, _ := p.get(p.admin + "/readyz"); return status == want }
	}
	p.eventually("being ready", ready(http.StatusOK))
	if err := postgres.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.eventually("not being ready without Postgres", ready(http.StatusServiceUnavailable))
	if status, _ := p.get(p.admin + "/healthz"); status != http.StatusOK {
		t.Errorf("alive without Postgres: %d", status)
	}
	if _, body := p.get(p.admin + "/metrics"); !strings.Contains(body, "nagrik_postgres_up 0") {
		t.Error("the metrics do not show that Postgres is away")
	}
	again, err := embedded.StartPostgres(t.Context(), dir, embedded.Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Stop(t.Context()) })
	p.eventually("being ready again", ready(http.StatusOK))
	p.stop()
}

// Ctrl-C is as good as SIGTERM.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	p := serve(t, configured(t))
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	<-p.ended
	p.stop()
}

func TestPublicAddress(t *testing.T) {
	t.Parallel()
	p := serve(t, configured(t))
	for path, want := range map[string]int{
		"/": http.StatusOK, "/desk": http.StatusOK, "/verify/12345": http.StatusNotFound, "/webhook/telegram": http.StatusNotFound,
		"/metrics": http.StatusNotFound, "/debug/pprof/": http.StatusNotFound, "/healthz": http.StatusNotFound, "/readyz": http.StatusNotFound,
	} {
		if status, _ := p.get(p.public + path); status != want {
			t.Errorf("%s answers %d, not %d", path, status, want)
		}
	}
	if strings.Contains(p.stdout.String(), "TRIAL") {
		t.Error("a configured run says that it is a trial")
	}
}
