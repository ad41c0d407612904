package match

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/flows"
	"nagrik/store"
)

// Subject is whom or what one side of a match tells of: a person, or one of its things. What was not told is empty.
type Subject struct {
	Lost bool   // lost, stolen or missing; else found
	Kind string // store.MatchPerson, or the sort of thing (sorts)
	N    int    // which of the side's things

	Names             []string  // the person's, or the owner's
	Day               time.Time // since when, or found on
	Place             string
	Station, District string

	// Of a person.
	Looks     flows.Description
	Body      bool
	Condition string // id of an option, of who is missing: "memory"; of who was found: "confused", "elder"
	Likely    string // where the missing person may be

	// Of a thing.
	Article string // its kind as it was chosen, "" if that says no more than Kind
	Words   string // what it looks like; of a person what else was told
	Digits  string // too few to be an identifier: the last of an account, a roll number
	Value   string // rupees of cash
	Strong  []store.Identifier
}

// sorts are what kinds of things, as owners, finders and the police name them, may be the same thing.
var sorts = map[string]string{
	"mobile": "mobile", "sim": "sim",
	"vehicle_papers": "vehicle", "two_wheeler": "vehicle", "four_wheeler": "vehicle",
	"papers": "papers", "driving_licence": "papers", "aadhaar": "papers", "pan": "papers", "voter_id": "papers", "passport": "papers",
	"bank_papers": "papers", "certificate": "papers", "id_card": "papers",
	"computer": "computer", "bag": "bag", "jewellery": "jewellery", "cash": "cash", "keys": "keys", "cattle": "cattle", "arms": "arms", "misc": "misc",
}

// recordForm is what matching reads of a record's form, as the desk writes it (flows/desk/record_form.go).
type recordForm struct {
	On, Place string

	Article, IMEI, Vehicle, Chassis, Document, Make, Description string

	Looks     *flows.Description
	Condition string
}

// Subjects reads whom or what a side tells of; none if it has nothing that could be matched.
func Subjects(c store.SideContent) ([]Subject, error) {
	var content struct {
		Form json.RawMessage `json:"form"`
	}
	if err := json.Unmarshal(c.Details, &content); err != nil {
		return nil, errUnreadable
	}
	read := readers[c.Kind]
	if read == nil {
		return nil, nil
	}
	list, err := read(c, content.Form)
	if err != nil {
		return nil, errUnreadable
	}
	for i := range list {
		s := &list[i]
		s.Station, s.District = c.Station, c.District
		s.Words = joined(append([]string{s.Words}, c.Added...)...)
		if s.Kind != store.MatchPerson {
			s.Strong = strong(append(s.Strong, written(c.Added)...))
		}
	}
	return list, nil
}

// errUnreadable says so without json's words, which may quote what people told.
var errUnreadable = errors.New("a form is not what this program writes")

// readers read the forms of services and kinds of records.
var readers = map[string]func(store.SideContent, json.RawMessage) ([]Subject, error){
	"lost_property": func(c store.SideContent, form json.RawMessage) ([]Subject, error) {
		var l flows.LostProperty
		err := json.Unmarshal(form, &l)
		return things(c, true, l.Articles, l.When, l.Place), err
	},
	"complaint": func(c store.SideContent, form json.RawMessage) ([]Subject, error) {
		var l flows.Complaint
		err := json.Unmarshal(form, &l)
		return things(c, true, l.Articles, l.When, l.Place), err
	},
	"found_property": func(c store.SideContent, form json.RawMessage) ([]Subject, error) {
		var l flows.FoundProperty
		err := json.Unmarshal(form, &l)
		return things(c, false, l.Articles, l.When, l.Place), err
	},
	"missing_person": func(_ store.SideContent, form json.RawMessage) ([]Subject, error) {
		var m flows.MissingPerson
		err := json.Unmarshal(form, &m)
		s := Subject{
			Lost: true, Kind: store.MatchPerson, Names: names(m.Name, m.Alias), Day: m.When.Time, Place: m.Place, Looks: m.Looks,
			Condition: m.Condition, Likely: m.Likely, Words: joined(m.Illness, m.Details),
		}
		return []Subject{s}, err
	},
	"unknown_person": func(c store.SideContent, form json.RawMessage) ([]Subject, error) {
		var u flows.UnknownPerson
		err := json.Unmarshal(form, &u)
		s := Subject{
			Kind: store.MatchPerson, Names: names(u.SaysName), Day: u.When.Time, Place: joined(u.Place, u.SaysPlace), Looks: u.Looks,
			Condition: u.Who, Words: u.Details,
		}
		if s.Day.IsZero() { // they are there now
			s.Day = c.At
		}
		return []Subject{s}, err
	},
	"unidentified_body": func(_ store.SideContent, form json.RawMessage) ([]Subject, error) {
		var b flows.UnidentifiedBody
		err := json.Unmarshal(form, &b)
		return []Subject{{Kind: store.MatchPerson, Body: true, Day: b.When.Time, Place: b.Place, Looks: b.Looks, Words: b.Details}}, err
	},
	string(store.RecordRecovered): func(c store.SideContent, form json.RawMessage) ([]Subject, error) {
		var r recordForm
		err := json.Unmarshal(form, &r)
		s := Subject{Kind: sorts[r.Article], Article: r.Article, Day: c.At, Place: r.Place, Words: joined(r.Make, r.Description)}
		if r.Article == "papers" {
			s.Article = ""
		}
		s.Strong = r.identifiers()
		return []Subject{s}, err
	},
	string(store.RecordBody):   stranger,
	string(store.RecordPerson): stranger,
}

func stranger(c store.SideContent, form json.RawMessage) ([]Subject, error) {
	var r recordForm
	err := json.Unmarshal(form, &r)
	s := Subject{Kind: store.MatchPerson, Body: c.Kind == string(store.RecordBody), Day: c.At, Place: r.Place, Words: r.Condition}
	if r.Looks != nil {
		s.Looks = *r.Looks
	}
	return []Subject{s}, err
}

func things(c store.SideContent, lost bool, articles []flows.Article, when bot.When, place string) []Subject {
	var list []Subject
	for i, a := range articles {
		if sorts[a.Kind] == "" {
			continue
		}
		s := Subject{
			Lost: lost, Kind: sorts[a.Kind], Article: a.Kind, N: i, Day: when.Time, Place: place, Strong: a.Identifiers(),
			Words: joined(a.Description, a.Issued),
		}
		if s.Kind == "vehicle" {
			s.Article = "" // motorcycle or car, the description says
		}
		switch {
		case !lost:
			s.Names = names(a.Owner)
		case s.Kind == "papers" || s.Kind == "bag" || s.Kind == "vehicle": // what has a name on it, or in it
			s.Names = names(c.Applicant)
		}
		switch a.Kind {
		case "aadhaar", "bank_papers", "certificate":
			s.Digits = hindi.Document(a.Number)
		case "cash":
			s.Value = a.Value
		}
		list = append(list, s)
	}
	return list
}

func (r recordForm) identifiers() []store.Identifier {
	var ids []store.Identifier
	for _, id := range []store.Identifier{
		{Kind: "imei", Value: r.IMEI},
		{Kind: "vehicle", Value: r.Vehicle},
		{Kind: "chassis", Value: hindi.Document(r.Chassis)},
		{Kind: "document", Value: hindi.Document(r.Document)},
	} {
		if id.Value != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// shortest is how many letters and digits a document's or a machine's number needs to point to one thing.
const shortest = 6

var fourDigits = regexp.MustCompile(`(?:[0-9].*){4}`)

// strong are the identifiers that point to one thing: "123" stands on many.
func strong(ids []store.Identifier) []store.Identifier {
	var list []store.Identifier
	for _, id := range ids {
		if (id.Kind == "document" || id.Kind == "chassis") && (len(id.Value) < shortest || !fourDigits.MatchString(id.Value)) {
			continue
		}
		list = append(list, id)
	}
	return list
}

// written are the identifiers that stand in what a citizen wrote later.
func written(added []string) []store.Identifier {
	var ids []store.Identifier
	for _, text := range added {
		if imei, ok := hindi.IMEI(text); ok {
			ids = append(ids, store.Identifier{Kind: "imei", Value: imei})
		}
		if vehicle, ok := hindi.Vehicle(text); ok {
			ids = append(ids, store.Identifier{Kind: "vehicle", Value: vehicle})
		}
	}
	return ids
}

func names(list ...string) []string {
	var told []string
	for _, name := range list {
		if name != "" {
			told = append(told, name)
		}
	}
	return told
}

// joined is what was written of several texts; what was spoken can't be compared.
func joined(texts ...string) string {
	var told []string
	for _, text := range texts {
		if _, spoken := bot.VoiceNote(text); !spoken && text != "" {
			told = append(told, text)
		}
	}
	return strings.Join(told, " ")
}

// features are what a subject is narrowed down by, but for the places around.
func (s Subject) features() store.Features {
	f := store.Features{N: s.N, Lost: s.Lost, Kind: s.Kind, District: s.District, Day: s.Day, Names: flows.NameParts(s.Names)}
	if s.Kind == store.MatchPerson {
		if f.Sex = s.Looks.Sex; f.Sex == "not_known" || f.Sex == "third" { // who sees them may take them for either
			f.Sex = ""
		}
		if s.Looks.Age != nil {
			f.AgeFrom, f.AgeTo = s.Looks.Age.Low, max(s.Looks.Age.High, 1)
		}
	}
	return f
}
