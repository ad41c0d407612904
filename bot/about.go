package bot

import "slices"

// One service may be begun on two things: a claim of one record is left unfinished, and then another
// record is claimed. The answer to a question with the setting About tells such drafts apart. A draft about
// another thing is set aside, and the citizen hears so; one about the same thing is gone on with, if the
// citizen wants that.

// About says that the answer is what the whole draft is about, such as the record that is claimed. A Prefill is that
// answer then, whatever is stored. The text KEY.about says it in words, where the answer does not; a review begins with
// it where the answer is hidden.
func About(q *question) { q.about = true }

// about is the answer that says what the draft is about; nil if none does.
func (q *Questions) about() *question {
	if q == nil {
		return nil
	}
	for i := range q.asked {
		if q.asked[i].about {
			return &q.asked[i]
		}
	}
	return nil
}

// aboutOf is the answer that says what a draft is about, which need not be the open one; nil if none does.
func (t *turn) aboutOf(d *Draft) (*question, error) {
	service := t.e.service(d.Service)
	if service == nil || service.New == nil {
		return nil, nil
	}
	_, q, err := t.interviewed(service, d)
	return q.about(), err
}

// sameThing says whether a button that begins a service with answers is about what the open draft is about.
func (t *turn) sameThing(service string, answers []Answer) (bool, error) {
	a := t.q.about()
	if t.d.Draft.Service != service || a == nil || len(answers) == 0 {
		return t.d.Draft.Service == service, nil
	}
	fresh, err := t.aboutOf(&Draft{Service: service, Answers: answers})
	return fresh == nil || fresh.value == a.value, err
}

// setAside finds the newest draft of a fresh one's service that was set aside, and is about the same thing if the
// fresh one is about any: its place among those set aside, or -1. An officer's may be about any: see elsewhere.
func (t *turn) setAside(fresh *Draft) (int, error) {
	newest := t.d.newest(fresh.Service)
	if service := t.e.service(fresh.Service); newest < 0 || service != nil && service.Calm {
		return newest, nil
	}
	a, err := t.aboutOf(fresh)
	if err != nil {
		return -1, err
	}
	for i := len(t.d.Parked) - 1; i >= 0; i-- {
		p := &t.d.Parked[i]
		if p.Service != fresh.Service {
			continue
		}
		old, err := t.aboutOf(p)
		if err != nil {
			return -1, err
		}
		if a == nil || old != nil && old.value == a.value {
			return i, nil
		}
	}
	return -1, nil
}

// begun is for when the open draft has just gone on to its service from another: it goes back to a draft that was set
// aside about the same thing, and asks whether to go on with it.
func (t *turn) begun() (back bool, err error) {
	a := t.q.about()
	if a == nil {
		return false, nil
	}
	at, err := t.setAside(&t.d.Draft)
	if at < 0 || err != nil {
		return false, err
	}
	t.d.Draft = t.d.unpark(at)
	t.d.Confirm = resumeConfirm(t.d.Draft.Service, []Answer{{a.key, a.value}})
	return true, t.ask()
}

// sayOther says, where a draft about one thing begins, that one about another thing stays set aside.
func (t *turn) sayOther() error {
	a := t.q.about()
	if a == nil {
		return nil
	}
	for _, p := range slices.Backward(t.d.Parked) {
		if p.Service != t.service.ID {
			continue
		}
		old, err := t.aboutOf(&p)
		if err == nil {
			t.sayWith("engine.other_thing", map[string]any{"Service": t.titled(p.Service, a), "Other": t.titled(p.Service, old)})
		}
		return err
	}
	return nil
}

// titled is what a draft of a service is called: with what it is about, if that is known.
func (t *turn) titled(service string, about *question) string {
	name := t.text("menu."+service, nil)
	if about == nil {
		return name
	}
	return t.text("engine.titled", map[string]any{"Service": name, "About": t.aboutWords(about)})
}

// aboutWords say what a draft is about.
func (t *turn) aboutWords(a *question) string {
	if words, ok := t.lookup(t.textID(a, ".about"), a.data); ok {
		return words
	}
	return t.shownValue(a, a.value)
}

// resumeConfirm is the question whether to go on with a draft. A no begins the service anew, with the answers that the
// button gave.
func resumeConfirm(service string, answers []Answer) string {
	if len(answers) == 0 {
		return "resume"
	}
	pairs := make([]string, 0, 2*len(answers))
	for _, a := range answers {
		pairs = append(pairs, a.Key, a.Value)
	}
	return "resume:" + StartTap(service, pairs...)
}
