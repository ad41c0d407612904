package flows

import (
	"encoding/json"
	"errors"

	"nagrik/store"
)

// madeKnown is what citizens see of a record of the police. The form that officers fill in has more
// (recordForm of package desk), and what is not here never reaches a list:
//
//   - of recovered property its numbers, description, place and photos: that it is theirs, people prove
//     by what the list does not tell. Weapons are not listed at all (store.ListRecords);
//   - of wanted persons address and FIR: where they live, others live too;
//   - of those who were arrested what they are accused of, the FIR and photos: nobody is convicted yet, and
//     who is accused of what often says who the victim is (BNS s.72). Those under 18 are never recorded;
//   - of bodies where they are kept, and of persons found alive also their condition, marks and jewellery:
//     who takes somebody home must know them, and nobody else is to find a child or somebody confused;
//   - faces of children, and of whoever may be one (JJ Act 2015 s.74). Of grown-ups without a name, photos
//     come after a warning.
type madeKnown struct {
	Article string
	Make    string

	Name    string
	NameEN  string
	Alias   string
	Father  string
	Age     string // years
	Offence string
	Reward  string // rupees
	Held    string

	Place string // where somebody was found
	Looks *Description
}

// knownOf gives what citizens see of a record.
func knownOf(r store.Record) (madeKnown, error) {
	var kept struct {
		Form *madeKnown `json:"form"`
	}
	if err := json.Unmarshal(r.Details, &kept); err != nil || kept.Form == nil {
		return madeKnown{}, errors.New("a record's details can't be read") // the cause may repeat them
	}
	f := kept.Form
	if f.Looks == nil {
		f.Looks = &Description{}
	}
	looks := *f.Looks
	switch r.Kind {
	case store.RecordRecovered:
		return madeKnown{Article: f.Article, Make: f.Make}, nil
	case store.RecordWanted:
		return madeKnown{Name: f.Name, NameEN: f.NameEN, Alias: f.Alias, Father: f.Father, Offence: f.Offence, Reward: f.Reward}, nil
	case store.RecordArrest:
		return madeKnown{Name: f.Name, NameEN: f.NameEN, Father: f.Father, Age: f.Age, Held: f.Held}, nil
	case store.RecordBody:
		return madeKnown{Place: f.Place, Looks: &looks}, nil
	case store.RecordPerson:
		looks.Marks, looks.Jewellery = "", ""
		return madeKnown{Place: f.Place, Looks: &looks}, nil
	}
	return madeKnown{}, nil
}

// showsFace says whether citizens may see a record's photos.
func (k madeKnown) showsFace(kind store.RecordKind) bool {
	switch kind {
	case store.RecordWanted:
		return true
	case store.RecordBody, store.RecordPerson:
		return k.Looks.Age != nil && k.Looks.Age.Low >= grownUp
	}
	return false
}

// grownUp is the age from which somebody is no child (JJ Act 2015 s.2(12)).
const grownUp = 18
