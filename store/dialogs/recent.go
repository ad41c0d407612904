package dialogs

import (
	"sync"
	"time"
)

// recent holds the states of the chats that were here last, bounded in number,
// in bytes and in age, so that a process does not hold what citizens wrote for
// long. It may be out of date: the compare-and-set of Save makes that harmless.
type recent struct {
	mu       sync.Mutex
	entries  map[key]*entry
	ring     entry // ring.next is the most recent, ring.prev the least recent
	bytes    int
	maxCount int
	maxBytes int
}

type entry struct {
	key        key
	state      []byte
	until      time.Time // not given out from then on
	prev, next *entry
}

// recentAge is how long a state stays at most without being saved again.
const recentAge = time.Hour

// entryCost is roughly what an entry takes beside its state.
const entryCost = 160

func newRecent(maxCount, maxBytes int) *recent {
	r := &recent{entries: make(map[key]*entry), maxCount: maxCount, maxBytes: maxBytes}
	r.ring.prev, r.ring.next = &r.ring, &r.ring
	return r
}

// get returns the state of a chat, nil if it is not here or has run out.
func (r *recent) get(k key, now time.Time) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.entries[k]
	if e == nil {
		return nil
	}
	if !now.Before(e.until) {
		r.drop(e)
		return nil
	}
	e.unlink()
	r.link(e)
	return e.state
}

// put keeps a state that Redis keeps for ttl, in place of the chat's state so
// far, and lets go of what is too old.
func (r *recent) put(k key, state []byte, now time.Time, ttl time.Duration) {
	if r.maxCount < 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.entries[k]
	if e == nil {
		e = &entry{key: k}
		r.entries[k] = e
		r.bytes += entryCost
	} else {
		e.unlink()
		r.bytes -= len(e.state)
	}
	e.state, e.until = state, now.Add(min(ttl, recentAge))
	r.bytes += len(state)
	r.link(e)
	for len(r.entries) > r.maxCount || r.bytes > r.maxBytes || len(r.entries) > 1 && !now.Before(r.ring.prev.until) {
		r.drop(r.ring.prev)
	}
}

// remove forgets a chat.
func (r *recent) remove(k key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.entries[k]; e != nil {
		r.drop(e)
	}
}

func (r *recent) drop(e *entry) {
	e.unlink()
	delete(r.entries, e.key)
	r.bytes -= entryCost + len(e.state)
}

func (r *recent) link(e *entry) {
	e.prev, e.next = &r.ring, r.ring.next
	e.prev.next, e.next.prev = e, e
}

func (e *entry) unlink() { e.prev.next, e.next.prev = e.next, e.prev }
