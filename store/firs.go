package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// FIRKey is what tells one FIR from all others. A Zero FIR is numbered in a
// register of its own.
type FIRKey struct {
	Station string // code
	Year    int
	Number  int
	Zero    bool
}

// Text is the number as people write it: "123/2026".
func (k FIRKey) Text() string { return strconv.Itoa(k.Number) + "/" + strconv.Itoa(k.Year) }

// NewFIR is an FIR to be registered of a filing, in the register of the filing's station.
type NewFIR struct {
	Year, Number int
	Zero         bool
	Sections     string    // "BNS 303(2), 317(2)"
	On           time.Time // the day
	Restricted   bool      // not to be published: the filing becomes sensitive too
}

// FIR is an entry of the register.
type FIR struct {
	FIRKey
	District   string // code
	Sections   string
	On         time.Time // the day
	Restricted bool
	CreatedAt  time.Time // when it was entered
	By         By        // who entered it; zero if it came from elsewhere
	Service    string    // of the filing that became it; "" if it came from elsewhere

	Informant Profile
	Summary   string
	Details   json.RawMessage // as a filing's, at the time of the registration
}

// FIRHolder is the entry that has a number already.
type FIRHolder struct {
	Filing string // its number; "" if the entry came from elsewhere
	By     By
	At     time.Time
}

const (
	contentOf = `select details, applicant from filings where id = $1`

	insertFIR = `
		insert into firs (station, district, citizen, filing, year, number, zero, restricted, sections, registered_on, phone_index, informant, details, post)
		select f.station, f.district, f.citizen, f.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 from filings f where f.id = $1
		on conflict on constraint firs_number do nothing`

	holderOf = `
		select coalesce(f.number, ''), r.created_at, coalesce(p.role, ''), coalesce(p.station, ''), coalesce(p.district, '')
		from firs r left join filings f on f.id = r.filing left join posts p on p.id = r.post
		where r.station = $1 and r.year = $2 and r.number = $3 and r.zero = $4`

	readFIR = `
		select r.station, r.year, r.number, r.zero, r.district, r.sections, r.registered_on, r.restricted, r.created_at,
			coalesce(p.role, ''), coalesce(p.station, ''), coalesce(p.district, ''), coalesce(f.service, ''),
			r.informant, r.summary, r.details
		from firs r left join posts p on p.id = r.post left join filings f on f.id = r.filing where `
	firByKey     = readFIR + `r.station = $1 and r.year = $2 and r.number = $3 and r.zero = $4`
	firsOfFiling = readFIR + `r.filing = $1 order by r.zero`

	// firsOfCitizen are those that citizen $1 is the informant of: known as such, or by the phone.
	firsOfCitizen = `
		with mine as (
			select id, true as own from firs where citizen = $1
			union
			select f.id, false from citizens c join firs f on f.phone_index = c.phone_index where c.id = $1 and f.citizen is distinct from $1
		)
		select m.own, r.station, r.year, r.number, r.zero, r.sections, r.registered_on, r.restricted
		from mine m join firs r on r.id = m.id
		order by r.registered_on desc, r.id desc limit $2`

	restrictFIRs = `update firs set restricted = true where filing = $1 and not restricted`
)

// register enters a filing in the register; if the number is taken it says by
// whom, and changes nothing.
func (s *Store) register(ctx context.Context, tx pgx.Tx, f Filing, post int64, n NewFIR) (*FIRHolder, error) {
	var details, applicant []byte
	if err := tx.QueryRow(ctx, contentOf, f.ID).Scan(&details, &applicant); err != nil {
		return nil, failed("registering an FIR", err)
	}
	whole := Details{Filing: f}
	if err := s.openFiling(&whole, details, applicant); err != nil {
		return nil, fmt.Errorf("registering an FIR: %w", err)
	}
	key := FIRKey{Station: f.Station, Year: n.Year, Number: n.Number, Zero: n.Zero}
	informant, err := s.sealProfile(whole.Applicant, firPlace("informant", key))
	if err != nil {
		return nil, fmt.Errorf("registering an FIR: %w", err)
	}
	if details, err = s.keys.Seal(whole.Details, firPlace("details", key)); err != nil {
		return nil, fmt.Errorf("registering an FIR: %w", err)
	}
	var phone []byte
	if whole.Applicant.Phone != "" {
		phone = s.keys.Index("phone", whole.Applicant.Phone)
	}
	tag, err := tx.Exec(ctx, insertFIR, f.ID, n.Year, n.Number, n.Zero, n.Restricted || f.Sensitive, n.Sections, n.On, phone, informant, details, post)
	if err != nil {
		return nil, failed("registering an FIR", err)
	}
	if tag.RowsAffected() == 1 {
		return nil, nil
	}
	var h FIRHolder
	err = tx.QueryRow(ctx, holderOf, key.Station, key.Year, key.Number, key.Zero).Scan(&h.Filing, &h.At, &h.By.Role, &h.By.Station, &h.By.District)
	return &h, failed("finding who has an FIR's number", err)
}

// FIR opens an entry of the register, whoever asks: the caller knows what of it
// may be shown. ErrNotFound if there is no such number.
func (s *Store) FIR(ctx context.Context, key FIRKey) (FIR, error) {
	firs, err := s.firs(ctx, firByKey, key.Station, key.Year, key.Number, key.Zero)
	if err == nil && len(firs) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return FIR{}, err
	}
	return firs[0], nil
}

// InformantFIR is an entry of the register in the list of its informant.
type InformantFIR struct {
	Known bool // the informant is known as a citizen here; else it is the phone in the register
	FIRKey
	Sections   string
	On         time.Time
	Restricted bool
}

// firsListed is how many FIRs of one informant are listed.
const firsListed = 50

// InformantFIRs lists the FIRs whose informant a citizen is, the newest first, at most 50.
func (s *Store) InformantFIRs(ctx context.Context, citizen string) ([]InformantFIR, error) {
	rows, _ := s.pool.Query(ctx, firsOfCitizen, citizen, firsListed)
	firs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r InformantFIR, err error) {
		err = row.Scan(&r.Known, &r.Station, &r.Year, &r.Number, &r.Zero, &r.Sections, &r.On, &r.Restricted)
		return r, err
	})
	return firs, failed("reading an informant's FIRs", err)
}

// FIRs returns what was registered of a filing: its FIR, its Zero FIR, or both.
// The caller has found the filing by FilingOf, or has its notice: here nobody asks
// whose it is.
func (s *Store) FIRs(ctx context.Context, filing int64) ([]FIR, error) {
	return s.firs(ctx, firsOfFiling, filing)
}

func (s *Store) firs(ctx context.Context, query string, args ...any) ([]FIR, error) {
	rows, _ := s.pool.Query(ctx, query, args...)
	firs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r FIR, err error) {
		var informant, summary, details []byte
		if err := row.Scan(&r.Station, &r.Year, &r.Number, &r.Zero, &r.District, &r.Sections, &r.On, &r.Restricted, &r.CreatedAt,
			&r.By.Role, &r.By.Station, &r.By.District, &r.Service, &informant, &summary, &details); err != nil {
			return r, err
		}
		return r, s.openFIR(&r, informant, summary, details)
	})
	return firs, failed("reading the register", err)
}

// openFIR opens what is sealed of an entry; what it does not have stays empty.
func (s *Store) openFIR(r *FIR, informant, summary, details []byte) error {
	var err, err2, err3 error
	if informant != nil {
		r.Informant, err = s.openProfile(informant, firPlace("informant", r.FIRKey))
	}
	if summary != nil {
		r.Summary, err2 = s.keys.OpenText(summary, firPlace("summary", r.FIRKey))
	}
	if details != nil {
		r.Details, err3 = s.keys.Open(details, firPlace("details", r.FIRKey))
	}
	return errors.Join(err, err2, err3)
}

func firPlace(column string, k FIRKey) string {
	return fmt.Sprintf("firs/%s/%s/%d/%d/%t", column, k.Station, k.Year, k.Number, k.Zero)
}
