package store

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// administratorPost is the post of sender $1 that may administer; it is locked
// against being revoked.
const administratorPost = `
	select p.id, p.officer from officers o join posts p on p.officer = o.id
	where o.sender = $1 and p.revoked_at is null and p.role = any($2)
	order by p.id limit 1
	for share of p`

// administering finds the post by which a sender administers, as the beginning
// of the audit row. ErrNotAllowed if there is none.
func (s *Store) administering(ctx context.Context, tx pgx.Tx, what, channel, sender string) (auditEntry, error) {
	e := auditEntry{what: what}
	roles, _ := roleNames(ActAdminister)
	err := tx.QueryRow(ctx, administratorPost, s.senderKey(channel, sender), roles).Scan(&e.post, &e.officer)
	if errors.Is(err, pgx.ErrNoRows) {
		return e, ErrNotAllowed
	}
	return e, failed("finding the administrator", err)
}

// InviteAs is Invite by an administrator in the chat.
func (s *Store) InviteAs(ctx context.Context, channel, sender string, seat Seat) (code string, err error) {
	if err := seat.check(); err != nil {
		return "", err
	}
	code = newCode()
	err = s.inTx(ctx, "inviting", func(tx pgx.Tx) error {
		e, err := s.administering(ctx, tx, "invite_officer", channel, sender)
		if err != nil {
			return err
		}
		by := "post " + strconv.FormatInt(e.post, 10)
		if _, err := tx.Exec(ctx, insertInvitation, s.codeKey(code), "officer", seat.Role, seat.Station, seat.District, by); err != nil {
			return failed("inviting", err)
		}
		return s.audit(ctx, tx, e)
	})
	if err != nil {
		return "", err
	}
	return code, nil
}

// ListPostsAs is ListPosts for an administrator in the chat: the names in it
// leave a trace.
func (s *Store) ListPostsAs(ctx context.Context, channel, sender, station, district string) ([]Post, error) {
	err := s.inTx(ctx, "listing posts", func(tx pgx.Tx) error {
		e, err := s.administering(ctx, tx, "list_posts", channel, sender)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, e)
	})
	if err != nil {
		return nil, err
	}
	return s.ListPosts(ctx, station, district)
}

// RevokeAs is Revoke by an administrator in the chat, who cannot end a post of
// their own: somebody must be left to undo it.
func (s *Store) RevokeAs(ctx context.Context, channel, sender string, post int64) error {
	return s.inTx(ctx, "revoking a post", func(tx pgx.Tx) error {
		e, err := s.administering(ctx, tx, "revoke_by", channel, sender)
		if err != nil {
			return err
		}
		var own bool
		if err := tx.QueryRow(ctx, `select exists (select from posts where id = $1 and officer = $2)`, post, e.officer).Scan(&own); err != nil {
			return failed("revoking a post", err)
		}
		if own {
			return ErrOwnPost
		}
		if err := s.revoke(ctx, tx, post); err != nil {
			return err
		}
		return s.audit(ctx, tx, e)
	})
}
