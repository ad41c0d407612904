package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"nagrik/store/embedded"
)

// postgres is a real Postgres that can be killed. It forces every commit to the disk.
type postgres struct {
	dir     string
	running *embedded.Postgres
}

func startPostgres(ctx context.Context, dir string) (*postgres, error) {
	p := &postgres{dir: dir}
	return p, p.start(ctx)
}

func (p *postgres) start(ctx context.Context) (err error) {
	p.running, err = embedded.StartPostgres(ctx, p.dir, embedded.Options{})
	return err
}

// url is the same after every start.
func (p *postgres) url() string { return p.running.URL() }

// data is the folder of the data, in which the socket is too: the folders here have short names.
func (p *postgres) data() string {
	u, err := url.Parse(p.url())
	if err != nil {
		return ""
	}
	return u.Query().Get("host")
}

// kill ends the server at once: by SIGQUIT, its "immediate" stop, or by SIGKILL.
func (p *postgres) kill(signal syscall.Signal) error {
	text, err := os.ReadFile(filepath.Join(p.data(), "postmaster.pid"))
	if err != nil {
		return fmt.Errorf("looking for Postgres: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil || pid <= 1 {
		return errors.New("looking for Postgres: postmaster.pid has no process")
	}
	if err := syscall.Kill(pid, signal); err != nil {
		return fmt.Errorf("killing Postgres: %w", err)
	}
	p.stop() // it is gone: this waits for it and lets go of its folder
	return nil
}

func (p *postgres) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = p.running.Stop(ctx) // says that the server ended badly, as it was meant to
}

// clear removes data that had to lie outside of the run's own folder.
func (p *postgres) clear() {
	if dir := filepath.Dir(p.data()); dir != p.dir && strings.HasPrefix(dir, "/var/tmp/nagrik-") {
		_ = os.RemoveAll(dir)
	}
}

// redisServer is a real Redis that can be killed. It writes its log to the disk once a second; that for
// tips keeps nothing.
type redisServer struct {
	dir     string
	options embedded.Options
	running *embedded.Redis
	pid     int
}

func startRedis(ctx context.Context, dir string, o embedded.Options) (*redisServer, error) {
	r := &redisServer{dir: dir, options: o}
	return r, r.start(ctx)
}

func (r *redisServer) start(ctx context.Context) (err error) {
	if r.running, err = embedded.StartRedis(ctx, r.dir, r.options); err != nil {
		return err
	}
	if r.running.Kind() != embedded.RealRedis {
		return errors.New("redis-server is not installed: run `make setup`")
	}
	return r.do(ctx, func(c *redis.Client) error {
		info, err := c.Info(ctx, "server").Result()
		if err != nil {
			return err
		}
		_, rest, _ := strings.Cut(info, "process_id:")
		number, _, _ := strings.Cut(rest, "\r")
		r.pid, err = strconv.Atoi(number)
		return err
	})
}

// do runs commands on the server.
func (r *redisServer) do(_ context.Context, f func(*redis.Client) error) error {
	o, err := redis.ParseURL(r.running.URL())
	if err != nil {
		return err
	}
	client := redis.NewClient(o)
	return errors.Join(f(client), client.Close())
}

// kill ends the server as a power cut would.
func (r *redisServer) kill() error {
	if err := syscall.Kill(r.pid, syscall.SIGKILL); err != nil {
		return fmt.Errorf("killing Redis: %w", err)
	}
	r.stop()
	return nil
}

// flush has the server lose everything.
func (r *redisServer) flush(ctx context.Context) error {
	return r.do(ctx, func(c *redis.Client) error { return c.FlushAll(ctx).Err() })
}

func (r *redisServer) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = r.running.Stop(ctx) // as of Postgres
}
