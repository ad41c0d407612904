package bot

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"
	"time"
)

// Engine holds conversations: it turns one message into one reply, using the services' interviews.
// Its fields are set once, before the first message.
type Engine struct {
	Services []Service // in the order of the menu
	Texts    Texts
	Dialogs  Dialogs
	Secret   Dialogs // those of secret services, which must be kept nowhere; nil: there are no such services
	Citizens Citizens
	Media    Media
	Sign     func(parts ...string) []byte        // a keyed hash, for buttons and codes
	Now      func() time.Time                    // in the zone of the citizens
	Phone    map[string]PhoneBy                  // by channel; PhoneByContact if absent
	Observe  func(event string)                  // counts effects for the metrics; may be nil
	Room     func(context.Context, Attempt) bool // takes an attempt within its limits, see Visit.Room; nil: there are none

	locks [256]sync.Mutex // turns of one chat wait for each other within the process
}

// Attempt is something that a chat may do so and so often, and no oftener.
type Attempt struct {
	Chat   Chat
	Secret bool   // nothing that is kept may tell of it
	What   string // such as "search"
	Once   string // the same attempt, however often it is asked for
}

// maxConflicts is how often a turn is worked out anew when others of the same chat were faster.
const maxConflicts = 8

var lockSeed = maphash.MakeSeed()

// Handle answers one message. It is a Handler: on an error nothing was lost and nothing was said,
// and the same message must be delivered again.
func (e *Engine) Handle(ctx context.Context, m Message) (Reply, error) {
	if m.Group || m.Event != "" {
		return Reply{}, nil // the desk's business
	}
	lock := &e.locks[maphash.String(lockSeed, m.Chat.Channel+m.Chat.ID)%uint64(len(e.locks))]
	lock.Lock()
	defer lock.Unlock()
	for range maxConflicts {
		reply, ok, err := e.turn(ctx, m)
		if err != nil || ok {
			return reply, err
		}
	}
	return Reply{}, errors.New("the dialog kept changing under this turn")
}

// turn loads the dialog, works out the reply and saves; ok is false when another turn of the same
// chat was faster and everything has to be worked out again.
func (e *Engine) turn(ctx context.Context, m Message) (reply Reply, ok bool, err error) {
	t := &turn{e: e, ctx: ctx, m: m, now: e.Now()}
	if err := t.load(); err != nil {
		return Reply{}, false, err
	}
	if t.seen() {
		reply, err := t.repeat()
		reply.Secret = t.secret()
		return reply, true, errors.Join(err, t.failed)
	}
	keyboard := t.d.Keyboard
	if reply, err = t.run(); err != nil || t.failed != nil {
		return Reply{}, false, errors.Join(err, t.failed)
	}
	if !reply.Empty() {
		t.d.Keyboard = reply.Want == WantContact || reply.Want == WantPlace
		reply.Clear = keyboard && !t.d.Keyboard
	}
	reply.Secret = t.secret() || t.left || t.unsaved || t.once
	if ok, err = t.save(); err != nil {
		return Reply{}, false, err
	}
	return reply, ok, nil
}

// dialog reads a chat's state, or begins one for a chat that has none.
func (e *Engine) dialog(ctx context.Context, chat Chat, state []byte) (*Dialog, error) {
	var token []byte
	if state != nil {
		d, err := decodeDialog(state)
		if !errors.Is(err, errBroken) {
			return d, err
		}
		// A damaged state must not shut the citizen out: it costs the draft.
		e.observe("dialog_broken")
		token = tokenOf(state)
	}
	c, err := e.Citizens.Recall(ctx, chat)
	if err != nil {
		return nil, fmt.Errorf("recalling the citizen: %w", err)
	}
	return &Dialog{token: token, Citizen: c.ID, Lang: c.Lang, Simple: c.Simple}, nil
}

func (e *Engine) observe(event string) {
	if e.Observe != nil {
		e.Observe(event)
	}
}

// service finds a service by id; nil if there is no such service here.
func (e *Engine) service(id string) *Service {
	for i := range e.Services {
		if e.Services[i].ID == id && e.here(&e.Services[i]) {
			return &e.Services[i]
		}
	}
	return nil
}

// here says whether a service can be had: secret ones only where there is a place for their dialogs.
func (e *Engine) here(s *Service) bool { return !s.Secret || e.Secret != nil }
