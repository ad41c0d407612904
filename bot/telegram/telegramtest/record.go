package telegramtest

import (
	"slices"
	"time"
)

// Call is one call of the API by the bot.
type Call struct {
	Method      string // in small letters; "file" is a download
	Chat        int64
	Params      map[string]string // strings as they are, all else as JSON
	Rode        bool              // came in the answer to an update
	Code        int               // 200 or the refusal's
	Description string            // of a refusal
	At          time.Time
}

// Delivery is what became of an update.
type Delivery struct {
	Update   int64
	Kind     string // "message", "callback_query", "my_chat_member"
	Chat     int64
	Attempts []Attempt // to post it
	Accepted time.Time // by a 2xx or by a later offset; zero if not
	Expired  bool      // Telegram gave up: 24 hours, for a pressed button 150 seconds

	update *update
}

// Body is the update as it was posted.
func (d Delivery) Body() []byte { return d.update.body }

// Attempt is one try to deliver an update.
type Attempt struct {
	At     time.Time
	Took   time.Duration
	Status int    // 0 if no answer came
	Error  string // why a 2xx did not count, or no answer came
	Rode   string // the method in the answer
}

// Calls are all calls of the API so far, in the order in which they were carried out; with
// Config.Forget none.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Count is how many calls of a method were carried out ("sendmessage"), or how many updates were
// "accepted", "expired", "failed" (attempts) or "repeated". With ":refused" after a method it is
// how many calls were refused, with ":rode" how many came in the answer to an update.
func (s *Server) Count(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[what]
}

// Deliveries are all updates so far, in order; with Config.Forget none.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Delivery, 0, len(s.order))
	for _, id := range s.order {
		d := *s.deliveries[id]
		d.Attempts = slices.Clone(d.Attempts)
		all = append(all, d)
	}
	return all
}

// Delivery is what became of one update so far.
func (s *Server) Delivery(updateID int64) (Delivery, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.deliveries[updateID]
	if d == nil {
		return Delivery{}, false
	}
	out := *d
	out.Attempts = slices.Clone(d.Attempts)
	return out, true
}

// Waiting is how many updates are not accepted yet.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pending()
}

func (s *Server) record(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[c.Method]++
	if c.Code != 200 {
		s.counts[c.Method+":refused"]++
	}
	if c.Rode {
		s.counts[c.Method+":rode"]++
	}
	if !s.cfg.Forget {
		s.calls = append(s.calls, c)
	}
}

// remember, expired and confirmed are called with the lock held, attempted without.
func (s *Server) remember(u *update, kind string, chatID int64) {
	if s.cfg.Forget {
		return
	}
	s.deliveries[u.id] = &Delivery{Update: u.id, Kind: kind, Chat: chatID, update: u}
	s.order = append(s.order, u.id)
}

func (s *Server) expired(u *update) {
	s.counts["expired"]++
	if d := s.deliveries[u.id]; d != nil {
		d.Expired = true
	}
}

func (s *Server) confirmed(u *update) {
	s.counts["accepted"]++
	if d := s.deliveries[u.id]; d != nil && d.Accepted.IsZero() {
		d.Accepted = time.Now()
	}
}

func (s *Server) attempted(u *update, a Attempt, accepted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.deliveries[u.id]; d != nil {
		d.Attempts = append(d.Attempts, a)
	}
	if accepted {
		s.confirmed(u)
		return
	}
	s.counts["failed"]++
	s.lastErrorAt, s.lastError = time.Now(), "Wrong response from the webhook"
	if a.Status == 0 {
		s.lastError = "Connection failed"
	}
}
