package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// The kinds of notice.
const (
	NoticeCard        = "card"        // a filing's card for an officer's chat or a station's group
	NoticeCardEdit    = "card_edit"   // the card that is there, brought up to date
	NoticeStatus      = "status"      // news of a filing for its citizen
	NoticeCardOpen    = "card_open"   // a card that an officer asked for, of a filing that was only named in a list
	NoticeInformation = "information" // the citizen added something: for the officers
	NoticeDigest      = "digest"      // how things stand, every morning, for a post or a station's group
	NoticeOverdue     = "overdue"     // a filing's card, with the words that a clock ran out, for who has a seat
	NoticeReceipt     = "receipt"     // a filing's receipt for its citizen

	NoticeAskConsent  = "ask_consent"  // may a relative have registered you? For an elder
	NoticeAskRelative = "ask_relative" // may a relative be linked with you? For an elder
	NoticeAskReturn   = "ask_return"   // are you back? For a traveller; with ".remind", ".again" after it
	NoticeAskGreeting = "ask_greeting" // is all well? For a senior; likewise
	NoticeAlarm       = "alarm"        // nobody answered, or help is wanted: for family and officers
	NoticeRelief      = "relief"       // it is over: for who had an alarm
	NoticeVisit       = "visit"        // an officer was at a senior's: for relatives
	NoticeLinked      = "linked"       // a relative is linked now: for the relative
)

// toCitizens are the kinds of notice that go to a filing's citizen, for SQL; all others go to officers.
const toCitizens = `('` + NoticeStatus + `', '` + NoticeReceipt + `')`

// Notice is a message that nobody is waiting for, claimed for sending.
type Notice struct {
	ID      int64
	Kind    string
	Urgent  bool
	Attempt int // 1 at first; more: say that it may be a repeat

	Channel string // where to
	Chat    string
	Lang    string // of that chat; "" if never chosen
	Simple  bool
	Locked  bool   // the citizen shares the phone and has set a PIN
	Group   bool   // for officers, but nobody's private chat: no name, phone or narrative
	Roles   []Role // what those who read this chat are for the filing; none: it went to another station

	Person string    // the elder's or the traveller's name, for notices about them
	Filer  string    // the relative's name who registered the elder
	About  string    // the relative's name whom it is about
	Who    string    // and what names that relative among the links (see Link.Who)
	Phone  bool      // it is for whoever has a phone: family, a neighbour, the person who is asked
	Back   time.Time // the day of the traveller's return; zero if it is no journey
	Photos []string  // media ids of the event's photos

	Filing Filing        // as it stands now
	Event  Event         // what the notice tells of (status, information, receipt)
	Clock  Clock         // that ran out (overdue)
	Late   time.Duration // how long ago; 0 if it was stopped since
	Card   string        // the channel's id of the filing's card in this chat, "" if none
	Shown  int           // the version which that card shows, 0 if none

	Digest *Digest // what a digest says, nil for other kinds

	Match    *Match // that it is about; nil for other kinds
	LostSide bool   // it is for the officers where the thing was lost or the person is missing

	token []byte // fences off a worker whose lease ran out
}

// Gone says of a card that the filing is no longer for those who read the chat:
// it went to another station. The card says so, and is kept up to date no more.
func (n *Notice) Gone() bool { return len(n.Roles) == 0 }

// IsCard says whether a notice brings a filing's card, and nothing else.
func (n Notice) IsCard() bool {
	return n.Kind == NoticeCard || n.Kind == NoticeCardEdit || n.Kind == NoticeCardOpen
}

// claim leases notice $1 with token $2 for $3 and returns all that sending needs.
// River's clock may be a little ahead, so a job may come a second early.
const claim = `
	with n as (
		update notices set state = 'sending', lease_token = $2, lease_until = now() + $3, attempt = attempt + 1
		where id = $1 and filing is not null and state in ('pending', 'sending') and next_at <= now() + interval '1 second'
			and (lease_until is null or lease_until < now())
		returning *
	)
	select n.kind, n.urgent, n.attempt,
		c.id, c.channel, c.address, coalesce(c.lang, ''), c.simple,
		exists (select from citizens z where z.id = f.citizen and z.pin is not null),
		n.kind not in ` + toCitizens + ` and n.phone is null and not exists (select from officers o where o.chat = c.id),
		` + rolesInChat + `,
		coalesce(n.clock, ''), case when f.closed_at is null and (t.ended_at is null or t.kind = '` + string(ClockBody) + `') then now() - t.due_at else '0' end,
		coalesce(k.message, ''), coalesce(k.ver, 0),
		coalesce(e.ver, 0), coalesce(e.at, ` + noTime + `), coalesce(e.kind, ''), coalesce(e.actor, ''), e.note, coalesce(e.station, ''),
		coalesce(p.role, ''), coalesce(p.station, ''), coalesce(p.district, ''),
		coalesce(r.name, s.name), s.filer, n.about, a.name, coalesce(r.return_on::timestamp at time zone 'Asia/Kolkata', ` + noTime + `),
		array(select m.media from filing_media m where m.filing = f.id and m.label = 'event.' || n.ver and m.kind = 'photo' order by m.received_at), n.phone is not null, ` + filingColumns + `
	from n join chats c on c.id = n.chat
		join filings f on f.id = n.filing
		left join clocks t on t.filing = n.filing and t.kind = n.clock
		left join cards k on k.filing = n.filing and k.chat = n.chat
		left join events e on e.filing = n.filing and e.ver = n.ver and e.filed_at = f.created_at
		left join posts p on p.id = e.post
		left join seniors s on s.filing = n.filing
		left join checkins r on r.filing = n.filing and r.kind = 'return'
		left join contacts a on a.filing = n.filing and a.role = 'relative' and a.phone = n.about`

// Claim takes a notice for sending, for the length of a lease. False means
// that there is nothing to do: sent, in other hands, not due, or waiting.
func (s *Store) Claim(ctx context.Context, id int64, lease time.Duration) (Notice, bool, error) {
	n := Notice{ID: id, token: make([]byte, 16)}
	rand.Read(n.token)
	var chat, address, note, person, filer, about, relative []byte
	var late *time.Duration
	var by By
	err := s.pool.QueryRow(ctx, claim, id, n.token, lease).Scan(append([]any{
		&n.Kind, &n.Urgent, &n.Attempt,
		&chat, &n.Channel, &address, &n.Lang, &n.Simple, &n.Locked, &n.Group, &n.Roles,
		&n.Clock, &late, &n.Card, &n.Shown,
		&n.Event.Ver, &n.Event.At, &n.Event.Kind, &n.Event.Actor, &note, &n.Event.Other,
		&by.Role, &by.Station, &by.District,
		&person, &filer, &about, &relative, &n.Back, &n.Photos, &n.Phone,
	}, n.Filing.columns()...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return s.claimDigest(ctx, id, lease)
	}
	if err != nil {
		return Notice{}, false, failed("claiming a notice", err)
	}
	if by.Role != "" {
		n.Event.By = &by
	}
	if late != nil {
		n.Late = *late
	}
	if n.Chat, err = s.keys.OpenText(address, chatPlace(chat)); err != nil {
		return Notice{}, false, fmt.Errorf("opening a notice's chat: %w", err)
	}
	if n.Event.Note, err = s.keys.OpenText(note, eventPlace(n.Filing.ID, n.Event.Ver)); err != nil {
		return Notice{}, false, fmt.Errorf("opening a notice's event: %w", err)
	}
	if about != nil {
		n.Who = whoOf(about)
	}
	for name, sealed := range map[*string]struct {
		text  []byte
		place string
	}{
		&n.Person: {person, personPlace(n.Filing.Number)},
		&n.Filer:  {filer, filerPlace(n.Filing.Number)},
		&n.About:  {relative, relativePlace(n.Filing.Number, about)},
	} {
		if *name, err = s.keys.OpenText(sealed.text, sealed.place); err != nil {
			return Notice{}, false, fmt.Errorf("opening a name in a notice: %w", err)
		}
	}
	return n, true, nil
}

const (
	// lockForCard keeps the filing as it is until the card is recorded: whoever
	// changes it next then sees the card, and whoever did before is seen by editCards.
	lockForCard = `select f.id from filings f join notices n on n.filing = f.id where n.id = $1 for share of f`

	// markSent records a card's message ($3, showing version $4) along with it.
	markSent = `
		with sent as (
			update notices set state = 'sent', sent_at = now(), reason = '', lease_token = null, lease_until = null
			where id = $1 and lease_token = $2
			returning kind, filing, chat
		), card as (
			insert into cards (filing, chat, message, ver)
			select filing, chat, $3, $4 from sent where kind in ('card', 'card_edit', 'card_open', 'overdue') and $3 <> ''
			on conflict (filing, chat) do update set message = excluded.message, ver = excluded.ver, sent_at = now()
		)
		select count(*) from sent`
)

// forgetCard ends the card of notice $1: the filing went to another station.
const forgetCard = `delete from cards c using notices n where n.id = $1 and c.filing = n.filing and c.chat = n.chat`

// Sent records that a notice arrived as message (the channel's id of it; for a
// card that was edited in place, the same as before). If the filing changed
// since Claim, another notice brings the card up to date. ErrLeaseLost if the
// lease ran out and another took it over.
func (s *Store) Sent(ctx context.Context, n Notice, message string) error {
	if n.Match != nil {
		return s.matchSent(ctx, n, message)
	}
	return s.inTx(ctx, "recording a sent notice", func(tx pgx.Tx) error {
		var batch pgx.Batch
		card := n.IsCard() || n.Kind == NoticeOverdue
		if card {
			batch.Queue(lockForCard, n.ID)
		}
		var marked int
		if card && n.Gone() {
			batch.Queue(forgetCard, n.ID)
			message = ""
		}
		batch.Queue(markSent, n.ID, n.token, message, n.Filing.Ver).QueryRow(func(row pgx.Row) error { return row.Scan(&marked) })
		var edits []wakeup
		if card {
			batch.Queue(editCards, n.Filing.ID).Query(func(rows pgx.Rows) (err error) {
				edits, err = collectWakeups(rows)
				return err
			})
		}
		if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
			return failed("recording a sent notice", err)
		}
		if marked == 0 {
			return ErrLeaseLost
		}
		return s.insertJobs(ctx, tx, edits)
	})
}

// markFailed ends notice $1, or puts it off by $4. To wait for a limit, ours or the channel's, is no
// attempt: the pauses after real failures grow with those.
const markFailed = `
	update notices set state = case when $4::interval is null then 'failed' else 'pending' end, reason = $3,
		attempt = attempt - case when $3 in ('rate', 'busy', 'storm') then 1 else 0 end,
		next_at = now() + coalesce($4::interval, '0'), lease_token = null, lease_until = null
	where id = $1 and lease_token = $2
	returning urgent, next_at`

// Failed records why a notice did not arrive (a word: "refused", "busy", ...)
// and, unless retry is nil, after how long to try again. For a chat that
// blocked us or is gone, call Unreachable instead. ErrLeaseLost as in Sent.
func (s *Store) Failed(ctx context.Context, n Notice, reason string, retry *time.Duration) error {
	return s.inTx(ctx, "recording a failed notice", func(tx pgx.Tx) error {
		again := wakeup{Notice: n.ID}
		err := tx.QueryRow(ctx, markFailed, n.ID, n.token, reason, retry).Scan(&again.Urgent, &again.At)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrLeaseLost
		}
		if err != nil {
			return failed("recording a failed notice", err)
		}
		if retry == nil {
			return nil
		}
		return s.insertJobs(ctx, tx, []wakeup{again})
	})
}

// NoticeCount is how many notices ended or wait in one way.
type NoticeCount struct {
	Kind   string
	State  string // "pending", "sending", "sent", "failed", "waiting"
	Reason string // of the last attempt that failed, "" if none did
	Count  int64
}

// NoticeCounts counts the notices made in the last day, for metrics.
func (s *Store) NoticeCounts(ctx context.Context) ([]NoticeCount, error) {
	rows, _ := s.pool.Query(ctx, `
		select kind, state, reason, count(*) from notices
		where created_at > now() - interval '1 day'
		group by kind, state, reason order by kind, state, reason`)
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[NoticeCount])
	return counts, failed("counting notices", err)
}
