package flows

import (
	"context"
	"slices"

	"nagrik/bot"
)

// UnidentifiedBody (अज्ञात शव की सूचना) is a citizen's report of a dead body that nobody knows. The police come
// through 112; the record helps to find the family.
type UnidentifiedBody struct {
	records *Records

	Place     string
	Police    bool // they are there already
	When      bot.When
	Station   StationChoice
	Looks     Description
	Photos    []string
	Details   string `json:",omitempty"`
	Applicant Applicant
}

// Ask names the questions.
func (b *UnidentifiedBody) Ask(q *bot.Questions) {
	askPurpose(q, "body_list", "place")
	q.Place(&b.Place, "place")
	q.Yes(&b.Police, "police")
	if !b.Police {
		q.Say("unidentified_body.say.call")
	}
	q.Date(&b.When, "when", bot.Past, bot.UnknownAllowed)
	askStation(q, b.records.Stations, &b.Station, b.Place)
	q.Choice(&b.Looks.Sex, "look.sex", append(slices.Clone(sexes), "not_known"))
	b.Looks.askAge(q, ageBands, bot.Optional)
	q.Photos(&b.Photos, "photos", 3, bot.Optional)
	describe := false
	q.Yes(&describe, "describe", bot.Optional)
	if describe {
		b.Looks.askLooks(q)
		b.Looks.askBeard(q)
		b.Looks.askJewellery(q)
	}
	q.Text(&b.Details, "details", bot.Length(3, 1000), bot.Optional)
	askApplicant(q, &b.Applicant)
}

// File records the report.
func (b *UnidentifiedBody) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	return b.records.file(ctx, f, record{
		service: "unidentified_body", prefix: "AS", form: b, applicant: b.Applicant, station: b.Station, photos: b.Photos,
		urgent: !b.Police,
	})
}
