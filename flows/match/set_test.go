package match_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/flows"
	"nagrik/store"
)

// example is a pair of testdata, or a near-miss.
type example struct {
	line        int
	same        bool
	lost, found told
}

// told is what one side tells: a line of testdata.
type told struct {
	kind    string
	answers map[string]string
}

func (s told) day() time.Time {
	day, _ := strconv.Atoi(s.answers["day"])
	return time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC)
}

// examples reads a file of testdata.
func examples(t *testing.T, name string) []example {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var list []example
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		if line == "pair" || line == "miss" {
			list = append(list, example{i + 1, line == "pair", side(t, lines[i+1]), side(t, lines[i+2])})
		}
	}
	return list
}

func side(t *testing.T, line string) told {
	t.Helper()
	kind, rest, ok := strings.Cut(line, ": ")
	s := told{kind, map[string]string{}}
	for part := range strings.SplitSeq(rest, "; ") {
		key, value, found := strings.Cut(part, "=")
		ok = ok && found && slices.Contains(keys, key)
		s.answers[key] = value
	}
	if !ok {
		t.Fatalf("not a side: %q", line)
	}
	return s
}

var keys = strings.Fields(`what number words issued make owner applicant value day at place name alias says sex age height built complexion hair marks
	upper lower footwear jewellery beard spectacles language condition who likely more`)

// form is what the side's service or the desk would have kept of the answers.
func (s told) form() any {
	a := s.answers
	when := bot.When{Time: s.day()}
	article := flows.Article{Kind: a["what"], Number: a["number"], Issued: a["issued"], Owner: a["owner"], Description: a["words"], Value: a["value"]}
	applicant := flows.Applicant{Name: a["applicant"]}
	switch s.kind {
	case "lost_property":
		return flows.LostProperty{Articles: []flows.Article{article}, When: when, Place: a["place"], Applicant: applicant}
	case "complaint":
		return flows.Complaint{Category: "theft", Articles: []flows.Article{article}, When: when, Place: a["place"], Applicant: applicant}
	case "found_property":
		return flows.FoundProperty{Articles: []flows.Article{article}, When: when, Place: a["place"]}
	case "missing_person":
		return flows.MissingPerson{
			Name: a["name"], Alias: a["alias"], Looks: s.looks(), Condition: a["condition"], When: when, Place: a["place"], Likely: a["likely"], Details: a["more"],
		}
	case "unknown_person":
		return flows.UnknownPerson{SaysName: a["says"], Looks: s.looks(), Who: a["who"], When: when, Place: a["place"], Details: a["more"]}
	case "unidentified_body":
		return flows.UnidentifiedBody{Looks: s.looks(), When: when, Place: a["place"], Details: a["more"]}
	}
	return map[string]any{ // as flows/desk/record_form.go
		"On": s.day().Format(time.DateOnly), "Place": a["place"], "Article": a["what"], "Make": a["make"], "Description": a["words"],
		"Looks": s.looks(), "Condition": a["more"],
	}
}

var ages = map[string]flows.Range{
	"infant": {Low: 0, High: 5}, "child": {Low: 6, High: 12}, "teen": {Low: 13, High: 17}, "young": {Low: 18, High: 30}, "adult": {Low: 31, High: 45},
	"middle": {Low: 46, High: 60}, "old": {Low: 61, High: 120},
}

var heights = map[string]flows.Range{"to_5_ft": {Low: 122, High: 152}, "to_5_ft_4": {Low: 152, High: 163}, "to_5_ft_8": {Low: 163, High: 173}}

func span(value string, bands map[string]flows.Range) *flows.Range {
	if band, ok := bands[value]; ok {
		return &band
	}
	low, high, ranged := strings.Cut(value, "-")
	if !ranged {
		high = low
	}
	n, err1 := strconv.Atoi(low)
	m, err2 := strconv.Atoi(high)
	if err1 != nil || err2 != nil {
		return nil
	}
	return &flows.Range{Low: n, High: m}
}

func (s told) looks() flows.Description {
	a := s.answers
	d := flows.Description{
		Sex: a["sex"], Age: span(a["age"], ages), Height: span(a["height"], heights), Built: a["built"], Complexion: a["complexion"], Hair: a["hair"],
		Marks: a["marks"], Footwear: a["footwear"], Jewellery: a["jewellery"], Beard: a["beard"], Spectacles: a["spectacles"], Language: a["language"],
	}
	d.Upper, d.UpperColour, _ = strings.Cut(a["upper"], "/")
	d.Lower, d.LowerColour, _ = strings.Cut(a["lower"], "/")
	return d
}

func (s told) details() json.RawMessage {
	details, err := json.Marshal(map[string]any{"answers": []bot.Shown{}, "form": s.form()})
	if err != nil {
		panic(err)
	}
	return details
}

// content is the side as the store opens it.
func (s told) content() store.SideContent {
	station := s.answers["at"]
	return store.SideContent{
		Number: "X", Kind: s.kind, Station: station, District: station[:4], At: s.day(), Applicant: s.answers["applicant"], Details: s.details(),
	}
}

// figures count what a test found.
type figures struct{ hits, missed, wrong, rest int }

func (f figures) recall() float64    { return float64(f.hits) / float64(f.hits+f.missed) }
func (f figures) precision() float64 { return float64(f.hits) / float64(f.hits+f.wrong) }

func (f *figures) count(same, proposed bool) {
	switch {
	case same && proposed:
		f.hits++
	case same:
		f.missed++
	case proposed:
		f.wrong++
	default:
		f.rest++
	}
}

func (f figures) String() string {
	return fmt.Sprintf("recall %.3f (%d of %d), precision %.3f (%d wrong of %d that are not)",
		f.recall(), f.hits, f.hits+f.missed, f.precision(), f.wrong, f.wrong+f.rest)
}
