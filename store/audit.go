package store

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrTampered says that the audit is not as it was written.
var ErrTampered = errors.New("store: the audit was tampered with")

// auditEntry is who did what; zero ids are NULL.
type auditEntry struct {
	seq     int64
	at      time.Time
	what    string // "view", "view_refused", "invite", ...
	post    int64
	officer int64
	filing  int64
	record  int64
	note    string // what there is to say where there is no post: by whom, of what
}

// The chain has one end, so its writers wait for each other until commit.
const (
	lockAudit   = `select pg_advisory_xact_lock(hashtextextended('audit', 0))`
	lastAudit   = `select coalesce(max(seq), 0), coalesce((select hash from audit order by seq desc limit 1), ''), clock_timestamp() from audit`
	insertAudit = `
		insert into audit (seq, at, what, post, officer, filing, hash, record, note)
		values ($1, $2, $3, nullif($4::bigint, 0), nullif($5::bigint, 0), nullif($6::bigint, 0), $7, nullif($8::bigint, 0), nullif($9, ''))`
)

// audit adds a row to the chain, in the caller's transaction and best as its
// last act.
func (s *Store) audit(ctx context.Context, tx pgx.Tx, e auditEntry) error {
	_, err := s.auditAt(ctx, tx, e)
	return err
}

// auditAt is audit, and says when the row is of.
func (s *Store) auditAt(ctx context.Context, tx pgx.Tx, e auditEntry) (time.Time, error) {
	var batch pgx.Batch
	batch.Queue(lockAudit)
	batch.Queue(lastAudit)
	results := tx.SendBatch(ctx, &batch)
	defer func() { _ = results.Close() }()
	if _, err := results.Exec(); err != nil {
		return time.Time{}, failed("writing the audit", err)
	}
	var before []byte
	if err := results.QueryRow().Scan(&e.seq, &before, &e.at); err != nil {
		return time.Time{}, failed("writing the audit", err)
	}
	if err := results.Close(); err != nil {
		return time.Time{}, failed("writing the audit", err)
	}
	e.seq++
	_, err := tx.Exec(ctx, insertAudit, e.seq, e.at, e.what, e.post, e.officer, e.filing, s.auditHash(before, e), e.record, e.note)
	return e.at, failed("writing the audit", err)
}

// auditHash covers a row and the hash before it, with a key that is not in the
// database: whoever can only write to the database cannot mend the chain.
func (s *Store) auditHash(before []byte, e auditEntry) []byte {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	parts := []string{string(before), number(e.seq), number(e.at.UnixMicro()), e.what, number(e.post), number(e.officer), number(e.filing)}
	if e.record != 0 { // rows of before there were records are hashed without
		parts = append(parts, number(e.record))
	}
	if e.note != "" {
		parts = append(parts, "note", e.note)
	}
	return s.keys.MAC("audit", parts...)
}

// VerifyAudit reads the whole audit and says whether a row was changed, added
// out of turn or removed in the middle ([ErrTampered]). It returns the number of
// rows and the last hash, to be kept elsewhere: rows cut off at the end show
// only against it.
func (s *Store) VerifyAudit(ctx context.Context) (rows int64, head []byte, err error) {
	found, _ := s.pool.Query(ctx, `
		select seq, at, what, coalesce(post, 0), coalesce(officer, 0), coalesce(filing, 0), coalesce(record, 0), coalesce(note, ''), hash
		from audit order by seq`)
	var e auditEntry
	var hash []byte
	_, err = pgx.ForEachRow(found, []any{&e.seq, &e.at, &e.what, &e.post, &e.officer, &e.filing, &e.record, &e.note, &hash}, func() error {
		rows++
		if e.seq != rows || !hmac.Equal(hash, s.auditHash(head, e)) {
			return fmt.Errorf("%w: row %d", ErrTampered, e.seq)
		}
		head = append(head[:0], hash...)
		return nil
	})
	return rows, head, failed("reading the audit", err)
}
