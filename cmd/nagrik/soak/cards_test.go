package main

import (
	"slices"
	"testing"
)

// Both lists of the program are known by their words, and how many filings they are of.
func TestListsAreKnown(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	const number = "SH1234567890"
	for _, id := range []string{"desk.list.card", "desk.list.overdue"} {
		text := w.text(id, map[string]any{"Count": 12}) + "\n" +
			w.text("desk.list.line", map[string]any{"Number": number, "Service": "e-शिकायत", "Sensitive": false}) + "\n" +
			w.text("desk.list.more", map[string]any{"Count": 11})
		l, ok := w.listIn(text)
		if !ok || l.of != 12 {
			t.Errorf("%s is read as %v, %v: %q", id, l, ok, text)
		}
		if !w.unasked(text) {
			t.Errorf("%s comes without being asked for", id)
		}
	}
	if l, ok := w.listIn(w.text("desk.list.new", nil)); ok {
		t.Errorf("a button is a list: %v", l)
	}
}

func TestUnlisted(t *testing.T) {
	has := func(numbers ...string) map[string]bool {
		all := map[string]bool{}
		for _, n := range numbers {
			all[n] = true
		}
		return all
	}
	for name, test := range map[string]struct {
		listed map[string]bool
		lists  []list
		want   []string
	}{
		"nothing":             {},
		"named":               {has("a", "b"), []list{{2, []string{"a", "b"}}}, nil},
		"named, then carded":  {has("a"), []list{{2, []string{"a", "b"}}}, nil},
		"only counted":        {has("a", "b"), []list{{2, []string{"a"}}}, nil},
		"in no list":          {has("a"), nil, []string{"a"}},
		"another was named":   {has("a", "b"), []list{{2, []string{"a", "c"}}}, []string{"b"}},
		"more than a list is": {has("a", "b", "c"), []list{{2, []string{"a"}}}, []string{"b", "c"}},
	} {
		got := unlisted(test.listed, test.lists)
		slices.Sort(got)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
