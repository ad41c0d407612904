package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"nagrik/store/dialogs"
	"nagrik/store/embedded"
	"nagrik/store/seal"
)

// sharing says what a command does when another process of the same DATA_DIR runs the trial
// databases.
type sharing bool

const (
	alone  sharing = false // refuse: two programs would serve the same chats
	joined sharing = true  // use them
)

// server is a trial server as this file needs it.
type server interface {
	URL() string
	Stop(context.Context) error
}

// postgresURL gives the database's address; in a trial it starts the trial Postgres or joins the one
// that runs.
func postgresURL(ctx context.Context, s *Settings, share sharing, up *started) (string, error) {
	if !s.trial() {
		return s.DatabaseURL, nil
	}
	return trialServer(ctx, "postgres", s, share, up, answersPostgres, func(ctx context.Context, o embedded.Options) (server, error) {
		return embedded.StartPostgres(ctx, s.DataDir, o)
	})
}

// redisURL is postgresURL's for Redis.
func redisURL(ctx context.Context, s *Settings, share sharing, up *started) (string, error) {
	if s.RedisURL != "" {
		return s.RedisURL, nil
	}
	return trialServer(ctx, "redis", s, share, up, answersRedis, func(ctx context.Context, o embedded.Options) (server, error) {
		return embedded.StartRedis(ctx, s.DataDir, o)
	})
}

// tipsURL is redisURL's for the Redis of tips, which keeps nothing. "" means that REDIS_URL is to do.
func tipsURL(ctx context.Context, s *Settings, share sharing, up *started) (string, error) {
	if s.TipsRedisURL != "" || s.RedisURL != "" {
		return s.TipsRedisURL, nil
	}
	return trialServer(ctx, "tips", s, share, up, answersRedis, func(ctx context.Context, o embedded.Options) (server, error) {
		o.Forgetful = true
		return embedded.StartRedis(ctx, filepath.Join(s.DataDir, "tips"), o)
	})
}

// trialServer starts a trial server and leaves its address in DATA_DIR for as long as it runs, so that
// other commands find it.
func trialServer(ctx context.Context, name string, s *Settings, share sharing, up *started,
	answers func(context.Context, string) bool, start func(context.Context, embedded.Options) (server, error),
) (string, error) {
	note := filepath.Join(s.DataDir, name+".url")
	if share == joined {
		if address, err := os.ReadFile(note); err == nil && answers(ctx, string(address)) {
			return string(address), nil
		}
	}
	running, err := start(ctx, embedded.Options{Log: up.log})
	if err != nil {
		return "", err
	}
	up.add("trial "+name, func(ctx context.Context) error {
		return errors.Join(os.Remove(note), running.Stop(ctx))
	})
	// Whoever can read the note can enter the server.
	if err := writeWhole(note, running.URL()); err != nil {
		return "", fmt.Errorf("noting the address of the trial %s: %w", name, err)
	}
	return running.URL(), nil
}

// answerTime is how long a server that ought to be running may take to say so.
const answerTime = 2 * time.Second

func answersPostgres(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return false
	}
	return conn.Close(ctx) == nil
}

func answersRedis(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	client, err := dialogs.Connect(address, dialogs.ConnectOptions{})
	if err != nil {
		return false
	}
	defer func() { _ = client.Close() }()
	return client.Ping(ctx).Err() == nil
}

// keyEncryptionKey reads SECRET_KEY; a trial without one makes a key at its first start and keeps it.
func keyEncryptionKey(s *Settings, log *slog.Logger) (seal.KEK, error) {
	if s.SecretKey != "" {
		return seal.ParseKEK(s.SecretKey)
	}
	path := filepath.Join(s.DataDir, "secret.key")
	text, err := os.ReadFile(path)
	if err == nil {
		kek, err := seal.ParseKEK(string(text))
		if err != nil {
			return kek, fmt.Errorf("the trial's key in %s is damaged: %s", path, strings.TrimPrefix(err.Error(), "SECRET_KEY "))
		}
		return kek, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return seal.KEK{}, fmt.Errorf("reading the trial's key: %w", err)
	}
	if err := os.MkdirAll(s.DataDir, 0o711); err != nil {
		return seal.KEK{}, fmt.Errorf("making DATA_DIR: %w", err)
	}
	kek := seal.NewKEK()
	if err := writeWhole(path, kek.String()); err != nil {
		return kek, fmt.Errorf("keeping the trial's key: %w", err)
	}
	log.Info("made a key for the trial", "folder", s.DataDir)
	return kek, nil
}

// writeWhole writes a file that only this account reads, all of it or nothing.
func writeWhole(path, text string) error {
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
