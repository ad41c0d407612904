package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const secret = "bench-secret"

// load is one run of citizens against a webhook.
type load struct {
	addr        string
	connections int
	citizens    []*citizen
	duration    time.Duration
	rate        float64  // turns a second at random times; 0: as fast as answered
	repeats     float64  // share of updates delivered twice
	doubles     float64  // share of presses tapped twice
	blind       []screen // what the citizens take for the bot's replies, in a circle: for the bare handler
}

// outcome is what a run of citizens saw.
type outcome struct {
	turns, failed, errors int64
	reports               int64
	seconds               float64
	latency               []time.Duration
}

func (o *outcome) rate() float64 { return float64(o.turns) / o.seconds }

// percentile of the latencies, in milliseconds.
func (o *outcome) percentile(p float64) float64 {
	if len(o.latency) == 0 {
		return 0
	}
	slices.Sort(o.latency)
	return float64(o.latency[int(p*float64(len(o.latency)-1))]) / float64(time.Millisecond)
}

// turn is one citizen who is free to act, since when.
type turn struct {
	c   *citizen
	due time.Time
}

// run lets the citizens act until the time is over, or all are at their end.
func (l *load) run() (*outcome, error) {
	ready := make(chan turn, len(l.citizens)*2)
	end := time.Now().Add(l.duration)
	var mu sync.Mutex
	out := &outcome{}
	var active atomic.Int64
	active.Store(int64(len(l.citizens)))
	begin := time.Now()
	if l.rate == 0 {
		for _, c := range l.citizens {
			ready <- turn{c, time.Now()}
		}
	} else {
		go l.pace(ready, end)
	}
	var workers sync.WaitGroup
	var failure error
	for range l.connections {
		workers.Add(1)
		go func() {
			defer workers.Done()
			conn, err := dial(l.addr)
			if err != nil {
				mu.Lock()
				failure = err
				mu.Unlock()
				return
			}
			defer conn.close()
			var turns, failed, errors int64
			var latency []time.Duration
			for time.Now().Before(end) && active.Load() > 0 {
				var t turn
				select {
				case t = <-ready:
				case <-time.After(20 * time.Millisecond):
					continue
				}
				ok, done := l.act(conn, t.c)
				switch {
				case done:
					active.Add(-1)
					if t.c.failed {
						failed++
					}
					continue
				case !ok:
					errors++
				}
				turns++
				latency = append(latency, time.Since(t.due))
				if l.rate == 0 {
					ready <- turn{t.c, time.Now()}
				} else {
					idle <- t.c
				}
			}
			mu.Lock()
			defer mu.Unlock()
			out.turns += turns
			out.failed += failed
			out.errors += errors
			out.latency = append(out.latency, latency...)
		}()
	}
	workers.Wait()
	out.seconds = time.Since(begin).Seconds()
	for _, c := range l.citizens {
		out.reports += int64(c.reports)
	}
	return out, failure
}

// idle holds the citizens that wait for their time, in a run with a rate.
var idle = make(chan *citizen, 1<<16)

// pace makes a free citizen act at random times, rate times a second. A turn that finds nobody free
// counts from when it was due.
func (l *load) pace(ready chan<- turn, end time.Time) {
	for _, c := range l.citizens {
		idle <- c
	}
	due := time.Now()
	for due.Before(end) {
		due = due.Add(time.Duration(rand.ExpFloat64() / l.rate * float64(time.Second)))
		time.Sleep(time.Until(due))
		ready <- turn{<-idle, due}
	}
	for len(idle) > 0 {
		<-idle
	}
}

// act sends a citizen's next update and takes the reply; done says that the citizen has no more.
func (l *load) act(conn *conn, c *citizen) (ok, done bool) {
	if l.blind != nil {
		// The same work for the citizens as with the program: this machine's two cores are theirs too.
		c.shown = l.blind[c.step%len(l.blind)]
		c.step++
		update, _, _ := c.next()
		reply, err := conn.post(update)
		return err == nil && c.see(reply), false
	}
	update, tap, more := c.next()
	if !more {
		return true, true
	}
	second := tap && c.random.Float64() < l.doubles
	if second {
		// The second press of the same button has an update id of its own, and is under way at the same time.
		other, err := dial(l.addr)
		if err != nil {
			return false, false
		}
		defer other.close()
		answered := make(chan []byte, 1)
		go func() {
			reply, _ := other.post(renumbered(update)) // the citizen sees both replies, or the first alone
			answered <- reply
		}()
		defer func() {
			if ok = ok && c.see(<-answered); !ok {
				c.failed = true
			}
		}()
	}
	reply, err := conn.post(update)
	if err != nil {
		return false, false
	}
	if c.random.Float64() < l.repeats {
		if reply, err = conn.post(update); err != nil {
			return false, false
		}
	}
	return c.see(reply), false
}

// renumbered is an update under a new id.
func renumbered(update []byte) []byte {
	comma := bytes.IndexByte(update, ',')
	return append([]byte(`{"update_id":`+strconv.FormatInt(updates.Add(1), 10)), update[comma:]...)
}

// conn is one of Telegram's connections to the webhook, kept open, one request at a time.
type conn struct {
	addr   string
	net    net.Conn
	reader *bufio.Reader
	buffer []byte
}

func dial(addr string) (*conn, error) {
	var dialer net.Dialer
	n, err := dialer.DialContext(context.Background(), "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("connecting to the webhook: %w", err)
	}
	return &conn{addr: addr, net: n, reader: bufio.NewReaderSize(n, 16<<10)}, nil
}

func (c *conn) close() { _ = c.net.Close() }

// post sends an update until it is accepted, as Telegram does, and gives the answer's body.
func (c *conn) post(update []byte) ([]byte, error) {
	for try := 0; ; try++ {
		c.buffer = append(c.buffer[:0], "POST /webhook/telegram HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: "+secret+"\r\nContent-Length: "...)
		c.buffer = strconv.AppendInt(c.buffer, int64(len(update)), 10)
		c.buffer = append(append(c.buffer, "\r\n\r\n"...), update...)
		if _, err := c.net.Write(c.buffer); err != nil {
			return nil, fmt.Errorf("posting an update: %w", err)
		}
		answer, err := http.ReadResponse(c.reader, nil)
		if err != nil {
			return nil, fmt.Errorf("reading the answer to an update: %w", err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		switch {
		case err != nil:
			return nil, fmt.Errorf("reading the answer to an update: %w", err)
		case answer.StatusCode == http.StatusOK:
			return body, nil
		case try == 10:
			return nil, fmt.Errorf("an update was refused %d times, last with %d", try, answer.StatusCode)
		}
		time.Sleep(time.Duration(try+1) * 20 * time.Millisecond)
	}
}
