package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

func TestLeaseFencesOffTheLate(t *testing.T) {
	f := open(t)
	f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	f.file(filing(citizen, chat))
	id := one[int64](f, `select id from notices`)
	late, ok, err := f.Claim(f.ctx, id, time.Minute)
	f.ok(err)
	if !ok || late.Attempt != 1 || late.Filing.Station != araria || late.Card != "" || late.Group {
		t.Fatalf("claimed %+v, %v", late, ok)
	}
	if _, ok, err := f.Claim(f.ctx, id, time.Minute); err != nil || ok {
		t.Fatalf("claimed twice: %v", err)
	}
	f.exec(`update notices set lease_until = now() - interval '1 second'`)
	next, ok, err := f.Claim(f.ctx, id, time.Minute)
	f.ok(err)
	if !ok || next.Attempt != 2 {
		t.Fatalf("second claim %+v, %v", next, ok)
	}
	if err := f.Sent(f.ctx, late, "message-1"); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("the late one marked it sent: %v", err)
	}
	if err := f.Failed(f.ctx, late, "refused", nil); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("the late one marked it failed: %v", err)
	}
	if n := one[int64](f, `select count(*) from cards`); n != 0 {
		t.Error("the late one left a card")
	}
	f.ok(f.Sent(f.ctx, next, "message-2"))
	if err := f.Sent(f.ctx, next, "message-2"); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("sent twice: %v", err)
	}
	if m := one[string](f, `select message from cards`); m != "message-2" {
		t.Errorf("card %s", m)
	}
	if _, ok, _ := f.Claim(f.ctx, id, time.Minute); ok {
		t.Error("a sent notice was claimed")
	}
}

func TestRetryLater(t *testing.T) {
	f := open(t)
	f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	f.file(filing(citizen, chat))
	n := f.claimAll()[0]
	wait := time.Hour
	f.ok(f.Failed(f.ctx, n, "error", &wait))
	if _, ok, err := f.Claim(f.ctx, n.ID, time.Minute); err != nil || ok {
		t.Fatalf("claimed before its time: %v", err)
	}
	due := one[bool](f, `select bool_and(scheduled_at between now() + interval '59 minutes' and now() + interval '61 minutes')
		from river_job where state = 'scheduled' and kind = 'deliver'`)
	if !due || f.jobs() != 2 {
		t.Error("no job for the retry")
	}
	f.exec(`update notices set next_at = now()`)
	n, ok, err := f.Claim(f.ctx, n.ID, time.Minute)
	f.ok(err)
	if !ok || n.Attempt != 2 {
		t.Fatalf("attempt %d", n.Attempt)
	}
	soon := time.Duration(0)
	f.ok(f.Failed(f.ctx, n, "busy", &soon)) // to wait for the channel is no attempt
	n, ok, err = f.Claim(f.ctx, n.ID, time.Minute)
	f.ok(err)
	if !ok || n.Attempt != 2 {
		t.Fatalf("attempt %d after a wait", n.Attempt)
	}
	f.ok(f.Failed(f.ctx, n, "refused", nil))
	counts, err := f.NoticeCounts(f.ctx)
	f.ok(err)
	if diff := cmp.Diff([]store.NoticeCount{{Kind: "card", State: "failed", Reason: "refused", Count: 1}}, counts); diff != "" {
		t.Error(diff)
	}
}

func TestCardThatWasLateIsEdited(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	card := f.claimAll()[0] // on its way, showing version 2
	_, err := f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
	f.ok(err)
	if diff := cmp.Diff([]string{"status " + chat}, summary(f.deliver())); diff != "" {
		t.Fatal(diff)
	}
	f.ok(f.Sent(f.ctx, card, "message-1"))
	edits := f.deliver()
	if diff := cmp.Diff([]string{"card_edit " + sho}, summary(edits)); diff != "" {
		t.Fatal(diff)
	}
	if edits[0].Card != "message-1" || edits[0].Shown != 2 || edits[0].Filing.Ver != 3 {
		t.Errorf("edit %+v", edits[0])
	}
	if len(f.deliver()) != 0 {
		t.Error("edited again")
	}
}

// Whatever order a card's sending and an acknowledgement come in, the card ends
// up showing the filing as it is.
func TestCardsEndUpRight(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	for range 30 {
		filed := f.file(filing(citizen, chat))
		card := f.claimAll()[0]
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := f.Sent(f.ctx, card, "message"); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if act, err := f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2}); err != nil || act.Outcome != store.Done {
				t.Error(act, err)
			}
		})
		wg.Wait()
		f.deliver()
		if ver := one[int](f, `select ver from cards where filing = $1`, filed.ID); ver != 3 {
			t.Fatalf("the card shows version %d", ver)
		}
	}
}

// Two edits of a card under way at once, and the older one is the last to be done.
func TestEditsThatCross(t *testing.T) {
	f := open(t)
	f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.deliver()
	edit := func(dialog string) store.Notice {
		t.Helper()
		f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: dialog, Text: "और"}))
		for _, n := range f.claimAll() {
			if n.Kind == store.NoticeCardEdit {
				return n
			}
			f.ok(f.Sent(f.ctx, n, "information"))
		}
		t.Fatal("there is no edit")
		return store.Notice{}
	}
	older, newer := edit("first"), edit("second")
	f.ok(f.Sent(f.ctx, newer, newer.Card))
	f.ok(f.Sent(f.ctx, older, older.Card))
	jobs := f.jobs()
	f.deliver()
	if shown := one[int](f, `select ver from cards`); shown != newer.Filing.Ver || older.Filing.Ver >= newer.Filing.Ver || jobs != 6 {
		t.Errorf("the card shows version %d of %d, after %d jobs", shown, newer.Filing.Ver, jobs)
	}
}

func TestSweeperMakesLostJobsAnew(t *testing.T) {
	f := open(t)
	f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	urgent := filing(citizen, chat)
	urgent.Urgent = true
	f.file(urgent)
	f.file(filing(citizen, chat))
	claimed := f.claimAll()[0] // its worker dies
	f.exec(`delete from river_job`)
	f.ok(f.Sweep(f.ctx))
	if f.jobs() != 0 {
		t.Fatal("the sweeper was too eager")
	}
	f.exec(`update notices set next_at = now() - interval '31 seconds', state = case when id = $1 then state else 'pending' end,
		lease_until = case when id = $1 then lease_until end`, claimed.ID)
	f.ok(f.Sweep(f.ctx))
	if f.jobs() != 1 {
		t.Fatalf("%d jobs: one notice is lost, one still leased", f.jobs())
	}
	f.exec(`update notices set lease_until = now() - interval '1 second' where id = $1`, claimed.ID)
	var wg sync.WaitGroup
	for range 4 { // replicas
		wg.Go(func() {
			if err := f.Sweep(f.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if f.jobs() != 2 {
		t.Fatalf("%d jobs", f.jobs())
	}
	if p := one[int64](f, `select count(*) from river_job where priority = 1`); p != 1 {
		t.Errorf("%d urgent jobs", p)
	}
}

func TestRunJobsDelivers(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	var mu sync.Mutex
	var got []string
	failures := 1
	deliver := func(ctx context.Context, id int64) error {
		mu.Lock()
		defer mu.Unlock()
		if failures > 0 { // comes again after a second
			failures--
			return errors.New("postgres was away")
		}
		n, ok, err := f.Claim(ctx, id, 30*time.Second)
		if err != nil || !ok {
			return err
		}
		got = append(got, n.Kind+" "+n.Chat)
		return f.Sent(ctx, n, "message")
	}
	stop, err := f.RunJobs(f.ctx, deliver, store.JobOptions{})
	f.ok(err)
	filed, err := f.File(f.ctx, filing(citizen, chat))
	f.ok(err)
	f.waitFor(`select exists (select from cards)`)
	_, err = f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
	f.ok(err)
	f.waitFor(`select not exists (select from notices where state <> 'sent')`)
	f.ok(stop(f.ctx))
	slices.Sort(got)
	if diff := cmp.Diff([]string{"card " + sho, "card_edit " + sho, "receipt " + chat, "status " + chat}, got); diff != "" {
		t.Error(diff)
	}
	f.file(filing(citizen, chat))
	if f.jobs() == 0 {
		t.Error("no job left for the next replica")
	}
	for _, secret := range []string{chat, sho, "कौशल्या"} {
		if jobs := one[string](f, `select string_agg(j::text, ' ') from river_job j`); strings.Contains(jobs, secret) {
			t.Errorf("%q in the jobs", secret)
		}
	}
}

func TestUnreachableGroup(t *testing.T) {
	f := open(t)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	group := f.group(araria, desk)
	citizen, chat := f.citizen()
	open, done := f.file(filing(citizen, chat)), f.file(filing(citizen, chat))
	for _, n := range f.deliver() {
		if !n.Group || n.Chat != group {
			t.Fatalf("card %+v", n)
		}
	}
	_, err := f.Act(f.ctx, firstChannel, desk, store.Step{Action: store.ActAcknowledge, Filing: done.ID, Ver: 2})
	f.ok(err)
	f.deliver()
	f.file(filing(citizen, chat)) // its card is on its way
	onItsWay := f.claimAll()[0]
	f.ok(f.Unreachable(f.ctx, firstChannel, group))
	if err := f.Sent(f.ctx, onItsWay, "message"); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("error %v", err)
	}
	// Both filings that nobody has acknowledged go to the officer in private.
	cards := f.deliver()
	if diff := cmp.Diff([]string{"card " + desk, "card " + desk}, summary(cards)); diff != "" {
		t.Fatal(diff)
	}
	if cards[0].Filing.ID != open.ID || cards[0].Card == "" {
		t.Errorf("card %+v", cards[0])
	}
	f.ok(f.Unreachable(f.ctx, firstChannel, desk))
	if n := one[int64](f, `select count(*) from notices where state = 'waiting' and chat is null`); n != 2 {
		t.Errorf("%d cards wait", n)
	}
	// The group is back: both go there, again.
	code, err := f.InviteGroup(f.ctx, araria, "test")
	f.ok(err)
	_, err = f.BindGroup(f.ctx, code, firstChannel, group, desk)
	f.ok(err)
	if diff := cmp.Diff([]string{"card " + group, "card " + group}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
}

func TestReachableAgain(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	f.ok(f.Unreachable(f.ctx, firstChannel, sho))
	f.file(filing(citizen, chat))
	f.ok(f.Reachable(f.ctx, firstChannel, "another chat"))
	if got := summary(f.deliver()); len(got) != 0 {
		t.Errorf("nobody can be reached, but %v", got)
	}
	for range 2 { // the second time there is nothing to do
		f.ok(f.Reachable(f.ctx, firstChannel, sho))
	}
	if jobs := f.jobs(); jobs != 1 {
		t.Errorf("%d jobs", jobs)
	}
	if diff := cmp.Diff([]string{"card " + sho}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
	// A group that the bot is put into again.
	group := f.group(araria, sho)
	f.ok(f.Unreachable(f.ctx, firstChannel, group))
	f.ok(f.Unreachable(f.ctx, firstChannel, sho))
	f.file(filing(citizen, chat))
	f.ok(f.Reachable(f.ctx, firstChannel, group))
	if diff := cmp.Diff([]string{"card " + group, "card " + group}, summary(f.deliver())); diff != "" { // the first, too
		t.Error(diff)
	}
	if n := one[int64](f, `select count(*) from chats where channel = $1`, firstChannel); n != 3 {
		t.Errorf("%d chats", n)
	}
}

func TestRevokedOfficersCards(t *testing.T) {
	f := open(t)
	post, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.deliver()
	f.ok(f.Revoke(f.ctx, post.ID))
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "गोपनीय"}))
	if got := summary(f.deliver()); len(got) != 0 {
		t.Errorf("%s still gets %v", sho, got)
	}
	_, next := f.officer(store.SHO, araria, "")
	if diff := cmp.Diff([]string{"card " + next}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
}

func TestUnreachableCitizen(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.deliver()
	_, err := f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
	f.ok(err)
	f.ok(f.Unreachable(f.ctx, firstChannel, chat))
	if diff := cmp.Diff([]string{"card_edit " + sho}, summary(f.deliver())); diff != "" {
		t.Fatal(diff)
	}
	p, err := f.Profile(f.ctx, citizen)
	f.ok(err)
	// The citizen verifies the phone on another channel: the news go there.
	same, err := f.Verify(f.ctx, "whatsapp", "wa-chat", p.Phone)
	f.ok(err)
	if same != citizen {
		t.Fatal("the same phone is another citizen")
	}
	news := f.deliver()
	if len(news) != 1 || news[0].Channel != "whatsapp" || news[0].Chat != "wa-chat" || news[0].Event.Kind != "acknowledged" {
		t.Fatalf("news %+v", news)
	}
	// News for someone who cannot be reached at all wait, and go once they write again.
	f.ok(f.Unreachable(f.ctx, "whatsapp", "wa-chat"))
	second := f.file(filing(citizen, chat))
	f.deliver()
	_, err = f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: second.ID, Ver: 2})
	f.ok(err)
	f.ok(f.Sweep(f.ctx))
	if diff := cmp.Diff([]string{"card_edit " + sho}, summary(f.deliver())); diff != "" {
		t.Fatal(diff)
	}
	c, known, err := f.Recall(f.ctx, firstChannel, chat)
	f.ok(err)
	if !known || c.ID != citizen {
		t.Errorf("recalled %+v", c)
	}
	if diff := cmp.Diff([]string{"status " + chat}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
}

func TestGroupMoves(t *testing.T) {
	f := open(t)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	group := f.group(araria, desk)
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.deliver()
	f.file(filing(citizen, chat))
	f.ok(f.MoveGroup(f.ctx, firstChannel, group, "-200"))
	f.ok(f.MoveGroup(f.ctx, firstChannel, group, "-200"))
	f.ok(f.MoveGroup(f.ctx, firstChannel, "unknown", "-300"))
	_, err := f.Act(f.ctx, firstChannel, desk, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
	f.ok(err)
	got := summary(f.deliver())
	slices.Sort(got)
	if diff := cmp.Diff([]string{"card -200", "card_edit -200", "status " + chat}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnotherGroupTakesOver(t *testing.T) {
	f := open(t)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	f.group(araria, desk)
	citizen, chat := f.citizen()
	open, seen := f.file(filing(citizen, chat)), f.file(filing(citizen, chat))
	f.deliver()
	_, err := f.Act(f.ctx, firstChannel, desk, store.Step{Action: store.ActAcknowledge, Filing: seen.ID, Ver: 2})
	f.ok(err)
	f.deliver()
	next := f.group(araria, desk)
	cards := f.deliver()
	if diff := cmp.Diff([]string{"card " + next}, summary(cards)); diff != "" {
		t.Fatal(diff)
	}
	if cards[0].Filing.ID != open.ID || !cards[0].Group {
		t.Errorf("card %+v", cards[0])
	}
	for _, id := range []int64{open.ID, seen.ID} {
		f.ok(f.Add(f.ctx, citizen, id, store.Addition{Kind: store.Information, Dialog: "add", Text: "और बात"}))
	}
	for _, n := range f.deliver() {
		if n.Chat != next || !n.Group {
			t.Errorf("%s for %s, group %v", n.Kind, n.Chat, n.Group)
		}
	}
}

// The phone of a family changes hands: news of the first citizen's filing must
// not reach the second one's chat.
func TestNewsAfterAChatMoved(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.deliver()
	_, err := f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
	f.ok(err)
	p, err := f.Profile(f.ctx, citizen)
	f.ok(err)
	_, err = f.Verify(f.ctx, firstChannel, chat, "+919999999999")
	f.ok(err)
	if diff := cmp.Diff([]string{"card_edit " + sho}, summary(f.deliver())); diff != "" {
		t.Fatal(diff)
	}
	_, err = f.Verify(f.ctx, firstChannel, "new-chat", p.Phone)
	f.ok(err)
	if diff := cmp.Diff([]string{"status new-chat"}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
}
