package flows

import (
	"context"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// PropertyClaim (यह मेरा है) is an owner's claim of a thing that the police recovered. It goes to the station that holds it.
// The list tells little of a thing, so that what the owner tells here is proof; whether a number fits, the station says
// and not the bot.
type PropertyClaim struct {
	list recordList

	Record      string // number of the record
	Number      string `json:",omitempty"` // of the thing
	Description string
	When        bot.When // lost or stolen
	Place       string
	Report      string `json:",omitempty"` // number of the FIR or report
	Photos      []string
	Applicant   Applicant
}

func newPropertyClaim(r *Records) *PropertyClaim {
	return &PropertyClaim{list: newRecoveredList(r).list}
}

// Prepare opens the record.
func (p *PropertyClaim) Prepare(ctx context.Context, v bot.Visit) error {
	p.list.lang = v.Lang
	return p.list.pick(ctx, v)
}

// Ask names the questions.
func (p *PropertyClaim) Ask(q *bot.Questions) {
	if p.list.picked == nil {
		q.Continue("recovered_list") // it is no longer listed, which is said there
		return
	}
	p.list.askRecord(q, &p.Record)
	switch p.list.picked.What {
	case "mobile":
		q.Text(&p.Number, "imei", bot.IMEI, bot.Optional)
	case "two_wheeler", "four_wheeler":
		q.Text(&p.Number, "vehicle", bot.Vehicle, bot.Optional)
	case "papers", "computer":
		q.Text(&p.Number, "document", bot.Printed(3, 40), bot.Optional)
	}
	q.Text(&p.Description, "description", bot.Length(10, 1000))
	q.Date(&p.When, "when", bot.Past, bot.UnknownAllowed)
	q.Place(&p.Place, "place")
	q.Text(&p.Report, "report", bot.Printed(3, 60), bot.Optional)
	q.Photos(&p.Photos, "photos", 5, bot.Optional)
	askApplicant(q, &p.Applicant)
}

// identifiers are what the thing is found by.
func (p *PropertyClaim) identifiers() []store.Identifier {
	kind, value := "document", hindi.Document(p.Number)
	switch p.list.picked.What {
	case "mobile":
		kind = "imei"
	case "two_wheeler", "four_wheeler":
		kind = "vehicle"
	}
	if value == "" {
		return nil
	}
	return []store.Identifier{{Kind: kind, Value: value}}
}

// File records the claim.
func (p *PropertyClaim) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	return p.list.records.file(ctx, f, record{
		service: "property_claim", prefix: "BS", form: p, applicant: p.Applicant, station: p.list.holder(), photos: p.Photos,
		identifiers: p.identifiers(),
	})
}
