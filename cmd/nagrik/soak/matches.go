package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

// match is a pair that was proposed.
type match struct {
	Lost, Found string // numbers
	Private     bool   // for no group
	Sensitive   bool
	Waits       bool // for a word of the officers'
}

// openPairs are all matches; a pair is over with one of its sides.
const openPairs = `
	select l.number, f.number, m.person or l.sensitive or f.sensitive, l.sensitive or f.sensitive,
		m.state = 'proposed' and l.closed_at is null and f.closed_at is null
	from matches m join filings l on l.id = m.lost join filings f on f.id = m.filing order by m.id`

// checkMatches checks that whatever was to be matched was, and that the card of each pair is with the officers of both
// sides.
func (w *world) checkMatches(ctx context.Context, records *store.Store, filings []filing, f *findings) error {
	rows, _ := records.Pool().Query(ctx, openPairs)
	pairs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[match])
	if err != nil {
		return fmt.Errorf("reading the matches: %w", err)
	}
	rows, _ = records.Pool().Query(ctx, `select f.number from match_due d join filings f on f.id = d.filing`)
	if f.unmatched, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return fmt.Errorf("reading what is to be matched: %w", err)
	}
	f.proposed = len(pairs)
	byNumber := map[string]filing{}
	for _, filing := range filings {
		byNumber[filing.Number] = filing
	}
	for _, m := range pairs {
		for _, number := range []string{m.Lost, m.Found} {
			s := byNumber[number].station
			if s == nil || !m.Waits || len(byNumber[number].route.left) > 0 { // at another station when the card was sent
				continue
			}
			for _, chat := range m.audience(s) {
				if !slices.ContainsFunc(s.inboxes()[chat], m.in) {
					f.matches = append(f.matches, fmt.Sprintf("%s and %s are not in chat %d", m.Lost, m.Found, chat))
				}
			}
		}
	}
	f.pairs = pairs
	return nil
}

// audience are the chats of a station on one of the sides that have to have the card of a match.
func (m match) audience(s *station) []int64 {
	switch {
	case m.Sensitive:
		return []int64{s.sho.ID}
	case s.group != nil && !m.Private:
		return []int64{s.group.ID()}
	}
	return []int64{s.sho.ID, s.desk.ID}
}

// in says whether a message is of a match.
func (m match) in(got telegramtest.Message) bool {
	all := numbers(got.Text)
	return slices.Contains(all, m.Lost) && slices.Contains(all, m.Found)
}

// matched are the filings that one is matched with.
func (f *findings) matched(number string) (others []string) {
	for _, m := range f.pairs {
		if m.Lost == number {
			others = append(others, m.Found)
		} else if m.Found == number {
			others = append(others, m.Lost)
		}
	}
	return others
}
