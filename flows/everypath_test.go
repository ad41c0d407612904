package flows

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/locales"
	"nagrik/store"
)

// samples are answers of which at least one fits every question that is not a choice.
var samples = []string{
	"356938035643809", "+919876543210", "BR01AB1234", "800001", "1234", "12", "सुनीता देवी",
	"कल शाम को दो लोग आए और दुकान का ताला तोड़कर सामान ले गए।", "2026-03-13T17:00", "2026-03-20", "45", "sunita@example.com", "@25.61234,85.14321", "yes",
	"abcdefghijklmnopqrstuv", noClaim, "08:00", "123/2025",
}

// branching are typed answers on which interviews branch, by the key of the question's texts; the
// shortest way takes the first.
var branching = map[string][]string{
	"person.age": {"45", "12"},
	"age":        {"65", "45"},
	"elder.age":  {"65", "45"},
	"which":      {"123/2025", "123/2025 अररिया"},
}

// again are paths of citizens who filed for a service before.
var again = map[string][]path{"verification": {
	{{Key: "last.tenant.premises", Value: "मकान 7, महेंद्रू"}, {Key: "kind", Value: "tenant"}},
	{{Key: "last.help.premises", Value: "मकान 7, महेंद्रू"}, {Key: "kind", Value: "help"}},
	{{Key: "last.driver.premises", Value: "voice:m1"}, {Key: "kind", Value: "driver"}},
}}

// small answers a question for a number too: a few years, or a child's.
const small = "3"

// noClaim is a claim code that no draft is likely to get.
const noClaim = "00000000000000000000"

// path is the answers given so far.
type path []bot.Answer

// walker walks every option of every choice of one interview.
type walker struct {
	t       *testing.T
	service string
	texts   *locales.Texts
	open    func() bot.Interview
	covered map[string]bool // textkey=option
	paths   int
	ends    []path // the paths that come to their end
}

func TestEveryPath(t *testing.T) {
	t.Parallel()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	directory, err := store.EmbeddedDirectory()
	if err != nil {
		t.Fatal(err)
	}
	records := &Records{Stations: NewStations(directory), Texts: texts}
	open := map[string]func() bot.Interview{}
	groups := map[string][]string{}
	for _, s := range records.Services() {
		if s.New == nil {
			groups[s.ID] = s.Group
			continue
		}
		open[s.ID] = s.New
	}
	filing := store.Filing{Number: "SH12345678903", Service: "complaint", Status: store.Sent, Station: "5117065", CreatedAt: bottest.Start}
	open["my_filings"] = func() bot.Interview {
		return &MyFilings{records: records, visit: bot.Visit{Citizen: "c"}, filings: []store.Filing{filing}, shown: "…", decided: true}
	}
	own := []store.InformantFIR{{FIRKey: store.FIRKey{Station: "5117065", Year: 2025, Number: 123}, On: bottest.Start}}
	open["fir_copy"] = func() bot.Interview { return &FIRCopy{records: records, own: own} }
	asked := []store.Event{{Kind: "sent", At: bottest.Start}, {Kind: store.Question, Note: "?", At: bottest.Start}}
	open["tip"] = func() bot.Interview { return &Tip{records: records, code: noClaim} }
	open["tip.about"] = func() bot.Interview {
		return &Tip{records: records, code: noClaim, wanted: listed(newWanted(records).list)}
	}
	open["wanted"] = func() bot.Interview { return &Wanted{list: listed(newWanted(records).list)} }
	open["arrests"] = func() bot.Interview { return &Arrests{list: listed(newArrests(records).list)} }
	open["recovered_list"] = func() bot.Interview { return &RecoveredList{list: listed(newRecoveredList(records).list)} }
	open["body_list"] = func() bot.Interview { return &StrangerList{list: listed(newBodyList(records).list)} }
	open["person_list"] = func() bot.Interview { return &StrangerList{list: listed(newPersonList(records).list)} }
	for _, what := range []string{"mobile", "two_wheeler", "papers", "cash"} {
		open["property_claim."+what] = func() bot.Interview {
			l := listed(newRecoveredList(records).list)
			l.picked.What = what
			return &PropertyClaim{list: l}
		}
	}
	open["identification"] = func() bot.Interview { return &Identification{list: listed(newBodyList(records).list)} }
	open["identification.person"] = func() bot.Interview { return &Identification{list: listed(newPersonList(records).list)} }
	open["tip_code"] = func() bot.Interview { return &TipCode{records: records, code: noClaim, events: asked} }
	registered := &store.Registration{Details: store.Details{Filing: filing}, Name: "x"}
	open["registration"] = func() bot.Interview { return &Registration{records: records, registration: registered} }
	open["greeting"] = func() bot.Interview { return &Greeting{registration: registered} }
	greeted := *registered
	greeted.Greeting = &store.Greeting{Hour: "08:00"}
	open["greeting.set"] = func() bot.Interview { return &Greeting{registration: &greeted} }
	open["journey"] = func() bot.Interview {
		return &Journey{journey: &store.Journey{Filing: filing, Leave: bottest.Start.AddDate(0, 0, -1), Return: bottest.Start}}
	}
	open["journey.ahead"] = func() bot.Interview {
		return &Journey{journey: &store.Journey{Filing: filing, Leave: bottest.Start.AddDate(0, 0, 1), Return: bottest.Start}}
	}
	open["consent"] = func() bot.Interview { return &Consent{asked: &store.ConsentAsked{Waiting: true}} }
	open["relatives"] = func() bot.Interview {
		links := []store.Link{{Number: "VN1", Who: "x", Name: "x"}}
		return &Relatives{records: records, registration: registered, relatives: links, elders: links}
	}
	open["profile"] = func() bot.Interview { return &Profile{records: records, known: true} }
	delete(open, "property_claim") // it is walked for each kind of thing
	for group, services := range groups {
		for _, id := range services {
			if open[id] == nil {
				t.Errorf("the group %s has %s, which is no service", group, id)
			}
		}
		w := &walker{t: t, texts: texts}
		w.text("menu."+group, nil, 24)
		w.text("menu."+group+".choose", nil, 0)
	}
	for service, interview := range open {
		t.Run(service, func(t *testing.T) {
			service, _, _ := strings.Cut(service, ".") // "greeting.set" is the greeting in another state
			w := &walker{t: t, service: service, texts: texts, open: interview, covered: map[string]bool{}}
			for todo := append([]path{nil}, again[service]...); len(todo) > 0; todo = todo[1:] {
				todo = append(todo, w.walk(todo[0])...)
			}
			t.Logf("%d paths, %d options", w.paths, len(w.covered))
			w.checkLeast()
			for _, id := range []string{"menu." + service, "menu." + service + ".resume"} {
				w.text(id, nil, 24)
			}
		})
	}
}

// listed gives a list a page with a record that can be picked, of which there is a photo, and more pages.
func listed(l recordList) recordList {
	r := listedRecord{
		Record: store.Record{
			Number: "WN12345678903", Kind: l.kind, District: "5140", On: bottest.Start, What: "mobile", Media: []store.Media{{ID: "m", Kind: "photo"}},
		},
		known: madeKnown{Looks: &Description{Age: &Range{40, 40}}},
	}
	l.page, l.picked, l.more, l.newest = []listedRecord{r}, &r, true, bottest.Start
	return l
}

// TestStationsBelongToOneDistrict holds that no station is offered under two districts: a changed
// district must not leave a station of another one silently valid.
func TestStationsBelongToOneDistrict(t *testing.T) {
	t.Parallel()
	directory, err := store.EmbeddedDirectory()
	if err != nil {
		t.Fatal(err)
	}
	stations := NewStations(directory)
	under := map[string]string{}
	for _, d := range directory.Districts {
		for _, item := range stations.In(d.Code).First("hi") {
			if other := under[item.ID]; other != "" {
				t.Errorf("%s is offered under %s and %s", item.ID, other, d.Code)
			}
			under[item.ID] = d.Code
			for _, e := range directory.Districts {
				if _, ok := stations.In(e.Code).Item("hi", item.ID); ok != (e.Code == d.Code) {
					t.Errorf("%s of %s is valid under %s: %v", item.ID, d.Code, e.Code, ok)
				}
			}
		}
	}
	if len(under) != len(directory.Stations) {
		t.Errorf("%d of %d stations can be picked through their district", len(under), len(directory.Stations))
	}
}

// walk goes on from a path to its end, taking the first way at each choice, and gives the paths
// that branch off with options not seen before.
func (w *walker) walk(p path) (branches []path) {
	w.paths++
	for len(p) < 200 {
		answered, q, continued := bot.Inspect(w.open(), p, "c", bottest.Start)
		w.checkKeys(answered)
		if q == nil && continued == "" {
			w.ends = append(w.ends, p)
		}
		if q == nil || continued != "" {
			return branches
		}
		w.checkTexts(q)
		values := w.values(q)
		if len(values) == 0 {
			w.t.Fatalf("%s: no sample answers it", q.Key)
		}
		for _, v := range values[1:] {
			if id := q.TextKey + "=" + v; !w.covered[id] {
				w.covered[id] = true
				branches = append(branches, append(slices.Clone(p), bot.Answer{Key: q.Key, Value: v}))
			}
		}
		w.covered[q.TextKey+"="+values[0]] = true
		p = append(p, bot.Answer{Key: q.Key, Value: values[0]})
	}
	w.t.Errorf("a path of 200 questions: %v", p)
	return branches
}

// values are the answers to try: every option, or a sample; and the skip.
func (w *walker) values(q *bot.Inspected) (values []string) {
	values = append(values, q.Options...)
	if q.List != nil {
		for i, item := range q.List.First("hi") {
			if !q.Accepts(item.ID) {
				w.t.Errorf("%s does not accept its own %q", q.Key, item.ID)
			}
			if i < 2 { // more would only repeat the same questions
				values = append(values, item.ID)
			}
		}
		if items, _ := q.List.Find("hi", "गांधी मैदान", 1); len(items) > 0 {
			values = append(values, items[0].ID)
		}
	}
	values = append(values, branching[q.TextKey]...)
	if len(values) == 0 && q.List == nil {
		for _, s := range samples {
			if q.Accepts(s) {
				values = append(values, s)
				break
			}
		}
		if q.Read != nil && q.Accepts(small) && !slices.Contains(values, small) {
			values = append(values, small)
		}
	}
	for _, v := range values {
		if !q.Accepts(v) {
			w.t.Errorf("%s does not accept its own %q", q.Key, v)
		}
		if q.Read == nil {
			continue
		}
		once, err := q.Read(v)
		twice, err2 := q.Read(once)
		if err != nil || err2 != nil || once != twice {
			w.t.Errorf("%s: %q reads as %q, and that as %q (%v, %v)", q.Key, v, once, twice, err, err2)
		}
	}
	if q.Optional {
		values = append(values, "")
	}
	return values
}

func (w *walker) checkKeys(answered []bot.Inspected) {
	seen := map[string]bool{}
	for _, a := range answered {
		if seen[a.Key] {
			w.t.Fatalf("the key %s is asked twice", a.Key)
		}
		seen[a.Key] = true
	}
}

// checkTexts holds that a question's texts are there in all languages, and that its labels fit the
// narrowest channel.
func (w *walker) checkTexts(q *bot.Inspected) {
	if q.TextKey == "phone" {
		return
	}
	room := bottest.WhatsApp.RowLabel
	if n := len(q.Options); n <= bottest.WhatsApp.Buttons && q.List == nil {
		room = bottest.WhatsApp.Label
	}
	w.question(q, "", 0)
	for _, id := range q.Notices {
		w.text(id, nil, 0)
	}
	if !q.Hidden {
		w.question(q, ".label", 20)
	}
	for _, o := range q.Options {
		if o == "yes" || o == "no" {
			continue
		}
		w.question(q, "."+o, room)
		if len("d.AAAAAAAAAAAAAAAA.="+".123456"+q.Key+o) > 64 {
			w.t.Errorf("a button for %s=%s would carry more than 64 bytes", q.Key, o)
		}
	}
	if len("d.AAAAAAAAAAAAAAAA.=restart.123456!way:"+q.Key) > 64 {
		w.t.Errorf("a button for a way out of %s would carry more than 64 bytes", q.Key)
	}
}

func (w *walker) question(q *bot.Inspected, suffix string, most int) {
	w.t.Helper()
	for _, base := range []string{w.service, "common"} {
		id := base + "." + q.TextKey + suffix
		data := fill(w.texts, id)
		maps.Copy(data, q.Data)
		if _, ok := w.texts.Text("hi", id, data); ok {
			w.text(id, data, most)
			return
		}
	}
	w.t.Errorf("no text %s.%s%s", w.service, q.TextKey, suffix)
}

// text holds that a text is there in all languages and has at most so many letters (0: any).
func (w *walker) text(id string, data map[string]any, most int) {
	w.t.Helper()
	for _, lang := range w.texts.Languages() {
		if data == nil {
			data = fill(w.texts, id)
		}
		words, ok := w.texts.Text(lang, id, data)
		if !ok || words == "" {
			w.t.Errorf("no text %s in %s", id, lang)
		}
		if n := utf8.RuneCountInString(words); most > 0 && n > most {
			w.t.Errorf("%s in %s has %d letters of %d: %q", id, lang, n, most, words)
		}
	}
}

// least is the answer of someone who tells as little as may be: what can be skipped is, every yes-or-no
// that opens more questions is a no, and a station is found by its name.
func (w *walker) least(q *bot.Inspected) string {
	switch values := w.values(q); {
	case q.Optional:
		return ""
	case slices.Contains(q.Options, "no"):
		return "no"
	case q.List != nil:
		return values[len(values)-1]
	default:
		return values[0]
	}
}

func fill(texts *locales.Texts, id string) map[string]any {
	data := map[string]any{}
	for _, f := range texts.Fields("hi", id) {
		data[f] = "x"
	}
	return data
}

// checkLeast holds that at most twelve questions must be answered.
func (w *walker) checkLeast() {
	if w.service == "my_filings" || w.service == "profile" {
		return
	}
	var p path
	must := []string{}
	for len(p) < 100 {
		_, q, continued := bot.Inspect(w.open(), p, "", bottest.Start)
		if q == nil || continued != "" {
			break
		}
		if q.TextKey == "phone" {
			must = append(must, q.Key)
			break // verified: what follows needs the phone, and is asked of the others below
		}
		if !q.Optional {
			must = append(must, q.Key)
		}
		p = append(p, bot.Answer{Key: q.Key, Value: w.least(q)})
	}
	for len(p) < 100 {
		_, q, _ := bot.Inspect(w.open(), p, "c", bottest.Start)
		if q == nil {
			break
		}
		if !q.Optional {
			must = append(must, q.Key)
		}
		p = append(p, bot.Answer{Key: q.Key, Value: w.least(q)})
	}
	if len(must) > 12 {
		w.t.Errorf("%d questions must be answered: %s", len(must), strings.Join(must, ", "))
	}
}
