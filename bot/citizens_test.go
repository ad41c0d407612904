package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"nagrik/bot"
)

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
	"lost_property.town.unknown": "यहाँ ऐसा कोई नहीं", "tip.kind.liquor": "शराब", "tip.kind.misc": "कुछ और",
	"my_filings.action.done": "ठीक", "my_filings.action.lang": "अंग्रेज़ी", "my_filings.action.forget": "भूल जाओ", "my_filings.action.again": "एक और",
}

// unsaid are the endings of texts that need not be there.
var unsaid = []string{".simple", ".example", ".words", ".note", ".declare", ".unknown", ".about"}

func (words) Text(_, id string, data map[string]any) (string, bool) {
	if s, ok := said[id]; ok {
		return s, true
	}
	switch {
	case id == "engine.ack":
		return fmt.Sprint("✓ ", data["Value"]), true
	case id == "tip.declare":
		return fmt.Sprint(data["Code"]), true
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
	last    map[string]map[string]string // what the last filing kept, by citizen and service
	fail    map[string]error             // by method
	nobody  bool                         // Verify finds no one
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

func (p *people) Last(_ context.Context, citizen, service string) (map[string]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last[citizen+" "+service], p.fail["Last"]
}

func (p *people) Filed(_ context.Context, v bot.Visit) (bot.Outcome, error) {
	p.records.mu.Lock()
	defer p.records.mu.Unlock()
	if code := p.records.codes[v.Dialog]; code != "" {
		return bot.Outcome{Text: "tip.filed", Data: map[string]any{"Code": code}}, p.fail["Filed"]
	}
	return bot.Outcome{Number: p.records.numbers[v.Dialog]}, p.fail["Filed"]
}

func (p *people) SendCode(_ context.Context, _, code, _ string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes = append(p.codes, code)
	return p.fail["SendCode"]
}

// album is where files go; a file's id is its content.
type album struct {
	mu    sync.Mutex
	kept  map[string]bool
	clean map[string]bool
	fail  error
}

// TakeClean takes all but videos and documents.
func (a *album) TakeClean(ctx context.Context, f bot.File) (string, error) {
	if f.Kind == bot.Video || f.Kind == bot.Document {
		return "", &bot.Invalid{ID: "engine.wrong.file_secret"}
	}
	id, err := a.Take(ctx, bot.Chat{}, "", f)
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		delete(a.kept, id)
		a.clean[id] = true
	}
	return id, err
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

var errDown = errors.New("the records are down")
