package flows

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/locales"
	"nagrik/store"
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
