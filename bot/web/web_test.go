package web_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/bot"
	"nagrik/bot/web"
)

// visitor is a browser without scripts: it keeps cookies and follows redirects.
func visitor(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// submit sends a form as a browser does.
func submit(t testing.TB, c *http.Client, address string, form url.Values) *http.Response {
	t.Helper()
	r, err := c.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Body.Close() })
	return r
}

var hiddenID = regexp.MustCompile(`name="id" value="(s[A-Z0-9]+\.1)"`)

// messageID is the id that the page gave its form.
func messageID(t testing.TB, html string) string {
	t.Helper()
	m := hiddenID.FindStringSubmatch(html)
	if m == nil {
		t.Fatalf("no message id in %s", html)
	}
	return m[1]
}

func contains(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s: no %q in\n%s", what, p, text)
		}
	}
}

func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	v := visitor(t)
	html := readAll(t, mustGet(t, v, c.srv.URL).Body)
	contains(t, "first page", html, "शुरू करें", `lang="hi"`)

	r := submit(t, v, c.srv.URL+"/say", url.Values{"id": {messageID(t, html)}, "hello": {"1"}})
	html = readAll(t, r.Body)
	if r.Request.Method != "GET" || r.Request.URL.Path != "/" {
		t.Errorf("after a form the browser is at %s %s", r.Request.Method, r.Request.URL)
	}
	contains(t, "greeting", html, "<strong>आप क्या करना चाहते हैं?</strong>", `name="tap" value="m:l"`)
	if strings.Contains(html, "शुरू करें") {
		t.Error("the button to begin is still there")
	}

	form := url.Values{"id": {messageID(t, html)}, "tap": {"m:l"}}
	contains(t, "tap", readAll(t, submit(t, v, c.srv.URL+"/say", form).Body), "क्या खोया है?")
	contains(t, "the same form again", readAll(t, submit(t, v, c.srv.URL+"/say", form).Body), "क्या खोया है?")

	html = readAll(t, mustGet(t, v, c.srv.URL).Body)
	body, kind := uploadForm(t, map[string]string{"id": messageID(t, html), "text": "देखिए\r\nयह"}, "bag.webp", "image/webp", []byte("RIFF"))
	r, err := v.Post(c.srv.URL+"/say", kind, body)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	contains(t, "upload", readAll(t, r.Body), "फ़ाइल मिली (photo)")

	got := c.bot.got()
	if len(got) != 3 || got[0].Chat != got[2].Chat || got[2].Text != "देखिए\nयह" || string(c.bot.files[0]) != "RIFF" {
		t.Errorf("the bot got %+v", got)
	}
}

// uploadForm is a form with one file.
func uploadForm(t testing.TB, fields map[string]string, name, mime string, data []byte) (io.Reader, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range fields {
		form.WriteField(k, v)
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="file"; filename=%q`, name))
	h.Set("Content-Type", mime)
	part, err := form.CreatePart(h)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(data)
	form.Close()
	return &body, form.FormDataContentType()
}

func TestFailedFormKeepsTheText(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.bot.fail = 1
	v := visitor(t)
	id := messageID(t, readAll(t, mustGet(t, v, c.srv.URL).Body))
	r := submit(t, v, c.srv.URL+"/say", url.Values{"id": {id}, "text": {"मेरी गाय <b>खो</b> गई"}})
	html := readAll(t, r.Body)
	if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Errorf("answered %s, Retry-After %q", r.Status, r.Header.Get("Retry-After"))
	}
	contains(t, "failed page", html, "मेरी गाय &lt;b&gt;खो&lt;/b&gt; गई</textarea>", "भेजा नहीं गया")
	if messageID(t, html) != id {
		t.Error("the form has another id now: the message could be taken twice")
	}
	contains(t, "second try", readAll(t, submit(t, v, c.srv.URL+"/say", url.Values{"id": {id}, "text": {"मेरी गाय"}}).Body), "समझा: मेरी गाय")
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	c := newChat(t, func(o *web.Options) { o.PublicURL = "https://nagrik.example" })
	want := map[string]string{
		"Content-Security-Policy":      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Permissions-Policy":           "geolocation=(self), microphone=(self), camera=(), payment=(), usb=()",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control":                "no-store",
		"Strict-Transport-Security":    "max-age=31536000",
	}
	for _, path := range []string{"/", "/chat.js", "/file/none", "/nowhere", "/events"} {
		r := mustGet(t, c.srv.Client(), c.srv.URL+path)
		got := map[string]string{}
		for name := range want {
			got[name] = r.Header.Get(name)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", path, d)
		}
	}
	r := mustGet(t, c.srv.Client(), c.srv.URL)
	form := regexp.MustCompile(`^nagrik_web=[A-Za-z0-9_-]{22}; Path=/; HttpOnly; Secure; SameSite=Lax$`)
	if got := r.Header.Get("Set-Cookie"); !form.MatchString(got) {
		t.Errorf("Set-Cookie: %s", got)
	}
	asset := regexp.MustCompile(`/chat\.js\?v=[0-9a-f]+`).FindString(readAll(t, r.Body))
	if got := mustGet(t, c.srv.Client(), c.srv.URL+asset).Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("%s: Cache-Control: %s", asset, got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	const id = "sABCDEFGH.1"
	form := func(pairs ...string) string {
		v := url.Values{"id": {id}}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v.Encode()
	}
	const plain = "application/x-www-form-urlencoded"
	tests := []struct {
		name, kind, body string
		header           http.Header
		want             int
	}{
		{"right", plain, form("text", "हाँ"), nil, 200},
		{"no id", plain, "text=a", nil, 400},
		{"strange id", plain, "text=a&id=s1", nil, 400},
		{"id of another's making", plain, "text=a&id=" + url.QueryEscape("sABCDEFGH.1\n"), nil, 400},
		{"long tap", plain, form("tap", strings.Repeat("x", 65)), nil, 400},
		{"long on", plain, form("on", strings.Repeat("x", 65)), nil, 400},
		{"strange start", plain, form("start", "a b"), nil, 400},
		{"half a place", plain, form("lat", "25"), nil, 400},
		{"no place on earth", plain, form("lat", "91", "lng", "0"), nil, 400},
		{"not a number", plain, form("lat", "NaN", "lng", "0"), nil, 400},
		{"bad escape", plain, "id=" + id + "&text=%zz", nil, 400},
		{"JSON", "application/json", `{"text":"a"}`, nil, 400},
		{"no type", "", form(), nil, 400},
		{"broken multipart", "multipart/form-data; boundary=x", "--x\r\nnonsense", nil, 400},
		{"long text", plain, form("text", strings.Repeat("अ", 64<<10)), nil, 413},
		{"another site", plain, form(), http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		{"a sibling site", plain, form(), http.Header{"Sec-Fetch-Site": {"same-site"}}, 403},
		{"another origin, old browser", plain, form(), http.Header{"Origin": {"https://evil.example"}}, 403},
		{"a frame without origin", plain, form(), http.Header{"Origin": {"null"}}, 403},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newChat(t)
			r, err := http.NewRequest("POST", c.srv.URL+"/say", strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept", "application/json")
			for k, v := range test.header {
				r.Header[k] = v
			}
			if test.kind != "" {
				r.Header.Set("Content-Type", test.kind)
			}
			got, err := c.srv.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer got.Body.Close()
			if got.StatusCode != test.want {
				t.Errorf("answered %s, want %d", got.Status, test.want)
			}
			body := readAll(t, got.Body)
			if test.want != 200 && (body != "" || len(c.bot.got()) != 0) {
				t.Errorf("a refused message was answered %q and reached the bot %d times", body, len(c.bot.got()))
			}
		})
	}
}

func TestLargeFilesAreRefused(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	for size, want := range map[int]int{20 << 20: 200, 20<<20 + 100<<10: 413} {
		body, kind := uploadForm(t, map[string]string{"id": fmt.Sprintf("sABCDEFGH.%d", size)}, "a.mp4", "video/mp4", make([]byte, size))
		r, err := c.srv.Client().Post(c.srv.URL+"/say", kind, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("%d bytes: answered %s, want %d", size, r.Status, want)
		}
	}
}

func TestTextIsCleaned(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	submit(t, visitor(t), c.srv.URL+"/say", url.Values{"id": {"sABCDEFGH.1"}, "text": {"क\x00ख\xff\r\nग"}})
	if got := c.bot.got()[0].Text; got != "कख\nग" {
		t.Errorf("the bot got %q", got)
	}
}

func TestOpeningWord(t *testing.T) {
	t.Parallel()
	c := newChat(t, func(o *web.Options) { o.Name, o.Prefix = "desk", "/desk" })
	v := visitor(t)
	if r := mustGet(t, v, c.srv.URL+"/desk?start=a%20b"); r.StatusCode != 400 {
		t.Errorf("a strange word: %s", r.Status)
	}
	html := readAll(t, mustGet(t, v, c.srv.URL+"/desk?start=Inv1te-x").Body)
	contains(t, "page", html, `name="start" value="Inv1te-x"`, `action="/desk/say"`)
	submit(t, v, c.srv.URL+"/desk/say", url.Values{"id": {messageID(t, html)}, "hello": {"1"}, "start": {"Inv1te-x"}})
	got := c.bot.got()
	if len(got) != 1 || got[0].Start != "Inv1te-x" || got[0].Chat.Channel != "desk" || got[0].Sender != got[0].Chat.ID || len(got[0].Chat.ID) != 32 {
		t.Errorf("the bot got %+v", got)
	}
	// The cookie works at /desk itself, where the page is.
	contains(t, "page", readAll(t, mustGet(t, v, c.srv.URL+"/desk").Body), "आप क्या करना चाहते हैं?")
}

func TestPapersBelongToTheirChat(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	own, other := visitor(t), visitor(t)
	mustGet(t, own, c.srv.URL)
	mustGet(t, other, c.srv.URL)
	submit(t, own, c.srv.URL+"/say", url.Values{"id": {"sABCDEFGH.1"}, "hello": {"1"}})
	to := c.bot.got()[0].Chat
	_, err := c.Send(t.Context(), to, bot.Rendered{
		Texts:    []string{"आपके काग़ज़"},
		Document: &bot.Paper{Name: "रसीद \"1\".pdf", MIME: "application/pdf", Data: []byte("%PDF")},
		Photos:   []bot.Paper{{Name: "a.png", MIME: "image/png", Data: []byte("PNG")}, {Name: "x.svg", MIME: "image/svg+xml", Data: []byte("<svg/>")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	html := readAll(t, mustGet(t, own, c.srv.URL).Body)
	links := regexp.MustCompile(`href="(/file/[A-Z0-9]+)"`).FindAllStringSubmatch(html, -1)
	if len(links) != 3 {
		t.Fatalf("%d links in %s", len(links), html)
	}
	how := []string{`inline; filename=a.png`, `attachment; filename=x.svg`, `attachment; filename*=utf-8''%E0%A4%B0%E0%A4%B8%E0%A5%80%E0%A4%A6%20%221%22.pdf`}
	data := []string{"PNG", "<svg/>", "%PDF"}
	for i, link := range links {
		r := mustGet(t, own, c.srv.URL+link[1])
		if got := r.Header.Get("Content-Disposition"); got != how[i] {
			t.Errorf("file %d: %s, want %s", i, got, how[i])
		}
		if got := r.Header.Get("Content-Security-Policy"); got != "sandbox; default-src 'none'" {
			t.Errorf("file %d: policy %q", i, got)
		}
		if got := readAll(t, r.Body); got != data[i] {
			t.Errorf("file %d: %q", i, got)
		}
		r = mustGet(t, other, c.srv.URL+link[1])
		if body := readAll(t, r.Body); r.StatusCode != 404 || strings.Contains(body, data[i]) {
			t.Errorf("another chat gets file %d: %s", i, r.Status)
		}
	}
}

// event is one server-sent event.
type event struct {
	id   string
	html string
}

// listen reads a chat's event stream.
func listen(t testing.TB, v *http.Client, address, lastID string) (next func() event, raw *bufio.Reader) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	a, err := v.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Body.Close() })
	if got := a.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("the stream is %s, %q", a.Status, got)
	}
	raw = bufio.NewReader(a.Body)
	return func() event {
		var e event
		for {
			line, err := raw.ReadString('\n')
			if err != nil {
				t.Fatalf("the stream ended: %v", err)
			}
			if id, ok := strings.CutPrefix(line, "id: "); ok {
				e.id = strings.TrimSpace(id)
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				var a struct{ HTML string }
				if err := json.Unmarshal([]byte(data), &a); err != nil {
					t.Fatal(err)
				}
				e.html = a.HTML
				return e
			}
		}
	}, raw
}

func TestEvents(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	v := visitor(t)
	mustGet(t, v, c.srv.URL)
	submit(t, v, c.srv.URL+"/say", url.Values{"id": {"sABCDEFGH.1"}, "hello": {"1"}})
	to := c.bot.got()[0].Chat
	first := c.notify(t, to, "पहली", "")
	c.notify(t, bot.Chat{Channel: "web", ID: "another"}, "किसी और की", "")
	second := c.notify(t, to, "दूसरी", "")

	next, _ := listen(t, v, c.srv.URL+"/events", "")
	for i, want := range []struct{ id, text string }{{first, "पहली"}, {second, "दूसरी"}} {
		if e := next(); e.id != want.id || !strings.Contains(e.html, want.text) {
			t.Errorf("event %d is %+v, want %+v", i, e, want)
		}
	}
	third := c.notify(t, to, "तीसरी", "")
	if e := next(); e.id != third {
		t.Errorf("the live event is %+v, want %s", e, third)
	}
	// Connected again, to the same replica or another, the stream goes on after the last event.
	next, _ = listen(t, v, c.srv.URL+"/events?after="+first, second)
	if e := next(); e.id != third {
		t.Errorf("the replay begins with %+v, want %s", e, third)
	}
	next, _ = listen(t, v, c.srv.URL+"/events?after="+first, "")
	if e := next(); e.id != second {
		t.Errorf("the replay begins with %+v, want %s", e, second)
	}
	// Nobody's stream.
	if r := mustGet(t, visitor(t), c.srv.URL+"/events"); r.StatusCode != 204 {
		t.Errorf("a stream without a session: %s", r.Status)
	}
}

func TestEventsPingAndStop(t *testing.T) {
	t.Parallel()
	c := newChat(t, func(o *web.Options) { o.Ping = time.Millisecond })
	v := visitor(t)
	mustGet(t, v, c.srv.URL)
	_, raw := listen(t, v, c.srv.URL+"/events", "")
	for pings := 0; pings < 3; {
		line, err := raw.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(line, ":") {
			pings++
		}
	}
	c.Stop()
	if _, err := io.Copy(io.Discard, raw); err != nil {
		t.Errorf("the stream did not end properly: %v", err)
	}
}

func TestAllow(t *testing.T) {
	t.Parallel()
	c := newChat(t, func(o *web.Options) { o.Allow = func(r *http.Request) bool { return r.Method == "GET" } })
	r := submit(t, visitor(t), c.srv.URL+"/say", url.Values{"id": {"sABCDEFGH.1"}, "text": {"a"}})
	if r.StatusCode != 429 || r.Header.Get("Retry-After") == "" || len(c.bot.got()) != 0 {
		t.Errorf("answered %s", r.Status)
	}
}

func TestForeignCookies(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	for _, token := range []string{"", "short", strings.Repeat("A", 23), "!!!!!!!!!!!!!!!!!!!!!!", strings.Repeat("A", 5000)} {
		r, err := http.NewRequest("GET", c.srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "nagrik_web", Value: token})
		a, err := c.srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != 200 || a.Header.Get("Set-Cookie") == "" {
			t.Errorf("token of %d letters: %s, no new session", len(token), a.Status)
		}
	}
}

func TestSessionThatLasts(t *testing.T) {
	t.Parallel()
	c := newChat(t, func(o *web.Options) { o.Session = 12 * time.Hour })
	v := visitor(t)
	first := mustGet(t, v, c.srv.URL).Header.Get("Set-Cookie")
	again := mustGet(t, v, c.srv.URL).Header.Get("Set-Cookie")
	if first != again || !strings.Contains(first, "; Max-Age=43200; HttpOnly; SameSite=Lax") {
		t.Errorf("the cookies are %q and %q", first, again)
	}
	c = newChat(t)
	v = visitor(t)
	mustGet(t, v, c.srv.URL)
	if again := mustGet(t, v, c.srv.URL).Header.Get("Set-Cookie"); again != "" {
		t.Errorf("a session that ends with the browser is set again: %q", again)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	good := web.Options{Name: "web", Prefix: "/", PublicURL: "http://x", Texts: texts(t, "hi"), Mailbox: newMemory()}
	for name, change := range map[string]func(*web.Options){
		"name":    func(o *web.Options) { o.Name = "Web Chat" },
		"prefix":  func(o *web.Options) { o.Prefix = "desk" },
		"address": func(o *web.Options) { o.PublicURL = "http://%zz" },
		"texts":   func(o *web.Options) { o.Texts = nil },
		"mailbox": func(o *web.Options) { o.Mailbox = nil },
	} {
		o := good
		change(&o)
		if _, err := web.New(o); err == nil {
			t.Errorf("a wrong %s was accepted", name)
		}
	}
	if _, err := web.New(good); err != nil {
		t.Error(err)
	}
}

// Long choices, links and odd replies, as they stand on the page.
func TestDrawing(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	draw := func(r bot.Reply) string {
		v := visitor(t)
		mustGet(t, v, c.srv.URL)
		submit(t, v, c.srv.URL+"/say", url.Values{"id": {"sABCDEFGH.1"}, "hello": {"1"}})
		got := c.bot.got()
		if _, err := c.Send(t.Context(), got[len(got)-1].Chat, bot.Render(r, c.Limits())); err != nil {
			t.Fatal(err)
		}
		return readAll(t, mustGet(t, v, c.srv.URL).Body)
	}
	html := draw(bot.Reply{Text: "देखें: https://a.example/x?y=1&z=2।", Options: []bot.Option{
		{Label: "112 पर फ़ोन", URL: "tel:112"}, {Label: "पन्ना", URL: "https://b.example/"}, {Label: "छल", URL: "javascript:alert(1)"},
	}})
	contains(t, "links", html, `<a href="https://a.example/x?y=1&amp;z=2" target="_blank" rel="noopener noreferrer">`, `href="tel:112"`, `href="https://b.example/"`)
	if strings.Contains(html, "javascript:") {
		t.Error("a script became a link")
	}
	var many []bot.Option
	for i := range 13 {
		many = append(many, bot.Option{Data: fmt.Sprint(i), Label: fmt.Sprint("विकल्प ", i)})
	}
	contains(t, "many options", draw(bot.Reply{Text: "चुनिए", Options: many}), "13. विकल्प 12")
}

// TestSecretRepliesAreKeptNowhere shows a secret reply once, with and without the script, and a page that
// is loaded again has what stood there before.
func TestSecretRepliesAreKeptNowhere(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	v := visitor(t)
	html := readAll(t, mustGet(t, v, c.srv.URL).Body)
	html = readAll(t, submit(t, v, c.srv.URL+"/say", url.Values{"id": {messageID(t, html)}, "hello": {"1"}}).Body)
	contains(t, "greeting", html, "आप क्या करना चाहते हैं?")
	kept := fmt.Sprint(c.mail.kept)

	r := submit(t, v, c.srv.URL+"/say", url.Values{"id": {messageID(t, html)}, "text": {"गुप्त बात"}})
	html = readAll(t, r.Body)
	if r.Request.Method != "POST" {
		t.Errorf("after a form the browser is at %s", r.Request.Method)
	}
	contains(t, "the reply to a form", html, "गुप्त: गुप्त बात")
	if cache := r.Header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("Cache-Control: %s", cache)
	}
	script, err := http.NewRequest("POST", c.srv.URL+"/say", strings.NewReader(url.Values{"id": {"sABCDEFGH.7"}, "text": {"गुप्त राज़"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	script.Header.Set("Accept", "application/json")
	script.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answered, err := v.Do(script)
	if err != nil {
		t.Fatal(err)
	}
	defer answered.Body.Close()
	contains(t, "the reply to the script", readAll(t, answered.Body), "गुप्त: गुप्त राज़")

	r = submit(t, v, c.srv.URL+"/say", url.Values{"id": {"sABCDEFGH.8"}, "text": {"गुप्त चित्र"}})
	contains(t, "a secret photo", readAll(t, r.Body), `<img src="data:image/jpeg;base64,anBlZw==" alt="1.jpg">`)

	if now := fmt.Sprint(c.mail.kept); now != kept || len(c.mail.mail) > 0 {
		t.Errorf("kept %v and %v", now, c.mail.mail)
	}
	contains(t, "the page loaded again", readAll(t, mustGet(t, v, c.srv.URL).Body), "आप क्या करना चाहते हैं?")
}

// TestUploadsStayInMemory: no byte of a form lies on the disk, and what there is no room for comes again.
func TestUploadsStayInMemory(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	c := newChat(t)
	c.bot.hold = make(chan struct{})
	var statuses []int
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			body, kind := uploadForm(t, map[string]string{"id": fmt.Sprintf("sABCDEFGH.%d", n)}, "a.jpg", "image/jpeg", make([]byte, 19<<20))
			r, err := c.srv.Client().Post(c.srv.URL+"/say", kind, body)
			if err != nil {
				t.Error(err)
				return
			}
			r.Body.Close()
			mu.Lock()
			defer mu.Unlock()
			statuses = append(statuses, r.StatusCode)
			if r.StatusCode == 503 && r.Header.Get("Retry-After") == "" {
				t.Error("turned away without a time to come again")
			}
		})
	}
	turnedAway := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(statuses)
	}
	wait(t, "some to be turned away", func() bool { return turnedAway() == 20-13 })
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("%d files on the disk, %v", len(files), err)
	}
	close(c.bot.hold)
	all.Wait()
	taken := 0
	for _, status := range statuses {
		if status == 200 {
			taken++
		}
	}
	if taken != 13 {
		t.Errorf("answered %v", statuses)
	}
}
