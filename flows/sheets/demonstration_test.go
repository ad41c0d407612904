package sheets_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"nagrik/flows/paper"
	"nagrik/flows/sheets"
	"nagrik/store"
	"nagrik/store/media"
)

// demonstrates gives the office the records of a trial.
func (o *office) demonstrates() *media.Library {
	o.t.Helper()
	press, err := paper.New(o.Texts)
	if err != nil {
		o.t.Fatal(err)
	}
	library := o.photosIn(nil)
	o.Photo = (&sheets.Photos{Open: sheets.Specimens{Press: press}.Open, Store: o.Store, Library: library}).Take
	if err := o.Demonstrate(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	return library
}

// Every record of a trial says in its own text that it is made up, and what it shows is drawn.
func TestDemonstration(t *testing.T) {
	o := newOffice(t, "")
	library := o.demonstrates()
	ctx := t.Context()
	rows, _ := o.conn.Query(ctx, `select number from records order by id`)
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	shown := map[store.RecordKind]int{}
	photos := 0
	for _, number := range numbers {
		r, err := o.Store.RecordByNumber(ctx, number)
		if err != nil {
			t.Fatal(err)
		}
		shown[r.Kind]++
		if !strings.Contains(string(r.Details), "नमूना (असली") {
			t.Errorf("%s does not say that it is made up: %s", number, r.Details)
		}
		var kept struct {
			Form struct{ Name, Make, Place string }
		}
		if err := json.Unmarshal(r.Details, &kept); err != nil {
			t.Fatal(err)
		}
		// What the lists show of it, too.
		if f := kept.Form; !strings.Contains(map[store.RecordKind]string{store.RecordRecovered: f.Make, store.RecordBody: f.Place, store.RecordPerson: f.Place}[r.Kind]+f.Name, "नमूना") {
			t.Errorf("%s shows nothing of its being made up: %+v", number, f)
		}
		for _, m := range r.Media {
			photos++
			if _, data, err := library.Display(ctx, m.ID); err != nil || len(data) == 0 {
				t.Errorf("%s: the picture: %v", number, err)
			}
		}
	}
	for _, kind := range store.RecordKinds {
		if shown[kind] < 2 {
			t.Errorf("%d of kind %s", shown[kind], kind)
		}
	}
	if photos < 8 || one[int](o, `select count(distinct media) from record_media`) != photos {
		t.Errorf("%d pictures", photos)
	}
	for number := 9001; number <= 9004; number++ {
		station := one[string](o, `select station from firs where number = $1`, number)
		f, err := o.Store.FIR(ctx, store.FIRKey{Station: station, Year: 2025, Number: number, Zero: number == 9004})
		if err != nil || !strings.HasPrefix(f.Summary, "नमूना (असली FIR नहीं)") || f.Restricted != (number == 9003) {
			t.Errorf("FIR %d: %+v, %v", number, f, err)
		}
	}
	before := o.everything()
	if err := o.Demonstrate(ctx); err != nil {
		t.Fatal(err)
	}
	if after := o.everything(); after != before {
		t.Errorf("the second start changed something: %s, %s", before, after)
	}
}
