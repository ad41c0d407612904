package flows

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/store"
)

// told runs an interview over answers to some of its questions; the others are skipped, or answered
// with the first way that fits.
func told(t *testing.T, i bot.Interview, answers ...bot.Answer) {
	t.Helper()
	given := map[string]string{}
	for _, a := range answers {
		given[a.Key] = a.Value
	}
	w := &walker{t: t}
	var p path
	for {
		_, q, _ := bot.Inspect(i, p, "c", bottest.Start)
		if q == nil {
			break
		}
		value, ok := given[q.Key]
		if !ok && !q.Optional {
			value = w.values(q)[0]
		}
		delete(given, q.Key)
		p = append(p, bot.Answer{Key: q.Key, Value: value})
	}
	for key := range given {
		t.Errorf("%s was never asked", key)
	}
}

// unfiled are records without a database, for interviews that are not filed.
func unfiled(t *testing.T) *Records {
	t.Helper()
	directory, err := store.EmbeddedDirectory()
	if err != nil {
		t.Fatal(err)
	}
	return &Records{Stations: NewStations(directory)}
}

func TestWhatIsUrgentOfThePeople(t *testing.T) {
	t.Parallel()
	records := unfiled(t)
	a := func(key, value string) bot.Answer { return bot.Answer{Key: key, Value: value} }
	for name, c := range map[string]struct {
		answers []bot.Answer
		want    bool
	}{
		"grown up and well":        {[]bot.Answer{a("person.age", "18")}, false},
		"of unknown health":        {[]bot.Answer{a("person.age", "30"), a("condition", "not_known")}, false},
		"whose life is in danger":  {[]bot.Answer{a("person.age", "30"), a("fear", "yes")}, true},
		"a child":                  {[]bot.Answer{a("person.age", "17")}, true},
		"a baby":                   {[]bot.Answer{a("person.age", "0")}, true},
		"who forgets":              {[]bot.Answer{a("person.age", "70"), a("condition", "memory")}, true},
		"who takes medicine":       {[]bot.Answer{a("person.age", "40"), a("condition", "ill"), a("illness", "इंसुलिन")}, true},
		"an elder, not feared for": {[]bot.Answer{a("person.age", "70"), a("fear", "no")}, false},
	} {
		m := &MissingPerson{records: records}
		told(t, m, c.answers...)
		if m.urgent() != c.want {
			t.Errorf("missing: %s: urgent is %v", name, m.urgent())
		}
	}
	for name, c := range map[string]struct {
		answers []bot.Answer
		want    bool
	}{
		"somebody well":           {[]bot.Answer{a("who", "misc"), a("keeper", "nobody"), a("look.age", "adult")}, false},
		"an elder with me":        {[]bot.Answer{a("who", "elder"), a("keeper", "me"), a("look.age", "old")}, false},
		"an elder alone":          {[]bot.Answer{a("who", "elder"), a("keeper", "nobody"), a("look.age", "71")}, true},
		"somebody hurt":           {[]bot.Answer{a("who", "misc"), a("condition", "hurt"), a("look.age", "adult")}, true},
		"a child":                 {[]bot.Answer{a("who", "child"), a("keeper", "station")}, true},
		"a child by its age":      {[]bot.Answer{a("who", "misc"), a("look.age", "teen")}, true},
		"a child by typed years":  {[]bot.Answer{a("who", "misc"), a("look.age", "17")}, true},
		"of 18, by typed years":   {[]bot.Answer{a("who", "misc"), a("look.age", "18")}, false},
		"somebody grown and lost": {[]bot.Answer{a("who", "confused"), a("keeper", "hospital"), a("look.age", "young")}, false},
	} {
		u := &UnknownPerson{records: records}
		told(t, u, c.answers...)
		if u.urgent() != c.want {
			t.Errorf("found: %s: urgent is %v", name, u.urgent())
		}
	}
}

func TestDescriptionsCanBeCompared(t *testing.T) {
	t.Parallel()
	records := unfiled(t)
	m := &MissingPerson{records: records}
	told(t, m,
		bot.Answer{Key: "person.age", Value: "0"}, bot.Answer{Key: "look.sex", Value: "man"}, bot.Answer{Key: "describe", Value: "yes"},
		bot.Answer{Key: "look.height", Value: "163"}, bot.Answer{Key: "look.upper", Value: "kurta"}, bot.Answer{Key: "look.upper_colour", Value: "white"},
		bot.Answer{Key: "carried_phone", Value: "+919876543210"}, bot.Answer{Key: "search", Value: "yes"}, bot.Answer{Key: "vehicle", Value: "BR01AB1234"},
	)
	want := Description{Sex: "man", Age: &Range{0, 0}, Height: &Range{163, 163}, Upper: "kurta", UpperColour: "white"}
	if diff := cmp.Diff(want, m.Looks); diff != "" {
		t.Errorf("typed numbers (-want +got):\n%s", diff)
	}
	ids := []store.Identifier{{Kind: "phone", Value: "+919876543210"}, {Kind: "vehicle", Value: "BR01AB1234"}}
	if diff := cmp.Diff(ids, m.identifiers()); diff != "" {
		t.Errorf("identifiers (-want +got):\n%s", diff)
	}
	b := &UnidentifiedBody{records: records}
	told(t, b,
		bot.Answer{Key: "look.sex", Value: "not_known"}, bot.Answer{Key: "look.age", Value: "middle"},
		bot.Answer{Key: "describe", Value: "yes"}, bot.Answer{Key: "look.height", Value: "to_5_ft_4"}, bot.Answer{Key: "look.upper", Value: "saree"},
	)
	want = Description{Sex: "not_known", Age: &Range{46, 60}, Height: &Range{152, 163}, Upper: "saree"}
	if diff := cmp.Diff(want, b.Looks); diff != "" {
		t.Errorf("bands (-want +got):\n%s", diff)
	}
}
