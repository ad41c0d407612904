package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// recordList is what the lists for citizens have in common: a page of records, and the one that was
// picked. Every page is a question: "और दिखाएँ" answers it, and "पीछे" comes back to it.
type recordList struct {
	records *Records
	service string
	kind    store.RecordKind
	lang    string

	number int // of the page
	page   []listedRecord
	more   bool
	newest time.Time // of the whole list; zero: it is empty
	none   bool      // nothing was found

	picked  *listedRecord
	gone    bool // what was picked is no longer listed
	tooMany bool // searches by this chat
	photos  []bot.Paper
}

// listedRecord is a record as citizens see it.
type listedRecord struct {
	store.Record
	known madeKnown
}

const (
	// keyRecord is the answer that a button gives for the number of a record.
	keyRecord = "record"
	// keyAbout is the question that notes which record a claim or tip is about. It has a stored answer where a claim
	// that was unfinished is begun anew.
	keyAbout  = "about"
	nextPage  = "more"
	mostPages = 30
	anywhere  = "anywhere" // beside the list of districts

	pageSize       = 5
	pageSizeSimple = 3
)

func pageKey(n int) string { return "page." + strconv.Itoa(n) }

// pickedIn gives the number of the record that a draft is about: one that was picked in a list, or that a
// button named; "" if none.
func pickedIn(v bot.Visit) string {
	for n := 1; n <= mostPages; n++ {
		if answer := v.Answer(pageKey(n)); answer != nextPage {
			if answer != "" {
				return answer
			}
			break
		}
	}
	if number := v.Answer(keyRecord); number != "" {
		return number
	}
	return v.Answer(keyAbout)
}

// pick opens the record that was picked.
func (l *recordList) pick(ctx context.Context, v bot.Visit) error {
	number := pickedIn(v)
	if number == "" {
		return nil
	}
	r, err := l.records.Store.ListedRecord(ctx, number)
	if errors.Is(err, store.ErrNotFound) || err == nil && r.Kind != l.kind {
		l.gone = true
		return nil
	}
	if err != nil {
		return err
	}
	known, err := knownOf(r)
	l.picked = &listedRecord{r, known}
	return err
}

// prepare opens the record that was picked; else, once a search is to be made, the page of it.
func (l *recordList) prepare(ctx context.Context, v bot.Visit, search *store.RecordSearch) error {
	l.lang = v.Lang
	for l.number = 1; l.number < mostPages && v.Answer(pageKey(l.number)) == nextPage; {
		l.number++
	}
	if err := l.pick(ctx, v); err != nil || l.picked != nil || search == nil {
		return err
	}
	if once := sought(search); once != "" {
		if l.tooMany = !v.Room(ctx, searching, once); l.tooMany {
			return nil
		}
	}
	search.Kind, search.Most = l.kind, pageSize
	if v.Simple {
		search.Most = pageSizeSimple
	}
	search.Skip = (l.number - 1) * search.Most
	found, more, err := l.records.Store.ListRecords(ctx, *search)
	if err != nil {
		return err
	}
	if l.newest, err = l.records.Store.NewestRecord(ctx, l.kind); err != nil {
		return err
	}
	l.more, l.none = more, len(found) == 0
	for _, r := range found {
		known, err := knownOf(r)
		if err != nil {
			return err
		}
		l.page = append(l.page, listedRecord{r, known})
	}
	return nil
}

// ask asks which record it is; false while nobody knows, and where File has to say why none is asked for.
func (l *recordList) ask(q *bot.Questions) bool {
	if l.tooMany || l.none {
		return false
	}
	answer := nextPage
	for n := 1; answer == nextPage && n <= mostPages; n++ {
		settings := []bot.Setting{bot.With("Newest", "")}
		if n == 1 && !l.newest.IsZero() { // said once
			settings[0] = bot.With("Newest", l.newest)
		}
		if n < l.number || l.more && n < mostPages {
			settings = append(settings, bot.Or(nextPage))
		}
		if n == l.number {
			l.sayGone(q)
		}
		answer = ""
		q.Pick(&answer, pageKey(n), l, settings...)
	}
	return answer != ""
}

// sayGone says, with the next question, that what was picked is no longer listed.
func (l *recordList) sayGone(q *bot.Questions) {
	if l.gone {
		q.Say("lists.say.gone")
	}
}

// outcome says what there is to say where no record was looked at.
func (l *recordList) outcome() bot.Outcome {
	again := []bot.Next{{Tap: bot.MenuTap(l.service), Label: "lists.again"}}
	switch {
	case l.tooMany:
		return bot.Outcome{Text: "lists.too_many", Next: again}
	case l.gone:
		return bot.Outcome{Text: "lists.say.gone", Next: again}
	case l.newest.IsZero() && l.none:
		return bot.Outcome{Text: "lists.empty"}
	case l.none:
		return bot.Outcome{Text: l.service + ".nothing", Data: map[string]any{"Newest": l.newest}, Next: again}
	}
	return bot.Outcome{Text: "lists.seen", Next: again}
}

// show loads the photos of the record that was picked, for who may see them. One that can't be read is left out.
func (l *recordList) show(ctx context.Context) {
	if l.picked == nil || !l.picked.known.showsFace(l.kind) {
		return
	}
	for i, m := range l.photosOf() {
		mime, data, err := l.records.display(ctx, m.ID)
		if err == nil {
			l.photos = append(l.photos, bot.Paper{Name: "photo-" + strconv.Itoa(i+1) + ".jpg", MIME: mime, Data: data})
		}
	}
}

func (l *recordList) photosOf() (photos []store.Media) {
	for _, m := range l.picked.Media {
		if m.Kind == string(bot.Photo) {
			photos = append(photos, m)
		}
	}
	return photos
}

// hasFace says whether the record that was picked has photos that citizens may see.
func (l *recordList) hasFace() bool {
	return l.picked != nil && l.picked.known.showsFace(l.kind) && len(l.photosOf()) > 0
}

// card tells all that citizens see of the record that was picked.
func (l *recordList) card() string {
	if l.picked == nil {
		return ""
	}
	return l.text(l.lang, "card", 0, *l.picked)
}

// text says something of a record: its "card", its "line" in the list or the label of its "row".
func (l *recordList) text(lang, what string, n int, r listedRecord) string {
	k := r.known
	option := func(key, id string) string {
		if id == "" {
			return ""
		}
		return l.records.text(lang, key+"."+id, nil)
	}
	data := map[string]any{
		"N": n, "Number": r.Number, "On": r.On, "Make": k.Make,
		"Place": l.records.placeName(lang, "", StationChoice{Code: r.Station, District: r.District}),
		"Name":  k.Name, "NameEN": k.NameEN, "Short": short(k.Name), "Alias": k.Alias, "Father": k.Father, "Age": k.Age,
		"Offence": k.Offence, "Reward": k.Reward, "Found": k.Place, "Article": option("recovered_list.what", k.Article),
		"Held": option("desk_add.held", k.Held), "Sex": "", "AgeBand": "", "Looks": "",
	}
	if k.Looks != nil {
		data["Sex"] = option("lists.sex", k.Looks.Sex)
		if k.Looks.child() && k.Looks.Sex != "not_known" {
			data["Sex"] = option("lists.child", k.Looks.Sex)
		}
		data["AgeBand"] = l.records.shownRange(lang, "look.age", ageBands, "engine.shown.age", k.Looks.Age)
		data["Looks"] = l.records.looks(lang, *k.Looks)
	}
	return l.records.text(lang, l.service+"."+what, data)
}

// rowLetters is how many letters of a name a row has room for, beside its number.
const rowLetters = 19

// short is as much of a name as a row has room for, in whole words.
func short(name string) string {
	for utf8.RuneCountInString(name) > rowLetters {
		cut := strings.LastIndexByte(name, ' ')
		if cut < 0 {
			return string([]rune(name)[:rowLetters])
		}
		name = name[:cut]
	}
	return name
}

func (l *recordList) item(lang string, n int, r listedRecord) bot.Item {
	return bot.Item{ID: r.Number, Label: l.text(lang, "row", n, r), Line: l.text(lang, "line", n, r)}
}

// Find is bot.List's: on the page, by number or by what its line says. Who looks for another name is told how.
func (l *recordList) Find(lang, text string, n int) ([]bot.Item, bool) {
	number, whole := store.ParseNumber(text)
	var items []bot.Item
	for i, r := range l.page {
		item := l.item(lang, i+1, r)
		words := " " + hindi.Fold(item.Line) + " "
		if whole && r.Number == number || !whole && strings.Contains(words, " "+hindi.Fold(text)+" ") {
			items = append(items, item)
		}
	}
	return items[:min(n, len(items))], len(items) == 1
}

// Near is bot.List's: records are not looked for by place.
func (l *recordList) Near(string, bot.Place, int) []bot.Item { return nil }

// First is bot.List's: the page.
func (l *recordList) First(lang string) []bot.Item {
	items := make([]bot.Item, len(l.page))
	for i, r := range l.page {
		items[i] = l.item(lang, i+1, r)
	}
	return items
}

// Item is bot.List's. What was picked may have moved to another page meanwhile.
func (l *recordList) Item(lang, id string) (bot.Item, bool) {
	if l.picked != nil && l.picked.Number == id {
		return l.item(lang, 0, *l.picked), true
	}
	for i, r := range l.page {
		if r.Number == id {
			return l.item(lang, i+1, r), true
		}
	}
	return bot.Item{}, false
}

// theRecord is a bot.List of the one record that a claim or tip is about: its label is what the review says.
type theRecord struct{ l *recordList }

// Find is bot.List's.
func (x theRecord) Find(lang, _ string, _ int) ([]bot.Item, bool) { return x.First(lang), true }

// Near is bot.List's.
func (x theRecord) Near(string, bot.Place, int) []bot.Item { return nil }

// First is bot.List's.
func (x theRecord) First(lang string) []bot.Item {
	item, _ := x.Item(lang, x.l.picked.Number)
	return []bot.Item{item}
}

// Item is bot.List's.
func (x theRecord) Item(lang, id string) (bot.Item, bool) {
	return bot.Item{ID: id, Label: x.l.text(lang, "about", 0, *x.l.picked)}, id == x.l.picked.Number
}

// askRecord notes which record a claim or tip is about: known, shown in the review, and told to the officers.
func (l *recordList) askRecord(q *bot.Questions, into *string) {
	q.Pick(into, keyAbout, theRecord{l}, bot.Prefill(l.picked.Number), bot.About)
}

// holder is the station that has a record, or its district.
func (l *recordList) holder() StationChoice {
	if l.picked.Station != "" {
		return StationChoice{Code: l.picked.Station}
	}
	return StationChoice{District: l.picked.District}
}

// askPurpose asks whether somebody reports what was found or looks for their own in a list, which is a
// service of its own. begun is a question that drafts have answered which are older than the lists.
func askPurpose(q *bot.Questions, list, begun string) {
	purpose, known := "", ""
	if q.Carried(begun) != "" {
		known = "report"
	}
	q.Choice(&purpose, "purpose", []string{"report", "list"}, bot.Hidden, bot.Prefill(known))
	if purpose == "list" {
		q.Continue(list)
	}
}

// personName is the rule for a name that is searched for.
var personName = bot.Reads("lists.wrong.name", func(text string) (string, bool) {
	name := strings.Join(strings.Fields(text), " ")
	return name, utf8.RuneCountInString(name) <= 60 && !strings.ContainsFunc(name, unicode.IsDigit) && len(hindi.NameParts(name)) > 0
})

// looks are the lines that tell what somebody looks like.
func (r *Records) looks(lang string, d Description) string {
	var lines []string
	add := func(key, words string) {
		if words != "" {
			lines = append(lines, fmt.Sprintf("%s: %s", r.text(lang, "common."+key+".label", nil), words))
		}
	}
	option := func(key, id string) string {
		if id == "" {
			return ""
		}
		return r.text(lang, "common."+key+"."+id, nil)
	}
	clothes := func(key, id, colour string) string {
		return strings.Trim(option(key, id)+", "+option(key+"_colour", colour), ", ")
	}
	add("look.height", r.shownRange(lang, "look.height", heightBands, "engine.shown.height", d.Height))
	for _, x := range []struct{ key, id string }{
		{"look.built", d.Built}, {"look.complexion", d.Complexion}, {"look.hair", d.Hair}, {"look.beard", d.Beard},
	} {
		add(x.key, option(x.key, x.id))
	}
	add("look.upper", clothes("look.upper", d.Upper, d.UpperColour))
	add("look.lower", clothes("look.lower", d.Lower, d.LowerColour))
	add("look.footwear", option("look.footwear", d.Footwear))
	add("look.language", option("look.language", d.Language))
	for _, x := range []struct{ key, words string }{{"look.marks", d.Marks}, {"look.jewellery", d.Jewellery}} {
		if _, spoken := bot.VoiceNote(x.words); !spoken {
			add(x.key, x.words)
		}
	}
	return strings.Join(lines, "\n")
}

// shownRange says a range as its band does, or as the number it is; "" for nil.
func (r *Records) shownRange(lang, key string, bands []band, number string, x *Range) string {
	if x == nil {
		return ""
	}
	for _, b := range bands {
		if b.Range == *x {
			return r.text(lang, "common."+key+"."+b.id, nil)
		}
	}
	return r.text(lang, number, map[string]any{"Value": strconv.Itoa(x.Low)})
}
