package bot_test

import (
	"slices"
	"testing"

	"nagrik/bot"
)

// TestDaysWithinBounds: a day before the first or after the last that is right is refused, however it is said, and is not
// offered; a stored one that no longer fits is asked again.
func TestDaysWithinBounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, last := w.now.AddDate(0, 0, 1), w.now.AddDate(0, 0, 6) // 15 to 20 March
	w.records.ask = func(q *bot.Questions) {
		var from, until bot.When
		q.Date(&from, "from", bot.Future, bot.NotBefore(first), bot.NotAfter(last))
		q.Date(&until, "until", bot.Future, bot.NotBefore(from.Time))
	}
	c := w.talk("telegram", "1")
	c.say("खोया सामान")
	if got := labels(c.reply); slices.Contains(got, "आज") || !slices.Contains(got, "आने वाला कल") {
		t.Errorf("offered: %q", got)
	}
	for _, early := range []string{"आज", "14/3/2026", "आज शाम 5 बजे"} {
		c.say(early)
		c.wants("<lost_property.from.early At=")
	}
	c.say("21 मार्च")
	c.wants("<lost_property.from.late At=")
	c.say("20 मार्च रात 10 बजे")
	c.wants("<lost_property.until>").say("19 मार्च")
	c.wants("<lost_property.until.early At=").say("25 मार्च")
	c.wants("<engine.review")
	first = first.AddDate(0, 0, 10) // another release, or a later day
	last = last.AddDate(0, 0, 10)
	c.say("जमा करें")
	c.wants("<lost_property.from>")
}

func TestHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.records.ask = func(q *bot.Questions) {
		var hour string
		q.Text(&hour, "hour", bot.Hour)
	}
	for said, want := range map[string]string{
		"सुबह 8 बजे": "08:00", "8": "08:00", "आठ": "08:00", "साढ़े आठ बजे": "08:30", "shaam 6 baje": "18:00", "10 pm": "22:00", "08:30": "08:30", "9:15 am": "09:15",
		"रात 11 बजे": "", "3": "", "22:30": "", "कभी भी": "", "99": "",
	} {
		c := w.talk("telegram", said)
		c.say("खोया सामान", said)
		if want == "" {
			c.wants("<engine.wrong.hour")
			continue
		}
		c.wants("<engine.review").say("जमा करें")
		answer := ""
		for _, f := range w.records.filed {
			if f.Chat.ID == said {
				answer = f.Answers[0].Value
			}
		}
		if answer != "<engine.shown.clock Value="+want+">" {
			t.Errorf("%q was read as %q, want %s", said, answer, want)
		}
	}
}

// TestACodeBeginsItsService: as the word of an opening link also over an open draft, typed only where nothing is open.
func TestACodeBeginsItsService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range w.engine.Services {
		if s := &w.engine.Services[i]; s.ID == "verification" {
			s.Code = func(word string) (bot.Answer, bool) { return bot.Answer{Key: "first", Value: word}, word == "VN123" }
		}
	}
	c := w.talk("telegram", "1")
	c.say("VN123")
	c.wants("<verification.second>")
	c.say("रद्द", "हाँ", "xyzabc")
	c.wants("<engine.not_understood>")
	c.say("शिकायत", "fraud")
	c.say("VN123") // typed while something is open it is no code
	c.wants("<engine.confirm.switch Service=मेरे आवेदन>")
	c.send(bot.Message{Text: "/start VN123", Start: "VN123"})
	c.wants("<verification.second>")
}

// TestALabelIsNoCommand: words that are just an option's label mean the option, also where they are a command elsewhere.
func TestALabelIsNoCommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.records.ask = func(q *bot.Questions) {
		var what string
		q.Choice(&what, "what", []string{"help", "fine"}) // the label of the first is "<lost_property.what.help>"
	}
	w.engine.Texts = labelled{words{}}
	c := w.talk("telegram", "1")
	c.say("खोया सामान", "मदद चाहिए")
	c.wants("<engine.review")
	c.say("बदलें 1", "मदद")
	c.wants("<engine.help.words>")
}

// labelled calls an option what is a command elsewhere.
type labelled struct{ words }

func (l labelled) Text(lang, id string, data map[string]any) (string, bool) {
	if id == "lost_property.what.help" {
		return "मदद चाहिए", true
	}
	return l.words.Text(lang, id, data)
}
