package match

import "nagrik/bot/hindi"

// The features of things.
var thingWeights = map[string]weight{
	"owner":      {6, 3, -6},
	"digits":     {5, 0, -9},
	"article":    {1.5, 0, -12},
	"value":      {2, 0.5, -2},
	"place":      {1.6, 0.6, -4},
	"day":        {1, 0.3, -2},
	"place_name": {1.5, 0.6, 0},
}

func compareThings(lost, found Subject, days int, dated bool, near func(a, b string) bool) Score {
	t := &tally{weights: thingWeights}
	t.takes("owner", sameName(lost.Names, found.Names), 1)
	t.takes("digits", sameOption(lost.Digits, found.Digits), 1)
	if lost.Kind == "papers" {
		t.takes("article", sameOption(lost.Article, found.Article), 1)
	}
	t.takes("value", sameAmount(lost.Value, found.Value), 1)
	if points, agree := compare(lost.words(), found.words()); agree {
		t.add("words", points)
	} else {
		t.points += points
	}
	t.places(lost, found, near)
	if dated {
		t.takes("day", within(days, 7, 45, 120), 1)
	}
	return t.score()
}

// words are what else was told of a subject, marks what a person is known by.
func (s Subject) words() []word { return understand(s.Words) }

func sameAmount(a, b string) agreement {
	x, ok1 := hindi.Amount(a)
	y, ok2 := hindi.Amount(b)
	switch {
	case !ok1 || !ok2 || x == 0 || y == 0:
		return untold
	case x == y:
		return agrees
	case float64(min(x, y)) >= 0.8*float64(max(x, y)):
		return nearly
	}
	return differs
}
