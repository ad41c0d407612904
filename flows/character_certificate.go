package flows

import (
	"context"
	"strconv"

	"nagrik/bot"
	"nagrik/store"
)

// CharacterCertificate (चरित्र प्रमाण पत्र) asks the station to look into the citizen's own record, for a job, a
// tender or a licence; Bihar promises it in 14 days. A passport's enquiry is made through Passport
// Seva and comes to the station from there: of it the citizen notes the number, so that the station
// knows and the citizen is told how it stands.
type CharacterCertificate struct {
	records *Records

	Purpose      string
	Passport     string   `json:",omitempty"` // number of the passport's application
	Applied      bot.When // for the passport
	Applicant    Applicant
	Station      StationChoice
	Years        string      `json:",omitempty"` // at the present address
	Previous     []Residence `json:",omitempty"`
	Pending      bool        // a case is pending, or the citizen was convicted
	Cases        string      `json:",omitempty"`
	Organisation string      `json:",omitempty"` // which asks for the certificate
	Photos       []string
}

// Residence is where somebody lived before.
type Residence struct {
	Address string
	Years   string
}

// purposes are what certificates are for; ids are stored promises.
var purposes = []string{"job", "passport", "tender", "arms", "misc"}

const (
	// checkedYears is how far back the addresses must go.
	checkedYears = 5
	maxPrevious  = 6
)

// Ask names the questions.
func (c *CharacterCertificate) Ask(q *bot.Questions) {
	q.Choice(&c.Purpose, "purpose", purposes)
	if c.Purpose == "passport" {
		q.Say("character_certificate.say.passport")
		q.Text(&c.Passport, "passport", bot.Printed(8, 30))
		q.Date(&c.Applied, "applied", bot.Past, bot.Optional)
		c.Applicant.ask(q)
		askStation(q, c.records.Stations, &c.Station, "")
		return
	}
	c.Applicant.ask(q)
	askStation(q, c.records.Stations, &c.Station, "")
	c.askResidences(q)
	q.Choice(&c.Applicant.Gender, "gender", genders)
	q.Text(&c.Applicant.Age, "age", bot.Age)
	q.Yes(&c.Pending, "pending")
	if c.Pending {
		q.Text(&c.Cases, "cases", bot.Length(5, 1000))
	}
	q.Text(&c.Organisation, "organisation", bot.Length(3, 200), bot.Optional)
	askID(q, "", &c.Applicant.IDKind, &c.Applicant.ID)
	q.Photos(&c.Photos, "photos", 5, bot.Optional)
}

// askResidences asks where the citizen has lived, until five years are told or there is no more.
func (c *CharacterCertificate) askResidences(q *bot.Questions) {
	c.Previous = nil
	q.Text(&c.Years, "years", bot.Years)
	told, _ := strconv.Atoi(c.Years)
	for i := 1; told < checkedYears && i <= maxPrevious; i++ {
		var r Residence
		more := false
		key := "previous." + strconv.Itoa(i)
		q.Yes(&more, key+".more", bot.Optional, bot.Hidden)
		if !more {
			break
		}
		q.Text(&r.Address, key+".address", bot.Length(5, 300))
		q.Text(&r.Years, key+".years", bot.Years)
		c.Previous = append(c.Previous, r)
		years, _ := strconv.Atoi(r.Years)
		told += years
	}
	here := false
	q.Yes(&here, "permanent_here")
	if !here {
		q.Text(&c.Applicant.Permanent, "permanent", bot.Length(5, 300))
	}
}

// File records the application, or the note of a passport's.
func (c *CharacterCertificate) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	rec := record{
		service: "character_certificate", prefix: "CP", form: c, applicant: c.Applicant, station: c.Station, photos: c.Photos,
		identifiers: idIdentifiers(c.Applicant.IDKind, c.Applicant.ID),
	}
	if c.Purpose != "passport" {
		return c.records.file(ctx, f, rec)
	}
	rec.identifiers = []store.Identifier{{Kind: "document", Value: c.Passport}}
	rec.without = []store.Clock{store.ClockCertificate} // Passport Seva decides
	out, err := c.records.file(ctx, f, rec)
	out.Text = "character_certificate.filed_passport"
	return out, err
}
