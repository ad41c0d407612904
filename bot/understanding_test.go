package bot_test

import (
	"slices"
	"strings"
	"testing"

	"nagrik/bot"
)

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

func TestTypedBesideOptions(t *testing.T) {
	t.Parallel()
	begin := func() *talker {
		c := newWorld(t).talk("telegram", "1")
		c.records.ask = func(q *bot.Questions) {
			var kind, height, name string
			q.Choice(&kind, "kind", []string{"thing"}, bot.Prefill("thing"))
			q.Choice(&height, "height", []string{"a", "b", "c", "d", "e"}, bot.OrTyped(bot.Height), bot.Optional)
			q.Text(&name, "name", bot.Name)
		}
		c.say("खोया सामान")
		return c.wants("<lost_property.height>")
	}
	for text, wants := range map[string]string{
		"5 फुट 4 इंच": "✓ <engine.shown.height Value=163>", "१६३ सेमी": "✓ <engine.shown.height Value=163>", "5.10": "✓ <engine.shown.height Value=178>",
		"2": "✓ <lost_property.height.b>", "लंबा": "<engine.wrong.height>", "5 फुट 15 इंच": "<engine.wrong.height>", "99": "✓ <engine.shown.height Value=99>",
		"25": "<engine.wrong.choice Max=5>", "पता नहीं": "<lost_property.name>", "छोड़ें": "<lost_property.name>",
	} {
		begin().say2(text).wants(wants)
	}
	c := begin().say2("5") // five feet, or the fifth
	c.wants("<engine.maybe Value=<engine.shown.height Value=152>>").say("हाँ")
	c.wants("✓ <engine.shown.height Value=152>", "<lost_property.name>").say("पीछे", "5", "नहीं")
	c.wants("<lost_property.height>").tap("<lost_property.height.e>")
	c.wants("✓ <lost_property.height.e>").say("सुनीता देवी")
	c.wants("<lost_property.height.label>: <lost_property.height.e>").say("बदलें 2", "5 फुट")
	c.wants("<lost_property.height.label>: <engine.shown.height Value=152>")
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

// TestShownPhotos: a question's photos come when it is asked, and not with every wrong answer; a list
// says in its own words what it does not know.
func TestShownPhotos(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	photos := []bot.Paper{{Name: "1.jpg", MIME: "image/jpeg", Data: []byte("jpeg")}}
	c.records.ask = func(q *bot.Questions) {
		var town, kind string
		q.Pick(&town, "town", towns{}, bot.Showing(photos))
		q.Choice(&kind, "kind", []string{"mobile", "misc"})
	}
	shows := func(when string, want int) {
		t.Helper()
		if got := len(c.reply.Photos); got != want {
			t.Errorf("%s: %d photos, want %d", when, got, want)
		}
	}
	c.say("खोया सामान")
	shows("asked", 1)
	c.say("xyzzy")
	c.wants("यहाँ ऐसा कोई नहीं").lacks("engine.wrong.not_found")
	shows("after a wrong answer", 0)
	c.say("मदद")
	shows("asked for help", 1)
	c.say("पटना")
	c.wants("lost_property.kind>")
	shows("answered", 0)
	c.say("पीछे")
	shows("back", 1)
}
