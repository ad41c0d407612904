package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"nagrik/store"
	"nagrik/store/embedded/testdb"
	"nagrik/store/seal"
)

var testKEK = seal.NewKEK()

func TestMain(m *testing.M) {
	os.Exit(testdb.Main(m, func(ctx context.Context, url string) error {
		if err := store.Migrate(ctx, url, testKEK); err != nil {
			return err
		}
		s, err := store.Open(ctx, url, testKEK, store.Options{Conns: 2, JobConns: 2})
		if err != nil {
			return err
		}
		defer s.Close()
		return s.LoadReference(ctx)
	}))
}

// fixture is a store on a database of its own.
type fixture struct {
	*store.Store
	t   *testing.T
	ctx context.Context
	url string
}

func open(t *testing.T) *fixture {
	t.Helper()
	t.Parallel()
	url := testdb.Database(t)
	s, err := store.Open(t.Context(), url, testKEK, store.Options{Conns: 12, JobConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{Store: s, t: t, ctx: t.Context(), url: url}
	t.Cleanup(func() {
		f.checkRows()
		s.Close()
	})
	return f
}

// checkRows looks, after whatever a test did, whether filings say of themselves what their clocks and events do.
func (f *fixture) checkRows() {
	ctx := context.WithoutCancel(f.ctx)
	for what, query := range map[string]string{
		"are due at another time than their clocks say": `
			select count(*) from filings f left join lateral (
				select k.due_at, k.kind from clocks k
				where k.filing = f.id and k.ended_at is null and k.paused_at is null and k.kind <> 'progress'
				order by k.due_at, k.kind limit 1
			) k on true
			where (f.due_at, f.due_clock) is distinct from (k.due_at, k.kind)`,
		"have another officer than who acted last": `
			select count(*) from filings f where f.handler is distinct from (
				select p.officer from events e join posts p on p.id = e.post where e.filing = f.id order by e.ver desc limit 1)`,
		"were acknowledged, or not, but say otherwise": `
			select count(*) from filings f
			where f.acknowledged_at is null = exists (select from events e where e.filing = f.id and e.kind = 'acknowledged' and e.actor = 'officer')`,
	} {
		var n int
		if err := f.Pool().QueryRow(ctx, query).Scan(&n); err != nil || n != 0 {
			f.t.Errorf("%d filings %s (%v)", n, what, err)
		}
	}
}

func (f *fixture) ok(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// exec changes the database behind the store's back.
func (f *fixture) exec(sql string, args ...any) int64 {
	f.t.Helper()
	tag, err := f.Pool().Exec(f.ctx, sql, args...)
	f.ok(err)
	return tag.RowsAffected()
}

// one reads a single value.
func one[T any](f *fixture, sql string, args ...any) T {
	f.t.Helper()
	rows, _ := f.Pool().Query(f.ctx, sql, args...)
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	f.ok(err)
	return v
}

// Two stations of one district, and one of another.
const (
	araria       = "5140003"
	sikti        = "5140012"
	arariaDist   = "5140"
	aurangabad   = "5137019"
	firstChannel = "telegram"
)

var counter atomic.Int64

// citizen verifies a new chat and returns the citizen and the chat.
func (f *fixture) citizen() (id, chat string) {
	f.t.Helper()
	n := counter.Add(1)
	chat = fmt.Sprintf("chat-%d", n)
	id, err := f.Verify(f.ctx, firstChannel, chat, fmt.Sprintf("+9198%08d", n))
	f.ok(err)
	return id, chat
}

// filing is a filing that a citizen is about to make at station Araria.
func filing(citizen, chat string) store.NewFiling {
	n := counter.Add(1)
	return store.NewFiling{
		Dialog: fmt.Sprintf("dialog-%d", n), Service: "complaint", Prefix: "SH",
		Citizen: citizen, Channel: firstChannel, Chat: chat, Lang: "hi", Station: araria,
		Applicant: store.Profile{Name: "कौशल्या देवी", Father: "राम प्रसाद", Phone: "+919800000000"},
		Details:   json.RawMessage(fmt.Sprintf(`{"what":"मोबाइल चोरी %d"}`, n)),
	}
}

// file files and returns the answer. The receipt, which has tests of its own, is out of the way.
func (f *fixture) file(n store.NewFiling) store.Filed {
	f.t.Helper()
	filed, err := f.File(f.ctx, n)
	f.ok(err)
	f.exec(`with receipt as (delete from notices where filing = $1 and kind = 'receipt' returning id)
		delete from river_job j using receipt where (j.args ->> 'notice')::bigint = receipt.id`, filed.ID)
	return filed
}

// officer gives someone new a post and returns it with the sender, whose
// private chat has the same id. The digest of what is open there, which has tests of
// its own, is out of the way.
func (f *fixture) officer(role store.Role, station, district string) (store.Post, string) {
	f.t.Helper()
	post, sender := f.appoint(role, station, district)
	f.exec(`with digest as (delete from notices where post = $1 returning id)
		delete from river_job j using digest where j.kind = 'deliver' and (j.args ->> 'notice')::bigint = digest.id`, post.ID)
	return post, sender
}

func (f *fixture) appoint(role store.Role, station, district string) (store.Post, string) {
	f.t.Helper()
	code, err := f.Invite(f.ctx, store.Seat{Role: role, Station: station, District: district}, "test")
	f.ok(err)
	sender := fmt.Sprintf("officer-%d", counter.Add(1))
	post, err := f.Redeem(f.ctx, code, firstChannel, sender, sender, "दारोगा "+sender)
	f.ok(err)
	return post, sender
}

// group binds a new group to a station and returns its chat.
func (f *fixture) group(station, sender string) string {
	f.t.Helper()
	code, err := f.InviteGroup(f.ctx, station, "test")
	f.ok(err)
	group := fmt.Sprintf("-100%d", counter.Add(1))
	_, err = f.BindGroup(f.ctx, code, firstChannel, group, sender)
	f.ok(err)
	return group
}

// claimAll claims all pending notices. It is day: news that wait for the morning are among them.
func (f *fixture) claimAll() []store.Notice {
	f.t.Helper()
	f.exec(`update notices set next_at = now() where state = 'pending' and kind = 'status' and next_at > now()`)
	rows, _ := f.Pool().Query(f.ctx, `select id from notices where state = 'pending' order by id`)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	f.ok(err)
	var notices []store.Notice
	for _, id := range ids {
		n, ok, err := f.Claim(f.ctx, id, time.Minute)
		f.ok(err)
		if !ok {
			f.t.Fatalf("pending notice %d cannot be claimed", id)
		}
		notices = append(notices, n)
	}
	return notices
}

// deliver claims all pending notices and records them as sent.
func (f *fixture) deliver() []store.Notice {
	f.t.Helper()
	notices := f.claimAll()
	for i, n := range notices {
		message := n.Card
		if message == "" {
			message = fmt.Sprintf("message-%d", n.ID)
		}
		f.ok(f.Sent(f.ctx, n, message))
		notices[i].Card = message
	}
	return notices
}

// chats lists "kind chat" of notices, in order.
func summary(notices []store.Notice) []string {
	var out []string
	for _, n := range notices {
		out = append(out, n.Kind+" "+n.Chat)
	}
	return out
}

// jobs counts the jobs that send notices.
func (f *fixture) jobs() int64 {
	return one[int64](f, `select count(*) from river_job where kind = 'deliver'`)
}
