package flows

import (
	"context"
	"strconv"

	"nagrik/bot"
	"nagrik/store"
)

// Verification (किरायेदार, घरेलू सहायक, ड्राइवर का सत्यापन) asks the station to verify a person whom the citizen lets a
// house to or employs. The questions are those of Patna's tenant form and of the forms of Delhi and
// Haryana. Whoever is verified is to know of it: Tamil Nadu asks for a letter of consent, and notice
// and consent are what the DPDP Act 2023 is built on (s.5, s.6).
type Verification struct {
	records *Records

	Kind  string
	Again bool // the owner's part is that of the last filing

	// The owner's part: the landlord's or employer's.
	Premises  string // the address of the house, or of the place of work
	Station   StationChoice
	Purpose   string `json:",omitempty"` // of a tenant: what the house is let for
	Applicant Applicant

	// The person's part.
	Person   OtherPerson
	Work     string `json:",omitempty"` // of a domestic help
	Licence  string `json:",omitempty"` // number of a driver's licence
	Consent  bool   // the person knows and agrees
	WillTell bool   // if not: the citizen is going to tell the person
	Photos   []string
	More     VerificationMore
}

// VerificationMore is what the forms have beside the least.
type VerificationMore struct {
	Since       bot.When
	Occupation  string    `json:",omitempty"` // of a tenant
	Institute   string    `json:",omitempty"` // of a student
	Room        string    `json:",omitempty"`
	Agreement   string    `json:",omitempty"` // from when to when the house is let
	LicenceKind string    `json:",omitempty"` // class of a driver's licence: "LMV-TR"
	ValidUntil  bot.When  // of a driver's licence
	Vehicle     string    `json:",omitempty"`
	Alias       string    `json:",omitempty"` // what the person is called at home
	Looks       string    `json:",omitempty"` // height, build, marks
	Relative    string    `json:",omitempty"` // phone number of the family
	Guardian    string    `json:",omitempty"` // who answers for the person here: name, address, phone
	Before      string    `json:",omitempty"` // previous landlord or employer, with the address
	Introduced  string    `json:",omitempty"` // who brought the person
	Family      []Member  `json:",omitempty"` // who lives with a tenant
	References  []Witness `json:",omitempty"` // who knows the person
}

// Member is somebody of a family.
type Member struct {
	Name     string
	Relation string // and age
}

// The kinds of verification; ids are stored promises.
const (
	tenant = "tenant"
	help   = "help"
	driver = "driver"
)

// Our own lists: a form that took its list of occupations from another system's master data offered
// "hired killer". Ids are stored promises.
var (
	lettings    = []string{"residence", "business", "hostel"}
	works       = []string{"housework", "cook", "child_care", "nurse", "guard", "gardener", "misc"}
	occupations = []string{
		"student", "private_job", "government_job", "business", "labour", "farming", "home", "retired", "none", "misc",
	}
)

const (
	maxFamily     = 8
	maxReferences = 2
)

// Ask names the questions.
func (v *Verification) Ask(q *bot.Questions) {
	q.Choice(&v.Kind, "kind", []string{tenant, help, driver})
	q.Verify()
	if premises := q.Last(v.Kind, "premises"); premises != "" {
		if _, spoken := bot.VoiceNote(premises); spoken {
			premises = ""
		}
		q.Yes(&v.Again, "again", bot.Hidden, v.kindOf(), bot.With("Premises", premises))
	}
	q.AsLast(v.Kind, v.Again, func() { v.askOwner(q) })
	v.askPerson(q)
}

// kindOf tells a text the kind.
func (v *Verification) kindOf() bot.Setting { return bot.With("Kind", v.Kind) }

// askOwner asks what is the same for all of a landlord's tenants.
func (v *Verification) askOwner(q *bot.Questions) {
	q.Text(&v.Premises, "premises", bot.Length(5, 300), v.kindOf())
	askStation(q, v.records.Stations, &v.Station, "")
	if v.Kind == tenant {
		q.Choice(&v.Purpose, "purpose", lettings, bot.Optional)
	}
	askApplicant(q, &v.Applicant)
}

func (v *Verification) askPerson(q *bot.Questions) {
	v.Person.askWho(q, "person.", v.kindOf())
	switch v.Kind {
	case help:
		q.Choice(&v.Work, "work", works, bot.Optional)
	case driver:
		q.Text(&v.Licence, "licence", bot.Printed(4, 40))
	}
	v.Person.askWhere(q, "person.")
	if v.Kind != driver { // a driver's licence is one
		askID(q, "person.", &v.Person.IDKind, &v.Person.ID)
	}
	q.Yes(&v.Consent, "consent", bot.With("Name", v.Person.Name))
	if !v.Consent {
		q.Yes(&v.WillTell, "will_tell")
		if !v.WillTell {
			q.Say("verification.say.tell_first")
		}
	}
	q.Photos(&v.Photos, "photos", 5, bot.Optional)
	more := false
	q.Yes(&more, "more", bot.Optional, bot.Hidden, v.kindOf())
	if more {
		v.askMore(q)
	}
}

func (v *Verification) askMore(q *bot.Questions) {
	m := &v.More
	v.Person.askLooks(q, "person.")
	switch v.Kind {
	case tenant:
		q.Choice(&m.Occupation, "occupation", occupations, bot.Optional)
		if m.Occupation == "student" {
			q.Text(&m.Institute, "institute", bot.Length(3, 150), bot.Optional)
		}
		q.Text(&m.Room, "room", bot.Printed(1, 40), bot.Optional)
		q.Text(&m.Agreement, "agreement", bot.Length(3, 150), bot.Optional)
	case driver:
		q.Text(&m.LicenceKind, "licence_kind", bot.Printed(2, 40), bot.Optional)
		q.Date(&m.ValidUntil, "valid_until", bot.AnyTime, bot.Optional)
		askID(q, "person.", &v.Person.IDKind, &v.Person.ID)
	}
	q.Date(&m.Since, "since", bot.AnyTime, bot.Optional, v.kindOf())
	if v.Kind != help {
		q.Text(&m.Vehicle, "vehicle", bot.Vehicle, bot.Optional, v.kindOf())
	}
	if v.Kind != tenant {
		q.Text(&m.Alias, "alias", bot.Name, bot.Optional)
		q.Text(&m.Looks, "looks", bot.Length(3, 300), bot.Optional)
		q.Text(&m.Introduced, "introduced", bot.Length(3, 300), bot.Optional)
	}
	q.Text(&m.Relative, "relative", bot.Phone, bot.Optional)
	q.Text(&m.Guardian, "guardian", bot.Length(3, 300), bot.Optional)
	q.Text(&m.Before, "before", bot.Length(3, 300), bot.Optional, v.kindOf())
	if v.Kind == tenant {
		m.askFamily(q)
	}
	m.askReferences(q)
}

func (m *VerificationMore) askFamily(q *bot.Questions) {
	m.Family = nil
	some := false
	q.Yes(&some, "family", bot.Optional)
	for i := 1; some && i <= maxFamily; i++ {
		var f Member
		key := "family." + strconv.Itoa(i)
		q.Text(&f.Name, key+".name", bot.Name)
		q.Text(&f.Relation, key+".relation", bot.Printed(2, 60), bot.Optional)
		m.Family = append(m.Family, f)
		some = false
		if i < maxFamily {
			q.Yes(&some, key+".more", bot.Hidden)
		}
	}
}

func (m *VerificationMore) askReferences(q *bot.Questions) {
	m.References = nil
	some := false
	q.Yes(&some, "references", bot.Optional)
	for i := 1; some && i <= maxReferences; i++ {
		var r Witness
		key := "reference." + strconv.Itoa(i)
		q.Text(&r.Name, key+".name", bot.Name)
		q.Text(&r.Phone, key+".phone", bot.Phone, bot.Optional)
		m.References = append(m.References, r)
		some = false
		if i < maxReferences {
			q.Yes(&some, key+".more", bot.Hidden)
		}
	}
}

// File records the request and offers the next person of the same landlord or employer. Nobody is
// verified behind their back: the citizen has at least to be willing to tell them.
func (v *Verification) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if !v.Consent && !v.WillTell {
		return bot.Outcome{}, &bot.Invalid{ID: "verification.tell_first"}
	}
	out, err := v.records.file(ctx, f, record{
		service: "verification", prefix: "ST", form: v, applicant: v.Applicant, station: v.Station, photos: v.Photos,
		identifiers: v.identifiers(),
	})
	out.Next = []bot.Next{{
		Tap: bot.StartTap("verification", "kind", v.Kind, "again", "yes"), Label: "verification.next." + v.Kind,
	}}
	return out, err
}

// identifiers are what the person can be found by.
func (v *Verification) identifiers() []store.Identifier {
	ids := v.Person.identifiers()
	if v.Licence != "" {
		ids = append(ids, store.Identifier{Kind: "document", Value: v.Licence})
	}
	if v.More.Vehicle != "" {
		ids = append(ids, store.Identifier{Kind: "vehicle", Value: v.More.Vehicle})
	}
	return ids
}
