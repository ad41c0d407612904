package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// Relatives (परिवार से जुड़ना) links seniors and their relatives, wherever they are: with the senior's yes, and until either of them
// ends it. A linked relative is told when something may be wrong, and sees when the last greeting was answered.
type Relatives struct {
	records      *Records
	lang         string
	registration *store.Registration // nil: not registered as a senior
	relatives    []store.Link        // the senior's
	elders       []store.Link        // whom the citizen is linked with

	What  string
	Name  string
	Phone string
	Who   string // the senior's relative
	Elder string // the number of the relative's senior
}

// Prepare loads the links.
func (r *Relatives) Prepare(ctx context.Context, v bot.Visit) error {
	r.lang = v.Lang
	if v.Citizen == "" {
		return nil
	}
	var err error
	if r.registration, err = r.records.registration(ctx, v.Citizen); err != nil {
		return err
	}
	if r.registration != nil {
		if r.relatives, err = r.records.Store.Relatives(ctx, r.registration.ID); err != nil {
			return err
		}
	}
	r.elders, err = r.records.Store.Elders(ctx, v.Citizen)
	return err
}

// Ask names the questions.
func (r *Relatives) Ask(q *bot.Questions) {
	q.Verify()
	var actions []string
	if r.registration != nil {
		actions = append(actions, "add")
		if len(r.relatives) > 0 {
			actions = append(actions, "remove")
		}
	}
	actions = append(actions, "ask")
	if len(r.elders) > 0 {
		actions = append(actions, "leave")
	}
	q.Choice(&r.What, "what", append(actions, "done"), bot.With("Links", r.shown()))
	switch r.What {
	case "add":
		q.Text(&r.Name, "add.name", bot.Name)
		q.Text(&r.Phone, "add.phone", bot.Phone)
	case "remove":
		q.Pick(&r.Who, "who", linkList{r.relatives, func(l store.Link) string { return l.Who }})
	case "ask":
		q.Text(&r.Phone, "ask.phone", bot.Phone)
		q.Text(&r.Name, "name", bot.Name, bot.Prefill(q.Known("name")))
	case "leave":
		q.Pick(&r.Elder, "elder", linkList{r.elders, func(l store.Link) string { return l.Number }})
	}
}

// shown names the links, a line each.
func (r *Relatives) shown() string {
	var lines []string
	for _, l := range r.relatives {
		id := "relatives.line"
		if l.Waiting {
			id = "relatives.line_waiting"
		}
		lines = append(lines, r.records.text(r.lang, id, map[string]any{"Name": l.Name}))
	}
	for _, l := range r.elders {
		id := "relatives.linked"
		switch {
		case l.Greeted && !l.Answered.IsZero():
			id = "relatives.linked_answered"
		case l.Greeted:
			id = "relatives.linked_greeted"
		}
		lines = append(lines, r.records.text(r.lang, id, map[string]any{"Name": l.Name, "At": l.Answered}))
	}
	if len(lines) == 0 {
		return r.records.text(r.lang, "relatives.nobody", nil)
	}
	return strings.Join(lines, "\n")
}

// File does what the citizen chose.
func (r *Relatives) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	s := r.records.Store
	var err error
	out := bot.Outcome{Text: "relatives.seen", Data: map[string]any{"Name": r.Name}}
	switch r.What {
	case "add":
		out.Text = "relatives.added"
		err = s.LinkRelative(ctx, f.Citizen, r.registration.Number, r.Name, r.Phone)
	case "remove":
		out.Text = "relatives.removed"
		err = s.Unlink(ctx, f.Citizen, r.registration.Number, r.Who)
	case "ask":
		out.Text = "relatives.asked"
		err = s.AskRelative(ctx, f.Citizen, r.Phone, r.Name)
	case "leave":
		out.Text = "relatives.left"
		err = s.LeaveElder(ctx, f.Citizen, r.Elder)
	}
	if errors.Is(err, store.ErrTooMany) {
		return bot.Outcome{Text: "relatives.too_many"}, nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("changing a link: %w", err)
	}
	return out, nil
}

// linkList is a bot.List of a few links.
type linkList struct {
	links []store.Link
	id    func(store.Link) string
}

func (l linkList) item(link store.Link) bot.Item { return bot.Item{ID: l.id(link), Label: link.Name} }

// Find is bot.List's: by the beginning of the name.
func (l linkList) Find(_, text string, n int) ([]bot.Item, bool) {
	var items []bot.Item
	for _, link := range l.links {
		if strings.HasPrefix(link.Name, strings.TrimSpace(text)) && len(items) < n {
			items = append(items, l.item(link))
		}
	}
	return items, len(items) == 1
}

// Near is bot.List's: people are not looked for by place.
func (l linkList) Near(string, bot.Place, int) []bot.Item { return nil }

// First is bot.List's: all.
func (l linkList) First(string) []bot.Item {
	items := make([]bot.Item, len(l.links))
	for i, link := range l.links {
		items[i] = l.item(link)
	}
	return items
}

// Item is bot.List's.
func (l linkList) Item(_, id string) (bot.Item, bool) {
	for _, link := range l.links {
		if l.id(link) == id {
			return l.item(link), true
		}
	}
	return bot.Item{}, false
}

// Kin is a senior's yes or no to a relative who asked to be linked: the buttons of the notice that says so.
type Kin struct {
	records *Records

	number, who string
	Yes         bool
}

// Ask names the questions.
func (k *Kin) Ask(q *bot.Questions) {
	q.Verify()
	k.number, k.who = q.Carried("n"), q.Carried("w")
	if k.number == "" || k.who == "" {
		return // File says so: it has no meaning without its buttons
	}
	q.Yes(&k.Yes, "ok")
}

// File notes the answer.
func (k *Kin) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	ok, err := k.records.Store.AnswerRelative(ctx, f.Citizen, k.number, k.who, k.Yes)
	switch {
	case err != nil:
		return bot.Outcome{}, fmt.Errorf("answering a relative: %w", err)
	case !ok:
		return bot.Outcome{Text: "kin.over"}, nil
	case k.Yes:
		return bot.Outcome{Text: "kin.linked"}, nil
	}
	return bot.Outcome{Text: "kin.refused"}, nil
}
