package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// MatchState is what officers said of a match.
type MatchState string

// The states of a match.
const (
	MatchProposed MatchState = "proposed"
	MatchYes      MatchState = "yes"
	MatchNo       MatchState = "no"
)

// The events that an officer's yes makes.
const (
	Matched      = "matched"       // what this filing looks for was found: its citizen hears
	CallWanted   = "call_wanted"   // a body may be the person whom this filing looks for: its citizen hears only that the station wants to talk
	MatchedFound = "matched_found" // whose it is was found, of a filing that told of something found: for officers
)

// NewMatch is a pair that is proposed to officers.
type NewMatch struct {
	Lost         int64 // filing
	LostN        int   // which of its things
	Found        Side
	FoundN       int
	Person, Body bool
	Exact        bool // by a number that both have
	Score        float64
	Alike        []string // what agrees
}

// Match is a pair that was proposed.
type Match struct {
	ID            int64
	State         MatchState
	Person, Body  bool
	Exact         bool
	Alike         []string
	Lost, Found   MatchSide
	LostN, FoundN int
	By            By // who decided
	DecidedAt     time.Time
}

// MatchSide is a side of a match as anybody may know it who may know of the match.
type MatchSide struct {
	Side
	Number    string
	Kind      string // service of the filing, or kind of the record
	Station   string
	District  string
	Sensitive bool
	Over      bool
}

// Sensitive says whether one of the sides is.
func (m Match) Sensitive() bool { return m.Lost.Sensitive || m.Found.Sensitive }

// Private says whether a match is for no group, not even with nothing told.
func (m Match) Private() bool { return m.Person || m.Sensitive() }

// Over says whether one of the sides is withdrawn or has come to its end.
func (m Match) Over() bool { return m.Lost.Over || m.Found.Over }

// matchFrom are match m and its sides, with what matchColumns takes: l, what was lost, and f or r, what was found.
const (
	matchFrom = `
		from matches m join filings l on l.id = m.lost left join filings f on f.id = m.filing left join records r on r.id = m.record
			left join posts q on q.id = m.post`
	matchColumns = `m.id, m.state, m.person, m.body, m.exact, m.alike, m.lost_n, m.found_n,
		l.id, l.number, l.service, coalesce(l.station, ''), l.district, l.sensitive, l.closed_at is not null,
		coalesce(f.id, 0), coalesce(r.id, 0), coalesce(f.number, r.number), coalesce(f.service, r.kind), coalesce(f.station, r.station, ''),
		coalesce(f.district, r.district), coalesce(f.sensitive, false), coalesce(f.closed_at, r.withdrawn_at) is not null,
		coalesce(q.role, ''), coalesce(q.station, ''), coalesce(q.district, ''), coalesce(m.decided_at, ` + noTime + `)`

	// reachesMatch says whether post p is where one of the sides of match m is, and may decide on it: one of $ordinary ($1), or of
	// $sensitive ($2) if a side is sensitive.
	reachesMatch = `
		(p.station = l.station or p.station is null and p.district = l.district
			or p.station = coalesce(f.station, r.station) or p.station is null and p.district = coalesce(f.district, r.district))
		and p.role = any(case when l.sensitive or coalesce(f.sensitive, false) then $2::text[] else $1::text[] end)`
)

func (m *Match) columns() []any {
	l, f := &m.Lost, &m.Found
	return []any{
		&m.ID, &m.State, &m.Person, &m.Body, &m.Exact, &m.Alike, &m.LostN, &m.FoundN,
		&l.Filing, &l.Number, &l.Kind, &l.Station, &l.District, &l.Sensitive, &l.Over,
		&f.Filing, &f.Record, &f.Number, &f.Kind, &f.Station, &f.District, &f.Sensitive, &f.Over,
		&m.By.Role, &m.By.Station, &m.By.District, &m.DecidedAt,
	}
}

const (
	// insertMatch keeps a pair, unless it was proposed before, a side is over, or officers said yes to another one of the filing's: then
	// only a number is worth a card.
	insertMatch = `
		insert into matches (lost, lost_n, filing, record, found_n, person, body, exact, score, alike)
		select l.id, $2, nullif($3::bigint, 0), nullif($4::bigint, 0), $5, $6, $7, $8, $9, $10 from filings l
		where l.id = $1 and l.closed_at is null
			and ($3 = 0 or exists (select from filings f where f.id = $3 and f.closed_at is null))
			and ($4 = 0 or exists (select from records r where r.id = $4 and r.withdrawn_at is null))
			and ($8 or not exists (select from matches y where y.lost = $1 and y.state = 'yes'))
		on conflict do nothing
		returning id`

	lockMatch   = `select id from matches where id = $1 for no key update`
	readMatch   = `select ` + matchColumns + matchFrom + ` where m.id = $1`
	lockFilings = `select id from filings where id = any($1) order by id for no key update`

	// matchPost is the post of sender $4 that may decide on match $3.
	matchPost = `
		select p.id, p.officer, p.role, coalesce(p.station, ''), coalesce(p.district, '')
		from officers o join posts p on p.officer = o.id, matches m join filings l on l.id = m.lost left join filings f on f.id = m.filing
			left join records r on r.id = m.record
		where o.sender = $4 and p.revoked_at is null and m.id = $3 and ` + reachesMatch + `
		order by p.id limit 1
		for share of p`

	// officerMatch is match $3, if a post of sender $4 may decide on it.
	officerMatch = `select ` + matchColumns + matchFrom + ` where m.id = $3 and ` + officerReaches

	// openMatches are those that wait for the word of sender $4, persons first.
	openMatches = `
		select ` + matchColumns + matchFrom + `
		where m.state = 'proposed' and l.closed_at is null and coalesce(f.closed_at, r.withdrawn_at) is null and ` + officerReaches + `
		order by m.person desc, m.id desc limit $3`

	officerReaches = `exists (
		select from officers o join posts p on p.officer = o.id where o.sender = $4 and p.revoked_at is null and ` + reachesMatch + `)`

	decidedBy = `select o.sender = $2 from matches m join posts p on p.id = m.post join officers o on o.id = p.officer where m.id = $1`

	decideMatch = `update matches set state = $2, post = $3, decided_at = now() where id = $1`
)

// ProposeMatches keeps pairs and has their cards sent to the officers of both sides: of each pair once, ever. It returns how many are new.
func (s *Store) ProposeMatches(ctx context.Context, pairs []NewMatch) (made int, err error) {
	for _, n := range pairs {
		err := s.inTx(ctx, "proposing a match", func(tx pgx.Tx) error {
			var id int64
			err := tx.QueryRow(ctx, insertMatch, n.Lost, n.LostN, n.Found.Filing, n.Found.Record, n.FoundN, n.Person, n.Body, n.Exact, n.Score, n.Alike).Scan(&id)
			if errors.Is(err, pgx.ErrNoRows) { // proposed before, or over by now
				return nil
			}
			if err != nil {
				return failed("proposing a match", err)
			}
			made++
			if err := s.wake(ctx, tx, sendMatch, id); err != nil {
				return err
			}
			return s.audit(ctx, tx, auditEntry{what: "match_proposed", filing: n.Lost, record: n.Found.Record})
		})
		if err != nil {
			return made, err
		}
	}
	return made, nil
}

// matchesShown is how many open matches a list shows.
const matchesShown = 30

// OpenMatches returns the matches that wait for the word of an officer, persons first.
func (s *Store) OpenMatches(ctx context.Context, channel, sender string) ([]Match, error) {
	ordinary, sensitive := roleNames(ActMatch)
	rows, _ := s.pool.Query(ctx, openMatches, ordinary, sensitive, matchesShown, s.senderKey(channel, sender))
	matches, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Match, err error) {
		err = row.Scan(m.columns()...)
		return m, err
	})
	return matches, failed("reading the open matches", err)
}

// OfficerMatch returns a match that an officer may decide on, or could have. ErrNotFound if there is none.
func (s *Store) OfficerMatch(ctx context.Context, channel, sender string, match int64) (Match, error) {
	ordinary, sensitive := roleNames(ActMatch)
	var m Match
	err := s.pool.QueryRow(ctx, officerMatch, ordinary, sensitive, match, s.senderKey(channel, sender)).Scan(m.columns()...)
	return m, failed("reading a match", err)
}

// MatchDecision is what became of an officer's word on a match.
type MatchDecision struct {
	Outcome Outcome // Stale: one of the sides is over
	Repeat  bool
	Match   Match // as it stands now; zero for NotAllowed
}

// DecideMatch takes an officer's word on a match, in one transaction with all that follows. A yes is noted in the timelines of
// both sides, the other officers hear, and then the citizen who looks for the thing or person; a no is noted and nothing else.
// Whoever is first decides.
func (s *Store) DecideMatch(ctx context.Context, channel, sender string, match int64, yes bool) (MatchDecision, error) {
	key := s.senderKey(channel, sender)
	var d MatchDecision
	err := s.inTx(ctx, "deciding on a match", func(tx pgx.Tx) error {
		var e auditEntry
		var by By
		err := s.lockMatch(ctx, tx, match, &d.Match)
		if err == nil {
			e, by, err = s.matchPost(ctx, tx, match, key)
		}
		if errors.Is(err, ErrNotAllowed) || errors.Is(err, ErrNotFound) {
			d = MatchDecision{Outcome: NotAllowed}
			return nil
		}
		if err != nil {
			return err
		}
		want := map[bool]MatchState{true: MatchYes, false: MatchNo}[yes]
		switch {
		case d.Match.State != MatchProposed:
			var own bool
			if err := tx.QueryRow(ctx, decidedBy, match, key).Scan(&own); err != nil {
				return failed("deciding on a match", err)
			}
			d.Outcome, d.Repeat = Already, own && d.Match.State == want
			if d.Repeat {
				d.Outcome = Done
			}
			return nil
		case d.Match.Over():
			d.Outcome = Stale
			return nil
		}
		if _, err := tx.Exec(ctx, decideMatch, match, want, e.post); err != nil {
			return failed("deciding on a match", err)
		}
		d.Outcome, d.Match.State, d.Match.By, d.Match.DecidedAt = Done, want, by, time.Now()
		if yes {
			if err := s.confirm(ctx, tx, d.Match, e.post); err != nil {
				return err
			}
		}
		if err := s.wake(ctx, tx, tellOfDecision, match, s.chatKey(channel, sender), yes); err != nil {
			return err
		}
		e.what, e.filing, e.record = "match_"+string(want), d.Match.Lost.Filing, d.Match.Found.Record
		return s.audit(ctx, tx, e)
	})
	return d, err
}

// lockMatch reads a match and keeps it and the filings of its sides as they are.
func (s *Store) lockMatch(ctx context.Context, tx pgx.Tx, match int64, m *Match) error {
	var id int64
	if err := tx.QueryRow(ctx, lockMatch, match).Scan(&id); err != nil {
		return failed("reading a match", err)
	}
	if err := tx.QueryRow(ctx, readMatch, match).Scan(m.columns()...); err != nil {
		return failed("reading a match", err)
	}
	if _, err := tx.Exec(ctx, lockFilings, []int64{m.Lost.Filing, m.Found.Filing}); err != nil {
		return failed("reading a match", err)
	}
	return failed("reading a match", tx.QueryRow(ctx, readMatch, match).Scan(m.columns()...)) // as it is under the locks
}

// matchPost finds the post that may decide on a match. It is the beginning of the audit row.
func (s *Store) matchPost(ctx context.Context, tx pgx.Tx, match int64, sender []byte) (e auditEntry, by By, err error) {
	ordinary, sensitive := roleNames(ActMatch)
	err = tx.QueryRow(ctx, matchPost, ordinary, sensitive, match, sender).Scan(&e.post, &e.officer, &by.Role, &by.Station, &by.District)
	if errors.Is(err, pgx.ErrNoRows) {
		return e, by, ErrNotAllowed
	}
	return e, by, failed("finding the post for a match", err)
}

// confirm does what follows from a yes for the filings of both sides.
func (s *Store) confirm(ctx context.Context, tx pgx.Tx, m Match, post int64) error {
	event := Matched
	if m.Body {
		event = CallWanted
	}
	if err := s.matchEvent(ctx, tx, m.Lost.Filing, event, post, m.Found); err != nil {
		return err
	}
	if err := s.tellOfMatch(ctx, tx, m); err != nil || m.Found.Filing == 0 {
		return err
	}
	return s.matchEvent(ctx, tx, m.Found.Filing, MatchedFound, post, m.Lost)
}

// callFirst is for how long the news of a match with a body is held back: the station is to visit or call the family before a
// message does, and what comes then says only that it wants to talk.
const callFirst = 3 * time.Hour

// tellOfMatch tells the citizen who looks for a thing or a person. Of somebody alive they hear at once, of all else not at night.
func (s *Store) tellOfMatch(ctx context.Context, tx pgx.Tx, m Match) error {
	switch {
	case m.Body:
		return s.wakeAt(ctx, tx, tellByDay, m.Lost.Filing, callFirst)
	case m.Person:
		return s.wake(ctx, tx, tellCitizen, m.Lost.Filing)
	}
	return s.wakeAt(ctx, tx, tellByDay, m.Lost.Filing, time.Duration(0))
}

// matchEvent makes the next version of a filing, which says with what it was matched, and where that is (see ReadMatched).
func (s *Store) matchEvent(ctx context.Context, tx pgx.Tx, filing int64, event string, post int64, other MatchSide) error {
	var f Filing
	if err := tx.QueryRow(ctx, nextVersion, filing).Scan(f.columns()...); err != nil {
		return failed("noting a match", err)
	}
	note, err := s.keys.SealText(strings.TrimSpace(other.Number+" "+other.District+" "+other.Station), eventPlace(filing, f.Ver))
	if err != nil {
		return fmt.Errorf("noting a match: %w", err)
	}
	if _, err := tx.Exec(ctx, officerEvent, filing, event, post, "", note, ""); err != nil {
		return failed("noting a match", err)
	}
	return s.wake(ctx, tx, editCards, filing)
}

// ReadMatched takes the note of an event of a match apart: the number of the other side, its district and its station, "" if that is
// not known.
func ReadMatched(note string) (number, district, station string) {
	words := append(strings.Fields(note), "", "", "")
	return words[0], words[1], words[2]
}

// IsMatch says whether events of a kind are those of a match: their notes are for ReadMatched, and for officers.
func IsMatch(kind string) bool { return kind == Matched || kind == CallWanted || kind == MatchedFound }

// MatchContents is a match with all that its sides tell.
type MatchContents struct {
	Match
	LostContent, FoundContent SideContent
	LostMedia, FoundMedia     []Media
}

// ViewMatch opens a match for an officer of one of its sides, with the audit row in the same transaction. ErrNotAllowed if no post
// of the sender may.
func (s *Store) ViewMatch(ctx context.Context, channel, sender string, match int64) (MatchContents, error) {
	var c MatchContents
	err := s.inTx(ctx, "viewing a match", func(tx pgx.Tx) error {
		e, _, err := s.matchPost(ctx, tx, match, s.senderKey(channel, sender))
		if err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, readMatch, match).Scan(c.columns()...); err != nil {
			return failed("viewing a match", err)
		}
		if err := s.openMatch(ctx, tx, &c); err != nil {
			return err
		}
		e.what, e.filing, e.record = "match_view", c.Lost.Filing, c.Found.Record
		return s.audit(ctx, tx, e)
	})
	return c, err
}

func (s *Store) openMatch(ctx context.Context, tx pgx.Tx, c *MatchContents) error {
	sides, err := s.openSides(ctx, tx, []Side{c.Lost.Side, c.Found.Side})
	if err != nil {
		return err
	}
	lost := slices.IndexFunc(sides, func(x SideContent) bool { return x.Side == c.Lost.Side })
	found := slices.IndexFunc(sides, func(x SideContent) bool { return x.Side == c.Found.Side })
	if lost < 0 || found < 0 {
		return fmt.Errorf("viewing a match: %w", ErrNotFound)
	}
	c.LostContent, c.FoundContent = sides[lost], sides[found]
	if c.LostMedia, err = readMedia(ctx, tx, c.Lost.Filing); err != nil {
		return err
	}
	if c.Found.Filing != 0 {
		c.FoundMedia, err = readMedia(ctx, tx, c.Found.Filing)
		return err
	}
	rows, _ := tx.Query(ctx, recordMedia, c.Found.Record)
	c.FoundMedia, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Media])
	return failed("reading a record's files", err)
}
