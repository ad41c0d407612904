package bot_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
)

// register is what there are copies of.
type register struct {
	has   map[string]string // what a copy says, by what it is of; "" once nobody may have it
	taken int               // copies that were asked for, without those that were given again
	pins  int               // how often a PIN was there to be checked
	away  bool
}

// copies gives copies of what is in a register, behind a PIN.
type copies struct {
	*register
	again bool
	which string
	pin   string
}

func (c *copies) Prepare(_ context.Context, v bot.Visit) error {
	c.again = v.Repeat
	if v.Answer("secret") != "" {
		c.pins++
	}
	return nil
}

func (c *copies) Ask(q *bot.Questions) {
	var all []string
	for _, which := range []string{"receipt", "photos"} {
		if _, ok := c.has[which]; ok {
			all = append(all, which)
		}
	}
	q.Choice(&c.which, "which", all)
	if !c.again {
		q.Text(&c.pin, "secret", bot.Digits(4), bot.Passing)
	}
}

func (c *copies) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	if c.away {
		return bot.Outcome{}, errDown
	}
	if !f.Repeat {
		c.taken++
	}
	says := c.has[c.which]
	data := map[string]any{"Of": c.which}
	paper := bot.Paper{Name: c.which, Data: []byte(says)}
	switch {
	case says == "":
		return bot.Outcome{Text: "copies.refused", Data: data}, nil
	case c.which == "photos":
		return bot.Outcome{Text: "copies.photos", Data: data, Photos: []bot.Paper{paper, paper}}, nil
	}
	next := bot.Next{Tap: bot.MenuTap("copies"), Label: "copies.another"}
	return bot.Outcome{Text: "copies.here", Data: data, Document: &paper, Next: []bot.Next{next}}, nil
}

func withCopies(t *testing.T) (*talker, *register) {
	t.Helper()
	w := newWorld(t)
	r := &register{has: map[string]string{"receipt": "a copy", "photos": "a face"}}
	w.engine.Services = append(w.engine.Services, bot.Service{ID: "copies", Direct: true, New: func() bot.Interview { return &copies{register: r} }})
	return w.talk("telegram", "1"), r
}

// ask asks for a copy and gives the message that was answered with it.
func (c *talker) ask(which string) bot.Message {
	c.t.Helper()
	c.say("<menu.copies>", which, "1234")
	return c.last
}

// repeated delivers a message again, which must not change the dialog.
func (c *talker) repeated(m bot.Message) bot.Reply {
	c.t.Helper()
	before, _ := c.dialogs.Load(c.t.Context(), c.chat, false)
	reply, err := c.handle(c.t.Context(), m)
	if err != nil {
		c.t.Fatal(err)
	}
	if after, _ := c.dialogs.Load(c.t.Context(), c.chat, false); !bytes.Equal(before, after) {
		c.t.Error("a repeat changed the dialog")
	}
	c.reply = reply
	return reply
}

func says(p *bot.Paper) string {
	if p == nil {
		return "nothing"
	}
	return string(p.Data)
}

// TestAPaperIsGivenAgain: the reply with a paper or photos did not arrive, and its message comes again.
func TestAPaperIsGivenAgain(t *testing.T) {
	t.Parallel()
	for _, which := range []string{"receipt", "photos"} {
		c, register := withCopies(t)
		m := c.ask("<copies.which." + which + ">")
		first := c.reply
		if (first.Document == nil) == (len(first.Photos) == 0) {
			t.Fatalf("%s: nothing was given: %q", which, first.Text)
		}
		for range 2 {
			again := c.repeated(m)
			if again.Text != first.Text || says(again.Document) != says(first.Document) || len(again.Photos) != len(first.Photos) ||
				strings.Join(labels(again), "|") != strings.Join(labels(first), "|") {
				t.Errorf("%s: given again is %q with %s and %d photos, %q", which, again.Text, says(again.Document), len(again.Photos), labels(again))
			}
		}
		if register.taken != 1 {
			t.Errorf("%s: it was taken %d times", which, register.taken)
		}
	}
}

// TestAPaperIsGivenAgainLater: who waits for it does not sit still. It comes with what is asked by then; once a later
// message was answered with another, the earlier one's repeat does not speak of what it does not bring.
func TestAPaperIsGivenAgainLater(t *testing.T) {
	t.Parallel()
	c, _ := withCopies(t)
	m := c.ask("<copies.which.receipt>")
	for _, step := range []struct {
		does func()
		asks string
	}{
		{func() { c.say("xyz") }, "<engine.menu>"},
		{func() { c.say("खोया सामान", "खो गया") }, "<lost_property.thing.kind>"},
		{func() { c.send(bot.Message{Tap: bot.MenuTap("tip")}) }, "<tip.kind>"}, // in a dialog apart
	} {
		step.does()
		if again := c.repeated(m); says(again.Document) != "a copy" || !strings.HasPrefix(again.Text, "<copies.here Of=receipt>\n\n") {
			t.Errorf("before %s it is %q with %s", step.asks, again.Text, says(again.Document))
		}
		c.wants(step.asks)
	}
	c.say("रद्द", "हाँ")

	later := c.ask("<copies.which.photos>")
	if again := c.repeated(later); len(again.Photos) != 2 || again.Document != nil {
		t.Errorf("the later one: %q", again.Text)
	}
	if again := c.repeated(m); again.Document != nil || len(again.Photos) != 0 || strings.Contains(again.Text, "copies.here") {
		t.Errorf("the earlier one is told by the words alone: %q", again.Text)
	}
}

// TestAPaperThatMayNotBeGivenAgain: the records decide anew, and what can't be given is not spoken of as if it were.
func TestAPaperThatMayNotBeGivenAgain(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*talker, *register){
		"refused":           func(_ *talker, r *register) { r.has["receipt"] = "" },
		"no longer offered": func(_ *talker, r *register) { delete(r.has, "receipt") },
		"a day later":       func(c *talker, _ *register) { c.now = c.now.Add(25 * time.Hour) },
		"no longer theirs": func(c *talker, _ *register) {
			c.engine.Services[len(c.engine.Services)-1].For = func(context.Context, bot.Visit) (bool, error) { return false, nil }
		},
		"no such service": func(c *talker, _ *register) {
			c.engine.Services = c.engine.Services[:len(c.engine.Services)-1]
		},
	} {
		c, register := withCopies(t)
		m := c.ask("<copies.which.receipt>")
		change(c, register)
		again := c.repeated(m)
		if again.Empty() || again.Document != nil || strings.Contains(again.Text, "copies.here") {
			t.Errorf("%s: %q with %s", name, again.Text, says(again.Document))
		}
		if name == "refused" {
			c.wants("<copies.refused Of=receipt>")
		}
	}
}

// TestAPinDoesNotOutliveItsDraft: the dialog keeps what a paper was made of, and not what opened the way to it; after
// a day nothing of it.
func TestAPinDoesNotOutliveItsDraft(t *testing.T) {
	t.Parallel()
	c, register := withCopies(t)
	keeps := func(word string) bool {
		state, _ := c.dialogs.Load(t.Context(), c.chat, false)
		return bytes.Contains(state, []byte(word))
	}
	m := c.ask("<copies.which.receipt>")
	seen := register.pins
	c.repeated(m)
	if keeps("1234") || register.pins != seen {
		t.Error("the PIN is still there")
	}
	if !keeps("receipt") {
		t.Error("nothing is kept of what the paper was made of")
	}
	c.now = c.now.Add(25 * time.Hour)
	c.say("नमस्ते")
	if keeps("receipt") {
		t.Error("what a paper was made of is kept for ever")
	}
}

// TestAPaperWhileTheRecordsAreAway: nothing was said of the turn that was saved. When its message comes again and the
// records can't be asked, it is to come once more, and another replica gives the paper.
func TestAPaperWhileTheRecordsAreAway(t *testing.T) {
	t.Parallel()
	c, register := withCopies(t)
	m := c.ask("<copies.which.receipt>")
	register.away = true
	if reply, err := c.handle(t.Context(), m); err == nil || !reply.Empty() {
		t.Fatalf("answered %q, %v", reply.Text, err)
	}
	register.away = false
	other := c.replica()
	other.Services = c.engine.Services
	c.handle = other.Handle
	if again := c.repeated(m); says(again.Document) != "a copy" {
		t.Errorf("another replica gives %s with %q", says(again.Document), again.Text)
	}
}
