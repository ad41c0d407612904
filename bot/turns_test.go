package bot_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"nagrik/bot"
)

func TestStraight(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1").toReview()
	c.wants("1. <lost_property.how.label>: खो गया", "photos.label>: <engine.shown.files Count=1>")
	c.lacks("more.label") // hidden
	c.tap("जमा करें")
	c.wants("<lost_property.filed Number=KS0000000001>")
	got := c.records.only(t)
	want := map[string]string{
		"how": "खो गया", "thing.1.kind": "बैग", "when": "<engine.shown.day At=2026-03-14 00:00:00 +0530 IST>", "place": "गांधी मैदान",
		"station": "पटना", "details": account, "name": "सुनीता देवी",
	}
	if !maps.Equal(got, want) {
		t.Errorf("filed %q, not %q", got, want)
	}
	if f := slices.Collect(maps.Values(c.records.filed))[0]; f.Citizen != "c-3210" || len(f.Dialog) != 16 || f.Again {
		t.Errorf("filed by %q as %q, again %v", f.Citizen, f.Dialog, f.Again)
	}
}

func TestBack(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1").toReview()
	for _, asked := range []string{"<lost_property.name>", "<engine.more_photos>", "<lost_property.details>", "<lost_property.age>", "<lost_property.station>"} {
		c.say("पीछे")
		if asked == "<engine.more_photos>" { // the phone number stays verified, and the photos are there
			c.wants("<lost_property.photos>")
			continue
		}
		c.wants(asked)
	}
	c.say("back", "back", "back", "back", "back")
	c.wants("<lost_property.how>")
	if len(c.answers()) != 0 {
		t.Errorf("answers %v are left", c.answers())
	}
	c.say("पीछे")
	c.wants("<engine.menu>")
}

// TestBackFromTheFirstQuestion holds that answers carried from another service do not go unasked.
func TestBackFromTheFirstQuestion(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.tap("चोरी हुआ")
	c.wants("<complaint.continued>", "<complaint.details>").say("पीछे")
	c.wants("<engine.confirm.cancel").tap("जारी रखें")
	c.wants("<complaint.details>").say("पीछे", "हाँ")
	c.wants("<engine.cancelled>")
}

func TestContinueCarriesAnswers(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.tap("चोरी हुआ")
	c.say(account, "नहीं")
	c.wants("<engine.review").lacks("how.label").tap("जमा करें")
	if got := c.records.only(t); got["category"] != "चोरी" || got["details"] != account || got["how"] != "" {
		t.Errorf("filed %v", got)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1").toReview()
	c.say("बदलें 4")
	c.wants("<lost_property.place>").say("चौक")
	c.wants("<engine.review", "चौक").tap("बदलें", "1. <lost_property.how.label>", "मिला")
	c.wants("मिला").say("edit 4", "edit 6") // another while the first is open
	c.wants("<lost_property.age>").say("पीछे")
	c.wants("<engine.review").say("बदलें 99")
	c.wants("<engine.wrong.edit Max=9>").say("badlo", "पीछे")                     // from the list to the review
	c.wants("<engine.review").lacks("<engine.edit_which").say("बदलें", "और", "9") // as the labels say
	c.wants("<lost_property.name>").say("पीछे", "नहीं", "<lost_property.age.label>")
	c.wants("<lost_property.age>").say("12")
	c.wants("label>: 12").tap("जमा करें")
	if got := c.records.only(t); got["place"] != "चौक" || got["how"] != "मिला" {
		t.Errorf("filed %v", got)
	}
}

// TestEditClosesABranch holds that answers of a branch that was left are not filed.
func TestEditClosesABranch(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.tap("खो गया", "मोबाइल")
	c.say("356938035643809")
	c.tap("हाँ", "सिम कार्ड", "नहीं", "आज")
	c.say("गांधी मैदान", "पटना", "12", account, "छोड़ें")
	c.send(bot.Message{Phone: "+919876543210"})
	c.say("सुनीता देवी")
	c.wants("imei.label>: 356938035643809", "सिम कार्ड").say("बदलें 2")
	c.tap("बैग")
	c.lacks("356938035643809").wants("<engine.review", "सिम कार्ड", "बैग").say("बदलें 2")
	c.tap("मोबाइल") // another one, whose number nobody told
	c.wants("imei>").say("पता नहीं")
	c.wants("<engine.review", "imei.label>: <engine.shown.skipped>").say("बदलें 2", "बैग")
	c.tap("जमा करें")
	got := c.records.only(t)
	if got["thing.1.imei"] != "" || got["thing.1.kind"] != "बैग" || got["thing.2.kind"] != "सिम कार्ड" {
		t.Errorf("filed %v", got)
	}
}

func TestEditPhotos(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1").toReview()
	photo := func(id string) { c.send(bot.Message{Files: []bot.File{file(bot.Photo, id)}}) }
	c.say("बदलें 8")
	c.wants("Count=1", "<engine.more_photos>").say("पीछे")
	c.wants("<engine.review", "Count=1").say("बदलें 8")
	photo("p2")
	c.say("पीछे") // what was sent stays
	c.wants("<engine.review", "Count=2").say("बदलें 8")
	photo("p3")
	c.say("हो गया")
	c.wants("<engine.review", "Count=3")
	photo("p4") // at the review
	c.wants("<engine.file_kept>", "Count=4")
}

func TestSayOnce(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.lacks("<lost_property.say>").tap("खो गया")
	c.wants("<lost_property.say>", "<lost_property.thing.kind>").say("पर्वत")
	c.wants("<engine.wrong.choice", "<lost_property.thing.kind>").lacks("<lost_property.say>").tap("बैग")
	c.lacks("<lost_property.say>").say("पीछे")
	if strings.Count(c.reply.Text, "<lost_property.say>") != 1 {
		t.Errorf("said %s", c.reply.Text)
	}
}

func TestDirectAndPrepared(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("स्थिति")
	c.wants("<my_filings.none>", "<engine.menu>") // Invalid from File: told, and over
	c.toReview()
	c.tap("जमा करें")
	c.say("status")
	c.wants("<my_filings.action Count=1>").lacks("1/").tap("ठीक")
	c.wants("<my_filings.done>").lacks("<engine.review")
	c.say("status")
	c.tap("अंग्रेज़ी")
	if got := c.people.chats[c.chat]; got.Lang != "en" || !got.Simple {
		t.Errorf("prefers %+v", got)
	}
	c.say("status", "एक और")
	c.wants("<my_filings.done>", "<complaint.category>").tap("ठगी")
	c.say("status")
	c.tap("भूल जाओ")
	if state, _ := c.dialogs.Load(t.Context(), c.chat, false); state != nil {
		t.Error("the chat is remembered")
	}
}

// TestWhatWasAskedAboutIsGone: what a direct service asks about may vanish from the records before it is answered.
func TestWhatWasAskedAboutIsGone(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.toReview()
	c.tap("जमा करें")
	c.say("status")
	c.wants("<my_filings.action Count=1>")
	clear(c.records.filed)
	c.say("1")
	c.wants("<my_filings.none>", "<engine.menu>").lacks("engine.wrong.review")
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.tap("खो गया")
	c.say("bhasha")
	c.wants("<engine.confirm.language>").tap("English")
	c.wants("<engine.language_changed>", "thing.kind>")
	if c.people.chats[c.chat].Lang != "en" {
		t.Error("the choice is not kept")
	}
}
