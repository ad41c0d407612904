package bot

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A message that was answered comes again where its reply may not have arrived. Nothing changes then, and the
// citizen is told where the dialog is. Of a reply that ended a draft the words are kept for that (Dialog.Said).
// A paper or photos are not: they are large, and often nobody else's business. What is kept is the draft that
// they were made of, and its service makes them anew, words and all, as the records allow by then.

// Given is the last turn whose reply had a paper or photos.
type Given struct {
	Message []byte // fingerprint of the message that was answered
	At      int64  // Unix seconds
	Draft   Draft  // Draft.Service "" means that there was none
}

// givenFor is how long they can be given again: Telegram repeats a message for a day.
const givenFor = 24 * time.Hour

// lapsed says whether it is too late to give anything again.
func (g *Given) lapsed(now time.Time) bool { return now.Sub(time.Unix(g.At, 0)) > givenFor }

func (g *Given) encode(b []byte) []byte {
	b = appendDraft(b, &g.Draft)
	if g.Draft.Service == "" {
		return b
	}
	return binary.AppendVarint(append(b, g.Message...), g.At)
}

func (r *reader) given() Given {
	g := Given{Draft: r.draft()}
	if g.Draft.Service != "" {
		g.Message, g.At = []byte(r.take(ringBytes)), r.varint()
	}
	return g
}

// giving is what this turn leaves for its repeat, while its draft is still open.
func (t *turn) giving() Given {
	d := Draft{ID: t.d.Draft.ID, Service: t.service.ID, Answers: slices.Clone(t.d.Draft.Answers)}
	for _, a := range t.q.asked {
		if a.passing {
			d.forget(a.key)
		} else {
			d.set(a.key, a.value)
		}
	}
	return Given{Message: fingerprint(t.m.ID), At: t.now.Unix(), Draft: d}
}

// repeat answers a message that was answered before.
func (t *turn) repeat() (Reply, error) {
	t.e.observe("repeat")
	again, err := t.giveAgain()
	if err != nil {
		return Reply{}, err
	}
	if !again && t.d.Said != "" {
		_, next, _ := strings.Cut(t.d.Confirm, ":")
		return t.closed(t.d.Said, next), nil
	}
	if err := t.ask(); err != nil {
		return Reply{}, err
	}
	return t.present()
}

// giveAgain makes the paper or photos anew that the message was answered with, and says what there is to say of
// them; what is to be said of the dialog, which may have gone on since, comes after that. It is false where there
// were none, or where the service is gone, is not for this person any more, or asks something else by now.
func (t *turn) giveAgain() (ok bool, err error) {
	if t.own == nil || !t.own.gave(t.m.ID) || t.own.Given.lapsed(t.now) {
		return false, nil
	}
	d, own := t.d, *t.own
	defer func() { *t.own, t.d, t.repeating = own, d, false }()
	t.d, t.repeating = t.own, true
	t.d.closeDraft()
	t.d.Draft = t.d.Given.Draft
	if err := t.ask(); err != nil {
		return false, err
	}
	if t.q == nil || t.q.pending != nil || !t.meant(t.service) {
		t.lead = nil
		return false, nil
	}
	out, err := t.file(false)
	if wrong := asInvalid(err); wrong != nil {
		t.sayWith(wrong.ID, wrong.Data)
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("giving again what %s gave: %w", t.service.ID, err)
	}
	t.tell(t.service, out)
	return true, nil
}

// gave says whether the message was answered with a paper or photos.
func (d *Dialog) gave(id string) bool {
	return d.Given.Draft.Service != "" && string(d.Given.Message) == string(fingerprint(id))
}
