package store

import (
	"context"
	"embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// District is a police district: 38 districts, Bagaha and Naugachia, and four of the railway police.
type District struct {
	Code    string // national code, 4 digits
	Kind    string // "territorial" or "railway"
	NameEN  string
	NameHI  string
	HQEN    string // seat of the district police
	HQHI    string
	Revenue string   // English name of the revenue district it lies in, "" for railway police
	Aliases []string // other names, both scripts
	Point   *Point   // middle of the revenue district, nil for railway police
}

// Station is a police station (thana).
type Station struct {
	Code     string // national code, 7 digits; the first 4 are the district's
	District string // code of its police district
	Revenue  string // English name of the revenue district it lies in
	Kind     string // "territorial", "railway", "mahila", "sc_st", "prohibition", "traffic"
	NameEN   string
	NameHI   string
	Aliases  []string // other names, both scripts
	Point    *Point   // where it is, nil if not known well enough
}

// Point is a place on the map in degrees (WGS 84).
type Point struct{ Lat, Lng float64 }

// Directory is all reference data, in the order of codes.
type Directory struct {
	Districts []District
	Stations  []Station
}

//go:embed reference/*.tsv
var reference embed.FS

const (
	putDistrict = `
		insert into districts (code, kind, name_en, name_hi, hq_en, hq_hi, revenue, aliases, lat, lng)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (code) do update set
			kind = excluded.kind, name_en = excluded.name_en, name_hi = excluded.name_hi, hq_en = excluded.hq_en, hq_hi = excluded.hq_hi,
			revenue = excluded.revenue, aliases = excluded.aliases, lat = excluded.lat, lng = excluded.lng`
	// What an operator imported is newer than what the program came with.
	putStation = `
		insert into stations (code, district, revenue, kind, name_en, name_hi, aliases, lat, lng)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (code) do update set
			district = excluded.district, revenue = excluded.revenue, kind = excluded.kind, name_en = excluded.name_en,
			name_hi = excluded.name_hi, aliases = excluded.aliases, lat = excluded.lat, lng = excluded.lng
		where stations.origin = 'reference'`
)

// LoadReference puts the embedded districts and stations into the database and
// brings those that are there up to date. Stations that an operator imported stay.
func (s *Store) LoadReference(ctx context.Context) error {
	d, err := EmbeddedDirectory()
	if err != nil {
		return err
	}
	var batch pgx.Batch
	for _, d := range d.Districts {
		lat, lng := degrees(d.Point)
		batch.Queue(putDistrict, d.Code, d.Kind, d.NameEN, d.NameHI, d.HQEN, d.HQHI, d.Revenue, d.Aliases, lat, lng)
	}
	for _, s := range d.Stations {
		lat, lng := degrees(s.Point)
		batch.Queue(putStation, s.Code, s.District, s.Revenue, s.Kind, s.NameEN, s.NameHI, s.Aliases, lat, lng)
	}
	return s.inTx(ctx, "loading districts and stations", func(tx pgx.Tx) error {
		return failed("loading districts and stations", tx.SendBatch(ctx, &batch).Close())
	})
}

// Directory reads all districts and stations, for the finders in memory.
func (s *Store) Directory(ctx context.Context) (Directory, error) {
	var d Directory
	rows, _ := s.pool.Query(ctx, `
		select code, kind, name_en, name_hi, hq_en, hq_hi, revenue, aliases, lat, lng from districts order by code`)
	districts, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d District, err error) {
		var lat, lng *float64
		err = row.Scan(&d.Code, &d.Kind, &d.NameEN, &d.NameHI, &d.HQEN, &d.HQHI, &d.Revenue, &d.Aliases, &lat, &lng)
		d.Point = point(lat, lng)
		return d, err
	})
	if err != nil {
		return d, failed("reading districts", err)
	}
	rows, _ = s.pool.Query(ctx, readStations+` order by code`)
	stations, err := pgx.CollectRows(rows, scanStation)
	if err != nil {
		return d, failed("reading stations", err)
	}
	return Directory{Districts: districts, Stations: stations}, nil
}

const readStations = `select code, district, revenue, kind, name_en, name_hi, aliases, lat, lng from stations`

func scanStation(row pgx.CollectableRow) (s Station, err error) {
	var lat, lng *float64
	err = row.Scan(&s.Code, &s.District, &s.Revenue, &s.Kind, &s.NameEN, &s.NameHI, &s.Aliases, &lat, &lng)
	s.Point = point(lat, lng)
	return s, err
}

func point(lat, lng *float64) *Point {
	if lat == nil || lng == nil {
		return nil
	}
	return &Point{Lat: *lat, Lng: *lng}
}

func degrees(p *Point) (lat, lng *float64) {
	if p == nil {
		return nil, nil
	}
	return &p.Lat, &p.Lng
}

// EmbeddedDirectory reads the files of folder reference; its README says where they are from.
func EmbeddedDirectory() (Directory, error) {
	var d Directory
	revenue, err := readTable("reference/revenue_districts.tsv")
	if err != nil {
		return d, err
	}
	revenueByName := map[string]map[string]string{}
	for _, r := range revenue {
		revenueByName[r["name_en"]] = r
	}
	districts, err := readTable("reference/districts.tsv")
	if err != nil {
		return d, err
	}
	codes := map[string]string{} // name to code
	for _, r := range districts {
		district := District{
			Code: r["mha_district_code"], Kind: r["type"], NameEN: r["name_en"], NameHI: r["name_hi"],
			HQEN: r["hq_en"], HQHI: r["hq_hi"], Revenue: r["revenue_district"], Aliases: []string{},
		}
		if around, ok := revenueByName[district.Revenue]; ok {
			if district.Point, err = parsePoint(around["centroid_lat"], around["centroid_lng"]); err != nil {
				return d, err
			}
			if district.NameEN == district.Revenue { // Bagaha is not called as West Champaran is
				district.Aliases = append(list(around["aliases_en"]), list(around["aliases_hi"])...)
			}
		}
		codes[district.NameEN] = district.Code
		d.Districts = append(d.Districts, district)
	}
	stations, err := readTable("reference/stations.tsv")
	if err != nil {
		return d, err
	}
	for _, r := range stations {
		station := Station{
			Code: r["ps_code_mha"], District: codes[r["police_district"]], Revenue: r["revenue_district"], Kind: r["kind"],
			NameEN: r["name_en"], NameHI: r["name_hi"], Aliases: append(list(r["aliases_en"]), list(r["aliases_hi"])...),
		}
		lat, lng := r["lat"], r["lng"]
		if r["geo_flag"] != "ok" { // a doubtful point: the block's seat if known, else none
			lat, lng = r["block_hq_lat"], r["block_hq_lng"]
		}
		if station.Point, err = parsePoint(lat, lng); err != nil {
			return d, err
		}
		d.Stations = append(d.Stations, station)
	}
	return d, nil
}

// readTable reads a tab-separated file with a header line, each row by column name.
func readTable(name string) ([]map[string]string, error) {
	data, err := reference.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	header := strings.Split(lines[0], "\t")
	var rows []map[string]string
	for i, line := range lines[1:] {
		fields := strings.Split(line, "\t")
		if len(fields) != len(header) {
			return nil, fmt.Errorf("reading %s: line %d has %d columns, not %d", name, i+2, len(fields), len(header))
		}
		row := map[string]string{}
		for j, column := range header {
			row[column] = fields[j]
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func list(s string) []string {
	if s == "" {
		return []string{}
	}
	return strings.Split(s, ";")
}

func parsePoint(lat, lng string) (*Point, error) {
	if lat == "" || lng == "" {
		return nil, nil
	}
	y, err := strconv.ParseFloat(lat, 64)
	if err != nil {
		return nil, fmt.Errorf("reading a latitude: %w", err)
	}
	x, err := strconv.ParseFloat(lng, 64)
	if err != nil {
		return nil, fmt.Errorf("reading a longitude: %w", err)
	}
	return &Point{Lat: y, Lng: x}, nil
}
