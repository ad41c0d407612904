package flows

import (
	"context"
	"fmt"

	"nagrik/bot"
	"nagrik/store"
)

// Greeting (रोज़ की नमस्ते) asks a registered senior every day, at an hour of their choice, whether all is well. Two in a row
// without an answer tell neighbour and family, then the station.
type Greeting struct {
	records      *Records
	registration *store.Registration // nil: not registered

	What string
	Time string
	Hour string
}

// greetingHours are those that are offered; any other can be told.
var greetingHours = map[string]string{"seven": "07:00", "eight": "08:00", "evening": "18:00"}

// Prepare loads the registration and its greeting.
func (g *Greeting) Prepare(ctx context.Context, v bot.Visit) error {
	var err error
	g.registration, err = g.records.registration(ctx, v.Citizen)
	return err
}

// Ask names the questions.
func (g *Greeting) Ask(q *bot.Questions) {
	q.Verify()
	if g.registration == nil {
		return // File says so
	}
	g.What = "hour"
	if set := g.registration.Greeting; set != nil {
		actions := []string{"hour", "pause", "stop", "done"}
		if set.Paused {
			actions = []string{"resume", "hour", "stop", "done"}
		}
		q.Choice(&g.What, "what", actions, bot.With("Hour", set.Hour), bot.With("Paused", set.Paused))
	}
	if g.What == "hour" {
		q.Choice(&g.Time, "time", []string{"seven", "eight", "evening", "misc"})
		g.Hour = greetingHours[g.Time]
		if g.Time == "misc" {
			q.Text(&g.Hour, "hour", bot.Hour)
		}
	}
}

// File does what the senior chose.
func (g *Greeting) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if g.registration == nil {
		return bot.Outcome{Text: "greeting.register_first", Next: []bot.Next{
			{Tap: bot.StartTap("senior_registration"), Label: "menu.senior_registration"},
		}}, nil
	}
	number := g.registration.Number
	var err error
	out := bot.Outcome{Text: "greeting." + g.What}
	switch g.What {
	case "hour":
		err = g.records.Store.SetGreeting(ctx, f.Citizen, number, g.Hour)
		out = bot.Outcome{Text: "greeting.set", Data: map[string]any{"Hour": g.Hour}}
	case "pause", "resume":
		err = g.records.Store.PauseGreeting(ctx, f.Citizen, number, g.What == "pause")
		out = bot.Outcome{Text: "greeting." + g.What + "d", Next: []bot.Next{{Tap: bot.StartTap("greeting"), Label: "menu.greeting"}}}
	case "stop":
		err = g.records.Store.StopGreeting(ctx, f.Citizen, number)
		out.Text = "greeting.stopped"
	default: // who looks at it is well
		err = g.records.Store.Greeted(ctx, f.Citizen, f.Dialog)
		out.Text = "greeting.seen"
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("changing a greeting: %w", err)
	}
	return out, nil
}

// Greeted is a senior's answer to the greeting: all is well, or help is wanted. It takes no verification: the greeting
// went to a verified chat, and who has no registration can only be told of 112.
type Greeted struct {
	records *Records

	How string
}

// Ask names the questions.
func (g *Greeted) Ask(q *bot.Questions) {
	q.Choice(&g.How, "how", []string{"fine", "need"})
}

// File notes the answer. Help is told to the station, the family and the neighbour at once.
func (g *Greeted) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if f.Citizen == "" {
		return bot.Outcome{Text: "greeted." + g.How + "_unknown"}, nil
	}
	if g.How == "fine" {
		if err := g.records.Store.Greeted(ctx, f.Citizen, f.Dialog); err != nil {
			return bot.Outcome{}, fmt.Errorf("noting an answer: %w", err)
		}
		return bot.Outcome{Text: "greeted.fine"}, nil
	}
	told, err := g.records.Store.Help(ctx, f.Citizen, f.Dialog)
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("asking for help: %w", err)
	}
	if !told {
		return bot.Outcome{Text: "greeted.need_unknown"}, nil
	}
	return bot.Outcome{Text: "greeted.told", Next: []bot.Next{{Tap: bot.StartTap("greeted", "how", "fine"), Label: "greeted.how.fine"}}}, nil
}
