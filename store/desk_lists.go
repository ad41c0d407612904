package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// DeskList is one of the lists of filings that an officer may look through.
type DeskList string

// The lists.
const (
	ListNew     DeskList = "new"     // nobody took it on yet
	ListMine    DeskList = "mine"    // open, and this officer was the last who did something with it
	ListOverdue DeskList = "overdue" // something should have been done by now
)

// listed is how many filings a list shows: who has more to do begins with these.
const listed = 100

// listOrder is the order of the lists, which their indexes have: urgent ones, then what is due first.
const listOrder = `f.urgent desc, f.due_at, f.created_at`

// isLate says, in SQL, whether something should have been done about filing f by now.
const isLate = `f.due_at < now()`

// deskLists says, in SQL, which open filings f of a post's own place are in a list.
var deskLists = map[DeskList]string{
	ListNew:     `f.status in ('received', 'sent', 'reopened')`,
	ListOverdue: `f.to_station is null and ` + isLate,
	ListMine:    `f.handler = p.officer`,
}

// comingLists says so of those on their way there from another station: until somebody says yes or no they are new.
var comingLists = map[DeskList]string{
	ListNew:     `true`,
	ListOverdue: isLate,
	ListMine:    `false`,
}

// listFilings is a list of the open filings that a post of sender $1 reaches and
// that its role may see: one of $2, for sensitive ones one of $3. Each branch
// goes by an index of its own.
func listFilings(list DeskList) string {
	const own, receiving = `p.role`, `'receiving_' || p.role`
	most := strconv.Itoa(listed)
	branch := func(seat, place, role, listed string) string {
		return `
		select f.id from seat p, lateral (
			select f.id from filings f
			where ` + place + ` and f.closed_at is null
				and ` + role + ` = any(case when f.sensitive then $3::text[] else $2::text[] end) and ` + listed + `
			order by ` + listOrder + ` limit ` + most + `
		) f
		where ` + seat
	}
	return `
	with seat as materialized (
		select p.officer, p.role, p.station, p.district from officers o join posts p on p.officer = o.id
		where o.sender = $1 and p.revoked_at is null
	), found as (` +
		branch(`p.station is not null`, `f.station = p.station`, own, deskLists[list]) + `
		union` + branch(`p.station is null and p.district is not null`, `f.district = p.district`, own, deskLists[list]) + `
		union` + branch(`p.role = 'scrb'`, `true`, own, deskLists[list]) + `
		union` + branch(`p.station is not null`, `f.to_station = p.station`, receiving, comingLists[list]) + `
		union` + branch(`p.station is null and p.district is not null`, `f.to_district = p.district`, receiving, comingLists[list]) + `
	)
	select ` + filingColumns + ` from found join filings f on f.id = found.id order by ` + listOrder + ` limit ` + most
}

// DeskFilings returns the filings of a list that the sender may see by all posts
// together, the most pressing first, at most 100.
func (s *Store) DeskFilings(ctx context.Context, list DeskList, channel, sender string) ([]Filing, error) {
	if deskLists[list] == "" {
		return nil, fmt.Errorf("reading a desk's list: there is no list %q", list)
	}
	ordinary, sensitive := roleNames(ActView)
	rows, _ := s.pool.Query(ctx, listFilings(list), s.senderKey(channel, sender), ordinary, sensitive)
	filings, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Filing, err error) {
		err = row.Scan(f.columns()...)
		return f, err
	})
	return filings, failed("reading a desk's list", err)
}
