package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"nagrik/store"
)

// measureCards takes the time from a filing's receipt to its card at the station, while citizens
// keep the program at work.
func (s *system) measureCards(ctx context.Context, p *program, length time.Duration) error {
	records, err := store.Open(ctx, s.postgres.URL(), s.kek, store.Options{})
	if err != nil {
		return err
	}
	defer records.Close()
	if err := s.officer(ctx, p, records); err != nil {
		return err
	}
	background := make(chan error, 1)
	go func() {
		_, err := (&load{addr: p.addr, connections: connections / 2, citizens: crowd(200), duration: length, rate: steady / 5}).run()
		background <- err
	}()
	var took []time.Duration
	conn, err := dial(p.addr)
	if err != nil {
		return err
	}
	defer conn.close()
	for end := time.Now().Add(length); time.Now().Before(end); {
		number, at, err := s.fileOne(conn)
		if err != nil {
			return err
		}
		wait, err := s.card(number, at)
		if err != nil {
			return err
		}
		took = append(took, wait)
		// Each card is to come alone, as it does when few come: the one before is long past.
		if _, err := records.Pool().Exec(ctx, `update notices set sent_at = sent_at - interval '1 minute' where kind = 'card' and state = 'sent'`); err != nil {
			return fmt.Errorf("letting a minute pass: %w", err)
		}
		time.Sleep(1100 * time.Millisecond) // one message a second is what a chat takes
	}
	o := &outcome{latency: took}
	fmt.Printf("%-34s %22.0f p50 %8.0f max of %d\n", "filing to card, ms", o.percentile(0.5), o.percentile(1), len(took))
	return <-background
}

// officer binds an officer's chat to the station where the citizens file.
func (s *system) officer(ctx context.Context, p *program, records *store.Store) error {
	var station string
	err := records.Pool().QueryRow(ctx, `select code from stations where name_hi = 'गांधी मैदान' and district = '5117'`).Scan(&station)
	if err != nil {
		return fmt.Errorf("finding the station: %w", err)
	}
	code, err := records.Invite(ctx, store.Seat{Role: store.SHO, Station: station}, "bench")
	if err != nil {
		return err
	}
	conn, err := dial(p.addr)
	if err != nil {
		return err
	}
	defer conn.close()
	id := updates.Add(1)
	_, err = conn.post(fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":1,"date":1773460800,"from":{"id":77,"is_bot":false,"first_name":"SHO"},"chat":{"id":77,"type":"private"},"text":"/start inv_%s"}}`, id, code))
	return err
}

// fileOne files a report and gives its number and when the citizen had it.
func (s *system) fileOne(conn *conn) (number string, at time.Time, err error) {
	c := crowd(1)[0]
	c.station = "गांधी मैदान"
	for c.reports == 0 {
		update, _, more := c.next()
		if !more {
			return "", at, fmt.Errorf("the dialog ended at: %s", c.shown.Text)
		}
		reply, err := conn.post(update)
		if err != nil {
			return "", at, err
		}
		at = time.Now()
		c.see(reply)
	}
	return numberIn(strings.ReplaceAll(c.shown.Text, "\n", " ")), at, nil
}

// card waits for a filing's card at the fake Bot API.
func (s *system) card(number string, filed time.Time) (time.Duration, error) {
	for range 1000 {
		s.api.mu.Lock()
		arrived, ok := s.api.cards[number]
		s.api.mu.Unlock()
		if ok {
			return max(arrived.Sub(filed), 0), nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return 0, fmt.Errorf("no card of a filing after 20 seconds")
}
