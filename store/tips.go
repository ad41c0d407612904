package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Tip is the service whose filings are nobody's.
const Tip = "tip"

// RewardClaimed is an Event's kind when who gave a tip asks for the reward.
const RewardClaimed = "reward_claimed"

// NewTip is a tip to be made. Nothing in it says who gives it, and nothing that is kept does.
type NewTip struct {
	Code     string // see ClaimCode: the same code files once
	Station  string // code of the station; "" if it is for the district
	District string // code of the police district; with a Station the station's is taken
	Urgent   bool
	Details  json.RawMessage
	Media    []Media
}

// insertTip is insertFiling's of a tip: without citizen, chat, channel, profile and language, always
// sensitive, and with the hour only.
const insertTip = `
	with prior as (
		select id, number, station from filings where dialog = $1
	), place as (
		select nullif($2, '') as station, coalesce((select district from stations where code = $2), $3) as district, true as sensitive, false as tell_district,
			null::text as to_station, null::text as to_district
	), officers as (
		select a.chat from place f, lateral (` + cardAudience + `) a
	), new as (
		insert into filings (dialog, service, content_hash, station, district, sensitive, number, lang, urgent, details, applicant,
			created_at, updated_at, status, ver)
		select $1, '` + Tip + `', '', station, district, true, $4, 'hi', $5, $6, $7,
			date_trunc('hour', now()), date_trunc('hour', now()),
			case when exists (select from officers) then 'sent' else 'received' end,
			case when exists (select from officers) then 2 else 1 end
		from place where not exists (select from prior)
		on conflict do nothing
		returning id, number, station, created_at, ver
	), event as (
		insert into events (filing, filed_at, ver, at, kind, actor)
		select new.id, new.created_at, e.ver, new.created_at, e.kind, e.actor
		from new join (values (1, 'received', 'citizen'), (2, 'sent', 'system')) e (ver, kind, actor) on e.ver <= new.ver
	), media as (
		insert into filing_media (filing, media, sha256, kind, mime, size, received_at, label)
		select new.id, m.* from new,
			unnest($8::text[], $9::bytea[], $10::text[], $11::text[], $12::bigint[], $13::timestamptz[], $14::text[]) m
		on conflict do nothing
	), clock as (
		insert into clocks (filing, kind, started_at, due_at, next_at)
		select new.id, k.kind, new.created_at, new.created_at + k.due, new.created_at + k.first
		from new, unnest($15::text[], $16::interval[], $17::interval[]) k (kind, due, first)
	), card as (
		insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
		select 'card', $5, officers.chat, new.id, new.ver, 'pending', 'card:' || new.id || ':' || encode(officers.chat, 'hex')
		from new, officers
		union all
		select 'card', $5, null, new.id, new.ver, 'waiting', 'card:' || new.id || ':waiting'
		from new where not exists (select from officers)
		returning id, state
	)
	select coalesce(new.id, prior.id, 0), coalesce(new.number, prior.number, ''), coalesce(new.station, prior.station, ''),
		new.id is not null, array(select id from card where state = 'pending')
	from (select) one left join new on true left join prior on true`

// FileTip makes a tip, once for each code: the record, its first events, evidence, its clocks, and the
// cards for the officers with the jobs that send them, all in one transaction. The same code gets the
// same tip again. Clocks have no jobs, which would tell when they were made: the sweeper turns them.
func (s *Store) FileTip(ctx context.Context, t NewTip) (Filed, error) {
	if _, ok := ParseClaimCode(t.Code); !ok {
		return Filed{}, errors.New("filing a tip: no claim code")
	}
	// A number that is taken already is so unlikely that a third try means something else.
	for range 3 {
		filed, err := s.tryFileTip(ctx, t, newNumber("GS"))
		if filed.ID != 0 || err != nil {
			return filed, err
		}
	}
	return Filed{}, errors.New("filing a tip: no number was free")
}

// tryFileTip files under a number; no id means that it or the code was taken meanwhile.
func (s *Store) tryFileTip(ctx context.Context, t NewTip, number string) (filed Filed, err error) {
	details, err := s.keys.Seal(t.Details, detailsPlace(number))
	if err != nil {
		return Filed{}, err
	}
	nobody, err := s.sealProfile(Profile{}, applicantPlace(number))
	if err != nil {
		return Filed{}, err
	}
	args := append([]any{s.tipDialog(t.Code), t.Station, t.District, number, t.Urgent, details, nobody}, mediaArgs(t.Media)...)
	clocks, due, first := startedBy(Tip, string(Received))
	args = append(args, clocks, due, first)
	err = s.inTx(ctx, "filing a tip", func(tx pgx.Tx) error {
		var cards []int64
		if err := tx.QueryRow(ctx, insertTip, args...).Scan(&filed.ID, &filed.Number, &filed.Station, &filed.Created, &cards); err != nil {
			return failed("filing a tip", err)
		}
		wakeups := make([]wakeup, len(cards))
		for i, id := range cards {
			wakeups[i] = wakeup{Notice: id, Urgent: t.Urgent}
		}
		return s.insertJobs(ctx, tx, wakeups)
	})
	return filed, err
}

const tipByCode = `select ` + filingColumns + ` from filings f where f.dialog = $1`

// TipByCode gives the tip of a claim code as ParseClaimCode returns it, with its events and the notes
// of the officers' questions and its giver's answers. ErrNotFound for a code that no tip has.
func (s *Store) TipByCode(ctx context.Context, code string) (Filing, []Event, error) {
	var f Filing
	if err := s.pool.QueryRow(ctx, tipByCode, s.tipDialog(code)).Scan(f.columns()...); err != nil {
		return Filing{}, nil, failed("looking for a tip", err)
	}
	events, err := s.Timeline(ctx, f.ID)
	if err != nil {
		return Filing{}, nil, err
	}
	for i := range events {
		if events[i].Actor == "officer" && events[i].Kind != Question {
			events[i].Note = "" // what officers tell one another
		}
	}
	return f, events, nil
}

const (
	lockTip = tipByCode + ` for update`

	// addTipEvent is addEvent's with the hour only.
	addTipEvent = `
		insert into events (filing, filed_at, ver, at, kind, actor, dialog, note)
		select f.id, f.created_at, $2, date_trunc('hour', now()), $3, 'citizen', $4, $5 from filings f where f.id = $1`

	touchTip = `update filings set updated_at = date_trunc('hour', now()) where id = $1`
)

// AddToTip adds what the holder of a claim code has to say: an Answer, Information or RewardClaimed,
// with evidence, once for each draft. The officers who have its card are told. ErrNotFound for a code
// that no tip has; ErrClosed if the tip is closed, but a reward can be claimed then too.
func (s *Store) AddToTip(ctx context.Context, code, draft, kind, text string, media []Media) error {
	// The draft's id is in its writer's buttons: a keyed hash tells a repeat just as well.
	once := fmt.Sprintf("%x", s.keys.Index("tip draft", draft))
	return s.inTx(ctx, "adding to a tip", func(tx pgx.Tx) error {
		var f Filing
		if err := tx.QueryRow(ctx, lockTip, s.tipDialog(code)).Scan(f.columns()...); err != nil {
			return failed("adding to a tip", err)
		}
		var repeat bool
		if err := tx.QueryRow(ctx, wasAdded, f.ID, once).Scan(&repeat); err != nil {
			return failed("adding to a tip", err)
		}
		switch {
		case repeat:
			return nil
		case !f.ClosedAt.IsZero() && kind != RewardClaimed:
			return ErrClosed
		}
		note, err := s.keys.SealText(text, eventPlace(f.ID, f.Ver+1))
		if err != nil {
			return fmt.Errorf("adding to a tip: %w", err)
		}
		if err := s.turnClocks(ctx, tx, f, kind, leaves[kind], false); err != nil {
			return err
		}
		var batch pgx.Batch
		batch.Queue(map[bool]string{true: answered, false: addedTo}[kind == Answer], f.ID)
		batch.Queue(touchTip, f.ID)
		batch.Queue(addTipEvent, f.ID, f.Ver+1, kind, once, note)
		batch.Queue(addMedia, append([]any{f.ID}, mediaArgs(ofEvent(media, f.Ver+1))...)...)
		if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
			return failed("adding to a tip", err)
		}
		if err := s.wake(ctx, tx, tellOfInformation, f.ID); err != nil {
			return err
		}
		return s.wake(ctx, tx, editCards, f.ID)
	})
}

// putTipMedia keeps the hour of the receipt only, and what no tip has after a day is stray already
// (see ForgetStrayMedia): a draft of a tip lives for less than an hour.
const putTipMedia = `
	insert into media (id, sha256, kind, mime, size, received_at, last_received)
	values ($1, $2, $3, $4, $5, date_trunc('hour', now()), date_trunc('hour', now()) - interval '29 days')
	on conflict (id) do update set last_received = greatest(media.last_received, excluded.last_received)`

// ReceiveTipMedia is ReceiveMedia for a file of a tip.
func (s *Store) ReceiveTipMedia(ctx context.Context, m Media) error {
	_, err := s.pool.Exec(ctx, putTipMedia, m.ID, m.SHA256, m.Kind, m.MIME, m.Size)
	return failed("noting a file of a tip", err)
}
