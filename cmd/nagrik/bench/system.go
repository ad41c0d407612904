package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"nagrik/store"
	"nagrik/store/embedded"
	"nagrik/store/seal"
)

// system is what is measured: real Postgres and Redis, and a program in front of them.
type system struct {
	dir      string
	binary   string
	postgres *embedded.Postgres
	redis    *embedded.Redis
	tips     *embedded.Redis
	client   *redis.Client
	kek      seal.KEK
	api      *api
}

// startSystem starts the databases as in service (fsync on, append-only file), migrates, and builds
// the program.
func startSystem(ctx context.Context) (*system, error) {
	dir, err := os.MkdirTemp("", "nagrik-bench")
	if err != nil {
		return nil, err
	}
	s := &system{dir: dir, binary: filepath.Join(dir, "nagrik"), kek: seal.NewKEK()}
	if s.api, err = startAPI(); err != nil {
		return nil, err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", s.binary, "nagrik/cmd/nagrik")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return s, fmt.Errorf("building nagrik: %w", err)
	}
	if s.postgres, err = embedded.StartPostgres(ctx, filepath.Join(dir, "postgres"), embedded.Options{}); err != nil {
		return s, err
	}
	if s.redis, err = embedded.StartRedis(ctx, filepath.Join(dir, "redis"), embedded.Options{}); err != nil {
		return s, err
	}
	if s.tips, err = embedded.StartRedis(ctx, filepath.Join(dir, "tips"), embedded.Options{Forgetful: true}); err != nil {
		return s, err
	}
	if s.redis.Kind() != "redis-server" {
		return s, errors.New("the benchmark needs a real redis-server")
	}
	options, err := redis.ParseURL(s.redis.URL())
	if err != nil {
		return s, err
	}
	s.client = redis.NewClient(options)
	if err := store.Migrate(ctx, s.postgres.URL(), s.kek); err != nil {
		return s, err
	}
	records, err := store.Open(ctx, s.postgres.URL(), s.kek, store.Options{})
	if err != nil {
		return s, err
	}
	defer records.Close()
	return s, records.LoadReference(ctx)
}

// stop ends the databases and leaves nothing behind.
func (s *system) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for _, server := range []*embedded.Redis{s.redis, s.tips} {
		if server != nil {
			_ = server.Stop(ctx)
		}
	}
	if s.postgres != nil {
		_ = s.postgres.Stop(ctx)
	}
	_ = os.RemoveAll(s.dir)
}

// program is a process under measurement.
type program struct {
	addr  string
	admin string
	cmd   *exec.Cmd
}

// startBare starts the bare handler: this program again, as a process of its own.
func (s *system) startBare(ctx context.Context) (*program, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p := &program{addr: addr, cmd: exec.CommandContext(ctx, self, "-bare", addr, "-redis", s.redis.URL())}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	return p, p.wait()
}

// startNagrik starts the program as in service, behind a webhook.
func (s *system) startNagrik(ctx context.Context) (*program, error) {
	cmd := exec.CommandContext(ctx, s.binary, "serve")
	cmd.Env = append(os.Environ(),
		"DATABASE_URL="+s.postgres.URL(), "REDIS_URL="+s.redis.URL(), "TIPS_REDIS_URL="+s.tips.URL(), "SECRET_KEY="+s.kek.String(), "DATA_DIR="+s.dir,
		"LISTEN_ADDR=127.0.0.1:0", "ADMIN_ADDR=127.0.0.1:0", "LOG_LEVEL=error",
		"TELEGRAM_TOKEN=1:bench", "TELEGRAM_API_URL="+s.api.url(), "TELEGRAM_WEBHOOK_SECRET="+secret)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &program{cmd: cmd}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "public http://"); ok {
			p.addr = url
		}
		if url, ok := strings.CutPrefix(lines.Text(), "admin "); ok {
			p.admin = url
			go func() {
				for lines.Scan() { // so that the program never waits to write
				}
			}()
			return p, p.wait()
		}
	}
	return nil, errors.New("nagrik did not start")
}

// freeAddr finds an address that nobody listens on.
func freeAddr() (string, error) {
	probe, err := startAPI()
	if err != nil {
		return "", err
	}
	defer func() { _ = probe.listener.Close() }()
	return probe.listener.Addr().String(), nil
}

// wait returns once the program takes connections.
func (p *program) wait() error {
	for range 200 {
		if c, err := dial(p.addr); err == nil {
			c.close()
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("the program does not listen")
}

func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// cpu is the processor time that the program used so far.
func (p *program) cpu() time.Duration {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	const ticks = 100 // a second, on every Linux that Go runs on
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / ticks
}

// profile takes a processor profile of the program into a file.
func (p *program) profile(ctx context.Context, length time.Duration, file string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.admin+"/debug/pprof/profile?seconds="+strconv.Itoa(int(length.Seconds())), nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, answer.Body)
	return errors.Join(err, out.Close())
}

// commands is how many commands Redis was given so far, by name.
func (s *system) commands(ctx context.Context) (map[string]int64, error) {
	info, err := s.client.Info(ctx, "commandstats").Result()
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for line := range strings.Lines(info) {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), ":calls=")
		if !ok {
			continue
		}
		calls, _, _ := strings.Cut(rest, ",")
		counts[strings.TrimPrefix(name, "cmdstat_")], _ = strconv.ParseInt(calls, 10, 64)
	}
	return counts, nil
}

// memory is what Redis uses, in bytes.
func (s *system) memory(ctx context.Context) (int64, error) {
	info, err := s.client.Info(ctx, "memory").Result()
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(info, "used_memory:")
	value, _, _ := strings.Cut(rest, "\r")
	return strconv.ParseInt(value, 10, 64)
}
