package sheets

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"nagrik/store"
)

// stationReader reads lines of police stations.
type stationReader struct {
	*run
	stations []store.Station
}

var (
	stationCode  = regexp.MustCompile(`^[0-9]{7,9}$`)
	stationKinds = []string{"territorial", "railway", "mahila", "sc_st", "prohibition", "traffic"}
)

const longestName = 120

func (x *stationReader) add(_ context.Context, r row) (string, []Problem, error) {
	c := &check{run: x.run, row: r}
	s := store.Station{
		Code: c.text("code", longestCode), District: c.district(), Kind: c.text("kind", longestCode),
		NameEN: c.text("name_en", longestName), NameHI: c.text("name_hi", longestName), Revenue: c.text("revenue", longestName),
		Aliases: []string{},
	}
	if s.Code != "" && !stationCode.MatchString(s.Code) {
		c.wrong("code", "a station's code has 7 to 9 digits and nothing else")
	}
	if s.Kind != "" && !slices.Contains(stationKinds, s.Kind) {
		c.wrong("kind", "it is none of %s", strings.Join(stationKinds, ", "))
	}
	for name := range strings.SplitSeq(c.text("aliases", longestCell), "|") {
		if name = strings.TrimSpace(name); name != "" {
			s.Aliases = append(s.Aliases, name)
		}
	}
	lat, lng := c.degrees("lat", 90), c.degrees("lng", 180)
	switch {
	case lat != nil && lng != nil:
		s.Point = &store.Point{Lat: *lat, Lng: *lng}
	case lat != nil || lng != nil:
		c.wrong("lat", "a place needs both lat and lng")
	}
	if len(c.problems) == 0 && x.report.Wrong == 0 {
		x.stations = append(x.stations, s)
	}
	return s.Code, c.problems, nil
}

// degrees is a number of degrees, nil if there is none.
func (c *check) degrees(column string, most float64) *float64 {
	cell := c.text(column, longestCode)
	if cell == "" {
		return nil
	}
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil || !(n >= -most && n <= most) { // NaN is neither
		c.wrong(column, "it is no number of degrees, such as 25.61")
		return nil
	}
	return &n
}

func (x *stationReader) stage(ctx context.Context, i *store.Import) error {
	defer func() { x.stations = x.stations[:0] }()
	return i.Stations(ctx, x.stations)
}
