package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

// tip is a tip that somebody is about to give at station Araria.
func (f *fixture) tip() store.NewTip {
	n := counter.Add(1)
	return store.NewTip{
		Code: f.ClaimCode(fmt.Sprintf("draft-%d", n)), Station: araria, Details: fmt.Appendf(nil, `{"what":"शराब %d"}`, n),
	}
}

func (f *fixture) fileTip(n store.NewTip) store.Filed {
	f.t.Helper()
	filed, err := f.FileTip(f.ctx, n)
	f.ok(err)
	return filed
}

func TestClaimCodes(t *testing.T) {
	f := open(t)
	seen := map[string]bool{}
	digits := map[rune]int{}
	for n := range 2000 {
		code := f.ClaimCode(fmt.Sprint("draft", n))
		if seen[code] || len(code) != 20 || f.ClaimCode(fmt.Sprint("draft", n)) != code {
			t.Fatalf("code %q of draft %d", code, n)
		}
		seen[code] = true
		digits[rune(code[0])]++
		spaced := store.SpacedClaimCode(code)
		if len(spaced) != 24 || spaced[4] != ' ' || spaced[19] != ' ' {
			t.Fatalf("spaced %q", spaced)
		}
		hindi := strings.NewReplacer("0", "०", "1", "१", "2", "२", "3", "३", "4", "४", "5", "५", "6", "६", "7", "७", "8", "८", "9", "९").Replace(spaced)
		for _, typed := range []string{code, spaced, strings.ReplaceAll(spaced, " ", "-"), hindi, "\n" + strings.ReplaceAll(spaced, " ", " – ") + " "} {
			if got, ok := store.ParseClaimCode(typed); !ok || got != code {
				t.Fatalf("%q is read as %q, %v", typed, got, ok)
			}
		}
		i := n % 20
		wrong := code[:i] + string('0'+(code[i]-'0'+1)%10) + code[i+1:]
		for _, typed := range []string{wrong, code[1:], code + "0", code + "x", "SH" + code} {
			if _, ok := store.ParseClaimCode(typed); ok {
				t.Fatalf("%q counts as a code", typed)
			}
		}
	}
	for d, n := range digits { // 200 each on average; 5 sigma is 67
		if n < 133 || n > 267 {
			t.Errorf("%d of 2000 codes begin with %c", n, d)
		}
	}
}

// TestTipIsNobodys holds that the records have a tip, and nobody's.
func TestTipIsNobodys(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	desk, deskOfficer := f.officer(store.DeskOfficer, araria, "")
	f.group(araria, deskOfficer)
	citizen, chat := f.citizen()
	f.file(filing(citizen, chat))
	f.deliver()

	n := f.tip()
	n.Media = []store.Media{{ID: "clean-1", SHA256: bytes.Repeat([]byte{7}, 32), Kind: "photo", MIME: "image/jpeg", Size: 12, Label: "photos"}}
	f.ok(f.ReceiveTipMedia(f.ctx, n.Media[0]))
	var err error
	n.Media, err = f.Media(f.ctx, []string{"clean-1"})
	f.ok(err)
	filed := f.fileTip(n)
	if !strings.HasPrefix(filed.Number, "GS") || !filed.Created || filed.Station != araria {
		t.Fatalf("filed %+v", filed)
	}
	if sent := summary(f.deliver()); !slices.Equal(sent, []string{"card " + sho}) {
		t.Errorf("the card went to %v, not to the SHO %s alone (the desk is %v)", sent, sho, desk)
	}
	if row := one[string](f, `select concat_ws('|', citizen, channel, encode(chat, 'hex'), lang, content_hash::text) from filings where number = $1`, filed.Number); row != `hi|\x` {
		t.Errorf("kept %q", row)
	}
	for what, query := range map[string]string{
		"filings":      `select created_at, updated_at, due_at from filings where service = 'tip'`,
		"clocks":       `select k.started_at, k.due_at, k.next_at from clocks k join filings f on f.id = k.filing where f.service = 'tip'`,
		"events":       `select at, filed_at, at from events e join filings f on f.id = e.filing where f.service = 'tip'`,
		"filing_media": `select received_at, received_at, received_at from filing_media m join filings f on f.id = m.filing where f.service = 'tip'`,
		"media":        `select received_at, last_received, received_at from media where id = 'clean-1'`,
		"notices":      `select n.created_at, n.next_at, n.sent_at from notices n join filings f on f.id = n.filing where f.service = 'tip'`,
		"cards":        `select c.sent_at, c.sent_at, c.sent_at from cards c join filings f on f.id = c.filing where f.service = 'tip'`,
	} {
		rows, err := f.Pool().Query(f.ctx, query)
		f.ok(err)
		n := 0
		for rows.Next() {
			n++
			var times [3]time.Time
			f.ok(rows.Scan(&times[0], &times[1], &times[2]))
			for _, at := range times {
				if !at.Equal(at.Truncate(time.Hour)) {
					t.Errorf("%s has %v, more than the hour", what, at)
				}
			}
		}
		f.ok(rows.Err())
		if n == 0 {
			t.Errorf("no %s", what)
		}
	}
	if ids := one[[]int64](f, `select array[f.id, n.id] from filings f join notices n on n.filing = f.id where f.service = 'tip'`); min(ids[0], ids[1]) < 1_000_000 {
		t.Errorf("the ids %d tell when they were counted", ids)
	}
	d, err := f.View(f.ctx, filed.ID, firstChannel, sho)
	f.ok(err)
	if d.Applicant != (store.Profile{}) || string(d.Details) != string(n.Details) || len(d.Media) != 1 || !d.Sensitive {
		t.Errorf("viewed %+v", d)
	}
	if _, err := f.View(f.ctx, filed.ID, firstChannel, deskOfficer); !errors.Is(err, store.ErrNotAllowed) {
		t.Errorf("the desk sees a tip: %v", err)
	}
	if number, ok, err := f.Filed(f.ctx, n.Code, citizen); ok || err != nil {
		t.Errorf("a citizen's %s, %v", number, err)
	}
	list, err := f.CitizenFilings(f.ctx, citizen)
	f.ok(err)
	if len(list) != 1 {
		t.Errorf("the citizen has %d filings", len(list))
	}
	if dump := f.dump(); strings.Contains(dump, n.Code) || strings.Contains(dump, "शराब") {
		t.Error("the code or the words lie in the database in the clear")
	}
}

// TestTipMakesNoNews: there is nobody to tell what an officer does.
func TestTipMakesNoNews(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	filed := f.fileTip(f.tip())
	f.deliver()
	act, err := f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
	f.ok(err)
	if act.Outcome != store.Done {
		t.Fatalf("%+v", act)
	}
	if n := one[int64](f, `select count(*) from notices where kind = 'status'`); n != 0 {
		t.Errorf("%d pieces of news of a tip", n)
	}
	if sent := summary(f.deliver()); !slices.Equal(sent, []string{"card_edit " + sho}) {
		t.Errorf("sent %v", sent)
	}
	f.ok(f.Sweep(f.ctx))
}

// TestTipIsClosed: a tip's id is not one of the small ones of other filings.
func TestTipIsClosed(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	filed := f.fileTip(f.tip())
	f.acts(sho, filed.ID, store.ActClose)
	if status := one[store.Status](f, `select status from filings where id = $1`, filed.ID); status != store.Closed || filed.ID < 1<<32 {
		t.Errorf("tip %d is %s", filed.ID, status)
	}
}

// TestTipNeedsAReader waits for an officer where there is none.
func TestTipNeedsAReader(t *testing.T) {
	f := open(t)
	n := f.tip()
	n.Station, n.District, n.Urgent = "", arariaDist, true
	filed := f.fileTip(n)
	f.officer(store.SHO, araria, "")
	if sent := f.deliver(); len(sent) != 0 {
		t.Errorf("a tip for the district went to %v", summary(sent))
	}
	_, sp := f.officer(store.SP, "", arariaDist)
	if sent := summary(f.deliver()); !slices.Equal(sent, []string{"card " + sp}) {
		t.Errorf("sent %v, want the card for %s", sent, sp)
	}
	if _, err := f.View(f.ctx, filed.ID, firstChannel, sp); err != nil {
		t.Error(err)
	}
}

func TestSameCodeFilesOnce(t *testing.T) {
	f := open(t)
	f.officer(store.SHO, araria, "")
	n := f.tip()
	var wg sync.WaitGroup
	var mu sync.Mutex
	numbers, created := map[string]int{}, 0
	for range 30 {
		wg.Go(func() {
			filed, err := f.FileTip(f.ctx, n)
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
	if len(numbers) != 1 || created != 1 || one[int64](f, `select count(*) from filings`) != 1 || f.jobs() != 1 {
		t.Errorf("numbers %v, created %d times, %d jobs", numbers, created, f.jobs())
	}
	if _, err := f.FileTip(f.ctx, store.NewTip{Code: n.Code[1:], Station: araria}); err == nil {
		t.Error("a tip without a right code was filed")
	}
}

// ask is what an officer's question leaves behind.
func (f *fixture) ask(filing int64, question string) {
	f.t.Helper()
	ver := one[int](f, `update filings set ver = ver + 1, handler = (select officer from posts order by id limit 1) where id = $1 returning ver`, filing)
	note, err := f.Keys().SealText(question, fmt.Sprintf("events/note/%d/%d", filing, ver))
	f.ok(err)
	f.exec(`insert into events (filing, filed_at, ver, kind, actor, post, note)
		select id, created_at, $2, 'question', 'officer', (select min(id) from posts), $3 from filings where id = $1`, filing, ver, note)
}

// TestTipGoesOn follows a tip by its code: a question, an answer, more, the reward.
func TestTipGoesOn(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	n := f.tip()
	filed := f.fileTip(n)
	f.deliver()
	f.ask(filed.ID, "गाड़ी का रंग?")
	_, events, err := f.TipByCode(f.ctx, n.Code)
	f.ok(err)
	if last := events[len(events)-1]; last.Kind != store.Question || last.Note != "गाड़ी का रंग?" {
		t.Fatalf("the question is %+v", last)
	}
	f.ok(f.ReceiveTipMedia(f.ctx, store.Media{ID: "clean-2", SHA256: bytes.Repeat([]byte{8}, 32), Kind: "photo", MIME: "image/jpeg"}))
	media, err := f.Media(f.ctx, []string{"clean-2"})
	f.ok(err)
	for range 3 { // delivered again and again
		f.ok(f.AddToTip(f.ctx, n.Code, "draft-answer", store.Answer, "सफ़ेद", nil))
		f.ok(f.AddToTip(f.ctx, n.Code, "draft-more", store.Information, "रात में आते हैं", media))
		f.ok(f.AddToTip(f.ctx, n.Code, "draft-reward", store.RewardClaimed, "", nil))
	}
	var kinds []string
	d, err := f.View(f.ctx, filed.ID, firstChannel, sho)
	f.ok(err)
	for _, e := range d.Events {
		kinds = append(kinds, e.Kind+" "+e.Actor+" "+e.Note)
	}
	if diff := cmp.Diff([]string{
		"received citizen ", "sent system ", "question officer गाड़ी का रंग?", "answer citizen सफ़ेद", "information citizen रात में आते हैं", "reward_claimed citizen ",
	}, kinds); diff != "" || len(d.Media) != 1 {
		t.Errorf("%d files, %s", len(d.Media), diff)
	}
	told := 0
	for _, line := range summary(f.deliver()) {
		if line == "information "+sho {
			told++
		}
	}
	if told != 3 {
		t.Errorf("the SHO was told %d times", told)
	}
	if dump := f.dump(); strings.Contains(dump, "draft-answer") || strings.Contains(dump, "सफ़ेद") {
		t.Error("a draft's id or an answer lies in the database in the clear")
	}
	other := f.ClaimCode("nobody's")
	if _, _, err := f.TipByCode(f.ctx, other); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	if err := f.AddToTip(f.ctx, other, "d", store.Information, "x", nil); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	f.exec(`update filings set closed_at = now() where id = $1`, filed.ID)
	if err := f.AddToTip(f.ctx, n.Code, "d", store.Information, "x", nil); !errors.Is(err, store.ErrClosed) {
		t.Error(err)
	}
	f.ok(f.AddToTip(f.ctx, n.Code, "e", store.RewardClaimed, "", nil))
}

// TestOnlyTipsAreNobodys holds the database to it.
func TestOnlyTipsAreNobodys(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.fileTip(f.tip())
	for _, change := range []string{
		`update filings set citizen = null where id = $1`, `update filings set chat = null where id = $1`, `update filings set channel = null where id = $1`,
		`update filings set citizen = (select citizen from filings where id = $1) where service = 'tip'`,
		`update filings set chat = (select chat from filings where id = $1) where service = 'tip'`,
		`update filings set channel = (select channel from filings where id = $1) where service = 'tip'`,
	} {
		if _, err := f.Pool().Exec(f.ctx, change, filed.ID); err == nil {
			t.Errorf("allowed: %s", change)
		}
	}
}

// TestStrayTipMedia: what came for a tip that was given up goes after a day.
func TestStrayTipMedia(t *testing.T) {
	f := open(t)
	for _, id := range []string{"stray", "old", "shared"} {
		f.ok(f.ReceiveTipMedia(f.ctx, store.Media{ID: id, SHA256: bytes.Repeat([]byte{9}, 32), Kind: "photo", MIME: "image/jpeg"}))
	}
	f.exec(`update media set last_received = last_received - interval '25 hours' where id <> 'stray'`)
	f.ok(f.ReceiveMedia(f.ctx, store.Media{ID: "shared", SHA256: bytes.Repeat([]byte{9}, 32), Kind: "photo", MIME: "image/jpeg"}))
	f.ok(f.ReceiveTipMedia(f.ctx, store.Media{ID: "shared", SHA256: bytes.Repeat([]byte{9}, 32), Kind: "photo", MIME: "image/jpeg"}))
	var gone []string
	_, err := f.ForgetStrayMedia(f.ctx, func(_ context.Context, id string) error { gone = append(gone, id); return nil })
	f.ok(err)
	if !slices.Equal(gone, []string{"old"}) {
		t.Errorf("forgotten %v", gone)
	}
}

func TestLogsValues(t *testing.T) {
	f := open(t)
	settings, err := f.LogsValues(f.ctx)
	f.ok(err)
	if len(settings) != 0 {
		t.Errorf("the tests' own Postgres logs values: %v", settings)
	}
	name := one[string](f, `select current_database()`)
	f.exec(`alter database ` + name + ` set log_parameter_max_length = '-1'`)
	f.exec(`alter database ` + name + ` set log_min_duration_statement = '200ms'`)
	f.exec(`alter database ` + name + ` set log_parameter_max_length_on_error = '64'`)
	f.exec(`alter database ` + name + ` set log_error_verbosity = 'default'`)
	other, err := store.Open(f.ctx, f.url, testKEK, store.Options{})
	f.ok(err)
	t.Cleanup(other.Close)
	settings, err = other.LogsValues(f.ctx)
	f.ok(err)
	want := []string{"log_error_verbosity = terse", "log_parameter_max_length = 0", "log_parameter_max_length_on_error = 0"}
	if !slices.Equal(settings, want) {
		t.Errorf("to be set: %q", settings)
	}
}
