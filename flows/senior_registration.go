package flows

import (
	"context"
	"errors"
	"strconv"

	"nagrik/bot"
	"nagrik/store"
)

// SeniorRegistration (वरिष्ठ नागरिक पंजीकरण) makes an elder of 60 years or more known to the station: who is visited every
// month, may be greeted every day, and for whom somebody is told when something is wrong. All but a name, an age, an
// address and one contact may be left blank. A relative can register an elder, who has to agree: until then it is
// known to the station, and nothing comes of it.
type SeniorRegistration struct {
	records    *Records
	registered bool // is registered already

	Who      string // "self", "relative"
	Relation string `json:",omitempty"` // the relative's
	Elder    Elder
	Station  StationChoice
	Living   string
	Contact  Contact // of the family
	Visits   bool    // wants to be visited
	Calls    bool    // and called
	More     ElderMore
	Answerer Applicant // who answers here
}

// Elder is who is registered.
type Elder struct {
	Name    string
	Age     string
	Address string
	Phone   string `json:",omitempty"` // the elder's own, where a relative registers
}

// Contact is somebody to be told or asked.
type Contact struct {
	Name  string `json:",omitempty"`
	Phone string `json:",omitempty"`
}

// seniorAge is from when one is a senior (Maintenance and Welfare of Parents and Senior Citizens Act 2007, s.2(h)).
const seniorAge = 60

// Prepare finds out whether the citizen is registered already.
func (s *SeniorRegistration) Prepare(ctx context.Context, v bot.Visit) error {
	r, err := s.records.registration(ctx, v.Citizen)
	s.registered = r != nil
	return err
}

// registration is a citizen's own registration, nil if there is none.
func (r *Records) registration(ctx context.Context, citizen string) (*store.Registration, error) {
	if citizen == "" {
		return nil, nil
	}
	found, err := r.Store.Registration(ctx, citizen)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &found, err
}

// Ask names the questions.
func (s *SeniorRegistration) Ask(q *bot.Questions) {
	q.Choice(&s.Who, "who", []string{"self", "relative"})
	if s.Who == "relative" {
		s.askForElder(q)
		return
	}
	q.Verify()
	if s.registered {
		q.Continue("registration")
		return
	}
	s.Answerer = known(q)
	q.Text(&s.Elder.Name, "name", bot.Name, bot.Prefill(s.Answerer.Name))
	q.Text(&s.Elder.Age, "age", bot.Age)
	if young(q, s.Elder.Age) {
		return
	}
	q.Text(&s.Elder.Address, "address", bot.Length(5, 300), bot.Prefill(s.Answerer.Address))
	askStation(q, s.records.Stations, &s.Station, "")
	q.Choice(&s.Living, "living", livings)
	s.Contact.ask(q, "contact")
	q.Yes(&s.Visits, "visits")
	q.Yes(&s.Calls, "calls")
	s.More.ask(q)
	s.Answerer.Name, s.Answerer.Address = s.Elder.Name, s.Elder.Address
}

// askForElder asks a relative. The relative is the contact, and the elder's yes to visits and calls is the elder's.
func (s *SeniorRegistration) askForElder(q *bot.Questions) {
	q.Choice(&s.Relation, "relation", []string{"son", "daughter", "in_law", "grandchild", "sibling", "misc"})
	q.Text(&s.Elder.Name, "elder.name", bot.Name)
	q.Text(&s.Elder.Age, "elder.age", bot.Age)
	if young(q, s.Elder.Age) {
		return
	}
	q.Text(&s.Elder.Phone, "elder.phone", bot.Phone, bot.Optional)
	q.Text(&s.Elder.Address, "elder.address", bot.Length(5, 300))
	askStation(q, s.records.Stations, &s.Station, "")
	q.Choice(&s.Living, "elder.living", livings)
	s.More.ask(q)
	q.Verify()
	s.Answerer = known(q)
	q.Text(&s.Answerer.Name, "name", bot.Name, bot.Prefill(s.Answerer.Name))
	s.Contact = Contact{s.Answerer.Name, s.Answerer.phone}
}

var livings = []string{"alone", "spouse", "day", "family"}

// young says that who is not 60 yet is offered what fits; true while that is the question.
func young(q *bot.Questions, age string) bool {
	years, err := strconv.Atoi(age)
	if err != nil || years >= seniorAge {
		return false
	}
	instead := ""
	q.Choice(&instead, "young", []string{"travel", "leave"}, bot.Hidden)
	switch instead {
	case "travel":
		q.Continue("travel_alert")
	case "leave":
		q.Continue("registration")
	}
	return true
}

// known is the applicant as an earlier filing told, to be asked for no more than is missing.
func known(q *bot.Questions) Applicant {
	return Applicant{
		Name: q.Known("name"), Father: q.Known("father"), Address: q.Known("address"), Pin: q.Known("pin"), phone: q.Known("phone"),
	}
}

// ask asks for somebody's name and phone.
func (c *Contact) ask(q *bot.Questions, key string, s ...bot.Setting) {
	q.Text(&c.Name, key+".name", bot.Name, s...)
	q.Text(&c.Phone, key+".phone", bot.Phone, s...)
}

// File records the registration.
func (s *SeniorRegistration) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	senior := &store.NewSenior{
		Name: s.Elder.Name, Phone: s.Elder.Phone, Visits: s.Visits, Family: s.Contact.Phone, Neighbour: s.More.Neighbour.Phone,
	}
	out := bot.Outcome{Text: "senior_registration.filed", Next: []bot.Next{
		{Tap: bot.StartTap("greeting"), Label: "menu.greeting"}, {Tap: bot.StartTap("relatives"), Label: "menu.relatives"},
	}}
	if s.Who == "relative" {
		senior.Filer = s.Answerer.Name
		out = bot.Outcome{Text: "senior_registration.filed_for_elder"}
		if s.Elder.Phone == "" {
			out.Text = "senior_registration.filed_without_phone"
		}
	}
	switch own := s.Answerer.phone; {
	case s.Who == "relative" && own == s.Elder.Phone:
		return bot.Outcome{}, &bot.Invalid{ID: "senior_registration.wrong.elder_phone"}
	case s.Who == "self" && own == s.Contact.Phone:
		return bot.Outcome{}, &bot.Invalid{ID: "senior_registration.wrong.contact_phone"}
	}
	made, err := s.records.file(ctx, f, record{
		service: "senior_registration", prefix: "VN", form: s, applicant: s.Answerer, station: s.Station, senior: senior,
	})
	if err != nil {
		return bot.Outcome{}, err
	}
	out.Number, out.Data = made.Number, made.Data
	out.Data["Name"], out.Data["Link"] = s.Elder.Name, s.records.link(made.Number)
	return out, nil
}

// link is where somebody opens the bot on a phone of their own with a word; "" where nobody can.
func (r *Records) link(word string) string {
	if r.Papers.PublicURL == "" {
		return ""
	}
	return r.Papers.PublicURL + "/?start=" + word
}
