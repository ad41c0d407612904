package telegram_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/telegram"
	"nagrik/bot/telegram/telegramtest"
)

// polls are the offsets of getUpdates so far.
func polls(s *telegramtest.Server) (offsets []int64) {
	for _, c := range s.Calls() {
		if c.Method == "getupdates" {
			n, _ := strconv.ParseInt(c.Params["offset"], 10, 64)
			offsets = append(offsets, n)
		}
	}
	return offsets
}

// TestPollOrder: one chat's updates are handled in order, different chats' at once.
func TestPollOrder(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{})
	a, b := l.server.Person(1, "क"), l.server.Person(2, "ख")
	release := make(chan struct{})
	var mu sync.Mutex
	var order []string
	l.poll(func(ctx context.Context, m bot.Message) (bot.Reply, error) {
		if m.Text == "1" && m.Chat.ID == "1" {
			select { // until the other chat was handled
			case <-release:
			case <-ctx.Done():
				return bot.Reply{}, ctx.Err()
			}
		}
		mu.Lock()
		order = append(order, m.Chat.ID+"."+m.Text)
		mu.Unlock()
		return bot.Reply{Text: "ठीक " + m.Text}, nil
	})
	for i := range 5 {
		a.Say(strconv.Itoa(i + 1))
	}
	b.Say("1")
	l.wait(b, "ठीक 1")
	b.Say("2") // arrives while the first chat is still at its first
	l.wait(b, "ठीक 2")
	close(release)
	l.until("the first chat is through", func() bool { return len(a.Inbox()) == 5 })
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"2.1", "2.2", "1.1", "1.2", "1.3", "1.4", "1.5"}; !slices.Equal(order, want) {
		t.Errorf("the order is %q, want %q", order, want)
	}
}

// TestPollOffset: no update is confirmed before the work of it and of all before it is done.
func TestPollOffset(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{})
	slow, quick := l.server.Person(1, "क"), l.server.Person(2, "ख")
	release := make(chan struct{})
	stop := l.poll(func(ctx context.Context, m bot.Message) (bot.Reply, error) {
		if m.Chat.ID == "1" {
			select {
			case <-release:
			case <-ctx.Done():
				return bot.Reply{}, ctx.Err()
			}
		}
		return bot.Reply{Text: "ठीक"}, nil
	})
	quick.Say("पहले")
	l.wait(quick, "ठीक")
	stuck := slow.Say("धीरे")
	for range 3 {
		quick.Say("और")
		l.wait(quick, "ठीक")
	}
	for _, offset := range polls(l.server) {
		if offset > stuck {
			t.Fatalf("offset %d confirms update %d, whose work is not done", offset, stuck)
		}
	}
	if l.server.Waiting() < 1 {
		t.Error("the slow update is not waiting any more")
	}
	close(release)
	l.until("all is confirmed", func() bool { return l.server.Waiting() == 0 })
	if err := stop(); err != nil {
		t.Error(err)
	}
	if n := len(quick.Inbox()); n != 4 {
		t.Errorf("%d answers instead of 4: an update was handled twice", n)
	}
}

// TestPollStop: stopping finishes the turn under way, confirms it, and begins no other.
func TestPollStop(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{})
	p := l.server.Person(1, "क")
	began, release := make(chan struct{}), make(chan struct{})
	stop := l.poll(func(ctx context.Context, m bot.Message) (bot.Reply, error) {
		if m.Text != "पहला" {
			t.Error("a turn was begun while stopping")
		}
		close(began)
		<-release
		return bot.Reply{Text: "ठीक"}, ctx.Err()
	})
	p.Say("पहला")
	second := p.Say("दूसरा")
	<-began
	go func() {
		time.Sleep(20 * time.Millisecond) // lets the stop come first; the other order is right too, and shorter
		close(release)
	}()
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if len(p.Inbox()) != 1 {
		t.Errorf("%d answers", len(p.Inbox()))
	}
	if d, _ := l.server.Delivery(second); l.server.Waiting() != 1 || !d.Accepted.IsZero() {
		t.Errorf("%d updates wait, the second was accepted at %v", l.server.Waiting(), d.Accepted)
	}
}

// TestPollTakesWebhookAway: a webhook that is still set would keep every poll from working.
func TestPollTakesWebhookAway(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{})
	if err := l.channel.SetWebhook(l.ctx, "http://127.0.0.1:1", secret, 0); err != nil {
		t.Fatal(err)
	}
	p := l.server.Person(1, "क")
	p.Say("हाँ") // waits at Telegram and is kept
	l.until("the webhook fails", func() bool { return l.server.Count("failed") > 1 })
	if waiting, failed, err := l.channel.Backlog(l.ctx); err != nil || waiting != 1 || failed.IsZero() {
		t.Errorf("%d wait, failed %v, error %v", waiting, failed, err)
	}
	l.poll(func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{Text: "ठीक"}, nil })
	l.wait(p, "ठीक")
}

// TestPollToken: with a token that Telegram does not know there is no point in going on.
func TestPollToken(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{})
	for _, token := range []string{"1000042:wrong", "nonsense"} {
		c, err := telegram.New(token, l.server.URL, telegram.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Poll(l.ctx, nil); !errors.Is(err, telegram.ErrToken) {
			t.Errorf("polling with %s: %v", token, err)
		}
		if _, err := c.Username(l.ctx); err == nil {
			t.Errorf("%s has a user name", token)
		}
	}
	if _, err := telegram.New(" ", "", telegram.Options{}); err == nil {
		t.Error("an empty token is taken")
	}
}

// api is a Bot API whose getUpdates is a function of the offset; "" holds the call.
func api(t *testing.T, answer func(offset int64) string) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/getUpdates") {
			_, _ = w.Write([]byte(`{"ok":true,"result":true}`))
			return
		}
		var p struct {
			Offset  int64    `json:"offset"`
			Timeout int      `json:"timeout"`
			Allowed []string `json:"allowed_updates"`
		}
		if err := json.NewDecoder(r.Body).Decode(&p); err != nil || !slices.Equal(p.Allowed, []string{"message", "callback_query", "my_chat_member"}) {
			t.Errorf("getUpdates with %+v, %v", p, err)
		}
		got := answer(p.Offset)
		if got == "" && p.Timeout > 0 {
			<-r.Context().Done()
			return
		}
		if got == "" {
			got = `{"ok":true,"result":[]}`
		}
		_, _ = w.Write([]byte(got))
	}))
	t.Cleanup(s.Close)
	return s
}

// TestPollTrouble: a conflict, a proxy's page, a cut answer and an unreadable update pass, and no
// update is lost or done twice over them. Telegram's counting anew is no trouble either.
func TestPollTrouble(t *testing.T) {
	t.Parallel()
	update := func(id, text string) string {
		return `{"update_id":` + id + `,"message":{"message_id":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"text":"` + text + `"}}`
	}
	none, times := `{"ok":true,"result":[]}`, map[int64]int{}
	confirmed := make(chan struct{})
	var mu sync.Mutex
	s := api(t, func(offset int64) string {
		mu.Lock()
		defer mu.Unlock()
		times[offset]++
		switch n := times[offset]; {
		case offset == 0 && n == 1:
			return `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}`
		case offset == 0 && n == 2, offset == 900:
			return `{"ok":true,"result":[` + update("900", "एक") + `,{"update_id":901,"message":7},` + update("902", "दो") + `]}`
		case offset == 901, offset == 902:
			return `{"ok":true,"result":[` + update("902", "दो") + `]}`
		case offset == 903: // confirms all
			return none
		case offset == 0 && times[18] == 0, offset == 17: // Telegram counts anew
			return `{"ok":true,"result":[` + update("17", "तीन") + `]}`
		case offset == 18 && n == 1:
			close(confirmed)
			return none
		}
		return ""
	})
	l := &line{t: t, logs: &logs{}}
	var cancel context.CancelFunc
	l.ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	var err error
	if l.channel, err = telegram.New("1:x", s.URL, telegram.Options{}); err != nil {
		t.Fatal(err)
	}
	var got []string
	stop := l.poll(func(_ context.Context, m bot.Message) (bot.Reply, error) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, m.ID+m.Text)
		return bot.Reply{}, nil
	})
	select {
	case <-confirmed:
	case <-l.ctx.Done():
		t.Fatal("the last update is not confirmed")
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"u900एक", "u902दो", "u17तीन"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
