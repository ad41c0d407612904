package main

import (
	"context"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"nagrik/bot/telegram/telegramtest"
)

// speaker is somebody who talks to the bot in a private chat, a citizen or an officer. They read what
// it says and answer it; they tap twice, lose patience, repeat themselves, or give up and begin again.
type speaker struct {
	*telegramtest.Person
	telegram *telegramtest.Server
	words    words
	rnd      *rand.Rand
	tally    *tally
	photo    []byte

	seen    int             // how much of the inbox was read
	last    string          // the question that was answered last
	acted   time.Time       // when that was
	again   func()          // does the last thing once more
	giving  bool            // gave up, and wants to begin anew
	said    map[string]bool // all that was typed
	known   map[string]bool // numbers that are no news
	silence map[int64]bool  // updates that the bot need not answer: further photos of an album
}

func newSpeaker(p *telegramtest.Person, w *world, rnd *rand.Rand) speaker {
	return speaker{
		Person: p, telegram: w.telegram, words: w.words, rnd: rnd, tally: &w.tally, photo: w.photo, again: func() {},
		said: map[string]bool{}, known: map[string]bool{}, silence: map[int64]bool{},
	}
}

// tally counts what people did.
type tally struct {
	began, resent, tappedTwice, impatient, gaveUp, rejected, asked atomic.Int64
	errands, errandsLeft, additions, additionsLeft                 atomic.Int64
}

// matter is what somebody wants to get done in a dialog.
type matter struct {
	service string
	answers map[string]answer // by text id of the question
	data    map[string]any    // of the questions' texts, where they depend on it
	begin   func()            // opens the dialog, again too
	over    func(telegramtest.Message) bool

	review    map[string]string // what the review must show: label and value; nil: whatever it does
	reviewed  func(telegramtest.Message)
	overlooks bool // the end may be overlooked, and all be told again

	begun int // how often it was begun, or may have been
	anew  int // how often its speaker wanted the same filed once more
}

// answer is what a speaker does when asked something: says words, presses a button, or sends
// something else.
type answer struct {
	say     string
	press   string // label; said where there is no such button
	contact bool
	photos  int // 1: a photo; more: an album
}

// bring has a matter told until it is over; false if ctx ended before.
func (p *speaker) bring(ctx context.Context, m *matter) (last telegramtest.Message, done bool) {
	p.start(m)
	for {
		got, heard := p.hear(ctx, m, time.Duration(1500+p.rnd.IntN(2500))*time.Millisecond)
		switch {
		case m.over(got): // or it ended without a word
			return got, true
		case ctx.Err() != nil:
			return got, false
		case !heard:
			p.lose(m)
		default:
			p.think(ctx)
			p.react(ctx, m, got)
		}
	}
}

// arrived waits until all that somebody typed and pressed was taken; false if ctx ended before. What is typed twice
// and comes late would be taken for the answer to what is asked next, and there is no review in which to see it.
func (p *speaker) arrived(ctx context.Context) bool {
	for sleep(ctx, 200*time.Millisecond) {
		if !slices.ContainsFunc(p.telegram.Deliveries(), func(d telegramtest.Delivery) bool {
			return d.Chat == p.ID && d.Accepted.IsZero() && !d.Expired
		}) {
			return true
		}
	}
	return false
}

// start begins a matter. Who does that once more out of impatience may begin it a second time: both taps of
// an action's button are an interview if the second one arrives after the first interview's end.
func (p *speaker) start(m *matter) {
	m.begun++
	m.begin()
	begin := p.again
	p.again = func() {
		m.begun++
		begin()
	}
}

func (p *speaker) think(ctx context.Context) {
	sleep(ctx, time.Duration(30+p.rnd.IntN(150))*time.Millisecond)
}

// hear waits for news and gives the message to react to: the one that ends the matter, else the newest.
func (p *speaker) hear(ctx context.Context, m *matter, patience time.Duration) (last telegramtest.Message, heard bool) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		inbox := p.Inbox()
		for _, got := range inbox[p.seen:] {
			switch {
			case p.words.unasked(got.Text):
			case m.over(got):
				p.seen = len(inbox)
				return got, true
			default:
				last, heard = got, true
			}
		}
		p.seen = len(inbox)
		if heard && !p.echo(m, last) {
			return last, true
		}
		if _, err := p.Wait(ctx, ""); err != nil {
			return last, heard // nothing else came: it is no echo
		}
	}
}

// echo says whether a message only asks again what was answered a moment ago, as the answer to an
// update that was delivered twice does, or to a press that the app sent twice.
func (p *speaker) echo(m *matter, got telegramtest.Message) bool {
	if p.last == "" || got.Bold == "" || time.Since(p.acted) > time.Second || p.words.asked(got, []string{p.last}, m.data) == "" {
		return false
	}
	before, _, _ := strings.Cut(got.Text, got.Bold)
	before = strings.TrimPrefix(before, p.words.label("engine.old_button")+"\n\n")
	return before == "" || progress.MatchString(before)
}

// progress stands before a question: "3/17 · ".
var progress = regexp.MustCompile(`^\d+/\d+ · $`)

// prompts are what the bot asks on its own account.
var prompts = []string{
	"engine.menu", "menu.seniors.choose", "menu.verifications.choose", "menu.lists.choose",
	"engine.review", "engine.edit_which", "engine.maybe", "engine.sorry", "engine.confirm.again",
	"engine.confirm.resume", "engine.confirm.cancel", "engine.confirm.restart", "engine.confirm.switch",
}

// asides are questions that a matter may end up at by another way, and the button that leaves them.
var asides = map[string]string{
	"registration.what": "registration.what.done", "journey.what": "journey.what.done",
	"my_filings.action": "my_filings.action.done", "my_filings.number": "engine.way.cancel", "tip_code.code": "engine.way.cancel",
}

// groups are the menus that services stand in.
var groups = map[string]string{
	"senior_registration": "seniors", "travel_alert": "seniors", "verification": "verifications", "character_certificate": "verifications",
	"unknown_person": "lists", "found_property": "lists", "unidentified_body": "lists",
}

// asked is the text, of several, that a message asks with; "" for none of them.
func (w words) asked(m telegramtest.Message, ids []string, data map[string]any) (found string) {
	longest := 0
	for _, id := range ids {
		in := m.Bold
		if in == "" {
			in = m.Text
		}
		if phrase := w.question(id, data); len(phrase) > longest && strings.Contains(in, phrase) {
			found, longest = id, len(phrase)
		}
	}
	return found
}

// react answers a message.
func (p *speaker) react(ctx context.Context, m *matter, got telegramtest.Message) {
	ids := append([]string{}, prompts...)
	for id := range m.answers {
		ids = append(ids, id)
	}
	for id := range asides {
		ids = append(ids, id)
	}
	what := p.words.asked(got, ids, m.data)
	p.last, p.acted = what, time.Now()
	label := p.words.label
	if a, mine := m.answers[what]; mine {
		p.give(a, got)
		return
	}
	switch what {
	case "":
	case "engine.menu":
		switch {
		case m.service == "":
			p.start(m)
		case groups[m.service] != "":
			p.press(got, label("menu."+groups[m.service]))
		default:
			p.press(got, label("menu."+m.service))
		}
	case "menu.seniors.choose", "menu.verifications.choose", "menu.lists.choose":
		p.press(got, label("menu."+m.service))
	case "engine.sorry":
		p.again()
	case "engine.confirm.resume":
		choice := pick(p.rnd, "engine.confirm.go_on", "engine.confirm.anew")
		if p.giving {
			choice = "engine.confirm.anew"
		}
		p.giving = false
		p.press(got, label(choice))
	case "engine.confirm.cancel", "engine.confirm.restart":
		p.press(got, label(what+".yes"))
	case "engine.confirm.switch":
		p.press(got, label("engine.no"))
	case "engine.maybe":
		p.press(got, label("engine.yes"))
	case "engine.edit_which":
		p.press(got, label("engine.way.back"))
	case "engine.confirm.again":
		p.same(m, got)
	case "engine.review":
		p.look(ctx, m, got)
	default:
		p.press(got, label(asides[what]))
	}
}

// same answers whether the same is to be filed once more.
func (p *speaker) same(m *matter, got telegramtest.Message) {
	p.tally.asked.Add(1)
	if !chance(p.rnd, .2) {
		p.press(got, p.words.label("engine.confirm.again.no"))
		return
	}
	m.anew++
	for _, number := range numbers(got.Text) {
		p.known[number] = true
	}
	p.press(got, p.words.label("engine.confirm.again.yes"))
}

// reviewLine is a line of the review: "3. कहाँ: पुल के पास".
var reviewLine = regexp.MustCompile(`(?m)^\d+\. ([^:\n]+): (.*)$`)

// look files what the review shows, if it is what was said; else it is thrown away. After Redis
// lost its last second, an answer may have gone to the question before.
func (p *speaker) look(ctx context.Context, m *matter, got telegramtest.Message) {
	shown := map[string]string{}
	for _, line := range reviewLine.FindAllStringSubmatch(got.Text, -1) {
		shown[line[1]] = line[2]
	}
	if m.service != "" {
		delete(shown, p.words.label(p.words.find(m.service, "photos.label", nil)))
	}
	if m.review != nil && !maps.Equal(shown, m.review) {
		p.tally.rejected.Add(1)
		p.press(got, p.words.label("engine.way.cancel"))
		return
	}
	if m.reviewed != nil {
		m.reviewed(got)
	}
	file := p.words.label("engine.way.file")
	id := p.press(got, file)
	if m.overlooks && chance(p.rnd, .08) {
		p.overlook(ctx, m)
		return
	}
	switch n := p.rnd.Float64(); {
	case n < .25:
		p.tally.tappedTwice.Add(1)
		time.Sleep(time.Duration(p.rnd.IntN(120)) * time.Millisecond)
		p.press(got, file)
	case n < .35: // on two ways at once
		p.tally.tappedTwice.Add(1)
		p.telegram.Repeat(id)
	case n < .45: // tapped and said
		p.tally.tappedTwice.Add(1)
		p.say(file)
	}
}

// overlook is what people do who see no receipt, because they put the phone away or the network was
// gone: they tell everything again.
func (p *speaker) overlook(ctx context.Context, m *matter) {
	m.overlooks = false // once
	p.tally.gaveUp.Add(1)
	sleep(ctx, time.Duration(300+p.rnd.IntN(1500))*time.Millisecond)
	p.seen = len(p.Inbox())
	p.giving = true
	p.start(m)
}

// lose is what happens when no answer comes: most wait on or do the same again, some give up.
func (p *speaker) lose(m *matter) {
	p.tally.impatient.Add(1)
	switch n := p.rnd.Float64(); {
	case n < .45:
	case n < .8:
		p.again()
	default:
		p.tally.gaveUp.Add(1)
		p.giving = true
		p.start(m)
	}
}

// give answers a question.
func (p *speaker) give(a answer, m telegramtest.Message) {
	switch {
	case a.contact:
		p.do(func() int64 { return p.ShareContact() })
	case a.photos == 1:
		p.do(func() int64 { return p.SendPhoto(p.photo) })
	case a.photos > 1:
		p.do(func() int64 {
			ids := p.SendAlbum(p.photo, p.photo)
			p.silence[ids[1]] = true
			return ids[0]
		})
	case a.press != "":
		p.press(m, a.press)
	default:
		p.say(a.say)
	}
}

func (p *speaker) say(text string) (update int64) {
	p.said[text] = true
	return p.do(func() int64 { return p.Say(text) })
}

// press presses a button of a message, and says its label if there is none.
func (p *speaker) press(m telegramtest.Message, label string) (update int64) {
	data := button(m, label)
	if data == "" {
		return p.say(label)
	}
	if chance(p.rnd, .05) { // the app gets no answer in time and sends the press once more
		p.tally.resent.Add(1)
		time.AfterFunc(time.Duration(100+p.rnd.IntN(900))*time.Millisecond, func() { p.Tap(m.ID, data) })
	}
	return p.do(func() int64 { return p.Tap(m.ID, data) })
}

// button is what the button of a message with a label sends; "" if there is none.
func button(m telegramtest.Message, label string) string {
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Text == label {
				return b.Data
			}
		}
	}
	return ""
}

// do does something, and remembers how to do it again.
func (p *speaker) do(f func() int64) int64 {
	p.again = func() { f() }
	return f()
}
