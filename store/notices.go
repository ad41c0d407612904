package store

import (
	"context"
	"encoding/json"
	"time"
)

// The kinds of notice.
const (
	NoticeCard        = "card"        // a filing's card for an officer's chat or a station's group
	NoticeCardEdit    = "card_edit"   // the card that is there, brought up to date
	NoticeStatus      = "status"      // news of a filing for its citizen
	NoticeInformation = "information" // the citizen added something: for the officers
)

// Notice is a message that nobody is waiting for, claimed for sending.
type Notice struct {
	ID      int64
	Kind    string
	Urgent  bool
	Attempt int // 1 at first; more: say that it may be a repeat

	Channel string // where to
	Chat    string
	Lang    string // of that chat; "" if never chosen
	Simple  bool
	Group   bool // the chat is a station's group: no names

	Filing  Filing // as it stands now
	Event   Event  // what the notice tells of (status, information); Note is opened
	Card    string // the channel's id of the filing's card in this chat, "" if none
	Shown   int    // the version which that card shows
	Payload json.RawMessage

	token []byte // fences off a worker whose lease ran out
}

// Claim takes a notice for sending, for the length of a lease. False means
// that there is nothing to do: sent, in other hands, not due, or waiting.
func (s *Store) Claim(ctx context.Context, id int64, lease time.Duration) (Notice, bool, error) {
	return Notice{}, false, nil
}

// Sent records that a notice arrived as message (the channel's id of it, "" if
// unknown). ErrLeaseLost if the lease ran out and another took it over.
func (s *Store) Sent(ctx context.Context, n Notice, message string) error { return nil }

// Failed records why a notice did not arrive (a word: "blocked", "busy", ...)
// and, unless retry is nil, after how long to try again. ErrLeaseLost as in Sent.
func (s *Store) Failed(ctx context.Context, n Notice, reason string, retry *time.Duration) error {
	return nil
}

// NoticeCount is how many notices ended or wait in one way.
type NoticeCount struct {
	Kind, State, Reason string
	Count               int64
}

// NoticeCounts counts the notices of the last day, and all that are not sent, for metrics.
func (s *Store) NoticeCounts(ctx context.Context) ([]NoticeCount, error) { return nil, nil }

// DueNotices returns notices that should have been sent a while ago, oldest
// and urgent first, and puts them off for a while, so that replicas do not take the same ones.
func (s *Store) DueNotices(ctx context.Context, limit int) ([]int64, error) { return nil, nil }
