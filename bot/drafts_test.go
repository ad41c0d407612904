package bot_test

import (
	"slices"
	"testing"
	"time"

	"nagrik/bot"
)

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
