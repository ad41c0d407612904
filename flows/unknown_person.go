package flows

import (
	"context"

	"nagrik/bot"
)

// UnknownPerson (अज्ञात व्यक्ति मिला) is somebody whom a citizen has found and nobody knows: a lost child, an
// elder who has lost the way, somebody who is not conscious. Who finds a child that is lost has to
// report it within 24 hours (JJ Act 2015 s.32).
type UnknownPerson struct {
	records *Records

	Place     string // where they are now
	Condition string
	Who       string
	Keeper    string // with whom they are now
	Stays     bool   // the citizen can wait for the police
	Looks     Description
	Photos    []string
	Station   StationChoice
	When      bot.When // found
	SaysName  string   `json:",omitempty"` // what they say of themselves
	SaysPlace string   `json:",omitempty"`
	Details   string   `json:",omitempty"`
	Applicant Applicant
}

// The lists are our own; ids are stored promises.
var (
	foundConditions = []string{"well", "hurt", "unconscious", "ill", "danger"}
	foundPeople     = []string{"child", "elder", "confused", "misc"}
	keepers         = []string{"me", "others", "nobody", "hospital", "station"}
)

// Ask names the questions: those that help most come first.
func (u *UnknownPerson) Ask(q *bot.Questions) {
	askPurpose(q, "person_list", "place")
	q.Place(&u.Place, "place")
	q.Choice(&u.Condition, "condition", foundConditions)
	switch u.Condition {
	case "hurt", "unconscious", "ill":
		q.Say("engine.danger.injury")
	case "danger":
		q.Say("engine.danger.general")
	}
	q.Choice(&u.Who, "who", foundPeople)
	if u.Who == "child" {
		q.Say("unknown_person.say.child")
	}
	q.Choice(&u.Keeper, "keeper", keepers)
	switch u.Keeper {
	case "me", "others", "nobody":
		q.Yes(&u.Stays, "stays", bot.Optional)
	}
	askStation(q, u.records.Stations, &u.Station, u.Place)
	u.Looks.askSex(q, u.Who == "child")
	if u.Who == "child" {
		u.Looks.askAge(q, childBands)
	} else {
		u.Looks.askAge(q, ageBands)
	}
	if u.Who != "child" && u.Looks.child() {
		q.Say("unknown_person.say.child")
	}
	q.Date(&u.When, "when", bot.Past, bot.Optional)
	q.Photos(&u.Photos, "photos", 5, bot.Optional)
	if u.Condition != "unconscious" {
		q.Text(&u.SaysName, "says_name", bot.Name, bot.Optional)
		q.Text(&u.SaysPlace, "says_place", bot.Length(2, 200), bot.Optional)
		u.Looks.askLanguage(q)
	}
	describe := false
	q.Yes(&describe, "describe", bot.Optional)
	if describe {
		u.Looks.askLooks(q)
		u.Looks.askFiner(q)
	}
	q.Text(&u.Details, "details", bot.Length(3, 1000), bot.Optional)
	askApplicant(q, &u.Applicant)
}

// child says whether a child was found, by what the citizen says or by the age.
func (u *UnknownPerson) child() bool { return u.Who == "child" || u.Looks.child() }

// File records the report.
func (u *UnknownPerson) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	out, err := u.records.file(ctx, f, record{
		service: "unknown_person", prefix: "AV", form: u, applicant: u.Applicant, station: u.Station, photos: u.Photos,
		urgent: u.urgent(), tellDistrict: u.child(),
	})
	if err != nil {
		return out, err
	}
	out.Data["Safe"] = u.Keeper == "hospital" || u.Keeper == "station"
	if u.child() {
		out.Text = "unknown_person.filed_child"
	}
	return out, nil
}

// urgent says whether help can't wait: for a child, for who needs help, and for who can't look after
// themselves and has nobody with them.
func (u *UnknownPerson) urgent() bool {
	return u.child() || u.Condition != "well" || u.Keeper == "nobody" && u.Who != "misc"
}
