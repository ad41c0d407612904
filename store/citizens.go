package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Citizen is what a chat is known by.
type Citizen struct {
	ID     string // "" until the chat's phone number is verified
	Lang   string // "hi", "en"; "" if never chosen
	Simple bool   // simple mode
}

// Verified says whether the chat's phone number was verified.
func (c Citizen) Verified() bool { return c.ID != "" }

// Profile is what a citizen told about themselves once and is offered again.
type Profile struct {
	Name     string `json:"name,omitempty"`
	Father   string `json:"father,omitempty"` // father's or husband's name
	Gender   string `json:"gender,omitempty"` // the option id that was chosen
	Address  string `json:"address,omitempty"`
	District string `json:"district,omitempty"` // code of the police district
	Pin      string `json:"pin,omitempty"`
	Phone    string `json:"phone,omitempty"` // verified, "+91…"
}

const recallChat = `
	select coalesce(citizen, ''), coalesce(lang, ''), simple, reachable from chats where id = $1`

// Recall returns what is known of a chat, and whether anything is. A chat that
// could not be reached is reachable again from now on: someone wrote from it.
func (s *Store) Recall(ctx context.Context, channel, chat string) (Citizen, bool, error) {
	var c Citizen
	var reachable bool
	err := s.pool.QueryRow(ctx, recallChat, s.chatKey(channel, chat)).Scan(&c.ID, &c.Lang, &c.Simple, &reachable)
	if errors.Is(err, pgx.ErrNoRows) {
		return Citizen{}, false, nil
	}
	if err == nil && !reachable {
		err = s.Reachable(ctx, channel, chat)
	}
	if err != nil {
		return Citizen{}, false, failed("recalling a chat", err)
	}
	return c, true, nil
}

const (
	// linkChat ties chat $4 to the citizen with phone index $3, who is made if new.
	linkChat = `
		with citizen as (
			insert into citizens (id, phone, phone_index) values ($1, $2, $3)
			on conflict (phone_index) do update set phone_index = excluded.phone_index
			returning id
		)
		insert into chats (id, channel, address, citizen, linked_at)
		select $4, $5, $6, citizen.id, now() from citizen
		on conflict (id) do update set
			citizen = excluded.citizen, linked_at = now(), reachable = true, address = coalesce(chats.address, excluded.address)
		returning citizen`

	// sendWaitingNews gives the notices that wait for a chat of citizen $1 to chat $2.
	sendWaitingNews = `
		update notices n set state = 'pending', chat = $2, next_at = now()
		from filings f
		where f.citizen = $1 and n.filing = f.id and n.state = 'waiting' and n.kind in ` + toCitizens + `
		returning n.id, n.urgent`
)

// Verify ties a chat to the citizen with a phone number ("+91…", vouched for by
// the channel or a code), who is made if new, and returns the citizen's id. A
// chat that verifies another number moves to the other citizen, and the first
// one's news no longer go there. News that waited for a chat of the citizen are
// sent to this one.
func (s *Store) Verify(ctx context.Context, channel, chat, phone string) (citizen string, err error) {
	if phone == "" {
		return "", errors.New("verifying a chat: no phone number")
	}
	id := rand.Text()
	sealed, err := s.keys.SealText(phone, phonePlace(id))
	if err != nil {
		return "", err
	}
	key, address, err := s.sealChat(channel, chat)
	if err != nil {
		return "", err
	}
	index := s.keys.Index("phone", phone)
	err = s.inTx(ctx, "verifying a chat", func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, linkChat, id, sealed, index, key, channel, address).Scan(&citizen); err != nil {
			return failed("verifying a chat", err)
		}
		for _, move := range []string{moveNews, movePhones} {
			if err := s.wake(ctx, tx, move, key, "moved"); err != nil {
				return err
			}
		}
		for _, send := range []string{sendWaitingNews, sendWaitingTo} {
			if err := s.wake(ctx, tx, send, citizen, key); err != nil {
				return err
			}
		}
		return nil
	})
	return citizen, err
}

// sealChat is a chat's key and its sealed id.
func (s *Store) sealChat(channel, chat string) (key, address []byte, err error) {
	key = s.chatKey(channel, chat)
	address, err = s.keys.SealText(chat, chatPlace(key))
	return key, address, err
}

// SetLanguage keeps the language a chat chose ("hi", "en").
func (s *Store) SetLanguage(ctx context.Context, channel, chat, lang string) error {
	return s.setForChat(ctx, channel, chat, `
		insert into chats (id, channel, address, lang) values ($1, $2, $3, $4)
		on conflict (id) do update set lang = excluded.lang, address = coalesce(chats.address, excluded.address)`, lang)
}

// SetSimple turns simple mode on or off for a chat.
func (s *Store) SetSimple(ctx context.Context, channel, chat string, on bool) error {
	return s.setForChat(ctx, channel, chat, `
		insert into chats (id, channel, address, simple) values ($1, $2, $3, $4)
		on conflict (id) do update set simple = excluded.simple, address = coalesce(chats.address, excluded.address)`, on)
}

func (s *Store) setForChat(ctx context.Context, channel, chat, query string, value any) error {
	key, address, err := s.sealChat(channel, chat)
	if err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, query, key, channel, address, value)
	return failed("setting up a chat", err)
}

const readProfile = `select id, profile, phone from citizens where id = $1`

// Profile returns what a citizen told about themselves; fields may be empty.
func (s *Store) Profile(ctx context.Context, citizen string) (Profile, error) {
	var sealedProfile, sealedPhone []byte
	if err := s.pool.QueryRow(ctx, readProfile, citizen).Scan(&citizen, &sealedProfile, &sealedPhone); err != nil {
		return Profile{}, failed("reading a profile", err)
	}
	p, err := s.openProfile(sealedProfile, profilePlace(citizen))
	if err != nil {
		return Profile{}, fmt.Errorf("reading a profile: %w", err)
	}
	if p.Phone, err = s.keys.OpenText(sealedPhone, phonePlace(citizen)); err != nil {
		return Profile{}, fmt.Errorf("reading a phone: %w", err)
	}
	return p, nil
}

// SaveProfile replaces a citizen's profile, all but the phone, which only Verify sets.
func (s *Store) SaveProfile(ctx context.Context, citizen string, p Profile) error {
	p.Phone = ""
	sealed, err := s.sealProfile(p, profilePlace(citizen))
	if err != nil {
		return err
	}
	tag, err := s.pool.Exec(ctx, `update citizens set profile = $2 where id = $1 and erased_at is null`, citizen, sealed)
	if err == nil && tag.RowsAffected() == 0 {
		err = ErrNotFound
	}
	return failed("saving a profile", err)
}

func profilePlace(citizen string) string { return "citizens/profile/" + citizen }
func phonePlace(citizen string) string   { return "citizens/phone/" + citizen }

func (s *Store) sealProfile(p Profile, place string) ([]byte, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encoding a profile: %w", err)
	}
	return s.keys.Seal(plain, place)
}

// openProfile opens a profile; NULL is an empty one.
func (s *Store) openProfile(sealed []byte, place string) (p Profile, err error) {
	if sealed == nil {
		return p, nil
	}
	plain, err := s.keys.Open(sealed, place)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(plain, &p); err != nil {
		return p, errors.New("a profile is not what this program writes") // json's error would quote it
	}
	return p, nil
}
