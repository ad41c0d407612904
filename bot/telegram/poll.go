package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"nagrik/bot"
)

const (
	pollWait    = 50 * time.Second // Telegram holds the call until there is an update
	pollSettle  = 250 * time.Millisecond
	pollWorkers = 32 // turns at once, each of another chat
	pollBatch   = 100
	minBackoff  = 200 * time.Millisecond
	maxBackoff  = time.Minute
)

// ErrToken says that Telegram does not know the bot's token.
var ErrToken = errors.New("telegram: the token is not valid")

// Poll gets updates by long polling until ctx ends, and then finishes the turns under way. Updates
// of one chat are handled in order, those of different chats at once. An update is confirmed only
// when its work and that of all before it is done: what fails is tried again while its chat waits,
// and what a crash interrupts comes again.
func (c *Channel) Poll(ctx context.Context, h bot.Handler) error {
	p := &poller{
		channel: c, handler: h, done: map[int64]bool{}, lanes: map[int64][]update{},
		room: make(chan struct{}, pollWorkers), settled: make(chan struct{}, 1),
	}
	if err := p.begin(ctx); err != nil {
		return err
	}
	backoff := minBackoff
	for ctx.Err() == nil {
		err := p.fetch(ctx, pollWait)
		switch {
		case errors.Is(err, ErrToken):
			p.turns.Wait()
			return err
		case err != nil && ctx.Err() == nil:
			c.log.Warn("telegram: polling failed", "err", err, "again_in", backoff.String())
			pause(ctx, backoff)
			backoff = min(2*backoff, maxBackoff)
		case err == nil:
			backoff = minBackoff
			p.settle(ctx)
		}
	}
	p.turns.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTime)
	defer cancel()
	return p.confirm(last)
}

// poller is the state of one Poll.
type poller struct {
	channel *Channel
	handler bot.Handler
	room    chan struct{} // one place a turn
	settled chan struct{} // told when no update is under way any more
	turns   sync.WaitGroup

	mu    sync.Mutex
	done  map[int64]bool     // updates received and not confirmed: is the work done?
	lanes map[int64][]update // updates of a chat that are not done, the first of them under way
}

// begin takes an old webhook away, as long as it takes: with one set, Telegram refuses to poll.
func (p *poller) begin(ctx context.Context) error {
	for backoff := minBackoff; ; backoff = min(2*backoff, maxBackoff) {
		err := invalidToken(p.channel.DeleteWebhook(ctx))
		if err == nil || errors.Is(err, ErrToken) || ctx.Err() != nil {
			return err
		}
		p.channel.log.Warn("telegram: polling cannot begin", "err", err, "again_in", backoff.String())
		pause(ctx, backoff)
	}
}

// getUpdates are the parameters of the method of this name.
type getUpdates struct {
	Offset  int64    `json:"offset,omitempty"`
	Limit   int      `json:"limit"`
	Timeout int      `json:"timeout"` // seconds
	Allowed []string `json:"allowed_updates"`
}

// fetch gets updates, which confirms all before the offset, and starts the work of new ones.
func (p *poller) fetch(ctx context.Context, wait time.Duration) error {
	offset := p.offset()
	call, cancel := context.WithTimeout(ctx, wait+callTime)
	defer cancel()
	var got []json.RawMessage
	err := p.channel.call(call, "getUpdates", getUpdates{offset, pollBatch, int(wait.Seconds()), allowedUpdates}, &got)
	if err != nil {
		return invalidToken(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for id := range p.done {
		if id < offset {
			delete(p.done, id)
		}
	}
	for _, raw := range got {
		u, err := decode(raw)
		if err != nil {
			var only struct {
				ID int64 `json:"update_id"`
			}
			if json.Unmarshal(raw, &only) != nil || only.ID <= 0 {
				return errMalformed
			}
			p.done[only.ID] = true // it will never be readable
			p.channel.onUpdate("malformed", 0)
			continue
		}
		if _, known := p.done[u.ID]; !known {
			p.start(ctx, u)
		}
	}
	return nil
}

// offset is the first update that is not confirmed: it and all later ones come with the next call.
// With none in hand it is 0, all that there are: Telegram may begin to count anew.
func (p *poller) offset() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	var undone, last int64
	for id, done := range p.done {
		if !done && (undone == 0 || id < undone) {
			undone = id
		}
		last = max(last, id)
	}
	switch {
	case undone != 0:
		return undone
	case last != 0:
		return last + 1
	}
	return 0
}

// start queues an update behind those of its chat. The caller holds the lock.
func (p *poller) start(ctx context.Context, u update) {
	p.done[u.ID] = false
	chat := u.chat()
	p.lanes[chat] = append(p.lanes[chat], u)
	if len(p.lanes[chat]) == 1 {
		p.turns.Add(1)
		go p.run(ctx, chat)
	}
}

// run does the updates of one chat in order, until there are none or ctx ends.
func (p *poller) run(ctx context.Context, chat int64) {
	defer p.turns.Done()
	for {
		p.mu.Lock()
		u := p.lanes[chat][0]
		p.mu.Unlock()
		if !p.finish(ctx, u) {
			return
		}
		p.mu.Lock()
		p.done[u.ID] = true
		p.lanes[chat] = p.lanes[chat][1:]
		more := len(p.lanes[chat]) > 0
		if !more {
			delete(p.lanes, chat)
		}
		if len(p.lanes) == 0 {
			select {
			case p.settled <- struct{}{}:
			default:
			}
		}
		p.mu.Unlock()
		if !more {
			return
		}
	}
}

// finish does one update, again and again until it succeeds. It is false if ctx ended before.
func (p *poller) finish(ctx context.Context, u update) bool {
	for backoff := minBackoff; ; backoff = min(2*backoff, maxBackoff) {
		select {
		case p.room <- struct{}{}:
		case <-ctx.Done():
			return false
		}
		if ctx.Err() != nil {
			<-p.room
			return false
		}
		start := time.Now()
		_, result, err := p.channel.turn(context.WithoutCancel(ctx), u, p.handler, false)
		<-p.room
		p.channel.onUpdate(result, time.Since(start))
		if err == nil {
			return true
		}
		pause(ctx, max(backoff, busyFor(err)))
	}
}

// settle waits until the work in hand is done, but only for a moment: a slow chat does not hold up
// the others. While anything is in hand, the next call returns at once and has it again.
func (p *poller) settle(ctx context.Context) {
	p.mu.Lock()
	idle := len(p.lanes) == 0
	p.mu.Unlock()
	if idle {
		return
	}
	timer := time.NewTimer(pollSettle)
	defer timer.Stop()
	select {
	case <-p.settled:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// confirm tells Telegram what is done, so that it does not come again after a restart.
func (p *poller) confirm(ctx context.Context) error {
	offset := p.offset()
	if offset == 0 {
		return nil
	}
	return p.channel.call(ctx, "getUpdates", getUpdates{offset, 1, 0, allowedUpdates}, nil)
}

// chat is the chat of an update, 0 if it has none.
func (u update) chat() int64 {
	switch {
	case u.Message != nil:
		return u.Message.Chat.ID
	case u.MyMember != nil:
		return u.MyMember.Chat.ID
	case u.Tap != nil && u.Tap.Message != nil:
		return u.Tap.Message.Chat.ID
	}
	return 0
}

// invalidToken makes ErrToken of the two ways Telegram says so.
func invalidToken(err error) error {
	var r *refusal
	if errors.As(err, &r) && (r.code == http.StatusUnauthorized || r.code == http.StatusNotFound) {
		return ErrToken
	}
	return err
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
