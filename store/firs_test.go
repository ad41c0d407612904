package store_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

// fir is an FIR of today with a number.
func fir(number int) *store.NewFIR {
	return &store.NewFIR{Year: 2026, Number: number, Sections: "BNS 303(2)", On: time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC)}
}

// takes does a step that must have an outcome.
func (f *fixture) takes(sender string, st store.Step, want store.Outcome) store.Act {
	f.t.Helper()
	act, err := f.Act(f.ctx, firstChannel, sender, st)
	f.ok(err)
	if act.Outcome != want {
		f.t.Fatalf("%s of %d by %s is %s, not %s: %+v", st.Action, st.Filing, sender, act.Outcome, want, act)
	}
	return act
}

func TestAFilingBecomesAnFIR(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, desk := f.officer(store.DeskOfficer, araria, "")
	_, sp := f.officer(store.SP, "", arariaDist)
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	filed := f.file(n)
	step := store.Step{Action: store.ActRegister, Filing: filed.ID, Dialog: "one", Note: "FIR 123/2026", FIR: fir(123)}
	for _, who := range []string{desk, sp, chat} {
		f.takes(who, step, store.NotAllowed)
	}
	f.takes(sho, store.Step{Action: store.ActRegister, Filing: filed.ID}, store.NotAllowed) // without a number
	act := f.takes(sho, step, store.Done)
	if got := act.Filing; got.Status != store.FIRRegistered || got.FIR != "123/2026" || got.ZeroFIR != "" || !got.ClosedAt.IsZero() || got.Clock == store.ClockAcknowledge {
		t.Errorf("the filing is %+v", got)
	}
	if act := f.takes(sho, step, store.Done); !act.Repeat {
		t.Error("the same interview registered twice")
	}
	step.Dialog, step.FIR = "two", fir(124)
	f.takes(sho, step, store.Already) // it has its number
	firs, err := f.FIRs(f.ctx, filed.ID)
	f.ok(err)
	if len(firs) != 1 {
		t.Fatalf("%d FIRs", len(firs))
	}
	want := store.FIR{
		FIRKey: store.FIRKey{Station: araria, Year: 2026, Number: 123}, District: arariaDist, Service: "complaint", Sections: "BNS 303(2)", On: fir(0).On,
		By: store.By{Role: store.SHO, Station: araria, District: arariaDist}, Informant: n.Applicant, Details: n.Details,
		CreatedAt: firs[0].CreatedAt,
	}
	if diff := cmp.Diff(want, firs[0]); diff != "" {
		t.Error(diff)
	}
	if byKey, err := f.FIR(f.ctx, want.FIRKey); err != nil || !cmp.Equal(byKey, firs[0]) {
		t.Errorf("by its key: %+v, %v", byKey, err)
	}
	if _, err := f.FIR(f.ctx, store.FIRKey{Station: araria, Year: 2026, Number: 123, Zero: true}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no such FIR: %v", err)
	}
	if dump := f.dump(); strings.Contains(dump, "कौशल्या") || strings.Contains(dump, "मोबाइल चोरी") {
		t.Error("the register tells a name or an account")
	}
	if err := f.Withdraw(f.ctx, citizen, filed.ID, "ग़लती"); !errors.Is(err, store.ErrRegistered) {
		t.Errorf("withdrawn: %v", err)
	}
	// A question and its answer leave it an FIR.
	f.takes(sho, store.Step{Action: store.ActAsk, Filing: filed.ID, Dialog: "q", Note: "?"}, store.Done)
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Answer, Dialog: "a", Text: "!"}))
	if status := one[string](f, `select status from filings`); status != "fir_registered" {
		t.Errorf("after an answer it is %s", status)
	}
}

// The number of an FIR is one filing's: the second officer is told who has it, and nothing changes.
func TestTheNumberOfAnFIRIsTakenOnce(t *testing.T) {
	f := open(t)
	_, a := f.officer(store.SHO, araria, "")
	_, b := f.officer(store.SHO, araria, "")
	_, other := f.officer(store.SHO, sikti, "")
	citizen, chat := f.citizen()
	for round := range 10 {
		filings := []store.Filed{f.file(filing(citizen, chat)), f.file(filing(citizen, chat))}
		acts := make([]store.Act, 2)
		var both sync.WaitGroup
		for i, sho := range []string{a, b} {
			both.Go(func() {
				var err error
				acts[i], err = f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActRegister, Filing: filings[i].ID, FIR: fir(100 + round)})
				if err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		won := 0
		if acts[1].Outcome == store.Done {
			won = 1
		}
		lost := acts[1-won]
		if acts[won].Outcome != store.Done || lost.Outcome != store.Taken {
			t.Fatalf("outcomes %s and %s", acts[0].Outcome, acts[1].Outcome)
		}
		if lost.Has.Filing != filings[won].Number || lost.Has.By.Role != store.SHO || lost.Has.At.IsZero() || lost.Filing.Ver != 2 || lost.Filing.FIR != "" {
			t.Errorf("the loser is told %+v", lost)
		}
	}
	if n := one[int64](f, `select count(*) from firs`); n != 10 {
		t.Errorf("%d entries", n)
	}
	// Another station, another year and the register of Zero FIRs count on their own.
	n := filing(citizen, chat)
	n.Station = sikti
	f.takes(other, store.Step{Action: store.ActRegister, Filing: f.file(n).ID, FIR: fir(100)}, store.Done)
	year := fir(100)
	year.Year = 2025
	f.takes(a, store.Step{Action: store.ActRegister, Filing: f.file(filing(citizen, chat)).ID, FIR: year}, store.Done)
	zero := fir(100)
	zero.Zero = true
	both := f.file(filing(citizen, chat))
	f.takes(a, store.Step{Action: store.ActRegister, Filing: both.ID, FIR: zero}, store.Done)
	again := *zero
	again.Number = 101
	f.takes(a, store.Step{Action: store.ActRegister, Filing: both.ID, Dialog: "again", FIR: &again}, store.Already)
	if act := f.takes(a, store.Step{Action: store.ActRegister, Filing: both.ID, FIR: fir(500)}, store.Done); act.Filing.FIR != "500/2026" || act.Filing.ZeroFIR != "100/2026" {
		t.Errorf("the filing is %+v", act.Filing)
	}
	// Numbers that came from elsewhere are taken too.
	f.exec(`insert into firs (station, district, year, number, restricted, sections, registered_on, origin)
		values ($1, $2, 2026, 900, false, 'BNS 303(2)', '2026-01-02', 'import')`, araria, arariaDist)
	act := f.takes(a, store.Step{Action: store.ActRegister, Filing: f.file(filing(citizen, chat)).ID, FIR: fir(900)}, store.Taken)
	if act.Has.Filing != "" || act.Has.By != (store.By{}) {
		t.Errorf("an imported number is held by %+v", act.Has)
	}
}

func TestRestrictedFIRs(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, sdpo := f.officer(store.SDPO, "", arariaDist)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	citizen, chat := f.citizen()
	restricted := func() int64 { return one[int64](f, `select count(*) from firs where restricted`) }
	hidden := fir(1)
	hidden.Restricted = true
	if act := f.takes(sho, store.Step{Action: store.ActRegister, Filing: f.file(filing(citizen, chat)).ID, FIR: hidden}, store.Done); !act.Filing.Sensitive || restricted() != 1 {
		t.Error("the filing of a restricted FIR is not sensitive")
	}
	n := filing(citizen, chat)
	n.Sensitive = true
	f.takes(sho, store.Step{Action: store.ActRegister, Filing: f.file(n).ID, FIR: fir(2)}, store.Done)
	if restricted() != 2 {
		t.Error("the FIR of a sensitive filing is not restricted")
	}
	later := f.file(filing(citizen, chat))
	f.takes(sho, store.Step{Action: store.ActRegister, Filing: later.ID, FIR: fir(3)}, store.Done)
	f.takes(sho, store.Step{Action: store.ActRestrict, Filing: later.ID}, store.NotAllowed)
	f.takes(sdpo, store.Step{Action: store.ActRestrict, Filing: later.ID, Note: "…"}, store.Done)
	if restricted() != 3 {
		t.Error("an FIR was not restricted with its filing")
	}
	if _, err := f.View(f.ctx, later.ID, firstChannel, desk); !errors.Is(err, store.ErrNotAllowed) {
		t.Errorf("the desk sees it: %v", err)
	}
}

// What a certificate names is what was there when it was printed, and each printing is in the audit.
func TestCertificatesOfEvidence(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, desk := f.officer(store.DeskOfficer, araria, "")
	_, elsewhere := f.officer(store.SHO, sikti, "")
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Details = json.RawMessage(`{}`)
	n.Media = []store.Media{evidence("one")}
	filed := f.file(n)
	for _, who := range []string{desk, elsewhere, chat} {
		if _, err := f.Evidence(f.ctx, filed.ID, firstChannel, who); !errors.Is(err, store.ErrNotAllowed) {
			t.Errorf("%s: %v", who, err)
		}
	}
	first, err := f.Evidence(f.ctx, filed.ID, firstChannel, sho)
	f.ok(err)
	f.ok(f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "और", Media: []store.Media{evidence("two")}}))
	second, err := f.Evidence(f.ctx, filed.ID, firstChannel, sho)
	f.ok(err)
	if len(first.Media) != 1 || len(first.Sent) != 0 || len(second.Media) != 2 || len(second.Sent) != 1 || first.Channel != firstChannel || first.By.Role != store.SHO {
		t.Errorf("certified %+v, then %+v", first, second)
	}
	again, err := f.Certificates(f.ctx, filed.Number)
	f.ok(err)
	if len(again) != 2 || !again[0].At.Equal(first.At) || !cmp.Equal(again[0].Media, first.Media) || !again[1].At.Equal(second.At) || !cmp.Equal(again[1].Media, second.Media) {
		t.Errorf("found again: %+v", again)
	}
	if none, err := f.Certificates(f.ctx, "SH00000000000"); err != nil || len(none) != 0 {
		t.Errorf("of no filing: %v, %v", none, err)
	}
	if n := one[int64](f, `select count(*) from audit where what = 'certify_evidence' and post is not null`); n != 2 {
		t.Errorf("%d in the audit", n)
	}
	if n := one[int64](f, `select count(*) from audit where what = 'certify_evidence_refused'`); n != 2 {
		t.Errorf("%d refusals in the audit", n)
	}
	if _, _, err := f.VerifyAudit(f.ctx); err != nil {
		t.Error(err)
	}
}

// TestAnInformantsFIRs: they are found by the citizen, and by the phone that the register has.
func TestAnInformantsFIRs(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.takes(sho, store.Step{Action: store.ActRegister, Filing: filed.ID, FIR: fir(123)}, store.Done)
	f.exec(`insert into firs (station, district, year, number, restricted, sections, registered_on, phone_index, origin)
		select $1, $2, 2024, 7, true, 'BNS 74', '2024-05-01', phone_index, 'import' from citizens where id = $3`, araria, arariaDist, citizen)
	other, otherChat := f.citizen()
	f.takes(sho, store.Step{Action: store.ActRegister, Filing: f.file(filing(other, otherChat)).ID, FIR: fir(124)}, store.Done)
	got, err := f.InformantFIRs(f.ctx, citizen)
	f.ok(err)
	want := []store.InformantFIR{
		{Known: true, FIRKey: store.FIRKey{Station: araria, Year: 2026, Number: 123}, Sections: "BNS 303(2)", On: fir(0).On},
		{FIRKey: store.FIRKey{Station: araria, Year: 2024, Number: 7}, Sections: "BNS 74", On: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC), Restricted: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
