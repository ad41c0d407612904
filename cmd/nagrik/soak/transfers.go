package main

import (
	"fmt"
	"slices"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

// route is the way of a filing from station to station.
type route struct {
	first string     // code of the station that it was made to
	left  []*station // those that it was at, or on its way to, and is not any more
	to    *station   // that it is on its way to; nil: none
}

// stationOf finds a station by its code; nil for one that nobody here named.
func (w *world) stationOf(code string) *station {
	i := slices.IndexFunc(w.stations, func(s *station) bool { return s.code == code })
	if i < 0 {
		return nil
	}
	return w.stations[i]
}

// follow reads the way of a filing out of its events. problem says where they do not lead to where the
// filing is.
func (w *world) follow(f filing) (r route, problem string) {
	at, to := f.Station, ""
	if i := slices.IndexFunc(f.Events, func(e store.Event) bool { return e.Kind == store.TransferAccepted }); i >= 0 {
		at = f.Events[i].Other
	}
	r.first = at
	for _, e := range f.Events {
		switch {
		case e.Kind == string(store.Transferred) && to == "":
			to = e.Other
		case e.Kind == store.TransferAccepted && e.Other == at && to != "":
			r.left, at, to = append(r.left, w.stationOf(at)), to, ""
		case e.Kind == store.TransferRefused && e.Other == to && to != "":
			r.left, to = append(r.left, w.stationOf(to)), ""
		case e.Kind == string(store.Withdrawn) && to != "": // it stays where it was
			r.left, to = append(r.left, w.stationOf(to)), ""
		case e.Kind == string(store.Transferred), e.Kind == store.TransferAccepted, e.Kind == store.TransferRefused:
			return r, fmt.Sprintf("%s of %q, when it was at %q and on its way to %q", e.Kind, e.Other, at, to)
		}
	}
	r.to = w.stationOf(to)
	r.left = slices.DeleteFunc(r.left, func(s *station) bool { return s == nil || s == f.station || s == r.to })
	switch {
	case at != f.Station || to != f.To:
		return r, fmt.Sprintf("it is at %q and on its way to %q, its events say %q and %q", f.Station, f.To, at, to)
	case (to != "") != (f.Status == store.Transferred):
		return r, fmt.Sprintf("it is %s, and on its way to %q", f.Status, to)
	}
	return r, ""
}

// here are the stations where a filing is, or which it is on its way to.
func (f filing) here() []*station {
	if f.route.to != nil {
		return []*station{f.station, f.route.to}
	}
	return []*station{f.station}
}

// checkRoutes checks that each filing is at a station, and at the one that its events lead to from where its
// citizen sent it.
func checkRoutes(filings []filing, f *findings) {
	for _, filing := range filings {
		problem := filing.astray
		if problem == "" && filing.story != nil && filing.story.station.code != filing.route.first {
			problem = "it was made to another station than its citizen named"
		}
		if problem != "" {
			f.astray = append(f.astray, filing.Number+": "+problem)
		}
		for _, e := range filing.Events {
			switch e.Kind {
			case string(store.Transferred):
				f.transfers++
			case store.TransferAccepted:
				f.takenOver++
			case store.TransferRefused:
				f.sentBack++
			}
		}
	}
}

// standing says whether the card of a filing still stands in a chat: the last message that was its card, as it
// was edited since. Of a copy whose sender was killed the program does not know; then it says anew that it is gone.
func (w words) standing(inbox []telegramtest.Message, number string) bool {
	var last int64
	stands := false
	for _, m := range inbox {
		about := slices.Contains(numbers(m.Text), number)
		if !m.Edited && about && w.card(m.Text) {
			last = m.ID
		}
		if m.ID == last {
			stands = w.card(m.Text)
		}
		if about && w.says(m.Text, "desk.card.gone") {
			stands = false
		}
	}
	return stands
}
