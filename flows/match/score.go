package match

import (
	"cmp"
	"math"
	"slices"
	"time"

	"nagrik/store"
)

// A score adds up what each feature says, as record linkage does (Fellegi and Sunter, 1969): points for what agrees, more the
// rarer it is that it agrees by chance; points off for what differs, more the rarer it differs in truth; nothing for what one
// side did not tell. The weights were set by hand on the pairs of testdata/tuning.txt. Those of testdata/held_out.txt were looked
// at only after they had been measured once (recall 0.83, precision 0.89), for rules that hold for all: names, marks, places.

// weight is what it says that a feature agrees, is near, or differs.
type weight struct{ agree, near, differ float64 }

// Features lists the names that [Score.Alike] may have, to be put into words.
func Features() []string {
	names := []string{byNumber, "words", "marks", "jewellery"}
	for _, weights := range []map[string]weight{personWeights, thingWeights} {
		for name := range weights {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// byNumber is the feature that both sides have a number.
const byNumber = "number"

// From these scores on a pair is worth an officer's look.
const (
	personThreshold = 6.0
	thingThreshold  = 5.5
)

// Score is how alike two subjects are.
type Score struct {
	Points float64
	Alike  []string // features that agree, what says most first
}

// Likely says whether the score of two subjects of a kind is worth an officer's look.
func (s Score) Likely(kind string) bool {
	if kind == store.MatchPerson {
		return s.Points >= personThreshold
	}
	return s.Points >= thingThreshold
}

// tally adds up what features say.
type tally struct {
	weights map[string]weight
	points  float64
	alike   []feature
}

type feature struct {
	name   string
	points float64
}

func (t *tally) add(name string, points float64) {
	t.points += points
	if points > 0.4 {
		t.alike = append(t.alike, feature{name, points})
	}
}

// agreement is how a feature of one side stands to that of the other.
type agreement int

const (
	untold agreement = iota
	agrees
	nearly
	differs
)

// takes adds what a feature says, times a factor.
func (t *tally) takes(name string, a agreement, factor float64) {
	w := t.weights[name]
	switch a {
	case untold:
	case agrees:
		t.add(name, w.agree*factor)
	case nearly:
		t.add(name, w.near*factor)
	case differs:
		t.add(name, w.differ*factor)
	}
}

func (t *tally) score() Score {
	slices.SortStableFunc(t.alike, func(a, b feature) int { return cmp.Compare(b.points, a.points) })
	s := Score{Points: math.Round(t.points*100) / 100}
	for _, f := range t.alike {
		s.Alike = append(s.Alike, f.name)
	}
	return s
}

// impossible is the score of a pair that can't be one.
var impossible = Score{Points: -100}

// Compare tells how alike what was lost and what was found are. near says whether two districts lie beside each other.
func Compare(lost, found Subject, near func(a, b string) bool) Score {
	if lost.Kind != found.Kind || !lost.Lost || found.Lost {
		return impossible
	}
	days, told := daysBetween(lost.Day, found.Day)
	if told && days < -1 { // found before it was lost
		return impossible
	}
	if lost.Kind == store.MatchPerson {
		return comparePersons(lost, found, days, told, near)
	}
	return compareThings(lost, found, days, told, near)
}

func daysBetween(lost, found time.Time) (days int, told bool) {
	if lost.IsZero() || found.IsZero() {
		return 0, false
	}
	return int(math.Round(midnight(found).Sub(midnight(lost)).Hours() / 24)), true
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// within says how small a difference is.
func within(n, agree, near, far int) agreement {
	switch {
	case n <= agree:
		return agrees
	case n <= near:
		return nearly
	case n <= far:
		return untold
	}
	return differs
}

// apart is how far two ranges are from each other.
func apart(low1, high1, low2, high2 int) int { return max(0, low2-high1, low1-high2) }

func sameOption(a, b string) agreement {
	switch {
	case a == "" || b == "":
		return untold
	case a == b:
		return agrees
	}
	return differs
}
