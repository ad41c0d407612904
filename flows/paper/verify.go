package paper

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"log/slog"
	"net/http"

	"nagrik/bot"
)

var (
	//go:embed verify.html
	verifyHTML string
	//go:embed verify.css
	verifyCSS string

	verifyPage   = template.Must(template.New("verify").Parse(verifyHTML))
	verifyPolicy = "default-src 'none'; style-src 'sha256-" + styleHash() + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

func styleHash() string {
	sum := sha256.Sum256([]byte(verifyCSS))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Find gives the papers that were issued for the number of a filing: none for an unknown one.
type Find func(ctx context.Context, number string) ([]Issued, error)

// Verify is the page behind the QR code of a paper, for the pattern "GET /verify/{code}". It shows what a
// genuine paper has to say, in Hindi and in English, and nothing about a person. A wrong code and an
// unknown number look the same. mac is the one that VerifyCode was given.
func Verify(texts bot.Texts, mac func(parts ...string) []byte, find Find, log *slog.Logger) http.Handler {
	return &verifier{press: &Press{texts: texts}, mac: mac, find: find, log: log}
}

type verifier struct {
	press *Press
	mac   func(parts ...string) []byte
	find  Find
	log   *slog.Logger
}

// ServeHTTP is http.Handler's.
func (v *verifier) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	paper, result := v.check(r.Context(), r.PathValue("code"))
	status := map[string]int{"genuine": http.StatusOK, "unknown": http.StatusNotFound, "away": http.StatusServiceUnavailable}[result]
	page := struct {
		Style     template.CSS
		Languages []checked
	}{Style: template.CSS(verifyCSS)}
	for _, lang := range []string{"hi", "en"} {
		page.Languages = append(page.Languages, checked{v: v, Lang: lang, Result: result, paper: paper})
	}
	h := rw.Header()
	h.Set("Content-Security-Policy", verifyPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	var b bytes.Buffer
	if err := verifyPage.Execute(&b, page); err != nil {
		v.log.Error("the page of a paper's check", "error", err)
		rw.WriteHeader(http.StatusInternalServerError)
		return
	}
	if status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "5")
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(status)
	rw.Write(b.Bytes())
}

// check finds the paper of a code.
func (v *verifier) check(ctx context.Context, code string) (Issued, string) {
	number, canonical, ok := readCode(code)
	if !ok {
		return Issued{}, "unknown"
	}
	papers, err := v.find(ctx, number)
	if err != nil {
		if ctx.Err() == nil { // else the visitor left
			v.log.Error("looking for a paper", "error", err)
		}
		return Issued{}, "away"
	}
	for _, p := range papers {
		if p.genuine(v.mac, canonical) {
			return p, "genuine"
		}
	}
	return Issued{}, "unknown"
}

// checked is what the page shows in one language.
type checked struct {
	v            *verifier
	paper        Issued
	Lang, Result string
}

// T is a text of the page.
func (c checked) T(id string) string { return c.v.press.say(c.Lang, "paper.verify."+id, nil) }

// Brand is whose page it is.
func (c checked) Brand() string { return c.v.press.say(c.Lang, "paper.brand", nil) }

// BrandOf is what the brand belongs to.
func (c checked) BrandOf() string { return c.v.press.say(c.Lang, "paper.brand.of", nil) }

// Kind names the paper.
func (c checked) Kind() string { return c.v.press.say(c.Lang, "paper.kind."+c.paper.Kind, nil) }

// Number is the number as the paper shows it.
func (c checked) Number() string {
	if c.paper.Name != "" {
		return c.paper.Name
	}
	return c.v.press.say(c.Lang, "paper.verify.number.spaced", map[string]any{"Number": c.paper.Number})
}

// At is when the paper was issued.
func (c checked) At() string {
	return c.v.press.say(c.Lang, "paper.verify.issued.at", map[string]any{"At": c.paper.At})
}

// Hash is the digest that people compare.
func (c checked) Hash() string { return Short(c.paper.Hash) }
