package hindi

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSections(t *testing.T) {
	t.Parallel()
	reads(t, "Sections", Sections, map[string]string{
		"BNS 303(2), 317(2)": "BNS 303(2), 317(2)", "303(2), 317(2)": "BNS 303(2), 317(2)", "bns 303 (2) / 317 (2)": "BNS 303(2), 317(2)",
		"बीएनएस की धारा ३०३(२) और ३१७(२)": "BNS 303(2), 317(2)", "भारतीय न्याय संहिता की धारा 103(1)": "BNS 103(1)", "BNS303(2)": "BNS 303(2)",
		"धारा 115(2), 126(2), 351(2)/3(5) BNS": "BNS 115(2), 126(2), 351(2), 3(5)", "303(2)BNS": "BNS 303(2)", "B.N.S. 64": "BNS 64", "303(2), 303(2)": "BNS 303(2)",
		"302/34 IPC": "IPC 302, 34", "u/s 376-D, 354a ipc": "IPC 376D, 354A", "भादवि 379": "IPC 379", "34IPC": "IPC 34", "376DB IPC": "IPC 376DB",
		"BNS 64, POCSO 4": "BNS 64; POCSO 4", "64 BNS और 4/6 पॉक्सो एक्ट": "BNS 64; POCSO 4, 6", "BNS 109 and Arms Act 25(1-b)a/26/27": "BNS 109; Arms Act 25(1-b)a, 26, 27",
		"आर्म्स एक्ट 25(1-B)A": "Arms Act 25(1-b)a", "30(a) Bihar Prohibition and Excise Act": "Excise Act 30(a)", "बिहार मद्य निषेध एवं उत्पाद अधिनियम 30(a)": "Excise Act 30(a)",
		"SC/ST Act 3(1)(r)(s)": "SC/ST Act 3(1)(r)(s)", "एससी/एसटी एक्ट 3(1)": "SC/ST Act 3(1)", "UAPA 16, 18": "UAPA 16, 18", "यूएपीए 13": "UAPA 13", "66C, 66D IT Act": "IT Act 66C, 66D",
		"BNS 318(4), 319(2) r/w 66D IT Act": "", // whose is 66D? To be written act by act
		"BNSS 170":                          "BNSS 170", "सार्वजनिक जुआ अधिनियम 3": "सार्वजनिक जुआ अधिनियम 3", "Railway Property Act 3": "Railway Property Act 3", "BNS 303(2); Railway Property Act 3": "BNS 303(2); Railway Property Act 3",
		"under section 303(2) of the BNS": "BNS 303(2)", "धारा 85 BNS, 3/4 दहेज प्रतिषेध अधिनियम": "BNS 85; Dowry Act 3, 4",
		"": "", "चोरी": "", "BNS": "", "पॉक्सो": "", "123/2026": "", "14.3.2026": "", "9876543210": "", "चोरी 303": "", "abc 12": "", "303 चोरी": "", "पता नहीं": "", "IPC 302, POCSO": "",
	})
	laws, ok := Laws("64 BNS और 4/6 पॉक्सो")
	if diff := cmp.Diff([]Law{{"BNS", []string{"64"}}, {"POCSO", []string{"4", "6"}}}, laws); !ok || diff != "" {
		t.Error(diff)
	}
}

func TestFIRNumber(t *testing.T) {
	t.Parallel()
	reads(t, "FIRNumber", FIRNumber, map[string]string{
		"123": "123", "१२३": "123", "FIR 123/2026": "123/2026", "123/26": "123/2026", "कांड संख्या 45": "45", "एक सौ तेईस": "123", "123 of 2026": "123/2026",
		"0": "", "": "", "abc": "", "1234567": "", "-5": "",
	})
}
