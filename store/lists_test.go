package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

// listing is a fixture with records to look through; it knows them by short names.
type listing struct {
	*fixture
	sho, scrb string
	numbers   map[string]string // name by number
}

func newListing(t *testing.T) *listing {
	t.Helper()
	l := &listing{fixture: open(t), numbers: map[string]string{}}
	_, l.sho = l.officer(store.SHO, araria, "")
	_, l.scrb = l.officer(store.SCRB, "", "")
	return l
}

func march(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }

func (l *listing) add(name string, n store.NewRecord) store.Record {
	l.t.Helper()
	who := l.sho
	if n.Kind == store.RecordWanted {
		who = l.scrb
	} else {
		n.Station = araria
	}
	n.Source, n.Dialog, n.Details = "desk:"+name, name, []byte(`{"form":{}}`)
	r, err := l.AddRecord(l.ctx, firstChannel, who, n)
	l.ok(err)
	l.numbers[r.Number] = name
	return r
}

func (l *listing) wants(what string, q store.RecordSearch, names ...string) {
	l.t.Helper()
	if q.Most == 0 {
		q.Most = 5
	}
	list, _, err := l.ListRecords(l.ctx, q)
	l.ok(err)
	got := []string{}
	for _, r := range list {
		got = append(got, l.numbers[r.Number])
		if string(r.Details) != `{"form":{}}` {
			l.t.Errorf("%s: %s has the details %s", what, l.numbers[r.Number], r.Details)
		}
	}
	if diff := cmp.Diff(append([]string{}, names...), got); diff != "" {
		l.t.Errorf("%s (-want +got): %s", what, diff)
	}
}

func TestListOfRecords(t *testing.T) {
	l := newListing(t)
	for i := range 7 {
		l.add(fmt.Sprint("phone", i), store.NewRecord{
			Kind: store.RecordRecovered, On: march(10 + i/2), What: "mobile",
			Identifiers: []store.Identifier{{Kind: "imei", Value: fmt.Sprint("35693803564380", i)}},
		})
	}
	l.add("bike", store.NewRecord{Kind: store.RecordRecovered, On: march(1), What: "two_wheeler", Identifiers: []store.Identifier{{Kind: "vehicle", Value: "BR38A1234"}}})
	pistol := l.add("pistol", store.NewRecord{
		Kind: store.RecordRecovered, On: march(20), What: "arms", Identifiers: []store.Identifier{{Kind: "document", Value: "77"}},
	})
	all := store.RecordSearch{Kind: store.RecordRecovered}
	l.wants("first page", all, "phone6", "phone5", "phone4", "phone3", "phone2")
	next := all
	next.Skip = 5
	l.wants("second page", next, "phone1", "phone0", "bike")
	here, there := all, all
	here.District, here.Since = arariaDist, march(12)
	there.District = "5137"
	l.wants("in the district, since a day", here, "phone6", "phone5", "phone4")
	l.wants("in another district", there)
	l.wants("of a kind", store.RecordSearch{Kind: store.RecordRecovered, What: "two_wheeler"}, "bike")
	l.wants("of another kind", store.RecordSearch{Kind: store.RecordBody})
	for kind, want := range map[string][]string{"vehicle": {"bike"}, "imei": nil} {
		l.wants("a "+kind, store.RecordSearch{Kind: store.RecordRecovered, Identifiers: []store.Identifier{{Kind: kind, Value: "BR38A1234"}}}, want...)
	}
	l.wants("a weapon", store.RecordSearch{Kind: store.RecordRecovered, Identifiers: []store.Identifier{{Kind: "document", Value: "77"}}})
	if _, err := l.ListedRecord(l.ctx, pistol.Number); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a weapon by its number: %v", err)
	}
	for most, want := range map[int]bool{7: true, 8: false, 9: false} {
		all.Most = most
		if list, more, err := l.ListRecords(l.ctx, all); err != nil || more != want || len(list) != min(most, 8) {
			t.Errorf("%d of eight: %d, more: %v, %v", most, len(list), more, err)
		}
	}
	if on, err := l.NewestRecord(l.ctx, store.RecordRecovered); err != nil || !on.Equal(march(13)) {
		t.Errorf("the newest is of %s, %v", on, err)
	}
	if on, err := l.NewestRecord(l.ctx, store.RecordWanted); err != nil || !on.IsZero() {
		t.Errorf("the newest of an empty list is of %s, %v", on, err)
	}
}

func TestWithdrawnRecordsAreNotListed(t *testing.T) {
	l := newListing(t)
	n := store.NewRecord{
		Kind: store.RecordArrest, On: march(2), Age: 30, NameParts: []string{"rj"}, Identifiers: []store.Identifier{{Kind: "document", Value: "X1"}},
		Media: []store.Media{{ID: "photo", SHA256: make([]byte, 32), Kind: "photo", MIME: "image/jpeg", Size: 1, ReceivedAt: time.Now()}},
	}
	r := l.add("arrest", n)
	seen, err := l.ListedRecord(l.ctx, r.Number)
	l.ok(err)
	if len(seen.Media) != 1 || seen.Number != r.Number || string(seen.Details) != `{"form":{}}` {
		t.Errorf("it is seen as %+v", seen)
	}
	_, err = l.WithdrawRecord(l.ctx, firstChannel, l.sho, r.Number, "away", "ग़लती से")
	l.ok(err)
	for what, q := range map[string]store.RecordSearch{
		"newest": {}, "of the district": {District: arariaDist}, "by name": {Name: "राजू", Names: [][]string{{"rj"}}},
		"by identifier": {Identifiers: []store.Identifier{{Kind: "document", Value: "X1"}}},
	} {
		q.Kind = store.RecordArrest
		l.wants(what, q)
	}
	if _, err := l.ListedRecord(l.ctx, r.Number); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("opened after that: %v", err)
	}
	if on, err := l.NewestRecord(l.ctx, store.RecordArrest); err != nil || !on.IsZero() {
		t.Errorf("the newest is of %s, %v", on, err)
	}
}

func TestNamesInLists(t *testing.T) {
	l := newListing(t)
	l.add("raju", store.NewRecord{
		Kind: store.RecordWanted, District: arariaDist, On: march(1), Names: "राजू यादव Raju Yadav छोटू", NameParts: []string{"rj", "ydv"},
	})
	l.add("suresh", store.NewRecord{
		Kind: store.RecordWanted, District: "5137", On: march(2), Names: "सुरेश पासवान Suresh Paswan", NameParts: []string{"srs", "rs"},
	})
	l.add("arrested", store.NewRecord{Kind: store.RecordArrest, On: march(3), Age: 40, NameParts: []string{"srs", "rs"}})
	for _, c := range []struct {
		name  string
		parts [][]string
		kind  store.RecordKind
		want  []string
	}{
		{"सुरेश पासवान", [][]string{{"srs"}}, store.RecordWanted, []string{"suresh"}},
		{"सुरेश", [][]string{{"srs"}}, store.RecordArrest, []string{"arrested"}},
		{"Surash Paswan", [][]string{{"xx"}}, store.RecordWanted, []string{"suresh"}}, // only its letters are alike
		{"सुरैश पासवान", [][]string{{"xx"}}, store.RecordWanted, []string{"suresh"}},
		{"Ramesh Paswan", [][]string{{"xx"}}, store.RecordWanted, []string{}},
		{"छोटू", nil, store.RecordWanted, []string{"raju"}},
		{"राजू सुरेश", [][]string{{"rj"}, {"srs"}}, store.RecordWanted, []string{}},
		{"राजू यादव मंडल", [][]string{{"rj"}, {"ydv"}, {"mndl"}}, store.RecordWanted, []string{"raju"}},
		{"कोई और", [][]string{{"zz"}}, store.RecordWanted, []string{}},
	} {
		l.wants(c.name+", "+string(c.kind), store.RecordSearch{Kind: c.kind, Name: c.name, Names: c.parts}, c.want...)
	}
	l.wants("a name elsewhere", store.RecordSearch{Kind: store.RecordWanted, District: arariaDist, Name: "सुरेश", Names: [][]string{{"srs"}}})
}

func TestAgesInLists(t *testing.T) {
	l := newListing(t)
	add := func(name, sex string, age *store.AgeRange) {
		l.add(name, store.NewRecord{Kind: store.RecordBody, On: march(1), What: sex, AgeRange: age})
	}
	add("unsure", "not_known", nil)
	add("man of 40", "man", &store.AgeRange{Low: 40, High: 40})
	add("old woman", "woman", &store.AgeRange{Low: 61, High: 120})
	add("young man", "man", &store.AgeRange{Low: 18, High: 30})
	for _, c := range []struct {
		sex       string
		low, high int
		want      []string
	}{
		{"", 31, 45, []string{"man of 40", "unsure"}},
		{"man", 18, 45, []string{"young man", "man of 40", "unsure"}},
		{"woman", 60, 65, []string{"old woman", "unsure"}},
		{"woman", 0, 17, []string{"unsure"}},
	} {
		l.wants(fmt.Sprint(c.sex, c.low), store.RecordSearch{Kind: store.RecordBody, What: c.sex, Age: &store.AgeRange{Low: c.low, High: c.high}}, c.want...)
	}
	r := l.add("corrected", store.NewRecord{Kind: store.RecordBody, On: march(2), What: "man"})
	_, err := l.CorrectRecord(l.ctx, firstChannel, l.sho, r.Number, store.NewRecord{
		Kind: store.RecordBody, Dialog: "again", Station: araria, On: march(2), What: "man", Details: []byte(`{"form":{}}`), AgeRange: &store.AgeRange{Low: 70, High: 70},
	})
	l.ok(err)
	l.wants("corrected to another age", store.RecordSearch{Kind: store.RecordBody, What: "man", Age: &store.AgeRange{Low: 31, High: 45}}, "man of 40", "unsure")
}
