package desk

import "testing"

// TestCodesAreUnique: a code in a button stands for one thing.
func TestCodesAreUnique(t *testing.T) {
	seen := map[string]string{groupTap: "a group's code", moreTap: "more", openTap: "the next cards", openMatchTap: "a match"}
	for _, a := range actions() {
		if other, taken := seen[a.code]; taken {
			t.Errorf("%s and %s have the code %q", a.name, other, a.code)
		}
		seen[a.code] = a.name
	}
}
