package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// NewSenior is what a registration of a senior (वरिष्ठ नागरिक पंजीकरण) makes beside its filing.
type NewSenior struct {
	Name      string // the elder's
	Filer     string // the relative's who registers; "" if the elder does
	Phone     string // the elder's own, where a relative registers; "" if there is none
	Visits    bool   // wants to be visited; a relative can't say so, the elder's consent does
	Family    string // phones of whom to tell when something may be wrong
	Neighbour string
}

// The kinds of the events of seniors and journeys, beside the statuses.
const (
	EventConsent    = "consent"     // the elder agreed to be registered
	EventRefused    = "refused"     // the elder did not
	EventEnded      = "ended"       // the elder ended the registration
	EventSafe       = "safe"        // the traveller is back
	EventExtended   = "extended"    // and comes back on another day
	EventUnanswered = "unanswered"  // nobody answered: the family was told
	EventNoChat     = "unreachable" // the question can't reach the person: the family was told
	EventStation    = "no_answer"   // and still nobody: the station was told
	EventNoFamily   = "no_family"   // the family can't be reached by us: the station was told at once
	EventHelp       = "help_wanted" // the senior asked for help
	EventAnswered   = "answered"    // the senior answered after an alarm
)

// visitEvery is how often a registered senior is visited.
const visitEvery = "1 month"

const (
	insertSenior = `
		insert into seniors (filing, elder, name, filer, visits, consent, visit_due_at)
		select $1, case when $3::bytea is null then (select phone_index from citizens where id = $7) else $2 end, $4, $3, $5,
			case when $3::bytea is null then 'given' else 'waiting' end,
			case when $3::bytea is null and $5 then now() + $6 + interval '` + visitEvery + `' end
		returning elder`

	lockSenior = `
		select f.id, f.closed_at is not null, s.consent, s.elder is not null and s.elder = z.phone_index
		from filings f join seniors s on s.filing = f.id left join citizens z on z.id = $2
		where f.number = $1 for update of f`

	setConsent = `
		update seniors set consent = $2, visits = $2 = 'given',
			visit_due_at = case when $2 = 'given' then now() + $3 + interval '` + visitEvery + `' end
		where filing = $1 and consent = 'waiting'`

	// personEvent makes the next version of filing $1 with an event of kind $2 by $3 ("citizen", "officer", "system"), in
	// dialog $4, of post $5, urgent or not if $6 says so, ended with status $7 if that says so.
	personEvent = `
		with f as (
			update filings set ver = ver + 1, updated_at = now(), urgent = coalesce($6, urgent),
				status = coalesce(nullif($7, ''), status),
				closed_at = case when $7 <> '' then now() else closed_at end,
				handler = coalesce((select officer from posts where id = $5), handler)
			where id = $1 returning id, created_at, ver
		)
		insert into events (filing, filed_at, ver, kind, actor, dialog, post)
		select id, created_at, ver, $2, $3, nullif($4, ''), nullif($5::bigint, 0) from f`
)

// event is something that happened to a filing of a senior or a traveller.
type event struct {
	kind   string
	actor  string // "citizen", "officer", "system"
	dialog string
	post   int64
	urgent *bool
	ends   Status // "" leaves it open
}

func (s *Store) personEvent(ctx context.Context, tx pgx.Tx, filing int64, e event) error {
	_, err := tx.Exec(ctx, personEvent, filing, e.kind, e.actor, e.dialog, e.post, e.urgent, e.ends)
	if err == nil && e.ends != "" {
		if _, err = tx.Exec(ctx, endClocks, filing, nil, true); err == nil {
			_, err = tx.Exec(ctx, forgetWaitingCard, filing, "ended")
		}
	}
	if err != nil {
		return failed("noting what happened to a filing", err)
	}
	return s.wake(ctx, tx, editCards, filing)
}

// registerSenior makes what belongs to the filing of a senior, and asks the elder whom a relative registered.
func (s *Store) registerSenior(ctx context.Context, tx pgx.Tx, filed Filed, f NewFiling) error {
	n := f.Senior
	name, err := s.keys.SealText(n.Name, personPlace(filed.Number))
	if err != nil {
		return err
	}
	var filer []byte
	if n.Filer != "" {
		if filer, err = s.keys.SealText(n.Filer, filerPlace(filed.Number)); err != nil {
			return err
		}
	}
	var elder []byte
	err = tx.QueryRow(ctx, insertSenior, filed.ID, s.keys.Index("phone", n.Phone), filer, name, n.Visits, s.ahead(), f.Citizen).Scan(&elder)
	if err != nil {
		return failed("registering a senior", err)
	}
	for role, phone := range map[string]string{Family: n.Family, Neighbour: n.Neighbour} {
		if err := s.contact(ctx, tx, filed.ID, role, phone); err != nil {
			return err
		}
	}
	if filer == nil || elder == nil {
		return nil
	}
	return s.wake(ctx, tx, tellPhones, filed.ID, NoticeAskConsent, [][]byte{elder}, "1", nil, false)
}

// Registration is a senior's registration as the senior sees it.
type Registration struct {
	Details
	Name     string    // the elder's
	VisitDue time.Time // zero if no visit is due
	Greeting *Greeting // nil: none is wanted
}

const registrationOf = `
	select f.lang, f.details, f.applicant, s.name, coalesce(s.visit_due_at, ` + noTime + `), ` + filingColumns + `
	from citizens z join seniors s on s.elder = z.phone_index join filings f on f.id = s.filing
	where z.id = $1 and s.consent = 'given' and f.closed_at is null
	order by f.id desc limit 1`

// Registration opens a citizen's own registration as a senior, whoever filed it. ErrNotFound if there
// is none that the citizen agreed to.
func (s *Store) Registration(ctx context.Context, citizen string) (Registration, error) {
	var r Registration
	var details, applicant, name []byte
	err := s.pool.QueryRow(ctx, registrationOf, citizen).
		Scan(append([]any{&r.Lang, &details, &applicant, &name, &r.VisitDue}, r.columns()...)...)
	if err != nil {
		return Registration{}, failed("reading a registration", err)
	}
	if err := s.openFiling(&r.Details, details, applicant); err != nil {
		return Registration{}, fmt.Errorf("reading a registration: %w", err)
	}
	if r.Name, err = s.keys.OpenText(name, personPlace(r.Number)); err != nil {
		return Registration{}, fmt.Errorf("reading a registration: %w", err)
	}
	r.Greeting, err = s.greeting(ctx, r.ID)
	return r, err
}

// Senior is what a registration's card shows.
type Senior struct {
	Waiting  bool // for the elder's yes
	VisitDue time.Time
}

// SeniorOf returns it; ErrNotFound if a filing is no registration.
func (s *Store) SeniorOf(ctx context.Context, filing int64) (Senior, error) {
	var o Senior
	err := s.pool.QueryRow(ctx, `select consent = 'waiting', coalesce(visit_due_at, `+noTime+`) from seniors where filing = $1`, filing).
		Scan(&o.Waiting, &o.VisitDue)
	return o, failed("reading a senior", err)
}

// ConsentAsked is what an elder is asked: whether a relative may have registered them.
type ConsentAsked struct {
	Filing  int64
	Filer   string // the relative's name
	Waiting bool   // not answered yet
	Given   bool
}

// consentAsked is the question, and stops the notice that would ask it again.
const consentAsked = `
	with stopped as (
		update notices n set state = 'failed', reason = 'asked', lease_token = null, lease_until = null
		from filings f, seniors s, citizens z
		where f.number = $2 and n.filing = f.id and n.kind = 'ask_consent' and n.state in ('pending', 'waiting')
			and s.filing = f.id and z.id = $1 and s.elder = z.phone_index
	)
	select f.id, s.filer, s.consent = 'waiting' and f.closed_at is null, s.consent = 'given' and f.closed_at is null
	from citizens z join seniors s on s.elder = z.phone_index join filings f on f.id = s.filing
	where z.id = $1 and f.number = $2 and s.filer is not null`

// ConsentAsked returns what a citizen is asked about a registration, by its number. ErrNotFound if
// there is no such registration, or the citizen's phone is not the one that it names.
func (s *Store) ConsentAsked(ctx context.Context, citizen, number string) (ConsentAsked, error) {
	var a ConsentAsked
	var filer []byte
	err := s.pool.QueryRow(ctx, consentAsked, citizen, number).Scan(&a.Filing, &filer, &a.Waiting, &a.Given)
	if err != nil {
		return ConsentAsked{}, failed("reading a question of consent", err)
	}
	if a.Filer, err = s.keys.OpenText(filer, filerPlace(number)); err != nil {
		return ConsentAsked{}, fmt.Errorf("reading a question of consent: %w", err)
	}
	return a, nil
}

// Consent notes an elder's yes or no to the registration with a number. A no ends it. Either way the
// relative is told. Once it was answered, the answer stays. ErrNotFound as in ConsentAsked.
func (s *Store) Consent(ctx context.Context, citizen, number string, given bool, dialog string) error {
	return s.inTx(ctx, "noting a consent", func(tx pgx.Tx) error {
		var filing int64
		var closed, own bool
		var consent string
		if err := tx.QueryRow(ctx, lockSenior, number, citizen).Scan(&filing, &closed, &consent, &own); err != nil {
			return failed("noting a consent", err)
		}
		switch {
		case !own:
			return ErrNotFound
		case closed || consent != "waiting":
			return nil
		}
		return s.ConsentIn(ctx, tx, filing, given, ConsentBy{Dialog: dialog})
	})
}

// ConsentBy is who noted an elder's yes or no: the elder in a dialog, or the officer of a post at a visit.
type ConsentBy struct {
	Dialog string
	Post   int64
}

// ConsentIn notes an elder's yes or no within the transaction of the act that it is part of, which has
// locked the filing and decided that it may be done.
func (s *Store) ConsentIn(ctx context.Context, tx pgx.Tx, filing int64, given bool, by ConsentBy) error {
	e := event{kind: EventConsent, actor: "citizen", dialog: by.Dialog, post: by.Post}
	consent := "given"
	if by.Post != 0 {
		e.actor = "officer"
	}
	if !given {
		consent, e.kind, e.ends = "refused", EventRefused, Withdrawn
	}
	tag, err := tx.Exec(ctx, setConsent, filing, consent, s.ahead())
	if err != nil || tag.RowsAffected() == 0 {
		return failed("noting a consent", err)
	}
	if err := s.personEvent(ctx, tx, filing, e); err != nil {
		return err
	}
	return s.wake(ctx, tx, tellCitizen, filing)
}

const ownRegistration = `
	select f.id from citizens z join seniors s on s.elder = z.phone_index join filings f on f.id = s.filing
	where z.id = $1 and f.number = $2 and s.consent = 'given' and f.closed_at is null
	for update of f`

// EndRegistration ends a senior's registration for the senior, whoever filed it, and all that came with it: visits,
// greetings, linked relatives. ErrNotFound if there is none (any more).
func (s *Store) EndRegistration(ctx context.Context, citizen, number, dialog string) error {
	return s.inTx(ctx, "ending a registration", func(tx pgx.Tx) error {
		var filing int64
		if err := tx.QueryRow(ctx, ownRegistration, citizen, number).Scan(&filing); err != nil {
			return failed("ending a registration", err)
		}
		if err := s.personEvent(ctx, tx, filing, event{kind: EventEnded, actor: "citizen", dialog: dialog, ends: Withdrawn}); err != nil {
			return err
		}
		return s.ended(ctx, tx, filing)
	})
}

// ended stops what runs beside a filing that has come to an end: matching, check-ins, visits, and tells those who were alarmed.
func (s *Store) ended(ctx context.Context, tx pgx.Tx, filing int64) error {
	if _, err := tx.Exec(ctx, forgetFeatures, filing, 0); err != nil {
		return failed("ending matching", err)
	}
	if _, err := tx.Exec(ctx, `update seniors set visit_due_at = null where filing = $1`, filing); err != nil {
		return failed("ending visits", err)
	}
	tag, err := tx.Exec(ctx, `update checkins set due_at = null, state = 'quiet' where filing = $1`, filing)
	if err != nil || tag.RowsAffected() == 0 {
		return failed("ending check-ins", err)
	}
	return s.relieve(ctx, tx, filing)
}

// Details of a registration, as its service keeps them.
type registrationForm struct {
	Form json.RawMessage `json:"form"`
}

// Form decodes what the service keeps of a registration for itself.
func (r Registration) Form(into any) error {
	var kept registrationForm
	if json.Unmarshal(r.Details.Details, &kept) != nil || json.Unmarshal(kept.Form, into) != nil {
		return errors.New("a registration is not what this program writes") // json's error would quote it
	}
	return nil
}
