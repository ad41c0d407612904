package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"nagrik/bot"
)

// records is where filings go.
type records struct {
	mu      sync.Mutex
	filed   map[string]bot.Filing // by dialog
	numbers map[string]string     // by dialog
	codes   map[string]string     // of tips, by dialog
	calls   int
	fail    func(bot.Filing) error // nil: nothing fails
	gone    map[string]bool        // services that this release has no more
	ask     func(q *bot.Questions) // another release's questions of lost_property

	unprepared error // what preparing my_filings fails with
}

func (r *records) file(f bot.Filing) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	if r.fail != nil {
		if err := r.fail(f); err != nil {
			return "", err
		}
	}
	if _, ok := r.filed[f.Dialog]; !ok {
		r.filed[f.Dialog] = f
		r.numbers[f.Dialog] = fmt.Sprintf("KS%010d", len(r.filed))
	}
	return r.numbers[f.Dialog], nil
}

// only gives the answers of the only filing.
func (r *records) only(t testing.TB) map[string]string {
	t.Helper()
	if len(r.filed) != 1 {
		t.Fatalf("%d filings, not one", len(r.filed))
	}
	answers := map[string]string{}
	for _, f := range r.filed {
		for _, a := range f.Answers {
			answers[a.Key] = a.Value
		}
	}
	return answers
}

// services are the example services: every kind of question, a branch, a repeated group, a
// continuation, and services that are direct, secret, prepared or short.
func services(r *records) []bot.Service {
	all := []bot.Service{
		{ID: "lost_property", New: func() bot.Interview { return &lost{r: r} }},
		{ID: "complaint", New: func() bot.Interview { return &complaint{r: r} }},
		{ID: "my_filings", New: func() bot.Interview { return &mine{r: r} }, Direct: true},
		{ID: "tip", New: func() bot.Interview { return &tip{r: r} }, Secret: true},
	}
	for _, id := range []string{"fir_copy", "verification", "travel_alert"} {
		all = append(all, bot.Service{ID: id, New: func() bot.Interview { return &short{r: r} }})
	}
	if r.gone != nil {
		all = slices.DeleteFunc(all, func(s bot.Service) bool { return r.gone[s.ID] })
	}
	return all
}

// things are more than a page.
var things = []string{"mobile", "sim", "papers", "licence", "card", "passport", "bag", "jewellery", "cash", "keys", "cattle", "misc"}

type lost struct {
	r       *records
	how     string
	things  []string
	imei    string
	when    bot.When
	place   string
	station string
	age     int
	details string
	photos  []string
	name    string
}

func (l *lost) Ask(q *bot.Questions) {
	if l.r.ask != nil {
		l.r.ask(q)
		return
	}
	q.Choice(&l.how, "how", []string{"lost", "stolen", "found"})
	if l.how == "stolen" {
		q.Continue("complaint")
		return
	}
	q.Say("lost_property.say")
	for i, more := 1, true; more && i <= 3; i++ {
		var thing string
		key := "thing." + strconv.Itoa(i)
		q.Choice(&thing, key+".kind", things)
		if thing == "mobile" {
			q.Text(&l.imei, key+".imei", bot.IMEI, bot.Optional)
		}
		l.things = append(l.things, thing)
		more = false
		if i < 3 {
			q.Yes(&more, key+".more", bot.Hidden)
		}
	}
	q.Date(&l.when, "when", bot.Past, bot.UnknownAllowed)
	q.Place(&l.place, "place")
	q.Pick(&l.station, "station", towns{}, bot.Locatable, bot.Around(l.place), bot.OrVia("by_letter"), bot.Or("not_listed"))
	if l.station == "by_letter" {
		q.Pick(&l.station, "station_in", towns{}, bot.Or("not_listed"))
	}
	q.Number(&l.age, "age", 1, 120, bot.Optional)
	q.Text(&l.details, "details", bot.Length(20, 500))
	q.Photos(&l.photos, "photos", 5, bot.Optional)
	q.Verify()
	q.Text(&l.name, "name", bot.Name, bot.Prefill(q.Known("name")))
}

func (l *lost) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	number, err := l.r.file(f)
	return bot.Outcome{Number: number, Data: map[string]any{"Number": number}}, err
}

type complaint struct {
	r        *records
	category string
	details  string
	sure     bool
	photos   []string
}

func (c *complaint) Ask(q *bot.Questions) {
	carried := ""
	if q.Carried("how") == "stolen" {
		carried = "theft"
	}
	q.Choice(&c.category, "category", []string{"theft", "fraud", "misc"}, bot.Prefill(carried))
	q.Text(&c.details, "details", bot.Length(20, 500))
	q.Yes(&c.sure, "sure", bot.With("Category", c.category))
	if c.sure {
		q.Photos(&c.photos, "photos", 10)
	}
}

func (c *complaint) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	number, err := c.r.file(f)
	return bot.Outcome{Number: number}, err
}

// mine is direct, and prepared from the records.
type mine struct {
	r      *records
	count  int
	action string
}

func (m *mine) Prepare(context.Context, bot.Visit) error {
	m.r.mu.Lock()
	defer m.r.mu.Unlock()
	m.count = len(m.r.filed)
	return m.r.unprepared
}

func (m *mine) Ask(q *bot.Questions) {
	if m.count == 0 {
		return // File says so
	}
	q.Choice(&m.action, "action", []string{"done", "lang", "forget", "again"}, bot.With("Count", m.count))
}

func (m *mine) File(context.Context, bot.Filing) (bot.Outcome, error) {
	switch {
	case m.count == 0:
		return bot.Outcome{}, &bot.Invalid{ID: "my_filings.none"}
	case m.action == "lang":
		simple := true
		return bot.Outcome{Text: "my_filings.done", Lang: "en", Simple: &simple}, nil
	case m.action == "forget":
		return bot.Outcome{Text: "my_filings.forgotten", Forget: true}, nil
	case m.action == "again":
		return bot.Outcome{Text: "my_filings.done", Start: "complaint"}, nil
	}
	return bot.Outcome{Text: "my_filings.done"}, nil
}

type tip struct {
	r       *records
	kind    string
	details string
	photos  []string
	sure    bool
}

func (x *tip) Ask(q *bot.Questions) {
	q.Choice(&x.kind, "kind", []string{"liquor", "misc"})
	q.Text(&x.details, "details", bot.Length(20, 500))
	q.Photos(&x.photos, "photos", 5, bot.Optional)
	q.Yes(&x.sure, "sure")
	q.Declare("Code", "C")
}

func (x *tip) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	number, err := x.r.file(f)
	if err != nil {
		return bot.Outcome{}, err
	}
	x.r.mu.Lock()
	defer x.r.mu.Unlock()
	code := strings.Replace(number, "KS", "C", 1)
	x.r.codes[f.Dialog] = code
	return bot.Outcome{Data: map[string]any{"Code": code}}, nil
}

type short struct {
	r    *records
	a, b string
}

func (s *short) Ask(q *bot.Questions) {
	q.Text(&s.a, "first", bot.Length(3, 50))
	q.Text(&s.b, "second", bot.Pin, bot.Optional)
}

func (s *short) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	number, err := s.r.file(f)
	return bot.Outcome{Number: number, Next: []bot.Next{{Tap: bot.StartTap("verification", "first", "abcde"), Label: "short.next"}}}, err
}

// towns is a list of 23 places, 10 km apart on a line to the north.
type towns struct{}

var townNames = strings.Fields(`अररिया अरवल औरंगाबाद कटिहार किशनगंज कैमूर खगड़िया गया गोपालगंज जमुई जहानाबाद दरभंगा
	नवादा नालंदा पटना पूर्णिया बक्सर बांका बेगूसराय भागलपुर भोजपुर मधुबनी मधेपुरा`)

func town(n int) bot.Item { return bot.Item{ID: "t" + strconv.Itoa(n), Label: townNames[n]} }

func (towns) Find(_, text string, n int) (items []bot.Item, sure bool) {
	for i, name := range townNames {
		if strings.HasPrefix(name, strings.TrimSpace(text)) && len(items) < n {
			items = append(items, town(i))
			sure = name == strings.TrimSpace(text)
		}
	}
	return items, sure && len(items) == 1
}

func (towns) Near(_ string, p bot.Place, n int) (items []bot.Item) {
	if p.Lat < 25 || p.Lat > 28 {
		return nil
	}
	first := min(int((p.Lat-25)*10), len(townNames)-n)
	for i := range n {
		items = append(items, town(first+i))
	}
	return items
}

func (towns) First(string) (items []bot.Item) {
	for i := range townNames {
		items = append(items, town(i))
	}
	return items
}

func (towns) Item(_, id string) (bot.Item, bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "t"))
	if err != nil || n < 0 || n >= len(townNames) || !strings.HasPrefix(id, "t") {
		return bot.Item{}, false
	}
	return town(n), true
}
