package store_test

import (
	"errors"
	"testing"
	"time"

	"nagrik/store"
)

// claim claims a notice that can be claimed.
func (f *fixture) claim(id int64) store.Notice {
	f.t.Helper()
	n, ok, err := f.Claim(f.ctx, id, time.Minute)
	f.ok(err)
	if !ok {
		f.t.Fatalf("notice %d cannot be claimed", id)
	}
	return n
}

func TestCardsThatGoTogether(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	f.officer(store.SP, "", arariaDist)
	var first int64
	for i := range 8 {
		_, _, filed := f.filesFor("lost_property")
		if i == 0 {
			first = one[int64](f, `select id from notices where filing = $1`, filed.ID)
		}
		n := f.claim(first)
		stormy, err := f.Storm(f.ctx, n)
		f.ok(err)
		if stormy != (i >= 5) {
			t.Errorf("with %d cards a storm is %v", i+1, stormy)
		}
		f.exec(`update notices set state = 'pending', lease_token = null, lease_until = null where id = $1`, first)
	}
	citizen, chat := f.citizen()
	urgent, child := filing(citizen, chat), filing(citizen, chat)
	urgent.Urgent = true
	f.file(urgent)
	child.Sensitive = true
	f.file(child)
	withdrawn := f.file(filing(citizen, chat))
	f.ok(f.Withdraw(f.ctx, citizen, withdrawn.ID, "x"))

	late := f.claim(first)
	f.exec(`update notices set lease_until = now() - interval '1 second' where id = $1`, first)
	n := f.claim(first)
	others, err := f.Gather(f.ctx, n, time.Minute)
	f.ok(err)
	if len(others) != 8 { // seven, and the sensitive one, which is for the SHO: neither the urgent nor the withdrawn
		t.Errorf("%d others", len(others))
	}
	again, err := f.Gather(f.ctx, late, time.Minute)
	f.ok(err)
	if len(again) != 0 {
		t.Errorf("%d were gathered twice", len(again))
	}
	if err := f.SentTogether(f.ctx, late); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("the late one marked them sent: %v", err)
	}
	f.ok(f.Scatter(f.ctx, n))
	same(t, "given back", int64(10), one[int64](f, `select count(*) from notices where state = 'pending' and attempt = 0`))
	_, err = f.Gather(f.ctx, n, time.Minute)
	f.ok(err)
	f.ok(f.SentTogether(f.ctx, n))
	if err := f.SentTogether(f.ctx, n); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("sent twice: %v", err)
	}
	same(t, "named", int64(9), one[int64](f, `select count(*) from cards where message = ''`))
	same(t, "left", int64(2), one[int64](f, `select count(*) from notices where state = 'pending'`))
	// A minute without cards, and the next one comes alone.
	f.exec(`delete from notices where state = 'pending'`)
	f.exec(`update notices set sent_at = sent_at - interval '61 seconds'`)
	f.filesFor("lost_property")
	for _, n := range f.claimAll() {
		if stormy, err := f.Storm(f.ctx, n); err != nil || stormy {
			t.Errorf("the storm goes on, %v", err)
		}
	}

	// Cards are opened five at a time, by who may see them.
	for _, want := range [][2]int{{5, 4}, {4, 0}, {0, 0}} {
		opened, left, err := f.OpenListed(f.ctx, firstChannel, sho, sho, 5)
		f.ok(err)
		same(t, "opened and left", want, [2]int{opened, left})
	}
	f.exec(`update notices set state = 'failed' where kind = 'card'`)
	for _, n := range f.deliver() {
		if n.Kind != store.NoticeCardOpen || n.Chat != sho {
			t.Errorf("%s for %s", n.Kind, n.Chat)
		}
	}
	same(t, "named only", int64(0), one[int64](f, `select count(*) from cards where message = ''`))
	f.exec(`update cards set message = ''`)
	if opened, left, err := f.OpenListed(f.ctx, firstChannel, sho, "stranger", 5); err != nil || opened != 0 || left != 0 {
		t.Errorf("a stranger opened %d of %d cards, %v", opened, left, err)
	}
	// Whoever leaves, what was only named goes to the next audience too.
	f.ok(f.Unreachable(f.ctx, firstChannel, sho))
	same(t, "at the SP's", int64(9), one[int64](f, `select count(*) from notices n where kind = 'card' and state = 'pending'`))
}
