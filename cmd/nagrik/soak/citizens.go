package main

import (
	"context"
	"maps"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"nagrik/bot/telegram/telegramtest"
)

// citizen is somebody with one or two stories to tell. They read what the bot says and answer it;
// they tap twice, lose patience, repeat themselves, or give up and begin again.
type citizen struct {
	*telegramtest.Person
	telegram *telegramtest.Server
	words    words
	rnd      *rand.Rand
	self     person
	stories  []*story
	tally    *tally
	photo    []byte

	seen    int             // how much of the inbox was read
	last    string          // the question that was answered last
	acted   time.Time       // when that was
	again   func()          // does the last thing once more
	giving  bool            // gave up, and wants to begin anew
	known   map[string]bool // numbers of earlier stories
	told    map[string]bool // marks of the stories that came to a number
	missed  map[string]bool // marks of those whose receipt the citizen overlooked once
	anew    map[string]int  // by mark: how often the citizen wanted the same filed once more
	silence map[int64]bool  // updates that the bot need not answer: further photos of an album
}

// tally counts what the citizens did.
type tally struct{ began, resent, tappedTwice, impatient, gaveUp, rejected, asked atomic.Int64 }

// live tells the stories one after the other.
func (c *citizen) live(ctx context.Context) {
	for _, t := range c.stories {
		c.tally.began.Add(1)
		c.say("/start")
		for !c.told[t.mark] {
			m, heard := c.hear(ctx, time.Duration(1500+c.rnd.IntN(2500))*time.Millisecond)
			if ctx.Err() != nil {
				return
			}
			if !heard {
				c.lose(t)
				continue
			}
			if c.filed(m) {
				c.told[t.mark] = true
				for _, number := range numbers(m.Text) {
					c.known[number] = true
				}
				continue
			}
			c.think(ctx)
			c.react(ctx, t, m)
		}
		c.think(ctx)
	}
}

func (c *citizen) think(ctx context.Context) {
	sleep(ctx, time.Duration(30+c.rnd.IntN(150))*time.Millisecond)
}

// hear waits for news and gives the message to react to: one with the number that is waited for,
// else the newest.
func (c *citizen) hear(ctx context.Context, patience time.Duration) (m telegramtest.Message, heard bool) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		inbox := c.Inbox()
		for _, got := range inbox[c.seen:] {
			switch {
			case c.words.unasked(got.Text):
			case c.filed(got):
				c.seen = len(inbox)
				return got, true
			default:
				m, heard = got, true
			}
		}
		c.seen = len(inbox)
		if heard && !c.echo(m) {
			return m, true
		}
		if _, err := c.Wait(ctx, ""); err != nil {
			return m, heard // nothing else came: it is no echo
		}
	}
}

// unasked says whether a text came without being asked for: news, or a receipt.
func (w words) unasked(text string) bool { return w.news(text) || w.receipt(text) }

// news says whether a text tells that the station has acknowledged.
func (w words) news(text string) bool {
	return strings.Contains(text, w.phrase("notices.status.acknowledged"))
}

// receipt says whether a text is that which a receipt comes with.
func (w words) receipt(text string) bool { return strings.Contains(text, w.phrase("notices.receipt")) }

// filed says whether a message tells the number of the present story.
func (c *citizen) filed(m telegramtest.Message) bool {
	all := numbers(m.Text)
	return len(all) > 0 && !c.known[all[0]] && !strings.Contains(m.Text, c.words.phrase("engine.confirm.again"))
}

// echo says whether a message only asks again what was answered a moment ago, as the answer to an
// update that was delivered twice does, or to a press that the app sent twice.
func (c *citizen) echo(m telegramtest.Message) bool {
	if c.last == "" || m.Bold == "" || time.Since(c.acted) > time.Second || c.words.asked(m, []string{c.last}) == "" {
		return false
	}
	before, _, _ := strings.Cut(m.Text, m.Bold)
	before = strings.TrimPrefix(before, c.words.label("engine.old_button")+"\n\n")
	return before == "" || progress.MatchString(before)
}

// progress stands before a question: "3/17 · ".
var progress = regexp.MustCompile(`^\d+/\d+ · $`)

// prompts are what the bot asks on its own account.
var prompts = []string{
	"engine.menu", "engine.review", "engine.edit_which", "engine.maybe", "engine.sorry", "engine.confirm.again",
	"engine.confirm.resume", "engine.confirm.cancel", "engine.confirm.restart", "engine.confirm.switch",
}

// asked is the text, of several, that a message asks with; "" for none of them.
func (w words) asked(m telegramtest.Message, ids []string) (found string) {
	longest := 0
	for _, id := range ids {
		in := m.Bold
		if in == "" {
			in = m.Text
		}
		if phrase := w.phrase(id); len(phrase) > longest && strings.Contains(in, phrase) {
			found, longest = id, len(phrase)
		}
	}
	return found
}

// react answers a message.
func (c *citizen) react(ctx context.Context, t *story, m telegramtest.Message) {
	ids := prompts
	for id := range t.answers {
		ids = append(ids[:len(ids):len(ids)], id)
	}
	what := c.words.asked(m, ids)
	c.last, c.acted = what, time.Now()
	label := c.words.label
	switch what {
	case "":
	case "engine.menu":
		c.press(m, label("menu."+t.service))
	case "engine.sorry":
		c.again()
	case "engine.confirm.resume":
		choice := pick(c.rnd, "engine.confirm.go_on", "engine.confirm.anew")
		if c.giving {
			choice = "engine.confirm.anew"
		}
		c.giving = false
		c.press(m, label(choice))
	case "engine.confirm.cancel", "engine.confirm.restart":
		c.press(m, label(what+".yes"))
	case "engine.confirm.switch":
		c.press(m, label("engine.no"))
	case "engine.maybe":
		c.press(m, label("engine.yes"))
	case "engine.edit_which":
		c.press(m, label("engine.way.back"))
	case "engine.confirm.again":
		c.tally.asked.Add(1)
		if !chance(c.rnd, .2) {
			c.press(m, label("engine.confirm.again.no"))
			return
		}
		c.anew[t.mark]++
		for _, number := range numbers(m.Text) {
			c.known[number] = true
		}
		c.press(m, label("engine.confirm.again.yes"))
	case "engine.review":
		c.review(ctx, t, m)
	default:
		c.give(t.answers[what], m)
	}
}

// reviewLine is a line of the review: "3. कहाँ: पुल के पास".
var reviewLine = regexp.MustCompile(`(?m)^\d+\. ([^:\n]+): (.*)$`)

// review files what the review shows, if it is what was said; else it is thrown away. After Redis
// lost its last second, an answer may have gone to the question before.
func (c *citizen) review(ctx context.Context, t *story, m telegramtest.Message) {
	shown := map[string]string{}
	for _, line := range reviewLine.FindAllStringSubmatch(m.Text, -1) {
		shown[line[1]] = line[2]
	}
	delete(shown, c.words.label(t.service+".photos.label"))
	if !maps.Equal(shown, t.review) {
		c.tally.rejected.Add(1)
		c.press(m, c.words.label("engine.way.cancel"))
		return
	}
	file := c.words.label("engine.way.file")
	id := c.press(m, file)
	if !c.missed[t.mark] && chance(c.rnd, .08) {
		c.overlook(ctx, t)
		return
	}
	switch n := c.rnd.Float64(); {
	case n < .25:
		c.tally.tappedTwice.Add(1)
		time.Sleep(time.Duration(c.rnd.IntN(120)) * time.Millisecond)
		c.press(m, file)
	case n < .35: // on two ways at once
		c.tally.tappedTwice.Add(1)
		c.telegram.Repeat(id)
	case n < .45: // tapped and said
		c.tally.tappedTwice.Add(1)
		c.say(file)
	}
}

// overlook is what citizens do who see no receipt, because they put the phone away or the network was
// gone: they tell everything again.
func (c *citizen) overlook(ctx context.Context, t *story) {
	c.missed[t.mark] = true
	c.tally.gaveUp.Add(1)
	sleep(ctx, time.Duration(300+c.rnd.IntN(1500))*time.Millisecond)
	c.seen = len(c.Inbox())
	c.giving = true
	c.say("/start")
}

// lose is what happens when no answer comes: most wait on or do the same again, some give up.
func (c *citizen) lose(t *story) {
	c.tally.impatient.Add(1)
	switch n := c.rnd.Float64(); {
	case n < .45:
	case n < .8:
		c.again()
	default:
		c.tally.gaveUp.Add(1)
		c.giving = true
		c.say("/start")
	}
}

// give answers a question.
func (c *citizen) give(a answer, m telegramtest.Message) {
	switch {
	case a.contact:
		c.do(func() int64 { return c.ShareContact() })
	case a.photos == 1:
		c.do(func() int64 { return c.SendPhoto(c.photo) })
	case a.photos > 1:
		c.do(func() int64 {
			ids := c.SendAlbum(c.photo, c.photo)
			c.silence[ids[1]] = true
			return ids[0]
		})
	case a.press != "":
		c.press(m, a.press)
	default:
		c.say(a.say)
	}
}

func (c *citizen) say(text string) { c.do(func() int64 { return c.Say(text) }) }

// press presses a button of a message, and says its label if there is none.
func (c *citizen) press(m telegramtest.Message, label string) (update int64) {
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Text != label || b.Data == "" {
				continue
			}
			if chance(c.rnd, .05) { // the app gets no answer in time and sends the press once more
				c.tally.resent.Add(1)
				time.AfterFunc(time.Duration(100+c.rnd.IntN(900))*time.Millisecond, func() { c.Tap(m.ID, b.Data) })
			}
			return c.do(func() int64 { return c.Tap(m.ID, b.Data) })
		}
	}
	return c.do(func() int64 { return c.Say(label) })
}

// do does something, and remembers how to do it again.
func (c *citizen) do(f func() int64) int64 {
	c.again = func() { f() }
	return f()
}
