package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"nagrik/store"
)

const aDay = 24 * time.Hour

// pass lets time pass for all clocks, and does what is due then.
func (f *fixture) pass(d time.Duration) {
	f.t.Helper()
	f.later(d)
	f.turn()
}

// later lets time pass for all clocks.
func (f *fixture) later(d time.Duration) {
	f.t.Helper()
	f.exec(`update clocks set started_at = started_at - $1::interval, due_at = due_at - $1::interval, next_at = next_at - $1::interval,
		paused_at = paused_at - $1::interval`, d)
}

// turn does what is due.
func (f *fixture) turn() {
	f.t.Helper()
	for range 20 {
		if !one[bool](f, `select exists (select from clocks where next_at <= now() and paused_at is null and ended_at is null)`) {
			return
		}
		f.ok(f.Sweep(f.ctx))
	}
	f.t.Fatal("clocks are never done")
}

// filesFor files for a service.
func (f *fixture) filesFor(service string) (citizen, chat string, filed store.Filed) {
	f.t.Helper()
	citizen, chat = f.citizen()
	n := filing(citizen, chat)
	n.Service = service
	return citizen, chat, f.file(n)
}

// acts does an officer's action.
func (f *fixture) acts(sender string, filing int64, what store.Action) {
	f.t.Helper()
	act, err := f.Act(f.ctx, firstChannel, sender, store.Step{Action: what, Filing: filing})
	f.ok(err)
	if act.Outcome != store.Done {
		f.t.Fatalf("%s: %s", what, act.Outcome)
	}
}

// clock says how a clock stands: running, paused or ended, and after how many steps.
func (f *fixture) clock(filing int64, kind store.Clock) string {
	f.t.Helper()
	return one[string](f, `select coalesce((select case when ended_at is not null then 'ended' when paused_at is not null then 'paused' else 'running' end
		|| ' ' || level from clocks where filing = $1 and kind = $2), 'none')`, filing, kind)
}

// events lists the kinds of a filing's events from a version on, with what those of clocks say.
func (f *fixture) events(filing int64, from int) []string {
	f.t.Helper()
	events, err := f.Timeline(f.ctx, filing)
	f.ok(err)
	var list []string
	for _, e := range events[from-1:] {
		list = append(list, strings.TrimSpace(e.Kind+" "+e.Note))
	}
	return list
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAStationThatNeverAcknowledges(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, sdpo := f.officer(store.SDPO, "", arariaDist)
	_, sp := f.officer(store.SP, "", arariaDist)
	f.officer(store.SP, "", "5137")
	citizen, _, filed := f.filesFor("lost_property")
	f.deliver()
	f.pass(aDay - time.Minute)
	same(t, "before the time", 0, len(f.deliver()))
	// Neither a note nor more information sets it back.
	f.acts(sho, filed.ID, store.ActNote)
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "और बात"}))
	f.deliver()
	f.pass(2 * time.Minute)
	notices := f.deliver()
	same(t, "after a day", []string{"overdue " + sho, "card_edit " + sho}, summary(notices))
	n := notices[0]
	if n.Clock != store.ClockAcknowledge || n.Late <= 0 || n.Late > 5*time.Minute || !n.Filing.Late || n.Filing.Clock != n.Clock || n.Event.Kind != store.Overdue || n.Group {
		t.Errorf("the notice is %+v", n)
	}
	f.turn()
	same(t, "the same again", 0, len(f.deliver()))
	f.pass(aDay)
	same(t, "after two days", []string{"overdue " + sdpo, "card_edit " + sho}, summary(f.deliver()))
	f.pass(aDay)
	same(t, "after three days", []string{"overdue " + sp, "card_edit " + sdpo, "card_edit " + sho}, sorted(summary(f.deliver())))
	for range 5 {
		f.pass(aDay)
	}
	same(t, "after a week", 0, len(f.deliver()))
	same(t, "events", []string{"note", "information और बात", "overdue acknowledge sho", "overdue acknowledge sdpo", "overdue acknowledge sp"}, f.events(filed.ID, 3))
	same(t, "the clock", "running 3", f.clock(filed.ID, store.ClockAcknowledge)) // it is still overdue
	f.acts(sho, filed.ID, store.ActAcknowledge)
	same(t, "the clock", "ended 3", f.clock(filed.ID, store.ClockAcknowledge))
}

func sorted(list []string) []string {
	slices.SortFunc(list, func(a, b string) int {
		if c := strings.Compare(b[:strings.Index(b, " ")], a[:strings.Index(a, " ")]); c != 0 {
			return c
		}
		return strings.Compare(b, a)
	})
	return list
}

func TestAcknowledgingStopsTheLadder(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	f.officer(store.SDPO, "", arariaDist)
	_, _, filed := f.filesFor("lost_property")
	f.pass(aDay + time.Minute)
	f.claimAll() // the SHO's notice is on its way
	f.acts(sho, filed.ID, store.ActAcknowledge)
	f.pass(5 * aDay)
	for _, n := range f.deliver() {
		if n.Kind == store.NoticeOverdue {
			t.Errorf("%s was told after it was acknowledged", n.Chat)
		}
	}
	// What is on its way when it is acknowledged says that there is nothing to tell.
	f.exec(`update notices set state = 'pending', lease_token = null, lease_until = null where kind = 'overdue'`)
	for _, n := range f.claimAll() {
		if n.Kind == store.NoticeOverdue && n.Late != 0 {
			t.Error("a clock that was stopped is told of")
		}
	}
}

// An officer who presses a button of a card from before an escalation is not refused.
func TestAClockDoesNotMakeAButtonStale(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, _, filed := f.filesFor("lost_property")
	f.pass(aDay + time.Minute)
	act, err := f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
	f.ok(err)
	if act.Outcome != store.Done || act.Filing.Ver != 4 {
		t.Errorf("%s, version %d", act.Outcome, act.Filing.Ver)
	}
}

func TestTheLadderWithoutAnSHO(t *testing.T) {
	f := open(t)
	_, sdpo := f.officer(store.SDPO, "", arariaDist)
	_, sp := f.officer(store.SP, "", arariaDist)
	_, _, filed := f.filesFor("lost_property")
	f.deliver()
	f.pass(aDay + time.Minute)
	got := f.deliver()
	same(t, "the next above, at once", []string{"overdue " + sdpo}, overdue(got))
	same(t, "events", []string{"overdue acknowledge sho vacant", "overdue acknowledge sdpo"}, f.events(filed.ID, 3))
	f.pass(aDay)
	same(t, "at the time of the SDPO", []string{}, overdue(f.deliver()))
	_, sho := f.officer(store.SHO, araria, "")
	same(t, "the seat", []string{"overdue " + sho}, overdue(f.deliver()))
	f.pass(aDay)
	same(t, "after three days", []string{"overdue " + sp}, overdue(f.deliver()))
}

// overdue lists the notices that clocks ran out.
func overdue(notices []store.Notice) []string {
	list := []string{}
	for _, n := range notices {
		if n.Kind == store.NoticeOverdue {
			list = append(list, n.Kind+" "+n.Chat)
		}
	}
	return list
}

func TestTheLadderWithNobody(t *testing.T) {
	f := open(t)
	_, _, filed := f.filesFor("lost_property")
	f.pass(aDay + time.Minute)
	same(t, "the clock", "running 3", f.clock(filed.ID, store.ClockAcknowledge))
	same(t, "seats", int64(3), one[int64](f, `select count(*) from notices where kind = 'overdue' and state = 'waiting'`))
	for _, seat := range []store.Role{store.SP, store.SHO, store.SDPO} {
		station, district := araria, ""
		if seat != store.SHO {
			station, district = "", arariaDist
		}
		_, sender := f.officer(seat, station, district)
		same(t, string(seat), []string{"overdue " + sender}, overdue(f.deliver()))
	}
	// Without a station there is no SHO's seat.
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Station, n.District, n.Service = "", arariaDist, "lost_property"
	unknown := f.file(n)
	f.pass(aDay + time.Minute)
	same(t, "events", []string{"overdue acknowledge sdpo"}, f.events(unknown.ID, 3))
}

func TestASeatThatIsLeft(t *testing.T) {
	f := open(t)
	post, _ := f.officer(store.SHO, araria, "")
	f.filesFor("lost_property")
	f.deliver()
	f.pass(aDay + time.Minute)
	f.ok(f.Revoke(f.ctx, post.ID))
	same(t, "nobody there", []string{}, overdue(f.deliver()))
	_, next := f.officer(store.SHO, araria, "")
	same(t, "the next in the seat", []string{"overdue " + next}, overdue(f.deliver()))
	f.filesFor("lost_property")
	f.deliver()
	f.pass(aDay + time.Minute)
	f.ok(f.Unreachable(f.ctx, firstChannel, next))
	same(t, "a chat that is closed", []string{}, overdue(f.deliver()))
	f.ok(f.Reachable(f.ctx, firstChannel, next))
	same(t, "and open again", []string{"overdue " + next}, overdue(f.deliver()))
}

func TestAComplaintThatIsNotSigned(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, chat, filed := f.filesFor("complaint")
	f.acts(sho, filed.ID, store.ActAcknowledge)
	f.deliver()
	for day, event := range []string{"reminded", "reminded", "lapsed"} {
		f.pass(aDay + 20*time.Second)
		f.exec(`update notices set next_at = now() where state = 'pending'`) // in the morning
		notices := f.deliver()
		same(t, fmt.Sprint("day ", day+1), []string{"status " + chat, "card_edit " + sho}, sorted(summary(notices)))
		if i := slices.IndexFunc(notices, func(n store.Notice) bool { return n.Kind == "status" }); notices[i].Event.Kind != event {
			t.Errorf("day %d: %s", day+1, notices[i].Event.Kind)
		}
	}
	same(t, "the clock", "ended 3", f.clock(filed.ID, store.ClockSignature))
	f.pass(5 * aDay)
	same(t, "after that", 0, len(f.deliver()))
	f.acts(sho, filed.ID, store.ActSign) // late, and recorded all the same
}

func TestSigningEndsTheReminders(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, _, filed := f.filesFor("complaint")
	f.acts(sho, filed.ID, store.ActAcknowledge)
	f.pass(aDay + time.Minute)
	f.acts(sho, filed.ID, store.ActSign)
	f.pass(5 * aDay)
	same(t, "events", []string{"acknowledged", "reminded", "signed"}, f.events(filed.ID, 3))
}

// At night nobody is woken to be reminded.
func TestRemindersComeByDay(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, _, filed := f.filesFor("complaint")
	f.acts(sho, filed.ID, store.ActAcknowledge)
	f.deliver()
	f.pass(aDay + time.Minute)
	wrong := one[int64](f, `
		select count(*) from notices n where kind = 'status' and state = 'pending' and (
			extract(hour from next_at at time zone 'Asia/Kolkata') not between 8 and 19 or next_at > now() + interval '12 hours'
			or extract(hour from now() at time zone 'Asia/Kolkata') between 8 and 19 and next_at > now()
			or not exists (select from river_job where kind = 'deliver' and (args ->> 'notice')::bigint = n.id and scheduled_at >= n.next_at - interval '1 second'))`)
	if n := one[int64](f, `select count(*) from notices where kind = 'status' and state = 'pending'`); n != 1 || wrong != 0 {
		t.Errorf("%d reminders, %d at a wrong time", n, wrong)
	}
}

func TestAnEnquiryThatHasNoResult(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, sdpo := f.officer(store.SDPO, "", arariaDist)
	citizen, _, filed := f.filesFor("complaint")
	same(t, "before", "none", f.clock(filed.ID, store.ClockEnquiry))
	f.acts(sho, filed.ID, store.ActEnquire)
	f.acts(sho, filed.ID, store.ActSign)
	same(t, "acknowledged by it", "ended 0", f.clock(filed.ID, store.ClockAcknowledge))
	f.pass(10 * aDay)
	// The citizen is asked, and takes a week: the officer has four days left after the answer.
	f.acts(sho, filed.ID, store.ActAsk)
	same(t, "asked", "paused 0", f.clock(filed.ID, store.ClockEnquiry))
	if got, _, err := f.OfficerFiling(f.ctx, filed.ID, firstChannel, sho); err != nil || got.Clock != "" {
		t.Errorf("what is due is %q, %v", got.Clock, err)
	}
	f.pass(7 * aDay)
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "और बात"}))
	same(t, "something else was said", "paused 0", f.clock(filed.ID, store.ClockEnquiry))
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Answer, Dialog: "answer", Text: "जवाब"}))
	same(t, "answered", "running 0", f.clock(filed.ID, store.ClockEnquiry))
	left := one[float64](f, `select extract(epoch from due_at - now())::float8 / 86400 from clocks where kind = 'enquiry'`)
	if left < 3.9 || left > 4 {
		t.Errorf("%v days are left", left)
	}
	if n := one[int64](f, `select count(*) from river_job j, clocks c where j.kind = 'clock' and c.kind = 'enquiry' and j.scheduled_at = c.next_at`); n != 1 {
		t.Error("there is no job for the time that is left")
	}
	f.deliver()
	f.acts(sho, filed.ID, store.ActEnquire) // said again: nothing begins anew
	f.pass(4*aDay - time.Minute)
	same(t, "a minute before", []string{}, overdue(f.deliver()))
	f.pass(2 * time.Minute)
	same(t, "fourteen days", []string{"overdue " + sho}, overdue(f.deliver()))
	f.pass(aDay)
	same(t, "fifteen days", []string{"overdue " + sdpo}, overdue(f.deliver()))
	f.acts(sho, filed.ID, store.ActClose)
	same(t, "closed", "ended 2", f.clock(filed.ID, store.ClockEnquiry))
}

// An enquiry that goes on without the answer that was asked for gets its time back as well.
func TestAQuestionThatIsGivenUp(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, _, filed := f.filesFor("complaint")
	f.acts(sho, filed.ID, store.ActEnquire)
	f.acts(sho, filed.ID, store.ActAsk)
	f.later(3 * aDay)
	f.acts(sho, filed.ID, store.ActEnquire)
	same(t, "goes on", "running 0", f.clock(filed.ID, store.ClockEnquiry))
	if left := one[float64](f, `select extract(epoch from due_at - now())::float8 / 86400 from clocks where kind = 'enquiry'`); left < 13.9 {
		t.Errorf("%v days are left", left)
	}
}

func TestACertificate(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, sdpo := f.officer(store.SDPO, "", arariaDist)
	_, sp := f.officer(store.SP, "", arariaDist)
	_, _, late := f.filesFor("character_certificate")
	_, _, good := f.filesFor("character_certificate")
	for _, filed := range []store.Filed{late, good} {
		f.acts(sho, filed.ID, store.ActAcknowledge)
	}
	f.pass(10 * aDay)
	f.acts(sho, good.ID, store.ActCertify)
	same(t, "issued", "ended 0", f.clock(good.ID, store.ClockCertificate))
	f.deliver()
	for i, who := range []string{sho, sdpo, sp} {
		f.pass([]time.Duration{4*aDay + time.Minute, aDay, aDay}[i])
		same(t, "late", []string{"overdue " + who}, overdue(f.deliver()))
	}
	same(t, "events", []string{"acknowledged", "certificate_issued"}, f.events(good.ID, 3))
}

// What the station does not decide, as an enquiry for a passport, has no such clock, reopened or not.
func TestAFilingWithoutAClock(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Service, n.Without = "character_certificate", []store.Clock{store.ClockCertificate}
	filed := f.file(n)
	same(t, "filed", "none", f.clock(filed.ID, store.ClockCertificate))
	same(t, "filed", "running 0", f.clock(filed.ID, store.ClockAcknowledge))
	f.acts(sho, filed.ID, store.ActAcknowledge)
	f.acts(sho, filed.ID, store.ActClose)
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: string(store.Reopened), Dialog: "reopen", Text: "अब तक नहीं आया"}))
	same(t, "reopened", "none", f.clock(filed.ID, store.ClockCertificate))
	same(t, "reopened", "running 0", f.clock(filed.ID, store.ClockAcknowledge))
}

func TestABody(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, sp := f.officer(store.SP, "", arariaDist)
	_, _, filed := f.filesFor("unidentified_body")
	f.acts(sho, filed.ID, store.ActAcknowledge)
	f.deliver()
	f.pass(3*aDay - time.Minute)
	same(t, "before", []string{}, overdue(f.deliver()))
	f.pass(2 * time.Minute)
	notices := f.deliver()
	same(t, "72 hours", []string{"overdue " + sho, "overdue " + sp}, overdue(notices))
	for _, n := range notices {
		if n.Kind == store.NoticeOverdue && n.Late == 0 {
			t.Error("the notice says that the clock was stopped")
		}
	}
	same(t, "the clock", "ended 2", f.clock(filed.ID, store.ClockBody))
}

func TestWithdrawingAndFindingStopAll(t *testing.T) {
	f := open(t)
	citizen, _, filed := f.filesFor("complaint")
	f.ok(f.Withdraw(f.ctx, citizen, filed.ID, "x"))
	same(t, "withdrawn", "ended 0 ended 0", f.clock(filed.ID, store.ClockAcknowledge)+" "+f.clock(filed.ID, store.ClockSignature))
	citizen, _, filed = f.filesFor("missing_person")
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: string(store.Found), Dialog: "found", Text: "मिल गया"}))
	same(t, "found", "ended 0", f.clock(filed.ID, store.ClockAcknowledge))
	f.pass(5 * aDay)
	same(t, "steps", int64(0), one[int64](f, `select count(*) from clocks where level > 0`))
}

// What nobody did because the program did not run has half an hour, once, before anybody hears of it.
func TestClocksAfterAnOutage(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, sdpo := f.officer(store.SDPO, "", arariaDist)
	_, _, filed := f.filesFor("lost_property")
	_, _, quick := f.filesFor("lost_property")
	f.deliver()
	f.pass(2*aDay + time.Hour)
	same(t, "at once", []string{}, overdue(f.deliver()))
	wait := one[float64](f, `select extract(epoch from next_at - now())::float8 / 60 from clocks where filing = $1`, filed.ID)
	if wait < 29 || wait > 30 {
		t.Errorf("%v minutes of grace", wait)
	}
	f.acts(sho, quick.ID, store.ActAcknowledge)
	f.pass(29 * time.Minute)
	same(t, "in the grace", []string{}, overdue(f.deliver()))
	f.pass(time.Minute + 10*time.Second)
	same(t, "after it", []string{"overdue " + sho, "overdue " + sdpo}, overdue(f.deliver()))
	same(t, "the one that was acknowledged", []string{"acknowledged"}, f.events(quick.ID, 3))
	// The next outage is another one.
	f.pass(aDay)
	same(t, "again", "running 2", f.clock(filed.ID, store.ClockAcknowledge))
}

// Of two reminders that were missed one is enough.
func TestRemindersAfterAnOutage(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, _, filed := f.filesFor("complaint")
	f.acts(sho, filed.ID, store.ActAcknowledge)
	f.pass(2*aDay + time.Hour)
	same(t, "events", []string{"acknowledged", "reminded"}, f.events(filed.ID, 3))
	f.pass(23*time.Hour + time.Minute)
	same(t, "events", []string{"acknowledged", "reminded", "lapsed"}, f.events(filed.ID, 3))
}

// A job that runs too early, by the clock of a machine that is ahead, does nothing and loses nothing.
func TestAClockThatIsAheadDoesNothing(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, _, filed := f.filesFor("lost_property")
	f.deliver()
	f.later(aDay - 2*time.Second)
	f.ok(f.TurnClock(f.ctx, filed.ID, store.ClockAcknowledge))
	same(t, "two seconds early", "running 0", f.clock(filed.ID, store.ClockAcknowledge))
	f.ok(f.TurnClock(f.ctx, filed.ID, "unknown"))
	f.ok(f.TurnClock(f.ctx, 0, store.ClockAcknowledge))
	f.pass(3 * time.Second)
	same(t, "swept", []string{"overdue " + sho}, overdue(f.deliver()))
}

// TestClocksByJobs: jobs that stand in River turn the clocks, through kills of the workers.
func TestClocksByJobs(t *testing.T) {
	f := open(t)
	f.officer(store.SHO, araria, "")
	_, _, filed := f.filesFor("lost_property")
	job := one[time.Time](f, `select scheduled_at from river_job where kind = 'clock'`)
	if due := one[time.Time](f, `select next_at from clocks`); !due.Equal(job) {
		t.Errorf("the clock is due at %v, its job at %v", due, job)
	}
	f.later(aDay)
	f.exec(`update river_job set state = 'available', scheduled_at = now() where kind = 'clock'`)
	stop, err := f.RunJobs(f.ctx, func(context.Context, int64) error { return nil }, store.JobOptions{Sweep: time.Hour})
	f.ok(err)
	f.waitFor(`select level = 1 from clocks`)
	f.ok(stop(f.ctx))
	next := one[bool](f, `select exists (select from river_job j, clocks c where j.kind = 'clock' and j.scheduled_at = c.next_at)`)
	if !next || f.clock(filed.ID, store.ClockAcknowledge) != "running 1" {
		t.Error("the next step has no job")
	}
}

// TestManyClocksOnce: 300 clocks, four sweepers and their jobs at once, some of them stopped in the middle:
// every step is taken once.
func TestManyClocksOnce(t *testing.T) {
	f := open(t)
	f.officer(store.SHO, araria, "")
	f.officer(store.SDPO, "", arariaDist)
	f.officer(store.SP, "", arariaDist)
	const clocks = 300
	citizen, chat := f.citizen()
	var ids []int64
	for range clocks {
		n := filing(citizen, chat)
		n.Service = "lost_property"
		ids = append(ids, f.file(n).ID)
	}
	for range 3 {
		f.later(aDay + time.Second)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				killed, kill := context.WithTimeout(f.ctx, 100*time.Millisecond) // a replica that dies at its work
				_ = f.Sweep(killed)
				kill()
				if err := f.Sweep(f.ctx); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				for _, id := range ids {
					if err := f.TurnClock(f.ctx, id, store.ClockAcknowledge); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		f.turn()
	}
	rows, _ := f.Pool().Query(f.ctx, `select c.level || ' ' || count(*) from clocks c join events e on e.filing = c.filing and e.kind = 'overdue' group by c.filing, c.level`)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	f.ok(err)
	if len(got) != clocks || slices.ContainsFunc(got, func(s string) bool { return s != "3 3" }) {
		t.Errorf("%d clocks, levels and events %v", len(got), slices.Compact(sorted(got)))
	}
	for _, role := range []string{"sho", "sdpo", "sp"} {
		same(t, role, int64(clocks), one[int64](f, `select count(*) from notices where kind = 'overdue' and role = $1`, role))
	}
}

func TestAMissingChildIsToldToTheDistrictAtOnce(t *testing.T) {
	f := open(t)
	f.officer(store.DeskOfficer, araria, "")
	_, sho := f.officer(store.SHO, araria, "")
	_, sdpo := f.officer(store.SDPO, "", arariaDist)
	_, sp := f.officer(store.SP, "", arariaDist)
	f.officer(store.SP, "", "5137")
	group := f.group(araria, sho)
	files := func(sensitive bool) []string {
		citizen, chat := f.citizen()
		n := filing(citizen, chat)
		n.Service, n.Urgent, n.TellDistrict, n.Sensitive = "missing_person", true, true, sensitive
		f.file(n)
		got := summary(f.deliver())
		slices.Sort(got)
		return got
	}
	want := func(chats ...string) []string {
		for i := range chats {
			chats[i] = "card " + chats[i]
		}
		slices.Sort(chats)
		return chats
	}
	same(t, "all", want(group, sho, sdpo, sp), files(false))
	same(t, "sensitive", want(sho, sdpo, sp), files(true))
	// Nobody anywhere: it waits for all of them.
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Station, n.TellDistrict = aurangabad, true
	f.exec(`update posts set revoked_at = now() where district = '5137'`)
	f.file(n)
	same(t, "nobody", []string(nil), summary(f.deliver()))
	_, sp = f.officer(store.SP, "", "5137")
	same(t, "the SP", want(sp), summary(f.deliver()))
}

func TestProgressIsToldWithinNinetyDays(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, chat, filed := f.filesFor("complaint")
	f.acts(sho, filed.ID, store.ActEnquire)
	f.takes(sho, store.Step{Action: store.ActRegister, Filing: filed.ID, FIR: fir(123)}, store.Done)
	f.deliver()
	for _, kind := range []store.Clock{store.ClockAcknowledge, store.ClockSignature, store.ClockEnquiry} {
		same(t, string(kind), "ended 0", f.clock(filed.ID, kind))
	}
	if got, _, err := f.OfficerFiling(f.ctx, filed.ID, firstChannel, sho); err != nil || got.Clock != "" {
		t.Errorf("officers are told that %q is due, %v", got.Clock, err)
	}
	f.pass(88 * aDay)
	same(t, "before", 0, len(f.deliver()))
	f.pass(aDay + 10*time.Hour) // an outage: to tell needs no grace
	notices := f.deliver()
	same(t, "within ninety days", []string{"status " + chat, "card_edit " + sho}, sorted(summary(notices)))
	same(t, "events", []string{"progress"}, f.events(filed.ID, 5))
	same(t, "the clock", "ended 1", f.clock(filed.ID, store.ClockProgress))
	f.pass(10 * aDay)
	same(t, "once", 0, len(f.deliver()))
}

func TestAReopenedFilingIsAcknowledgedAnew(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, _, filed := f.filesFor("complaint")
	f.acts(sho, filed.ID, store.ActEnquire)
	f.acts(sho, filed.ID, store.ActClose)
	f.deliver()
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: string(store.Reopened), Dialog: "reopen", Text: "फिर हुआ"}))
	same(t, "reopened", "running 0", f.clock(filed.ID, store.ClockAcknowledge))
	same(t, "the enquiry", "ended 0", f.clock(filed.ID, store.ClockEnquiry))
	same(t, "the signature", "ended 0", f.clock(filed.ID, store.ClockSignature))
	f.pass(aDay + time.Minute)
	same(t, "late again", []string{"overdue " + sho}, overdue(f.deliver()))
	f.acts(sho, filed.ID, store.ActEnquire)
	same(t, "acknowledged", "ended 1", f.clock(filed.ID, store.ClockAcknowledge))
	same(t, "the new enquiry", "running 0", f.clock(filed.ID, store.ClockEnquiry))
}

// The station that a filing is on its way to has a day to say yes or no; until it does, the enquiry's
// fourteen days run on.
func TestATransferHasADay(t *testing.T) {
	f := open(t)
	s := f.sides()
	_, _, filed := f.filesFor("complaint")
	f.acts(s.shoA, filed.ID, store.ActEnquire)
	transfer := func() {
		t.Helper()
		f.takes(s.shoA, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: sikti}, store.Done)
		f.deliver()
	}
	transfer()
	same(t, "transferred", "running 0", f.clock(filed.ID, store.ClockAcknowledge))
	same(t, "the enquiry", "running 0", f.clock(filed.ID, store.ClockEnquiry))
	f.pass(aDay + time.Minute)
	same(t, "late", []string{"overdue " + s.shoB}, overdue(f.deliver()))
	f.acts(s.shoB, filed.ID, store.ActSendBack)
	f.deliver()
	same(t, "refused", "ended 1", f.clock(filed.ID, store.ClockAcknowledge))
	f.pass(13 * aDay)
	same(t, "the enquiry", []string{"overdue " + s.shoA}, overdue(f.deliver()))
	transfer()
	f.acts(s.shoB, filed.ID, store.ActTakeOver)
	for _, kind := range []store.Clock{store.ClockAcknowledge, store.ClockEnquiry} {
		same(t, "taken over", "ended", strings.Fields(f.clock(filed.ID, kind))[0])
	}
	f.acts(s.shoB, filed.ID, store.ActEnquire)
	same(t, "the new enquiry", "running 0", f.clock(filed.ID, store.ClockEnquiry))
}

// What is sent back comes with the clocks that its status has: those of a question stand still again.
func TestWhatIsSentBackHasItsClocks(t *testing.T) {
	f := open(t)
	s := f.sides()
	_, _, filed := f.filesFor("complaint")
	back := func() {
		t.Helper()
		f.takes(s.shoA, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: sikti}, store.Done)
		f.pass(aDay + time.Minute)
		f.acts(s.shoB, filed.ID, store.ActSendBack)
		f.deliver()
	}
	back()
	same(t, "nobody took note", "running 0", f.clock(filed.ID, store.ClockAcknowledge))
	f.acts(s.shoA, filed.ID, store.ActEnquire)
	f.takes(s.shoA, store.Step{Action: store.ActAsk, Filing: filed.ID, Note: "कब हुआ?"}, store.Done)
	same(t, "asked", "paused 0", f.clock(filed.ID, store.ClockEnquiry))
	back()
	same(t, "asked still", "paused 0", f.clock(filed.ID, store.ClockEnquiry))
	same(t, "nobody has to take note", "ended", strings.Fields(f.clock(filed.ID, store.ClockAcknowledge))[0])
}

// A tip's clocks tell no more of when it came than the tip does: they have the hour, and no jobs.
func TestATipThatNobodyAcknowledges(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	filed := f.fileTip(f.tip())
	f.deliver()
	if n := one[int64](f, `select count(*) from river_job where kind = 'clock'`); n != 0 {
		t.Errorf("%d jobs", n)
	}
	f.exec(`update clocks set started_at = now() - interval '24 hours', due_at = now(), next_at = now()`)
	f.ok(f.Sweep(f.ctx))
	same(t, "late", []string{"overdue " + sho}, overdue(f.deliver()))
	same(t, "events", []string{"overdue acknowledge sho"}, f.events(filed.ID, 3))
}
