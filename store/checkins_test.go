package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"nagrik/store"
	"nagrik/store/embedded/testdb"
)

var ist = time.FixedZone("IST", 5*3600+1800)

// clocked is a fixture whose check-ins live at another time.
type clocked struct {
	*fixture
	at *atomic.Int64 // the time, Unix milliseconds
}

// openAt opens a store at a time of March 2026, Indian time: "14 10:30".
func openAt(t *testing.T, at string) *clocked {
	t.Helper()
	t.Parallel()
	c := &clocked{fixture: &fixture{t: t, ctx: t.Context(), url: testdb.Database(t)}, at: new(atomic.Int64)}
	c.Store = c.another()
	c.set(at)
	return c
}

// another opens the same database once more, as another replica.
func (c *clocked) another() *store.Store {
	c.t.Helper()
	s, err := store.Open(c.ctx, c.url, testKEK, store.Options{Conns: 6, JobConns: 2, Ahead: func() time.Duration {
		return time.Until(time.UnixMilli(c.at.Load()))
	}})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(s.Close)
	return s
}

func day(s string) time.Time {
	d, err := time.ParseInLocation("2006-01-02 15:04", "2026-03-"+s, ist)
	if err != nil {
		panic(err)
	}
	return d
}

func (c *clocked) now() time.Time { return time.UnixMilli(c.at.Load()) }

func (c *clocked) set(at string) { c.at.Store(day(at).UnixMilli()) }

// slack covers the time between asking for the clock and Postgres' own.
const slack = 100 * time.Millisecond

// to lets time pass, step by step, to one that is due at a time. Just before it nothing new may have happened; what happens
// then is returned, as summary has it.
func (c *clocked) to(at string) []string {
	c.t.Helper()
	for {
		due := one[*time.Time](c.fixture, `select min(due_at) from checkins`)
		if due == nil || due.After(day(at).Add(time.Minute)) {
			c.t.Fatalf("nothing is due at %s, but at %v", at, due)
		}
		before := c.summary()
		c.at.Store(due.Add(-time.Second).UnixMilli())
		c.ok(c.CheckIn(c.ctx))
		if diff := cmp.Diff(before, c.summary()); diff != "" {
			c.t.Errorf("before %s already: %s", due, diff)
		}
		c.at.Store(due.Add(slack).UnixMilli())
		c.ok(c.CheckIn(c.ctx))
		if !due.Before(day(at).Add(-time.Second)) {
			return c.summary()[len(before):]
		}
	}
}

// summary is all notices of check-ins in their order.
func (c *clocked) summary() []string {
	c.t.Helper()
	rows, _ := c.Pool().Query(c.ctx, `
		select n.kind || coalesce(':' || e.kind, '') || case when n.phone is null then ' officer' when n.phone = k.who then '' else ' family' end
		from notices n join checkins k on k.filing = n.filing left join events e on e.filing = n.filing and e.ver = n.ver
		where n.kind like 'ask%' or n.kind in ('alarm', 'relief') order by n.id`)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	c.ok(err)
	return list
}

// arrive has the notices arrive that can be sent.
func (c *clocked) arrive() {
	c.exec(`update notices set state = 'sent', sent_at = now() where state = 'pending'`)
}

func want(t *testing.T, when string, got []string, list ...string) {
	t.Helper()
	if !slices.Equal(list, got) {
		t.Errorf("%s: %q, want %q", when, got, list)
	}
}

// person is somebody with a phone and, if here, a chat.
type person struct{ citizen, chat, phone string }

func (c *clocked) person(here bool) person {
	c.t.Helper()
	n := counter.Add(1)
	p := person{chat: fmt.Sprintf("person-%d", n), phone: fmt.Sprintf("+9197%08d", n)}
	if here {
		c.arrives(&p)
	}
	return p
}

// arrives verifies somebody's phone.
func (c *clocked) arrives(p *person) {
	c.t.Helper()
	citizen, err := c.Verify(c.ctx, firstChannel, p.chat, p.phone)
	c.ok(err)
	p.citizen = citizen
}

// journey files a travel alert.
func (c *clocked) journey(who, family person, leave, back string, late bool) store.Filed {
	c.t.Helper()
	f := filing(who.citizen, who.chat)
	f.Service, f.Prefix = "travel_alert", "YS"
	f.Journey = &store.NewJourney{Name: "रामप्रवेश सिंह", Leave: day(leave + " 00:00"), Return: day(back + " 00:00"), Late: late, Family: family.phone}
	return c.file(f)
}

// senior registers somebody, or has a relative do so.
func (c *clocked) senior(who person, filer person, family, neighbour person) store.Filed {
	c.t.Helper()
	f := filing(who.citizen, who.chat)
	f.Senior = &store.NewSenior{Name: "कौशल्या देवी", Visits: true, Family: family.phone, Neighbour: neighbour.phone}
	if filer.citizen != "" {
		f.Citizen, f.Chat = filer.citizen, filer.chat
		f.Senior.Filer, f.Senior.Phone = "राजेश", who.phone
	}
	f.Service, f.Prefix = "senior_registration", "VN"
	return c.file(f)
}

func (c *clocked) due(filing int64) string {
	c.t.Helper()
	at := one[*time.Time](c.fixture, `select max(due_at) from checkins where filing = $1`, filing)
	if at == nil {
		return ""
	}
	return at.In(ist).Format("02 15:04")
}

func TestReturnIsAskedAtASensibleHour(t *testing.T) {
	c := openAt(t, "14 10:30")
	for _, j := range []struct {
		leave, back string
		late        bool
		want        string
	}{
		{"16", "24", false, "24 18:00"},
		{"16", "24", true, "25 10:00"},
		{"14", "14", false, "14 18:00"},
		{"14", "14", true, "15 10:00"},
	} {
		who := c.person(true)
		if got := c.due(c.journey(who, c.person(false), j.leave, j.back, j.late).ID); got != j.want {
			t.Errorf("%+v: asked at %s", j, got)
		}
	}
	c.set("14 19:00")
	who := c.person(true)
	filed := c.journey(who, c.person(false), "14", "14", false)
	if got := c.due(filed.ID); got != "15 10:00" {
		t.Errorf("told in the evening of the day of return: asked at %s", got)
	}
	c.set("16 11:00")
	c.ok(c.Extend(c.ctx, who.citizen, filed.Number, day("20 00:00"), false, "extend"))
	if got := c.due(filed.ID); got != "20 18:00" {
		t.Errorf("extended: asked at %s", got)
	}
	j, err := c.Journey(c.ctx, who.citizen)
	c.ok(err)
	if !j.Return.Equal(day("20 00:00")) || !j.Leave.Equal(day("14 00:00")) || j.Alarm {
		t.Errorf("the journey is %+v", j)
	}
}

func TestNobodyComesBack(t *testing.T) {
	c := openAt(t, "14 10:30")
	c.officer(store.SHO, araria, "")
	who, family := c.person(true), c.person(true)
	filed := c.journey(who, family, "14", "15", false)
	c.arrive()
	want(t, "18:00", c.to("15 18:00"), "ask_return")
	c.arrive()
	want(t, "21:00", c.to("15 21:00"), "ask_return.remind")
	c.arrive()
	want(t, "6:00", c.to("16 06:00"), "alarm:unanswered family")
	c.arrive()
	if urgent := one[bool](c.fixture, `select urgent from filings`); urgent {
		t.Error("urgent for the station before its time")
	}
	c.set("16 06:16")
	c.ok(c.CheckIn(c.ctx))
	want(t, "18:00", c.to("16 18:00"), "alarm:no_answer officer")
	c.arrive()
	c.set("18 18:00")
	c.ok(c.CheckIn(c.ctx))
	if due := c.due(filed.ID); due != "" {
		t.Errorf("something is due after the station knows: %s", due)
	}
	count := len(c.summary())
	c.ok(c.Safe(c.ctx, who.citizen, filed.Number, "safe"))
	c.ok(c.Safe(c.ctx, who.citizen, filed.Number, "safe"))
	want(t, "safe", c.summary()[count:], "relief:safe family", "relief:safe officer")
	if err := c.Safe(c.ctx, who.citizen, filed.Number, "again"); !errors.Is(err, store.ErrClosed) {
		t.Errorf("safe in another dialog: %v", err)
	}
	if err := c.Extend(c.ctx, who.citizen, filed.Number, day("25 00:00"), false, "x"); !errors.Is(err, store.ErrClosed) {
		t.Errorf("extended when it was over: %v", err)
	}
	if err := c.Safe(c.ctx, family.citizen, filed.Number, "y"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("somebody else said that the traveller is back: %v", err)
	}
	var kinds []string
	events, err := c.Timeline(c.ctx, filed.ID)
	c.ok(err)
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	if got := strings.Join(kinds, " "); got != "received sent unanswered no_answer safe" {
		t.Errorf("the timeline is %s", got)
	}
	if status := one[string](c.fixture, `select status from filings where closed_at is not null and not urgent`); status != "closed" {
		t.Errorf("status %s", status)
	}
}

// TestTheFamilyIsNotHere: nobody of the family has a chat, or it is blocked within a quarter of an hour: the station is told at
// once, and again until an officer was reached.
func TestTheFamilyIsNotHere(t *testing.T) {
	c := openAt(t, "14 10:30")
	who, family := c.person(true), c.person(false)
	c.journey(who, family, "14", "15", false)
	c.to("15 18:00")
	c.arrive()
	c.to("15 21:00")
	c.arrive()
	want(t, "6:00", c.to("16 06:00"), "alarm:unanswered family")
	c.at.Add(1000)
	c.ok(c.CheckIn(c.ctx))
	if kind := one[string](c.fixture, `select kind from events order by ver desc limit 1`); kind != store.EventNoFamily {
		t.Fatalf("the last event is %s", kind)
	}
	// There is no officer at all yet. As soon as there is one, he is told.
	c.set("16 07:00")
	c.ok(c.CheckIn(c.ctx))
	c.officer(store.SHO, araria, "")
	c.arrive()
	count := len(c.summary())
	c.set("16 08:00")
	c.ok(c.CheckIn(c.ctx))
	want(t, "8:00", c.summary()[count:], "alarm:no_family officer")
	// The family comes here after all, and hears of it.
	c.arrives(&family)
	if state := one[string](c.fixture, `select state from notices where kind = 'alarm' and phone is not null`); state != "pending" {
		t.Errorf("the family's alarm is %s", state)
	}

	blocked, relative := c.person(true), c.person(true)
	c.journey(blocked, relative, "14", "17", false)
	c.to("17 18:00")
	c.arrive()
	c.to("17 21:00")
	c.arrive()
	c.to("18 06:00")
	c.ok(c.Unreachable(c.ctx, firstChannel, relative.chat))
	want(t, "6:15", c.to("18 06:15"), "alarm:no_family officer")
}

func TestTheTravellerBlocks(t *testing.T) {
	c := openAt(t, "14 10:30")
	who, family := c.person(true), c.person(true)
	filed := c.journey(who, family, "14", "15", false)
	c.to("15 18:00")
	c.arrive()
	c.set("15 18:30")
	c.ok(c.Unreachable(c.ctx, firstChannel, who.chat))
	c.at.Add(1000)
	c.ok(c.CheckIn(c.ctx))
	want(t, "at once", c.summary()[1:], "alarm:unreachable family")

	// Who has another chat is asked there.
	two, other := c.person(true), c.person(true)
	_, err := c.Verify(c.ctx, firstChannel, other.chat, two.phone)
	c.ok(err)
	c.journey(two, family, "14", "16", false)
	c.to("16 18:00")
	c.ok(c.Unreachable(c.ctx, firstChannel, other.chat))
	c.ok(c.CheckIn(c.ctx))
	to := one[bool](c.fixture, `select n.chat = f.chat from notices n join filings f on f.id = n.filing where n.kind = 'ask_return' and n.filing <> $1`, filed.ID)
	if !to {
		t.Error("the question did not go to the other chat")
	}

	// And who blocked before being asked can't be asked.
	three := c.person(true)
	c.journey(three, family, "14", "17", false)
	c.ok(c.Unreachable(c.ctx, firstChannel, three.chat))
	want(t, "18:00", c.to("17 18:00"), "ask_return", "alarm:unreachable family")
}

// TestAQuestionThatDidNotArrive: what fails is the channel, so nobody is alarmed before the person was asked and had time to
// answer, or for an hour.
func TestAQuestionThatDidNotArrive(t *testing.T) {
	c := openAt(t, "14 10:30")
	family := c.person(true)
	c.journey(c.person(true), family, "14", "15", false)
	c.to("15 18:00")
	c.arrive()
	c.to("15 21:00") // the reminder stays on its way
	c.set("16 06:01")
	c.ok(c.CheckIn(c.ctx))
	c.set("16 06:50")
	c.ok(c.CheckIn(c.ctx))
	if n := len(c.summary()); n != 2 {
		t.Fatalf("somebody was alarmed: %v", c.summary())
	}
	c.arrive()
	c.set("16 06:52")
	c.ok(c.CheckIn(c.ctx))
	want(t, "after the grace", c.to("16 07:07"), "alarm:unanswered family")

	c.journey(c.person(true), family, "14", "17", false)
	c.to("17 18:00")
	c.arrive()
	c.to("17 21:00")
	for i := range 140 {
		c.at.Store(day("18 06:00").Add(time.Duration(i) * time.Minute / 2).UnixMilli())
		c.ok(c.CheckIn(c.ctx))
	}
	list := c.summary()
	if last := list[len(list)-1]; last != "alarm:unreachable family" {
		t.Errorf("after an hour: %s", last)
	}
}

// TestAfterAnOutage: a step that is found late asks again before it alarms anybody, whatever the state (reliability: no
// escalation before a fresh prompt and a quarter of an hour).
func TestAfterAnOutage(t *testing.T) {
	c := openAt(t, "14 10:30")
	c.officer(store.SHO, araria, "")
	who, family := c.person(true), c.person(true)
	filed := c.journey(who, family, "14", "15", false)
	c.to("15 18:00")
	c.arrive()
	c.to("15 21:00")
	c.arrive()
	count := len(c.summary())
	c.set("16 09:00") // down from before six
	c.ok(c.CheckIn(c.ctx))
	want(t, "9:00", c.summary()[count:], "ask_return.again")
	c.arrive()
	want(t, "9:15", c.to("16 09:15"), "alarm:unanswered family")
	c.arrive()
	c.set("16 09:31")
	c.ok(c.CheckIn(c.ctx))
	count = len(c.summary())
	c.set("16 20:00") // down again
	c.ok(c.CheckIn(c.ctx))
	want(t, "20:00", c.summary()[count:], "ask_return.again")
	c.arrive()
	c.ok(c.Safe(c.ctx, who.citizen, filed.Number, "safe"))
	count = len(c.summary())
	c.set("17 20:00")
	c.ok(c.CheckIn(c.ctx))
	want(t, "after safe", c.summary()[count:])
}

func TestWhatEndsACheckIn(t *testing.T) {
	c := openAt(t, "14 10:30")
	family := c.person(true)
	withdrawn, erased, closed := c.person(true), c.person(true), c.person(true)
	w := c.journey(withdrawn, family, "14", "15", false)
	c.journey(erased, family, "14", "15", false)
	x := c.journey(closed, family, "14", "15", false)
	c.ok(c.Withdraw(c.ctx, withdrawn.citizen, w.ID, "नहीं गए"))
	_, err := c.Erase(c.ctx, erased.citizen)
	c.ok(err)
	c.exec(`update filings set status = 'closed', closed_at = now() where id = $1`, x.ID) // by an officer
	c.set("20 10:00")
	c.ok(c.CheckIn(c.ctx))
	want(t, "nothing is asked", c.summary())
	if n := one[int64](c.fixture, `select count(*) from checkins where due_at is not null`); n != 0 {
		t.Errorf("%d check-ins are still due", n)
	}
}

func TestGreetings(t *testing.T) {
	c := openAt(t, "14 10:30")
	c.officer(store.SHO, araria, "")
	who, family, neighbour := c.person(true), c.person(true), c.person(true)
	filed := c.senior(who, person{}, family, neighbour)
	c.arrive()
	c.ok(c.SetGreeting(c.ctx, who.citizen, filed.Number, "08:00"))
	want(t, "8:00", c.to("15 08:00"), "ask_greeting")
	c.arrive()
	c.ok(c.Greeted(c.ctx, who.citizen, "a"))
	if due := c.due(filed.ID); due != "16 08:00" {
		t.Errorf("after an answer: %s", due)
	}
	want(t, "next day", c.to("16 08:00"), "ask_greeting")
	c.arrive()
	want(t, "9:00", c.to("16 09:00"), "ask_greeting.remind")
	c.arrive()
	want(t, "the first is let pass", c.to("16 11:00"))
	want(t, "the day after", c.to("17 08:00"), "ask_greeting")
	c.arrive()
	c.to("17 09:00")
	c.arrive()
	want(t, "the second is not", c.to("17 11:00"), "alarm:unanswered family", "alarm:unanswered family")
	c.arrive()
	c.set("17 11:16")
	c.ok(c.CheckIn(c.ctx))
	c.arrive()
	count := len(c.summary())
	c.set("17 13:05")
	c.ok(c.CheckIn(c.ctx))
	want(t, "two hours later", c.summary()[count:], "alarm:no_answer officer")
	c.arrive()
	count = len(c.summary())
	c.set("18 12:00")
	c.ok(c.CheckIn(c.ctx))
	want(t, "no greetings while the alarm stands", c.summary()[count:])
	c.ok(c.Greeted(c.ctx, who.citizen, "b"))
	want(t, "answered", c.summary()[count:], "relief:answered family", "relief:answered family", "relief:answered officer")
	r, err := c.Registration(c.ctx, who.citizen)
	c.ok(err)
	if r.Name != "कौशल्या देवी" || r.Greeting == nil || r.Greeting.Hour != "08:00" || c.now().Sub(r.Greeting.Answered).Abs() > time.Minute {
		t.Errorf("the registration is %+v", r.Greeting)
	}

	c.ok(c.PauseGreeting(c.ctx, who.citizen, filed.Number, true))
	if due := c.due(filed.ID); due != "" {
		t.Errorf("paused: %s", due)
	}
	c.ok(c.PauseGreeting(c.ctx, who.citizen, filed.Number, false))
	c.ok(c.SetGreeting(c.ctx, who.citizen, filed.Number, "18:00"))
	if due := c.due(filed.ID); due != "18 18:00" {
		t.Errorf("another hour: %s", due)
	}
	c.journey(who, family, "18", "20", false)
	count = len(c.summary())
	c.set("19 18:01")
	c.ok(c.CheckIn(c.ctx))
	want(t, "travelling", c.summary()[count:])
	c.ok(c.StopGreeting(c.ctx, who.citizen, filed.Number))
	if n := one[int64](c.fixture, `select count(*) from checkins where kind = 'greeting'`); n != 0 {
		t.Error("stopped, and still there")
	}
}

func TestHelp(t *testing.T) {
	c := openAt(t, "14 10:30")
	c.officer(store.SHO, araria, "")
	who, family := c.person(true), c.person(true)
	stranger := c.person(true)
	if told, err := c.Help(c.ctx, stranger.citizen, "x"); err != nil || told {
		t.Errorf("help for nobody: %v, %v", told, err)
	}
	filed := c.senior(who, person{}, family, person{})
	c.arrive()
	for range 2 { // the same dialog repeats it
		if told, err := c.Help(c.ctx, who.citizen, "help"); err != nil || !told {
			t.Fatalf("help: %v, %v", told, err)
		}
	}
	want(t, "help", c.summary(), "alarm:help_wanted family", "alarm:help_wanted officer")
	if urgent := one[bool](c.fixture, `select urgent from filings where id = $1`, filed.ID); !urgent {
		t.Error("the filing is not urgent")
	}
	c.arrive()
	r, err := c.Registration(c.ctx, who.citizen)
	c.ok(err)
	if r.Greeting != nil {
		t.Error("who asked for help is greeted now")
	}
	c.set("14 10:50")
	c.ok(c.CheckIn(c.ctx))
	if due := c.due(filed.ID); due != "" {
		t.Errorf("due %s", due)
	}
	if _, err := c.Help(c.ctx, who.citizen, "once more"); err != nil {
		t.Fatal(err)
	}
	if n := len(c.summary()); n != 4 {
		t.Errorf("a second call for help told %d", n-2)
	}
}

// TestManyTimers: two hundred check-ins, three replicas that sweep at once and are killed in the middle: every step once, none
// early.
func TestManyTimers(t *testing.T) {
	c := openAt(t, "14 10:30")
	c.officer(store.SHO, araria, "")
	family := c.person(true)
	safe := map[int64]bool{}
	for i := range 200 {
		who := c.person(true)
		filed := c.journey(who, family, "14", fmt.Sprint(15+i%3), i%2 == 0)
		if i%5 == 0 {
			c.ok(c.Safe(c.ctx, who.citizen, filed.Number, fmt.Sprint("safe", i)))
			safe[filed.ID] = true
		}
	}
	replicas := []*store.Store{c.Store, c.another(), c.another()}
	c.set("15 09:00")
	// Whatever is made must have been due: what each check-in waits for is noted before the sweeps.
	for c.now().Before(day("20 12:00")) {
		c.at.Add((5 * time.Minute).Milliseconds())
		if one[int64](c.fixture, `select count(*) from checkins where due_at <= $1`, c.now().Add(slack)) == 0 {
			continue
		}
		early := one[int64](c.fixture, `select count(*) from notices`)
		waiting := one[[]int64](c.fixture, `select coalesce(array_agg(filing), '{}') from checkins where due_at > $1 or due_at is null`, c.now().Add(slack))
		var sweeps sync.WaitGroup
		for _, s := range replicas {
			sweeps.Go(func() {
				ctx, cancel := context.WithTimeout(c.ctx, time.Duration(rand.IntN(40))*time.Millisecond)
				defer cancel()
				_ = s.CheckIn(ctx) // killed in the middle
			})
		}
		sweeps.Wait()
		c.at.Add(slack.Milliseconds())
		for range 100 { // the one that lives on: what a killed one still held is free in a moment
			c.ok(c.CheckIn(c.ctx))
			c.arrive()
			if one[int64](c.fixture, `select count(*) from checkins where due_at <= $1`, c.now().Add(-slack)) == 0 {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		bad := one[int64](c.fixture, `
			select count(*) from notices where filing = any($1) and kind <> 'card_edit' and kind <> 'card' and id > (
				select coalesce(max(id), 0) from (select id from notices order by id limit $2) n)`, waiting, early)
		if bad != 0 {
			t.Fatalf("%d notices of check-ins that were not due at %s", bad, c.now().In(ist))
		}
	}
	rows, _ := c.Pool().Query(c.ctx, `
		select k.filing, array(select n.kind from notices n where n.filing = k.filing and (n.kind like 'ask%' or n.kind = 'alarm') order by n.id)
		from checkins k`)
	type told struct {
		filing int64
		kinds  []string
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r told, err error) {
		err = row.Scan(&r.filing, &r.kinds)
		return r, err
	})
	c.ok(err)
	for _, r := range all {
		expected := "ask_return ask_return.remind alarm alarm"
		if safe[r.filing] {
			expected = ""
		}
		if got := strings.Join(r.kinds, " "); got != expected {
			t.Errorf("filing %d: %q, want %q", r.filing, got, expected)
		}
	}
	if len(all) != 200 {
		t.Errorf("%d check-ins", len(all))
	}
}

// visit has an officer's visit logged as the newest event of a filing.
func (c *clocked) visit(filing, post int64) {
	c.t.Helper()
	tx, err := c.Pool().Begin(c.ctx)
	c.ok(err)
	defer tx.Rollback(context.WithoutCancel(c.ctx))
	for _, sql := range []string{
		`update filings set ver = ver + 1 where id = $1 and $2 > 0`,
		`insert into events (filing, filed_at, ver, kind, actor, post) select id, created_at, ver, 'visit', 'officer', $2 from filings where id = $1`,
	} {
		_, err = tx.Exec(c.ctx, sql, filing, post)
		c.ok(err)
	}
	c.ok(c.VisitLogged(c.ctx, tx, filing))
	c.ok(tx.Commit(c.ctx))
}

func TestVisits(t *testing.T) {
	c := openAt(t, "14 10:30")
	post, _ := c.officer(store.SHO, araria, "")
	who, family, relative := c.person(true), c.person(true), c.person(true)
	filed := c.senior(who, person{}, family, person{})
	other := c.senior(c.person(true), person{}, family, person{})
	silent := c.senior(c.person(true), person{}, family, person{})
	c.exec(`update seniors set visits = false, visit_due_at = null where filing = $1`, silent.ID)
	c.ok(c.LinkRelative(c.ctx, who.citizen, filed.Number, "राजेश", relative.phone))
	list, err := c.VisitList(c.ctx, araria, 10)
	c.ok(err)
	if len(list) != 2 || list[0].Overdue || list[0].Away || !list[0].Visited.IsZero() || list[0].Due.In(ist).Format("02 Jan") != "14 Apr" {
		t.Fatalf("the list is %+v", list)
	}
	c.at.Store(day("14 10:30").AddDate(0, 1, 1).UnixMilli())
	c.visit(other.ID, post.ID)
	c.journey(who, family, "14", "30", false)
	list, err = c.VisitList(c.ctx, araria, 10)
	c.ok(err)
	if len(list) != 2 || list[0].ID != filed.ID || !list[0].Overdue || !list[0].Away || list[1].ID != other.ID || list[1].Overdue || list[1].Visited.IsZero() {
		t.Errorf("the list is %+v", list)
	}
	c.visit(filed.ID, post.ID)
	kinds := one[string](c.fixture, `select string_agg(kind, ' ' order by id) from notices where filing = $1 and ver = (select ver from filings where id = $1)`, filed.ID)
	if kinds != "status visit" {
		t.Errorf("of the visit hear: %s", kinds)
	}
	if err := c.EndRegistration(c.ctx, who.citizen, filed.Number, "end"); err != nil {
		t.Fatal(err)
	}
	if list, err = c.VisitList(c.ctx, araria, 10); err != nil || len(list) != 1 {
		t.Errorf("who left is still visited: %v, %v", list, err)
	}
}

// TestAVisitEndsAnAlarm: an officer has been there, the family hears of it, and greetings go on.
func TestAVisitEndsAnAlarm(t *testing.T) {
	c := openAt(t, "14 10:30")
	post, _ := c.officer(store.SHO, araria, "")
	who, family := c.person(true), c.person(true)
	filed := c.senior(who, person{}, family, person{})
	c.ok(c.SetGreeting(c.ctx, who.citizen, filed.Number, "08:00"))
	for c.now().Before(day("16 14:00")) {
		c.at.Add((5 * time.Minute).Milliseconds()) // ten would count as an outage
		c.ok(c.CheckIn(c.ctx))
		c.arrive()
	}
	count := len(c.summary())
	if due := c.due(filed.ID); due != "" {
		t.Fatalf("after the alarm: due %s, %q", due, c.summary())
	}
	c.visit(filed.ID, post.ID)
	want(t, "visited", c.summary()[count:], "relief:visit family", "relief:visit officer")
	if due := c.due(filed.ID); due != "17 08:00" {
		t.Errorf("after the visit: due %s", due)
	}
	c.arrive()
	if _, err := c.Help(c.ctx, who.citizen, "help"); err != nil {
		t.Fatal(err)
	}
	c.arrive()
	c.at.Add((20 * time.Minute).Milliseconds())
	c.ok(c.CheckIn(c.ctx))
	if due := c.due(filed.ID); due != "17 08:00" {
		t.Errorf("after help was asked for: due %s", due)
	}
	count = len(c.summary())
	c.to("17 08:00")
	c.arrive()
	c.ok(c.Greeted(c.ctx, who.citizen, "x"))
	want(t, "well again", c.summary()[count:], "ask_greeting", "relief:answered family", "relief:answered officer")
}

func TestConsent(t *testing.T) {
	c := openAt(t, "14 10:30")
	filer, elder, stranger := c.person(true), c.person(false), c.person(true)
	filed := c.senior(elder, filer, filer, person{})
	state := func() string {
		return one[string](c.fixture, `select state from notices where kind = 'ask_consent' order by id desc limit 1`)
	}
	if state() != "waiting" {
		t.Errorf("the question is %s before the elder is here", state())
	}
	if list, err := c.VisitList(c.ctx, araria, 10); err != nil || len(list) != 0 {
		t.Errorf("visited without a yes: %v, %v", list, err)
	}
	for _, citizen := range []string{stranger.citizen, filer.citizen} {
		if _, err := c.ConsentAsked(c.ctx, citizen, filed.Number); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("somebody else is asked: %v", err)
		}
		if err := c.Consent(c.ctx, citizen, filed.Number, true, "x"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("somebody else agreed: %v", err)
		}
	}
	c.arrives(&elder)
	if state() != "pending" {
		t.Errorf("the question is %s once the elder is here", state())
	}
	if _, err := c.Registration(c.ctx, elder.citizen); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("registered without a yes: %v", err)
	}
	asked, err := c.ConsentAsked(c.ctx, elder.citizen, filed.Number)
	c.ok(err)
	if asked.Filer != "राजेश" || !asked.Waiting || state() != "failed" {
		t.Errorf("asked %+v, and the notice is %s", asked, state())
	}
	c.ok(c.Consent(c.ctx, elder.citizen, filed.Number, true, "yes"))
	c.ok(c.Consent(c.ctx, elder.citizen, filed.Number, false, "no")) // too late
	r, err := c.Registration(c.ctx, elder.citizen)
	c.ok(err)
	if r.Number != filed.Number || r.VisitDue.IsZero() {
		t.Errorf("registered: %+v", r.VisitDue)
	}
	if kind := one[string](c.fixture, `select e.kind from notices n join events e on e.filing = n.filing and e.ver = n.ver where n.kind = 'status'`); kind != store.EventConsent {
		t.Errorf("the relative hears of %s", kind)
	}

	no := c.person(true)
	second := c.senior(no, filer, filer, person{})
	c.ok(c.Consent(c.ctx, no.citizen, second.Number, false, "no"))
	if status := one[string](c.fixture, `select status from filings where id = $1`, second.ID); status != "withdrawn" {
		t.Errorf("refused, and %s", status)
	}
	if _, err := c.Registration(c.ctx, no.citizen); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("registered after a no: %v", err)
	}
}

func TestRelatives(t *testing.T) {
	c := openAt(t, "14 10:30")
	who, family, relative, stranger := c.person(true), c.person(false), c.person(true), c.person(true)
	filed := c.senior(who, person{}, family, person{})
	c.ok(c.SetGreeting(c.ctx, who.citizen, filed.Number, "08:00"))
	links := func(f func() ([]store.Link, error)) []store.Link {
		t.Helper()
		list, err := f()
		c.ok(err)
		return list
	}
	relatives := func() ([]store.Link, error) { return c.Relatives(c.ctx, filed.ID) }
	elders := func() ([]store.Link, error) { return c.Elders(c.ctx, relative.citizen) }

	c.ok(c.AskRelative(c.ctx, relative.citizen, who.phone, "राजेश"))
	c.ok(c.AskRelative(c.ctx, relative.citizen, who.phone, "राजेश")) // asked once
	c.ok(c.AskRelative(c.ctx, relative.citizen, stranger.phone, "राजेश"))
	c.ok(c.AskRelative(c.ctx, who.citizen, who.phone, "मैं"))
	if n := one[int64](c.fixture, `select count(*) from notices where kind = 'ask_relative'`); n != 1 {
		t.Fatalf("%d questions", n)
	}
	if l := links(elders); len(l) != 0 {
		t.Errorf("linked without a yes: %+v", l)
	}
	l := links(relatives)
	if len(l) != 1 || !l[0].Waiting || l[0].Name != "राजेश" {
		t.Fatalf("waiting: %+v", l)
	}
	if ok, err := c.AnswerRelative(c.ctx, relative.citizen, filed.Number, l[0].Who, true); ok || !(err == nil || errors.Is(err, store.ErrNotFound)) {
		t.Errorf("the relative said yes to himself: %v, %v", ok, err)
	}
	ok, err := c.AnswerRelative(c.ctx, who.citizen, filed.Number, l[0].Who, true)
	if !ok || err != nil {
		t.Fatalf("yes: %v, %v", ok, err)
	}
	c.ok(c.Greeted(c.ctx, who.citizen, "x"))
	l = links(elders)
	if len(l) != 1 || l[0].Name != "कौशल्या देवी" || !l[0].Greeted || l[0].Answered.IsZero() {
		t.Errorf("the relative sees %+v", l)
	}

	// A linked relative hears of a journey too.
	j := c.journey(who, family, "14", "15", false)
	c.ok(c.Unreachable(c.ctx, firstChannel, who.chat))
	c.to("15 18:00")
	told := one[int64](c.fixture, `select count(*) from notices where kind = 'alarm' and filing = $1 and phone is not null`, j.ID)
	if told != 2 {
		t.Errorf("%d were told", told)
	}

	c.ok(c.LeaveElder(c.ctx, relative.citizen, filed.Number))
	if l := links(relatives); len(l) != 0 {
		t.Errorf("left: %+v", l)
	}
	c.ok(c.LinkRelative(c.ctx, who.citizen, filed.Number, "राजेश", relative.phone))
	c.ok(c.Unlink(c.ctx, who.citizen, filed.Number, links(relatives)[0].Who))
	if l := links(elders); len(l) != 0 {
		t.Errorf("unlinked: %+v", l)
	}
	c.ok(c.LinkRelative(c.ctx, who.citizen, filed.Number, "राजेश", relative.phone))
	mine, err := c.Export(c.ctx, who.citizen)
	c.ok(err)
	theirs, err := c.Export(c.ctx, relative.citizen)
	c.ok(err)
	if len(mine.Relatives) != 1 || mine.Greeting == nil || len(theirs.Elders) != 1 {
		t.Errorf("exported: %+v, %+v", mine, theirs)
	}
	_, err = c.Erase(c.ctx, relative.citizen)
	c.ok(err)
	if l := links(relatives); len(l) != 0 {
		t.Errorf("erased, and still linked: %+v", l)
	}
	for i := range 10 {
		c.ok(c.LinkRelative(c.ctx, who.citizen, filed.Number, "राजेश", fmt.Sprintf("+9196%08d", i)))
	}
	if err := c.LinkRelative(c.ctx, who.citizen, filed.Number, "राजेश", relative.phone); !errors.Is(err, store.ErrTooMany) {
		t.Errorf("an eleventh: %v", err)
	}
}

// TestWhatAPhoneWaitsFor: a notice for a phone goes to the chat that verifies it, and follows the person from chat to chat.
func TestWhatAPhoneWaitsFor(t *testing.T) {
	c := openAt(t, "14 10:30")
	filer, elder, second, other := c.person(true), c.person(false), c.person(true), c.person(true)
	c.senior(elder, filer, filer, person{})
	chat := func() string {
		c.t.Helper()
		return one[string](c.fixture, `select state || ' ' || coalesce(encode(chat, 'hex'), '') from notices where kind = 'ask_consent'`)
	}
	at := func(p person) string { return fmt.Sprintf("pending %x", c.ChatKey(firstChannel, p.chat)) }
	c.arrives(&elder)
	if chat() != at(elder) {
		t.Errorf("verified: %s", chat())
	}
	c.ok(c.Unreachable(c.ctx, firstChannel, elder.chat))
	if chat() != "waiting " {
		t.Errorf("blocked: %s", chat())
	}
	c.ok(c.Reachable(c.ctx, firstChannel, elder.chat))
	if chat() != at(elder) {
		t.Errorf("unblocked: %s", chat())
	}
	_, err := c.Verify(c.ctx, firstChannel, second.chat, elder.phone) // another chat of the same person
	c.ok(err)
	_, err = c.Verify(c.ctx, firstChannel, elder.chat, other.phone) // and the first is now somebody else's
	c.ok(err)
	if chat() != at(second) {
		t.Errorf("the chat is another's: %s", chat())
	}
}

func TestHeardFirst(t *testing.T) {
	c := openAt(t, "14 10:30")
	who := c.person(true)
	filed := c.senior(who, person{}, c.person(true), person{})
	c.ok(c.SetGreeting(c.ctx, who.citizen, filed.Number, "08:00"))
	c.to("15 08:00")
	c.arrive()
	c.to("15 09:00")
	c.arrive()
	asks, err := c.OpenAsks(c.ctx)
	c.ok(err)
	if len(asks) != 2 || asks[1].Kind != "ask_greeting.remind" || asks[1].Number != filed.Number || string(asks[1].Chat) != string(c.ChatKey(firstChannel, who.chat)) {
		t.Fatalf("open: %+v", asks)
	}
	for _, m := range []struct {
		id   string
		want bool
	}{{"a", true}, {"a", true}, {"b", false}, {"a", true}} {
		if first, err := c.Heard(c.ctx, asks[1].Notice, m.id); err != nil || first != m.want {
			t.Errorf("message %s is the first: %v, %v", m.id, first, err)
		}
	}
	if asks, err = c.OpenAsks(c.ctx); err != nil || len(asks) != 0 {
		t.Errorf("still open: %+v, %v", asks, err)
	}
}
