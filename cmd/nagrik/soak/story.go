package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/locales"
)

// story is one matter that a citizen brings before the bot, to be filed.
type story struct {
	matter
	words    words
	mark     string // in what is told, and nowhere else in the world
	station  *station
	photos   int
	district bool   // the SHO hears of it beside the station's group
	elder    *elder // whom it registers, and who is asked

	told   bool
	number string               // that it was filed under, as the citizen saw
	end    telegramtest.Message // that said so
	codes  []string             // of a tip: the claim codes that its giver was told with "filed"
	shown  []string             // and all that stood under a review
}

// person is what a citizen says of themselves.
type person struct {
	mark, name, father, address, pin string
	contact, contactPhone            string // of the family
}

func newPerson(rnd *rand.Rand) person {
	m := mark(rnd)
	return person{
		mark: m, name: fullName(rnd), father: fullName(rnd),
		address: fmt.Sprintf("मकान %d, %s टोला, वार्ड %d", 1+rnd.IntN(400), m, 1+rnd.IntN(30)),
		pin:     fmt.Sprint(800001 + rnd.IntN(30)),
		contact: fullName(rnd), contactPhone: fmt.Sprintf("97%08d", rnd.IntN(1e8)),
	}
}

func fullName(rnd *rand.Rand) string {
	return pick(rnd, "सुनीता", "रामप्रवेश", "अनवर", "मुन्नी", "गणेश", "शबनम", "लालबाबू", "महेश", "रघुनाथ", "इस्लाम", "बैजनाथ") + " " +
		pick(rnd, "देवी", "सिंह", "यादव", "ख़ातून", "पासवान", "झा", "अंसारी", "राम", "मिश्र")
}

// newStory makes up a story for a service.
func (c *citizen) newStory(rnd *rand.Rand, service string, s *station) *story {
	t := &story{words: c.words, mark: mark(rnd), station: s}
	t.matter = matter{
		service: service, answers: map[string]answer{}, review: map[string]string{}, overlooks: true, data: map[string]any{"Child": false, "Bag": false, "About": ""},
		begin: func() { c.say("/start") }, over: c.filed,
	}
	tellers[service](t, rnd, c)
	t.answers["engine.more_photos"] = answer{press: t.words.label("engine.way.done")}
	return t
}

// tellers tell the stories, by their service.
var tellers = map[string]func(*story, *rand.Rand, *citizen){
	"complaint": (*story).complaint, "lost_property": (*story).loss, "missing_person": (*story).missing,
	"unknown_person": (*story).unknown, "unidentified_body": (*story).body, "found_property": (*story).find,
	"verification": (*story).tenant, "character_certificate": (*story).certificate,
	"senior_registration": (*story).senior, byRelative: (*story).seniorByRelative,
	"travel_alert": (*story).journey, "tip": (*story).tip,
}

// byRelative is the registration of a senior, told by a relative.
const byRelative = "senior_registration by a relative"

// id is the text of a question, or of its label or option.
func (t *story) id(key string) string { return t.words.find(t.service, key, t.data) }

func (t *story) text(key string) string {
	return t.words.text(t.id(key), t.words.fill(t.id(key), t.data))
}

// answer notes how a question is answered that the review does not show.
func (t *story) answer(key string, a answer) { t.answers[t.id(key)] = a }

// ask notes how a question is answered and what the review shows of it.
func (t *story) ask(key string, a answer, shown string) {
	t.answer(key, a)
	t.review[t.text(key+".label")] = shown
}

func (t *story) say(key, words string) { t.ask(key, answer{say: words}, words) }

func (t *story) choose(key, option string) {
	label := t.text(key + "." + option)
	t.ask(key, answer{press: label}, label)
}

func (t *story) no(key string) {
	t.ask(key, answer{press: t.words.label("engine.no")}, t.words.label("engine.no"))
}

func (t *story) yes(key string) {
	t.ask(key, answer{press: t.words.label("engine.yes")}, t.words.label("engine.yes"))
}

// skip leaves questions out.
func (t *story) skip(keys ...string) {
	for _, key := range keys {
		t.ask(key, answer{press: t.words.label("engine.way.skip")}, t.words.label("engine.shown.skipped"))
	}
}

// decline says no to questions that the review does not show.
func (t *story) decline(keys ...string) {
	for _, key := range keys {
		t.answer(key, answer{press: t.words.label("engine.no")})
	}
}

func (t *story) day(key string, days int) {
	at := time.Now().In(locales.India).AddDate(0, 0, days)
	t.ask(key, answer{say: at.Format("02-01-2006")}, t.words.texts.Date("hi", at))
}

func (t *story) phone(key, number string) {
	t.ask(key, answer{say: number}, t.words.text("engine.shown.phone", map[string]any{"Value": "+91" + number}))
}

func (t *story) age(key, years string) {
	t.ask(key, answer{say: years}, t.words.text("engine.shown.age", map[string]any{"Value": years}))
}

// where asks for the station, and the place that the story's mark is in.
func (t *story) where(place string) {
	t.say("place", place+", "+t.mark)
	t.at()
}

func (t *story) at() {
	t.ask("station", answer{say: t.station.name}, t.station.label)
	t.answers["engine.which_of_these"] = answer{press: t.station.label}
}

// pictures answers the question for photos, which the review counts.
func (t *story) pictures(rnd *rand.Rand) {
	a := answer{press: t.words.label("engine.way.skip")}
	if t.photos = 0; chance(rnd, .2) {
		t.photos = 1 + rnd.IntN(2)
		a = answer{photos: t.photos}
	}
	t.answer("photos", a)
}

// applicant answers who files.
func (t *story) applicant(p person) {
	t.contact()
	t.say("name", p.name)
	t.say("father", p.father)
	t.say("address", p.address)
	t.say("pin", p.pin)
}

func (t *story) contact() {
	t.answer("phone", answer{contact: true})
	t.answer("same_person", answer{press: t.words.label("engine.yes")})
}
