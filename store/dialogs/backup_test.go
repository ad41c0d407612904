package dialogs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
)

// shelf is a Backup in memory.
type shelf struct {
	mu     sync.Mutex
	drafts map[string]Draft
	drops  int
	fail   error
}

func newShelf() *shelf { return &shelf{drafts: make(map[string]Draft)} }

func (s *shelf) Keep(_ context.Context, drafts []Draft) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	for _, d := range drafts {
		s.drafts[string(d.Key)] = d
	}
	return nil
}

func (s *shelf) Recall(_ context.Context, key []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drafts[string(key)].State, s.fail
}

func (s *shelf) Drop(_ context.Context, keys [][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	for _, k := range keys {
		delete(s.drafts, string(k))
		s.drops++
	}
	return nil
}

func (s *shelf) setFail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

func (s *shelf) kept(k key) (Draft, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.drafts[string(k[:])]
	return d, ok
}

func (s *shelf) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.drafts)
}

// allNewest is a Redis in which no other process goes on with a chat.
func allNewest(_ context.Context, ks []key, _ [][]byte) ([]bool, error) {
	same := make([]bool, len(ks))
	for i := range same {
		same[i] = true
	}
	return same, nil
}

func draftOf(body string) Draft {
	return Draft{Channel: "telegram", Chat: "7", State: stateOf(body)}
}

func TestAQuietDraftIsCopiedAndAFinishedOneDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newShelf()
		c := newCopies(b, time.Minute, allNewest, quietLog)
		defer c.close(t.Context())
		k := key{7}

		c.touch(k, draftOf("1"), KeepCopy)
		time.Sleep(40 * time.Second)
		c.touch(k, draftOf("2"), KeepCopy) // still talking
		time.Sleep(40 * time.Second)
		synctest.Wait()
		if b.len() != 0 {
			t.Fatal("a draft was copied while the citizen was at it")
		}
		c.touch(k, draftOf("a tip"), NoCopy)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		d, ok := b.kept(k)
		if !ok || body(d.State) != "2" || d.Channel != "telegram" || d.Chat != "7" {
			t.Fatalf("copied %v %q of chat %s, want the last draft", ok, d.State, d.Chat)
		}

		c.touch(k, draftOf("done"), DropCopy)
		c.mu.Lock()
		if w := c.order.Front().Value.(*waiting); w.draft.State != nil || w.draft.Chat != "" {
			t.Error("a finished dialog waits with its content")
		}
		c.mu.Unlock()
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if b.len() != 0 || c.kept.Load() != 1 || c.dropped.Load() != 1 {
			t.Errorf("%d copies, kept %d, dropped %d, want 0, 1, 1", b.len(), c.kept.Load(), c.dropped.Load())
		}
	})
}

func TestABackupThatFailsGetsTheDraftsLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newShelf()
		c := newCopies(b, time.Minute, allNewest, quietLog)
		defer c.close(t.Context())
		b.setFail(errors.New("the database is away"))
		for i := range 2*copyBatch + 1 {
			c.touch(key{byte(i), byte(i >> 8)}, draftOf(fmt.Sprint(i)), KeepCopy)
		}
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if b.len() != 0 {
			t.Fatal("a failing Backup keeps drafts")
		}
		b.setFail(nil)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if got, want := b.len(), 2*copyBatch+1; got != want || c.lost.Load() != 0 {
			t.Errorf("%d drafts were copied, %d lost, want %d and 0", got, c.lost.Load(), want)
		}
	})
}

func TestWaitingDraftsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newShelf()
		c := newCopies(b, time.Hour, allNewest, quietLog)
		c.max = 100
		for i := range 101 {
			c.touch(key{byte(i)}, draftOf(fmt.Sprint(i)), KeepCopy)
		}
		synctest.Wait()
		if got := b.len(); got < 26 {
			t.Errorf("%d of 101 drafts were handed over before their time, want the 26 oldest", got)
		}
		if _, ok := b.kept(key{0}); !ok {
			t.Error("the oldest draft is still waiting")
		}

		b.setFail(errors.New("the database is away"))
		for i := range 1000 {
			c.touch(key{1, byte(i), byte(i >> 8)}, draftOf(fmt.Sprint(i)), KeepCopy)
		}
		synctest.Wait()
		c.mu.Lock()
		if n := len(c.waiting); n > 200 || n != c.order.Len() {
			t.Errorf("%d drafts wait (%d in order), want 200 at most", n, c.order.Len())
		}
		c.mu.Unlock()
		if c.lost.Load() == 0 {
			t.Error("drafts were given up and not counted")
		}
		b.setFail(nil)
		if err := c.close(t.Context()); err != nil || len(c.waiting) != 0 {
			t.Errorf("closing left %d drafts: %v", len(c.waiting), err)
		}
		if err := c.close(t.Context()); err != nil {
			t.Errorf("closing twice: %v", err)
		}
	})
}

func TestADraftSurvivesRedis(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		b := newShelf()
		s := newStore(t, client, Options{Backup: b, Log: quietLog})
		draft, finished, tip := stateOf("draft"), stateOf("done"), stateOf("secret")
		mustSave(t, s, "7", nil, draft, SaveOptions{Copy: KeepCopy})
		mustSave(t, s, "8", nil, finished, SaveOptions{Copy: DropCopy})
		mustSave(t, s, "9", nil, tip, SaveOptions{})
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if b.len() != 1 || b.drops != 1 {
			t.Fatalf("%d copies and %d drops, want 1 and 1", b.len(), b.drops)
		}
		if err := client.FlushDB(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}

		// This process still has the state and learns from its save that Redis does not.
		current, ok := save(t, s, "7", Token(draft), stateOf("next"), SaveOptions{})
		if ok || !bytes.Equal(current, draft) {
			t.Fatalf("gave %q, %v, want the recalled draft, false", current, ok)
		}
		mustSave(t, s, "7", Token(current), stateOf("next"), SaveOptions{})
		if err := client.FlushDB(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}

		// Another one has nothing.
		other := newStore(t, client, Options{Backup: b, Log: quietLog})
		if got := load(t, other, "7"); !bytes.Equal(got, draft) {
			t.Fatalf("loaded %q, want the recalled draft", got)
		}
		mustSave(t, other, "7", Token(draft), stateOf("next"), SaveOptions{})
		for _, chat := range []string{"8", "9"} {
			if got := load(t, other, chat); got != nil {
				t.Errorf("chat %s came back as %q", chat, got)
			}
		}
		if got := other.Stats(); got.Restored != 1 || got.Conflicts != 0 {
			t.Errorf("stats %+v, want one restored and no conflict", got)
		}

		// A Backup that is away does not keep a new dialog from beginning.
		b.setFail(errors.New("the database is away"))
		if got := load(t, other, "10"); got != nil {
			t.Errorf("loaded %q", got)
		}
		mustSave(t, other, "10", nil, stateOf("1"), SaveOptions{})
	})
}

// TestAnOldDraftNeverReplacesANewerOne when a citizen's turns went to two
// processes and the one with the older state is the later to copy it.
func TestAnOldDraftNeverReplacesANewerOne(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		b := newShelf()
		one, two := newStore(t, client, Options{Backup: b}), newStore(t, client, Options{Backup: b})
		older, newer, done := stateOf("older"), stateOf("newer"), stateOf("done")
		mustSave(t, one, "7", nil, older, SaveOptions{Copy: KeepCopy})
		mustSave(t, two, "7", Token(older), newer, SaveOptions{Copy: KeepCopy})
		mustSave(t, one, "8", nil, older, SaveOptions{Copy: KeepCopy})
		mustSave(t, two, "8", Token(older), done, SaveOptions{Copy: DropCopy})
		for _, s := range []*Store{two, one} {
			if err := s.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if d, _ := b.kept(one.key("telegram", "7")); !bytes.Equal(d.State, newer) {
			t.Errorf("the copy is %q, want %q", d.State, newer)
		}
		if _, ok := b.kept(one.key("telegram", "8")); ok {
			t.Error("a finished dialog has a copy")
		}
	})
}
