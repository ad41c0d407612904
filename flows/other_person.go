package flows

import (
	"nagrik/bot"
	"nagrik/store"
)

// OtherPerson is somebody else than the citizen, whom the citizen tells of.
type OtherPerson struct {
	Name   string
	Father string // father's or husband's name
	Phone  string `json:",omitempty"`
	Home   string // permanent address: village or mohalla, thana, district, state

	Gender string `json:",omitempty"`
	Age    string `json:",omitempty"` // years
	IDKind string `json:",omitempty"`
	ID     string `json:",omitempty"` // of an Aadhaar only the last four digits
}

// askWho asks for the names of a person. prefix is before the keys of the person's questions; the
// settings are for the first.
func (p *OtherPerson) askWho(q *bot.Questions, prefix string, s ...bot.Setting) {
	q.Text(&p.Name, prefix+"name", bot.Name, s...)
	q.Text(&p.Father, prefix+"father", bot.Name)
}

// askWhere asks how a person is reached and where the person comes from.
func (p *OtherPerson) askWhere(q *bot.Questions, prefix string) {
	q.Text(&p.Phone, prefix+"phone", bot.Phone, bot.Optional)
	q.Text(&p.Home, prefix+"home", bot.Length(5, 300))
}

// askLooks asks what describes a person.
func (p *OtherPerson) askLooks(q *bot.Questions, prefix string) {
	q.Choice(&p.Gender, prefix+"gender", genders, bot.Optional)
	q.Text(&p.Age, prefix+"age", bot.Age, bot.Optional)
}

// identifiers are what a person can be found by.
func (p *OtherPerson) identifiers() []store.Identifier {
	ids := idIdentifiers(p.IDKind, p.ID)
	if p.Phone != "" {
		ids = append(ids, store.Identifier{Kind: "phone", Value: p.Phone})
	}
	return ids
}
