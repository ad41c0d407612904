package bot_test

import (
	"context"
	"maps"
	"testing"

	"nagrik/bot"
)

// visit is of two sorts, and keeps who and where of each.
type visit struct {
	people *people

	sort  string
	again bool
	who   string
	pin   string
	place string
	what  string
}

func (v *visit) Ask(q *bot.Questions) {
	q.Choice(&v.sort, "sort", []string{"house", "shop"})
	q.Verify()
	if q.Last(v.sort, "place") != "" {
		q.Yes(&v.again, "again", bot.Hidden, bot.With("Place", q.Last(v.sort, "place")))
	}
	q.AsLast(v.sort, v.again, func() {
		known := ""
		if q.Again() {
			known = q.Known("name")
		}
		q.Text(&v.who, "who", bot.Name, bot.Prefill(known))
		q.Text(&v.pin, "pin", bot.Pin, bot.Optional)
		q.Place(&v.place, "place")
	})
	q.Text(&v.what, "what", bot.Length(3, 50))
}

func (v *visit) File(_ context.Context, f bot.Filing) (bot.Outcome, error) {
	v.people.last = map[string]map[string]string{f.Citizen + " visit": f.Kept}
	return bot.Outcome{Number: "VV0000000001"}, nil
}

func visits(t *testing.T, keep bool) *talker {
	t.Helper()
	w := newWorld(t)
	w.engine.Services = append(w.engine.Services, bot.Service{
		ID: "visit", Keeps: keep, New: func() bot.Interview { return &visit{people: w.people} },
	})
	return w.talk("telegram", "1")
}

// first files a visit to a house, with the post code skipped.
func (c *talker) first() {
	c.t.Helper()
	c.say("<menu.visit>", "1")
	c.send(bot.Message{Phone: "+919876543210"})
	c.say("सुनीता देवी", "छोड़ें", "नया टोला", "दूध वाला")
	c.wants("<engine.review").tap("जमा करें")
}

// TestAsLast: the kept part of the last filing of the sort is the answer again, asked or not, and can
// be changed; each sort has its own.
func TestAsLast(t *testing.T) {
	t.Parallel()
	c := visits(t, true)
	c.first()
	want := map[string]string{"house.who": "सुनीता देवी", "house.place": "नया टोला"}
	if got := c.people.last["c-3210 visit"]; !maps.Equal(got, want) {
		t.Fatalf("kept is %q", got)
	}

	c.send(bot.Message{Tap: bot.StartTap("visit", "sort", "house", "again", "yes")})
	c.wants("3/3 · <visit.what>").say("अख़बार वाला")
	c.wants("2. <visit.who.label>: सुनीता देवी", "3. <visit.pin.label>: <engine.shown.skipped>", "4. <visit.place.label>: नया टोला")
	c.say("बदलें 4", "पुराना टोला")
	c.tap("जमा करें")
	want["house.place"] = "पुराना टोला"
	if got := c.people.last["c-3210 visit"]; !maps.Equal(got, want) {
		t.Fatalf("kept is %q", got)
	}

	c.say("<menu.visit>", "2") // nothing is known of a shop
	c.wants("<visit.who>").say("मीना देवी", "800001", "बाज़ार", "गार्ड")
	c.tap("जमा करें")
	c.say("<menu.visit>", "1") // the house is still known, though the last filing was of a shop
	c.wants("<visit.again Place=पुराना टोला>").say("नहीं")
	c.wants("<visit.who>").say("पीछे", "हाँ")
	c.wants("<visit.what>").say("माली")
	c.wants("2. <visit.who.label>: सुनीता देवी")
}

// TestAsLastPrefersWhatIsKnown: a question with a prefill of its own takes that.
func TestAsLastPrefersWhatIsKnown(t *testing.T) {
	t.Parallel()
	c := visits(t, true)
	c.first()
	c.people.known = map[string]string{"name": "सुनीता कुमारी"}
	c.send(bot.Message{Tap: bot.StartTap("visit", "sort", "house", "again", "yes")})
	c.say("अख़बार वाला")
	c.wants("2. <visit.who.label>: सुनीता कुमारी", "4. <visit.place.label>: नया टोला")
}

// TestAsLastAsksWhatNoLongerFits: a release may have changed a question; and where the service keeps
// nothing, all is asked.
func TestAsLastAsksWhatNoLongerFits(t *testing.T) {
	t.Parallel()
	c := visits(t, true)
	c.first()
	c.people.last["c-3210 visit"]["house.who"] = "7"
	c.send(bot.Message{Tap: bot.StartTap("visit", "sort", "house", "again", "yes")})
	c.wants("<visit.who>").say("सुनीता देवी")
	c.wants("<visit.what>")

	c = visits(t, false)
	c.first()
	c.send(bot.Message{Tap: bot.StartTap("visit", "sort", "house", "again", "yes")})
	c.wants("<visit.who>")
}

// TestLastFails: when the records can't be asked, the message is to come again.
func TestLastFails(t *testing.T) {
	t.Parallel()
	c := visits(t, true)
	c.first()
	c.people.fail["Last"] = errDown
	if _, err := c.try(bot.Message{Text: "<menu.visit>"}); err == nil {
		t.Fatal("the service begins without what the last filing kept")
	}
	delete(c.people.fail, "Last")
	c.say("<menu.visit>", "1")
	c.wants("<visit.again")
}
