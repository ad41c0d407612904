package flows

import (
	"context"

	"nagrik/bot"
)

// FoundProperty (मिले सामान की सूचना) is a citizen's report of a thing that somebody else has lost: it belongs to
// its owner, whom its numbers lead to.
type FoundProperty struct {
	records *Records

	Articles  []Article
	Place     string // where it was found
	When      bot.When
	Where     string // where it is now
	Station   StationChoice
	Photos    []string
	Applicant Applicant
}

// Ask names the questions.
func (p *FoundProperty) Ask(q *bot.Questions) {
	askPurpose(q, "recovered_list", "article.1.kind")
	askFoundArticles(q, &p.Articles)
	q.Place(&p.Place, "place")
	q.Date(&p.When, "when", bot.Past, bot.UnknownAllowed)
	q.Choice(&p.Where, "where", []string{"me", "station", "left"})
	if p.Where == "me" && !p.arms() {
		q.Say("found_property.say.hand_over")
	}
	askStation(q, p.records.Stations, &p.Station, p.Place)
	q.Photos(&p.Photos, "photos", 5, bot.Optional)
	askApplicant(q, &p.Applicant)
}

// arms says whether a weapon was found: nobody may carry it to the station.
func (p *FoundProperty) arms() bool {
	for _, a := range p.Articles {
		if a.Kind == "arms" {
			return true
		}
	}
	return false
}

// File records the report.
func (p *FoundProperty) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	out, err := p.records.file(ctx, f, record{
		service: "found_property", prefix: "BS", form: p, applicant: p.Applicant, station: p.Station, photos: p.Photos,
		identifiers: identifiers(p.Articles), urgent: p.arms(),
	})
	switch {
	case err != nil:
	case p.arms() && p.Where != "station":
		out.Text = "found_property.filed_arms"
	case p.Where == "me":
		out.Text = "found_property.filed_mine"
	}
	return out, err
}
