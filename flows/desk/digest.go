package desk

import (
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// digest is how things stand in the morning: numbers, and the most pressing filings by their number.
func (d *Desk) digest(n store.Notice) bot.Reply {
	g := n.Digest
	lines := []string{
		d.say("desk.digest.head", map[string]any{"Place": d.area(g.For)}),
		d.say("desk.digest.counts", map[string]any{"New": g.New, "Open": g.Open, "Overdue": g.Overdue}),
	}
	if g.Sensitive > 0 {
		lines = append(lines, d.say("desk.digest.sensitive", map[string]any{"Count": g.Sensitive}))
	}
	if len(g.Pressing) > 0 {
		lines = append(lines, "", d.say("desk.digest.pressing", nil))
		for _, f := range g.Pressing {
			lines = append(lines, d.pressing(f))
		}
	}
	if len(g.Places) > 0 {
		lines = append(lines, "", d.say("desk.digest.places", nil))
		for _, p := range g.Places {
			lines = append(lines, d.say("desk.digest.place", map[string]any{
				"Place": d.placeName(g.For, p), "New": p.New, "Open": p.Open, "Overdue": p.Overdue,
			}))
		}
	}
	reply := bot.Reply{Text: strings.Join(lines, "\n")}
	if n.Group || g.For.Role == store.SCRB {
		return reply
	}
	if g.New > 0 {
		reply.Options = append(reply.Options, d.seeNew())
	}
	if g.Overdue > 0 {
		reply.Options = append(reply.Options, d.seeOverdue())
	}
	return reply
}

// area names what a post is for: a station, a district, the state.
func (d *Desk) area(p store.By) string {
	switch {
	case p.Station != "":
		return d.place(officers, p.Station, p.District)
	case p.District != "":
		return d.say("desk.digest.district", map[string]any{"District": d.Places.DistrictName(officers, p.District)})
	}
	return d.say("desk.digest.state", nil)
}

// pressing is a filing of a digest, with what is due and when.
func (d *Desk) pressing(f store.Filing) string {
	text := d.line(f)
	switch {
	case f.Clock == "" || f.Clock == store.ClockSignature: // the citizen's own
	case f.Late:
		text += "\n    " + d.say("desk.card.late."+string(f.Clock), map[string]any{"At": f.Due})
	default:
		text += "\n    " + d.say("desk.card.due."+string(f.Clock), map[string]any{"At": f.Due})
	}
	return text
}

// placeName names a line of a district's list of stations, or of the state's list of districts.
func (d *Desk) placeName(of store.By, p store.Place) string {
	switch {
	case p.Station != "":
		return d.Places.Name(officers, p.Station)
	case of.District != "":
		return d.say("desk.digest.no_station", nil)
	}
	return d.Places.DistrictName(officers, p.District)
}
