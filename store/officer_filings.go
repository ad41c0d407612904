package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

const (
	rolesThere = `
		array(select distinct r.role from officers o join posts p on p.officer = o.id, lateral ` + rolesFor + ` r
			where o.sender = $2 and p.revoked_at is null)`

	officerFilingByID     = `select ` + filingColumns + `, ` + rolesThere + ` from filings f where f.id = $1`
	officerFilingByNumber = `select ` + filingColumns + `, ` + rolesThere + ` from filings f where f.number = $1`
)

// OfficerFiling returns a filing that a post of the sender reaches, and what
// the sender is there. ErrNotFound if there is none, or no post reaches it.
func (s *Store) OfficerFiling(ctx context.Context, filing int64, channel, sender string) (Filing, []Role, error) {
	return s.officerFiling(ctx, officerFilingByID, filing, channel, sender)
}

// OfficerFilingByNumber is OfficerFiling by the filing's number, as ParseNumber returns it.
func (s *Store) OfficerFilingByNumber(ctx context.Context, number, channel, sender string) (Filing, []Role, error) {
	return s.officerFiling(ctx, officerFilingByNumber, number, channel, sender)
}

func (s *Store) officerFiling(ctx context.Context, query string, which any, channel, sender string) (Filing, []Role, error) {
	var f Filing
	var roles []Role
	err := s.pool.QueryRow(ctx, query, which, s.senderKey(channel, sender)).Scan(append(f.columns(), &roles)...)
	if err == nil && len(roles) == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return Filing{}, nil, failed("finding an officer's filing", err)
	}
	return f, roles, nil
}
