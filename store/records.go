package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Record is something that the police make known.
type Record struct {
	ID          int64
	Number      string
	Kind        RecordKind
	Station     string // code, "" if none
	District    string // code
	On          time.Time
	What        string // kind of thing, head of offence, sex: the id of an option
	Reward      int64  // rupees
	Ver         int
	MadeAt      time.Time
	WithdrawnAt time.Time       // zero while it stands
	Details     json.RawMessage // the form
	Media       []Media
}

// NewRecord is a record to be added, or what it is to become.
type NewRecord struct {
	Kind        RecordKind
	Source      string // the same source is the same record: "desk:" and the dialog's id, or an import's own key
	Dialog      string // of the interview: it changes the record once
	Station     string // code
	District    string // code; with a Station the station's is taken
	On          time.Time
	What        string
	Reward      int64
	Age         int       // of who was arrested, in years
	AgeRange    *AgeRange // of somebody whom nobody knows; nil: nobody can tell
	Names       string    // of a wanted person, in the clear: both scripts and aliases
	NameParts   []string  // what the names are found by (hindi.NameParts), all parts together
	Identifiers []Identifier
	Details     json.RawMessage
	Media       []Media
}

// grownUp is the age from which an arrest may be made known: a child in conflict
// with the law is named nowhere (JJ Act 2015, s.74).
const grownUp = 18

// ErrJuvenile says that an arrest is of somebody whom the law hides.
var ErrJuvenile = errors.New("store: the arrest of a juvenile is not made known")

// recordColumns of a record r, as Record.columns takes them.
const recordColumns = `r.id, r.number, r.kind, coalesce(r.station, ''), r.district, r.happened_on, r.what, r.reward, r.ver,
	r.made_at, coalesce(r.withdrawn_at, ` + noTime + `)`

func (r *Record) columns() []any {
	return []any{
		&r.ID, &r.Number, &r.Kind, &r.Station, &r.District, &r.On, &r.What, &r.Reward, &r.Ver, &r.MadeAt, &r.WithdrawnAt,
	}
}

const (
	// recordPost is the post of sender $1 that may, by one of the roles $2, write
	// of station $3 or, where that is empty, of district $4: its own station's, a
	// superior's district, the whole state. It is locked against being revoked.
	recordPost = `
		select p.id, p.officer from officers o join posts p on p.officer = o.id
		where o.sender = $1 and p.revoked_at is null and p.role = any($2)
			and (p.station = nullif($3, '')
				or p.station is null and p.district = coalesce((select district from stations where code = $3), $4)
				or p.station is null and p.district is null and p.role = 'scrb')
		order by p.id limit 1
		for share of p`

	insertRecord = `
		insert into records as r (number, kind, source, dialog, station, district, happened_on, what, reward, names, details, post,
			age_low, age_high)
		values ($1, $2, $3, $4, nullif($5, ''), coalesce((select district from stations where code = $5), $6), $7, $8, $9, $10, $11, $12, $13, $14)
		on conflict do nothing
		returning ` + recordColumns

	recordBySource = `select ` + recordColumns + ` from records r where r.kind = $1 and r.source = $2`
	recordByNumber = `select r.details, ` + recordColumns + ` from records r where r.number = $1`
	lockRecord     = `select coalesce(r.dialog, ''), ` + recordColumns + ` from records r where r.number = $1 for update`

	changeRecord = `
		update records as r set station = nullif($2, ''), district = coalesce((select district from stations where code = $2), $3),
			happened_on = $4, what = $5, reward = $6, names = $7, details = $8, dialog = $9, age_low = $10, age_high = $11,
			ver = ver + 1, changed_at = now()
		where r.id = $1
		returning ` + recordColumns

	withdrawRecord = `
		update records as r set withdrawn_at = now(), changed_at = now(), reason = $2, dialog = $3, ver = ver + 1 where r.id = $1
		returning ` + recordColumns

	forgetRecordIdentifiers = `delete from record_identifiers where record = $1`
	forgetRecordNames       = `delete from record_names where record = $1`
	forgetRecordMedia       = `delete from record_media where record = $1`

	putRecordIdentifiers = `
		insert into record_identifiers (record, kind, value) select $1, i.* from unnest($2::text[], $3::bytea[]) i on conflict do nothing`
	putRecordNames = `
		insert into record_names (record, kind, key) select r.id, r.kind, n from records r, unnest($2::bytea[]) n where r.id = $1 on conflict do nothing`
	putRecordMedia = `
		insert into record_media (record, media, sha256, kind, mime, size, received_at, label)
		select $1, m.* from unnest($2::text[], $3::bytea[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], $8::text[]) m
		on conflict do nothing`

	recordMedia = `
		select media, sha256, kind, mime, size, received_at, label from record_media where record = $1 order by received_at, media`
)

// AddRecord adds a record for an officer, with the audit row in the same
// transaction. The same source gets the same record. ErrNotAllowed if no post
// of the sender may add such a record there.
func (s *Store) AddRecord(ctx context.Context, channel, sender string, n NewRecord) (Record, error) {
	if n.Kind == RecordArrest && n.Age < grownUp {
		return Record{}, ErrJuvenile
	}
	var r Record
	err := s.inTx(ctx, "adding a record", func(tx pgx.Tx) error {
		e, err := s.recordPost(ctx, tx, channel, sender, RecordAdd, n.Kind, n.Station, n.District)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, recordBySource, n.Kind, n.Source).Scan(r.columns()...)
		if err == nil { // a repeat
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return failed("adding a record", err)
		}
		if err := s.insertRecord(ctx, tx, &r, n, e.post); err != nil {
			return err
		}
		if err := s.matchRecord(ctx, tx, r.ID, r.Kind); err != nil {
			return err
		}
		e.record = r.ID
		return s.audit(ctx, tx, e)
	})
	return r, err
}

// recordPost finds the post that may do something with a record of a station or
// district; it is the beginning of the audit row.
func (s *Store) recordPost(ctx context.Context, tx pgx.Tx, channel, sender string, act RecordAct, kind RecordKind, station, district string) (auditEntry, error) {
	e := auditEntry{what: "record_" + string(act)}
	err := tx.QueryRow(ctx, recordPost, s.senderKey(channel, sender), roleStrings(recordRights[kind][act]), station, district).Scan(&e.post, &e.officer)
	if errors.Is(err, pgx.ErrNoRows) {
		return e, ErrNotAllowed
	}
	return e, failed("finding the post for a record", err)
}

func (s *Store) insertRecord(ctx context.Context, tx pgx.Tx, r *Record, n NewRecord, post int64) error {
	low, high := n.AgeRange.columns()
	// As with filings, a third number that is taken means something else.
	for range 3 {
		number := newNumber(recordPrefixes[n.Kind])
		details, err := s.keys.Seal(n.Details, recordPlace(number))
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, insertRecord, number, n.Kind, n.Source, n.Dialog, n.Station, n.District, n.On, n.What, n.Reward, n.Names, details, post,
			low, high).Scan(r.columns()...)
		if err == nil {
			return s.putRecordParts(ctx, tx, r.ID, n)
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return failed("adding a record", err)
		}
		err = tx.QueryRow(ctx, recordBySource, n.Kind, n.Source).Scan(r.columns()...)
		if !errors.Is(err, pgx.ErrNoRows) { // another replica was faster
			return failed("adding a record", err)
		}
	}
	return errors.New("adding a record: no number was free")
}

// putRecordParts keeps what a record is found by, and its files.
func (s *Store) putRecordParts(ctx context.Context, tx pgx.Tx, record int64, n NewRecord) error {
	kinds, values := make([]string, len(n.Identifiers)), make([][]byte, len(n.Identifiers))
	for i, id := range n.Identifiers {
		kinds[i], values[i] = id.Kind, s.keys.Index(id.Kind, id.Value)
	}
	var batch pgx.Batch
	batch.Queue(putRecordIdentifiers, record, kinds, values)
	batch.Queue(putRecordNames, record, s.nameKeys(n.NameParts))
	batch.Queue(putRecordMedia, append([]any{record}, mediaArgs(n.Media)...)...)
	return failed("adding a record's parts", tx.SendBatch(ctx, &batch).Close())
}

// RecordByNumber opens a record, also one that was withdrawn. ErrNotFound if there is none.
func (s *Store) RecordByNumber(ctx context.Context, number string) (Record, error) {
	var r Record
	var details []byte
	err := s.pool.QueryRow(ctx, recordByNumber, number).Scan(append([]any{&details}, r.columns()...)...)
	if err != nil {
		return Record{}, failed("reading a record", err)
	}
	if r.Details, err = s.keys.Open(details, recordPlace(r.Number)); err != nil {
		return Record{}, fmt.Errorf("reading a record: %w", err)
	}
	rows, _ := s.pool.Query(ctx, recordMedia, r.ID)
	r.Media, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Media])
	return r, failed("reading a record's files", err)
}

// CorrectRecord replaces what a record says, once for each dialog. ErrNotAllowed
// unless a post of the sender may correct it where it is and where it is to be,
// ErrClosed if it was withdrawn, ErrNotFound if there is none.
func (s *Store) CorrectRecord(ctx context.Context, channel, sender, number string, n NewRecord) (Record, error) {
	if n.Kind == RecordArrest && n.Age < grownUp {
		return Record{}, ErrJuvenile
	}
	return s.changeRecord(ctx, channel, sender, number, RecordCorrect, n.Dialog, func(tx pgx.Tx, r *Record) error {
		if n.Kind != r.Kind {
			return ErrNotAllowed
		}
		if _, err := s.recordPost(ctx, tx, channel, sender, RecordCorrect, n.Kind, n.Station, n.District); err != nil {
			return err
		}
		details, err := s.keys.Seal(n.Details, recordPlace(r.Number))
		if err != nil {
			return err
		}
		low, high := n.AgeRange.columns()
		err = tx.QueryRow(ctx, changeRecord, r.ID, n.Station, n.District, n.On, n.What, n.Reward, n.Names, details, n.Dialog, low, high).
			Scan(r.columns()...)
		if err != nil {
			return failed("correcting a record", err)
		}
		for _, forget := range []string{forgetRecordIdentifiers, forgetRecordNames, forgetRecordMedia} {
			if _, err := tx.Exec(ctx, forget, r.ID); err != nil {
				return failed("correcting a record", err)
			}
		}
		if err := s.putRecordParts(ctx, tx, r.ID, n); err != nil {
			return err
		}
		return s.matchRecord(ctx, tx, r.ID, r.Kind)
	})
}

// WithdrawRecord takes a record back for a reason: lists no longer show it.
// Errors as CorrectRecord.
func (s *Store) WithdrawRecord(ctx context.Context, channel, sender, number, dialog, reason string) (Record, error) {
	return s.changeRecord(ctx, channel, sender, number, RecordWithdraw, dialog, func(tx pgx.Tx, r *Record) error {
		sealed, err := s.keys.SealText(reason, "records/reason/"+r.Number)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, forgetFeatures, 0, r.ID); err != nil {
			return failed("withdrawing a record", err)
		}
		return failed("withdrawing a record", tx.QueryRow(ctx, withdrawRecord, r.ID, sealed, dialog).Scan(r.columns()...))
	})
}

// changeRecord does something with a record under its lock, for a post that may, with the audit row.
func (s *Store) changeRecord(ctx context.Context, channel, sender, number string, act RecordAct, dialog string, change func(pgx.Tx, *Record) error) (Record, error) {
	var r Record
	err := s.inTx(ctx, "changing a record", func(tx pgx.Tx) error {
		var last string
		if err := tx.QueryRow(ctx, lockRecord, number).Scan(append([]any{&last}, r.columns()...)...); err != nil {
			return failed("changing a record", err)
		}
		e, err := s.recordPost(ctx, tx, channel, sender, act, r.Kind, r.Station, r.District)
		switch {
		case err != nil:
			return err
		case last == dialog: // a repeat
			return nil
		case !r.WithdrawnAt.IsZero():
			return ErrClosed
		}
		if err := change(tx, &r); err != nil {
			return err
		}
		e.record = r.ID
		return s.audit(ctx, tx, e)
	})
	return r, err
}

func recordPlace(number string) string { return "records/details/" + number }

// nameKeys hashes what names are found by.
func (s *Store) nameKeys(parts []string) [][]byte {
	keys := make([][]byte, len(parts))
	for i, part := range parts {
		keys[i] = s.keys.Index("name", part)
	}
	return keys
}
