package store_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"nagrik/store"
)

func TestExpire(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "") // used an invitation
	citizen, chat := f.citizen()
	for range 4 {
		f.file(filing(citizen, chat))
	}
	f.deliver()
	n := filing(citizen, chat)
	n.Station = aurangabad
	f.file(n) // waits for an officer
	for range 3 {
		f.ok(f.DeadMessage(f.ctx, firstChannel, "text", 1))
		_, err := f.Invite(f.ctx, store.Seat{Role: store.SHO, Station: araria}, "test")
		f.ok(err)
	}
	f.exec(`update notices set created_at = now() - interval '91 days' where id <> (select min(id) from notices)`)
	f.exec(`update notices set state = 'failed', reason = 'refused' where id = (select min(id) + 1 from notices)`)
	f.exec(`update notices set created_at = now() - interval '89 days' where id = (select min(id) from notices)`)
	f.exec(`update dead_messages set at = now() - interval '31 days' where id <> (select min(id) from dead_messages)`)
	f.exec(`update invitations set used_at = now() - interval '31 days' where used_at is not null`)
	f.exec(`update invitations set expires_at = now() - interval '31 days' where code = (select code from invitations where used_at is null order by code limit 1)`)
	f.exec(`update invitations set expires_at = now() - interval '29 days' where code = (select code from invitations where used_at is null order by code desc limit 1)`)

	// What another replica has in hand is left to it.
	tx, err := f.Pool().Begin(f.ctx)
	f.ok(err)
	defer func() { _ = tx.Rollback(f.ctx) }()
	_, err = tx.Exec(f.ctx, `select from dead_messages where id = (select max(id) from dead_messages) for update`)
	f.ok(err)
	f.ok(f.Expire(f.ctx))
	count := func(table string) int64 {
		return one[int64](f, `select count(*) from `+pgx.Identifier{table}.Sanitize())
	}
	if n := count("dead_messages"); n != 2 {
		t.Errorf("%d dead messages, one old one in other hands", n)
	}
	f.ok(tx.Rollback(f.ctx))
	for range 2 {
		f.ok(f.Expire(f.ctx))
	}
	for table, want := range map[string]int64{"notices": 2, "dead_messages": 1, "invitations": 2, "filings": 5, "cards": 4, "posts": 1} {
		if n := count(table); n != want {
			t.Errorf("%d %s are left, want %d", n, table, want)
		}
	}
	if got := one[[]string](f, `select array_agg(state order by state) from notices`); !slices.Equal(got, []string{"sent", "waiting"}) {
		t.Errorf("notices %v are left", got)
	}
	if posts, err := f.Posts(f.ctx, firstChannel, sho); err != nil || len(posts) != 1 {
		t.Errorf("the officer's posts are %+v, %v", posts, err)
	}
}

func TestRunJobsExpires(t *testing.T) {
	f := open(t)
	f.ok(f.DeadMessage(f.ctx, firstChannel, "text", 1))
	f.exec(`update dead_messages set at = now() - interval '31 days'`)
	stop, err := f.RunJobs(f.ctx, func(context.Context, int64) error { return nil }, store.JobOptions{Workers: 1})
	f.ok(err)
	for f.ctx.Err() == nil && one[int64](f, `select count(*) from dead_messages`) != 0 {
		time.Sleep(5 * time.Millisecond)
	}
	f.ok(stop(context.WithoutCancel(f.ctx)))
}

// receive notes evidence files that came some days ago.
func (f *fixture) receive(daysAgo int, ids ...string) {
	f.t.Helper()
	for _, id := range ids {
		f.ok(f.ReceiveMedia(f.ctx, evidence(id)))
		f.exec(`update media set received_at = now() - $2 * interval '1 day', last_received = now() - $2 * interval '1 day' where id = $1`, id, daysAgo)
	}
}

func evidence(id string) store.Media {
	return store.Media{ID: id, SHA256: bytes.Repeat([]byte{9}, 32), Kind: "photo", MIME: "image/jpeg", Size: 1, ReceivedAt: time.Now()}
}

func (f *fixture) received() []string {
	f.t.Helper()
	return one[[]string](f, `select coalesce(array_agg(id order by id), '{}') from media`)
}

func TestStrayMedia(t *testing.T) {
	f := open(t)
	f.receive(31, "again", "filed", "stray 1", "stray 2")
	f.receive(29, "young")
	citizen, chat := f.citizen()
	n := filing(citizen, chat)
	n.Media = []store.Media{evidence("filed")}
	f.file(n)
	f.ok(f.ReceiveMedia(f.ctx, evidence("again")))

	down := errors.New("the bucket is away")
	if n, err := f.ForgetStrayMedia(f.ctx, func(context.Context, string) error { return down }); n != 0 || !errors.Is(err, down) {
		t.Errorf("%d forgotten, %v", n, err)
	}
	if got := f.received(); len(got) != 5 {
		t.Errorf("after a failure %v are known", got)
	}
	var deleted []string
	forget := func(_ context.Context, id string) error { deleted = append(deleted, id); return nil }
	for _, want := range []int{2, 0} {
		if n, err := f.ForgetStrayMedia(f.ctx, forget); err != nil || n != want {
			t.Errorf("%d forgotten, %v, want %d", n, err, want)
		}
	}
	slices.Sort(deleted)
	if !slices.Equal(deleted, []string{"stray 1", "stray 2"}) {
		t.Errorf("deleted %v", deleted)
	}
	if got := f.received(); !slices.Equal(got, []string{"again", "filed", "young"}) {
		t.Errorf("known are %v", got)
	}
}

// A file that comes again while it is being forgotten is noted once that is done, so that its
// bytes are stored after the old ones were deleted.
func TestStrayMediaThatComesAgain(t *testing.T) {
	f := open(t)
	f.receive(31, "stray")
	noted := make(chan error, 1)
	n, err := f.ForgetStrayMedia(f.ctx, func(context.Context, string) error {
		go func() { noted <- f.ReceiveMedia(f.ctx, evidence("stray")) }()
		waits := `select exists (select from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into media%' and datname = current_database())`
		for f.ctx.Err() == nil && !one[bool](f, waits) {
			select {
			case err := <-noted:
				t.Errorf("it was noted before its old bytes were gone (%v)", err)
				return nil
			case <-time.After(5 * time.Millisecond):
			}
		}
		return nil
	})
	if n != 1 || err != nil {
		t.Fatalf("%d forgotten, %v", n, err)
	}
	f.ok(<-noted)
	if got := f.received(); !slices.Equal(got, []string{"stray"}) {
		t.Errorf("known are %v", got)
	}
	// And one that comes again before it is its turn stays.
	f.receive(31, "stray", "stray too")
	n, err = f.ForgetStrayMedia(f.ctx, func(ctx context.Context, id string) error {
		other := map[string]string{"stray": "stray too", "stray too": "stray"}[id]
		return f.ReceiveMedia(ctx, evidence(other))
	})
	if n != 1 || err != nil || len(f.received()) != 1 {
		t.Errorf("%d forgotten, %v, known are %v", n, err, f.received())
	}
}

func TestJobCounts(t *testing.T) {
	f := open(t)
	if counts, oldest, err := f.JobCounts(f.ctx); err != nil || len(counts) != 0 || oldest != 0 {
		t.Errorf("counts %v, %v s, %v", counts, oldest, err)
	}
	f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	for range 3 {
		f.file(filing(citizen, chat))
	}
	f.exec(`delete from river_job where kind in ('clock', 'match')`)
	f.exec(`update river_job set scheduled_at = now() - interval '1 hour' where id = (select min(id) from river_job)`)
	f.exec(`update river_job set scheduled_at = now() + interval '1 hour', state = 'scheduled' where id = (select max(id) from river_job)`)
	counts, oldest, err := f.JobCounts(f.ctx)
	if err != nil || counts["available"] != 2 || counts["scheduled"] != 1 || oldest < 3600 {
		t.Errorf("counts %v, %v s, %v", counts, oldest, err)
	}
}
