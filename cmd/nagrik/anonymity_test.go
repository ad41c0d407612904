package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/locales"
	"nagrik/store"
	"nagrik/store/embedded"
	"nagrik/store/media"
	"nagrik/store/seal"
)

var tokenCoding = base64.RawURLEncoding

// premises are everything that the program writes to, each in a folder of its own.
type premises struct {
	t        *testing.T
	dir      string
	postgres *embedded.Postgres
	main     *embedded.Redis
	tips     *embedded.Redis
	redis    *redis.Client
	sinks    map[string][]byte // what was found in each place
}

func newPremises(t *testing.T) *premises {
	t.Helper()
	h := &premises{t: t, dir: t.TempDir(), sinks: map[string][]byte{}}
	var err error
	if h.postgres, err = embedded.StartPostgres(t.Context(), h.folder("postgres"), embedded.Options{Fast: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.postgres.Stop(context.WithoutCancel(t.Context())) })
	// The main Redis keeps all that it can: every write, snapshots as they are, every command as slow.
	if h.main, err = embedded.StartRedis(t.Context(), h.folder("redis"), embedded.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.main.Stop(context.WithoutCancel(t.Context())) })
	if h.tips, err = embedded.StartRedis(t.Context(), h.folder("tips"), embedded.Options{Forgetful: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.tips.Stop(context.WithoutCancel(t.Context())) })
	h.redis = h.client(h.main)
	h.configure(h.redis, "slowlog-log-slower-than", "0", "slowlog-max-len", "2000000", "rdbcompression", "no")
	return h
}

func (h *premises) folder(name string) string { return filepath.Join(h.dir, name) }

func (h *premises) client(server *embedded.Redis) *redis.Client {
	h.t.Helper()
	options, err := redis.ParseURL(server.URL())
	if err != nil {
		h.t.Fatal(err)
	}
	client := redis.NewClient(options)
	h.t.Cleanup(func() { _ = client.Close() })
	return client
}

func (h *premises) configure(client *redis.Client, pairs ...string) {
	h.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := client.ConfigSet(h.t.Context(), pairs[i], pairs[i+1]).Err(); err != nil {
			h.t.Fatal(err)
		}
	}
}

// env is the program's environment.
func (h *premises) env(telegram *telegramtest.Server) []string {
	if err := os.Mkdir(h.folder("tmp"), 0o700); err != nil {
		h.t.Fatal(err)
	}
	// A fixed port: the program is killed, and its visitors come back.
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = free.Close() }()
	return environment(h.t, "LOG_LEVEL=debug", "LISTEN_ADDR="+free.Addr().String(), "DATA_DIR="+h.folder("data"), "TMPDIR="+h.folder("tmp"),
		"DATABASE_URL="+h.postgres.URL(), "REDIS_URL="+h.main.URL(), "TIPS_REDIS_URL="+h.tips.URL(), "SECRET_KEY="+testKey.String(),
		"TELEGRAM_TOKEN="+telegram.Token(), "TELEGRAM_API_URL="+telegram.URL, "TELEGRAM_WEBHOOK_SECRET="+hookSecret)
}

func (h *premises) query(sql string, args ...any) (rows []string) {
	h.t.Helper()
	db, err := pgx.Connect(h.t.Context(), h.postgres.URL())
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = db.Close(h.t.Context()) }()
	found, _ := db.Query(h.t.Context(), sql, args...)
	if rows, err = pgx.CollectRows(found, pgx.RowTo[string]); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
	return rows
}

func (h *premises) exec(sql string, args ...any) {
	h.t.Helper()
	db, err := pgx.Connect(h.t.Context(), h.postgres.URL())
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = db.Close(h.t.Context()) }()
	if _, err := db.Exec(h.t.Context(), sql, args...); err != nil {
		h.t.Fatal(err)
	}
}

// walk reads every file below a folder.
func (h *premises) walk(folder string) []byte {
	h.t.Helper()
	var all bytes.Buffer
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		all.WriteString("\n== " + path + "\n")
		all.Write(content)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all.Bytes()
}

// gather reads all places: first what is asked of running servers, then what they leave behind.
func (h *premises) gather() {
	h.t.Helper()
	ctx := h.t.Context()
	dump, err := exec.CommandContext(ctx, "pg_dump", "--format=plain", "--dbname="+h.postgres.URL()).Output()
	if err != nil {
		h.t.Fatalf("pg_dump: %v", err)
	}
	h.sinks["pg_dump"] = dump
	slow, err := h.redis.SlowLogGet(ctx, 2_000_000).Result()
	if err != nil {
		h.t.Fatal(err)
	}
	var lines bytes.Buffer
	for _, s := range slow {
		// That somebody looked for what a chat has is noted with this test's threshold only, and of every
		// chat that says anything.
		if read := []string{"get", "getrange", "xrange"}; !slices.Contains(read, s.Args[0]) {
			lines.WriteString(strings.Join(s.Args, " ") + "\n")
		}
	}
	h.sinks["SLOWLOG"] = lines.Bytes()
	var keys bytes.Buffer
	all := h.redis.Scan(ctx, 0, "*", 1000).Iterator()
	for all.Next(ctx) {
		dumped, err := h.redis.Dump(ctx, all.Val()).Result()
		if err != nil {
			continue // it ran out just now
		}
		value, _ := h.redis.Get(ctx, all.Val()).Result() // "" for what is no string, which Dump has
		keys.WriteString(all.Val() + "\n" + dumped + "\n" + value + "\n")
	}
	h.sinks["the keys of Redis"] = keys.Bytes()
	h.checkTips()
	if err := h.redis.Save(ctx).Err(); err != nil {
		h.t.Fatal(err)
	}
	for _, server := range []interface{ Stop(context.Context) error }{h.postgres, h.main, h.tips} {
		if err := server.Stop(ctx); err != nil {
			h.t.Fatal(err)
		}
	}
	for sink, folder := range map[string]string{"Postgres' folder": "postgres", "Redis' folder": "redis", "the media's folder": "data"} {
		h.sinks[sink] = h.walk(h.folder(folder))
	}
	h.sinks["what the Redis of tips left"] = h.walk(h.folder("tips"))
	h.sinks["temporary files"] = h.walk(h.folder("tmp"))
}

// searchLife is how long what is counted of a search of the wanted may stay in the Redis of tips: these people search little.
const searchLife = 2 * time.Hour

// checkTips has nothing left in the Redis of tips but counters of searches, which run out.
func (h *premises) checkTips() {
	h.t.Helper()
	ctx := h.t.Context()
	tips := h.client(h.tips)
	counters := 0
	for all := tips.Scan(ctx, 0, "*", 1000).Iterator(); all.Next(ctx); counters++ {
		if left, err := tips.PTTL(ctx, all.Val()).Result(); err != nil || left > searchLife || left == -1 || !strings.HasPrefix(all.Val(), "l:") {
			h.t.Errorf("left in the Redis of tips, for %v: %s, %v", left, all.Val(), err)
		}
	}
	if counters == 0 {
		h.t.Error("nobody's search was counted")
	}
}

// seek looks for everything of a hunt in every place.
func (h *premises) seek(hunt *hunt) map[string][]string {
	found := map[string][]string{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for sink, data := range h.sinks {
		all.Go(func() {
			hits := hunt.in(data)
			mu.Lock()
			defer mu.Unlock()
			found[sink] = hits
		})
	}
	all.Wait()
	return found
}

// TestATipsterStaysUnknown has a thousand people give tips while others file complaints, and the program
// killed on the way. Then it looks in everything that was written, in every form that it may have been
// written in, for everything that these people could be known by.
func TestATipsterStaysUnknown(t *testing.T) {
	t.Parallel()
	const tips, ordinary, workers = 1000, 25, 24
	h := newPremises(t)
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	server, err := telegramtest.Start(telegramtest.Config{Speed: 10, FirstUpdate: 730_000_000_000, FirstMessage: 740_000_000_000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	w := &town{t: t, texts: texts, telegram: server, officer: server.Person(officerID, officerName), group: server.Group(groupID, "गांधी मैदान थाना"), env: h.env(server)}
	must(t, w.env, "migrate")
	list := filepath.Join(t.TempDir(), "wanted.csv")
	if err := os.WriteFile(list, []byte("id,district,date,name,offence\nW-1,5117,2026-03-01,"+wantedPerson+",हत्या\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, w.env, "import", "wanted", list)
	w.program = serve(t, w.env)
	w.bindStation()

	people := make([]*tipster, tips)
	for n := range people {
		people[n] = newTipster(w, n)
	}
	var done atomic.Int64
	var all, poisoned sync.WaitGroup
	queue := make(chan func() error)
	for range workers {
		all.Go(func() {
			for work := range queue {
				if err := work(); err != nil && t.Context().Err() == nil {
					t.Error(err)
				}
				done.Add(1)
			}
		})
	}
	begun := time.Now()
	for n := range tips {
		if n == tips/5 { // in the middle of everybody's talk
			w.program.kill()
			w.logs = append(w.logs, w.program.log.String(), w.program.stdout.String())
			w.program = serve(t, w.env)
			for i := range 3 {
				poisoned.Go(func() {
					if err := poison(t.Context(), w, 7_009_990_000+int64(i)); err != nil {
						t.Error(err)
					}
				})
			}
		}
		if n == tips/3 { // Postgres refuses tips for a moment, and says so in its log
			h.exec(`alter table filings add constraint not_now check (service <> 'tip') not valid`)
			poisoned.Go(func() {
				time.Sleep(500 * time.Millisecond)
				h.exec(`alter table filings drop constraint not_now`)
			})
		}
		queue <- func() error { return people[n].give(t.Context()) }
		if n%(tips/ordinary) == 0 {
			queue <- func() error { return fileComplaint(t.Context(), t, w, n/(tips/ordinary)) }
		}
	}
	close(queue)
	all.Wait()
	t.Logf("%d people in %v", done.Load(), time.Since(begun).Round(time.Millisecond))
	poisoned.Wait()
	if t.Failed() {
		return
	}

	keys := h.checkRecords(people)
	control := h.plant()
	h.sinks["metrics"] = []byte(second(w.program.get(w.program.admin + "/metrics")))
	w.program.stop()
	h.sinks["the log"] = []byte(strings.Join(append(w.logs, w.program.log.String(), w.program.stdout.String()), "\n"))
	h.gather()

	bodies := map[int64][][]byte{}
	for _, d := range server.Deliveries() {
		bodies[d.Chat] = append(bodies[d.Chat], d.Body())
	}
	wanted := newHunt()
	for _, p := range people {
		p.identities(wanted, bodies)
		if p.person != nil {
			chat := fmt.Sprint(p.person.ID)
			who := fmt.Sprintf("tipster %d, way %d: ", p.n, p.way)
			wanted.hash(who+"the key of the tip's dialog", keys.MAC("tips", "telegram", chat)[:16])
			if p.way != isKnown {
				wanted.hash(who+"the chat's key", keys.Index("chat/telegram", chat))
			}
			if p.ofWanted() {
				for _, purpose := range []string{"limits", "limits of tips"} {
					for _, what := range []string{"search hour", "search day"} {
						wanted.hash(who+"the key of the searches", keys.MAC(purpose, what, "telegram", chat)[:16])
					}
				}
			}
			if p.way != isKnown && p.way != givesUp && p.way != looks { // never said a word but for the tip, and filed it
				wanted.hash(who+"the key of the chat's own dialog", keys.MAC("dialogs", "telegram", chat)[:16])
			}
		}
	}
	for _, word := range []string{"Zqpoison", "7009990000", "7009990001", "7009990002"} {
		wanted.add("poison", word)
	}
	looked := time.Now()
	for sink, hits := range h.seek(wanted) {
		for _, hit := range hits[:min(len(hits), 5)] {
			t.Errorf("in %s: %s", sink, hit)
		}
	}
	size := 0
	for sink, data := range h.sinks {
		size += len(data)
		if len(data) == 0 && sink != "temporary files" {
			t.Errorf("%s is empty: it proves nothing", sink)
		}
	}
	t.Logf("looked for %d words in %d MB in %v", len(wanted.words), size>>20, time.Since(looked).Round(time.Millisecond))
	if tmp := h.sinks["temporary files"]; len(tmp) > 0 {
		t.Errorf("there were temporary files: %.200q", tmp)
	}
	h.checkControl(control)
}

func second(_ int, s string) string { return s }

// checkRecords looks into the records of the tips: what has to be there, and that nothing there is of
// people whom the records know otherwise.
func (h *premises) checkRecords(people []*tipster) *seal.Keys {
	t := h.t
	t.Helper()
	s, err := store.Open(t.Context(), h.postgres.URL(), testKey, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	bucket, err := media.OpenBucket("file://" + h.folder("data/media"))
	if err != nil {
		t.Fatal(err)
	}
	library := media.New(bucket, s.Keys())
	given, files, known := 0, 0, newHunt()
	for _, p := range people {
		if p.way == isKnown {
			chat := fmt.Sprint(p.person.ID)
			known.hash("a chat's key", s.Keys().Index("chat/telegram", chat))
			known.hash("a phone's index", s.Keys().Index("phone", "+"+p.person.Phone))
			citizen, ok, err := s.Recall(t.Context(), "telegram", chat)
			if err != nil || !ok || citizen.ID == "" {
				t.Fatalf("a tipster who is a citizen too is not known, %v", err)
			}
			known.add("a citizen's id", citizen.ID)
		}
		if p.way == givesUp {
			continue
		}
		if len(p.codes) == 0 {
			t.Fatalf("tipster %d, way %d, has no code", p.n, p.way)
		}
		given++
		code, _ := store.ParseClaimCode(p.codes[0])
		tip, _, err := s.TipByCode(t.Context(), code)
		if err != nil {
			t.Fatalf("the tip of %s: %v", p.codes[0], err)
		}
		if p.way == comesBack {
			came := h.query(`select kind from events where filing = $1 and kind in ('information', 'reward_claimed') order by ver`, tip.ID)
			if !slices.Equal(came, []string{"information", "reward_claimed"}) {
				t.Errorf("tipster %d came back for %v", p.n, came)
			}
		}
		if p.photo == nil && p.way != withVoice {
			continue
		}
		ids := h.query(`select media from filing_media where filing = $1`, tip.ID)
		if len(ids) == 0 {
			t.Errorf("tipster %d, way %d: no file", p.n, p.way)
		}
		for _, id := range ids {
			files++
			_, data, err := library.Original(t.Context(), id)
			if err != nil || bytes.Contains(data, []byte(canary("Exif", p.n))) || bytes.Contains(data, []byte("Exif\x00")) {
				t.Errorf("a file of a tip is kept as it came, %v", err)
			}
		}
	}
	if n := h.query(`select count(*)::text from filings where service = 'tip'`); n[0] != fmt.Sprint(given) {
		t.Errorf("%s tips of %d", n[0], given)
	}
	if files < len(people)/4 {
		t.Errorf("%d files", files)
	}
	if dead := h.query(`select d::text from dead_messages d`); len(dead) != 3 {
		t.Errorf("put aside: %v", dead)
	}
	columns := h.query(`select string_agg(column_name::text, ' ' order by column_name) from information_schema.columns where table_name = 'dead_messages'`)
	if columns[0] != "at channel id kind size" {
		t.Errorf("of a message that was put aside are kept %s", columns[0])
	}
	var rows []string
	for _, table := range []string{
		`select f::text from filings f where f.service = 'tip'`,
		`select x::text from events x join filings f on f.id = x.filing where f.service = 'tip'`,
		`select x::text from filing_media x join filings f on f.id = x.filing where f.service = 'tip'`,
		`select m::text from media m join filing_media x on x.media = m.id join filings f on f.id = x.filing where f.service = 'tip'`,
		`select x::text from filing_identifiers x join filings f on f.id = x.filing where f.service = 'tip'`,
		`select x::text from cards x join filings f on f.id = x.filing where f.service = 'tip'`,
		`select x::text from notices x join filings f on f.id = x.filing where f.service = 'tip'`,
		`select j::text from river_job j join notices x on x.id = (j.args->>'notice')::bigint join filings f on f.id = x.filing where f.service = 'tip'`,
	} {
		rows = append(rows, h.query(table)...)
	}
	if found := known.in([]byte(strings.Join(rows, "\n"))); len(found) > 0 {
		t.Errorf("the rows of tips lead to a citizen: %s", found[0])
	}
	if found := known.in([]byte(strings.Join(h.query(`select x::text from chats x union all select x::text from citizens x`), "\n"))); len(found) == 0 {
		t.Error("the citizens' own rows do not have their hashes: the search finds nothing")
	}
	if seconds := h.query(`
		select f.number from filings f where f.service = 'tip' and (f.created_at <> date_trunc('hour', f.created_at) or f.updated_at <> date_trunc('hour', f.updated_at) and f.status = 'sent')
		union all select f.number from filings f join events e on e.filing = f.id where f.service = 'tip' and e.actor <> 'officer' and e.at <> date_trunc('hour', e.at)
		union all select f.number from filings f join notices n on n.filing = f.id where f.service = 'tip' and n.created_at <> date_trunc('hour', n.created_at)`); len(seconds) > 0 {
		t.Errorf("%d rows of tips tell the second", len(seconds))
	}
	return s.Keys()
}

// planted is what was written on purpose, to be found: by places where it must be.
type planted map[string][]string

// plant writes what a fault would write: an id into a row that is deleted again, and one that stays; into
// Redis likewise; and it has a program keep a tip in a Redis that turns out to write everything down.
func (h *premises) plant() planted {
	t := h.t
	t.Helper()
	const gone, stays = "790111222333", "790444555666"
	h.exec(`insert into dead_messages (channel, kind, size) values ('x', $1, 1)`, gone)
	h.exec(`delete from dead_messages where kind = $1`, gone)
	h.exec(`insert into dead_messages (channel, kind, size) values ('x', $1, 1)`, stays)
	ctx := t.Context()
	for _, err := range []error{
		h.redis.Set(ctx, "planted:"+gone, "x", 0).Err(), h.redis.Del(ctx, "planted:"+gone).Err(), h.redis.Set(ctx, "planted", stays, 0).Err(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	faulty, err := embedded.StartRedis(ctx, h.folder("faulty"), embedded.Options{Forgetful: true})
	if err != nil {
		t.Fatal(err)
	}
	p := serve(t, append(configured(t), "TIPS_REDIS_URL="+faulty.URL()))
	client := h.client(faulty)
	h.configure(client, "appendonly", "yes") // after the program has asked
	p.eventually("the first file of what it writes down", func() bool {
		return strings.Contains(client.Info(ctx, "persistence").Val(), "aof_rewrite_in_progress:0") &&
			strings.Contains(client.Info(ctx, "persistence").Val(), "aof_rewrite_scheduled:0")
	})
	w := &town{t: t, program: p}
	x := &tipster{w: w, n: 999_999, way: byWeb, ip: "127.0.0.1"}
	if err := x.giveByWeb(); err != nil {
		t.Fatal(err)
	}
	p.stop()
	if err := faulty.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	h.sinks["a Redis of tips that keeps them"] = h.walk(h.folder("faulty"))
	return planted{
		gone:                    {"Postgres' folder", "Redis' folder", "SLOWLOG"},
		stays:                   {"pg_dump", "Postgres' folder", "Redis' folder", "SLOWLOG", "the keys of Redis"},
		canary("Text", 999_999): {"a Redis of tips that keeps them"},
	}
}

// checkControl looks for what was planted with the same search, and for one more word put into each place.
func (h *premises) checkControl(control planted) {
	h.t.Helper()
	for word, sinks := range control {
		hunt := newHunt()
		hunt.add("planted", word)
		found := h.seek(hunt)
		for _, sink := range sinks {
			if len(found[sink]) == 0 {
				h.t.Errorf("%s was written to %s, and is not found there", word, sink)
			}
		}
	}
	const anywhere = "790777888999"
	hunt := newHunt()
	hunt.add("planted", anywhere)
	for sink, data := range h.sinks {
		middle := len(data) / 2
		before, after := data[max(0, middle-1000):middle], data[middle:min(len(data), middle+1000)]
		for form, what := range hunt.words {
			apart := []byte(nil)
			if strings.HasSuffix(what, inHexadecimal) { // see inHexRun
				apart = []byte(" ")
			}
			if len(hunt.in(slices.Concat(before, apart, []byte(form), apart, after))) == 0 {
				h.t.Errorf("%s would not be found in %s", what, sink)
			}
		}
	}
}
