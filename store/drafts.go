package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Draft is a copy of an open dialog, for the day that Redis loses it. Never of a tip.
type Draft struct {
	Key     []byte // the dialog store's key of the chat
	Channel string // where to remind
	Chat    string
	Service string    // id of the service that the citizen left unfinished
	State   []byte    // as the dialog store has it
	At      time.Time // of its last save; the later one of two copies wins
}

// Reminder is a draft that nobody has touched for a day.
type Reminder struct {
	Key     []byte
	Channel string
	Chat    string
	Service string // id of the service that was left unfinished
	Lang    string // of the chat; "" if never chosen
	Simple  bool
}

// keepDraft does nothing if what is kept is newer. A reminder is given once,
// whatever is kept afterwards, until the draft is dropped.
const keepDraft = `
	insert into drafts (key, channel, address, chat, service, state, saved_at) values ($1, $2, $3, $4, $5, $6, $7)
	on conflict (key) do update set
		channel = excluded.channel, address = excluded.address, chat = excluded.chat, service = excluded.service,
		state = excluded.state, saved_at = excluded.saved_at
	where drafts.saved_at < excluded.saved_at`

// KeepDrafts keeps copies of dialogs, where they are newer than what is kept.
func (s *Store) KeepDrafts(ctx context.Context, drafts []Draft) error {
	var batch pgx.Batch
	for _, d := range drafts {
		state, err := s.keys.Seal(d.State, draftPlace("state", d.Key))
		if err != nil {
			return fmt.Errorf("keeping drafts: %w", err)
		}
		address, err := s.keys.Seal([]byte(d.Chat), draftPlace("address", d.Key))
		if err != nil {
			return fmt.Errorf("keeping drafts: %w", err)
		}
		batch.Queue(keepDraft, d.Key, d.Channel, address, s.chatKey(d.Channel, d.Chat), d.Service, state, d.At)
	}
	if batch.Len() == 0 {
		return nil
	}
	return failed("keeping drafts", s.pool.SendBatch(ctx, &batch).Close())
}

func draftPlace(column string, key []byte) string { return fmt.Sprintf("drafts/%s/%x", column, key) }

const recallDraft = `select state from drafts where key = $1 and saved_at > now() - interval '7 days'`

// RecallDraft returns the kept state of a chat's dialog, and whether there is one.
func (s *Store) RecallDraft(ctx context.Context, key []byte) (state []byte, ok bool, err error) {
	var sealed []byte
	err = s.pool.QueryRow(ctx, recallDraft, key).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, failed("recalling a draft", err)
	}
	if state, err = s.keys.Open(sealed, draftPlace("state", key)); err != nil {
		return nil, false, fmt.Errorf("recalling a draft: %w", err)
	}
	return state, true, nil
}

// DropDrafts forgets copies: the dialogs came to an end.
func (s *Store) DropDrafts(ctx context.Context, keys [][]byte) error {
	_, err := s.pool.Exec(ctx, `delete from drafts where key = any($1)`, keys)
	return failed("dropping drafts", err)
}

const dueReminders = `
	with due as (
		update drafts set reminded_at = now()
		where key in (
			select key from drafts
			where saved_at < now() - interval '1 day' and saved_at > now() - interval '7 days' and reminded_at is null
			order by saved_at limit $1
			for update skip locked)
		returning *
	)
	select d.key, d.channel, d.address, d.service, coalesce(c.lang, ''), coalesce(c.simple, false)
	from due d left join chats c on c.id = d.chat
	where coalesce(c.reachable, true)`

// DueReminders returns drafts that nobody has touched for a day, each one once,
// to one caller.
func (s *Store) DueReminders(ctx context.Context, limit int) ([]Reminder, error) {
	rows, _ := s.pool.Query(ctx, dueReminders, limit)
	reminders, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Reminder, err error) {
		var address []byte
		if err := row.Scan(&r.Key, &r.Channel, &address, &r.Service, &r.Lang, &r.Simple); err != nil {
			return r, err
		}
		r.Chat, err = s.keys.OpenText(address, draftPlace("address", r.Key))
		return r, err
	})
	return reminders, failed("finding drafts to remind of", err)
}
