package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// answer is what a citizen does when asked something: says words, presses a button, or sends
// something else.
type answer struct {
	say     string
	press   string // label; said where there is no such button
	contact bool
	photos  int // 1: a photo; more: an album
}

// story is one matter that a citizen brings before the bot.
type story struct {
	service string
	mark    string // in the narrative, and nowhere else in the world
	station *station
	answers map[string]answer // by text id of the question
	review  map[string]string // what the review must show: label and value
	photos  int
}

// person is what a citizen says of themselves.
type person struct {
	mark, name, father, address, pin string
}

func newPerson(rnd *rand.Rand) person {
	m := mark(rnd)
	return person{
		mark:    m,
		name:    pick(rnd, "सुनीता", "रामप्रवेश", "अनवर", "मुन्नी", "गणेश", "शबनम", "लालबाबू") + " " + pick(rnd, "देवी", "सिंह", "यादव", "ख़ातून", "पासवान", "झा"),
		father:  pick(rnd, "महेश", "रघुनाथ", "इस्लाम", "बैजनाथ", "दिनेश") + " " + pick(rnd, "सिंह", "यादव", "अंसारी", "राम", "मिश्र"),
		address: fmt.Sprintf("मकान %d, %s टोला, वार्ड %d", 1+rnd.IntN(400), m, 1+rnd.IntN(30)),
		pin:     fmt.Sprint(800001 + rnd.IntN(30)),
	}
}

// newStory makes up a complaint or a loss.
func (w words) newStory(rnd *rand.Rand, service string, p person, s *station) *story {
	t := &story{service: service, mark: mark(rnd), station: s, answers: map[string]answer{}, review: map[string]string{}}
	day := time.Now().AddDate(0, 0, -2)
	if service == "complaint" {
		w.complaint(rnd, t)
	} else {
		w.loss(rnd, t)
	}
	if chance(rnd, .2) {
		t.photos = 1 + rnd.IntN(2)
	}
	own := service + "."
	place := "बड़ी मस्जिद के पास, पुल से आगे"
	skip := answer{press: w.label("engine.way.skip")}
	t.ask(own+"when", answer{say: day.Format("02-01-2006")}, w.label(own+"when.label"), w.texts.Date("hi", day))
	t.ask(own+"place", answer{say: place}, w.label(own+"place.label"), place)
	t.ask("common.station", answer{say: s.name}, w.label("common.station.label"), s.label)
	t.answers["engine.which_of_these"] = answer{press: s.label}
	t.answers[own+"photos"] = skip
	if t.photos > 0 {
		t.answers[own+"photos"] = answer{photos: t.photos}
	}
	t.answers["engine.more_photos"] = answer{press: w.label("engine.way.done")}
	t.answers["common.phone"] = answer{contact: true}
	t.answers["common.same_person"] = answer{press: w.label("engine.yes")}
	t.ask("common.name", answer{say: p.name}, w.label("common.name.label"), p.name)
	t.ask("common.father", answer{say: p.father}, w.label("common.father.label"), p.father)
	t.ask("common.address", answer{say: p.address}, w.label("common.address.label"), p.address)
	t.ask("common.pin", answer{say: p.pin}, w.label("common.pin.label"), p.pin)
	t.answers["common.tell_more"] = answer{press: w.label("engine.no")}
	return t
}

// ask notes how a question is answered and what the review shows of it.
func (t *story) ask(question string, a answer, label, shown string) {
	t.answers[question], t.review[label] = a, shown
}

func (w words) complaint(rnd *rand.Rand, t *story) {
	no, skip, none := answer{press: w.label("engine.no")}, answer{press: w.label("engine.way.skip")}, w.label("engine.shown.skipped")
	kind := w.label("complaint.category." + pick(rnd, "land", "nuisance", "threat", "extortion", "women"))
	t.ask("complaint.category", answer{press: kind}, w.label("complaint.category.label"), kind)
	t.ask("complaint.danger", no, w.label("complaint.danger.label"), w.label("engine.no"))
	told := "पड़ोसी ने पिछले हफ़्ते मेरे खेत की मेड़ तोड़ दी और रास्ता बंद कर दिया। गवाह सब गाँव वाले हैं। मेरी पहचान " + t.mark + " है।"
	t.ask("complaint.details", answer{say: told}, w.label("complaint.details.label"), told)
	t.ask("complaint.until", skip, w.label("complaint.until.label"), none)
	t.ask("complaint.accused_known", no, w.label("complaint.accused_known.label"), w.label("engine.no"))
	t.ask("complaint.witnesses", no, w.label("complaint.witnesses.label"), w.label("engine.no"))
	t.ask("complaint.elsewhere", skip, w.label("complaint.elsewhere.label"), none)
}

func (w words) loss(rnd *rand.Rand, t *story) {
	skip, none := answer{press: w.label("engine.way.skip")}, w.label("engine.shown.skipped")
	lost := w.label("lost_property.how.lost")
	t.ask("lost_property.how", answer{press: lost}, w.label("lost_property.how.label"), lost)
	thing := pick(rnd, "mobile", "bag", "keys")
	kind := w.label("common.article.kind." + thing)
	t.ask("lost_property.article.kind", answer{press: kind}, w.label("common.article.kind.label"), kind)
	if thing == "mobile" {
		t.ask("common.article.imei", skip, w.label("common.article.imei.label"), none)
		t.ask("common.article.sim", skip, w.label("common.article.sim.label"), none)
	}
	told := "काले रंग का, पुराना, कोने में निशान " + t.mark
	t.ask("common.article.description", answer{say: told}, w.label("common.article.description.label"), told)
	if thing != "keys" {
		t.ask("common.article.value", skip, w.label("common.article.value.label"), none)
	}
	t.answers["common.article.more"] = answer{press: w.label("engine.no")}
	purpose := w.label("lost_property.purpose.insurance")
	t.ask("lost_property.purpose", answer{press: purpose}, w.label("lost_property.purpose.label"), purpose)
}
