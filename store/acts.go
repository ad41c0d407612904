package store

import "context"

// Outcome is what became of an officer's action.
type Outcome string

// The outcomes.
const (
	Done       Outcome = "done"        // also when the same officer repeats it
	Already    Outcome = "already"     // another officer did it first: Act.By says which post
	NotAllowed Outcome = "not_allowed" // no post of the sender allows it, or there is no such filing
	Stale      Outcome = "stale"       // the filing changed meanwhile: show it anew
)

// Act is the answer to an officer's action.
type Act struct {
	Outcome Outcome
	Repeat  bool   // Done before, by this officer
	Filing  Filing // as it stands now; zero for NotAllowed
	By      By     // who did it, for Done and Already
}

// Acknowledge takes note of a filing for the station: stops the clock, tells
// the citizen, and brings all cards up to date. ver is the version that the
// officer saw. Authority, status and version are decided in one statement.
func (s *Store) Acknowledge(ctx context.Context, filing int64, ver int, channel, sender string) (Act, error) {
	return Act{}, nil
}
