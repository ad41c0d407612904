package telegram

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"nagrik/bot"
)

const (
	maxBody  = 1 << 20          // bytes of an update; Telegram's own limit is half of it
	turnTime = 20 * time.Second // for a handler; Telegram waits for 60
)

// Webhook is the HTTP handler that Telegram posts updates to. It answers 200 only once the work is
// done, with the reply in the answer; after any failure of ours 503, and Telegram posts the update
// again before any later one of that chat. An empty secret lets nothing in.
func (c *Channel) Webhook(secret string, h bot.Handler) http.Handler {
	want := sha256.Sum256([]byte(secret))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		result := c.receive(w, r, secret != "", want, h)
		c.onUpdate(result, time.Since(start))
	})
}

// receive answers one request. Every answer that is not a reply has an empty body.
func (c *Channel) receive(w http.ResponseWriter, r *http.Request, open bool, want [sha256.Size]byte, h bot.Handler) string {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return "malformed"
	}
	got := sha256.Sum256([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")))
	if subtle.ConstantTimeCompare(got[:], want[:]) != 1 || !open {
		w.WriteHeader(http.StatusUnauthorized)
		return "spoofed"
	}
	body, status := read(w, r)
	if status != 0 {
		w.WriteHeader(status)
		if status == http.StatusRequestEntityTooLarge {
			return "too_large"
		}
		return "malformed"
	}
	u, err := decode(body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return "malformed"
	}
	// A turn that has begun is finished even if the connection breaks: the update then comes again
	// and finds its work done.
	answer, result, err := c.turn(context.WithoutCancel(r.Context()), u, h, true)
	if err != nil {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter(err)))
		w.WriteHeader(http.StatusServiceUnavailable)
		return result
	}
	if answer != nil {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(answer) // a cut connection: the update comes again
	return result
}

// read takes in a body of at most maxBody bytes; else it says with which status to refuse.
func read(w http.ResponseWriter, r *http.Request) (body []byte, refuse int) {
	if r.ContentLength > maxBody {
		return nil, http.StatusRequestEntityTooLarge
	}
	var b bytes.Buffer
	b.Grow(int(max(r.ContentLength, 0)) + bytes.MinRead)
	_, err := b.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, http.StatusRequestEntityTooLarge
	case err != nil && !errors.Is(err, io.EOF):
		return nil, http.StatusBadRequest
	}
	return b.Bytes(), 0
}

// turn does the work of one update: it has the message handled and delivers the reply, all but
// what may ride by calls. It returns the JSON that rides, nil for nothing, and what became of the
// update; an error means that it must come again.
func (c *Channel) turn(ctx context.Context, u update, h bot.Handler, riding bool) (ride []byte, result string, err error) {
	defer func() { // a panic of a turn is a failure of that turn
		if p := recover(); p != nil {
			ride, result, err = nil, "failed", c.panicked(p)
		}
	}()
	m, ours := c.message(u)
	if !ours {
		if u.Tap != nil {
			c.answerTap(tapAnswer{ID: u.Tap.ID})
		}
		return nil, "ignored", nil
	}
	reply, err := handle(ctx, h, m)
	if err != nil {
		c.log.Error("telegram: an update failed and will come again", "err", err)
		return nil, "failed", err
	}
	text, err := c.deliver(ctx, m.Chat, bot.Render(reply, limits), riding)
	if err != nil {
		c.log.Warn("telegram: an answer could not be delivered, its update will come again", "err", err)
		return nil, "failed", err
	}
	result = "answered"
	if reply.Empty() {
		result = "silent"
	}
	if text != nil {
		ride, err = json.Marshal(text)
	}
	if u.Tap != nil {
		tap := tapAnswer{ID: u.Tap.ID, Text: toast(reply.Toast)}
		if riding && text == nil {
			tap.Method = "answerCallbackQuery"
			ride, err = json.Marshal(tap)
		} else {
			c.answerTap(tap)
		}
	}
	if err != nil {
		return nil, "failed", errors.New("telegram: a reply cannot be put into JSON")
	}
	return ride, result, nil
}

// handle calls the handler within its time.
func handle(ctx context.Context, h bot.Handler, m bot.Message) (bot.Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, turnTime)
	defer cancel()
	return h(ctx, m)
}

// panicked makes an error of a panic, and logs where it was. Of the panic's value and the stack's
// arguments it shows only what cannot hold a person's words or a chat's number.
func (c *Channel) panicked(p any) error {
	what := fmt.Sprintf("%T", p)
	if e, ok := p.(runtime.Error); ok {
		what = e.Error()
	}
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	var stack []string
	for {
		f, more := frames.Next()
		stack = append(stack, fmt.Sprintf("%s:%d", f.Function, f.Line))
		if !more {
			break
		}
	}
	c.log.Error("telegram: a turn panicked", "panic", what, "stack", strings.Join(stack, " < "))
	return errors.New("the turn panicked")
}

// answerTap ends the waiting circle on a pressed button. Nobody waits for it, and there is a bound
// to how many are under way: a circle that goes on for a while is the least of troubles then.
func (c *Channel) answerTap(a tapAnswer) {
	select {
	case c.taps <- struct{}{}:
	default:
		c.onCall("answerCallbackQuery", "dropped", 0)
		return
	}
	go func() {
		defer func() { <-c.taps }()
		ctx, cancel := context.WithTimeout(context.Background(), callTime)
		defer cancel()
		_ = c.call(ctx, "answerCallbackQuery", a, nil) // counted; too late is the usual reason
	}()
}

// retryAfter is in how many seconds an update shall come again.
func retryAfter(err error) int {
	return max(1, int((busyFor(err)+time.Second-1)/time.Second))
}

// busyFor is how long Telegram wants no more messages, 0 if that is not the trouble.
func busyFor(err error) time.Duration {
	var refused *bot.SendError
	if errors.As(err, &refused) {
		return refused.After
	}
	return 0
}
