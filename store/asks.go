package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Ask is a question that went out to somebody who did not ask for it, and that no message followed yet.
type Ask struct {
	Notice int64
	Kind   string // NoticeAskReturn, ...
	Number string // of the filing
	Chat   []byte // as ChatKey gives it
}

const (
	openAsks = `
		select n.id, n.kind, f.number, n.chat from notices n join filings f on f.id = n.filing
		where n.state = 'sent' and n.heard is null and n.kind like 'ask%' and n.created_at > now() - interval '30 days'
			and f.closed_at is null
		order by n.id`

	// hear marks the question, and those before it in its chat: what came after it came after them.
	hear = `
		with older as (
			update notices n set heard = $2 from notices q
			where q.id = $1 and n.chat = q.chat and n.id < q.id and n.state = 'sent' and n.heard is null and n.kind like 'ask%'
				and n.created_at > now() - interval '30 days'
		)
		update notices set heard = $2 where id = $1 and (heard is null or heard = $2)`
)

// OpenAsks returns the questions of the last month that nothing followed yet, oldest first.
func (s *Store) OpenAsks(ctx context.Context) ([]Ask, error) {
	rows, _ := s.pool.Query(ctx, openAsks)
	asks, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Ask])
	return asks, failed("reading open questions", err)
}

// ChatKey is what an Ask knows a chat by.
func (s *Store) ChatKey(channel, chat string) []byte { return s.chatKey(channel, chat) }

// Heard notes that a message came after a question, and says whether it was the first, also when it is delivered again.
func (s *Store) Heard(ctx context.Context, notice int64, message string) (first bool, err error) {
	tag, err := s.pool.Exec(ctx, hear, notice, s.keys.Index("heard", message))
	return tag.RowsAffected() > 0, failed("noting an answer", err)
}
