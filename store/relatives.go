package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Link is a relative of a senior, as either of them sees the other.
type Link struct {
	Number  string `json:"number"`            // of the senior's registration
	Who     string `json:"-"`                 // names the relative's phone among the links of that number: a part of its hash
	Name    string `json:"name"`              // the other's: the relative's for the senior, the senior's for the relative
	Waiting bool   `json:"waiting,omitempty"` // the senior has not said yes yet

	Greeted  bool      `json:"-"` // the senior is greeted every day
	Answered time.Time `json:"-"` // when the senior last answered a greeting; zero: never
}

// maxRelatives is how many relatives a senior may have, those who wait for a yes included.
const maxRelatives = 10

// whoLetters is how much of a phone's hash names it among a senior's relatives.
const whoLetters = 12

func whoOf(phone []byte) string { return hex.EncodeToString(phone)[:whoLetters] }

const (
	relativesOf = `
		select f.number, c.phone, c.name, c.state = 'asked'
		from contacts c join filings f on f.id = c.filing
		where c.filing = $1 and c.role = 'relative' and c.state <> 'refused'
		order by c.since`

	eldersOf = `
		select f.number, c.phone, s.name, c.state = 'asked', k.hour is not null and c.state = 'linked',
			coalesce(case when c.state = 'linked' then k.answered_at end, ` + noTime + `)
		from citizens z join contacts c on c.phone = z.phone_index join filings f on f.id = c.filing join seniors s on s.filing = c.filing
			left join checkins k on k.filing = c.filing and k.kind = 'greeting'
		where z.id = $1 and c.role = 'relative' and c.state = 'linked' and s.consent = 'given' and f.closed_at is null
		order by c.since`
)

// Relatives returns the relatives of a registration, for the senior.
func (s *Store) Relatives(ctx context.Context, filing int64) ([]Link, error) {
	rows, _ := s.pool.Query(ctx, relativesOf, filing)
	links, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Link, err error) {
		var phone, name []byte
		if err := row.Scan(&l.Number, &phone, &name, &l.Waiting); err != nil {
			return l, err
		}
		l.Who = whoOf(phone)
		l.Name, err = s.keys.OpenText(name, relativePlace(l.Number, phone))
		return l, err
	})
	return links, failed("reading a senior's relatives", err)
}

// Elders returns the seniors whom a citizen is linked with.
func (s *Store) Elders(ctx context.Context, citizen string) ([]Link, error) {
	rows, _ := s.pool.Query(ctx, eldersOf, citizen)
	links, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Link, err error) {
		var phone, name []byte
		if err := row.Scan(&l.Number, &phone, &name, &l.Waiting, &l.Greeted, &l.Answered); err != nil {
			return l, err
		}
		l.Who = whoOf(phone)
		l.Name, err = s.keys.OpenText(name, personPlace(l.Number))
		return l, err
	})
	return links, failed("reading a relative's seniors", err)
}

// ErrTooMany says that there are as many relatives as there may be.
var ErrTooMany = errors.New("store: no more relatives")

const countRelatives = `select count(*) from contacts where filing = $1 and role = 'relative' and state <> 'refused' and phone <> $2`

// LinkRelative links a relative whom the senior named, and tells the relative. ErrNotFound if the citizen has no such
// registration.
func (s *Store) LinkRelative(ctx context.Context, citizen, number, name, phone string) error {
	return s.inTx(ctx, "linking a relative", func(tx pgx.Tx) error {
		var filing int64
		if err := tx.QueryRow(ctx, ownRegistration, citizen, number).Scan(&filing); err != nil {
			return failed("linking a relative", err)
		}
		return s.link(ctx, tx, filing, number, name, s.keys.Index("phone", phone), "linked")
	})
}

// link notes a relative, and tells whoever has to know: the relative of a link, the senior of a wish.
func (s *Store) link(ctx context.Context, tx pgx.Tx, filing int64, number, name string, phone []byte, state string) error {
	var others int
	if err := tx.QueryRow(ctx, countRelatives, filing, phone).Scan(&others); err != nil {
		return failed("linking a relative", err)
	}
	if others >= maxRelatives {
		return ErrTooMany
	}
	sealed, err := s.keys.SealText(name, relativePlace(number, phone))
	if err != nil {
		return fmt.Errorf("linking a relative: %w", err)
	}
	var since time.Time
	if err := tx.QueryRow(ctx, insertContact+` returning since`, filing, Relative, phone, sealed, state).Scan(&since); err != nil {
		return failed("linking a relative", err)
	}
	key := fmt.Sprint(since.UnixMicro())
	if state == "linked" {
		return s.wake(ctx, tx, tellPhones, filing, NoticeLinked, [][]byte{phone}, key, phone, false)
	}
	var elder []byte
	if err := tx.QueryRow(ctx, `select elder from seniors where filing = $1`, filing).Scan(&elder); err != nil {
		return failed("asking to be linked", err)
	}
	return s.wake(ctx, tx, tellPhones, filing, NoticeAskRelative, [][]byte{elder}, key, phone, false)
}

const (
	// askable is the registration of the senior with phone $1, if citizen $2 may ask to be linked: not the senior, not
	// linked already, and not refused or asked within a month.
	askable = `
		select f.id, f.number, z.phone_index
		from seniors s join filings f on f.id = s.filing, citizens z
		where s.elder = $1 and s.consent = 'given' and f.closed_at is null and z.id = $2 and z.phone_index is distinct from $1
			and not exists (select from contacts c where c.filing = f.id and c.role = 'relative' and c.phone = z.phone_index
				and (c.state = 'linked' or c.since > now() - interval '30 days'))
		order by f.id desc limit 1
		for update of f`

	answerRelative = `
		update contacts set state = $3, since = now()
		where filing = $1 and role = 'relative' and state = 'asked' and left(encode(phone, 'hex'), 12) = $2
		returning phone, since`

	unlink = `delete from contacts where filing = $1 and role = 'relative' and left(encode(phone, 'hex'), 12) = $2`

	leaveElder = `
		delete from contacts c using filings f, citizens z
		where f.number = $2 and z.id = $1 and c.filing = f.id and c.role = 'relative' and c.phone = z.phone_index`
)

// AskRelative asks the senior with a phone whether a citizen may be linked. What comes of it does not say whether there
// is such a senior: that is nobody's business.
func (s *Store) AskRelative(ctx context.Context, citizen, phone, name string) error {
	err := s.inTx(ctx, "asking to be linked", func(tx pgx.Tx) error {
		var filing int64
		var number string
		var own []byte
		err := tx.QueryRow(ctx, askable, s.keys.Index("phone", phone), citizen).Scan(&filing, &number, &own)
		if err != nil {
			return failed("asking to be linked", err)
		}
		return s.link(ctx, tx, filing, number, name, own, "asked")
	})
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrTooMany) {
		return nil
	}
	return err
}

// AnswerRelative is a senior's yes or no to a relative who asked; after a yes the relative is told. False means that
// there is nothing to answer (any more).
func (s *Store) AnswerRelative(ctx context.Context, citizen, number, who string, yes bool) (ok bool, err error) {
	err = s.inTx(ctx, "answering a relative", func(tx pgx.Tx) error {
		var filing int64
		var phone []byte
		var since time.Time
		err := tx.QueryRow(ctx, ownRegistration, citizen, number).Scan(&filing)
		if err == nil {
			err = tx.QueryRow(ctx, answerRelative, filing, who, map[bool]string{true: "linked", false: "refused"}[yes]).Scan(&phone, &since)
		}
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return failed("answering a relative", err)
		}
		ok = true
		if !yes {
			return nil
		}
		return s.wake(ctx, tx, tellPhones, filing, NoticeLinked, [][]byte{phone}, fmt.Sprint(since.UnixMicro()), phone, false)
	})
	return ok, err
}

// Unlink ends a link for the senior.
func (s *Store) Unlink(ctx context.Context, citizen, number, who string) error {
	return s.inTx(ctx, "ending a link", func(tx pgx.Tx) error {
		var filing int64
		if err := tx.QueryRow(ctx, ownRegistration, citizen, number).Scan(&filing); err != nil {
			return failed("ending a link", err)
		}
		_, err := tx.Exec(ctx, unlink, filing, who)
		return failed("ending a link", err)
	})
}

// LeaveElder ends a link for the relative.
func (s *Store) LeaveElder(ctx context.Context, citizen, number string) error {
	_, err := s.pool.Exec(ctx, leaveElder, citizen, number)
	return failed("ending a link", err)
}
