package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Status is where a filing stands.
type Status string

// The statuses of a filing, as in the citizen's timeline.
const (
	Received     Status = "received" // recorded; no officer's chat to send it to yet
	Sent         Status = "sent"     // on its way to the station
	Acknowledged Status = "acknowledged"
	Enquiry      Status = "enquiry"
	NeedsInfo    Status = "needs_info"    // the citizen was asked something
	ReportIssued Status = "report_issued" // the paper that was asked for is there
	Verified     Status = "verified"
	NotVerified  Status = "not_verified"
	CannotVerify Status = "cannot_verify"
	Found        Status = "found"
	Closed       Status = "closed" // for a reason, which its event has
	Withdrawn    Status = "withdrawn"
	Reopened     Status = "reopened"

	FIRRegistered Status = "fir_registered"
	Transferred   Status = "transferred" // on its way to another station, which has to accept it
)

// NewFiling is a filing to be made.
type NewFiling struct {
	Dialog  string // id of the dialog: the same dialog files once
	Service string // service id, "complaint"
	Prefix  string // two capital letters before the number, "SH"

	Citizen   string  // id of the citizen who files
	Applicant Profile // the citizen as Profile returned it, with this dialog's changes: kept with the filing and as the new profile
	Channel   string  // where it was filed, and where news of it go
	Chat      string
	Lang      string // of the dialog: "hi", "en"

	Station  string // code of the station; "" if it is not in the list: then District decides
	District string // code of the police district; with a Station the station's is taken

	Sensitive    bool // only the SHO sees it, never a group
	Urgent       bool // ahead of other notices
	TellDistrict bool // the SHO and those above get the card at once, beside the station: a missing child

	Details     json.RawMessage // the service's struct
	Same        string          // what two filings of the same content have in common; Details if empty
	Confirmed   bool            // the citizen said that it is a new filing although the same was filed before
	Identifiers []Identifier
	NameParts   []string // what the names in it are found by (hindi.NameParts), all parts together
	Media       []Media

	Without []Clock     // the service's clocks that this filing does without
	Senior  *NewSenior  // of a registration of a senior
	Journey *NewJourney // of a travel alert
}

// Identifier is something to find a filing by, never stored in the clear.
type Identifier struct {
	Kind  string // "imei", "vehicle", "phone", "document", ...
	Value string // canonical
}

// Media is an evidence file of a filing; its bytes are in the media store.
type Media struct {
	ID         string    `json:"id"` // key in the media store
	SHA256     []byte    `json:"sha256"`
	Kind       string    `json:"kind"` // "photo", "voice", "video", "document"
	MIME       string    `json:"mime"`
	Size       int64     `json:"size"` // bytes
	ReceivedAt time.Time `json:"received_at"`
	Label      string    `json:"label"` // key of the question it answers
}

// Filed is the answer to a filing.
type Filed struct {
	ID      int64
	Number  string
	Station string    // code, "" if none
	Created bool      // false: this dialog had filed before
	AckDue  time.Time // by when the station should have acknowledged; zero once it has
}

// lockOwner makes one citizen's filings wait for each other, so that each sees
// the content of those before.
const lockOwner = `select pg_advisory_xact_lock(hashtextextended($1, 0))`

// insertFiling does all of File in one statement, in the order of its CTEs, and
// returns one row: the filing, new or of the same dialog, or the number of one
// with the same content, or neither if number or dialog was taken meanwhile.
const insertFiling = `
	with prior as (
		select id, number, citizen, station from filings where dialog = $1
	), same as (
		select number from filings
		where citizen = $2 and created_at > now() - interval '30 minutes' and service = $3 and content_hash = $4
			and status <> 'withdrawn' and not $5 and not exists (select from prior)
		order by created_at desc limit 1
	), place as (
		select nullif($6, '') as station, coalesce((select district from stations where code = $6), $7) as district, $8::boolean as sensitive,
			$29::boolean as tell_district, null::text as to_station, null::text as to_district
	), officers as (
		select a.chat from place f, lateral (` + cardAudience + `) a
	), new as (
		insert into filings (dialog, citizen, service, content_hash, station, district, sensitive, tell_district,
			number, chat, channel, lang, urgent, details, applicant, status, ver)
		select $1, $2, $3, $4, station, district, sensitive, tell_district,
			$9, $10, $11, $12, $13, $14, $15,
			case when exists (select from officers) then 'sent' else 'received' end,
			case when exists (select from officers) then 2 else 1 end
		from place
		where not exists (select from prior) and not exists (select from same)
		on conflict do nothing
		returning id, number, citizen, chat, station, created_at, ver
	), event as (
		insert into events (filing, filed_at, ver, kind, actor)
		select new.id, new.created_at, e.ver, e.kind, e.actor
		from new join (values (1, 'received', 'citizen'), (2, 'sent', 'system')) e (ver, kind, actor) on e.ver <= new.ver
	), profile as (
		update citizens set profile = $16 from new where citizens.id = $2
	), identifier as (
		insert into filing_identifiers (filing, kind, value)
		select new.id, i.kind, i.value from new, unnest($17::text[], $18::bytea[]) i (kind, value)
		on conflict do nothing
	), media as (
		insert into filing_media (filing, media, sha256, kind, mime, size, received_at, label)
		select new.id, m.* from new,
			unnest($19::text[], $20::bytea[], $21::text[], $22::text[], $23::bigint[], $24::timestamptz[], $25::text[]) m
		on conflict do nothing
	), clock as (
		insert into clocks (filing, kind, due_at, next_at)
		select new.id, k.kind, now() + k.due, now() + k.first
		from new, unnest($26::text[], $27::interval[], $28::interval[]) k (kind, due, first)
		returning kind, due_at, next_at
	), card as (
		insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
		select 'card', $13, officers.chat, new.id, new.ver, 'pending', 'card:' || new.id || ':' || encode(officers.chat, 'hex')
		from new, officers
		union all
		select 'card', $13, null, new.id, new.ver, 'waiting', 'card:' || new.id || ':waiting'
		from new where not exists (select from officers)
		returning id, state
	), receipt as (
		insert into notices (kind, chat, filing, ver, state, dedupe_key)
		select 'receipt', c.chat, f.id, 1, case when c.chat is null then 'waiting' else 'pending' end, 'receipt:' || f.id
		from new f left join lateral (` + citizenChat + `) c on true
		where f.citizen is not null
		returning id, state
	)
	select coalesce(new.id, prior.id, 0), coalesce(new.number, prior.number, ''), coalesce(new.station, prior.station, ''),
		coalesce((select due_at from clock where kind = 'acknowledge'),
			(select due_at from clocks c where c.filing = prior.id and c.kind = 'acknowledge' and c.ended_at is null), ` + noTime + `), new.id is not null, coalesce(prior.citizen, $2),
		coalesce((select number from same), ''), array(select id from card where state = 'pending'), coalesce((select id from receipt where state = 'pending'), 0),
		array(select kind from clock order by kind), array(select next_at from clock order by kind)
	from (select) one left join new on true left join prior on true`

// insertNames keeps what the names in the filing of number $1 are found by.
const insertNames = `
	insert into filing_names (key, district, filing)
	select n, f.district, f.id from filings f, unnest($2::bytea[]) n where f.number = $1
	on conflict do nothing`

// File makes a filing, once for each dialog: the record, its first events, the
// applicant's profile, evidence, identifiers, the clocks, the cards for the
// officers, the citizen's receipt and the jobs that send them, all in one
// transaction. The same dialog gets the same number again. [ErrNotYours] if
// another citizen used the dialog id; [*DuplicateError] if the same content
// was filed by the same citizen in the last 30 minutes and not Confirmed.
func (s *Store) File(ctx context.Context, f NewFiling) (Filed, error) {
	if len(f.Prefix) != numberLetters || f.Dialog == "" || f.Citizen == "" {
		return Filed{}, errors.New("filing: prefix, dialog or citizen is missing")
	}
	if f.Applicant.Phone == "" { // the officer must be able to call back
		known, err := s.Profile(ctx, f.Citizen)
		if err != nil {
			return Filed{}, err
		}
		f.Applicant.Phone = known.Phone
	}
	// A number that is taken already is so unlikely that a third try means something else.
	for range 3 {
		filed, ok, err := s.tryFile(ctx, f, newNumber(f.Prefix))
		if ok || err != nil {
			return filed, err
		}
	}
	return Filed{}, errors.New("filing: no number was free")
}

// tryFile files under a number; false means that it or the dialog's id was taken meanwhile.
func (s *Store) tryFile(ctx context.Context, f NewFiling, number string) (filed Filed, ok bool, err error) {
	args, err := s.filingArgs(f, number)
	if err != nil {
		return Filed{}, false, err
	}
	var owner, same string
	err = s.inTx(ctx, "filing", func(tx pgx.Tx) error {
		var batch pgx.Batch
		batch.Queue(lockOwner, f.Citizen)
		batch.Queue(insertFiling, args...)
		batch.Queue(insertNames, number, s.nameKeys(f.NameParts))
		results := tx.SendBatch(ctx, &batch)
		defer func() { _ = results.Close() }()
		if _, err := results.Exec(); err != nil {
			return failed("filing", err)
		}
		var cards []int64
		var receipt int64
		var clocks []Clock
		var steps []time.Time
		row := results.QueryRow()
		if err := row.Scan(&filed.ID, &filed.Number, &filed.Station, &filed.AckDue, &filed.Created, &owner, &same, &cards, &receipt, &clocks, &steps); err != nil {
			return failed("filing", err)
		}
		if err := results.Close(); err != nil {
			return failed("filing", err)
		}
		var wakeups []wakeup
		for _, id := range cards {
			wakeups = append(wakeups, wakeup{Notice: id, Urgent: f.Urgent})
		}
		if receipt != 0 { // urgent is what the officers must see first
			wakeups = append(wakeups, wakeup{Notice: receipt, Queue: receiptQueue})
		}
		for i, kind := range clocks {
			wakeups = append(wakeups, wakeup{Filing: filed.ID, Clock: kind, At: steps[i]})
		}
		if err := s.insertJobs(ctx, tx, wakeups); err != nil || !filed.Created {
			return err
		}
		if err := s.matchFiling(ctx, tx, filed.ID, f.Service); err != nil {
			return err
		}
		switch {
		case f.Senior != nil:
			return s.registerSenior(ctx, tx, filed, f)
		case f.Journey != nil:
			return s.beginJourney(ctx, tx, filed, f)
		}
		return nil
	})
	switch {
	case err != nil:
		return Filed{}, false, err
	case owner != f.Citizen:
		return Filed{}, false, ErrNotYours
	case same != "":
		return Filed{}, false, &DuplicateError{Number: same}
	}
	return filed, filed.ID != 0, nil
}

// filingArgs are the arguments of insertFiling.
func (s *Store) filingArgs(f NewFiling, number string) ([]any, error) {
	details, err := s.keys.Seal(f.Details, detailsPlace(number))
	if err != nil {
		return nil, err
	}
	applicant, err := s.sealProfile(f.Applicant, applicantPlace(number))
	if err != nil {
		return nil, err
	}
	f.Applicant.Phone = ""
	profile, err := s.sealProfile(f.Applicant, profilePlace(f.Citizen))
	if err != nil {
		return nil, err
	}
	if f.Same == "" {
		f.Same = string(f.Details)
	}
	kinds, values := make([]string, len(f.Identifiers)), make([][]byte, len(f.Identifiers))
	for i, id := range f.Identifiers {
		kinds[i], values[i] = id.Kind, s.keys.Index(id.Kind, id.Value)
	}
	args := []any{
		f.Dialog, f.Citizen, f.Service, s.keys.MAC("content", f.Service, f.Same), f.Confirmed, f.Station, f.District, f.Sensitive,
		number, s.chatKey(f.Channel, f.Chat), f.Channel, f.Lang, f.Urgent, details, applicant, profile, kinds, values,
	}
	clocks, due, first := startedBy(f.Service, string(Received), f.Without...)
	return append(append(args, mediaArgs(f.Media)...), clocks, due, first, f.TellDistrict), nil
}

// mediaArgs are the columns of filing_media, each as an array.
func mediaArgs(media []Media) []any {
	n := len(media)
	ids, sums, kinds, mimes := make([]string, n), make([][]byte, n), make([]string, n), make([]string, n)
	sizes, times, labels := make([]int64, n), make([]time.Time, n), make([]string, n)
	for i, m := range media {
		ids[i], sums[i], kinds[i], mimes[i] = m.ID, m.SHA256, m.Kind, m.MIME
		sizes[i], times[i], labels[i] = m.Size, m.ReceivedAt, m.Label
	}
	return []any{ids, sums, kinds, mimes, sizes, times, labels}
}

// Numbers are known before the row is, so values are sealed for the number.
func detailsPlace(number string) string   { return "filings/details/" + number }
func applicantPlace(number string) string { return "filings/applicant/" + number }

// eventPlace is where the note of an event is sealed for.
func eventPlace(filing int64, ver int) string { return fmt.Sprintf("events/note/%d/%d", filing, ver) }
