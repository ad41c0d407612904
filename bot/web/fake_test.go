package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"nagrik/bot"
	"nagrik/bot/web"
)

// memory is a Mailbox in this process. What it has outlives a Web, as Redis does.
type memory struct {
	mu      sync.Mutex
	mail    map[string][]web.Item
	kept    map[string][]byte
	watches map[chan struct{}]string
	next    int
}

func newMemory() *memory {
	return &memory{mail: map[string][]web.Item{}, kept: map[string][]byte{}, watches: map[chan struct{}]string{}}
}

func (m *memory) Put(_ context.Context, chat string, data []byte) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next++
	id := strconv.Itoa(m.next) + "-0"
	m.mail[chat] = append(m.mail[chat], web.Item{ID: id, Data: data})
	m.mail[chat] = m.mail[chat][max(0, len(m.mail[chat])-50):]
	for c, of := range m.watches {
		if of == chat {
			select {
			case c <- struct{}{}:
			default:
			}
		}
	}
	return id, nil
}

func (m *memory) After(_ context.Context, chat, id string) ([]web.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var after int
	fmt.Sscanf(id, "%d-", &after)
	items := []web.Item{}
	for _, item := range m.mail[chat] {
		var n int
		fmt.Sscanf(item.ID, "%d-", &n)
		if n > after {
			items = append(items, item)
		}
	}
	return items, nil
}

func (m *memory) Watch(chat string) (<-chan struct{}, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := make(chan struct{}, 1)
	m.watches[c] = chat
	return c, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.watches, c)
	}
}

// watching says whether a page of the chat is connected.
func (m *memory) watching(chat string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, of := range m.watches {
		if of == chat {
			return true
		}
	}
	return false
}

func (m *memory) Keep(_ context.Context, chat, key string, value []byte, _ time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[chat+" "+key] = value
	return nil
}

func (m *memory) Kept(_ context.Context, chat, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[chat+" "+key], nil
}

// theBot is a bot of a few questions, which remembers what it was asked.
type theBot struct {
	mu       sync.Mutex
	messages []bot.Message
	files    [][]byte
	replies  map[string]bot.Reply // by message id: a repeat gets the same
	fail     int                  // so many turns fail
	few      bool
	hold     chan struct{} // while it is open, turns wait
}

func newBot() *theBot { return &theBot{replies: map[string]bot.Reply{}} }

var errDown = errors.New("the database is away")

func (b *theBot) handle(ctx context.Context, m bot.Message) (bot.Reply, error) {
	b.mu.Lock()
	hold := b.hold
	b.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return bot.Reply{}, ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail > 0 {
		b.fail--
		return bot.Reply{}, errDown
	}
	key := m.Chat.ID + m.ID
	if r, ok := b.replies[key]; ok {
		return r, nil
	}
	for _, f := range m.Files {
		in, err := f.Open(ctx)
		if err != nil {
			return bot.Reply{}, err
		}
		data, err := io.ReadAll(in)
		in.Close()
		if err != nil {
			return bot.Reply{}, err
		}
		b.files = append(b.files, data)
	}
	b.messages = append(b.messages, m)
	r := b.reply(m)
	r.Few = b.few
	b.replies[key] = r
	return r, nil
}

var backAndCancel = []bot.Option{{Data: "<", Label: "पीछे"}, {Data: "x", Label: "रद्द"}}

func (b *theBot) reply(m bot.Message) bot.Reply {
	switch {
	case m.Text == "/start":
		text := "नमस्ते।\nमैं बिहार पुलिस की सेवाओं में आपकी मदद करूँगा।\n\nआप क्या करना चाहते हैं?"
		return bot.Reply{
			Text: text, Strong: bot.Span{Start: len(text) - len("आप क्या करना चाहते हैं?"), End: len(text)},
			Options: []bot.Option{
				{Data: "m:c", Label: "शिकायत"},
				{Data: "m:l", Label: "खोया सामान"},
				{Data: "m:m", Label: "गुमशुदा व्यक्ति"},
				{Data: "m:f", Label: "FIR की प्रति"},
				{Data: "m:s", Label: "वरिष्ठ नागरिक", Note: "पंजीकरण, यात्रा की सूचना"},
				{Data: "m:t", Label: "गोपनीय सूचना"},
			},
			Ways: []bot.Option{{Data: "h", Label: "भाषा और मदद"}},
		}
	case m.Tap == "m:l":
		return bot.Reply{Text: "1/5 क्या खोया है? अपने शब्दों में लिखें।", Ways: backAndCancel}
	case m.Tap == "x":
		return bot.Reply{Text: "ठीक है, रद्द किया।"}
	case m.Tap == "card":
		return bot.Reply{Text: "स्वीकार किया: 10:45", Replace: m.On, Toast: "दर्ज हुआ"}
	case len(m.Files) > 0:
		return bot.Reply{
			Text: fmt.Sprintf("फ़ाइल मिली (%s)।\n\n3/5 सामान कहाँ खोया?", m.Files[0].Kind),
			Want: bot.WantPlace, Words: bot.Words{Want: "📍 अपनी जगह भेजें"}, Ways: backAndCancel,
		}
	case m.Place != nil:
		return bot.Reply{
			Text:     "दर्ज हो गया। जाँच का पता: https://nagrik.example/verify/7301.",
			Document: &bot.Paper{Name: "रसीद.pdf", MIME: "application/pdf", Data: []byte("%PDF-1.7 receipt")},
		}
	case m.Text == "गुप्त चित्र":
		return bot.Reply{Text: "गुप्त चित्र", Secret: true, Photos: []bot.Paper{{Name: "1.jpg", MIME: "image/jpeg", Data: []byte("jpeg")}}}
	case strings.HasPrefix(m.Text, "गुप्त"):
		return bot.Reply{Text: "गुप्त: " + m.Text, Secret: true}
	case m.Text == "फ़ोटो":
		return bot.Reply{Text: "2/5 सामान की फ़ोटो हो तो भेजें।", Want: bot.WantPhoto, Words: bot.Words{Want: "📷 फ़ोटो चुनें"}, Ways: []bot.Option{{Data: "-", Label: "छोड़ें"}}}
	default:
		return bot.Reply{Text: "समझा: " + m.Text}
	}
}

func (b *theBot) got() []bot.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]bot.Message(nil), b.messages...)
}

// texts are the real ones.
func texts(t testing.TB, lang string) func(string) string {
	t.Helper()
	var words map[string]string
	if _, err := toml.DecodeFile(filepath.Join("..", "..", "locales", lang, "web.toml"), &words); err != nil {
		t.Fatal(err)
	}
	return func(id string) string {
		word, ok := words[id]
		if !ok {
			t.Errorf("no text %q in %s", id, lang)
		}
		return word
	}
}

// chat is a web chat with its parts at hand.
type chat struct {
	*web.Web
	mail *memory
	bot  *theBot
	srv  *httptest.Server
}

func newChat(t testing.TB, change ...func(*web.Options)) *chat {
	t.Helper()
	return newReplica(t, &chat{mail: newMemory(), bot: newBot()}, change...)
}

// newReplica is one more server of the same chat.
func newReplica(t testing.TB, of *chat, change ...func(*web.Options)) *chat {
	t.Helper()
	c := &chat{mail: of.mail, bot: of.bot}
	o := web.Options{Name: "web", Prefix: "/", PublicURL: "http://127.0.0.1", Texts: texts(t, "hi"), Mailbox: c.mail}
	for _, f := range change {
		f(&o)
	}
	var err error
	if c.Web, err = web.New(o); err != nil {
		t.Fatal(err)
	}
	c.srv = httptest.NewServer(c.Handler(c.bot.handle))
	t.Cleanup(func() {
		c.Stop()
		c.srv.Close()
	})
	return c
}

// notify sends a notice, with a button if data is given, and returns its id.
func (c *chat) notify(t testing.TB, to bot.Chat, text, data string) string {
	t.Helper()
	r := bot.Reply{Text: text}
	if data != "" {
		r.Options = []bot.Option{{Data: data, Label: "स्वीकार करें"}}
	}
	id, err := c.Send(t.Context(), to, bot.Render(r, c.Limits()))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// wait waits for something that happens elsewhere.
func wait(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func mustGet(t testing.TB, c *http.Client, url string) *http.Response {
	t.Helper()
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Body.Close() })
	return r
}

func readAll(t testing.TB, r io.Reader) string {
	t.Helper()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func tempFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
