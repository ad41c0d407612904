package telegram_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/telegram"
	"nagrik/bot/telegram/telegramtest"
)

// TestTroubledTelegram: with answers that get lost, updates that come twice and calls that fail,
// every message of every chat is handled, in order, and answered.
func TestTroubledTelegram(t *testing.T) {
	t.Parallel()
	const persons, messages = 10, 6
	both(t, telegramtest.Config{Seed: 7, Speed: 100, Fail: 0.1, Cut: 0.1, Busy: 0.05, Lost: 0.2, Twice: 0.2}, func(l *line) bot.Handler {
		var mu sync.Mutex
		last := map[string]int{}
		return func(_ context.Context, m bot.Message) (bot.Reply, error) {
			var n int
			_, _ = fmt.Sscanf(m.Text, "%d", &n)
			mu.Lock()
			defer mu.Unlock()
			if n > last[m.Chat.ID]+1 {
				l.t.Errorf("message %d came after %d", n, last[m.Chat.ID])
			}
			last[m.Chat.ID] = max(n, last[m.Chat.ID])
			return bot.Reply{Text: fmt.Sprintf("ठीक %d.", n)}, nil
		}
	}, func(l *line) {
		for i := range persons {
			p := l.server.Person(int64(1000+i), "क")
			for n := range messages {
				p.Say(fmt.Sprint(n + 1))
			}
		}
		l.until("all is accepted", func() bool { return l.server.Waiting() == 0 })
		missing := 0
		for i := range persons {
			said := map[string]bool{}
			for _, m := range l.server.Person(int64(1000+i), "").Inbox() {
				said[m.Text] = true
			}
			missing += messages - len(said)
		}
		// What is refused while it rides is lost, which nobody can hear of; calls are made again.
		unheard := 0
		for _, c := range l.server.Calls() {
			if c.Rode && c.Code != 200 {
				unheard++
			}
		}
		if missing > unheard {
			l.t.Errorf("%d answers are missing, but only %d were refused unheard", missing, unheard)
		}
	})
}

// TestBusyTelegram: by calls, an answer that Telegram has no room for is given later.
func TestBusyTelegram(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{PerGroup: 1, Speed: 60})
	l.poll(func(_ context.Context, m bot.Message) (bot.Reply, error) {
		return bot.Reply{Text: "ठीक " + m.Text}, nil
	})
	g, p := l.server.Group(-5, "थाना"), l.server.Person(1, "क")
	g.Say(p, "एक")
	g.Say(p, "दो")
	l.until("both answers", func() bool { return len(g.Inbox()) == 2 })
	if n := l.server.Count("sendmessage:refused"); n == 0 {
		t.Error("nothing was refused: the test shows nothing")
	}
}

// TestMovedAndBlocked: an answer follows its group; one that a person does not want is let go.
func TestMovedAndBlocked(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{})
	g, p := l.server.Group(-5, "थाना"), l.server.Person(1, "क")
	var once sync.Once
	l.poll(func(_ context.Context, m bot.Message) (bot.Reply, error) {
		switch m.Text {
		case "बदलो":
			once.Do(func() { g.Migrate(-1005) })
			return bot.Reply{Text: "नए समूह में"}, nil
		case "रोको":
			p.Block()
			return bot.Reply{Text: "कोई नहीं सुनता"}, nil
		}
		return bot.Reply{}, nil
	})
	g.Say(p, "बदलो")
	l.until("the answer is in the new group", func() bool { return len(g.Inbox()) == 1 && g.ID() == -1005 })
	p.Say("रोको")
	l.until("all is done", func() bool { return l.server.Waiting() == 0 })
	if !strings.Contains(l.logs.String(), "reason=blocked") {
		t.Errorf("the log is %s", l.logs)
	}
}

// TestSlowTapAnswers: nobody waits for answerCallbackQuery, and there is a bound to those under way.
func TestSlowTapAnswers(t *testing.T) {
	t.Parallel()
	l := newLine(t, telegramtest.Config{})
	var dropped atomic.Int32
	channel, err := telegram.New(l.server.Token(), l.server.URL, telegram.Options{OnCall: func(method, result string, _ time.Duration) {
		if method == "answerCallbackQuery" && result == "dropped" {
			dropped.Add(1)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	l.channel = channel
	l.webhook(func(context.Context, bot.Message) (bot.Reply, error) {
		return bot.Reply{Text: "चुनिए", Options: []bot.Option{{Data: "a", Label: "हाँ"}}}, nil
	})
	p := l.server.Person(1, "क")
	p.Say("/start")
	m := l.wait(p, "चुनिए")
	l.server.Change(func(c *telegramtest.Config) { c.Latency = time.Hour })
	for range 100 {
		p.Tap(m.ID, "a")
	}
	l.until("all taps have their reply", func() bool { return len(p.Inbox()) == 101 })
	if n := p.TapsAnswered(); n != 0 {
		t.Errorf("%d taps were answered", n)
	}
	l.until("those without room are dropped", func() bool { return dropped.Load() >= 36 })
}
