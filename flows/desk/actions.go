package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// action is something an officer can do with a filing, by a button on its card or by words in
// answer to it. The texts are desk.action.NAME (the button), desk.action.NAME.words (what counts as
// the button, with commas between) and desk.NAME.done.
//
// An action that needs nothing but the tap has do. One that needs more is an interview (errand.go):
// the officer is asked in private, by the same engine that talks to citizens.
type action struct {
	name   string
	code   string       // in buttons: a stored promise
	right  store.Action // what the store asks of who does it, and of the filing
	minor  bool         // shown behind "और" on the card
	do     func(*Desk, context.Context, request) (answer, error)
	asks   func(*Desk) bot.Interview // nil for one with do
	review bool                      // the officer sees the answers once more before it counts
}

// actions are all actions, in the order of their buttons.
func actions() []action {
	return []action{
		{name: "acknowledge", code: "a", right: store.ActAcknowledge, do: press(store.ActAcknowledge)},
		{name: "take_over", code: "l", right: store.ActTakeOver, do: press(store.ActTakeOver)},
		{name: "send_back", code: "b", right: store.ActSendBack, asks: func(d *Desk) bot.Interview { return &refusal{errand: errand{d: d}} }, review: true},
		{name: "details", code: "d", right: store.ActView, do: (*Desk).details},
		{name: "verify", code: "v", right: store.ActVerify, asks: func(d *Desk) bot.Interview { return &verdict{errand: errand{d: d}} }, review: true},
		{name: "certify", code: "c", right: store.ActCertify, asks: func(d *Desk) bot.Interview { return &certificate{errand: errand{d: d}} }, review: true},
		{name: "visit", code: "p", right: store.ActVisit, asks: func(d *Desk) bot.Interview { return &visit{errand: errand{d: d}} }},
		{name: "consent", code: "o", right: store.ActConsent, minor: true, asks: func(d *Desk) bot.Interview { return &consent{errand: errand{d: d}} }},
		{name: "find", code: "f", right: store.ActFind, asks: func(d *Desk) bot.Interview { return &finding{errand: errand{d: d}} }},
		{name: "enquire", code: "e", right: store.ActEnquire, asks: func(d *Desk) bot.Interview { return &enquiry{errand: errand{d: d}} }},
		{name: "register_fir", code: "i", right: store.ActRegister, asks: func(d *Desk) bot.Interview { return &entry{errand: errand{d: d}} }, review: true},
		{name: "ask", code: "q", right: store.ActAsk, asks: func(d *Desk) bot.Interview { return &query{errand: errand{d: d}} }},
		{name: "sign", code: "s", right: store.ActSign, do: press(store.ActSign)},
		{name: "transfer", code: "h", right: store.ActTransfer, minor: true, asks: func(d *Desk) bot.Interview { return &transfer{errand: errand{d: d}} }, review: true},
		{name: "evidence", code: "z", right: store.ActEvidence, minor: true, do: (*Desk).evidence},
		{name: "note", code: "n", right: store.ActNote, minor: true, asks: func(d *Desk) bot.Interview { return &note{errand: errand{d: d}} }},
		{name: "reset_pin", code: "t", right: store.ActResetPin, minor: true, asks: func(d *Desk) bot.Interview { return &pinReset{errand: errand{d: d}} }},
		{name: "restrict", code: "r", right: store.ActRestrict, minor: true, asks: func(d *Desk) bot.Interview { return &restriction{errand: errand{d: d}} }},
		{name: "close", code: "x", right: store.ActClose, minor: true, asks: func(d *Desk) bot.Interview { return &closing{errand: errand{d: d}} }, review: true},
	}
}

// service is the id of an action's interview.
func (a *action) service() string { return "act_" + a.name }

// Services are the interviews of the actions and those of the officers' menu, for the engine. An
// action that needs nothing but the tap is one too, for channels without buttons.
func (d *Desk) Services() []bot.Service {
	var list []bot.Service
	for _, a := range actions() {
		begin := a.asks
		if begin == nil {
			begin = func(d *Desk) bot.Interview { return &pressing{errand{d: d}, a} }
		}
		list = append(list, bot.Service{
			ID: a.service(), New: func() bot.Interview { return begin(d) }, Hidden: true, Direct: !a.review, Calm: true, For: d.serves,
		})
	}
	return append(list, d.office()...)
}

// moreTap is the action of the button that shows the minor actions too.
const moreTap = "m"

// audience is who a message about a filing is for: a station's group, or an officer; and what those who
// read it are for the filing. Which of a group's officers it is, shows when a button is pressed.
type audience struct {
	group bool
	roles []store.Role
}

// may says whether somebody in the audience may do an action with a filing as it stands.
func (to audience) may(a action, f store.Filing) bool {
	return store.Offered(a.right, f) &&
		slices.ContainsFunc(to.roles, func(r store.Role) bool { return store.Allowed(a.right, r, f.Sensitive) })
}

// offers gives the buttons of a filing for an audience: of the given actions, those that the filing
// is open to and that somebody there may do.
func (d *Desk) offers(f store.Filing, to audience, of ...action) []bot.Option {
	var buttons []bot.Option
	for _, a := range of {
		if to.may(a, f) {
			buttons = append(buttons, d.button(tap{a.code, f.ID, f.Ver}, "desk.action."+a.name))
		}
	}
	return buttons
}

// cardOffers gives the buttons of a card: the likely actions, and behind "और" the others. A new filing
// is to be acknowledged and read before anything else.
func (d *Desk) cardOffers(f store.Filing, to audience, all bool) []bot.Option {
	isNew := store.Offered(store.ActAcknowledge, f)
	var shown []action
	hidden := false
	for _, a := range actions() {
		later := a.minor || isNew && a.right != store.ActAcknowledge && a.right != store.ActView
		if later && !all {
			hidden = hidden || to.may(a, f)
			continue
		}
		shown = append(shown, a)
	}
	buttons := d.offers(f, to, shown...)
	if hidden {
		buttons = append(buttons, d.button(tap{moreTap, f.ID, f.Ver}, "desk.action.more"))
	}
	return buttons
}

// request is an officer's wish to do an action.
type request struct {
	filing int64
	ver    int // the version that the officer saw
	bot.Message
}

// answer is what an officer is told: a few words, and the card anew if it changed.
type answer struct {
	words string
	card  *store.Filing
	all   bool // the card with its minor actions
}

func actionOf(code string) *action {
	for _, a := range actions() {
		if a.code == code {
			return &a
		}
	}
	return nil
}

// press makes the do of an action that needs nothing but the tap.
func press(what store.Action) func(*Desk, context.Context, request) (answer, error) {
	return func(d *Desk, ctx context.Context, r request) (answer, error) {
		act, err := d.Store.Act(ctx, r.Chat.Channel, r.Sender, store.Step{Action: what, Filing: r.filing, Ver: r.ver})
		if err != nil {
			return answer{}, fmt.Errorf("acting on a filing: %w", err)
		}
		d.observe(string(what), string(act.Outcome))
		told := answer{words: d.outcome(officers, what, act), card: &act.Filing}
		if act.Outcome == store.NotAllowed {
			told.card = nil
		}
		return told, nil
	}
}

// outcome says what became of an action, in a language.
func (d *Desk) outcome(lang string, what store.Action, act store.Act) string {
	switch act.Outcome {
	case store.Done:
		return d.first(lang, nil, "desk."+string(what)+".done."+act.Filing.Service, "desk."+string(what)+".done")
	case store.Already:
		return d.text(lang, "desk.already", map[string]any{"Post": d.post(act.By)})
	case store.Taken:
		return d.taken(lang, act.Has)
	case store.Stale:
		return d.text(lang, "desk.stale", map[string]any{"What": d.text(lang, "desk.event."+act.Last.Kind, nil), "Who": d.who(act.Last)})
	}
	return d.text(lang, "desk.not_allowed", nil)
}

// taken says who has the number that an FIR was to get.
func (d *Desk) taken(lang string, has store.FIRHolder) string {
	data := map[string]any{"Number": has.Filing, "At": has.At}
	if has.Filing == "" {
		return d.text(lang, "desk.taken.elsewhere", data)
	}
	return d.text(lang, "desk.taken", data)
}

// act does an action and tells the officer: over the button where one was pressed, else as a message.
func (d *Desk) act(ctx context.Context, m bot.Message, a *action, filing int64, ver int, next bot.Handler) (bot.Reply, error) {
	if m.Sender == "" {
		return d.brief(m, d.say("desk.anonymous", nil)), nil
	}
	if a.asks != nil {
		return d.interview(ctx, m, a, filing, next)
	}
	told, err := a.do(d, ctx, request{filing, ver, m})
	if err != nil {
		return bot.Reply{}, err
	}
	return d.told(ctx, m, filing, told)
}

// told is the reply to an action.
func (d *Desk) told(ctx context.Context, m bot.Message, filing int64, told answer) (bot.Reply, error) {
	reply := d.brief(m, told.words)
	if m.Tap == "" || m.On == "" || told.card == nil {
		return reply, nil
	}
	roles, err := d.rolesFor(ctx, m, filing)
	if err != nil {
		return bot.Reply{}, err
	}
	to := audience{group: m.Group, roles: roles}
	card, err := d.card(ctx, *told.card, to, told.all)
	if err != nil {
		return bot.Reply{}, err
	}
	card.Toast, card.Replace = reply.Toast, m.On
	return card, nil
}

// rolesFor is what those who read a message's chat are for a filing.
func (d *Desk) rolesFor(ctx context.Context, m bot.Message, filing int64) ([]store.Role, error) {
	if m.Group {
		return d.Store.ChatRoles(ctx, filing, m.Chat.Channel, m.Chat.ID)
	}
	return d.Store.RolesAt(ctx, filing, m.Chat.Channel, m.Sender)
}

// more shows a card with its minor actions.
func (d *Desk) more(ctx context.Context, m bot.Message, filing int64) (bot.Reply, error) {
	f, _, err := d.Store.OfficerFiling(ctx, filing, m.Chat.Channel, m.Sender)
	if errors.Is(err, store.ErrNotFound) {
		return d.brief(m, d.say("desk.not_allowed", nil)), nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return d.told(ctx, m, filing, answer{card: &f, all: true})
}

// interview begins an action's interview: here where this is the officer's private chat, else there.
func (d *Desk) interview(ctx context.Context, m bot.Message, a *action, filing int64, next bot.Handler) (bot.Reply, error) {
	f, roles, err := d.Store.OfficerFiling(ctx, filing, m.Chat.Channel, m.Sender)
	if errors.Is(err, store.ErrNotFound) || err == nil && !(audience{roles: roles}).may(*a, f) {
		return d.refused(ctx, m, a, f, roles)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	private := bot.Message{
		ID: m.ID, Chat: m.Chat, Sender: m.Sender, Name: m.Name, On: m.On, Tap: bot.StartTap(a.service(), keyFiling, f.Number),
	}
	if !m.Group {
		return next(ctx, private)
	}
	private.Chat.ID, private.On = m.Sender, "" // where there are groups, a person's private chat has the person's id
	question, err := next(ctx, private)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, err := d.send(ctx, private.Chat, question); err != nil {
		told, err := d.notSent(err)
		return d.brief(m, told.words), err
	}
	return d.brief(m, d.say("desk.asked_in_private", nil)), nil
}

// refused says why an interview does not begin: the officer may not, or the filing is no longer open to it.
func (d *Desk) refused(ctx context.Context, m bot.Message, a *action, f store.Filing, roles []store.Role) (bot.Reply, error) {
	d.observe(a.name, string(store.NotAllowed))
	may := slices.ContainsFunc(roles, func(r store.Role) bool { return store.Allowed(a.right, r, f.Sensitive) })
	if !may {
		return d.brief(m, d.say("desk.not_allowed", nil)), nil
	}
	return d.told(ctx, m, f.ID, answer{words: d.say("desk.not_now", nil), card: &f})
}

// brief says a few words: over the pressed button, or as a message where none was pressed.
func (d *Desk) brief(m bot.Message, words string) bot.Reply {
	if m.Tap != "" {
		return bot.Reply{Toast: words}
	}
	return bot.Reply{Text: words}
}

// answered takes words that answer a card for its button; ok is false for everything else.
func (d *Desk) answered(ctx context.Context, m bot.Message, next bot.Handler) (reply bot.Reply, ok bool, err error) {
	a := d.spoken(m.Text)
	if a == nil {
		return bot.Reply{}, false, nil
	}
	filing, ver, ok, err := d.Store.CardAt(ctx, m.Chat.Channel, m.Chat.ID, m.On)
	if err != nil || !ok {
		return bot.Reply{}, false, err
	}
	reply, err = d.act(ctx, m, a, filing, ver, next)
	return reply, true, err
}

// spoken finds the action that words stand for, in any language.
func (d *Desk) spoken(text string) *action {
	if text == "" || len(text) > 100 {
		return nil
	}
	said := hindi.Fold(text)
	if said == "" { // signs only
		return nil
	}
	for _, a := range actions() {
		for _, lang := range []string{"hi", "en"} {
			words, _ := d.Texts.Text(lang, "desk.action."+a.name+".words", nil)
			for word := range strings.SplitSeq(words, ",") {
				if said == hindi.Fold(word) {
					return &a
				}
			}
		}
	}
	return nil
}
