// Command bench measures nagrik as a whole program on real Postgres and Redis, side by side with a
// bare handler (see bare.go) in interleaved rounds. Only the ratios within a run mean anything on a
// shared machine; it prints the figures they come from beside them. `make bench` runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"time"

	"nagrik/store"
)

func main() {
	bareAddr := flag.String("bare", "", "be the bare handler on this address (the benchmark starts itself so)")
	redisURL := flag.String("redis", "", "Redis of the bare handler")
	rounds := flag.Int("rounds", 3, "rounds of bare handler and nagrik in turn")
	seconds := flag.Int("seconds", 6, "length of a measurement")
	profile := flag.String("profile", "", "only take a processor profile of nagrik at work into this file")
	flag.Parse()
	if *bareAddr != "" {
		fail(bare(*bareAddr, *redisURL))
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	length := time.Duration(*seconds) * time.Second
	if *profile != "" {
		fail(takeProfile(ctx, length, *profile))
		return
	}
	fail(bench(ctx, *rounds, length))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// takeProfile has nagrik work for a while and keeps a profile of it.
func takeProfile(ctx context.Context, length time.Duration, file string) error {
	s, err := startSystem(ctx)
	if s != nil {
		defer s.stop()
	}
	if err != nil {
		return err
	}
	p, err := s.startNagrik(ctx)
	if err != nil {
		return err
	}
	defer p.stop()
	taken := make(chan error, 1)
	go func() { taken <- p.profile(ctx, length, file) }()
	if _, err := (&load{addr: p.addr, connections: connections, citizens: crowd(saturating), duration: length + time.Second}).run(); err != nil {
		return err
	}
	return <-taken
}

// figures are a round's results for one program.
type figures struct{ rate, cpu, p50, p99 float64 }

func bench(ctx context.Context, rounds int, length time.Duration) error {
	s, err := startSystem(ctx)
	if s != nil {
		defer s.stop()
	}
	if err != nil {
		return err
	}
	var bares, ours []figures
	var slow []float64 // turns a second at 150 ms an API call, as a share of the same at 0
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		b, err := s.measureBare(ctx, length)
		if err != nil {
			return err
		}
		n, share, err := s.measureNagrik(ctx, length)
		if err != nil {
			return err
		}
		bares, ours, slow = append(bares, b), append(ours, n), append(slow, share)
	}
	fmt.Printf("\n%-34s %12s %12s %10s %12s\n", "", "bare", "nagrik", "ratio", "goal")
	show := func(name string, of func(figures) float64, goal string) {
		var ratios, left, right []float64
		for i := range ours {
			left, right = append(left, of(bares[i])), append(right, of(ours[i]))
			ratios = append(ratios, of(ours[i])/of(bares[i]))
		}
		fmt.Printf("%-34s %12.1f %12.1f %10.2f %12s\n", name, median(left), median(right), median(ratios), goal)
	}
	show("turns a second, 40 connections", func(f figures) float64 { return f.rate }, ">= 0.65")
	show("CPU a turn, µs", func(f figures) float64 { return f.cpu }, "<= 2.0")
	show("p50 at 500 turns a second, ms", func(f figures) float64 { return f.p50 }, "")
	show("p99 at 500 turns a second, ms", func(f figures) float64 { return f.p99 }, "")
	fmt.Printf("%-34s %12s %12s %10.2f %12s\n", "turns/s at 150 ms a call, of 0 ms", "", "", median(slow), ">= 0.80")
	return s.measureRest(ctx, length)
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// crowd makes citizens with chats of their own.
func crowd(n int) []*citizen {
	list := make([]*citizen, n)
	for i := range list {
		chat := 7_000_000_000 + nextChat
		nextChat++
		list[i] = &citizen{chat: chat, station: "कंकड़बाग", random: rand.New(rand.NewPCG(uint64(chat), 1))}
	}
	return list
}

var nextChat = time.Now().UnixMilli() % 1_000_000_000

const (
	connections = 40  // Telegram's default
	saturating  = 128 // citizens at once
	steady      = 500 // turns a second
)

// measureBare measures the bare handler, with the updates of a real dialog.
func (s *system) measureBare(ctx context.Context, length time.Duration) (figures, error) {
	dialog, err := s.record(ctx)
	if err != nil {
		return figures{}, err
	}
	p, err := s.startBare(ctx)
	if err != nil {
		return figures{}, err
	}
	defer p.stop()
	return s.measure(p, length, dialog)
}

// measure gives the figures of a program: at saturation, and at a steady rate.
func (s *system) measure(p *program, length time.Duration, blind []screen) (figures, error) {
	var f figures
	warm := &load{addr: p.addr, connections: connections, citizens: crowd(saturating), duration: length / 3, blind: blind}
	if _, err := warm.run(); err != nil {
		return f, err
	}
	full := &load{addr: p.addr, connections: connections, citizens: warm.citizens, duration: length, blind: blind}
	before := p.cpu()
	out, err := full.run()
	if err != nil {
		return f, err
	}
	f.rate, f.cpu = out.rate(), float64((p.cpu()-before).Microseconds())/float64(out.turns)
	if out.failed+out.errors > 0 {
		return f, fmt.Errorf("%d dialogs failed and %d requests", out.failed, out.errors)
	}
	even := &load{addr: p.addr, connections: connections, citizens: crowd(400), duration: length, rate: steady, blind: blind}
	if out, err = even.run(); err != nil {
		return f, err
	}
	f.p50, f.p99 = out.percentile(0.5), out.percentile(0.99)
	return f, nil
}

// record gives what the bot says in one whole dialog.
func (s *system) record(ctx context.Context) ([]screen, error) {
	p, err := s.startNagrik(ctx)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	conn, err := dial(p.addr)
	if err != nil {
		return nil, err
	}
	defer conn.close()
	c := crowd(1)[0]
	c.last = 2
	var dialog []screen
	for {
		update, _, more := c.next()
		if !more {
			break
		}
		dialog = append(dialog, c.shown)
		reply, err := conn.post(update)
		if err != nil {
			return nil, err
		}
		if !c.see(reply) {
			return nil, fmt.Errorf("no reply to %d", len(dialog))
		}
	}
	if c.failed || c.reports == 0 {
		return nil, fmt.Errorf("the dialog ended at: %s", c.shown.Text)
	}
	return dialog, nil
}

// measureNagrik measures the program, and what a slow Bot API costs it.
func (s *system) measureNagrik(ctx context.Context, length time.Duration) (f figures, slow float64, err error) {
	p, err := s.startNagrik(ctx)
	if err != nil {
		return f, 0, err
	}
	defer p.stop()
	if f, err = s.measure(p, length, nil); err != nil {
		return f, 0, err
	}
	s.api.latency.Store(int64(150 * time.Millisecond))
	defer s.api.latency.Store(0)
	out, err := (&load{addr: p.addr, connections: connections, citizens: crowd(saturating), duration: length}).run()
	if err != nil {
		return f, 0, err
	}
	return f, out.rate() / f.rate, nil
}

// measureRest measures what needs no baseline: trips to Redis, its memory, faults, and cards.
func (s *system) measureRest(ctx context.Context, length time.Duration) error {
	p, err := s.startNagrik(ctx)
	if err != nil {
		return err
	}
	defer p.stop()
	before, err := s.commands(ctx)
	if err != nil {
		return err
	}
	out, err := (&load{addr: p.addr, connections: connections, citizens: crowd(saturating), duration: length}).run()
	if err != nil {
		return err
	}
	after, err := s.commands(ctx)
	if err != nil {
		return err
	}
	var trips int64
	for name, n := range after {
		if name != "info" {
			trips += n - before[name]
		}
	}
	// A save is one trip, a script; the get and the set inside of it are counted as commands too.
	trips -= 2 * (after["evalsha"] - before["evalsha"])
	fmt.Printf("%-34s %36.2f %12s\n", "Redis trips a turn", float64(trips)/float64(out.turns), "<= 1 to 2")
	if err := s.measureMemory(ctx, p); err != nil {
		return err
	}
	if err := s.measureFaults(ctx, p, length); err != nil {
		return err
	}
	return s.measureCards(ctx, p, length)
}

// measureMemory leaves dialogs open at their review, and sees what Redis holds more.
func (s *system) measureMemory(ctx context.Context, p *program) error {
	const open = 2000
	before, err := s.memory(ctx)
	if err != nil {
		return err
	}
	citizens := crowd(open)
	for _, c := range citizens {
		c.last = 1
	}
	out, err := (&load{addr: p.addr, connections: connections, citizens: citizens, duration: time.Minute}).run()
	if err != nil {
		return err
	}
	after, err := s.memory(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%-34s %36d %12s\n", "Redis bytes an open dialog", (after-before)/open, "<= 1000")
	if out.failed > 0 {
		return fmt.Errorf("%d of %d open dialogs failed", out.failed, open)
	}
	return nil
}

// measureFaults repeats 5 % of the updates and taps 20 % of the buttons twice, and compares the
// reports that citizens saw with the records.
func (s *system) measureFaults(ctx context.Context, p *program, length time.Duration) error {
	records, err := store.Open(ctx, s.postgres.URL(), s.kek, store.Options{})
	if err != nil {
		return err
	}
	defer records.Close()
	count := func() (n int64, err error) {
		err = records.Pool().QueryRow(ctx, `select count(*) from filings`).Scan(&n)
		return n, err
	}
	before, err := count()
	if err != nil {
		return err
	}
	out, err := (&load{
		addr: p.addr, connections: connections, citizens: crowd(saturating), duration: length, repeats: 0.05, doubles: 0.2,
	}).run()
	if err != nil {
		return err
	}
	after, err := count()
	if err != nil {
		return err
	}
	fmt.Printf("%-34s %23d failed %6d reports, %6d records\n", "5 % repeats, 20 % double taps", out.failed+out.errors, out.reports, after-before)
	if out.failed+out.errors > 0 || out.reports != after-before {
		return fmt.Errorf("faults changed the outcome: %d failed, %d reports, %d records", out.failed+out.errors, out.reports, after-before)
	}
	return s.checkReceipts(ctx, records)
}

// checkReceipts checks that every report has one receipt on its way or sent, and that those which
// arrived are of reports. At this pace they come later than the run lasts: the Bot API takes few a second.
func (s *system) checkReceipts(ctx context.Context, records *store.Store) error {
	var without int64
	err := records.Pool().QueryRow(ctx, `
		select count(*) from filings f
		where 1 <> (select count(*) from notices n where n.filing = f.id and n.kind = 'receipt' and n.state in ('pending', 'sending', 'sent'))`).Scan(&without)
	if err != nil {
		return err
	}
	s.api.mu.Lock()
	arrived := slices.Collect(maps.Keys(s.api.receipts))
	s.api.mu.Unlock()
	var known int
	if err := records.Pool().QueryRow(ctx, `select count(*) from filings where number = any($1)`, arrived).Scan(&known); err != nil {
		return err
	}
	fmt.Printf("%-34s %23d arrived %5d reports without\n", "receipts", known, without)
	if without > 0 || known == 0 || known != len(arrived) {
		return fmt.Errorf("%d reports have no receipt, or two; %d of %d receipts that arrived are of reports", without, known, len(arrived))
	}
	return nil
}
