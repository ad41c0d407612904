package sheets_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/flows/sheets"
	"nagrik/locales"
	"nagrik/store"
)

// files makes a filing and gives its number.
func (o *office) files(n int, change func(*store.NewFiling)) string {
	o.t.Helper()
	ctx := o.t.Context()
	chat := fmt.Sprintf("chat%d", n)
	citizen, err := o.Store.Verify(ctx, "telegram", chat, fmt.Sprintf("+9198765%05d", n))
	if err != nil {
		o.t.Fatal(err)
	}
	filing := store.NewFiling{
		Dialog: fmt.Sprintf("dialog%d", n), Service: "complaint", Prefix: "SH", Citizen: citizen, Channel: "telegram", Chat: chat, Lang: "hi",
		Applicant: store.Profile{Name: "सीता देवी", Father: "राम", Address: "ज़ीरो माइल", Pin: "854311"}, Station: araria,
		Details: json.RawMessage(`{"answers":[{"key":"details","label":"क्या हुआ","value":"साइकिल चोरी हुई"}],"form":{"Category":"theft"}}`),
	}
	change(&filing)
	filed, err := o.Store.File(ctx, filing)
	if err != nil {
		o.t.Fatal(err)
	}
	return filed.Number
}

func (o *office) exports(format string, r store.ExportRange) (string, store.Exported) {
	o.t.Helper()
	var out strings.Builder
	x := sheets.Exporter{Store: o.Store, Places: o.Places, Zone: locales.India, By: "cli:test"}
	n, err := x.Export(o.t.Context(), &out, format, r)
	if err != nil {
		o.t.Fatal(err)
	}
	return out.String(), n
}

func TestExport(t *testing.T) {
	o := newOffice(t, "")
	evil := `=HYPERLINK("http://x","y")`
	number := o.files(1, func(f *store.NewFiling) {
		f.Applicant.Name = evil
		f.Applicant.Address = "'=1+1"
		f.Applicant.Father = "+91"
		f.Details = json.RawMessage(`{"answers":[{"key":"a","label":"@sum","value":"एक, \"दो\";\nतीन"},{"key":"b","label":"आवाज़","value":"voice:abc"}],"form":{"Category":"theft"}}`)
	})
	sensitive := o.files(2, func(f *store.NewFiling) { f.Sensitive = true; f.Applicant.Name = "गोपनीय" })
	elsewhere := o.files(3, func(f *store.NewFiling) { f.Station, f.District = "", "5137" })
	text, n := o.exports("csv", store.ExportRange{})
	if n != (store.Exported{Filings: 2, Sensitive: 1}) {
		t.Errorf("%+v", n)
	}
	if strings.Contains(text, sensitive) || strings.Contains(text, "गोपनीय") {
		t.Error("a sensitive filing is in the export")
	}
	rest, marked := strings.CutPrefix(text, "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(rest)).ReadAll()
	if err != nil || !marked || len(rows) != 3 {
		t.Fatalf("%d rows, a mark: %v, %v", len(rows), marked, err)
	}
	cells := map[string]string{}
	for i, name := range rows[0] {
		cells[name] = rows[1][i]
		if rows[1][i] != "" && strings.ContainsAny(rows[1][i][:1], "=+-@\t\r") {
			t.Errorf("%s begins a formula: %q", name, rows[1][i])
		}
	}
	filed := one[time.Time](o, `select created_at from filings where number = $1`, number)
	want := map[string]string{
		"number": number, "service": "complaint", "status": "received", "filed_at": filed.In(locales.India).Format(time.RFC3339), "closed_at": "",
		"station": araria, "station_name": "Araria", "district": "5140", "district_name": "Araria", "urgent": "no", "fir": "", "zero_fir": "",
		"name": "'" + evil, "father": "'+91", "gender": "", "phone": "'+919876500001", "address": "''=1+1", "pin": "854311", "files": "0",
		"answers": "'@sum: एक, \"दो\";\nतीन\nआवाज़: (voice note)",
	}
	if diff := cmp.Diff(want, cells); diff != "" {
		t.Error(diff)
	}
	if rows[2][0] != elsewhere {
		t.Errorf("the second is %s", rows[2][0])
	}
	if note := one[string](o, `select note from audit where what = 'export'`); note != "2 filings by cli:test: from any until any, district all" {
		t.Errorf("the audit says %q", note)
	}
	if _, _, err := o.Store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}

	text, _ = o.exports("jsonl", store.ExportRange{District: "5140"})
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if object["name"] != evil || object["form"].(map[string]any)["Category"] != "theft" || object["urgent"] != false {
		t.Errorf("the object is %v", object)
	}
	day := time.Date(filed.Year(), filed.Month(), filed.Day(), 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		r    store.ExportRange
		want int
	}{
		"before": {store.ExportRange{Until: day}, 0}, "after": {store.ExportRange{From: day.AddDate(0, 0, 2)}, 0},
		"around": {store.ExportRange{From: day.AddDate(0, 0, -1), Until: day.AddDate(0, 0, 2)}, 2},
		"there":  {store.ExportRange{District: "5137"}, 1},
	} {
		if _, n := o.exports("jsonl", c.r); n.Filings != c.want {
			t.Errorf("%s: %d filings", name, n.Filings)
		}
	}
	if o.exportFails("xml", io.Discard) == nil {
		t.Error("there is no such format")
	}
}

func (o *office) exportFails(format string, to io.Writer) error {
	x := sheets.Exporter{Store: o.Store, Places: o.Places, Zone: locales.India, By: "cli:test"}
	_, err := x.Export(o.t.Context(), to, format, store.ExportRange{})
	return err
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// A disk that is full is no success.
func TestExportToAFullDisk(t *testing.T) {
	o := newOffice(t, "")
	o.files(1, func(*store.NewFiling) {})
	for _, format := range sheets.Formats {
		if o.exportFails(format, full{}) == nil {
			t.Errorf("%s: written to a full disk", format)
		}
	}
}
