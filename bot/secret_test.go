package bot_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/bottest"
)

// apart is the store of secret dialogs. It can fail, and be interrupted by other turns of the chat.
type apart struct {
	bottest.Dialogs
	mu     sync.Mutex
	loads  int
	saves  int
	fails  int // the next saves
	others []func()
}

func (a *apart) Load(ctx context.Context, chat bot.Chat, fresh bool) ([]byte, error) {
	a.mu.Lock()
	a.loads++
	a.mu.Unlock()
	return a.Dialogs.Load(ctx, chat, fresh)
}

func (a *apart) Save(ctx context.Context, chat bot.Chat, old, state []byte, keep bot.Keep) (bool, error) {
	a.mu.Lock()
	a.saves++
	fails, others := a.fails > 0, a.others
	if fails {
		a.fails--
	}
	a.others = nil
	a.mu.Unlock()
	if fails {
		return false, errDown
	}
	for _, other := range others {
		other()
	}
	return a.Dialogs.Save(ctx, chat, old, state, keep)
}

// secretDraft is the open draft of the chat's secret dialog.
func (c *talker) secretDraft() bot.Draft {
	c.t.Helper()
	state, err := c.secret.Dialogs.Load(context.Background(), c.chat, false)
	if err != nil {
		c.t.Fatal(err)
	}
	open, parked, err := bot.OpenDraft(state)
	if err != nil || len(parked) > 0 {
		c.t.Fatalf("%d drafts are set aside in a secret dialog, %v", len(parked), err)
	}
	return open
}

// own is the state of the chat's own dialog.
func (c *talker) own() []byte {
	c.t.Helper()
	state, err := c.dialogs.Load(context.Background(), c.chat, false)
	if err != nil {
		c.t.Fatal(err)
	}
	return state
}

// toTip begins a tip and answers up to the question for photos.
func (c *talker) toTip() *talker {
	c.t.Helper()
	c.send(bot.Message{Tap: bot.MenuTap("tip")})
	c.tap("शराब")
	c.say(account)
	return c.wants("<tip.photos>")
}

// TestSecretLeavesNothing follows a tip of a citizen who has a draft open and is verified: the chat's own
// dialog learns of nothing, before, during and after.
func TestSecretLeavesNothing(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("नमस्ते")
	before := c.own()
	c.toTip()
	c.send(bot.Message{Files: []bot.File{file(bot.Photo, "p1")}})
	c.tap("हो गया")
	c.say("हाँ")
	c.wants("<engine.review", "C").tap("जमा करें")
	c.wants("<tip.filed Code=C0000000001>", "<engine.menu>")
	if !bytes.Equal(c.own(), before) {
		t.Error("the chat's own dialog changed")
	}
	if state, _ := c.secret.Load(t.Context(), c.chat, false); state != nil {
		t.Errorf("%d bytes of the tip are left", len(state))
	}
	for id := range c.media.kept {
		t.Errorf("the file %s was kept as it came", id)
	}
	if !c.media.clean["p1"] || len(c.records.filed) != 1 {
		t.Errorf("files %v, %d filings", c.media.clean, len(c.records.filed))
	}
	for _, f := range c.records.filed {
		if f.Chat != (bot.Chat{}) || f.Citizen != "" {
			t.Errorf("the tip was told of %+v", f.Visit)
		}
	}
	for range 2 { // the button again, and its delivery again
		c.tap("जमा करें")
		c.wants("<tip.filed Code=C0000000001>", "<engine.menu>")
		if reply, err := c.again(); err != nil || reply.Text != c.reply.Text || !reply.Secret {
			t.Errorf("delivered again: %q, %v", reply.Text, err)
		}
	}
	if !bytes.Equal(c.own(), before) {
		t.Error("the chat's own dialog changed")
	}
}

// TestSecretIsMarked holds that a channel is told which replies it must not keep.
func TestSecretIsMarked(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	marked := func(want bool) {
		t.Helper()
		again, err := c.again()
		if err != nil || c.reply.Secret != want || again.Secret != want {
			t.Errorf("after %q: secret %v, and %v when it is delivered again (%v)", c.last.Text, c.reply.Secret, again.Secret, err)
		}
	}
	c.say("नमस्ते")
	marked(false)
	c.send(bot.Message{Tap: bot.MenuTap("tip")})
	marked(true)
	c.tap("शराब")
	marked(true)
	c.say("रद्द")
	marked(true)
	c.say("हाँ")
	if c.wants("<engine.cancelled>"); !c.reply.Secret {
		t.Error("the end of a tip is not marked")
	}
	c.say("खोया सामान")
	marked(false)
}

// TestSecretSetsDraftsAside begins a tip while a draft is open, as a verified citizen.
func TestSecretSetsDraftsAside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &forgetful{}
	w.dialogs = store
	c := w.talk("telegram", "1").toReview()
	c.toTip()
	open, parked := c.state()
	if open.Service != "" || len(parked) != 1 || store.last() != bot.KeepDraft {
		t.Fatalf("%q is open, %d set aside, %v", open.Service, len(parked), store.last())
	}
	before := c.own()
	if d := c.secretDraft(); d.Service != "tip" || len(d.Known) > 0 {
		t.Errorf("the secret draft is %+v", d)
	}
	c.send(bot.Message{Phone: "+919876543210"})
	c.wants("<engine.contact_kept>", "<tip.photos>")
	c.send(bot.Message{Tap: bot.MenuTap("!lang.en")})
	c.wants("<engine.language_changed>", "<tip.photos>")
	for _, away := range []string{"complaint", "!resume.lost_property", "my_filings"} {
		c.send(bot.Message{Tap: bot.MenuTap(away)})
		c.wants("<engine.confirm.cancel Service=गुप्त सूचना>").say("नहीं")
	}
	c.send(bot.Message{Tap: c.button("जमा करें")}) // of the draft that was set aside
	c.wants("<engine.old_button>", "<tip.photos>").say("मेनू")
	if got := labels(c.reply); !slices.Contains(got, "गुप्त सूचना जारी") || slices.Contains(got, "खोया सामान जारी") {
		t.Errorf("the menu has %q", got)
	}
	if !bytes.Equal(c.own(), before) {
		t.Error("the chat's own dialog changed")
	}
	if len(w.people.chats) != 1 || w.people.chats[c.chat].Lang != "" {
		t.Errorf("kept of the chat: %+v", w.people.chats)
	}
	c.say("रद्द", "हाँ")
	c.wants("<engine.cancelled>", "<engine.menu>").tap("खोया सामान जारी")
	if c.wants("<engine.review"); c.secretDraft().Service != "" {
		t.Error("the tip is still there")
	}
	c.tap("जमा करें")
	c.wants("<lost_property.filed Number=KS")
}

// TestSecretWithoutAnswers is left for something else without a question.
func TestSecretWithoutAnswers(t *testing.T) {
	t.Parallel()
	for _, leave := range []struct {
		send  bot.Message
		wants string
	}{
		{bot.Message{Tap: bot.MenuTap("complaint")}, "<complaint.category>"},
		{bot.Message{Tap: bot.MenuTap("!resume.lost_property")}, "<lost_property.thing.kind>"},
		{bot.Message{Tap: bot.MenuTap("lost_property")}, "<engine.confirm.resume"},
		{bot.Message{Text: "नमस्ते"}, "<engine.greeting>"},
		{bot.Message{Text: "रद्द"}, "<engine.menu>"},
		{bot.Message{Text: "पीछे"}, "<engine.menu>"},
		{bot.Message{Text: "स्थिति"}, "<my_filings.none>"},
	} {
		c := newWorld(t).talk("telegram", "1")
		c.say("खोया सामान")
		c.tap("खो गया")
		c.send(bot.Message{Tap: bot.MenuTap("tip")})
		c.wants("<tip.kind>").send(leave.send)
		if c.wants(leave.wants); c.secretDraft().Service != "" {
			t.Errorf("%q %q: the tip is still there", leave.send.Text, leave.send.Tap)
		}
		c.send(bot.Message{Tap: bot.MenuTap("tip")}) // and again, twice
		c.send(bot.Message{Tap: bot.MenuTap("tip")})
		c.wants("<tip.kind>")
	}
}

// TestSecretByWords begins a tip by words that are not sure, without a question that would be a mark.
func TestSecretByWords(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("नमस्ते")
	before := c.own()
	c.say("पुलिस को सूचना देना है")
	c.wants("<engine.understood_service Service=गुप्त सूचना>", "<tip.kind>")
	if !bytes.Equal(c.own(), before) {
		t.Error("the chat's own dialog changed")
	}
	c.say("रद्द", "खोया सामान", "गुप्त सूचना देनी है")
	c.wants("<tip.kind>").say("रद्द", "मेनू")
	if got := labels(c.reply); slices.Contains(got, "खोया सामान जारी") {
		t.Errorf("a draft without answers was set aside: %q", got)
	}
}

// TestVoiceInSecret is taken only after a warning and a yes.
func TestVoiceInSecret(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.send(bot.Message{Tap: bot.MenuTap("tip")})
	c.tap("शराब")
	c.lacks("<engine.voice_too>")
	voice := bot.Message{Files: []bot.File{file(bot.Voice, "v1")}}
	c.send(voice)
	c.wants("<engine.confirm.voice>").say("नहीं")
	c.wants("<engine.voice_no>", "<tip.details>").send(voice)
	if c.wants("<engine.confirm.voice>"); len(c.media.clean)+len(c.media.kept) > 0 {
		t.Fatal("a voice was taken without a yes")
	}
	c.tap("<engine.confirm.voice.yes>")
	c.wants("<engine.voice_again>", "<tip.details>").send(voice)
	if c.wants("<tip.photos>"); !c.media.clean["v1"] || c.media.kept["v1"] {
		t.Errorf("kept %v, cleaned %v", c.media.kept, c.media.clean)
	}
	c.send(bot.Message{Files: []bot.File{file(bot.Video, "film"), file(bot.Document, "paper")}})
	c.wants("<engine.wrong.file_secret>", "<tip.photos>").tap("छोड़ें")
	c.say("हाँ", "जमा करें")
	c.wants("<tip.filed")
	if len(c.media.kept) > 0 {
		t.Errorf("kept %v", c.media.kept)
	}
}

// TestNoSecret offers no secret service where there is no place for its dialogs.
func TestNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.Secret = nil
	c := w.talk("telegram", "1")
	c.say("मेनू")
	if slices.Contains(labels(c.reply), "गुप्त सूचना") {
		t.Errorf("the menu has %q", labels(c.reply))
	}
	c.send(bot.Message{Tap: bot.MenuTap("tip")})
	c.wants("<engine.not_here>").say("गुप्त सूचना देनी है")
	c.wants("<engine.not_here>").say("गुप्त सूचना")
	c.wants("<engine.not_here>")
}

// TestOrdinaryTurnsAreNotSlower: a turn with an open draft does not ask for a secret dialog.
func TestOrdinaryTurnsAreNotSlower(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	asked := c.secret.loads
	c.tap("खो गया", "बैग", "नहीं", "आज")
	c.say("गांधी मैदान", "मेनू", "पीछे")
	if c.secret.loads != asked || c.secret.saves > 0 {
		t.Errorf("%d loads, %d saves", c.secret.loads-asked, c.secret.saves)
	}
}

// TestSecretCrashes has the stores fail at each save on the way: the message that comes again does what
// the first was to do, once.
func TestSecretCrashes(t *testing.T) {
	t.Parallel()
	for fails := range 3 {
		w := newWorld(t)
		flaky := &forgetful{}
		w.dialogs = flaky
		c := w.talk("telegram", "1")
		c.say("खोया सामान")
		c.tap("खो गया")
		insist := func(m bot.Message) {
			t.Helper()
			reply, err := c.try(m)
			for err != nil {
				reply, err = c.again()
			}
			c.reply = reply
			c.seen = append(c.seen, reply)
		}
		flaky.fails, w.secret.fails = fails, fails
		insist(bot.Message{Tap: bot.MenuTap("tip")})
		c.wants("<tip.kind>").tap("शराब")
		w.secret.fails = fails
		insist(bot.Message{Text: account})
		c.wants("<tip.photos>").tap("छोड़ें")
		c.say("हाँ")
		w.secret.fails = fails
		insist(bot.Message{Tap: c.button("जमा करें")})
		c.wants("<tip.filed Code=C0000000001>")
		if len(w.records.filed) != 1 {
			t.Errorf("%d filings", len(w.records.filed))
		}
		c.tap("खोया सामान जारी")
		c.wants("<lost_property.thing.kind>")
	}
}

// TestSecretConflicts has other turns of the chat come between a turn and its save.
func TestSecretConflicts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.talk("telegram", "1")
	other := w.replica()
	hear := func(m bot.Message) func() {
		return func() {
			m.Chat = c.chat
			if _, err := other.Handle(t.Context(), m); err != nil {
				t.Error(err)
			}
		}
	}
	w.secret.others = []func(){hear(bot.Message{ID: "x1", Tap: bot.MenuTap("tip")})}
	c.send(bot.Message{Tap: bot.MenuTap("tip")})
	c.wants("<tip.kind>").tap("शराब")
	w.secret.others = []func(){hear(bot.Message{ID: "x2", Files: []bot.File{file(bot.Photo, "p1")}})}
	c.say(account)
	c.wants("<engine.have_photos", "<engine.more_photos>")
	draft := c.secretDraft()
	if got, _ := draft.Answer("photos"); got != "p1," {
		t.Errorf("photos %q", got)
	}
	c.tap("हो गया")
	w.secret.others = []func(){hear(bot.Message{ID: "x3", Text: "मदद"})}
	c.say("हाँ")
	w.secret.others = []func(){hear(bot.Message{ID: "x4", Text: "मदद"})}
	c.tap("जमा करें")
	c.wants("<tip.filed Code=C0000000001>")
	if c.secretDraft().Service != "" || len(w.records.filed) != 1 {
		t.Errorf("%d filings", len(w.records.filed))
	}
}

// TestSecretStateGone goes on with the chat's own dialog when the tip's time has run out, or its state
// is damaged; what was meant for the tip is kept nowhere.
func TestSecretStateGone(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("नमस्ते")
	c.toTip()
	state, _ := c.secret.Dialogs.Load(t.Context(), c.chat, false)
	for _, now := range [][]byte{nil, state[:20]} {
		c.secret.Dialogs = bottest.Dialogs{}
		if now != nil {
			if ok, err := c.secret.Dialogs.Save(t.Context(), c.chat, nil, now, bot.Keep{}); !ok || err != nil {
				t.Fatal(ok, err)
			}
		}
		c.say("कनारी टोला के पीछे")
		c.wants("<engine.menu>")
		if bytes.Contains(c.own(), []byte("कनारी")) || strings.Contains(c.reply.Text, "tip") {
			t.Errorf("answered %q", c.reply.Text)
		}
		if c.secretDraft().Service != "" {
			t.Error("a damaged state is left")
		}
	}
	c.now = c.now.Add(time.Hour)
	c.send(bot.Message{Tap: c.button("छोड़ें")})
	c.wants("<engine.old_button>", "<engine.menu>")
}

// TestSecretFilesAskTheStore: a file must not be taken by what this process remembers of the chat.
func TestSecretFilesAskTheStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	remembering := &stale{}
	w.dialogs = remembering
	c := w.talk("telegram", "1").toReview()
	remembering.old = c.own() // as another replica has it
	c.media.kept = map[string]bool{}
	remembering.on = false
	c.toTip()
	remembering.on = true
	c.send(bot.Message{Files: []bot.File{file(bot.Photo, "p2")}})
	if c.wants("<engine.more_photos>"); c.media.kept["p2"] || !c.media.clean["p2"] {
		t.Errorf("kept %v, cleaned %v", c.media.kept, c.media.clean)
	}
}

// stale gives an old state to who does not ask for a fresh one, until a save finds that out.
type stale struct {
	bottest.Dialogs
	old []byte
	on  bool
}

func (s *stale) Load(ctx context.Context, chat bot.Chat, fresh bool) ([]byte, error) {
	if s.on && !fresh {
		return s.old, nil
	}
	return s.Dialogs.Load(ctx, chat, fresh)
}

func (s *stale) Save(ctx context.Context, chat bot.Chat, old, state []byte, keep bot.Keep) (bool, error) {
	s.on = false
	return s.Dialogs.Save(ctx, chat, old, state, keep)
}

// TestSecretEndsInACrash has the last message of a secret dialog come again, as it does where its answer was lost: it finds
// nothing that it belongs to, and leaves nothing. The menu that answers it works.
func TestSecretEndsInACrash(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]func(c *talker){
		"tapped": func(c *talker) { c.tap("छोड़ें") }, "typed": func(c *talker) { c.say("800001") }, "sent": func(c *talker) { c.say("जमा करें") },
	} {
		c := newWorld(t).talk("telegram", "1")
		c.engine.Services = append(c.engine.Services, bot.Service{
			ID: "more", Secret: true, Direct: name != "sent", Hidden: true, New: func() bot.Interview { return &short{r: c.records} },
		})
		c.send(bot.Message{Tap: bot.StartTap("more", "first", "abcde")})
		if name == "sent" {
			c.say("800001")
		}
		last(c)
		if c.wants("<more.filed"); c.own() != nil || c.secretDraft().Service != "" {
			t.Fatalf("%s: something is kept", name)
		}
		again, err := c.again()
		if err != nil || c.own() != nil {
			t.Errorf("%s: the message that came again left %q (%v)", name, c.own(), err)
		}
		if c.reply = again; !again.Secret {
			t.Errorf("%s: the answer may be kept", name)
		}
		c.wants("<engine.menu>").say("2")
		c.wants("<complaint.category>")
	}
}
