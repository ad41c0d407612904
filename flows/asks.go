package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// Asks understands what people write in answer to a question that came to them by itself: "हाँ", "लौट आए", "सब ठीक है". Such a
// question belongs to no dialog, and its buttons are one way to answer; the first message after it is another.
//
// Any first message from a senior's chat counts as an answer to the greeting, whatever it says: who writes is able to,
// and a false alarm sends people running and teaches them to ignore the next. What it says then decides whether help is
// needed. A journey is another matter: only a plain yes says that somebody is back, for a wrong one ends all care for them.
//
// The chats that were asked are few, and known to every replica a moment after: an ordinary message costs nothing.
type Asks struct {
	Store    *store.Store
	Texts    bot.Texts
	Services []bot.Service                        // whose names are no answers
	open     atomic.Pointer[map[string]store.Ask] // by chat
}

// asksEvery is how often replicas look which chats were asked.
const asksEvery = 10 * time.Second

// Watch keeps the open questions up to date until ctx ends. failed hears of what went wrong.
func (a *Asks) Watch(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(asksEvery)
	defer tick.Stop()
	for {
		if err := a.Refresh(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Refresh reads the open questions anew.
func (a *Asks) Refresh(ctx context.Context) error {
	asks, err := a.Store.OpenAsks(ctx)
	if err != nil {
		return err
	}
	open := make(map[string]store.Ask, len(asks))
	for _, ask := range asks { // the newest of a chat counts
		open[string(ask.Chat)] = ask
	}
	a.open.Store(&open)
	return nil
}

// Route gives messages to next, those that answer a question as a press of its button.
func (a *Asks) Route(next bot.Handler) bot.Handler {
	return func(ctx context.Context, m bot.Message) (bot.Reply, error) {
		if open := a.open.Load(); open != nil && len(*open) > 0 && !m.Group && m.Event == "" {
			if ask, ok := (*open)[string(a.Store.ChatKey(m.Chat.Channel, m.Chat.ID))]; ok {
				if err := a.heard(ctx, &m, ask); err != nil {
					return bot.Reply{}, err
				}
			}
		}
		return next(ctx, m)
	}
}

// heard takes a message from a chat that was asked.
func (a *Asks) heard(ctx context.Context, m *bot.Message, ask store.Ask) error {
	first, err := a.Store.Heard(ctx, ask.Notice, m.ID)
	if err != nil || !first {
		return err
	}
	kind, _, _ := strings.Cut(ask.Kind, ".")
	if kind == store.NoticeAskGreeting {
		citizen, _, err := a.Store.Recall(ctx, m.Chat.Channel, m.Chat.ID)
		if err == nil {
			err = a.Store.Greeted(ctx, citizen.ID, "")
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("noting a sign of life: %w", err)
		}
	}
	if tap := a.meant(kind, ask.Number, m); tap != "" {
		m.Tap, m.Text, m.Start = tap, "", ""
	}
	return nil
}

// meant is the button that a first message stands for, "" if it is about something else.
func (a *Asks) meant(kind, number string, m *bot.Message) string {
	if m.Tap != "" || m.Start != "" {
		return ""
	}
	if _, danger := hindi.DangerKind(m.Text); danger {
		return ""
	}
	yes, bare := hindi.BareYesNo(m.Text)
	switch kind {
	case store.NoticeAskConsent:
		if bare {
			return bot.StartTap("consent", "number", number, "agree", map[bool]string{true: "yes", false: "no"}[yes])
		}
	case store.NoticeAskReturn:
		switch {
		case bare && yes, a.says(m.Text, "journey.what.safe"):
			return bot.StartTap("journey", "number", number, "what", "safe")
		case bare, a.says(m.Text, "journey.what.stay"):
			return bot.StartTap("journey", "number", number, "what", "stay")
		}
	case store.NoticeAskGreeting:
		switch {
		case a.says(m.Text, "greeted.how.need"):
			return bot.StartTap("greeted", "how", "need")
		case bare && yes, a.says(m.Text, "greeted.how.fine"):
			return bot.StartTap("greeted", "how", "fine")
		}
		if _, command := hindi.Command(m.Text); command {
			return ""
		}
		if _, score := hindi.Service(m.Text); score >= 0.5 {
			return ""
		}
		for _, s := range a.Services {
			if a.says(m.Text, "menu."+s.ID) {
				return ""
			}
		}
		return bot.StartTap("greeted") // asked again, with 112 in sight: "नहीं", a voice note, anything
	}
	return ""
}

// says says whether words are one of an option's, in any language.
func (a *Asks) says(text, option string) bool {
	said := hindi.Fold(text)
	if said == "" {
		return false
	}
	for _, lang := range []string{"hi", "en"} {
		for _, id := range []string{option, option + ".words"} {
			words, _ := a.Texts.Text(lang, id, nil)
			for word := range strings.SplitSeq(words, ",") {
				if said == hindi.Fold(word) {
					return true
				}
			}
		}
	}
	return false
}
