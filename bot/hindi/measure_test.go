package hindi

import (
	"strconv"
	"testing"
)

func numeric(read func(string) (int, bool)) textReader {
	return func(s string) (string, bool) {
		n, ok := read(s)
		if !ok {
			return "", false
		}
		return strconv.Itoa(n), true
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	reads(t, "Age", numeric(Age), map[string]string{
		"75": "75", "७५": "75", "पचहत्तर साल": "75", "75 वर्ष": "75", "70 ke hain": "70", "70 के हैं": "70", "pachhattar": "75", "65 years": "65", "65 yrs old": "65", "उम्र 40 साल": "40", "लगभग 40 वर्ष": "40", "डेढ़ साल": "1", "साढ़े पाँच साल": "5",
		"6 महीने": "0", "2 साल 3 महीने": "2", "0": "0", "120": "120", "एक सौ दो": "102", "आयु-35": "35", "75+": "75", "मेरी उम्र 62 साल है": "62", "10 दिन": "0", "18 saal ki hai": "18", "bees": "20", "35 वर्षीय": "35",
		"121": "", "-5": "", "": "", "बूढ़ा": "", "8 साल की बच्ची": "8", "पचास के आसपास": "50", "40-45": "", "40 या 45": "", "5 फुट": "", "1950": "", "पता नहीं": "", "12/5": "",
	})
}

func TestHeight(t *testing.T) {
	t.Parallel()
	reads(t, "Height", numeric(Height), map[string]string{
		"5 फुट 4 इंच": "163", "5'4": "163", "5'4\"": "163", "5’4”": "163", "5.4 feet": "163", "5.4": "163", "163": "163", "163 सेमी": "163", "१६३ सेमी": "163", "साढ़े पाँच फुट": "168", "पाँच फुट चार इंच": "163", "5 ft 4 in": "163",
		"5 feet": "152", "5 फीट 10 इंच": "178", "5.10": "178", "5'11": "180", "1.63 m": "163", "1.63": "163", "64 inch": "163", "5 4": "163", "5-4": "163", "5 fut 4 inch": "163", "6 फुट": "183", "सवा पाँच फुट": "160", "पौने छह फुट": "175",
		"163cm": "163", "5ft4in": "163", "5 फुट और 4 इंच": "163", "लंबाई 5 फुट 6 इंच": "168", "1 मीटर 63 सेमी": "163", "5f 6i": "168", "छह फुट": "183", "162.5 cm": "163", "kad 5.6": "168", "5 feet 4 inches": "163", "5.6 फीट": "168", "paanch fut": "152",
		"5.4\"": "163", "160 ke karib": "160", "5.12": "", "": "", "300": "", "5 फुट 15 इंच": "", "लंबा": "", "0": "", "25": "", "10 फुट": "", "मालूम नहीं": "", "12/5/2025": "", "5 4 3": "",
	})
}

func TestAmount(t *testing.T) {
	t.Parallel()
	reads(t, "Amount", numeric(Amount), map[string]string{
		"10 k": "10000", "₹12,500": "12500", "डेढ़ लाख": "150000", "15 hazaar": "15000", "2.5 lakh": "250000", "बारह सौ": "1200", "500/-": "500", "Rs. 500": "500", "rs 1,20,000": "120000", "पचास हजार रुपये": "50000", "15k": "15000", "2 लाख 50 हज़ार": "250000",
		"१२५००": "12500", "ढाई हज़ार": "2500", "saade teen hazar": "3500", "एक करोड़": "10000000", "लगभग 5000 रुपये": "5000", "500.50": "500", "0": "0", "500 rupaye nakad": "500", "10,000": "10000", "das hazar": "10000", "₹ 500 /-": "500", "2 lac": "200000",
		"": "", "बहुत": "", "-500": "", "मालूम नहीं": "", "5 मोबाइल": "", "500-600": "", "12/2025": "",
	})
}

func TestFold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"काँटी": "कांटी", "मु\u095b\u092b\u093c\u094d\u095eरपुर": "मुजफ्फरपुर", "मुज\u093cफ\u093c\u094dफ\u093cरपुर": "मुजफ्फरपुर", "गान्धी  मैदान।": "गांधी मैदान", "क़िला": "किला", "१२३": "123", "Hello, WORLD!": "hello world", "र\u200cा\u200dम": "राम", "\u202Eabc\u202C": "abc",
		"सितम्बर": "सितंबर", "घण्टा": "घंटा", "  ": "", "don't": "dont", "5'4": "5 4", "É": "é", "ﬁr": "fir", "जन्म": "जन्म", "अन्य": "अन्य",
	} {
		if got := Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
		if got := Fold(Fold(text)); got != Fold(text) {
			t.Errorf("Fold(Fold(%q)) = %q", text, got)
		}
	}
	if got := Digits("फोन ९८७६ abc 5"); got != "फोन 9876 abc 5" {
		t.Errorf("Digits = %q", got)
	}
}

// Words that the two scripts write differently must sound alike, and different words must not.
func TestSound(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"शिकायत", "shikayat", "sikayat", "shikaayat"},
		{"लापता", "lapata", "laapta", "lapta"},
		{"किरायेदार", "kirayedar", "kiraedar", "kiraayedaar"},
		{"बारह", "barah", "baarah"},
		{"वापस", "wapas", "vapas", "waapas"},
		{"छोड़ो", "chodo", "chhodo"},
		{"मोबाइल", "mobail"},
		{"नहीं", "nahi", "nahee"},
		{"गए", "gaye", "gae", "गये"},
		{"चरित्र", "charitra"},
		{"ज़िला", "jila", "zila", "jilaa"},
		{"फोन", "fon", "phon"},
		{"पच्चीस", "pachees", "pachis", "pachchis"},
	} {
		for _, w := range same[1:] {
			if a, b := sound(Fold(same[0])), sound(Fold(w)); a != b {
				t.Errorf("%s sounds %q, %s sounds %q", same[0], a, w, b)
			}
		}
	}
	for _, pair := range [][2]string{{"मारा", "मेरा"}, {"आग", "आगे"}, {"आग", "बाग"}, {"चोरी", "चोर"}, {"खो", "को"}, {"बचाओ", "बचत"}, {"सात", "साठ"}} {
		if sound(Fold(pair[0])) == sound(Fold(pair[1])) {
			t.Errorf("%s and %s sound alike: %q", pair[0], pair[1], sound(Fold(pair[0])))
		}
	}
}
