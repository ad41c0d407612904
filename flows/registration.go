package flows

import (
	"context"
	"errors"
	"fmt"

	"nagrik/bot"
	"nagrik/store"
)

// Registration shows a senior the registration, and ends it: at any time, whoever filed it.
type Registration struct {
	records      *Records
	registration *store.Registration // nil: there is none
	lang         string

	Young bool // asked for one, and is not 60 yet
	What  string
	Sure  bool
}

// Prepare loads the registration.
func (r *Registration) Prepare(ctx context.Context, v bot.Visit) error {
	var err error
	r.lang = v.Lang
	r.registration, err = r.records.registration(ctx, v.Citizen)
	return err
}

// Ask names the questions.
func (r *Registration) Ask(q *bot.Questions) {
	if r.Young = q.Carried("young") != ""; r.Young {
		return // File says so
	}
	q.Verify()
	if r.registration == nil {
		return // File says so
	}
	f := r.registration
	q.Choice(&r.What, "what", []string{"greeting", "relatives", "end", "done"},
		bot.With("Number", f.Number), bot.With("Name", f.Name), bot.With("VisitDue", f.VisitDue),
		bot.With("Station", r.records.placeName(r.lang, "", StationChoice{Code: f.Station, District: f.District})))
	if r.What == "end" {
		q.Yes(&r.Sure, "sure")
	}
}

// File does what the senior chose.
func (r *Registration) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	switch {
	case r.Young:
		return bot.Outcome{Text: "registration.young"}, nil
	case r.registration == nil:
		return bot.Outcome{Text: "registration.none"}, nil
	case r.What == "greeting" || r.What == "relatives":
		return bot.Outcome{Text: "registration.seen", Start: r.What}, nil
	case r.What == "end" && r.Sure:
		err := r.records.Store.EndRegistration(ctx, f.Citizen, r.registration.Number, f.Dialog)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return bot.Outcome{}, fmt.Errorf("ending a registration: %w", err)
		}
		return bot.Outcome{Text: "registration.ended"}, nil
	}
	return bot.Outcome{Text: "registration.seen"}, nil
}
