package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

const cardAt = `select filing, ver from cards where chat = $1 and message = $2`

// CardAt finds the filing whose card a message in a chat is (message: the
// channel's id of it), and the version that it shows; ok is false if it is no card.
func (s *Store) CardAt(ctx context.Context, channel, chat, message string) (filing int64, ver int, ok bool, err error) {
	err = s.pool.QueryRow(ctx, cardAt, s.chatKey(channel, chat), message).Scan(&filing, &ver)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, 0, false, nil
	}
	return filing, ver, err == nil, failed("finding a card", err)
}
