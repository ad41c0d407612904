package flows

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"nagrik/bot"
	"nagrik/locales"
	"nagrik/store/dialogs"
	"nagrik/store/embedded/testdb"
)

// backup notes the service of the last copy; "" once it was dropped.
type backup struct {
	mu      sync.Mutex
	service string
}

func (b *backup) set(service string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.service = service
}

func (b *backup) Keep(_ context.Context, drafts []dialogs.Draft) error {
	b.set(drafts[len(drafts)-1].Service)
	return nil
}

func (b *backup) Drop(context.Context, [][]byte) error {
	b.set("")
	return nil
}

func (b *backup) Recall(context.Context, []byte) ([]byte, error) { return nil, nil }

// TestCopiesNameTheirService: the citizen is reminded of what they left unfinished, also where
// something else was begun after it.
func TestCopiesNameTheirService(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 14, 10, 30, 0, 0, locales.India)
	engine := newEngine(t, func() time.Time { return now })
	options, err := redis.ParseURL(testdb.Redis(t))
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })

	for i, talk := range []struct {
		says []string
		want string
	}{
		{[]string{"शिकायत"}, ""},
		{[]string{"शिकायत", "मारपीट"}, "complaint"},
		{[]string{"शिकायत", "मारपीट", "मेरे आवेदन"}, "complaint"},
		{[]string{"शिकायत", "मारपीट", "खोया सामान", "हाँ", "खो गया"}, "lost_property"},
		{[]string{"शिकायत", "मारपीट", "रद्द", "हाँ"}, ""},
	} {
		kept := &backup{}
		store := dialogs.New(client, dialogs.Options{
			Key: func(parts ...string) []byte { return fmt.Appendf(nil, "%016d%v", i, parts) }, Backup: kept, Quiet: time.Hour,
		})
		engine.Dialogs = redisDialogs{store}
		var last bot.Reply
		for n, words := range talk.says {
			m := bot.Message{ID: fmt.Sprint(i, n), Chat: bot.Chat{Channel: "telegram", ID: fmt.Sprint(i)}, Sender: fmt.Sprint(i), Text: words}
			if last, err = engine.Handle(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		if err := store.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if kept.service != talk.want {
			t.Errorf("after %q the copy is of %q, want %q; the bot said %q", talk.says, kept.service, talk.want, last.Text)
		}
	}
}
