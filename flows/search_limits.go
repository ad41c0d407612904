package flows

import (
	"context"
	"time"

	"nagrik/bot"
	"nagrik/store"
	"nagrik/store/dialogs"
)

// The lists of the police can be looked through by anybody. A search by name or number is for who looks for
// somebody: a chat that goes through a list of names is told to wait.

// searching is a search of a list by a name or number.
const searching = "search"

// searches are how often a chat may search.
var searches = []struct {
	name string
	rate dialogs.Rate
}{
	{"hour", dialogs.Rate{Count: 20, Per: time.Hour, Burst: 20}},
	{"day", dialogs.Rate{Count: 60, Per: 24 * time.Hour, Burst: 60}},
}

// oneSearch is how long the pages of a search that was made belong to it.
var oneSearch = dialogs.Rate{Count: 1, Per: TipLife, Burst: 1}

// sought is the name or number that a search looks for; "" if it looks for none.
func sought(s *store.RecordSearch) string {
	if len(s.Identifiers) > 0 {
		return s.Identifiers[0].Value
	}
	return s.Name
}

// searchRoom says whether a chat may make a search. It is asked for every message while the search is open, and counts
// the first time. What is counted of the list of the wanted is kept where tips are, and by a hash of the chat that runs
// out: after 24 minutes for one search, after a day for sixty.
func (r *Records) searchRoom(ctx context.Context, a bot.Attempt) bool {
	limit := r.limit
	if a.Secret {
		limit = r.apart
	}
	if r.roomOf(ctx, limit, oneSearch, "one "+a.What, a.Once) > 0 {
		return true
	}
	for _, s := range searches {
		if r.roomOf(ctx, limit, s.rate, a.What+" "+s.name, a.Chat.Channel, a.Chat.ID) > 0 {
			r.observe("list_limited")
			return false
		}
	}
	return true
}
