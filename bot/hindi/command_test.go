package hindi

import "testing"

func TestCommand(t *testing.T) {
	t.Parallel()
	for want, texts := range map[string][]string{
		"help":      {"मदद", "help", "Help!", "madad", "मदद चाहिए", "कृपया मदद करें", "sahayata", "मदद करो", "please help", "help please", "मदद जी", "/help"},
		"menu":      {"मेनू", "menu", "Menu", "mainu", "मेन्यू", "main menu", "मुख्य मेनू", "/menu"},
		"back":      {"पीछे", "वापस", "back", "piche", "peechhe", "wapas", "पीछे जाओ", "go back", "वापस जाएँ", "vapas"},
		"cancel":    {"रद्द", "रद्द करें", "cancel", "radd", "band karo", "बंद करो", "cancel karo", "cancle", "कैंसिल"},
		"restart":   {"फिर से", "restart", "phir se", "naye sire se", "शुरू से", "फिर से शुरू करें", "fir se", "नए सिरे से"},
		"skip":      {"छोड़ें", "छोड़ो", "skip", "chhodo", "chhode", "aage badho", "छोड़ दो", "आगे बढ़ें", "इसे छोड़ दो", "छोडो"},
		"status":    {"स्थिति", "status", "sthiti", "status batao", "स्टेटस क्या है"},
		"language":  {"भाषा", "language", "bhasha", "भाषा बदलो", "change language"},
		"emergency": {"112", "११२", "emergency", "आपातकाल", "sos", "call 112"},
		"done":      {"हो गया", "done", "ho gaya", "ho gya", "bas", "बस", "बस हो गया", "hogya"},
		"submit":    {"जमा करें", "submit", "jama karo", "जमा कर दीजिए", "कृपया जमा करें", "भेज दो"},
		"start":     {"नमस्ते", "hi", "Hello", "namaste", "pranam", "start", "/start", "hii", "नमस्ते जी", "राम राम"},
		"edit":      {"बदलें 3", "badlo 3", "edit 3", "3 बदलना है", "तीन बदलो", "३ नंबर बदलें", "change 12", "5 galat hai badlo"},
	} {
		for _, text := range texts {
			if got, ok := Command(text); !ok || got != want {
				t.Errorf("Command(%q) = %q, %v; want %s", text, got, ok, want)
			}
		}
	}
	for _, text := range []string{
		"", "बैग पीछे रह गया", "मदन", "राम", "बस में खो गया", "बस स्टैंड", "मेरा बैग बस में छूट गया", "भाषा कुमारी", "वह पीछे से आया", "आगे वाली गली में", "मैं पीछे बैठा था", "helpless", "रामनगर",
		"फिर से मारा", "मेनू कार्ड खो गया", "हाँ", "नहीं", "3", "कल शाम", "1120", "मदद के बहाने पैसे ले गया", "status of FIR 123/2025", "पीछे वाला मकान", "बंद", "घर बंद है", "हो गया चोरी", "मोबाइल बदलो", "बदलें",
		"छोड़ कर भाग गया", "शुरू में तीन लोग थे", "मदद नहीं मिली",
	} {
		if got, ok := Command(text); ok {
			t.Errorf("Command(%q) = %q, want none", text, got)
		}
	}
}

func TestEditNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"बदलें 3": 3, "badlo 12": 12, "edit 3": 3, "3 बदलना है": 3, "तीन बदलो": 3, "3 नंबर ठीक करो": 3} {
		if got, ok := EditNumber(text); !ok || got != want {
			t.Errorf("EditNumber(%q) = %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "3", "बदलें", "नाम बदलें", "बदलें 3 और 4", "बदलें 300"} {
		if got, ok := EditNumber(text); ok {
			t.Errorf("EditNumber(%q) = %d, want none", text, got)
		}
	}
}
