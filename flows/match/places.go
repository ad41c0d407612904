package match

import (
	"slices"
	"strings"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// places says how near the places of two subjects are.
func (t *tally) places(lost, found Subject, near func(a, b string) bool) {
	at := differs
	switch {
	case lost.Station != "" && lost.Station == found.Station:
		t.takes("place", agrees, 1.4)
		at = untold
	case lost.District == found.District:
		at = agrees
	case near(lost.District, found.District):
		at = untold
	}
	t.takes("place", at, 1)
	where := found.Place
	if found.Kind == store.MatchPerson { // who was found may have said where they belong
		where += " " + found.Words
	}
	if samePlace(lost.Place, where) {
		if at == agrees || at == untold && lost.Station != found.Station {
			t.takes("place_name", agrees, 1)
		} else {
			t.takes("place_name", nearly, 1)
		}
	}
	if samePlace(lost.Likely, found.Place) {
		t.takes("likely", agrees, 1)
	}
}

// samePlace says whether the names of two places have a telling word in common: not "road", nor "near".
func samePlace(a, b string) bool {
	telling := placeWords(b)
	return slices.ContainsFunc(placeWords(a), func(x string) bool {
		return slices.ContainsFunc(telling, func(y string) bool { return hindi.Similar(x, y) >= sameWord })
	})
}

// shortestPlace is how many letters a word needs to name a place.
const shortestPlace = 3

func placeWords(place string) []string {
	if _, ok := bot.ParsePlace(place); ok {
		return nil
	}
	return slices.DeleteFunc(strings.Fields(hindi.Fold(place)), func(w string) bool {
		class := lookUp(w).class
		return class == spot || class == out || len([]rune(w)) < shortestPlace
	})
}
