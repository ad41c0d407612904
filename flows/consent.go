package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// Consent is an elder's yes or no to having been registered by a relative. It begins with the button of a notice, or with
// the number of the registration, which the relative hands on: as an opening link, or to be typed. The number is no
// secret: what counts is that the phone is the one that the registration names.
type Consent struct {
	records *Records
	asked   *store.ConsentAsked // nil: there is nothing to agree to
	known   bool

	Number string
	Agree  bool
}

// Prepare finds out what the elder is asked.
func (c *Consent) Prepare(ctx context.Context, v bot.Visit) error {
	number, ok := store.ParseNumber(v.Answer("number"))
	if v.Citizen == "" {
		return nil
	}
	c.known = true
	if !ok {
		return nil
	}
	asked, err := c.records.Store.ConsentAsked(ctx, v.Citizen, number)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	c.asked = &asked
	return err
}

// Ask names the questions.
func (c *Consent) Ask(q *bot.Questions) {
	q.Text(&c.Number, "number", bot.Printed(3, 40))
	q.Verify()
	if c.known && (c.asked == nil || !c.asked.Waiting) {
		return // File says so
	}
	filer := ""
	if c.asked != nil {
		filer = c.asked.Filer
	}
	q.Yes(&c.Agree, "agree", bot.With("Name", filer))
}

// File notes the answer. Who has no business with a number hears what everybody hears of a number that does not exist.
func (c *Consent) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	switch {
	case c.asked == nil:
		return bot.Outcome{Text: "consent.unknown"}, nil
	case c.asked.Given:
		return bot.Outcome{Text: "consent.given"}, nil
	case !c.asked.Waiting:
		return bot.Outcome{Text: "consent.over"}, nil
	}
	number, _ := store.ParseNumber(c.Number)
	if err := c.records.Store.Consent(ctx, f.Citizen, number, c.Agree, f.Dialog); err != nil {
		return bot.Outcome{}, fmt.Errorf("noting a consent: %w", err)
	}
	if !c.Agree {
		return bot.Outcome{Text: "consent.refused"}, nil
	}
	return bot.Outcome{Text: "consent.agreed", Next: []bot.Next{
		{Tap: bot.StartTap("greeting"), Label: "menu.greeting"}, {Tap: bot.StartTap("registration"), Label: "menu.registration"},
	}}, nil
}

// consentCode knows the number of a registration, typed or as the word of an opening link.
func consentCode(word string) (bot.Answer, bool) {
	number, ok := store.ParseNumber(word)
	return bot.Answer{Key: "number", Value: number}, ok && strings.HasPrefix(number, "VN")
}
