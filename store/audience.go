package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// cardAudience is the chats that the card of a filing f (station, district,
// sensitive) goes to: the station's group, else the officers at the station,
// else those above it in the district. A sensitive filing goes to the SHO in
// private, never to a group or a desk.
const cardAudience = `
	select a.chat from (
		select a.chat, a.step, min(a.step) over () as first from (
			select g.chat, 1 as step from groups g where g.station = f.station and not f.sensitive
			union all
			select o.chat, 2 from posts p join officers o on o.id = p.officer
			where p.station = f.station and p.revoked_at is null and (p.role = 'sho' or p.role = 'desk_officer' and not f.sensitive)
			union all
			select o.chat, 3 from posts p join officers o on o.id = p.officer
			where p.station is null and p.district = f.district and p.revoked_at is null and p.role in ('sdpo', 'sp')
		) a join chats c on c.id = a.chat
		where c.reachable and c.address is not null
	) a
	where a.step = a.first
	group by a.chat`

// citizenChat is the chat that news of a filing f and its receipt go to: where it was filed, if
// that is still the citizen's, else the one verified last. No row: none.
const citizenChat = `
	select c.id as chat from chats c
	where c.citizen = f.citizen and c.reachable
	order by c.id = f.chat desc, c.linked_at desc
	limit 1`

// editCards makes a notice for each card of filing $1 that shows an older version.
// A notice of this version that was sent already counts no more: an older edit
// came to its end after it.
const editCards = `
	insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
	select 'card_edit', f.urgent, c.chat, f.id, f.ver, 'pending', 'edit:' || f.id || ':' || f.ver || ':' || encode(c.chat, 'hex')
	from filings f join cards c on c.filing = f.id join chats t on t.id = c.chat
	where f.id = $1 and c.ver < f.ver and t.reachable
	on conflict (dedupe_key) do update set state = 'pending', attempt = 0, next_at = now() where notices.state = 'sent'
	returning id, urgent`

// releaseCards makes cards of the filings in station $1 or district $2 (both
// empty: anywhere) whose card waits for an audience that is there now. A chat
// that had the card and lost it gets it again. The filing becomes "sent".
const releaseCards = `
	with ready as (
		select n.id as notice, f.id, f.created_at, f.ver, f.urgent, f.status, f.station, f.district, f.sensitive
		from notices n join filings f on f.id = n.filing
		where n.state = 'waiting' and n.kind = 'card' and f.closed_at is null
			and (f.station = $1 or $1 = '' and ($2 = '' or f.district = $2))
			and exists (` + cardAudience + `)
		order by f.urgent desc, f.id limit $3
		for update of f, n skip locked
	), gone as (
		delete from notices n using ready where n.id = ready.notice
	), sent as (
		update filings f set status = 'sent', ver = f.ver + 1, updated_at = now()
		from ready where f.id = ready.id and f.status = 'received'
		returning f.id, f.created_at, f.ver
	), event as (
		insert into events (filing, filed_at, ver, kind, actor) select id, created_at, ver, 'sent', 'system' from sent
	)
	insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
	select 'card', f.urgent, a.chat, f.id, f.ver, 'pending', 'card:' || f.id || ':' || encode(a.chat, 'hex')
	from ready f, lateral (` + cardAudience + `) a
	on conflict (dedupe_key) do update set state = 'pending', ver = excluded.ver, attempt = 0, reason = '', next_at = now()
		where notices.state in ('failed', 'sent')
	returning id, urgent`

// release sends the cards that waited for an officer or a group of a station
// or a district.
func (s *Store) release(ctx context.Context, tx pgx.Tx, station, district string) error {
	return s.wake(ctx, tx, releaseCards, station, district, sweepLimit)
}

const (
	// strandCards takes filings away from chat $1, for reason $2: those that no
	// post or group there reaches any more, or all if the chat cannot be
	// reached. Their cards are forgotten, notices about them stop, and a card that
	// nobody acknowledged and nobody else has waits for its next audience.
	strandCards = `
		with stranded as (
			select f.id, f.urgent, f.ver, f.status, f.closed_at from filings f
			where f.id in (
					select filing from cards where chat = $1
					union select filing from notices where chat = $1 and state in ('pending', 'sending') and kind not in ` + toCitizens + `)
				and (not exists (select from chats where id = $1 and reachable)
					or not exists (select from groups g where g.chat = $1 and g.station = f.station)
					and not exists (
						select from officers o join posts p on p.officer = o.id
						where o.chat = $1 and p.revoked_at is null and (p.station = f.station or p.station is null and p.district = f.district)))
		), stopped as (
			update notices n set state = 'failed', reason = $2, lease_token = null, lease_until = null
			from stranded f
			where n.chat = $1 and n.filing = f.id and n.state in ('pending', 'sending') and n.kind not in ` + toCitizens + `
		), forgotten as (
			delete from cards c using stranded f where c.chat = $1 and c.filing = f.id
		)
		insert into notices (kind, urgent, filing, ver, state, reason, dedupe_key)
		select 'card', f.urgent, f.id, f.ver, 'waiting', $2, 'card:' || f.id || ':waiting'
		from stranded f
		where f.status in ('received', 'sent') and f.closed_at is null
			and not exists (select from cards c where c.filing = f.id and c.chat <> $1)
			and not exists (
				select from notices n
				where n.filing = f.id and n.kind = 'card' and n.chat <> $1 and n.state in ('pending', 'sending'))
		on conflict (dedupe_key) do nothing`

	// moveNews gives the news and receipts that are on their way to chat $1, which cannot be
	// reached or is no longer their citizen's, to another chat of the citizen;
	// without one they wait.
	moveNews = `
		update notices n set state = case when c.chat is null then 'waiting' else 'pending' end,
			chat = c.chat, reason = $2, next_at = now(), lease_token = null, lease_until = null
		from (select n.id, c.chat
			from notices n join filings f on f.id = n.filing left join lateral (` + citizenChat + `) c on true
			where n.chat = $1 and n.kind in ` + toCitizens + ` and n.state in ('pending', 'sending')
				and not exists (select from chats t where t.id = $1 and t.reachable and t.citizen = f.citizen)) c
		where n.id = c.id
		returning n.id, n.urgent`
)

// leave takes away from a chat the cards that it may no longer have, and finds
// their next audience.
func (s *Store) leave(ctx context.Context, tx pgx.Tx, chat []byte, reason string) error {
	if _, err := tx.Exec(ctx, strandCards, chat, reason); err != nil {
		return failed("finding another audience", err)
	}
	return s.release(ctx, tx, "", "")
}
