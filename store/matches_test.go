package store_test

import (
	"context"
	"errors"
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

// missing files a report of a missing person at a station.
func (f *fixture) missing(station string, change ...func(*store.NewFiling)) (filed store.Filed, chat string) {
	f.t.Helper()
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Service, n.Prefix, n.Station = "missing_person", "GV", station
	for _, c := range change {
		c(&n)
	}
	return f.file(n), chat
}

// body adds the record of a body at a station.
func (f *fixture) body(station string) store.Record {
	f.t.Helper()
	_, sho := f.officer(store.SHO, station, "")
	n := recovered(fmt.Sprint("body", counter.Add(1)))
	n.Kind, n.Station, n.Identifiers = store.RecordBody, station, nil
	r, err := f.AddRecord(f.ctx, firstChannel, sho, n)
	f.ok(err)
	return r
}

// propose keeps a pair and returns the match.
func (f *fixture) propose(n store.NewMatch) int64 {
	f.t.Helper()
	n.Alike = append(n.Alike, "age")
	made, err := f.ProposeMatches(f.ctx, []store.NewMatch{n})
	f.ok(err)
	if made != 1 {
		f.t.Fatalf("%d matches were made", made)
	}
	return one[int64](f, `select max(id) from matches`)
}

func (f *fixture) decide(who string, match int64, yes bool) store.MatchDecision {
	f.t.Helper()
	d, err := f.DecideMatch(f.ctx, firstChannel, who, match, yes)
	f.ok(err)
	return d
}

// TestMatchRights walks every cell of who may see a match and say a word on it: each role at the place of what was lost, of what was
// found, at a third station and in another district, for ordinary and sensitive filings.
func TestMatchRights(t *testing.T) {
	f := open(t)
	found := f.body(sikti)
	want := map[bool]string{false: "oooo--", true: "-ooo--"} // in the order of store.Roles
	for _, sensitive := range []bool{false, true} {
		for i, role := range store.Roles {
			for _, place := range []struct {
				station, district string
				near              bool
			}{{araria, arariaDist, true}, {sikti, arariaDist, true}, {"5140027", arariaDist, false}, {aurangabad, "5137", false}} {
				station, district, near := place.station, "", place.near
				switch role {
				case store.SDPO, store.SP:
					station, district, near = "", place.district, place.district == arariaDist
				case store.SCRB, store.Administrator:
					station, near = "", true
				}
				_, who := f.officer(role, station, district)
				lost, _ := f.missing(araria, func(n *store.NewFiling) { n.Sensitive = sensitive })
				match := f.propose(store.NewMatch{Lost: lost.ID, Found: store.Side{Record: found.ID}, Person: true})
				may := near && want[sensitive][i] == 'o'
				cell := fmt.Sprintf("%s at %s, sensitive %v", role, place.station, sensitive)
				_, err := f.ViewMatch(f.ctx, firstChannel, who, match)
				if (err == nil) != may || !may && !errors.Is(err, store.ErrNotAllowed) {
					t.Errorf("view by %s: %v", cell, err)
				}
				_, err = f.OfficerMatch(f.ctx, firstChannel, who, match)
				if (err == nil) != may || !may && !errors.Is(err, store.ErrNotFound) {
					t.Errorf("open by %s: %v", cell, err)
				}
				open, err := f.OpenMatches(f.ctx, firstChannel, who)
				f.ok(err)
				if slices.ContainsFunc(open, func(m store.Match) bool { return m.ID == match }) != may {
					t.Errorf("list of %s", cell)
				}
				if d := f.decide(who, match, false); (d.Outcome == store.Done) != may || !may && d.Outcome != store.NotAllowed {
					t.Errorf("word of %s: %s", cell, d.Outcome)
				}
				if decided := one[bool](f, `select state = 'no' from matches where id = $1`, match); decided != may {
					t.Errorf("%s changed it: %v", cell, decided)
				}
			}
		}
	}
	if d := f.decide("stranger", 1, true); d.Outcome != store.NotAllowed {
		t.Errorf("a stranger: %s", d.Outcome)
	}
	if d := f.decide("stranger", 1<<40, true); d.Outcome != store.NotAllowed {
		t.Errorf("no such match: %s", d.Outcome)
	}
	if seen, views := f.audited("match_view"), f.audited("match_no"); seen != views || seen == 0 {
		t.Errorf("%d views and %d words are in the audit", seen, views)
	}
	_, _, err := f.VerifyAudit(f.ctx)
	f.ok(err)
}

// TestAPairIsProposedOnce, by whoever is first, and never again, whatever became of it.
func TestAPairIsProposedOnce(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	found := f.body(sikti)
	lost, _ := f.missing(araria)
	n := store.NewMatch{Lost: lost.ID, Found: store.Side{Record: found.ID}, Person: true, Body: true, Alike: []string{"age"}}
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 8 {
		wg.Go(func() {
			made, err := f.ProposeMatches(f.ctx, []store.NewMatch{n})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			total += made
			mu.Unlock()
		})
	}
	wg.Wait()
	if total != 1 || f.audited("match_proposed") != 1 {
		t.Errorf("proposed %d times", total)
	}
	match := one[int64](f, `select id from matches`)
	f.decide(sho, match, false)
	made, err := f.ProposeMatches(f.ctx, []store.NewMatch{n})
	f.ok(err)
	if made != 0 {
		t.Error("it came again after a no")
	}
	// What is over is not proposed, nor a second one after a yes, unless a number says so.
	other := f.body(sikti)
	n.Found.Record = other.ID
	f.exec(`update records set withdrawn_at = now() where id = $1`, other.ID)
	if made, err = f.ProposeMatches(f.ctx, []store.NewMatch{n}); err != nil || made != 0 {
		t.Errorf("with a withdrawn record: %d, %v", made, err)
	}
	third, fourth := f.body(sikti), f.body(sikti)
	n.Found.Record = third.ID
	f.decide(sho, f.propose(n), true)
	n.Found.Record = fourth.ID
	if made, err = f.ProposeMatches(f.ctx, []store.NewMatch{n}); err != nil || made != 0 {
		t.Errorf("another one after a yes: %d, %v", made, err)
	}
	n.Exact = true
	if made, err = f.ProposeMatches(f.ctx, []store.NewMatch{n}); err != nil || made != 1 {
		t.Errorf("one by number after a yes: %d, %v", made, err)
	}
	f.exec(`update filings set closed_at = now() where id = $1`, lost.ID)
	n.Found.Record = f.body(sikti).ID
	if made, err = f.ProposeMatches(f.ctx, []store.NewMatch{n}); err != nil || made != 0 {
		t.Errorf("with a closed filing: %d, %v", made, err)
	}
}

// TestTwoDecideAtOnce: one wins, the other is told who it was.
func TestTwoDecideAtOnce(t *testing.T) {
	f := open(t)
	_, one1 := f.officer(store.SHO, araria, "")
	_, two := f.officer(store.SHO, sikti, "")
	found := f.body(sikti)
	for round := range 12 {
		lost, _ := f.missing(araria)
		match := f.propose(store.NewMatch{Lost: lost.ID, Found: store.Side{Record: found.ID}, Person: true, Body: true})
		var wg sync.WaitGroup
		var got [2]store.MatchDecision
		for i, who := range []string{one1, two} {
			wg.Go(func() {
				d, err := f.DecideMatch(f.ctx, firstChannel, who, match, i == 0)
				if err != nil {
					t.Error(err)
				}
				got[i] = d
			})
		}
		wg.Wait()
		winner := slices.IndexFunc(got[:], func(d store.MatchDecision) bool { return d.Outcome == store.Done })
		if winner < 0 || got[1-winner].Outcome != store.Already || got[1-winner].Match.By != got[winner].Match.By {
			t.Fatalf("round %d: %+v", round, got)
		}
		events := one[int](f, `select count(*) from events where filing = $1 and kind = 'call_wanted'`, lost.ID)
		if state := one[string](f, `select state from matches where id = $1`, match); events != 1-winner || state != []string{"yes", "no"}[winner] {
			t.Errorf("round %d: %s, %d events", round, state, events)
		}
		again := f.decide([]string{one1, two}[winner], match, winner == 0)
		if again.Outcome != store.Done || !again.Repeat {
			t.Errorf("the winner once more: %+v", again)
		}
	}
	_, _, err := f.VerifyAudit(f.ctx)
	f.ok(err)
}

// matchChats are the chats with a card of the newest match on its way, "" for one that waits.
func (f *fixture) matchChats() []string {
	f.t.Helper()
	list := []string{}
	for range one[int](f, `select count(*) from notices where kind = 'match' and state = 'waiting'`) {
		list = append(list, "")
	}
	for _, n := range f.claimAll() {
		if n.Kind == store.NoticeMatch {
			list = append(list, n.Chat)
		}
		f.ok(f.Sent(f.ctx, n, fmt.Sprint("m", n.ID)))
	}
	slices.Sort(list)
	return list
}

func TestWhoSeesAMatch(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, desk := f.officer(store.DeskOfficer, araria, "")
	group := f.group(araria, sho)
	r := f.body("5140027")
	f.exec(`update posts set revoked_at = now() where station = '5140027'`)
	f.deliver()
	check := func(what string, n store.NewMatch, change func(*store.NewFiling), want ...string) int64 {
		t.Helper()
		lost, _ := f.missing(araria, change)
		f.deliver()
		n.Lost, n.Found = lost.ID, store.Side{Record: r.ID}
		match := f.propose(n)
		slices.Sort(want)
		if diff := cmp.Diff(want, f.matchChats()); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
		f.exec(`delete from notices where kind = 'match' and state = 'waiting'`)
		return match
	}
	same := func(*store.NewFiling) {}
	check("a thing", store.NewMatch{}, same, "", group)
	check("a person", store.NewMatch{Person: true}, same, "", sho, desk)
	check("a sensitive one", store.NewMatch{Person: true}, func(n *store.NewFiling) { n.Sensitive = true }, "", sho)
	check("a sensitive thing", store.NewMatch{}, func(n *store.NewFiling) { n.Sensitive = true }, "", sho)
	_, sp := f.officer(store.SP, "", arariaDist)
	check("with somebody above", store.NewMatch{Person: true}, same, sho, desk, sp)

	// Both sides at one station get one card.
	r = f.body(araria)
	f.exec(`update posts set revoked_at = now() where id = (select max(id) from posts)`)
	check("at one station", store.NewMatch{Person: true}, same, sho, desk)
}

// TestAMatchWaitsForAnOfficer: a card for a station with nobody waits for whoever comes, and so does one for an officer who leaves.
func TestAMatchWaitsForAnOfficer(t *testing.T) {
	f := open(t)
	r := f.body(sikti)
	f.exec(`update posts set revoked_at = now()`)
	lost, _ := f.missing(araria)
	match := f.propose(store.NewMatch{Lost: lost.ID, Found: store.Side{Record: r.ID}, Person: true})
	if got := f.matchChats(); !cmp.Equal(got, []string{"", ""}) {
		t.Fatalf("with nobody there: %q", got)
	}
	post, _ := f.officer(store.SHO, sikti, "")
	if n := one[int](f, `select count(*) from notices where kind = 'match' and state = 'pending' and not lost`); n != 1 {
		t.Fatalf("%d cards for the new SHO", n)
	}
	f.ok(f.Revoke(f.ctx, post.ID))
	if got := one[int](f, `select count(*) from notices where kind = 'match' and state = 'waiting'`); got != 2 {
		t.Fatalf("%d wait after the SHO left", got)
	}
	_, next := f.officer(store.SHO, sikti, "")
	_, third := f.officer(store.SHO, araria, "")
	if got := f.matchChats(); !cmp.Equal(got, chats(next, third)) {
		t.Errorf("the cards went to %q", got)
	}
	// A decision stops what is on its way.
	f.decide(next, match, false)
	if n := one[int](f, `select count(*) from notices where kind = 'match' and state in ('pending', 'waiting')`); n != 0 {
		t.Errorf("%d cards are still to come", n)
	}
	edits := f.claimAll()
	if len(edits) != 2 || edits[0].Kind != store.NoticeMatchEdit || edits[0].Card == "" {
		t.Errorf("edits: %+v", summary(edits))
	}
}

// TestACardThatWasOnItsWay when the decision was made is brought up to date after it.
func TestACardThatWasOnItsWay(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, other := f.officer(store.SHO, sikti, "")
	r := f.body(sikti)
	lost, _ := f.missing(araria)
	f.deliver()
	match := f.propose(store.NewMatch{Lost: lost.ID, Found: store.Side{Record: r.ID}, Person: true})
	cards := f.claimAll()
	f.decide(sho, match, false)
	for _, n := range cards {
		f.ok(f.Sent(f.ctx, n, "card of "+n.Chat))
	}
	got := []string{}
	for _, n := range f.claimAll() {
		if n.Kind == store.NoticeMatchEdit && n.Match.State == store.MatchNo && n.Card == "card of "+n.Chat {
			got = append(got, n.Chat)
		}
	}
	want := []string{sho, other}
	for _, n := range cards {
		if n.Kind == store.NoticeMatch && !slices.Contains(want, n.Chat) { // the SHO who added the record
			want = append(want, n.Chat)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(chats(want...), got); diff != "" {
		t.Error(diff)
	}
}

// TestWhatFollowsFromAYes: the timelines of both sides, the other officers, and the citizen who waits, when it is time.
func TestWhatFollowsFromAYes(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, other := f.officer(store.SHO, sikti, "")
	finder, _ := f.missing(sikti, func(n *store.NewFiling) { n.Service, n.Prefix = "unknown_person", "AV" })
	record := f.body(sikti)
	for _, c := range []struct {
		what  string
		match store.NewMatch
		event string
		least time.Duration // before the citizen hears
		most  time.Duration
	}{
		{"somebody alive", store.NewMatch{Found: store.Side{Filing: finder.ID}, Person: true}, store.Matched, -time.Minute, time.Minute},
		{"a body", store.NewMatch{Found: store.Side{Record: record.ID}, Person: true, Body: true}, store.CallWanted, 3*time.Hour - time.Minute, 20 * time.Hour},
		{"a thing", store.NewMatch{Found: store.Side{Record: record.ID}}, store.Matched, -time.Minute, 13 * time.Hour},
	} {
		lost, chat := f.missing(araria)
		f.deliver()
		c.match.Lost = lost.ID
		match := f.propose(c.match)
		f.deliver()
		d := f.decide(sho, match, true)
		if d.Outcome != store.Done || d.Match.State != store.MatchYes || d.Match.By.Station != araria {
			t.Fatalf("%s: %+v", c.what, d)
		}
		events, err := f.Timeline(f.ctx, lost.ID)
		f.ok(err)
		last := events[len(events)-1]
		number, district, station := store.ReadMatched(last.Note)
		if last.Kind != c.event || number != d.Match.Found.Number || district != arariaDist || station != sikti {
			t.Errorf("%s: the timeline ends with %+v", c.what, last)
		}
		if c.match.Found.Filing != 0 {
			events, err = f.Timeline(f.ctx, finder.ID)
			f.ok(err)
			if last := events[len(events)-1]; last.Kind != store.MatchedFound {
				t.Errorf("%s: the finder's timeline ends with %+v", c.what, last)
			}
		}
		wait := time.Until(one[time.Time](f, `select next_at from notices where filing = $1 and kind = 'status'`, lost.ID))
		if wait < c.least || wait > c.most {
			t.Errorf("%s: the citizen hears in %v", c.what, wait)
		}
		f.exec(`update notices set next_at = now() where state = 'pending'`)
		told := map[string][]string{}
		for _, n := range f.deliver() {
			told[n.Kind] = append(told[n.Kind], n.Chat)
		}
		if !cmp.Equal(told["status"], []string{chat}) || !slices.Contains(told["match_yes"], other) || slices.Contains(told["match_yes"], sho) {
			t.Errorf("%s: told are %v", c.what, told)
		}
	}
	// A side that is over takes no word.
	lost, _ := f.missing(araria)
	match := f.propose(store.NewMatch{Lost: lost.ID, Found: store.Side{Record: record.ID}, Person: true})
	f.exec(`update records set withdrawn_at = now() where id = $1`, record.ID)
	if d := f.decide(sho, match, true); d.Outcome != store.Stale {
		t.Errorf("of a withdrawn record: %s", d.Outcome)
	}
	export, err := f.Export(f.ctx, one[string](f, `select citizen from filings where id = $1`, one[int64](f, `select lost from matches where body`)))
	f.ok(err)
	for _, e := range export.Filings[0].Events {
		if e.Note != "" {
			t.Errorf("the family's export tells of the body: %+v", e)
		}
	}
}

// TestWhatIsToBeMatched: new filings and records, what is added and corrected, and what comes in bulk.
func TestWhatIsToBeMatched(t *testing.T) {
	f := open(t)
	due := func() []string {
		rows, _ := f.Pool().Query(f.ctx, `select coalesce('f' || filing, 'r' || record) || ' ' || ver from match_due order by 1`)
		list, err := pgx.CollectRows(rows, pgx.RowTo[string])
		f.ok(err)
		return list
	}
	jobs := func() int64 { return one[int64](f, `select count(*) from river_job where kind = 'match'`) }
	lost, _ := f.missing(araria)
	citizen := one[string](f, `select citizen from filings where id = $1`, lost.ID)
	r := f.body(sikti)
	f.missing(araria, func(n *store.NewFiling) { n.Service, n.Prefix = "verification", "ST" })
	name, record := fmt.Sprint("f", lost.ID), fmt.Sprint("r", r.ID)
	if got := due(); !cmp.Equal(got, []string{name + " 1", record + " 1"}) || jobs() != 2 {
		t.Fatalf("due are %v, with %d jobs", got, jobs())
	}
	c, err := f.SideContent(f.ctx, store.Side{Filing: lost.ID})
	f.ok(err)
	f.ok(f.Add(f.ctx, citizen, lost.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "IMEI 356938035643809"}))
	f.ok(f.Matched(f.ctx, c)) // as it was before
	if got := due(); !cmp.Equal(got, []string{name + " 2", record + " 1"}) || jobs() != 3 {
		t.Fatalf("after an addition: %v, %d jobs", got, jobs())
	}
	c, err = f.SideContent(f.ctx, store.Side{Filing: lost.ID})
	f.ok(err)
	if !c.Waits() || !cmp.Equal(c.Added, []string{"IMEI 356938035643809"}) || c.Applicant != "कौशल्या देवी" || !strings.Contains(string(c.Details), "मोबाइल") {
		t.Errorf("it says %+v", c)
	}
	f.ok(f.Matched(f.ctx, c))
	c, err = f.SideContent(f.ctx, store.Side{Record: r.ID})
	f.ok(err)
	f.ok(f.Matched(f.ctx, c))
	if got := due(); len(got) != 0 {
		t.Errorf("still due: %v", got)
	}
	if c, err = f.SideContent(f.ctx, store.Side{Record: r.ID}); err != nil || c.Waits() {
		t.Errorf("it still waits: %v", err)
	}
	if _, err := f.SideContent(f.ctx, store.Side{Record: 1 << 40}); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}

	// Many at once are one statement, and are matched by the sweep, a part at a time, behind what is new.
	var ids []int64
	for i := range 450 {
		ids = append(ids, one[int64](f, `
			insert into records (number, kind, source, district, happened_on, details) values ($1, 'body', $1, '5140', now(), '') returning id`,
			fmt.Sprintf("SV%011d", i)))
	}
	before := jobs()
	tx, err := f.Pool().Begin(f.ctx)
	f.ok(err)
	f.ok(f.MatchLater(f.ctx, tx, ids))
	f.ok(tx.Commit(f.ctx))
	f.ok(f.Sweep(f.ctx))
	if jobs() != before {
		t.Error("an import was matched at once")
	}
	f.exec(`update match_due set since = now() - interval '1 minute'`)
	for _, want := range []int64{200, 400, 450, 450} {
		f.ok(f.Sweep(f.ctx))
		if got := one[int64](f, `select count(*) from river_job where kind = 'match' and priority = 4 and queue = 'matches'`); got != want {
			t.Errorf("%d jobs, want %d", got, want)
		}
	}
}

// TestJobsMatch: the jobs call whoever matches, once for each side, and again if that failed.
func TestJobsMatch(t *testing.T) {
	f := open(t)
	var mu sync.Mutex
	calls := map[store.Side]int{}
	stop, err := f.RunJobs(f.ctx, func(context.Context, int64) error { return nil }, store.JobOptions{Workers: 2, Match: func(_ context.Context, side store.Side) error {
		mu.Lock()
		defer mu.Unlock()
		calls[side]++
		if calls[side] == 1 && side.Filing != 0 {
			return errors.New("not now")
		}
		return nil
	}})
	f.ok(err)
	lost, _ := f.missing(araria)
	r := f.body(sikti)
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		mu.Lock()
		done := calls[store.Side{Filing: lost.ID}] == 2 && calls[store.Side{Record: r.ID}] == 1
		mu.Unlock()
		if done {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	f.ok(stop(f.ctx))
	if diff := cmp.Diff(map[store.Side]int{{Filing: lost.ID}: 2, {Record: r.ID}: 1}, calls); diff != "" {
		t.Error(diff)
	}
	args := one[string](f, `select string_agg(args::text, ' ') from river_job where kind = 'match'`)
	if strings.ContainsAny(strings.NewReplacer("filing", "", "record", "").Replace(args), "abcdefghijklmnopqrstuvwxyz") {
		t.Errorf("the jobs say %s", args)
	}
}

// TestCandidates: what is narrowed down to, by place, time, sex and age, and by name; never what is over.
func TestCandidates(t *testing.T) {
	f := open(t)
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	found := map[string]int64{}
	stranger := func(name, station string, change func(*store.Features), names ...string) {
		t.Helper()
		filed, _ := f.missing(station, func(n *store.NewFiling) { n.Service, n.Prefix = "unknown_person", "AV" })
		found[name] = filed.ID
		feature := store.Features{Kind: store.MatchPerson, Sex: "woman", AgeFrom: 61, AgeTo: 120, District: station[:4], Day: day(12), Names: names}
		change(&feature)
		c, err := f.SideContent(f.ctx, store.Side{Filing: filed.ID})
		f.ok(err)
		f.ok(f.KeepFeatures(f.ctx, c, []store.Features{feature}, nil))
		f.ok(f.KeepFeatures(f.ctx, c, []store.Features{feature}, nil)) // again: replaced
	}
	same := func(*store.Features) {}
	stranger("near", sikti, same)
	stranger("neighbour", "5118001", same)
	stranger("far, soon", "5117001", same)
	stranger("far, late", "5117001", func(x *store.Features) { x.Day = day(12).AddDate(0, 3, 0) })
	stranger("near, late", sikti, func(x *store.Features) { x.Day = day(12).AddDate(0, 3, 0) })
	stranger("far, late, named", "5117001", func(x *store.Features) { x.Day = day(12).AddDate(0, 3, 0) }, "ksly")
	stranger("before", sikti, func(x *store.Features) { x.Day = day(5) })
	stranger("the day before", sikti, func(x *store.Features) { x.Day = day(9) })
	stranger("a man", sikti, func(x *store.Features) { x.Sex = "man" })
	stranger("of unknown sex", sikti, func(x *store.Features) { x.Sex = "" })
	stranger("young", sikti, func(x *store.Features) { x.AgeFrom, x.AgeTo = 18, 30 })
	stranger("of unknown age", sikti, func(x *store.Features) { x.AgeFrom, x.AgeTo = 0, 0 })
	stranger("of unknown day", sikti, func(x *store.Features) { x.Day = time.Time{} })
	stranger("over", sikti, same)
	stranger("missing too", sikti, func(x *store.Features) { x.Lost = true })
	stranger("a thing", sikti, func(x *store.Features) { x.Kind = "mobile" })
	f.exec(`update filings set closed_at = now() where id = $1`, found["over"])

	lost, _ := f.missing(araria)
	c, err := f.SideContent(f.ctx, store.Side{Filing: lost.ID})
	f.ok(err)
	feature := store.Features{
		Lost: true, Kind: store.MatchPerson, Sex: "woman", AgeFrom: 72, AgeTo: 72, District: arariaDist, Around: []string{arariaDist, "5118"}, Day: day(10), Names: []string{"ksly"},
	}
	names := func(feature store.Features) []string {
		t.Helper()
		sides, err := f.Candidates(f.ctx, c, feature)
		f.ok(err)
		list := []string{}
		for _, side := range sides {
			for name, id := range found {
				if id == side.Filing {
					list = append(list, name)
				}
			}
		}
		slices.Sort(list)
		return list
	}
	want := []string{
		"far, late, named", "far, soon", "near", "near, late", "neighbour", "of unknown age", "of unknown day", "of unknown sex", "the day before",
	}
	if diff := cmp.Diff(want, names(feature)); diff != "" {
		t.Errorf("of who is missing: %s", diff)
	}
	feature.Day = time.Time{} // not known: found before today, or later
	c.At = day(20)
	if diff := cmp.Diff([]string{
		"before", "far, late, named", "far, soon", "near", "near, late", "neighbour", "of unknown age", "of unknown day", "of unknown sex", "the day before",
	}, names(feature)); diff != "" {
		t.Errorf("of who is missing since nobody knows when: %s", diff)
	}
	// From the other side.
	f.ok(f.KeepFeatures(f.ctx, c, []store.Features{{Lost: true, Kind: store.MatchPerson, Sex: "woman", AgeFrom: 72, AgeTo: 72, District: arariaDist, Day: day(10)}}, nil))
	sides, err := f.Candidates(f.ctx, store.SideContent{At: day(12)}, store.Features{Kind: store.MatchPerson, Sex: "woman", AgeFrom: 61, AgeTo: 120, District: "5118", Around: []string{"5118", arariaDist}, Day: day(12)})
	f.ok(err)
	if len(sides) != 2 { // and "missing too"
		t.Errorf("of who was found: %d", len(sides))
	}
	sides, err = f.Candidates(f.ctx, store.SideContent{At: day(2)}, store.Features{Kind: store.MatchPerson, District: arariaDist, Around: []string{arariaDist}, Day: day(2)})
	f.ok(err)
	if len(sides) != 0 {
		t.Errorf("of who was found before anybody was missing: %d", len(sides))
	}
	// Ages lie in steps of five, and nothing else is there.
	if got := one[string](f, `select string_agg(distinct age_from || '-' || age_to, ' ' order by age_from || '-' || age_to) from match_features`); got != "0-120 15-30 60-120 70-75" {
		t.Errorf("ages are %s", got)
	}
}

func TestSameNumber(t *testing.T) {
	f := open(t)
	imei := store.Identifier{Kind: "imei", Value: "356938035643809"}
	lost, _ := f.missing(araria, func(n *store.NewFiling) {
		n.Service, n.Prefix, n.Identifiers = "lost_property", "KS", []store.Identifier{imei}
	})
	stolen, _ := f.missing(araria, func(n *store.NewFiling) {
		n.Service, n.Prefix, n.Identifiers = "complaint", "SH", []store.Identifier{imei}
	})
	f.missing(araria, func(n *store.NewFiling) {
		n.Service, n.Prefix, n.Identifiers = "verification", "ST", []store.Identifier{imei}
	})
	handed, _ := f.missing(sikti, func(n *store.NewFiling) {
		n.Service, n.Prefix, n.Identifiers = "found_property", "BS", []store.Identifier{imei}
	})
	_, sho := f.officer(store.SHO, araria, "")
	r, err := f.AddRecord(f.ctx, firstChannel, sho, recovered("phone"))
	f.ok(err)
	find := func(of store.Side, isLost bool, ids ...store.Identifier) []store.Side {
		t.Helper()
		c, err := f.SideContent(f.ctx, of)
		f.ok(err)
		found, err := f.SameNumber(f.ctx, c, isLost, ids)
		f.ok(err)
		list := []store.Side{}
		for _, x := range found {
			list = append(list, x.Side)
		}
		slices.SortFunc(list, func(a, b store.Side) int { return int(a.Filing - b.Filing) })
		return list
	}
	if diff := cmp.Diff([]store.Side{{Record: r.ID}, {Filing: handed.ID}}, find(store.Side{Filing: lost.ID}, true, imei)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]store.Side{{Filing: lost.ID}, {Filing: stolen.ID}}, find(store.Side{Record: r.ID}, false, imei)); diff != "" {
		t.Error(diff)
	}
	if got := find(store.Side{Filing: lost.ID}, true); len(got) != 0 {
		t.Errorf("by nothing: %v", got)
	}
	f.exec(`update records set withdrawn_at = now()`)
	f.exec(`update filings set closed_at = now() where id = $1`, handed.ID)
	if got := find(store.Side{Filing: lost.ID}, true, imei); len(got) != 0 {
		t.Errorf("what is over: %v", got)
	}
	// A number that was written later is found like one of the form.
	bare, _ := f.missing(araria, func(n *store.NewFiling) { n.Service, n.Prefix = "lost_property", "KS" })
	c, err := f.SideContent(f.ctx, store.Side{Filing: bare.ID})
	f.ok(err)
	f.ok(f.KeepFeatures(f.ctx, c, nil, []store.Identifier{{Kind: "imei", Value: "490154203237518"}}))
	if diff := cmp.Diff([]store.Side{{Filing: bare.ID}}, find(store.Side{Record: r.ID}, false, store.Identifier{Kind: "imei", Value: "490154203237518"})); diff != "" {
		t.Error(diff)
	}
}
