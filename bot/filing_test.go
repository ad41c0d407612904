package bot_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"

	"nagrik/bot"
	"nagrik/bot/bottest"
)

// forgetful is a store of dialogs that can fail.
type forgetful struct {
	bottest.Dialogs
	mu    sync.Mutex
	fails int // the next saves
	keep  []bot.Keep
}

func (f *forgetful) Save(ctx context.Context, chat bot.Chat, old, state []byte, keep bot.Keep) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fails > 0 {
		f.fails--
		return false, errDown
	}
	f.keep = append(f.keep, keep)
	return f.Dialogs.Save(ctx, chat, old, state, keep)
}

func (f *forgetful) last() bot.Kept { return f.keep[len(f.keep)-1].What }

// again delivers the last message again, as a channel does that got an error.
func (c *talker) again() (bot.Reply, error) { return c.handle(context.Background(), c.last) }

func TestFileFails(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1").toReview()
	before, _ := c.dialogs.Load(t.Context(), c.chat, false)
	c.records.fail = func(bot.Filing) error { return errDown }
	if reply, err := c.try(bot.Message{Tap: c.button("जमा करें")}); !errors.Is(err, errDown) || !reply.Empty() {
		t.Fatalf("answered %q, %v", reply.Text, err)
	}
	if after, _ := c.dialogs.Load(t.Context(), c.chat, false); !bytes.Equal(before, after) {
		t.Error("something was saved")
	}
	c.records.fail = nil
	for range 3 {
		reply, err := c.again()
		if c.reply = reply; err != nil {
			t.Fatal(err)
		}
		c.wants("<lost_property.filed Number=KS0000000001>")
	}
	if len(c.records.filed) != 1 {
		t.Errorf("%d filings", len(c.records.filed))
	}
}

// TestCrashBetweenFilingAndSaving holds that the citizen gets the number that was committed.
func TestCrashBetweenFilingAndSaving(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	flaky := &forgetful{}
	w.dialogs = flaky
	c := w.talk("telegram", "1").toReview()
	flaky.fails = 2
	if _, err := c.try(bot.Message{Tap: c.button("जमा करें")}); !errors.Is(err, errDown) {
		t.Fatal(err)
	}
	if _, err := c.again(); !errors.Is(err, errDown) {
		t.Fatal(err)
	}
	reply, err := c.again()
	if c.reply = reply; err != nil {
		t.Fatal(err)
	}
	c.wants("<lost_property.filed Number=KS0000000001>")
	if len(w.records.filed) != 1 || w.records.calls != 3 {
		t.Errorf("%d filings by %d calls", len(w.records.filed), w.records.calls)
	}
}

func TestDuplicate(t *testing.T) {
	t.Parallel()
	duplicate := func(f bot.Filing) error {
		if f.Again {
			return nil
		}
		return &bot.DuplicateError{Number: "KS1"}
	}
	begin := func() *talker {
		c := newWorld(t).talk("telegram", "1").toReview()
		c.records.fail = duplicate
		c.tap("जमा करें")
		return c.wants("<engine.confirm.again Number=KS1>")
	}
	c := begin()
	c.send(bot.Message{Tap: c.button("जमा करें")}) // the review's button does not confirm
	c.wants("<engine.old_button>", "<engine.confirm.again").tap("हाँ, एक और")
	c.wants("<lost_property.filed")
	for _, f := range c.records.filed {
		if !f.Again {
			t.Error("filed without the citizen's word")
		}
	}
	c = begin()
	c.say("नहीं")
	c.wants("<engine.filed_already Number=KS1>")
	if c.draft() != "" || len(c.records.filed) != 0 {
		t.Error("filed, or the draft is still open")
	}
	c = begin()
	c.say("पीछे")
	c.wants("<engine.review")
	c.tap("जमा करें")
	c.wants("<engine.confirm.again").say("yes")
	c.wants("<lost_property.filed")
}

func TestInvalidFiling(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1").toReview()
	c.records.fail = func(bot.Filing) error {
		return &bot.Invalid{ID: "lost_property.closed", Data: map[string]any{"Number": 7}}
	}
	c.tap("जमा करें")
	c.wants("<lost_property.closed Number=7>", "<engine.review")
	c.records.fail = nil
	c.say("जमा करें")
	c.wants("<lost_property.filed")
}

// TestKeep follows what the store may do with a dialog.
func TestKeep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &forgetful{}
	w.dialogs = store
	c := w.talk("telegram", "1")
	wants := func(keep bot.Kept, after string) {
		t.Helper()
		if store.last() != keep {
			t.Errorf("after %s: %v, not %v", after, store.last(), keep)
		}
	}
	c.say("नमस्ते")
	wants(bot.KeepState, "a greeting")
	c.say("खोया सामान")
	wants(bot.KeepState, "the first question")
	c.tap("खो गया")
	wants(bot.KeepDraft, "an answer")
	c.send(bot.Message{Tap: bot.MenuTap("my_filings")})
	wants(bot.KeepDraft, "a draft set aside")
	c.tap("खोया सामान जारी")
	c.say("रद्द", "हाँ")
	wants(bot.KeepState, "a cancel")
}

// TestDamagedAndNewerStates holds that damage costs the draft and a newer release's dialog nothing.
func TestDamagedAndNewerStates(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1").toReview()
	c.people.chats[c.chat] = bot.Citizen{ID: "c-3210", Lang: "en", Simple: true}
	state, _ := c.dialogs.Load(t.Context(), c.chat, false)
	put := func(state []byte) {
		t.Helper()
		now, _ := c.dialogs.Load(t.Context(), c.chat, false)
		if ok, err := c.dialogs.Save(t.Context(), c.chat, now[1:9], state, bot.Keep{}); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	newer := bytes.Clone(state)
	newer[0]++
	put(newer)
	if reply, err := c.try(bot.Message{Text: "जमा करें"}); err == nil {
		t.Fatalf("answered %q to a newer release's dialog", reply.Text)
	}
	if now, _ := c.dialogs.Load(t.Context(), c.chat, false); !bytes.Equal(now, newer) {
		t.Error("a newer release's dialog was changed")
	}
	for n := 9; n < len(state); n += 7 {
		put(bytes.Clone(state[:n]))
		c.say("नमस्ते")
		if c.wants("सरल", "<engine.menu>"); !c.reply.Few {
			t.Fatal("the citizen's preferences are lost")
		}
		put(state)
	}
	if c.events["dialog_broken"] == 0 {
		t.Error("nobody is told")
	}
}
