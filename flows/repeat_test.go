package flows

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/locales"
	"nagrik/store"
	"nagrik/store/dialogs"
)

// lossy are dialogs whose store goes away once, after a turn has done what it is for.
type lossy struct {
	bot.Dialogs
	lose bool
}

func (l *lossy) Save(ctx context.Context, chat bot.Chat, old, state []byte, keep bot.Keep) (bool, error) {
	if l.lose {
		l.lose = false
		return false, errors.New("the store of dialogs is away")
	}
	return l.Dialogs.Save(ctx, chat, old, state, keep)
}

// TestAnActionWhoseAnswerWasLost: what was done, and is no longer open for that reason, is answered
// when it is delivered again as it would have been the first time, and is done once.
func TestAnActionWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 14, 10, 30, 0, 0, locales.India)
	records, engine := newServices(t, func() time.Time { return now })
	dialogs := &lossy{Dialogs: engine.Dialogs}
	engine.Dialogs = dialogs
	s := records.Store
	ctx := t.Context()

	chat := bot.Chat{Channel: "telegram", ID: "7"}
	citizen, err := s.Verify(ctx, chat.Channel, chat.ID, "+919800000007")
	if err != nil {
		t.Fatal(err)
	}
	filed, err := s.File(ctx, store.NewFiling{
		Dialog: "d", Service: "lost_property", Prefix: "KS", Citizen: citizen, Channel: chat.Channel, Chat: chat.ID, Lang: "hi",
		Station: "5117065", Details: []byte(`{"answers":[],"form":{}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &tipster{t: t, engine: engine, chat: chat}
	c.send(bot.Message{Tap: bot.StartTap("my_filings", "number", filed.Number, "action", "found")})
	dialogs.lose = true
	m := bot.Message{ID: "lost", Chat: chat, Text: "ऑटो वाले ने लौटा दिया।"}
	if _, err := engine.Handle(ctx, m); err == nil {
		t.Fatal("nothing was lost")
	}
	reply, err := engine.Handle(ctx, m)
	if err != nil || !strings.Contains(reply.Text, "खोज बंद हुई") {
		t.Fatalf("delivered again it is answered %q, %v", reply.Text, err)
	}
	events, err := s.Timeline(ctx, filed.ID)
	if err != nil {
		t.Fatal(err)
	}
	if last := events[len(events)-1]; last.Kind != string(store.Found) || last.Ver != len(events) {
		t.Errorf("the timeline ends with %+v of %d", last, len(events))
	}
	found := 0
	for _, e := range events {
		if e.Kind == string(store.Found) {
			found++
		}
	}
	if found != 1 {
		t.Errorf("it was found %d times", found)
	}
}

// TestACopyThatDidNotArrive: the reply with the copy of an FIR was refused, and its message comes again. The copy comes
// with it, from behind the PIN too; it is no other lookup; and an FIR that was restricted meanwhile is shut.
func TestACopyThatDidNotArrive(t *testing.T) {
	t.Parallel()
	records, engine := newServices(t, func() time.Time { return bottest.Start })
	registered(t, records, "complaint")
	s := records.Store
	lookups := 0
	records.limit = func(context.Context, dialogs.Rate, ...string) (time.Duration, error) {
		if lookups++; lookups > 1 {
			return time.Minute, nil
		}
		return 0, nil
	}
	again := func(c *tipster) {
		t.Helper()
		reply, err := engine.Handle(t.Context(), c.message)
		if err != nil {
			t.Fatal(err)
		}
		c.last = reply
	}

	informant := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: "informant"}}
	known, _, err := s.Recall(t.Context(), informant.chat.Channel, informant.chat.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetPin(t.Context(), known.ID, "4711"); err != nil {
		t.Fatal(err)
	}
	informant.say("fir copy", "मेरी FIR", "4711", "1")
	first, _ := copyOf(t, records, informant.last)
	words := informant.last.Text
	again(informant)
	if second, _ := copyOf(t, records, informant.last); second != first || informant.last.Text != words {
		t.Errorf("with %q comes another copy: %s", informant.last.Text, second)
	}

	anybody := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: "anybody"}}
	anybody.say("FIR 123/2026 अररिया")
	first, _ = copyOf(t, records, anybody.last)
	for range 3 {
		again(anybody)
		if second, _ := copyOf(t, records, anybody.last); second != first {
			t.Errorf("with %q comes another copy: %s", anybody.last.Text, second)
		}
	}
	if lookups != 1 {
		t.Errorf("one lookup counts as %d", lookups)
	}
	if _, err := s.Pool().Exec(t.Context(), `update firs set restricted = true`); err != nil {
		t.Fatal(err)
	}
	again(anybody)
	anybody.wants("सार्वजनिक नहीं है")
	if anybody.last.Document != nil {
		t.Error("the copy of a restricted FIR is given again")
	}
}
