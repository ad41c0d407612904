package dialogs

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"nagrik/store/embedded/testdb"
)

func TestMain(m *testing.M) {
	redis.SetLogger(clientLog{quietLog}) // some tests end their Redis
	os.Exit(testdb.Main(m, nil))
}

// hash is the keyed hash of the tests.
func hash(parts ...string) []byte {
	mac := hmac.New(sha256.New, []byte("a key of the tests"))
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return mac.Sum(nil)
}

// newToken is a token as the engine makes them: never the same twice.
func newToken() []byte { return binary.BigEndian.AppendUint64(nil, rand.Uint64()) }

// stateOf makes a state with a new token.
func stateOf(body string) []byte {
	return append(append([]byte{1}, newToken()...), body...)
}

func body(state []byte) string { return string(state[headSize:]) }

func connect(t testing.TB, url string) redis.UniversalClient {
	t.Helper()
	client, err := Connect(url, ConnectOptions{Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// quietLog is for tests in which something is meant to fail.
var quietLog = slog.New(slog.NewTextHandler(io.Discard, nil))

// onBoth runs a test on a real Redis and on miniredis.
func onBoth(t *testing.T, test func(t *testing.T, client redis.UniversalClient)) {
	t.Parallel()
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		test(t, connect(t, testdb.Redis(t)))
	})
	t.Run("miniredis", func(t *testing.T) {
		t.Parallel()
		test(t, connect(t, "redis://"+miniredis.RunT(t).Addr()))
	})
}

func newStore(t testing.TB, client redis.UniversalClient, o Options) *Store {
	t.Helper()
	o.Key = hash
	s := New(client, o)
	t.Cleanup(func() { s.Close(context.Background()) })
	return s
}

func load(t testing.TB, s *Store, chat string) []byte {
	t.Helper()
	state, err := s.Load(context.Background(), "telegram", chat)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return state
}

func save(t testing.TB, s *Store, chat string, old, state []byte, o SaveOptions) ([]byte, bool) {
	t.Helper()
	current, ok, err := s.Save(context.Background(), "telegram", chat, old, state, o)
	if err != nil {
		t.Fatalf("Save: %v", err)
	}
	return current, ok
}

func mustSave(t testing.TB, s *Store, chat string, old, state []byte, o SaveOptions) {
	t.Helper()
	if _, ok := save(t, s, chat, old, state, o); !ok {
		t.Fatal("Save found another state than expected")
	}
}

func TestADialogFromItsFirstTurnToItsLast(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		s, other := newStore(t, client, Options{}), newStore(t, client, Options{})
		if got := load(t, s, "7"); got != nil {
			t.Fatalf("a chat without a dialog has %q", got)
		}
		first, second := stateOf("पहला"), stateOf("दूसरा\x00\r\n")
		mustSave(t, s, "7", nil, first, SaveOptions{})
		for _, store := range []*Store{s, other} {
			if got := load(t, store, "7"); !bytes.Equal(got, first) {
				t.Errorf("loaded %q, want %q", got, first)
			}
		}
		mustSave(t, s, "7", Token(first), second, SaveOptions{})
		if got := load(t, s, "8"); got != nil {
			t.Errorf("another chat has %q", got)
		}

		// The other process still has the first state: it is told, and goes on from the second.
		if got := load(t, other, "7"); !bytes.Equal(got, first) {
			t.Fatalf("loaded %q, want the cached %q", got, first)
		}
		current, ok := save(t, other, "7", Token(first), stateOf("out of date"), SaveOptions{})
		if ok || !bytes.Equal(current, second) {
			t.Fatalf("a save on an old state gave %q, %v, want %q, false", current, ok, second)
		}
		if got := load(t, other, "7"); !bytes.Equal(got, second) {
			t.Errorf("after the conflict the cache has %q, want %q", got, second)
		}
		if _, ok := save(t, other, "7", nil, stateOf("new"), SaveOptions{}); ok {
			t.Error("a first save went over an existing dialog")
		}

		if _, ok := save(t, s, "7", Token(first), nil, SaveOptions{Delete: true}); ok {
			t.Error("a delete went over a newer state")
		}
		mustSave(t, s, "7", Token(second), nil, SaveOptions{Delete: true})
		mustSave(t, s, "7", Token(second), nil, SaveOptions{Delete: true}) // the answer came late
		if n := client.DBSize(t.Context()).Val(); n != 0 {
			t.Errorf("%d keys are left", n)
		}
		current, ok = save(t, other, "7", Token(second), stateOf("too late"), SaveOptions{})
		if ok || current != nil {
			t.Errorf("a save on a deleted dialog gave %q, %v, want nothing, false", current, ok)
		}
		if got := load(t, s, "7"); got != nil {
			t.Errorf("the deleted dialog is still there: %q", got)
		}
	})
}

// TestNoTurnIsLost lets goroutines of three processes count in one dialog, as
// button presses, messages and replicas do.
func TestNoTurnIsLost(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		const turns = 25
		var wg sync.WaitGroup
		for range 3 {
			s := newStore(t, client, Options{})
			for range 8 {
				wg.Go(func() {
					for range turns {
						state, err := s.Load(t.Context(), "whatsapp", "7")
						for ok := false; err == nil && !ok; {
							n := 0
							if state != nil {
								fmt.Sscan(body(state), &n)
							}
							state, ok, err = s.Save(t.Context(), "whatsapp", "7", Token(state), stateOf(fmt.Sprint(n+1)), SaveOptions{})
						}
						if err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
		}
		wg.Wait()
		state, err := newStore(t, client, Options{}).Load(t.Context(), "whatsapp", "7")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := body(state), fmt.Sprint(3*8*turns); got != want {
			t.Errorf("counted %s turns, want %s", got, want)
		}
	})
}

func TestASaveThatRunsTwiceIsOneSave(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		s := newStore(t, client, Options{})
		first, second := stateOf("1"), stateOf("2")
		for range 2 {
			mustSave(t, s, "7", nil, first, SaveOptions{})
		}
		for range 2 {
			mustSave(t, s, "7", Token(first), second, SaveOptions{})
		}
		if got := load(t, newStore(t, client, Options{}), "7"); !bytes.Equal(got, second) {
			t.Errorf("stored %q, want %q", got, second)
		}
	})
}

func TestScriptsThatRedisForgotAreSentAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		s := newStore(t, client, Options{})
		state := stateOf("1")
		mustSave(t, s, "7", nil, state, SaveOptions{})
		if err := client.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		next := stateOf("2")
		mustSave(t, s, "7", Token(state), next, SaveOptions{})
		if err := client.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		mustSave(t, s, "7", Token(next), nil, SaveOptions{Delete: true})
	})
}

func TestDialogsRunOut(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		s := newStore(t, client, Options{TTL: time.Hour})
		mustSave(t, s, "7", nil, stateOf("1"), SaveOptions{})
		if ttl := client.PTTL(t.Context(), s.name(s.key("telegram", "7"))).Val(); ttl > time.Hour || ttl < 50*time.Minute {
			t.Errorf("a dialog lives for %v, want an hour", ttl)
		}
	})
	t.Run("at once", func(t *testing.T) {
		server := miniredis.RunT(t)
		s := newStore(t, connect(t, "redis://"+server.Addr()), Options{TTL: time.Hour})
		state := stateOf("1")
		mustSave(t, s, "7", nil, state, SaveOptions{})
		server.FastForward(time.Hour)
		if got := load(t, s, "7"); !bytes.Equal(got, state) {
			t.Fatalf("the cache has %q", got)
		}
		if current, ok := save(t, s, "7", Token(state), stateOf("2"), SaveOptions{}); ok || current != nil {
			t.Errorf("a save on a dialog that ran out gave %q, %v, want nothing, false", current, ok)
		}
		if got := load(t, s, "7"); got != nil {
			t.Errorf("the dialog that ran out is still cached: %q", got)
		}
	})
}

func TestAFlushedRedisCostsDraftsAndNothingElse(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		s := newStore(t, client, Options{})
		state := stateOf("1")
		mustSave(t, s, "7", nil, state, SaveOptions{})
		if err := client.FlushDB(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		if current, ok := save(t, s, "7", Token(state), stateOf("2"), SaveOptions{}); ok || current != nil {
			t.Fatalf("gave %q, %v, want nothing, false", current, ok)
		}
		fresh := stateOf("new")
		mustSave(t, s, "7", nil, fresh, SaveOptions{})
		if got := load(t, s, "7"); !bytes.Equal(got, fresh) {
			t.Errorf("loaded %q, want %q", got, fresh)
		}
	})
}

func TestNothingInRedisNamesAChat(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	client := connect(t, testdb.Redis(t))
	s := newStore(t, client, Options{Backup: newShelf()})
	limiter := NewLimiter(client, hash)
	chats := []string{"5550001112", "919876543210", "-1001234567890"}
	for _, channel := range []string{"telegram", "whatsapp"} {
		for _, chat := range chats {
			if _, ok, err := s.Save(ctx, channel, chat, nil, stateOf("उत्तर"), SaveOptions{Copy: KeepCopy}); err != nil || !ok {
				t.Fatalf("Save: %v, %v", ok, err)
			}
			if _, err := limiter.Allow(ctx, PerGroup, channel, chat); err != nil {
				t.Fatal(err)
			}
		}
	}
	keys, err := client.Keys(ctx, "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 * 2 * len(chats); len(keys) != want {
		t.Errorf("%d keys, want %d", len(keys), want)
	}
	for _, k := range keys {
		if len(k) != 24 || !strings.HasPrefix(k, "d:") && !strings.HasPrefix(k, "l:") {
			t.Errorf("key %q is not a letter and 22 letters of hash", k)
		}
		v, err := client.Get(ctx, k).Result()
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range append(chats, "telegram", "whatsapp") {
			if strings.Contains(k+v, secret) {
				t.Errorf("%q names the chat %q", k, secret)
			}
		}
	}
}

func TestWrongCallsAreErrors(t *testing.T) {
	t.Parallel()
	client := connect(t, "redis://"+miniredis.RunT(t).Addr())
	s := newStore(t, client, Options{})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range map[string]func() error{
		"short state": func() error {
			_, _, err := s.Save(t.Context(), "web", "7", nil, []byte("12345678"), SaveOptions{})
			return err
		},
		"short token": func() error {
			_, _, err := s.Save(t.Context(), "web", "7", []byte("1"), stateOf(""), SaveOptions{})
			return err
		},
		"ended context, save": func() error {
			_, _, err := s.Save(ended, "web", "7", nil, stateOf(""), SaveOptions{})
			return err
		},
		"ended context, load": func() error { _, err := s.Load(ended, "web", "7"); return err },
	} {
		if call() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if n := client.DBSize(t.Context()).Val(); n != 0 {
		t.Errorf("%d keys were written", n)
	}
}

// TestARedisThatIsAwayIsAnError and neither a hang nor a wrong answer; when it
// is back, the next turn works.
func TestARedisThatIsAwayIsAnError(t *testing.T) {
	t.Parallel()
	server := miniredis.RunT(t)
	s := newStore(t, connect(t, "redis://"+server.Addr()), Options{})
	state, next := stateOf("1"), stateOf("2")
	mustSave(t, s, "7", nil, state, SaveOptions{})
	server.Close()
	if _, ok, err := s.Save(t.Context(), "telegram", "7", Token(state), next, SaveOptions{}); err == nil || ok {
		t.Errorf("Save without Redis gave %v, %v, want an error", ok, err)
	}
	if _, err := s.Load(t.Context(), "telegram", "7"); err == nil {
		t.Error("after a failed Save the cache still answers")
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, "7", Token(state), next, SaveOptions{})
	if got := load(t, s, "7"); !bytes.Equal(got, next) {
		t.Errorf("loaded %q, want %q", got, next)
	}
}

func TestADialogIsSmallInRedis(t *testing.T) {
	t.Parallel()
	client := connect(t, testdb.Redis(t))
	s := newStore(t, client, Options{})
	mustSave(t, s, "5550001112", nil, stateOf(strings.Repeat("क", 180)), SaveOptions{})
	used, err := client.MemoryUsage(t.Context(), s.name(s.key("telegram", "5550001112"))).Result()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("a state of %d bytes takes %d bytes of Redis", headSize+540, used)
	if used > 1000 {
		t.Errorf("a dialog takes %d bytes of Redis, want 1,000 at most", used)
	}
}
