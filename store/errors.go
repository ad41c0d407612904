package store

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// What a caller may tell apart with errors.Is.
var (
	// ErrNotFound says that there is no such thing, or that it is not the
	// asker's: the two look the same on purpose.
	ErrNotFound = errors.New("store: not found")
	// ErrNotYours says that a dialog id was used before by another citizen.
	ErrNotYours = errors.New("store: the dialog belongs to someone else")
	// ErrNotAllowed says that no post of the officer allows the action.
	ErrNotAllowed = errors.New("store: not allowed")
	// ErrOwnPost says that an administrator wants to end a post of their own.
	ErrOwnPost = errors.New("store: an administrator's own post")
	// ErrCode says that a one-time code is unknown, used, expired, or for something else.
	ErrCode = errors.New("store: code is not valid")
	// ErrClosed says that a filing is closed or withdrawn and takes nothing more.
	ErrClosed = errors.New("store: the filing is closed")
	// ErrRegistered says that an FIR was registered: nobody withdraws that.
	ErrRegistered = errors.New("store: an FIR cannot be withdrawn")
	// ErrLeaseLost says that another worker took over the notice meanwhile.
	ErrLeaseLost = errors.New("store: the lease of the notice is lost")
	// ErrSchema says that the database's schema is not this program's.
	ErrSchema = errors.New("store: schema of the database does not fit this program")
)

// DuplicateError says that the same citizen filed the same content a short
// while ago in another dialog, under Number.
type DuplicateError struct{ Number string }

// Error has no personal data in it: the number alone opens nothing.
func (e *DuplicateError) Error() string { return "store: the same was filed as " + e.Number }

// failed says what was being done when a query failed. Of a Postgres error it
// keeps the code and the constraint: message and detail can hold values.
func failed(doing string, err error) error {
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &pg):
		return fmt.Errorf("%s: %w", doing, &DatabaseError{Code: pg.Code, Constraint: pg.ConstraintName})
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("%s: %w", doing, ErrNotFound)
	case strings.Contains(err.Error(), "failed to encode args"): // pgx goes on with the value
		return fmt.Errorf("%s: a value does not fit its column", doing)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// DatabaseError is what may be known of a refusal by Postgres.
type DatabaseError struct {
	Code       string // SQLSTATE
	Constraint string // the constraint that was violated, "" if none
}

// Error names code and constraint.
func (e *DatabaseError) Error() string {
	if e.Constraint == "" {
		return "postgres error " + e.Code
	}
	return "postgres error " + e.Code + " on " + e.Constraint
}
