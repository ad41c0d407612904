package bot

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Poison keeps one message that can't be handled from blocking its chat for a day: the channel
// delivers a failed message again before any later one.
type Poison struct {
	Handler Handler
	// Aside records that a message was given up: its channel, kind and size. Nothing is made of its
	// content, which may be a tip's: it can fail before anybody knows what it belongs to.
	Aside func(ctx context.Context, channel, kind string, size int) error
	// Sorry gives the apology.
	Sorry func(Message) Reply
	// Crashed reports where a panic was: functions and lines, nothing of the message.
	Crashed func(stack string)
	// Now is the time; time.Now if nil.
	Now func() time.Time

	mu      sync.Mutex
	failed  map[string]failure
	success int
}

type failure struct {
	times, success int
	since          time.Time
}

const (
	poisonFailures = 3    // of one message
	poisonOthers   = 3    // messages handled meanwhile: then the fault is the message's own
	poisonKept     = 1000 // failing messages remembered
	// poisonPatience is how long an error that is no panic may go on: turns that need Redis alone
	// are handled while Postgres starts again, and those that need it are not at fault.
	poisonPatience = time.Minute
)

// errPanicked is a handler's panic.
var errPanicked = errors.New("the handler panicked")

// Handle is a Handler that gives up on a message once it failed three times while others were
// handled. While everything fails, as in an outage, nothing is given up.
func (p *Poison) Handle(ctx context.Context, m Message) (Reply, error) {
	reply, err := p.try(ctx, m)
	p.mu.Lock()
	defer p.mu.Unlock()
	key := m.Chat.Channel + " " + m.Chat.ID + " " + m.ID
	if err == nil {
		p.success++
		delete(p.failed, key)
		return reply, nil
	}
	f, known := p.failed[key]
	if !known {
		if p.failed == nil || len(p.failed) >= poisonKept {
			p.failed = map[string]failure{}
		}
		f.success, f.since = p.success, p.now()
	}
	f.times++
	p.failed[key] = f
	own := errors.Is(err, errPanicked) || p.now().Sub(f.since) >= poisonPatience
	if f.times < poisonFailures || p.success-f.success < poisonOthers || !own || ctx.Err() != nil {
		return Reply{}, err
	}
	if aside := p.Aside(ctx, m.Chat.Channel, m.Kind(), len(m.Text)+len(m.Tap)); aside != nil {
		return Reply{}, fmt.Errorf("putting a message aside: %w", aside)
	}
	delete(p.failed, key)
	// That it could be recorded may mean that an outage has ended just now.
	if reply, err := p.try(ctx, m); err == nil {
		return reply, nil
	}
	return p.Sorry(m), nil
}

func (p *Poison) now() time.Time {
	if p.Now != nil {
		return p.Now()
	}
	return time.Now()
}

// try handles a message; a panic is an error like any other.
func (p *Poison) try(ctx context.Context, m Message) (r Reply, err error) {
	defer func() {
		if x := recover(); x != nil {
			p.Crashed(stack())
			err = fmt.Errorf("handling a message of kind %s: %w", m.Kind(), errPanicked)
		}
	}()
	return p.Handler(ctx, m)
}

// stack names the functions that led to a panic. Neither the panic's value nor the functions'
// arguments are in it: they may be a citizen's words or place.
func stack() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs[:])])
	var lines []string
	for {
		f, more := frames.Next()
		lines = append(lines, fmt.Sprintf("%s %s:%d", f.Function, path.Base(f.File), f.Line))
		if !more {
			return strings.Join(lines, "\n")
		}
	}
}

// Kind names what a message is, for metrics and records that hold no content: "text", "tap",
// "photo", "voice", "video", "document", "place", "contact" or "event".
func (m Message) Kind() string {
	switch {
	case m.Event != "":
		return "event"
	case m.Tap != "":
		return "tap"
	case len(m.Files) > 0:
		return string(m.Files[0].Kind)
	case m.Place != nil:
		return "place"
	case m.Phone != "" && m.Text == "":
		return "contact"
	}
	return "text"
}
