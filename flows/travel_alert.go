package flows

import (
	"context"
	"errors"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// TravelAlert (यात्रा की सूचना) tells the station that a house stands empty for some days: it looks after it, and the traveller
// is asked on the day of the return.
type TravelAlert struct {
	records *Records
	home    *SeniorRegistration // what a registered senior told before; nil: not registered
	open    bool                // a journey is open already

	Leave     bot.When
	Back      bot.When
	House     string
	Station   StationChoice
	Contact   Contact // of the family
	Neighbour Contact
	Where     string `json:",omitempty"` // to
	Key       string `json:",omitempty"` // who has it
	Vehicle   string `json:",omitempty"` // that stays at home
	Lights    string `json:",omitempty"` // and cameras
	Pets      string `json:",omitempty"`
	Away      string `json:",omitempty"` // phone on the way
	Applicant Applicant
}

const (
	// longestJourney is how many days one alert is good for (the Kerala police's Locked House scheme): it can be extended.
	longestJourney = 14
	// farAhead is how many days ahead a journey may be told.
	farAhead = 60
	// dueNotice is how long before the journey the station likes to know; later is taken as well.
	dueNotice = 48 * time.Hour
	// lateHour is from when a return counts as late: the traveller is asked the next morning.
	lateHour = 17
)

// Prepare loads an open journey, and what a registered senior told before.
func (t *TravelAlert) Prepare(ctx context.Context, v bot.Visit) error {
	j, err := t.records.journey(ctx, v.Citizen)
	if err != nil {
		return err
	}
	t.open = j != nil
	r, err := t.records.registration(ctx, v.Citizen)
	if err != nil || r == nil {
		return err
	}
	t.home = &SeniorRegistration{}
	return r.Form(t.home)
}

// journey is a citizen's open journey, nil if there is none.
func (r *Records) journey(ctx context.Context, citizen string) (*store.Journey, error) {
	if citizen == "" {
		return nil, nil
	}
	j, err := r.Store.Journey(ctx, citizen)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &j, err
}

// Ask names the questions. A registered senior is asked little more than the days.
func (t *TravelAlert) Ask(q *bot.Questions) {
	q.Verify()
	if t.open {
		q.Continue("journey")
		return
	}
	home := t.home
	if home == nil {
		home = &SeniorRegistration{}
	}
	q.Date(&t.Leave, "leave", bot.Future, bot.NotAfter(q.Now().AddDate(0, 0, farAhead)))
	if !t.Leave.Time.IsZero() && t.Leave.Time.Sub(q.Now()) < dueNotice {
		q.Say("travel_alert.say.short_notice")
	}
	q.Date(&t.Back, "back", bot.Future, bot.NotBefore(t.Leave.Time), bot.NotAfter(t.lastDay()))
	q.Place(&t.House, "house", bot.Prefill(home.Elder.Address))
	askStation(q, t.records.Stations, &t.Station, t.House, bot.Prefill(home.Station.Code))
	q.Text(&t.Contact.Name, "contact.name", bot.Name, bot.Prefill(home.Contact.Name))
	q.Text(&t.Contact.Phone, "contact.phone", bot.Phone, bot.Prefill(home.Contact.Phone))
	t.Applicant = known(q)
	q.Text(&t.Applicant.Name, "name", bot.Name, bot.Prefill(t.Applicant.Name))
	t.Neighbour = home.More.Neighbour
	t.askMore(q)
}

// lastDay is the latest day of return; zero before the first day is known.
func (t *TravelAlert) lastDay() time.Time {
	if t.Leave.Time.IsZero() {
		return time.Time{}
	}
	return t.Leave.Time.AddDate(0, 0, longestJourney)
}

// askMore asks what helps those who look after the house, of those who want to tell it.
func (t *TravelAlert) askMore(q *bot.Questions) {
	more := false
	q.Yes(&more, "more", bot.Optional, bot.Hidden)
	if !more {
		return
	}
	q.Text(&t.Key, "key", bot.Printed(3, 150), bot.Optional)
	q.Text(&t.Neighbour.Name, "neighbour.name", bot.Name, bot.Optional, bot.Prefill(t.Neighbour.Name))
	if t.Neighbour.Name != "" {
		q.Text(&t.Neighbour.Phone, "neighbour.phone", bot.Phone, bot.Optional, bot.Prefill(t.Neighbour.Phone))
	}
	q.Text(&t.Where, "where", bot.Printed(2, 100), bot.Optional)
	q.Text(&t.Away, "away", bot.Phone, bot.Optional)
	q.Text(&t.Vehicle, "vehicle", bot.Printed(2, 150), bot.Optional)
	q.Text(&t.Lights, "lights", bot.Printed(2, 150), bot.Optional)
	q.Text(&t.Pets, "pets", bot.Printed(2, 150), bot.Optional)
}

// late says whether somebody comes back so late that it is the next morning when they are asked.
func late(back bot.When) bool { return back.Clock && back.Time.Hour() >= lateHour }

// File records the alert.
func (t *TravelAlert) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if t.Contact.Phone == t.Applicant.phone {
		return bot.Outcome{}, &bot.Invalid{ID: "travel_alert.wrong.contact_phone"}
	}
	out, err := t.records.file(ctx, f, record{
		service: "travel_alert", prefix: "YS", form: t, applicant: t.Applicant, station: t.Station,
		journey: &store.NewJourney{
			Name: t.Applicant.Name, Leave: t.Leave.Time, Return: t.Back.Time, Late: late(t.Back),
			Family: t.Contact.Phone, Neighbour: t.Neighbour.Phone,
		},
	})
	if err != nil {
		return out, err
	}
	out.Data["Back"], out.Data["Late"] = t.Back.Time, late(t.Back)
	return out, nil
}
