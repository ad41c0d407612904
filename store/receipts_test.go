package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

// files files and leaves the receipt where it is.
func (f *fixture) files(n store.NewFiling) store.Filed {
	f.t.Helper()
	filed, err := f.File(f.ctx, n)
	f.ok(err)
	return filed
}

// receiptState is the state and the reason of the only receipt.
func (f *fixture) receiptState() string {
	f.t.Helper()
	return one[string](f, `select state || ' ' || reason from notices where kind = 'receipt'`)
}

func TestAFilingHasOneReceipt(t *testing.T) {
	f := open(t)
	f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	f.ok(f.SetLanguage(f.ctx, firstChannel, chat, "en"))
	f.ok(f.SetSimple(f.ctx, firstChannel, chat, true))
	n := filing(citizen, chat)
	n.Urgent = true
	filed := f.files(n)
	f.files(n) // the answer was lost, and the dialog files again
	var receipt store.Notice
	for _, got := range f.deliver() {
		if got.Kind == store.NoticeReceipt {
			receipt = got
		}
	}
	if receipt.Chat != chat || receipt.Filing.ID != filed.ID || receipt.Lang != "en" || !receipt.Simple || receipt.Group || receipt.Event.Kind != "received" {
		t.Errorf("the receipt is %+v", receipt)
	}
	if receipt.Urgent {
		t.Error("a receipt is as urgent as a card")
	}
	if n := one[int](f, `select count(*) from notices where kind = 'receipt'`); n != 1 {
		t.Errorf("%d receipts", n)
	}
	if n := one[int](f, `select count(*) from river_job j join notices n on n.id = (j.args ->> 'notice')::bigint where n.kind = 'receipt'`); n != 1 {
		t.Errorf("%d jobs for the receipt", n)
	}
	if n := one[int](f, `select count(*) from cards c join notices n on n.chat = c.chat where n.kind = 'receipt'`); n != 0 {
		t.Error("a receipt counts as a card")
	}
}

func TestAReceiptFollowsItsCitizen(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	profile, err := f.Profile(f.ctx, citizen)
	f.ok(err)
	f.files(filing(citizen, chat))
	f.ok(f.Unreachable(f.ctx, firstChannel, chat))
	if got := f.receiptState(); got != "waiting blocked" {
		t.Errorf("without another chat it is %s", got)
	}
	f.ok(f.Reachable(f.ctx, firstChannel, chat))
	n := f.claimAll()[0]
	if n.Chat != chat {
		t.Fatalf("it goes to %s", n.Chat)
	}
	// The chat is blocked while the receipt is on its way, and the citizen comes with another.
	f.ok(f.Unreachable(f.ctx, firstChannel, chat))
	if err := f.Sent(f.ctx, n, "message"); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("the late sender: %v", err)
	}
	_, err = f.Verify(f.ctx, firstChannel, "another", profile.Phone)
	f.ok(err)
	if diff := cmp.Diff([]string{"receipt another"}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
}

// A chat that verified another number meanwhile is another citizen's: the receipt must not go there.
func TestAReceiptIsNotForWhoeverHasTheChatNow(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	_, err := f.Verify(f.ctx, firstChannel, chat, "+919811111111")
	f.ok(err)
	f.files(filing(citizen, chat))
	if got := f.receiptState(); got != "waiting " || len(f.deliver()) != 0 {
		t.Errorf("the receipt is %s", got)
	}
	f.ok(f.Sweep(f.ctx))
	if len(f.deliver()) != 0 {
		t.Error("the sweeper sent it to a stranger")
	}
}

func TestAnOfficersChatGetsTheOfficersOwnReceipt(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, err := f.Verify(f.ctx, firstChannel, sho, "+919822222222")
	f.ok(err)
	n := filing(citizen, sho)
	n.Station = sikti // where the officer is nobody
	f.files(n)
	if diff := cmp.Diff([]string{"receipt " + sho}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
}

func TestNoReceiptAfterErasing(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	f.files(filing(citizen, chat))
	_, err := f.Erase(f.ctx, citizen)
	f.ok(err)
	if got := f.receiptState(); got != "failed erased" {
		t.Errorf("the receipt is %s", got)
	}
}

func TestOpeningAFilingForAPaper(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	other, _ := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "गाड़ी का रंग लाल था"}))
	own, err := f.Own(f.ctx, citizen, filed.ID)
	f.ok(err)
	for name, open := range map[string]func() (store.Details, error){
		"by notice": func() (store.Details, error) { return f.ForCitizen(f.ctx, filed.ID) },
		"by number": func() (store.Details, error) { return f.Content(f.ctx, filed.Number) },
	} {
		got, err := open()
		f.ok(err)
		if diff := cmp.Diff(own, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if own.Applicant.Name != "कौशल्या देवी" || len(own.Events) != 2 || own.Events[1].Note != "गाड़ी का रंग लाल था" || time.Since(own.CreatedAt) > time.Hour {
		t.Errorf("the filing %+v", own)
	}
	for name, open := range map[string]func() (store.Details, error){
		"another's":          func() (store.Details, error) { return f.Own(f.ctx, other, filed.ID) },
		"no such filing":     func() (store.Details, error) { return f.ForCitizen(f.ctx, filed.ID+1) },
		"no such number":     func() (store.Details, error) { return f.Content(f.ctx, "SH00000000000") },
		"nobody asks for it": func() (store.Details, error) { return f.Own(f.ctx, "", filed.ID) },
	} {
		if _, err := open(); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// When many file at once, receipts wait in a queue of their own: no card waits behind them, and the
// sweeper does not take them for lost as soon as others.
func TestReceiptsQueueByThemselves(t *testing.T) {
	f := open(t)
	f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	f.files(filing(citizen, chat))
	queues := one[string](f, `
		select string_agg(n.kind || ' ' || j.queue, ', ' order by n.kind) from river_job j join notices n on n.id = (j.args ->> 'notice')::bigint`)
	if queues != "card default, receipt receipts" {
		t.Errorf("the jobs are in %s", queues)
	}
	swept := func(age string) string {
		f.exec(`delete from river_job`)
		f.exec(`update notices set next_at = now() - $1::interval`, age)
		f.ok(f.Sweep(f.ctx))
		return one[string](f, `
			select string_agg(n.kind, ' ' order by n.kind) from river_job j join notices n on n.id = (j.args ->> 'notice')::bigint`)
	}
	if got := swept("31 seconds"); got != "card" {
		t.Errorf("soon the sweeper takes for lost: %s", got)
	}
	if got := swept("10 minutes 1 second"); got != "card receipt" {
		t.Errorf("later the sweeper takes for lost: %s", got)
	}
}
