package flows

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/store"
)

// stationRecords knows the stations only: for interviews that file nothing.
func stationRecords(t *testing.T) *Records {
	t.Helper()
	directory, err := store.EmbeddedDirectory()
	if err != nil {
		t.Fatal(err)
	}
	return &Records{Stations: NewStations(directory)}
}

// answers makes a draft's answers of pairs of key and value.
func answers(pairs ...string) (list []bot.Answer) {
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, bot.Answer{Key: pairs[i], Value: pairs[i+1]})
	}
	return list
}

// owner is a landlord's or employer's part, up to the person's.
var owner = answers("premises", "मकान 7, महेंद्रू", "station", "5117044", "name", "सुनीता देवी", "father", "राम", "address", "मकान 7, महेंद्रू",
	"pin", "", "tell_more", "no")

// TestVerifiedPersonsAreFound by what points to them: never by four digits of an Aadhaar.
func TestVerifiedPersonsAreFound(t *testing.T) {
	t.Parallel()
	phone := store.Identifier{Kind: "phone", Value: "+919876543210"}
	vehicle := store.Identifier{Kind: "vehicle", Value: "BR01AB1234"}
	for name, c := range map[string]struct {
		says []bot.Answer
		want []store.Identifier
	}{
		"card and phone": {
			answers("kind", tenant, "purpose", "", "person.phone", "+919876543210", "person.id_kind", "voter_id", "person.id_number", "XYZ1234567"),
			[]store.Identifier{{Kind: "document", Value: "XYZ1234567"}, phone},
		},
		"aadhaar": {answers("kind", help, "work", "", "person.phone", "", "person.id_kind", "aadhaar", "person.id_aadhaar", "4321"), nil},
		"driver": {
			answers("kind", driver, "licence", "BR01-2019", "person.phone", "+919876543210", "more", "yes", "person.gender", "", "person.age", "",
				"licence_kind", "", "valid_until", "", "person.id_kind", "", "since", "", "vehicle", "BR01AB1234"),
			[]store.Identifier{phone, {Kind: "document", Value: "BR01-2019"}, vehicle},
		},
		// What was said as a driver's employer is not said of a tenant.
		"no driver any more": {answers("kind", tenant, "purpose", "", "licence", "BR01-2019", "person.phone", ""), nil},
	} {
		t.Run(name, func(t *testing.T) {
			v := &Verification{records: stationRecords(t)}
			said := append(answers("person.name", "रमेश", "person.father", "जगदीश", "person.home", "ग्राम रामपुर", "consent", "yes", "photos", ""), owner...)
			bot.Inspect(v, append(said, c.says...), "c", bottest.Start)
			if v.Person.Home != "ग्राम रामपुर" {
				t.Fatalf("the interview did not come to the end of the person: %+v", v.Person)
			}
			if diff := cmp.Diff(c.want, v.identifiers()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestResidencesOfFiveYears: earlier addresses are asked for until five years are told, or there is none.
func TestResidencesOfFiveYears(t *testing.T) {
	t.Parallel()
	begin := append(answers("purpose", "job"), owner...)
	for name, c := range map[string]struct {
		says []bot.Answer
		next string
		want []Residence
	}{
		"long here":     {answers("years", "5"), "permanent_here", nil},
		"not so long":   {answers("years", "4"), "previous.1.more", nil},
		"nothing more":  {answers("years", "0", "previous.1.more", "no"), "permanent_here", nil},
		"skipped":       {answers("years", "0", "previous.1.more", ""), "permanent_here", nil},
		"enough before": {answers("years", "2", "previous.1.more", "yes", "previous.1.address", "हाजीपुर", "previous.1.years", "3"), "permanent_here", []Residence{{"हाजीपुर", "3"}}},
		"a year short":  {answers("years", "2", "previous.1.more", "yes", "previous.1.address", "हाजीपुर", "previous.1.years", "2"), "previous.2.more", []Residence{{"हाजीपुर", "2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			form := &CharacterCertificate{records: stationRecords(t)}
			_, q, _ := bot.Inspect(form, append(append([]bot.Answer{}, begin...), c.says...), "c", bottest.Start)
			if q == nil || q.Key != c.next {
				t.Errorf("the next question is %+v, not %s", q, c.next)
			}
			if diff := cmp.Diff(c.want, form.Previous); diff != "" {
				t.Error(diff)
			}
		})
	}
}
