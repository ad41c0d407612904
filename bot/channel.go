package bot

import (
	"context"
	"fmt"
	"time"
)

// Channel carries replies to one network. Receiving is each channel's own business: it verifies,
// decodes, and calls a Handler.
type Channel interface {
	Name() string // stored with every chat: "telegram", "web", ...
	Limits() Limits
	// Send delivers one message and returns the channel's id of it. Errors are *SendError where
	// the channel said what is wrong; any other error may be tried again.
	Send(ctx context.Context, to Chat, r Rendered) (id string, err error)
}

// SendError is a channel's refusal of a message.
type SendError struct {
	Reason string        // "blocked", "busy", "moved", "gone", "refused": a metric label, no personal data
	After  time.Duration // when to try again, for "busy"
	Moved  string        // the chat's new id, for "moved"
}

// Error has no personal data in it.
func (e *SendError) Error() string { return fmt.Sprintf("channel refused the message: %s", e.Reason) }

// The reasons of a SendError.
const (
	ReasonBlocked = "blocked" // the person does not want us or is gone: do not try again
	ReasonBusy    = "busy"    // too many messages: try again after After
	ReasonMoved   = "moved"   // the group's id changed to Moved: try again there
	ReasonGone    = "gone"    // the message to replace is no longer there: send a new one
	ReasonRefused = "refused" // the network found fault with the message itself: do not try again
)

// PhoneBy is how a channel can vouch for a phone number.
type PhoneBy uint8

// How a phone number is verified on a channel.
const (
	PhoneByContact PhoneBy = iota // the person shares their own contact card
	PhoneBySender                 // the network names the sender's number
	PhoneByCode                   // the number is typed and a code is sent to it
	PhoneAsTyped                  // no check: only for the terminal, whose user owns the machine
)

// Limits is what a channel can show. Lengths are letters (Unicode code points), not bytes;
// 0 means that the channel has no such thing.
type Limits struct {
	Text      int // a plain message
	Body      int // a message with options
	Buttons   int // buttons on one message
	Label     int // a button's label
	Rows      int // rows of a list, for more options than Buttons
	RowLabel  int
	RowNote   int
	ListLabel int  // the button that opens the list
	Keyboard  bool // the channel offers buttons for contact and place (Want)
	Phone     PhoneBy
}
