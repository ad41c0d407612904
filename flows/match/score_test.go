package match_test

import (
	"testing"

	"nagrik/flows/match"
)

// neighbours are the districts of testdata that lie beside each other.
func neighbours(a, b string) bool {
	return a == b || a == "5140" && b == "5118" || a == "5118" && b == "5140"
}

func subject(t *testing.T, s told) match.Subject {
	t.Helper()
	list, err := match.Subjects(s.content())
	if err != nil || len(list) != 1 {
		t.Fatalf("%s: %d subjects, %v", s.kind, len(list), err)
	}
	return list[0]
}

// TestScores measures the scorer alone: on pairs and near-misses, and on all that the pairs tell with each other, which are of
// strangers. The floors are what was measured, less a little.
func TestScores(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file              string
		recall, precision float64
		strangers         int // pairs of strangers that may be proposed
	}{
		{"tuning.txt", 0.95, 0.97, 2},
		{"held_out.txt", 0.84, 0.88, 2},
	} {
		all := examples(t, c.file)
		var f, crossed figures
		for i, x := range all {
			lost := subject(t, x.lost)
			for j, y := range all {
				if i != j && !(x.same && y.same) {
					continue
				}
				score := match.Compare(lost, subject(t, y.found), neighbours)
				likely := score.Likely(lost.Kind)
				if i == j {
					f.count(x.same, likely)
				} else {
					crossed.count(false, likely)
				}
				if likely != (i == j && x.same) {
					t.Logf("%s lines %d and %d: %.1f %v", c.file, x.line, y.line, score.Points, score.Alike)
				}
			}
		}
		t.Logf("%s: %v; %d of %d strangers", c.file, f, crossed.wrong, crossed.wrong+crossed.rest)
		if f.recall() < c.recall || f.precision() < c.precision {
			t.Errorf("%s: %v, less than recall %.3f, precision %.3f", c.file, f, c.recall, c.precision)
		}
		if crossed.wrong > c.strangers {
			t.Errorf("%s: %d pairs of strangers would be proposed", c.file, crossed.wrong)
		}
	}
}
