package hindi

import (
	"testing"
	"time"
)

// seeds are texts of every kind for the fuzzers to start from.
var seeds = []string{
	"", " ", "१५ अगस्त २०२५ शाम ५ बजे", "kal shaam 5 baje", "पिछले सोमवार को", "दो-तीन दिन पहले", "15/8/25", "31/02/2025", "2025-12-05T17:00", "2025-11-22T01:00", "1AM", "paune do lakh", "साढ़े तीन हज़ार", "एक सौ पच्चीस", "₹12,500", "5'4\"", "5 फुट 4 इंच",
	"+91 98765 43210", "बीआर 01 एबी 1234", "22BH1234AA", "बदलें 3", "मदद", "घर में चोर घुस आए हैं", "मेरा मोबाइल खो गया", "\u200d\u202e\ufeff", "ऽ़ंः्", "....----////", "१,२,३,,४", "9:99 बजे", "dhai dedh sava paune sau", "नौ आठ सात", "A\x89\u030f", "\xff\xfe\xe0\xa4",
}

func fuzz(f *testing.F, check func(*testing.T, string)) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(check)
}

// stable checks that a value which was read reads as itself.
func stable(t *testing.T, s string, read textReader) {
	if v, ok := read(s); ok {
		if again, ok := read(v); !ok || again != v {
			t.Errorf("%q reads as %q, which reads as %q, %v", s, v, again, ok)
		}
	} else if v != "" {
		t.Errorf("%q was refused with the value %q", s, v)
	}
}

func FuzzDate(f *testing.F) {
	now := time.Date(2025, 11, 22, 15, 0, 0, 0, time.FixedZone("IST", 5*3600+1800))
	fuzz(f, func(t *testing.T, s string) {
		for _, tense := range []Tense{Past, Future, Either} {
			stable(t, s, func(s string) (string, bool) {
				r, ok := Date(s, now, tense)
				return r.Value, ok
			})
		}
	})
}

func FuzzNumber(f *testing.F) {
	fuzz(f, func(t *testing.T, s string) {
		stable(t, s, numeric(Number))
		stable(t, s, numeric(Amount))
		stable(t, s, numeric(Age))
	})
}

func FuzzPhone(f *testing.F) {
	fuzz(f, func(t *testing.T, s string) { stable(t, s, Phone); stable(t, s, Pin) })
}

func FuzzVehicle(f *testing.F) {
	fuzz(f, func(t *testing.T, s string) {
		stable(t, s, Vehicle)
		stable(t, s, IMEI)
		stable(t, s, FIR)
		stable(t, s, FIRNumber)
		stable(t, s, Sections)
	})
}

func FuzzHeight(f *testing.F) {
	fuzz(f, func(t *testing.T, s string) {
		if cm, ok := Height(s); ok && (cm < 30 || cm > 250) {
			t.Errorf("Height(%q) = %d", s, cm)
		}
		if cm, ok := Height(s); ok && cm >= 50 {
			stable(t, s, numeric(Height))
		}
	})
}

func FuzzCommand(f *testing.F) {
	fuzz(f, func(t *testing.T, s string) {
		stable(t, s, func(s string) (string, bool) {
			v, ok := Command(s)
			if v == "edit" {
				return "", false // stands only with a number
			}
			return v, ok
		})
		Danger(s)
		Services(s)
		YesNo(s)
		Unknown(s)
		Clock(s)
		Key(s)
		if folded := Fold(s); Fold(folded) != folded {
			t.Errorf("Fold(Fold(%q)) = %q, not %q", s, Fold(folded), folded)
		}
		if like := Similar(s, s); Fold(s) != "" && like < 0.99 && len(nameWords(s)) > 0 {
			t.Errorf("Similar(%q, itself) = %v", s, like)
		}
	})
}

const sixtyLetters = "कल शाम मैं बाजार गया था तभी मेरा मोबाइल कहीं गिर गया, ढूँढा पर नहीं"

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Fold(sixtyLetters)
	}
}

func BenchmarkCommand(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Command(sixtyLetters)
	}
}

func BenchmarkCommandShort(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Command("कृपया मदद करें")
	}
}

func BenchmarkDanger(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Danger(sixtyLetters)
	}
}

func BenchmarkDangerRoman(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Danger("ghar me kuch log ghus aaye hain jaldi police bhejiye please")
	}
}

func BenchmarkServices(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Services(sixtyLetters)
	}
}

func BenchmarkDate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Date("कल शाम 5 बजे", saturday, Past)
	}
}
