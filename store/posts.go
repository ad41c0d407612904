package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Post is an officer's role at a station, in a district, or in the state.
type Post struct {
	ID        int64
	Role      Role
	Station   string // code, "" for a post above stations
	District  string // code; the station's where there is one; "" for the state
	Name      string // the officer's name
	Channel   string
	Since     time.Time
	RevokedAt time.Time // zero while active
}

// Seat is what an invitation is for. A role at a station has a Station, SDPO
// and SP have a District, SCRB and the administrator have neither.
type Seat struct {
	Role     Role
	Station  string
	District string
}

// check refuses a seat that no post can have.
func (s Seat) check() error {
	station, district := s.Station != "", s.District != ""
	switch s.Role {
	case DeskOfficer, SHO:
		if station {
			return nil
		}
		return fmt.Errorf("role %s needs a station", s.Role)
	case SDPO, SP:
		if district && !station {
			return nil
		}
		return fmt.Errorf("role %s needs a district and no station", s.Role)
	case SCRB, Administrator:
		if !station && !district {
			return nil
		}
		return fmt.Errorf("role %s has neither station nor district", s.Role)
	}
	return errors.New("there is no such role")
}

// Codes are 80 random bits in Crockford's base32, which has no I, L, O and U:
// 16 letters and digits in four groups.
const (
	codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeLength   = 16
)

func newCode() string {
	random := make([]byte, codeLength)
	rand.Read(random)
	var b strings.Builder
	for i, r := range random {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeAlphabet[r%32])
	}
	return b.String()
}

// codeKey is what is stored of a code, however it was typed. Two codes that
// differ anywhere have unrelated keys, so looking one up tells nothing by its time.
func (s *Store) codeKey(code string) []byte {
	var b strings.Builder
	for _, r := range strings.ToUpper(code) {
		switch {
		case r == 'O':
			r = '0'
		case r == 'I' || r == 'L':
			r = '1'
		case r >= '०' && r <= '९':
			r += '0' - '०'
		}
		if strings.ContainsRune(codeAlphabet, r) {
			b.WriteRune(r)
		}
	}
	if b.Len() != codeLength {
		return []byte{} // the key of no code
	}
	return s.keys.Index("invitation", b.String())
}

// insertInvitation keeps the district of the station, where there is one.
const insertInvitation = `
	insert into invitations (code, kind, role, station, district, made_by)
	values ($1, $2, nullif($3, ''), nullif($4, ''), coalesce((select district from stations where code = $4), nullif($5, '')), $6)`

// Invite makes a one-time code that gives its redeemer a post, good for 7 days.
// by says who invites: a word for the records ("cli"), never a name.
func (s *Store) Invite(ctx context.Context, seat Seat, by string) (code string, err error) {
	if err := seat.check(); err != nil {
		return "", fmt.Errorf("inviting an officer: %w", err)
	}
	return s.invite(ctx, "officer", seat, by)
}

func (s *Store) invite(ctx context.Context, kind string, seat Seat, by string) (string, error) {
	code := newCode()
	err := s.inTx(ctx, "inviting", func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, insertInvitation, s.codeKey(code), kind, seat.Role, seat.Station, seat.District, by); err != nil {
			return failed("inviting", err)
		}
		return s.audit(ctx, tx, auditEntry{what: "invite_" + kind})
	})
	if err != nil {
		return "", err
	}
	return code, nil
}

const (
	useInvitation = `
		update invitations set used_at = now()
		where code = $1 and kind = $2 and used_at is null and expires_at > now()
		returning coalesce(role, ''), coalesce(station, ''), coalesce(district, '')`

	// redeemedBefore is the post that the same sender got for the same code.
	redeemedBefore = `
		select p.id from invitations i join posts p on p.id = i.post join officers o on o.id = p.officer
		where i.code = $1 and i.kind = 'officer' and o.sender = $2 and p.revoked_at is null`

	upsertChat = `
		insert into chats (id, channel, address) values ($1, $2, $3)
		on conflict (id) do update set reachable = true, address = coalesce(chats.address, excluded.address)`

	upsertOfficer = `
		insert into officers (channel, sender, chat, name) values ($1, $2, $3, $4)
		on conflict (sender) do update set chat = excluded.chat, name = excluded.name
		returning id`

	insertPost = `
		insert into posts (officer, role, station, district) values ($1, $2, nullif($3, ''), nullif($4, ''))
		on conflict (officer, role, coalesce(station, ''), coalesce(district, '')) where revoked_at is null
			do update set role = excluded.role
		returning id`
)

// Redeem gives the sender the post that a code was made for and sends the cards
// that waited for such an officer, and a digest of what others have had. chat is the sender's private one. ErrCode if
// the code is not good. The same sender redeeming the same code again gets the
// same post.
func (s *Store) Redeem(ctx context.Context, code, channel, sender, chat, name string) (Post, error) {
	senderKey := s.senderKey(channel, sender)
	chatKey, address, err := s.sealChat(channel, chat)
	if err != nil {
		return Post{}, err
	}
	sealedName, err := s.keys.SealText(name, officerPlace(senderKey))
	if err != nil {
		return Post{}, err
	}
	var id int64
	err = s.inTx(ctx, "redeeming a code", func(tx pgx.Tx) error {
		var seat Seat
		err := tx.QueryRow(ctx, useInvitation, s.codeKey(code), "officer").Scan(&seat.Role, &seat.Station, &seat.District)
		if errors.Is(err, pgx.ErrNoRows) {
			err := tx.QueryRow(ctx, redeemedBefore, s.codeKey(code), senderKey).Scan(&id)
			if errors.Is(err, pgx.ErrNoRows) {
				return ErrCode
			}
			return failed("redeeming a code", err)
		}
		if err != nil {
			return failed("redeeming a code", err)
		}
		var officer int64
		if _, err := tx.Exec(ctx, upsertChat, chatKey, channel, address); err != nil {
			return failed("redeeming a code", err)
		}
		if err := tx.QueryRow(ctx, upsertOfficer, channel, senderKey, chatKey, sealedName).Scan(&officer); err != nil {
			return failed("redeeming a code", err)
		}
		if err := tx.QueryRow(ctx, insertPost, officer, seat.Role, seat.Station, seat.District).Scan(&id); err != nil {
			return failed("redeeming a code", err)
		}
		if _, err := tx.Exec(ctx, `update invitations set post = $2 where code = $1`, s.codeKey(code), id); err != nil {
			return failed("redeeming a code", err)
		}
		if seat.Station != "" {
			if err := s.wake(ctx, tx, greetWithDigest, chatKey, seat.Station, id); err != nil {
				return err
			}
		}
		if err := s.releaseFor(ctx, tx, seat); err != nil {
			return err
		}
		return s.audit(ctx, tx, auditEntry{what: "redeem", post: id, officer: officer})
	})
	if err != nil {
		return Post{}, err
	}
	posts, err := s.findPosts(ctx, postByID, id)
	if err != nil || len(posts) == 0 {
		return Post{}, failed("reading a post", err)
	}
	return posts[0], nil
}

// releaseFor sends the cards that waited for someone in a seat.
func (s *Store) releaseFor(ctx context.Context, tx pgx.Tx, seat Seat) error {
	switch {
	case seat.Station != "":
		return s.release(ctx, tx, seat.Station, "")
	case seat.District != "":
		return s.release(ctx, tx, "", seat.District)
	}
	return nil // posts for the whole state get no cards
}

func officerPlace(sender []byte) string { return fmt.Sprintf("officers/name/%x", sender) }

const (
	findPosts = `
		select p.id, p.role, coalesce(p.station, ''), coalesce(p.district, ''), o.sender, o.name, o.channel,
			p.created_at, coalesce(p.revoked_at, ` + noTime + `)
		from officers o join posts p on p.officer = o.id `
	byRank = ` order by array_position(array['administrator', 'scrb', 'sp', 'sdpo', 'sho', 'desk_officer'], p.role), p.id`

	postByID      = findPosts + `where p.id = $1`
	postsOfSender = findPosts + `where o.sender = $1 and p.revoked_at is null` + byRank
	postsAt       = findPosts + `
		where p.revoked_at is null and ($1 = '' or p.station = $1) and ($2 = '' or p.district = $2)
		order by p.district nulls first, p.station nulls first, p.id`
)

// Posts returns a sender's active posts, highest first.
func (s *Store) Posts(ctx context.Context, channel, sender string) ([]Post, error) {
	return s.findPosts(ctx, postsOfSender, s.senderKey(channel, sender))
}

// ListPosts returns the active posts of a station, a district, or (both empty)
// all, for the administrator.
func (s *Store) ListPosts(ctx context.Context, station, district string) ([]Post, error) {
	return s.findPosts(ctx, postsAt, station, district)
}

func (s *Store) findPosts(ctx context.Context, query string, args ...any) ([]Post, error) {
	rows, _ := s.pool.Query(ctx, query, args...)
	posts, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Post, err error) {
		var sender, name []byte
		err = row.Scan(&p.ID, &p.Role, &p.Station, &p.District, &sender, &name, &p.Channel, &p.Since, &p.RevokedAt)
		if err == nil {
			p.Name, err = s.keys.OpenText(name, officerPlace(sender))
		}
		return p, err
	})
	return posts, failed("reading posts", err)
}

// Revoke ends a post at once: an action under way is refused too, unless it
// was decided first. Cards that only this post had go to the next audience.
// ErrNotFound if there is no such active post.
func (s *Store) Revoke(ctx context.Context, post int64) error {
	return s.inTx(ctx, "revoking a post", func(tx pgx.Tx) error { return s.revoke(ctx, tx, post) })
}

func (s *Store) revoke(ctx context.Context, tx pgx.Tx, post int64) error {
	var chat []byte
	err := tx.QueryRow(ctx, `
		update posts p set revoked_at = now() from officers o
		where p.id = $1 and p.revoked_at is null and o.id = p.officer returning o.chat`, post).Scan(&chat)
	if err != nil {
		return failed("revoking a post", err)
	}
	if err := s.leave(ctx, tx, chat, "revoked"); err != nil {
		return err
	}
	return s.audit(ctx, tx, auditEntry{what: "revoke", post: post})
}
