package store_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

// sides are the officers of two stations, of the district over both, and of another district.
type sides struct{ shoA, deskA, shoB, deskB, sp, away string }

func (f *fixture) sides() sides {
	var s sides
	_, s.shoA = f.officer(store.SHO, araria, "")
	_, s.deskA = f.officer(store.DeskOfficer, araria, "")
	_, s.shoB = f.officer(store.SHO, sikti, "")
	_, s.deskB = f.officer(store.DeskOfficer, sikti, "")
	_, s.sp = f.officer(store.SP, "", arariaDist)
	_, s.away = f.officer(store.SP, "", "5137")
	return s
}

// sent is a new filing on its way from Araria to Sikti.
func (f *fixture) sent(s sides, citizen, chat string) store.Filed {
	f.t.Helper()
	filed := f.file(filing(citizen, chat))
	f.takes(s.shoA, store.Step{Action: store.ActTransfer, Filing: filed.ID, Note: "घटना सिकटी की है", To: sikti}, store.Done)
	return filed
}

func TestATransferIsAccepted(t *testing.T) {
	f := open(t)
	s := f.sides()
	groupA, groupB := f.group(araria, s.deskA), f.group(sikti, s.deskB)
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.deliver()
	for who, want := range map[string]store.Outcome{s.deskA: store.NotAllowed, s.shoB: store.NotAllowed, s.away: store.NotAllowed, chat: store.NotAllowed} {
		f.takes(who, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: sikti}, want)
	}
	for _, to := range []string{"", araria, "9999999"} {
		f.takes(s.shoA, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: to}, store.NotAllowed)
	}
	act := f.takes(s.shoA, store.Step{Action: store.ActTransfer, Filing: filed.ID, Note: "घटना सिकटी की है", To: sikti}, store.Done)
	if got := act.Filing; got.Status != store.Transferred || got.Station != araria || got.To != sikti || got.ToIn != arariaDist || got.Clock != store.ClockAcknowledge {
		t.Fatalf("on its way: %+v", got)
	}
	f.takes(s.sp, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: sikti}, store.Already)
	var told []string
	for _, n := range f.deliver() {
		told = append(told, n.Kind+" "+n.Chat)
		if n.Kind == store.NoticeStatus && (n.Event.Kind != "transferred" || n.Event.Other != sikti) {
			t.Errorf("the citizen hears of %+v", n.Event)
		}
	}
	slices.Sort(told)
	if diff := cmp.Diff([]string{"card " + groupB, "card_edit " + groupA, "status " + chat}, told); diff != "" {
		t.Error(diff)
	}

	// Both stations see it, and only the one decides.
	for _, who := range []string{s.shoA, s.deskA, s.shoB, s.deskB, s.sp} {
		if _, err := f.View(f.ctx, filed.ID, firstChannel, who); err != nil {
			t.Errorf("%s can't view it: %v", who, err)
		}
	}
	if _, err := f.View(f.ctx, filed.ID, firstChannel, s.away); !errors.Is(err, store.ErrNotAllowed) {
		t.Errorf("another district views it: %v", err)
	}
	for _, a := range []store.Action{store.ActTakeOver, store.ActSendBack} {
		for _, who := range []string{s.shoA, s.deskA, s.away, chat} {
			f.takes(who, store.Step{Action: a, Filing: filed.ID}, store.NotAllowed)
		}
	}
	f.takes(s.deskB, store.Step{Action: store.ActSendBack, Filing: filed.ID}, store.NotAllowed)
	for _, a := range []store.Action{store.ActAcknowledge, store.ActEnquire, store.ActAsk, store.ActSign, store.ActClose} {
		f.takes(s.shoB, store.Step{Action: a, Filing: filed.ID}, store.NotAllowed)
		if act, err := f.Act(f.ctx, firstChannel, s.shoA, store.Step{Action: a, Filing: filed.ID}); err != nil || act.Outcome == store.Done {
			t.Errorf("%s while it is on its way: %+v, %v", a, act, err)
		}
	}
	f.takes(s.deskA, store.Step{Action: store.ActNote, Filing: filed.ID, Dialog: "note", Note: "…"}, store.Done)

	act = f.takes(s.deskB, store.Step{Action: store.ActTakeOver, Filing: filed.ID}, store.Done)
	if got := act.Filing; got.Status != store.Acknowledged || got.Station != sikti || got.District != arariaDist || got.To != "" || got.Clock == store.ClockAcknowledge {
		t.Fatalf("accepted: %+v", got)
	}
	f.takes(s.shoB, store.Step{Action: store.ActTakeOver, Filing: filed.ID}, store.Already)
	f.takes(s.shoB, store.Step{Action: store.ActSendBack, Filing: filed.ID}, store.Stale) // it is theirs now
	for _, n := range f.deliver() {
		switch {
		case n.Chat == groupA && len(n.Roles) != 0, n.Chat == groupB && len(n.Roles) != 2:
			t.Errorf("those in %s are %v", n.Chat, n.Roles)
		case n.Kind == store.NoticeStatus && (n.Event.Kind != "transfer_accepted" || n.Event.Other != araria):
			t.Errorf("the citizen hears of %+v", n.Event)
		}
	}
	// The old station has nothing to do with it any more, its card neither.
	for _, who := range []string{s.shoA, s.deskA} {
		if _, err := f.View(f.ctx, filed.ID, firstChannel, who); !errors.Is(err, store.ErrNotAllowed) {
			t.Errorf("%s views it: %v", who, err)
		}
		f.takes(who, store.Step{Action: store.ActNote, Filing: filed.ID, Note: "…"}, store.NotAllowed)
	}
	f.takes(s.shoB, store.Step{Action: store.ActEnquire, Filing: filed.ID}, store.Done)
	if diff := cmp.Diff([]string{"card_edit " + groupB, "status " + chat}, inOrder(summary(f.deliver()))); diff != "" {
		t.Error(diff)
	}
}

// TestWhatIsOnItsWayIsNewThere: the lists have it where it has to be dealt with.
func TestWhatIsOnItsWayIsNewThere(t *testing.T) {
	f := open(t)
	s := f.sides()
	citizen, chat := f.citizen()
	filed := f.sent(s, citizen, chat)
	f.pass(aDay + time.Minute)
	for who, want := range map[string][]store.DeskList{
		s.shoA: {store.ListMine}, s.deskA: nil, s.shoB: {store.ListNew, store.ListOverdue}, s.deskB: {store.ListNew, store.ListOverdue},
		s.sp: {store.ListNew, store.ListOverdue}, s.away: nil,
	} {
		var lists []store.DeskList
		for _, list := range []store.DeskList{store.ListNew, store.ListMine, store.ListOverdue} {
			found, err := f.DeskFilings(f.ctx, list, firstChannel, who)
			f.ok(err)
			if len(found) == 1 && found[0].ID == filed.ID {
				lists = append(lists, list)
			}
		}
		if diff := cmp.Diff(want, lists); diff != "" {
			t.Errorf("%s: %s", who, diff)
		}
	}
}

func inOrder(list []string) []string {
	slices.Sort(list)
	return list
}

func TestATransferIsRefused(t *testing.T) {
	f := open(t)
	s := f.sides()
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.takes(s.deskA, store.Step{Action: store.ActAcknowledge, Filing: filed.ID}, store.Done)
	f.takes(s.shoA, store.Step{Action: store.ActEnquire, Filing: filed.ID}, store.Done)
	f.takes(s.shoA, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: sikti}, store.Done)
	f.deliver()
	act := f.takes(s.shoB, store.Step{Action: store.ActSendBack, Filing: filed.ID, Note: "हमारे क्षेत्र का नहीं"}, store.Done)
	if got := act.Filing; got.Status != store.Enquiry || got.Station != araria || got.To != "" || got.Clock == store.ClockAcknowledge {
		t.Fatalf("sent back: %+v", got)
	}
	var gone []string
	for _, n := range f.deliver() {
		if n.Kind != store.NoticeStatus && len(n.Roles) == 0 {
			gone = append(gone, n.Chat)
		}
	}
	if diff := cmp.Diff(inOrder([]string{s.shoB, s.deskB}), inOrder(gone)); diff != "" {
		t.Error(diff)
	}
	if act := f.takes(s.shoB, store.Step{Action: store.ActTakeOver, Filing: filed.ID}, store.NotAllowed); act.Filing.ID != 0 {
		t.Error("the refusing station still sees it")
	}
	if n := one[int64](f, `select count(*) from cards`); n != 2 {
		t.Errorf("%d cards are kept up to date", n)
	}
	// It can go out again, and who had not acknowledged it has to when it comes back.
	f.takes(s.sp, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: aurangabad}, store.Done)
	f.takes(s.away, store.Step{Action: store.ActSendBack, Filing: filed.ID}, store.Done) // for a station that has not joined
	if got := f.sent(s, citizen, chat); got.ID == 0 {
		t.Fatal("not sent")
	} else if act := f.takes(s.shoB, store.Step{Action: store.ActSendBack, Filing: got.ID}, store.Done); act.Filing.Status != store.Sent || act.Filing.Clock != store.ClockAcknowledge {
		t.Errorf("sent back before it was acknowledged: %+v", act.Filing)
	}
}

// Accepting and refusing at once: one of them wins, and the filing is where the winner says.
func TestAcceptAndRefuseAtOnce(t *testing.T) {
	f := open(t)
	s := f.sides()
	citizen, chat := f.citizen()
	for range 20 {
		filed := f.sent(s, citizen, chat)
		var both sync.WaitGroup
		acts := make([]store.Act, 2)
		for i, st := range []store.Step{{Action: store.ActTakeOver, Filing: filed.ID}, {Action: store.ActSendBack, Filing: filed.ID}} {
			both.Go(func() {
				var err error
				if acts[i], err = f.Act(f.ctx, firstChannel, []string{s.deskB, s.shoB}[i], st); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		accepted, refused := acts[0].Outcome == store.Done, acts[1].Outcome == store.Done
		want := map[bool]string{true: sikti, false: araria}[accepted]
		if accepted == refused || one[string](f, `select station from filings where id = $1`, filed.ID) != want {
			t.Fatalf("accepted %s, refused %s", acts[0].Outcome, acts[1].Outcome)
		}
		if n := one[int64](f, `select count(*) from events where filing = $1 and kind in ('transfer_accepted', 'transfer_refused')`, filed.ID); n != 1 {
			t.Fatalf("%d decisions", n)
		}
	}
}

// A filing that has only a district is given to one of its stations, without a question; to
// another district's it is offered.
func TestAFilingWithoutAStationIsAssigned(t *testing.T) {
	f := open(t)
	s := f.sides()
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Station, n.District = "", arariaDist
	filed := f.file(n)
	f.deliver()
	f.takes(s.shoB, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: sikti}, store.NotAllowed)
	act := f.takes(s.sp, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: sikti}, store.Done)
	if got := act.Filing; got.Status != store.Sent || got.Station != sikti || got.To != "" || got.Clock != store.ClockAcknowledge {
		t.Fatalf("assigned: %+v", got)
	}
	var cards []string
	for _, n := range f.deliver() {
		if n.Kind == store.NoticeCard {
			cards = append(cards, n.Chat)
		}
		if n.Kind == store.NoticeStatus && n.Event.Kind != store.Assigned {
			t.Errorf("the citizen hears of %+v", n.Event)
		}
	}
	if diff := cmp.Diff(inOrder([]string{s.shoB, s.deskB}), inOrder(cards)); diff != "" {
		t.Error(diff)
	}
	f.takes(s.deskB, store.Step{Action: store.ActAcknowledge, Filing: filed.ID}, store.Done)

	n = filing(citizen, chat)
	n.Station, n.District = "", arariaDist
	if act := f.takes(s.sp, store.Step{Action: store.ActTransfer, Filing: f.file(n).ID, To: aurangabad}, store.Done); act.Filing.Status != store.Transferred {
		t.Errorf("to another district: %+v", act.Filing)
	}
}

// A citizen can end what is on its way; the station that it was for has nothing to decide any more.
func TestWithdrawnOnItsWay(t *testing.T) {
	f := open(t)
	s := f.sides()
	citizen, chat := f.citizen()
	filed := f.sent(s, citizen, chat)
	f.deliver()
	f.ok(f.Withdraw(f.ctx, citizen, filed.ID, "सुलझ गया"))
	f.takes(s.shoB, store.Step{Action: store.ActTakeOver, Filing: filed.ID}, store.NotAllowed)
	if _, err := f.View(f.ctx, filed.ID, firstChannel, s.shoB); !errors.Is(err, store.ErrNotAllowed) {
		t.Errorf("still viewed: %v", err)
	}
}

// The card of a filing on its way waits for the receiving station, and goes to whoever joins there.
func TestTheReceivingStationJoinsLater(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.takes(sho, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: aurangabad}, store.Done)
	f.deliver()
	post, late := f.officer(store.SHO, aurangabad, "")
	if diff := cmp.Diff([]string{"card " + late}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
	// Who leaves takes nothing along: the card waits again.
	f.ok(f.Revoke(f.ctx, post.ID))
	f.takes(late, store.Step{Action: store.ActTakeOver, Filing: filed.ID}, store.NotAllowed)
	_, sp := f.officer(store.SP, "", "5137")
	if diff := cmp.Diff([]string{"card " + sp}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
	f.takes(sp, store.Step{Action: store.ActTakeOver, Filing: filed.ID}, store.Done)
}

// A sensitive filing on its way is for the receiving SHO alone.
func TestASensitiveFilingOnItsWay(t *testing.T) {
	f := open(t)
	s := f.sides()
	f.group(sikti, s.deskB)
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Sensitive = true
	filed := f.file(n)
	f.deliver()
	f.takes(s.shoA, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: sikti}, store.Done)
	for _, n := range f.deliver() {
		if n.Kind == store.NoticeCard && n.Chat != s.shoB {
			t.Errorf("a card for %s", n.Chat)
		}
	}
	f.takes(s.deskB, store.Step{Action: store.ActTakeOver, Filing: filed.ID}, store.NotAllowed)
	f.takes(s.shoB, store.Step{Action: store.ActTakeOver, Filing: filed.ID}, store.Done)
}
