package main

import (
	"context"

	"nagrik/bot/telegram/telegramtest"
)

// citizen is somebody with stories to tell, who stays for a while after that to hear what becomes of them.
type citizen struct {
	speaker
	self    person
	stories []*story
	town    []*station

	added []*addition // what the citizen did with filings that are there
	heard int         // how much of the inbox was looked through for news
}

// live tells the stories one after the other.
func (c *citizen) live(ctx context.Context) {
	for _, t := range c.stories {
		c.tally.began.Add(1)
		m, done := c.bring(ctx, &t.matter)
		if !done {
			return
		}
		t.told = true
		for _, number := range numbers(m.Text) {
			c.known[number] = true
			t.number = number
		}
		if code := codeIn(m.Text); code != "" {
			t.codes = append(t.codes, code)
		}
		t.end = m
		if t.elder != nil {
			t.elder.asked <- t.number
		}
		c.think(ctx)
	}
	c.stay(ctx)
}

// filed says whether a message tells the number of the present story.
func (c *citizen) filed(m telegramtest.Message) bool {
	all := numbers(m.Text)
	return len(all) > 0 && !c.known[all[0]] && !c.words.says(m.Text, "engine.confirm.again")
}

// storyOf finds the citizen's story that a number was given for; nil if there is none.
func (c *citizen) storyOf(number string) *story {
	for _, t := range c.stories {
		if t.number == number {
			return t
		}
	}
	return nil
}
