package bot

import (
	"strconv"
	"strings"
	"time"
)

// Questions are an interview's questions over the answers given so far. Every method asks one
// question: it loads the field if the answer is there, makes the question the pending one if it is
// the first without an answer, and else does nothing.
//
// Keys are stored promises; a key's texts are looked up as SERVICE.KEY and else common.KEY, with
// parts that are numbers left out ("accused.2.name" has the texts of "accused.name"):
//
//	KEY          the question          KEY.OPTION       an option's label
//	KEY.label    its name in a review  KEY.OPTION.note  a line about the option
//	KEY.help     said after "मदद"      KEY.OPTION.words other words for it, with commas between
//	KEY.example  a right answer        KEY.simple       the question in simple mode
//	KEY.early    said of a day before NotBefore's       KEY.late  of one after NotAfter's
//	KEY.unknown  said of words that a Pick's list does not know
//	KEY.about    what the draft is about, see About
type Questions struct {
	draft     *Draft
	citizen   string
	now       time.Time
	asked     []question // answered, in order
	pending   *question
	later     int    // how many questions follow the pending one, as far as can be seen
	photos    string // the key of the question that takes photos, answered or yet to come
	photosMax int
	service   string // the service to continue with
	notices   []string
	sort      string            // within AsLast: of what sort the filing is
	again     bool              // within AsLast: answer as in the last filing of the sort
	verified  bool              // Verify was called
	declared  map[string]any    // of the text under the review
	before    map[string]string // within Before: what was answered then
}

type kind uint8

const (
	kindChoice kind = iota
	kindYes
	kindText
	kindDate
	kindPlace
	kindPhotos
	kindPick
	kindVerify
)

// question is one call of a Questions method.
type question struct {
	kind     kind
	key      string
	options  []string // of a choice; of a pick, the answers beside its list
	via      string   // the option of a pick that only leads to other questions
	optional bool
	unknown  bool // "पता नहीं" is an answer, stored as Unknown
	free     bool // any words are right, so a voice note is too
	hidden   bool // not in the review
	passing  bool // the answer does not outlive its draft
	about    bool // it says what the draft is about
	rule     Rule
	tense    Tense
	first    time.Time // for a date: days before this one's are wrong; zero: any
	last     time.Time // and days after this one's
	list     List
	locate   bool   // for a pick: the list knows where its items are
	near     string // for a pick: look around this place first
	max      int
	was      []string
	prefill  string
	fill     bool
	data     map[string]any
	notices  []string // texts said before the question
	photos   []Paper  // shown with the question

	sort    string // what AsLast keeps the answer under, "" if it does not
	value   string // once answered
	filled  bool   // the value is the prefill: nobody was asked
	editing bool
}

// Unknown is the canonical value of "I don't know" where a question allows it.
const Unknown = "?"

// Tense is which way a date may lie.
type Tense uint8

// The tenses of dates.
const (
	Past    Tense = iota // up to now
	Future               // from today on
	AnyTime              // both
)

// Setting changes how one question is asked.
type Setting func(*question)

// OrTyped makes what a rule reads an answer of a Choice too, beside its options: a height in feet
// beside a few to choose from.
func OrTyped(rule Rule) Setting { return func(q *question) { q.rule = rule } }

// Optional lets the citizen skip the question.
func Optional(q *question) { q.optional = true }

// UnknownAllowed makes "पता नहीं" an answer, stored as Unknown.
func UnknownAllowed(q *question) { q.unknown = true }

// NotBefore refuses days before that of t; the zero time refuses none. What is said then is the
// question's text KEY.early, else a common one.
func NotBefore(t time.Time) Setting { return func(q *question) { q.first = t } }

// NotAfter refuses days after that of t; the zero time refuses none. What is said then is the
// question's text KEY.late, else a common one.
func NotAfter(t time.Time) Setting { return func(q *question) { q.last = t } }

// Hidden keeps the answer out of the review.
func Hidden(q *question) { q.hidden = true }

// Passing keeps the answer no longer than its draft is open: a PIN. Where what the draft gave is given again
// (Visit.Repeat), it is missing.
func Passing(q *question) { q.passing = true }

// Was names an older key of the question, whose stored answers still count.
func Was(key string) Setting { return func(q *question) { q.was = append(q.was, key) } }

// Prefill answers the question with what is known already, if it fits; the citizen can still
// change it in the review. "" asks as usual.
func Prefill(value string) Setting {
	return func(q *question) { q.prefill, q.fill = value, value != "" }
}

// With gives the question's texts their data.
func With(name string, value any) Setting {
	return func(q *question) {
		if q.data == nil {
			q.data = map[string]any{}
		}
		q.data[name] = value
	}
}

// Showing shows photos with the question, when it is asked and not where a wrong answer is told.
func Showing(photos []Paper) Setting { return func(q *question) { q.photos = photos } }

// Or adds an answer to a Pick that is not in its list, such as "not_listed".
func Or(option string) Setting { return func(q *question) { q.options = append(q.options, option) } }

// Locatable says that a Pick's list knows where its items are, so that a shared location finds the
// nearest.
func Locatable(q *question) { q.locate = true }

// OrVia adds an answer to a Pick that only leads to other questions, and is no answer to show.
func OrVia(option string) Setting {
	return func(q *question) { q.options, q.via = append(q.options, option), option }
}

// Around makes a Pick look around a place first, given as the Place question stored it.
func Around(place string) Setting { return func(q *question) { q.near = place } }

// Say adds a text to the front of the question that follows, whose data it gets.
func (q *Questions) Say(id string) {
	if q.pending == nil {
		q.notices = append(q.notices, id)
	}
}

// Continue ends this interview here and goes on with another service; answers to questions of the
// same key go along.
func (q *Questions) Continue(service string) {
	if q.pending == nil && q.service == "" {
		q.service = service
	}
}

// Before answers every question that follows with what it was answered with before, by key as
// Filing.Given had it, skips too, as far as it still fits: so something that was filed is corrected in
// the review.
func (q *Questions) Before(given map[string]string) { q.before = given }

// Declare gives the text under the review, SERVICE.declare, its data.
func (q *Questions) Declare(name string, value any) {
	if q.declared == nil {
		q.declared = map[string]any{}
	}
	q.declared[name] = value
}

// Known gives what the citizen told us in an earlier filing, by key; "" if nothing.
func (q *Questions) Known(key string) string { return q.draft.known(key) }

// Carried gives an answer that the draft has from the service that it was continued from.
func (q *Questions) Carried(key string) string {
	value, _ := q.draft.Answer(key)
	return value
}

// AsLast asks what ask asks, and keeps the answers for the citizen's next filing of the same sort, such
// as the landlord's part of each tenant's verification; Service.Keeps must say so. With again, what the
// last filing has is the answer now too, a skipped question stays skipped, and nobody is asked: the
// citizen sees it all in the review and can change it.
func (q *Questions) AsLast(sort string, again bool, ask func()) {
	q.sort, q.again = sort, again
	ask()
	q.sort, q.again = "", false
}

// Again says whether answers are taken from the citizen's last filing (see AsLast).
func (q *Questions) Again() bool { return q.again }

// Last gives an answer of the citizen's last filing of a sort (see AsLast); "" if there is none.
func (q *Questions) Last(sort, key string) string {
	return q.draft.known(lastFiling + keptKey(sort, key))
}

// lastFiling is before the keys of what is known from the citizen's last filing.
const lastFiling = "last."

// keptKey is the key that AsLast keeps an answer under.
func keptKey(sort, key string) string { return sort + "." + key }

// Now is the time of the message, for questions that depend on it.
func (q *Questions) Now() time.Time { return q.now }

// Choice asks for one of a few options. Option ids are stored promises.
func (q *Questions) Choice(into *string, key string, options []string, s ...Setting) {
	q.ask(question{kind: kindChoice, key: key, options: options}, s, func(v string) { *into = v })
}

// Yes asks for yes or no.
func (q *Questions) Yes(into *bool, key string, s ...Setting) {
	q.ask(question{kind: kindYes, key: key, options: yesNo}, s, func(v string) { *into = v == "yes" })
}

var yesNo = []string{"yes", "no"}

// Text asks for words that follow a rule. A voice note is an answer too where the rule is Length:
// the field is then "voice:" and the id of the recording.
func (q *Questions) Text(into *string, key string, rule Rule, s ...Setting) {
	q.ask(question{kind: kindText, key: key, rule: rule, free: rule.free}, s, func(v string) { *into = v })
}

// Number asks for a whole number within bounds.
func (q *Questions) Number(into *int, key string, low, high int, s ...Setting) {
	q.ask(question{kind: kindText, key: key, rule: Between(low, high)}, s, func(v string) { *into, _ = strconv.Atoi(v) })
}

// When is a date, with the time of day if it was told.
type When struct {
	Time    time.Time // in the zone of Questions.Now; midnight if only the day is known
	Clock   bool      // the time of day was told
	Unknown bool
}

// Date asks for a day, or a day and time.
func (q *Questions) Date(into *When, key string, tense Tense, s ...Setting) {
	q.ask(question{kind: kindDate, key: key, tense: tense}, s, func(v string) { *into = parseWhen(v, q.now.Location()) })
}

// Place asks where something is: a shared location ("@25.61,85.14"), words, or a voice note.
func (q *Questions) Place(into *string, key string, s ...Setting) {
	q.ask(question{kind: kindPlace, key: key, rule: Length(3, 300), free: true}, s, func(v string) { *into = v })
}

// Photos asks for up to limit photos, videos or documents, until the citizen says that it is all.
// The field gets the media ids.
func (q *Questions) Photos(into *[]string, key string, limit int, s ...Setting) {
	if q.photos == "" {
		q.photos, q.photosMax = key, limit
	}
	q.ask(question{kind: kindPhotos, key: key, max: limit}, s, func(v string) { *into = mediaIDs(v) })
}

// Pick asks for an item of a long list, by typing its name.
func (q *Questions) Pick(into *string, key string, list List, s ...Setting) {
	q.ask(question{kind: kindPick, key: key, list: list}, s, func(v string) { *into = v })
}

// Verify asks for the citizen's own phone number, once and for ever: it is no question for a
// citizen who is verified, nor where the interview comes to it a second time.
func (q *Questions) Verify() {
	if q.citizen == "" && !q.verified {
		q.verified = true
		q.ask(question{kind: kindVerify, key: "phone"}, nil, func(string) {})
	}
}

// ask is what every question goes through.
func (q *Questions) ask(a question, settings []Setting, load func(string)) {
	if q.service != "" {
		return
	}
	if q.pending != nil {
		q.later++
		return
	}
	if q.asked == nil {
		q.asked = make([]question, 0, len(q.draft.Answers)+1)
	}
	n := len(q.asked)
	q.asked = append(q.asked, a)
	if !q.answered(&q.asked[n], settings, load) {
		pending := q.asked[n]
		q.pending, q.asked = &pending, q.asked[:n]
	}
}

// answered loads the question's answer; it says whether there is one that fits.
func (q *Questions) answered(a *question, settings []Setting, load func(string)) bool {
	for _, set := range settings {
		set(a)
	}
	a.notices, q.notices = q.notices, nil
	a.sort = q.sort
	if q.again && !a.fill {
		a.prefill, a.fill = q.Last(q.sort, a.key), true
	}
	value, ok := q.draft.Answer(a.key)
	for _, old := range a.was {
		if !ok {
			value, ok = q.draft.Answer(old)
		}
	}
	a.editing = q.draft.Editing == a.key
	if (!ok || a.about) && a.fill && !a.editing {
		value, ok, a.filled = a.prefill, true, true
	}
	if before, has := q.before[a.key]; !ok && has && !a.editing {
		value, ok, a.filled = before, true, true
	}
	a.value = value
	if !ok || a.editing || !a.accepts(value) {
		return false
	}
	if value != "" {
		load(value)
	}
	return true
}

// accepts says whether a stored value still answers the question: a release may have changed it.
func (a *question) accepts(value string) bool {
	switch {
	case value == "":
		return a.optional
	case value == Unknown:
		return a.unknown
	}
	switch a.kind {
	case kindChoice, kindYes:
		return contains(a.options, value) || a.rule.canonical(value)
	case kindText:
		if _, voice := VoiceNote(value); voice {
			return a.free
		}
		return a.rule.canonical(value)
	case kindDate:
		return validWhen(value) && a.within(value) == ""
	case kindPhotos:
		return !strings.HasSuffix(value, ",")
	case kindPick:
		if contains(a.options, value) {
			return true
		}
		_, ok := a.list.Item("", value)
		return ok
	}
	return true
}

// within says whether a day lies between the first and the last that are right: "" if it does, else
// on which side of them, "early" or "late".
func (a *question) within(value string) string {
	day := value[:len(dayLayout)]
	switch {
	case !a.first.IsZero() && day < a.first.Format(dayLayout):
		return "early"
	case !a.last.IsZero() && day > a.last.Format(dayLayout):
		return "late"
	}
	return ""
}

// textKey is the key under which the question's texts are found.
func (a *question) textKey() string {
	if !strings.ContainsAny(a.key, "123456789") {
		return a.key
	}
	parts := strings.Split(a.key, ".")
	kept := parts[:0]
	for _, p := range parts {
		if _, err := strconv.Atoi(p); err != nil {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ".")
}

// mediaIDs splits a Photos answer; a comma at the end means that more may come.
func mediaIDs(value string) []string {
	value = strings.TrimSuffix(value, ",")
	if value == "" {
		return nil
	}
	return strings.Split(value, ",")
}

const (
	dayLayout    = "2006-01-02"
	momentLayout = "2006-01-02T15:04"
)

func parseWhen(v string, zone *time.Location) When {
	if v == Unknown {
		return When{Unknown: true}
	}
	layout := whenLayout(v)
	t, _ := time.ParseInLocation(layout, v, zone)
	return When{Time: t, Clock: layout == momentLayout}
}

func validWhen(v string) bool {
	_, err := time.Parse(whenLayout(v), v)
	return err == nil
}

// whenLayout is the layout of a stored date: with the time of day or without.
func whenLayout(v string) string {
	if len(v) == len(dayLayout) {
		return dayLayout
	}
	return momentLayout
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
