package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

const (
	putMedia = `
		insert into media (id, sha256, kind, mime, size) values ($1, $2, $3, $4, $5)
		on conflict (id) do update set last_received = now()`
	getMedia = `
		select id, sha256, kind, mime, size, received_at, '' from media where id = any($1)`
)

// ReceiveMedia notes an evidence file at the moment it was received, before any filing has it: the
// hash and time that a certificate under BSA 2023 s.63 will name. The first receipt of a content
// counts. Nothing says who sent it until a filing does. To be called before the bytes are stored
// (see ForgetStrayMedia).
func (s *Store) ReceiveMedia(ctx context.Context, m Media) error {
	_, err := s.pool.Exec(ctx, putMedia, m.ID, m.SHA256, m.Kind, m.MIME, m.Size)
	return failed("noting an evidence file", err)
}

// Media gives what was noted of received files, in no order; unknown ids are left out.
func (s *Store) Media(ctx context.Context, ids []string) ([]Media, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, _ := s.pool.Query(ctx, getMedia, ids)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Media])
	return list, failed("reading evidence files", err)
}
