package flows

import (
	"context"

	"nagrik/bot"
)

// LostProperty (गुम संपत्ति की रिपोर्ट) is a citizen's report of a thing lost, not stolen: a record for
// duplicates and insurance, not an FIR.
type LostProperty struct {
	records *Records

	How       string
	Articles  []Article
	When      bot.When
	Place     string
	Station   StationChoice
	Purpose   string
	Photos    []string
	Applicant Applicant
}

// Ask names the questions.
func (l *LostProperty) Ask(q *bot.Questions) {
	q.Choice(&l.How, "how", []string{"lost", "stolen", "snatched"})
	if l.How == "stolen" || l.How == "snatched" {
		q.Continue("complaint")
		return
	}
	askArticles(q, &l.Articles)
	q.Date(&l.When, "when", bot.Past, bot.UnknownAllowed)
	q.Place(&l.Place, "place")
	askStation(q, l.records.Stations, &l.Station, l.Place)
	q.Choice(&l.Purpose, "purpose", []string{"duplicate", "insurance", "record"}, bot.Optional)
	q.Photos(&l.Photos, "photos", 5, bot.Optional)
	askApplicant(q, &l.Applicant)
}

// File records the report.
func (l *LostProperty) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	out, err := l.records.file(ctx, f, record{
		service: "lost_property", prefix: "KS", form: l, applicant: l.Applicant, station: l.Station, photos: l.Photos,
		identifiers: identifiers(l.Articles),
	})
	for _, a := range l.Articles {
		if err == nil && a.Kind == "mobile" {
			out.Text = "lost_property.filed_mobile"
		}
	}
	return out, err
}
