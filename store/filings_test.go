package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

func TestFileKeepsEverythingSealed(t *testing.T) {
	f := open(t)
	_, sender := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Identifiers = []store.Identifier{{Kind: "imei", Value: "490154203237518"}, {Kind: "imei", Value: "490154203237518"}}
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	n.Media = []store.Media{{ID: "media-1", SHA256: bytes.Repeat([]byte{7}, 32), Kind: "photo", MIME: "image/jpeg", Size: 12, ReceivedAt: at, Label: "photos"}}
	filed := f.file(n)
	if !filed.Created || filed.Station != araria || !strings.HasPrefix(filed.Number, "SH") {
		t.Fatalf("filed %+v", filed)
	}
	if number, ok := store.ParseNumber(filed.Number); !ok || number != filed.Number {
		t.Fatalf("ParseNumber does not know %s", filed.Number)
	}
	if due := time.Until(filed.AckDue); due < 23*time.Hour || due > 25*time.Hour {
		t.Fatalf("acknowledgement due in %v", due)
	}

	d, err := f.View(f.ctx, filed.ID, firstChannel, sender)
	f.ok(err)
	if diff := cmp.Diff(n.Applicant, d.Applicant); diff != "" {
		t.Error(diff)
	}
	if string(d.Details) != string(n.Details) || d.Lang != "hi" || d.Number != filed.Number {
		t.Errorf("viewed %+v", d)
	}
	if len(d.Media) != 1 || d.Media[0].ID != "media-1" || !d.Media[0].ReceivedAt.Equal(at) || d.Media[0].Label != "photos" {
		t.Errorf("media %+v", d.Media)
	}
	var kinds []string
	for _, e := range d.Events {
		kinds = append(kinds, e.Kind+" "+e.Actor)
	}
	if diff := cmp.Diff([]string{"received citizen", "sent system"}, kinds); diff != "" {
		t.Error(diff)
	}
	p, err := f.Profile(f.ctx, citizen)
	f.ok(err)
	if p.Name != n.Applicant.Name || !strings.HasPrefix(p.Phone, "+9198") || p.Phone == n.Applicant.Phone {
		t.Errorf("the profile is %+v: the name should be the filing's, the phone the verified one", p)
	}

	dump := f.dump()
	for _, secret := range []string{"कौशल्या", "प्रसाद", "चोरी", p.Phone, n.Applicant.Phone, chat, sender, "490154203237518", "दारोगा"} {
		if strings.Contains(dump, secret) {
			t.Errorf("%q lies in the database in the clear", secret)
		}
	}
	if !strings.Contains(dump, filed.Number) {
		t.Error("the dump does not even have the number: it proves nothing")
	}
}

// dump is the text of every row of every table.
func (f *fixture) dump() string {
	f.t.Helper()
	tables := one[[]string](f, `select array_agg(tablename::text) from pg_tables where schemaname = 'public'`)
	var b strings.Builder
	for _, table := range tables {
		rows := one[string](f, `select coalesce(string_agg(x::text, E'\n'), '') from `+table+` x`)
		b.WriteString(rows)
	}
	return b.String()
}

func TestSameDialogFilesOnce(t *testing.T) {
	f := open(t)
	f.officer(store.DeskOfficer, araria, "")
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	var wg sync.WaitGroup
	var mu sync.Mutex
	numbers, created := map[string]int{}, 0
	for range 50 {
		wg.Go(func() {
			filed, err := f.File(f.ctx, n)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			numbers[filed.Number]++
			if filed.Created {
				created++
			}
		})
	}
	wg.Wait()
	if len(numbers) != 1 || created != 1 {
		t.Fatalf("numbers %v, created %d times", numbers, created)
	}
	if n := one[int64](f, `select count(*) from filings`); n != 1 {
		t.Errorf("%d filings", n)
	}
	if n := one[int64](f, `select count(*) from events`); n != 2 {
		t.Errorf("%d events", n)
	}
	if n := f.jobs(); n != 2 { // the card's and the receipt's
		t.Errorf("%d jobs", n)
	}
}

func TestDialogOfAnotherCitizen(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	f.file(n)
	n.Citizen, n.Chat = f.citizen()
	if _, err := f.File(f.ctx, n); !errors.Is(err, store.ErrNotYours) {
		t.Fatalf("error %v", err)
	}
}

// Two citizens race with one dialog id: exactly one has it.
func TestDialogRaceOfTwoCitizens(t *testing.T) {
	f := open(t)
	a, chatA := f.citizen()
	b, chatB := f.citizen()
	for range 20 {
		first := filing(a, chatA)
		second := first
		second.Citizen, second.Chat = b, chatB
		errs := make(chan error, 2)
		for _, n := range []store.NewFiling{first, second} {
			go func() { _, err := f.File(f.ctx, n); errs <- err }()
		}
		var refused int
		for range 2 {
			switch err := <-errs; {
			case errors.Is(err, store.ErrNotYours):
				refused++
			case err != nil:
				t.Fatal(err)
			}
		}
		if refused != 1 {
			t.Fatalf("%d of 2 refused", refused)
		}
	}
}

func TestSameContentIsAskedAbout(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	first := filing(citizen, chat)
	filed := f.file(first)

	again := filing(citizen, chat)
	again.Details = first.Details
	_, err := f.File(f.ctx, again)
	var duplicate *store.DuplicateError
	if !errors.As(err, &duplicate) || duplicate.Number != filed.Number {
		t.Fatalf("error %v", err)
	}
	other, otherChat := f.citizen()
	theirs := again
	theirs.Dialog, theirs.Citizen, theirs.Chat = "theirs", other, otherChat
	if !f.file(theirs).Created {
		t.Error("another citizen's filing of the same words was not made")
	}
	again.Confirmed = true
	if got := f.file(again); !got.Created || got.Number == filed.Number {
		t.Errorf("confirmed, but %+v", got)
	}
	late := filing(citizen, chat)
	late.Details = first.Details
	f.exec(`update filings set created_at = created_at - interval '31 minutes'`)
	if !f.file(late).Created {
		t.Error("after 31 minutes the same content was still refused")
	}
}

// Racing dialogs of one citizen with the same content: one is filed, the others asked about.
func TestSameContentRace(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	details := json.RawMessage(`{"what":"same"}`)
	errs := make(chan error, 10)
	for range cap(errs) {
		n := filing(citizen, chat)
		n.Details = details
		go func() { _, err := f.File(f.ctx, n); errs <- err }()
	}
	made := 0
	for range cap(errs) {
		var duplicate *store.DuplicateError
		switch err := <-errs; {
		case err == nil:
			made++
		case !errors.As(err, &duplicate):
			t.Fatal(err)
		}
	}
	if made != 1 {
		t.Fatalf("%d filings of the same content", made)
	}
}

func TestFailedFilingLeavesNothing(t *testing.T) {
	f := open(t)
	f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	// The job table refuses, which is the last thing that File does before its commit.
	f.exec(`alter table river_job add constraint nothing check (kind <> 'deliver')`)
	n := filing(citizen, chat)
	_, err := f.File(f.ctx, n)
	var refused *store.DatabaseError
	if !errors.As(err, &refused) || refused.Constraint != "nothing" {
		t.Fatalf("error %v", err)
	}
	for _, table := range []string{"filings", "events", "notices", "river_job"} {
		if n := one[int64](f, `select count(*) from `+table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	f.exec(`alter table river_job drop constraint nothing`)
	if !f.file(n).Created {
		t.Error("the same dialog cannot file after a failure")
	}
}

func TestErrorsCarryNoValues(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Station, n.District = "9999999", "9999"
	_, err := f.File(f.ctx, n)
	if err == nil || strings.Contains(err.Error(), "9999") || !strings.Contains(err.Error(), "23503") {
		t.Fatalf("error %v", err)
	}
	cancelled, cancel := context.WithCancel(f.ctx)
	cancel()
	if _, err := f.File(cancelled, n); err == nil || strings.Contains(err.Error(), "कौशल्या") {
		t.Fatalf("error %v", err)
	}
}

func TestMovedSealedValueDoesNotOpen(t *testing.T) {
	f := open(t)
	_, sender := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	a, b := f.file(filing(citizen, chat)), f.file(filing(citizen, chat))
	f.exec(`update filings set details = (select details from filings where id = $1) where id = $2`, a.ID, b.ID)
	if _, err := f.View(f.ctx, b.ID, firstChannel, sender); err == nil {
		t.Fatal("details moved from another filing opened")
	}
	if _, err := f.View(f.ctx, a.ID, firstChannel, sender); err != nil {
		t.Fatal(err)
	}
}

func TestFilingWithoutStation(t *testing.T) {
	f := open(t)
	_, sp := f.officer(store.SP, "", arariaDist)
	f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Station, n.District = "", arariaDist
	if filed := f.file(n); filed.Station != "" {
		t.Errorf("station %q", filed.Station)
	}
	if diff := cmp.Diff([]string{"card " + sp}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
	n = filing(citizen, chat)
	n.Station = ""
	if _, err := f.File(f.ctx, n); err == nil {
		t.Error("filed with neither station nor district")
	}
}

func TestFiledByADialog(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	other, _ := f.citizen()
	n := filing(citizen, chat)
	filed := f.file(n)
	if number, ok, err := f.Filed(f.ctx, n.Dialog, citizen); err != nil || !ok || number != filed.Number {
		t.Errorf("number %s, %v, %v", number, ok, err)
	}
	for dialog, asker := range map[string]string{n.Dialog: other, "unknown": citizen} {
		if number, ok, err := f.Filed(f.ctx, dialog, asker); err != nil || ok || number != "" {
			t.Errorf("%s asked for %s: %s, %v, %v", asker, dialog, number, ok, err)
		}
	}
}

func TestReceivedMedia(t *testing.T) {
	f := open(t)
	m := store.Media{ID: "received", SHA256: bytes.Repeat([]byte{9}, 32), Kind: "voice", MIME: "audio/ogg", Size: 77}
	f.ok(f.ReceiveMedia(f.ctx, m))
	f.exec(`update media set received_at = received_at - interval '1 hour'`)
	f.ok(f.ReceiveMedia(f.ctx, m)) // the first receipt counts
	got, err := f.Media(f.ctx, []string{"received", "unknown"})
	f.ok(err)
	if len(got) != 1 || !bytes.Equal(got[0].SHA256, m.SHA256) || got[0].Size != 77 || time.Since(got[0].ReceivedAt) < 50*time.Minute {
		t.Errorf("media %+v", got)
	}
}
