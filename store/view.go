package store

import (
	"context"
	"encoding/json"
)

// Details is a filing in full, for the officer's private chat.
type Details struct {
	Filing
	Lang      string
	Applicant Profile
	Details   json.RawMessage // the service's struct
	Media     []Media
	Events    []Event
}

// View opens a filing for an officer and writes the audit row in the same
// transaction: no view without a trace. ErrNotAllowed if no post allows it or
// there is no such filing; that is audited too.
func (s *Store) View(ctx context.Context, filing int64, channel, sender string) (Details, error) {
	return Details{}, nil
}
