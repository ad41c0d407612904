package store

import (
	"context"
	"time"
)

// Draft is a copy of an open dialog, for the day that Redis loses it. Never of a tip.
type Draft struct {
	Key     []byte // the dialog store's key of the chat
	Channel string // where to remind
	Chat    string
	State   []byte    // as the dialog store has it
	At      time.Time // of its last save; the later one of two copies wins
}

// Reminder is a draft that nobody has touched for a day.
type Reminder struct {
	Key     []byte
	Channel string
	Chat    string
	Lang    string // of the chat; "" if never chosen
	Simple  bool
}

// KeepDrafts keeps copies of dialogs, where they are newer than what is kept.
func (s *Store) KeepDrafts(ctx context.Context, drafts []Draft) error { return nil }

// RecallDraft returns the kept state of a chat's dialog, and whether there is one.
func (s *Store) RecallDraft(ctx context.Context, key []byte) (state []byte, ok bool, err error) {
	return nil, false, nil
}

// DropDrafts forgets copies: the dialogs came to an end.
func (s *Store) DropDrafts(ctx context.Context, keys [][]byte) error { return nil }

// DueReminders returns the drafts that nobody has touched for a day, each one
// once, to one caller. It also forgets drafts that are 7 days old.
func (s *Store) DueReminders(ctx context.Context, limit int) ([]Reminder, error) { return nil, nil }
