package flows

import (
	"context"

	"nagrik/bot"
	"nagrik/store"
)

// Identification (पहचान सकता हूँ) is what somebody says who may know an unidentified body, or a person whom nobody knows. It goes
// to the station that has the record.
type Identification struct {
	list recordList

	Record    string // number of the record
	Relation  string
	Person    string   // whom they think it is
	Basis     string   // what they know them by
	LastSeen  bot.When // alive, or before they were found
	Report    string   `json:",omitempty"` // number of the report that they are missing
	Photos    []string
	Applicant Applicant
}

func newIdentification(r *Records) *Identification {
	return &Identification{list: newBodyList(r).list}
}

// Prepare opens the record.
func (i *Identification) Prepare(ctx context.Context, v bot.Visit) error {
	if store.KindOfRecord(pickedIn(v)) == store.RecordPerson {
		i.list = newPersonList(i.list.records).list
	}
	i.list.lang = v.Lang
	return i.list.pick(ctx, v)
}

// Ask names the questions.
func (i *Identification) Ask(q *bot.Questions) {
	if i.list.picked == nil {
		q.Continue(i.list.service) // it is no longer listed, which is said there
		return
	}
	i.list.askRecord(q, &i.Record)
	q.Choice(&i.Relation, "relation", relations)
	q.Text(&i.Person, "person", bot.Name)
	q.Text(&i.Basis, "basis", bot.Length(10, 1000))
	q.Date(&i.LastSeen, "last_seen", bot.Past, bot.UnknownAllowed)
	q.Text(&i.Report, "report", bot.Printed(3, 60), bot.Optional)
	q.Photos(&i.Photos, "photos", 5, bot.Optional)
	askApplicant(q, &i.Applicant)
}

// File records it.
func (i *Identification) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	prefix, text := "AS", "identification.filed"
	if i.list.kind == store.RecordPerson {
		prefix, text = "AV", "identification.filed_person"
	}
	out, err := i.list.records.file(ctx, f, record{
		service: "identification", prefix: prefix, form: i, applicant: i.Applicant, station: i.list.holder(), photos: i.Photos, urgent: true,
	})
	out.Text = text
	return out, err
}
