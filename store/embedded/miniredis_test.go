package embedded

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
)

func TestMiniRedisKeepsKeysAndLetsThemExpire(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx := t.Context()
	start := func() (*Redis, *redis.Client) {
		t.Helper()
		r, err := startRedis(ctx, dir, "", Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = r.Stop(context.Background()) })
		if r.Kind() != MiniRedis {
			t.Fatalf("started a %s", r.Kind())
		}
		client, err := connectRedis(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		return r, client
	}
	type contents struct {
		String string
		Hash   map[string]string
		List   []string
		Set    []string
		Sorted []redis.Z
	}
	want := contents{
		String: "बिना\x00\xff", Hash: map[string]string{"token": "1", "भाषा": "hi"}, List: []string{"b", "a", "b"},
		Set: []string{"एक"}, Sorted: []redis.Z{{Score: 1.5, Member: "पहला"}, {Score: 2, Member: "दूसरा"}},
	}

	first, client := start()
	_, err := client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.Set(ctx, "string", want.String, time.Hour)
		pipe.HSet(ctx, "hash", want.Hash)
		pipe.RPush(ctx, "list", "b", "a", "b")
		pipe.SAdd(ctx, "set", "एक")
		pipe.ZAdd(ctx, "sorted", want.Sorted...)
		pipe.Set(ctx, "short", "1", 50*time.Millisecond)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if errors.Is(client.Get(ctx, "short").Err(), redis.Nil) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a key with a short life is still there")
		}
	}
	if err := first.Stop(ctx); err != nil {
		t.Fatal(err)
	}

	_, client = start()
	var got contents
	var errs [6]error
	got.String, errs[0] = client.Get(ctx, "string").Result()
	got.Hash, errs[1] = client.HGetAll(ctx, "hash").Result()
	got.List, errs[2] = client.LRange(ctx, "list", 0, -1).Result()
	got.Set, errs[3] = client.SMembers(ctx, "set").Result()
	got.Sorted, errs[4] = client.ZRangeWithScores(ctx, "sorted", 0, -1).Result()
	left, err := client.TTL(ctx, "string").Result()
	errs[5] = err
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after a restart (-want +got):\n%s", diff)
	}
	if left <= 0 || left > time.Hour {
		t.Errorf("the key with a life of an hour has %v left", left)
	}
	if forever, err := client.TTL(ctx, "hash").Result(); err != nil || forever != -1 {
		t.Errorf("the key without an end has %v left (%v)", forever, err)
	}
}

func TestMiniRedisNeedsItsPassword(t *testing.T) {
	t.Parallel()
	r, err := startRedis(t.Context(), t.TempDir(), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop(context.Background()) })
	options, err := redis.ParseURL(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	options.Password = ""
	client := redis.NewClient(options)
	defer func() { _ = client.Close() }()
	if err := client.Get(t.Context(), "anything").Err(); err == nil || errors.Is(err, redis.Nil) {
		t.Errorf("a stranger may read: %v", err)
	}
}

// TestForgetfulMiniRedis keeps nothing: no file, and nothing for the next start.
func TestForgetfulMiniRedis(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 2 {
		r, err := startRedis(t.Context(), dir, "", Options{Forgetful: true})
		if err != nil {
			t.Fatal(err)
		}
		client, err := connectRedis(r)
		if err != nil {
			t.Fatal(err)
		}
		if n := client.DBSize(t.Context()).Val(); n != 0 {
			t.Errorf("%d keys were kept", n)
		}
		if err := client.Set(t.Context(), "tip", "गुप्त", 0).Err(); err != nil {
			t.Fatal(err)
		}
		_ = client.Close()
		if err := r.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || files[0].Name() != "redis.lock" {
		t.Errorf("the folder has %v, %v", files, err)
	}
}
