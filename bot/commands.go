package bot

import (
	"fmt"
	"slices"
	"strings"

	"nagrik/bot/hindi"
)

// command does what a word that counts anywhere asks for ("मदद", "पीछे", ...). ok is false where
// the word means nothing now and may be an answer. None of them destroys a draft unasked.
func (t *turn) command(word string) (reply Reply, ok bool, err error) {
	switch word {
	case "start":
		reply, err = t.greet()
	case "help":
		reply, err = t.help()
	case "menu":
		t.d.Confirm = "menu"
		reply, err = t.present()
	case "back":
		reply, err = t.back()
	case "cancel", "restart":
		reply, err = t.askFirst(word)
	case "skip":
		return t.skip()
	case "done":
		if t.q == nil || t.q.pending == nil || t.q.pending.kind != kindPhotos {
			return Reply{}, false, nil
		}
		reply, err = t.answerWith("done")
	case "submit":
		switch {
		case t.q == nil: // it may have been said before, and its answer been lost
			t.unsaved = t.stranger()
			t.say("engine.nothing_to_file")
			reply, err = t.present()
		case t.q.pending != nil:
			t.say("engine.wrong.not_yet")
			reply, err = t.present()
		default:
			reply, err = t.reviewed("file")
		}
	case "edit":
		n, _ := hindi.EditNumber(t.m.Text)
		if t.q == nil {
			return Reply{}, false, nil
		}
		if t.q.pending != nil && t.q.draft.Editing == "" {
			t.say("engine.wrong.not_yet")
			reply, err = t.present()
			break
		}
		if t.q.pending != nil { // the numbers are those of the whole review
			t.leaveEdit()
			if err = t.ask(); err != nil {
				break
			}
		}
		reply, err = t.editNumber(n)
	case "status":
		reply, err = t.start("my_filings")
	case "language":
		t.d.Confirm = "language"
		reply, err = t.present()
	case "emergency":
		reply, err = t.danger("general")
	default:
		return Reply{}, false, nil
	}
	return reply, true, err
}

// greet answers a greeting: with the menu, or with the question whether to go on.
func (t *turn) greet() (Reply, error) {
	if t.q != nil && t.worth(t.d.Draft) {
		t.d.Confirm = "resume"
		return t.present()
	}
	if err := t.close(); err != nil {
		return Reply{}, err
	}
	t.say("engine.greeting")
	return t.present()
}

// help explains the open question, or the bot.
func (t *turn) help() (Reply, error) {
	t.d.Wrong = 0
	if t.q == nil || t.q.pending == nil {
		t.say("engine.help")
		return t.present()
	}
	if words, ok := t.lookup(t.textID(t.q.pending, ".help"), t.q.pending.data); ok {
		t.lead = append(t.lead, words)
	}
	t.say("engine.help.words")
	return t.present()
}

// back forgets the last answer, or leaves what was opened last.
func (t *turn) back() (Reply, error) {
	d := t.d
	switch {
	case d.Confirm != "":
		d.Confirm = ""
	case d.Maybe != "":
		d.Maybe = ""
	case t.q == nil:
	case d.Draft.Editing != "":
		t.leaveEdit()
	case d.Aside != "":
		d.Aside = ""
	default:
		asked := t.q.asked
		for len(asked) > 0 && asked[len(asked)-1].filled {
			asked = asked[:len(asked)-1]
		}
		if len(asked) == 0 {
			return t.askFirst("cancel")
		}
		last := asked[len(asked)-1]
		for _, key := range append([]string{last.key}, last.was...) {
			d.Draft.forget(key)
		}
		d.settle()
	}
	if err := t.ask(); err != nil {
		return Reply{}, err
	}
	return t.present()
}

// askFirst asks before a draft is thrown away; without a draft there is nothing to ask.
func (t *turn) askFirst(what string) (Reply, error) {
	if t.q == nil || !t.worth(t.d.Draft) {
		if err := t.close(); err != nil {
			return Reply{}, err
		}
		return t.present()
	}
	t.d.Confirm = what
	return t.present()
}

// skip leaves an optional question without an answer.
func (t *turn) skip() (Reply, bool, error) {
	if t.q == nil || t.q.pending == nil {
		return Reply{}, false, nil
	}
	a := t.q.pending
	if a.kind == kindPhotos && a.value != "" {
		reply, err := t.answerWith("done")
		return reply, true, err
	}
	if !a.optional {
		t.say("engine.wrong.must")
		reply, err := t.present()
		return reply, true, err
	}
	reply, err := t.accept(a, "")
	return reply, true, err
}

// worth says whether a draft is worth keeping: something was answered, and it is to be filed.
func (t *turn) worth(d Draft) bool {
	service := t.e.service(d.Service)
	return service != nil && !service.Direct && len(d.Answers) > 0
}

// chosen answers a press of a menu button.
func (t *turn) chosen(what string) (Reply, error) {
	switch {
	case what == "!resume":
		return t.resume("")
	case strings.HasPrefix(what, "!resume."):
		return t.resume(strings.TrimPrefix(what, "!resume."))
	case strings.HasPrefix(what, "!lang."):
		return t.language(strings.TrimPrefix(what, "!lang."))
	case strings.HasPrefix(what, "!menu."):
		t.d.Confirm = "menu:" + strings.TrimPrefix(what, "!menu.")
		return t.present()
	case strings.HasPrefix(what, "!"):
		reply, ok, err := t.command(what[1:])
		if ok {
			return reply, err
		}
		return t.present()
	}
	id, answers := readStart(what)
	return t.start(id, answers...)
}

// start begins a service, with the answers that are given already, or asks whether to go on with an
// open draft of it. A draft of another service, or about another thing, is set aside. A group opens its menu.
func (t *turn) start(id string, answers ...Answer) (Reply, error) {
	service := t.e.service(id)
	if service == nil || !t.meant(service) {
		t.d.Confirm = ""
		t.say("engine.not_here")
		return t.present()
	}
	if service.New == nil {
		t.d.Confirm = "menu:" + id
		return t.present()
	}
	t.d.Confirm = ""
	if t.q != nil && t.d.Draft.Service == id && service.elsewhere(t.d.Draft, answers) {
		if err := t.close(); err != nil {
			return Reply{}, err
		}
	}
	if t.q != nil && t.worth(t.d.Draft) {
		same, err := t.sameThing(id, answers)
		switch {
		case err != nil:
			return Reply{}, err
		case same:
			t.d.Confirm = resumeConfirm(id, answers)
			return t.present()
		case t.secret():
			return t.askFirst("cancel") // it can't be set aside
		}
		at, err := t.setAside(&Draft{Service: id, Answers: answers})
		if err != nil {
			return Reply{}, err
		}
		if len(t.d.Parked) >= maxParked && at < 0 {
			t.say("engine.too_many_drafts")
			return t.present()
		}
	}
	if err := t.park(service); err != nil {
		return Reply{}, err
	}
	if err := t.takeUp(service, answers); err != nil {
		return Reply{}, err
	}
	return t.present()
}

// takeUp goes on with a draft of a service that was set aside, and asks whether that is wanted; or it begins a fresh
// one with answers.
func (t *turn) takeUp(service *Service, answers []Answer) error {
	at, err := t.setAside(&Draft{Service: service.ID, Answers: answers})
	if err != nil {
		return err
	}
	if at >= 0 {
		if draft := t.d.unpark(at); !service.elsewhere(draft, answers) {
			t.d.Draft = draft
			t.d.Confirm = resumeConfirm(service.ID, answers)
			return t.ask()
		}
	}
	if err := t.openWith(service.ID, answers); err != nil {
		return err
	}
	return t.sayOther()
}

// elsewhere says whether an officer's draft is about another filing than the button that was pressed: to go on with
// it would do there what was meant here. It is a few words, and begun anew from that filing's card.
func (s *Service) elsewhere(d Draft, answers []Answer) bool {
	return s.Calm && slices.ContainsFunc(answers, func(a Answer) bool {
		said, ok := d.Answer(a.Key)
		return ok && said != a.Value
	})
}

// park makes room for a draft of a service: the open one is closed, and set aside if it is worth
// keeping. A secret service gets a dialog apart.
func (t *turn) park(service *Service) error {
	if t.q != nil && t.worth(t.d.Draft) {
		t.leaveEdit()
		t.d.Parked = append(t.d.Parked, t.d.Draft)
	}
	t.parked = t.d.open() && !t.secret()
	if err := t.close(); err != nil {
		return err
	}
	if service.Secret {
		t.enter()
	}
	return nil
}

// openWith begins a fresh draft with answers.
func (t *turn) openWith(service string, answers []Answer) error {
	if err := t.open(service); err != nil {
		return err
	}
	for _, a := range answers {
		t.d.Draft.set(a.Key, a.Value)
	}
	return t.ask()
}

// open begins a fresh draft, with what the citizen told us in earlier filings at hand.
func (t *turn) open(service string) error {
	t.d.Draft = newDraft(service)
	t.e.observe("dialog_started")
	return t.remember()
}

// remember loads what is known of the verified citizen into the draft.
func (t *turn) remember() error {
	if t.d.Citizen == "" {
		return nil
	}
	known, err := t.e.Citizens.Known(t.ctx, t.d.Citizen)
	if err != nil {
		return fmt.Errorf("loading what the citizen told before: %w", err)
	}
	t.d.Draft.Known = nil
	t.know("", known)
	if service := t.e.service(t.d.Draft.Service); service == nil || !service.Keeps {
		return nil
	}
	last, err := t.e.Citizens.Last(t.ctx, t.d.Citizen, t.d.Draft.Service)
	if err != nil {
		return fmt.Errorf("loading what the citizen's last filing kept: %w", err)
	}
	t.know(lastFiling, last)
	return nil
}

// know has values at hand in the draft, their keys with a prefix.
func (t *turn) know(prefix string, values map[string]string) {
	for _, key := range sortedKeys(values) {
		if values[key] != "" {
			t.d.Draft.Known = append(t.d.Draft.Known, Answer{prefix + key, values[key]})
		}
	}
}

// resume goes on with the open draft, or with one that was set aside.
func (t *turn) resume(service string) (Reply, error) {
	t.d.Confirm = ""
	if service == "" && t.q == nil && len(t.d.Parked) > 0 {
		service = t.d.Parked[len(t.d.Parked)-1].Service
	}
	if service != "" && (t.q == nil || t.d.Draft.Service != service) {
		if t.secret() && t.worth(t.d.Draft) {
			return t.askFirst("cancel")
		}
		if t.own == nil || t.own.newest(service) < 0 {
			t.say("engine.old_button")
			return t.present()
		}
		if err := t.park(t.e.service(service)); err != nil {
			return Reply{}, err
		}
		t.d.Draft = t.d.unpark(t.d.newest(service))
		if err := t.ask(); err != nil {
			return Reply{}, err
		}
	}
	if a := t.q.about(); a != nil { // of several drafts of a service it may be any
		t.sayWith("engine.going_on", map[string]any{"Service": t.titled(t.d.Draft.Service, a)})
	}
	return t.present()
}

// language changes the language of everything from here on.
func (t *turn) language(lang string) (Reply, error) {
	if lang != "hi" && lang != "en" {
		return t.present()
	}
	t.d.Lang, t.d.Confirm = lang, ""
	if !t.secret() {
		if err := t.e.Citizens.Prefer(t.ctx, t.m.Chat, lang, t.d.Simple); err != nil {
			return Reply{}, fmt.Errorf("keeping the language: %w", err)
		}
	}
	t.say("engine.language_changed")
	return t.present()
}

// opening understands words that come without a draft: as a service, or with the menu.
func (t *turn) opening() (Reply, error) {
	for i := range t.e.Services {
		if s := &t.e.Services[i]; hindi.Fold(t.m.Text) == hindi.Fold(t.text("menu."+s.ID, nil)) && t.meant(s) {
			return t.start(s.ID)
		}
	}
	if id, a, ok := t.coded(t.m.Text); ok {
		return t.start(id, a)
	}
	intents := hindi.Services(t.m.Text)
	if len(intents) == 0 || intents[0].Score < 0.5 {
		t.unsaved = t.stranger()
		t.say("engine.not_understood")
		return t.present()
	}
	best := intents[0]
	switch {
	case best.Service == "help":
		return t.help()
	case best.Service == "emergency":
		return t.danger("general")
	case t.e.service(best.Service) == nil:
		t.say("engine.not_here")
		return t.present()
	case best.Score >= 0.85 && (len(intents) == 1 || intents[1].Score < best.Score-0.1):
		t.sayWith("engine.understood_service", map[string]any{"Service": t.text("menu."+best.Service, nil)})
		return t.begin(best.Service)
	}
	return t.offer(best.Service)
}

// offer asks whether a service is wanted. A secret one is begun at once: the question would be a mark
// in the chat's own dialog, and nothing that is open is lost.
func (t *turn) offer(id string) (Reply, error) {
	if t.e.service(id).Secret {
		t.sayWith("engine.understood_service", map[string]any{"Service": t.text("menu."+id, nil)})
		return t.begin(id)
	}
	t.d.Confirm = "switch:" + id
	return t.present()
}

// coded finds the service that a word is a code of.
func (t *turn) coded(word string) (service string, a Answer, ok bool) {
	for i := range t.e.Services {
		if s := &t.e.Services[i]; s.Code != nil {
			if a, ok := s.Code(word); ok {
				return s.ID, a, true
			}
		}
	}
	return "", Answer{}, false
}

// begin starts the service that the citizen's own words ask for, and takes from the words what they
// say already: "मेरा मोबाइल खो गया" answers what happened and to what.
func (t *turn) begin(service string) (Reply, error) {
	reply, err := t.start(service)
	for err == nil && t.d.Confirm == "" && t.q != nil && t.q.pending != nil && t.q.pending.kind == kindChoice {
		a := t.q.pending
		id, _ := t.named(a, nil)
		if id == "" || t.answered(a.key) {
			break
		}
		for _, notice := range a.notices { // said although the question needs no asking
			t.sayWith(notice, a.data)
		}
		if _, err = t.accept(a, id); err == nil {
			reply, err = t.present()
		}
	}
	return reply, err
}

// danger answers words of present danger ahead of everything else. The draft stays, and words that
// are a whole account answer a question that asks for one.
func (t *turn) danger(kind string) (Reply, error) {
	t.e.observe("emergency")
	words, ok := t.lookup("engine.danger."+kind, nil)
	if !ok {
		words = t.text("engine.danger.general", nil)
	}
	t.lead = append([]string{words}, t.lead...)
	t.d.Confirm = ""
	if t.q == nil {
		t.d.Confirm = "danger"
		return t.present()
	}
	if a := t.q.pending; a != nil && a.kind == kindText && a.rule.story {
		if value, err := a.rule.read(t.m.Text); err == nil {
			return t.accept(a, value)
		}
	}
	return t.present()
}
