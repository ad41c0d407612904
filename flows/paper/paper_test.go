package paper

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/locales"
)

// press makes papers with the program's own texts.
func press(t testing.TB) *Press {
	t.Helper()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(texts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mac(parts ...string) []byte {
	h := hmac.New(sha256.New, []byte("a key for tests"))
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return h.Sum(nil)
}

var filedAt = time.Date(2026, 3, 14, 10, 30, 0, 0, locales.India)

// shown makes answers of labels and values in turn.
func shown(pairs ...string) []bot.Shown {
	var list []bot.Shown
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, bot.Shown{Key: fmt.Sprintf("q%d", i/2), Label: pairs[i], Value: pairs[i+1]})
	}
	return list
}

// lostMobile is the receipt of the filing in flows/testdata/lost_property/straight.txt.
func lostMobile() Receipt {
	answers := shown("क्या हुआ", "खो गया या गिर गया", "चीज़", "मोबाइल फ़ोन", "IMEI", "356938035643809", "दूसरा IMEI", "—",
		"सिम का नंबर", "+91 98765 43211", "पहचान", "काला सैमसंग, पीछे नीला कवर", "क़ीमत", "₹12,500", "कब", "13 मार्च 2026, शाम 5 बजे",
		"कहाँ", "गांधी मैदान के पास, ऑटो में", "थाना", "गांधी मैदान, पटना", "किस लिए", "नया काग़ज़ बनवाने को", "फ़ोटो", "1 फ़ोटो या फ़ाइल",
		"नाम", "सुनीता देवी", "पिता/पति", "रामप्रवेश सिंह", "पता", "मकान 12, नया टोला, कंकड़बाग", "पिन कोड", "800020")
	hash := ContentHash(answers)
	return Receipt{
		Service: "खोए सामान की रिपोर्ट", Number: "KS12345678901", FiledAt: filedAt, Station: "गांधी मैदान थाना, पटना",
		Applicant: []Row{{"मोबाइल", "+91 98765 43210"}}, Answers: answers,
		Declaration: "यह सिर्फ़ खोने की सूचना है, FIR नहीं। चोरी हुई हो तो शिकायत लिखवाइए। जानबूझकर झूठी सूचना देना अपराध है।",
		Next: "रिपोर्ट गांधी मैदान थाने के नाम दर्ज है। थाने से ख़बर आते ही आपको बताएँगे।\n\nअब मोबाइल बंद कराइए:\n1. उसी नंबर का नया सिम ले लीजिए।\n" +
			"2. ceir.gov.in पर “Block Stolen/Lost Mobile” खोलिए।\n3. यह नंबर, IMEI और अपना पहचान पत्र डालिए।\nमोबाइल 24 घंटे में बंद हो जाता है। मिल जाए तो वहीं से चालू होगा।",
		Address: "https://nagrik.bihar.gov.in/verify/" + VerifyCode(mac, "KS12345678901", filedAt, "lost_property", hash), Hash: Short(hash),
	}
}

func TestReceiptIsAPDF(t *testing.T) {
	t.Parallel()
	data, err := press(t).Receipt(lostMobile())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(data), "%PDF-1.7\n") || !strings.HasSuffix(string(data), "%%EOF\n") {
		t.Error("not a PDF file")
	}
}
