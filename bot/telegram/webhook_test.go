package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
)

const testSecret = "secret-of-the-test"

// request makes a webhook request; a header "" stands for none.
func request(method, secret, body string) *http.Request {
	r := httptest.NewRequest(method, WebhookPath, strings.NewReader(body))
	if secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	r.Header.Set("Content-Type", "application/json")
	return r
}

// TestRefusedRequests: what is spoofed, huge, deep or malformed reaches nobody and learns nothing.
func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	good := `{"update_id":1,"message":{"message_id":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"text":"क"}}`
	tests := []struct {
		name, method, secret, body string
		status                     int
		result                     string
	}{
		{"get", http.MethodGet, testSecret, "", 405, "malformed"},
		{"put", http.MethodPut, testSecret, good, 405, "malformed"},
		{"no secret", http.MethodPost, "", good, 401, "spoofed"},
		{"wrong secret", http.MethodPost, "secret-of-the-tesT", good, 401, "spoofed"},
		{"longer secret", http.MethodPost, testSecret + "x", good, 401, "spoofed"},
		{"wrong secret and huge", http.MethodPost, "x", strings.Repeat("x", maxBody+1), 401, "spoofed"},
		{"huge", http.MethodPost, testSecret, good + strings.Repeat(" ", maxBody), 413, "too_large"},
		{"empty", http.MethodPost, testSecret, "", 400, "malformed"},
		{"cut off", http.MethodPost, testSecret, good[:40], 400, "malformed"},
		{"trailing garbage", http.MethodPost, testSecret, good + "x", 400, "malformed"},
		{"two updates", http.MethodPost, testSecret, good + good, 400, "malformed"},
		{"byte order mark", http.MethodPost, testSecret, "\ufeff" + good, 400, "malformed"},
		{"not an object", http.MethodPost, testSecret, `[1]`, 400, "malformed"},
		{"null", http.MethodPost, testSecret, `null`, 400, "malformed"},
		{"no id", http.MethodPost, testSecret, `{}`, 400, "malformed"},
		{"negative id", http.MethodPost, testSecret, `{"update_id":-1}`, 400, "malformed"},
		{"huge id", http.MethodPost, testSecret, `{"update_id":99999999999999999999}`, 400, "malformed"},
		{"wrong type", http.MethodPost, testSecret, `{"update_id":1,"message":{"chat":"x"}}`, 400, "malformed"},
		{"not a number", http.MethodPost, testSecret, `{"update_id":NaN}`, 400, "malformed"},
		{"deep", http.MethodPost, testSecret, `{"update_id":1,"x":` + strings.Repeat("[", 3000) + strings.Repeat("]", 3000) + `}`, 400, "malformed"},
		{"deep and cut off", http.MethodPost, testSecret, strings.Repeat(`{"a":`, 100_000), 400, "malformed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newTestChannel(t)
			var result string
			c.onUpdate = func(r string, _ time.Duration) { result = r }
			h := c.Webhook(testSecret, func(context.Context, bot.Message) (bot.Reply, error) {
				t.Error("the handler was called")
				return bot.Reply{}, nil
			})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, request(tt.method, tt.secret, tt.body))
			if w.Code != tt.status || w.Body.Len() != 0 || result != tt.result {
				t.Errorf("status %d, body of %d bytes, %q; want %d, none, %q", w.Code, w.Body.Len(), result, tt.status, tt.result)
			}
		})
	}
}

// TestHugeWithoutLength: the size is held while reading, whatever is announced.
func TestHugeWithoutLength(t *testing.T) {
	t.Parallel()
	r := request(http.MethodPost, testSecret, strings.Repeat(" ", 4*maxBody))
	r.ContentLength = -1
	w := httptest.NewRecorder()
	newTestChannel(t).Webhook(testSecret, nil).ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge || w.Body.Len() != 0 {
		t.Errorf("status %d, %d bytes", w.Code, w.Body.Len())
	}
}

// unread is a body that must not be read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) { u.t.Error("the body was read"); return 0, errors.New("no") }
func (u unread) Close() error             { return nil }

func TestSpoofedBodyIsNotRead(t *testing.T) {
	t.Parallel()
	r := request(http.MethodPost, "wrong", "")
	r.Body, r.ContentLength = unread{t}, 10
	w := httptest.NewRecorder()
	newTestChannel(t).Webhook(testSecret, nil).ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized {
		t.Errorf("status %d", w.Code)
	}
}

// TestNoSecretLetsNothingIn: a webhook without a secret would take everybody's word.
func TestNoSecretLetsNothingIn(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"", "x"} {
		w := httptest.NewRecorder()
		newTestChannel(t).Webhook("", nil).ServeHTTP(w, request(http.MethodPost, header, "{}"))
		if w.Code != http.StatusUnauthorized {
			t.Errorf("status %d", w.Code)
		}
	}
	if err := newTestChannel(t).SetWebhook(t.Context(), "https://x.in", "", 0); err == nil {
		t.Error("a webhook is set without a secret")
	}
}

// TestAnswers: what the answer to an update is for each outcome of a handler.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const update = `{"update_id":1,"message":{"message_id":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"text":"क"}}`
	tests := []struct {
		name    string
		update  string
		handler bot.Handler
		status  int
		retry   string
		body    string
	}{
		{
			"reply", update, func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{Text: "ठीक"}, nil },
			200, "", `{"method":"sendMessage","chat_id":5,"text":"ठीक","link_preview_options":{"is_disabled":true}}`,
		},
		{"nothing to say", update, func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{}, nil }, 200, "", ""},
		{"error", update, func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{Text: "x"}, errors.New("no") }, 503, "1", ""},
		{"busy", update, func(context.Context, bot.Message) (bot.Reply, error) {
			return bot.Reply{}, fmt.Errorf("sending: %w", &bot.SendError{Reason: bot.ReasonBusy, After: 2500 * time.Millisecond})
		}, 503, "3", ""},
		{"panic", update, func(context.Context, bot.Message) (bot.Reply, error) { panic("x") }, 503, "1", ""}, //nolint:forbidigo // a panic is what is tested
		{"nil dereference", update, func(context.Context, bot.Message) (bot.Reply, error) {
			var p *bot.Paper
			return bot.Reply{Text: p.Name}, nil
		}, 503, "1", ""},
		{"not for us", `{"update_id":1,"edited_message":{"text":"क"}}`, nil, 200, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			newTestChannel(t).Webhook(testSecret, tt.handler).ServeHTTP(w, request(http.MethodPost, testSecret, tt.update))
			if w.Code != tt.status || w.Header().Get("Retry-After") != tt.retry || w.Body.String() != tt.body {
				t.Errorf("got %d, Retry-After %q, %s", w.Code, w.Header().Get("Retry-After"), w.Body)
			}
		})
	}
}

// TestTurnOutlivesConnection: a turn that has begun is not broken off with the connection, and has
// a time of its own.
func TestTurnOutlivesConnection(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r := request(http.MethodPost, testSecret, `{"update_id":1,"message":{"from":{"id":5},"chat":{"id":5,"type":"private"},"text":"क"}}`).WithContext(ctx)
	w := httptest.NewRecorder()
	newTestChannel(t).Webhook(testSecret, func(ctx context.Context, _ bot.Message) (bot.Reply, error) {
		cancel()
		deadline, limited := ctx.Deadline()
		if !limited || time.Until(deadline) > turnTime {
			t.Error("the turn has no limit")
		}
		return bot.Reply{Text: "ठीक"}, ctx.Err()
	}).ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Errorf("status %d", w.Code)
	}
}

// BenchmarkWebhook is a whole request but for the network and the handler's work: check, decode,
// message, render, answer.
func BenchmarkWebhook(b *testing.B) {
	reply := bot.Reply{
		Text: "क्या यह जानकारी सही है?\n\nमोबाइल, लाल रंग का, गांधी मैदान के पास", Strong: bot.Span{Start: 0, End: len("क्या यह जानकारी सही है?")},
		Options: []bot.Option{{Data: "A1b2C3d4.ok.y", Label: "✅ हाँ, सही है"}, {Data: "A1b2C3d4.ok.n", Label: "✏️ बदलना है"}},
		Ways:    []bot.Option{{Data: "A1b2C3d4.back", Label: "◀️ पीछे"}, {Data: "A1b2C3d4.stop", Label: "✖️ रद्द"}},
	}
	for _, name := range []string{"text", "photo"} {
		update := string(fixtures(b)[name].Update)
		h := newTestChannel(b).Webhook(testSecret, func(context.Context, bot.Message) (bot.Reply, error) { return reply, nil })
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, request(http.MethodPost, testSecret, update))
				if w.Code != http.StatusOK || w.Body.Len() == 0 {
					b.Fatal("no answer")
				}
			}
		})
	}
}

// BenchmarkDecode is the reading of an update alone.
func BenchmarkDecode(b *testing.B) {
	c := newTestChannel(b)
	for _, name := range []string{"text", "tap"} {
		update := []byte(fixtures(b)[name].Update)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				u, err := decode(update)
				if err != nil {
					b.Fatal(err)
				}
				if _, ours := c.message(u); !ours {
					b.Fatal("ignored")
				}
			}
		})
	}
}
