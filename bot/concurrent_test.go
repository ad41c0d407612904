package bot_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"nagrik/bot"
	"nagrik/bot/bottest"
)

// deliver hands messages to the engines at once, as lanes and replicas do, each again until it is
// answered, as a channel does.
func deliver(t *testing.T, engines []*bot.Engine, messages []bot.Message, twice bool) (replies []bot.Reply) {
	t.Helper()
	replies = make([]bot.Reply, len(messages))
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, m := range messages {
		for n := range 2 {
			if n == 1 && !twice {
				break
			}
			all.Go(func() {
				<-start
				for attempt := range 100 {
					r, err := engines[(i+n+attempt)%len(engines)].Handle(context.Background(), m)
					if err == nil {
						if n == 0 {
							replies[i] = r
						}
						return
					}
				}
				t.Errorf("message %s was never answered", m.ID)
			})
		}
	}
	close(start)
	all.Wait()
	return replies
}

func (w *world) replicas(n int) (engines []*bot.Engine) {
	for range n {
		engines = append(engines, w.replica())
	}
	return engines
}

// racing makes conflicts likely: between a load and a save others get their turn.
type racing struct {
	bottest.Dialogs
	conflicts atomic.Int64
}

func (r *racing) Load(ctx context.Context, chat bot.Chat, fresh bool) ([]byte, error) {
	state, err := r.Dialogs.Load(ctx, chat, fresh)
	for range 100 {
		runtime.Gosched()
	}
	return state, err
}

func (r *racing) Save(ctx context.Context, chat bot.Chat, old, state []byte, keep bot.Keep) (bool, error) {
	ok, err := r.Dialogs.Save(ctx, chat, old, state, keep)
	if !ok {
		r.conflicts.Add(1)
	}
	return ok, err
}

// interrupted lets other turns of the chat save between a turn's load and its save.
type interrupted struct {
	bottest.Dialogs
	others []func()
}

func (i *interrupted) Save(ctx context.Context, chat bot.Chat, old, state []byte, keep bot.Keep) (bool, error) {
	if len(i.others) > 0 {
		other := i.others[0]
		i.others = i.others[1:]
		other()
	}
	return i.Dialogs.Save(ctx, chat, old, state, keep)
}

// TestConflict works a turn out anew when others were faster, and gives up without a trace when
// that does not end.
func TestConflict(t *testing.T) {
	t.Parallel()
	for interruptions := range 10 {
		w := newWorld(t)
		store := &interrupted{}
		w.dialogs = store
		c := w.talk("telegram", "1")
		c.send(bot.Message{Tap: bot.MenuTap("complaint")})
		c.tap("ठगी")
		c.say(account, "हाँ")
		photo := func(i int) bot.Message {
			return bot.Message{ID: fmt.Sprint("p", i), Chat: c.chat, Files: []bot.File{file(bot.Photo, fmt.Sprint("p", i))}}
		}
		others := w.replicas(3)
		for i := range interruptions {
			store.others = append(store.others, func() {
				pending := store.others
				store.others = nil // one at a time
				if _, err := others[i%3].Handle(t.Context(), photo(i)); err != nil {
					t.Error(err)
				}
				store.others = pending
			})
		}
		reply, err := w.engine.Handle(t.Context(), photo(99))
		kept := c.answers()["photos"]
		if given := interruptions >= 8; (err != nil) != given || strings.Contains(kept, "p99") == given || given != reply.Empty() {
			t.Errorf("%d interruptions: %v, kept %s", interruptions, err, kept)
		}
		for i := range min(interruptions, 8) {
			if !strings.Contains(kept, fmt.Sprint("p", i, ",")) {
				t.Errorf("%d interruptions: photo %d is lost: %s", interruptions, i, kept)
			}
		}
	}
}

func TestAlbumOnThreeReplicas(t *testing.T) {
	t.Parallel()
	var conflicts int64
	for round := range 20 {
		w := newWorld(t)
		store := &racing{}
		w.dialogs = store
		c := w.talk("telegram", "1")
		c.send(bot.Message{Tap: bot.MenuTap("complaint")})
		c.tap("ठगी")
		c.say(account, "हाँ")
		c.wants("<complaint.photos")
		var messages []bot.Message
		for i := range 10 {
			messages = append(messages, bot.Message{
				ID: fmt.Sprint("a", i), Chat: c.chat, Album: "album", Files: []bot.File{file(bot.Photo, fmt.Sprint("p", i))},
			})
		}
		answered := 0
		for _, r := range deliver(t, w.replicas(3), messages, round%2 == 1) {
			if !r.Empty() {
				answered++
			}
		}
		if got := len(strings.Split(strings.Trim(c.answers()["photos"], ","), ",")); got != 10 {
			t.Fatalf("%d of 10 photos are kept: %s", got, c.answers()["photos"])
		}
		if round%2 == 0 && answered != 1 {
			t.Errorf("%d answers to an album", answered)
		}
		conflicts += store.conflicts.Load()
	}
	t.Logf("%d conflicts", conflicts)
}

// TestAlbumThatIsTooLong is answered with its first photo, and once more where it is full.
func TestAlbumThatIsTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.toVerify("telegram", "1")
	c.say("पीछे")
	c.wants("<lost_property.photos>")
	full, answered := 0, 0
	for i := range 10 {
		c.send(bot.Message{Album: "album", Files: []bot.File{file(bot.Photo, fmt.Sprint("p", i))}})
		if !c.reply.Empty() {
			answered++
		}
		full += strings.Count(c.reply.Text, "<engine.files_full")
		if c.reply.Clear {
			t.Error("a keyboard is taken away")
		}
	}
	if full != 1 || answered != 2 || len(strings.Split(c.answers()["photos"], ",")) != 6 {
		t.Errorf("full %d times in %d answers; photos %s", full, answered, c.answers()["photos"])
	}
	c.say("हो गया", "रद्द", "हाँ")
	for i := range 5 {
		c.send(bot.Message{Album: "another", Files: []bot.File{file(bot.Photo, "q")}})
		if (i == 0) == c.reply.Empty() {
			t.Errorf("photo %d without a draft: %q", i, c.reply.Text)
		}
	}
}

// TestAlbumBesideAnotherQuestion is kept for later, its caption answers, and what is silent leaves the
// keyboard of the open question where it is.
func TestAlbumBesideAnotherQuestion(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.tap("खो गया", "बैग", "नहीं")
	c.send(bot.Message{Album: "album", Files: []bot.File{file(bot.Photo, "p1")}, Text: "आज"})
	if c.wants("<engine.file_kept>", "<lost_property.place>"); c.reply.Want != bot.WantPlace {
		t.Errorf("wants %v", c.reply.Want)
	}
	c.send(bot.Message{Album: "album", Files: []bot.File{file(bot.Photo, "p2")}})
	if !c.reply.Empty() {
		t.Errorf("answered %q", c.reply.Text)
	}
	c.say("चौक", "पटना") // the station wants a place too
	if c.wants("<lost_property.age>"); !c.reply.Clear {
		t.Error("the keyboard stays")
	}
	if got := c.answers()["photos"]; got != "p1,p2," {
		t.Errorf("kept %s", got)
	}
	c = newWorld(t).toVerify("telegram", "1") // a keyboard is open
	c.say("पीछे")
	c.send(bot.Message{Album: "album", Files: []bot.File{file(bot.Photo, "p1")}})
	c.say("हो गया")
	c.send(bot.Message{Album: "album2", Files: []bot.File{file(bot.Photo, "p2")}})
	c.send(bot.Message{Album: "album2", Files: []bot.File{file(bot.Photo, "p3")}})
	c.send(bot.Message{Phone: "+919876543210"})
	if c.wants("<lost_property.name>"); !c.reply.Clear {
		t.Error("the keyboard stays")
	}
}

// TestLanes delivers typed answers and taps of one chat at once: the outcome is one that an order
// could have had.
func TestLanes(t *testing.T) {
	t.Parallel()
	for range 20 {
		w := newWorld(t)
		store := &racing{}
		w.dialogs = store
		c := w.talk("telegram", "1")
		c.say("खोया सामान")
		c.tap("खो गया")
		m := func(id string, m bot.Message) bot.Message {
			m.ID, m.Chat = id, c.chat
			return m
		}
		deliver(t, w.replicas(3), []bot.Message{
			m("t1", bot.Message{Tap: c.button("बैग")}),
			m("t2", bot.Message{Tap: c.button("सिम कार्ड")}),
			m("t3", bot.Message{Tap: c.button("मोबाइल")}),
			m("t4", bot.Message{Tap: c.button("खो गया")}),
			m("t5", bot.Message{Tap: c.button("पीछे")}),
			m("w1", bot.Message{Text: "बैग"}),
			m("w2", bot.Message{Text: "मदद"}),
			m("p1", bot.Message{Files: []bot.File{file(bot.Photo, "p1")}}),
		}, false)
		// An answer more or one taken back, and the photo in any case but that of a closed draft.
		got := c.answers()
		if got["photos"] != "p1," {
			t.Fatalf("the photo is lost: %v", got)
		}
		if v, ok := got["thing.1.kind"]; ok && v != "bag" && v != "sim" && v != "mobile" {
			t.Fatalf("answers %v", got)
		}
		// Every message was answered once: a repeat of it changes nothing.
		before, _ := w.dialogs.Load(t.Context(), c.chat, false)
		for _, id := range []string{"t1", "t2", "t3", "t4", "t5", "w1", "w2", "p1"} {
			r, err := w.engine.Handle(t.Context(), m(id, bot.Message{Text: "बैग"}))
			if err != nil || r.Empty() {
				t.Fatalf("repeat of %s: %q, %v", id, r.Text, err)
			}
		}
		if after, _ := w.dialogs.Load(t.Context(), c.chat, false); string(before) != string(after) {
			t.Fatal("a repeat changed the dialog")
		}
	}
}

// TestFileOnceInAnyOrder taps "file" on many replicas at once, each tap delivered twice.
func TestFileOnceInAnyOrder(t *testing.T) {
	t.Parallel()
	for range 10 {
		w := newWorld(t)
		w.dialogs = &racing{}
		c := w.talk("telegram", "1").toReview()
		var messages []bot.Message
		for i := range 8 {
			messages = append(messages, bot.Message{ID: fmt.Sprint("f", i), Chat: c.chat, Tap: c.button("जमा करें")})
		}
		for i, r := range deliver(t, w.replicas(3), messages, true) {
			if !strings.Contains(r.Text, "KS0000000001") {
				t.Fatalf("tap %d was told %q", i, r.Text)
			}
		}
		if len(w.records.filed) != 1 {
			t.Fatalf("%d filings", len(w.records.filed))
		}
	}
}

// TestManyChats runs whole dialogs of many chats on three replicas at once, every message of theirs
// on another one.
func TestManyChats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	engines := w.replicas(3)
	const chats = 40
	var all sync.WaitGroup
	for n := range chats {
		all.Go(func() {
			chat := bot.Chat{Channel: "typed", ID: fmt.Sprint(n)}
			for i, text := range []string{
				"खोया सामान", "1", "7", "नहीं", "आज", "चौक", "पटना", "12", account, "छोड़ें", fmt.Sprint(9876500000 + n), "सुनीता देवी", "जमा करें",
			} {
				m := bot.Message{ID: fmt.Sprint(i), Chat: chat, Text: text}
				if _, err := engines[(n+i)%3].Handle(context.Background(), m); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if len(w.records.filed) != chats {
		t.Errorf("%d filings of %d", len(w.records.filed), chats)
	}
}

// TestRepeatsOfEverything delivers each message of a dialog again, all of the last 32 after each:
// every repeat is answered, and none changes anything.
func TestRepeatsOfEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.talk("telegram", "1")
	handle := c.handle
	var sent []bot.Message
	c.handle = func(ctx context.Context, m bot.Message) (bot.Reply, error) {
		reply, err := handle(ctx, m)
		sent = append(sent, m)
		before, _ := w.dialogs.Load(ctx, c.chat, false)
		for _, old := range sent[max(0, len(sent)-32):] {
			again, err := handle(ctx, old)
			if err != nil || again.Empty() {
				t.Errorf("repeat of %s %q: %q, %v", old.ID, old.Text, again.Text, err)
			}
			if old.ID == m.ID && reply.Text != "" && lastLine(reply.Text) != lastLine(again.Text) {
				t.Errorf("repeat of %q: %q, not %q", old.Text, again.Text, reply.Text)
			}
		}
		if after, _ := w.dialogs.Load(ctx, c.chat, false); string(before) != string(after) {
			t.Errorf("a repeat after %s %q changed the dialog", m.ID, m.Text)
		}
		return reply, err
	}
	c.say("नमस्ते", "बचाओ")
	c.toReview()
	c.say("बदलें 3", "पीछे", "बदलें", "4", "चौक", "रद्द", "नहीं", "मेनू", "भाषा")
	c.tap("हिन्दी", "जमा करें")
	c.say("स्थिति", "ठीक", "xyz")
	if len(w.records.filed) != 1 || w.records.calls != 1 {
		t.Errorf("%d filings by %d calls", len(w.records.filed), w.records.calls)
	}
}

// lastLine is what a reply asks, after what it says first.
func lastLine(s string) string { return s[strings.LastIndexByte(strings.TrimSpace(s), '\n')+1:] }
