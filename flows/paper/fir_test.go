package paper

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/flows/paper/papertest"
	"nagrik/locales"
)

// stolenMobile is an FIR with everything that a complaint can have.
func stolenMobile() FIR {
	answers := shown("क्या हुआ", "चोरी", "घटना", "कल शाम गांधी मैदान में ऑटो से उतरते समय दो लड़के मोबाइल छीनकर भाग गए।", "कब", "13 मार्च 2026, शाम 5 बजे",
		"जगह", "@25.61234,85.14321", "सामान", "काला सैमसंग, IMEI 356938035643809", "आरोपी", "पप्पू, हुलिया पतला", "गवाह", "मोहन, +91 98000 00001", "आवाज़", "voice:m1")
	entered := time.Date(2026, 3, 14, 11, 0, 0, 0, locales.India)
	return FIR{
		Number: "123/2026", Station: "गांधी मैदान थाना", District: "पटना", On: time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC),
		Sections: "BNS 304(2), 317(2)", Informant: shown("नाम", "सुनीता देवी", "पिता/पति", "रामप्रवेश सिंह", "पता", "voice:m2", "मोबाइल", "+91 98765 43210"),
		Answers: answers, Officer: "थानाध्यक्ष, गांधी मैदान", EnteredAt: entered, IssuedAt: entered.Add(30 * time.Hour),
		Address: "https://nagrik.bihar.gov.in/verify/" + VerifyCode(mac, "F5117065N123Y2026", entered, FIRCopy, ContentHash(answers)), Hash: Short(ContentHash(answers)),
	}
}

// leadsTo checks what the QR code of a paper's first page says.
func leadsTo(t *testing.T, paper *papertest.Paper, address string) {
	t.Helper()
	if got := paper.Pages[0].QRCode(); got != address {
		t.Errorf("the QR code leads to %s, want %s", got, address)
	}
}

func TestTheCopyOfAnFIRHasAllOfIt(t *testing.T) {
	t.Parallel()
	p := press(t)
	r := stolenMobile()
	data, err := p.FIR(r)
	if err != nil {
		t.Fatal(err)
	}
	paper := papertest.Read(t, data)
	rows := paper.Structure().Rows()
	if len(rows) != len(r.Informant)+len(r.Answers)+2 {
		t.Fatalf("%d rows", len(rows))
	}
	want := p.answers("hi", append(slices.Clone(r.Informant), r.Answers...))
	for i, w := range want {
		if label, value := papertest.OneLine(rows[i][0].Carried), papertest.OneLine(rows[i][1].Carried); label != w.Label || value != w.Value {
			t.Errorf("row %d is %q: %q, want %q: %q", i, label, value, w.Label, w.Value)
		}
	}
	text := papertest.OneLine(paper.Structure().Text())
	for _, words := range []string{
		"प्राथमिकी (FIR) की प्रति", "FIR 123/2026", "थाना: गांधी मैदान थाना", "ज़िला: पटना", "FIR की तारीख़: 14 मार्च 2026", "धाराएँ: BNS 304(2), 317(2)",
		"थानाध्यक्ष, गांधी मैदान", "14 मार्च 2026, सुबह 11 बजे", "BNSS 2023, धारा 173(2)", r.Address, r.Hash,
	} {
		if !strings.Contains(text, words) {
			t.Errorf("the copy does not say %q", words)
		}
	}
	for _, words := range []string{"प्रकाशित नहीं", "Zero", "voice:"} {
		if strings.Contains(text, words) {
			t.Errorf("the copy says %q", words)
		}
	}
	leadsTo(t, paper, r.Address)
}

// A copy of many pages has the watermark on each, drawn before everything else; it is not read aloud.
func TestEveryPageOfACopyHasTheWatermark(t *testing.T) {
	t.Parallel()
	r := stolenMobile()
	for i := range 60 {
		r.Answers = append(r.Answers, shown(fmt.Sprintf("बात %d", i), strings.Repeat("एक लंबी बात। ", 20))...)
	}
	data, err := press(t).FIR(r)
	if err != nil {
		t.Fatal(err)
	}
	paper := papertest.Read(t, data)
	if len(paper.Pages) < 3 {
		t.Fatalf("%d pages", len(paper.Pages))
	}
	for i, page := range paper.Pages {
		if got := page.Lines[:2]; got[0] != "प्रति" || papertest.Unbroken(got[1]) != papertest.Unbroken("15 मार्च 2026, शाम 5 बजे") {
			t.Errorf("page %d begins with %q", i+1, got)
		}
		if at := strings.Index(page.Content, " cm\nBT"); at < 0 || at > 200 {
			t.Errorf("the watermark of page %d is not under its text", i+1)
		}
	}
	if text := papertest.OneLine(paper.Structure().Text()); strings.Contains(text, "15 मार्च") {
		t.Error("the watermark is read aloud")
	}
}

func TestCopiesOfOtherKindsOfFIR(t *testing.T) {
	t.Parallel()
	r := stolenMobile()
	r.Zero, r.Restricted, r.Officer = true, true, ""
	data, err := press(t).FIR(r)
	if err != nil {
		t.Fatal(err)
	}
	text := papertest.OneLine(papertest.Read(t, data).Structure().Text())
	for _, words := range []string{"Zero FIR 123/2026", "यह Zero FIR है", "यह FIR प्रकाशित नहीं की जाती", "BNS धारा 72"} {
		if !strings.Contains(text, words) {
			t.Errorf("the copy does not say %q", words)
		}
	}
	if strings.Contains(text, "पदाधिकारी") {
		t.Error("an officer is named who is not known")
	}
}

func TestTheCheckOfAnFIRCallsItByItsNumber(t *testing.T) {
	t.Parallel()
	r := stolenMobile()
	issued := Issued{Number: "F5117065N123Y2026", Name: "123/2026", Kind: FIRCopy, At: r.EnteredAt, Hash: ContentHash(r.Answers)}
	_, code, _ := strings.Cut(r.Address, "/verify/")
	asked := ""
	page := visit(t, code, func(_ context.Context, number string) ([]Issued, error) {
		asked = number
		return []Issued{issued}, nil
	}, &bytes.Buffer{})
	body := page.Body.String()
	for _, want := range []string{"FIR की प्रति", "<dd>123/2026</dd>", "14 मार्च 2026, सुबह 11 बजे", r.Hash} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if page.Code != http.StatusOK || asked != issued.Number || strings.Contains(body, issued.Number) {
		t.Errorf("the page answers %d after looking for %q", page.Code, asked)
	}
}

func TestTheCertificateOfEvidence(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte("a photo"))
	e := Evidence{
		Number: "SH12345678901", Service: "ई-शिकायत", Place: "अररिया थाना", Role: "थानाध्यक्ष", Post: "अररिया", IssuedAt: filedAt,
		Files: []EvidenceFile{
			{Kind: "फ़ोटो", Source: "आवेदक से, Telegram की चैट में", MIME: "image/jpeg", Size: 1234567, SHA256: sum[:], At: filedAt},
			{Kind: "आवाज़", Source: "पदाधिकारी से", MIME: "audio/ogg", Size: 99, SHA256: sum[:], At: filedAt.Add(time.Hour)},
		},
		Address: "https://nagrik.bihar.gov.in/verify/" + VerifyCode(mac, "SH12345678901", filedAt, EvidenceCertificate, ContentHash([]bot.Shown{})), Hash: "abcd",
	}
	data, err := press(t).Evidence(e)
	if err != nil {
		t.Fatal(err)
	}
	paper := papertest.Read(t, data)
	rows := paper.Structure().Rows()
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, want := range []string{"12,34,567", "99"} {
		value := rows[i][1].Carried
		if hash := fmt.Sprintf("%x", sum); !strings.Contains(papertest.Unbroken(value), "SHA-256:"+hash) || !strings.Contains(value, want) ||
			!strings.Contains(papertest.OneLine(value), e.Files[i].Source) || !strings.Contains(value, e.Files[i].MIME) {
			t.Errorf("file %d: %q", i+1, value)
		}
	}
	text := papertest.OneLine(paper.Structure().Text())
	for _, words := range []string{
		"SH 1234 5678 901", "CERTIFICATE PART A (To be filled by the Party)", "do hereby solemnly affirm and sincerely state and submit as follows:—",
		"was under the lawful control for regularly creating, storing or processing information", "[x] SHA256", "(Hash report to be enclosed with the certificate)",
		"हैश मान नीचे की सूची में हैं (2 फ़ाइल)", "अनुसूची के शब्द ऊपर अंग्रेज़ी में हैं", "थानाध्यक्ष · अररिया", "Name and signature", "अररिया थाना", e.Address,
	} {
		if !strings.Contains(text, words) {
			t.Errorf("the certificate does not say %q", words)
		}
	}
	if strings.Contains(text, "इसलिए इस पर हस्ताक्षर नहीं") {
		t.Error("the certificate says that it needs no signature")
	}
	leadsTo(t, paper, e.Address)
}
