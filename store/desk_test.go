package store_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

func TestAudienceOfACard(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	send := func(sensitive bool) []string {
		n := filing(citizen, chat)
		n.Sensitive = sensitive
		f.file(n)
		return summary(f.deliver())
	}
	_, sp := f.officer(store.SP, "", arariaDist)
	f.officer(store.SP, "", "5137") // another district
	f.officer(store.SHO, sikti, "") // another station
	f.officer(store.SCRB, "", "")   // the state gets no cards
	f.officer(store.Administrator, "", "")
	if diff := cmp.Diff([]string{"card " + sp}, send(false)); diff != "" {
		t.Error("nobody at the station:", diff)
	}
	_, desk := f.officer(store.DeskOfficer, araria, "")
	if diff := cmp.Diff([]string{"card " + desk}, send(false)); diff != "" {
		t.Error("a desk officer:", diff)
	}
	if diff := cmp.Diff([]string{"card " + sp}, send(true)); diff != "" {
		t.Error("sensitive, no SHO:", diff)
	}
	_, sho := f.officer(store.SHO, araria, "")
	if got := send(false); len(got) != 2 {
		t.Error("desk and SHO:", got)
	}
	group := f.group(araria, desk)
	if diff := cmp.Diff([]string{"card " + group}, send(false)); diff != "" {
		t.Error("a group:", diff)
	}
	if diff := cmp.Diff([]string{"card " + sho}, send(true)); diff != "" {
		t.Error("sensitive with a group:", diff)
	}
}

func TestCodesWorkOnce(t *testing.T) {
	f := open(t)
	code, err := f.Invite(f.ctx, store.Seat{Role: store.SHO, Station: araria}, "test")
	f.ok(err)
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	post, err := f.Redeem(f.ctx, typed, firstChannel, "one", "one", "एक")
	f.ok(err)
	if post.Role != store.SHO || post.Station != araria || post.District != arariaDist || post.Name != "एक" {
		t.Errorf("post %+v", post)
	}
	again, err := f.Redeem(f.ctx, code, firstChannel, "one", "one", "एक")
	f.ok(err)
	if again.ID != post.ID {
		t.Error("the same sender got another post")
	}
	for name, code := range map[string]string{"used": code, "unknown": "0000-0000-0000-0000", "short": "12", "empty": ""} {
		if _, err := f.Redeem(f.ctx, code, firstChannel, "two", "two", "दो"); !errors.Is(err, store.ErrCode) {
			t.Errorf("%s code: %v", name, err)
		}
	}
	late, err := f.Invite(f.ctx, store.Seat{Role: store.SP, District: arariaDist}, "test")
	f.ok(err)
	f.exec(`update invitations set expires_at = now() - interval '1 second' where used_at is null`)
	if _, err := f.Redeem(f.ctx, late, firstChannel, "two", "two", "दो"); !errors.Is(err, store.ErrCode) {
		t.Errorf("expired code: %v", err)
	}
	group, err := f.InviteGroup(f.ctx, araria, "test")
	f.ok(err)
	if _, err := f.Redeem(f.ctx, group, firstChannel, "two", "two", "दो"); !errors.Is(err, store.ErrCode) {
		t.Errorf("a group's code: %v", err)
	}
	if strings.Contains(f.dump(), code) || strings.Contains(f.dump(), strings.ReplaceAll(code, "-", "")) {
		t.Error("the code lies in the database")
	}
}

func TestOneOfManyRedeems(t *testing.T) {
	f := open(t)
	code, err := f.Invite(f.ctx, store.Seat{Role: store.SHO, Station: araria}, "test")
	f.ok(err)
	errs := make(chan error, 10)
	for i := range cap(errs) {
		go func() {
			sender := string(rune('a' + i))
			_, err := f.Redeem(f.ctx, code, firstChannel, sender, sender, sender)
			errs <- err
		}()
	}
	redeemed := 0
	for range cap(errs) {
		switch err := <-errs; {
		case err == nil:
			redeemed++
		case !errors.Is(err, store.ErrCode):
			t.Error(err)
		}
	}
	if redeemed != 1 {
		t.Errorf("%d redeemed one code", redeemed)
	}
}

func TestSeats(t *testing.T) {
	f := open(t)
	for _, seat := range []store.Seat{
		{Role: store.SHO},
		{Role: store.SP, Station: araria},
		{Role: store.SP},
		{Role: store.SCRB, District: arariaDist},
		{Role: "constable", Station: araria},
		{},
	} {
		if _, err := f.Invite(f.ctx, seat, "test"); err == nil {
			t.Errorf("invited %+v", seat)
		}
	}
	_, sender := f.officer(store.DeskOfficer, araria, "")
	code, err := f.Invite(f.ctx, store.Seat{Role: store.SHO, Station: sikti}, "test")
	f.ok(err)
	_, err = f.Redeem(f.ctx, code, firstChannel, sender, sender, "दारोगा")
	f.ok(err)
	posts, err := f.Posts(f.ctx, firstChannel, sender)
	f.ok(err)
	if len(posts) != 2 || posts[0].Role != store.SHO || posts[1].Role != store.DeskOfficer {
		t.Fatalf("posts %+v", posts)
	}
	if posts, err := f.Posts(f.ctx, "whatsapp", sender); err != nil || len(posts) != 0 {
		t.Errorf("the same id on another channel has posts %+v, %v", posts, err)
	}
	at, err := f.ListPosts(f.ctx, sikti, "")
	f.ok(err)
	if len(at) != 1 || at[0].ID != posts[0].ID {
		t.Errorf("posts at Sikti %+v", at)
	}
	f.ok(f.Revoke(f.ctx, posts[0].ID))
	if err := f.Revoke(f.ctx, posts[0].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("revoked twice: %v", err)
	}
	if posts, err = f.Posts(f.ctx, firstChannel, sender); err != nil || len(posts) != 1 {
		t.Errorf("posts %+v, %v", posts, err)
	}
}

func TestBindingAGroup(t *testing.T) {
	f := open(t)
	_, stranger := f.officer(store.SHO, sikti, "")
	_, sp := f.officer(store.SP, "", arariaDist)
	_, admin := f.officer(store.Administrator, "", "")
	code, err := f.InviteGroup(f.ctx, araria, "test")
	f.ok(err)
	for _, sender := range []string{stranger, sp, "nobody"} {
		if _, err := f.BindGroup(f.ctx, code, firstChannel, "-1", sender); !errors.Is(err, store.ErrNotAllowed) {
			t.Errorf("%s bound the group: %v", sender, err)
		}
	}
	for range 2 { // the second time is a repeated message
		station, err := f.BindGroup(f.ctx, code, firstChannel, "-1", admin)
		f.ok(err)
		if station.Code != araria || station.NameHI != "अररिया" {
			t.Errorf("station %+v", station)
		}
	}
	if _, err := f.BindGroup(f.ctx, code, firstChannel, "-2", admin); !errors.Is(err, store.ErrCode) {
		t.Errorf("bound a second group: %v", err)
	}
}

func TestWaitingCards(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	first := f.file(filing(citizen, chat))
	sensitive := filing(citizen, chat)
	sensitive.Sensitive = true
	hidden := f.file(sensitive)
	status := func(id int64) string { return one[string](f, `select status from filings where id = $1`, id) }
	if len(f.deliver()) != 0 || f.jobs() != 0 || status(first.ID) != "received" {
		t.Fatal("a card went to nobody")
	}
	_, desk := f.officer(store.DeskOfficer, araria, "")
	if diff := cmp.Diff([]string{"card " + desk}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
	if status(first.ID) != "sent" || status(hidden.ID) != "received" {
		t.Errorf("statuses %s, %s", status(first.ID), status(hidden.ID))
	}
	events, err := f.Timeline(f.ctx, first.ID)
	f.ok(err)
	if len(events) != 2 || events[1].Kind != "sent" || events[1].Ver != 2 {
		t.Errorf("events %+v", events)
	}
	if jobs := f.jobs(); jobs != 1 {
		t.Errorf("%d jobs", jobs)
	}
	_, sho := f.officer(store.SHO, araria, "")
	if diff := cmp.Diff([]string{"card " + sho}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
	other := filing(citizen, chat)
	other.Station = sikti
	f.file(other)
	_, admin := f.officer(store.Administrator, "", "")
	if len(f.deliver()) != 0 {
		t.Error("a card went to the administrator")
	}
	group := f.group(sikti, admin)
	if diff := cmp.Diff([]string{"card " + group}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
}

// A filing and a redeemed code that do not see each other: the sweeper brings them together.
func TestSweeperFindsWaitingCards(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	_, sho := f.officer(store.SHO, araria, "")
	f.exec(`update chats set reachable = false where channel = $1`, firstChannel)
	f.file(filing(citizen, chat))
	f.exec(`update chats set reachable = true`)
	f.ok(f.Sweep(f.ctx))
	if diff := cmp.Diff([]string{"card " + sho}, summary(f.deliver())); diff != "" {
		t.Error(diff)
	}
}

func TestAcknowledge(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, desk := f.officer(store.DeskOfficer, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	f.deliver()
	act, err := f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
	f.ok(err)
	if act.Outcome != store.Done || act.Repeat || act.Filing.Status != store.Acknowledged || act.Filing.Ver != 3 || act.Filing.Clock != store.ClockSignature ||
		act.By != (store.By{Role: store.SHO, Station: araria, District: arariaDist}) {
		t.Fatalf("act %+v", act)
	}
	jobs := f.jobs()
	notices := f.deliver()
	want := map[string]bool{"status " + chat: true, "card_edit " + sho: true, "card_edit " + desk: true}
	for _, n := range notices {
		if !want[n.Kind+" "+n.Chat] || n.Filing.Status != store.Acknowledged {
			t.Errorf("notice %+v", n)
		}
		delete(want, n.Kind+" "+n.Chat)
		if n.Kind == store.NoticeStatus && (n.Event.Kind != "acknowledged" || n.Event.By == nil || n.Event.By.Role != store.SHO) {
			t.Errorf("news of %+v", n.Event)
		}
		if n.Kind == store.NoticeCardEdit && (n.Card == "" || n.Shown != 2) {
			t.Errorf("edit of %q showing %d", n.Card, n.Shown)
		}
	}
	if len(want) != 0 || jobs != 5 {
		t.Errorf("missing %v, %d jobs", want, jobs)
	}

	if act, err = f.Act(f.ctx, firstChannel, sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2}); err != nil || act.Outcome != store.Done || !act.Repeat {
		t.Errorf("repeated: %+v, %v", act, err)
	}
	if act, err = f.Act(f.ctx, firstChannel, desk, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2}); err != nil || act.Outcome != store.Already || act.By.Role != store.SHO {
		t.Errorf("by another: %+v, %v", act, err)
	}
	if len(f.deliver()) != 0 {
		t.Error("a repeat made notices")
	}
	if n := one[int64](f, `select count(*) from events where filing = $1`, filed.ID); n != 3 {
		t.Errorf("%d events", n)
	}
}

func TestAcknowledgeIsRefused(t *testing.T) {
	f := open(t)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	_, elsewhere := f.officer(store.SHO, sikti, "")
	_, sp := f.officer(store.SP, "", arariaDist)
	f.group(araria, desk)
	citizen, chat := f.citizen()
	ordinary := f.file(filing(citizen, chat))
	n := filing(citizen, chat)
	n.Sensitive = true
	sensitive := f.file(n)
	for _, c := range []struct {
		name   string
		filing int64
		ver    int
		sender string
		want   store.Outcome
	}{
		{"another station", ordinary.ID, 2, elsewhere, store.NotAllowed},
		{"above the station", ordinary.ID, 2, sp, store.NotAllowed},
		{"a member of the group", ordinary.ID, 2, "nobody", store.NotAllowed},
		{"the citizen", ordinary.ID, 2, chat, store.NotAllowed},
		{"a desk officer, sensitive", sensitive.ID, 2, desk, store.NotAllowed},
		{"no such filing", 999, 2, desk, store.NotAllowed},
		{"an old version", ordinary.ID, 1, desk, store.Stale},
		{"a future version", ordinary.ID, 3, desk, store.Stale},
	} {
		act, err := f.Act(f.ctx, firstChannel, c.sender, store.Step{Action: store.ActAcknowledge, Filing: c.filing, Ver: c.ver})
		f.ok(err)
		if act.Outcome != c.want || c.want == store.NotAllowed && act != (store.Act{Outcome: store.NotAllowed}) {
			t.Errorf("%s: %+v", c.name, act)
		}
	}
	if n := one[int64](f, `select count(*) from filings where ver > 2 or status = 'acknowledged'`); n != 0 {
		t.Error("a refused action changed something")
	}
}

func TestTwoOfficersAtOnce(t *testing.T) {
	f := open(t)
	_, a := f.officer(store.SHO, araria, "")
	_, b := f.officer(store.DeskOfficer, araria, "")
	citizen, chat := f.citizen()
	for range 20 {
		filed := f.file(filing(citizen, chat))
		var wg sync.WaitGroup
		var mu sync.Mutex
		outcomes := map[store.Outcome]int{}
		for i := range 8 {
			wg.Go(func() {
				act, err := f.Act(f.ctx, firstChannel, []string{a, b}[i%2], store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				outcomes[act.Outcome]++
				if act.Outcome == store.Done && !act.Repeat {
					outcomes["first"]++
				}
			})
		}
		wg.Wait()
		if outcomes["first"] != 1 || outcomes[store.Done] != 4 || outcomes[store.Already] != 4 {
			t.Fatalf("outcomes %v", outcomes)
		}
		if n := one[int64](f, `select count(*) from events where filing = $1`, filed.ID); n != 3 {
			t.Fatalf("%d events", n)
		}
	}
}

// A post that is being revoked while its officer acts: the action waits for the
// revocation and is refused.
func TestRevokedWhileActing(t *testing.T) {
	f := open(t)
	post, sender := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	tx, err := f.Pool().Begin(f.ctx)
	f.ok(err)
	defer func() { _ = tx.Rollback(f.ctx) }()
	_, err = tx.Exec(f.ctx, `update posts set revoked_at = now() where id = $1`, post.ID)
	f.ok(err)
	type answer struct {
		act store.Act
		err error
	}
	acted := make(chan answer, 1)
	go func() {
		act, err := f.Act(f.ctx, firstChannel, sender, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
		acted <- answer{act, err}
	}()
	f.waitFor(`select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`)
	f.ok(tx.Commit(f.ctx))
	if a := <-acted; a.err != nil || a.act.Outcome != store.NotAllowed {
		t.Fatalf("act %+v, %v", a.act, a.err)
	}
	if _, err := f.View(f.ctx, filed.ID, firstChannel, sender); !errors.Is(err, store.ErrNotAllowed) {
		t.Fatalf("view: %v", err)
	}
}

// waitFor waits until a query says true.
func (f *fixture) waitFor(sql string, args ...any) {
	f.t.Helper()
	for range 500 {
		if one[bool](f, sql, args...) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	f.t.Fatalf("never true: %s", sql)
}

func TestViewRights(t *testing.T) {
	f := open(t)
	roles := map[store.Role]string{}
	for role, seat := range map[store.Role][2]string{
		store.DeskOfficer: {araria, ""}, store.SHO: {araria, ""}, store.SDPO: {"", arariaDist}, store.SP: {"", arariaDist},
		store.SCRB: {"", ""}, store.Administrator: {"", ""},
	} {
		_, roles[role] = f.officer(role, seat[0], seat[1])
	}
	_, otherStation := f.officer(store.SHO, sikti, "")
	_, otherDistrict := f.officer(store.SP, "", "5137")
	citizen, chat := f.citizen()
	for _, sensitive := range []bool{false, true} {
		n := filing(citizen, chat)
		n.Sensitive = sensitive
		filed := f.file(n)
		for role, sender := range roles {
			_, err := f.View(f.ctx, filed.ID, firstChannel, sender)
			if want := store.Allowed(store.ActView, role, sensitive); (err == nil) != want || err != nil && !errors.Is(err, store.ErrNotAllowed) {
				t.Errorf("%s, sensitive %v: %v, but allowed %v", role, sensitive, err, want)
			}
		}
		for _, sender := range []string{otherStation, otherDistrict, chat, "nobody"} {
			if _, err := f.View(f.ctx, filed.ID, firstChannel, sender); !errors.Is(err, store.ErrNotAllowed) {
				t.Errorf("%s viewed: %v", sender, err)
			}
		}
	}
	// Every view of an officer is in the audit, the refused ones too.
	views := one[int64](f, `select count(*) from audit where what = 'view' and post is not null and filing is not null`)
	refused := one[int64](f, `select count(*) from audit where what = 'view_refused' and officer is not null and filing is not null`)
	if views != 5+3 || refused != 1+3+2*2 {
		t.Errorf("%d views and %d refusals in the audit", views, refused)
	}
	if _, err := f.View(f.ctx, 999, firstChannel, roles[store.SHO]); !errors.Is(err, store.ErrNotAllowed) {
		t.Errorf("no such filing: %v", err)
	}
}

func TestAuditFindsTampering(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	filed := f.file(filing(citizen, chat))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := f.View(f.ctx, filed.ID, firstChannel, sho); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	rows, head, err := f.VerifyAudit(f.ctx)
	f.ok(err)
	if rows != 22 || len(head) != 32 { // invited, redeemed, viewed
		t.Fatalf("%d rows, head %x", rows, head)
	}
	for _, sql := range []string{`update audit set what = 'x' where seq = 5`, `delete from audit`, `truncate audit`} {
		if _, err := f.Pool().Exec(f.ctx, sql); err == nil {
			t.Errorf("%s went through", sql)
		}
	}
	for _, sql := range []string{
		`update audit set what = 'view_refused' where seq = 5`,
		`update audit set at = at + interval '1 microsecond' where seq = 5`,
		`update audit set post = null where seq = 5`,
		`update audit set filing = null where seq = 5`,
		`update audit set hash = (select hash from audit where seq = 6) where seq = 5`,
		`delete from audit where seq = 5`,
		`delete from audit where seq = 1`,
		`delete from audit where seq = 5; update audit set seq = 5 where seq = 6`,
	} {
		f.exec(`alter table audit disable trigger audit_stays; create table kept as table audit; ` + sql)
		if _, _, err := f.VerifyAudit(f.ctx); !errors.Is(err, store.ErrTampered) {
			t.Errorf("%s: %v", sql, err)
		}
		f.exec(`delete from audit; insert into audit select * from kept; drop table kept; alter table audit enable trigger audit_stays`)
		if _, _, err := f.VerifyAudit(f.ctx); err != nil {
			t.Fatalf("after mending: %v", err)
		}
	}
}

func TestWhoACardIsFor(t *testing.T) {
	f := open(t)
	_, sp := f.officer(store.SP, "", arariaDist)
	_, desk := f.officer(store.DeskOfficer, sikti, "")
	citizen, chat := f.citizen()
	ordinary := filing(citizen, chat)
	ordinary.Station = sikti
	filed := f.file(ordinary)
	district := f.file(filing(citizen, chat)) // nobody at the station
	roles := map[string][]store.Role{}
	for _, n := range f.deliver() {
		roles[n.Chat] = n.Roles
	}
	if diff := cmp.Diff(map[string][]store.Role{sp: {store.SP}, desk: {store.DeskOfficer}}, roles); diff != "" {
		t.Error("roles:", diff)
	}
	// The SP is the SHO of Sikti for a while, and of another district's station.
	var acting store.Post
	for _, station := range []string{sikti, aurangabad} {
		code, err := f.Invite(f.ctx, store.Seat{Role: store.SHO, Station: station}, "test")
		f.ok(err)
		post, err := f.Redeem(f.ctx, code, firstChannel, sp, sp, "")
		f.ok(err)
		if station == sikti {
			acting = post
		}
	}
	check := func(filing int64, sender string, want ...store.Role) {
		t.Helper()
		got, err := f.RolesAt(f.ctx, filing, firstChannel, sender)
		f.ok(err)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s is %v, not %v", sender, got, want)
		}
	}
	check(filed.ID, sp, store.SHO, store.SP)
	check(district.ID, sp, store.SP)
	check(district.ID, desk)
	check(filed.ID, "stranger")
	f.ok(f.Add(f.ctx, citizen, district.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "और"}))
	for _, n := range f.deliver() {
		if n.Kind == store.NoticeDigest {
			continue // what is open at the new posts
		}
		if n.Chat != sp || !slices.Equal(n.Roles, []store.Role{store.SP}) {
			t.Errorf("%s for %s, who is %v", n.Kind, n.Chat, n.Roles)
		}
	}
	f.ok(f.Revoke(f.ctx, acting.ID))
	check(filed.ID, sp, store.SP)
	group := f.group(sikti, desk)
	next := filing(citizen, chat)
	next.Station = sikti
	f.file(next)
	if cards := f.deliver(); len(cards) != 1 || cards[0].Chat != group || !slices.Equal(slices.Sorted(slices.Values(cards[0].Roles)), []store.Role{store.DeskOfficer, store.SHO}) {
		t.Errorf("cards %+v", cards)
	}
}

func TestCardAt(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	citizen, chat := f.citizen()
	first, second := f.file(filing(citizen, chat)), f.file(filing(citizen, chat))
	messages := map[int64]string{}
	for _, n := range f.deliver() {
		messages[n.Filing.ID] = n.Card
	}
	for _, filed := range []store.Filed{first, second} {
		if id, ver, ok, err := f.CardAt(f.ctx, firstChannel, sho, messages[filed.ID]); err != nil || !ok || id != filed.ID || ver != 2 {
			t.Errorf("the card of %d is %d in version %d, %v, %v", filed.ID, id, ver, ok, err)
		}
	}
	for name, at := range map[string][3]string{
		"another chat": {firstChannel, chat, messages[first.ID]}, "another channel": {"whatsapp", sho, messages[first.ID]}, "no card": {firstChannel, sho, "x"},
	} {
		if id, _, ok, err := f.CardAt(f.ctx, at[0], at[1], at[2]); err != nil || ok || id != 0 {
			t.Errorf("%s has the card of %d, %v, %v", name, id, ok, err)
		}
	}
}
