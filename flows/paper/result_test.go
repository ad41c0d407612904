package paper

import (
	"strings"
	"testing"

	"nagrik/flows/paper/papertest"
)

// result is a result with everything that it may have.
func result(lang, kind, found, reason string) Result {
	r := Result{
		Lang: lang, Kind: kind, Result: found, Name: "सुनीता देवी", Father: "रामप्रवेश सिंह", Number: "ST12345678901", IssuedAt: filedAt,
		Role: "थानाध्यक्ष", Place: "गांधी मैदान थाना", Records: "गांधी मैदान थाने", Reason: reason,
		Person:  shown("सत्यापन", "किरायेदार", "नाम", "मो. इरफ़ान", "स्थायी पता", "ग्राम बेलवा, थाना सिकटी, अररिया", "पता बोलकर", "voice:m1"),
		Address: "https://nagrik.bihar.gov.in/verify/ST12345678901-7F3KQ9TM2W4R", Hash: "8f0f a0f3 1eb2 ccbd",
	}
	if kind == CharacterCertificate {
		r.Until = filedAt.AddDate(0, 6, -1)
	}
	return r
}

func (r Result) read(t *testing.T) *papertest.Paper {
	t.Helper()
	data, err := press(t).Result(r)
	if err != nil {
		t.Fatal(err)
	}
	return papertest.Read(t, data)
}

func TestResultsSayWhatWasFound(t *testing.T) {
	t.Parallel()
	const remark = "दिए गए पते पर इस नाम का कोई व्यक्ति नहीं मिला।"
	for _, c := range []struct {
		result Result
		says   []string
		not    []string
	}{
		{result("hi", VerificationResult, "verified", ""), []string{
			"सत्यापन का नतीजा: सत्यापित", "सही पाई गई", "जारी हुआ: 14 मार्च 2026, सुबह 10:30 बजे", "थानाध्यक्ष, गांधी मैदान थाना",
			"14 मार्च 2026 तक की जानकारी", "चरित्र प्रमाण पत्र नहीं", "ST 1234 5678 901", "आवाज़ में बताया", "हस्ताक्षर नहीं है",
		}, []string{"थाने ने लिखा", "मान्य", "voice:"}},
		{result("hi", VerificationResult, "not_verified", remark), []string{"असत्यापित", "सही नहीं पाई गई", "थाने ने लिखा " + remark}, nil},
		{result("hi", VerificationResult, "cannot_verify", "मकान बंद मिला।"), []string{
			"सत्यापन नहीं हो सका", "पूरी नहीं हो सकी", "मकान बंद मिला।",
		}, []string{"सही पाई गई", "सही नहीं"}},
		{result("en", VerificationResult, "verified", "checked"), []string{
			"Result of the verification: verified", "Issued: 14 March 2026, 10:30 am", "The station's remark checked", "not a character certificate",
		}, nil},
		{result("en", VerificationResult, "not_verified", ""), []string{"Result of the verification: not verified", "was not found to be right"}, nil},
		{result("en", VerificationResult, "cannot_verify", ""), []string{"cannot be verified", "could not finish"}, nil},
		{result("hi", CharacterCertificate, "certificate_issued", ""), []string{
			"चरित्र प्रमाण पत्र ", "प्रमाणित किया जाता है कि सुनीता देवी (पिता/पति: रामप्रवेश सिंह) के विरुद्ध गांधी मैदान थाने के अभिलेख में कोई प्रतिकूल तथ्य नहीं मिला।",
			"मान्य: 13 सितंबर 2026 तक", "हस्ताक्षर और मुहर थानाध्यक्ष गांधी मैदान थाना",
		}, []string{"हस्ताक्षर नहीं है", "जाँच की गई"}},
		{result("hi", CharacterCertificate, "certificate_issued", "2019 का एक मामला लंबित है।"), []string{
			"के बारे में गांधी मैदान थाने के अभिलेख की जाँच की गई। जाँच में यह पाया गया: 2019 का एक मामला लंबित है।",
		}, []string{"प्रतिकूल"}},
		{result("en", CharacterCertificate, "certificate_issued", ""), []string{
			"Character certificate", "nothing adverse was found", "Valid: until 13 September 2026", "Signature and seal",
		}, nil},
	} {
		paper := c.result.read(t)
		text := papertest.OneLine(paper.Structure().Text())
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s in %s does not say %q:\n%s", c.result.Result, c.result.Lang, want, text)
			}
		}
		for _, not := range append(c.not, "paper.", "<no value>") {
			if strings.Contains(text, not) {
				t.Errorf("%s in %s says %q:\n%s", c.result.Result, c.result.Lang, not, text)
			}
		}
		if rows := paper.Structure().Rows(); len(rows) != 4 || papertest.OneLine(rows[2][1].Carried) != "ग्राम बेलवा, थाना सिकटी, अररिया" {
			t.Errorf("%s has %d rows", c.result.Result, len(rows))
		}
		if got := paper.Pages[0].QRCode(); got != c.result.Address {
			t.Errorf("the QR code leads to %s", got)
		}
		if len(paper.Pages) != 1 {
			t.Errorf("%s has %d pages", c.result.Result, len(paper.Pages))
		}
	}
}

func TestACertificateOfSomebodyWhoseFatherIsNotKnown(t *testing.T) {
	t.Parallel()
	r := result("hi", CharacterCertificate, "certificate_issued", "")
	r.Father = ""
	if text := papertest.OneLine(r.read(t).Structure().Text()); !strings.Contains(text, "कि सुनीता देवी के विरुद्ध") {
		t.Errorf("the certificate says %s", text)
	}
}
