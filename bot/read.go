package bot

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"nagrik/bot/hindi"
)

// reading is what a message means as the answer to a question.
type reading struct {
	value string
	sure  bool   // false: to be read back for a yes
	aside string // not an answer yet: what to remember for the next message
}

// read understands the message, or a tapped option, as the answer to a question.
func (t *turn) read(a *question, option string) (reading, error) {
	if page, ok := strings.CutPrefix(option, "~"); ok {
		return reading{aside: asidePage + page}, nil
	}
	if a.unknown && (option == Unknown || hindi.Unknown(t.m.Text)) {
		return reading{value: Unknown, sure: true}, nil
	}
	if a.optional && option == "" && t.m.Text != "" && a.kind != kindPhotos && hindi.Unknown(t.m.Text) {
		return reading{sure: true}, nil
	}
	switch a.kind {
	case kindChoice, kindYes:
		return t.readChoice(a, option)
	case kindDate:
		return t.readDate(a, option)
	case kindPlace:
		if t.m.Place != nil {
			return reading{value: t.m.Place.String(), sure: true}, nil
		}
	case kindPick:
		return t.readPick(a, option)
	case kindPhotos:
		if option == "done" {
			return t.photosDone(a)
		}
		if hindiDone(t.m.Text) {
			return t.photosDone(a)
		}
		return reading{}, invalid("engine.wrong.photos")
	}
	if t.m.Text == "" {
		return reading{}, invalid("engine.wrong.words")
	}
	if yes, ok := hindi.BareYesNo(t.m.Text); ok && !a.rule.bare {
		if !yes && a.optional {
			return reading{sure: true}, nil // "नहीं है"
		}
		return reading{}, invalid("engine.wrong.words") // "हाँ" is nobody's name, and nowhere
	}
	value, err := a.rule.read(t.m.Text)
	return reading{value: value, sure: true}, err
}

// offer is an option as the citizen sees it now.
type offer struct{ id, label, note, line string }

// offered gives the options on the citizen's screen, in their order: typed numbers mean these.
func (t *turn) offered(a *question) []offer {
	var all []offer
	switch a.kind {
	case kindDate:
		days := []string{"today", "yesterday"}
		switch a.tense {
		case Future:
			days = []string{"today", "tomorrow"}
		case AnyTime:
			days = []string{"today"}
		}
		for _, id := range days {
			if a.within(t.now.AddDate(0, 0, dayWords[id]).Format(dayLayout)) == "" {
				all = append(all, offer{id: id, label: t.text("engine.day."+id, nil)})
			}
		}
		if a.unknown {
			all = append(all, offer{id: Unknown, label: t.text("engine.unknown", nil)})
		}
		return all
	case kindPhotos:
		if a.value != "" {
			return []offer{{id: "done", label: t.text("engine.way.done", nil)}}
		}
		return nil
	case kindPick:
		items := t.found(a)
		all = make([]offer, 0, len(items))
		for _, item := range items {
			all = append(all, offer{item.ID, item.Label, item.Note, item.Line})
		}
		all = t.page(all)
		for _, id := range a.options { // beside every page
			all = append(all, t.option(a, id))
		}
		return all
	}
	for _, id := range a.options {
		all = append(all, t.option(a, id))
	}
	return t.page(all)
}

// option is an option of the question itself, with its label.
func (t *turn) option(a *question, id string) offer {
	if a.kind == kindYes {
		return offer{id: id, label: t.text("engine."+id, nil)}
	}
	o := offer{id: id, label: t.questionText(a, "."+id)}
	o.note, _ = t.lookup(t.textID(a, "."+id+".note"), nil)
	return o
}

// found gives the items of a Pick's list to show: what the citizen looked for, what is near, or
// the beginning.
func (t *turn) found(a *question) []Item {
	if text, ok := strings.CutPrefix(t.d.Aside, asideFind); ok {
		items, _ := a.list.Find(t.d.Lang, text, 5)
		return items
	}
	if p, ok := ParsePlace(strings.TrimPrefix(t.d.Aside, asideNear)); ok {
		return a.list.Near(t.d.Lang, p, 5)
	}
	if p, ok := ParsePlace(a.near); ok && t.d.Aside == "" {
		return a.list.Near(t.d.Lang, p, 3)
	}
	return a.list.First(t.d.Lang)
}

const (
	asideFind = "find:"
	asideNear = "near:"
	asidePage = "page:"

	findLetters = 40 // of a search that are remembered
)

// fewOptions is how many choices are shown at a time in simple mode.
const fewOptions = 3

// page cuts a long list of options into pages: a WhatsApp list holds ten rows.
func (t *turn) page(all []offer) []offer {
	most, size := 10, 8
	if t.d.Simple {
		most, size = fewOptions, fewOptions
	}
	if len(all) <= most {
		return all
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(t.d.Aside, asidePage))
	pages := (len(all) + size - 1) / size
	n = min(max(n, 0), pages-1)
	shown := append([]offer{}, all[n*size:min((n+1)*size, len(all))]...)
	next := (n + 1) % pages
	label := "engine.way.more"
	if next == 0 {
		label = "engine.way.first"
	}
	return append(shown, offer{id: "~" + strconv.Itoa(next), label: t.text(label, nil)})
}

// byNumber reads a number, in digits or words, as one of the options on the screen.
func byNumber(text string, offers []offer) (id string, isNumber bool) {
	n, ok := hindi.Number(text)
	switch {
	case !ok || n > maxOffer:
		return "", false
	case n < 1 || n > len(offers):
		return "", true
	}
	return offers[n-1].id, true
}

// maxOffer is the largest number that may mean an option: a larger one is part of a name or date.
const maxOffer = 99

// nextPage says whether the words ask for the rest of a long list: the first word of its button.
func nextPage(text string, offers []offer) (id string, ok bool) {
	for _, o := range offers {
		if word, _, _ := strings.Cut(hindi.Fold(o.label), " "); strings.HasPrefix(o.id, "~") && hindi.Fold(text) == word {
			return o.id, true
		}
	}
	return "", false
}

// picked turns an option that was tapped or numbered into a reading.
func picked(id string) reading {
	if page, ok := strings.CutPrefix(id, "~"); ok {
		return reading{aside: asidePage + page}
	}
	return reading{value: id, sure: true}
}

func (t *turn) readChoice(a *question, option string) (reading, error) {
	if option != "" {
		if contains(a.options, option) {
			return picked(option), nil
		}
		return reading{}, invalid("engine.wrong.choice", "Max", len(t.offered(a)))
	}
	offers := t.offered(a)
	if t.m.Text == "" {
		return reading{}, invalid("engine.wrong.choice", "Max", len(offers))
	}
	if a.kind == kindYes {
		if yes, ok := hindi.YesNo(t.m.Text); ok {
			return picked(yesNo[map[bool]int{true: 0, false: 1}[yes]]), nil
		}
	}
	if r, ok := t.readTyped(a, offers); ok {
		return r, nil
	}
	if id, ok := byNumber(t.m.Text, offers); ok {
		if id == "" {
			return reading{}, invalid("engine.wrong.choice", "Max", len(offers))
		}
		return picked(id), nil
	}
	if id, ok := nextPage(t.m.Text, offers); ok {
		return picked(id), nil
	}
	if id, sure := t.named(a, offers); id != "" {
		r := picked(id)
		r.sure = sure
		return r, nil
	}
	if a.kind == kindYes {
		return reading{}, invalid("engine.wrong.yesno")
	}
	if a.rule.read != nil {
		_, err := a.rule.read(t.m.Text)
		return reading{}, err
	}
	return reading{}, invalid("engine.wrong.choice", "Max", len(offers))
}

// readTyped reads words that a Choice takes beside its options. What may as well be the number of an
// option is read back: "5" is the fifth option, or five feet.
func (t *turn) readTyped(a *question, offers []offer) (reading, bool) {
	if a.rule.read == nil {
		return reading{}, false
	}
	for _, id := range a.options {
		if hindi.Fold(t.option(a, id).label) == hindi.Fold(t.m.Text) {
			return reading{}, false
		}
	}
	value, err := a.rule.read(t.m.Text)
	if err != nil {
		return reading{}, false
	}
	option, _ := byNumber(t.m.Text, offers)
	return reading{value: value, sure: option == ""}, true
}

// named finds the option that the citizen's words name, on any page and in any language.
func (t *turn) named(a *question, offers []offer) (id string, sure bool) {
	text := hindi.Fold(t.m.Text)
	for _, o := range offers {
		if hindi.Fold(o.label) == text {
			return o.id, true
		}
	}
	words := " " + text + " "
	within, longest := "", 0 // the option with the longest name among the words
	part := ""               // the option of whose name the words are a part: "आधार" of "आधार कार्ड"
	best, score := "", 0.0
	for _, id := range a.options {
		for _, name := range t.names(a, id) {
			folded := hindi.Fold(name)
			switch {
			case folded == "":
				continue
			case folded == text:
				return id, true
			case len(folded) > longest && strings.Contains(words, " "+folded+" "):
				within, longest = id, len(folded)
			case len(folded) == longest && within != id && strings.Contains(words, " "+folded+" "):
				within = ambiguous
			case part != id && strings.Contains(" "+folded+" ", words) && len(text) > shortest:
				if part == "" {
					part = id
				} else {
					part = ambiguous
				}
			}
			if s := hindi.Similar(t.m.Text, name); s > score {
				best, score = id, s
			}
		}
	}
	if within != "" && within != ambiguous {
		return within, strings.Count(text, " ") < 4
	}
	if part != "" && part != ambiguous {
		return part, true
	}
	if score >= 0.8 {
		return best, false
	}
	return "", false
}

// shortest is how many bytes a part of a name has more than, to stand for the whole: a Hindi word of
// two letters says little.
const shortest = 6

// ambiguous stands for two options that the words name equally well.
const ambiguous = "?"

// names gives what an option is called: its labels and other words in every language.
func (t *turn) names(a *question, id string) []string {
	var names []string
	for _, lang := range []string{"hi", "en"} {
		if a.kind == kindYes {
			continue
		}
		for _, base := range []string{t.service.ID, "common"} {
			key := base + "." + a.textKey() + "." + id
			if label, ok := t.e.Texts.Text(lang, key, nil); ok {
				names = append(names, label)
				names = append(names, strings.Split(label, "/")...)
			}
			if words, ok := t.e.Texts.Text(lang, key+".words", nil); ok {
				names = append(names, strings.Split(words, ",")...)
			}
		}
	}
	return names
}

// dayWords are the days that are offered as buttons, as days from today.
var dayWords = map[string]int{"today": 0, "yesterday": -1, "tomorrow": 1}

func (t *turn) readDate(a *question, option string) (reading, error) {
	if option == "" {
		r, err := t.readDateText(a)
		if err == nil && r.value != "" && r.value != Unknown {
			err = t.inTime(a, r.value)
		}
		return r, err
	}
	days, ok := dayWords[option]
	if !ok {
		return reading{}, invalid("engine.wrong.date")
	}
	value := t.now.AddDate(0, 0, days).Format(dayLayout)
	return reading{value: value, sure: true}, t.inTime(a, value)
}

// inTime says what is wrong with a day that lies outside of the question's first and last.
func (t *turn) inTime(a *question, value string) error {
	side := a.within(value)
	if side == "" {
		return nil
	}
	limit := map[string]time.Time{"early": a.first, "late": a.last}[side]
	id := "engine.wrong.date_" + side
	if own := t.service.ID + "." + a.textKey() + "." + side; t.hasText(own, map[string]any{"At": limit}) {
		id = own
	}
	return invalid(id, "At", limit)
}

func (t *turn) readDateText(a *question) (reading, error) {
	tense := hindi.Past
	switch a.tense {
	case Future:
		tense = hindi.Future
	case AnyTime:
		tense = hindi.Either
	}
	if r, ok := hindi.Date(t.m.Text, t.now, tense); ok {
		return reading{value: r.Value, sure: r.Sure}, nil
	}
	if id, ok := byNumber(t.m.Text, t.offered(a)); ok && id != "" {
		if id == Unknown {
			return picked(id), nil
		}
		return t.readDate(a, id)
	}
	if r, ok := hindi.Date(t.m.Text, t.now, hindi.Either); ok && validWhen(r.Value) {
		if a.tense == Past {
			return reading{}, invalid("engine.wrong.date_future")
		}
		return reading{}, invalid("engine.wrong.date_past")
	}
	return reading{}, invalid("engine.wrong.date")
}

func (t *turn) readPick(a *question, option string) (reading, error) {
	if option != "" {
		if contains(a.options, option) {
			return picked(option), nil
		}
		if _, ok := a.list.Item(t.d.Lang, option); ok {
			return picked(option), nil
		}
		return reading{}, invalid("engine.wrong.pick")
	}
	if t.m.Place != nil {
		if len(a.list.Near(t.d.Lang, *t.m.Place, 1)) == 0 {
			return reading{}, invalid("engine.wrong.nothing_near")
		}
		return reading{aside: asideNear + t.m.Place.String()}, nil
	}
	if t.m.Text == "" {
		return reading{}, invalid("engine.wrong.pick")
	}
	offers := t.offered(a)
	if id, ok := byNumber(t.m.Text, offers); ok {
		if id == "" {
			return reading{}, invalid("engine.wrong.pick")
		}
		return picked(id), nil
	}
	if id, ok := nextPage(t.m.Text, offers); ok {
		return picked(id), nil
	}
	if id, sure := t.named(a, offers); id != "" && sure {
		return picked(id), nil
	}
	items, sure := a.list.Find(t.d.Lang, t.m.Text, 5)
	switch {
	case len(items) == 0:
		if own := t.service.ID + "." + a.textKey() + ".unknown"; t.hasText(own, a.data) {
			return reading{}, &Invalid{ID: own, Data: a.data}
		}
		return reading{}, invalid("engine.wrong.not_found")
	case sure:
		return picked(items[0].ID), nil
	}
	return reading{aside: asideFind + firstLetters(t.m.Text, findLetters)}, nil
}

func firstLetters(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return s[:byteOffset(s, n)]
}
