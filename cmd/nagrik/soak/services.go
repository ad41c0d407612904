package main

import (
	"math/rand/v2"

	"nagrik/bot/telegram/telegramtest"
)

// The stories, as short as their services let them be: what can be skipped is.

func (t *story) complaint(rnd *rand.Rand, c *citizen) {
	t.choose("category", pick(rnd, "land", "nuisance", "threat", "extortion", "women"))
	t.no("danger")
	t.say("details", "पड़ोसी ने पिछले हफ़्ते मेरे खेत की मेड़ तोड़ दी और रास्ता बंद कर दिया। गवाह सब गाँव वाले हैं।")
	t.day("when", -2)
	t.skip("until", "elsewhere")
	t.where("बड़ी मस्जिद के पास, पुल से आगे")
	t.no("accused_known")
	t.no("witnesses")
	t.pictures(rnd)
	t.applicant(c.self)
	t.decline("tell_more")
}

func (t *story) loss(rnd *rand.Rand, c *citizen) {
	t.choose("how", "lost")
	thing := pick(rnd, "mobile", "bag", "keys")
	t.choose("article.kind", thing)
	if thing == "mobile" {
		if t.imei(rnd) {
			t.skip("article.imei2")
		}
		t.skip("article.sim")
	}
	t.say("article.description", "काले रंग का, पुराना")
	if thing != "keys" {
		t.skip("article.value")
	}
	t.decline("article.more")
	t.day("when", -2)
	t.where("बस अड्डे पर, पान की दुकान के सामने")
	t.choose("purpose", "insurance")
	t.pictures(rnd)
	t.applicant(c.self)
	t.decline("tell_more")
}

// imeis are of the few mobiles that have one here: who lost and who found the same one are matched.
var imeis = []string{"356938035643809", "490154203237518", "352099001761481"}

// imei tells the number of a mobile, or that nobody knows it.
func (t *story) imei(rnd *rand.Rand) (told bool) {
	if chance(rnd, .4) {
		t.skip("article.imei")
		return false
	}
	t.say("article.imei", pick(rnd, imeis...))
	return true
}

func (t *story) missing(rnd *rand.Rand, c *citizen) {
	t.district = true
	t.choose("how", "missing")
	t.say("person.name", fullName(rnd))
	t.skip("person.alias")
	t.pictures(rnd)
	if chance(rnd, .4) {
		t.data["Child"] = true
		t.age("person.age", "9")
		t.skip("school")
	} else {
		t.age("person.age", "44")
		t.no("fear")
	}
	t.choose("look.sex", pick(rnd, "woman", "man"))
	t.choose("condition", "well")
	t.where("हाट के पास वाली सड़क पर")
	t.day("when", -1)
	t.skip("company", "details", "carried_phone", "relation", "guardian")
	t.no("describe")
	t.no("search")
	t.applicant(c.self)
	t.decline("tell_more")
}

func (t *story) unknown(rnd *rand.Rand, c *citizen) {
	t.reports()
	t.where("रेलवे स्टेशन के बाहर, टिकट घर के पास")
	t.choose("condition", "well")
	age := "old"
	if chance(rnd, .5) {
		t.district, t.data["Child"], age = true, true, "child"
		t.choose("who", "child")
	} else {
		t.choose("who", "elder")
	}
	if chance(rnd, .5) {
		t.choose("keeper", "hospital")
	} else {
		t.choose("keeper", "me")
		t.skip("stays")
	}
	t.choose("look.sex", pick(rnd, "woman", "man"))
	t.choose("look.age", age)
	t.skip("when", "says_name", "says_place", "look.language", "details")
	t.pictures(rnd)
	t.no("describe")
	t.applicant(c.self)
	t.decline("tell_more")
}

func (t *story) body(rnd *rand.Rand, c *citizen) {
	t.reports()
	t.where("नदी के किनारे, पुराने घाट से आगे")
	if chance(rnd, .5) {
		t.yes("police")
	} else {
		t.no("police")
	}
	t.day("when", -1)
	t.choose("look.sex", "not_known")
	t.skip("look.age", "details")
	t.pictures(rnd)
	t.no("describe")
	t.applicant(c.self)
	t.decline("tell_more")
}

func (t *story) find(rnd *rand.Rand, c *citizen) {
	t.reports()
	thing := pick(rnd, "mobile", "bag", "keys")
	t.choose("article.kind", thing)
	switch thing {
	case "mobile":
		t.imei(rnd)
	case "bag":
		t.data["Bag"] = true
		t.skip("article.owner")
	}
	t.say("article.description", "भूरे रंग का, पट्टी टूटी हुई")
	t.decline("article.more")
	t.where("बाज़ार समिति के गेट पर")
	t.day("when", -1)
	t.choose("where", pick(rnd, "me", "station", "left"))
	t.pictures(rnd)
	t.applicant(c.self)
	t.decline("tell_more")
}

// reports says, where there is a list too, that something is to be reported.
func (t *story) reports() { t.answer("purpose", answer{press: t.text("purpose.report")}) }

// tenant is the first person whom a landlord has verified.
func (t *story) tenant(rnd *rand.Rand, c *citizen) {
	kind := pick(rnd, "tenant", "help", "driver")
	t.data["Kind"] = kind
	t.choose("kind", kind)
	t.say("premises", "मकान 7, स्टेशन रोड, पूरब टोला")
	t.at()
	if kind == "tenant" {
		t.choose("purpose", "residence")
	}
	t.applicant(c.self)
	t.decline("tell_more")
	t.answer("again", answer{press: t.words.label("engine.yes")})
	t.verified(rnd, kind)
}

// verified is the person's part.
func (t *story) verified(rnd *rand.Rand, kind string) {
	t.say("person.name", fullName(rnd))
	t.say("person.father", fullName(rnd))
	t.skip("person.phone")
	t.say("person.home", "ग्राम रामपुर, "+t.mark+", ज़िला पटना, बिहार")
	switch kind {
	case "help":
		t.skip("work", "person.id_kind")
	case "driver":
		t.say("licence", "BR0120190012345")
	default:
		t.skip("person.id_kind")
	}
	t.yes("consent")
	t.pictures(rnd)
	t.decline("more")
}

// nextTenant is another person of the same landlord: it begins with the button that the first one's
// end has, and the landlord's part is kept.
func (c *citizen) nextTenant(rnd *rand.Rand, first *story) *story {
	kind, _ := first.data["Kind"].(string)
	t := &story{words: c.words, mark: mark(rnd), station: first.station}
	t.matter = matter{service: first.service, answers: map[string]answer{}, review: map[string]string{}, data: first.data, over: c.filed}
	for id, a := range first.answers {
		t.answers[id] = a
	}
	for label, shown := range first.review {
		t.review[label] = shown
	}
	t.verified(rnd, kind)
	t.begin = func() {
		if t.begun == 1 && len(first.end.Buttons) > 0 {
			c.press(first.end, c.words.label("verification.next."+kind))
			return
		}
		c.say("/start")
	}
	return t
}

func (t *story) certificate(rnd *rand.Rand, c *citizen) {
	t.choose("purpose", pick(rnd, "job", "tender"))
	t.applicant(c.self)
	t.at()
	t.say("years", "12")
	t.yes("permanent_here")
	t.choose("gender", pick(rnd, "woman", "man"))
	t.age("age", "37")
	t.no("pending")
	t.say("organisation", "ज़िला कार्यालय "+t.mark)
	t.skip("id_kind")
	t.pictures(rnd)
}

func (t *story) senior(rnd *rand.Rand, c *citizen) {
	t.choose("who", "self")
	t.contact()
	t.say("name", c.self.name)
	t.age("age", "71")
	t.say("address", c.self.address)
	t.at()
	t.choose("living", pick(rnd, "alone", "spouse", "family"))
	t.say("contact.name", c.self.contact+" "+t.mark)
	t.phone("contact.phone", c.self.contactPhone)
	t.yes("visits")
	t.no("calls")
	t.decline("more")
}

// seniorByRelative registers an elder, who is asked in a chat of their own.
func (t *story) seniorByRelative(rnd *rand.Rand, c *citizen) {
	t.service = "senior_registration"
	t.choose("who", "relative")
	t.choose("relation", pick(rnd, "son", "daughter"))
	t.say("elder.name", fullName(rnd))
	t.age("elder.age", "82")
	t.say("elder.address", "पुराना मकान, "+t.mark+" टोला")
	t.at()
	t.choose("elder.living", "alone")
	t.decline("more")
	t.contact()
	t.say("name", c.self.name)
}

// names tells a story the phone of the elder whom it registers.
func (t *story) names(e *elder) {
	t.elder = e
	t.phone("elder.phone", e.Phone[2:])
}

func (t *story) journey(rnd *rand.Rand, c *citizen) {
	t.contact()
	t.day("leave", 1+rnd.IntN(5))
	t.day("back", 7+rnd.IntN(5))
	t.say("house", c.self.address+", "+t.mark)
	t.at()
	t.say("contact.name", c.self.contact)
	t.phone("contact.phone", c.self.contactPhone)
	t.say("name", c.self.name)
	t.decline("more")
}

// tip is told by nobody: no number is the end of it, but a code.
func (t *story) tip(rnd *rand.Rand, c *citizen) {
	t.answer("begin", answer{press: t.text("begin.new")})
	t.choose("category", pick(rnd, "liquor", "gambling", "mining", "stolen_goods"))
	t.no("danger")
	t.say("details", "रात में गाड़ी आती है और माल उतारकर चली जाती है, "+t.mark+" के घर पर।")
	t.skip("when")
	t.where("नहर के पास वाला बंद भट्ठा")
	t.pictures(rnd)
	t.no("reward")
	t.over = func(m telegramtest.Message) bool { return c.words.says(m.Text, "tip.filed") && codeIn(m.Text) != "" }
	t.reviewed = func(m telegramtest.Message) { t.shown = append(t.shown, codeIn(m.Text)) }
}
