package flows

import (
	"context"

	"nagrik/bot"
	"nagrik/store"
)

// MissingPerson (गुमशुदा व्यक्ति की रिपोर्ट) is the report of somebody who is gone. Nobody has to wait for
// it, 24 hours or any other time. Of a missing child an FIR is registered in every case, and it is
// presumed at first that the child was kidnapped or trafficked (Bachpan Bachao Andolan v. Union of
// India, WP(C) 75/2012, order of 10 May 2013).
type MissingPerson struct {
	records *Records

	How       string
	Name      string
	Alias     string `json:",omitempty"` // what they are called at home
	Looks     Description
	Condition string // of body and mind
	Illness   string `json:",omitempty"` // more on the condition: which illness, which medicine
	Danger    bool   // their life may be in danger
	Photos    []string

	Place   string // where, when and with whom last seen
	When    bot.When
	Company string `json:",omitempty"`
	Details string `json:",omitempty"` // how they went
	Station StationChoice

	School   string `json:",omitempty"`
	Relation string `json:",omitempty"` // of the applicant to the missing
	Guardian string `json:",omitempty"` // father, husband or guardian of the missing

	Phone      string `json:",omitempty"` // carried
	Vehicle    string `json:",omitempty"` // gone with
	Likely     string `json:",omitempty"` // places where they may be
	Reason     string `json:",omitempty"`
	Occupation string `json:",omitempty"` // education or work

	Applicant Applicant
}

// The lists are our own; ids are stored promises.
var (
	conditions = []string{"well", "memory", "mind", "deaf_mute", "blind", "disabled", "ill", "not_known"}
	relations  = []string{"parent", "child", "spouse", "sibling", "relative", "misc"}
	reasons    = []string{"lost_way", "quarrel", "exam", "with_someone", "work", "illness", "misc"}
)

// Ask names the questions: what the search begins with first, the looks last and skippable.
func (m *MissingPerson) Ask(q *bot.Questions) {
	q.Choice(&m.How, "how", []string{"missing", "taken"})
	if m.How == "taken" {
		q.Continue("complaint")
		return
	}
	q.Say("missing_person.say.no_wait")
	q.Text(&m.Name, "person.name", bot.Name)
	q.Text(&m.Alias, "person.alias", bot.Name, bot.Optional)
	q.Photos(&m.Photos, "photos", 5, bot.Optional)
	age := ""
	q.Text(&age, "person.age", bot.Age)
	m.Looks.Age = exactly(age)
	if m.Looks.child() {
		q.Say("missing_person.say.child")
	}
	m.Looks.askSex(q, m.Looks.child())
	if m.Looks.Sex == "woman" && !m.Looks.child() {
		q.Say("missing_person.say.woman")
	}
	q.Choice(&m.Condition, "condition", conditions)
	if m.Condition != "well" && m.Condition != "not_known" {
		q.Text(&m.Illness, "illness", bot.Length(3, 500), bot.Optional)
	}
	if !m.Looks.child() { // whose parents are told of 112 and 1098 already
		q.Yes(&m.Danger, "fear", bot.Optional)
	}
	if m.Danger {
		q.Say("engine.danger.general")
	}
	q.Place(&m.Place, "place")
	q.Date(&m.When, "when", bot.Past, bot.UnknownAllowed)
	askStation(q, m.records.Stations, &m.Station, m.Place)
	q.Text(&m.Company, "company", bot.Length(3, 300), bot.Optional)
	q.Text(&m.Details, "details", bot.Length(3, 3000), bot.Optional)
	if m.Looks.child() {
		q.Text(&m.School, "school", bot.Length(3, 200), bot.Optional)
	}
	q.Text(&m.Phone, "carried_phone", bot.Phone, bot.Optional)
	m.askFamily(q)
	m.askMore(q)
	askApplicant(q, &m.Applicant)
}

// askFamily asks whose the missing person is; of a parent who reports it is known.
func (m *MissingPerson) askFamily(q *bot.Questions) {
	q.Choice(&m.Relation, "relation", relations, bot.Optional)
	if m.Relation != "parent" {
		q.Text(&m.Guardian, "guardian", bot.Name, bot.Optional)
	}
}

// askMore asks for the looks, and for where to search, of those who want to tell it now.
func (m *MissingPerson) askMore(q *bot.Questions) {
	describe, search := false, false
	q.Yes(&describe, "describe", bot.Optional)
	if describe {
		m.Looks.askLooks(q)
		m.Looks.askFiner(q)
		m.Looks.askLanguage(q)
	}
	q.Yes(&search, "search", bot.Optional)
	if search {
		q.Text(&m.Likely, "likely", bot.Length(3, 500), bot.Optional)
		q.Choice(&m.Reason, "reason", reasons, bot.Optional)
		q.Text(&m.Vehicle, "vehicle", bot.Vehicle, bot.Optional)
		if !m.Looks.child() {
			q.Text(&m.Occupation, "occupation", bot.Length(3, 200), bot.Optional)
		}
	}
}

// File records the report. It is not sensitive, though it may be of a child: a card names nobody, and
// it must reach everyone at once.
func (m *MissingPerson) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	out, err := m.records.file(ctx, f, record{
		service: "missing_person", prefix: "GV", form: m, applicant: m.Applicant, station: m.Station, photos: m.Photos,
		identifiers: m.identifiers(), urgent: m.urgent(), tellDistrict: true,
	})
	if err == nil && m.Looks.child() {
		out.Text = "missing_person.filed_child"
	}
	return out, err
}

// identifiers are what the missing person has along.
func (m *MissingPerson) identifiers() []store.Identifier {
	var ids []store.Identifier
	if m.Phone != "" {
		ids = append(ids, store.Identifier{Kind: "phone", Value: m.Phone})
	}
	if m.Vehicle != "" {
		ids = append(ids, store.Identifier{Kind: "vehicle", Value: m.Vehicle})
	}
	return ids
}

// urgent says whether the search can't wait: for every child, for who can't help themselves, and
// where the family fears for a life.
func (m *MissingPerson) urgent() bool {
	switch m.Condition {
	case "well", "not_known":
		return m.Danger || m.Looks.child()
	}
	return true
}
