package store

import "context"

// Citizen is what a chat is known by.
type Citizen struct {
	ID     string // "" until the chat's phone number is verified
	Lang   string // "hi", "en"; "" if never chosen
	Simple bool   // simple mode
}

// Verified says whether the chat's phone number was verified.
func (c Citizen) Verified() bool { return c.ID != "" }

// Profile is what a citizen told about themselves once and is offered again.
type Profile struct {
	Name     string `json:"name,omitempty"`
	Father   string `json:"father,omitempty"` // father's or husband's name
	Gender   string `json:"gender,omitempty"` // the option id that was chosen
	Address  string `json:"address,omitempty"`
	District string `json:"district,omitempty"` // code of the police district
	Pin      string `json:"pin,omitempty"`
	Phone    string `json:"phone,omitempty"` // verified, "+91…"
}

// Recall returns what is known of a chat, and whether anything is. A chat that
// could not be reached is reachable again from now on: someone wrote from it.
func (s *Store) Recall(ctx context.Context, channel, chat string) (Citizen, bool, error) {
	return Citizen{}, false, nil
}

// Verify ties a chat to the citizen with a phone number ("+91…", vouched for by
// the channel or a code), who is made if new, and returns the citizen's id. A
// chat that verifies another number moves to the other citizen. Notices that
// waited for a chat of the citizen are sent to this one.
func (s *Store) Verify(ctx context.Context, channel, chat, phone string) (citizen string, err error) {
	return "", nil
}

// SetLanguage keeps the language a chat chose ("hi", "en").
func (s *Store) SetLanguage(ctx context.Context, channel, chat, lang string) error { return nil }

// SetSimple turns simple mode on or off for a chat.
func (s *Store) SetSimple(ctx context.Context, channel, chat string, on bool) error { return nil }

// Profile returns what a citizen told about themselves; fields may be empty.
func (s *Store) Profile(ctx context.Context, citizen string) (Profile, error) { return Profile{}, nil }

// SaveProfile replaces a citizen's profile, all but the phone, which only Verify sets.
func (s *Store) SaveProfile(ctx context.Context, citizen string, p Profile) error { return nil }
