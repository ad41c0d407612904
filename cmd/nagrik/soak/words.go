package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"nagrik/locales"
	"nagrik/store"
)

// words is what the people of the soak know of the bot's language: they recognise what is asked by
// its words, and press buttons by their labels.
type words struct {
	texts     *locales.Texts
	unknown   *sync.Map // ids of texts that are no more: the soak has to follow the program
	phrases   *sync.Map // what phrase found
	questions *sync.Map // what question found
}

func loadWords() (words, error) {
	texts, err := locales.Load()
	return words{texts, &sync.Map{}, &sync.Map{}, &sync.Map{}}, err
}

// check gives the first text that was looked for in vain.
func (w words) check() (err error) {
	w.unknown.Range(func(id, _ any) bool {
		err = fmt.Errorf("the program has no text %s any more: the soak looks for it", id)
		return false
	})
	return err
}

func (w words) text(id string, data map[string]any) string {
	s, ok := w.texts.Text(locales.Default, id, data)
	if !ok {
		w.unknown.Store(id, true)
		return id
	}
	return s
}

// gap stands where a text has data.
const gap = "\x00"

// label is a text without data.
func (w words) label(id string) string { return w.text(id, nil) }

// find is the id of a service's text: its own, or the one that services share.
func (w words) find(service, key string, data map[string]any) string {
	for _, id := range []string{service + "." + key, "common." + key} {
		if _, ok := w.texts.Text(locales.Default, id, w.fill(id, data)); ok {
			return id
		}
	}
	w.unknown.Store(service+"."+key, true)
	return service + "." + key
}

// shownAt stands where a text has a day or a time.
var shownAt = time.Date(2001, 2, 3, 4, 5, 6, 0, locales.India)

// fill gives the data that a text needs: what is known of it, and gaps.
func (w words) fill(id string, known map[string]any) map[string]any {
	data := map[string]any{}
	for _, field := range w.texts.Fields(locales.Default, id) {
		switch value, ok := known[field]; {
		case ok:
			data[field] = value
		case slices.Contains([]string{"At", "Back", "Leave", "VisitDue", "On"}, field):
			data[field] = shownAt
		default:
			data[field] = gap
		}
	}
	return data
}

// phrase is the longest part of a text that is the same whatever its data, within one line.
func (w words) phrase(id string) string {
	if phrase, ok := w.phrases.Load(id); ok {
		return phrase.(string)
	}
	phrase := w.longest(id, nil, false)
	w.phrases.Store(id, phrase)
	return phrase
}

// question is the phrase that a question ends with, which is what stands out: what comes before it in
// paragraphs of their own only leads to it.
func (w words) question(id string, known map[string]any) string {
	if len(known) > 0 {
		return w.longest(id, known, true)
	}
	if phrase, ok := w.questions.Load(id); ok {
		return phrase.(string)
	}
	phrase := w.longest(id, nil, true)
	w.questions.Store(id, phrase)
	return phrase
}

func (w words) longest(id string, known map[string]any, end bool) (longest string) {
	text := w.text(id, w.fill(id, known))
	for _, at := range []string{w.texts.DateTime(locales.Default, shownAt), w.texts.Date(locales.Default, shownAt)} {
		text = strings.ReplaceAll(text, at, gap)
	}
	if end {
		text = text[strings.LastIndex(text, "\n\n")+1:]
	}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\x00' || r == '\n' }) {
		if part = strings.TrimSpace(part); len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

// says whether a message says a text, whatever its data.
func (w words) says(message, id string) bool { return strings.Contains(message, w.phrase(id)) }

// saysAny says whether a message says one of several texts.
func (w words) saysAny(message string, ids ...string) bool {
	for _, id := range ids {
		if w.says(message, id) {
			return true
		}
	}
	return false
}

// newsOf are the kinds of events that citizens get news of here.
var newsOf = []string{
	"acknowledged", "enquiry", "question", "signed", "visit", "found", "closed", "verified", "not_verified", "cannot_verify",
	"certificate_issued", "consent", "refused", "fir_registered", "transferred", "transfer_accepted", "transfer_refused", "matched",
}

// pushed are texts of what comes without being asked for, beside the news: to citizens, and to officers.
var pushed = []string{
	"notices.receipt",
	"desk.information.information", "desk.information.answer", "desk.information.sighting", "desk.information.found",
	"desk.information.information.tip", "desk.information.answer.tip", "desk.information.reward_claimed",
	"desk.relief.withdrawn", "desk.relief.other", "desk.list.card", "desk.list.overdue", "desk.digest.head",
	"desk.card.gone", "desk.card.withheld", "desk.match.exact", "desk.match.thing", "desk.match.person",
}

// unasked says whether a text came without being asked for. The question to an elder does if it begins with
// its sign: the dialog of the link asks in the same words.
func (w words) unasked(text string) bool {
	return w.card(text) || w.saysAny(text, pushed...) || w.newsIn(text) != "" ||
		strings.HasPrefix(text, "🙏 ") && w.says(text, "notices.ask_consent")
}

// newsIn is the kind of event that a text is the news of; "" if it is none.
func (w words) newsIn(text string) string {
	for _, kind := range newsOf {
		if w.says(text, "notices.status."+kind) && w.says(text, "notices.filing") {
			return kind
		}
	}
	if w.says(text, "notices.status.fir_registered.sensitive") && w.says(text, "notices.filing") {
		return string(store.FIRRegistered)
	}
	return ""
}

// receipt says whether a text is that which a receipt comes with.
func (w words) receipt(text string) bool { return w.says(text, "notices.receipt") }

// card says whether a text is a filing's card.
func (w words) card(text string) bool {
	return strings.Contains(text, "📌 ") && w.says(text, "desk.card.filed")
}

// codeForm finds claim codes as people are shown them.
var codeForm = regexp.MustCompile(`[0-9]{4}(?: [0-9]{4}){4}`)

// codeIn is the claim code in a text; "" for none.
func codeIn(text string) string {
	code, ok := store.ParseClaimCode(codeForm.FindString(text))
	if !ok {
		return ""
	}
	return code
}

// numberForm finds numbers of filings as people are shown them.
var numberForm = regexp.MustCompile(`[A-Z]{2}[0-9 ]{10,15}[0-9]`)

// numbers are the numbers of filings in a text.
func numbers(text string) (all []string) {
	for _, found := range numberForm.FindAllString(text, -1) {
		if n, ok := store.ParseNumber(found); ok {
			all = append(all, n)
		}
	}
	return all
}

// entryForm finds the name of an FIR.
var entryForm = regexp.MustCompile(`(Zero )?FIR ([0-9]+)/[0-9]{4}`)

// markForm finds the marks of citizens and their stories.
var markForm = regexp.MustCompile(`zq[bcdfgjkmnprst]{8}`)

const markLength = 10

// mark makes a word that nobody else uses: in whatever chat it shows up, its owner is known.
func mark(rnd *rand.Rand) string {
	const letters = "bcdfgjkmnprst" // without vowels it means nothing in any language
	b := []byte("zq")
	for range 8 {
		b = append(b, letters[rnd.IntN(len(letters))])
	}
	return string(b)
}

// pick is one of several.
func pick[T any](rnd *rand.Rand, from ...T) T { return from[rnd.IntN(len(from))] }

// chance is true in this share of the times.
func chance(rnd *rand.Rand, share float64) bool { return rnd.Float64() < share }

// short is a text's beginning, for the report.
func short(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	return string(runes[:min(len(runes), 120)])
}
