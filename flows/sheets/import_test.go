package sheets_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"nagrik/bot/hindi"
	"nagrik/flows/sheets"
	"nagrik/store"
)

const (
	araria = "5140003"
	sikti  = "5140012"
)

// goodArrests is a file of two arrests.
var goodArrests = lines(
	arrestsHeader,
	"a1,"+araria+",2026-03-12,32,पप्पू यादव,Pappu Yadav,,\"लूट, BNS 309\",jail,अररिया थाना कांड संख्या 123/2026",
	"a2,"+sikti+",12/03/2026,४५,रमेश सिंह,,सुरेश सिंह,चोरी,lockup,",
)

func TestImportArrests(t *testing.T) {
	o := newOffice(t, "arrests")
	report := o.imports(goodArrests)
	if report.Lines != 2 || report.New != 2 {
		t.Fatalf("%+v", report)
	}
	if got := o.found(store.Sought{Names: hindi.NameParts("papu")}); !slices.Equal(got, []string{"import:a1"}) {
		t.Errorf("by name: %v", got)
	}
	if got := one[string](o, `select count(*) || ' ' || min(station) || ' ' || max(station) || ' ' || min(happened_on) from records where kind = 'arrest' and post is null`); got != "2 5140003 5140012 2026-03-12" {
		t.Errorf("the records are %s", got)
	}
	for _, table := range []string{"records", "record_identifiers", "record_names", "audit"} {
		if one[bool](o, `select exists (select from `+table+` x where x::text ~ 'पप्पू|Pappu|123/2026|लूट')`) {
			t.Errorf("%s has it in the clear", table)
		}
	}
	if note := one[string](o, `select note from audit where what = 'import'`); note != "arrests by cli:test: 2 new, 0 changed, 0 same, 0 left" {
		t.Errorf("the audit says %q", note)
	}
	if _, _, err := o.Store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// An imported record is one of the desk's: its details have what the desk shows and corrects.
func TestImportedRecordIsOneOfTheDesk(t *testing.T) {
	o := newOffice(t, "arrests")
	o.imports(goodArrests)
	r, err := o.Store.RecordByNumber(t.Context(), one[string](o, `select number from records where source = 'import:a2'`))
	if err != nil {
		t.Fatal(err)
	}
	var details struct {
		Answers []struct{ Key, Label, Value string }
		Form    map[string]any
		Given   map[string]string
	}
	if err := json.Unmarshal(r.Details, &details); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, a := range details.Answers {
		said = append(said, a.Label+": "+a.Value)
	}
	want := []string{"उम्र: 45", "नाम: रमेश सिंह", "पिता/पति: सुरेश सिंह", "तारीख़: 12 मार्च 2026", "मामला: चोरी", "अभी कहाँ: थाना हाजत में"}
	if !slices.Equal(said, want) {
		t.Errorf("the answers are %q", said)
	}
	if details.Given["person"] != "रमेश सिंह" || details.Given["on"] != "2026-03-12" || details.Form["Held"] != "lockup" {
		t.Errorf("given %v, form %v", details.Given, details.Form)
	}
}

func TestImportTwiceChangesNothing(t *testing.T) {
	o := newOffice(t, "arrests")
	o.imports(goodArrests)
	before := one[string](o, `select md5(string_agg(r::text, '' order by id)) from records r`)
	// The same in another spreadsheet's way.
	again := "\ufeff" + strings.ReplaceAll(strings.ReplaceAll(goodArrests, `"लूट, BNS 309"`, "लूट# BNS 309"), ",", ";")
	again = strings.ReplaceAll(strings.ReplaceAll(again, "#", ","), "\n", "\r\n")
	for _, file := range []string{goodArrests, again} {
		if report := o.imports(file); report.Same != 2 || report.New+report.Changed+report.Left != 0 {
			t.Errorf("%+v", report)
		}
	}
	if after := one[string](o, `select md5(string_agg(r::text, '' order by id)) from records r`); after != before {
		t.Error("a second import changed something")
	}
	number := one[string](o, `select number from records where source = 'import:a1'`)
	report := o.imports(strings.Replace(goodArrests, "पप्पू यादव,Pappu Yadav", "बबलू यादव,Bablu Yadav", 1))
	if report.Changed != 1 || report.Same != 1 {
		t.Errorf("%+v", report)
	}
	if got := one[string](o, `select number || ver from records where source = 'import:a1'`); got != number+"2" {
		t.Errorf("the corrected record is %s", got)
	}
	if got := o.found(store.Sought{Names: hindi.NameParts("पप्पू")}); len(got) != 0 {
		t.Errorf("by the old name: %v", got)
	}
	if got := o.found(store.Sought{Names: hindi.NameParts("bablu")}); !slices.Equal(got, []string{"import:a1"}) {
		t.Errorf("by the new name: %v", got)
	}
}

// What the desk did since the last import stays: a correction as long as the line is as it was, and
// always that a record was withdrawn.
func TestImportLeavesTheDeskItsWork(t *testing.T) {
	o := newOffice(t, "arrests")
	o.imports(goodArrests)
	ctx := t.Context()
	o.found(store.Sought{Number: "x"})
	code, err := o.Store.Invite(ctx, store.Seat{Role: store.SHO, Station: araria}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Store.Redeem(ctx, code, "telegram", "2", "2", "x"); err != nil {
		t.Fatal(err)
	}
	number := one[string](o, `select number from records where source = 'import:a1'`)
	corrected, err := o.Store.CorrectRecord(ctx, "telegram", "2", number, store.NewRecord{
		Kind: store.RecordArrest, Dialog: "d", Station: araria, On: now, Age: 33, NameParts: []string{"xyz"}, Details: json.RawMessage(`{"answers":[]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if report := o.imports(goodArrests); report.Same != 2 {
		t.Errorf("%+v", report)
	}
	if r, err := o.Store.RecordByNumber(ctx, number); err != nil || r.Ver != corrected.Ver {
		t.Errorf("the correction: %v, %v", r.Ver, err)
	}
	if _, err := o.Store.WithdrawRecord(ctx, "telegram", "2", number, "e", "भूल"); err != nil {
		t.Fatal(err)
	}
	if report := o.imports(strings.Replace(goodArrests, ",32,", ",34,", 1)); report.Left != 1 || report.Same != 1 || report.Changed != 0 {
		t.Errorf("%+v", report)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	o := newOffice(t, "arrests")
	o.DryRun = true
	before := o.everything()
	if report := o.imports(goodArrests); report.New != 2 {
		t.Errorf("%+v", report)
	}
	o.kind = "stations"
	if report := o.imports("code,district,kind,name_en,name_hi\n5140999,5140,territorial,X,एक\n"); report.New != 1 {
		t.Errorf("%+v", report)
	}
	if after := o.everything(); after != before {
		t.Errorf("a dry run left %s", after)
	}
}

// Each wrong line is reported with its number, column and reason, and with one of them nothing is
// written, however many good ones there are.
func TestWrongLines(t *testing.T) {
	o := newOffice(t, "arrests")
	good := func(id string) string {
		return id + "," + araria + ",2026-03-12,32,पप्पू यादव,,,लूट,jail,"
	}
	for name, c := range map[string]struct {
		line string
		want []string
	}{
		"no day":              {"b," + araria + ",32/13/2026,32,पप्पू,,,लूट,jail,", []string{"line 3, column date: it is no day"}},
		"a short year":        {"b," + araria + ",12/03/26,32,पप्पू,,,लूट,jail,", []string{"line 3, column date: it is no day"}},
		"a day to come":       {"b," + araria + ",2026-03-15,32,पप्पू,,,लूट,jail,", []string{"line 3, column date: it is a day that is still to come"}},
		"no such station":     {"b,9999999,2026-03-12,32,पप्पू,,,लूट,jail,", []string{"line 3, column station: no station has this code"}},
		"no station":          {"b,,2026-03-12,32,पप्पू,,,लूट,jail,", []string{"line 3, column station: it is empty"}},
		"no key":              {"," + araria + ",2026-03-12,32,पप्पू,,,लूट,jail,", []string{"line 3, column id: it is empty"}},
		"a child":             {"b," + araria + ",2026-03-12,17,पप्पू,,,लूट,jail,", []string{"line 3, column age: the arrest of somebody under 18 is made known nowhere (JJ Act 2015 s. 74)"}},
		"a child in Hindi":    {"b," + araria + ",2026-03-12,१६,पप्पू,,,लूट,jail,", []string{"line 3, column age: "}},
		"no age":              {"b," + araria + ",2026-03-12,,पप्पू,,,लूट,jail,", []string{"line 3, column age: it is empty"}},
		"no such option":      {"b," + araria + ",2026-03-12,32,पप्पू,,,लूट,hotel,", []string{"line 3, column held: it is none of lockup, jail, court, bail"}},
		"digits in a name":    {"b," + araria + ",2026-03-12,32,पप्पू 420,,,लूट,jail,", []string{"line 3, column name: A name has no digits"}},
		"too long":            {"b," + araria + ",2026-03-12,32,पप्पू,,," + strings.Repeat("लूट ", 60) + ",jail,", []string{"line 3, column offence: That is too long (239 letters)"}},
		"a long key":          {strings.Repeat("b", 201) + "," + araria + ",2026-03-12,32,पप्पू,,,लूट,jail,", []string{"line 3, column id: it has 201 letters, more than 200"}},
		"two things":          {"b,1,2026-99-12,32,पप्पू,,,लूट,jail,", []string{"line 3, column station:", "line 3, column date:"}},
		"the same key":        {good("a"), []string{"line 3: it has the same id as line 2"}},
		"a quotation mark":    {"b," + araria + `,2026-03-12,32,पप्पू "ददा",,,लूट,jail,`, []string{"line 3: a quotation mark stands inside of a cell"}},
		"text after a quote":  {"b," + araria + `,2026-03-12,32,"पप्पू" ददा,,,लूट,jail,`, []string{"line 3: a quotation mark is not closed"}},
		"NUL":                 {"b," + araria + ",2026-03-12,32,पप्पू,,,लू\x00ट,jail,", []string{"line 3: cell 8 has a NUL byte in it"}},
		"a control character": {"b," + araria + ",2026-03-12,32,पप्पू,,,लू\x07ट,jail,", []string{"line 3: cell 8 has a control character in it"}},
		"a cell too many":     {good("b") + ",x", []string{"line 3: cell 11 stands under no column"}},
		"too few cells":       {"b," + araria + ",2026-03-12", []string{"line 3: it has 3 cells, and the first line has 10"}},
	} {
		said := o.refuses(lines(arrestsHeader, good("a"), c.line, good("c")))
		mustSay(t, name, said, c.want...)
		if n := strings.Count(said, "\n") + 1; n != len(c.want) {
			t.Errorf("%s: said %d things: %s", name, n, said)
		}
		if strings.Contains(said, "पप्पू") || strings.Contains(said, "लूट") {
			t.Errorf("%s: what stands in the file is repeated: %s", name, said)
		}
	}
}

func TestManyWrongLines(t *testing.T) {
	o := newOffice(t, "arrests")
	var file strings.Builder
	file.WriteString(arrestsHeader + "\n")
	for n := range 2500 {
		fmt.Fprintf(&file, "a%d,%s,2026-03-12,%d,पप्पू यादव,,,लूट,jail,\n", n, araria, 30-n%2*20)
	}
	before := o.everything()
	report, err := o.read(file.String())
	if err != nil || report.Lines != 2500 || report.Wrong != 1250 || len(report.Problems) != 100 || report.Problems[99].Line != 201 {
		t.Errorf("%d lines, %d wrong, %d shown, %v", report.Lines, report.Wrong, len(report.Problems), err)
	}
	if o.everything() != before {
		t.Error("something was written")
	}
	// Right ones in several batches.
	if report := o.imports(strings.ReplaceAll(file.String(), ",10,", ",20,")); report.New != 2500 {
		t.Errorf("%+v", report.Imported)
	}
	if n := one[int](o, `select count(distinct number) from records`); n != 2500 {
		t.Errorf("%d numbers", n)
	}
}

func TestFilesThatAreNoTable(t *testing.T) {
	o := newOffice(t, "arrests")
	row := "a," + araria + ",2026-03-12,32,पप्पू यादव,,,लूट,jail,"
	latin, err := charmap.ISO8859_1.NewEncoder().String(lines(arrestsHeader, "a,"+araria+",2026-03-12,32,José,,,x y z,jail,"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ file, want string }{
		"empty":              {"", "the file is empty"},
		"blank":              {"\ufeff\r\n \n", "the file is empty"},
		"lacks a column":     {lines("id,station,date,age,name,offence", "x"), "the first line lacks the column held"},
		"an unknown column":  {lines(arrestsHeader+",nmae", row+","), "column 11 of the first line is none that this kind has"},
		"a column twice":     {lines(arrestsHeader+",age", row+","), "has the column age twice"},
		"no header":          {lines(row), "column 1 of the first line is none"},
		"Latin-1":            {latin, "line 2 is not in UTF-8 (it may be Windows-1252 or Latin-1"},
		"Latin-1 header":     {"id,st\xe4tion\n", "line 1 is not in UTF-8"},
		"a workbook":         {"PK\x03\x04\x14\x00", `not CSV; save it as "CSV UTF-8"`},
		"an old workbook":    {"\xd0\xcf\x11\xe0\xa1\xb1", "not CSV"},
		"UTF-16 unmarked":    {"i\x00d\x00,\x00", "UTF-16 without a mark"},
		"an open quote":      {lines(arrestsHeader, row, `b,"`+strings.Repeat("x", 3<<20)), "line 3 is longer than 1048576 bytes: is a quotation mark not closed?"},
		"binary":             {"\x00\x01\x02\x03\x04", "column 1 of the first line"},
		"a quote in a title": {"id,\"station\n", "the first line, which must name the columns, cannot be read: a quotation mark is not closed"},
	} {
		mustSay(t, name, o.refuses(c.file), c.want)
	}
	mustSay(t, "an open quote at the end", o.refuses(lines(arrestsHeader, row, `b,"x`)), "line 3: a quotation mark is not closed")
}

// The same table in every form in which spreadsheets write it.
func TestFormsOfFiles(t *testing.T) {
	plain := lines("ID, Station ,date,AGE,name,Name EN,father,offence,held", "a,"+araria+",2026-03-12,32,पप्पू यादव,,,लूट,jail")
	utf16 := func(e unicode.Endianness) string {
		text, err := unicode.UTF16(e, unicode.UseBOM).NewEncoder().String(plain)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, file := range map[string]string{
		"plain":                  plain,
		"with a mark":            "\ufeff" + plain,
		"CRLF":                   strings.ReplaceAll(plain, "\n", "\r\n"),
		"semicolons":             strings.ReplaceAll(plain, ",", ";"),
		"tabs":                   strings.ReplaceAll(plain, ",", "\t"),
		"sep=":                   "sep=;\r\n" + strings.ReplaceAll(plain, ",", ";"),
		"UTF-16LE":               utf16(unicode.LittleEndian),
		"UTF-16BE":               utf16(unicode.BigEndian),
		"no line end at the end": strings.TrimSuffix(plain, "\n"),
		"blank lines":            strings.ReplaceAll(plain, "\n", "\n\n,,,,,,,,\n"),
		"an empty column":        strings.ReplaceAll(plain, "\n", ",\n"),
		"quoted":                 `"` + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSuffix(plain, "\n"), ",", `","`), "\n", "\"\n\"") + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, "arrests")
			if report := o.imports(file); report.New != 1 {
				t.Errorf("%+v", report)
			}
			if got := o.found(store.Sought{Names: hindi.NameParts("pappu")}); len(got) != 1 {
				t.Errorf("found %v", got)
			}
		})
	}
}

func TestOnlyAHeader(t *testing.T) {
	o := newOffice(t, "wanted")
	if report := o.imports("id,district,date,name,offence\n"); report.Lines != 0 {
		t.Errorf("%+v", report)
	}
}

func TestImportFoundProperty(t *testing.T) {
	o := newOffice(t, "found-property")
	header := "id,station,date,article,imei,vehicle,chassis,document,make,description,place"
	o.imports(lines(header,
		"p1,"+araria+",2026-03-01,mobile,356938035643809,,,,सैमसंग,नीला फ़ोन,ज़ीरो माइल",
		"p2,"+araria+",2026-03-01,दोपहिया गाड़ी,,br 01 ab 1234,ME4JF,,हीरो,काली गाड़ी,",
		"p3,"+araria+",2026-03-01,cash,,,,,,पाँच हज़ार नक़द,",
	))
	for want, id := range map[string]store.Identifier{
		"import:p1": {Kind: "imei", Value: "356938035643809"}, "import:p2": {Kind: "vehicle", Value: "BR01AB1234"},
	} {
		if got := o.found(store.Sought{Identifiers: []store.Identifier{id}}); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v", id.Kind, got)
		}
	}
	said := o.refuses(lines(header,
		"p4,"+araria+",2026-03-01,mobile,356938035643808,,,,,नीला फ़ोन,",
		"p5,"+araria+",2026-03-01,cash,356938035643809,,,,,नक़द है,",
		"p6,"+araria+",2026-03-01,cash,,,,,,,",
	))
	mustSay(t, "wrong", said, "line 2, column imei: One digit of this IMEI seems wrong", "line 3, column imei: it does not go with the rest of the line",
		"line 4, column description: it is empty")
}

func TestImportWanted(t *testing.T) {
	o := newOffice(t, "wanted")
	o.imports(lines("id,district,date,name,name_en,alias,offence,reward", "w1,5140,2026-03-01,पप्पू यादव,Pappu Yadav,पपुआ,लूट,\"50,000\""))
	if got := one[string](o, `select names || '|' || reward || '|' || district || '|' || happened_on from records`); got != "पप्पू यादव Pappu Yadav पपुआ|50000|5140|2026-03-01" {
		t.Errorf("the record is %s", got)
	}
	mustSay(t, "a district", o.refuses(lines("id,district,date,name,offence", "w1,9999,2026-03-01,पप्पू यादव,लूट")), "line 2, column district: no police district has this code")
}

func TestImportBodiesAndPersons(t *testing.T) {
	o := newOffice(t, "bodies")
	o.imports(lines("id,station,date,place,kept,sex,age,height,upper,upper_colour,marks",
		"s1,"+araria+",2026-03-01,पुल के नीचे,सदर अस्पताल,man,45,170,shirt,white,दाहिने हाथ पर तिल"))
	mustSay(t, "looks", o.refuses(lines("id,station,date,place,kept,sex,height,upper", "s2,"+araria+",2026-03-01,पुल के नीचे,सदर अस्पताल,man,9 m,saree")),
		"line 2, column height:", "line 2, column upper: it is none of")
	o.kind = "unknown-persons"
	o.imports(lines("id,station,date,place,kept,condition,sex,age", "s1,"+araria+",2026-03-01,बस अड्डा,बाल गृह,कुछ बता नहीं पाता,man,child"))
	o.imports(lines("id,station,date,place,kept,condition,sex", "s2,"+araria+",2026-03-01,बस अड्डा,बाल गृह,कुछ बता नहीं पाता,woman"))
	if got := one[string](o, `select string_agg(concat_ws(' ', kind, what, age_low, age_high), ', ' order by id) from records`); got != "body man 45 45, person man 6 12, person woman" {
		t.Errorf("the records are %s", got)
	}
}

func picture(t *testing.T) []byte {
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, 20, 20))); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestImportPhotos(t *testing.T) {
	o := newOffice(t, "wanted")
	header := "id,district,date,name,offence,photos"
	row := func(photos string) string {
		return lines(header, "w1,5140,2026-03-01,पप्पू यादव,लूट,"+photos)
	}
	mustSay(t, "no folder", o.refuses(row("a.png")), "line 2, column photos: pictures can only be taken from a file on the disk")
	folder := fstest.MapFS{"a.png": {Data: picture(t)}, "b.txt": {Data: []byte("पप्पू")}, "c.png": {}}
	library := o.photosIn(folder)
	for photos, want := range map[string]string{
		"x.png": "picture 1: there is no such file", "../a.png": "picture 1: its name must be", "/etc/passwd": "its name must be",
		"a.png|b.txt": "picture 2: it is no picture", "c.png": "picture 1: it is empty", "a.png|a.png|a.png": "",
	} {
		if want != "" {
			mustSay(t, photos, o.refuses(row(photos)), want)
		}
	}
	o.DryRun = true
	o.photosIn(folder)
	before := one[int](o, `select count(*) from media`)
	o.imports(row("a.png"))
	if after := one[int](o, `select count(*) from media`); after != before {
		t.Error("a dry run kept a picture")
	}
	o.DryRun = false
	o.Photo = (&sheets.Photos{Open: sheets.InFolder(folder), Store: o.Store, Library: library}).Take
	o.imports(row(" a.png | a.png"))
	r, err := o.Store.RecordByNumber(t.Context(), one[string](o, `select number from records`))
	if err != nil || len(r.Media) != 1 || r.Media[0].Kind != "photo" {
		t.Fatalf("the pictures: %v, %v", r.Media, err)
	}
	if _, data, err := library.Original(t.Context(), r.Media[0].ID); err != nil || !bytes.Equal(data, picture(t)) {
		t.Errorf("the picture: %v", err)
	}
	if report := o.imports(row("a.png")); report.Same != 1 {
		t.Errorf("once more: %+v", report.Imported)
	}
	if report := o.imports(row("")); report.Changed != 1 {
		t.Errorf("without the picture: %+v", report.Imported)
	}
	if n := one[int](o, `select count(*) from record_media`); n != 0 {
		t.Errorf("%d pictures are left", n)
	}
}

func TestImportStations(t *testing.T) {
	o := newOffice(t, "stations")
	header := "code,district,kind,name_en,name_hi,aliases,revenue,lat,lng"
	file := lines(header, "5140999,5140,territorial,Naya Thana,नया थाना,Nayaa|नया,Araria,26.1,87.4", araria+",5140,territorial,Araria Nagar,अररिया नगर,,,,")
	if report := o.imports(file); report.New != 1 || report.Changed != 1 {
		t.Errorf("%+v", report.Imported)
	}
	if report := o.imports(file); report.Same != 2 {
		t.Errorf("once more: %+v", report.Imported)
	}
	if err := o.Store.LoadReference(t.Context()); err != nil {
		t.Fatal(err)
	}
	if name := one[string](o, `select name_en from stations where code = $1`, araria); name != "Araria Nagar" {
		t.Errorf("the program's own data came back: %s", name)
	}
	if aliases := one[[]string](o, `select aliases from stations where code = '5140999'`); !slices.Equal(aliases, []string{"Nayaa", "नया"}) {
		t.Errorf("aliases %q", aliases)
	}
	said := o.refuses(lines(header, "51409,5140,territorial,A,अ,,,,", "5140998,9999,moon,A,अ,,,26,", "5140997,5140,territorial,A,अ,,,NaN,200", "5140996,5140,territorial,A,अ,,,,", "5140996,5140,territorial,B,ब,,,,"))
	mustSay(t, "wrong", said, "line 2, column code:", "line 3, column district:", "line 3, column kind: it is none of territorial", "line 3, column lat: a place needs both",
		"line 4, column lat: it is no number of degrees", "line 4, column lng:", "line 6: it has the same code as line 5")
}

// The README has every kind with its columns.
func TestReadmeTellsTheColumns(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range sheets.Kinds {
		if !strings.Contains(string(readme), k.Markdown()+"\n") {
			t.Errorf("README.md lacks the line\n%s", k.Markdown())
		}
	}
}
