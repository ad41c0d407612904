package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"nagrik/bot"
)

// office adds a group for one chat only, whose menu is that person's own, and an interview in it.
func office(c *talker, whose string, asking error) {
	mine := func(_ context.Context, v bot.Visit) (bool, error) { return v.Chat.ID == whose, asking }
	c.engine.Services = append(c.engine.Services,
		bot.Service{
			ID: "office", Hidden: true, For: mine,
			Rows: func(_ context.Context, v bot.Visit) ([]bot.Next, error) {
				return []bot.Next{
					{Tap: bot.StartTap("errand", "first", "abc"), Label: "office.new"},
					{Tap: bot.StartTap("errand"), Words: "KS 1234 " + v.Chat.ID},
				}, asking
			},
		},
		bot.Service{ID: "errand", Hidden: true, For: mine, Direct: true, New: func() bot.Interview { return &errand{} }})
}

// errand ends with photos, and with a button whose label is no text.
type errand struct {
	first string
	item  string
	name  string
}

func (e *errand) Ask(q *bot.Questions) {
	q.Text(&e.first, "first", bot.Length(3, 50))
	q.Pick(&e.item, "item", described{})
	q.Before(map[string]string{"name": "सीता"})
	q.Text(&e.name, "name", bot.Name)
}

func (e *errand) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	return bot.Outcome{
		Text: "errand.done", Data: map[string]any{"First": e.first, "Names": strings.Join(f.Names, ","), "Given": f.Given["first"] + f.Given["name"]},
		Photos: []bot.Paper{{Name: "a.png"}}, Once: true, Next: []bot.Next{{Tap: bot.StartTap("errand"), Words: "KS 5678"}},
	}, nil
}

// described is a list whose items say more than their labels.
type described struct{ towns }

func (described) First(string) (items []bot.Item) {
	for i := range 12 {
		item := town(i)
		item.Line = "line " + item.ID
		items = append(items, item)
	}
	return items
}

func TestAMenuOfOnesOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	citizen, officer := w.talk("telegram", "1"), w.talk("telegram", "2")
	office(citizen, "2", nil)

	officer.say("<menu.office>")
	officer.wants("<menu.office.choose>")
	if got := labels(officer.reply); !slices.Equal(got, []string{"<office.new>", "KS 1234 2", "मेनू"}) {
		t.Fatalf("the menu is %q", got)
	}
	officer.say("1")
	officer.wants("<errand.item>", "line t0\nline t1", "line t7").lacks("line t8")
	officer.say("और")
	officer.wants("line t8\nline t9", "line t11").lacks("line t7")
	officer.say("अररिया")
	officer.wants("<errand.done First=abc Given=abcसीता Names=सीता>")
	if got := labels(officer.reply); got[0] != "KS 5678" || len(officer.reply.Photos) != 1 {
		t.Errorf("the end offers %q and %d photos", got, len(officer.reply.Photos))
	}
	if again, err := officer.handle(t.Context(), officer.last); err != nil || strings.Contains(again.Text, "errand.done") || !officer.reply.Secret {
		t.Errorf("what is said once is kept: %q, %v", again.Text, err)
	}
	officer.say("KS 5678")
	officer.wants("<errand.first>")
	officer.say("रद्द", "<menu.errand>")
	officer.wants("<errand.first>")
	officer.say("रद्द", "खोया सामान", "खो गया")
	officer.send(bot.Message{Tap: bot.MenuTap("office")}) // what is unfinished comes first, as in the main menu
	if got := labels(officer.reply); got[0] != "खोया सामान जारी" {
		t.Errorf("with a draft the menu is %q", got)
	}

	for _, words := range []string{"<menu.office>", "<menu.errand>"} {
		citizen.say(words)
		citizen.wants("<engine.not_understood>").lacks("office", "errand.")
	}
	for _, tap := range []string{bot.MenuTap("office"), bot.StartTap("errand", "first", "abc"), bot.MenuTap("!menu.office")} {
		citizen.send(bot.Message{Tap: tap})
		if got := strings.Join(labels(citizen.reply), " ") + citizen.reply.Text; strings.Contains(got, "KS 1234") || strings.Contains(got, "<errand") {
			t.Errorf("%s shows %q", tap, got)
		}
	}
}

// TestAMenuThatCannotBeRead loses nothing: the message comes again.
func TestAMenuThatCannotBeRead(t *testing.T) {
	t.Parallel()
	broken := errors.New("no records")
	c := newWorld(t).talk("telegram", "1")
	office(c, "1", broken)
	for _, m := range []bot.Message{{Text: "<menu.office>"}, {Tap: bot.MenuTap("office")}, {Tap: bot.StartTap("errand")}, {Tap: bot.MenuTap("!menu.office")}} {
		if _, err := c.try(m); !errors.Is(err, broken) {
			t.Errorf("%+v ends with %v", m, err)
		}
	}
}

// TestWhatWasAnsweredBefore fills in everything, also what was skipped, and can be changed.
func TestWhatWasAnsweredBefore(t *testing.T) {
	t.Parallel()
	r := &records{}
	r.ask = func(q *bot.Questions) {
		var a, b, c string
		q.Before(map[string]string{"first": "abcdef", "second": "", "third": "12"})
		q.Text(&a, "first", bot.Length(3, 50))
		q.Text(&b, "second", bot.Pin, bot.Optional)
		q.Text(&c, "third", bot.Pin) // "12" is no PIN: asked again
	}
	answered, pending, _ := bot.Inspect(&lost{r: r}, nil, "", newWorld(t).now)
	if len(answered) != 2 || pending == nil || pending.Key != "third" {
		t.Errorf("%d questions are answered, %v is asked", len(answered), pending)
	}
	answered, pending, _ = bot.Inspect(&lost{r: r}, []bot.Answer{{Key: "third", Value: "800001"}, {Key: "first", Value: "xyz"}}, "", newWorld(t).now)
	if len(answered) != 3 || pending != nil {
		t.Errorf("%d questions are answered, %v is asked", len(answered), pending)
	}
}
