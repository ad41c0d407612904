package bot_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/bottest"
)

// world is an engine with example services and everything around it, in memory.
type world struct {
	t       testing.TB
	engine  *bot.Engine
	dialogs bot.Dialogs
	secret  *apart
	people  *people
	media   *album
	records *records
	now     time.Time

	mu     sync.Mutex
	events map[string]int
}

func newWorld(t testing.TB) *world {
	w := &world{
		t: t, dialogs: &bottest.Dialogs{}, secret: &apart{}, people: newPeople(), media: &album{kept: map[string]bool{}, clean: map[string]bool{}},
		records: &records{filed: map[string]bot.Filing{}, numbers: map[string]string{}, codes: map[string]string{}}, now: bottest.Start, events: map[string]int{},
	}
	w.people.records = w.records
	w.engine = w.replica()
	return w
}

// replica is another engine over the same dialogs and records.
func (w *world) replica() *bot.Engine {
	return &bot.Engine{
		Services: services(w.records), Texts: words{}, Dialogs: dialogsOf{w}, Secret: w.secret, Citizens: w.people, Media: w.media, Sign: sign,
		Now:   func() time.Time { return w.now },
		Phone: map[string]bot.PhoneBy{"sender": bot.PhoneBySender, "code": bot.PhoneByCode, "typed": bot.PhoneAsTyped},
		Observe: func(event string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.events[event]++
		},
	}
}

// dialogsOf lets a test change a world's dialogs while an engine runs on them.
type dialogsOf struct{ w *world }

func (d dialogsOf) Load(ctx context.Context, chat bot.Chat, fresh bool) ([]byte, error) {
	return d.w.dialogs.Load(ctx, chat, fresh)
}

func (d dialogsOf) Save(ctx context.Context, chat bot.Chat, old, state []byte, keep bot.Keep) (bool, error) {
	return d.w.dialogs.Save(ctx, chat, old, state, keep)
}

// macs are keyed hashes to use again: setting one up costs more than a short hash.
var macs = sync.Pool{New: func() any { return hmac.New(sha256.New, []byte("a key for tests")) }}

func sign(parts ...string) []byte {
	mac := macs.Get().(hash.Hash)
	defer macs.Put(mac)
	mac.Reset()
	var buffer [256]byte
	for _, p := range parts {
		mac.Write(append(strconv.AppendInt(buffer[:0], int64(len(p)), 10), ':'))
		mac.Write(append(buffer[:0], p...))
	}
	return mac.Sum(nil)
}

// talker is one chat with the bot.
type talker struct {
	*world
	chat   bot.Chat
	handle bot.Handler
	sent   int
	last   bot.Message
	reply  bot.Reply
	seen   []bot.Reply
}

func (w *world) talk(channel, id string) *talker {
	return &talker{world: w, chat: bot.Chat{Channel: channel, ID: id}, handle: w.engine.Handle}
}

// try sends a message.
func (c *talker) try(m bot.Message) (bot.Reply, error) {
	c.t.Helper()
	c.sent++
	c.now = c.now.Add(20 * time.Second)
	if m.ID == "" {
		m.ID = "u" + strconv.Itoa(c.sent)
	}
	m.Chat, m.Sender, c.last = c.chat, c.chat.ID, m
	c.last.Chat, c.last.Sender = m.Chat, m.Sender
	return c.handle(context.Background(), m)
}

// send sends a message that must be answered.
func (c *talker) send(m bot.Message) string {
	c.t.Helper()
	reply, err := c.try(m)
	if err != nil {
		c.t.Fatalf("%q %s: %v", m.Text, m.Kind(), err)
	}
	c.reply = reply
	c.seen = append(c.seen, reply)
	return reply.Text
}

func (c *talker) say(lines ...string) string {
	c.t.Helper()
	for _, text := range lines {
		c.send(bot.Message{Text: text})
	}
	return c.reply.Text
}

// tap presses the button of the newest reply that has it.
func (c *talker) tap(labels ...string) string {
	c.t.Helper()
	for _, label := range labels {
		c.send(bot.Message{Tap: c.button(label)})
	}
	return c.reply.Text
}

func (c *talker) button(label string) string {
	c.t.Helper()
	for i := len(c.seen) - 1; i >= 0; i-- {
		for _, o := range buttons(c.seen[i]) {
			if o.Label == label {
				return o.Data
			}
		}
	}
	c.t.Fatalf("no button %q in\n%s", label, c.reply.Text)
	return ""
}

func buttons(r bot.Reply) []bot.Option { return slices.Concat(r.Options, r.Ways) }

func labels(r bot.Reply) (list []string) {
	for _, o := range r.Options {
		list = append(list, o.Label)
	}
	return list
}

// wants fails unless the last reply has all the parts.
func (c *talker) wants(parts ...string) *talker {
	c.t.Helper()
	for _, part := range parts {
		if !strings.Contains(c.reply.Text, part) {
			c.t.Fatalf("%q is not in the answer to %q %s:\n%s\n%v", part, c.last.Text, c.last.Kind(), c.reply.Text, labels(c.reply))
		}
	}
	return c
}

// lacks fails if the last reply has one of the parts.
func (c *talker) lacks(parts ...string) *talker {
	c.t.Helper()
	for _, part := range parts {
		if strings.Contains(c.reply.Text, part) {
			c.t.Fatalf("%q is in the answer to %q:\n%s", part, c.last.Text, c.reply.Text)
		}
	}
	return c
}

// account is an answer to a question for a whole account.
const account = "कल शाम को बाज़ार से लौटते समय काला बैग ऑटो में छूट गया।"

// toReview answers everything of lost_property up to the review.
func (c *talker) toReview() *talker {
	c.t.Helper()
	c.say("खोया सामान")
	c.tap("खो गया", "बैग", "नहीं", "आज")
	c.say("गांधी मैदान", "पटना")
	c.tap("छोड़ें")
	c.say(account)
	c.send(bot.Message{Files: []bot.File{file(bot.Photo, "p1")}})
	c.tap("हो गया")
	c.send(bot.Message{Phone: "+919876543210"})
	c.say("सुनीता देवी")
	return c.wants("<engine.review")
}

// state is what the store has of the chat: the open draft and those set aside.
func (c *talker) state() (bot.Draft, []bot.Draft) {
	c.t.Helper()
	state, err := c.dialogs.Load(context.Background(), c.chat, false)
	if err != nil {
		c.t.Fatal(err)
	}
	open, parked, err := bot.OpenDraft(state)
	if err != nil {
		c.t.Fatal(err)
	}
	return open, parked
}

// answers are those of the open draft.
func (c *talker) answers() map[string]string {
	open, _ := c.state()
	answers := map[string]string{}
	for _, a := range open.Answers {
		answers[a.Key] = a.Value
	}
	return answers
}

// draft is the open draft's id.
func (c *talker) draft() string {
	open, _ := c.state()
	return open.ID
}

// parked says whether a draft that was set aside has an answer.
func (c *talker) parked(key string) bool {
	_, parked := c.state()
	return slices.ContainsFunc(parked, func(d bot.Draft) bool {
		_, ok := d.Answer(key)
		return ok
	})
}
