package telegramtest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// webhook is where updates are posted.
type webhook struct {
	url, secret string
	connections int
}

// lane is a queue of updates that are delivered one after the other.
type lane struct {
	queue   []*update
	running bool
}

// update is something that happened and that the bot is to be told.
type update struct {
	id   int64
	body []byte
	at   time.Time
	life time.Duration
}

// messageLife is how long Telegram keeps an update other than a pressed button.
const messageLife = 24 * time.Hour

// happen makes an update of what happened and queues it. It returns the update's id, 0 if the bot
// does not want this kind. The caller holds the lock.
func (s *Server) happen(kind, laneKey string, chatID int64, content map[string]any) int64 {
	if len(s.allowed) > 0 && !slices.Contains(s.allowed, kind) {
		return 0
	}
	s.updateID++
	u := &update{id: s.updateID, at: time.Now(), life: s.real(messageLife)}
	if kind == "callback_query" {
		u.life = s.real(tapLife)
	}
	u.body, _ = json.Marshal(map[string]any{"update_id": u.id, kind: content}) // maps of strings and numbers
	s.remember(u, kind, chatID)
	l := s.lanes[laneKey]
	if l == nil {
		l = &lane{}
		s.lanes[laneKey] = l
	}
	l.queue = append(l.queue, u)
	s.wake(l)
	close(s.arrived)
	s.arrived = make(chan struct{})
	return u.id
}

// wake has a lane's updates posted, if there is a webhook. The caller holds the lock.
func (s *Server) wake(l *lane) {
	if s.hook == nil || l.running || len(l.queue) == 0 || s.ctx.Err() != nil {
		return
	}
	l.running = true
	s.work.Add(1)
	go s.run(l)
}

// run posts a lane's updates until there are none or no webhook.
func (s *Server) run(l *lane) {
	defer s.work.Done()
	failures := 0
	for {
		s.mu.Lock()
		if s.hook == nil || len(l.queue) == 0 || s.ctx.Err() != nil {
			l.running = false
			s.mu.Unlock()
			return
		}
		u, hook, connections := l.queue[0], *s.hook, s.connections
		if time.Since(u.at) > u.life {
			l.queue = l.queue[1:]
			s.expired(u)
			s.mu.Unlock()
			failures = 0
			continue
		}
		s.mu.Unlock()
		select {
		case connections <- struct{}{}:
		case <-s.ctx.Done():
			continue
		}
		accepted, after := s.post(hook, u)
		<-connections
		if accepted {
			s.mu.Lock()
			if len(l.queue) > 0 && l.queue[0] == u {
				l.queue = l.queue[1:]
			}
			again := s.chance(s.cfg.Twice)
			delay := s.real(time.Duration(s.rnd.Int64N(int64(2 * time.Second))))
			if again {
				s.work.Add(1)
				go s.repeat(u, delay)
			}
			s.mu.Unlock()
			failures = 0
			continue
		}
		failures++
		switch {
		case after > 0:
			s.pause(s.real(min(after, time.Hour)))
		case failures > 1: // the first time it is posted again at once
			s.pause(s.real(min(time.Second<<min(failures-2, 6), time.Minute)))
		}
	}
}

// repeat posts an accepted update once more.
func (s *Server) repeat(u *update, delay time.Duration) {
	defer s.work.Done()
	if !s.pause(delay) {
		return
	}
	s.mu.Lock()
	hook := s.hook
	s.counts["repeated"]++
	s.mu.Unlock()
	if hook != nil {
		s.post(*hook, u)
	}
}

// Repeat delivers an update again that was delivered before, beside all lanes. It is false if the
// update is not known (Config.Forget) or there is no webhook.
func (s *Server) Repeat(updateID int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.deliveries[updateID]
	if d == nil || d.update == nil || s.hook == nil || s.ctx.Err() != nil {
		return false
	}
	s.work.Add(1)
	go s.repeat(d.update, 0)
	return true
}

// post offers an update to the webhook and carries out the method in the answer. After is the
// webhook's Retry-After.
func (s *Server) post(hook webhook, u *update) (accepted bool, after time.Duration) {
	a := Attempt{At: time.Now()}
	status, header, body, err := s.exchange(hook, u.body)
	a.Took, a.Status = time.Since(a.At), status
	s.mu.Lock()
	lost := s.chance(s.cfg.Lost)
	s.mu.Unlock()
	if err != nil {
		a.Error = "no answer"
	} else if lost {
		a.Error = "answer lost"
	}
	accepted = a.Error == "" && status/100 == 2
	if accepted && len(body) > 0 {
		p := params{map[string]string{}, map[string]File{}}
		kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
		if p.read(kind, body) == nil && p.has("method") {
			a.Rode = p.values["method"]
			s.do(a.Rode, p, true)
		}
	}
	if s.ctx.Err() == nil || accepted {
		s.attempted(u, a, accepted)
	}
	seconds, _ := strconv.Atoi(header.Get("Retry-After"))
	return accepted, time.Duration(seconds) * time.Second
}

func (s *Server) exchange(hook webhook, update []byte) (int, http.Header, []byte, error) {
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, hook.url, bytes.NewReader(update))
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if hook.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", hook.secret)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return resp.StatusCode, resp.Header, body, err
}

// pending is how many updates wait. The caller holds the lock.
func (s *Server) pending() int {
	n := 0
	for _, l := range s.lanes {
		n += len(l.queue)
	}
	return n
}

// getUpdates is long polling: the offset confirms all before it.
func (s *Server) getUpdates(w http.ResponseWriter, r *http.Request, p params) {
	s.record(Call{Method: "getupdates", Params: p.values, Code: http.StatusOK, At: time.Now()})
	conflict := &apiError{Code: http.StatusConflict, Description: "Conflict: terminated by other getUpdates request"}
	limit := int(p.int("limit"))
	if limit < 1 || limit > 100 {
		limit = 100
	}
	s.mu.Lock()
	if s.hook != nil {
		s.mu.Unlock()
		answer(w, nil, &apiError{Code: http.StatusConflict, Description: "Conflict: can't use getUpdates method while webhook is active"})
		return
	}
	if p.has("allowed_updates") {
		_ = p.json("allowed_updates", &s.allowed)
	}
	if s.poll != nil {
		close(s.poll)
	}
	mine := make(chan struct{})
	s.poll = mine
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		if s.poll == mine {
			s.poll = nil
		}
		s.mu.Unlock()
	}()
	timer := time.NewTimer(time.Duration(min(p.int("timeout"), 50)) * time.Second)
	defer timer.Stop()
	for last := false; ; {
		s.mu.Lock()
		s.confirm(p.int("offset"))
		got, arrived := s.waiting(limit), s.arrived
		s.mu.Unlock()
		if len(got) > 0 || last || p.int("timeout") == 0 {
			answer(w, got, nil)
			return
		}
		select {
		case <-arrived:
		case <-timer.C:
			last = true
		case <-mine:
			answer(w, nil, conflict)
			return
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
}

// confirm lets go of all updates before an offset. The caller holds the lock.
func (s *Server) confirm(offset int64) {
	for _, l := range s.lanes {
		for len(l.queue) > 0 && l.queue[0].id < offset {
			s.confirmed(l.queue[0])
			l.queue = l.queue[1:]
		}
	}
}

// waiting are the first updates that wait, by id. The caller holds the lock.
func (s *Server) waiting(limit int) []json.RawMessage {
	var all []*update
	for _, l := range s.lanes {
		for len(l.queue) > 0 && time.Since(l.queue[0].at) > l.queue[0].life {
			s.expired(l.queue[0])
			l.queue = l.queue[1:]
		}
		all = append(all, l.queue...)
	}
	slices.SortFunc(all, func(a, b *update) int { return int(a.id - b.id) })
	out := []json.RawMessage{}
	for _, u := range all[:min(limit, len(all))] {
		out = append(out, u.body)
	}
	return out
}
