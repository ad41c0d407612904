package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Export is everything that is stored about a citizen (DPDP Act 2023, s. 11).
type Export struct {
	Profile Profile      `json:"profile"`
	Chats   []ExportChat `json:"chats"`
	Filings []Details    `json:"filings"`

	Greeting  *Greeting `json:"greeting,omitempty"`  // of a registered senior
	Relatives []Link    `json:"relatives,omitempty"` // linked with the senior
	Elders    []Link    `json:"elders,omitempty"`    // whom the citizen is linked with
}

// ExportChat is a chat that the citizen verified.
type ExportChat struct {
	Channel string    `json:"channel"`
	Chat    string    `json:"chat"`
	Lang    string    `json:"lang"`
	Simple  bool      `json:"simple"`
	Since   time.Time `json:"since"`
}

// Erased says what Erase had to leave.
type Erased struct {
	Kept []Filing // police records: they stay as the law asks, with what was filed
}

const (
	exportChats   = `select id, channel, address, coalesce(lang, ''), simple, linked_at from chats where citizen = $1 and address is not null order by linked_at`
	exportFilings = `select f.lang, f.details, f.applicant, ` + filingColumns + ` from filings f where f.citizen = $1 order by f.created_at`
)

// Export returns everything that is stored about a citizen.
func (s *Store) Export(ctx context.Context, citizen string) (Export, error) {
	var e Export
	var err error
	if e.Profile, err = s.Profile(ctx, citizen); err != nil {
		return Export{}, err
	}
	rows, _ := s.pool.Query(ctx, exportChats, citizen)
	e.Chats, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c ExportChat, err error) {
		var id, address []byte
		if err := row.Scan(&id, &c.Channel, &address, &c.Lang, &c.Simple, &c.Since); err != nil {
			return c, err
		}
		c.Chat, err = s.keys.OpenText(address, chatPlace(id))
		return c, err
	})
	if err != nil {
		return Export{}, failed("exporting chats", err)
	}
	rows, _ = s.pool.Query(ctx, exportFilings, citizen)
	e.Filings, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Details, err error) {
		var details, applicant []byte
		if err := row.Scan(append([]any{&f.Lang, &details, &applicant}, f.columns()...)...); err != nil {
			return f, err
		}
		return f, s.openFiling(&f, details, applicant)
	})
	if err != nil {
		return Export{}, failed("exporting filings", err)
	}
	for i := range e.Filings {
		f := &e.Filings[i]
		if f.Events, err = s.timeline(ctx, s.pool, f.ID); err != nil {
			return Export{}, err
		}
		for j := range f.Events { // with whose filing it was matched is not about this citizen, and a body is no news for a file
			if IsMatch(f.Events[j].Kind) {
				f.Events[j].Note = ""
			}
		}
		if f.Media, err = readMedia(ctx, s.pool, f.ID); err != nil {
			return Export{}, err
		}
	}
	return e, s.exportLinks(ctx, citizen, &e)
}

// exportLinks adds what a senior or a relative has beside filings.
func (s *Store) exportLinks(ctx context.Context, citizen string, e *Export) (err error) {
	r, err := s.Registration(ctx, citizen)
	switch {
	case err == nil:
		e.Greeting = r.Greeting
		if e.Relatives, err = s.Relatives(ctx, r.ID); err != nil {
			return err
		}
	case !errors.Is(err, ErrNotFound):
		return err
	}
	e.Elders, err = s.Elders(ctx, citizen)
	return err
}

// Erasing empties a citizen's row; it stays because filings name it.
// The chats' rows stay empty too: their keys say nothing.
const (
	eraseCitizen = `
		update citizens set profile = null, phone = null, phone_index = null, pin = null, erased_at = coalesce(erased_at, now()) where id = $1`
	eraseDrafts = `delete from drafts d using chats c where c.citizen = $1 and d.chat = c.id`
	eraseNews   = `
		update notices n set state = 'failed', reason = 'erased', chat = null, lease_token = null, lease_until = null
		from filings f
		where f.citizen = $1 and n.filing = f.id and n.kind in ` + toCitizens + ` and n.state in ('pending', 'sending', 'waiting')`
	// Nobody is asked any more whether all is well who does not want to be known.
	eraseCheckins = `update checkins set due_at = null, state = 'quiet' where who = (select phone_index from citizens where id = $1)`
	eraseLinks    = `delete from contacts where role = 'relative' and phone = (select phone_index from citizens where id = $1)`
	erasePhone    = `
		update notices set state = 'failed', reason = 'erased', chat = null, lease_token = null, lease_until = null
		where chat in (select id from chats where citizen = $1) and phone is not null and state in ('pending', 'sending')`
	// A chat that is also an officer's keeps its address: notices for the officer need it.
	eraseChats = `
		update chats c set citizen = null, linked_at = null,
			address = case when o.chat is null then null else c.address end,
			lang = case when o.chat is null then null else c.lang end,
			simple = o.chat is not null and c.simple
		from chats x left join (select distinct chat from officers) o on o.chat = x.id
		where x.citizen = $1 and c.id = x.id`
)

// Erase forgets a citizen's profile, phone, chats and drafts. Filings stay: they
// are police records, and the law (DPDP Act 2023, s. 12(3) and 17(1)(c)) asks to
// keep them. Who verifies the same phone later is a new citizen.
func (s *Store) Erase(ctx context.Context, citizen string) (Erased, error) {
	err := s.inTx(ctx, "erasing a citizen", func(tx pgx.Tx) error {
		for _, query := range []string{eraseDrafts, eraseNews, erasePhone, eraseCheckins, eraseLinks, eraseChats} {
			if _, err := tx.Exec(ctx, query, citizen); err != nil {
				return failed("erasing a citizen", err)
			}
		}
		tag, err := tx.Exec(ctx, eraseCitizen, citizen)
		if err == nil && tag.RowsAffected() == 0 {
			err = ErrNotFound
		}
		return failed("erasing a citizen", err)
	})
	if err != nil {
		return Erased{}, err
	}
	kept, err := s.CitizenFilings(ctx, citizen)
	if err != nil {
		return Erased{}, fmt.Errorf("erased, but: %w", err)
	}
	return Erased{Kept: kept}, nil
}
