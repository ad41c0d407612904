package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Area is what statistics are of: a station, a police district, or (both empty) the state.
type Area struct{ Station, District string }

// StatisticsDays is how many days back statistics look, today among them.
const StatisticsDays = 30

// StatisticsAge is how old the numbers of a district and of the state may be: they are counted so often, not while
// an officer waits.
const StatisticsAge = 5 * time.Minute

// AgeLimits are the ages, in whole days, that divide the open filings of OpenAges: those younger than
// the first, and so on; the last are older than all.
var AgeLimits = []int{1, 3, 7, 14, 30}

// Statistics are an area's numbers. Below the district sensitive filings are not
// counted (services.md, section 4): one of them may be somebody's.
type Statistics struct {
	CountedAt time.Time `json:"-"` // up to StatisticsAge ago, but of a station just now
	Days      []int     // filings a day, the oldest day first, that of CountedAt last
	Places    []PlaceStatistics
}

// PlaceStatistics are the numbers of a part of the area: of a district its
// stations, of the state its districts, of a station itself.
type PlaceStatistics struct {
	Code    string // of a station or district; "" for filings of no listed station, and for a station itself
	Filed   int    // in the last StatisticsDays
	Open    []int  // open filings by age, one more than AgeLimits
	Waiting int    // of those filed, how many nobody acknowledged yet
	Taken   int    // and how many somebody did
	Median  time.Duration
	Ninety  time.Duration // nine of ten were acknowledged within
}

// OpenCount is how many filings are open.
func (p PlaceStatistics) OpenCount() (n int) {
	for _, c := range p.Open {
		n += c
	}
	return n
}

const (
	// statistician says whether a post of sender $1, of one of the roles $2, is of station $3, of district $4 or of the state.
	statistician = `
		select exists (
			select from officers o join posts p on p.officer = o.id
			where o.sender = $1 and p.revoked_at is null and p.role = any($2)
				and (p.station is not distinct from nullif($3, '') and $3 <> ''
					or p.station is null and p.district is not distinct from nullif($4, '') and $4 <> '' and $3 = ''
					or p.station is null and p.district is null and $3 = '' and $4 = ''))`

	inStation  = `f.station = $1 and not f.sensitive`
	inDistrict = `f.district = $1 and not f.sensitive`
	inState    = `$1 = '' and f.district in (select code from districts)`
	// A district's days are of the whole district, and tell nothing of a station.
	inWholeDistrict = `f.district = $1`

	india = `'Asia/Kolkata'`
)

// filingsADay counts by the day in India.
func filingsADay(where string) string {
	const today = `(now() at time zone ` + india + `)::date`
	return `
	select d.day::date, coalesce(c.filed, 0) from generate_series(` + today + ` - $2::int + 1, ` + today + `, interval '1 day') d (day)
		left join (
			select (f.created_at at time zone ` + india + `)::date as day, count(*) as filed from filings f
			where ` + where + ` and f.created_at >= (` + today + ` - $2::int + 1)::timestamp at time zone ` + india + `
			group by 1
		) c on c.day = d.day::date
	order by d.day`
}

// openByPlace counts the open filings by place and age.
func openByPlace(where, place string) string {
	return `
	select ` + place + `, width_bucket(extract(epoch from now() - f.created_at) / 86400, $2::float8[]), count(*)
	from filings f where ` + where + ` and f.closed_at is null
	group by 1, 2`
}

// takenByPlace counts the filings of the last days by place, and how long it took to acknowledge them.
func takenByPlace(where, place string) string {
	const took = `extract(epoch from f.acknowledged_at - f.created_at)`
	return `
	select ` + place + `, count(*), count(*) filter (where f.acknowledged_at is null and f.closed_at is null), count(f.acknowledged_at),
		coalesce(percentile_cont(0.5) within group (order by ` + took + `), 0)::float8,
		coalesce(percentile_cont(0.9) within group (order by ` + took + `), 0)::float8
	from filings f
	where ` + where + ` and f.created_at > now() - make_interval(days => $2::int)
	group by 1`
}

const (
	// counted are the numbers of district $1 or of the state that are at most $2 old.
	counted = `select numbers, counted_at from statistics where district = $1 and counted_at > now() - $2::interval`

	keepCount = `
		insert into statistics (district, counted_at, numbers) values ($1, now(), $2)
		on conflict (district) do update set counted_at = now(), numbers = excluded.numbers
		returning counted_at`

	// dueCount is a district, or the state, whose numbers are older than $1, and may be seen by somebody in one of
	// the roles $2. Replicas that look at once mostly find different ones.
	dueCount = `
		select d.code from (
			select distinct coalesce(p.district, '') as code from posts p where p.station is null and p.revoked_at is null and p.role = any($2)
		) d left join statistics s on s.district = d.code
		where s.counted_at is null or s.counted_at < now() - $1::interval
		order by random() limit 1`
)

// Statistics returns the numbers of an area of which the sender has a post.
// ErrNotAllowed otherwise.
func (s *Store) Statistics(ctx context.Context, channel, sender string, a Area) (Statistics, error) {
	roles, _ := roleNames(ActStatistics)
	var may bool
	if err := s.pool.QueryRow(ctx, statistician, s.senderKey(channel, sender), roles, a.Station, a.District).Scan(&may); err != nil {
		return Statistics{}, failed("reading statistics", err)
	}
	if !may {
		return Statistics{}, ErrNotAllowed
	}
	if a.Station != "" {
		return s.countArea(ctx, a)
	}
	var all Statistics
	err := s.pool.QueryRow(ctx, counted, a.District, StatisticsAge).Scan(&all, &all.CountedAt)
	if errors.Is(err, pgx.ErrNoRows) { // nobody counted lately
		return s.recount(ctx, a.District)
	}
	return all, failed("reading statistics", err)
}

// countStatistics counts the numbers anew that would soon be too old, each district's on its own.
func (s *Store) countStatistics(ctx context.Context) error {
	roles, _ := roleNames(ActStatistics)
	for {
		var district string
		err := s.pool.QueryRow(ctx, dueCount, StatisticsAge-countAhead, roles).Scan(&district)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return failed("looking for old statistics", err)
		}
		if _, err := s.recount(ctx, district); err != nil {
			return err
		}
	}
}

// countAhead is how long before they are too old numbers are counted anew: whoever asks finds some.
const countAhead = time.Minute

// recount counts the numbers of a district or of the state, and keeps them.
func (s *Store) recount(ctx context.Context, district string) (Statistics, error) {
	all, err := s.countArea(ctx, Area{District: district})
	if err != nil {
		return Statistics{}, err
	}
	numbers, err := json.Marshal(all)
	if err != nil {
		return Statistics{}, fmt.Errorf("keeping statistics: %w", err)
	}
	err = s.pool.QueryRow(ctx, keepCount, district, numbers).Scan(&all.CountedAt)
	return all, failed("keeping statistics", err)
}

// countArea counts the numbers of an area.
func (s *Store) countArea(ctx context.Context, a Area) (Statistics, error) {
	code, where, days, place := a.Station, inStation, inStation, `''`
	switch {
	case a.Station != "":
	case a.District != "":
		code, where, days, place = a.District, inDistrict, inWholeDistrict, `coalesce(f.station, '')`
	default:
		code, where, days, place = "", inState, inState, `f.district`
	}
	all := Statistics{CountedAt: time.Now()}
	rows, _ := s.pool.Query(ctx, filingsADay(days), code, StatisticsDays)
	var day time.Time
	var filed int
	_, err := pgx.ForEachRow(rows, []any{&day, &filed}, func() error {
		all.Days = append(all.Days, filed)
		return nil
	})
	if err != nil {
		return Statistics{}, failed("counting filings a day", err)
	}
	all.Places, err = s.placeStatistics(ctx, openByPlace(where, place), takenByPlace(where, place), code)
	return all, err
}

// placeStatistics puts the two counts by place together.
func (s *Store) placeStatistics(ctx context.Context, open, taken, code string) ([]PlaceStatistics, error) {
	var places []PlaceStatistics
	index := map[string]int{}
	at := func(code string) *PlaceStatistics {
		i, ok := index[code]
		if !ok {
			i = len(places)
			index[code] = i
			places = append(places, PlaceStatistics{Code: code, Open: make([]int, len(AgeLimits)+1)})
		}
		return &places[i]
	}
	limits := make([]float64, len(AgeLimits))
	for i, days := range AgeLimits {
		limits[i] = float64(days)
	}
	var p PlaceStatistics
	var bucket, count int
	rows, _ := s.pool.Query(ctx, open, code, limits)
	_, err := pgx.ForEachRow(rows, []any{&p.Code, &bucket, &count}, func() error {
		if bucket < 0 || bucket > len(AgeLimits) {
			return errors.New("an age beyond all limits")
		}
		at(p.Code).Open[bucket] = count
		return nil
	})
	if err != nil {
		return nil, failed("counting open filings", err)
	}
	var median, ninety float64
	rows, _ = s.pool.Query(ctx, taken, code, StatisticsDays)
	_, err = pgx.ForEachRow(rows, []any{&p.Code, &p.Filed, &p.Waiting, &p.Taken, &median, &ninety}, func() error {
		to := at(p.Code)
		to.Filed, to.Waiting, to.Taken = p.Filed, p.Waiting, p.Taken
		to.Median, to.Ninety = seconds(median), seconds(ninety)
		return nil
	})
	return places, failed("measuring acknowledgements", err)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
