package bot_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
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
	people  *people
	media   *album
	records *records
	now     time.Time

	mu     sync.Mutex
	events map[string]int
}

func newWorld(t testing.TB) *world {
	w := &world{
		t: t, dialogs: &bottest.Dialogs{}, people: newPeople(), media: &album{kept: map[string]bool{}},
		records: &records{filed: map[string]bot.Filing{}, numbers: map[string]string{}}, now: bottest.Start, events: map[string]int{},
	}
	w.people.records = w.records
	w.engine = w.replica()
	return w
}

// replica is another engine over the same dialogs and records.
func (w *world) replica() *bot.Engine {
	return &bot.Engine{
		Services: services(w.records), Texts: words{}, Dialogs: dialogsOf{w}, Citizens: w.people, Media: w.media, Sign: sign,
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

func (d dialogsOf) Load(ctx context.Context, chat bot.Chat) ([]byte, error) {
	return d.w.dialogs.Load(ctx, chat)
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

// records is where filings go.
type records struct {
	mu      sync.Mutex
	filed   map[string]bot.Filing // by dialog
	numbers map[string]string     // by dialog
	calls   int
	fail    func(bot.Filing) error // nil: nothing fails
	gone    map[string]bool        // services that this release has no more
	ask     func(q *bot.Questions) // another release's questions of lost_property

	unprepared error // what preparing my_filings fails with
}

func (r *records) file(f bot.Filing) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	if r.fail != nil {
		if err := r.fail(f); err != nil {
			return "", err
		}
	}
	if _, ok := r.filed[f.Dialog]; !ok {
		r.filed[f.Dialog] = f
		r.numbers[f.Dialog] = fmt.Sprintf("KS%010d", len(r.filed))
	}
	return r.numbers[f.Dialog], nil
}

// last gives the answers of the only filing.
func (r *records) only(t testing.TB) map[string]string {
	t.Helper()
	if len(r.filed) != 1 {
		t.Fatalf("%d filings, not one", len(r.filed))
	}
	answers := map[string]string{}
	for _, f := range r.filed {
		for _, a := range f.Answers {
			answers[a.Key] = a.Value
		}
	}
	return answers
}

// services are the example services: every kind of question, a branch, a repeated group, a
// continuation, and services that are direct, secret, prepared or short.
func services(r *records) []bot.Service {
	all := []bot.Service{
		{ID: "lost_property", New: func() bot.Interview { return &lost{r: r} }},
		{ID: "complaint", New: func() bot.Interview { return &complaint{r: r} }},
		{ID: "my_filings", New: func() bot.Interview { return &mine{r: r} }, Direct: true},
		{ID: "tip", New: func() bot.Interview { return &tip{r: r} }, Secret: true},
	}
	for _, id := range []string{"fir_copy", "verification", "travel_alert"} {
		all = append(all, bot.Service{ID: id, New: func() bot.Interview { return &short{r: r} }})
	}
	if r.gone != nil {
		all = slices.DeleteFunc(all, func(s bot.Service) bool { return r.gone[s.ID] })
	}
	return all
}

// things are more than a page.
var things = []string{"mobile", "sim", "papers", "licence", "card", "passport", "bag", "jewellery", "cash", "keys", "cattle", "misc"}

type lost struct {
	r       *records
	how     string
	things  []string
	imei    string
	when    bot.When
	place   string
	station string
	age     int
	details string
	sure    bool
	photos  []string
	name    string
}

func (l *lost) Ask(q *bot.Questions) {
	if l.r.ask != nil {
		l.r.ask(q)
		return
	}
	q.Choice(&l.how, "how", []string{"lost", "stolen", "found"})
	if l.how == "stolen" {
		q.Continue("complaint")
		return
	}
	q.Say("lost_property.say")
	for i, more := 1, true; more && i <= 3; i++ {
		var thing string
		key := "thing." + strconv.Itoa(i)
		q.Choice(&thing, key+".kind", things)
		if thing == "mobile" {
			q.Text(&l.imei, key+".imei", bot.IMEI, bot.Optional)
		}
		l.things = append(l.things, thing)
		more = false
		if i < 3 {
			q.Yes(&more, key+".more", bot.Hidden)
		}
	}
	q.Date(&l.when, "when", bot.Past, bot.UnknownAllowed)
	q.Place(&l.place, "place")
	q.Pick(&l.station, "station", towns{}, bot.Locatable, bot.Around(l.place), bot.OrVia("by_letter"), bot.Or("not_listed"))
	if l.station == "by_letter" {
		q.Pick(&l.station, "station_in", towns{}, bot.Or("not_listed"))
	}
	q.Number(&l.age, "age", 1, 120, bot.Optional)
	q.Text(&l.details, "details", bot.Length(20, 500))
	q.Photos(&l.photos, "photos", 5, bot.Optional)
	q.Verify()
	q.Text(&l.name, "name", bot.Name, bot.Prefill(q.Known("name")))
}

func (l *lost) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	number, err := l.r.file(f)
	return bot.Outcome{Number: number, Data: map[string]any{"Number": number}}, err
}

type complaint struct {
	r        *records
	category string
	details  string
	sure     bool
	photos   []string
}

func (c *complaint) Ask(q *bot.Questions) {
	carried := ""
	if q.Carried("how") == "stolen" {
		carried = "theft"
	}
	q.Choice(&c.category, "category", []string{"theft", "fraud", "misc"}, bot.Prefill(carried))
	q.Text(&c.details, "details", bot.Length(20, 500))
	q.Yes(&c.sure, "sure", bot.With("Category", c.category))
	if c.sure {
		q.Photos(&c.photos, "photos", 10)
	}
}

func (c *complaint) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	number, err := c.r.file(f)
	return bot.Outcome{Number: number}, err
}

// mine is direct, and prepared from the records.
type mine struct {
	r      *records
	count  int
	lang   string
	action string
}

func (m *mine) Prepare(_ context.Context, v bot.Visit) error {
	m.r.mu.Lock()
	defer m.r.mu.Unlock()
	m.count, m.lang = len(m.r.filed), v.Lang
	return m.r.unprepared
}

func (m *mine) Ask(q *bot.Questions) {
	if m.count == 0 {
		return // File says so
	}
	q.Choice(&m.action, "action", []string{"done", "lang", "forget", "again"}, bot.With("Count", m.count))
}

func (m *mine) File(context.Context, bot.Filing) (bot.Outcome, error) {
	switch {
	case m.count == 0:
		return bot.Outcome{}, &bot.Invalid{ID: "my_filings.none"}
	case m.action == "lang":
		simple := true
		return bot.Outcome{Text: "my_filings.done", Lang: "en", Simple: &simple}, nil
	case m.action == "forget":
		return bot.Outcome{Text: "my_filings.forgotten", Forget: true}, nil
	case m.action == "again":
		return bot.Outcome{Text: "my_filings.done", Start: "complaint"}, nil
	}
	return bot.Outcome{Text: "my_filings.done"}, nil
}

type tip struct {
	r       *records
	details string
	sure    bool
}

func (x *tip) Ask(q *bot.Questions) {
	q.Text(&x.details, "details", bot.Length(20, 500))
	q.Yes(&x.sure, "sure")
}

func (x *tip) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	number, err := x.r.file(f)
	return bot.Outcome{Data: map[string]any{"Code": number}}, err
}

type short struct {
	r    *records
	a, b string
}

func (s *short) Ask(q *bot.Questions) {
	q.Text(&s.a, "first", bot.Length(3, 50))
	q.Text(&s.b, "second", bot.Pin, bot.Optional)
}

func (s *short) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	number, err := s.r.file(f)
	return bot.Outcome{Number: number}, err
}

// towns is a list of 23 places, 10 km apart on a line to the north.
type towns struct{}

var townNames = strings.Fields(`अररिया अरवल औरंगाबाद कटिहार किशनगंज कैमूर खगड़िया गया गोपालगंज जमुई जहानाबाद दरभंगा
	नवादा नालंदा पटना पूर्णिया बक्सर बांका बेगूसराय भागलपुर भोजपुर मधुबनी मधेपुरा`)

func town(n int) bot.Item { return bot.Item{ID: "t" + strconv.Itoa(n), Label: townNames[n]} }

func (towns) Find(_, text string, n int) (items []bot.Item, sure bool) {
	for i, name := range townNames {
		if strings.HasPrefix(name, strings.TrimSpace(text)) && len(items) < n {
			items = append(items, town(i))
			sure = name == strings.TrimSpace(text)
		}
	}
	return items, sure && len(items) == 1
}

func (towns) Near(_ string, p bot.Place, n int) (items []bot.Item) {
	if p.Lat < 25 || p.Lat > 28 {
		return nil
	}
	first := min(int((p.Lat-25)*10), len(townNames)-n)
	for i := range n {
		items = append(items, town(first+i))
	}
	return items
}

func (towns) First(string) (items []bot.Item) {
	for i := range townNames {
		items = append(items, town(i))
	}
	return items
}

func (towns) Item(_, id string) (bot.Item, bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "t"))
	if err != nil || n < 0 || n >= len(townNames) || !strings.HasPrefix(id, "t") {
		return bot.Item{}, false
	}
	return town(n), true
}

// words says every text as its id with its data, but for the few that citizens type or read.
type words struct{}

var said = map[string]string{
	"engine.yes": "हाँ", "engine.no": "नहीं", "engine.unknown": "पता नहीं", "engine.way.back": "पीछे", "engine.way.skip": "छोड़ें",
	"engine.way.cancel": "रद्द", "engine.way.help": "मदद", "engine.way.menu": "मेनू", "engine.way.done": "हो गया", "engine.way.more": "और दिखाएँ",
	"engine.way.first": "शुरू से दिखाएँ", "engine.way.file": "जमा करें", "engine.way.edit": "बदलें", "engine.confirm.go_on": "जारी रखें",
	"engine.day.today": "आज", "engine.day.yesterday": "कल", "engine.day.tomorrow": "आने वाला कल", "engine.type": "या लिखिए:", "engine.list": "चुनिए",
	"engine.want.contact": "📱 नंबर", "engine.want.place": "📍 जगह", "engine.language.hi": "हिन्दी", "engine.language.en": "English",
	"engine.confirm.anew": "नया", "engine.confirm.cancel.yes": "हाँ, रद्द", "engine.confirm.restart.yes": "हाँ, शुरू से",
	"engine.confirm.again.yes": "हाँ, एक और", "engine.confirm.again.no": "नहीं, वही",
	"menu.lost_property": "खोया सामान", "menu.complaint": "शिकायत", "menu.my_filings": "मेरे आवेदन", "menu.tip": "गुप्त सूचना",
	"menu.fir_copy": "एफ़आईआर", "menu.verification": "जाँच", "menu.travel_alert": "यात्रा",
	"lost_property.how.lost": "खो गया", "lost_property.how.stolen": "चोरी हुआ", "lost_property.how.found": "मिला",
	"lost_property.thing.kind.mobile": "मोबाइल", "lost_property.thing.kind.sim": "सिम कार्ड", "lost_property.thing.kind.papers": "काग़ज़",
	"lost_property.thing.kind.licence": "लाइसेंस", "lost_property.thing.kind.card": "आधार", "lost_property.thing.kind.passport": "पासपोर्ट",
	"lost_property.thing.kind.bag": "बैग", "lost_property.thing.kind.jewellery": "गहने", "lost_property.thing.kind.cash": "नक़द",
	"lost_property.thing.kind.keys": "चाबी", "lost_property.thing.kind.cattle": "मवेशी", "lost_property.thing.kind.misc": "कुछ और",
	"lost_property.station.by_letter": "अक्षर से", "lost_property.station.not_listed": "सूची में नहीं", "lost_property.station_in.not_listed": "सूची में नहीं",
	"complaint.category.theft": "चोरी", "complaint.category.fraud": "ठगी", "complaint.category.misc": "अन्य",
	"my_filings.action.done": "ठीक", "my_filings.action.lang": "अंग्रेज़ी", "my_filings.action.forget": "भूल जाओ", "my_filings.action.again": "एक और",
}

// unsaid are the endings of texts that need not be there.
var unsaid = []string{".simple", ".example", ".words", ".note", ".declare"}

func (words) Text(_, id string, data map[string]any) (string, bool) {
	if s, ok := said[id]; ok {
		return s, true
	}
	switch {
	case id == "engine.ack":
		return fmt.Sprint("✓ ", data["Value"]), true
	case id == "engine.greeting.simple":
		return "सरल", true
	case strings.HasSuffix(id, ".resume") && strings.HasPrefix(id, "menu."):
		return said[strings.TrimSuffix(id, ".resume")] + " जारी", true
	case strings.HasPrefix(id, "common."):
		return "", false
	}
	for _, end := range unsaid {
		if strings.HasSuffix(id, end) && (end == ".simple" || !strings.HasPrefix(id, "engine.")) {
			return "", false
		}
	}
	var b strings.Builder
	b.WriteString("<" + id)
	for _, name := range slices.Sorted(maps.Keys(data)) {
		fmt.Fprintf(&b, " %s=%v", name, data[name])
	}
	return b.String() + ">", true
}

// people are the citizens: a phone number makes one.
type people struct {
	mu      sync.Mutex
	chats   map[bot.Chat]bot.Citizen
	codes   []string
	records *records
	known   map[string]string
	fail    map[string]error // by method
	nobody  bool             // Verify finds no one
}

func newPeople() *people {
	return &people{chats: map[bot.Chat]bot.Citizen{}, fail: map[string]error{}}
}

func (p *people) Recall(_ context.Context, chat bot.Chat) (bot.Citizen, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.chats[chat], p.fail["Recall"]
}

func (p *people) Verify(_ context.Context, chat bot.Chat, phone string) (bot.Citizen, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.fail["Verify"]; err != nil {
		return bot.Citizen{}, err
	}
	if p.nobody {
		return bot.Citizen{}, nil
	}
	c := p.chats[chat]
	c.ID = "c-" + phone[len(phone)-4:]
	p.chats[chat] = c
	return c, nil
}

func (p *people) Prefer(_ context.Context, chat bot.Chat, lang string, simple bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.chats[chat]
	c.Lang, c.Simple = lang, simple
	p.chats[chat] = c
	return p.fail["Prefer"]
}

func (p *people) Known(context.Context, string) (map[string]string, error) {
	return p.known, p.fail["Known"]
}

func (p *people) Filed(_ context.Context, _ bot.Chat, dialog string) (string, error) {
	p.records.mu.Lock()
	defer p.records.mu.Unlock()
	return p.records.numbers[dialog], p.fail["Filed"]
}

func (p *people) SendCode(_ context.Context, _, code, _ string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes = append(p.codes, code)
	return p.fail["SendCode"]
}

// album is where files go; a file's id is its content.
type album struct {
	mu   sync.Mutex
	kept map[string]bool
	fail error
}

func (a *album) Take(ctx context.Context, _ bot.Chat, _ string, f bot.File) (string, error) {
	content, err := f.Open(ctx)
	if err != nil {
		return "", err
	}
	defer content.Close()
	b, err := io.ReadAll(content)
	if err != nil {
		return "", err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.fail != nil {
		return "", a.fail
	}
	if f.Size > 20<<20 {
		return "", &bot.Invalid{ID: "engine.wrong.file_too_big"}
	}
	a.kept[string(b)] = true
	return string(b), nil
}

// file is a file with an id as its content.
func file(kind bot.FileKind, id string) bot.File {
	return bot.File{Kind: kind, Size: 1000, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(id)), nil
	}}
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

var errDown = errors.New("the records are down")

// state is what the store has of the chat: the open draft and those set aside.
func (c *talker) state() (bot.Draft, []bot.Draft) {
	c.t.Helper()
	state, err := c.dialogs.Load(context.Background(), c.chat)
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
