package sheets_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nagrik/store"
)

const firsHeader = "station,number,year,zero,date,sections,restricted,informant,father,phone,address,summary"

func TestImportFIRs(t *testing.T) {
	o := newOffice(t, "firs")
	file := lines(firsHeader,
		araria+`,123,,,2026-02-03,"धारा 303(2), 317(2) BNS",,सीता देवी,राम,98765 01234,ज़ीरो माइल,साइकिल चोरी हुई`,
		araria+`,123/2026,2026,yes,03/02/2026,BNS 126,no,,,,,`,
		araria+`,५,2019,,2019-05-01,376 IPC,no,,,,,`,
		sikti+`,7,,,2026-01-01,BNS 64,,,,,,`,
		sikti+`,8,,no,2026-01-01,कुछ पढ़ा न जाए,yes,,,,,`,
	)
	report := o.imports(file)
	if report.New != 5 || report.Restricted != 2 {
		t.Fatalf("%+v", report)
	}
	fir := func(station string, number, year int, zero bool) store.FIR {
		t.Helper()
		f, err := o.Store.FIR(t.Context(), store.FIRKey{Station: station, Number: number, Year: year, Zero: zero})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f := fir(araria, 123, 2026, false)
	if f.Sections != "BNS 303(2), 317(2)" || f.Restricted || f.Informant != (store.Profile{Name: "सीता देवी", Father: "राम", Phone: "+919876501234", Address: "ज़ीरो माइल"}) ||
		f.Summary != "साइकिल चोरी हुई" || f.District != "5140" || !f.On.Equal(time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", f)
	}
	if f := fir(araria, 123, 2026, true); f.Restricted || f.Informant != (store.Profile{}) {
		t.Errorf("%+v", f)
	}
	for _, f := range []store.FIR{fir(araria, 5, 2019, false), fir(sikti, 7, 2026, false), fir(sikti, 8, 2026, false)} {
		if !f.Restricted {
			t.Errorf("%s may be published: %s", f.Text(), f.Sections)
		}
	}
	if one[bool](o, `select exists (select from firs x where x::text ~ 'सीता|98765|साइकिल|माइल')`) {
		t.Error("something lies in the clear")
	}
	whole := `select md5(string_agg(r::text, '' order by id)) from firs r`
	before := one[string](o, whole)
	if report := o.imports(file); report.Same != 5 || report.New+report.Changed != 0 || one[string](o, whole) != before {
		t.Errorf("once more: %+v", report.Imported)
	}
	report = o.imports(strings.Replace(file, "साइकिल चोरी", "मोबाइल चोरी", 1))
	if report.Changed != 1 || report.Same != 4 || fir(araria, 123, 2026, false).Summary != "मोबाइल चोरी हुई" {
		t.Errorf("changed: %+v", report.Imported)
	}
}

func TestWrongFIRs(t *testing.T) {
	o := newOffice(t, "firs")
	said := o.refuses(lines(firsHeader,
		araria+",1,,,2026-01-01,BNS 303,,,,,,",
		araria+",1/2026,,no,2026-02-01,BNS 303,,,,,,",
		araria+",x,,,2026-01-01,BNS 303,,,,,,",
		araria+",2,1900,,2026-01-01,BNS 303,,,,,,",
		araria+",2/2025,2026,,2026-01-01,BNS 303,,,,,,",
		araria+",3,,maybe,2026-01-01,BNS 303,,,,,,",
		araria+",4,,,2026-01-01,कुछ भी नहीं,,,,,,",
		araria+",5,,,2019-01-01,376,,,,,,",
		araria+",6,,,2026-01-01,BNS 303,,,,0612-222333,,",
		araria+",,,,,,,,,,,",
		"1,7,,,2027-01-01,BNS 303,,,,,,"+strings.Repeat("क", 2001),
		araria+",10000000,,,2026-01-01,BNS 303,,,,,,",
	))
	mustSay(t, "wrong", said,
		"line 3: it has the same station, number, year and zero as line 2", "line 4, column number:", "line 5, column year: it is no year from 1950",
		"line 6, column year: it is not the year that stands with the number", "line 7, column zero: it is neither yes nor no",
		"line 8, column sections: they cannot be read", "line 9, column sections: before July 2024 there was no BNS; name the act",
		"line 10, column phone: it is no Indian mobile number", "line 11, column number: it is empty", "line 11, column date: it is empty", "line 11, column sections: it is empty",
		"line 12, column station:", "line 12, column date: it is a day that is still to come", "line 12, column summary: it has 2001 letters",
		"line 13, column number:")
	if n := one[int](o, `select count(*) from firs`); n != 0 {
		t.Errorf("%d FIRs of a wrong file", n)
	}
}

// What an officer registered stays, whatever a list says of it.
func TestImportLeavesRegisteredFIRs(t *testing.T) {
	o := newOffice(t, "firs")
	ctx := t.Context()
	number := o.files(1, func(*store.NewFiling) {})
	code, err := o.Store.Invite(ctx, store.Seat{Role: store.SHO, Station: araria}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Store.Redeem(ctx, code, "telegram", "9", "9", "x"); err != nil {
		t.Fatal(err)
	}
	filing, _, err := o.Store.OfficerFilingByNumber(ctx, number, "telegram", "9")
	if err != nil {
		t.Fatal(err)
	}
	done, err := o.Store.Act(ctx, "telegram", "9", store.Step{
		Action: store.ActRegister, Filing: filing.ID, Dialog: "d", Note: "FIR", FIR: &store.NewFIR{Year: 2026, Number: 5, Sections: "BNS 303", On: now},
	})
	if err != nil || done.Outcome != store.Done {
		t.Fatalf("%v, %v", done.Outcome, err)
	}
	report := o.imports(lines(firsHeader, araria+",5,,,2026-01-01,BNS 74,,,,,,", araria+",6,,,2026-01-01,BNS 303,,,,,,"))
	if report.Left != 1 || report.New != 1 {
		t.Errorf("%+v", report.Imported)
	}
	if f, err := o.Store.FIR(ctx, store.FIRKey{Station: araria, Number: 5, Year: 2026}); err != nil || f.Sections != "BNS 303" {
		t.Errorf("%+v, %v", f, err)
	}
}

// More lines than one batch and one merge have, with what stands at their borders.
func TestManyFIRs(t *testing.T) {
	o := newOffice(t, "firs")
	var file strings.Builder
	file.WriteString(firsHeader + "\n")
	const all = 21_001
	for n := 1; n <= all; n++ {
		fmt.Fprintf(&file, "%s,%d,,,2026-01-02,BNS 303(2),,सीता देवी,,9876500001,,चोरी\n", araria, n)
	}
	if report := o.imports(file.String()); report.New != all {
		t.Fatalf("%+v", report.Imported)
	}
	for _, n := range []int{1, 999, 1000, 1001, 19_999, 20_000, all} {
		if f, err := o.Store.FIR(t.Context(), store.FIRKey{Station: araria, Number: n, Year: 2026}); err != nil || f.Informant.Name != "सीता देवी" {
			t.Errorf("FIR %d: %v", n, err)
		}
	}
	if n := one[int](o, `select count(*) from firs where phone_index is not null and origin = 'import'`); n != all {
		t.Errorf("%d FIRs", n)
	}
}
