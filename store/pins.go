package store

import (
	"context"
	"crypto/hmac"
	"errors"

	"github.com/jackc/pgx/v5"
)

// ErrLocked says that a PIN was wrong too often: nothing opens for an hour.
var ErrLocked = errors.New("store: the PIN was wrong too often")

// maxPinMisses is how many wrong PINs an hour has before it locks: four digits are soon guessed otherwise.
const maxPinMisses = 5

const (
	readPin = `
		select coalesce(c.pin, ''), (select count(*) from pin_misses m where m.citizen = c.id and m.at > now() - interval '1 hour')
		from citizens c where c.id = $1`
	missPin  = `insert into pin_misses (citizen, attempt) values ($1, $2) on conflict do nothing`
	resetPin = `update citizens set pin = null where id = (select citizen from filings where id = $1)`
	setPin   = `update citizens set pin = $2 where id = $1 and erased_at is null`

	filingForPin = `select f.citizen, ` + filingColumns + ` from filings f where f.number = $1 and f.citizen is not null`
)

// SetPin gives a citizen's filings a PIN that is asked before they are shown; "" takes it away.
func (s *Store) SetPin(ctx context.Context, citizen, pin string) error {
	var hash []byte
	if pin != "" {
		hash = s.pinHash(citizen, pin)
	}
	tag, err := s.pool.Exec(ctx, setPin, citizen, hash)
	if err == nil && tag.RowsAffected() == 0 {
		err = ErrNotFound
	}
	return failed("setting a PIN", err)
}

// HasPin says whether a citizen has set a PIN.
func (s *Store) HasPin(ctx context.Context, citizen string) (bool, error) {
	var pin []byte
	var misses int
	err := s.pool.QueryRow(ctx, readPin, citizen).Scan(&pin, &misses)
	return len(pin) > 0, failed("reading a PIN", err)
}

// CheckPin says whether a PIN is a citizen's. A wrong one is counted, once for each attempt (a word
// for it, such as the dialog and a number). ErrLocked after five wrong ones within an hour, whatever
// the PIN.
func (s *Store) CheckPin(ctx context.Context, citizen, attempt, pin string) (bool, error) {
	var hash []byte
	var misses int
	if err := s.pool.QueryRow(ctx, readPin, citizen).Scan(&hash, &misses); err != nil {
		return false, failed("checking a PIN", err)
	}
	if misses >= maxPinMisses {
		return false, ErrLocked
	}
	if len(hash) > 0 && hmac.Equal(hash, s.pinHash(citizen, pin)) {
		return true, nil
	}
	_, err := s.pool.Exec(ctx, missPin, citizen, attempt)
	return false, failed("checking a PIN", err)
}

func (s *Store) pinHash(citizen, pin string) []byte { return s.keys.Index("pin", citizen+"/"+pin) }

// FilingByPin returns the filing of a number (as ParseNumber returns it) to who knows the PIN of the
// citizen who made it, from whatever chat. ErrNotFound if there is no such filing or the PIN is not
// right, ErrLocked as in CheckPin.
func (s *Store) FilingByPin(ctx context.Context, number, attempt, pin string) (Filing, error) {
	var f Filing
	var citizen string
	err := s.pool.QueryRow(ctx, filingForPin, number).Scan(append([]any{&citizen}, f.columns()...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return Filing{}, ErrNotFound
	}
	if err != nil {
		return Filing{}, failed("finding a filing by PIN", err)
	}
	right, err := s.CheckPin(ctx, citizen, attempt, pin)
	if err != nil {
		return Filing{}, err
	}
	if !right {
		return Filing{}, ErrNotFound
	}
	return f, nil
}
