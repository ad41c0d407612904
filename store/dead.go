package store

import "context"

// DeadMessage records a message that was put aside because it failed again and
// again: what it was like, never what it said. hash is a keyed one.
func (s *Store) DeadMessage(ctx context.Context, channel, kind string, size int, hash []byte) error {
	_, err := s.pool.Exec(ctx, `insert into dead_messages (channel, kind, size, hash) values ($1, $2, $3, $4)`, channel, kind, size, hash)
	return failed("recording a dead message", err)
}
