package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Outcome is what became of an officer's action.
type Outcome string

// The outcomes.
const (
	Done       Outcome = "done"        // also when the same officer repeats it
	Already    Outcome = "already"     // another officer did it first: Act.By says which post
	Taken      Outcome = "taken"       // the FIR's number is another's: Act.Has says whose
	NotAllowed Outcome = "not_allowed" // no post of the sender allows it, or there is no such filing
	Stale      Outcome = "stale"       // the filing changed meanwhile: show it anew
)

// Step is what an officer wants to do with a filing.
type Step struct {
	Action Action
	Filing int64
	Ver    int     // the version that the officer saw; 0: any
	Dialog string  // of the interview that asked what the action needs: it acts once; "" for a button alone
	Note   string  // what the officer said: a question, a reason, a result
	Media  []Media // photos of a visit, a signed paper
	FIR    *NewFIR // for ActRegister
	To     string  // code of the station, for ActTransfer
}

// Act is the answer to an officer's action.
type Act struct {
	Outcome Outcome
	Repeat  bool   // Done before, by this officer
	Filing  Filing // as it stands now; zero for NotAllowed
	By      By     // who did it, for Done and Already
	Last    Event  // what happened to the filing last, for Stale
	Has     FIRHolder
}

const (
	// lockForAct keeps a filing as it is. Rows that only name it may still be added.
	lockForAct = `select ` + filingColumns + ` from filings f where f.id = $1 for no key update`

	// actingPost is the post of sender $4 that may act on filing $3. It is locked
	// against being revoked until the act is committed.
	actingPost = `
		select p.id, p.role, coalesce(p.station, ''), coalesce(p.district, '')
		from officers o join posts p on p.officer = o.id, filings f
		where o.sender = $4 and p.revoked_at is null and f.id = $3 and ` + covers + `
		order by p.id limit 1
		for share of p`

	// lastOf is the post that made the last event of kind $2 of filing $1, and
	// whether that was sender $3.
	lastOf = `
		select q.role, coalesce(q.station, ''), coalesce(q.district, ''), o.sender = $3
		from events e join posts q on q.id = e.post join officers o on o.id = q.officer
		where e.filing = $1 and e.filed_at = (select created_at from filings where id = $1) and e.kind = $2
		order by e.ver desc limit 1`

	lastEvent = `
		select e.ver, e.at, e.kind, e.actor, coalesce(e.station, ''), coalesce(p.role, ''), coalesce(p.station, ''), coalesce(p.district, '')
		from events e left join posts p on p.id = e.post
		where e.filing = $1 and e.filed_at = (select created_at from filings where id = $1)
		order by e.ver desc limit 1`

	// changedSince says whether filing $1 is another than it was in version $2: a clock's event ($3) makes no
	// difference to what an officer saw.
	changedSince = `
		select exists (select from events e
			where e.filing = $1 and e.filed_at = (select created_at from filings where id = $1) and e.ver > $2 and e.kind <> all($3))`

	// changeFiling makes the next version of filing $1: with status $2 unless
	// empty, ended if $3, sensitive if $4, and with the FIR's number $5 or the Zero
	// FIR's $6 unless empty.
	changeFiling = `
		update filings f set ver = ver + 1, updated_at = now(), status = coalesce(nullif($2, ''), status),
			closed_at = case when $3 then now() else closed_at end,
			sensitive = sensitive or $4, fir = coalesce(nullif($5, ''), fir), zero_fir = coalesce(nullif($6, ''), zero_fir)
		where id = $1
		returning ` + filingColumns

	officerEvent = `
		with handled as (
			update filings set handler = (select officer from posts where id = $3),
				acknowledged_at = case when $2 = '` + string(Acknowledged) + `' then coalesce(acknowledged_at, now()) else acknowledged_at end
			where id = $1
			returning id, created_at, ver
		)
		insert into events (filing, filed_at, ver, kind, actor, post, dialog, note, station)
		select id, created_at, ver, $2, 'officer', $3, nullif($4, ''), $5, nullif($6, '') from handled`

	// tellCitizen makes the news of filing $1's newest version. A filing without a
	// citizen has nobody to tell.
	tellCitizen = `
		with made as (
			insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
			select 'status', f.urgent, c.chat, f.id, f.ver, case when c.chat is null then 'waiting' else 'pending' end, 'status:' || f.id || ':' || f.ver
			from filings f left join lateral (` + citizenChat + `) c on true
			where f.id = $1 and f.citizen is not null
			on conflict (dedupe_key) do nothing
			returning id, urgent, state
		)
		select id, urgent from made where state = 'pending'`
)

// Act does a step for an officer, in one transaction with all that follows
// from it: the event, the citizen's news, the cards. The right, the status and
// the version are looked at while the filing and the post are locked.
func (s *Store) Act(ctx context.Context, channel, sender string, st Step) (Act, error) {
	r, ok := rules[st.Action]
	if !ok || r.event == "" {
		return Act{Outcome: NotAllowed}, nil
	}
	key := s.senderKey(channel, sender)
	var a Act
	err := s.inTx(ctx, "acting on a filing", func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, lockForAct, st.Filing).Scan(a.Filing.columns()...)
		if errors.Is(err, pgx.ErrNoRows) {
			a = Act{Outcome: NotAllowed}
			return nil
		}
		if err != nil {
			return failed("acting on a filing", err)
		}
		var post int64
		may := st.Action
		if r.decides() && a.Filing.To == "" {
			may = ActView // it was decided before: who sees the filing may hear how
		}
		ordinary, sensitive := roleNames(may)
		err = tx.QueryRow(ctx, actingPost, ordinary, sensitive, st.Filing, key).Scan(&post, &a.By.Role, &a.By.Station, &a.By.District)
		if errors.Is(err, pgx.ErrNoRows) {
			a = Act{Outcome: NotAllowed}
			return nil
		}
		if err != nil {
			return failed("acting on a filing", err)
		}
		done, err := s.doneBefore(ctx, tx, &a, r, st, key)
		if done || err != nil {
			return err
		}
		c, ok, err := changeBy(ctx, tx, a.Filing, r, st)
		if err != nil {
			return err
		}
		if !ok {
			a = Act{Outcome: NotAllowed}
			return nil
		}
		if st.FIR != nil {
			has, err := s.register(ctx, tx, a.Filing, post, *st.FIR)
			if err != nil {
				return err
			}
			if has != nil {
				a.Outcome, a.By, a.Has = Taken, By{}, *has
				return nil
			}
		}
		a.Outcome = Done
		ver := a.Filing.Ver
		if err := s.takeStep(ctx, tx, &a.Filing, post, r, st, c); err != nil {
			return err
		}
		if a.Filing.Ver == ver { // the elder had answered already
			return s.stale(ctx, tx, &a)
		}
		return nil
	})
	return a, err
}

// doneBefore says whether a step is not to be taken: it was taken before, by
// this officer or another, or the filing is not open to it (any more). It fills
// in what the officer is told.
func (s *Store) doneBefore(ctx context.Context, tx pgx.Tx, a *Act, r rule, st Step, sender []byte) (bool, error) {
	var repeat bool
	if st.Dialog != "" {
		if err := tx.QueryRow(ctx, wasAdded, st.Filing, st.Dialog).Scan(&repeat); err != nil {
			return false, failed("acting on a filing", err)
		}
	}
	if repeat {
		a.Outcome, a.Repeat = Done, true
		return true, nil
	}
	var by By
	var own bool
	err := tx.QueryRow(ctx, lastOf, st.Filing, r.event, sender).Scan(&by.Role, &by.Station, &by.District, &own)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return false, failed("acting on a filing", err)
	}
	before := err == nil
	changed := st.Ver > a.Filing.Ver
	if st.Ver != 0 && st.Ver < a.Filing.Ver {
		if err := tx.QueryRow(ctx, changedSince, st.Filing, st.Ver, clockEvents).Scan(&changed); err != nil {
			return false, failed("acting on a filing", err)
		}
	}
	twice := r.once && before || st.FIR != nil && st.FIR.Zero && a.Filing.ZeroFIR != ""
	if Offered(st.Action, a.Filing) && !changed && !twice {
		return false, nil
	}
	switch {
	case !before || !r.stands(a.Filing):
		return true, s.stale(ctx, tx, a)
	case own && st.FIR == nil && st.To == "": // else it may have been another number or station
		a.Outcome, a.Repeat, a.By = Done, true, by
	default:
		a.Outcome, a.By = Already, by
	}
	return true, nil
}

// stale makes of an Act one that came too late, with what happened to the filing last.
func (s *Store) stale(ctx context.Context, tx pgx.Tx, a *Act) error {
	a.Outcome, a.By = Stale, By{}
	var by By
	e := &a.Last
	err := tx.QueryRow(ctx, lastEvent, a.Filing.ID).Scan(&e.Ver, &e.At, &e.Kind, &e.Actor, &e.Other, &by.Role, &by.Station, &by.District)
	if by.Role != "" {
		e.By = &by
	}
	return failed("acting on a filing", err)
}

// decides says whether an action says yes or no to a filing on its way.
func (r rule) decides() bool { return slices.Contains(r.from, Transferred) }

// stands says whether what an action did before still stands, also when more
// was done since: a filing that was reopened is as if it had not been.
func (r rule) stands(f Filing) bool {
	switch {
	case r.to == "":
		return r.once
	case f.Status == r.to:
		return true
	}
	return !r.ends && f.Status != Reopened && !slices.Contains(r.from, f.Status)
}

// takeStep takes a step: the filing's next version and all that follows from it.
func (s *Store) takeStep(ctx context.Context, tx pgx.Tx, f *Filing, post int64, r rule, st Step, c change) error {
	if st.Action == ActConsent || st.Action == ActRefuse {
		by := ConsentBy{Dialog: st.Dialog, Post: post}
		if err := s.ConsentIn(ctx, tx, f.ID, st.Action == ActConsent, by); err != nil {
			return err
		}
		return failed("acting on a filing", tx.QueryRow(ctx, lockForAct, f.ID).Scan(f.columns()...))
	}
	note, err := s.keys.SealText(st.Note, eventPlace(f.ID, f.Ver+1))
	if err != nil {
		return fmt.Errorf("acting on a filing: %w", err)
	}
	if err := s.turnClocks(ctx, tx, *f, c.event, r.to, r.ends); err != nil {
		return err
	}
	if err := s.turnBack(ctx, tx, *f, c.back); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, c.sql, c.args...).Scan(f.columns()...); err != nil {
		return failed("acting on a filing", err)
	}
	var batch pgx.Batch
	batch.Queue(officerEvent, f.ID, c.event, post, st.Dialog, note, c.other)
	if st.Action == ActRestrict {
		batch.Queue(restrictFIRs, f.ID)
	}
	if len(st.Media) > 0 {
		batch.Queue(addMedia, append([]any{f.ID}, mediaArgs(ofEvent(st.Media, f.Ver))...)...)
	}
	if st.Action == ActResetPin {
		batch.Queue(resetPin, f.ID)
	}
	if r.ends {
		batch.Queue(forgetWaitingCard, f.ID, "ended")
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return failed("acting on a filing", err)
	}
	if r.ends {
		if err := s.ended(ctx, tx, f.ID); err != nil {
			return err
		}
	}
	if st.Action == ActTakeOver || c.event == Assigned { // what it is matched with lies around its place
		if err := s.matchFiling(ctx, tx, f.ID, f.Service); err != nil {
			return err
		}
	}
	switch {
	case st.Action == ActVisit:
		if err := s.VisitLogged(ctx, tx, f.ID); err != nil {
			return err
		}
	case r.news:
		if err := s.wake(ctx, tx, tellCitizen, f.ID); err != nil {
			return err
		}
	}
	if c.moves {
		if err := s.wake(ctx, tx, sendCards, f.ID); err != nil {
			return err
		}
	}
	return s.wake(ctx, tx, editCards, f.ID)
}
