package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/flows"
	"nagrik/flows/desk"
	"nagrik/flows/paper"
	"nagrik/locales"
	"nagrik/store"
	"nagrik/store/embedded/testdb"
	"nagrik/store/media"
	"nagrik/store/seal"
)

var kek = seal.NewKEK()

func TestMain(m *testing.M) {
	os.Exit(testdb.Main(m, func(ctx context.Context, url string) error {
		if err := store.Migrate(ctx, url, kek); err != nil {
			return err
		}
		s, err := store.Open(ctx, url, kek, store.Options{Conns: 2, JobConns: 2})
		if err != nil {
			return err
		}
		defer s.Close()
		return s.LoadReference(ctx)
	}))
}

// Two stations of one district.
const (
	araria   = "5140003"
	sikti    = "5140012"
	district = "5140"
)

// What only the officer who opens the details may read.
const (
	applicant = "कौशल्या देवी"
	father    = "राम प्रसाद"
	phone     = "+919800000000"
	shown     = "+91 98000 00000" // the phone, as it is written for people
	story     = "कल रात चार लोग घर में घुस आए"
)

// town is a station with its people: a bot of its own, and everyone's chats.
type town struct {
	*desk.Desk
	t       *testing.T
	ctx     context.Context
	channel *channel
	sender  *desk.Sender
	handle  bot.Handler
	passed  []bot.Message // went on to the citizens' engine
	counted map[string]int
	mu      sync.Mutex
	n       atomic.Int64
	ahead   atomic.Int64 // how far the store's mornings are ahead
}

func newTown(t *testing.T) *town {
	t.Helper()
	t.Parallel()
	w := &town{t: t, ctx: t.Context(), channel: newChannel("telegram"), counted: map[string]int{}}
	s, err := store.Open(t.Context(), testdb.Database(t), kek, store.Options{
		Conns: 12, JobConns: 4, Ahead: func() time.Duration { return time.Duration(w.ahead.Load()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	directory, err := s.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.Desk = &desk.Desk{
		Store: s, Texts: texts, Places: flows.NewStations(directory), Channels: map[string]bot.Channel{"telegram": w.channel},
		Files:    desk.Files{Display: noFile, Original: noFile},
		Sign:     func(parts ...string) []byte { return s.Keys().MAC("test", parts...) },
		Limit:    func(context.Context, desk.Rate, ...string) (time.Duration, error) { return 0, nil },
		Username: func() string { return "NagrikBot" },
		Observe:  w.count,
		Chart:    func(paper.Chart) ([]byte, error) { return []byte("png"), nil }, PublicURL: "https://nagrik.example",
	}
	w.sender = &desk.Sender{Desk: w.Desk, Now: at(12, 0), Papers: testPapers{}, Observe: w.count}
	w.handle = w.Route(func(_ context.Context, m bot.Message) (bot.Reply, error) {
		w.passed = append(w.passed, m)
		return bot.Reply{Text: "(citizen)"}, nil
	})
	return w
}

// talks gives a town the real engine: citizens and officers really converse.
func (w *town) talks() {
	w.t.Helper()
	bucket, err := media.OpenBucket("file://" + w.t.TempDir())
	w.ok(err)
	options := flows.Options{
		Store: w.Store, Media: media.New(bucket, w.Store.Keys()), Texts: w.Texts.(*locales.Texts), Keys: w.Store.Keys(), Now: at(12, 0),
		SendCode: func(context.Context, string, string, string) error { return nil }, PublicURL: "https://nagrik.example",
	}
	records, err := flows.NewRecords(w.ctx, options)
	w.ok(err)
	engine := flows.NewEngine(records, options)
	engine.Dialogs, engine.Secret = &bottest.Dialogs{}, &bottest.Dialogs{}
	engine.Services = append(engine.Services, w.Services()...)
	w.sender.Papers, w.Certificate = records, records.Certificate
	w.handle = w.Route(engine.Handle)
}

// at is a clock that shows one time.
func at(hour, minute int) func() time.Time {
	return func() time.Time { return time.Date(2026, 3, 14, hour, minute, 0, 0, locales.India) }
}

func noFile(context.Context, string) (string, []byte, error) {
	return "", nil, errors.New("there is no such file")
}

func (w *town) count(kind, outcome string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counted[kind+" "+outcome]++
}

func (w *town) counts(what string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.counted[what]
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// exec changes the database behind the desk's back.
func (w *town) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.Store.Pool().Exec(w.ctx, sql, args...)
	w.ok(err)
}

// one reads a single value.
func one[T any](w *town, sql string, args ...any) T {
	w.t.Helper()
	rows, _ := w.Store.Pool().Query(w.ctx, sql, args...)
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	w.ok(err)
	return v
}

func (w *town) next(prefix string) string { return fmt.Sprintf("%s-%d", prefix, w.n.Add(1)) }

// gets gives a message to the desk and returns its reply.
func (w *town) gets(m bot.Message) bot.Reply {
	w.t.Helper()
	m.ID = w.next("update")
	m.Chat.Channel = "telegram"
	reply, err := w.handle(w.ctx, m)
	w.ok(err)
	return reply
}

// says sends a text in private.
func (w *town) says(person, text string) bot.Reply {
	w.t.Helper()
	return w.gets(bot.Message{Chat: bot.Chat{ID: person}, Sender: person, Text: text})
}

// saysIn sends a text in a group.
func (w *town) saysIn(group, person, text string) bot.Reply {
	w.t.Helper()
	return w.gets(bot.Message{Chat: bot.Chat{ID: group}, Sender: person, Group: true, Text: text})
}

// opens follows an opening link.
func (w *town) opens(person, word string) bot.Reply {
	w.t.Helper()
	return w.gets(bot.Message{Chat: bot.Chat{ID: person}, Sender: person, Text: "/start " + word, Start: word})
}

// taps presses a button of the last message in a chat.
func (w *town) taps(person, chat, label string) bot.Reply {
	w.t.Helper()
	m := w.channel.last(chat)
	return w.gets(bot.Message{
		Chat: bot.Chat{ID: chat}, Sender: person, Group: chat != person, On: m.id, Tap: w.button(m.Rendered, label).Data,
	})
}

// button finds a button by a part of its label.
func (w *town) button(r bot.Rendered, label string) bot.Option {
	w.t.Helper()
	for _, o := range slices.Concat(r.Buttons...) {
		if strings.Contains(o.Label, label) {
			return o
		}
	}
	w.t.Fatalf("there is no button %q in %q", label, text(r))
	return bot.Option{}
}

func (w *town) render(r bot.Reply) bot.Rendered { return bot.Render(r, w.channel.Limits()) }

// invite makes an invitation's code.
func (w *town) invite(role store.Role, station string) string {
	w.t.Helper()
	seat := store.Seat{Role: role, Station: station}
	if station == "" && (role == store.SP || role == store.SDPO) {
		seat.District = district
	}
	code, err := w.Store.Invite(w.ctx, seat, "test")
	w.ok(err)
	return code
}

// officer gives someone new a post; the sender's private chat has the same id.
func (w *town) officer(role store.Role, station string) string {
	w.t.Helper()
	person := w.next(string(role))
	if reply := w.opens(person, "inv_"+w.invite(role, station)); !strings.Contains(reply.Text, "नमस्कार") {
		w.t.Fatalf("an officer was not welcomed: %q", reply.Text)
	}
	return person
}

// group binds a new group to a station.
func (w *town) group(station, officer string) string {
	w.t.Helper()
	code, err := w.Store.InviteGroup(w.ctx, station, "test")
	w.ok(err)
	group := w.next("-100")
	if reply := w.saysIn(group, officer, "/bind "+code); !strings.Contains(reply.Text, "✅") {
		w.t.Fatalf("a group was not bound: %q", reply.Text)
	}
	return group
}

// complaint is a filing that someone new is about to make at station Araria.
func (w *town) complaint() store.NewFiling {
	w.t.Helper()
	chat := w.next("citizen")
	citizen, err := w.Store.Verify(w.ctx, "telegram", chat, fmt.Sprintf("+9198%08d", w.n.Add(1)))
	w.ok(err)
	return store.NewFiling{
		Dialog: w.next("dialog"), Service: "complaint", Prefix: "SH", Citizen: citizen, Channel: "telegram", Chat: chat, Lang: "hi",
		Station: araria, Applicant: store.Profile{Name: applicant, Father: father, Phone: phone, Address: "वार्ड 4, अररिया", District: district},
		Details: answers("what", "घटना", story, "where", "जगह", "@26.13580,87.46590"),
	}
}

// answers is the details of a filing, of key, label and value of each answer.
func answers(parts ...string) json.RawMessage {
	var list []bot.Shown
	for i := 0; i < len(parts); i += 3 {
		list = append(list, bot.Shown{Key: parts[i], Label: parts[i+1], Value: parts[i+2]})
	}
	content, _ := json.Marshal(map[string]any{"answers": list, "form": map[string]string{}})
	return content
}

// files makes a filing and returns it. The receipt, which has tests of its own, is out of the way.
func (w *town) files(n store.NewFiling) store.Filed {
	w.t.Helper()
	filed := w.filesWithReceipt(n)
	w.exec(`delete from notices where filing = $1 and kind = 'receipt'`, filed.ID)
	return filed
}

func (w *town) filesWithReceipt(n store.NewFiling) store.Filed {
	w.t.Helper()
	filed, err := w.Store.File(w.ctx, n)
	w.ok(err)
	return filed
}

// testPapers makes papers that say what they are, of which filing, and in which language.
type testPapers struct{}

func (testPapers) Receipt(_ context.Context, filing int64, lang string) (*bot.Paper, error) {
	return &bot.Paper{Name: "receipt.pdf", MIME: "application/pdf", Data: fmt.Appendf(nil, "receipt of %d in %s", filing, lang)}, nil
}

func (testPapers) Result(_ context.Context, filing int64, lang string) (*bot.Paper, error) {
	return &bot.Paper{Name: "result.pdf", MIME: "application/pdf", Data: fmt.Appendf(nil, "result of %d in %s", filing, lang)}, nil
}

func (testPapers) FIR(_ context.Context, n store.Notice) (*bot.Paper, error) {
	return &bot.Paper{Name: "fir.pdf", MIME: "application/pdf", Data: fmt.Appendf(nil, "FIR of %d", n.Filing.ID)}, nil
}

// deliver sends all notices that are due, and those that they give rise to.
func (w *town) deliver() {
	w.t.Helper()
	for range 10 {
		due := w.due()
		if len(due) == 0 {
			return
		}
		for _, id := range due {
			w.ok(w.sender.Deliver(w.ctx, id))
		}
	}
	w.t.Fatal("notices are never done")
}

func (w *town) due() []int64 {
	w.t.Helper()
	rows, _ := w.Store.Pool().Query(w.ctx, `select id from notices where state = 'pending' and next_at <= now() order by id`)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	w.ok(err)
	return ids
}

// dawns makes it day for news that were put off to wake nobody.
func (w *town) dawns() {
	w.t.Helper()
	w.exec(`update notices set next_at = now() where state = 'pending' and kind = 'status'`)
}

// pass lets time pass for all clocks, and does what is due then.
func (w *town) pass(d time.Duration) {
	w.t.Helper()
	w.exec(`update clocks set started_at = started_at - $1::interval, due_at = due_at - $1::interval, next_at = next_at - $1::interval`, d)
	w.ok(w.Store.Sweep(w.ctx))
}

// tomorrow is eight o'clock in the morning after the digests that there were.
func (w *town) tomorrow() {
	w.t.Helper()
	w.exec(`update posts set digested_on = digested_on - 1`)
	w.exec(`update groups set digested_on = digested_on - 1`)
	now := time.Now().In(locales.India)
	w.ahead.Store(int64(time.Until(time.Date(now.Year(), now.Month(), now.Day()+1, 8, 0, 1, 0, locales.India))))
	w.ok(w.Store.Sweep(w.ctx))
}

// hasten makes all notices due that were put off.
func (w *town) hasten() {
	w.t.Helper()
	w.exec(`update notices set next_at = now() where state = 'pending'`)
}

// mustSay fails the test unless a text has all of words.
func mustSay(t *testing.T, what, text string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%s lacks %q:\n%s", what, word, text)
		}
	}
}

// mustNotSay fails the test if a text has one of words.
func mustNotSay(t *testing.T, what, text string, words ...string) {
	t.Helper()
	for _, word := range words {
		if strings.Contains(text, word) {
			t.Errorf("%s says %q:\n%s", what, word, text)
		}
	}
}

// secrets is what may be in no group.
var secrets = []string{applicant, father, phone, shown, "98000", story, "घुस", "वार्ड", "87.46"}

// channel records what the bot sends.
type channel struct {
	name string

	mu      sync.Mutex
	n       int
	sent    []sent
	refuses map[string][]error // by chat: what the next attempts end with; nil lets one through
	calls   int
	before  func() // runs before each attempt; may be nil
}

// sent is a message as it stands in a chat.
type sent struct {
	bot.Rendered
	chat, id string
	at       time.Time
	edits    int
}

func newChannel(name string) *channel { return &channel{name: name, refuses: map[string][]error{}} }

func (c *channel) Name() string { return c.name }

func (c *channel) Limits() bot.Limits {
	return bot.Limits{Text: 4096, Body: 4096, Buttons: 100, Label: 64, Keyboard: true}
}

// Send is bot.Channel's.
func (c *channel) Send(_ context.Context, to bot.Chat, r bot.Rendered) (string, error) {
	if c.before != nil {
		c.before()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if errs := c.refuses[to.ID]; len(errs) > 0 {
		c.refuses[to.ID] = errs[1:]
		if errs[0] != nil {
			return "", errs[0]
		}
	}
	if r.Replace != "" {
		for i := range c.sent {
			if m := &c.sent[i]; m.chat == to.ID && m.id == r.Replace {
				m.Rendered, m.edits = r, m.edits+1
				return m.id, nil
			}
		}
		return "", &bot.SendError{Reason: bot.ReasonGone}
	}
	c.n++
	c.sent = append(c.sent, sent{Rendered: r, chat: to.ID, id: fmt.Sprintf("message-%d", c.n), at: time.Now()})
	return c.sent[len(c.sent)-1].id, nil
}

// refuse makes the next attempts to send to a chat end so.
func (c *channel) refuse(chat string, errs ...error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refuses[chat] = append(c.refuses[chat], errs...)
}

// in lists the messages in a chat.
func (c *channel) in(chat string) []sent {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []sent
	for _, m := range c.sent {
		if m.chat == chat {
			list = append(list, m)
		}
	}
	return list
}

// last is the last message in a chat, empty if there is none.
func (c *channel) last(chat string) sent {
	list := c.in(chat)
	if len(list) == 0 {
		return sent{}
	}
	return list[len(list)-1]
}

// forget deletes a chat's messages.
func (c *channel) forget(chat string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = slices.DeleteFunc(c.sent, func(m sent) bool { return m.chat == chat })
}

// text is all that a message says, buttons too.
func text(r bot.Rendered) string {
	words := append([]string{}, r.Texts...)
	for _, o := range slices.Concat(r.Buttons...) {
		words = append(words, "["+o.Label+"]")
	}
	return strings.Join(words, "\n")
}

// all is everything said in a chat.
func (c *channel) all(chat string) string {
	var parts []string
	for _, m := range c.in(chat) {
		parts = append(parts, text(m.Rendered))
	}
	return strings.Join(parts, "\n---\n")
}
