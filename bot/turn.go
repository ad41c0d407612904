package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"nagrik/bot/hindi"
)

// turn is one message on its way to one reply. Its methods change the dialog and nothing else;
// what they ask of the world (Citizens, Media, Interview.File) may safely be asked twice, because
// a turn is worked out again when it finds the dialog changed.
type turn struct {
	e   *Engine
	ctx context.Context
	d   *Dialog // that the message belongs to: the chat's own, or a secret one
	m   Message
	now time.Time

	own     *Dialog // the chat's own; nil while nothing of it is needed
	stored  []byte  // the token of the secret dialog that is stored, nil if none is
	left    bool    // the secret dialog has ended
	parked  bool    // a draft was set aside for a secret dialog
	once    bool    // the reply is said once and kept nowhere
	unsaved bool    // the chat's own dialog is to stay as it is

	repeating bool // what a turn gave is being given again

	service   *Service
	interview Interview
	q         *Questions // nil: no draft is open

	lead     []string // what is said before the question, a paragraph each
	paper    *Paper
	photoset []Paper
	toast    string

	failed error // of what was asked of the world on the way to a menu
}

// maxHops is how many services one draft may go through with one message.
const maxHops = 4

// pause is the silence after which a typed message is not taken for an answer at once.
const pause = 12 * time.Hour

// run works out the reply to a message that was not answered before.
func (t *turn) run() (Reply, error) {
	idle := t.now.Sub(time.Unix(t.d.Touched, 0))
	t.d.Said = ""
	if t.d.Given.lapsed(t.now) {
		t.d.Given = Given{}
	}
	if err := t.ask(); err != nil {
		return Reply{}, err
	}
	switch {
	case t.m.Tap != "":
		return t.tapped()
	case t.m.Alien, t.m.Phone != "" && t.e.Phone[t.m.Chat.Channel] != PhoneBySender:
		return t.contact()
	case len(t.m.Files) > 0:
		return t.files()
	case t.m.Place != nil:
		return t.answer()
	case strings.TrimSpace(t.m.Text) == "":
		t.say("engine.strange")
		return t.present()
	}
	return t.typed(idle)
}

// fail remembers the first thing that went wrong where there is no way to return it.
func (t *turn) fail(err error) {
	if t.failed == nil {
		t.failed = err
	}
}

// meant says whether a service is for this person.
func (t *turn) meant(s *Service) bool {
	if s.For == nil {
		return true
	}
	yes, err := s.For(t.ctx, t.visit())
	if err != nil {
		t.fail(fmt.Errorf("asking who %s is for: %w", s.ID, err))
	}
	return yes && err == nil
}

// ask runs the open draft's interview, so that the next question is known.
func (t *turn) ask() error {
	t.service, t.interview, t.q = nil, nil, nil
	var continued []string
	for hops := 0; t.d.open(); hops++ {
		service := t.e.service(t.d.Draft.Service)
		if service == nil {
			t.say("engine.service_gone")
			return t.close()
		}
		interview, q, err := t.interviewed(service, &t.d.Draft)
		if err != nil {
			return err
		}
		if q.service != "" && hops == maxHops {
			return errors.New("services continue one another in a circle")
		}
		if q.service != "" {
			t.d.Draft.Service = q.service
			t.d.settle()
			continued = append(continued, q.service)
			continue
		}
		t.service, t.interview, t.q = service, interview, q
		break
	}
	if len(continued) == 0 {
		return nil
	}
	if back, err := t.begun(); back || err != nil {
		return err
	}
	for _, service := range continued {
		t.say(service + ".continued")
	}
	return t.sayOther()
}

// interviewed runs a draft's interview over its answers.
func (t *turn) interviewed(service *Service, d *Draft) (Interview, *Questions, error) {
	interview := service.New()
	if p, ok := interview.(Preparer); ok {
		if err := p.Prepare(t.ctx, t.visitOf(d)); err != nil {
			return nil, nil, fmt.Errorf("preparing %s: %w", service.ID, err)
		}
	}
	q := &Questions{draft: d, citizen: t.d.Citizen, now: t.now}
	interview.Ask(q)
	return interview, q, nil
}

func (t *turn) visit() Visit { return t.visitOf(&t.d.Draft) }

func (t *turn) visitOf(d *Draft) Visit {
	v := Visit{Lang: t.d.Lang, Simple: t.d.Simple, Dialog: d.ID, Repeat: t.repeating, answers: d}
	if t.e.Room != nil {
		secret := t.secret()
		v.room = func(ctx context.Context, what, once string) bool {
			return t.e.Room(ctx, Attempt{Chat: t.m.Chat, Secret: secret, What: what, Once: d.ID + "/" + once})
		}
	}
	if !t.secret() {
		v.Chat, v.Citizen = t.m.Chat, t.d.Citizen
	}
	return v
}

// keep says what the store of dialogs may do with the chat's own dialog as it is now.
func (t *turn) keep() Keep {
	if t.worth(t.own.Draft) {
		return Keep{KeepDraft, t.own.Draft.Service}
	}
	for _, p := range slices.Backward(t.own.Parked) {
		if t.worth(p) {
			return Keep{KeepDraft, p.Service}
		}
	}
	if t.own.Done == forgotten && !t.own.open() {
		return Keep{What: Forget}
	}
	return Keep{What: KeepState}
}

// forgotten marks a dialog that must leave Redis as soon as it holds no draft any more.
const forgotten = "forgotten"

// typed answers a message of words.
func (t *turn) typed(idle time.Duration) (Reply, error) {
	if t.m.Start == "" && !(t.service != nil && t.service.Calm) {
		if kind, ok := hindi.DangerKind(t.m.Text); ok {
			return t.danger(kind)
		}
	} else if id, a, ok := t.coded(t.m.Start); ok {
		return t.start(id, a)
	}
	if t.stranger() {
		t.d.Confirm = "menu" // it may be on the screen, see stranger
	}
	if t.d.Confirm != "" {
		if reply, ok, err := t.confirmed(t.m.Text); ok {
			return reply, err
		}
	}
	if command, ok := hindi.Command(t.m.Text); ok && !t.labelled() {
		if reply, ok, err := t.command(command); ok {
			return reply, err
		}
	}
	t.d.Confirm = ""
	switch {
	case t.q == nil:
		return t.opening()
	case idle > pause && t.worth(t.d.Draft):
		t.d.Confirm = "resume"
		return t.present()
	}
	return t.answer()
}

// labelled says whether the words are just the label of an option on the screen: then they mean the option, also
// where they are a command elsewhere ("मदद चाहिए").
func (t *turn) labelled() bool {
	if t.q == nil || t.q.pending == nil || t.q.pending.kind != kindChoice {
		return false
	}
	said := hindi.Fold(t.m.Text)
	for _, o := range t.offered(t.q.pending) {
		if hindi.Fold(o.label) == said {
			return true
		}
	}
	return false
}

// tapped answers a press of a button.
func (t *turn) tapped() (Reply, error) {
	p, ok := t.e.press(t.m.Chat, t.m.Tap)
	switch {
	case ok && p.menu != "":
		return t.chosen(p.menu)
	case !ok || !t.q.live(p.draft):
		return t.stale(p)
	}
	t.m.Text = ""
	pending := ""
	if t.q.pending != nil {
		pending = t.q.pending.key
	}
	switch {
	case p.key == t.confirmKey() && t.d.Confirm != "":
		if reply, ok, err := t.confirmed(p.option); ok {
			return reply, err
		}
	case p.key == keyReview && pending == "" && !strings.HasPrefix(t.d.Confirm, "again:"):
		t.d.Confirm = ""
		return t.reviewed(p.option)
	case p.key == keyEdit && pending == "":
		return t.edit(p.option)
	case p.key == t.maybeKey() && t.d.Maybe != "":
		return t.sure(p.option == "yes")
	case strings.HasPrefix(p.key, keyWay) && p.key[len(keyWay):] == pending:
		t.d.Confirm = ""
		if reply, ok, err := t.command(p.option); ok {
			return reply, err
		}
	case p.key == pending && pending != "":
		t.d.Confirm = ""
		return t.answerWith(p.option)
	}
	return t.stale(p)
}

// live says whether a button's draft is the open one.
func (q *Questions) live(draft string) bool { return q != nil && q.draft.ID == draft }

// stale answers a tap on a button whose question is no longer asked: it says so, shows what is,
// and gives a filing's number again to who taps "file" twice.
func (t *turn) stale(p press) (Reply, error) {
	t.e.observe("stale_tap")
	if p.key == keyReview && p.option == "file" && p.draft != "" && !t.q.live(p.draft) {
		filed := Outcome{Number: t.d.Number}
		if p.draft != t.d.Done {
			var err error
			v := Visit{Chat: t.m.Chat, Citizen: t.d.Citizen, Lang: t.d.Lang, Simple: t.d.Simple, Dialog: p.draft}
			if filed, err = t.e.Citizens.Filed(t.ctx, v); err != nil {
				return Reply{}, fmt.Errorf("looking for what a button filed: %w", err)
			}
		}
		switch {
		case filed.Text != "": // of a secret service: the chat's own dialog must not learn of it
			t.sayWith(filed.Text, filed.Data)
			t.unsaved = true
			return t.present()
		case filed.Number != "":
			t.sayWith("engine.filed_already", map[string]any{"Number": filed.Number})
			if t.q == nil {
				return t.closing(t.spoken()), nil
			}
			return t.present()
		}
	}
	t.say("engine.old_button")
	t.toast = t.text("engine.old_button", nil)
	t.unsaved = t.stranger()
	return t.present()
}

// answer reads the message as the answer to the pending question, or to the review.
func (t *turn) answer() (Reply, error) {
	if t.q == nil {
		return t.opening()
	}
	switch {
	case t.q.pending != nil:
	case t.service.Direct: // what was asked about is gone
		return t.present()
	default:
		return t.reviewed("")
	}
	if t.d.Maybe != "" && t.m.Text != "" {
		if yes, ok := hindi.YesNo(t.m.Text); ok {
			return t.sure(yes)
		}
		if n, ok := hindi.Number(t.m.Text); ok && (n == 1 || n == 2) {
			return t.sure(n == 1)
		}
		t.d.Maybe = ""
	}
	return t.answerWith("")
}

// answerWith answers the pending question with an option that was tapped, or else the message.
func (t *turn) answerWith(option string) (Reply, error) {
	a := t.q.pending
	if a.kind == kindVerify {
		return t.verify()
	}
	r, err := t.read(a, option)
	if wrong := asInvalid(err); wrong != nil {
		return t.wrong(wrong)
	}
	switch {
	case err != nil:
		return Reply{}, err
	case r.aside != "":
		t.d.Aside, t.d.Maybe = r.aside, ""
		return t.present()
	case !r.sure:
		t.d.Maybe = r.value
		return t.present()
	}
	return t.accept(a, r.value)
}

// sure takes the citizen's yes or no to an uncertain reading.
func (t *turn) sure(yes bool) (Reply, error) {
	value := t.d.Maybe
	t.d.Maybe = ""
	if yes && t.q.pending != nil {
		return t.accept(t.q.pending, value)
	}
	return t.present()
}

// accept stores an answer and goes on to the next question.
func (t *turn) accept(a *question, value string) (Reply, error) {
	if before, ok := t.d.Draft.Answer(a.key); ok && a.editing && a.kind == kindChoice && before != value {
		t.d.Draft.forgetGroup(a.key)
	}
	t.d.Draft.set(a.key, value)
	t.d.Draft.Editing = ""
	album := t.d.Album
	t.d.settle()
	t.d.Album = album
	a.value = value
	if line := t.ack(a); line != "" {
		t.lead = append(t.lead, line)
	}
	if err := t.ask(); err != nil {
		return Reply{}, err
	}
	return t.present()
}

// wrong tells what is wrong with an answer; the third time in a row, what else can be done.
func (t *turn) wrong(why *Invalid) (Reply, error) {
	if t.m.Text != "" && t.m.Tap == "" && !t.q.pending.free {
		if id, score := hindi.Service(t.m.Text); score >= 0.8 && id != t.service.ID && t.e.service(id) != nil {
			return t.offer(id)
		}
	}
	t.d.Wrong++
	t.sayWith(why.ID, why.Data)
	if t.d.Wrong >= 3 {
		t.e.observe("third_wrong_answer")
		switch {
		case t.q.pending.optional:
			t.say("engine.stuck.skip")
		case t.q.pending.free:
			t.say("engine.stuck.voice")
		case t.secret():
			t.say("engine.stuck.secret")
		default:
			t.say("engine.stuck.station")
		}
	}
	return t.present()
}
