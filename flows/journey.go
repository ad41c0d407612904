package flows

import (
	"context"
	"errors"
	"fmt"

	"nagrik/bot"
	"nagrik/store"
)

// Journey is what becomes of a travel alert: the traveller is back, stays longer, or does not go at all. Its button comes
// with the question on the day of the return.
type Journey struct {
	records *Records
	journey *store.Journey // nil: none is open

	Number string // of the journey that a button is about; "" for the open one
	What   string
	Back   bot.When
	Sure   bool
}

// Prepare loads the open journey.
func (j *Journey) Prepare(ctx context.Context, v bot.Visit) error {
	var err error
	j.journey, err = j.records.journey(ctx, v.Citizen)
	return err
}

// Ask names the questions.
func (j *Journey) Ask(q *bot.Questions) {
	q.Verify()
	j.Number = q.Carried("number")
	if j.over() {
		return // File says so
	}
	left := !j.journey.Leave.After(q.Now())
	actions := []string{"safe", "stay", "done"}
	if !left {
		actions = []string{"stay", "cancel", "done"}
	}
	q.Choice(&j.What, "what", actions,
		bot.With("Number", j.journey.Number), bot.With("Leave", j.journey.Leave), bot.With("Back", j.journey.Return))
	switch j.What {
	case "stay":
		first := j.journey.Leave
		if left {
			first = q.Now()
		}
		q.Date(&j.Back, "back", bot.Future, bot.NotBefore(first), bot.NotAfter(first.AddDate(0, 0, longestJourney)))
	case "cancel":
		q.Yes(&j.Sure, "sure")
	}
}

// over says whether there is no journey any more that this could be about: an old button must not end a new journey.
func (j *Journey) over() bool {
	return j.journey == nil || j.Number != "" && j.Number != j.journey.Number
}

// File does what the traveller chose.
func (j *Journey) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if j.over() {
		return bot.Outcome{Text: "journey.over"}, nil
	}
	number := j.journey.Number
	out := bot.Outcome{Text: "journey.seen"}
	var err error
	switch {
	case j.What == "safe":
		err = j.records.Store.Safe(ctx, f.Citizen, number, f.Dialog)
		out.Text = "journey.safe"
	case j.What == "stay":
		err = j.records.Store.Extend(ctx, f.Citizen, number, j.Back.Time, late(j.Back), f.Dialog)
		out = bot.Outcome{Text: "journey.extended", Data: map[string]any{"Back": j.Back.Time, "Late": late(j.Back)}}
	case j.What == "cancel" && j.Sure:
		err = j.records.Store.Withdraw(ctx, f.Citizen, j.journey.ID, j.records.text("hi", "journey.what.cancel", nil))
		out.Text = "journey.cancelled"
	}
	if errors.Is(err, store.ErrClosed) {
		return bot.Outcome{Text: "journey.over"}, nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("changing a journey: %w", err)
	}
	return out, nil
}
