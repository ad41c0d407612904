package store

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Role is what an officer is at a station, in a district or in the state.
type Role string

// The roles, from the desk up.
const (
	DeskOfficer   Role = "desk_officer"
	SHO           Role = "sho"
	SDPO          Role = "sdpo"
	SP            Role = "sp"
	SCRB          Role = "scrb"
	Administrator Role = "administrator" // runs the bot, sees no filing
)

// What the same officers are for a filing that is on its way to their place and
// not yet accepted: roles of their own in the table of rights.
const (
	ReceivingDesk Role = "receiving_desk_officer"
	ReceivingSHO  Role = "receiving_sho"
	ReceivingSDPO Role = "receiving_sdpo"
	ReceivingSP   Role = "receiving_sp"
)

// Roles lists all roles that a post can have.
var Roles = []Role{DeskOfficer, SHO, SDPO, SP, SCRB, Administrator}

// Allowed says whether a role may do an action, for a sensitive filing or an
// ordinary one. Where it may is another question (see covers), and when yet
// another (see Offered).
func Allowed(a Action, r Role, sensitive bool) bool {
	if sensitive {
		return slices.Contains(rules[a].sensitive, r)
	}
	return slices.Contains(rules[a].ordinary, r)
}

// holds says, in SQL, whether filing f is in post p's place: its station, its
// district for a post above stations, everything for the state.
const holds = `
	(p.station = f.station
		or p.station is null and p.district = f.district
		or p.station is null and p.district is null and p.role = 'scrb')`

// receives says, in SQL, whether filing f is on its way to post p's place.
const receives = `
	(p.station = f.to_station or p.station is null and p.district = f.to_district)`

// seated says, in SQL, whether post p is where filing f has to be dealt with: where it is, or where it is on its way to.
const seated = `
	(p.station = coalesce(f.to_station, f.station) or p.station is null and p.district = coalesce(f.to_district, f.district))`

// rolesFor are, in SQL, what post p is for filing f: its role where the filing is,
// and a receiving one where it is on its way to. No row: it does not reach it.
const rolesFor = `
	(select p.role where ` + holds + ` union all select 'receiving_' || p.role where ` + receives + `)`

// covers says, in SQL, whether post p may do something with filing f: what it is
// there is one of $ordinary ($1) or, for a sensitive filing, $sensitive ($2).
const covers = `
	exists (select from ` + rolesFor + ` r where r.role = any(case when f.sensitive then $2::text[] else $1::text[] end))`

// roleNames are the two lists of roles that covers asks for.
func roleNames(a Action) (ordinary, sensitive []string) {
	return roleStrings(rules[a].ordinary), roleStrings(rules[a].sensitive)
}

func roleStrings(roles []Role) []string {
	var names []string
	for _, r := range roles {
		names = append(names, string(r))
	}
	return names
}

// rolesAt are the roles of sender $2 whose posts reach filing $1.
const rolesAt = `
	select distinct r.role from officers o join posts p on p.officer = o.id, filings f, lateral ` + rolesFor + ` r
	where o.sender = $2 and p.revoked_at is null and f.id = $1`

// RolesAt returns what a sender is where a filing belongs, whatever that allows;
// nothing for who has no post there.
func (s *Store) RolesAt(ctx context.Context, filing int64, channel, sender string) ([]Role, error) {
	rows, _ := s.pool.Query(ctx, rolesAt, filing, s.senderKey(channel, sender))
	roles, err := pgx.CollectRows(rows, pgx.RowTo[Role])
	return roles, failed("reading an officer's roles", err)
}

const (
	// rolesInChat are, as an array in SQL, what those who read chat c are for filing
	// f: the officer whose private chat it is, or those who press buttons in a group.
	rolesInChat = `
		array(select distinct r.role from officers o join posts p on p.officer = o.id, lateral ` + rolesFor + ` r
				where o.chat = c.id and p.revoked_at is null
			union select r.role from groups g, unnest(case g.station
					when f.station then array['desk_officer', 'sho']
					when f.to_station then array['receiving_desk_officer', 'receiving_sho'] end) r (role)
				where g.chat = c.id)`

	chatRolesAt = `select ` + rolesInChat + ` from chats c, filings f where c.id = $1 and f.id = $2`
)

// ChatRoles returns what those who read a chat are for a filing: an officer in
// private, or a station's group, where who presses a button shows only then.
func (s *Store) ChatRoles(ctx context.Context, filing int64, channel, chat string) ([]Role, error) {
	var roles []Role
	err := s.pool.QueryRow(ctx, chatRolesAt, s.chatKey(channel, chat), filing).Scan(&roles)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return roles, failed("reading a chat's roles", err)
}
