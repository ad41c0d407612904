// Package dialogs keeps open dialogs in Redis: one string a chat, written by
// compare-and-set in one round trip a turn.
//
// A dialog's value is opaque but for its beginning: byte 0 is the format's
// version, bytes 1 to 8 are the token of this state (new with every save), the
// rest belongs to the engine. It is a string and not a hash, because a value
// longer than 64 bytes turns a hash into a hash table of some 300 bytes more,
// and a dialog is to cost less than 1,000 bytes of Redis in all.
//
// A key is a prefix and the keyed hash of channel and chat, so that Redis holds no
// chat id, and every script touches one key, so that Redis Cluster works.
//
// Redis holds drafts and nothing else: losing it costs a draft, never a
// filing. Drafts worth keeping are handed to a [Backup] when their chat has
// been quiet for a minute, and come back from there by themselves.
package dialogs

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	tokenAt   = 1             // bytes before the token: the format's version
	tokenSize = 8             // bytes of a token
	headSize  = 1 + tokenSize // bytes of a state that this package reads
)

// Options say how a Store works. Key is needed, the rest has defaults.
type Options struct {
	// Key hashes channel and chat under a secret key, to 16 bytes or more.
	Key func(parts ...string) []byte
	TTL time.Duration // how long an untouched dialog lives; 8 days

	Prefix string // of the keys in Redis; "d:"

	Cache      int // dialogs kept in this process, the most recent ones; 20,000, or none if negative
	CacheBytes int // and their bytes at most; 32 MiB

	Backup Backup        // nil: drafts are nowhere but in Redis
	Quiet  time.Duration // how long a chat is untouched before its draft is copied; 1 minute

	Log *slog.Logger // slog.Default()
}

// SaveOptions say what else a Save does.
type SaveOptions struct {
	// Delete removes the dialog at once instead of writing it: the end of a tip.
	Delete bool
	// Copy is what becomes of the dialog's copy in the Backup.
	Copy Copy
	// Service that a copy is a draft of, to remind the citizen of it.
	Service string
}

// Stats count what a Store did since it was made.
type Stats struct {
	Cached    uint64 // Loads answered from this process
	Read      uint64 // Loads that asked Redis
	Conflicts uint64 // Saves that found another state than expected
	Restored  uint64 // dialogs that came back from the Backup
	Kept      uint64 // drafts handed to the Backup
	Dropped   uint64 // copies that the Backup was told to drop
	Lost      uint64 // copies given up because too many were waiting
}

// Store is the dialogs of all chats. Its methods may be called from any
// goroutine, and any number of processes may share one Redis.
type Store struct {
	client redis.UniversalClient
	shared redis.Cmdable // the client's commands, those of many turns in one write
	o      Options
	recent *recent
	copies *copies // nil without a Backup

	cached, read, conflicts, restored atomic.Uint64
}

// New makes a Store. The client stays the caller's to close, after the Store.
func New(client redis.UniversalClient, o Options) *Store {
	if o.Prefix == "" {
		o.Prefix = "d:"
	}
	if o.TTL == 0 {
		o.TTL = 8 * 24 * time.Hour
	}
	if o.Cache == 0 {
		o.Cache = 20_000
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 32 << 20
	}
	if o.Quiet == 0 {
		o.Quiet = time.Minute
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &Store{client: client, shared: pipelined(client), o: o, recent: newRecent(o.Cache, o.CacheBytes)}
	if o.Backup != nil {
		s.copies = newCopies(o.Backup, o.Quiet, s.newest, o.Log)
	}
	return s
}

// Close hands all waiting drafts to the Backup and returns its error.
func (s *Store) Close(ctx context.Context) error {
	if s.copies == nil {
		return nil
	}
	return s.copies.close(ctx)
}

// Stats returns the counts so far.
func (s *Store) Stats() Stats {
	st := Stats{Cached: s.cached.Load(), Read: s.read.Load(), Conflicts: s.conflicts.Load(), Restored: s.restored.Load()}
	if s.copies != nil {
		st.Kept, st.Dropped, st.Lost = s.copies.kept.Load(), s.copies.dropped.Load(), s.copies.lost.Load()
	}
	return st
}

// Token returns the token of a state, nil if there is no state.
func Token(state []byte) []byte {
	if len(state) < headSize {
		return nil
	}
	return state[tokenAt:headSize]
}

// Load returns a chat's state, nil if there is none: from this process if it
// was here recently, else from Redis, else from the Backup. It may be out of
// date, which the Save then says. The bytes are not to be changed.
func (s *Store) Load(ctx context.Context, channel, chat string) ([]byte, error) {
	if state := s.recent.get(s.key(channel, chat), time.Now()); state != nil {
		s.cached.Add(1)
		return state, nil
	}
	return s.Reload(ctx, channel, chat)
}

// Reload is Load without what this process remembers.
func (s *Store) Reload(ctx context.Context, channel, chat string) ([]byte, error) {
	k := s.key(channel, chat)
	s.read.Add(1)
	state, err := s.get(ctx, k)
	if err != nil {
		return nil, fmt.Errorf("loading a dialog: %w", err)
	}
	if state == nil {
		return s.restore(ctx, k)
	}
	s.recent.put(k, state, time.Now(), s.o.TTL)
	return state, nil
}

// saveScript writes ARGV[2] if the stored token is ARGV[1] (” for no dialog),
// to live ARGV[3] ms, and returns 1; else it returns the stored state (nil if
// there is none). A client may run it twice when an answer is late: a stored
// token that is already the new one's is success.
var saveScript = redis.NewScript(`
local stored = redis.call('GET', KEYS[1])
local token = ''
if stored then token = string.sub(stored, 2, 9) end
if token == string.sub(ARGV[2], 2, 9) then return 1 end
if token ~= ARGV[1] then return stored end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)

// deleteScript removes the dialog if its token is ARGV[1] and returns 1, also
// if it is gone already; else it returns the stored state.
var deleteScript = redis.NewScript(`
local stored = redis.call('GET', KEYS[1])
if not stored then return 1 end
if string.sub(stored, 2, 9) ~= ARGV[1] then return stored end
redis.call('UNLINK', KEYS[1])
return 1`)

// Save writes the state that was computed from the one whose token is old (nil
// if there was none), in one round trip. If another state is stored it returns
// that one and false, nil and false if none is: the turn is to be computed
// again from there. After an error it is unknown whether the state was
// written; doing the same Save again is harmless. The state is kept and not to
// be changed any more.
func (s *Store) Save(ctx context.Context, channel, chat string, old, state []byte, o SaveOptions) (current []byte, ok bool, err error) {
	if len(old) != 0 && len(old) != tokenSize {
		return nil, false, fmt.Errorf("saving a dialog: a token of %d bytes", len(old))
	}
	if len(state) < headSize && !o.Delete {
		return nil, false, fmt.Errorf("saving a dialog: a state of %d bytes", len(state))
	}
	if err := ctx.Err(); err != nil { // shared commands do not look at it
		return nil, false, fmt.Errorf("saving a dialog: %w", err)
	}
	k := s.key(channel, chat)
	var reply any
	if o.Delete {
		reply, err = deleteScript.Run(ctx, s.shared, []string{s.name(k)}, old).Result()
	} else {
		reply, err = saveScript.Run(ctx, s.shared, []string{s.name(k)}, old, state, max(s.o.TTL.Milliseconds(), 1)).Result()
	}
	if err != nil && !errors.Is(err, redis.Nil) {
		s.recent.remove(k)
		return nil, false, fmt.Errorf("saving a dialog: %w", err)
	}
	if stored, other := reply.(string); other {
		s.conflicts.Add(1)
		current = []byte(stored)
		s.recent.put(k, current, time.Now(), s.o.TTL)
		return current, false, nil
	}
	if reply == nil {
		s.conflicts.Add(1)
		s.recent.remove(k)
		current, err = s.restore(ctx, k)
		return current, false, err
	}
	if o.Delete {
		s.recent.remove(k)
	} else {
		s.recent.put(k, state, time.Now(), s.o.TTL)
	}
	if s.copies != nil {
		s.copies.touch(k, Draft{Channel: channel, Chat: chat, Service: o.Service, State: state}, o.Copy)
	}
	return state, true, nil
}

// get reads a state from Redis, nil if there is none.
func (s *Store) get(ctx context.Context, k key) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	state, err := s.shared.Get(ctx, s.name(k)).Bytes()
	if errors.Is(err, redis.Nil) || err == nil && len(state) < headSize {
		return nil, nil
	}
	return state, err
}

// restore brings a draft back from the Backup into Redis, so that the next
// Save finds the token it expects. A Backup that fails is as one without the
// draft: a new dialog can begin while Postgres is away.
func (s *Store) restore(ctx context.Context, k key) ([]byte, error) {
	if s.o.Backup == nil {
		return nil, nil
	}
	state, err := s.o.Backup.Recall(ctx, k[:])
	if err != nil {
		s.o.Log.Warn("no draft could be recalled", "error", err)
		return nil, nil
	}
	if len(state) < headSize {
		return nil, nil
	}
	err = s.client.SetArgs(ctx, s.name(k), state, redis.SetArgs{Mode: "NX", TTL: s.o.TTL}).Err()
	if errors.Is(err, redis.Nil) { // another turn was faster
		if state, err = s.get(ctx, k); state == nil && err == nil {
			return nil, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("restoring a dialog: %w", err)
	}
	s.restored.Add(1)
	s.recent.put(k, state, time.Now(), s.o.TTL)
	return state, nil
}

// newest says for each of some dialogs whether the token is still the one in
// Redis. A dialog that is gone from there counts: its copy is the last.
func (s *Store) newest(ctx context.Context, ks []key, tokens [][]byte) ([]bool, error) {
	pipe := s.client.Pipeline()
	stored := make([]*redis.StringCmd, len(ks))
	for i, k := range ks {
		stored[i] = pipe.GetRange(ctx, s.name(k), tokenAt, headSize-1)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("comparing drafts with their dialogs: %w", err)
	}
	same := make([]bool, len(ks))
	for i := range stored {
		token, _ := stored[i].Bytes() // Exec returned the first error
		same[i] = len(token) == 0 || bytes.Equal(token, tokens[i])
	}
	return same, nil
}

// key is the hash of a channel and a chat.
type key [16]byte

func (s *Store) key(channel, chat string) key { return key(s.o.Key(channel, chat)[:16]) }

// name returns the key in Redis: the prefix and 22 letters.
func (s *Store) name(k key) string {
	return string(base64.RawURLEncoding.AppendEncode(append(make([]byte, 0, 32), s.o.Prefix...), k[:]))
}
