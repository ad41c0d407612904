package bot_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"nagrik/bot"
)

// down is a store of dialogs that fails.
type down struct {
	bot.Dialogs
	load, save error
}

func (d down) Load(ctx context.Context, chat bot.Chat, fresh bool) ([]byte, error) {
	if d.load != nil {
		return nil, d.load
	}
	return d.Dialogs.Load(ctx, chat, fresh)
}

func (d down) Save(ctx context.Context, chat bot.Chat, old, state []byte, keep bot.Keep) (bool, error) {
	if d.save != nil {
		return false, d.save
	}
	return d.Dialogs.Save(ctx, chat, old, state, keep)
}

// TestErrorsTellNothing goes through everything that can fail and looks for the citizen's words,
// phone and chat in the errors and the counted events.
func TestErrorsTellNothing(t *testing.T) {
	t.Parallel()
	const phone, chat, name, place = "+919811122233", "chat-5551234", "कुसुमलता", "नरकटियागंज"
	canaries := []string{phone, phone[3:], chat, "5551234", name, place, "kusum", "छूट गया", "25.3", "m-4711", "album-4711"}
	type failing struct {
		name  string
		reach func(c *talker) bot.Message
		fail  func(w *world)
	}
	method := func(name string) func(w *world) {
		return func(w *world) { w.people.fail[name] = errDown }
	}
	opening := func(c *talker) bot.Message { return bot.Message{Text: "नमस्ते " + name} }
	verifying := func(c *talker) bot.Message { return bot.Message{Phone: phone} }
	filing := func(c *talker) bot.Message {
		c.send(bot.Message{Phone: phone})
		c.say(name)
		return bot.Message{Tap: c.button("जमा करें")}
	}
	sent := func(f bot.File) func(c *talker) bot.Message {
		return func(c *talker) bot.Message {
			return bot.Message{Files: []bot.File{f}, Text: name + " " + place, Album: "album-4711"}
		}
	}
	broken := bot.File{Kind: bot.Photo, Open: func(context.Context) (io.ReadCloser, error) { return nil, errDown }}
	for _, f := range []failing{
		{"load", opening, func(w *world) { w.dialogs = down{w.dialogs, errDown, nil} }},
		{"save", opening, func(w *world) { w.dialogs = down{w.dialogs, nil, errDown} }},
		{"recall", opening, func(w *world) { w.dialogs = &forgetful{}; method("Recall")(w) }},
		{"verify", verifying, method("Verify")},
		{"known", verifying, method("Known")},
		{"nobody", verifying, func(w *world) { w.people.nobody = true }},
		{"file", filing, func(w *world) { w.records.fail = func(bot.Filing) error { return errDown } }},
		{"filed", func(c *talker) bot.Message {
			m := filing(c)
			c.say("रद्द", "हाँ")
			return m
		}, method("Filed")},
		{"prefer", func(c *talker) bot.Message { return bot.Message{Tap: bot.MenuTap("!lang.en")} }, method("Prefer")},
		{"code", func(c *talker) bot.Message {
			*c = *c.world.toVerify("code", chat)
			return bot.Message{Text: phone}
		}, method("SendCode")},
		{"media", sent(file(bot.Photo, "p1")), func(w *world) { w.media.fail = errDown }},
		{"voice", func(c *talker) bot.Message {
			c.say("पीछे", "पीछे")
			return bot.Message{Files: []bot.File{file(bot.Voice, "v1")}}
		}, func(w *world) { w.media.fail = errDown }},
		{"channel", sent(broken), func(w *world) {}},
		{"prepare", func(c *talker) bot.Message { return bot.Message{Tap: bot.MenuTap("my_filings")} }, func(w *world) { w.records.unprepared = errDown }},
		{"circle", opening, func(w *world) { w.records.ask = func(q *bot.Questions) { q.Continue("lost_property") } }},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.toVerify("telegram", chat)
			m := f.reach(c)
			m.ID = "m-4711"
			f.fail(w)
			reply, err := c.try(m)
			if err == nil || !reply.Empty() {
				t.Fatalf("answered %q", reply.Text)
			}
			for _, canary := range canaries {
				if strings.Contains(err.Error(), canary) {
					t.Errorf("%q is in %q", canary, err)
				}
				for event := range w.events {
					if strings.Contains(event, canary) {
						t.Errorf("%q is in event %q", canary, event)
					}
				}
			}
			t.Log(err)
		})
	}
	for _, err := range []error{
		&bot.DuplicateError{Number: phone}, &bot.Invalid{ID: "engine.wrong.x", Data: map[string]any{"Value": name}}, &bot.SendError{Reason: bot.ReasonMoved, Moved: chat},
	} {
		for _, canary := range canaries {
			if strings.Contains(err.Error(), canary) {
				t.Errorf("%q is in %q", canary, err)
			}
		}
	}
}
