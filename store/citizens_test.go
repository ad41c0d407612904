package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

func TestVerifyAndRecall(t *testing.T) {
	f := open(t)
	if c, known, err := f.Recall(f.ctx, firstChannel, "1"); err != nil || known || c.Verified() {
		t.Fatalf("recalled a stranger: %+v, %v, %v", c, known, err)
	}
	f.ok(f.SetLanguage(f.ctx, firstChannel, "1", "en"))
	f.ok(f.SetSimple(f.ctx, firstChannel, "1", true))
	if c, known, err := f.Recall(f.ctx, firstChannel, "1"); err != nil || !known || c != (store.Citizen{Lang: "en", Simple: true}) {
		t.Fatalf("recalled %+v, %v, %v", c, known, err)
	}
	first, err := f.Verify(f.ctx, firstChannel, "1", "+919876543210")
	f.ok(err)
	second, err := f.Verify(f.ctx, firstChannel, "2", "+919876543210")
	f.ok(err)
	if first != second {
		t.Error("one phone, two citizens")
	}
	if c, _, err := f.Recall(f.ctx, firstChannel, "1"); err != nil || c != (store.Citizen{ID: first, Lang: "en", Simple: true}) {
		t.Errorf("recalled %+v, %v", c, err)
	}
	if _, known, err := f.Recall(f.ctx, "whatsapp", "1"); err != nil || known {
		t.Errorf("the same id on another channel is known: %v", err)
	}
	// Another number in the same chat: another citizen, whose filings it shows.
	other, err := f.Verify(f.ctx, firstChannel, "1", "+919876543211")
	f.ok(err)
	if c, _, err := f.Recall(f.ctx, firstChannel, "1"); err != nil || other == first || c.ID != other {
		t.Errorf("the chat did not move: %+v, %v", c, err)
	}
	if _, err := f.Verify(f.ctx, firstChannel, "1", ""); err == nil {
		t.Error("verified without a number")
	}
}

func TestProfile(t *testing.T) {
	f := open(t)
	citizen, _ := f.citizen()
	p := store.Profile{Name: "मोहन", Father: "सोहन", Gender: "male", Address: "वार्ड 3", District: arariaDist, Pin: "854311", Phone: "+910000000000"}
	f.ok(f.SaveProfile(f.ctx, citizen, p))
	got, err := f.Profile(f.ctx, citizen)
	f.ok(err)
	if got.Phone == p.Phone {
		t.Error("saving a profile changed the verified phone")
	}
	p.Phone = got.Phone
	if diff := cmp.Diff(p, got); diff != "" {
		t.Error(diff)
	}
	if _, err := f.Profile(f.ctx, "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody's profile: %v", err)
	}
	if err := f.SaveProfile(f.ctx, "nobody", p); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody's profile: %v", err)
	}
}

func TestFilingsOfACitizen(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	other, _ := f.citizen()
	first, second := f.file(filing(citizen, chat)), f.file(filing(citizen, chat))
	filings, err := f.CitizenFilings(f.ctx, citizen)
	f.ok(err)
	if len(filings) != 2 || filings[0].Number != second.Number || filings[1].Number != first.Number {
		t.Errorf("filings %+v", filings)
	}
	got, err := f.FilingOf(f.ctx, citizen, first.Number)
	f.ok(err)
	if diff := cmp.Diff(filings[1], got); diff != "" {
		t.Error(diff)
	}
	_, unknown := f.FilingOf(f.ctx, citizen, "SH00000000000")
	_, notTheirs := f.FilingOf(f.ctx, other, first.Number)
	if !errors.Is(unknown, store.ErrNotFound) || unknown.Error() != notTheirs.Error() {
		t.Errorf("unknown: %v, another's: %v", unknown, notTheirs)
	}
}

func TestAddInformation(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	other, _ := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.deliver()
	media := []store.Media{{ID: "m", SHA256: bytes.Repeat([]byte{1}, 32), Kind: "photo", MIME: "image/png", ReceivedAt: time.Now()}}
	for range 3 {
		f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "add-1", Text: "रंग नीला था", Media: media}))
	}
	notices := f.deliver()
	if diff := cmp.Diff([]string{"information " + sho, "card_edit " + sho}, summary(notices)); diff != "" {
		t.Fatal(diff)
	}
	if e := notices[0].Event; e.Note != "रंग नीला था" || e.Kind != store.Information || e.Ver != 3 {
		t.Errorf("event %+v", e)
	}
	d, err := f.View(f.ctx, filed.ID, firstChannel, sho)
	f.ok(err)
	if len(d.Media) != 1 || len(d.Events) != 3 || d.Events[2].Note != "रंग नीला था" || d.Due.IsZero() {
		t.Errorf("details %+v", d)
	}
	if err := f.Add(f.ctx, other, filed.ID, store.Addition{Kind: store.Information, Dialog: "add-2", Text: "x"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another's filing: %v", err)
	}
	// The officer's card is older now: acknowledging by it is stale.
	if act, err := f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2}); err != nil || act.Outcome != store.Stale || act.Filing.Ver != 3 {
		t.Errorf("act %+v, %v", act, err)
	}
}

func TestWithdraw(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	other, _ := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.deliver()
	if err := f.Withdraw(f.ctx, other, filed.ID, "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another's filing: %v", err)
	}
	for range 2 {
		f.ok(f.Withdraw(f.ctx, citizen, filed.ID, "मिल गया"))
	}
	got, err := f.FilingOf(f.ctx, citizen, filed.Number)
	f.ok(err)
	if got.Status != store.Withdrawn || got.ClosedAt.IsZero() || got.Clock != "" || got.Ver != 3 {
		t.Errorf("filing %+v", got)
	}
	if diff := cmp.Diff([]string{"card_edit " + sho}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
	if err := f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "late", Text: "x"}); !errors.Is(err, store.ErrClosed) {
		t.Errorf("added to a withdrawn filing: %v", err)
	}
	if act, err := f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 3}); err != nil || act.Outcome != store.Stale {
		t.Errorf("act %+v, %v", act, err)
	}
	events, err := f.Timeline(f.ctx, filed.ID)
	f.ok(err)
	if last := events[len(events)-1]; last.Kind != "withdrawn" || last.Note != "मिल गया" || last.Actor != "citizen" {
		t.Errorf("last event %+v", last)
	}
	// Withdrawn before there was any officer: the card never comes.
	n := filing(citizen, chat)
	n.Station = sikti
	early := f.file(n)
	f.ok(f.Withdraw(f.ctx, citizen, early.ID, "x"))
	f.officer(store.SHO, sikti, "")
	if got := summary(f.deliver()); len(got) != 0 {
		t.Errorf("notices %v", got)
	}
}

func TestExportAndErase(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.deliver()
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "add", Text: "और बात"}))
	f.ok(f.KeepDrafts(f.ctx, []store.Draft{{Key: []byte("key"), Channel: firstChannel, Chat: chat, State: []byte("state"), At: time.Now()}}))
	e, err := f.Export(f.ctx, citizen)
	f.ok(err)
	written, err := json.Marshal(e)
	f.ok(err)
	for _, part := range []string{"कौशल्या देवी", chat, filed.Number, "मोबाइल चोरी", "और बात", e.Profile.Phone} {
		if !strings.Contains(string(written), part) {
			t.Errorf("%q is missing from %s", part, written)
		}
	}
	_, err = f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 3})
	f.ok(err)
	erased, err := f.Erase(f.ctx, citizen)
	f.ok(err)
	if len(erased.Kept) != 1 || erased.Kept[0].Number != filed.Number {
		t.Errorf("kept %+v", erased.Kept)
	}
	if p, err := f.Profile(f.ctx, citizen); err != nil || p != (store.Profile{}) {
		t.Errorf("profile %+v, %v", p, err)
	}
	if c, _, err := f.Recall(f.ctx, firstChannel, chat); err != nil || c.Verified() {
		t.Errorf("recalled %+v, %v", c, err)
	}
	if n := one[int64](f, `select count(*) from chats where address is not null`); n != 1 { // the officer's
		t.Errorf("%d chats can be read", n)
	}
	if n := one[int64](f, `select count(*) from drafts`); n != 0 {
		t.Error("the draft is kept")
	}
	for _, n := range f.deliver() {
		if n.Chat == chat {
			t.Errorf("the erased chat still gets a %s", n.Kind)
		}
	}
	// The police record is whole.
	d, err := f.View(f.ctx, filed.ID, firstChannel, sho)
	f.ok(err)
	if d.Applicant.Name != "कौशल्या देवी" {
		t.Errorf("applicant %+v", d.Applicant)
	}
	again, err := f.Verify(f.ctx, firstChannel, chat, e.Profile.Phone)
	f.ok(err)
	if again == citizen {
		t.Error("verifying the phone again brought the erased citizen back")
	}
	if err := f.SaveProfile(f.ctx, citizen, store.Profile{Name: "x"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("saved an erased profile: %v", err)
	}
}

func TestDrafts(t *testing.T) {
	f := open(t)
	now := time.Now()
	draft := func(key, state string, at time.Time) store.Draft {
		return store.Draft{Key: []byte(key), Channel: firstChannel, Chat: "chat-" + key, Service: "service-" + key, State: []byte(state), At: at}
	}
	f.ok(f.KeepDrafts(f.ctx, nil))
	f.ok(f.KeepDrafts(f.ctx, []store.Draft{draft("a", "second", now), draft("b", "only", now)}))
	f.ok(f.KeepDrafts(f.ctx, []store.Draft{draft("a", "first", now.Add(-time.Second))}))
	if state, ok, err := f.RecallDraft(f.ctx, []byte("a")); err != nil || !ok || string(state) != "second" {
		t.Errorf("recalled %q, %v, %v", state, ok, err)
	}
	f.ok(f.DropDrafts(f.ctx, [][]byte{[]byte("b"), []byte("unknown")}))
	if _, ok, err := f.RecallDraft(f.ctx, []byte("b")); err != nil || ok {
		t.Errorf("recalled a dropped draft: %v", err)
	}
	f.ok(f.SetLanguage(f.ctx, firstChannel, "chat-c", "en"))
	f.ok(f.KeepDrafts(f.ctx, []store.Draft{
		draft("c", "idle", now.Add(-25*time.Hour)), draft("d", "old", now.Add(-8*24*time.Hour)), draft("e", "idle", now.Add(-30*time.Hour)),
	}))
	if _, ok, err := f.RecallDraft(f.ctx, []byte("d")); err != nil || ok {
		t.Errorf("recalled a draft of 8 days ago: %v", err)
	}
	// What another replica has in hand is left to it.
	tx, err := f.Pool().Begin(f.ctx)
	f.ok(err)
	defer func() { _ = tx.Rollback(f.ctx) }()
	_, err = tx.Exec(f.ctx, `select from drafts where key = 'e' for update`)
	f.ok(err)
	early, err := f.DueReminders(f.ctx, 10)
	f.ok(err)
	if len(early) != 1 || early[0].Chat != "chat-c" {
		t.Errorf("reminders %+v", early)
	}
	f.ok(tx.Rollback(f.ctx))
	f.exec(`update drafts set reminded_at = null`)

	got := make(chan []store.Reminder, 4)
	for range cap(got) {
		go func() {
			r, err := f.DueReminders(f.ctx, 10)
			if err != nil {
				t.Error(err)
			}
			got <- r
		}()
	}
	reminded := map[string]store.Reminder{}
	for range cap(got) {
		for _, r := range <-got {
			if _, twice := reminded[r.Chat]; twice {
				t.Errorf("%s is reminded twice", r.Chat)
			}
			reminded[r.Chat] = r
		}
	}
	if len(reminded) != 2 || reminded["chat-c"].Lang != "en" || reminded["chat-c"].Service != "service-c" || string(reminded["chat-e"].Key) != "e" {
		t.Errorf("reminders %+v", reminded)
	}
	f.ok(f.Expire(f.ctx))
	if n := one[int64](f, `select count(*) from drafts`); n != 3 {
		t.Errorf("%d drafts kept, of 3 that are young enough", n)
	}
	if strings.Contains(f.dump(), "chat-c") {
		t.Error("a draft's chat lies in the database in the clear")
	}
}

func TestDeadMessage(t *testing.T) {
	f := open(t)
	f.ok(f.DeadMessage(f.ctx, firstChannel, "photo", 1234))
	if size := one[int64](f, `select size from dead_messages where channel = $1 and kind = 'photo'`, firstChannel); size != 1234 {
		t.Errorf("size %d", size)
	}
}
