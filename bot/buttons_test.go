package bot_test

import (
	"slices"
	"strings"
	"testing"

	"nagrik/bot"
)

// TestButtonsThatDoNothing presses buttons that are forged, foreign or old: the bot says so, shows
// what it asks now, and the draft stays as it is.
func TestButtonsThatDoNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.talk("telegram", "2")
	other.say("खोया सामान")
	c := w.talk("telegram", "1")
	c.say("खोया सामान")
	first := c.button("खो गया")
	c.tap("खो गया")
	thing := c.button("बैग")
	back := c.button("पीछे")
	draft := c.draft()
	taps := map[string]string{
		"another chat's":         other.button("खो गया"),
		"an answered question's": first,
		"a changed option":       strings.Replace(thing, "=bag.", "=sim.", 1),
		"a changed draft":        strings.Replace(thing, draft[:1], "_", 1),
		"a changed key":          strings.Replace(back, "!way:thing.1.kind", "!way:thing.2.kind", 1),
		"a changed signature":    thing[:len(thing)-1] + "*",
		"no signature":           thing[:strings.LastIndexByte(thing, '.')],
		"a service that is none": bot.MenuTap("x"),
		"an empty menu":          bot.MenuTap(""),
		"an unknown word":        bot.MenuTap("!x"),
		"a language that is not": bot.MenuTap("!lang.de"),
		"nothing of ours":        "hello",
		"broken bytes":           "d.\xff\xfe" + thing[4:],
		"long":                   "d." + strings.Repeat("A", 5000),
		"signed for nobody":      "d." + draft + ".how=lost.",
	}
	for n := range len(thing) {
		if n > 0 {
			taps["cut to "+thing[:n]] = thing[:n]
		}
	}
	before := c.answers()
	for name, data := range taps {
		if c.send(bot.Message{Tap: data}) == "" || c.draft() != draft {
			t.Fatalf("%s: answered %q, and the draft is %q", name, c.reply.Text, c.draft())
		}
		if got := c.answers(); len(got) != len(before) || got["how"] != "lost" {
			t.Fatalf("%s: the answers are %v", name, got)
		}
		c.wants("<lost_property.thing.kind>")
	}
	c.tap("रद्द", "हाँ, रद्द")
	c.say("खोया सामान")
	for _, old := range []string{thing, first} { // of the draft before
		c.send(bot.Message{Tap: old})
		c.wants("<engine.old_button>", "<lost_property.how>")
	}
	if c.reply.Toast == "" {
		t.Error("no toast")
	}
}

// TestButtonsAreShort holds that every button of a whole dialog fits Telegram's 64 bytes and is ASCII.
func TestButtonsAreShort(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", strings.Repeat("9", 64)).toReview()
	c.tap("बदलें")
	c.say("पीछे", "रद्द", "2", "मेनू", "bhasha", "बचाओ", "xx")
	n := 0
	for _, r := range c.seen {
		for _, o := range buttons(r) {
			n++
			if len(o.Data) == 0 || len(o.Data) > 64 || strings.Trim(o.Data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:=!~?") != "" {
				t.Errorf("button %q carries %q of %d bytes", o.Label, o.Data, len(o.Data))
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d buttons were looked at", n)
	}
}

// TestReplayOfAFinishedDialog presses every button of a dialog again after it was filed, in its
// order and twice: nothing is filed, nothing opened but by the menu's own buttons.
func TestReplayOfAFinishedDialog(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1").toReview()
	c.tap("बदलें")
	c.tap("पीछे", "जमा करें")
	var data []string
	for _, r := range c.seen {
		for _, o := range buttons(r) {
			if strings.HasPrefix(o.Data, "d.") {
				data = append(data, o.Data, o.Data)
			}
		}
	}
	calls := c.records.calls
	for _, d := range data {
		c.send(bot.Message{Tap: d})
		if strings.Contains(d, "!review=file") {
			c.wants("<engine.filed_already Number=KS0000000001>")
		} else {
			c.wants("<engine.old_button>")
		}
		if c.draft() != "" || c.records.calls != calls {
			t.Fatalf("%s had an effect", d)
		}
	}
	if len(data) < 60 {
		t.Errorf("only %d taps", len(data))
	}
}

// TestDoubleTaps taps every button of the way twice: the second tap changes nothing.
func TestDoubleTaps(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.say("खोया सामान")
	for _, label := range []string{"खो गया", "बैग", "हाँ", "सिम कार्ड", "नहीं", "आज", "पीछे", "आज"} {
		data := c.button(label)
		c.send(bot.Message{Tap: data})
		after := c.answers()
		c.send(bot.Message{Tap: data})
		c.wants("<engine.old_button>")
		if got := c.answers(); len(got) != len(after) {
			t.Fatalf("%s twice: %v, not %v", label, got, after)
		}
	}
	c = newWorld(t).talk("telegram", "1").toReview()
	c.tap("जमा करें", "जमा करें", "जमा करें")
	c.wants("<engine.filed_already Number=KS0000000001>")
	if len(c.records.filed) != 1 || c.records.calls != 1 {
		t.Errorf("%d filings by %d calls", len(c.records.filed), c.records.calls)
	}
}

// TestFileTappedAfterLoss taps "file" after Redis lost the dialog.
func TestFileTappedAfterLoss(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1").toReview()
	c.tap("जमा करें")
	file := c.button("जमा करें")
	c.world.dialogs = &forgetful{}
	c.send(bot.Message{Tap: file})
	c.wants("<engine.filed_already Number=KS0000000001>")
	other := c.world.talk("telegram", "3")
	other.send(bot.Message{Tap: file}) // another's number is nobody's business
	other.wants("<engine.old_button>").lacks("KS0000000001")
	c.say("खोया सामान")
	c.send(bot.Message{Tap: file}) // with another draft open
	c.wants("<engine.filed_already Number=KS0000000001>", "<lost_property.how>")

	d := c.world.talk("telegram", "2").toReview() // lost before it was filed
	file = d.button("जमा करें")
	c.world.dialogs = &forgetful{}
	d.send(bot.Message{Tap: file})
	d.wants("<engine.old_button>", "<engine.menu>")
	if len(c.records.filed) != 1 {
		t.Errorf("%d filings", len(c.records.filed))
	}
}

// TestReviewButtonsUnderAnotherQuestion presses the review's buttons while the menu is shown.
func TestReviewButtonsUnderAnotherQuestion(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1").toReview()
	c.say("मेनू")
	c.wants("<engine.menu>").tap("बदलें")
	c.wants("<engine.edit_which>").say("मेनू")
	c.tap("जमा करें")
	c.wants("<lost_property.filed")
}

// TestTypedLabels types the labels of the buttons instead of pressing them.
func TestTypedLabels(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("terminal", "1")
	for _, text := range []string{
		"खोया सामान", "खो गया", "और", "मवेशी", "हाँ", "और दिखाएँ", "शुरू से दिखाएँ", "3", "1", "मोबाइल", "छोड़ें", "कल", "चौक", "सूची में नहीं", "छोड़ें", account, "छोड़ें",
	} {
		c.say(text)
		c.lacks("engine.wrong")
	}
	c.wants("<lost_property.phone>")
	if got := c.answers(); got["thing.1.kind"] != "cattle" || got["thing.2.kind"] != "papers" || got["thing.3.kind"] != "mobile" {
		t.Errorf("answers %v", got)
	}
	c.send(bot.Message{Phone: "+919876543210"})
	for _, text := range []string{"सुनीता देवी", "बदलें", "पीछे", "जमा करें"} {
		c.say(text)
		c.lacks("engine.wrong")
	}
	c.wants("<lost_property.filed")
	if !slices.Contains(labels(c.reply), "मेरे आवेदन") {
		t.Errorf("offered %q", labels(c.reply))
	}
}
