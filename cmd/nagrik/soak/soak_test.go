package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

var program string // the built program

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "nagrik-soak-build-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(dir) }()
		if program, err = build(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// A short soak: how long it takes does not matter, but nothing may be lost.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	r := soak(t, "", nil)
	for _, row := range r.rows {
		if row.zero && row.count != 0 {
			t.Errorf("%s: %d: %v", row.name, row.count, row.details)
		}
	}
	for _, name := range []string{killsRow, filingsRow, acceptedRow} {
		if r.count(name) == 0 {
			t.Errorf("%s: none, so this run shows nothing", name)
		}
	}
}

// The soak finds a fault that users hide by trying again: updates that are acknowledged before their
// work is done. And every other row finds what it is there for: records and chats are spoilt in all
// the ways that would be a loss.
func TestEveryRowCanFail(t *testing.T) {
	t.Parallel()
	r := soak(t, ackFirst, spoil)
	for _, row := range r.rows {
		if row.zero && row.count == 0 && row.name != stopsRow {
			t.Errorf("%s: nothing was found", row.name)
		}
	}
}

// spoil makes one of everything that must not be. It runs when the replicas are gone.
func spoil(ctx context.Context, w *world) error {
	records, err := w.records(ctx)
	if err != nil {
		return err
	}
	defer records.Close()
	first, second := w.citizens[0], w.citizens[1]
	owner, _, err := records.Recall(ctx, channel, strconv.FormatInt(first.ID, 10))
	if err != nil {
		return err
	}
	stranger, _, err := records.Recall(ctx, channel, strconv.FormatInt(second.ID, 10))
	if err != nil {
		return err
	}
	all, err := records.CitizenFilings(ctx, owner.ID)
	if err != nil || len(all) == 0 {
		return errors.Join(err, errors.New("the first citizen filed nothing"))
	}
	d, err := records.View(ctx, all[0].ID, channel, strconv.FormatInt(w.sho(all[0].Station), 10))
	if err != nil {
		return err
	}
	// The same filed again, behind the citizen's back: doubled, never told, without a card.
	again := store.NewFiling{
		Dialog: "a dialog that was not", Service: d.Service, Prefix: "SH", Citizen: owner.ID, Applicant: d.Applicant, Channel: channel,
		Chat: strconv.FormatInt(first.ID, 10), Lang: "hi", Station: d.Station, Details: d.Details, Confirmed: true,
	}
	if _, err := records.File(ctx, again); err != nil {
		return err
	}
	// Filed in another's name.
	again.Dialog, again.Citizen = "another", stranger.ID
	if _, err := records.File(ctx, again); err != nil {
		return err
	}
	for _, statement := range []string{
		`delete from events where kind = 'acknowledged' and filing = (select min(id) from filings where status = 'acknowledged')`,
		`update filings set status = 'acknowledged' where status = 'sent'`,
		`insert into dead_messages (channel, kind, size) values ('telegram', 'text', 1)`,
		`update river_job set state = 'available', finalized_at = null, attempted_at = null, scheduled_at = now() - interval '1 hour'
			where id = (select max(id) from river_job)`,
	} {
		if _, err := records.Pool().Exec(ctx, statement); err != nil {
			return err
		}
	}
	// Told a number that is nowhere, and a word of another's; a card in a chat where it does not belong.
	for chat, text := range map[int64]string{
		first.ID:         "नंबर: KS 0000 0000 000",
		second.ID:        first.self.mark,
		w.others(d).ID(): "नंबर: " + d.Number,
	} {
		body, err := json.Marshal(map[string]any{"chat_id": chat, "text": text})
		if err != nil {
			return err
		}
		resp, err := http.Post(w.front.apiURL+"/bot"+w.telegram.Token()+"/sendMessage", "application/json", bytes.NewReader(body))
		if err != nil {
			return err
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("telling chat %d: %s", chat, resp.Status)
		}
	}
	_ = w.front.hook.Close()
	first.Say("कोई है?") // and nobody is
	delete(second.told, second.stories[0].mark)
	return os.WriteFile(w.replicas[0].log, []byte("panic: on purpose\n"), 0o600)
}

// sho is the Telegram id of a station's SHO.
func (w *world) sho(station string) int64 {
	for _, s := range w.stations {
		if s.code == station {
			return s.sho.ID
		}
	}
	return 0
}

// others is the group of a station that has nothing to do with a filing.
func (w *world) others(d store.Details) *telegramtest.Group {
	for _, s := range w.stations {
		if s.code != d.Station && s.group != nil {
			return s.group
		}
	}
	return nil
}

// soak runs a short one. What it prints comes with a failure.
func soak(t *testing.T, fault string, tamper func(context.Context, *world) error) *report {
	t.Helper()
	var out strings.Builder
	r, err := run(t.Context(), options{
		dialogs: 12, replicas: 3, storm: 6 * time.Second, drain: 2 * time.Minute, seed: 1, fault: fault, binary: program, tamper: tamper,
	}, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	r.print(&out)
	t.Log(out.String())
	return r
}
