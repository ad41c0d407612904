package hindi

import "testing"

func TestYesNo(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"हाँ", "हाँ जी", "जी हाँ", "haan", "han ji", "ha", "ji", "जी", "yes", "Yes please", "ok", "OK.", "ठीक है", "thik hai",
		"sahi", "सही है", "यह सही है", "haan na", "ठीक है ना", "👍", "हाँ हाँ", "बिल्कुल", "ज़रूर", "jaroor", "haanji", "हांजी", "हाँ, मेरा ही है", "कर दीजिए", "हाँ भाई", "y", "चलेगा",
	} {
		if yes, ok := YesNo(text); !yes || !ok {
			t.Errorf("YesNo(%q) = %v, %v; want yes", text, yes, ok)
		}
	}
	for _, text := range []string{
		"नहीं", "नही", "nahi", "nhi", "na", "no", "No!", "गलत", "galat hai", "जी नहीं", "ji nahi", "ठीक नहीं है", "सही नहीं", "नहीं जी", "मत", "❌", "n", "nahin chahiye",
		"नहीं चाहिए", "बिल्कुल नहीं", "नहीं, मेरे पास नहीं है", "not correct", "agree nahi", "मंजूर नहीं", "अभी नहीं", "no thanks",
	} {
		if yes, ok := YesNo(text); yes || !ok {
			t.Errorf("YesNo(%q) = %v, %v; want no", text, yes, ok)
		}
	}
	for _, text := range []string{"", "हाँ नहीं", "haan nahi", "yes no", "पता नहीं", "मालूम नहीं", "राम कुमार", "5", "शायद", "गलत नहीं है", "मेरा मोबाइल खो गया", "तारीख", "है", "नई दिल्ली", "N.D. Road Munger", "यश", "क्यों नहीं", "हो"} {
		if yes, ok := YesNo(text); ok {
			t.Errorf("YesNo(%q) = %v, want neither", text, yes)
		}
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"पता नहीं", "नहीं पता", "याद नहीं", "याद नहीं है", "मालूम नहीं", "don't know", "I dont know", "pata nahi", "pta nhi h", "yaad nahi", "malum nahi", "तारीख याद नहीं",
		"मुझे ठीक से याद नहीं है", "idk", "not sure", "जानकारी नहीं है", "नामालूम", "अज्ञात", "mujhe date yaad nhi", "भूल गया",
	} {
		if !Unknown(text) {
			t.Errorf("Unknown(%q) = false", text)
		}
	}
	for _, text := range []string{"", "नहीं", "कल", "पता: मीठापुर, पटना", "तारीख याद नहीं शायद सोमवार", "मुझे सब याद है", "राम", "address yaad nahi shayad kankarbagh"} {
		if Unknown(text) {
			t.Errorf("Unknown(%q) = true", text)
		}
	}
}

func TestBareYesNo(t *testing.T) {
	for text, want := range map[string]string{
		"हाँ": "yes", "जी हाँ": "yes", "ठीक है": "yes", "नहीं है": "no", "nahi": "no",
		"नई सड़क": "", "हाँ, मोबाइल चोरी हुआ": "", "ना मालूम गली": "",
	} {
		yes, ok := BareYesNo(text)
		got := ""
		if ok {
			got = map[bool]string{true: "yes", false: "no"}[yes]
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
