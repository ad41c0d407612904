package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/flows/paper"
	"nagrik/locales"
	"nagrik/store"
)

// statistics (आँकड़े) shows the numbers of a post's place as a picture, and in words below it.
type statistics struct {
	d     *Desk
	posts []store.Post
	seat  store.Post

	What string
}

// The pictures.
const (
	statsDaily = "daily" // filings a day
	statsFiled = "filed" // filings by station or district
	statsAge   = "age"   // of the open ones
	statsTaken = "taken" // how long it took to acknowledge
)

// Prepare finds the officer's posts.
func (s *statistics) Prepare(ctx context.Context, v bot.Visit) error {
	posts, err := s.d.posts(ctx, v)
	s.posts = slices.DeleteFunc(posts, func(p store.Post) bool { return !store.Allowed(store.ActStatistics, p.Role, false) })
	return err
}

// Ask names the questions.
func (s *statistics) Ask(q *bot.Questions) {
	if len(s.posts) == 0 {
		return // File says so
	}
	s.seat = (seats{d: s.d, posts: s.posts}).ask(q)
	pictures := []string{statsDaily, statsAge, statsTaken}
	if s.seat.Station == "" {
		pictures = []string{statsDaily, statsFiled, statsAge, statsTaken}
	}
	q.Choice(&s.What, "what", pictures)
}

// File draws the picture.
func (s *statistics) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	numbers, err := s.d.Store.Statistics(ctx, f.Chat.Channel, f.Chat.ID, store.Area{Station: s.seat.Station, District: s.seat.District})
	if errors.Is(err, store.ErrNotAllowed) || s.What == "" {
		return bot.Outcome{Text: "desk.no_post", Next: []bot.Next{toDesk}}, nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("reading statistics: %w", err)
	}
	t := tally{d: s.d, lang: f.Lang, seat: s.seat, all: numbers}
	chart, words := t.picture(s.What)
	data, err := s.d.Chart(chart)
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("drawing statistics: %w", err)
	}
	s.d.observe("statistics", s.What)
	told := map[string]any{"Title": chart.Title, "Place": chart.Subtitle, "Words": words, "At": nil}
	if s.seat.Station == "" { // a station's are of this moment
		told["At"] = numbers.CountedAt
	}
	out := bot.Outcome{
		Text: "desk_stats.told", Data: told,
		Photos: []bot.Paper{{Name: "statistics-" + s.What + ".png", MIME: "image/png", Data: data}},
	}
	for _, other := range []string{statsDaily, statsFiled, statsAge, statsTaken} {
		if other != s.What && (other != statsFiled || s.seat.Station == "") {
			tap := bot.StartTap("desk_stats", keySeat, strconv.FormatInt(s.seat.ID, 10), "what", other)
			out.Next = append(out.Next, bot.Next{Tap: tap, Label: "desk_stats.what." + other})
		}
	}
	out.Next = append(out.Next, toDesk)
	return out, nil
}

// tally puts statistics into a chart and into words.
type tally struct {
	d    *Desk
	lang string
	seat store.Post
	all  store.Statistics
}

func (t tally) say(id string, data map[string]any) string { return t.d.text(t.lang, id, data) }

func (t tally) picture(what string) (paper.Chart, string) {
	c := paper.Chart{Title: t.say("desk.stats.title."+what, nil), Subtitle: t.place()}
	switch what {
	case statsDaily:
		return t.daily(c)
	case statsFiled:
		return t.filed(c)
	case statsAge:
		return t.age(c)
	}
	return t.taken(c)
}

// place names what the numbers are of.
func (t tally) place() string {
	switch {
	case t.seat.Station != "":
		return t.say("desk.stats.station", map[string]any{"Station": t.d.Places.Name(t.lang, t.seat.Station)})
	case t.seat.District != "":
		return t.say("desk.stats.district", map[string]any{"District": t.d.Places.DistrictName(t.lang, t.seat.District)})
	}
	return t.say("desk.stats.state", nil)
}

// name names a part of the place.
func (t tally) name(p store.PlaceStatistics) string {
	switch {
	case t.seat.District == "":
		return t.d.Places.DistrictName(t.lang, p.Code)
	case p.Code == "":
		return t.say("desk.stats.elsewhere", nil)
	}
	return t.d.Places.Name(t.lang, p.Code)
}

// labelledDays is how many days apart the labels below the columns are.
const labelledDays = 7

// daily is a column for each day.
func (t tally) daily(c paper.Chart) (paper.Chart, string) {
	today := t.all.CountedAt.In(locales.India)
	last := len(t.all.Days) - 1
	total, most := 0, 0
	for i, n := range t.all.Days {
		column := paper.Column{Value: n}
		if (last-i)%labelledDays == 0 {
			on := today.AddDate(0, 0, i-last)
			month := t.say("datetime.month."+strconv.Itoa(int(on.Month())), nil)
			column.Label = t.say("desk.stats.day", map[string]any{"Day": on.Day(), "Month": month})
		}
		c.Columns = append(c.Columns, column)
		total += n
		if n > t.all.Days[most] {
			most = i
		}
	}
	if total == 0 {
		return c, t.say("desk.stats.quiet", nil)
	}
	words := t.say("desk.stats.daily", map[string]any{
		"Total": total, "Today": t.all.Days[last], "Most": t.all.Days[most], "On": today.AddDate(0, 0, most-last),
		"Mean": strconv.FormatFloat(float64(total)/float64(len(t.all.Days)), 'f', 1, 64),
	})
	return c, words
}

// shownPlaces is how many stations or districts a chart names, and toldPlaces how many the words below it do.
const (
	shownPlaces = 15
	toldPlaces  = 5
)

// places are the parts of the area, those with most of something first.
func (t tally) places(of func(store.PlaceStatistics) int) []store.PlaceStatistics {
	places := slices.DeleteFunc(slices.Clone(t.all.Places), func(p store.PlaceStatistics) bool { return of(p) == 0 })
	slices.SortFunc(places, func(a, b store.PlaceStatistics) int {
		return cmp.Or(cmp.Compare(of(b), of(a)), cmp.Compare(a.Code, b.Code))
	})
	return places
}

// rows makes a bar and a line for each place, or says that there is none (a text id).
func (t tally) rows(c paper.Chart, none string, places []store.PlaceStatistics, bar func(store.PlaceStatistics) (parts []float64, note, told string)) (paper.Chart, string) {
	var lines []string
	for i, p := range places {
		parts, note, told := bar(p)
		if i < shownPlaces {
			c.Bars = append(c.Bars, paper.Bar{Label: t.name(p), Parts: parts, Note: note})
		}
		if i < toldPlaces {
			lines = append(lines, t.say("desk.stats.row", map[string]any{"Name": t.name(p), "Words": told}))
		}
	}
	if rest := len(places) - shownPlaces; rest > 0 {
		c.Bars = append(c.Bars, paper.Bar{Label: t.say("desk.stats.rest", map[string]any{"Count": rest})})
	}
	if len(lines) == 0 {
		lines = []string{t.say(none, nil)}
		c.Bars = []paper.Bar{{Label: lines[0]}}
	}
	return c, strings.Join(lines, "\n")
}

// filed is how many came to each place.
func (t tally) filed(c paper.Chart) (paper.Chart, string) {
	filed := func(p store.PlaceStatistics) int { return p.Filed }
	return t.rows(c, "desk.stats.none", t.places(filed), func(p store.PlaceStatistics) ([]float64, string, string) {
		return []float64{float64(p.Filed)}, strconv.Itoa(p.Filed), t.say("desk.stats.count", map[string]any{"Count": p.Filed})
	})
}

// Where the ages of store.AgeLimits are put together for many places: up to 7 days, up to 30, older.
const (
	fewDays  = 3
	manyDays = 5
)

// age is how old the open ones are: of a station in each age, of more in three.
func (t tally) age(c paper.Chart) (paper.Chart, string) {
	if t.seat.Station != "" {
		open := make([]int, len(store.AgeLimits)+1)
		for _, p := range t.all.Places {
			open = p.Open
		}
		var lines []string
		for i, n := range open {
			label := t.say("desk.stats.age."+strconv.Itoa(i), nil)
			c.Bars = append(c.Bars, paper.Bar{Label: label, Parts: []float64{float64(n)}, Note: strconv.Itoa(n)})
			lines = append(lines, t.say("desk.stats.row", map[string]any{"Name": label, "Words": strconv.Itoa(n)}))
		}
		return c, strings.Join(lines, "\n")
	}
	for _, id := range []string{"few", "many", "more"} {
		c.Legend = append(c.Legend, t.say("desk.stats.age."+id, nil))
	}
	return t.rows(c, "desk.stats.none", t.places(store.PlaceStatistics.OpenCount), func(p store.PlaceStatistics) ([]float64, string, string) {
		parts := make([]float64, len(c.Legend))
		for i, n := range p.Open {
			switch {
			case i < fewDays:
				parts[0] += float64(n)
			case i < manyDays:
				parts[1] += float64(n)
			default:
				parts[2] += float64(n)
			}
		}
		told := t.say("desk.stats.open", map[string]any{"Open": p.OpenCount(), "Old": int(parts[2])})
		return parts, strconv.Itoa(p.OpenCount()), told
	})
}

// taken is how long it took until somebody acknowledged: half of them, and nine of ten.
func (t tally) taken(c paper.Chart) (paper.Chart, string) {
	waiting := 0
	for _, p := range t.all.Places {
		waiting += p.Waiting
	}
	var words string
	if t.seat.Station != "" {
		var at store.PlaceStatistics
		for _, p := range t.all.Places {
			at = p
		}
		if at.Taken > 0 {
			half, most := t.say("desk.stats.half", nil), t.say("desk.stats.most", nil)
			c.Bars = []paper.Bar{
				{Label: half, Parts: []float64{at.Median.Hours()}, Note: t.d.span(t.lang, at.Median)},
				{Label: most, Parts: []float64{at.Ninety.Hours()}, Note: t.d.span(t.lang, at.Ninety)},
			}
			words = t.say("desk.stats.taken", map[string]any{"Half": t.d.span(t.lang, at.Median), "Most": t.d.span(t.lang, at.Ninety)})
		} else {
			words = t.say("desk.stats.none_taken", nil)
			c.Bars = []paper.Bar{{Label: words}}
		}
	} else {
		c.Legend = []string{t.say("desk.stats.half", nil), t.say("desk.stats.most", nil)}
		slow := t.places(func(p store.PlaceStatistics) int { return int(p.Ninety / time.Second) })
		c, words = t.rows(c, "desk.stats.none_taken", slow, func(p store.PlaceStatistics) ([]float64, string, string) {
			data := map[string]any{"Half": t.d.span(t.lang, p.Median), "Most": t.d.span(t.lang, p.Ninety)}
			return []float64{p.Median.Hours(), (p.Ninety - p.Median).Hours()}, t.say("desk.stats.both", data), t.say("desk.stats.taken", data)
		})
	}
	if waiting > 0 {
		words += "\n" + t.say("desk.stats.waiting", map[string]any{"Count": waiting})
	}
	return c, words
}
