package web_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"nagrik/bot/web"
)

// redisClient is for the server of the environment, or of a server that is started for these tests.
func redisClient(t testing.TB) redis.UniversalClient {
	t.Helper()
	url := os.Getenv("REDIS_URL")
	if url == "" {
		socket := filepath.Join(t.TempDir(), "redis.sock")
		server := exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--daemonize", "no")
		if err := server.Start(); err != nil {
			t.Fatalf("starting Redis (Debian's package is redis-server): %v", err)
		}
		t.Cleanup(func() {
			server.Process.Kill()
			server.Wait()
		})
		wait(t, "Redis", func() bool {
			_, err := os.Stat(socket)
			return err == nil
		})
		url = "unix://" + socket
	}
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { client.Close() })
	return client
}

// TestMailbox holds for the mailbox on Redis and for the one that the other tests use. Two
// mailboxes stand for two replicas.
func TestMailbox(t *testing.T) {
	t.Parallel()
	client := redisClient(t)
	name := "test" + rand.Text()
	one, other := web.NewRedisMailbox(client, name), web.NewRedisMailbox(client, name)
	t.Cleanup(func() {
		one.Close()
		other.Close()
	})
	inMemory := newMemory()
	for kind, pair := range map[string][2]web.Mailbox{"redis": {one, other}, "memory": {inMemory, inMemory}} {
		t.Run(kind, func(t *testing.T) { testMailbox(t, pair[0], pair[1]) })
	}
}

func testMailbox(t *testing.T, one, other web.Mailbox) {
	ctx := t.Context()
	after := func(chat, id string) []web.Item {
		t.Helper()
		items, err := other.After(ctx, chat, id)
		if err != nil {
			t.Fatal(err)
		}
		return items
	}
	put := func(chat, m string) string {
		t.Helper()
		id, err := one.Put(ctx, chat, []byte(m))
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	if got := after("a", ""); len(got) != 0 {
		t.Errorf("an empty mailbox has %d notices", len(got))
	}
	first := put("a", "पहली")
	put("b", "किसी और की")
	second := put("a", "दूसरी")
	if got := after("a", ""); len(got) != 2 || got[0].ID != first || string(got[0].Data) != "पहली" || got[1].ID != second {
		t.Errorf("all: %v", got)
	}
	if got := after("a", first); len(got) != 1 || got[0].ID != second {
		t.Errorf("after the first: %v", got)
	}
	if got := after("a", second); len(got) != 0 {
		t.Errorf("after the last: %v", got)
	}
	if got := after("a", "- +; FLUSHALL"); len(got) != 2 {
		t.Errorf("after something that is no id: %v", got)
	}

	// A watcher at one replica wakes for what is put at the other, and for its own chat only.
	wake, end := other.Watch("w")
	stranger, endStranger := other.Watch("s")
	defer endStranger()
	settle(other)
	for len(stranger) > 0 {
		<-stranger
	}
	for len(wake) > 0 {
		<-wake
	}
	put("w", "x")
	select {
	case <-wake:
	case <-time.After(30 * time.Second):
		t.Fatal("the watcher was not woken")
	}
	if len(stranger) > 0 {
		t.Error("another chat's watcher was woken")
	}
	end()
	put("w", "y")

	// The oldest notices make room.
	for i := range 60 {
		put("full", fmt.Sprint(i))
	}
	if got := after("full", ""); len(got) != 50 || string(got[0].Data) != "10" {
		t.Errorf("%d notices are kept", len(got))
	}

	if err := one.Keep(ctx, "a", "k", []byte{0, 1}, time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ chat, key, want string }{{"a", "k", "\x00\x01"}, {"b", "k", ""}, {"a", "l", ""}} {
		got, err := other.Kept(ctx, test.chat, test.key)
		if err != nil || string(got) != test.want || (test.want == "") != (got == nil) {
			t.Errorf("kept for %s under %s: %q, %v", test.chat, test.key, got, err)
		}
	}
}

// settle waits until a mailbox hears what is put: its subscription takes a moment to stand.
func settle(m web.Mailbox) {
	wake, end := m.Watch("settle")
	defer end()
	for {
		m.Put(context.Background(), "settle", nil)
		select {
		case <-wake:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// What is put has an end, so that Redis does not fill up.
func TestMailboxForgets(t *testing.T) {
	t.Parallel()
	client := redisClient(t)
	name := "test" + rand.Text()
	m := web.NewRedisMailbox(client, name)
	defer m.Close()
	ctx := t.Context()
	_, err1 := m.Put(ctx, "a", []byte("x"))
	err2 := m.Keep(ctx, "a", "k", []byte("x"), time.Hour)
	if err := cmp.Or(err1, err2); err != nil {
		t.Fatal(err)
	}
	keys, err := client.Keys(ctx, "chat:"+name+":*").Result()
	if err != nil || len(keys) != 2 {
		t.Fatalf("keys %v, %v", keys, err)
	}
	for _, key := range keys {
		if left, err := client.TTL(ctx, key).Result(); err != nil || left <= 0 || left > 8*24*time.Hour {
			t.Errorf("%s stays for %v, %v", key, left, err)
		}
	}
}

// When Redis is away, a turn fails as a whole, and the stream ends so that the page comes again.
func TestMailboxAway(t *testing.T) {
	t.Parallel()
	nowhere := redis.NewClient(&redis.Options{Addr: filepath.Join(t.TempDir(), "none.sock"), Network: "unix", MaxRetries: -1})
	m := web.NewRedisMailbox(nowhere, "web")
	defer m.Close()
	c := newChat(t, func(o *web.Options) { o.Mailbox = m })
	for _, path := range []string{"/", "/file/x"} {
		v := visitor(t)
		mustGet(t, v, c.srv.URL) // for the cookie
		if r := mustGet(t, v, c.srv.URL+path); r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %s", path, r.Status)
		} else {
			contains(t, path, readAll(t, r.Body), "कुछ देर बाद फिर आएँ")
		}
	}
}
