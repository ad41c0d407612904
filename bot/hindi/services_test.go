package hindi

import (
	_ "embed"
	"hash/fnv"
	"strings"
	"testing"
)

//go:embed testdata/services.tsv
var servicesCorpus string

//go:embed testdata/services_tuning.tsv
var servicesTuning string

//go:embed testdata/danger.tsv
var dangerCorpus string

//go:embed testdata/danger_tuning.tsv
var dangerTuning string

// labelled is one line of a corpus.
type labelled struct {
	label, text string
	heldOut     bool
}

// corpus reads "label<TAB>text" lines. Which half a line of the first file belongs to depends on its text alone; all of
// the second is for tuning.
func corpus(t *testing.T, split, tuning string) []labelled {
	t.Helper()
	var all []labelled
	seen := map[string]bool{}
	for file, tsv := range [2]string{split, tuning} {
		for line := range strings.Lines(tsv) {
			line = strings.TrimRight(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			label, text, ok := strings.Cut(line, "\t")
			if !ok || seen[text] {
				t.Fatalf("bad or repeated line: %q", line)
			}
			seen[text] = true
			h := fnv.New32a()
			h.Write([]byte(text))
			all = append(all, labelled{label, text, file == 0 && h.Sum32()%2 == 1})
		}
	}
	return all
}

func TestServicesOnCorpus(t *testing.T) {
	t.Parallel()
	var right, total [2]int
	for _, l := range corpus(t, servicesCorpus, servicesTuning) {
		half := 0
		if l.heldOut {
			half = 1
		}
		total[half]++
		got, score := Service(l.text)
		if got == l.label {
			right[half]++
		} else if !l.heldOut {
			t.Logf("%q is %s, read as %s (%.2f)", l.text, l.label, got, score)
		}
		if score < 0 || score > 1 {
			t.Errorf("%q: score %v", l.text, score)
		}
	}
	for half, name := range [2]string{"tuning", "held out"} {
		accuracy := float64(right[half]) / float64(total[half])
		t.Logf("%s: %d of %d right, %.3f", name, right[half], total[half], accuracy)
		if accuracy < 0.9 {
			t.Errorf("accuracy on the %s half %.3f, floor 0.9", name, accuracy)
		}
	}
}
