package match

import (
	"math"
	"slices"

	"nagrik/store"
)

// Around names the districts where it is worth looking for what was lost in a district: that one, its neighbours, and those of
// the railway police, which lie everywhere.
type Around map[string][]string

// nearby is how far apart, as the crow flies, the seats of neighbours may be: some 90 km, in degrees of latitude.
const nearby = 0.82

// NewAround measures the distances.
func NewAround(districts []store.District) Around {
	around := Around{}
	for _, a := range districts {
		for _, b := range districts {
			if a.Code == b.Code || a.Point == nil || b.Point == nil ||
				math.Hypot(a.Point.Lat-b.Point.Lat, (a.Point.Lng-b.Point.Lng)*math.Cos(bihar)) < nearby {
				around[a.Code] = append(around[a.Code], b.Code)
			}
		}
	}
	return around
}

// bihar is the latitude of its middle, in radians: a degree of longitude is shorter there than one of latitude.
const bihar = 25.8 * math.Pi / 180

func (a Around) near(one, other string) bool { return slices.Contains(a[one], other) }
