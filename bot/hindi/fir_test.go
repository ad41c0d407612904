package hindi

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFIRReference(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]FIRRef{
		"FIR 123/25 कोतवाली पटना": {Number: "123/2025", Where: "कोतवाली पटना", Named: true},
		"123/2025": {Number: "123/2025"},
		"कांड संख्या 45/2024, थाना गांधी मैदान":    {Number: "45/2024", Where: "गांधी मैदान", Named: true},
		"gandhi maidan thana fir no 45/2024":       {Number: "45/2024", Where: "gandhi maidan", Named: true},
		"FIR 45/2024 ki copy chahiye":              {Number: "45/2024", Named: true},
		"ज़ीरो एफआईआर 7/2026 सिकटी":                {Number: "7/2026", Zero: true, Where: "सिकटी", Named: true},
		"१२३/२५ अररिया":                            {Number: "123/2025", Where: "अररिया"},
		"एक सौ तेईस बटा पच्चीस":                    {Number: "123/2025"},
		"123/2025 dated 14.3.2025 Kotwali (Patna)": {Number: "123/2025", Where: "kotwali patna"},
	} {
		got, ok := FIRReference(said)
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%q: %v %s", said, ok, diff)
		}
		again, ok := FIRReference(got.String())
		if !ok || again.String() != got.String() {
			t.Errorf("%q reads as %q", got.String(), again.String())
		}
	}
	for _, said := range []string{"", "कोतवाली", "मेरी FIR की प्रति", "123", "FIR", "9876543210"} {
		if got, ok := FIRReference(said); ok {
			t.Errorf("%q is %+v", said, got)
		}
	}
}
