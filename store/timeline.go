package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Filing is a filing as its citizen sees it in a list.
type Filing struct {
	ID        int64     `json:"id"`
	Number    string    `json:"number"`
	Service   string    `json:"service"`
	Status    Status    `json:"status"`
	Ver       int       `json:"ver"`
	Station   string    `json:"station"`  // code, "" if none
	District  string    `json:"district"` // code
	Urgent    bool      `json:"urgent"`
	Sensitive bool      `json:"sensitive"`
	FIR       string    `json:"fir,omitempty"`      // its number in the register: "123/2026"
	ZeroFIR   string    `json:"zero_fir,omitempty"` // and in that of Zero FIRs
	To        string    `json:"to,omitempty"`       // code of the station that it is on its way to
	ToIn      string    `json:"to_in,omitempty"`    // code of that station's district
	CreatedAt time.Time `json:"created_at"`
	Clock     Clock     `json:"clock,omitempty"`    // what is due next; "" if nothing is
	Due       time.Time `json:"due,omitzero"`       // by when
	Late      bool      `json:"late,omitempty"`     // that was before now
	ClosedAt  time.Time `json:"closed_at,omitzero"` // zero while open
	Old       bool      `json:"-"`                  // ended more than ReopenDays ago
	Rating    int       `json:"rating,omitempty"`   // 1 to 5, 0 if the citizen gave none
}

// noTime is the zero time.Time, for what is NULL.
const noTime = `'0001-01-01 00:00+00'::timestamptz`

// filingColumns of a filing f, as Filing.columns takes them.
const filingColumns = `f.id, f.number, f.service, f.status, f.ver, coalesce(f.station, ''), f.district, f.urgent, f.sensitive,
	coalesce(f.fir, ''), coalesce(f.zero_fir, ''), coalesce(f.to_station, ''), coalesce(f.to_district, ''),
	f.created_at, coalesce(f.due_clock, ''), coalesce(f.due_at, ` + noTime + `), coalesce(f.due_at < now(), false), coalesce(f.closed_at, ` + noTime + `),
	coalesce(f.closed_at < now() - interval '30 days', false), coalesce(f.rating, 0)`

func (f *Filing) columns() []any {
	return []any{
		&f.ID, &f.Number, &f.Service, &f.Status, &f.Ver, &f.Station, &f.District, &f.Urgent, &f.Sensitive,
		&f.FIR, &f.ZeroFIR, &f.To, &f.ToIn, &f.CreatedAt, &f.Clock, &f.Due, &f.Late, &f.ClosedAt, &f.Old, &f.Rating,
	}
}

// Event is a line of a filing's timeline.
type Event struct {
	Ver   int       `json:"ver"` // the filing's version that it made
	At    time.Time `json:"at"`
	Kind  string    `json:"kind"`            // a Status, or one of the kinds below
	Actor string    `json:"actor"`           // "citizen", "officer", "system"
	By    *By       `json:"by,omitempty"`    // the officer's post, nil for others
	Other string    `json:"other,omitempty"` // code of the other station of a transfer
	Note  string    `json:"note,omitempty"`  // what was said
}

// The kinds of events that are no Status.
const (
	Information       = "information" // the citizen added something
	Sighting          = "sighting"    // the citizen saw or heard of the missing person
	Question          = "question"    // an officer asked the citizen something
	Answer            = "answer"      // and was answered
	Note              = "note"        // an officer's, for officers
	Signed            = "signed"      // the citizen signed the complaint at the station
	Visit             = "visit"       // an officer went there
	CertificateIssued = "certificate_issued"
	Restricted        = "restricted"        // marked as sensitive
	PinReset          = "pin_reset"         // the citizen's PIN was taken away at the station
	Rated             = "rated"             // the citizen said how it went
	TransferAccepted  = "transfer_accepted" // Other is where it came from
	TransferRefused   = "transfer_refused"  // Other is the station that refused it
	Assigned          = "assigned"          // a filing without a station got one, which Other is
)

// By is the post that did something: never a name.
type By struct {
	Role     Role   `json:"role"`
	Station  string `json:"station,omitempty"`  // code, "" for a post above stations
	District string `json:"district,omitempty"` // code, "" for the state
}

const (
	citizenFilings = `select ` + filingColumns + ` from filings f where f.citizen = $1 order by f.created_at desc limit 100`
	filingOf       = `select ` + filingColumns + ` from filings f where f.number = $1 and f.citizen = $2`
)

// CitizenFilings returns a citizen's filings, newest first, at most 100.
func (s *Store) CitizenFilings(ctx context.Context, citizen string) ([]Filing, error) {
	rows, _ := s.pool.Query(ctx, citizenFilings, citizen)
	filings, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Filing, err error) {
		err = row.Scan(f.columns()...)
		return f, err
	})
	return filings, failed("reading a citizen's filings", err)
}

// FilingOf returns one filing of a citizen by its number (as ParseNumber
// returns it); ErrNotFound if there is none or it is another's.
func (s *Store) FilingOf(ctx context.Context, citizen, number string) (Filing, error) {
	var f Filing
	err := s.pool.QueryRow(ctx, filingOf, number, citizen).Scan(f.columns()...)
	return f, failed("reading a filing", err)
}

// timeline names the filing twice: by the month of its filing the right partition is found.
const timeline = `
	select e.ver, e.at, e.kind, e.actor, e.note, coalesce(e.station, ''), coalesce(p.role, ''), coalesce(p.station, ''), coalesce(p.district, '')
	from events e left join posts p on p.id = e.post
	where e.filing = $1 and e.filed_at = (select created_at from filings where id = $1)
	order by e.ver`

// Timeline returns a filing's events, oldest first. The caller has found the
// filing by FilingOf: here nobody asks whose it is.
func (s *Store) Timeline(ctx context.Context, filing int64) ([]Event, error) {
	return s.timeline(ctx, s.pool, filing)
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func (s *Store) timeline(ctx context.Context, q querier, filing int64) ([]Event, error) {
	rows, _ := q.Query(ctx, timeline, filing)
	events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Event, err error) {
		var note []byte
		var by By
		if err := row.Scan(&e.Ver, &e.At, &e.Kind, &e.Actor, &note, &e.Other, &by.Role, &by.Station, &by.District); err != nil {
			return e, err
		}
		if by.Role != "" {
			e.By = &by
		}
		e.Note, err = s.keys.OpenText(note, eventPlace(filing, e.Ver))
		return e, err
	})
	return events, failed("reading a timeline", err)
}

const (
	lockFiling = `select ` + filingColumns + ` from filings f where f.id = $1 and f.citizen = $2 for update`

	// addEvent makes version $2 of filing $1.
	addEvent = `
		insert into events (filing, filed_at, ver, kind, actor, dialog, note)
		select f.id, f.created_at, $2, $3, 'citizen', nullif($4, ''), $5 from filings f where f.id = $1`

	wasAdded = `
		select exists (select from events e
			where e.filing = $1 and e.filed_at = (select created_at from filings where id = $1) and e.dialog = $2)`

	addMedia = `
		insert into filing_media (filing, media, sha256, kind, mime, size, received_at, label)
		select $1, m.* from unnest($2::text[], $3::bytea[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], $8::text[]) m
		on conflict do nothing`

	// tellOfInformation makes notices to all chats that have a card of filing $1.
	tellOfInformation = `
		insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
		select 'information', f.urgent, c.chat, f.id, f.ver, 'pending', 'information:' || f.id || ':' || f.ver || ':' || encode(c.chat, 'hex')
		from filings f join cards c on c.filing = f.id join chats t on t.id = c.chat
		where f.id = $1 and t.reachable
		on conflict (dedupe_key) do nothing
		returning id, urgent`
)

// Addition is what a citizen says about a filing after it was made.
type Addition struct {
	Kind   string // Information, Sighting, Answer, Found with a word of how, or Reopened with the reason
	Dialog string // that it was said in: it is added once
	Text   string
	Media  []Media
}

// The status that an addition leaves behind: an answer gives the filing back to
// the officer, in the status that it had before the question; who was found is
// no longer missing.
const (
	answered = `
		update filings f set ver = ver + 1, updated_at = now(), status = case when f.status = 'needs_info' then coalesce((
			select case e.kind when 'transfer_accepted' then 'acknowledged' else e.kind end from events e
			where e.filing = f.id and e.filed_at = f.created_at
				and e.kind in ('acknowledged', 'enquiry', 'fir_registered', 'transfer_accepted')
			order by e.ver desc limit 1), 'acknowledged') else f.status end
		where f.id = $1`
	foundByCitizen = `
		update filings set ver = ver + 1, updated_at = now(), status = 'found', closed_at = now()` + stays + ` where id = $1`
	addedTo  = `update filings set ver = ver + 1, updated_at = now() where id = $1`
	reopened = `
		update filings set ver = ver + 1, updated_at = now(), status = 'reopened', closed_at = null where id = $1`
)

// leaves is the status that an addition leaves, for the clocks: what an answer gives back is no
// question any more, whatever it was before.
var leaves = map[string]Status{Answer: Acknowledged, string(Found): Found, string(Reopened): Reopened}

// ReopenDays is how long after its end a citizen may reopen a filing.
const ReopenDays = 30

// mayAdd says whether a filing takes an addition of a kind as it stands.
func (f *Filing) mayAdd(kind string) bool {
	if kind == string(Reopened) {
		return !f.ClosedAt.IsZero() && !f.Old
	}
	return f.ClosedAt.IsZero()
}

// Add adds a text and evidence to an open filing, or reopens an ended one, once
// for each dialog, and tells the officers who have its card. ErrNotFound if it is
// not the citizen's, ErrClosed if it is closed, or no longer to be reopened.
func (s *Store) Add(ctx context.Context, citizen string, filing int64, a Addition) error {
	change := map[string]string{Information: addedTo, Sighting: addedTo, Answer: answered, string(Found): foundByCitizen, string(Reopened): reopened}[a.Kind]
	if change == "" {
		return fmt.Errorf("adding information: there is no kind %q", a.Kind)
	}
	return s.inTx(ctx, "adding information", func(tx pgx.Tx) error {
		var f Filing
		if err := tx.QueryRow(ctx, lockFiling, filing, citizen).Scan(f.columns()...); err != nil {
			return failed("adding information", err)
		}
		var repeat bool
		if err := tx.QueryRow(ctx, wasAdded, filing, a.Dialog).Scan(&repeat); err != nil {
			return failed("adding information", err)
		}
		switch {
		case repeat:
			return nil
		case !f.mayAdd(a.Kind):
			return ErrClosed
		}
		note, err := s.keys.SealText(a.Text, eventPlace(f.ID, f.Ver+1))
		if err != nil {
			return fmt.Errorf("adding information: %w", err)
		}
		if err := s.turnClocks(ctx, tx, f, a.Kind, leaves[a.Kind], a.Kind == string(Found)); err != nil {
			return err
		}
		var batch pgx.Batch
		batch.Queue(change, f.ID)
		batch.Queue(addEvent, f.ID, f.Ver+1, a.Kind, a.Dialog, note)
		batch.Queue(addMedia, append([]any{f.ID}, mediaArgs(ofEvent(a.Media, f.Ver+1))...)...)
		if a.Kind == string(Found) {
			batch.Queue(forgetWaitingCard, f.ID, "ended")
		}
		if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
			return failed("adding information", err)
		}
		if a.Kind == string(Found) {
			err = s.ended(ctx, tx, f.ID)
		} else { // it says more, or is looked for anew
			err = s.matchFiling(ctx, tx, f.ID, f.Service)
		}
		if err != nil {
			return err
		}
		if err := s.wake(ctx, tx, tellOfInformation, f.ID); err != nil {
			return err
		}
		return s.wake(ctx, tx, editCards, f.ID)
	})
}

// ofEvent labels files as those of the event that makes a version.
func ofEvent(media []Media, ver int) []Media {
	labelled := make([]Media, len(media))
	for i, m := range media {
		m.Label = EventLabel(ver)
		labelled[i] = m
	}
	return labelled
}

// EventLabel is the label of the files that came with the event of a version.
func EventLabel(ver int) string { return fmt.Sprintf("event.%d", ver) }

const (
	withdraw = `
		update filings set status = 'withdrawn', ver = ver + 1, updated_at = now(), closed_at = now()` + stays + ` where id = $1`

	// forgetWaitingCard: nobody has to see the card of a filing that ended before there was an officer.
	forgetWaitingCard = `
		update notices set state = 'failed', reason = $2 where filing = $1 and kind in ('card', 'overdue') and state = 'waiting'`
)

// Withdraw ends an open filing for a reason, and brings its cards up to date. A
// second withdrawal does nothing. Errors as Add, and ErrRegistered for one of
// which an FIR was registered: that is for a court to end.
func (s *Store) Withdraw(ctx context.Context, citizen string, filing int64, reason string) error {
	return s.inTx(ctx, "withdrawing", func(tx pgx.Tx) error {
		var f Filing
		if err := tx.QueryRow(ctx, lockFiling, filing, citizen).Scan(f.columns()...); err != nil {
			return failed("withdrawing", err)
		}
		switch {
		case f.Status == Withdrawn:
			return nil
		case !f.ClosedAt.IsZero():
			return ErrClosed
		case f.FIR != "" || f.ZeroFIR != "":
			return ErrRegistered
		}
		note, err := s.keys.SealText(reason, eventPlace(f.ID, f.Ver+1))
		if err != nil {
			return fmt.Errorf("withdrawing: %w", err)
		}
		if err := s.turnClocks(ctx, tx, f, string(Withdrawn), Withdrawn, true); err != nil {
			return err
		}
		var batch pgx.Batch
		batch.Queue(withdraw, f.ID)
		batch.Queue(addEvent, f.ID, f.Ver+1, Withdrawn, "", note)
		batch.Queue(forgetWaitingCard, f.ID, "withdrawn")
		if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
			return failed("withdrawing", err)
		}
		if err := s.ended(ctx, tx, f.ID); err != nil {
			return err
		}
		return s.wake(ctx, tx, editCards, f.ID)
	})
}
