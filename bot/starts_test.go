package bot_test

import (
	"slices"
	"testing"

	"nagrik/bot"
)

// TestStartWithAnswers: a button may begin a service with questions answered; what does not fit is asked.
func TestStartWithAnswers(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.send(bot.Message{Tap: bot.StartTap("complaint", "category", "fraud", "sure", "perhaps")})
	c.wants("<complaint.details>").say(account)
	c.wants("<complaint.sure Category=fraud>") // "perhaps" is no answer
	if got := bot.StartTap("complaint", "category", "fraud", "sure", "no"); got != "m.complaint?category=fraud&sure=no" {
		t.Errorf("the button is %q", got)
	}
	c.send(bot.Message{Tap: bot.StartTap("complaint", "category", "theft")}) // a draft is open
	c.wants("<engine.confirm.resume").tap("जारी रखें")
	c.wants("<complaint.sure Category=fraud>")
}

// TestNext: what a service offers when it has ended can be tapped, numbered, named, and comes again
// with a repeat.
func TestNext(t *testing.T) {
	t.Parallel()
	for name, choose := range map[string]func(c *talker){
		"tap":    func(c *talker) { c.tap("<short.next>") },
		"number": func(c *talker) { c.say("1") },
		"label":  func(c *talker) { c.say("<short.next>") },
	} {
		t.Run(name, func(t *testing.T) {
			c := newWorld(t).talk("telegram", "1")
			c.send(bot.Message{Tap: bot.StartTap("verification", "first", "abcde")})
			c.say("छोड़ें")
			c.tap("जमा करें")
			want := labels(c.reply)
			if len(want) == 0 || want[0] != "<short.next>" {
				t.Fatalf("the end offers %q", want)
			}
			again := c.last
			if reply, err := c.handle(t.Context(), again); err != nil || !slices.Equal(labels(reply), want) {
				t.Errorf("a repeat offers %q, not %q (%v)", labels(reply), want, err)
			}
			choose(c)
			c.wants("<verification.second>")
		})
	}
}

// TestGroups: a group is a row of the menu that opens a menu of its own.
func TestGroups(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	c.engine.Services = append(c.engine.Services, bot.Service{ID: "papers", Group: []string{"fir_copy", "verification"}})
	for i := range c.engine.Services {
		s := &c.engine.Services[i]
		s.Hidden = s.ID == "fir_copy" || s.ID == "verification"
	}
	c.say("मेनू")
	if got := labels(c.reply); slices.Contains(got, "एफ़आईआर") || got[len(got)-1] != "<menu.papers>" {
		t.Fatalf("the menu is %q", got)
	}
	c.tap("<menu.papers>")
	c.wants("<menu.papers.choose>")
	if got := labels(c.reply); !slices.Equal(got, []string{"एफ़आईआर", "जाँच", "मेनू"}) {
		t.Fatalf("the group's menu is %q", got)
	}
	c.say("2", "abcde", "रद्द", "हाँ")
	c.say("<menu.papers>")
	c.wants("<menu.papers.choose>").say("3")
	c.wants("<engine.menu>")
}

// TestSimpleMenu: in simple mode a menu shows three rows at a time, and every row is on a page.
func TestSimpleMenu(t *testing.T) {
	t.Parallel()
	c := newWorld(t).talk("telegram", "1")
	if err := c.people.Prefer(t.Context(), c.chat, "hi", true); err != nil {
		t.Fatal(err)
	}
	var seen []string
	c.say("मेनू")
	for {
		got := labels(c.reply)
		if len(got) > 4 {
			t.Fatalf("%d rows: %q", len(got), got)
		}
		seen = append(seen, got[:len(got)-1]...)
		if c.tap(got[len(got)-1]); got[len(got)-1] == "शुरू से दिखाएँ" {
			break
		}
	}
	if !slices.Equal(labels(c.reply)[:3], seen[:3]) {
		t.Errorf("after the last page comes %q", labels(c.reply))
	}
	for _, s := range c.engine.Services {
		if label, _ := (words{}).Text("hi", "menu."+s.ID, nil); !slices.Contains(seen, label) {
			t.Errorf("%s is on no page", s.ID)
		}
	}
}
