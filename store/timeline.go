package store

import (
	"context"
	"time"
)

// Filing is a filing as its citizen sees it in a list.
type Filing struct {
	ID        int64     `json:"id"`
	Number    string    `json:"number"`
	Service   string    `json:"service"`
	Status    Status    `json:"status"`
	Ver       int       `json:"ver"`
	Station   string    `json:"station"`  // code, "" if none
	District  string    `json:"district"` // code
	Urgent    bool      `json:"urgent"`
	Sensitive bool      `json:"sensitive"`
	CreatedAt time.Time `json:"created_at"`
	AckDue    time.Time `json:"ack_due"`   // zero if the clock does not run
	ClosedAt  time.Time `json:"closed_at"` // zero while open
}

// Event is a line of a filing's timeline.
type Event struct {
	Ver   int       `json:"ver"` // the filing's version that it made
	At    time.Time `json:"at"`
	Kind  string    `json:"kind"`  // a Status, or "information" for what the citizen added
	Actor string    `json:"actor"` // "citizen", "officer", "system"
	By    *By       `json:"by"`    // the officer's post, nil for others
	Note  string    `json:"note"`  // what was said, opened
}

// By is the post that did something: never a name.
type By struct {
	Role     Role   `json:"role"`
	Station  string `json:"station"`  // code, "" for a post above stations
	District string `json:"district"` // code, "" for the state
}

// Information is an Event's kind when the citizen added something.
const Information = "information"

// CitizenFilings returns a citizen's filings, newest first, at most 100.
func (s *Store) CitizenFilings(ctx context.Context, citizen string) ([]Filing, error) {
	return nil, nil
}

// FilingOf returns one filing of a citizen by its number (as ParseNumber
// returns it); ErrNotFound if there is none or it is another's.
func (s *Store) FilingOf(ctx context.Context, citizen, number string) (Filing, error) {
	return Filing{}, nil
}

// Timeline returns a filing's events, oldest first. The caller has found the filing by FilingOf.
func (s *Store) Timeline(ctx context.Context, filing int64) ([]Event, error) { return nil, nil }

// AddInformation adds a text and evidence to an open filing, once for each
// dialog, and tells the officers. ErrNotFound if it is not the citizen's, ErrClosed if it is closed.
func (s *Store) AddInformation(ctx context.Context, citizen string, filing int64, dialog, text string, media []Media) error {
	return nil
}

// Withdraw ends an open filing for a reason, and tells the officers. A second
// withdrawal does nothing. Errors as AddInformation.
func (s *Store) Withdraw(ctx context.Context, citizen string, filing int64, reason string) error {
	return nil
}
