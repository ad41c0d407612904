package store

import "context"

// DeadMessage records a message that was put aside because it failed again and
// again: what it was like, nothing of what it said.
func (s *Store) DeadMessage(ctx context.Context, channel, kind string, size int) error {
	_, err := s.pool.Exec(ctx, `insert into dead_messages (channel, kind, size) values ($1, $2, $3)`, channel, kind, size)
	return failed("recording a dead message", err)
}
