package store

import (
	"context"
	"time"
)

// Post is an officer's role at a station, in a district, or in the state.
type Post struct {
	ID        int64
	Role      Role
	Station   string // code, "" for a post above stations
	District  string // code; of the station where there is one; "" for the state
	Name      string // the officer's name, opened
	Channel   string
	Since     time.Time
	RevokedAt time.Time // zero while active
}

// Seat is what an invitation is for. A role at a station has Station, SDPO and
// SP have District, SCRB and the administrator have neither.
type Seat struct {
	Role     Role
	Station  string
	District string
}

// Invite makes a one-time code that gives its redeemer a post, good for 7 days.
// by says who invites: a word for the records ("cli"), never a name.
func (s *Store) Invite(ctx context.Context, seat Seat, by string) (code string, err error) {
	return "", nil
}

// Redeem gives the sender the post that a code was made for and sends the cards
// that waited for such an officer. ErrCode if the code is not good. The same
// sender redeeming the same code again gets the same post.
func (s *Store) Redeem(ctx context.Context, code, channel, sender, chat, name string) (Post, error) {
	return Post{}, nil
}

// Posts returns a sender's active posts, highest first.
func (s *Store) Posts(ctx context.Context, channel, sender string) ([]Post, error) { return nil, nil }

// ListPosts returns the active posts of a station, a district, or (both empty) all, for the administrator.
func (s *Store) ListPosts(ctx context.Context, station, district string) ([]Post, error) {
	return nil, nil
}

// Revoke ends a post at once: also an action under way is refused unless it
// came first. ErrNotFound if there is no such active post.
func (s *Store) Revoke(ctx context.Context, post int64) error { return nil }
