package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/telegram"
	"nagrik/bot/telegram/telegramtest"
)

const secret = "a-secret_of-64-letters"

// line is a bot on a fake Telegram, by webhook or by polling.
type line struct {
	t       *testing.T
	ctx     context.Context
	server  *telegramtest.Server
	channel *telegram.Channel
	logs    *logs
}

// logs collects what is logged.
type logs struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newLine(t *testing.T, cfg telegramtest.Config) *line {
	t.Helper()
	s, err := telegramtest.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	l := &line{t: t, server: s, logs: &logs{}}
	var cancel context.CancelFunc
	l.ctx, cancel = context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	l.channel, err = telegram.New(s.Token(), s.URL, telegram.Options{Log: slog.New(slog.NewTextHandler(l.logs, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// webhook has updates posted to a handler.
func (l *line) webhook(h bot.Handler) {
	l.t.Helper()
	web := httptest.NewServer(l.channel.Webhook(secret, h))
	l.t.Cleanup(web.Close)
	// The path is the mux's business in the program; here every path is the webhook.
	if err := l.channel.SetWebhook(l.ctx, web.URL, secret, 0); err != nil {
		l.t.Fatal(err)
	}
}

// poll polls until the returned function is called; it gives Poll's error.
func (l *line) poll(h bot.Handler) (stop func() error) {
	ctx, cancel := context.WithCancel(l.ctx)
	ended := make(chan error, 1)
	go func() { ended <- l.channel.Poll(ctx, h) }()
	var once sync.Once
	var err error
	stop = func() error {
		once.Do(func() { cancel(); err = <-ended })
		return err
	}
	l.t.Cleanup(func() { _ = stop() })
	return stop
}

// both runs a test by webhook and by polling.
func both(t *testing.T, cfg telegramtest.Config, h func(*line) bot.Handler, test func(*line)) {
	t.Run("webhook", func(t *testing.T) {
		t.Parallel()
		l := newLine(t, cfg)
		l.webhook(h(l))
		test(l)
	})
	t.Run("polling", func(t *testing.T) {
		t.Parallel()
		l := newLine(t, cfg)
		l.poll(h(l))
		test(l)
	})
}

func always(h bot.Handler) func(*line) bot.Handler { return func(*line) bot.Handler { return h } }

// until waits for something to become true.
func (l *line) until(what string, true func() bool) {
	l.t.Helper()
	for !true() {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-l.ctx.Done():
			l.t.Fatalf("waited in vain for: %s", what)
		}
	}
}

func (l *line) wait(p interface {
	Wait(context.Context, string) (telegramtest.Message, error)
}, text string,
) telegramtest.Message {
	l.t.Helper()
	m, err := p.Wait(l.ctx, text)
	if err != nil {
		l.t.Fatal(err)
	}
	return m
}

func press(t *testing.T, p *telegramtest.Person, label string) int64 {
	t.Helper()
	id, err := p.Press(label)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestDialog goes through what a citizen does in a dialog: a question in bold with buttons, a tap,
// the contact, a place, and the end.
func TestDialog(t *testing.T) {
	t.Parallel()
	const question = "नमस्ते 🙏\nआप क्या करना चाहते हैं?"
	both(t, telegramtest.Config{}, always(func(_ context.Context, m bot.Message) (bot.Reply, error) {
		switch {
		case m.Start == "station_7":
			return bot.Reply{
				Text: question, Strong: bot.Span{Start: strings.Index(question, "आप"), End: len(question)},
				Options: []bot.Option{{Data: "lost", Label: "खोई चीज़"}, {Data: "status", Label: "मेरा आवेदन"}},
				Ways:    []bot.Option{{Data: "help", Label: "मदद"}},
			}, nil
		case m.Tap == "lost":
			return bot.Reply{
				Text: "अपना नंबर भेजिए।", Want: bot.WantContact, Words: bot.Words{Want: "📱 अपना नंबर भेजें"},
				Ways: []bot.Option{{Data: "back", Label: "पीछे"}}, Toast: "ठीक है",
			}, nil
		case m.Phone != "":
			return bot.Reply{Text: "आपका नंबर " + m.Phone + " है। जगह भेजिए।", Want: bot.WantPlace, Words: bot.Words{Want: "📍 जगह भेजें"}}, nil
		case m.Place != nil:
			return bot.Reply{Text: fmt.Sprintf("जगह %.4f, %.4f", m.Place.Lat, m.Place.Lng), Clear: true}, nil
		}
		return bot.Reply{Text: "समझ नहीं आया: " + m.Text}, nil
	}), func(l *line) {
		p := l.server.Person(77001, "राजेश")
		p.Say("/start station_7")
		first := l.wait(p, "नमस्ते")
		if first.Bold != "आप क्या करना चाहते हैं?" {
			l.t.Errorf("bold is %q", first.Bold)
		}
		if got, want := first.Labels(), []string{"खोई चीज़", "मेरा आवेदन", "मदद"}; !slices.Equal(got, want) {
			l.t.Errorf("buttons are %q, want %q", got, want)
		}
		press(l.t, p, "खोई चीज़")
		l.wait(p, "अपना नंबर")
		l.until("the tap is answered", func() bool { return slices.Equal(p.Toasts(), []string{"ठीक है"}) })
		if k := p.Keyboard(); len(k) != 2 || !k[0][0].Contact || k[1][0].Text != "पीछे" {
			l.t.Errorf("keyboard is %+v", k)
		}
		press(l.t, p, "अपना नंबर")
		l.wait(p, "आपका नंबर +919800077001 है")
		press(l.t, p, "जगह")
		l.wait(p, "जगह 25.6093, 85.1376")
		if k := p.Keyboard(); k != nil {
			l.t.Errorf("a keyboard is left: %+v", k)
		}
	})
}

// TestReplyRides holds the promise that a turn by webhook makes no call of its own.
func TestReplyRides(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{})
	l.webhook(func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{Text: "ठीक"}, nil })
	p := l.server.Person(1, "क")
	for range 5 {
		p.Say("हाँ")
		if m := l.wait(p, "ठीक"); !m.Rode {
			t.Error("the reply came by a call")
		}
	}
	for _, c := range l.server.Calls() {
		if c.Method != "getme" && c.Method != "setwebhook" && !c.Rode {
			t.Errorf("there was a call of %s", c.Method)
		}
	}
}

// TestToastAloneRides: a tap that is answered by a toast only needs no call either.
func TestToastAloneRides(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{})
	l.webhook(func(_ context.Context, m bot.Message) (bot.Reply, error) {
		if m.Tap != "" {
			return bot.Reply{Toast: "यह बटन पुराना है"}, nil
		}
		return bot.Reply{Text: "चुनिए", Options: []bot.Option{{Data: "a", Label: "हाँ"}}}, nil
	})
	p := l.server.Person(1, "क")
	p.Say("/start")
	l.wait(p, "चुनिए")
	press(t, p, "हाँ")
	l.until("the toast", func() bool { return slices.Equal(p.Toasts(), []string{"यह बटन पुराना है"}) })
	if n := l.server.Count("answercallbackquery:rode"); n != 1 {
		t.Errorf("%d toasts rode", n)
	}
}

// TestOrderOfParts: a long answer arrives in order, files before the last text, buttons at the end.
func TestOrderOfParts(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("यह एक लंबा वाक्य है। ", 300))
	both(t, telegramtest.Config{}, always(func(_ context.Context, m bot.Message) (bot.Reply, error) {
		r := bot.Reply{Text: long + "\n\nअंत", Options: []bot.Option{{Data: "a", Label: "आगे"}}}
		switch m.Text {
		case "album":
			r.Photos = []bot.Paper{{Name: "1.jpg", Data: []byte("one")}, {Name: "2.jpg", Data: []byte("two")}}
		case "receipt":
			r.Text, r.Strong = "आपकी रसीद", bot.Span{Start: 0, End: len("आपकी")}
			r.Document = &bot.Paper{Name: "रसीद.pdf", MIME: "application/pdf", Data: []byte("%PDF-1.7")}
		}
		return r, nil
	}), func(l *line) {
		p := l.server.Person(5, "क")
		p.Say("long")
		last := l.wait(p, "अंत")
		if got := p.Inbox(); len(got) != 2 || len(got[0].Buttons) != 0 || len(last.Buttons) != 1 {
			l.t.Errorf("%d messages, %d buttons on the last", len(got), len(last.Buttons))
		}
		p.Say("album")
		l.wait(p, "अंत")
		got := p.Inbox()[2:]
		if len(got) != 4 || got[0].Text == "" || string(got[1].Files[0].Data) != "one" || string(got[2].Files[0].Data) != "two" {
			l.t.Errorf("the album is not between the texts: %d messages", len(got))
		}
		p.Say("receipt")
		m := l.wait(p, "आपकी रसीद")
		if len(m.Files) != 1 || string(m.Files[0].Data) != "%PDF-1.7" || m.Bold != "आपकी" || len(m.Buttons) != 1 {
			l.t.Errorf("the paper came as %+v", m)
		}
	})
}

// TestReplace: a card is edited in place; where it is gone, polling sends a new one.
func TestReplace(t *testing.T) {
	t.Parallel()
	both(t, telegramtest.Config{}, always(func(_ context.Context, m bot.Message) (bot.Reply, error) {
		r := bot.Reply{Text: "कार्ड", Options: []bot.Option{{Data: "ack", Label: "मिल गया"}}}
		if m.Tap != "" {
			r = bot.Reply{Text: "कार्ड: मिल गया", Replace: m.On}
		}
		return r, nil
	}), func(l *line) {
		g, p := l.server.Group(-500, "थाना"), l.server.Person(9, "दारोगा")
		g.Say(p, "/card")
		card := l.wait(g, "कार्ड")
		if _, err := g.Press(p, "मिल गया"); err != nil {
			l.t.Fatal(err)
		}
		if m := l.wait(g, "कार्ड: मिल गया"); m.ID != card.ID || !m.Edited || len(m.Buttons) != 0 {
			l.t.Errorf("the card became %+v", m)
		}
	})
}

// TestFailureComesAgain: a handler that fails or panics loses nothing and says nothing, and what
// the chat sent meanwhile waits its turn.
func TestFailureComesAgain(t *testing.T) {
	t.Parallel()
	both(t, telegramtest.Config{Speed: 20}, func(*line) bot.Handler {
		var mu sync.Mutex
		tries := map[string]int{}
		return func(_ context.Context, m bot.Message) (bot.Reply, error) {
			mu.Lock()
			tries[m.ID]++
			n := tries[m.ID]
			mu.Unlock()
			if m.Text == "पहला" && n == 1 {
				panic("गुप्त शब्द " + m.Text) //nolint:forbidigo // a panic is what is tested
			}
			if m.Text == "पहला" && n == 2 {
				return bot.Reply{}, errors.New("redis is away")
			}
			return bot.Reply{Text: m.Text + " हुआ"}, nil
		}
	}, func(l *line) {
		p := l.server.Person(3, "क")
		first := p.Say("पहला")
		p.Say("दूसरा")
		l.until("both answers", func() bool { return len(p.Inbox()) == 2 })
		if got := p.Inbox(); got[0].Text != "पहला हुआ" || got[1].Text != "दूसरा हुआ" {
			l.t.Errorf("the answers came as %q, %q", got[0].Text, got[1].Text)
		}
		if d, _ := l.server.Delivery(first); len(d.Attempts) > 0 && len(d.Attempts) != 3 {
			l.t.Errorf("the first was posted %d times", len(d.Attempts))
		}
		logged := l.logs.String()
		if !strings.Contains(logged, "panicked") || !strings.Contains(logged, "redis is away") || strings.Contains(logged, "गुप्त") {
			l.t.Errorf("the log is wrong:\n%s", logged)
		}
	})
}

// TestFiles: what a person sends can be read, and no more than 20 MB of it.
func TestFiles(t *testing.T) {
	t.Parallel()
	both(t, telegramtest.Config{}, always(func(ctx context.Context, m bot.Message) (bot.Reply, error) {
		var said []string
		for _, f := range m.Files {
			body, err := f.Open(ctx)
			if err != nil {
				said = append(said, fmt.Sprintf("%s %v", f.Kind, errors.Is(err, telegram.ErrTooBig)))
				continue
			}
			b, err := io.ReadAll(body)
			_ = body.Close()
			said = append(said, fmt.Sprintf("%s %s %d %q %v", f.Kind, f.MIME, f.Seconds, b, err))
		}
		return bot.Reply{Text: strings.Join(said, "; ")}, nil
	}), func(l *line) {
		p := l.server.Person(4, "क")
		p.SendPhoto([]byte("a large picture"))
		l.wait(p, `photo image/jpeg 0 "a large picture" <nil>`)
		p.SendVoice([]byte("ogg"), 7)
		l.wait(p, `voice audio/ogg 7 "ogg" <nil>`)
		p.SendDocument("पत्र.pdf", "application/pdf", []byte("%PDF"))
		l.wait(p, `document application/pdf 0 "%PDF" <nil>`)
		p.SendVideo(make([]byte, 20<<20+1), 60)
		l.wait(p, "video true")
		if strings.Contains(l.logs.String(), l.server.Token()) {
			l.t.Error("the token is in the log")
		}
	})
}

// TestAlbum: the pictures of an album are told as one.
func TestAlbum(t *testing.T) {
	t.Parallel()
	both(t, telegramtest.Config{}, always(func(_ context.Context, m bot.Message) (bot.Reply, error) {
		return bot.Reply{Text: "album " + m.Album}, nil
	}), func(l *line) {
		p := l.server.Person(4, "क")
		p.SendAlbum([]byte("1"), []byte("2"), []byte("3"))
		l.until("three answers", func() bool { return len(p.Inbox()) == 3 })
		got := p.Inbox()
		if got[0].Text == "album " || got[0].Text != got[1].Text || got[1].Text != got[2].Text {
			l.t.Errorf("the albums are %q %q %q", got[0].Text, got[1].Text, got[2].Text)
		}
	})
}

// TestEvents: being blocked, put out of a group, and a group's new id are told.
func TestEvents(t *testing.T) {
	t.Parallel()
	seen := func() (bot.Handler, func() []string) {
		var mu sync.Mutex
		var all []string
		return func(_ context.Context, m bot.Message) (bot.Reply, error) {
				mu.Lock()
				defer mu.Unlock()
				all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s%s", m.Chat.ID, m.Event, m.Moved, m.Text)))
				return bot.Reply{}, nil
			}, func() []string {
				mu.Lock()
				defer mu.Unlock()
				sorted := slices.Clone(all)
				slices.Sort(sorted)
				return sorted
			}
	}
	l := newLine(t, telegramtest.Config{})
	h, got := seen()
	l.webhook(h)
	p := l.server.Person(6, "क")
	a, b := l.server.Group(-10, "थाना"), l.server.Group(-20, "चौकी")
	p.Say("हाँ")
	p.Block()
	p.Unblock()
	a.Kick(p)
	b.Migrate(-1000020)
	b.SayAnonymously("नमस्ते")
	want := []string{"-10 blocked", "-1000020  नमस्ते", "-20 moved -1000020", "6  हाँ", "6 blocked", "6 unblocked"}
	l.until("all is delivered", func() bool { return l.server.Waiting() == 0 })
	if g := got(); !slices.Equal(g, want) {
		t.Errorf("got  %q\nwant %q", g, want)
	}
}

// TestSetWebhook: what Telegram is told at the start.
func TestSetWebhook(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{})
	if err := l.channel.SetWebhook(l.ctx, "https://nagrik.example/", secret, 77); err != nil {
		t.Fatal(err)
	}
	if name, err := l.channel.Username(l.ctx); err != nil || name != "nagrik_test_bot" {
		t.Errorf("the user name is %q, %v", name, err)
	}
	calls := l.server.Calls()
	if n := len(calls); n != 2 || calls[0].Method != "getme" || calls[1].Method != "setwebhook" {
		t.Fatalf("%d calls: %+v", n, calls)
	}
	want := map[string]string{
		"url": "https://nagrik.example/webhook/telegram", "secret_token": secret, "max_connections": "77",
		"allowed_updates": `["message","callback_query","my_chat_member"]`,
	}
	if !maps.Equal(calls[1].Params, want) {
		t.Errorf("the parameters are %v", calls[1].Params)
	}
	for _, bad := range []string{"", "क", "a b", strings.Repeat("a", 257)} {
		if l.channel.SetWebhook(l.ctx, "https://nagrik.example", bad, 0) == nil {
			t.Errorf("the secret %q is taken", bad)
		}
	}
}

// BenchmarkTurns is a whole turn with its network: 40 people write and wait for their answer.
func BenchmarkTurns(b *testing.B) {
	s, err := telegramtest.Start(telegramtest.Config{Forget: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	c, err := telegram.New(s.Token(), s.URL, telegram.Options{})
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.NewServer(c.Webhook(secret, func(context.Context, bot.Message) (bot.Reply, error) {
		return bot.Reply{Text: "क्या यह सही है?", Options: []bot.Option{{Data: "y", Label: "हाँ"}, {Data: "n", Label: "नहीं"}}}, nil
	}))
	b.Cleanup(web.Close)
	if err := c.SetWebhook(b.Context(), web.URL, secret, 0); err != nil {
		b.Fatal(err)
	}
	var next atomic.Int64
	b.SetParallelism(20)
	b.RunParallel(func(pb *testing.PB) {
		p := s.Person(next.Add(1), "क")
		for pb.Next() {
			p.Say("मेरा मोबाइल खो गया")
			if _, err := p.Wait(b.Context(), "सही"); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
