package main

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nagrik/bot/hindi"
	"nagrik/store"
)

// probes make the queries that turns, buttons and jobs make, on rows anywhere in the mass.
type probes struct {
	store *store.Store
	pool  *pgxpool.Pool
	mass  *filler
	times int

	citizens []string
	filed    int
	open     []int64 // that were filed and not yet acknowledged
}

// figure is what a query took.
type figure struct {
	name     string
	p50, p99 time.Duration
	scans    string // tables that grow and were read as a whole, "" if none
}

const (
	channel  = "probe"
	station  = "5117044" // Kotwali in Patna
	district = "5117"
)

// people gives the probes their officers and citizens.
func (p *probes) people(ctx context.Context) error {
	for sender, seat := range map[string]store.Seat{
		"sho": {Role: store.SHO, Station: station}, "sp": {Role: store.SP, District: district}, "scrb": {Role: store.SCRB},
	} {
		code, err := p.store.Invite(ctx, seat, "scale")
		if err != nil {
			return err
		}
		if _, err := p.store.Redeem(ctx, code, channel, sender, sender, "made-up"); err != nil {
			return err
		}
	}
	for i := range 100 {
		citizen, err := p.store.Verify(ctx, channel, fmt.Sprint("chat", i), fmt.Sprintf("+9198000%05d", i))
		if err != nil {
			return err
		}
		p.citizens = append(p.citizens, citizen)
	}
	return nil
}

// query is one of the measured ones.
type query struct {
	name string
	make func(ctx context.Context) error
}

func (p *probes) queries() []query {
	id := func() int { return 1 + rand.IntN(p.mass.count) }
	records := func(q store.RecordSearch) func(context.Context) error {
		return func(ctx context.Context) error {
			q.Most = 5
			_, _, err := p.store.ListRecords(ctx, q)
			return ignoreSealed(err)
		}
	}
	return []query{
		{"whose chat it is", func(ctx context.Context) error {
			_, _, err := p.store.Recall(ctx, channel, fmt.Sprint("chat", rand.IntN(len(p.citizens))))
			return err
		}},
		{"a citizen's filings", func(ctx context.Context) error {
			_, err := p.store.CitizenFilings(ctx, fmt.Sprint("c", 2*(1+rand.IntN(p.mass.count/2))))
			return err
		}},
		{"a filing's timeline", func(ctx context.Context) error {
			events, err := p.store.Timeline(ctx, int64(id()))
			if err == nil && len(events) != 3 {
				err = fmt.Errorf("%d events", len(events))
			}
			return err
		}},
		{"a filing by number", p.officer(func(ctx context.Context, who string) error {
			_, _, err := p.store.OfficerFilingByNumber(ctx, fmt.Sprintf("XX%011d", id()), channel, "scrb")
			return err
		}, "scrb")},
		{"a station's new ones", p.list(store.ListNew, "sho")},
		{"a station's overdue ones", p.list(store.ListOverdue, "sho")},
		{"a station's own ones", p.list(store.ListMine, "sho")},
		{"a district's new ones", p.list(store.ListNew, "sp")},
		{"a district's overdue ones", p.list(store.ListOverdue, "sp")},
		{"the state's new ones", p.list(store.ListNew, "scrb")},
		{"the state's overdue ones", p.list(store.ListOverdue, "scrb")},
		{"search by IMEI", p.search("scrb", func() store.Sought {
			sum := md5.Sum(fmt.Appendf(nil, "imei%d", id()))
			return store.Sought{Identifiers: []store.Identifier{{Kind: "imei", Value: string(sum[:])}}}
		})},
		{"search a name, station", p.search("sho", p.name)},
		{"search a name, district", p.search("sp", p.name)},
		{"search a name, state", p.search("scrb", p.name)},
		{"an FIR by number", func(ctx context.Context) error {
			_, err := p.store.FIR(ctx, store.FIRKey{Station: station, Year: 2021 + rand.IntN(5), Number: 1 + rand.IntN(p.mass.count/10)})
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			return ignoreSealed(err)
		}},
		{"an informant's FIRs", func(ctx context.Context) error {
			_, err := p.store.InformantFIRs(ctx, fmt.Sprint("c", 2*(1+rand.IntN(p.mass.count/2))))
			return err
		}},
		{"wanted persons, newest", records(store.RecordSearch{Kind: store.RecordWanted})},
		{"wanted persons by name", func(ctx context.Context) error {
			words := p.firstName() + " " + p.firstName()
			return records(store.RecordSearch{Kind: store.RecordWanted, Name: words, Names: hindi.NameParts(words)})(ctx)
		}},
		{"arrests of a district", records(store.RecordSearch{Kind: store.RecordArrest, District: district, Since: p.mass.since.AddDate(0, 0, -30)})},
		{"recovered mobiles", records(store.RecordSearch{Kind: store.RecordRecovered, What: "mobile"})},
		{"recovered, of a district", records(store.RecordSearch{Kind: store.RecordRecovered, What: "mobile", District: district})},
		{"recovered, by IMEI", records(store.RecordSearch{Kind: store.RecordRecovered, Identifiers: []store.Identifier{{Kind: "imei", Value: "made-up"}}})},
		{"bodies, by age and sex", records(store.RecordSearch{Kind: store.RecordBody, What: "man", District: district, Age: &store.AgeRange{Low: 30, High: 40}})},
		{"what may match a missing one", p.candidates},
		{"filing", p.file},
		{"acknowledging", p.acknowledge},
		{"statistics of a station", p.statistics("sho", store.Area{Station: station})},
		{"statistics of a district", p.statistics("sp", store.Area{District: district})},
		{"statistics of the state", p.statistics("scrb", store.Area{})},
		{"notices that are due", func(ctx context.Context) error { return p.store.Sweep(ctx) }},
	}
}

// ignoreSealed: what is sealed of made-up records can't be opened, once it is found.
func ignoreSealed(err error) error {
	if err != nil && strings.Contains(err.Error(), "seal") {
		return nil
	}
	return err
}

func (p *probes) officer(do func(ctx context.Context, who string) error, who string) func(context.Context) error {
	return func(ctx context.Context) error { return do(ctx, who) }
}

func (p *probes) list(list store.DeskList, who string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.store.DeskFilings(ctx, list, channel, who)
		return err
	}
}

func (p *probes) search(who string, sought func() store.Sought) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.store.Search(ctx, channel, who, sought())
		return err
	}
}

// firstName is as common as it is among the people.
func (p *probes) firstName() string {
	r := rand.Float64()
	return firstNames[int(r*r*float64(len(firstNames)))]
}

// name is two first names.
func (p *probes) name() store.Sought {
	return store.Sought{Names: hindi.NameParts(p.firstName() + " " + p.firstName())}
}

// candidates looks for who may be a missing woman of Patna: the query of a job.
func (p *probes) candidates(ctx context.Context) error {
	day := p.mass.since.AddDate(0, 0, -rand.IntN(90))
	_, err := p.store.Candidates(ctx, store.SideContent{At: day}, store.Features{
		Lost: true, Kind: store.MatchPerson, Sex: "woman", AgeFrom: 30, AgeTo: 30, District: district, Around: []string{district, "5118", "5119"}, Day: day,
		Names: slices.Concat(hindi.NameParts(p.firstName())...),
	})
	return ignoreSealed(err)
}

func (p *probes) statistics(who string, area store.Area) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.store.Statistics(ctx, channel, who, area)
		return err
	}
}

// file makes a filing with all that belongs to it.
func (p *probes) file(ctx context.Context) error {
	p.filed++
	content, err := json.Marshal(map[string]string{"what": fmt.Sprint("made-up ", p.filed, " ", p.mass.count)})
	if err != nil {
		return err
	}
	i := p.filed % len(p.citizens)
	filed, err := p.store.File(ctx, store.NewFiling{
		Dialog: fmt.Sprint("probe ", p.mass.count, " ", p.filed), Service: "lost_property", Prefix: "KS", Citizen: p.citizens[i], Channel: channel,
		Chat: fmt.Sprint("chat", i), Lang: "hi", Station: station, Details: content, Same: fmt.Sprint(p.filed), Confirmed: true,
		Identifiers: []store.Identifier{{Kind: "imei", Value: fmt.Sprint(p.mass.count, p.filed)}},
		NameParts:   slices.Concat(hindi.NameParts(firstNames[0])...),
	})
	p.open = append(p.open, filed.ID)
	return err
}

// acknowledge takes note of a filing that was made before.
func (p *probes) acknowledge(ctx context.Context) error {
	filing := p.open[0]
	p.open = p.open[1:]
	act, err := p.store.Act(ctx, channel, "sho", store.Step{Action: store.ActAcknowledge, Filing: filing})
	if err == nil && act.Outcome != store.Done {
		err = fmt.Errorf("it was %s", act.Outcome)
	}
	return err
}

// tidy ends what was filed: the next measurement finds the station as this one did.
func (p *probes) tidy(ctx context.Context) error {
	_, err := p.pool.Exec(ctx, `update filings set status = 'closed', closed_at = now() where channel = $1 and closed_at is null`, channel)
	return err
}

// measure makes every query often, and watches for whole reads of tables that grow.
func (p *probes) measure(ctx context.Context) ([]figure, error) {
	var all []figure
	for _, q := range p.queries() {
		for range 20 { // plans and caches
			if err := q.make(ctx); err != nil {
				return nil, fmt.Errorf("%s: %w", q.name, err)
			}
		}
		before, err := p.scans(ctx)
		if err != nil {
			return nil, err
		}
		took := make([]time.Duration, p.times)
		for i := range took {
			begun := time.Now()
			if err := q.make(ctx); err != nil {
				return nil, fmt.Errorf("%s: %w", q.name, err)
			}
			took[i] = time.Since(begun)
		}
		after, err := p.scans(ctx)
		if err != nil {
			return nil, err
		}
		slices.Sort(took)
		f := figure{name: q.name, p50: took[len(took)/2], p99: took[len(took)*99/100], scans: read(before, after)}
		fmt.Printf("%-28s %8.2f ms %8.2f ms\n", f.name, ms(f.p50), ms(f.p99))
		all = append(all, f)
	}
	return all, p.tidy(ctx)
}

// scans is how often each table that grows was read as a whole.
func (p *probes) scans(ctx context.Context) (map[string]int64, error) {
	time.Sleep(1100 * time.Millisecond) // sessions report once a second
	rows, _ := p.pool.Query(ctx, `select relname, seq_scan from pg_stat_user_tables where n_live_tup > 50000`)
	times := map[string]int64{}
	var table string
	var n int64
	_, err := pgx.ForEachRow(rows, []any{&table, &n}, func() error {
		times[table] = n
		return nil
	})
	return times, err
}

// read names the tables that were read as a whole meanwhile.
func read(before, after map[string]int64) string {
	var tables []string
	for table, n := range after {
		if n > before[table] {
			tables = append(tables, fmt.Sprint(table, " ", n-before[table]))
		}
	}
	slices.Sort(tables)
	return strings.Join(tables, ", ")
}
