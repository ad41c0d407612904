package bot

import (
	"errors"
	"fmt"
)

// What is written in a secret service must not be found with whoever wrote it, not even by who holds
// the servers. So its draft is in a dialog of its own, in a store that keeps nothing (Engine.Secret),
// and the chat's own dialog never learns of it: it is what it would be had the citizen paused. A turn
// looks for a secret dialog only where the chat's own has no open draft, so the turns of all other
// interviews are none the slower; a draft that is open is set aside when a secret service begins. The
// secret dialog knows a language and nothing of the citizen, and is deleted as soon as its draft ends.

// load finds the dialog that the message belongs to.
func (t *turn) load() error {
	// A file is taken before the dialog is saved, so a state that is out of date would not do: what
	// belongs to a secret draft might be taken for evidence of an ordinary one, and kept as it came.
	fresh := len(t.m.Files) > 0
	state, err := t.e.Dialogs.Load(t.ctx, t.m.Chat, fresh)
	if err != nil {
		return fmt.Errorf("loading the dialog: %w", err)
	}
	if state != nil {
		if t.own, err = t.e.dialog(t.ctx, t.m.Chat, state); err != nil {
			return err
		}
	}
	if t.e.Secret != nil && (t.own == nil || !t.own.open()) {
		if state, err = t.e.Secret.Load(t.ctx, t.m.Chat, fresh); err != nil {
			return fmt.Errorf("loading the dialog apart: %w", err)
		}
	} else {
		state = nil
	}
	if state == nil {
		return t.leave()
	}
	t.stored = tokenOf(state)
	d, err := decodeDialog(state)
	if errors.Is(err, errBroken) || err == nil && !d.open() {
		t.left = true
		return t.leave()
	}
	t.d = d
	return err
}

// leave goes on with the chat's own dialog.
func (t *turn) leave() (err error) {
	if t.own == nil {
		if t.own, err = t.e.dialog(t.ctx, t.m.Chat, nil); err != nil {
			return err
		}
	}
	t.d, t.service, t.interview, t.q = t.own, nil, nil, nil
	return nil
}

// enter goes on with a secret dialog, which has nothing of the chat's own but how to speak. It is for
// when no draft is open.
func (t *turn) enter() {
	t.d = &Dialog{token: t.stored, Lang: t.own.Lang, Simple: t.own.Simple, Keyboard: t.own.Keyboard}
	t.left = false
}

// secret says whether the turn is on a secret dialog.
func (t *turn) secret() bool { return t.d != t.own }

// stranger says whether nothing at all is kept of the chat. The last message of a secret dialog comes again if its answer
// was lost in a crash, and finds nothing that it belongs to. Such a message is answered with the menu, and still nothing is
// kept.
func (t *turn) stranger() bool { return t.d == t.own && t.own.token == nil && !t.own.open() }

// close ends the open draft, and a secret dialog with it.
func (t *turn) close() error {
	t.d.closeDraft()
	t.service, t.interview, t.q = nil, nil, nil
	if !t.secret() {
		return nil
	}
	t.left = true
	return t.leave()
}

// seen says whether the message was answered already.
func (t *turn) seen() bool { return t.d.seen(t.m.ID) || t.own != nil && t.own.seen(t.m.ID) }

// save writes what the turn changed; ok is false when another turn was faster.
func (t *turn) save() (ok bool, err error) {
	switch {
	case t.secret():
		// The draft that was set aside first: what a crash leaves between the two is the chat's own
		// dialog without an open draft, and the message, which comes again, begins the service anew.
		if t.parked {
			old := t.own.token
			t.own.renew(t.now)
			if ok, err = t.saveOwn(old); !ok || err != nil {
				return ok, err
			}
		}
		t.d.turned(t.m.ID, t.now)
		return t.saveSecret(t.d.encode(), Keep{What: KeepState})
	case t.left:
		if ok, err = t.saveSecret(nil, Keep{What: Forget}); !ok || err != nil {
			return ok, err
		}
	}
	if t.unsaved {
		return true, nil
	}
	old := t.own.token
	t.own.turned(t.m.ID, t.now)
	return t.saveOwn(old)
}

func (t *turn) saveOwn(old []byte) (bool, error) {
	ok, err := t.e.Dialogs.Save(t.ctx, t.m.Chat, old, t.own.encode(), t.keep())
	if err != nil {
		return false, fmt.Errorf("saving the dialog: %w", err)
	}
	return ok, nil
}

func (t *turn) saveSecret(state []byte, keep Keep) (bool, error) {
	ok, err := t.e.Secret.Save(t.ctx, t.m.Chat, t.stored, state, keep)
	if err != nil {
		return false, fmt.Errorf("saving the dialog apart: %w", err)
	}
	return ok, nil
}

// keyVoice is where a secret draft notes that its citizen knows what a voice can tell.
const keyVoice = "!voice"

// mayHear says whether a voice note may be taken. A voice can be known, so in a secret service it is
// taken only after a warning and a yes; what came before that is kept nowhere and must be sent again.
func (t *turn) mayHear() bool {
	if !t.secret() {
		return true
	}
	_, told := t.d.Draft.Answer(keyVoice)
	return told
}

// take takes a file into the evidence store.
func (t *turn) take(f File) (id string, err error) {
	if t.secret() {
		return t.e.Media.TakeClean(t.ctx, f)
	}
	return t.e.Media.Take(t.ctx, t.m.Chat, t.m.ID, f)
}
