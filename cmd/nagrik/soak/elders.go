package main

import (
	"context"
	"time"

	"nagrik/bot/telegram/telegramtest"
)

// elder is somebody whom a relative registered, and who is asked for a yes in a chat of their own: by a
// notice, or by the link with the number that the relative handed on.
type elder struct {
	speaker
	asked  chan string // the number, from the relative
	number string
	agreed bool // what the elder said
	end    telegramtest.Message
}

// live waits for the number and answers.
func (e *elder) live(ctx context.Context) {
	select {
	case number, ok := <-e.asked:
		if !ok {
			return
		}
		e.number = number
	case <-ctx.Done():
		return
	}
	sleep(ctx, time.Duration(e.rnd.IntN(2000))*time.Millisecond)
	e.agreed = chance(e.rnd, .8)
	said := "engine.no"
	if e.agreed {
		said = "engine.yes"
	}
	m := &matter{
		answers: map[string]answer{
			"consent.number": {say: e.number}, "common.phone": {contact: true}, "consent.agree": {press: e.words.label(said)},
		},
		begin: func() { e.say("/start " + e.number) },
		over: func(m telegramtest.Message) bool {
			return e.words.saysAny(m.Text, "consent.agreed", "consent.given", "consent.refused", "consent.over")
		},
	}
	e.end, _ = e.bring(ctx, m)
}

// told says what the elder was told: that the yes counts, that the no does; "" for neither.
func (e *elder) told() string {
	switch {
	case e.words.saysAny(e.end.Text, "consent.agreed", "consent.given"):
		return "consent"
	case e.words.saysAny(e.end.Text, "consent.refused", "consent.over"):
		return "refused"
	}
	return ""
}
