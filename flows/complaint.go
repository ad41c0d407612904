package flows

import (
	"context"
	"strconv"
	"time"

	"nagrik/bot"
)

// Complaint (ई-शिकायत) is a written or spoken complaint to a station. It may become an FIR after a
// preliminary enquiry (BNSS s.173(3)); sent electronically, it has to be signed at the station
// within three days (BNSS s.173(1)).
type Complaint struct {
	records *Records

	Category  string
	Danger    bool   // somebody is hurt or in danger now
	Taken     string `json:",omitempty"` // who was kidnapped
	Details   string
	When      bot.When
	Until     bot.When // of what goes on for days
	Place     string
	Station   StationChoice
	Articles  []Article
	Accused   []Accused
	Witnesses []Witness
	Delay     string // why it comes late
	Elsewhere string // the office that has it already
	Photos    []string
	Applicant Applicant
}

// Accused is somebody whom the citizen holds responsible.
type Accused struct {
	Name        string
	Description string // who it is: relation, address, looks
}

// Witness is somebody who saw or knows it.
type Witness struct {
	Name  string
	Phone string
}

const (
	maxAccused   = 5
	maxWitnesses = 5
	// lateAfter is the delay that courts ask a complainant to explain.
	lateAfter = 3 * 24 * time.Hour
)

// categories are our own list, in words of the people; ids are stored promises.
var categories = []string{
	"theft", "snatching", "burglary", "vehicle_theft", "assault", "threat", "fraud", "cyber", "land", "women",
	"domestic", "child", "kidnapping", "extortion", "forgery", "sc_st", "liquor", "accident", "nuisance", "police", "misc",
}

// Ask names the questions.
func (c *Complaint) Ask(q *bot.Questions) {
	q.Choice(&c.Category, "category", categories, bot.Prefill(carriedCategory(q)))
	switch c.Category {
	case "fraud", "cyber":
		q.Say("complaint.say.money_online")
	case "women", "domestic":
		q.Say("complaint.say.women")
	case "child":
		q.Say("complaint.say.child")
	case "kidnapping":
		q.Say("complaint.say.kidnapping")
	}
	q.Yes(&c.Danger, "danger")
	if c.Danger {
		q.Say("engine.danger.general")
	}
	if c.Category == "kidnapping" {
		q.Text(&c.Taken, "taken", bot.Length(3, 200))
	}
	q.Text(&c.Details, "details", bot.Length(20, 3000))
	q.Date(&c.When, "when", bot.Past, bot.UnknownAllowed)
	if goesOn(c.Category) {
		q.Date(&c.Until, "until", bot.Past, bot.Optional)
	}
	q.Place(&c.Place, "place")
	askStation(q, c.records.Stations, &c.Station, c.Place)
	if takesThings(c.Category) {
		list := false
		q.Yes(&list, "things", bot.Optional)
		if list {
			askArticles(q, &c.Articles)
		}
	}
	c.askAccused(q)
	c.askWitnesses(q)
	if !c.When.Time.IsZero() && q.Now().Sub(c.When.Time) > lateAfter {
		q.Text(&c.Delay, "delay", bot.Length(3, 500), bot.Optional)
	}
	q.Text(&c.Elsewhere, "elsewhere", bot.Length(3, 300), bot.Optional)
	q.Photos(&c.Photos, "photos", 5, bot.Optional)
	askApplicant(q, &c.Applicant)
}

// carriedCategory is what the service that turned out to be a complaint says already of what happened:
// a thing was stolen and not lost, somebody was taken away and is not just missing.
func carriedCategory(q *bot.Questions) string {
	switch q.Carried("how") {
	case "stolen":
		return "theft"
	case "snatched":
		return "snatching"
	case "taken":
		return "kidnapping"
	}
	return ""
}

// takesThings says whether things were taken in a complaint of the category.
func takesThings(category string) bool {
	switch category {
	case "theft", "snatching", "burglary", "vehicle_theft":
		return true
	}
	return false
}

// goesOn says whether complaints of the category are often of more than one day.
func goesOn(category string) bool {
	switch category {
	case "threat", "fraud", "cyber", "land", "women", "domestic", "extortion", "nuisance":
		return true
	}
	return false
}

func (c *Complaint) askAccused(q *bot.Questions) {
	c.Accused = nil
	known := false
	q.Yes(&known, "accused_known")
	for i := 1; known && i <= maxAccused; i++ {
		var a Accused
		key := "accused." + strconv.Itoa(i)
		q.Text(&a.Name, key+".name", bot.Name, bot.Optional)
		q.Text(&a.Description, key+".description", bot.Length(3, 500), bot.Optional)
		if a != (Accused{}) {
			c.Accused = append(c.Accused, a)
		}
		known = false
		if i < maxAccused {
			q.Yes(&known, key+".more", bot.Hidden)
		}
	}
}

func (c *Complaint) askWitnesses(q *bot.Questions) {
	c.Witnesses = nil
	some := false
	q.Yes(&some, "witnesses", bot.Optional)
	for i := 1; some && i <= maxWitnesses; i++ {
		var w Witness
		key := "witness." + strconv.Itoa(i)
		q.Text(&w.Name, key+".name", bot.Name)
		q.Text(&w.Phone, key+".phone", bot.Phone, bot.Optional)
		c.Witnesses = append(c.Witnesses, w)
		some = false
		if i < maxWitnesses {
			q.Yes(&some, key+".more", bot.Hidden)
		}
	}
}

// File records the complaint.
func (c *Complaint) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	kidnapping := c.Category == "kidnapping"
	out, err := c.records.file(ctx, f, record{
		service: "complaint", prefix: "SH", form: c, applicant: c.Applicant, station: c.Station, photos: c.Photos,
		identifiers: identifiers(c.Articles), sensitive: c.sensitive(), urgent: c.Danger || kidnapping, tellDistrict: kidnapping,
	})
	if err == nil && kidnapping {
		out.Text = "complaint.filed_kidnapping"
	}
	return out, err
}

// sensitive says whether the complaint may be of an offence whose victim the law hides: those
// named in BNSS s.173(1) (BNS 64-79) and POCSO. What is not sure is treated as such.
func (c *Complaint) sensitive() bool {
	switch c.Category {
	case "women", "child":
		return true
	}
	return false
}
