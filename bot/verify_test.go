package bot_test

import (
	"strings"
	"testing"
	"time"

	"nagrik/bot"
)

// toVerify answers everything up to the question for the phone number.
func (w *world) toVerify(channel, id string) *talker {
	c := w.talk(channel, id)
	c.say("खोया सामान", "खो गया", "बैग", "नहीं", "आज", "चौक", "पटना", "छोड़ें", account, "छोड़ें")
	return c
}

func TestVerifyByContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.people.known = map[string]string{"name": "मोहन लाल", "address": ""}
	c := w.toVerify("telegram", "1")
	if c.wants("<lost_property.phone>"); c.reply.Want != bot.WantContact || c.reply.Words.Want == "" {
		t.Errorf("wants %v", c.reply.Want)
	}
	c.say("9876543210")
	c.wants("<engine.wrong.share_contact>")
	c.send(bot.Message{Alien: true})
	c.wants("<engine.wrong.contact>", "<lost_property.phone>")
	c.send(bot.Message{Phone: "+919876543210"})
	c.wants("<engine.verified>", "<engine.review", "name.label>: मोहन लाल") // what is known is not asked
	if !c.reply.Clear || c.events["verified"] != 1 {
		t.Errorf("the keyboard stays; events %v", c.events)
	}
	c.say("पीछे") // prefilled is not asked, so back is what was answered last
	c.wants("<lost_property.photos>").say("skip", "बदलें 9", "सोहन लाल", "जमा करें")
	if got := c.records.only(t); got["name"] != "सोहन लाल" {
		t.Errorf("filed %v", got)
	}
	c.say("खोया सामान") // verified once and for ever, also when Redis forgets
	c.world.dialogs = &forgetful{}
	c = c.world.toVerify("telegram", "1")
	c.wants("<engine.review")
}

// TestVerifyBySender is a channel that names the sender's number with every message.
func TestVerifyBySender(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.talk("sender", "1")
	const phone = "+919876543210"
	say := func(lines ...string) {
		for _, l := range lines {
			c.send(bot.Message{Text: l, Phone: phone})
		}
	}
	say("खोया सामान", "खो गया", "बैग", "नहीं", "आज")
	c.send(bot.Message{Place: &bot.Place{Lat: 25.31, Lng: 85}, Phone: phone})
	c.wants("✓ <engine.shown.place>", "<engine.nearest>")
	say("पटना", "छोड़ें")
	w.now = w.now.Add(13 * time.Hour)
	say("कुछ तो")
	c.wants("<engine.confirm.resume")
	say("हाँ", account)
	c.send(bot.Message{Phone: phone}) // a sticker
	c.wants("<engine.strange>")
	c.send(bot.Message{Files: []bot.File{file(bot.Photo, "p1")}, Phone: phone})
	say("हो गया")
	c.wants("<engine.verified>", "<lost_property.name>").lacks("<lost_property.phone>")
	if w.people.chats[c.chat].ID != "c-3210" {
		t.Errorf("verified %+v", w.people.chats[c.chat])
	}
}

func TestVerifyByCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	begin := func(id string) *talker {
		c := w.toVerify("code", id)
		c.wants("<engine.phone_typed>").say("12345")
		c.wants("<engine.wrong.phone>").say("98765 43210")
		return c.wants("<engine.code Phone=+919876543210>")
	}
	code := func() string { return w.people.codes[len(w.people.codes)-1] }
	wrong := func() string { return strings.Map(func(r rune) rune { return '0' + (r-'0'+1)%10 }, code()) }

	c := begin("right")
	c.say(strings.Map(func(r rune) rune { return r - '0' + '०' }, code())) // in Hindi digits
	c.wants("<engine.verified>", "<lost_property.name>")

	c = begin("another chat's")
	other := begin("other")
	c.say(code())
	c.wants("<engine.wrong.code>")
	other.say(code())
	other.wants("<engine.verified>")

	c = begin("old")
	w.now = w.now.Add(11 * time.Minute)
	c.say(code())
	c.wants("<engine.wrong.code_old>", "<engine.phone_typed>")

	c = begin("three")
	c.say(wrong())
	c.wants("<engine.wrong.code>").say("मदद") // what helps elsewhere gives no more guesses here
	c.say(wrong(), "मदद")
	c.send(bot.Message{Files: []bot.File{file(bot.Photo, "p1")}})
	c.say(wrong())
	c.wants("<engine.wrong.code_attempts>", "<engine.phone_typed>").say(code())
	c.lacks("<engine.verified>").say("9876543210")
	c.say(code())
	c.wants("<engine.verified>")

	c = begin("mistyped")
	first := code()
	c.say("98765 43211")
	c.wants("<engine.code Phone=+919876543211>").say(first)
	c.wants("<engine.wrong.code>").say(code())
	c.wants("<engine.verified>")
	if w.people.chats[c.chat].ID != "c-3211" {
		t.Errorf("verified %+v", w.people.chats[c.chat])
	}

	c = begin("back")
	c.say("पीछे")
	c.wants("<engine.phone_typed>")
	c.send(bot.Message{Place: &bot.Place{Lat: 25, Lng: 85}})
	c.wants("<engine.wrong.words>").say("रद्द", "हाँ")
	c.wants("<engine.cancelled>")

	w.people.fail["SendCode"] = &bot.Invalid{ID: "engine.wrong.code_wait"}
	c = w.toVerify("code", "too often")
	c.say("9876543210")
	c.wants("<engine.wrong.code_wait>", "<engine.phone_typed>")
}

func TestVerifyAsTyped(t *testing.T) {
	t.Parallel()
	c := newWorld(t).toVerify("typed", "1")
	c.say("+91 98765 43210")
	c.wants("<engine.verified>", "<lost_property.name>")
	if len(c.people.codes) != 0 {
		t.Error("a code was sent")
	}
}
