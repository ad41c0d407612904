package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// stormAt is how many cards may come to a chat within a minute; more go together, in one message that
// names them.
const stormAt = 5

// gatherLimit is how many filings one message may stand for.
const gatherLimit = 500

const (
	// storm counts, for chat $1, the notices of kind $2 that are not urgent and are to be sent or were sent
	// in the last minute, up to one more than $3.
	storm = `
		select count(*) > $3 from (
			(select from notices
				where chat = $1 and kind = $2 and not urgent and state in ('pending', 'sending') limit $3 + 1)
			union all
			(select from notices
				where chat = $1 and kind = $2 and not urgent and state = 'sent' and kind in ('card', 'overdue')
					and sent_at > now() - interval '1 minute' limit $3 + 1)
		) n`

	// gather takes the other notices like $1 that are to be sent to chat $2, under the same token. What a
	// group may not see, what has ended, and clocks that were stopped are left to be met one by one.
	gather = `
		with own as (
			update notices set lease_until = now() + $4 where id = $1 and lease_token = $3 returning kind
		), others as (
			update notices set state = 'sending', lease_token = $3, lease_until = now() + $4, attempt = attempt + 1
			where id in (
				select n.id from own join notices n on n.kind = own.kind join filings f on f.id = n.filing
					left join clocks t on t.filing = n.filing and t.kind = n.clock
				where n.chat = $2 and n.state = 'pending' and not n.urgent and n.id <> $1 and f.closed_at is null
					and (not f.sensitive or exists (select from officers o where o.chat = $2))
					and (n.clock is null or t.ended_at is null)
				order by n.id limit $5
				for update of n skip locked)
			returning filing
		)
		select ` + filingColumns + ` from others join filings f on f.id = others.filing order by f.id`

	// sentTogether records that chat $2 was told of all notices under token $3 in one message: their
	// filings have no card there yet.
	sentTogether = `
		with sent as (
			update notices set state = 'sent', sent_at = now(), reason = 'together', lease_token = null, lease_until = null
			where chat = $2 and state = 'sending' and lease_token = $3
			returning id, filing, chat
		), listed as (
			insert into cards (filing, chat, message, ver)
			select sent.filing, sent.chat, '', f.ver from sent join filings f on f.id = sent.filing
			on conflict (filing, chat) do nothing
		)
		select count(*) from sent where id = $1`

	// scatter lets go of what was gathered with notice $1.
	scatter = `
		update notices set state = 'pending', next_at = now(), lease_token = null, lease_until = null, attempt = attempt - 1
		where chat = $2 and state = 'sending' and lease_token = $3 and id <> $1
		returning id, urgent`

	// openListed makes cards for chat $3 of filings that were only named in it, those that sender $4 may see.
	openListed = `
		insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
		select 'card_open', f.urgent, c.chat, f.id, f.ver, 'pending', 'open:' || f.id || ':' || encode(c.chat, 'hex')
		from cards c join filings f on f.id = c.filing
		where c.chat = $3 and c.message = '' and ` + mayOpen + `
		order by f.urgent desc, f.id limit $5
		on conflict (dedupe_key) do update set state = 'pending', ver = excluded.ver, attempt = 0, reason = '', next_at = now()
		returning id, urgent`

	countListed = `select count(*) from cards c join filings f on f.id = c.filing where c.chat = $3 and c.message = '' and ` + mayOpen

	mayOpen = `f.closed_at is null and (not f.sensitive or exists (select from officers o where o.chat = $3))
		and exists (select from officers o join posts p on p.officer = o.id where o.sender = $4 and p.revoked_at is null and ` + covers + `)
		and not exists (select from notices n
			where n.dedupe_key = 'open:' || f.id || ':' || encode(c.chat, 'hex') and n.state in ('pending', 'sending'))`
)

// Storm says whether a claimed card is one of too many for its chat within a minute.
func (s *Store) Storm(ctx context.Context, n Notice) (bool, error) {
	var stormy bool
	err := s.pool.QueryRow(ctx, storm, s.chatKey(n.Channel, n.Chat), n.Kind, stormAt).Scan(&stormy)
	return stormy, failed("counting cards", err)
}

// Gather takes, beside a claimed notice, all others of its kind that wait for the same chat and are not
// urgent, for the length of a lease, and returns their filings. SentTogether or Scatter lets them go.
func (s *Store) Gather(ctx context.Context, n Notice, lease time.Duration) ([]Filing, error) {
	rows, _ := s.pool.Query(ctx, gather, n.ID, s.chatKey(n.Channel, n.Chat), n.token, lease, gatherLimit)
	filings, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Filing, err error) {
		err = row.Scan(f.columns()...)
		return f, err
	})
	return filings, failed("gathering cards", err)
}

// SentTogether records that one message told of a notice and of all that was gathered with it.
// ErrLeaseLost as in Sent.
func (s *Store) SentTogether(ctx context.Context, n Notice) error {
	var own int
	err := s.pool.QueryRow(ctx, sentTogether, n.ID, s.chatKey(n.Channel, n.Chat), n.token).Scan(&own)
	if err == nil && own == 0 {
		return ErrLeaseLost
	}
	return failed("recording gathered notices", err)
}

// Scatter gives back what was gathered with a notice that could not be sent: each is to be sent again.
func (s *Store) Scatter(ctx context.Context, n Notice) error {
	return s.inTx(ctx, "scattering cards", func(tx pgx.Tx) error {
		return s.wake(ctx, tx, scatter, n.ID, s.chatKey(n.Channel, n.Chat), n.token)
	})
}

// OpenListed makes cards of the next filings that were only named in a chat, for an officer who may see
// them there, and returns how many there are and how many are left.
func (s *Store) OpenListed(ctx context.Context, channel, chat, sender string, limit int) (opened, left int, err error) {
	ordinary, sensitive := roleNames(ActView)
	args := []any{ordinary, sensitive, s.chatKey(channel, chat), s.senderKey(channel, sender)}
	err = s.inTx(ctx, "opening cards", func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, openListed, append(args, limit)...)
		cards, err := collectWakeups(rows)
		if err != nil {
			return failed("opening cards", err)
		}
		opened = len(cards)
		if err := tx.QueryRow(ctx, countListed, args...).Scan(&left); err != nil {
			return failed("counting cards", err)
		}
		return s.insertJobs(ctx, tx, cards)
	})
	return opened, left, err
}
