package hindi

import (
	"strconv"
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"12": 12, "१२": 12, "पच्चीस": 25, "pachees": 25, "pacchis": 25, "dhai hazaar": 2500, "डेढ़ सौ": 150, "डेढ सौ": 150,
		"paune do lakh": 175000, "साढ़े तीन हज़ार": 3500, "साढे तीन हजार": 3500, "सवा सौ": 125, "सवा लाख": 125000, "savaa do lakh": 225000,
		"एक सौ पच्चीस": 125, "बारह सौ": 1200, "ek lakh pachis hazar teen sau do": 125302, "12,500": 12500, "1,20,000": 120000,
		"दो हज़ार पच्चीस": 2025, "twenty five": 25, "शून्य": 0, "निन्यानवे जी": 99, "विकल्प 3": 3, "option 4": 4, "2.5 लाख": 250000,
		"नौ": 9, "nau": 9, "सात": 7, "saat": 7, "साठ": 60, "आठ": 8, "aath": 8, "chhah": 6, "छः": 6, "उनतीस": 29, "उनतालीस": 39,
		"पौने चार सौ": 375, "do karod": 20000000,
	} {
		if got, ok := Number(text); !ok || got != want {
			t.Errorf("Number(%q) = %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "नहीं", "no", "ढाई", "2.5", "दो तीन", "12/5", "3 आदमी", "abc", "-5", "5-6", "साढ़े", "मेरा नाम राम है", "12 13"} {
		if got, ok := Number(text); ok {
			t.Errorf("Number(%q) = %d, want refused", text, got)
		}
	}
}

// Every listed number word must mean its number and no other, in both scripts.
func TestNumberWords(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(numbersTSV) {
		value, words, ok := strings.Cut(strings.TrimSpace(line), "\t")
		want, err := strconv.Atoi(value)
		if !ok || err != nil || strings.HasPrefix(value, "+") || strings.HasPrefix(value, "-") {
			continue
		}
		for w := range strings.SplitSeq(words, ", ") {
			if got, ok := Number(w); !ok || got != want {
				t.Errorf("%s reads as %d, %v; want %d", w, got, ok, want)
			}
		}
	}
}
