package main

import (
	"context"
	"slices"
	"time"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

// addition is what a citizen did with a filing that is there: answered, added, rated, withdrew. Whoever
// loses patience with one lets it be, so it may have been done and not been seen to be.
type addition struct {
	matter
	kind   string // of the event that it makes; "rated" and "withdrawn" too
	number string // of the filing
	code   string // or of the tip
	mark   string // in its words, "" for none
	stars  int
	told   bool // the citizen was told that it is done

	fir   *entry // of which a copy is asked for; nil: something else
	mine  bool   // as the informant, who may have all of it
	from  int    // how much of the inbox there was before
	given bool   // it came
}

// staying is how long citizens wait for news after their last story, and how long they try to do
// something about one.
const (
	staying = 8 * time.Second
	trying  = 18 * time.Second
)

// stay hears what becomes of the stories, and sometimes does something about it.
func (c *citizen) stay(ctx context.Context) {
	for _, t := range c.stories {
		if len(t.codes) > 0 && chance(c.rnd, .4) { // nobody tells them anything
			sleep(ctx, time.Duration(c.rnd.IntN(4000))*time.Millisecond)
			c.attempt(ctx, c.comesBack(t))
		}
	}
	for until := time.Now().Add(staying); time.Now().Before(until); {
		for _, m := range c.unheard() {
			if a := c.wants(m); a != nil && !c.did(a) {
				c.attempt(ctx, a)
				until = time.Now().Add(staying)
			}
		}
		if !sleep(ctx, 300*time.Millisecond) {
			return
		}
	}
}

// unheard is the news that came since.
func (c *citizen) unheard() []telegramtest.Message {
	inbox := c.Inbox()
	news := slices.DeleteFunc(slices.Clone(inbox[c.heard:]), func(m telegramtest.Message) bool { return c.words.newsIn(m.Text) == "" })
	c.heard = len(inbox)
	return news
}

func (c *citizen) attempt(ctx context.Context, a *addition) {
	c.tally.additions.Add(1)
	c.added = append(c.added, a)
	ctx, cancel := context.WithTimeout(ctx, trying)
	defer cancel()
	if c.arrived(ctx) {
		end, over := c.bring(ctx, &a.matter)
		a.told = over && (a.fir != nil || c.words.says(end.Text, doneBy[a.kind]))
	}
	if !a.told {
		c.tally.additionsLeft.Add(1)
	}
}

// doneBy is what citizens are told of each kind of addition.
var doneBy = map[string]string{
	store.Answer: "my_filings.done.answer", store.Information: "my_filings.done.add", "rated": "my_filings.done.rate",
	string(store.Withdrawn): "my_filings.withdrawn", "tip": "tip_code.told.add",
}

// wants is what the citizen does about a piece of news, nil for nothing.
func (c *citizen) wants(m telegramtest.Message) *addition {
	all := numbers(m.Text)
	if len(all) == 0 || c.storyOf(all[0]) == nil {
		return nil
	}
	number, service := all[0], c.storyOf(all[0]).service
	switch c.words.newsIn(m.Text) {
	case "question":
		if chance(c.rnd, .7) {
			return c.answers(m, number)
		}
	case "fir_registered":
		if chance(c.rnd, .6) {
			return c.asksForCopy(m, number)
		}
	case "closed", "found", "verified", "not_verified", "cannot_verify", "certificate_issued":
		if chance(c.rnd, .5) {
			return c.rates(m, number)
		}
	case "acknowledged":
		ofItsOwn := service == "senior_registration" || service == "travel_alert" // ends another way
		switch n := c.rnd.Float64(); {
		case n < .12 && !ofItsOwn:
			return c.withdraws(number)
		case n < .25:
			return c.adds(m, number)
		}
	}
	return nil
}

// did says whether the citizen did such a thing before: what is told of that once more is the same as what
// is told of another one. The thanks for a rating do not even say which filing it is of.
func (c *citizen) did(next *addition) bool {
	return slices.ContainsFunc(c.added, func(a *addition) bool {
		return a.kind == next.kind && (a.number == next.number || a.kind == "rated")
	})
}

// addition begins with a button of the news.
func (c *citizen) addition(kind, number, label string, m telegramtest.Message) *addition {
	a := &addition{kind: kind, number: number, mark: mark(c.rnd)}
	a.answers = map[string]answer{}
	a.begin = func() {
		c.do(func() int64 { return c.Tap(m.ID, button(m, c.words.label(label))) })
	}
	a.over = func(m telegramtest.Message) bool { // what was done with another filing may be told once more meanwhile
		return (kind == "rated" || slices.Contains(numbers(m.Text), number)) && c.words.saysAny(m.Text, doneBy[kind], "my_filings.closed")
	}
	return a
}

func (c *citizen) answers(m telegramtest.Message, number string) *addition {
	a := c.addition(store.Answer, number, "notices.answer", m)
	a.answers["my_filings.answer"] = answer{say: "काग़ज़ मेरे पास हैं, " + a.mark + " ने देखे हैं"}
	a.answers["my_filings.photos"] = answer{press: c.words.label("engine.way.skip")}
	return a
}

func (c *citizen) adds(m telegramtest.Message, number string) *addition {
	a := c.addition(store.Information, number, "notices.see", m)
	a.answers["my_filings.action"] = answer{press: c.words.label("my_filings.action.add")}
	a.answers["my_filings.addition"] = answer{say: "एक बात और: " + a.mark + " भी वहाँ थे"}
	a.answers["my_filings.photos"] = answer{press: c.words.label("engine.way.skip")}
	return a
}

func (c *citizen) rates(m telegramtest.Message, number string) *addition {
	a := c.addition("rated", number, "notices.see", m)
	a.mark, a.stars = "", 1+c.rnd.IntN(5)
	a.answers["my_filings.action"] = answer{press: c.words.label("my_filings.action.rate")}
	a.answers["my_filings.stars"] = answer{press: c.words.label("my_filings.stars." + string(rune('0'+a.stars)))}
	a.answers["my_filings.opinion"] = answer{press: c.words.label("engine.way.skip")}
	return a
}

func (c *citizen) withdraws(number string) *addition {
	a := c.addition(string(store.Withdrawn), number, "", telegramtest.Message{})
	a.mark = ""
	a.begin = func() { c.say(c.words.label("menu.my_filings")) }
	a.answers["my_filings.number"] = answer{press: c.words.text("my_filings.row", map[string]any{"Number": number})}
	a.answers["my_filings.action"] = answer{press: c.words.label("my_filings.action.withdraw")}
	a.answers["my_filings.reason"] = answer{press: c.words.label("my_filings.reason.solved")}
	a.answers["my_filings.sure"] = answer{press: c.words.label("engine.yes")}
	return a
}

// comesBack is who gave a tip, with the claim code, to add something.
func (c *citizen) comesBack(t *story) *addition {
	a := &addition{kind: "tip", code: t.codes[len(t.codes)-1], mark: mark(c.rnd)}
	a.begin = func() { c.say(c.words.label("menu.tip")) }
	a.over = func(m telegramtest.Message) bool {
		return c.words.saysAny(m.Text, "tip_code.told.add", "tip_code.closed")
	}
	a.answers = map[string]answer{
		"tip.begin": {press: c.words.label("tip.begin.code")}, "tip_code.code": {say: store.SpacedClaimCode(a.code)},
		"tip_code.action":   {press: c.words.label("tip_code.action.add")},
		"tip_code.addition": {say: "अब वे " + a.mark + " की गाड़ी से आते हैं"}, "tip_code.photos": {press: c.words.label("engine.way.skip")},
	}
	return a
}
