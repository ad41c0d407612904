package flows

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// Stations finds police stations and districts by name in either script, with small mistakes, and
// by place. It is made once and is safe for many at a time.
type Stations struct {
	stations  map[string]*store.Station
	districts map[string]*store.District
	order     []*store.District // in the order of the Hindi alphabet
	names     *hindi.Names[*store.Station]
	towns     *hindi.Names[*store.District]
	within    map[string]*hindi.Names[*store.Station] // by district
	points    []*store.Station                        // territorial stations whose place is known
}

// NewStations indexes the reference data.
func NewStations(d store.Directory) *Stations {
	s := &Stations{
		stations:  make(map[string]*store.Station, len(d.Stations)),
		districts: make(map[string]*store.District, len(d.Districts)),
		names:     hindi.NewNames[*store.Station](),
		towns:     hindi.NewNames[*store.District](),
		within:    map[string]*hindi.Names[*store.Station]{},
	}
	for i := range d.Districts {
		district := &d.Districts[i]
		s.districts[district.Code] = district
		s.order = append(s.order, district)
		s.towns.Add(district, append([]string{district.NameHI, district.NameEN, district.HQHI, district.HQEN}, district.Aliases...)...)
		s.within[district.Code] = hindi.NewNames[*store.Station]()
	}
	slices.SortFunc(s.order, func(a, b *store.District) int {
		return cmp.Or(cmp.Compare(b.Kind, a.Kind), cmp.Compare(a.NameHI, b.NameHI)) // the railway police last
	})
	for i := range d.Stations {
		station := &d.Stations[i]
		district, ok := s.districts[station.District]
		if !ok {
			continue
		}
		s.stations[station.Code] = station
		names := append([]string{station.NameHI, station.NameEN}, station.Aliases...)
		near := []string{district.NameHI, district.NameEN, station.Revenue}
		s.names.AddWithin(station, near, names...)
		s.within[station.District].AddWithin(station, near, names...)
		if station.Kind == territorial && station.Point != nil {
			s.points = append(s.points, station)
		}
	}
	return s
}

// Station gives a station by its code.
func (s *Stations) Station(code string) (*store.Station, bool) {
	station, ok := s.stations[code]
	return station, ok
}

// District gives a police district by its code.
func (s *Stations) District(code string) (*store.District, bool) {
	district, ok := s.districts[code]
	return district, ok
}

// Name is a station's name in a language; "" for an unknown code.
func (s *Stations) Name(lang, code string) string {
	station, ok := s.stations[code]
	switch {
	case !ok:
		return ""
	case lang == "en":
		return station.NameEN
	}
	return station.NameHI
}

// DistrictName is a police district's name in a language; "" for an unknown code.
func (s *Stations) DistrictName(lang, code string) string {
	district, ok := s.districts[code]
	switch {
	case !ok:
		return ""
	case lang == "en":
		return district.NameEN
	}
	return district.NameHI
}

// All is the list of all stations of the state; a label says the district too.
func (s *Stations) All() bot.List { return stationList{s: s} }

// In is the list of a district's stations.
func (s *Stations) In(district string) bot.List { return stationList{s: s, district: district} }

// Districts is the list of police districts.
func (s *Stations) Districts() bot.List { return districtList{s} }

// stationList is a bot.List of stations, of one district or of all.
type stationList struct {
	s        *Stations
	district string
}

func (l stationList) item(lang string, station *store.Station) bot.Item {
	name := l.s.Name(lang, station.Code)
	if l.district == "" {
		name += ", " + l.s.DistrictName(lang, station.District)
	}
	return bot.Item{ID: station.Code, Label: name}
}

// Find is bot.List's. A name is sure where nothing else comes near it: "कोतवाली" alone is not.
func (l stationList) Find(lang, text string, n int) ([]bot.Item, bool) {
	names := l.s.names
	if l.district != "" {
		names = l.s.within[l.district]
	}
	if names == nil {
		return nil, false
	}
	return byName(names.Find(text, n), func(s *store.Station) (bot.Item, string) { return l.item(lang, s), s.Kind })
}

// byName gives the likely ones of what a name found, best first; where several bear just this name,
// only those. It is sure where one does, and nothing comes before it.
func byName[T any](matches []hindi.Match[T], of func(T) (item bot.Item, kind string)) ([]bot.Item, bool) {
	var items, named []bot.Item
	sure := false
	for _, m := range matches {
		if m.Score < likely {
			break
		}
		item, kind := of(m.Item)
		items = append(items, item)
		if m.Exact && kind == territorial {
			named = append(named, item)
			sure = len(items) == 1
		}
	}
	if len(named) > 1 {
		return named, false
	}
	return items, sure && len(named) == 1
}

// likely is the score from which a name is worth showing.
const likely = 0.6

// territorial is the kind of a station or district that has an area: what people mean unless they
// say "महिला थाना" or "रेल थाना", and then they choose.
const territorial = "territorial"

// Near is bot.List's: territorial stations only, nearest first.
func (l stationList) Near(lang string, p bot.Place, n int) []bot.Item {
	type distance struct {
		station *store.Station
		km      float64
	}
	var all []distance
	for _, station := range l.s.points {
		if l.district != "" && station.District != l.district {
			continue
		}
		if km := kilometres(p, *station.Point); km < farthest {
			all = append(all, distance{station, km})
		}
	}
	slices.SortFunc(all, func(a, b distance) int { return cmp.Compare(a.km, b.km) })
	var items []bot.Item
	for _, d := range all[:min(n, len(all))] {
		items = append(items, l.item(lang, d.station))
	}
	return items
}

// farthest is how far a station may be, in kilometres, to be "near": Bihar's thanas lie closer.
const farthest = 60

// kilometres is the distance of two points, on a plane: good enough within a state.
func kilometres(a bot.Place, b store.Point) float64 {
	const degree = 111.2
	dy := (a.Lat - b.Lat) * degree
	dx := (a.Lng - b.Lng) * degree * math.Cos(a.Lat*math.Pi/180)
	return math.Hypot(dx, dy)
}

// First is bot.List's: a district's stations by name; of the whole state, none.
func (l stationList) First(lang string) []bot.Item {
	if l.district == "" {
		return nil
	}
	var items []bot.Item
	for _, station := range l.s.stations {
		if station.District == l.district {
			items = append(items, l.item(lang, station))
		}
	}
	slices.SortFunc(items, func(a, b bot.Item) int { return cmp.Or(strings.Compare(a.Label, b.Label), strings.Compare(a.ID, b.ID)) })
	return items
}

// Item is bot.List's.
func (l stationList) Item(lang, id string) (bot.Item, bool) {
	station, ok := l.s.stations[id]
	if !ok || l.district != "" && station.District != l.district {
		return bot.Item{}, false
	}
	return l.item(lang, station), true
}

// districtList is a bot.List of police districts.
type districtList struct{ s *Stations }

func (l districtList) item(lang string, d *store.District) bot.Item {
	return bot.Item{ID: d.Code, Label: l.s.DistrictName(lang, d.Code)}
}

// Find is bot.List's.
func (l districtList) Find(lang, text string, n int) ([]bot.Item, bool) {
	return byName(l.s.towns.Find(text, n), func(d *store.District) (bot.Item, string) { return l.item(lang, d), d.Kind })
}

// Near is bot.List's: districts are not looked for by place.
func (l districtList) Near(string, bot.Place, int) []bot.Item { return nil }

// First is bot.List's: all districts.
func (l districtList) First(lang string) []bot.Item {
	items := make([]bot.Item, len(l.s.order))
	for i, d := range l.s.order {
		items[i] = l.item(lang, d)
	}
	return items
}

// Item is bot.List's.
func (l districtList) Item(lang, id string) (bot.Item, bool) {
	d, ok := l.s.districts[id]
	if !ok {
		return bot.Item{}, false
	}
	return l.item(lang, d), true
}
