package locales

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// filesOf is the program's texts with more files beside them.
func filesOf(t *testing.T, more map[string]string) fstest.MapFS {
	t.Helper()
	all := fstest.MapFS{}
	for _, lang := range []string{"hi", "en"} {
		content, err := files.ReadFile(lang + "/datetime.toml")
		if err != nil {
			t.Fatal(err)
		}
		all[lang+"/datetime.toml"] = &fstest.MapFile{Data: content}
	}
	for name, content := range more {
		all[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return all
}

func loadWith(t *testing.T, more map[string]string) *Texts {
	t.Helper()
	texts, err := load(filesOf(t, more))
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestTextsAreFilledInAndFallBack(t *testing.T) {
	t.Parallel()
	texts := loadWith(t, map[string]string{
		"hi/x.toml": `
"x.plain" = "नमस्ते"
"x.name" = "{{.Name}} जी, आपका नंबर {{spaced .Number}} है।"
"x.only" = "केवल हिंदी"
"x.only.simple" = "हिंदी"
"x.if" = "{{if .Past}}{{.Day}} को{{else}}{{$.Other.Name}}{{end}}{{range .List}}{{.}}{{end}}"
["x.open"]
one = "{{.Count}} शिकायत"
other = "{{.Count}} शिकायतें"
`,
		"en/x.toml": `
"x.plain" = "Hello"
"x.name" = "{{.Name}}, your number is {{spaced .Number}}."
["x.open"]
one = "{{.Count}} complaint"
other = "{{.Count}} complaints"
`,
	})
	number := map[string]any{"Name": "सीता", "Number": "KS12345678901"}
	for _, c := range []struct {
		lang, id string
		data     map[string]any
		want     string
		ok       bool
	}{
		{"hi", "x.plain", nil, "नमस्ते", true},
		{"en", "x.plain", nil, "Hello", true},
		{"fr", "x.plain", nil, "नमस्ते", true},
		{"", "x.plain", nil, "नमस्ते", true},
		{"hi", "x.name", number, "सीता जी, आपका नंबर KS 1234 5678 901 है।", true},
		{"en", "x.name", number, "सीता, your number is KS 1234 5678 901.", true},
		{"en", "x.only", nil, "केवल हिंदी", true},
		{"hi", "x.only.simple", nil, "हिंदी", true},
		{"en", "x.only.simple", nil, "", false},
		{"hi", "x.none", nil, "", false},
		{"en", "x.none", nil, "", false},
		{"hi", "x.open", map[string]any{"Count": 1}, "1 शिकायत", true},
		{"hi", "x.open", map[string]any{"Count": 0}, "0 शिकायत", true},
		{"hi", "x.open", map[string]any{"Count": 2}, "2 शिकायतें", true},
		{"en", "x.open", map[string]any{"Count": 1}, "1 complaint", true},
		{"en", "x.open", map[string]any{"Count": 0}, "0 complaints", true},
		{"en", "x.open", map[string]any{"Count": struct{}{}}, "", false},
		{"en", "x.open", nil, "", false},
		{"en", "x.open", map[string]any{"Count": "12"}, "12 complaints", true},
		{"hi", "x.name", nil, "", false},
		{"hi", "x.name", map[string]any{"Number": "1"}, "", false},
		{"hi", "x.name", map[string]any{"Name": nil, "Number": "1"}, "", false},
		{"hi", "x.name", map[string]any{"Name": "गीता", "Number": "1"}, "गीता जी, आपका नंबर 1 है।", true},
	} {
		got, ok := texts.Text(c.lang, c.id, c.data)
		if got != c.want || ok != c.ok {
			t.Errorf("Text(%s, %s, %v) = %q, %v, want %q, %v", c.lang, c.id, c.data, got, ok, c.want, c.ok)
		}
	}
	want := map[string]int{"en x.only": 1, "en x.open": 2, "hi x.name": 3}
	if got := texts.Missing(); !maps.Equal(got, want) {
		t.Errorf("Missing() = %v, want %v", got, want)
	}
	for id, want := range map[string]string{
		"x.plain": "", "x.none": "", "x.open": "Count", "x.name": "Name Number", "x.if": "Day List Other Past",
	} {
		if got := strings.Join(texts.Fields("hi", id), " "); got != want {
			t.Errorf("Fields(%s) = %s, want %s", id, got, want)
		}
	}
	if got := strings.Join(texts.Languages(), " "); got != "hi en" {
		t.Errorf("Languages() = %s, want hi en", got)
	}
	ids := texts.IDs("en")
	if !slices.IsSorted(ids) || !slices.Contains(ids, "x.open") || slices.Contains(ids, "x.only") {
		t.Errorf("IDs(en) = %v", ids)
	}
}

// TestEveryTrapIsAnError at the start and never a strange word on a citizen's
// phone; go-i18n alone lets most of these pass.
func TestEveryTrapIsAnError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		want  string // in the error
	}{
		"a table of options":          {map[string]string{"hi/x.toml": "[x.article]\nmobile = \"क\"\nother = \"ख\""}, `"x"`},
		"an unquoted key":             {map[string]string{"hi/x.toml": `x.article = "क"`}, `"x"`},
		"options that look as plural": {map[string]string{"hi/x.toml": "[\"x.how\"]\none = \"क\"\ntwo = \"ख\""}, "needs other"},
		"an option beside a plural":   {map[string]string{"hi/x.toml": "[\"x.how\"]\nmany_more = \"क\"\nother = \"ख\""}, "many_more"},
		"a description":               {map[string]string{"hi/x.toml": "[\"x.how\"]\ndescription = \"क\""}, "description"},
		"a bare word as id":           {map[string]string{"hi/x.toml": `other = "क"`}, `"other"`},
		"a capital letter":            {map[string]string{"hi/x.toml": `"x.How" = "क"`}, `"x.How"`},
		"an empty text":               {map[string]string{"hi/x.toml": `"x.how" = " "`}, "empty"},
		"an empty plural form":        {map[string]string{"hi/x.toml": "[\"x.how\"]\none = \"\"\nother = \"ख\""}, "empty"},
		"a number":                    {map[string]string{"hi/x.toml": `"x.how" = 112`}, "string"},
		"a key twice":                 {map[string]string{"hi/x.toml": "\"x.how\" = \"क\"\n\"x.how\" = \"ख\""}, "x.how"},
		"a key in two files":          {map[string]string{"hi/x.toml": `"x.how" = "क"`, "hi/y.toml": `"x.how" = "क"`}, "hi/x.toml"},
		"an open action":              {map[string]string{"hi/x.toml": `"x.how" = "{{.Name"`}, "x.how"},
		"an unknown function":         {map[string]string{"hi/x.toml": `"x.how" = "{{dat .On}}"`}, "dat"},
		"a language without rules":    {map[string]string{"mai/x.toml": `"x.how" = "{{.Name}}"`}, "mai"},
		"not TOML":                    {map[string]string{"hi/x.toml": `"x.how" "क"`}, "hi/x.toml"},
	} {
		_, err := load(filesOf(t, c.files))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %s", name, err, c.want)
		}
	}
	if _, err := load(fstest.MapFS{}); err == nil {
		t.Error("no texts at all: no error")
	}
	if _, err := load(fstest.MapFS{"hi/x.toml": {Data: []byte(`"x.how" = "क"`)}}); err == nil || !strings.Contains(err.Error(), "datetime.") {
		t.Errorf("without datetime.toml: error %v", err)
	}
}

func TestDatesAndNumbersAreToldInWords(t *testing.T) {
	t.Parallel()
	texts := loadWith(t, map[string]string{"hi/x.toml": `
"x.date" = "{{date .V}}"
"x.weekday" = "{{weekday .V}}"
"x.clock" = "{{clock .V}}"
"x.datetime" = "{{datetime .V}}"
"x.number" = "{{number .V}}"
"x.spaced" = "{{spaced .V}}"
"x.phone" = "{{phone .V}}"
"x.height" = "{{feet .V}} फुट {{inches .V}} इंच"
"x.list" = "{{list .V}}"
`})
	evening := time.Date(2025, 12, 5, 12, 0, 0, 0, time.UTC) // 5:30 in the evening in India
	for _, c := range []struct {
		function string
		value    any
		want     string // "" means an error
	}{
		{"date", evening, "5 दिसंबर 2025"},
		{"date", time.Date(2025, 12, 4, 18, 30, 0, 0, time.UTC), "5 दिसंबर 2025"}, // midnight in India
		{"date", "2025-02-01", "1 फ़रवरी 2025"},
		{"date", "2025-02-30", ""},
		{"date", time.Time{}, ""},
		{"date", 5, ""},
		{"weekday", "2025-12-05", "शुक्रवार"},
		{"clock", evening, "शाम 5:30 बजे"},
		{"clock", "00:05", "रात 12:05 बजे"},
		{"clock", "03:59", "रात 3:59 बजे"},
		{"clock", "04:00", "सुबह 4 बजे"},
		{"clock", "11:59", "सुबह 11:59 बजे"},
		{"clock", "12:00", "दोपहर 12 बजे"},
		{"clock", "16:00", "शाम 4 बजे"},
		{"clock", "23:45", "रात 11:45 बजे"},
		{"clock", "5 pm", ""},
		{"datetime", evening, "5 दिसंबर 2025, शाम 5:30 बजे"},
		{"datetime", "2025-12-05T12:00:00Z", "5 दिसंबर 2025, शाम 5:30 बजे"},
		{"number", 0, "0"},
		{"number", 999, "999"},
		{"number", int32(1000), "1,000"},
		{"number", int64(100000), "1,00,000"},
		{"number", "123456789", "12,34,56,789"},
		{"number", -1234567.0, "-12,34,567"},
		{"number", 1.5, ""},
		{"number", "a", ""},
		{"spaced", "KS12345678901", "KS 1234 5678 901"},
		{"spaced", "KS 1234 5678 901", "KS 1234 5678 901"},
		{"spaced", "12345678", "1234 5678"},
		{"spaced", "12345", "1234 5"},
		{"spaced", "KS", "KS"},
		{"phone", "+919876543210", "+91 98765 43210"},
		{"phone", "+9779812345678", "+9779812345678"},
		{"height", "163", "5 फुट 4 इंच"},
		{"height", 152, "5 फुट 0 इंच"},
		{"height", "182", "6 फुट 0 इंच"}, // 5 feet 11.65 inches
		{"height", "tall", ""},
		{"list", []string{"क"}, "क"},
		{"list", []string{"क", "ख"}, "क और ख"},
		{"list", []string{"क", "ख", "ग"}, "क, ख और ग"},
		{"list", []string{"क", "ख", "ग", "घ"}, "क, ख, ग और घ"},
		{"list", "क", ""},
	} {
		got, ok := texts.Text("hi", "x."+c.function, map[string]any{"V": c.value})
		if got != c.want || ok != (c.want != "") {
			t.Errorf("{{%s %v}} is %q, %v, want %q", c.function, c.value, got, ok, c.want)
		}
	}
	for _, c := range []struct{ got, want string }{
		{texts.Date("en", evening), "5 December 2025"},
		{texts.Weekday("en", evening), "Friday"},
		{texts.Clock("en", evening), "5:30 pm"},
		{texts.Clock("en", evening.Add(-5*time.Hour-30*time.Minute)), "12 pm"},
		{texts.Clock("en", evening.Add(-17*time.Hour)), "12:30 am"},
		{texts.DateTime("en", evening), "5 December 2025, 5:30 pm"},
		{texts.List("en", []string{"a", "b", "c"}), "a, b and c"},
		{texts.List("en", nil), ""},
		{texts.Date("fr", evening), "5 दिसंबर 2025"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func BenchmarkText(b *testing.B) {
	texts, err := load(files)
	if err != nil {
		b.Fatal(err)
	}
	data := map[string]any{"Day": 5, "Month": "दिसंबर", "Year": 2025}
	for _, c := range []struct {
		name, lang, id string
		data           map[string]any
	}{
		{"plain", "hi", "datetime.month.12", nil},
		{"filled", "hi", "datetime.date", data},
		{"filled in English", "en", "datetime.date", data},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if _, ok := texts.Text(c.lang, c.id, c.data); !ok {
					b.Fatal("no text")
				}
			}
		})
	}
}
