package flows

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/flows/paper"
	"nagrik/flows/paper/papertest"
	"nagrik/locales"
	"nagrik/store"
)

// sampleMedia is the media id that a question for files takes: the first of the samples.
var sampleMedia = samples[0]

// clerk files what is asked for and looks at the papers that come of it.
type clerk struct {
	*Records
	t      *testing.T
	engine *bot.Engine
	check  http.Handler // the page behind the QR codes
	filed  int
}

func newClerk(t *testing.T) *clerk {
	t.Helper()
	records, engine := newServices(t, func() time.Time { return bottest.Start })
	c := &clerk{Records: records, t: t, engine: engine}
	mux := http.NewServeMux()
	mux.Handle("GET /verify/{code}", paper.Verify(records.Texts, records.Papers.Sign, IssuedPapers(records.Store), nil))
	c.check = mux
	photo := store.Media{ID: sampleMedia, SHA256: make([]byte, 32), Kind: "photo", MIME: "image/jpeg", Size: 1}
	if err := records.Store.ReceiveMedia(t.Context(), photo); err != nil {
		t.Fatal(err)
	}
	return c
}

// citizen is somebody new.
func (c *clerk) citizen() (id string, chat bot.Chat) {
	c.t.Helper()
	c.filed++
	chat = bot.Chat{Channel: "telegram", ID: fmt.Sprint("citizen ", c.filed)}
	id, err := c.Store.Verify(c.t.Context(), chat.Channel, chat.ID, fmt.Sprintf("+9198%08d", c.filed))
	if err != nil {
		c.t.Fatal(err)
	}
	return id, chat
}

// file gives a service all its answers, and files what the review shows.
func (c *clerk) file(service string, p path) (citizen string) {
	c.t.Helper()
	citizen, chat := c.citizen()
	var pairs []string
	for _, a := range p {
		pairs = append(pairs, a.Key, a.Value)
	}
	for i, m := range []bot.Message{{Tap: bot.StartTap(service, pairs...)}, {Text: "जमा करें"}} {
		m.ID, m.Chat, m.Sender = fmt.Sprint(chat.ID, i), chat, chat.ID
		if _, err := c.engine.Handle(c.t.Context(), m); err != nil {
			c.t.Fatal(err)
		}
	}
	return citizen
}

// filing is the only one of a citizen.
func (c *clerk) filing(citizen string) store.Filing {
	c.t.Helper()
	all, err := c.Store.CitizenFilings(c.t.Context(), citizen)
	if err != nil {
		c.t.Fatal(err)
	}
	if len(all) != 1 {
		c.t.Fatalf("the citizen has %d filings", len(all))
	}
	return all[0]
}

// read reads a paper, follows its QR code, and checks that it shows what the page behind that has to say.
func (c *clerk) read(p *bot.Paper, kind string) *papertest.Paper {
	c.t.Helper()
	read := papertest.Read(c.t, p.Data)
	address, err := url.Parse(read.Pages[0].QRCode())
	if err != nil || !strings.HasPrefix(address.String(), c.Papers.PublicURL+"/verify/") {
		c.t.Fatalf("the QR code leads to %v, %v", address, err)
	}
	page := httptest.NewRecorder()
	c.check.ServeHTTP(page, httptest.NewRequest(http.MethodGet, address.Path, nil))
	genuine := c.text("hi", "paper.verify.genuine", nil)
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), genuine) || !strings.Contains(page.Body.String(), ">"+c.text("hi", "paper.kind."+kind, nil)+"<") {
		c.t.Fatalf("the check of a %s answers %d: %s", kind, page.Code, page.Body)
	}
	if code := matchingCode.FindString(read.Structure().Text()); code == "" || !strings.Contains(page.Body.String(), ">"+code+"<") {
		c.t.Errorf("the page does not show the paper's code %q", code)
	}
	return read
}

// matchingCode is what people compare a paper and its page by.
var matchingCode = regexp.MustCompile(`\b[0-9a-f]{4}( [0-9a-f]{4}){3}\b`)

// inOwnWords answers the questions for words with words that no other question has.
func inOwnWords(open func() bot.Interview, p path) path {
	p = slices.Clone(p)
	answered, _, _ := bot.Inspect(open(), p, "c", bottest.Start)
	for n, q := range answered {
		if q.Read == nil {
			continue
		}
		own := strings.Map(func(r rune) rune { return 'क' + r - '0' }, fmt.Sprint(1000+n)) // names have no digits
		for i, a := range p {
			for _, words := range []string{"प्रार्थी ने ज़िले में क्षत्रिय टोला के पास देखा – " + own, "श्रीमती " + own} {
				if a.Key == q.Key && q.Accepts(words) {
					p[i].Value = words
					break
				}
			}
		}
	}
	return p
}

// value is the answer to a question, "" if it was skipped or not asked.
func (p path) value(key string) string {
	for _, a := range p {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// newQuestions are of some paths those that answer a question which none before them did, and the
// questions that they answer.
func newQuestions(open func() bot.Interview, of []path) (some []path, seen map[string]bool) {
	seen = map[string]bool{}
	for _, p := range of {
		before := len(seen)
		answered, _, _ := bot.Inspect(open(), p, "c", bottest.Start)
		for _, q := range answered {
			if p.value(q.Key) != "" {
				seen[q.TextKey] = true
			}
		}
		if len(seen) > before {
			some = append(some, p)
		}
	}
	return some, seen
}

// TestEveryReceipt has every question of every service answered and files that. It holds that the
// receipt has every answer, and that its QR code, as a phone reads it off the page, says that it is
// genuine.
func TestEveryReceipt(t *testing.T) {
	t.Parallel()
	c := newClerk(t)
	services := 0
	for _, s := range c.Services() {
		if s.New == nil || s.Direct {
			continue
		}
		services++
		w := &walker{t: t, service: s.ID, texts: c.Texts.(*locales.Texts), open: s.New, covered: map[string]bool{}}
		for todo := []path{nil}; len(todo) > 0; todo = todo[1:] {
			todo = append(todo, w.walk(todo[0])...)
		}
		ends, asked := newQuestions(s.New, w.ends)
		for _, key := range about[s.ID] {
			if !asked[key] {
				t.Errorf("the result of a %s has the answer to %s, which nobody asks", s.ID, key)
			}
		}
		for i, p := range ends {
			p = inOwnWords(s.New, p)
			citizen := c.file(s.ID, p)
			if !s.Secret {
				c.checkReceipt(s, p, c.filing(citizen), []string{"hi", "en"}[i%2])
			}
		}
		t.Logf("%s: %d filings", s.ID, len(ends))
	}
	if services < 2 || c.filed < 2*services {
		t.Errorf("%d filings of %d services are not all", c.filed, services)
	}
}

// checkReceipt checks the receipt of a filing that was made with the answers of a path.
func (c *clerk) checkReceipt(s bot.Service, p path, f store.Filing, lang string) {
	c.t.Helper()
	receipt, err := c.Receipt(c.t.Context(), f.ID, lang)
	if err != nil {
		c.t.Fatal(err)
	}
	details, err := c.Store.ForCitizen(c.t.Context(), f.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	kept, err := answersOf(details)
	if err != nil {
		c.t.Fatal(err)
	}
	kind := receiptOf(details, kept).Kind
	read := c.read(receipt, kind)
	structure := read.Structure()
	text := papertest.OneLine(structure.Text())
	for _, want := range []string{c.text(lang, "paper.kind."+kind, nil), c.Texts.(*locales.Texts).Spaced(f.Number)} {
		if !strings.Contains(text, want) {
			c.t.Errorf("the receipt of a %s in %s does not say %q", s.ID, lang, want)
		}
	}
	values := map[string][]string{} // by label
	for _, row := range structure.Rows() {
		label := papertest.OneLine(row[0].Carried)
		values[label] = append(values[label], papertest.OneLine(row[1].Carried))
	}
	answered, _, _ := bot.Inspect(s.New(), p, "c", bottest.Start)
	for _, q := range answered {
		value := p.value(q.Key)
		if q.Files && value != "" && len(values[c.text(lang, "paper.files", nil)]) != 1 {
			c.t.Errorf("the receipt of a %s does not tell of the files", s.ID)
		}
		if q.Hidden || value == "" || value == byDistrict || q.Files {
			continue // nothing more to say of it
		}
		label, ok := c.Texts.Text("hi", s.ID+"."+q.TextKey+".label", q.Data)
		if !ok {
			label = c.text("hi", "common."+q.TextKey+".label", q.Data)
		}
		switch on := values[papertest.OneLine(label)]; {
		case len(on) == 0:
			c.t.Errorf("the receipt of a %s does not have %q", s.ID, label)
		case strings.Contains(value, "श्रीमती"), strings.Contains(value, "क्षत्रिय"):
			if !slices.Contains(on, value) {
				c.t.Errorf("the receipt of a %s has %q beside %q, want %q", s.ID, on, label, value)
			}
		case slices.Contains(on, "—"):
			c.t.Errorf("the receipt of a %s has no answer beside %q", s.ID, label)
		}
	}
	if _, ok := values[c.text(lang, "common.phone.label", nil)]; !ok {
		c.t.Errorf("the receipt of a %s has no phone number", s.ID)
	}
}
