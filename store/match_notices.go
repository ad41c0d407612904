package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// The kinds of notice about matches, for officers. Each is about no filing, but about a match, and for one side of it.
const (
	NoticeMatch     = "match"      // the card with both sides
	NoticeMatchEdit = "match_edit" // the card that is there, after the decision
	NoticeMatchYes  = "match_yes"  // another officer said yes
)

// matchAudience is the chats of a place x (station, district, private, sensitive) that the card of a match goes to: as for the
// card of a filing, but of a person to no group.
const matchAudience = `
	select a.chat from (
		select a.chat, a.step, min(a.step) over () as first from (
			select g.chat, 1 as step from groups g where g.station = x.station and not x.private
			union all
			select o.chat, 2 from posts p join officers o on o.id = p.officer
			where p.station = x.station and p.revoked_at is null and (p.role = 'sho' or p.role = 'desk_officer' and not x.sensitive)
			union all
			select o.chat, 3 from posts p join officers o on o.id = p.officer
			where p.station is null and p.district = x.district and p.revoked_at is null and p.role in ('sdpo', 'sp')
		) a join chats c on c.id = a.chat
		where c.reachable and c.address is not null
	) a
	where a.step = a.first
	group by a.chat`

// matchPlaces are the places of both sides of the matches of matchFrom, for matchAudience.
const matchPlaces = `
	lateral (values (true, l.station, l.district), (false, coalesce(f.station, r.station), coalesce(f.district, r.district))) s (lost, station, district),
	lateral (select s.lost, s.station, s.district, m.person or l.sensitive or coalesce(f.sensitive, false) as private,
		l.sensitive or coalesce(f.sensitive, false) as sensitive) x`

const (
	// sendMatch makes the cards of match $1, for each side; where nobody is, one waits.
	sendMatch = `
		with made as (
			insert into notices (kind, urgent, chat, match, lost, state, dedupe_key)
			select 'match', m.person, a.chat, m.id, x.lost, case when a.chat is null then 'waiting' else 'pending' end,
				'match:' || m.id || ':' || coalesce(encode(a.chat, 'hex'), 'waiting:' || x.lost)
			` + matchFrom + `, ` + matchPlaces + ` left join lateral (` + matchAudience + `) a on true
			where m.id = $1
			order by x.lost desc
			on conflict (dedupe_key) do nothing
			returning id, urgent, state
		)
		select id, urgent from made where state = 'pending'`

	// releaseMatches gives cards that wait for an audience in station $1 or district $2 (both empty: anywhere) to the one that is there now.
	releaseMatches = `
		with ready as (
			select n.id as notice, n.lost, m.id
			` + matchFrom + ` join notices n on n.match = m.id
			where n.state = 'waiting'
				and ($1 = '' or $1 = case when n.lost then l.station else coalesce(f.station, r.station) end)
				and ($2 = '' or $2 = case when n.lost then l.district else coalesce(f.district, r.district) end)
				and exists (select from ` + matchPlaces + `, lateral (` + matchAudience + `) a where x.lost = n.lost)
			order by n.id limit $3
			for update of n skip locked
		), audience as (
			select ready.notice, ready.lost, m.id, m.person, a.chat
			` + matchFrom + ` join ready on ready.id = m.id, ` + matchPlaces + `, lateral (` + matchAudience + `) a
			where x.lost = ready.lost
		), gone as (
			delete from notices n using audience a where n.id = a.notice
		)
		insert into notices (kind, urgent, chat, match, lost, state, dedupe_key)
		select 'match', a.person, a.chat, a.id, a.lost, 'pending', 'match:' || a.id || ':' || encode(a.chat, 'hex') from audience a
		on conflict (dedupe_key) do nothing
		returning id, urgent`

	// vacateMatches takes back from chat $1, for reason $2, the cards that are not sent yet and no longer for anybody there.
	vacateMatches = `
		update notices n set state = case when n.kind = 'match' then 'waiting' else 'failed' end, chat = null, reason = $2,
			dedupe_key = case when n.kind = 'match' then 'match:' || n.match || ':left:' || n.id else n.dedupe_key end,
			lease_token = null, lease_until = null
		where n.chat = $1 and n.match is not null and n.state in ('pending', 'sending')
			and (not exists (select from chats where id = $1 and reachable)
				or not exists (
					select ` + matchFrom + `, ` + matchPlaces + `, lateral (` + matchAudience + `) a
					where m.id = n.match and x.lost = n.lost and a.chat = $1))`

	// tellOfDecision tells of the decision on match $1: chats with its card get it without buttons, and after a yes ($3) the officers
	// of both sides hear of it, but for the decider, in chat $2. Cards that are not sent are not needed any more.
	tellOfDecision = `
		with stopped as (
			update notices set state = 'failed', reason = 'over', lease_token = null, lease_until = null
			where match = $1 and kind = 'match' and state in ('pending', 'waiting')
		)
		insert into notices (kind, urgent, chat, match, lost, state, dedupe_key)
		select kind, urgent, chat, match, lost, 'pending', kind || ':' || match || ':' || encode(chat, 'hex')
		from (
			select 'match_edit' as kind, false as urgent, k.chat, m.id as match, true as lost, k.sent_at
			from matches m join match_cards k on k.match = m.id join chats t on t.id = k.chat
			where m.id = $1 and t.reachable
			union all
			select 'match_yes', m.person, a.chat, m.id, bool_or(x.lost), now()
			` + matchFrom + `, ` + matchPlaces + `, lateral (` + matchAudience + `) a
			where m.id = $1 and $3 and a.chat <> $2
			group by m.id, m.person, a.chat
		) told
		order by kind, lost desc, sent_at, chat
		on conflict (dedupe_key) do nothing
		returning id, urgent`

	// tellByDay tells the citizen of filing $1 of its newest version after $2, and not at night.
	tellByDay = `
		with made as (
			insert into notices (kind, urgent, chat, filing, ver, state, next_at, dedupe_key)
			select 'status', f.urgent, c.chat, f.id, f.ver, case when c.chat is null then 'waiting' else 'pending' end,
				case when extract(hour from local) between 8 and 19 then now() + $2
					else (date_trunc('day', local + interval '4 hours') + interval '8 hours') at time zone 'Asia/Kolkata' end,
				'status:' || f.id || ':' || f.ver
			from filings f left join lateral (` + citizenChat + `) c on true, lateral (select (now() + $2) at time zone 'Asia/Kolkata' as local) t
			where f.id = $1 and f.citizen is not null
			on conflict (dedupe_key) do nothing
			returning id, urgent, next_at, state
		)
		select id, urgent, next_at from made where state = 'pending'`

	// claimMatch is claim for what is about a match.
	claimMatch = `
		with n as (
			update notices set state = 'sending', lease_token = $2, lease_until = now() + $3, attempt = attempt + 1
			where id = $1 and match is not null and state in ('pending', 'sending') and next_at <= now() + interval '1 second'
				and (lease_until is null or lease_until < now())
			returning *
		)
		select n.kind, n.urgent, n.attempt, c.id, c.channel, c.address, not exists (select from officers o where o.chat = c.id), n.lost,
			coalesce(k.message, ''), ` + matchColumns + `
		` + matchFrom + ` join n on n.match = m.id join chats c on c.id = n.chat left join match_cards k on k.match = m.id and k.chat = n.chat`

	// matchSent records that notice $1 arrived as message $3, and keeps the card's.
	matchSent = `
		with sent as (
			update notices set state = 'sent', sent_at = now(), reason = '', lease_token = null, lease_until = null
			where id = $1 and lease_token = $2
			returning kind, match, chat
		), card as (
			insert into match_cards (match, chat, message) select match, chat, $3 from sent where kind in ('match', 'match_edit') and $3 <> ''
			on conflict (match, chat) do update set message = excluded.message
		)
		select count(*) from sent`

	// lateDecision tells the chat of notice $1, whose card was on its way, of a decision that was made meanwhile.
	lateDecision = `
		insert into notices (kind, chat, match, lost, state, dedupe_key)
		select 'match_edit', n.chat, m.id, n.lost, 'pending', 'match_edit:' || m.id || ':' || encode(n.chat, 'hex')
		from notices n join matches m on m.id = n.match
		where n.id = $1 and n.kind = 'match' and m.state <> $2
		on conflict (dedupe_key) do nothing
		returning id, urgent`
)

// claimMatch claims a notice about a match.
func (s *Store) claimMatch(ctx context.Context, id int64, lease time.Duration) (Notice, bool, error) {
	n := Notice{ID: id, Match: &Match{}, token: make([]byte, 16)}
	rand.Read(n.token)
	var chat, address []byte
	err := s.pool.QueryRow(ctx, claimMatch, id, n.token, lease).Scan(append([]any{
		&n.Kind, &n.Urgent, &n.Attempt, &chat, &n.Channel, &address, &n.Group, &n.LostSide, &n.Card,
	}, n.Match.columns()...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return Notice{}, false, nil
	}
	if err != nil {
		return Notice{}, false, failed("claiming a notice", err)
	}
	if n.Chat, err = s.keys.OpenText(address, chatPlace(chat)); err != nil {
		return Notice{}, false, fmt.Errorf("opening a notice's chat: %w", err)
	}
	return n, true, nil
}

// matchSent is Sent for what is about a match.
func (s *Store) matchSent(ctx context.Context, n Notice, message string) error {
	return s.inTx(ctx, "recording a sent notice", func(tx pgx.Tx) error {
		var marked int
		var id int64
		if err := tx.QueryRow(ctx, `select id from matches where id = $1 for share`, n.Match.ID).Scan(&id); err != nil {
			return failed("recording a sent notice", err)
		}
		if err := tx.QueryRow(ctx, matchSent, n.ID, n.token, message).Scan(&marked); err != nil {
			return failed("recording a sent notice", err)
		}
		if marked == 0 {
			return ErrLeaseLost
		}
		return s.wake(ctx, tx, lateDecision, n.ID, n.Match.State)
	})
}
