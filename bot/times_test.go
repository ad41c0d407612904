package bot_test

import (
	"testing"

	"nagrik/bot"
)

// TestAnyTime: a date that may lie before or ahead; where the year is not told, it is read back.
func TestAnyTime(t *testing.T) {
	t.Parallel()
	for text, wants := range map[string]string{
		"1 मार्च 2026": "At=2026-03-01", "12-05-2031": "At=2031-05-12", "आज": "At=2026-03-14", "बीता हुआ कल": "At=2026-03-13",
		"1 अप्रैल": "<engine.maybe Value=<engine.shown.day At=2026-04-01", "31 फरवरी": "<engine.wrong.date>", "छोड़ें": "<lost_property.since.label>: <engine.shown.skipped>",
	} {
		c := newWorld(t).talk("telegram", "1")
		c.records.ask = func(q *bot.Questions) {
			var since bot.When
			q.Date(&since, "since", bot.AnyTime, bot.Optional)
		}
		c.say("खोया सामान")
		if got := labels(c.reply); len(got) != 1 || got[0] != "आज" {
			t.Fatalf("the days offered are %q", got)
		}
		c.say(text)
		c.wants(wants)
	}
}

func TestYears(t *testing.T) {
	t.Parallel()
	for text, wants := range map[string]string{
		"3": "✓ 3", "दो साल से": "✓ 2", "6 महीने": "✓ 0", "0": "✓ 0", "५": "✓ 5", "बहुत दिन": "<engine.wrong.years>", "200": "<engine.wrong.years>",
	} {
		c := newWorld(t).talk("telegram", "1")
		c.records.ask = func(q *bot.Questions) {
			var years, name string
			q.Text(&years, "years", bot.Years)
			q.Text(&name, "name", bot.Name)
		}
		c.say("खोया सामान", text)
		c.wants(wants)
	}
}

// TestVerifyTwice: an interview may come to the phone number twice, and asks for it once.
func TestVerifyTwice(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.records.ask = func(q *bot.Questions) {
		var name string
		q.Verify()
		q.Verify()
		q.Text(&name, "name", bot.Name)
	}
	c.say("खोया सामान")
	c.wants("1/2 · <lost_property.phone>").send(bot.Message{Phone: "+919876543210"})
	c.wants("1/1 · <lost_property.name>")
}
