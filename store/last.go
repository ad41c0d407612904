package store

import "context"

const lastFiling = `
	select f.lang, f.details, f.applicant, ` + filingColumns + ` from filings f
	where f.citizen = $1 and f.service = $2 order by f.created_at desc limit 1`

// Last opens the citizen's newest filing of a service, without its evidence and events; ErrNotFound if
// there is none. A landlord's next tenant is filed with the landlord's part of the last one.
func (s *Store) Last(ctx context.Context, citizen, service string) (Details, error) {
	return s.openOne(ctx, "opening a citizen's last filing", lastFiling, citizen, service)
}
