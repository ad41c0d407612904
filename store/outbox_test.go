package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"nagrik/store"
)

// Two replicas deliver with workers that fail, die in the middle, or are late,
// while officers and citizens act. In the end every card shows its filing as it
// is, every citizen heard of every acknowledgement, and nobody else's.
func TestOutboxUnderTrouble(t *testing.T) {
	f := open(t)
	second, err := store.Open(f.ctx, f.url, testKEK, store.Options{Conns: 4, JobConns: 4})
	f.ok(err)
	defer second.Close()
	_, sho := f.officer(store.SHO, araria, "")
	_, desk := f.officer(store.DeskOfficer, araria, "")
	f.group(sikti, func() string { _, s := f.officer(store.SHO, sikti, ""); return s }())

	var mu sync.Mutex
	heard := map[string]int{} // news by chat
	var stops []func(context.Context) error
	for _, s := range []*store.Store{f.Store, second} {
		stop, err := s.RunJobs(f.ctx, func(ctx context.Context, id int64) error {
			n, ok, err := s.Claim(ctx, id, 300*time.Millisecond)
			if err != nil || !ok {
				return err
			}
			soon := 50 * time.Millisecond
			switch rand.IntN(8) {
			case 0: // dies before sending
				return nil
			case 1:
				return s.Failed(ctx, n, "busy", &soon)
			case 2: // too late: another may have it
				time.Sleep(350 * time.Millisecond)
			}
			mu.Lock()
			if n.Kind == store.NoticeStatus {
				heard[n.Chat+" "+n.Filing.Number]++
			}
			mu.Unlock()
			message := n.Card
			if message == "" {
				message = fmt.Sprintf("m%d", n.ID)
			}
			if err := s.Sent(ctx, n, message); !errors.Is(err, store.ErrLeaseLost) {
				return err
			}
			return nil
		}, store.JobOptions{Workers: 8, Sweep: 100 * time.Millisecond})
		f.ok(err)
		stops = append(stops, stop)
	}

	acknowledged := map[string]bool{}
	var wg sync.WaitGroup
	for range 8 {
		citizen, chat := f.citizen()
		wg.Go(func() {
			for i := range 6 {
				n := filing(citizen, chat)
				if i%3 == 0 {
					n.Station = sikti
				}
				filed, err := f.File(f.ctx, n)
				if err != nil {
					t.Error(err)
					return
				}
				if i%2 == 0 {
					if err := f.Add(f.ctx, citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: n.Dialog + "-more", Text: "और"}); err != nil {
						t.Error(err)
					}
				}
				for _, officer := range []string{sho, desk} { // each with a version that may be old
					act, err := second.Act(f.ctx, firstChannel, officer, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2 + rand.IntN(2)})
					if err != nil {
						t.Error(err)
					}
					if act.Outcome == store.Done {
						mu.Lock()
						acknowledged[chat+" "+filed.Number] = true
						mu.Unlock()
					}
				}
			}
		})
	}
	wg.Wait()
	for range 300 {
		if one[bool](f, `select not exists (select from notices where state <> 'sent')`) {
			break
		}
		// Time flies for what waits for the sweeper.
		f.exec(`update notices set next_at = now() - interval '11 minutes' where id in (
			select id from notices where state in ('pending', 'sending') and next_at > now() - interval '10 minutes' for update skip locked)`)
		time.Sleep(100 * time.Millisecond)
	}
	for _, stop := range stops {
		f.ok(stop(f.ctx))
	}
	if n := one[int64](f, `select count(*) from notices where state <> 'sent'`); n != 0 {
		t.Errorf("%d notices were never sent", n)
	}
	if n := one[int64](f, `select count(*) from filings f where not exists (select from cards c where c.filing = f.id)`); n != 0 {
		t.Errorf("%d filings have no card", n)
	}
	if n := one[int64](f, `select count(*) from cards c join filings f on f.id = c.filing where c.ver <> f.ver`); n != 0 {
		t.Errorf("%d cards show an old version", n)
	}
	mu.Lock()
	defer mu.Unlock()
	for key := range acknowledged {
		if heard[key] == 0 {
			t.Errorf("%s never heard", key)
		}
	}
	for key := range heard {
		if !acknowledged[key] {
			t.Errorf("%s heard of nothing that happened", key)
		}
	}
	if len(acknowledged) == 0 {
		t.Error("nothing was acknowledged: the test proves nothing")
	}
}
