package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// retention is what is kept for how long, as statements that delete at most $1
// rows. Filings, their events, their evidence and the audit are police records
// and stay. Replicas may run the same statement at once: each takes other rows.
var retention = []struct{ what, sql string }{
	{"notices", `
		delete from notices where id in (
			select id from notices where state in ('sent', 'failed') and created_at < now() - interval '90 days'
			limit $1 for update skip locked)`},
	{"dead messages", `
		delete from dead_messages where id in (
			select id from dead_messages where at < now() - interval '30 days'
			limit $1 for update skip locked)`},
	{"drafts", `
		delete from drafts where key in (
			select key from drafts where saved_at < now() - interval '7 days'
			limit $1 for update skip locked)`},
	{"wrong PINs", `
		delete from pin_misses where (citizen, attempt) in (
			select citizen, attempt from pin_misses where at < now() - interval '1 day'
			limit $1 for update skip locked)`},
	{"invitations", `
		delete from invitations where code in (
			select code from invitations where coalesce(used_at, expires_at) < now() - interval '30 days'
			limit $1 for update skip locked)`},
}

const (
	retentionEvery = time.Hour
	retentionBatch = 5000 // rows in one transaction
)

// Expire deletes what was kept for its time. RunJobs does so every hour.
func (s *Store) Expire(ctx context.Context) error {
	for _, r := range retention {
		for {
			tag, err := s.pool.Exec(ctx, r.sql, retentionBatch)
			if err != nil {
				return failed("deleting old "+r.what, err)
			}
			if tag.RowsAffected() < retentionBatch {
				break
			}
		}
	}
	return nil
}

const (
	// stray is an evidence file m that neither a filing nor a record has, long after it came: that of
	// a draft which was given up. A draft lives on for 7 days after every touch, so
	// a file may well be older than that when it is filed.
	stray = `m.last_received < now() - interval '30 days' and not exists (select from filing_media f where f.media = m.id)
		and not exists (select from record_media r where r.media = m.id)`

	strayMedia = `select m.id from media m where ` + stray + ` limit $1`
	lockStray  = `select from media m where m.id = $1 and ` + stray + ` for update skip locked`

	strayLimit = 1000
	forgetTime = 5 * time.Second // for one file: its row is locked meanwhile
)

// ForgetStrayMedia has forget delete the bytes of evidence files that came 30 days
// ago or earlier and that no filing has, and then forgets that they came. It
// returns how many there were, at most 1000. A file that comes again meanwhile
// waits in ReceiveMedia until its bytes are deleted: they are to be stored after that.
func (s *Store) ForgetStrayMedia(ctx context.Context, forget func(ctx context.Context, id string) error) (int, error) {
	rows, _ := s.pool.Query(ctx, strayMedia, strayLimit)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, failed("finding stray evidence", err)
	}
	forgotten := 0
	for _, id := range ids {
		err := s.inTx(ctx, "forgetting stray evidence", func(tx pgx.Tx) error {
			tag, err := tx.Exec(ctx, lockStray, id)
			if err != nil || tag.RowsAffected() == 0 { // it came again, or another replica has it
				return failed("forgetting stray evidence", err)
			}
			ctx, cancel := context.WithTimeout(ctx, forgetTime)
			defer cancel()
			if err := forget(ctx, id); err != nil {
				return fmt.Errorf("forgetting stray evidence: %w", err)
			}
			forgotten++
			_, err = tx.Exec(ctx, `delete from media where id = $1`, id)
			return failed("forgetting stray evidence", err)
		})
		if err != nil {
			return forgotten, err
		}
	}
	return forgotten, nil
}
