package paper

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-text/typesetting/font"

	"nagrik/bot"
	"nagrik/flows/paper/papertest"
	"nagrik/locales"
)

// ownTexts are the program's texts, loaded once.
var ownTexts = sync.OnceValues(locales.Load)

// press makes papers with the program's own texts.
func press(t testing.TB) *Press {
	t.Helper()
	texts, err := ownTexts()
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
		Beside: []Row{{"मोबाइल", "+91 98765 43210"}}, Answers: answers,
		Declaration: "यह सिर्फ़ खोने की सूचना है, FIR नहीं। चोरी हुई हो तो शिकायत लिखवाइए। जानबूझकर झूठी सूचना देना अपराध है।",
		Next: "रिपोर्ट गांधी मैदान थाने के नाम दर्ज है। थाने से ख़बर आते ही आपको बताएँगे।\n\nअब मोबाइल बंद कराइए:\n1. उसी नंबर का नया सिम ले लीजिए।\n" +
			"2. ceir.gov.in पर “Block Stolen/Lost Mobile” खोलिए।\n3. यह नंबर, IMEI और अपना पहचान पत्र डालिए।\nमोबाइल 24 घंटे में बंद हो जाता है। मिल जाए तो वहीं से चालू होगा।",
		Address: "https://nagrik.bihar.gov.in/verify/" + VerifyCode(mac, "KS12345678901", filedAt, "lost_property", hash), Hash: Short(hash),
	}
}

// read makes a receipt and reads it back.
func (r Receipt) read(t testing.TB, p *Press) *papertest.Paper {
	t.Helper()
	data, err := p.Receipt(r)
	if err != nil {
		t.Fatal(err)
	}
	return papertest.Read(t, data)
}

// mustHaveAll checks that the paper has every answer, as it was given, beside its label.
func mustHaveAll(t *testing.T, p *Press, r Receipt) *papertest.Paper {
	t.Helper()
	paper := r.read(t, p)
	rows := paper.Structure().Rows()
	if want := len(r.Answers) + len(r.Beside); len(rows) != want {
		t.Fatalf("the paper has %d rows, want %d", len(rows), want)
	}
	for i, a := range r.Answers {
		label, value := papertest.OneLine(a.Label), papertest.OneLine(p.answer(r.Lang, a.Value))
		if got := papertest.OneLine(rows[i][0].Carried); got != label {
			t.Errorf("label %d is %q, want %q", i, got, label)
		}
		if got := papertest.OneLine(rows[i][1].Carried); got != value {
			t.Errorf("answer %d is %q, want %q", i, got, value)
		}
		// Readers that do not know of carried text go by the fonts; letters of no width stand where a
		// shape has no text of its own.
		if got := papertest.OneLine(strings.ReplaceAll(rows[i][1].Shown, "\u200c", "")); got != value {
			t.Errorf("answer %d by the fonts is %q, want %q", i, got, value)
		}
	}
	return paper
}

func TestEveryAnswerIsOnThePaper(t *testing.T) {
	t.Parallel()
	p := press(t)
	r := lostMobile()
	r.Answers = append(r.Answers, shown("बोलकर", "voice:m1", "नक़्शे पर", "@25.61234,85.14321", "कुछ नहीं", "")...)
	paper := mustHaveAll(t, p, r)
	text := papertest.OneLine(paper.Structure().Text())
	for _, want := range []string{
		"खोए सामान की रिपोर्ट", "KS 1234 5678 901", "14 मार्च 2026, सुबह 10:30 बजे", "गांधी मैदान थाना, पटना", papertest.OneLine(r.Next), r.Declaration,
		"मोबाइल +91 98765 43210", "आवाज़ में बताया (मूल रिकॉर्डिंग थाने के पास है)", "25.61234, 85.14321", r.Address, r.Hash,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}
	if strings.Contains(text, "voice:") {
		t.Error("the paper shows a file's id")
	}
}

// TestHindiIsReadBackAsItWasWritten with the letters that PDF writers break.
func TestHindiIsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	p := press(t)
	words := []string{
		"प्राथमिकी", "क्षत्रिय", "श्रीकृष्ण", "र्क", "मुज़फ़्फ़रपुर", "द्वितीय", "ट्रैक्टर", "₹12,34,567", "कर्त्तव्य", "विद्यालय", "ज़िला", "स्थिति",
		"हृदय", "ज्ञान", "उन्होंने", "माँ", "दुःख", "ॐ", "पढ़ा", "लड़का", "क़", "र्‍य", "क्‌ष", "अंतःकरण", "राष्ट्रीय", "लक्ष्मी", "“छोड़ें”", "FIR", "थाना-2",
		"office", "IMEI:", "०१२३", "।", "॥", "कि", "र्कि", "ट्ठि", "जी,", "(कंकड़बाग)",
	}
	r := lostMobile()
	r.Answers = nil
	for _, w := range words {
		r.Answers = append(r.Answers, shown(w, w)...)
	}
	rows := r.read(t, p).Structure().Rows()
	for i, w := range words {
		if got := strings.TrimSuffix(rows[i][1].Carried, "\n"); got != w {
			t.Errorf("%q (%+q) is read back as %q (%+q)", w, w, got, got)
		}
	}
}

func TestLettersTakeTheShapesOfHindi(t *testing.T) {
	t.Parallel()
	s := newSetter(&press(t).faces)
	for text, want := range map[string]string{
		"कि":  "093F 0915",     // the vowel sign stands before its consonant
		"क्ष": "0915094D0937",  // two letters melt into one
		"र्क": "0915 0930094D", // the first letter becomes a hook on the second
		"त्र": "0924094D0930",
		"AB":  "A B",
	} {
		var names []string
		for _, g := range s.word(text, regular).glyphs {
			name, _, _ := strings.Cut(s.faces[regular].GlyphName(font.GID(g.id)), ".") // "uni093F.04": one of a vowel sign's widths
			names = append(names, strings.TrimPrefix(name, "uni"))
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s is drawn as %s, want %s", text, got, want)
		}
	}
}

func TestALongStoryGoesOverPagesWithoutLosingAWord(t *testing.T) {
	t.Parallel()
	p := press(t)
	var story strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&story, "शब्द%d", i)
		story.WriteString(map[bool]string{true: "\n", false: " "}[i%97 == 0])
	}
	r := lostMobile()
	r.Answers = append(r.Answers, shown("घटना", story.String(), "लंबा शब्द", strings.Repeat("क्षत्रिय", 400))...)
	paper := r.read(t, p)
	rows := paper.Structure().Rows()
	if got, want := papertest.OneLine(rows[len(rows)-3][1].Carried), papertest.OneLine(story.String()); got != want {
		t.Errorf("the story came out with %d letters of %d", len(got), len(want))
	}
	if got, want := papertest.Unbroken(rows[len(rows)-2][1].Carried), strings.Repeat("क्षत्रिय", 400); got != want {
		t.Errorf("a word that is wider than a page came out with %d letters of %d", len(got), len(want))
	}
	pages := len(paper.Pages)
	if pages < 8 {
		t.Errorf("%d pages, want more for so long a story", pages)
	}
	for i, page := range paper.Pages {
		text := strings.Join(page.Lines, "\n")
		for _, want := range []string{fmt.Sprintf("पृष्ठ %d/%d", i+1, pages), "KS 1234 5678 901", r.Address} {
			if !strings.Contains(text, want) {
				t.Errorf("page %d does not say %s", i+1, want)
			}
		}
		mustBeInside(t, page)
	}
}

// mustBeInside checks that no line begins outside the margins.
func mustBeInside(t *testing.T, p papertest.Page) {
	t.Helper()
	for _, at := range regexp.MustCompile(`1 0 0 1 (\S+) (\S+) Tm`).FindAllStringSubmatch(p.Content, -1) {
		x, _ := strconv.ParseFloat(at[1], 64)
		y, _ := strconv.ParseFloat(at[2], 64)
		if x < margin-0.01 || x > sheetWidth-margin || y < 20 || y > sheetHeight-20 {
			t.Errorf("a line begins at %v, %v", x, y)
		}
	}
}

func TestTwentyThingsAreAllNamed(t *testing.T) {
	t.Parallel()
	r := lostMobile()
	for i := range 20 {
		r.Answers = append(r.Answers, shown("चीज़", fmt.Sprintf("चीज़ नंबर %d", i), "पहचान", fmt.Sprintf("नीला बैग %d, ज़िप टूटी हुई", i), "क़ीमत", fmt.Sprintf("₹%d", 100+i))...)
	}
	if paper := mustHaveAll(t, press(t), r); len(paper.Pages) < 2 {
		t.Error("all on one page?")
	}
}

func TestEnglish(t *testing.T) {
	t.Parallel()
	r := lostMobile()
	r.Lang, r.Service, r.Station = "en", "Report of lost property", "Gandhi Maidan station, Patna"
	r.Next = "The station has your report.\n1. Get a new SIM.\n2. Open ceir.gov.in."
	r.Declaration = "This is only a report of a loss. It is not an FIR."
	paper := mustHaveAll(t, press(t), r)
	text := papertest.OneLine(paper.Structure().Text())
	for _, want := range []string{"Nagrik Sahayak", "Filed: 14 March 2026, 10:30 am", "What happens next The station has", "1. Get a new SIM. 2. Open", "not an FIR", "खो गया या गिर गया"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}
	if !strings.Contains(strings.Join(paper.Pages[0].Lines, "\n"), "Page 1/1") {
		t.Error("no number of the page")
	}
	if !bytes.Contains(paper.Data, []byte("/Lang (en-IN)")) {
		t.Error("the file does not say that it is in English")
	}
	if got := bytes.Count(paper.Data, []byte("/Lang (hi-IN)")); got < len(r.Answers) {
		t.Errorf("%d parts are to be read aloud in Hindi, but there are %d answers in it", got, len(r.Answers))
	}
}

func TestUsualReceiptsFitOnOnePage(t *testing.T) {
	t.Parallel()
	p := press(t)
	r := lostMobile()
	if pages := len(r.read(t, p).Pages); pages != 1 {
		t.Errorf("the receipt of a lost mobile has %d pages", pages)
	}
	size := func(r Receipt) float64 {
		content := r.read(t, p).Pages[0].Content
		largest := 0.0
		for _, found := range regexp.MustCompile(`/F1 (\S+) Tf`).FindAllStringSubmatch(content, -1) {
			points, _ := strconv.ParseFloat(found[1], 64)
			largest = max(largest, points)
		}
		return largest
	}
	short := r
	short.Answers = r.Answers[:4]
	if few, many := size(short), size(r); few <= many {
		t.Errorf("a short paper's number has %v points, a long one's %v", few, many)
	}
}

// TestWhatCannotBeDrawn is said, kept in the text, or left out without a trace on the eye.
func TestWhatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	p := press(t)
	r := lostMobile()
	r.Next = "✅ दर्ज हो गया 🙏"
	r.Answers = shown("केवल चिह्न", "👍🏽 🙏", "बीच में", "ठीक👍है", "उर्दू", "نام", "सजा हुआ", "𝐑𝐚𝐦 ①", "दिशा", "अ\u202eब\u2066", "नियंत्रण", "अ\x00ब\tक", "टूटा", "अ\xffब")
	rows := r.read(t, p).Structure().Rows()
	for i, want := range []string{"👍🏽 🙏 (केवल चिह्न)", "ठीक👍है", "نام", "𝐑𝐚𝐦 ①", "अब", "अब क", "अ\ufffdब"} {
		if got := papertest.OneLine(rows[i][1].Carried); got != want {
			t.Errorf("%s: the text is %q, want %q", r.Answers[i].Label, got, want)
		}
	}
	text := r.read(t, p).Structure().Text()
	if !strings.Contains(text, "खाली डिब्बा") {
		t.Error("the paper does not say that letters are missing")
	}
	r.Answers = shown("नाम", "सुनीता 👍")
	if text := r.read(t, p).Structure().Text(); strings.Contains(text, "खाली डिब्बा") {
		t.Error("the paper excuses itself for an emoji")
	}
	s := newSetter(&p.faces)
	for text, boxes := range map[string]int{"👍": 0, "✅ठीक": 0, "نام": 3, "𝐑①": 0, "क्‍ष": 0, "ठीक👍🏽है": 0, "→": 0} {
		got := 0
		for _, g := range s.word(text, regular).glyphs {
			if g.id == 0 {
				got++
			}
		}
		if got != boxes {
			t.Errorf("%s is drawn with %d boxes, want %d", text, got, boxes)
		}
	}
}

func TestCertificateHasRoomForASignature(t *testing.T) {
	t.Parallel()
	p := press(t)
	data, err := p.Document(certificate())
	if err != nil {
		t.Fatal(err)
	}
	paper := papertest.Read(t, data)
	text := papertest.OneLine(paper.Structure().Text())
	for _, want := range []string{"चरित्र प्रमाण पत्र", "CP 1234 5678 901", "कोई आपराधिक मामला दर्ज नहीं", "रमेश कुमार थानाध्यक्ष गांधी मैदान थाना, पटना"} {
		if !strings.Contains(text, want) {
			t.Errorf("the certificate does not say %q", want)
		}
	}
	if strings.Contains(text, "हस्ताक्षर नहीं है") {
		t.Error("a paper to be signed says that it has no signature")
	}
}

func certificate() Document {
	return Document{
		Title: "चरित्र प्रमाण पत्र", Subtitle: "पुलिस अधीक्षक कार्यालय, पटना", Number: "CP12345678901", Issued: filedAt,
		Facts: []Row{{"जारी", "14 मार्च 2026"}, {"मान्य", "13 सितंबर 2026 तक"}},
		Sections: []Section{
			{Rows: []Row{{"नाम", "सुनीता देवी"}, {"पिता/पति", "रामप्रवेश सिंह"}, {"पता", "मकान 12, नया टोला, कंकड़बाग, पटना 800020"}}},
			{Heading: "जाँच का नतीजा", Text: "थाने के रिकॉर्ड में इनके विरुद्ध कोई आपराधिक मामला दर्ज नहीं है।", Weighty: true},
		},
		Signature: &Signature{"रमेश कुमार", "थानाध्यक्ष", "गांधी मैदान थाना, पटना"},
		Address:   "https://nagrik.bihar.gov.in/verify/CP12345678901-7F3KQ9TM2W4R", Hash: "8f0f a0f3 1eb2 ccbd",
	}
}

func TestTheSamePaperIsTheSameFile(t *testing.T) {
	t.Parallel()
	p := press(t)
	want, err := p.Receipt(lostMobile())
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			other := certificate()
			if i%2 == 0 {
				if _, err := p.Document(other); err != nil {
					t.Error(err)
				}
			}
			got, err := p.Receipt(lostMobile())
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("another file, error %v", err)
			}
		})
	}
	wait.Wait()
}

func TestAnAddressTooLongForAQRCodeIsAnError(t *testing.T) {
	t.Parallel()
	for _, length := range []int{longestAddress + 1, 50_000} {
		r := lostMobile()
		r.Address = strings.Repeat("x", length)
		if _, err := press(t).Receipt(r); err == nil {
			t.Errorf("%d bytes: no error", length)
		}
	}
}

// FuzzReceipt prints whatever people type.
func FuzzReceipt(f *testing.F) {
	p := press(f)
	for _, seed := range []string{"क्षत्रिय", "1. एक\n2. दो\n\n3.", "👍", "نام", "a\u0301\u0302\u0303", "\u200d\u200c्ि", "voice:x", "@1,2", "\xff\x00", "💩\ufe0f\u20e3", strings.Repeat("र्", 300), "- ", "1. "} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, label, value string) {
		r := Receipt{Service: label, Number: "KS12345678901", FiledAt: filedAt, Station: value, Next: value, Declaration: label, Answers: shown(label, value), Address: "https://x.in/verify/1"}
		rows := r.read(t, p).Structure().Rows()
		if len(rows) != 1 {
			t.Fatalf("%d rows", len(rows))
		}
		for i, text := range []string{label, p.answer("", value)} {
			if got, want := papertest.Unbroken(rows[0][i].Carried), papertest.Unbroken(clean(text)); got != want {
				t.Errorf("%+q is read back as %+q", want, got)
			}
		}
	})
}

func BenchmarkReceipt(b *testing.B) {
	p := press(b)
	r := lostMobile()
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		data, err := p.Receipt(r)
		if err != nil {
			b.Fatal(err)
		}
		size = len(data)
	}
	b.ReportMetric(float64(size), "bytes/file")
}
