package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// cardAudience is the chats that the card of a filing f (station, district,
// sensitive, tell_district, to_station, to_district) goes to: the station's group,
// else the officers at the station, else those above it in the district; the SHO
// and those above in any case, if the district is to be told. For a filing that is
// on its way, that is the station which has to accept it. A sensitive filing goes
// to the SHO in private, never to a group or a desk.
const cardAudience = `
	select a.chat from (
		select a.chat, a.step, a.role, min(a.step) over () as first from (
			select g.chat, 1 as step, null as role from groups g where g.station = ` + audienceStation + ` and not f.sensitive
			union all
			select o.chat, 2, p.role from posts p join officers o on o.id = p.officer
			where p.station = ` + audienceStation + ` and p.revoked_at is null and (p.role = 'sho' or p.role = 'desk_officer' and not f.sensitive)
			union all
			select o.chat, 3, p.role from posts p join officers o on o.id = p.officer
			where p.station is null and p.district = coalesce(f.to_district, f.district) and p.revoked_at is null and p.role in ('sdpo', 'sp')
		) a join chats c on c.id = a.chat
		where c.reachable and c.address is not null
	) a
	where a.step = a.first or f.tell_district and a.role in ('sho', 'sdpo', 'sp')
	group by a.chat`

const audienceStation = `coalesce(f.to_station, f.station)`

// citizenChat is the chat that news of a filing f and its receipt go to: where it was filed, if
// that is still the citizen's, else the one verified last. No row: none.
const citizenChat = `
	select c.id as chat from chats c
	where c.citizen = f.citizen and c.reachable
	order by c.id = f.chat desc, c.linked_at desc
	limit 1`

// editCards makes a notice for each card of filing $1 that shows an older version; a card without a
// message was only named in a list.
// A notice of this version that was sent already counts no more: an older edit
// came to its end after it.
const editCards = `
	insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
	select 'card_edit', f.urgent, c.chat, f.id, f.ver, 'pending', 'edit:' || f.id || ':' || f.ver || ':' || encode(c.chat, 'hex')
	from filings f join cards c on c.filing = f.id join chats t on t.id = c.chat
	where f.id = $1 and c.ver < f.ver and c.message <> '' and t.reachable
	on conflict (dedupe_key) do update set state = 'pending', attempt = 0, next_at = now() where notices.state = 'sent'
	returning id, urgent`

// releaseCards makes cards of the filings in station $1 or district $2 (both
// empty: anywhere) whose card waits for an audience that is there now. A chat
// that had the card and lost it gets it again. The filing becomes "sent".
const releaseCards = `
	with ready as (
		select n.id as notice, f.id, f.created_at, f.ver, f.urgent, f.status, f.station, f.district, f.sensitive, f.tell_district, f.to_station, f.to_district
		from notices n join filings f on f.id = n.filing
		where n.state = 'waiting' and n.kind = 'card' and f.closed_at is null
			and (` + audienceStation + ` = $1 or $1 = '' and ($2 = '' or coalesce(f.to_district, f.district) = $2))
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

// releaseOverdue gives what waited for somebody in a seat of station $1 or district $2 (both empty:
// anywhere) to who has it now.
const releaseOverdue = `
	update notices n set state = 'pending', chat = s.chat, reason = '', next_at = now()
	from (select n.id, seat.chat
		from notices n join filings f on f.id = n.filing, lateral (
			select o.chat from posts p join officers o on o.id = p.officer join chats c on c.id = o.chat
			where p.role = n.role and p.revoked_at is null and c.reachable and c.address is not null
				and ` + seated + `
			order by p.id limit 1
		) seat
		where n.state = 'waiting' and n.kind = 'overdue' and f.closed_at is null
			and (` + audienceStation + ` = $1 or $1 = '' and ($2 = '' or coalesce(f.to_district, f.district) = $2))
		order by n.id limit $3
		for update of n skip locked) s
	where n.id = s.id
	returning n.id, n.urgent`

// release sends the cards that waited for an officer or a group of a station
// or a district, and what waited for somebody in a seat there.
func (s *Store) release(ctx context.Context, tx pgx.Tx, station, district string) error {
	if err := s.wake(ctx, tx, releaseCards, station, district, sweepLimit); err != nil {
		return err
	}
	if err := s.wake(ctx, tx, releaseMatches, station, district, sweepLimit); err != nil {
		return err
	}
	return s.wake(ctx, tx, releaseOverdue, station, district, sweepLimit)
}

const (
	// vacateOverdue takes back from chat $1, for reason $2, what is for a seat that is not there any more,
	// or that cannot be reached: it waits for the next one in it.
	vacateOverdue = `
		update notices n set state = 'waiting', chat = null, reason = $2, lease_token = null, lease_until = null
		from filings f
		where n.chat = $1 and n.kind = 'overdue' and n.state in ('pending', 'sending') and f.id = n.filing
			and (not exists (select from chats where id = $1 and reachable)
				or not exists (
					select from officers o join posts p on p.officer = o.id
					where o.chat = $1 and p.revoked_at is null and p.role = n.role
						and ` + seated + `))`

	// strandCards takes filings away from chat $1, for reason $2: those that no
	// post or group there reaches any more, or all if the chat cannot be
	// reached. Their cards are forgotten, notices about them stop, and a card that
	// nobody acknowledged and nobody else has waits for its next audience.
	strandCards = `
		with stranded as (
			select f.id, f.urgent, f.ver, f.status, f.closed_at from filings f
			where f.id in (
					select filing from cards where chat = $1
					union select filing from notices where chat = $1 and state in ('pending', 'sending') and kind not in ` + toCitizens + ` and phone is null)
				and (not exists (select from chats where id = $1 and reachable)
					or not exists (select from groups g where g.chat = $1 and g.station in (f.station, f.to_station))
					and not exists (
						select from officers o join posts p on p.officer = o.id
						where o.chat = $1 and p.revoked_at is null and (` + holds + ` or ` + receives + `)))
		), stopped as (
			update notices n set state = 'failed', reason = $2, lease_token = null, lease_until = null
			from stranded f
			where n.chat = $1 and n.filing = f.id and n.state in ('pending', 'sending') and n.kind not in ` + toCitizens + ` and n.phone is null
		), forgotten as (
			delete from cards c using stranded f where c.chat = $1 and c.filing = f.id
		)
		insert into notices (kind, urgent, filing, ver, state, reason, dedupe_key)
		select 'card', f.urgent, f.id, f.ver, 'waiting', $2, 'card:' || f.id || ':waiting'
		from stranded f
		where f.closed_at is null
			and (f.status = 'transferred' -- the cards that others have may be those of the station that sent it
				or f.status in ('received', 'sent')
				and not exists (select from cards c where c.filing = f.id and c.chat <> $1)
				and not exists (
					select from notices n
					where n.filing = f.id and n.kind = 'card' and n.chat <> $1 and n.state in ('pending', 'sending')))
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
	if _, err := tx.Exec(ctx, vacateOverdue, chat, reason); err != nil {
		return failed("finding another in the seat", err)
	}
	if _, err := tx.Exec(ctx, dropDigests, chat, reason); err != nil {
		return failed("dropping digests", err)
	}
	if _, err := tx.Exec(ctx, vacateMatches, chat, reason); err != nil {
		return failed("finding other officers for matches", err)
	}
	if _, err := tx.Exec(ctx, strandCards, chat, reason); err != nil {
		return failed("finding another audience", err)
	}
	return s.release(ctx, tx, "", "")
}
