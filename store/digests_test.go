package store_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nagrik/store"
	"nagrik/store/embedded/testdb"
)

var india = time.FixedZone("IST", 5*3600+1800)

// morning is a store whose time can be set.
func morning(t *testing.T) (f *fixture, set func(day, hour, minute int)) {
	t.Helper()
	t.Parallel()
	var ahead atomic.Int64
	url := testdb.Database(t)
	s, err := store.Open(t.Context(), url, testKEK, store.Options{
		Conns: 12, JobConns: 4, Ahead: func() time.Duration { return time.Duration(ahead.Load()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	f = &fixture{Store: s, t: t, ctx: t.Context(), url: url}
	begin := time.Now().In(india).AddDate(0, 0, 1)
	return f, func(day, hour, minute int) {
		now := time.Date(begin.Year(), begin.Month(), begin.Day()+day, hour, minute, 0, 0, india)
		ahead.Store(int64(time.Until(now)))
		f.ok(f.Sweep(f.ctx))
	}
}

// digests lists whom there is a digest for.
func digests(notices []store.Notice) []string {
	list := []string{}
	for _, n := range notices {
		if n.Kind == store.NoticeDigest {
			list = append(list, n.Chat)
		}
	}
	slices.Sort(list)
	return list
}

func chats(list ...string) []string {
	slices.Sort(list)
	return list
}

func TestADigestComesEveryMorningOnce(t *testing.T) {
	f, set := morning(t)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	_, sho := f.officer(store.SHO, araria, "")
	_, sdpo := f.officer(store.SDPO, "", arariaDist)
	_, sp := f.officer(store.SP, "", arariaDist)
	_, scrb := f.officer(store.SCRB, "", "")
	f.officer(store.Administrator, "", "")
	f.officer(store.SHO, sikti, "") // nothing to say
	f.officer(store.SP, "", "5137") // nothing to say
	_, _, filed := f.filesFor("complaint")
	f.deliver()
	set(0, 7, 59)
	same(t, "before eight", []string{}, digests(f.deliver()))
	var wg sync.WaitGroup
	for range 4 { // replicas
		wg.Go(func() { set(0, 8, 0) })
	}
	wg.Wait()
	same(t, "at eight", chats(desk, sho, sdpo, sp, scrb), digests(f.deliver()))
	set(0, 8, 1)
	set(0, 19, 59)
	same(t, "once a day", []string{}, digests(f.deliver()))
	f.filesFor("complaint")
	f.deliver()
	post, late := f.appoint(store.SHO, araria, "")
	f.deliver()
	if !one[bool](f, `select digested_on = (now() at time zone 'Asia/Kolkata' - interval '8 hours')::date from posts where id = $1`, post.ID) {
		t.Error("a new post has a digest to come of the day on which it began")
	}
	f.exec(`update posts set digested_on = digested_on + 1 where id = $1`, post.ID) // its first day is this one
	set(0, 15, 0)
	same(t, "nor for who came during the day", []string{}, digests(f.deliver()))
	set(1, 3, 0)
	set(1, 21, 0)
	same(t, "never at night", []string{}, digests(f.deliver()))
	set(2, 11, 0)
	same(t, "late, after an outage", chats(desk, sho, sdpo, sp, scrb, late), digests(f.deliver()))
	// In a group's station the desk officer has it in the group.
	group := f.group(araria, desk)
	f.deliver()
	f.acts(sho, filed.ID, store.ActAcknowledge)
	f.deliver()
	set(3, 8, 0)
	same(t, "a group", chats(group, sho, sdpo, sp, scrb, late), digests(f.deliver()))
	// Nothing open, nothing to say.
	f.exec(`update filings set closed_at = now()`)
	set(4, 8, 0)
	same(t, "nothing open", []string{}, digests(f.deliver()))
}

func TestWhatADigestSays(t *testing.T) {
	f, set := morning(t)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	_, sho := f.officer(store.SHO, araria, "")
	_, sp := f.officer(store.SP, "", arariaDist)
	_, scrb := f.officer(store.SCRB, "", "")
	file := func(service, station string, sensitive, urgent bool) int64 {
		citizen, chat := f.citizen()
		n := filing(citizen, chat)
		n.Service, n.Station, n.Sensitive, n.Urgent = service, station, sensitive, urgent
		return f.file(n).ID
	}
	for range 6 {
		file("lost_property", araria, false, false)
	}
	done, secret, child := file("lost_property", araria, false, false), file("complaint", araria, true, false), file("missing_person", araria, false, true)
	other, unknown := file("complaint", sikti, false, false), file("complaint", aurangabad, false, false)
	f.later(aDay + time.Minute)
	fresh := file("lost_property", araria, false, false)
	f.acts(sho, done, store.ActAcknowledge)
	f.deliver()
	set(0, 8, 0)
	got := map[string]store.Digest{}
	for _, n := range f.deliver() {
		if n.Kind == store.NoticeDigest {
			got[n.Chat] = *n.Digest
		}
	}
	numbers := func(d store.Digest) string { return fmt.Sprint(d.New, d.Open, d.Overdue, d.Sensitive, len(d.Pressing)) }
	same(t, "desk: new, open, overdue, sensitive, pressing", "8 9 7 0 5", numbers(got[desk]))
	same(t, "SHO", "9 10 8 1 5", numbers(got[sho]))
	same(t, "SP", "10 11 9 1 5", numbers(got[sp]))
	same(t, "SCRB", "10 11 9 0 0", numbers(got[scrb]))
	if first := got[desk].Pressing[0]; first.ID != child || !first.Late {
		t.Errorf("most pressing is %+v", first)
	}
	for _, f := range got[desk].Pressing {
		if f.Sensitive || f.ID == fresh || f.ID == done || f.ID == other {
			t.Errorf("pressing: %+v", f)
		}
	}
	if !slices.ContainsFunc(got[sho].Pressing, func(f store.Filing) bool { return f.ID == child }) {
		t.Error("the child is not pressing for the SHO")
	}
	same(t, "by station", []store.Place{
		{Station: araria, District: arariaDist, Counts: store.Counts{New: 8, Open: 9, Overdue: 7}},
		{Station: sikti, District: arariaDist, Counts: store.Counts{New: 1, Open: 1, Overdue: 1}},
	}, got[sp].Places)
	same(t, "by district", []store.Place{
		{District: arariaDist, Counts: store.Counts{New: 9, Open: 10, Overdue: 8}},
		{District: "5137", Counts: store.Counts{New: 1, Open: 1, Overdue: 1}},
	}, got[scrb].Places)
	same(t, "for whom", store.By{Role: store.SHO, Station: araria, District: arariaDist}, got[sho].For)
	_, _ = secret, unknown
}

func TestDigestsThatNobodyIsToHave(t *testing.T) {
	f, set := morning(t)
	post, sho := f.officer(store.SHO, araria, "")
	f.officer(store.SP, "", arariaDist)
	group := f.group(araria, sho)
	f.filesFor("complaint")
	f.deliver()
	set(0, 8, 0)
	f.ok(f.Revoke(f.ctx, post.ID))
	f.ok(f.Unreachable(f.ctx, firstChannel, group))
	same(t, "left", 1, len(digests(f.deliver())))
	if n := one[int64](f, `select count(*) from notices where kind = 'digest' and state = 'failed'`); n != 2 {
		t.Errorf("%d digests were dropped", n)
	}
}

// TestANewOfficer finds what is open in one digest, with cards of what waited for somebody.
func TestANewOfficer(t *testing.T) {
	f := open(t)
	_, sp := f.officer(store.SP, "", arariaDist)
	var had []int64
	for range 20 { // the SP has their cards
		_, _, filed := f.filesFor("lost_property")
		had = append(had, filed.ID)
	}
	f.deliver()
	f.exec(`update filings set closed_at = now() where id = $1`, had[0])
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Sensitive = true
	f.file(n)
	f.deliver()
	_, desk := f.appoint(store.DeskOfficer, araria, "")
	notices := f.deliver()
	same(t, "one digest", []string{"digest " + desk}, summary(notices))
	if d := notices[0].Digest; d.Open != 19 || d.Sensitive != 0 {
		t.Errorf("the digest is %+v", d)
	}
	// What is named there goes on there.
	f.ok(f.Add(f.ctx, one[string](f, `select citizen from filings where id = $1`, had[1]), had[1],
		store.Addition{Kind: store.Information, Dialog: "more", Text: "और बात"}))
	same(t, "news", chats("card_edit "+sp, "information "+desk, "information "+sp), chats(summary(f.deliver())...))
	_, sho := f.appoint(store.SHO, araria, "")
	notices = f.deliver()
	same(t, "the SHO", []string{"digest " + sho}, summary(notices))
	if d := notices[0].Digest; d.Open != 20 || d.Sensitive != 1 {
		t.Errorf("the digest is %+v", d)
	}
	_, other := f.appoint(store.SHO, sikti, "")
	same(t, "nothing there", []string(nil), summary(f.deliver()))
	_ = other
}
