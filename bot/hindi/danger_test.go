package hindi

import "testing"

func TestDangerOnCorpus(t *testing.T) {
	t.Parallel()
	var hit, missed, falseAlarm, kinds [2]int
	for _, l := range corpus(t, dangerCorpus, dangerTuning) {
		half := 0
		if l.heldOut {
			half = 1
		}
		kind, got := DangerKind(l.text)
		switch want := l.label != "-"; {
		case got && want:
			hit[half]++
			if kind == l.label {
				kinds[half]++
			}
		case want:
			missed[half]++
		case got:
			falseAlarm[half]++
		}
		if (got != (l.label != "-") || got && kind != l.label) && !l.heldOut {
			t.Logf("%q is %s, read as %q", l.text, l.label, kind)
		}
	}
	for half, name := range [2]string{"tuning", "held out"} {
		found := float64(hit[half])
		recall, precision, kind := found/(found+float64(missed[half])), found/(found+float64(falseAlarm[half])), float64(kinds[half])/found
		t.Logf("%s: recall %.3f, precision %.3f, kind right %.3f", name, recall, precision, kind)
		if recall < 0.95 || precision < 0.95 {
			t.Errorf("%s half: recall %.3f, precision %.3f, floors 0.95", name, recall, precision)
		}
	}
}
