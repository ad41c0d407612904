package paper

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// recorded are the papers of the tests' records.
func recorded() []Issued {
	hash := ContentHash(lostMobile().Answers)
	return []Issued{
		{Number: "KS12345678901", Kind: "lost_property", At: filedAt, Hash: hash},
		{Number: "CP12345678901", Kind: "character_application", At: filedAt, Hash: hash},
		{Number: "CP12345678901", Kind: "character_certificate", At: filedAt.AddDate(0, 0, 9), Hash: ContentHash(shown("नाम", "सुनीता देवी"))},
	}
}

// visit opens the page of a code.
func visit(t *testing.T, code string, find Find, log *bytes.Buffer) *httptest.ResponseRecorder {
	t.Helper()
	texts, err := ownTexts()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /verify/{code}", Verify(texts, mac, find, slog.New(slog.NewTextHandler(log, nil))))
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/verify/"+url.PathEscape(code), nil))
	if got := texts.Missing(); len(got) > 0 {
		t.Errorf("texts that are not there: %v", got)
	}
	return rec
}

func find(_ context.Context, number string) ([]Issued, error) {
	var found []Issued
	for _, i := range recorded() {
		if i.Number == number {
			found = append(found, i)
		}
	}
	return found, nil
}

func TestACodeShowsWhatThePaperMustSay(t *testing.T) {
	t.Parallel()
	for i, wants := range [][]string{
		{"खोए सामान की रिपोर्ट", "Report of lost property", "KS 1234 5678 901", "14 मार्च 2026, सुबह 10:30 बजे", "14 March 2026, 10:30 am"},
		{"चरित्र प्रमाण पत्र का आवेदन", "Request for a character certificate", "CP 1234 5678 901", "14 मार्च 2026"},
		{"<dd>चरित्र प्रमाण पत्र</dd>", "<dd>Character certificate</dd>", "CP 1234 5678 901", "23 March 2026"},
	} {
		paper := recorded()[i]
		code := VerifyCode(mac, paper.Number, paper.At, paper.Kind, paper.Hash)
		if !regexp.MustCompile(`^[A-Z]{2}\d{11}-[0-9A-HJKMNP-TV-Z]{12}$`).MatchString(code) {
			t.Errorf("the code %s", code)
		}
		page := visit(t, code, find, nil)
		if page.Code != http.StatusOK {
			t.Errorf("%s answers %d", paper.Kind, page.Code)
		}
		for _, want := range append(wants, "इस नंबर का काग़ज़ हमारे रिकॉर्ड में है", "A paper with this number is in our records", Short(paper.Hash)) {
			if !strings.Contains(page.Body.String(), want) {
				t.Errorf("%s: the page does not say %q", paper.Kind, want)
			}
		}
	}
}

func TestCodesAreTakenAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	paper := recorded()[0]
	code := VerifyCode(mac, paper.Number, paper.At, paper.Kind, paper.Hash)
	number, check, _ := strings.Cut(code, "-")
	for _, typed := range []string{
		strings.ToLower(code), number + check, number + " " + check, number[:2] + "-" + number[2:6] + " " + number[6:] + "-" + check[:4] + "-" + check[4:],
		number + "-" + strings.NewReplacer("0", "O", "1", "l").Replace(check),
	} {
		if page := visit(t, typed, find, nil); page.Code != http.StatusOK {
			t.Errorf("%s answers %d", typed, page.Code)
		}
	}
}

func TestAWrongCodeAndAnUnknownNumberLookTheSame(t *testing.T) {
	t.Parallel()
	paper := recorded()[0]
	code := VerifyCode(mac, paper.Number, paper.At, paper.Kind, paper.Hash)
	turned := code[:len(code)-1] + map[bool]string{true: "A", false: "B"}[strings.HasSuffix(code, "B")]
	first := visit(t, turned, find, nil)
	if first.Code != http.StatusNotFound || !strings.Contains(first.Body.String(), "यह कोड हमारे रिकॉर्ड में नहीं है") {
		t.Errorf("a wrong code answers %d", first.Code)
	}
	for what, code := range map[string]string{
		"an unknown number":    "KS99999999999-" + code[14:],
		"another number":       "CP12345678901-" + code[14:],
		"a number alone":       "KS12345678901",
		"nothing of a code":    "x",
		"markup":               "<script>alert(1)</script>",
		"Hindi":                "केएस12345678901-7F3KQ9TM2W4R",
		"very much":            strings.Repeat("K", 3000),
		"no letters of a code": "KS12345678901-UUUUUUUUUUUU",
		"another time":         VerifyCode(mac, paper.Number, paper.At.Add(time.Second), paper.Kind, paper.Hash),
		"another kind":         VerifyCode(mac, paper.Number, paper.At, "complaint", paper.Hash),
		"another content":      VerifyCode(mac, paper.Number, paper.At, paper.Kind, ContentHash(shown("नाम", "गीता देवी"))),
		"another key":          VerifyCode(func(...string) []byte { return make([]byte, 32) }, paper.Number, paper.At, paper.Kind, paper.Hash),
	} {
		page := visit(t, code, find, nil)
		if page.Code != first.Code || page.Body.String() != first.Body.String() {
			t.Errorf("%s looks different from a wrong code", what)
		}
	}
}

// TestFractionsOfASecondDoNotCount because Postgres keeps fewer of them than Go.
func TestFractionsOfASecondDoNotCount(t *testing.T) {
	t.Parallel()
	paper := recorded()[0]
	want := VerifyCode(mac, paper.Number, paper.At, paper.Kind, paper.Hash)
	if got := VerifyCode(mac, "KS-1234 5678 901", paper.At.UTC().Add(999*time.Millisecond), paper.Kind, paper.Hash); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestTheHashTellsAnswersApart(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, answers := range [][]string{{"क", "ख"}, {"क", "खग"}, {"कख", ""}, {"", "कख"}, {"क", "", "ख", ""}, {}, {"क", "ख", "", ""}} {
		hash := string(ContentHash(shown(answers...)))
		if seen[hash] {
			t.Errorf("%q has the hash of other answers", answers)
		}
		seen[hash] = true
	}
	if got := Short([]byte{0x8f, 0x0f, 0xa0, 0xf3, 0x1e, 0xb2, 0xcc, 0xbd, 0xff}); got != "8f0f a0f3 1eb2 ccbd" {
		t.Errorf("Short gives %q", got)
	}
}

func TestTheCheckIsAwayWithTheRecords(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	code := VerifyCode(mac, "KS12345678901", filedAt, "lost_property", nil)
	page := visit(t, code, func(context.Context, string) ([]Issued, error) { return nil, errors.New("no connection") }, &log)
	if page.Code != http.StatusServiceUnavailable || page.Header().Get("Retry-After") == "" {
		t.Errorf("answers %d, to be tried again in %q s", page.Code, page.Header().Get("Retry-After"))
	}
	body := page.Body.String()
	if !strings.Contains(body, "गड़बड़ी हमारी तरफ़ है") || strings.Contains(body, "no connection") {
		t.Error("the page does not say whose fault it is, or says too much")
	}
	if !strings.Contains(log.String(), "no connection") || strings.Contains(log.String(), "KS1234") {
		t.Errorf("the log: %s", log.String())
	}
}

func TestThePageLoadsAndRunsNothing(t *testing.T) {
	t.Parallel()
	page := visit(t, "x", find, nil)
	h := page.Header()
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page.Body.String())
	if style == nil {
		t.Fatal("no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	policy := h.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
		t.Errorf("the policy %s does not fit the page", policy)
	}
	if h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers: %v", h)
	}
	if strings.Contains(page.Body.String(), "<script") || regexp.MustCompile(`(src|href)=`).MatchString(page.Body.String()) {
		t.Error("the page loads something")
	}
}
