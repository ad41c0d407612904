package bot_test

import (
	"context"
	"slices"
	"testing"

	"nagrik/bot"
)

// claiming adds a list, and claims of what is in it, whose drafts are about one thing each.
func claiming(t *testing.T) *talker {
	t.Helper()
	c := newWorld(t).talk("telegram", "1")
	c.engine.Services = append(c.engine.Services,
		bot.Service{ID: "list", Hidden: true, Direct: true, New: func() bot.Interview { return &listing{} }},
		bot.Service{ID: "claim", Hidden: true, New: func() bot.Interview { return &claim{} }})
	return c
}

type listing struct{ record string }

func (l *listing) Ask(q *bot.Questions) {
	q.Pick(&l.record, "record", towns{})
	if l.record != "" {
		q.Continue("claim")
	}
}

func (*listing) File(context.Context, bot.Filing) (bot.Outcome, error) { return bot.Outcome{}, nil }

type claim struct {
	record, about string
	words, place  string
}

// Prepare finds the record as flows does: by what was picked in the list, or by what the claim was about before.
func (c *claim) Prepare(_ context.Context, v bot.Visit) error {
	if c.record = v.Answer("record"); c.record == "" {
		c.record = v.Answer("about")
	}
	return nil
}

func (c *claim) Ask(q *bot.Questions) {
	if c.record == "" {
		q.Continue("list")
		return
	}
	q.Pick(&c.about, "about", towns{}, bot.Prefill(c.record), bot.About)
	q.Text(&c.words, "mark", bot.Length(3, 500))
	q.Text(&c.place, "place", bot.Length(3, 500))
}

func (c *claim) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	return bot.Outcome{Data: map[string]any{"About": c.about, "Words": c.words}}, nil
}

// TestAClaimIsAboutWhatWasTapped claims one thing, leaves it, and claims another, from a list and by a button that names
// the thing: what is told of one thing never becomes the other's.
func TestAClaimIsAboutWhatWasTapped(t *testing.T) {
	t.Parallel()
	for name, claims := range map[string]func(c *talker, town, id string){
		"a list":   func(c *talker, town, _ string) { c.send(bot.Message{Tap: bot.MenuTap("list")}); c.say(town) },
		"a button": func(c *talker, _, id string) { c.send(bot.Message{Tap: bot.StartTap("claim", "record", id)}) },
	} {
		for at, away := range map[string]string{"open": "", "set aside": "complaint"} {
			t.Run(name+", "+at, func(t *testing.T) {
				t.Parallel()
				c := claiming(t)
				leave := func() {
					if away != "" {
						c.send(bot.Message{Tap: bot.MenuTap(away)})
					}
				}
				claims(c, "अररिया", "t0")
				c.wants("<claim.mark>").say("लाल डायरी")
				leave()
				claims(c, "गया", "t7")
				c.wants("<engine.other_thing Other=<engine.titled About=अररिया Service=<menu.claim>> Service=<engine.titled About=गया Service=<menu.claim>>>", "<claim.mark>")
				c.say("पीला घड़ा")
				leave()

				// The same thing again: as ever, the question whether to go on.
				claims(c, "अररिया", "t0")
				c.wants("<engine.confirm.resume Service=<engine.titled About=अररिया Service=<menu.claim>>>").lacks("other_thing").say("हाँ")
				c.wants("<claim.place>").say("चौक", "जमा करें")
				c.wants("<claim.filed About=t0 Words=लाल डायरी>").say("मेनू")

				c.send(bot.Message{Tap: bot.MenuTap("!resume.claim")})
				c.wants("<engine.going_on Service=<engine.titled About=गया Service=<menu.claim>>>", "<claim.place>")
				leave()
				claims(c, "गया", "t7")
				c.wants("<engine.confirm.resume").tap("नया")
				c.wants("<claim.mark>").say("नीला घड़ा", "शुरू से")
				c.wants("<engine.confirm.restart Service=<engine.titled About=गया").say("हाँ")
				c.wants("<claim.mark>").say("हरा घड़ा", "मंडी", "जमा करें")
				c.wants("<claim.filed About=t7 Words=हरा घड़ा>")
				if _, parked := c.state(); slices.ContainsFunc(parked, func(d bot.Draft) bool { return d.Service == "claim" }) {
					t.Errorf("set aside are %+v", parked)
				}
			})
		}
	}
}

// TestTheNewestDraftComesFirst: of two claims that were set aside, the menu goes on with what was done last.
func TestTheNewestDraftComesFirst(t *testing.T) {
	t.Parallel()
	c := claiming(t)
	for _, id := range []string{"t0", "t7"} {
		c.send(bot.Message{Tap: bot.StartTap("claim", "record", id)})
		c.say("पहचान " + id)
	}
	c.send(bot.Message{Tap: bot.MenuTap("complaint")})
	c.send(bot.Message{Tap: bot.MenuTap("!resume.claim")})
	c.wants("About=गया", "<claim.place>").say("मंडी", "जमा करें")
	c.wants("<claim.filed About=t7 Words=पहचान t7>")
	c.send(bot.Message{Tap: bot.MenuTap("!resume.claim")})
	c.wants("About=अररिया", "<claim.place>")
}

// TestAnotherThingIsADraftMore: where no more can be set aside, the citizen hears so and what is open stays.
func TestAnotherThingIsADraftMore(t *testing.T) {
	t.Parallel()
	c := claiming(t)
	for _, id := range []string{"t0", "t1", "t2", "t3"} {
		c.send(bot.Message{Tap: bot.StartTap("claim", "record", id)})
		c.wants("<claim.mark>").say("पहचान " + id)
	}
	c.send(bot.Message{Tap: bot.StartTap("claim", "record", "t4")})
	c.wants("<engine.too_many_drafts>", "<claim.place>")
	c.send(bot.Message{Tap: bot.StartTap("claim", "record", "t1")}) // a change of places
	c.wants("<engine.confirm.resume", "About=अरवल").say("हाँ")
	c.wants("<claim.place>").say("मंडी", "जमा करें")
	c.wants("Words=पहचान t1>")
}
