package bot

import (
	"strconv"
	"strings"
)

// List is what a Pick chooses from: too long to show at once.
type List interface {
	// Find gives the items whose names are most like the text, best first. sure says that the
	// first is meant without a doubt.
	Find(lang, text string, n int) (items []Item, sure bool)
	// Near gives the items nearest to a place; nil if the list knows no places.
	Near(lang string, p Place, n int) []Item
	// First gives the items to show before anything was typed; nil to ask for a name.
	First(lang string) []Item
	// Item gives the item of an id.
	Item(lang, id string) (Item, bool)
}

// Item is one thing to pick. The id is a stored promise. Line is what the question's text says of it,
// for a label that does not say enough.
type Item struct{ ID, Label, Note, Line string }

// ParsePlace reads a place that was shared as a location.
func ParsePlace(value string) (Place, bool) {
	point, ok := strings.CutPrefix(value, "@")
	if !ok {
		return Place{}, false
	}
	lat, lng, _ := strings.Cut(point, ",")
	y, err1 := strconv.ParseFloat(lat, 64)
	x, err2 := strconv.ParseFloat(lng, 64)
	return Place{Lat: y, Lng: x}, err1 == nil && err2 == nil && y >= -90 && y <= 90 && x >= -180 && x <= 180
}

// String is how a shared location is stored as an answer, to about a metre.
func (p Place) String() string {
	return "@" + strconv.FormatFloat(p.Lat, 'f', 5, 64) + "," + strconv.FormatFloat(p.Lng, 'f', 5, 64)
}
