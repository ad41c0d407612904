package bot_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

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

// TestCommandsKeepTheDraft holds that no word throws a draft away without a question, wherever it
// is said and in either script.
func TestCommandsKeepTheDraft(t *testing.T) {
	t.Parallel()
	places := map[string]func(c *talker){
		"a choice": func(c *talker) { c.say("खोया सामान"); c.tap("खो गया") },
		"a yes":    func(c *talker) { c.say("खोया सामान"); c.tap("खो गया", "बैग") },
		"a date": func(c *talker) {
			c.say("खोया सामान")
			c.tap("खो गया", "बैग", "नहीं")
		},
		"a place": func(c *talker) {
			c.say("खोया सामान")
			c.tap("खो गया", "बैग", "नहीं", "आज")
		},
		"a pick": func(c *talker) {
			c.say("खोया सामान")
			c.tap("खो गया", "बैग", "नहीं", "आज")
			c.say("गांधी मैदान")
		},
		"an edit":   func(c *talker) { c.toReview(); c.say("बदलें 3") },
		"edit list": func(c *talker) { c.toReview(); c.tap("बदलें") },
		"a review":  func(c *talker) { c.toReview() },
		"a maybe": func(c *talker) {
			c.say("खोया सामान")
			c.tap("खो गया")
			c.say("मोबाईल फोन था मेरा वाला नया")
		},
	}
	commands := []string{
		"मदद", "help", "मेनू", "menu", "रद्द", "cancel", "फिर से", "restart", "स्थिति", "status", "भाषा", "language", "नमस्ते", "hello",
		"112", "छोड़ें", "skip", "बदलें", "edit 2", "शिकायत", "mujhe shikayat karni hai", "बचाओ", "गुप्त सूचना",
	}
	for name, reach := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, command := range commands {
				c := newWorld(t).talk("telegram", "1")
				reach(c)
				before := c.answers()
				if c.say(command) == "" {
					t.Fatalf("%s: silence", command)
				}
				for key, value := range before {
					if after := c.answers(); after[key] != value && !c.parked(key) {
						t.Errorf("%s: the answer %s=%q is gone: %v", command, key, value, after)
					}
				}
			}
		})
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

func TestSkipAndWrong(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान", "छोड़ें")
	c.wants("<engine.wrong.must>").say("xyzzy", "qwerty")
	c.wants("<engine.wrong.choice Max=3>").lacks("stuck").say("asdfgh")
	c.wants("<engine.wrong.choice Max=3>", "<engine.stuck.station>")
	if c.events["third_wrong_answer"] != 1 || c.button("मदद") == "" {
		t.Errorf("events %v", c.events)
	}
	c.say("मदद")
	c.wants("<lost_property.how.help>", "<engine.help.words>").say("zzz")
	c.lacks("stuck") // the count begins anew
	c.tap("खो गया", "मोबाइल")
	c.say("12", "123", "1234")
	c.wants("<engine.wrong.imei Have=4>", "<engine.stuck.skip>").say("356938035643809", "नहीं", "आज", "यह", "वह", "कम")
	c.wants("<engine.wrong.few_letters>", "<engine.stuck.voice>")
}

func TestUncertainReadings(t *testing.T) {
	t.Parallel()
	begin := func() *talker {
		c := newWorld(t).talk("telegram", "1")
		c.say("खोया सामान")
		c.tap("खो गया")
		c.say("मेरा वाला पुराना मोबाइल था जी")
		return c.wants("<engine.maybe Value=मोबाइल>")
	}
	for answer, next := range map[string]string{
		"हाँ": "imei>", "1": "imei>", "haan ji": "imei>", "नहीं": "kind>", "2": "kind>", "२": "kind>", "सिम कार्ड": "✓ सिम कार्ड", "पीछे": "kind>",
	} {
		c := begin()
		c.say(answer)
		c.wants(next).lacks("engine.maybe")
	}
	c := begin()
	old := c.button("हाँ")
	c.say("एक बड़ा सा पुराना बैग था जी") // another reading of the same question
	c.wants("<engine.maybe Value=बैग>")
	c.send(bot.Message{Tap: old})
	c.wants("<engine.old_button>", "<engine.maybe Value=बैग>")
	c.tap("हाँ")
	c.wants("✓ बैग")
}

func TestYesAndNoAreNotWords(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.tap("खो गया", "बैग", "नहीं", "आज")
	c.say("हाँ")
	c.wants("<engine.wrong.words>").say("नहीं")
	c.wants("<engine.wrong.words>").say("नई सड़क")
	c.wants("✓ नई सड़क").say("पटना", "नहीं") // an optional question: there is none
	c.wants("<lost_property.details>").say("हाँ मेरा बड़ा बैग खोया था")
	c.wants("<lost_property.photos>")
}

func TestPick(t *testing.T) {
	t.Parallel()
	begin := func() *talker {
		c := newWorld(t).talk("telegram", "1")
		c.say("खोया सामान")
		c.tap("खो गया", "बैग", "नहीं", "आज")
		c.say("गांधी मैदान")
		return c.wants("<lost_property.station>")
	}
	t.Run("pages", func(t *testing.T) {
		c := begin()
		if got := labels(c.reply); len(got) != 11 || got[0] != "अररिया" || got[8] != "और दिखाएँ" || got[10] != "सूची में नहीं" {
			t.Fatalf("offered %q", got)
		}
		c.tap("और दिखाएँ")
		if got := labels(c.reply); got[0] != "गोपालगंज" {
			t.Fatalf("offered %q", got)
		}
		c.say("और") // words for the button
		if got := labels(c.reply); got[0] != "बक्सर" || !slices.Contains(got, "शुरू से दिखाएँ") {
			t.Fatalf("offered %q", got)
		}
		c.say("2") // of this page
		c.wants("✓ बांका")
	})
	t.Run("an option of a later page by its name", func(t *testing.T) {
		begin().say2("मधुबनी").wants("✓ मधुबनी")
	})
	t.Run("find", func(t *testing.T) {
		c := begin().say2("औ") // one name, not sure
		c.wants("<engine.which_of_these>").say("1")
		c.wants("✓ औरंगाबाद")
		c = begin().say2("भ").wants("<engine.which_of_these>")
		if got := labels(c.reply); got[0] != "भागलपुर" || got[1] != "भोजपुर" {
			t.Fatalf("found %q", got)
		}
		c.say("ऑस्ट्रेलिया")
		c.wants("<engine.wrong.not_found>").say("99")
		c.wants("<engine.wrong.pick>").tap("भोजपुर")
		c.wants("✓ भोजपुर")
	})
	t.Run("near", func(t *testing.T) {
		c := begin()
		c.send(bot.Message{Place: &bot.Place{Lat: 25.31, Lng: 85}})
		c.wants("<engine.nearest>")
		if got := labels(c.reply)[:5]; got[0] != "कटिहार" {
			t.Fatalf("near %q", got)
		}
		c.send(bot.Message{Place: &bot.Place{Lat: -33, Lng: 151}})
		c.wants("<engine.wrong.nothing_near>").tap("किशनगंज")
		c.wants("✓ किशनगंज")
	})
	t.Run("around the place that was shared", func(t *testing.T) {
		c := begin()
		c.say("पीछे")
		c.send(bot.Message{Place: &bot.Place{Lat: 25.31, Lng: 85}})
		c.wants("<engine.nearest>")
		if got := labels(c.reply); len(got) != 5 || got[0] != "कटिहार" {
			t.Fatalf("near %q", got)
		}
	})
	t.Run("by another way", func(t *testing.T) {
		c := begin()
		c.tap("अक्षर से")
		c.wants("<lost_property.station_in>").say("पीछे")
		c.wants("<lost_property.station>").tap("अक्षर से", "पीछे", "सूची में नहीं")
		c.wants("✓ सूची में नहीं", "<lost_property.age>")
	})
}

// say2 is say for chains.
func (c *talker) say2(lines ...string) *talker {
	c.say(lines...)
	return c
}

func TestSimpleMode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.talk("telegram", "1")
	w.people.chats[c.chat] = bot.Citizen{Lang: "hi", Simple: true}
	c.say("नमस्ते")
	c.wants("सरल").say("खोया सामान") // the simple words where there are some
	c.tap("खो गया")
	for range 4 {
		if got := labels(c.reply); len(got) != 4 || !c.reply.Few {
			t.Fatalf("%d choices at a time: %q", len(got)-1, got)
		}
		c.tap(labels(c.reply)[3])
	}
	c.tap("और दिखाएँ", "लाइसेंस")
	c.wants("✓ लाइसेंस")
}

func TestSayOnce(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.lacks("<lost_property.say>").tap("खो गया")
	c.wants("<lost_property.say>", "<lost_property.thing.kind>").tap("बैग")
	c.lacks("<lost_property.say>").say("पीछे")
	if strings.Count(c.reply.Text, "<lost_property.say>") != 1 {
		t.Errorf("said %s", c.reply.Text)
	}
}

func TestResume(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.talk("telegram", "1")
	c.say("खोया सामान")
	c.tap("खो गया", "बैग", "नहीं", "आज")
	w.now = w.now.Add(13 * time.Hour)
	c.say("कुछ तो") // might be anything after so long
	c.wants("<engine.confirm.resume", "खोया सामान").say("हाँ")
	c.wants("<lost_property.place>")
	w.now = w.now.Add(13 * time.Hour)
	c.say("चौक", "चौक") // not an answer to the question whether to go on, so to the open one
	c.wants("✓ चौक")
	w.now = w.now.Add(13 * time.Hour)
	c.tap("अक्षर से") // a button is no accident
	c.wants("<lost_property.station_in>").say("hello")
	c.wants("<engine.confirm.resume").say("नहीं")
	c.wants("<lost_property.how>")
	if len(c.answers()) != 0 {
		t.Errorf("answers %v are left", c.answers())
	}
}

func TestRestartAndCancel(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान", "restart")
	c.wants("<engine.menu>").say("खोया सामान") // nothing was answered: nothing to ask
	c.tap("खो गया")
	draft := c.draft()
	c.say("शुरू से", "ना")
	c.wants("thing.kind>").say("शुरू से")
	c.wants("<engine.confirm.restart").tap("हाँ, शुरू से")
	c.wants("<lost_property.how>").tap("मिला")
	if c.draft() == draft {
		t.Error("a new draft has the old one's id")
	}
	c.say("रद्द", "2")
	c.wants("thing.kind>").say("रद्द", "yes")
	c.wants("<engine.cancelled>", "<engine.menu>")
	if c.draft() != "" {
		t.Error("the draft is still there")
	}
}

func TestParked(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.tap("खो गया")
	c.say("शिकायत")
	if c.draft() != "lost_property" {
		c.tap("हाँ") // asked whether that is wanted
	}
	c.send(bot.Message{Tap: bot.MenuTap("complaint")})
	c.wants("<complaint.category>").tap("ठगी")
	for _, id := range []string{"fir_copy", "verification"} {
		c.send(bot.Message{Tap: bot.MenuTap(id)})
		c.say("कुछ तो")
		c.wants("<" + id + ".second>")
	}
	c.send(bot.Message{Tap: bot.MenuTap("travel_alert")}) // three are aside already
	c.wants("<engine.too_many_drafts>", "<verification.second>")
	c.send(bot.Message{Tap: bot.MenuTap("complaint")}) // one of the three: a change of places
	c.wants("<engine.confirm.resume", "शिकायत").say("हाँ")
	c.wants("<complaint.details>").say("मेनू")
	for _, want := range []string{"शिकायत जारी", "खोया सामान जारी", "एफ़आईआर जारी", "जाँच जारी"} {
		if !slices.Contains(labels(c.reply), want) {
			t.Errorf("the menu lacks %q: %q", want, labels(c.reply))
		}
	}
	c.tap("खोया सामान जारी")
	c.wants("thing.kind>").say("रद्द", "हाँ")
	c.tap("जाँच जारी")
	c.wants("<verification.second>").say("800001")
	c.wants("<engine.review").say("जमा करें")
	c.wants("<verification.filed>")
	if got := labels(c.reply); !slices.Contains(got, "शिकायत जारी") || !slices.Contains(got, "एफ़आईआर जारी") {
		t.Errorf("after filing, %q", got)
	}
}

func TestOpeningWords(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("मेरा मोबाइल खो गया")
	c.wants("<engine.understood_service Service=खोया सामान>", "✓ खो गया", "✓ मोबाइल", "imei>")
	if strings.Count(c.reply.Text, "<lost_property.say>") != 1 {
		t.Errorf("said %s", c.reply.Text)
	}
	c = newWorld(t).talk("telegram", "1")
	c.say("asdf qwer")
	c.wants("<engine.not_understood>", "<engine.menu>").say("2")
	c.wants("<complaint.category>")
	c = newWorld(t).talk("telegram", "1")
	c.say("mera charitra praman patra chahiye") // a service that is not here
	c.wants("<engine.not_here>")
}

func TestEmergency(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("बचाओ मुझे मार रहे हैं")
	c.wants("<engine.danger.", "<engine.confirm.danger>").tap("शिकायत")
	c.wants("<complaint.category>").tap("ठगी")
	c.say("बचाओ") // too short for an account: the question stays
	c.wants("<engine.danger.", "<complaint.details>").say("बचाओ मेरे घर में चोर घुस आए हैं दरवाज़ा तोड़ रहे हैं")
	c.wants("<engine.danger.", "<complaint.sure")
	if c.answers()["details"] == "" {
		t.Error("the account was lost")
	}
	c.say("112")
	c.wants("<engine.danger.", "<complaint.sure")
	if c.events["emergency"] != 4 {
		t.Errorf("counted %d emergencies", c.events["emergency"])
	}
}

func TestFilesAnywhere(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	photo := func(id string) { c.send(bot.Message{Files: []bot.File{file(bot.Photo, id)}}) }
	voice := func() { c.send(bot.Message{Files: []bot.File{file(bot.Voice, "v1")}}) }
	photo("p0")
	c.wants("<engine.file_without_draft>").say("खोया सामान")
	c.tap("खो गया")
	voice()
	c.wants("<engine.wrong.voice>")
	photo("p1")
	c.wants("<engine.file_kept>", "thing.kind>").tap("बैग", "नहीं")
	c.send(bot.Message{Files: []bot.File{file(bot.Photo, "p2")}, Text: "कल शाम"}) // a caption that answers
	c.wants("<engine.file_kept>", "✓ <engine.shown.", "<lost_property.place>")
	voice()
	c.wants("✓ <engine.shown.voice>").say("पटना", "छोड़ें")
	voice()
	c.wants("Count=2", "<engine.more_photos>")
	c.send(bot.Message{Files: []bot.File{{Kind: bot.Video, Size: 50 << 20, Open: file(bot.Video, "big").Open}}})
	c.wants("<engine.wrong.file_too_big>", "<engine.more_photos>")
	photo("p2") // the same again is no other
	c.wants("Count=2")
	photo("p3")
	photo("p4")
	photo("p5")
	c.wants("Count=5")
	photo("p6")
	c.wants("<engine.files_full Max=5>").say("हो गया")
	c.wants("<lost_property.phone>")
	got := c.answers()
	if got["place"] != "voice:v1" || got["details"] != "voice:v1" || got["photos"] != "p1,p2,p3,p4,p5" {
		t.Errorf("answers %v", got)
	}
	c.send(bot.Message{Tap: bot.MenuTap("fir_copy")})
	photo("p7")
	c.wants("<engine.file_not_wanted>", "<fir_copy.first>")
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
	if state, _ := c.dialogs.Load(t.Context(), c.chat); state != nil {
		t.Error("the chat is remembered")
	}
}

// TestReleases continues drafts that an older release began.
func TestReleases(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		name  string
		ask   func(q *bot.Questions, into *string)
		wants string
	}{
		{"a question more, before those answered", func(q *bot.Questions, s *string) {
			q.Text(s, "colour", bot.Length(2, 50))
			q.Choice(s, "how", []string{"lost", "found"})
		}, "1/2 · <lost_property.colour>"},
		{"a question less", func(q *bot.Questions, s *string) { q.Text(s, "colour", bot.Length(2, 50)) }, "1/1 · <lost_property.colour>"},
		{"an option less", func(q *bot.Questions, s *string) { q.Choice(s, "how", []string{"stolen", "found"}) }, "1/1 · <lost_property.how>"},
		{"a question by another name", func(q *bot.Questions, s *string) {
			q.Choice(s, "what_happened", []string{"lost"}, bot.Was("how"))
			q.Text(s, "colour", bot.Length(2, 50))
		}, "2/2 · <lost_property.colour>"},
		{"a stricter rule", func(q *bot.Questions, s *string) {
			q.Choice(s, "how", []string{"lost"})
			q.Text(s, "place", bot.Length(200, 500))
		}, "2/2 · <lost_property.place>"},
		{"no longer optional", func(q *bot.Questions, s *string) { q.Text(s, "age", bot.Between(1, 120)) }, "1/1 · <lost_property.age>"},
		{"nothing left to ask", func(q *bot.Questions, s *string) { q.Choice(s, "how", []string{"lost"}) }, "<engine.review"},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			c := newWorld(t).talk("telegram", "1")
			c.say("खोया सामान")
			c.tap("खो गया", "बैग", "नहीं", "आज")
			c.say("गांधी मैदान", "पटना")
			c.tap("छोड़ें")
			c.wants("<lost_property.details>")
			c.records.ask = func(q *bot.Questions) { var s string; r.ask(q, &s) }
			c.say("मेनू")
			c.tap("खोया सामान जारी")
			c.wants(r.wants)
		})
	}
}

// TestBackOverARename forgets an answer that is stored by its old key.
func TestBackOverARename(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.tap("खो गया")
	c.records.ask = func(q *bot.Questions) {
		var s string
		q.Choice(&s, "what_happened", []string{"lost"}, bot.Was("how"))
		q.Text(&s, "colour", bot.Length(2, 50))
	}
	c.say("मदद")
	c.wants("<lost_property.colour>").say("पीछे")
	c.wants("<lost_property.what_happened>")
}

func TestServiceGone(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	c.tap("खो गया")
	c.records.gone = map[string]bool{"lost_property": true}
	c.handle = c.replica().Handle
	old := c.button("बैग")
	c.send(bot.Message{Tap: old})
	c.wants("<engine.service_gone>", "<engine.menu>")
	c.send(bot.Message{Tap: bot.MenuTap("lost_property")})
	c.wants("<engine.not_here>")
}

// TestCircle holds that services that continue each other are an error, not a filing of nothing.
func TestCircle(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.records.ask = func(q *bot.Questions) { q.Continue("lost_property") }
	if reply, err := c.try(bot.Message{Text: "खोया सामान"}); err == nil {
		t.Errorf("answered %q", reply.Text)
	}
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

func TestStrange(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.send(bot.Message{}) // a sticker
	c.wants("<engine.strange>").say("खोया सामान")
	c.send(bot.Message{Place: &bot.Place{Lat: 25, Lng: 85}}) // where a choice is asked for
	c.wants("<engine.wrong.choice").say("खो गया")
	c.send(bot.Message{Phone: "+919876543210"})
	c.wants("<engine.contact_kept>")
	c.send(bot.Message{Alien: true})
	c.wants("<engine.strange>")
	for _, m := range []bot.Message{{Group: true, Text: "नमस्ते"}, {Event: bot.Blocked}} {
		if c.send(m); !c.reply.Empty() {
			t.Errorf("answered %q to %+v", c.reply.Text, m)
		}
	}
}
