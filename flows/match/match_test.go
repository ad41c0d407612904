package match_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"nagrik/bot"
	"nagrik/flows"
	"nagrik/flows/match"
	"nagrik/store"
	"nagrik/store/embedded/testdb"
	"nagrik/store/seal"
)

var kek = seal.NewKEK()

func TestMain(m *testing.M) {
	os.Exit(testdb.Main(m, func(ctx context.Context, url string) error {
		if err := store.Migrate(ctx, url, kek); err != nil {
			return err
		}
		s, err := store.Open(ctx, url, kek, store.Options{Conns: 2, JobConns: 2})
		if err != nil {
			return err
		}
		defer s.Close()
		return s.LoadReference(ctx)
	}))
}

// records is a place for filings, records and a matcher.
type records struct {
	*store.Store
	t       *testing.T
	ctx     context.Context
	matcher *match.Matcher
	sho     map[string]string // by station
	counted map[string]int
	mu      sync.Mutex
	n       int
}

func open(t *testing.T) *records {
	t.Helper()
	t.Parallel()
	s, err := store.Open(t.Context(), testdb.Database(t), kek, store.Options{Conns: 8, JobConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	directory, err := s.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := &records{Store: s, t: t, ctx: t.Context(), sho: map[string]string{}, counted: map[string]int{}}
	r.matcher = &match.Matcher{Store: s, Around: match.NewAround(directory.Districts), Observe: r.count}
	return r
}

func (r *records) count(kind, outcome string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counted[kind+" "+outcome]++
}

func (r *records) ok(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func one[T any](r *records, sql string, args ...any) T {
	r.t.Helper()
	rows, _ := r.Pool().Query(r.ctx, sql, args...)
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	r.ok(err)
	return v
}

// officer is the SHO of a station.
func (r *records) officer(station string) string {
	r.t.Helper()
	if r.sho[station] == "" {
		code, err := r.Invite(r.ctx, store.Seat{Role: store.SHO, Station: station}, "test")
		r.ok(err)
		r.sho[station] = "sho-" + station
		_, err = r.Redeem(r.ctx, code, "telegram", r.sho[station], r.sho[station], "x")
		r.ok(err)
	}
	return r.sho[station]
}

// keeps files a side, or adds it as a record, and returns its number.
func (r *records) keeps(s told, ids ...store.Identifier) string {
	r.t.Helper()
	r.n++
	station, a := s.answers["at"], s.answers
	source := fmt.Sprint("d", r.n)
	if kind := store.RecordKind(s.kind); kind == store.RecordRecovered || kind == store.RecordBody || kind == store.RecordPerson {
		rec, err := r.AddRecord(r.ctx, "telegram", r.officer(station), store.NewRecord{
			Kind: kind, Source: source, Dialog: source, Station: station, On: s.day(), Details: s.details(), Identifiers: ids,
		})
		r.ok(err)
		return rec.Number
	}
	chat := fmt.Sprint("chat-", r.n)
	citizen, err := r.Verify(r.ctx, "telegram", chat, fmt.Sprintf("+9198%08d", r.n))
	r.ok(err)
	filed, err := r.File(r.ctx, store.NewFiling{
		Dialog: source, Service: s.kind, Prefix: "XX", Citizen: citizen, Channel: "telegram", Chat: chat, Lang: "hi", Station: station,
		Applicant: store.Profile{Name: a["applicant"], Phone: "+919800000000"}, Details: s.details(), Identifiers: ids,
		NameParts: flows.NameParts([]string{a["applicant"], a["name"], a["alias"], a["owner"], a["says"]}),
	})
	r.ok(err)
	return filed.Number
}

// matches matches all that waits.
func (r *records) matches() {
	r.t.Helper()
	rows, _ := r.Pool().Query(r.ctx, `select coalesce(filing, 0), coalesce(record, 0) from match_due order by since`)
	sides, err := pgx.CollectRows(rows, pgx.RowToStructByPos[store.Side])
	r.ok(err)
	for _, side := range sides {
		r.ok(r.matcher.Match(r.ctx, side))
	}
	if left := one[int](r, `select count(*) from match_due`); left != 0 {
		r.t.Fatalf("%d were not matched", left)
	}
}

// pairs are the numbers of all pairs that were proposed.
func (r *records) pairs() []string {
	r.t.Helper()
	rows, _ := r.Pool().Query(r.ctx, `
		select l.number || ' ' || coalesce(f.number, r.number) from matches m join filings l on l.id = m.lost
			left join filings f on f.id = m.filing left join records r on r.id = m.record order by m.id`)
	pairs, err := pgx.CollectRows(rows, pgx.RowTo[string])
	r.ok(err)
	return pairs
}

// TestTheWholeWay measures what README.md says: every pair of testdata, and beside it the near-misses, go into one database in the
// order in which things happen, are matched by the jobs' own code, and what is proposed to officers is compared with what belongs
// together. Nothing that anybody told lies in the clear after that.
func TestTheWholeWay(t *testing.T) {
	r := open(t)
	all := append(examples(t, "tuning.txt"), examples(t, "held_out.txt")...)
	belongs := map[string]bool{}
	for i, x := range all {
		found := r.keeps(x.found)
		if x.same {
			lost := r.keeps(x.lost)
			belongs[lost+" "+found] = true
		}
		if i%10 == 0 { // what comes later meets what was there, and the other way round
			r.matches()
		}
	}
	r.matches()
	var f figures
	for _, pair := range r.pairs() {
		if belongs[pair] {
			f.hits++
		} else {
			f.wrong++
		}
	}
	f.missed = len(belongs) - f.hits
	t.Logf("recall %.3f (%d of %d), precision %.3f (%d wrong)", f.recall(), f.hits, len(belongs), f.precision(), f.wrong)
	if f.recall() < 0.9 || f.precision() < 0.79 {
		t.Error("worse than was measured")
	}
	lies := one[string](r, `
		select (select string_agg(x::text, ' ') from match_features x) || (select string_agg(x::text, ' ') from matches x)
			|| (select string_agg(args::text, ' ') from river_job) || (select string_agg(x::text, ' ') from notices x)`)
	for _, x := range all {
		for _, s := range []told{x.lost, x.found} {
			for _, key := range []string{"words", "make", "owner", "applicant", "name", "says", "marks", "place", "issued"} {
				if told := s.answers[key]; len(told) > 3 && strings.Contains(lies, told) {
					t.Fatalf("%q lies in the clear", told)
				}
			}
		}
	}
	if got := r.counted["person proposed"] + r.counted["papers proposed"]; got == 0 || len(r.counted) < 5 {
		t.Errorf("counted: %v", r.counted)
	}
}

var imei = store.Identifier{Kind: "imei", Value: "356938035643809"}

// withNumber is a side whose thing has a number.
func withNumber(s told, number string) told {
	s.answers["number"] = number
	return s
}

// TestANumberMakesAPair, however unlike the words are and however far the places; another number of the same kind unmakes it.
func TestANumberMakesAPair(t *testing.T) {
	r := open(t)
	lost := withNumber(side(t, "lost_property: what=mobile; words=काला नोकिया; applicant=क; day=2; at=5140003; place=अररिया"), imei.Value)
	found := side(t, "recovered: what=mobile; make=Apple; words=white; day=1; at=5109001; place=गया")
	form := found.form().(map[string]any)
	form["IMEI"] = imei.Value
	number := r.keeps(lost, imei)
	r.matches()
	details, err := json.Marshal(map[string]any{"answers": []bot.Shown{}, "form": form})
	r.ok(err)
	rec, err := r.AddRecord(r.ctx, "telegram", r.officer("5109001"), store.NewRecord{
		Kind: store.RecordRecovered, Source: "x", Dialog: "x", Station: "5109001", On: found.day(), Details: details, Identifiers: []store.Identifier{imei},
	})
	r.ok(err)
	r.matches()
	if got := r.pairs(); len(got) != 1 || got[0] != number+" "+rec.Number {
		t.Fatalf("pairs: %v", got)
	}
	if !one[bool](r, `select exact and alike = '{number}' and lost_n = 0 from matches`) {
		t.Error("not by its number")
	}
	// Alike in all words, and another number.
	alike := "what=mobile; words=सैमसंग ए15 नीला, कवर पर फूल; day=5; at=5117044; place=गांधी मैदान"
	r.keeps(withNumber(side(t, "lost_property: "+alike+"; applicant=ख"), "490154203237518"), store.Identifier{Kind: "imei", Value: "490154203237518"})
	r.keeps(withNumber(side(t, "found_property: "+alike), "353879234252633"), store.Identifier{Kind: "imei", Value: "353879234252633"})
	r.matches()
	if got := r.pairs(); len(got) != 1 {
		t.Errorf("with different numbers: %v", got)
	}
	// A short number points to nothing.
	papers := "what=id_card; words=कार्ड; day=5; at=5117044; place=पटना"
	r.keeps(withNumber(side(t, "lost_property: "+papers+"; applicant=ग"), "123"), store.Identifier{Kind: "document", Value: "123"})
	r.keeps(withNumber(side(t, "found_property: "+papers+"; owner=नसीम अहमद"), "123"), store.Identifier{Kind: "document", Value: "123"})
	r.matches()
	if got := r.pairs(); len(got) != 1 {
		t.Errorf("by a short number: %v", got)
	}
}

// TestANumberThatIsWrittenLater makes a pair, too.
func TestANumberThatIsWrittenLater(t *testing.T) {
	r := open(t)
	lost := r.keeps(side(t, "lost_property: what=mobile; words=काला; applicant=क; day=2; at=5140003; place=अररिया"))
	found := r.keeps(withNumber(side(t, "found_property: what=mobile; words=फ़ोन मिला; day=9; at=5109001; place=गया"), imei.Value), imei)
	r.matches()
	if got := r.pairs(); len(got) != 0 {
		t.Fatalf("before: %v", got)
	}
	r.ok(r.Add(r.ctx, one[string](r, `select citizen from filings where number = $1`, lost), one[int64](r, `select id from filings where number = $1`, lost),
		store.Addition{Kind: store.Information, Dialog: "more", Text: "डिब्बा मिल गया। IMEI 356938035643809 है।"}))
	r.matches()
	if got := r.pairs(); len(got) != 1 || got[0] != lost+" "+found {
		t.Errorf("after: %v", got)
	}
}

// TestManyMatchAtOnce: sides that come at the same time in many replicas meet, and each pair is proposed once.
func TestManyMatchAtOnce(t *testing.T) {
	r := open(t)
	for range 8 { // eight lost phones of one IMEI, by people who err, and one that was found
		r.keeps(withNumber(side(t, "lost_property: what=mobile; words=काला; applicant=क; day=2; at=5140003; place=अररिया"), imei.Value), imei)
	}
	r.keeps(withNumber(side(t, "found_property: what=mobile; words=फ़ोन मिला; day=9; at=5109001; place=गया"), imei.Value), imei)
	stop, err := r.RunJobs(r.ctx, func(context.Context, int64) error { return nil }, store.JobOptions{Workers: 4, Match: r.matcher.Match})
	r.ok(err)
	second, err := r.RunJobs(r.ctx, func(context.Context, int64) error { return nil }, store.JobOptions{Workers: 4, Match: r.matcher.Match})
	r.ok(err)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline) && one[int](r, `select count(*) from match_due`) > 0; {
		time.Sleep(20 * time.Millisecond)
	}
	r.ok(stop(r.ctx))
	r.ok(second(r.ctx))
	if got := r.pairs(); len(got) != 8 {
		t.Errorf("%d pairs: %v", len(got), got)
	}
	if n := one[int](r, `select count(*) from audit where what = 'match_proposed'`); n != 8 {
		t.Errorf("%d are in the audit", n)
	}
}

// TestWhatCannotBeRead is left alone, and says so to the metrics, not to the log.
func TestWhatCannotBeRead(t *testing.T) {
	r := open(t)
	s := side(t, "missing_person: name=कौशल्या; age=72; sex=woman; condition=memory; day=2; at=5140003; place=अररिया")
	r.keeps(s)
	citizen, err := r.Verify(r.ctx, "telegram", "c", "+919899999999")
	r.ok(err)
	for i, details := range []string{`{"form":{"Looks":7}}`, `[]`, `"x"`, `{}`, `{"form":null}`, `{"form":{"Articles":[{"Kind":"?"}]}}`} {
		for _, service := range []string{"missing_person", "lost_property", "unknown_person"} {
			_, err := r.File(r.ctx, store.NewFiling{
				Dialog: fmt.Sprint(service, i), Service: service, Prefix: "XX", Citizen: citizen, Channel: "telegram", Chat: "c", Lang: "hi", Station: "5140003",
				Applicant: store.Profile{Phone: "+919899999999"}, Details: json.RawMessage(details),
			})
			r.ok(err)
		}
	}
	r.matches()
	if got := r.pairs(); len(got) != 0 {
		t.Errorf("pairs: %v", got)
	}
	if r.counted["missing_person unreadable"] == 0 {
		t.Errorf("counted: %v", r.counted)
	}
}
