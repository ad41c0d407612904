package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// InviteGroup makes a one-time code that binds a group chat to a station, good
// for 7 days. by as in Invite.
func (s *Store) InviteGroup(ctx context.Context, station, by string) (code string, err error) {
	return s.invite(ctx, "group", Seat{Station: station}, by)
}

const (
	// binder is the post of sender $1 that may bind the group of station $2.
	binder = `
		select p.id, o.id from officers o join posts p on p.officer = o.id
		where o.sender = $1 and p.revoked_at is null and p.role = any($3) and (p.station = $2 or p.role = 'administrator')
		order by p.id limit 1
		for share of p`

	boundBefore = `select station from invitations where code = $1 and kind = 'group' and chat = $2`

	// bindGroup returns the chat that was the station's group before, if any.
	bindGroup = `
		with before as (select chat from groups where station = $1),
		bound as (
			insert into groups (station, chat, bound_by) values ($1, $2, $3)
			on conflict (station) do update set chat = excluded.chat, bound_by = excluded.bound_by, bound_at = now()
		)
		select (select chat from before)`
)

// BindGroup makes a group chat the station's, in place of an earlier one, and
// sends the cards that waited.
// sender must have a post that allows it (ErrNotAllowed, and the code stays
// good); ErrCode if the code is not good. The same code for the same group
// again does nothing.
func (s *Store) BindGroup(ctx context.Context, code, channel, group, sender string) (Station, error) {
	chat, address, err := s.sealChat(channel, group)
	if err != nil {
		return Station{}, err
	}
	var seat Seat
	err = s.inTx(ctx, "binding a group", func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, useInvitation, s.codeKey(code), "group").Scan(&seat.Role, &seat.Station, &seat.District)
		if errors.Is(err, pgx.ErrNoRows) {
			err := tx.QueryRow(ctx, boundBefore, s.codeKey(code), chat).Scan(&seat.Station)
			if errors.Is(err, pgx.ErrNoRows) {
				return ErrCode
			}
			return failed("binding a group", err)
		}
		if err != nil {
			return failed("binding a group", err)
		}
		roles, _ := roleNames(ActBindGroup)
		var post, officer int64
		err = tx.QueryRow(ctx, binder, s.senderKey(channel, sender), seat.Station, roles).Scan(&post, &officer)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNotAllowed
		}
		if err != nil {
			return failed("binding a group", err)
		}
		var batch pgx.Batch
		var before []byte
		batch.Queue(upsertChat, chat, channel, address)
		batch.Queue(bindGroup, seat.Station, chat, post).QueryRow(func(row pgx.Row) error { return row.Scan(&before) })
		batch.Queue(`update invitations set post = $2, chat = $3 where code = $1`, s.codeKey(code), post, chat)
		if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
			return failed("binding a group", err)
		}
		if err := s.leave(ctx, tx, before, "moved"); err != nil { // the group before gets nothing more
			return err
		}
		if err := s.release(ctx, tx, seat.Station, ""); err != nil {
			return err
		}
		return s.audit(ctx, tx, auditEntry{what: "bind_group", post: post, officer: officer})
	})
	if err != nil {
		return Station{}, err
	}
	rows, _ := s.pool.Query(ctx, readStations+` where code = $1`, seat.Station)
	station, err := pgx.CollectExactlyOneRow(rows, scanStation)
	return station, failed("reading a station", err)
}

// MoveGroup follows a group whose id on its channel changed: cards and notices
// move along. A chat that is not known is nothing to follow.
func (s *Store) MoveGroup(ctx context.Context, channel, from, to string) error {
	old := s.chatKey(channel, from)
	chat, address, err := s.sealChat(channel, to)
	if err != nil {
		return err
	}
	return s.inTx(ctx, "moving a group", func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into chats (id, channel, address, lang, simple)
			select $2, channel, $3, lang, simple from chats where id = $1
			on conflict (id) do update set reachable = true, lang = coalesce(chats.lang, excluded.lang), address = coalesce(chats.address, excluded.address)`,
			old, chat, address)
		if err != nil || tag.RowsAffected() == 0 {
			return failed("moving a group", err)
		}
		var batch pgx.Batch
		batch.Queue(`delete from cards c using cards o where c.chat = $2 and o.chat = $1 and o.filing = c.filing`, old, chat)
		batch.Queue(`update cards set chat = $2 where chat = $1`, old, chat)
		batch.Queue(`update groups set chat = $2 where chat = $1`, old, chat)
		batch.Queue(`update notices set chat = $2 where chat = $1 and state in ('pending', 'sending')`, old, chat)
		batch.Queue(`update chats set reachable = false where id = $1`, old)
		return failed("moving a group", tx.SendBatch(ctx, &batch).Close())
	})
}

// Unreachable records that a chat blocked us or is gone, also the one that a
// notice in hand was for: call it in place of Failed. Cards there go to the
// next audience, news for a citizen to another of the citizen's chats; without
// one they wait. Reachable is the end of that; Recall, Redeem and BindGroup are too.
func (s *Store) Unreachable(ctx context.Context, channel, chat string) error {
	key := s.chatKey(channel, chat)
	return s.inTx(ctx, "leaving a chat", func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update chats set reachable = false where id = $1`, key); err != nil {
			return failed("leaving a chat", err)
		}
		if err := s.leave(ctx, tx, key, "blocked"); err != nil {
			return err
		}
		for _, move := range []string{moveNews, movePhones} {
			if err := s.wake(ctx, tx, move, key, "blocked"); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, hurryCheckins, key, s.ahead())
		return failed("leaving a chat", err)
	})
}

// Reachable records that a chat that could not be reached can be again, and
// sends what waited for that. For any other chat it does nothing.
func (s *Store) Reachable(ctx context.Context, channel, chat string) error {
	key := s.chatKey(channel, chat)
	return s.inTx(ctx, "returning to a chat", func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update chats set reachable = true where id = $1 and not reachable`, key)
		if err != nil || tag.RowsAffected() == 0 {
			return failed("returning to a chat", err)
		}
		if err := s.wake(ctx, tx, sendWaiting, sweepLimit); err != nil {
			return err
		}
		if err := s.wake(ctx, tx, sendWaitingHere, key); err != nil {
			return err
		}
		return s.release(ctx, tx, "", "")
	})
}
