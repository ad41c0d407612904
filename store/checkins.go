package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// A check-in asks somebody whether all is well, and tells others when no answer comes: a traveller on the day of the
// return (services.md, section 6), a senior every day at an hour of their choice.
//
//	quiet     nothing is open; due: the next question
//	asked     the question was asked; due: it is asked once more
//	reminded  due: nobody answered. A first greeting without an answer is let pass; else the family is told
//	family    the family (for a greeting the neighbour too) was told; due: whether that reached anybody
//	told      it did; due: the station is told
//	station   the station was told; due: whether that reached an officer
//
// The times are columns, and every replica's sweeper takes the steps that are due, each under the locks of the filing and
// the check-in: once, whoever comes first, and never by a clock other than Postgres'. An answer ends it from every state.

// The kinds of check-ins.
const (
	checkReturn   = "return"
	checkGreeting = "greeting"
)

// The states of check-ins.
const (
	quiet    = "quiet"
	asked    = "asked"
	reminded = "reminded"
	family   = "family"
	told     = "told"
	station  = "station"
)

const (
	// late is how late a step may be taken as if it were on time. Found later, after an outage, it does not alarm anyone:
	// the person could not answer, or was not heard, so they are asked again and have grace to answer.
	late  = 10 * time.Minute
	grace = 15 * time.Minute
	// reach is how long an alarm may take to reach anybody of the family, or of the station, before others are told.
	reach = 15 * time.Minute
	// held is how long an alarm waits for the question to arrive, when the channel is what fails. Then the person counts
	// as one who can't be reached.
	held = time.Hour
	// familyAlone is how long the family has at least before the station is told.
	familyAlone = 2 * time.Hour
)

// pace is how long a kind of check-in waits for an answer, from when it was asked.
type pace struct {
	remind  time.Duration // then it is asked once more
	family  time.Duration // then the family is told
	station time.Duration // then the station is; 0: only familyAlone after the family
}

var paces = map[string]pace{
	checkReturn:   {remind: 3 * time.Hour, family: 12 * time.Hour, station: 24 * time.Hour},
	checkGreeting: {remind: time.Hour, family: 3 * time.Hour},
}

// letPass is how many greetings in a row may stay without an answer.
const letPass = 1

// checkin is a check-in whose step is due, as it is locked.
type checkin struct {
	filing int64
	kind   string
	who    []byte
	state  string
	missed int
	asks   int
	prompt string // the state of the notice that asked last; "" if there is none

	now     time.Time // Postgres'
	due     time.Time
	askedAt time.Time
	heldAt  time.Time

	reachable bool // there is a chat to ask in

	ended bool // the filing is
	away  bool // a senior who is travelling is not greeted
}

// move is what a step does.
type move string

// The moves.
const (
	moveEnd     move = "end"     // nothing more: the filing has ended
	moveSkip    move = "skip"    // not today
	moveAsk     move = "ask"     // ask
	moveRemind  move = "remind"  // ask once more
	moveAgain   move = "again"   // ask again, after an outage, before anybody is alarmed
	moveHold    move = "hold"    // the question is still on its way
	moveGrace   move = "grace"   // it arrived late: leave time to answer
	movePass    move = "pass"    // a greeting without an answer that is let pass
	moveFamily  move = "family"  // tell the family
	moveTold    move = "told"    // it was reached
	moveStation move = "station" // tell the station
	moveReached move = "reached" // an officer was reached: nothing more happens by itself
)

// next decides the move of a step that is due. reached says whether the alarm before it reached anybody.
func (c *checkin) next(reached bool) move {
	switch {
	case c.ended:
		return moveEnd
	case c.state == quiet && c.away:
		return moveSkip
	case c.state == quiet:
		return moveAsk
	case c.state == station && reached:
		return moveReached
	case c.state == station:
		return moveStation
	}
	onWay := c.prompt == "pending" || c.prompt == "sending"
	switch {
	case (c.state == asked || c.state == reminded) && (!c.reachable || !onWay && c.prompt != "sent"):
		return moveFamily // who can't be asked can't answer: nobody waits for that
	case onWay && (c.heldAt.IsZero() || c.now.Sub(c.heldAt) < held):
		return moveHold
	case c.state == asked:
		return moveRemind
	case c.now.Sub(c.due) > late:
		return moveAgain
	case !c.heldAt.IsZero() && !onWay:
		return moveGrace
	case c.state == reminded && c.kind == checkGreeting && c.missed < letPass:
		return movePass
	case c.state == reminded:
		return moveFamily
	case c.state == family && reached:
		return moveTold
	}
	return moveStation
}

const (
	dueCheckins = `select filing, kind from checkins where due_at <= now() + $1 order by due_at limit $2`

	lockCheckin = `
		select k.who, k.state, k.missed, k.asks, coalesce((select n.state from notices n where n.id = k.prompt), ''),
			now() + $3, k.due_at, coalesce(k.asked_at, ` + noTime + `), coalesce(k.held_at, ` + noTime + `), f.closed_at is not null,
			exists (select from (select k.who as phone) p, lateral (` + phoneChat + `) c),
			k.kind = 'greeting' and exists (
				select from checkins r join filings t on t.id = r.filing
				where r.who = k.who and r.kind = 'return' and t.closed_at is null
					and r.leave_on <= ((now() + $3) at time zone 'Asia/Kolkata')::date)
		from filings f join checkins k on k.filing = f.id
		where k.filing = $1 and k.kind = $2 and k.due_at <= now() + $3
		for update of f, k skip locked`

	// nextHour is when check-in k, a greeting, is due next.
	nextHour = `
		(((((now() + $3) at time zone 'Asia/Kolkata')::date + k.hour) at time zone 'Asia/Kolkata')
			+ case when ((((now() + $3) at time zone 'Asia/Kolkata')::date + k.hour) at time zone 'Asia/Kolkata') > now() + $3
				then interval '0' else interval '1 day' end)`

	greetLater = `update checkins k set state = 'quiet', held_at = null, missed = $4, due_at = ` + nextHour + ` where filing = $1 and kind = $2`

	setStep = `
		update checkins set state = $3, due_at = $4, held_at = $5, asked_at = coalesce($6, asked_at), missed = $7
		where filing = $1 and kind = $2`

	// askPhone makes the question of check-in $1, $2 as a notice of kind $3, and remembers it.
	askPhone = `
		with made as (
			insert into notices (kind, phone, chat, filing, state, dedupe_key)
			select $3::text, p.phone, c.chat, $1::bigint, case when c.chat is null then 'waiting' else 'pending' end, $3::text || ':' || $1::bigint || ':' || p.asks
			from (select who as phone, asks + 1 as asks from checkins where filing = $1 and kind = $2) p
				left join lateral (` + phoneChat + `) c on true
			returning id, urgent, state
		), kept as (
			update checkins set asks = asks + 1, prompt = made.id from made where filing = $1 and kind = $2
		)
		select id, urgent, state from made`

	// stopAsking ends the earlier questions of filing $1 of the kinds $2 that did not go out.
	stopAsking = `
		update notices set state = 'failed', reason = 'answered', lease_token = null, lease_until = null
		where filing = $1 and kind = any($2) and state in ('pending', 'waiting')`

	// familyPhones are who is told first of filing $1, $2: contacts, and the linked relatives of the same senior.
	familyPhones = `
		select coalesce(array_agg(phone order by role, since), '{}') from (
			select phone, role, since from contacts where filing = $1 and state = 'linked' and (role <> 'neighbour' or $2 = 'greeting')
			union
			select c.phone, c.role, c.since from checkins k join seniors s on s.elder = k.who join filings f on f.id = s.filing
				join contacts c on c.filing = s.filing
			where k.filing = $1 and k.kind = $2 and s.consent = 'given' and f.closed_at is null and c.role = 'relative' and c.state = 'linked'
		) p where phone <> (select who from checkins where filing = $1 and kind = $2)`

	// tellStation makes the alarm, or what ends it, for the officers of filing $1: all chats that have its card, and those
	// that a new card would go to. Who was told of this version before and could not be reached is told again.
	tellStation = `
		insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
		select $2::text, true, a.chat, f.id, $3::int, 'pending', $2::text || ':' || f.id || ':' || $3::int || ':' || encode(a.chat, 'hex')
		from filings f, lateral (
			select c.chat from cards c join chats t on t.id = c.chat where c.filing = f.id and t.reachable
			union ` + cardAudience + `) a
		where f.id = $1
		on conflict (dedupe_key) do update set state = 'pending', attempt = 0, next_at = now() where notices.state = 'failed'
		returning id, urgent`

	// stationEvent is the last event of filing $1 of the kinds $2.
	stationEvent = `
		select e.ver from events e
		where e.filing = $1 and e.filed_at = (select created_at from filings where id = $1) and e.kind = any($2)
		order by e.ver desc limit 1`

	// lastStationEvent says whether that event is of kind $3.
	lastStationEvent = `select (select kind from events e where e.filing = $1 and e.ver = (` + stationEvent + `)
		and e.filed_at = (select created_at from filings where id = $1)) = $3`

	// alarmReached says whether the newest alarm of filing $1 arrived anywhere: at a phone, or ($2) at the station.
	alarmReached = `
		select coalesce(bool_or(state = 'sent'), false)
		from notices where filing = $1 and kind = 'alarm' and (phone is null) = $2
			and ver = (select max(ver) from notices where filing = $1 and kind = 'alarm' and (phone is null) = $2)`
)

const stepLimit = 500 // check-ins in one go

// CheckIn takes the steps of check-ins that are due. Every replica's sweeper does so.
func (s *Store) CheckIn(ctx context.Context) error {
	rows, _ := s.pool.Query(ctx, dueCheckins, s.ahead(), stepLimit)
	due, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c checkin, err error) {
		err = row.Scan(&c.filing, &c.kind)
		return c, err
	})
	if err != nil {
		return failed("finding check-ins that are due", err)
	}
	var all error
	for _, c := range due {
		all = errors.Join(all, s.step(ctx, c))
	}
	return all
}

// step takes the step of one check-in, unless another replica has it or took it.
func (s *Store) step(ctx context.Context, c checkin) error {
	return s.inTx(ctx, "taking the step of a check-in", func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, lockCheckin, c.filing, c.kind, s.ahead()).Scan(
			&c.who, &c.state, &c.missed, &c.asks, &c.prompt, &c.now, &c.due, &c.askedAt, &c.heldAt, &c.ended, &c.reachable, &c.away)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return failed("taking the step of a check-in", err)
		}
		var reached bool
		if c.state == family || c.state == station {
			if err := tx.QueryRow(ctx, alarmReached, c.filing, c.state == station).Scan(&reached); err != nil {
				return failed("taking the step of a check-in", err)
			}
		}
		return s.take(ctx, tx, &c, c.next(reached))
	})
}

// take does a move.
func (s *Store) take(ctx context.Context, tx pgx.Tx, c *checkin, m move) error {
	p := paces[c.kind]
	switch m {
	case moveEnd:
		return s.ended(ctx, tx, c.filing)
	case moveSkip:
		return s.greetLater(ctx, tx, c, c.missed)
	case moveAsk:
		_, state, err := s.ask(ctx, tx, c, "")
		if err != nil {
			return err
		}
		if state == "waiting" { // there is no chat to ask in
			return s.tellFamily(ctx, tx, c, EventNoChat)
		}
		return s.set(ctx, tx, c, asked, c.now.Add(p.remind), nil, &c.now)
	case moveRemind:
		if _, _, err := s.ask(ctx, tx, c, ".remind"); err != nil {
			return err
		}
		return s.set(ctx, tx, c, reminded, latest(c.askedAt.Add(p.family), c.now.Add(grace)), nil, nil)
	case moveAgain:
		if _, _, err := s.ask(ctx, tx, c, ".again"); err != nil {
			return err
		}
		return s.set(ctx, tx, c, c.state, c.now.Add(grace), nil, nil)
	case moveHold:
		since := c.heldAt
		if since.IsZero() {
			since = c.now
		}
		return s.set(ctx, tx, c, c.state, c.now.Add(time.Minute), &since, nil)
	case moveGrace:
		return s.set(ctx, tx, c, c.state, c.now.Add(grace), nil, nil)
	case movePass:
		return s.greetLater(ctx, tx, c, c.missed+1)
	case moveFamily:
		if c.prompt == "sent" && c.reachable {
			return s.tellFamily(ctx, tx, c, EventUnanswered)
		}
		return s.tellFamily(ctx, tx, c, EventNoChat)
	case moveTold:
		due := c.now.Add(familyAlone - reach)
		if p.station > 0 {
			due = latest(due, c.askedAt.Add(p.station))
		}
		return s.set(ctx, tx, c, told, due, nil, nil)
	case moveStation:
		switch c.state {
		case station: // nobody was reached: again, and whoever is there now
			return s.alarmStation(ctx, tx, c)
		case family:
			return s.tellOfficers(ctx, tx, c, EventNoFamily)
		}
		return s.tellOfficers(ctx, tx, c, EventStation)
	case moveReached:
		return s.rest(ctx, tx, c)
	}
	return fmt.Errorf("there is no move %s", m)
}

// rest leaves an alarm to those who were told. Greetings begin again once the senior answers or an officer was there; after
// help was asked for, the next one asks how it went.
func (s *Store) rest(ctx context.Context, tx pgx.Tx, c *checkin) error {
	if c.kind == checkGreeting {
		var helped bool
		if err := tx.QueryRow(ctx, lastStationEvent, c.filing, stationEvents, EventHelp).Scan(&helped); err != nil {
			return failed("ending an alarm's steps", err)
		}
		if helped {
			return s.greetLater(ctx, tx, c, 0)
		}
	}
	return s.set(ctx, tx, c, station, time.Time{}, nil, nil)
}

// stationEvents are the kinds of events that the station is alarmed of.
var stationEvents = []string{EventStation, EventNoFamily, EventHelp}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// set writes where a check-in stands now; due zero: nothing happens by itself.
func (s *Store) set(ctx context.Context, tx pgx.Tx, c *checkin, state string, due time.Time, heldAt, askedAt *time.Time) error {
	var at *time.Time
	if !due.IsZero() {
		at = &due
	}
	_, err := tx.Exec(ctx, setStep, c.filing, c.kind, state, at, heldAt, askedAt, c.missed)
	return failed("taking the step of a check-in", err)
}

// greetLater lets a greeting rest until its hour comes again.
func (s *Store) greetLater(ctx context.Context, tx pgx.Tx, c *checkin, missed int) error {
	_, err := tx.Exec(ctx, greetLater, c.filing, c.kind, s.ahead(), missed)
	return failed("putting off a greeting", err)
}

// ask asks the person, in place of earlier questions that did not go out.
func (s *Store) ask(ctx context.Context, tx pgx.Tx, c *checkin, how string) (notice int64, state string, err error) {
	kind := NoticeAskReturn
	if c.kind == checkGreeting {
		kind = NoticeAskGreeting
	}
	if _, err := tx.Exec(ctx, stopAsking, c.filing, []string{kind, kind + ".remind", kind + ".again"}); err != nil {
		return 0, "", failed("asking whether all is well", err)
	}
	var w wakeup
	if err := tx.QueryRow(ctx, askPhone, c.filing, c.kind, kind+how).Scan(&w.Notice, &w.Urgent, &state); err != nil {
		return 0, "", failed("asking whether all is well", err)
	}
	if state == "waiting" {
		return w.Notice, state, nil
	}
	return w.Notice, state, s.insertJobs(ctx, tx, []wakeup{w})
}

// tellFamily alarms the family. If nobody of it has a chat that can be reached, the station is told at once.
func (s *Store) tellFamily(ctx context.Context, tx pgx.Tx, c *checkin, why string) error {
	if err := s.personEvent(ctx, tx, c.filing, event{kind: why, actor: "system"}); err != nil {
		return err
	}
	reached, err := s.alarmFamily(ctx, tx, c)
	if err != nil {
		return err
	}
	due := c.now.Add(reach)
	if !reached {
		due = c.now
	}
	return s.set(ctx, tx, c, family, due, nil, nil)
}

// alarmFamily makes the alarms of the newest event for the family; it says whether one can be sent.
func (s *Store) alarmFamily(ctx context.Context, tx pgx.Tx, c *checkin) (sent bool, err error) {
	var phones [][]byte
	var ver int
	if err := tx.QueryRow(ctx, familyPhones, c.filing, c.kind).Scan(&phones); err != nil {
		return false, failed("finding the family", err)
	}
	if err := tx.QueryRow(ctx, `select ver from filings where id = $1`, c.filing).Scan(&ver); err != nil {
		return false, failed("finding the family", err)
	}
	rows, _ := tx.Query(ctx, tellPhones, c.filing, NoticeAlarm, phones, fmt.Sprint(ver), nil, true)
	wakeups, err := collectWakeups(rows)
	if err != nil {
		return false, failed("telling the family", err)
	}
	return len(wakeups) > 0, s.insertJobs(ctx, tx, wakeups)
}

// tellOfficers alarms the station.
func (s *Store) tellOfficers(ctx context.Context, tx pgx.Tx, c *checkin, why string) error {
	yes := true
	if err := s.personEvent(ctx, tx, c.filing, event{kind: why, actor: "system", urgent: &yes}); err != nil {
		return err
	}
	return s.alarmStation(ctx, tx, c)
}

// alarmStation makes the alarms of the last such event for the officers. Until one of them was reached, it is done again.
func (s *Store) alarmStation(ctx context.Context, tx pgx.Tx, c *checkin) error {
	var ver int
	if err := tx.QueryRow(ctx, stationEvent, c.filing, stationEvents).Scan(&ver); err != nil {
		return failed("telling the station", err)
	}
	if err := s.wake(ctx, tx, tellStation, c.filing, NoticeAlarm, ver); err != nil {
		return err
	}
	return s.set(ctx, tx, c, station, c.now.Add(reach), nil, nil)
}

const (
	// relieved are who was alarmed about filing $1 and not yet told that it is over; the alarms that did not go out stop.
	relieved = `
		with stopped as (
			update notices set state = 'failed', reason = 'answered', lease_token = null, lease_until = null
			where filing = $1 and kind = 'alarm' and state in ('pending', 'waiting')
		), done as (
			update notices set reason = 'relieved'
			where filing = $1 and kind = 'alarm' and state in ('sent', 'sending') and reason <> 'relieved'
			returning id, phone
		)
		select coalesce(array_agg(phone order by id) filter (where phone is not null), '{}'), coalesce(bool_or(phone is null), false) from done`

	stopAllAsking = `
		update notices set state = 'failed', reason = 'answered', lease_token = null, lease_until = null
		where filing = $1 and kind like 'ask%' and kind <> 'ask_relative' and state in ('pending', 'waiting')`
)

// relieve tells those who were alarmed about a filing what its newest event says: that it is over. Questions and alarms
// that did not go out yet stop.
func (s *Store) relieve(ctx context.Context, tx pgx.Tx, filing int64) error {
	if _, err := tx.Exec(ctx, stopAllAsking, filing); err != nil {
		return failed("ending an alarm", err)
	}
	var phones [][]byte
	var officers bool
	if err := tx.QueryRow(ctx, relieved, filing).Scan(&phones, &officers); err != nil {
		return failed("ending an alarm", err)
	}
	var ver int
	if err := tx.QueryRow(ctx, `select ver from filings where id = $1`, filing).Scan(&ver); err != nil {
		return failed("ending an alarm", err)
	}
	if err := s.wake(ctx, tx, tellPhones, filing, NoticeRelief, phones, fmt.Sprint(ver), nil, true); err != nil {
		return err
	}
	if !officers {
		return nil
	}
	return s.wake(ctx, tx, tellStation, filing, NoticeRelief, ver)
}

// hurryCheckins makes the steps due at once of who was asked something and can't be reached any more: the citizen of
// chat $1, who has no other.
const hurryCheckins = `
	update checkins k set due_at = now() + $2
	from chats c join citizens z on z.id = c.citizen
	where c.id = $1 and k.who = z.phone_index and k.state in ('asked', 'reminded')
		and not exists (select from (select z.phone_index as phone) p, lateral (` + phoneChat + `) o)`
