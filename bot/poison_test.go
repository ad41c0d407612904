package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
)

// aside is a message that was put aside.
type aside struct {
	channel, kind string
	size          int
}

// poisoned is a Poison around a handler that a test changes, and what came of it.
type poisoned struct {
	bot.Poison
	asides  []aside
	crashes []string
	fail    map[string]error // by message id; errCrash panics
	pace    time.Duration    // how long a delivery takes
}

var errCrash = errors.New("crash")

const secretWords = "मेरा नाम गुप्त है"

func newPoisoned() *poisoned {
	p := &poisoned{fail: map[string]error{}, pace: 30 * time.Second}
	now := time.Date(2026, 3, 14, 10, 30, 0, 0, time.UTC)
	p.Now = func() time.Time {
		now = now.Add(p.pace)
		return now
	}
	p.Handler = func(_ context.Context, m bot.Message) (bot.Reply, error) {
		switch err := p.fail[m.ID]; {
		case errors.Is(err, errCrash):
			explode(m.Text, 25.61234, 9876543210)
			return bot.Reply{}, nil
		case err != nil:
			return bot.Reply{}, err
		}
		return bot.Reply{Text: "ठीक"}, nil
	}
	p.Aside = func(_ context.Context, channel, kind string, size int) error {
		p.asides = append(p.asides, aside{channel, kind, size})
		return p.fail["aside"]
	}
	p.Sorry = func(bot.Message) bot.Reply { return bot.Reply{Text: "माफ़ कीजिए"} }
	p.Crashed = func(stack string) { p.crashes = append(p.crashes, stack) }
	return p
}

//go:noinline
func explode(words string, lat float64, phone int) {
	panic(fmt.Sprint(words, lat, phone))
}

func (p *poisoned) deliver(id string) (bot.Reply, error) {
	return p.Handle(context.Background(), bot.Message{ID: id, Chat: bot.Chat{Channel: "telegram", ID: "424242"}, Text: secretWords})
}

// others handles messages that are fine.
func (p *poisoned) others(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		if _, err := p.deliver(fmt.Sprint("fine", i)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPoisonIsPutAside(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]error{"an error": errDown, "a panic": errCrash} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPoisoned()
			p.fail["bad"] = cause
			for range 2 {
				if reply, err := p.deliver("bad"); err == nil || !reply.Empty() {
					t.Fatalf("answered %q", reply.Text)
				}
				p.others(t, 2)
			}
			reply, err := p.deliver("bad")
			if err != nil || reply.Text != "माफ़ कीजिए" {
				t.Fatalf("answered %q, %v", reply.Text, err)
			}
			if want := (aside{"telegram", "text", len(secretWords)}); len(p.asides) != 1 || p.asides[0] != want {
				t.Errorf("put aside %+v", p.asides)
			}
			if _, err := p.deliver("bad"); err == nil { // from the beginning, should it come again
				t.Error("put aside at once")
			}
		})
	}
}

// TestPoisonInAnOutage holds that nothing is given up while everything fails.
func TestPoisonInAnOutage(t *testing.T) {
	t.Parallel()
	p := newPoisoned()
	p.others(t, 10)
	for i := range 20 {
		p.fail[fmt.Sprint("m", i)] = errDown
	}
	for range 50 {
		for i := range 20 {
			if _, err := p.deliver(fmt.Sprint("m", i)); err == nil {
				t.Fatal("a message was given up")
			}
		}
	}
	if len(p.asides) != 0 {
		t.Errorf("put aside %d", len(p.asides))
	}
	for i := range 20 { // the outage ends
		delete(p.fail, fmt.Sprint("m", i))
		if reply, err := p.deliver(fmt.Sprint("m", i)); err != nil || reply.Text != "ठीक" {
			t.Fatalf("%q, %v", reply.Text, err)
		}
	}
}

// TestPoisonNotKept holds that a message is not given up before that is recorded, nor by a caller
// who went away.
func TestPoisonNotKept(t *testing.T) {
	t.Parallel()
	p := newPoisoned()
	p.fail["bad"], p.fail["aside"] = errDown, errDown
	for range 6 {
		if _, err := p.deliver("bad"); err == nil {
			t.Fatal("given up without a record")
		}
		p.others(t, 3)
	}
	delete(p.fail, "aside")
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	n := len(p.asides)
	if _, err := p.Handle(gone, bot.Message{ID: "bad", Chat: bot.Chat{Channel: "telegram", ID: "424242"}}); err == nil || len(p.asides) != n {
		t.Fatal("given up for a caller who went away")
	}
	if reply, err := p.deliver("bad"); err != nil || reply.Text != "माफ़ कीजिए" {
		t.Fatalf("%q, %v", reply.Text, err)
	}
}

// TestPoisonTellsNoWords holds that neither the stack nor the error has anything of the message,
// and that the stack names the function that panicked.
func TestPoisonTellsNoWords(t *testing.T) {
	t.Parallel()
	p := newPoisoned()
	p.fail["bad"] = errCrash
	_, err := p.deliver("bad")
	if err == nil || len(p.crashes) != 1 {
		t.Fatalf("%v, %d crashes", err, len(p.crashes))
	}
	stack := p.crashes[0]
	if first, _, _ := strings.Cut(stack, "\n"); !strings.Contains(first, "bot_test.explode poison_test.go:") {
		t.Errorf("the stack begins with %q", first)
	}
	for _, canary := range []string{secretWords, "गुप्त", "25.61", "9876543210", "0x", "424242"} {
		if strings.Contains(stack, canary) || strings.Contains(err.Error(), canary) {
			t.Errorf("%q is in the report:\n%s\n%v", canary, stack, err)
		}
	}
}

// TestPoisonInAShortOutage holds that messages which need what is away are not given up while others,
// which do not need it, are handled; and that the last look finds an outage that has just ended.
func TestPoisonInAShortOutage(t *testing.T) {
	t.Parallel()
	p := newPoisoned()
	p.pace = time.Second
	p.fail["needs records"] = errDown
	for range 10 {
		if _, err := p.deliver("needs records"); err == nil {
			t.Fatal("given up within a minute")
		}
		p.others(t, 3)
	}
	p.pace = time.Minute
	recorded := p.Aside
	p.Aside = func(ctx context.Context, channel, kind string, size int) error {
		delete(p.fail, "needs records") // the records are back
		return recorded(ctx, channel, kind, size)
	}
	if reply, err := p.deliver("needs records"); err != nil || reply.Text != "ठीक" {
		t.Fatalf("%q, %v", reply.Text, err)
	}
}

func TestPoisonForgetsWhatItCannotHold(t *testing.T) {
	t.Parallel()
	p := newPoisoned()
	for i := range 5000 {
		id := fmt.Sprint("m", i)
		p.fail[id] = errDown
		if _, err := p.deliver(id); err == nil {
			t.Fatal("given up")
		}
	}
	p.fail["bad"] = errDown
	for range 2 {
		_, _ = p.deliver("bad")
		p.others(t, 3)
	}
	if reply, err := p.deliver("bad"); err != nil || reply.Text != "माफ़ कीजिए" {
		t.Fatalf("%q, %v", reply.Text, err)
	}
}

func TestKind(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]bot.Message{
		"event": {Event: bot.Blocked}, "tap": {Tap: "x"}, "photo": {Files: []bot.File{{Kind: bot.Photo}}, Text: "x"},
		"place": {Place: &bot.Place{}}, "contact": {Phone: "+91"}, "text": {Text: "x", Phone: "+91"},
	} {
		if got := m.Kind(); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}
