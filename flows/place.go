package flows

import (
	"nagrik/bot"
)

// StationChoice is the station that a filing goes to. A citizen who does not find it in the list
// names the district, and the filing goes there.
type StationChoice struct {
	Code     string // national code, "" if not in the list
	District string // code of the police district, where Code is ""
}

// Answers beside the lists of stations.
const (
	byDistrict = "by_district"
	notListed  = "not_listed"
)

// askStation asks for the station: by its name, by the place of the event if that was shared as a
// location, by a location sent now, or through the district.
func askStation(q *bot.Questions, stations *Stations, s *StationChoice, near string, settings ...bot.Setting) {
	*s = StationChoice{}
	answer := ""
	settings = append([]bot.Setting{bot.Locatable, bot.Around(near), bot.OrVia(byDistrict), bot.Or(notListed)}, settings...)
	q.Pick(&answer, "station", stations.All(), settings...)
	switch answer {
	case byDistrict:
		q.Pick(&s.District, "district", stations.Districts())
		q.Pick(&answer, "station_in", stations.In(s.District), bot.Or(notListed))
		if answer != byDistrict && answer != notListed {
			s.Code, s.District = answer, ""
		}
	case notListed:
		q.Pick(&s.District, "district", stations.Districts())
	default:
		s.Code = answer
	}
}
