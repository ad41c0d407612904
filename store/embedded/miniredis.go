package embedded

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/gob"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

const (
	clockTick     = 100 * time.Millisecond
	snapshotEvery = 5 * time.Second
)

// startMini starts miniredis, which neither lets keys expire nor keeps anything by itself: here it gets a clock, and a
// snapshot at the given path every few seconds and at the end; "" means none.
func startMini(ctx context.Context, path string, o Options) (*Redis, error) {
	server := miniredis.NewMiniRedis()
	if err := server.Start(); err != nil {
		return nil, err
	}
	password := rand.Text() // it listens on a port, which every account of the machine can reach
	server.RequireAuth(password)
	client := redis.NewClient(&redis.Options{Addr: server.Addr(), Password: password})
	if err := loadSnapshot(ctx, client, path); err != nil {
		_ = client.Close()
		server.Close()
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}

	stopping, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(clockTick)
		defer tick.Stop()
		last, saved := time.Now(), time.Now()
		for {
			select {
			case <-stopping:
				return
			case now := <-tick.C:
				server.FastForward(now.Sub(last))
				last = now
				if path == "" || now.Sub(saved) < snapshotEvery {
					continue
				}
				saved = now
				if err := saveSnapshot(context.Background(), client, path); err != nil {
					o.log().Error("the trial Redis could not write its snapshot", "error", err)
				}
			}
		}
	}()
	o.log().Warn("trial Redis in memory, for one process only, because redis-server is not installed", "kind", MiniRedis, "snapshot", path)
	return &Redis{
		kind: MiniRedis,
		url:  (&url.URL{Scheme: "redis", User: url.UserPassword("", password), Host: server.Addr()}).String(),
		end: func(ctx context.Context) error {
			close(stopping)
			<-ended
			var err error
			if path != "" {
				err = saveSnapshot(ctx, client, path)
			}
			err = errors.Join(err, client.Close())
			server.Close()
			return err
		},
	}, nil
}

// snapshot is what is kept of miniredis: every key of database 0 that is no stream. Whatever goes into a stream must
// be in Postgres too.
type snapshot struct {
	Strings map[string]string
	Hashes  map[string]map[string]string
	Lists   map[string][]string
	Sets    map[string][]string
	Sorted  map[string][]redis.Z // members are strings
	Expires map[string]time.Time // of the keys that expire
}

func init() { gob.Register("") } // the members of a sorted set are of type any

// saveSnapshot writes all keys to path. Each key is read by one command, so it is whole; two keys may be of slightly
// different moments.
func saveSnapshot(ctx context.Context, client *redis.Client, path string) error {
	s := snapshot{
		Strings: map[string]string{}, Hashes: map[string]map[string]string{}, Lists: map[string][]string{},
		Sets: map[string][]string{}, Sorted: map[string][]redis.Z{}, Expires: map[string]time.Time{},
	}
	keys := client.Scan(ctx, 0, "*", 1000).Iterator()
	for keys.Next(ctx) {
		if err := s.read(ctx, client, keys.Val()); err != nil {
			return err
		}
	}
	if err := keys.Err(); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(s); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", out.Bytes(), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func (s *snapshot) read(ctx context.Context, client *redis.Client, key string) error {
	kind, err := client.Type(ctx, key).Result()
	if err != nil {
		return err
	}
	switch kind {
	case "string":
		var value string
		if value, err = client.Get(ctx, key).Result(); err == nil {
			s.Strings[key] = value
		}
	case "hash":
		s.Hashes[key], err = client.HGetAll(ctx, key).Result()
	case "list":
		s.Lists[key], err = client.LRange(ctx, key, 0, -1).Result()
	case "set":
		s.Sets[key], err = client.SMembers(ctx, key).Result()
	case "zset":
		s.Sorted[key], err = client.ZRangeWithScores(ctx, key, 0, -1).Result()
	}
	if errors.Is(err, redis.Nil) {
		return nil // it went away meanwhile
	}
	if err != nil {
		return err
	}
	left, err := client.PTTL(ctx, key).Result()
	if err == nil && left > 0 {
		s.Expires[key] = time.Now().Add(left)
	}
	return err
}

// loadSnapshot fills an empty server from path; no file means nothing to load.
func loadSnapshot(ctx context.Context, client *redis.Client, path string) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var s snapshot
	if err := gob.NewDecoder(bytes.NewReader(text)).Decode(&s); err != nil {
		return err
	}
	_, err = client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for key, value := range s.Strings {
			pipe.Set(ctx, key, value, 0)
		}
		for key, fields := range s.Hashes {
			if len(fields) > 0 {
				pipe.HSet(ctx, key, fields)
			}
		}
		for key, items := range s.Lists {
			for _, item := range items {
				pipe.RPush(ctx, key, item)
			}
		}
		for key, members := range s.Sets {
			for _, member := range members {
				pipe.SAdd(ctx, key, member)
			}
		}
		for key, members := range s.Sorted {
			if len(members) > 0 {
				pipe.ZAdd(ctx, key, members...)
			}
		}
		for key, at := range s.Expires {
			pipe.PExpire(ctx, key, max(time.Until(at), time.Millisecond))
		}
		return nil
	})
	return err
}
