package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Outcome is what became of an officer's action.
type Outcome string

// The outcomes.
const (
	Done       Outcome = "done"        // also when the same officer repeats it
	Already    Outcome = "already"     // another officer did it first: Act.By says which post
	NotAllowed Outcome = "not_allowed" // no post of the sender allows it, or there is no such filing
	Stale      Outcome = "stale"       // the filing changed meanwhile: show it anew
)

// Act is the answer to an officer's action.
type Act struct {
	Outcome Outcome
	Repeat  bool   // Done before, by this officer
	Filing  Filing // as it stands now; zero for NotAllowed
	By      By     // who did it, for Done and Already
}

// step is an action that moves a filing from one status to another.
type step struct {
	action Action
	from   []string
	to     Status
}

// Acknowledge takes note of a filing for the station: stops the clock, tells
// the citizen, and brings all cards up to date. ver is the version that the
// officer saw. Authority, status and version are decided in one statement.
func (s *Store) Acknowledge(ctx context.Context, filing int64, ver int, channel, sender string) (Act, error) {
	return s.act(ctx, filing, ver, channel, sender, step{
		action: ActAcknowledge, from: []string{string(Received), string(Sent)}, to: Acknowledged,
	})
}

const (
	// takeStep does a step of filing $3, last seen in version $4, for sender $5:
	// from one of the statuses $6 to $7. The post is locked against being
	// revoked meanwhile, and its reach is asked again of the row as it is when
	// it is updated. No row: not done, see whyNot.
	takeStep = `
		with post as (
			select p.id, p.role, p.station, p.district
			from officers o join posts p on p.officer = o.id, filings f
			where o.sender = $5 and p.revoked_at is null and f.id = $3 and ` + covers + `
			order by p.id limit 1
			for share of p
		), done as (
			update filings f set status = $7, ver = f.ver + 1, updated_at = now(), ack_due_at = null
			from post p
			where f.id = $3 and f.ver = $4 and f.status = any($6) and ` + covers + `
			returning f.*, p.id as post, p.role, p.station as by_station, p.district as by_district
		), event as (
			insert into events (filing, filed_at, ver, kind, actor, post)
			select id, created_at, ver, status, 'officer', post from done
		), news as (
			insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
			select 'status', f.urgent, c.chat, f.id, f.ver, case when c.chat is null then 'waiting' else 'pending' end, 'status:' || f.id || ':' || f.ver
			from done f left join lateral (` + citizenChat + `) c on true
			where f.citizen is not null
			returning id, urgent, state
		)
		select ` + filingColumns + `, f.role, coalesce(f.by_station, ''), coalesce(f.by_district, ''),
			coalesce((select id from news where state = 'pending'), 0)
		from done f`

	// whyNot says of a step that was not taken: the filing as it stands, whether
	// the sender may take it at all, and who took it before, the sender or another.
	whyNot = `
		select ` + filingColumns + `,
			exists (select from officers o join posts p on p.officer = o.id where o.sender = $4 and p.revoked_at is null and ` + covers + `),
			coalesce(d.role, ''), coalesce(d.station, ''), coalesce(d.district, ''), coalesce(d.sender = $4, false)
		from filings f left join lateral (
			select q.role, q.station, q.district, o.sender
			from events e join posts q on q.id = e.post join officers o on o.id = q.officer
			where e.filing = f.id and e.filed_at = f.created_at and e.kind = $5
			order by e.ver desc limit 1
		) d on true
		where f.id = $3`
)

// act does a step for an officer, in one transaction with all that follows from it.
func (s *Store) act(ctx context.Context, filing int64, ver int, channel, sender string, st step) (Act, error) {
	ordinary, sensitive := roleNames(st.action)
	key := s.senderKey(channel, sender)
	var a Act
	err := s.inTx(ctx, "acting on a filing", func(tx pgx.Tx) error {
		var news int64
		err := tx.QueryRow(ctx, takeStep, ordinary, sensitive, filing, ver, key, st.from, st.to).
			Scan(append(a.Filing.columns(), &a.By.Role, &a.By.Station, &a.By.District, &news)...)
		if errors.Is(err, pgx.ErrNoRows) {
			return s.explain(ctx, tx, &a, filing, key, st)
		}
		if err != nil {
			return failed("acting on a filing", err)
		}
		a.Outcome = Done
		if news != 0 {
			if err := s.insertJobs(ctx, tx, []wakeup{{Notice: news, Urgent: a.Filing.Urgent}}); err != nil {
				return err
			}
		}
		// A statement of its own: it has to see cards that were sent while the step waited for the filing.
		return s.wake(ctx, tx, editCards, filing)
	})
	return a, err
}

// explain fills in an Act for a step that was not taken.
func (s *Store) explain(ctx context.Context, tx pgx.Tx, a *Act, filing int64, sender []byte, st step) error {
	ordinary, sensitive := roleNames(st.action)
	var allowed, own bool
	err := tx.QueryRow(ctx, whyNot, ordinary, sensitive, filing, sender, st.to).
		Scan(append(a.Filing.columns(), &allowed, &a.By.Role, &a.By.Station, &a.By.District, &own)...)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		*a = Act{Outcome: NotAllowed}
	case err != nil:
		return failed("acting on a filing", err)
	case !allowed:
		*a = Act{Outcome: NotAllowed}
	case a.By.Role == "":
		a.Outcome = Stale
	case own:
		a.Outcome, a.Repeat = Done, true
	default:
		a.Outcome = Already
	}
	return nil
}
