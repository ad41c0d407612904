package store

import "context"

// InviteGroup makes a one-time code that binds a group chat to a station, good for 7 days.
func (s *Store) InviteGroup(ctx context.Context, station, by string) (code string, err error) {
	return "", nil
}

// BindGroup makes a group chat the station's and sends the cards that waited.
// sender must have a post that allows it (ErrNotAllowed); ErrCode if the code is not good.
func (s *Store) BindGroup(ctx context.Context, code, channel, group, sender string) (Station, error) {
	return Station{}, nil
}

// MoveGroup follows a chat whose id changed; cards and notices move along.
func (s *Store) MoveGroup(ctx context.Context, channel, from, to string) error { return nil }

// Unreachable records that a chat blocked us or is gone. Cards on their way to
// it go to the next audience, notices to a citizen go to another of the
// citizen's chats; without one they wait.
func (s *Store) Unreachable(ctx context.Context, channel, chat string) error { return nil }
