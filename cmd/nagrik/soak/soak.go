package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
	"nagrik/store/embedded"
	"nagrik/store/seal"
)

// world is all that takes part in a run.
type world struct {
	o     options
	out   io.Writer
	dir   string
	words words
	key   seal.KEK
	env   []string // of the program

	postgres *postgres
	redis    *redisServer
	tips     *redisServer // the Redis for tips
	telegram *telegramtest.Server
	front    *front
	replicas []*replica
	stations []*station
	citizens []*citizen
	elders   []*elder
	storm    *storm
	tally    tally
	photo    []byte
	passed   map[turn]int // how often the time of a clock was made to pass
	hurried  int          // notices that were made due at the end
	peace    time.Time    // since when nothing is killed
	stopping time.Time    // when the replicas were told to stop

	stopReplicas func() error
}

// telegramSpeed lets Telegram's pauses between deliveries and a group's minute pass faster than in
// life. The program's own limits keep real time.
const telegramSpeed = 4

// run is one soak from nothing to the report. What it prints meanwhile tells how far it is.
func run(ctx context.Context, o options, out io.Writer) (r *report, err error) {
	w := &world{o: o, out: out, key: seal.NewKEK()}
	begun := time.Now()
	w.say("seed %d: %d dialogs, %d replicas", o.seed, o.dialogs, o.replicas)
	if w.words, err = loadWords(); err != nil {
		return nil, err
	}
	if w.dir, err = os.MkdirTemp("", "nagrik-soak-"); err != nil {
		return nil, err
	}
	defer func() {
		if o.keep || err != nil || r.failed() && o.fault == "" {
			w.say("data and logs are in %s", w.dir)
			return
		}
		_ = os.RemoveAll(w.dir)
	}()
	if err := os.Chmod(w.dir, 0o711); err != nil { // passable for the account that Postgres may have to run under
		return nil, err
	}
	defer w.close()
	if err := w.open(ctx); err != nil {
		return nil, err
	}
	w.say("%5.1fs set up: %d citizens, %d stations", time.Since(begun).Seconds(), len(w.citizens), len(w.stations))
	if err := w.live(ctx); err != nil {
		return nil, err
	}
	w.say("%5.1fs the storm is over", time.Since(begun).Seconds())
	settled, err := w.settle(ctx)
	if err != nil {
		return nil, err
	}
	w.say("%5.1fs settled: %v", time.Since(begun).Seconds(), settled)
	w.stopping = time.Now()
	stopped := w.stopReplicas()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if o.tamper != nil {
		if err := o.tamper(ctx, w); err != nil {
			return nil, err
		}
	}
	if r, err = w.check(ctx); err != nil {
		return nil, err
	}
	r.must(stopsRow, failures(stopped)...)
	r.took = time.Since(begun)
	return r, nil
}

func (w *world) say(format string, a ...any) { _, _ = fmt.Fprintf(w.out, format+"\n", a...) }

// failures are the single errors of joined ones.
func failures(err error) (lines []string) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			lines = append(lines, e.Error())
		}
	} else if err != nil {
		lines = append(lines, err.Error())
	}
	return lines
}

// open starts the servers, Telegram and the replicas, and fills the town with people.
func (w *world) open(ctx context.Context) (err error) {
	built := make(chan error, 1)
	binary := w.o.binary
	go func() { // beside the servers' start
		var err error
		if binary == "" {
			binary, err = build(ctx, w.dir)
		}
		built <- err
	}()
	if w.postgres, err = startPostgres(ctx, w.dir); err != nil {
		return errors.Join(err, <-built)
	}
	if w.redis, err = startRedis(ctx, w.dir, embedded.Options{}); err != nil {
		return errors.Join(err, <-built)
	}
	if w.tips, err = startRedis(ctx, filepath.Join(w.dir, "tips"), embedded.Options{Forgetful: true}); err != nil {
		return errors.Join(err, <-built)
	}
	if err := <-built; err != nil {
		return err
	}
	w.telegram = telegramtest.New(telegramtest.Config{Seed: w.o.seed, Speed: telegramSpeed, Connections: 100})
	if w.front, err = newFront(w.telegram, w.o.fault, w.o.seed); err != nil {
		return err
	}
	w.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "DATA_DIR=" + w.dir, "MEDIA_URL=file://" + filepath.Join(w.dir, "media"),
		"DATABASE_URL=" + w.postgres.url(), "REDIS_URL=" + w.redis.running.URL(), "SECRET_KEY=" + w.key.String(), "TIPS_REDIS_URL=" + w.tips.running.URL(),
		"TELEGRAM_TOKEN=" + w.telegram.Token(), "TELEGRAM_API_URL=" + w.front.apiURL, "TELEGRAM_WEBHOOK_SECRET=soak",
		"PUBLIC_URL=" + w.front.hookURL, "ADMIN_ADDR=127.0.0.1:0", "LOG_LEVEL=warn", "LOG_FORMAT=json",
	}
	if _, err := command(ctx, binary, w.env, "migrate"); err != nil {
		return err
	}
	if err := w.startReplicas(ctx, binary); err != nil {
		return err
	}
	if err := w.populate(ctx, binary); err != nil {
		return err
	}
	return w.words.check()
}

// startReplicas starts the replicas; they run until stopReplicas, which gives what went wrong at their end.
func (w *world) startReplicas(ctx context.Context, binary string) error {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	ends := make([]error, w.o.replicas)
	var wait sync.WaitGroup
	w.stopReplicas = sync.OnceValue(func() error {
		stop()
		wait.Wait()
		return errors.Join(ends...)
	})
	for i := range w.o.replicas {
		address, err := freeAddress()
		if err != nil {
			return err
		}
		r := &replica{
			address: address, binary: binary, log: filepath.Join(w.dir, fmt.Sprintf("replica%d.log", i+1)),
			env: append(w.env[:len(w.env):len(w.env)], "LISTEN_ADDR="+address),
		}
		w.replicas = append(w.replicas, r)
	}
	w.front.replicas = w.replicas
	for i, r := range w.replicas {
		rnd := rand.New(rand.NewPCG(w.o.seed, 100+uint64(i)))
		wait.Go(func() {
			ends[i] = r.run(running, func() time.Duration { return time.Duration(100+rnd.IntN(700)) * time.Millisecond })
		})
	}
	return nil
}

// live lets everybody do what they came for while the storm blows. It is over when its time is up or
// when all dialogs have come to their end; then the citizens finish in peace.
func (w *world) live(ctx context.Context) error {
	w.storm = &storm{seed: w.o.seed, replicas: w.replicas, postgres: w.postgres, redis: w.redis, tips: w.tips}
	blowing, becalm := context.WithTimeout(ctx, w.o.storm)
	defer becalm()
	present, leave := context.WithTimeout(ctx, w.o.storm+w.o.drain)
	defer leave()
	onDuty, endDuty := context.WithCancel(present)
	defer endDuty()
	records, err := w.records(ctx) // before Postgres is killed for the first time
	if err != nil {
		return err
	}
	defer records.Close()
	var officers, citizens, elders, clocks sync.WaitGroup
	for i, s := range w.stations {
		officers.Go(func() { s.duty(onDuty, w.words, rand.New(rand.NewPCG(w.o.seed, 500+uint64(i)))) })
	}
	clocks.Go(func() { w.passTime(blowing, records) })
	arriving := w.o.storm * 6 / 10
	for i, c := range w.citizens {
		citizens.Go(func() {
			if sleep(present, arriving*time.Duration(i)/time.Duration(len(w.citizens))) {
				c.live(present)
			}
		})
	}
	for _, e := range w.elders {
		elders.Go(func() { e.live(present) })
	}
	go func() {
		citizens.Wait()
		becalm()
	}()
	if !w.o.calm {
		w.trouble(true)
		err = w.storm.blow(blowing, w.o.storm)
	}
	w.peace = time.Now()
	if err != nil {
		leave()
	}
	citizens.Wait()
	for _, e := range w.elders { // nobody will ask those any more whose relative has not come to an end
		close(e.asked)
	}
	elders.Wait()
	becalm()
	sleep(present, lastCards)
	endDuty()
	officers.Wait()
	clocks.Wait()
	return err
}

// lastCards is how long officers wait for the cards of the last dialogs.
const lastCards = 2 * time.Second

// records opens what the program recorded, as the program does.
func (w *world) records(ctx context.Context) (*store.Store, error) {
	return store.Open(ctx, w.postgres.url(), w.key, store.Options{Conns: 4, JobConns: 1})
}

// close stops what runs, the last first.
func (w *world) close() {
	if w.stopReplicas != nil {
		_ = w.stopReplicas()
	}
	if w.front != nil {
		w.front.close()
	}
	if w.telegram != nil {
		w.telegram.Close()
	}
	for _, server := range []*redisServer{w.redis, w.tips} {
		if server != nil {
			server.stop()
		}
	}
	if w.postgres != nil {
		w.postgres.stop()
		w.postgres.clear()
	}
}
