package store

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// The roles of who is told when something may be wrong.
const (
	Family    = "family"    // the contact that the filing names
	Neighbour = "neighbour" // and the neighbour
	Relative  = "relative"  // who was linked, with the senior's yes
)

const (
	// phoneChat is the chat of whoever has phone p.phone: the one verified last. No row: none.
	phoneChat = `
		select t.id as chat from citizens z join chats t on t.citizen = z.id
		where z.phone_index = p.phone and t.reachable and t.address is not null
		order by t.linked_at desc
		limit 1`

	insertContact = `
		insert into contacts (filing, role, phone, name, state) values ($1, $2, $3, $4, $5)
		on conflict (filing, role, phone) do update set name = excluded.name, state = excluded.state, since = now()`

	// tellPhones makes a notice of kind $2 about filing $1 for each of the phones $3, once for each key $4: sent to
	// the chat of who has the phone, or waiting for one. $5 is the phone of a relative whom it is about, $6 whether
	// it is urgent. It returns the notices that can be sent.
	tellPhones = `
		with made as (
			insert into notices (kind, urgent, phone, about, chat, filing, ver, state, dedupe_key)
			select $2::text, $6::boolean, p.phone, $5::bytea, c.chat, f.id, f.ver, case when c.chat is null then 'waiting' else 'pending' end,
				$2::text || ':' || f.id || ':' || $4::text || ':' || encode(p.phone, 'hex')
			from filings f, (
				select phone, min(nth) as nth from unnest($3::bytea[]) with ordinality u (phone, nth) where phone is not null group by phone) p
				left join lateral (` + phoneChat + `) c on true
			where f.id = $1
			order by p.nth
			on conflict (dedupe_key) do nothing
			returning id, urgent, state
		)
		select id, urgent from made where state = 'pending'`

	// sendWaitingTo gives the notices that wait for somebody with the phone of citizen $1 to chat $2.
	sendWaitingTo = `
		update notices n set state = 'pending', chat = $2, next_at = now()
		where n.state = 'waiting' and n.phone = (select phone_index from citizens where id = $1)
		returning n.id, n.urgent`

	// sendWaitingHere does the same for the citizen of chat $1.
	sendWaitingHere = `
		update notices n set state = 'pending', chat = $1, next_at = now()
		where n.state = 'waiting' and n.phone = (select z.phone_index from chats c join citizens z on z.id = c.citizen where c.id = $1)
		returning n.id, n.urgent`

	// movePhones gives the notices for somebody's phone that are on their way to chat $1, which cannot be reached or
	// is no longer that person's, to another chat of theirs; without one they wait.
	movePhones = `
		with moved as (
			update notices n set state = case when c.chat is null then 'waiting' else 'pending' end,
				chat = c.chat, reason = $2, next_at = now(), lease_token = null, lease_until = null
			from (select p.id, c.chat from notices p left join lateral (` + phoneChat + `) c on true
				where p.chat = $1 and p.phone is not null and p.state in ('pending', 'sending')
					and c.chat is distinct from $1) c
			where n.id = c.id
			returning n.id, n.urgent, n.state
		)
		select id, urgent from moved where state = 'pending'`
)

// contact notes whom to tell of a filing; no phone, nobody.
func (s *Store) contact(ctx context.Context, tx pgx.Tx, filing int64, role, phone string) error {
	if phone == "" {
		return nil
	}
	_, err := tx.Exec(ctx, insertContact, filing, role, s.keys.Index("phone", phone), nil, "linked")
	return failed("noting a contact", err)
}

// personPlace is where the name of the elder or the traveller of a filing is sealed for, filerPlace that of the
// relative who registered, relativePlace that of a relative who was linked.
func personPlace(number string) string { return "people/name/" + number }
func filerPlace(number string) string  { return "seniors/filer/" + number }
func relativePlace(number string, phone []byte) string {
	return fmt.Sprintf("contacts/name/%s/%s", number, hex.EncodeToString(phone))
}
