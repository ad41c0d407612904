package web

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// How long things are kept for a chat.
const (
	mailTime  = 8 * 24 * time.Hour // a notice: a citizen who comes back after a week still sees it
	mailSize  = 50                 // notices; older ones make room
	lastTime  = time.Hour          // the last reply, for a page that is loaded again
	paperTime = 24 * time.Hour     // a document behind a link: a night and a morning
)

// Mailbox is what the replicas share for the chats: the notices that a page has yet to get, and
// small things kept for a while. It survives a replica, not the loss of Redis.
type Mailbox interface {
	// Put adds a notice to a chat and wakes its watchers. Ids rise within a chat.
	Put(ctx context.Context, chat string, m []byte) (id string, err error)
	// After lists the notices after an id, oldest first; all that are kept for "" and for an
	// id that is none.
	After(ctx context.Context, chat, id string) ([]Item, error)
	// Watch gets a signal after each Put to a chat, by whichever replica. Signals may merge, and
	// one may be lost with a connection. The function ends the watch.
	Watch(chat string) (<-chan struct{}, func())
	// Keep holds a value for some time; Kept gets it, nil when it is not there.
	Keep(ctx context.Context, chat, key string, value []byte, d time.Duration) error
	Kept(ctx context.Context, chat, key string) ([]byte, error)
}

// Item is a notice in a mailbox.
type Item struct {
	ID   string
	Data []byte
}

// itemForm is what ids of notices look like: those of Redis streams.
var itemForm = regexp.MustCompile(`^[0-9]{1,20}-[0-9]{1,20}$`)

// RedisMailbox is the Mailbox on Redis: a stream for each chat, and one channel that names the
// chats that got something.
type RedisMailbox struct {
	redis    redis.UniversalClient
	name     string
	signals  *redis.PubSub
	watchers watchers
}

// NewRedisMailbox opens the mailbox of the channel with that name. Close ends its subscription.
func NewRedisMailbox(client redis.UniversalClient, name string) *RedisMailbox {
	m := &RedisMailbox{redis: client, name: name, watchers: watchers{}.init()}
	m.signals = client.Subscribe(context.Background(), m.wakeKey())
	go m.listen()
	return m
}

// Close ends the subscription.
func (m *RedisMailbox) Close() error { return m.signals.Close() }

// listen passes signals on. Everything is woken after a lost connection came back.
func (m *RedisMailbox) listen() {
	for got := range m.signals.ChannelWithSubscriptions() {
		switch got := got.(type) {
		case *redis.Subscription:
			m.watchers.wakeAll()
		case *redis.Message:
			m.watchers.wake(got.Payload)
		}
	}
}

// Put implements Mailbox.
func (m *RedisMailbox) Put(ctx context.Context, chat string, data []byte) (string, error) {
	var added *redis.StringCmd
	_, err := m.redis.TxPipelined(ctx, func(p redis.Pipeliner) error {
		added = p.XAdd(ctx, &redis.XAddArgs{Stream: m.mailKey(chat), MaxLen: mailSize, Values: []any{"m", data}})
		p.Expire(ctx, m.mailKey(chat), mailTime)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("putting a notice into a mailbox: %w", err)
	}
	if err := m.redis.Publish(ctx, m.wakeKey(), chat).Err(); err != nil {
		// The notice is there and open pages look again at their next ping.
		return added.Val(), nil
	}
	return added.Val(), nil
}

// After implements Mailbox.
func (m *RedisMailbox) After(ctx context.Context, chat, id string) ([]Item, error) {
	from := "-"
	if itemForm.MatchString(id) {
		from = "(" + id
	}
	entries, err := m.redis.XRange(ctx, m.mailKey(chat), from, "+").Result()
	if err != nil {
		return nil, fmt.Errorf("reading a mailbox: %w", err)
	}
	items := make([]Item, 0, len(entries))
	for _, e := range entries {
		data, _ := e.Values["m"].(string)
		items = append(items, Item{ID: e.ID, Data: []byte(data)})
	}
	return items, nil
}

// Watch implements Mailbox.
func (m *RedisMailbox) Watch(chat string) (<-chan struct{}, func()) { return m.watchers.add(chat) }

// Keep implements Mailbox.
func (m *RedisMailbox) Keep(ctx context.Context, chat, key string, value []byte, d time.Duration) error {
	if err := m.redis.Set(ctx, m.keptKey(chat, key), value, d).Err(); err != nil {
		return fmt.Errorf("keeping something for a chat: %w", err)
	}
	return nil
}

// Kept implements Mailbox.
func (m *RedisMailbox) Kept(ctx context.Context, chat, key string) ([]byte, error) {
	value, err := m.redis.Get(ctx, m.keptKey(chat, key)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("getting what was kept for a chat: %w", err)
	}
	return value, nil
}

// The braces keep a chat's keys on one node of a Redis Cluster.
func (m *RedisMailbox) mailKey(chat string) string { return "chat:" + m.name + ":{" + chat + "}:mail" }

func (m *RedisMailbox) keptKey(chat, key string) string {
	return strings.Join([]string{"chat", m.name, "{" + chat + "}", key}, ":")
}
func (m *RedisMailbox) wakeKey() string { return "chat:" + m.name + ":wake" }

// watchers are those who wait for a chat's notices in this process.
type watchers struct {
	mu     *sync.Mutex
	byChat map[string]map[chan struct{}]bool
}

func (watchers) init() watchers {
	return watchers{mu: new(sync.Mutex), byChat: map[string]map[chan struct{}]bool{}}
}

func (w watchers) add(chat string) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byChat[chat] == nil {
		w.byChat[chat] = map[chan struct{}]bool{}
	}
	w.byChat[chat][c] = true
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.byChat[chat], c)
		if len(w.byChat[chat]) == 0 {
			delete(w.byChat, chat)
		}
	}
}

func (w watchers) wake(chat string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.byChat[chat] {
		signal(c)
	}
}

func (w watchers) wakeAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, chat := range w.byChat {
		for c := range chat {
			signal(c)
		}
	}
}

// signal does not wait: one signal that is not yet read says as much as two.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
