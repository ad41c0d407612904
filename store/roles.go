package store

import (
	"context"
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

// Roles lists all roles.
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

// reaches says, in SQL, whether filing f is in post p's place: its station, its
// district for a post above stations, everything for the state.
const reaches = `
	(p.station = f.station
		or p.station is null and p.district = f.district
		or p.station is null and p.district is null and p.role = 'scrb')`

// covers says, in SQL, whether post p may do something with filing f: it reaches
// the filing, and its role is one of $ordinary ($1) or, for a sensitive filing,
// $sensitive ($2).
const covers = reaches + `
	and p.role = any(case when f.sensitive then $2::text[] else $1::text[] end)`

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
	select distinct p.role from officers o join posts p on p.officer = o.id, filings f
	where o.sender = $2 and p.revoked_at is null and f.id = $1 and ` + reaches

// RolesAt returns what a sender is where a filing belongs, whatever that allows;
// nothing for who has no post there.
func (s *Store) RolesAt(ctx context.Context, filing int64, channel, sender string) ([]Role, error) {
	rows, _ := s.pool.Query(ctx, rolesAt, filing, s.senderKey(channel, sender))
	roles, err := pgx.CollectRows(rows, pgx.RowTo[Role])
	return roles, failed("reading an officer's roles", err)
}
