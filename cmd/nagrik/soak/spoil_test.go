package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

// spoil makes one of everything that must not be. It runs when the replicas are gone.
func spoil(ctx context.Context, w *world) error {
	records, err := w.records(ctx)
	if err != nil {
		return err
	}
	defer records.Close()
	first, second := w.citizens[0], w.citizens[1]
	d, err := w.spoilRecords(ctx, records, first, second)
	if err != nil {
		return err
	}
	// Told a number that is nowhere, and a word of another's; a card in a chat where it does not belong.
	for chat, text := range map[int64]string{
		first.ID:         "नंबर: KS 0000 0000 000",
		second.ID:        first.self.mark,
		w.others(d).ID(): "नंबर: " + d.Number,
	} {
		if err := w.tell(chat, text); err != nil {
			return err
		}
	}
	_ = w.front.hook.Close()
	first.Say("कोई है?") // and nobody is
	second.stories[0].told = false

	rnd := rand.New(rand.NewPCG(1, 1))
	sho := w.stations[0].sho
	sho.errands = append(sho.errands, &errand{
		officer: sho, action: "note", number: d.Number, mark: mark(rnd), events: []string{store.Note}, told: true,
	})
	first.added = append(first.added, &addition{kind: string(store.Withdrawn), number: d.Number, told: true},
		&addition{kind: "fir_copy", number: d.Number, fir: &entry{number: 1}, told: true, given: true, from: len(first.Inbox())})
	tip := &story{matter: matter{service: "tip"}, mark: mark(rnd), told: true, codes: []string{records.ClaimCode("a draft that was not")}}
	first.stories = append(first.stories, tip)
	return w.leaveTraces(ctx, tip.mark, first.self.mark)
}

// spoilRecords spoils what the records say, and gives a filing of the first citizen's.
func (w *world) spoilRecords(ctx context.Context, records *store.Store, first, second *citizen) (d store.Details, err error) {
	owner, _, err := records.Recall(ctx, channel, strconv.FormatInt(first.ID, 10))
	if err != nil {
		return d, err
	}
	stranger, _, err := records.Recall(ctx, channel, strconv.FormatInt(second.ID, 10))
	if err != nil {
		return d, err
	}
	all, err := records.CitizenFilings(ctx, owner.ID)
	if err != nil || len(all) == 0 {
		return d, errors.Join(err, errors.New("the first citizen filed nothing"))
	}
	filing, err := w.view(ctx, records, all[0].ID, all[0].Station)
	if err != nil {
		return d, err
	}
	d = filing.Details
	// The same filed again, behind the citizen's back: doubled, never told, without a card.
	again := store.NewFiling{
		Dialog: "a dialog that was not", Service: d.Service, Prefix: "SH", Citizen: owner.ID, Applicant: d.Applicant, Channel: channel,
		Chat: strconv.FormatInt(first.ID, 10), Lang: "hi", Station: d.Station, Details: d.Details, Confirmed: true,
	}
	if _, err := records.File(ctx, again); err != nil {
		return d, err
	}
	// Filed in another's name.
	again.Dialog, again.Citizen = "another", stranger.ID
	if _, err := records.File(ctx, again); err != nil {
		return d, err
	}
	for _, statement := range []string{
		`delete from events where kind = 'acknowledged'`, // which people have been told of
		`insert into dead_messages (channel, kind, size) values ('telegram', 'text', 1)`,
		`update river_job set state = 'available', finalized_at = null, attempted_at = null, scheduled_at = now() - interval '1 hour'
			where id = (select max(id) from river_job)`,
		// A result that nobody heard of; an act done twice; steps of clocks before their time, twice, and left out.
		`insert into events (filing, filed_at, ver, kind, actor)
			select id, created_at, 1000 + n, kind, 'system'
			from filings, unnest(array['verified', 'signed', 'signed', 'reminded', 'overdue', 'overdue', 'fir_registered']) with ordinality as made (kind, n)
			where number = '` + d.Number + `'`,
		// Taken over from nowhere; with an FIR that the register lacks; never matched, and matched without a card.
		`insert into events (filing, filed_at, ver, kind, actor) select id, created_at, 1100, 'transfer_accepted', 'system' from filings where number = '` + d.Number + `'`,
		`update filings set fir = '1/2026' where number = '` + d.Number + `'`,
		`insert into match_due (filing) select id from filings where number = '` + d.Number + `'`,
		`insert into matches (lost, lost_n, filing, found_n, person, body, exact, score, alike)
			select min(id), 0, max(id), 0, true, false, false, 1, '{}' from filings where citizen is not null and closed_at is null`,
		`update clocks set ended_at = null, paused_at = null, next_at = now() - interval '1 hour' where filing = (select min(filing) from clocks)`,
	} {
		if _, err := records.Pool().Exec(ctx, statement); err != nil {
			return d, err
		}
	}
	return d, nil
}

// tell sends a text to a chat, as the program does.
func (w *world) tell(chat int64, text string) error {
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
	return nil
}

// leaveTraces leaves a word of a tip's in both Redis, and another in a log in which a replica crashes.
func (w *world) leaveTraces(ctx context.Context, secret, word string) error {
	failure := fmt.Sprintf(`{"time":%q,"level":"ERROR","msg":"telegram: an update failed and will come again","error":"on purpose"}`+"\n",
		w.peace.Add(time.Minute).Format(time.RFC3339Nano))
	return errors.Join(
		w.tips.do(ctx, func(c *redis.Client) error { return c.Set(ctx, "left", secret, 0).Err() }),
		os.WriteFile(filepath.Join(w.dir, "redis", "left"), []byte(secret), 0o600),
		os.WriteFile(w.replicas[0].log, []byte("panic: on purpose, by "+word+"\n"+strings.Repeat(failure, failedOften)), 0o600),
	)
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
