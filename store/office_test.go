package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

func numbers(filings []store.Filing) []string {
	list := []string{}
	for _, f := range filings {
		list = append(list, f.Number)
	}
	return list
}

func (f *fixture) list(list store.DeskList, sender string) []string {
	f.t.Helper()
	filings, err := f.DeskFilings(f.ctx, list, firstChannel, sender)
	f.ok(err)
	return numbers(filings)
}

func TestDeskLists(t *testing.T) {
	f := open(t)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	_, sho := f.officer(store.SHO, araria, "")
	_, other := f.officer(store.SHO, sikti, "")
	_, sp := f.officer(store.SP, "", arariaDist)
	_, far := f.officer(store.SP, "", "5137")
	_, scrb := f.officer(store.SCRB, "", "")
	_, administrator := f.officer(store.Administrator, "", "")
	citizen, chat := f.citizen()
	made := func(change func(*store.NewFiling)) string {
		n := filing(citizen, chat)
		change(&n)
		return f.file(n).Number
	}
	first := made(func(*store.NewFiling) {})
	late := made(func(*store.NewFiling) {})
	urgent := made(func(n *store.NewFiling) { n.Urgent = true })
	secret := made(func(n *store.NewFiling) { n.Sensitive = true })
	nowhere := made(func(n *store.NewFiling) { n.Station, n.District = "", arariaDist })
	elsewhere := made(func(n *store.NewFiling) { n.Station = sikti })
	f.exec(`update clocks set due_at = now() - interval '1 hour' where filing = (select id from filings where number = $1)`, late)

	for _, c := range []struct {
		who  string
		want []string
	}{
		{desk, []string{urgent, late, first}},
		{sho, []string{urgent, late, first, secret}},
		{other, []string{elsewhere}},
		{sp, []string{urgent, late, first, secret, nowhere, elsewhere}},
		{scrb, []string{urgent, late, first, nowhere, elsewhere}},
		{far, []string{}},
		{administrator, []string{}},
		{"stranger", []string{}},
	} {
		if diff := cmp.Diff(c.want, f.list(store.ListNew, c.who)); diff != "" {
			t.Errorf("the new ones of %s: %s", c.who, diff)
		}
		overdue := []string{}
		if slices.Contains(c.want, late) {
			overdue = append(overdue, late)
		}
		if diff := cmp.Diff(overdue, f.list(store.ListOverdue, c.who)); diff != "" {
			t.Errorf("the overdue ones of %s: %s", c.who, diff)
		}
	}
	act := func(who, number string, what store.Action) {
		t.Helper()
		found, _, err := f.OfficerFilingByNumber(f.ctx, number, firstChannel, who)
		f.ok(err)
		done, err := f.Act(f.ctx, firstChannel, who, store.Step{Action: what, Filing: found.ID, Dialog: string(what) + number + who, Note: "कुछ"})
		f.ok(err)
		if done.Outcome != store.Done {
			t.Fatalf("%s by %s: %s", what, who, done.Outcome)
		}
	}
	act(desk, first, store.ActAcknowledge)
	act(desk, late, store.ActAcknowledge)
	act(sho, late, store.ActNote)
	for who, want := range map[string][]string{desk: {first}, sho: {late}, sp: {}, other: {}} {
		if diff := cmp.Diff(want, f.list(store.ListMine, who)); diff != "" {
			t.Errorf("those of %s: %s", who, diff)
		}
	}
	if got := f.list(store.ListNew, desk); !cmp.Equal(got, []string{urgent}) {
		t.Errorf("after acknowledging the new ones are %v", got)
	}
	act(desk, first, store.ActClose)
	if got := f.list(store.ListMine, desk); len(got) != 0 {
		t.Errorf("a closed one is still at work: %v", got)
	}
	// An officer with two posts sees both places, once.
	code, err := f.Invite(f.ctx, store.Seat{Role: store.SHO, Station: sikti}, "test")
	f.ok(err)
	_, err = f.Redeem(f.ctx, code, firstChannel, sp, sp, "एसपी")
	f.ok(err)
	if got := f.list(store.ListNew, sp); len(got) != 4 || len(slices.Compact(got)) != 4 {
		t.Errorf("with two posts: %v", got)
	}
	if _, err := f.DeskFilings(f.ctx, "other", firstChannel, sp); err == nil {
		t.Error("there is no such list")
	}
}

func (f *fixture) audited(what string) int {
	return one[int](f, `select count(*) from audit where what = $1`, what)
}

func TestSearch(t *testing.T) {
	f := open(t)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	_, sho := f.officer(store.SHO, araria, "")
	_, other := f.officer(store.SHO, sikti, "")
	_, scrb := f.officer(store.SCRB, "", "")
	_, administrator := f.officer(store.Administrator, "", "")
	citizen, err := f.Verify(f.ctx, firstChannel, "chat", "+919811111111")
	f.ok(err)
	made := func(change func(*store.NewFiling)) string {
		n := filing(citizen, "chat")
		change(&n)
		return f.file(n).Number
	}
	named := made(func(n *store.NewFiling) {
		n.NameParts = []string{"ksl", "rmprsd", "mprsd"}
		n.Identifiers = []store.Identifier{{Kind: "imei", Value: "356938035643809"}, {Kind: "phone", Value: "+919822222222"}}
	})
	secret := made(func(n *store.NewFiling) { n.Sensitive, n.NameParts = true, []string{"ksl"} })
	search := func(who string, what store.Sought) []string {
		t.Helper()
		found, err := f.Search(f.ctx, firstChannel, who, what)
		f.ok(err)
		return numbers(found.Filings)
	}
	imei := store.Sought{Identifiers: []store.Identifier{{Kind: "document", Value: "356938035643809"}, {Kind: "imei", Value: "356938035643809"}}}
	for _, c := range []struct {
		what string
		who  string
		for_ store.Sought
		want []string
	}{
		{"number", desk, store.Sought{Number: named}, []string{named}},
		{"number elsewhere", other, store.Sought{Number: named}, []string{}},
		{"number in the state", scrb, store.Sought{Number: named}, []string{named}},
		{"sensitive number", desk, store.Sought{Number: secret}, []string{}},
		{"sensitive number, SHO", sho, store.Sought{Number: secret}, []string{secret}},
		{"IMEI", desk, imei, []string{named}},
		{"IMEI elsewhere", other, imei, []string{}},
		{"a phone in the form", desk, store.Sought{Identifiers: []store.Identifier{{Kind: "phone", Value: "+919822222222"}}}, []string{named}},
		{"who filed", sho, store.Sought{Identifiers: []store.Identifier{{Kind: "phone", Value: "+919811111111"}}}, []string{secret, named}},
		{"who filed, for the desk", desk, store.Sought{Identifiers: []store.Identifier{{Kind: "phone", Value: "+919811111111"}}}, []string{named}},
		{"name", desk, store.Sought{Names: [][]string{{"ksl"}}}, []string{named}},
		{"name, two parts", sho, store.Sought{Names: [][]string{{"ksl"}, {"rmprsd"}}}, []string{named}},
		{"name with a mistake", desk, store.Sought{Names: [][]string{{"mkprsd", "mprsd"}}}, []string{named}},
		{"half of a name", desk, store.Sought{Names: [][]string{{"ksl"}, {"gt"}}}, []string{}},
		{"two of three parts", desk, store.Sought{Names: [][]string{{"ksl"}, {"gt"}, {"rmprsd"}}}, []string{named}},
		{"name elsewhere", other, store.Sought{Names: [][]string{{"ksl"}}}, []string{}},
		{"name in the state", scrb, store.Sought{Names: [][]string{{"ksl"}}}, []string{named}},
		{"nothing", desk, store.Sought{}, []string{}},
	} {
		before := f.audited("search")
		if diff := cmp.Diff(c.want, search(c.who, c.for_)); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
		if f.audited("search") != before+1 {
			t.Errorf("%s left no trace", c.what)
		}
	}
	for _, who := range []string{administrator, "stranger"} {
		if _, err := f.Search(f.ctx, firstChannel, who, store.Sought{Number: named}); !errors.Is(err, store.ErrNotAllowed) {
			t.Errorf("%s: %v", who, err)
		}
	}
	for range 10 {
		made(func(n *store.NewFiling) { n.NameParts = []string{"ksl"} })
	}
	found, err := f.Search(f.ctx, firstChannel, desk, store.Sought{Names: [][]string{{"ksl"}}})
	f.ok(err)
	if len(found.Filings) != 8 || !found.More {
		t.Errorf("%d of many, more: %v", len(found.Filings), found.More)
	}
	for _, word := range []string{"ksl", "rmprsd", "356938035643809", "9811111111"} {
		if strings.Contains(f.dump(), word) {
			t.Errorf("%s lies in the database", word)
		}
	}
	_, _, err = f.VerifyAudit(f.ctx)
	f.ok(err)
}

// recovered is a phone that the police at Araria recovered.
func recovered(source string) store.NewRecord {
	return store.NewRecord{
		Kind: store.RecordRecovered, Source: "desk:" + source, Dialog: source, Station: araria, On: time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC),
		What: "mobile", Identifiers: []store.Identifier{{Kind: "imei", Value: "356938035643809"}}, Details: json.RawMessage(`{"make":"सैमसंग"}`),
		Media: []store.Media{{ID: "photo-" + source, SHA256: make([]byte, 32), Kind: "photo", MIME: "image/jpeg", Size: 1, ReceivedAt: time.Now()}},
	}
}

// TestRecordRights names every cell of the table of rights of records, and holds that the store decides so.
func TestRecordRights(t *testing.T) {
	f := open(t)
	roles := []store.Role{store.DeskOfficer, store.SHO, store.SDPO, store.SP, store.SCRB, store.Administrator, "constable"}
	senders := map[store.Role]string{"constable": "stranger"}
	_, senders[store.DeskOfficer] = f.officer(store.DeskOfficer, araria, "")
	_, senders[store.SHO] = f.officer(store.SHO, araria, "")
	_, senders[store.SDPO] = f.officer(store.SDPO, "", arariaDist)
	_, senders[store.SP] = f.officer(store.SP, "", arariaDist)
	_, senders[store.SCRB] = f.officer(store.SCRB, "", "")
	_, senders[store.Administrator] = f.officer(store.Administrator, "", "")
	_, owner := f.officer(store.SHO, araria, "")
	_, state := f.officer(store.SCRB, "", "")
	want := map[store.RecordKind][3]string{ // add, correct, withdraw
		store.RecordRecovered: {"xx-----", "xx-----", "-x-x---"},
		store.RecordArrest:    {"xx-----", "xx-----", "-x-x---"},
		store.RecordBody:      {"xx-----", "xx-----", "-x-x---"},
		store.RecordPerson:    {"xx-----", "xx-----", "-x-x---"},
		store.RecordWanted:    {"---xx--", "---xx--", "---xx--"},
	}
	if len(want) != len(store.RecordKinds) {
		t.Fatal("not every kind is here")
	}
	for kind, cells := range want {
		for i, role := range roles {
			who := senders[role]
			n := recovered(string(kind) + string(role))
			n.Kind, n.Age = kind, 30
			_, err := f.AddRecord(f.ctx, firstChannel, who, n)
			f.cell(kind, store.RecordAdd, role, cells[0][i], err)

			maker := owner
			if kind == store.RecordWanted {
				maker = state
			}
			n.Source += " of another"
			r, err := f.AddRecord(f.ctx, firstChannel, maker, n)
			f.ok(err)
			n.Dialog += " corrected"
			_, err = f.CorrectRecord(f.ctx, firstChannel, who, r.Number, n)
			f.cell(kind, store.RecordCorrect, role, cells[1][i], err)
			_, err = f.WithdrawRecord(f.ctx, firstChannel, who, r.Number, n.Dialog+" withdrawn", "ग़लती से")
			f.cell(kind, store.RecordWithdraw, role, cells[2][i], err)
		}
	}
}

func (f *fixture) cell(kind store.RecordKind, act store.RecordAct, role store.Role, cell byte, err error) {
	f.t.Helper()
	allowed := cell == 'x'
	if store.RecordAllowed(act, kind, role) != allowed {
		f.t.Errorf("%s %s by %s: not as in the table here", act, kind, role)
	}
	if allowed != (err == nil) || !allowed && !errors.Is(err, store.ErrNotAllowed) {
		f.t.Errorf("%s %s by %s: %v", act, kind, role, err)
	}
}

func TestRecordsBelongToTheirPlace(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	_, other := f.officer(store.SHO, sikti, "")
	_, sp := f.officer(store.SP, "", "5137")
	r, err := f.AddRecord(f.ctx, firstChannel, sho, recovered("one"))
	f.ok(err)
	again, err := f.AddRecord(f.ctx, firstChannel, sho, recovered("one"))
	f.ok(err)
	if again.Number != r.Number || f.audited("record_add") != 1 || r.District != arariaDist {
		t.Errorf("the same again: %+v, %+v", r, again)
	}
	if _, ok := store.ParseNumber(r.Number); !ok || !strings.HasPrefix(r.Number, "BM") {
		t.Errorf("its number is %s", r.Number)
	}
	n := recovered("two")
	for _, who := range []string{other, sp} {
		for what, err := range map[string]error{
			"add":      second(f.AddRecord(f.ctx, firstChannel, who, n)),
			"correct":  second(f.CorrectRecord(f.ctx, firstChannel, who, r.Number, n)),
			"withdraw": second(f.WithdrawRecord(f.ctx, firstChannel, who, r.Number, "d", "x")),
		} {
			if !errors.Is(err, store.ErrNotAllowed) {
				t.Errorf("%s by %s: %v", what, who, err)
			}
		}
	}
	n.Station = sikti // not the corrector's
	if _, err := f.CorrectRecord(f.ctx, firstChannel, sho, r.Number, n); !errors.Is(err, store.ErrNotAllowed) {
		t.Errorf("moved to another station: %v", err)
	}
	n = recovered("three")
	n.Details, n.What, n.Media = json.RawMessage(`{"make":"नोकिया"}`), "computer", nil
	n.Identifiers = []store.Identifier{{Kind: "serial", Value: "AB12"}}
	for range 2 {
		if r, err = f.CorrectRecord(f.ctx, firstChannel, sho, r.Number, n); err != nil || r.Ver != 2 {
			t.Errorf("corrected: %+v, %v", r, err)
		}
	}
	whole, err := f.RecordByNumber(f.ctx, r.Number)
	f.ok(err)
	if string(whole.Details) != `{"make":"नोकिया"}` || whole.What != "computer" || len(whole.Media) != 0 || f.audited("record_correct") != 1 {
		t.Errorf("it says %+v", whole)
	}
	found := func(kind, value string) int {
		seen, err := f.Search(f.ctx, firstChannel, other, store.Sought{Identifiers: []store.Identifier{{Kind: kind, Value: value}}})
		f.ok(err)
		return len(seen.Records)
	}
	if found("imei", "356938035643809") != 0 || found("serial", "AB12") != 1 {
		t.Error("it is not found by what it is now")
	}
	for range 2 {
		if r, err = f.WithdrawRecord(f.ctx, firstChannel, sho, r.Number, "away", "मालिक को दे दिया"); err != nil || r.WithdrawnAt.IsZero() {
			t.Errorf("withdrawn: %+v, %v", r, err)
		}
	}
	if _, err := f.CorrectRecord(f.ctx, firstChannel, sho, r.Number, recovered("four")); !errors.Is(err, store.ErrClosed) {
		t.Errorf("corrected after that: %v", err)
	}
	if _, err := f.RecordByNumber(f.ctx, "BM00000000000"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no such record: %v", err)
	}
	child := recovered("child")
	child.Kind, child.Age = store.RecordArrest, 17
	if _, err := f.AddRecord(f.ctx, firstChannel, sho, child); !errors.Is(err, store.ErrJuvenile) {
		t.Errorf("a child: %v", err)
	}
	for _, word := range []string{"नोकिया", "सैमसंग", "मालिक", "356938035643809", "AB12"} {
		if strings.Contains(f.dump(), word) {
			t.Errorf("%s lies in the database", word)
		}
	}
	_, _, err = f.VerifyAudit(f.ctx)
	f.ok(err)
}

func second(_ store.Record, err error) error { return err }

// TestARecordKeepsItsPhotos: they are no strays.
func TestARecordKeepsItsPhotos(t *testing.T) {
	f := open(t)
	_, sho := f.officer(store.SHO, araria, "")
	n := recovered("one")
	f.ok(f.ReceiveMedia(f.ctx, n.Media[0]))
	stray := n.Media[0]
	stray.ID = "stray"
	f.ok(f.ReceiveMedia(f.ctx, stray))
	f.exec(`update media set last_received = now() - interval '40 days'`)
	_, err := f.AddRecord(f.ctx, firstChannel, sho, n)
	f.ok(err)
	var gone []string
	_, err = f.ForgetStrayMedia(f.ctx, func(_ context.Context, id string) error { gone = append(gone, id); return nil })
	f.ok(err)
	if !cmp.Equal(gone, []string{"stray"}) {
		t.Errorf("forgotten: %v", gone)
	}
}

func TestAdministration(t *testing.T) {
	f := open(t)
	own, administrator := f.officer(store.Administrator, "", "")
	post, sho := f.officer(store.SHO, araria, "")
	_, sp := f.officer(store.SP, "", arariaDist)
	seat := store.Seat{Role: store.DeskOfficer, Station: araria}
	for _, who := range []string{sho, sp, "stranger"} {
		_, err1 := f.InviteAs(f.ctx, firstChannel, who, seat)
		_, err2 := f.ListPostsAs(f.ctx, firstChannel, who, araria, "")
		err3 := f.RevokeAs(f.ctx, firstChannel, who, post.ID)
		for _, err := range []error{err1, err2, err3} {
			if !errors.Is(err, store.ErrNotAllowed) {
				t.Errorf("%s: %v", who, err)
			}
		}
	}
	code, err := f.InviteAs(f.ctx, firstChannel, administrator, seat)
	f.ok(err)
	made, err := f.Redeem(f.ctx, code, firstChannel, "new", "new", "नया")
	f.ok(err)
	if made.Role != store.DeskOfficer || made.Station != araria {
		t.Errorf("the post is %+v", made)
	}
	if _, err := f.InviteAs(f.ctx, firstChannel, administrator, store.Seat{Role: store.SHO}); err == nil {
		t.Error("a seat that cannot be")
	}
	posts, err := f.ListPostsAs(f.ctx, firstChannel, administrator, araria, "")
	f.ok(err)
	if len(posts) != 2 {
		t.Errorf("%d posts", len(posts))
	}
	f.ok(f.RevokeAs(f.ctx, firstChannel, administrator, post.ID))
	if posts, err := f.Posts(f.ctx, firstChannel, sho); err != nil || len(posts) != 0 {
		t.Errorf("still %v, %v", posts, err)
	}
	if err := f.RevokeAs(f.ctx, firstChannel, administrator, post.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if err := f.RevokeAs(f.ctx, firstChannel, administrator, own.ID); !errors.Is(err, store.ErrOwnPost) {
		t.Errorf("one's own: %v", err)
	}
	by := one[int64](f, `select count(*) from audit where what in ('list_posts', 'revoke_by', 'invite_officer') and post = $1`, own.ID)
	if by != 3 {
		t.Errorf("%d traces of the administrator", by)
	}
	_, _, err = f.VerifyAudit(f.ctx)
	f.ok(err)
}

func TestStatistics(t *testing.T) {
	f := open(t)
	_, desk := f.officer(store.DeskOfficer, araria, "")
	_, sp := f.officer(store.SP, "", arariaDist)
	_, scrb := f.officer(store.SCRB, "", "")
	_, administrator := f.officer(store.Administrator, "", "")
	citizen, chat := f.citizen()
	made := func(days int, change func(*store.NewFiling)) int64 {
		n := filing(citizen, chat)
		change(&n)
		id := f.file(n).ID
		// Its events move along: they lie by the time of filing.
		f.exec(`update events set filed_at = filed_at - make_interval(days => $2), at = at - make_interval(days => $2) where filing = $1`, id, days)
		f.exec(`update filings set created_at = created_at - make_interval(days => $2) where id = $1`, id, days)
		return id
	}
	today := made(0, func(*store.NewFiling) {})
	old := made(9, func(*store.NewFiling) {})
	made(0, func(n *store.NewFiling) { n.Sensitive = true })
	made(2, func(n *store.NewFiling) { n.Station = sikti })
	made(40, func(*store.NewFiling) {})
	made(1, func(n *store.NewFiling) { n.Station = aurangabad })
	for _, id := range []int64{today, old} {
		done, err := f.Act(f.ctx, firstChannel, desk, store.Step{Action: store.ActAcknowledge, Filing: id})
		f.ok(err)
		if done.Outcome != store.Done {
			t.Fatal(done.Outcome)
		}
	}
	f.exec(`update filings set acknowledged_at = created_at + interval '2 hours' where id = $1 and acknowledged_at is not null`, today)
	f.exec(`update filings set acknowledged_at = created_at + interval '4 hours' where id = $1 and acknowledged_at is not null`, old)

	station, err := f.Statistics(f.ctx, firstChannel, desk, store.Area{Station: araria})
	f.ok(err)
	if n := len(station.Days); n != store.StatisticsDays || station.Days[n-1] != 1 || station.Days[n-10] != 1 || station.Days[n-3] != 0 {
		t.Errorf("the days of the station: %v", station.Days)
	}
	want := []store.PlaceStatistics{{Filed: 2, Open: []int{1, 0, 0, 1, 0, 1}, Taken: 2, Median: 3 * time.Hour, Ninety: 3*time.Hour + 48*time.Minute}}
	if diff := cmp.Diff(want, station.Places); diff != "" {
		t.Errorf("the station: %s", diff)
	}
	district, err := f.Statistics(f.ctx, firstChannel, sp, store.Area{District: arariaDist})
	f.ok(err)
	if n := len(district.Days); district.Days[n-1] != 2 || district.Days[n-3] != 1 {
		t.Errorf("the days of the district: %v", district.Days) // of the whole district: sensitive ones too
	}
	filed := map[string]int{}
	for _, p := range district.Places {
		filed[p.Code] = p.Filed
	}
	if diff := cmp.Diff(map[string]int{araria: 2, sikti: 1}, filed); diff != "" {
		t.Errorf("the district by station: %s", diff)
	}
	state, err := f.Statistics(f.ctx, firstChannel, scrb, store.Area{})
	f.ok(err)
	filed = map[string]int{}
	for _, p := range state.Places {
		filed[p.Code] = p.Filed
		if p.Code == arariaDist && (p.Waiting != 2 || p.OpenCount() != 5) {
			t.Errorf("the district in the state: %+v", p)
		}
	}
	if diff := cmp.Diff(map[string]int{arariaDist: 4, "5137": 1}, filed); diff != "" {
		t.Errorf("the state by district: %s", diff)
	}
	for who, areas := range map[string][]store.Area{
		desk:          {{Station: sikti}, {District: arariaDist}, {}},
		sp:            {{Station: araria}, {District: "5137"}, {}},
		scrb:          {{District: arariaDist}, {Station: araria}},
		administrator: {{}, {Station: araria}},
		"stranger":    {{}, {Station: araria}},
	} {
		for _, a := range areas {
			if _, err := f.Statistics(f.ctx, firstChannel, who, a); !errors.Is(err, store.ErrNotAllowed) {
				t.Errorf("%s asks for %+v: %v", who, a, err)
			}
		}
	}
}
