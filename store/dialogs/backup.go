package dialogs

import (
	"bytes"
	"container/list"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Draft is an open dialog on its way to the Backup.
type Draft struct {
	Key     []byte // 16 bytes, the keyed hash of channel and chat
	Channel string // where to remind the citizen of it
	Chat    string
	Service string    // what the citizen left unfinished
	State   []byte    // as saved; not to be changed
	At      time.Time // of its last save
}

// Backup keeps copies of drafts elsewhere, so that losing Redis does not lose
// them and citizens can be reminded of them. Its methods are called from one
// goroutine for Keep and Drop and from any for Recall.
type Backup interface {
	// Keep stores drafts, each in place of its key's earlier one.
	Keep(ctx context.Context, drafts []Draft) error
	// Recall returns the state of a draft, nil if there is none.
	Recall(ctx context.Context, key []byte) ([]byte, error)
	// Drop removes drafts; keys that are not there are no error.
	Drop(ctx context.Context, keys [][]byte) error
}

// Copy is what becomes of a dialog's copy in the Backup.
type Copy uint8

// What a Save may say about the copy.
const (
	// NoCopy makes none and leaves an earlier one alone.
	NoCopy Copy = iota
	// KeepCopy makes one of this state: an open draft.
	KeepCopy
	// DropCopy removes it: the dialog is finished or given up.
	DropCopy
)

const (
	copyBatch   = 200    // drafts in one call of the Backup
	copiesMax   = 50_000 // more waiting ones are handed over before their time
	copyTimeout = 10 * time.Second
)

// copies waits until chats are quiet and then hands their drafts over, from
// one goroutine. For a turn it is a map write.
type copies struct {
	backup Backup
	quiet  time.Duration
	max    int
	newest func(context.Context, []key, [][]byte) ([]bool, error)
	log    *slog.Logger

	mu      sync.Mutex
	waiting map[key]*list.Element // of order
	order   list.List             // of *waiting, the longest untouched first

	full    chan struct{}
	stop    chan struct{}
	stopped chan struct{}
	once    sync.Once

	kept, dropped, lost atomic.Uint64
}

type waiting struct {
	key   key
	token []byte // of the state
	draft Draft
	copy  Copy
}

func newCopies(b Backup, quiet time.Duration, newest func(context.Context, []key, [][]byte) ([]bool, error), log *slog.Logger) *copies {
	c := &copies{
		backup: b, quiet: quiet, max: copiesMax, newest: newest, log: log,
		waiting: make(map[key]*list.Element),
		full:    make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go c.run()
	return c
}

// touch notes a chat's newest state.
func (c *copies) touch(k key, d Draft, what Copy) {
	if what == NoCopy {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.waiting[k]
	d.At = time.Now()
	token := Token(d.State)
	if what == DropCopy { // the key and the token are enough
		token, d = bytes.Clone(token), Draft{At: d.At}
	}
	w := &waiting{key: k, token: token, draft: d, copy: what}
	if e != nil {
		e.Value = w
		c.order.MoveToBack(e)
		return
	}
	c.waiting[k] = c.order.PushBack(w)
	if n := len(c.waiting); n > c.max {
		if n > 2*c.max { // the Backup does not keep up
			c.take(c.order.Front())
			c.lost.Add(1)
		}
		select {
		case c.full <- struct{}{}:
		default:
		}
	}
}

func (c *copies) run() {
	defer close(c.stopped)
	tick := time.NewTicker(max(c.quiet/10, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-tick.C:
		case <-c.full:
		}
		ctx, cancel := context.WithTimeout(context.Background(), copyTimeout)
		if err := c.hand(ctx, time.Now().Add(-c.quiet), c.max*3/4); err != nil {
			c.log.Warn("drafts could not be copied", "error", err)
		}
		cancel()
	}
}

// close stops the goroutine and hands over everything that waits.
func (c *copies) close(ctx context.Context) error {
	c.once.Do(func() { close(c.stop) })
	select {
	case <-c.stopped:
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.hand(ctx, time.Now(), 0)
}

// hand gives the Backup the chats untouched since a moment, and as many more
// that no more than keep stay. What the Backup refuses waits on.
func (c *copies) hand(ctx context.Context, since time.Time, keep int) error {
	for {
		batch := c.due(since, keep)
		if len(batch) == 0 {
			return nil
		}
		if err := c.give(ctx, batch); err != nil {
			c.putBack(batch)
			return err
		}
	}
}

// due takes the next batch out of the waiting ones.
func (c *copies) due(since time.Time, keep int) []*waiting {
	c.mu.Lock()
	defer c.mu.Unlock()
	var batch []*waiting
	for len(batch) < copyBatch {
		e := c.order.Front()
		if e == nil || len(c.waiting) <= keep && e.Value.(*waiting).draft.At.After(since) {
			break
		}
		batch = append(batch, c.take(e))
	}
	return batch
}

func (c *copies) take(e *list.Element) *waiting {
	w := c.order.Remove(e).(*waiting)
	delete(c.waiting, w.key)
	return w
}

// give passes a batch on. A chat that went on in another process is left to
// that one, so that an old draft never takes the place of a newer one.
func (c *copies) give(ctx context.Context, batch []*waiting) error {
	ks, tokens := make([]key, len(batch)), make([][]byte, len(batch))
	for i, w := range batch {
		ks[i], tokens[i] = w.key, w.token
	}
	newest, err := c.newest(ctx, ks, tokens)
	if err != nil {
		newest = nil // Redis is away: the copies are all there is
	}
	var drafts []Draft
	var keys [][]byte
	for i, w := range batch {
		if newest != nil && !newest[i] {
			continue
		}
		if w.copy == DropCopy {
			keys = append(keys, w.key[:])
		} else {
			w.draft.Key = w.key[:]
			drafts = append(drafts, w.draft)
		}
	}
	var errs [2]error
	if len(drafts) > 0 {
		if errs[0] = c.backup.Keep(ctx, drafts); errs[0] == nil {
			c.kept.Add(uint64(len(drafts)))
		}
	}
	if len(keys) > 0 {
		if errs[1] = c.backup.Drop(ctx, keys); errs[1] == nil {
			c.dropped.Add(uint64(len(keys)))
		}
	}
	return errors.Join(errs[:]...)
}

// putBack lets a batch wait for another quiet time, but for chats that were
// touched meanwhile.
func (c *copies) putBack(batch []*waiting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range batch {
		if c.waiting[w.key] == nil && len(c.waiting) < c.max {
			w.draft.At = time.Now()
			c.waiting[w.key] = c.order.PushBack(w)
		}
	}
}
