package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Digest is how things stand for a post or a station's group, in numbers. What is sensitive counts only
// for those who may see it, and in the whole alone.
type Digest struct {
	For       By // the post; without a role: the station's group
	Counts       // of all together
	Sensitive int
	Pressing  []Filing // the most pressing ones; none for the state
	Places    []Place  // by station for posts above stations, by district for the state
}

// Counts are numbers of filings that have not ended.
type Counts struct {
	New, Open, Overdue int
}

// Place is a station, or a district, with its numbers.
type Place struct {
	Station  string // code; "" if the station is not known, or for a whole district
	District string
	Counts
}

func (c *Counts) add(n Counts) {
	c.New += n.New
	c.Open += n.Open
	c.Overdue += n.Overdue
}

// How a digest's filings f are found: those of a station, a district, the state.
const (
	ofStation  = `f.closed_at is null and (f.district = $2 and f.station = $1 or f.to_station = $1)`
	ofDistrict = `f.closed_at is null and f.district = $2 and $1 = ''`
	ofState    = `f.closed_at is null and $1 = '' and $2 = ''`
)

const (
	countOpen = `
		select coalesce(f.station, ''), f.district, f.sensitive, count(*) filter (where f.status in ('received', 'sent', 'reopened') or f.to_station = $1), count(*),
			count(*) filter (where ((f.to_station = $1) is not false or $1 = '') and exists (select from clocks k
				where k.filing = f.id and k.ended_at is null and k.paused_at is null and k.kind = any($4) and k.due_at < now()))
		from filings f
		where (not f.sensitive or $3) and `
	countGroups = ` group by 1, 2, 3 order by 6 desc, 5 desc, 1, 2`

	// pressing are filings that officers have to act on, by when they have to; urgent ones first among the late.
	pressing = `
		select ` + filingColumns + ` from filings f
			left join lateral (
				select min(k.due_at) as due from clocks k
				where k.filing = f.id and k.ended_at is null and k.paused_at is null and k.kind = any($4)
			) k on true
		where (not f.sensitive or $3) and (k.due is not null or f.urgent) and `
	mostPressing = ` order by coalesce(k.due < now(), false) desc, f.urgent desc, k.due, f.id limit 5`

	localTime = `((now() + $2::interval) at time zone 'Asia/Kolkata')`

	// dueDigests makes the digests of posts for the day that has begun, each once. $1: how many at a time;
	// $2: how far the clock is ahead.
	dueDigests = `
		with due as (
			select p.id, p.officer, p.role, p.station, p.district from posts p
			where p.revoked_at is null and p.digested_on < ` + localTime + `::date and extract(hour from ` + localTime + `) between 8 and 19
			limit $1 for no key update skip locked
		), marked as (
			update posts p set digested_on = ` + localTime + `::date from due where p.id = due.id
		)
		insert into notices (kind, chat, post, state, dedupe_key)
		select 'digest', c.id, due.id, 'pending', 'digest:' || due.id || ':' || ` + localTime + `::date
		from due join officers o on o.id = due.officer join chats c on c.id = o.chat
		where c.reachable and c.address is not null and due.role <> 'administrator'
			and not (due.role = 'desk_officer' and exists (
				select from groups g join chats x on x.id = g.chat where g.station = due.station and x.reachable))
			and exists (select from filings f where f.closed_at is null and (not f.sensitive or due.role in ('sho', 'sdpo', 'sp'))
				and (due.station is null or f.station = due.station or f.to_station = due.station) and (due.district is null or f.district = due.district))
		on conflict (dedupe_key) do nothing
		returning id, urgent`

	// dueGroupDigests does so for stations' groups.
	dueGroupDigests = `
		with due as (
			select g.station, g.chat from groups g
			where g.digested_on < ` + localTime + `::date and extract(hour from ` + localTime + `) between 8 and 19
			limit $1 for no key update skip locked
		), marked as (
			update groups g set digested_on = ` + localTime + `::date from due where g.station = due.station
		)
		insert into notices (kind, chat, station, state, dedupe_key)
		select 'digest', c.id, due.station, 'pending', 'digest:' || due.station || ':' || ` + localTime + `::date
		from due join chats c on c.id = due.chat
		where c.reachable and c.address is not null
			and exists (select from filings f where f.closed_at is null and not f.sensitive and (f.station = due.station or f.to_station = due.station))
		on conflict (dedupe_key) do nothing
		returning id, urgent`

	digestLimit = 200 // posts at a time: an action by one of them waits meanwhile

	// claimDigest is claim for what is about no filing.
	claimDigest = `
		with n as (
			update notices set state = 'sending', lease_token = $2, lease_until = now() + $3, attempt = attempt + 1
			where id = $1 and filing is null and match is null and state in ('pending', 'sending') and next_at <= now() + interval '1 second'
				and (lease_until is null or lease_until < now())
			returning *
		)
		select n.kind, n.urgent, n.attempt, c.id, c.channel, c.address, coalesce(c.lang, ''), c.simple, n.post is null,
			coalesce(p.role, ''), coalesce(p.station, s.code, ''), coalesce(p.district, s.district, '')
		from n join chats c on c.id = n.chat left join posts p on p.id = n.post left join stations s on s.code = n.station`

	// dropDigests ends, for reason $2, the digests on their way to chat $1 that nobody there is to have any more.
	dropDigests = `
		update notices n set state = 'failed', reason = $2, lease_token = null, lease_until = null
		where n.chat = $1 and n.filing is null and n.match is null and n.state in ('pending', 'sending')
			and (not exists (select from chats where id = $1 and reachable)
				or n.post is not null and exists (select from posts p where p.id = n.post and p.revoked_at is not null)
				or n.station is not null and not exists (select from groups g where g.chat = $1 and g.station = n.station))`

	// greetWithDigest tells chat $1 of a new post $3 at station $2 what is open there already, in a digest:
	// those filings are named there from now on, all but those whose cards wait for such an officer.
	greetWithDigest = `
		with listed as (
			insert into cards (filing, chat, message, ver)
			select f.id, $1, '', f.ver from filings f
			where f.station = $2 and f.closed_at is null and exists (select from (` + cardAudience + `) a where a.chat = $1)
				and not exists (select from notices n
					where n.filing = f.id and n.kind = 'card' and n.state in ('waiting', 'pending', 'sending') and (n.chat is null or n.chat = $1))
			on conflict (filing, chat) do nothing
			returning filing
		)
		insert into notices (kind, chat, post, state, dedupe_key)
		select 'digest', $1, $3, 'pending', 'digest:' || $3::bigint || ':new' where exists (select from listed)
		on conflict (dedupe_key) do nothing
		returning id, urgent`
)

// officersClocks are those whose running out officers answer for.
var officersClocks = kindsOf(func(c clock) bool { return !c.over })

// makeDigests makes the digests that are due.
func (s *Store) makeDigests(ctx context.Context) error {
	return s.inTx(ctx, "making digests", func(tx pgx.Tx) error {
		if err := s.wake(ctx, tx, dueDigests, digestLimit, s.ahead()); err != nil {
			return err
		}
		return s.wake(ctx, tx, dueGroupDigests, digestLimit, s.ahead())
	})
}

// claimDigest claims a digest, and counts.
func (s *Store) claimDigest(ctx context.Context, id int64, lease time.Duration) (Notice, bool, error) {
	n := Notice{ID: id, Digest: &Digest{}, token: make([]byte, 16)}
	rand.Read(n.token)
	var chat, address []byte
	by := &n.Digest.For
	err := s.pool.QueryRow(ctx, claimDigest, id, n.token, lease).Scan(
		&n.Kind, &n.Urgent, &n.Attempt, &chat, &n.Channel, &address, &n.Lang, &n.Simple, &n.Group, &by.Role, &by.Station, &by.District)
	if errors.Is(err, pgx.ErrNoRows) {
		return s.claimMatch(ctx, id, lease)
	}
	if err != nil {
		return Notice{}, false, failed("claiming a notice", err)
	}
	if n.Chat, err = s.keys.OpenText(address, chatPlace(chat)); err != nil {
		return Notice{}, false, fmt.Errorf("opening a notice's chat: %w", err)
	}
	return n, true, s.count(ctx, n.Digest)
}

// count fills in a digest's numbers.
func (s *Store) count(ctx context.Context, d *Digest) error {
	which := ofState
	switch {
	case d.For.Station != "":
		which = ofStation
	case d.For.District != "":
		which = ofDistrict
	}
	args := []any{d.For.Station, d.For.District, Allowed(ActView, d.For.Role, true), officersClocks}
	rows, _ := s.pool.Query(ctx, countOpen+which+countGroups, args...)
	var at Place
	var sensitive bool
	_, err := pgx.ForEachRow(rows, []any{&at.Station, &at.District, &sensitive, &at.New, &at.Open, &at.Overdue}, func() error {
		d.add(at.Counts)
		if sensitive {
			d.Sensitive += at.Open
		} else {
			d.place(at)
		}
		return nil
	})
	if err != nil || which == ofState {
		return failed("counting filings", err)
	}
	rows, _ = s.pool.Query(ctx, pressing+which+mostPressing, args...)
	d.Pressing, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Filing, err error) {
		err = row.Scan(f.columns()...)
		return f, err
	})
	return failed("finding the most pressing filings", err)
}

// place adds a station's numbers, or for the state those of its district.
func (d *Digest) place(at Place) {
	switch {
	case d.For.Station != "":
		return
	case d.For.District == "":
		at.Station = ""
	}
	for i := range d.Places {
		if d.Places[i].Station == at.Station && d.Places[i].District == at.District {
			d.Places[i].add(at.Counts)
			return
		}
	}
	d.Places = append(d.Places, at)
}
