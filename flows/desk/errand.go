package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// keyFiling is the question that every action's interview begins with; the button answers it.
const keyFiling = "filing"

// errand is what the interviews of all actions have in common: the filing, found anew for every
// message, and what the officer is where it belongs. Whether the action is allowed is decided once
// more by the store, when it is done.
type errand struct {
	d      *Desk
	filing store.Filing
	roles  []store.Role // none: there is no such filing for this officer
	lang   string
	number string
}

// Prepare finds the filing.
func (e *errand) Prepare(ctx context.Context, v bot.Visit) error {
	number, ok := store.ParseNumber(v.Answer(keyFiling))
	if !ok {
		return nil
	}
	var err error
	e.lang = v.Lang
	e.filing, e.roles, err = e.d.Store.OfficerFilingByNumber(ctx, number, v.Chat.Channel, v.Chat.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("finding the filing of an action: %w", err)
	}
	return nil
}

// on asks for the filing, where no button said which, and says whether the officer may do the action
// with it. If not, nothing more is asked, and file says so.
func (e *errand) on(q *bot.Questions, what store.Action) bool {
	service := ""
	if e.may(what) {
		service = e.d.service(e.lang, e.filing.Service)
	}
	q.Text(&e.number, keyFiling, bot.Printed(4, 40), bot.Hidden, bot.About, bot.With("Service", service), e.about())
	return e.may(what)
}

func (e *errand) may(what store.Action) bool {
	return store.Offered(what, e.filing) &&
		slices.ContainsFunc(e.roles, func(r store.Role) bool { return store.Allowed(what, r, e.filing.Sensitive) })
}

// about gives a question's text the filing's number.
func (e *errand) about() bot.Setting { return bot.With("Number", e.filing.Number) }

// file does an action that needs no more than words and photos.
func (e *errand) file(ctx context.Context, f bot.Filing, what store.Action, words string, photos []string) (bot.Outcome, error) {
	return e.step(ctx, f, store.Step{Action: what, Note: words}, photos)
}

// step does the action.
func (e *errand) step(ctx context.Context, f bot.Filing, st store.Step, photos []string) (bot.Outcome, error) {
	if len(e.roles) == 0 {
		return bot.Outcome{Text: "desk.not_allowed"}, nil
	}
	ids := slices.Clone(photos)
	if id, voice := bot.VoiceNote(st.Note); voice {
		ids = append(ids, id)
	}
	media, err := e.d.Store.Media(ctx, ids)
	if err != nil {
		return bot.Outcome{}, err
	}
	if len(media) < len(ids) {
		return bot.Outcome{}, errors.New("files of an officer's action were never received")
	}
	st.Filing, st.Dialog, st.Media = e.filing.ID, f.Dialog, media
	act, err := e.d.Store.Act(ctx, f.Chat.Channel, f.Chat.ID, st)
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("acting on a filing: %w", err)
	}
	e.d.observe(string(st.Action), string(act.Outcome))
	return bot.Outcome{
		Text: "desk.told", Data: map[string]any{"Words": e.d.outcome(f.Lang, st.Action, act), "Number": e.filing.Number},
		Next: onward(e.filing.Number),
	}, nil
}

// option is an answer to a choice in words, in the language that records are kept in; "" for none.
func (e *errand) option(question, id string) string {
	if id == "" {
		return ""
	}
	return e.d.say("act_"+question+"."+id, nil)
}

// joined is what there is of several answers, as one sentence.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " – ")
}
