package main

import (
	"bytes"
	"context"
	"html"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// visitor is somebody with a browser without scripts at the web chat.
type visitor struct {
	t       testing.TB
	program *program
	client  *http.Client
	agent   string // User-Agent
	sent    int
	page    string // as it stands, as text
	raw     string
}

// newVisitor opens the chat from an address of this machine.
func newVisitor(t testing.TB, p *program) *visitor { return newVisitorFrom(t, p, "127.0.0.1", "test") }

func newVisitorFrom(t testing.TB, p *program, ip, agent string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}, Timeout: 5 * time.Second}
	v := &visitor{t: t, program: p, agent: agent, client: &http.Client{Jar: jar, Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
	}}}
	v.do("GET", "/", nil, "")
	return v
}

// session is the visitor's cookie.
func (v *visitor) session() string {
	for line := range strings.SplitSeq(v.cookies(), "; ") {
		if value, ok := strings.CutPrefix(line, "nagrik_web="); ok {
			return value
		}
	}
	return ""
}

func (v *visitor) cookies() string {
	r, _ := http.NewRequest("GET", v.program.public, nil)
	for _, c := range v.client.Jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	return r.Header.Get("Cookie")
}

// say sends words, one form each, and returns the page after the last.
func (v *visitor) say(lines ...string) string {
	v.t.Helper()
	for _, line := range lines {
		v.post(map[string]string{"text": line}, nil)
	}
	return v.page
}

// tap presses the button with a label.
func (v *visitor) tap(label string) string {
	v.t.Helper()
	form := regexp.MustCompile(`name="tap" value="([^"]*)"><span>` + regexp.QuoteMeta(label) + `<`)
	found := form.FindAllStringSubmatch(v.raw, -1)
	if found == nil {
		v.t.Errorf("no button %q in\n%s", label, v.raw)
		return v.page
	}
	v.post(map[string]string{"tap": html.UnescapeString(found[len(found)-1][1])}, nil)
	return v.page
}

// post sends the page's form, again while the program is away.
func (v *visitor) post(fields map[string]string, photo []byte) {
	v.t.Helper()
	v.sent++
	fields["id"] = "sVISITOR0." + strconv.Itoa(v.sent)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		_ = form.WriteField(name, value)
	}
	if photo != nil {
		head := textproto.MIMEHeader{}
		head.Set("Content-Disposition", `form-data; name="file"; filename="`+fields["name"]+`"`)
		head.Set("Content-Type", "image/jpeg")
		part, _ := form.CreatePart(head)
		_, _ = part.Write(photo)
	}
	_ = form.Close()
	v.do("POST", "/say", body.Bytes(), form.FormDataContentType())
}

func (v *visitor) do(method, path string, body []byte, kind string) {
	v.t.Helper()
	for deadline := time.Now().Add(2 * patient); ; time.Sleep(50 * time.Millisecond) {
		r, err := http.NewRequestWithContext(v.t.Context(), method, v.program.public+path, bytes.NewReader(body))
		if err != nil {
			v.t.Error(err)
			return
		}
		r.Header.Set("User-Agent", v.agent)
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		answer, err := v.client.Do(r)
		if err == nil {
			text, readErr := io.ReadAll(answer.Body)
			_ = answer.Body.Close()
			if readErr == nil && answer.StatusCode == http.StatusOK {
				v.raw = string(text)
				v.page = html.UnescapeString(v.raw)
				return
			}
		}
		if time.Now().After(deadline) {
			v.t.Errorf("%s %s was never answered: %v", method, path, err)
			return
		}
	}
}
