package desk

import (
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/flows"
	"nagrik/store"
)

// recordForm is what the police make known: a thing, a person whom they look for or arrested, or one
// whom nobody knows, dead or alive. What of it citizens see is in flows/made_known.go.
type recordForm struct {
	On    string   // date
	Place string   `json:",omitempty"`
	Media []string `json:",omitempty"` // photos

	// Recovered property.
	Article     string `json:",omitempty"`
	IMEI        string `json:",omitempty"`
	Vehicle     string `json:",omitempty"`
	Chassis     string `json:",omitempty"`
	Document    string `json:",omitempty"` // number of a paper or a machine
	Make        string `json:",omitempty"`
	Description string `json:",omitempty"`

	// Wanted persons and arrests.
	Name    string `json:",omitempty"`
	NameEN  string `json:",omitempty"`
	Alias   string `json:",omitempty"`
	Father  string `json:",omitempty"`
	Age     string `json:",omitempty"` // years
	Address string `json:",omitempty"`
	Offence string `json:",omitempty"`
	Case    string `json:",omitempty"` // station, number and year of the FIR
	Reward  string `json:",omitempty"` // rupees
	Held    string `json:",omitempty"`

	// Bodies, and persons whom nobody knows.
	Looks     *flows.Description `json:",omitempty"`
	Condition string             `json:",omitempty"` // of a living person
	Kept      string             `json:",omitempty"` // where the body or the person is now
}

// Ids of options are stored promises.
var (
	recoveredThings = []string{"mobile", "two_wheeler", "four_wheeler", "papers", "computer", "jewellery", "cash", "bag", "cattle", "arms", "misc"}
	heldIn          = []string{"lockup", "jail", "court", "bail"}
)

const (
	oldest = 110 // years
	adult  = 18
)

// ask asks for a record of a kind.
func (x *recordForm) ask(q *bot.Questions, kind store.RecordKind) {
	switch kind {
	case store.RecordRecovered:
		x.askThing(q)
	case store.RecordWanted:
		x.askPerson(q)
		q.Text(&x.Alias, "alias", bot.Printed(2, 100), bot.Optional)
		q.Text(&x.Offence, "offence", bot.Printed(3, 200))
		q.Text(&x.Reward, "reward", bot.Amount, bot.Optional)
		q.Text(&x.Address, "address", bot.Printed(3, 200), bot.Optional)
		q.Text(&x.Case, "case", bot.Printed(3, 100), bot.Optional)
	case store.RecordArrest:
		q.Say("desk_add.say.arrest")
		q.Text(&x.Age, "age", bot.Between(adult, oldest))
		x.askPerson(q)
		x.askDay(q)
		q.Text(&x.Offence, "offence", bot.Printed(3, 200))
		q.Choice(&x.Held, "held", heldIn)
		q.Text(&x.Case, "case", bot.Printed(3, 100), bot.Optional)
	case store.RecordBody, store.RecordPerson:
		x.askStranger(q, kind)
	}
	q.Photos(&x.Media, "photos", 5, bot.Optional)
}

func (x *recordForm) askDay(q *bot.Questions) {
	var on bot.When
	q.Date(&on, "on", bot.Past)
	if !on.Time.IsZero() {
		x.On = on.Time.Format(dayLayout)
	}
}

const dayLayout = "2006-01-02"

// askThing asks for recovered property, what identifies it first.
func (x *recordForm) askThing(q *bot.Questions) {
	q.Choice(&x.Article, "article", recoveredThings)
	switch x.Article {
	case "mobile":
		q.Text(&x.IMEI, "imei", bot.IMEI, bot.Optional)
	case "two_wheeler", "four_wheeler":
		q.Text(&x.Vehicle, "vehicle", bot.Vehicle, bot.Optional)
		q.Text(&x.Chassis, "chassis", bot.Printed(4, 60), bot.Optional)
	case "papers", "computer", "arms":
		q.Text(&x.Document, "document", bot.Printed(3, 40), bot.Optional)
	}
	q.Text(&x.Make, "make", bot.Printed(2, 60), bot.Optional)
	q.Text(&x.Description, "description", bot.Printed(3, 300))
	x.askDay(q)
	q.Text(&x.Place, "where", bot.Printed(3, 200), bot.Optional)
}

// askPerson asks who it is, in both scripts, so that everybody finds the name.
func (x *recordForm) askPerson(q *bot.Questions) {
	q.Text(&x.Name, "person", bot.Name)
	q.Text(&x.NameEN, "person_en", bot.Name, bot.Optional)
	q.Text(&x.Father, "parent", bot.Name, bot.Optional)
}

// askStranger asks for the looks of somebody whom nobody knows.
func (x *recordForm) askStranger(q *bot.Questions, kind store.RecordKind) {
	x.askDay(q)
	q.Text(&x.Place, "where", bot.Printed(3, 200))
	q.Text(&x.Kept, "kept", bot.Printed(3, 200))
	if kind == store.RecordPerson {
		q.Text(&x.Condition, "condition", bot.Printed(3, 300))
	}
	x.Looks = &flows.Description{}
	x.Looks.Ask(q)
}

// record is what lists show and find of the form.
func (x *recordForm) record(kind store.RecordKind) store.NewRecord {
	return store.NewRecord{
		Kind: kind, What: x.what(kind), Reward: int64(number(x.Reward)), Age: number(x.Age), AgeRange: x.ageRange(), Names: x.known(kind),
		NameParts: x.nameParts(), Identifiers: x.identifiers(),
	}
}

// what is the id by which lists sort and filter.
func (x *recordForm) what(kind store.RecordKind) string {
	switch kind {
	case store.RecordRecovered:
		return x.Article
	case store.RecordBody, store.RecordPerson:
		return x.Looks.Sex
	}
	return ""
}

// ageRange is about how old somebody is whom nobody knows; nil if nobody could tell.
func (x *recordForm) ageRange() *store.AgeRange {
	if x.Looks == nil {
		return nil
	}
	return (*store.AgeRange)(x.Looks.Age)
}

// known are the names by which a wanted person is made known.
func (x *recordForm) known(kind store.RecordKind) string {
	if kind != store.RecordWanted {
		return ""
	}
	return strings.Join(strings.Fields(strings.Join([]string{x.Name, x.NameEN, x.Alias}, " ")), " ")
}

// nameParts are what the names are found by.
func (x *recordForm) nameParts() []string {
	var parts []string
	for _, name := range []string{x.Name, x.NameEN, x.Alias, x.Father} {
		for _, part := range hindi.NameParts(name) {
			parts = append(parts, part...)
		}
	}
	return parts
}

// identifiers are what a thing is found by, as in the reports of what was lost.
func (x *recordForm) identifiers() []store.Identifier {
	var ids []store.Identifier
	add := func(kind, value string) {
		if value != "" {
			ids = append(ids, store.Identifier{Kind: kind, Value: value})
		}
	}
	add("imei", x.IMEI)
	add("vehicle", x.Vehicle)
	add("chassis", hindi.Document(x.Chassis))
	add("document", hindi.Document(x.Document))
	return ids
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
