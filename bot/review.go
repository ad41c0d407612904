package bot

import (
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"nagrik/bot/hindi"
)

func itoa(n int) string { return strconv.Itoa(n) }

// review shows every answer by number, to be changed or filed.
func (t *turn) review() Reply {
	if t.d.Aside == asideEdit || strings.HasPrefix(t.d.Aside, asidePage) {
		return t.chooseEdit()
	}
	var lines []string
	for i, a := range t.reviewable() {
		lines = append(lines, itoa(i+1)+". "+t.label(a)+": "+t.shownValue(a, a.value))
	}
	after := strings.Join(lines, "\n")
	if declare, ok := t.lookup(t.service.ID+".declare", t.q.declared); ok {
		after += "\n\n" + declare
	}
	words := t.text("engine.review", t.draftName())
	if a := t.q.about(); a != nil && a.hidden { // else it is among the answers
		words = strings.TrimPrefix(t.aboutWords(a)+"\n", "\n") + words
	}
	r := t.compose("", words, after)
	r.Options = []Option{
		t.button(keyReview, "file", "engine.way.file"),
		t.button(keyReview, "edit", "engine.way.edit"),
	}
	r.Ways = []Option{t.button(keyWay, "cancel", "engine.way.cancel")}
	return r
}

const asideEdit = "edit"

// reviewable gives the answers that a review shows.
func (t *turn) reviewable() []*question {
	var list []*question
	for i := range t.q.asked {
		if a := &t.q.asked[i]; !a.hidden && (a.via == "" || a.value != a.via) {
			list = append(list, a)
		}
	}
	return list
}

func (t *turn) label(a *question) string { return t.questionText(a, ".label") }

// chooseEdit asks which answer to change.
func (t *turn) chooseEdit() Reply {
	r := t.compose("", t.text("engine.edit_which", nil), "")
	for _, o := range t.editOffers() {
		r.Options = append(r.Options, Option{Data: t.e.data(t.m.Chat, t.d.Draft.ID, keyEdit, o.id), Label: o.label})
	}
	r.Ways = []Option{t.button(keyReview, "back", "engine.way.back")}
	return r
}

func (t *turn) editOffers() []offer {
	var all []offer
	for i, a := range t.reviewable() {
		all = append(all, offer{id: a.key, label: itoa(i+1) + ". " + t.label(a)})
	}
	return t.page(all)
}

// reviewed takes an answer to the review: an option, or the words of the message.
func (t *turn) reviewed(option string) (Reply, error) {
	if option == "" && (t.d.Aside == asideEdit || strings.HasPrefix(t.d.Aside, asidePage)) {
		// The labels carry the review's numbers, so a number is one of those on every page.
		if n, ok := hindi.Number(t.m.Text); ok && n <= len(t.reviewable()) {
			return t.editNumber(n)
		}
		if id, ok := nextPage(t.m.Text, t.editOffers()); ok {
			return t.edit(id)
		}
		for _, a := range t.reviewable() {
			if hindi.Fold(t.m.Text) == hindi.Fold(t.label(a)) {
				return t.edit(a.key)
			}
		}
	}
	if option == "" {
		switch id, _ := byNumber(t.m.Text, []offer{{id: "file"}, {id: "edit"}}); {
		case id != "":
			option = id
		case saysYes(t.m.Text):
			option = "file"
		case saysNo(t.m.Text), saysEdit(t.m.Text):
			option = "edit"
		}
	}
	switch option {
	case "file":
		return t.finish(false)
	case "edit":
		t.d.Aside = asideEdit
	case "back":
		t.d.Aside = ""
	default:
		t.say("engine.wrong.review")
	}
	return t.present()
}

// saysEdit says whether the words ask to change something, and not yet what: a number completes them.
func saysEdit(text string) bool {
	_, ok := hindi.EditNumber(text + " 1")
	return ok
}

// edit asks one answer again; the rest stays answered, so the next reply is the review again.
func (t *turn) edit(key string) (Reply, error) {
	if page, ok := strings.CutPrefix(key, "~"); ok {
		t.d.Aside = asidePage + page
		return t.present()
	}
	for _, a := range t.reviewable() {
		if a.key == key {
			t.d.settle()
			t.d.Draft.Editing = key
			if err := t.ask(); err != nil {
				return Reply{}, err
			}
			return t.present()
		}
	}
	t.say("engine.old_button")
	return t.present()
}

// leaveEdit leaves the answer that is being changed as it is.
func (t *turn) leaveEdit() {
	if a := t.q.pending; a != nil && a.editing && a.kind == kindPhotos {
		t.d.Draft.set(a.key, strings.TrimSuffix(a.value, ","))
	}
	t.d.Draft.Editing = ""
	t.d.settle()
}

// editNumber edits the answer with a number of the review.
func (t *turn) editNumber(n int) (Reply, error) {
	list := t.reviewable()
	if n < 1 || n > len(list) {
		t.sayWith("engine.wrong.edit", map[string]any{"Max": len(list)})
		return t.present()
	}
	return t.edit(list[n-1].key)
}

// finish files the draft. It may run again for the same draft, after a crash or a conflict: the
// draft's id makes it one filing.
func (t *turn) finish(again bool) (Reply, error) {
	out, err := t.file(again)
	var duplicate *DuplicateError
	if errors.As(err, &duplicate) {
		t.d.Confirm = "again:" + duplicate.Number
		return t.present()
	}
	if wrong := asInvalid(err); wrong != nil {
		if t.service.Direct {
			if err := t.close(); err != nil {
				return Reply{}, err
			}
		}
		t.sayWith(wrong.ID, wrong.Data)
		return t.present()
	}
	if err != nil {
		return Reply{}, fmt.Errorf("filing %s: %w", t.service.ID, err)
	}
	t.e.observe("filed_" + t.service.ID)
	service, giving := t.service, t.giving()
	t.d.Done, t.d.Number = t.d.Draft.ID, out.Number
	if err := t.close(); err != nil {
		return Reply{}, err
	}
	if out.Lang != "" || out.Simple != nil {
		if err := t.prefer(out); err != nil {
			return Reply{}, err
		}
	}
	if out.Forget {
		*t.d = Dialog{token: t.d.token, ring: t.d.ring, Done: forgotten}
	}
	t.tell(service, out)
	if out.Start != "" {
		return t.start(out.Start)
	}
	if service.Secret { // the chat's own dialog must not learn of it
		t.unsaved = true
		return t.present()
	}
	reply := t.closing(t.spoken(), out.Next...)
	switch {
	case out.Once:
		t.d.Said, t.once = "", true
	case out.Document != nil || len(out.Photos) > 0:
		t.d.Said, t.d.Given = "", giving
	}
	return reply, nil
}

// file has the service do what it is for.
func (t *turn) file(again bool) (Outcome, error) {
	return t.interview.File(t.ctx, Filing{
		Visit: t.visit(), Again: again, Answers: t.record(), Kept: t.kept(), Names: t.personNames(), Given: t.given(),
	})
}

// tell says what a service did, with what it gives.
func (t *turn) tell(s *Service, out Outcome) {
	t.paper, t.photoset = out.Document, out.Photos
	id := out.Text
	if id == "" {
		id = s.ID + ".filed"
	}
	t.sayWith(id, out.Data)
}

// record gives every answer in words for the officers, who read Hindi whatever the citizen chose.
func (t *turn) record() []Shown {
	lang, simple := t.d.Lang, t.d.Simple
	defer func() { t.d.Lang, t.d.Simple = lang, simple }()
	t.d.Lang, t.d.Simple = "hi", false
	var list []Shown
	for _, a := range t.reviewable() {
		if a.value == "" || a.kind == kindPhotos {
			continue
		}
		s := Shown{Key: a.key, Label: t.label(a), Value: a.value}
		_, voice := VoiceNote(a.value)
		_, point := ParsePlace(a.value)
		if !voice && !(point && a.kind == kindPlace) {
			s.Value = t.shownValue(a, a.value)
		}
		list = append(list, s)
	}
	return list
}

// personNames gives the answers that are names of persons.
func (t *turn) personNames() []string {
	var names []string
	for i := range t.q.asked {
		if a := &t.q.asked[i]; a.rule.name && a.value != "" {
			names = append(names, a.value)
		}
	}
	return names
}

// given gives every answer by its key.
func (t *turn) given() map[string]string {
	given := make(map[string]string, len(t.q.asked))
	for _, a := range t.q.asked {
		given[a.key] = a.value
	}
	return given
}

// kept gives the answers of this filing that AsLast keeps, with what was kept of the other sorts of
// filing: so the last filing of a service has it all.
func (t *turn) kept() map[string]string {
	kept := map[string]string{}
	for _, a := range t.d.Draft.Known {
		if key, ok := strings.CutPrefix(a.Key, lastFiling); ok {
			kept[key] = a.Value
		}
	}
	for _, a := range t.q.asked {
		maps.DeleteFunc(kept, func(key, _ string) bool { return a.sort != "" && strings.HasPrefix(key, keptKey(a.sort, "")) })
	}
	for _, a := range t.q.asked {
		if a.sort != "" && a.value != "" {
			kept[keptKey(a.sort, a.key)] = a.value
		}
	}
	return kept
}

// prefer keeps a choice of language or simple mode.
func (t *turn) prefer(out Outcome) error {
	if out.Lang != "" {
		t.d.Lang = out.Lang
	}
	if out.Simple != nil {
		t.d.Simple = *out.Simple
	}
	if err := t.e.Citizens.Prefer(t.ctx, t.m.Chat, t.d.Lang, t.d.Simple); err != nil {
		return fmt.Errorf("keeping the preferences: %w", err)
	}
	return nil
}

// shownValue is how a review shows an answer.
func (t *turn) shownValue(a *question, value string) string {
	switch {
	case value == "":
		return t.text("engine.shown.skipped", nil)
	case value == Unknown:
		return t.text("engine.unknown", nil)
	}
	if _, voice := VoiceNote(value); voice {
		return t.text("engine.shown.voice", nil)
	}
	switch a.kind {
	case kindYes, kindChoice:
		if !contains(a.options, value) && a.rule.shown != "" {
			return t.text(a.rule.shown, map[string]any{"Value": value})
		}
		return t.option(a, value).label
	case kindDate:
		w := parseWhen(value, t.now.Location())
		if w.Clock {
			return t.text("engine.shown.moment", map[string]any{"At": w.Time})
		}
		return t.text("engine.shown.day", map[string]any{"At": w.Time})
	case kindText:
		if a.rule.shown != "" {
			return t.text(a.rule.shown, map[string]any{"Value": value})
		}
	case kindPlace:
		if _, ok := ParsePlace(value); ok {
			return t.text("engine.shown.place", nil)
		}
	case kindPhotos:
		return t.text("engine.shown.files", map[string]any{"Count": len(mediaIDs(value))})
	case kindPick:
		if contains(a.options, value) {
			return t.option(a, value).label
		}
		if item, ok := a.list.Item(t.d.Lang, value); ok {
			return item.Label
		}
	}
	return value
}
