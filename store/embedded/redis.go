package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Kinds of trial Redis.
const (
	RealRedis = "redis-server"
	MiniRedis = "miniredis"
)

// testDatabases is how many numbered databases a Fast Redis has, for tests to have one each.
const testDatabases = 1024

// Redis is a running trial server.
type Redis struct {
	kind string
	url  string
	end  func(context.Context) error
	stop sync.Once
	err  error
}

// StartRedis starts a Redis with its data under dir and returns when it answers. It is the system's redis-server or,
// when there is none, miniredis inside this process, which the log then says. ctx limits the start only.
func StartRedis(ctx context.Context, dir string, o Options) (*Redis, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		program = ""
	}
	return startRedis(ctx, dir, program, o)
}

// Kind returns RealRedis or MiniRedis.
func (r *Redis) Kind() string { return r.kind }

// URL returns the address in the form that redis.ParseURL of go-redis reads: unix:///…/redis.sock for a redis-server,
// redis://:password@127.0.0.1:port for miniredis. A database number can be added as the parameter "db".
func (r *Redis) URL() string { return r.url }

// Stop writes the data and ends the server; it returns when the server is gone. A second call does nothing.
func (r *Redis) Stop(ctx context.Context) error {
	r.stop.Do(func() { r.err = r.end(ctx) })
	return r.err
}

// startRedis starts the given program, or miniredis if it is "".
func startRedis(ctx context.Context, dir, program string, o Options) (r *Redis, err error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	defer func() {
		if err != nil {
			err = fmt.Errorf("trial Redis: %w", err)
		}
	}()
	dir, err = prepare(dir)
	if err != nil {
		return nil, err
	}
	lockFile, err := lock(filepath.Join(dir, "redis.lock"))
	if err != nil {
		return nil, err
	}
	if program == "" {
		path := filepath.Join(dir, "redis.snapshot")
		if o.Forgetful {
			path = ""
		}
		r, err = startMini(ctx, path, o)
	} else {
		r, err = startReal(ctx, dir, program, o)
	}
	if err != nil {
		_ = lockFile.Close()
		return nil, err
	}
	end := r.end
	r.end = func(ctx context.Context) error { return errors.Join(end(ctx), lockFile.Close()) }
	return r, nil
}

func startReal(ctx context.Context, dir, program string, o Options) (*Redis, error) {
	data := filepath.Join(dir, "redis")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	if err := waitEmpty(ctx, data); err != nil {
		return nil, err
	}
	socketFolder, removeSocket, err := socketDir(data, account{mode: itself})
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(socketFolder, "redis.sock")
	logPath := filepath.Join(dir, "redis.log")
	server, err := startRedisServer(ctx, program, data, socket, logPath, o)
	if err != nil {
		removeSocket()
		return nil, err
	}
	stopping := make(chan struct{})
	go server.report(o.log(), "Redis", stopping)
	o.log().Info("trial Redis is ready", "folder", data, "kind", RealRedis)
	return &Redis{
		kind: RealRedis,
		url:  (&url.URL{Scheme: "unix", Path: socket}).String(),
		end: func(ctx context.Context) error {
			close(stopping)
			server.stop(ctx, syscall.SIGTERM)
			removeSocket()
			if server.err != nil {
				return fmt.Errorf("trial Redis ended badly: %w", server.err)
			}
			return nil
		},
	}, nil
}

func startRedisServer(ctx context.Context, program, data, socket, logPath string, o Options) (*process, error) {
	log, err := os.OpenFile(logPath, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	keep, databases := "yes", 16
	if o.Fast || o.Forgetful {
		keep = "no"
	}
	if o.Fast {
		databases = testDatabases
	}
	cmd := exec.Command(program, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700", "--dir", data,
		"--appendonly", keep, "--save", "", "--slowlog-log-slower-than", "-1", "--databases", strconv.Itoa(databases), "--daemonize", "no", "--loglevel", "warning")
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = data, serverEnvironment(data), log, log
	server, err := startProcess(cmd, account{mode: itself}, syscall.SIGTERM)
	if err != nil {
		return nil, err
	}
	for !answers(ctx, socket) {
		select {
		case <-server.done:
			return nil, fmt.Errorf("redis-server did not start: %w: %s", server.err, lastLines(logPath))
		case <-ctx.Done():
			server.stop(context.Background(), syscall.SIGTERM)
			return nil, fmt.Errorf("waiting for redis-server: %w", ctx.Err())
		case <-time.After(pollEvery):
		}
	}
	return server, nil
}

// answers reports whether the server at the socket is there and has loaded its data.
func answers(ctx context.Context, socket string) bool {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", socket)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && strings.HasPrefix(answer, "+PONG")
}
