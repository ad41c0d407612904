package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func start(t *testing.T, cfg Config) *Server {
	t.Helper()
	s, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// call makes a call with JSON and gives the status and the answer's description.
func call(t *testing.T, s *Server, method, params string) (int, string, json.RawMessage) {
	t.Helper()
	return do(t, s.URL+"/bot"+s.Token()+"/"+method, "application/json", strings.NewReader(params))
}

func do(t *testing.T, address, kind string, body io.Reader) (int, string, json.RawMessage) {
	t.Helper()
	resp, err := http.Post(address, kind, body)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		OK          bool            `json:"ok"`
		Description string          `json:"description"`
		Result      json.RawMessage `json:"result"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if answer.OK != (resp.StatusCode == http.StatusOK) {
		t.Errorf("status %d with ok %v", resp.StatusCode, answer.OK)
	}
	return resp.StatusCode, answer.Description, answer.Result
}

// TestRefusals: what Telegram would refuse is refused, and does not arrive.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	s.Person(5, "क").Say("/start")
	s.Person(6, "ख")
	s.Person(7, "ग").Block()
	s.Group(-5, "थाना")
	old := s.Group(-6, "चौकी")
	old.Migrate(-1006)
	button := func(b string) string {
		return `{"chat_id":5,"text":"x","reply_markup":{"inline_keyboard":[[` + b + `]]}}`
	}
	tests := []struct {
		name, method, params string
		status               int
		says                 string
	}{
		{"nothing", "sendMessage", `{"chat_id":5,"text":""}`, 400, "text is empty"},
		{"spaces", "sendMessage", `{"chat_id":5,"text":" \n "}`, 400, "text is empty"},
		{"too long", "sendMessage", `{"chat_id":5,"text":"` + strings.Repeat("क", 4097) + `"}`, 400, "too long"},
		{"unknown chat", "sendMessage", `{"chat_id":99,"text":"x"}`, 400, "chat not found"},
		{"never wrote", "sendMessage", `{"chat_id":6,"text":"x"}`, 403, "can't initiate"},
		{"blocked", "sendMessage", `{"chat_id":7,"text":"x"}`, 403, "blocked by the user"},
		{"migrated", "sendMessage", `{"chat_id":-6,"text":"x"}`, 400, "upgraded"},
		{"entity too long", "sendMessage", `{"chat_id":5,"text":"क🙏","entities":[{"type":"bold","offset":1,"length":3}]}`, 400, "entity"},
		{"entity in a pair", "sendMessage", `{"chat_id":5,"text":"क🙏","entities":[{"type":"bold","offset":0,"length":2}]}`, 400, "entity"},
		{"empty entity", "sendMessage", `{"chat_id":5,"text":"क","entities":[{"type":"bold","offset":0,"length":0}]}`, 400, "entity"},
		{"no label", "sendMessage", button(`{"text":"","callback_data":"a"}`), 400, "BUTTON_TEXT"},
		{"no data", "sendMessage", button(`{"text":"a"}`), 400, "text buttons"},
		{"long data", "sendMessage", button(`{"text":"a","callback_data":"` + strings.Repeat("क", 22) + `"}`), 400, "BUTTON_DATA"},
		{"bad page", "sendMessage", button(`{"text":"a","url":"javascript:x"}`), 400, "URL is invalid"},
		{"contact in group", "sendMessage", `{"chat_id":-5,"text":"x","reply_markup":{"keyboard":[[{"text":"a","request_contact":true}]]}}`, 400, "private chats only"},
		{"bad markup", "sendMessage", `{"chat_id":5,"text":"x","reply_markup":"x"}`, 400, "can't parse reply markup"},
		{"no such message", "editMessageText", `{"chat_id":5,"message_id":1,"text":"x"}`, 400, "to edit not found"},
		{"no file", "sendDocument", `{"chat_id":5}`, 400, "non-empty"},
		{"unknown tap", "answerCallbackQuery", `{"callback_query_id":"1"}`, 400, "query is too old"},
		{"unknown file", "getFile", `{"file_id":"1"}`, 400, "wrong file_id"},
		{"bad secret", "setWebhook", `{"url":"https://x.in","secret_token":"क"}`, 400, "unallowed"},
		{"bad webhook", "setWebhook", `{"url":"x"}`, 400, "invalid webhook URL"},
		{"unknown method", "sendNothing", `{}`, 404, "not found"},
		{"not JSON", "sendMessage", `{`, 400, "can't parse"},
	}
	for _, tt := range tests {
		status, says, _ := call(t, s, tt.method, tt.params)
		if status != tt.status || !strings.Contains(says, tt.says) {
			t.Errorf("%s: %d %q, want %d with %q", tt.name, status, says, tt.status, tt.says)
		}
	}
	if status, _, _ := do(t, s.URL+"/bot1:wrong/getMe", "application/json", strings.NewReader("{}")); status != 401 {
		t.Errorf("a wrong token gives %d", status)
	}
	for _, p := range []*Person{s.Person(5, ""), s.Person(6, ""), s.Person(7, "")} {
		if n := len(p.Inbox()); n != 0 {
			t.Errorf("%d messages arrived at %d", n, p.ID)
		}
	}
	if got := s.Count("sendmessage:refused"); got != 16 {
		t.Errorf("%d refused messages are on record", got)
	}
}

// TestWaysOfCalling: JSON, a form and multipart are the same.
func TestWaysOfCalling(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	p := s.Person(5, "क")
	p.Say("/start")
	address := s.URL + "/bot" + s.Token() + "/sendMessage"
	const markup = `{"inline_keyboard":[[{"text":"हाँ","callback_data":"y","copy_text":{"text":""}}]]}`
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for k, v := range map[string]string{"chat_id": "5", "text": "नमस्ते", "reply_markup": markup} {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for kind, body := range map[string]string{
		"application/json":                  `{"chat_id":5,"text":"नमस्ते","reply_markup":` + markup + `}`,
		"application/x-www-form-urlencoded": url.Values{"chat_id": {"5"}, "text": {"नमस्ते"}, "reply_markup": {markup}}.Encode(),
		w.FormDataContentType():             form.String(),
	} {
		if status, says, _ := do(t, address, kind, strings.NewReader(body)); status != 200 {
			t.Errorf("%s: %d %s", kind, status, says)
		}
	}
	got := p.Inbox()
	if len(got) != 3 {
		t.Fatalf("%d messages", len(got))
	}
	for _, m := range got {
		if m.Text != "नमस्ते" || !slices.Equal(m.Labels(), []string{"हाँ"}) || m.Buttons[0][0].Data != "y" {
			t.Errorf("message %+v", m)
		}
	}
}

// TestGroupQuota: a group takes twenty messages a minute, and says when there is room again.
func TestGroupQuota(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	s.Group(-5, "थाना")
	for i := range 21 {
		status, says, _ := call(t, s, "sendMessage", fmt.Sprintf(`{"chat_id":-5,"text":"%d"}`, i))
		if (status == 200) != (i < 20) {
			t.Errorf("message %d: %d %s", i+1, status, says)
		}
	}
}

// hook is a webhook under test: it notes what comes and answers as told.
type hook struct {
	mu     sync.Mutex
	texts  []string
	answer func(text string, nth int) (status int, header, body string)
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var u struct {
		Message struct {
			Text string `json:"text"`
		} `json:"message"`
		Query struct {
			Data string `json:"data"`
		} `json:"callback_query"`
	}
	_ = json.NewDecoder(r.Body).Decode(&u)
	text := u.Message.Text + u.Query.Data
	h.mu.Lock()
	h.texts = append(h.texts, text)
	nth := 0
	for _, t := range h.texts {
		if t == text {
			nth++
		}
	}
	h.mu.Unlock()
	status, retry, body := h.answer(text, nth)
	if retry != "" {
		w.Header().Set("Retry-After", retry)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func (h *hook) got() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.texts)
}

func hooked(t *testing.T, s *Server, answer func(string, int) (int, string, string)) *hook {
	t.Helper()
	h := &hook{answer: answer}
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	if status, says, _ := call(t, s, "setWebhook", `{"url":"`+web.URL+`","max_connections":10}`); status != 200 {
		t.Fatal(says)
	}
	return h
}

func until(t *testing.T, what string, true func() bool) {
	t.Helper()
	for limit := time.Now().Add(time.Minute); !true(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// TestLanes: the next message of a chat comes after the last was accepted; buttons go beside.
func TestLanes(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Speed: 1000})
	release := make(chan struct{})
	h := hooked(t, s, func(text string, nth int) (int, string, string) {
		if text == "1" && nth < 4 {
			return 503, "1", ""
		}
		if text == "1" {
			<-release
		}
		return 200, "", ""
	})
	p := s.Person(5, "क")
	first := p.Say("1")
	p.Say("2")
	until(t, "three failures", func() bool { return len(h.got()) >= 4 })
	p.Tap(1, "tap")
	until(t, "the tap", func() bool { return slices.Contains(h.got(), "tap") })
	if slices.Contains(h.got(), "2") {
		t.Error("the second message came before the first was accepted")
	}
	close(release)
	until(t, "all", func() bool { return s.Waiting() == 0 })
	if got, want := h.got(), []string{"1", "1", "1", "1", "tap", "2"}; !slices.Equal(got, want) {
		t.Errorf("came as %q, want %q", got, want)
	}
	d, _ := s.Delivery(first)
	var statuses []int
	for _, a := range d.Attempts {
		statuses = append(statuses, a.Status)
	}
	if !slices.Equal(statuses, []int{503, 503, 503, 200}) || d.Accepted.IsZero() || d.Chat != 5 || d.Kind != "message" {
		t.Errorf("the record is %+v", d)
	}
}

// TestRiding: the method in the answer is carried out, a refused one unheard, and none of an
// answer that does not count.
func TestRiding(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Speed: 1000})
	hooked(t, s, func(text string, nth int) (int, string, string) {
		send := `{"method":"sendMessage","chat_id":5,"text":"` + text + `"}`
		switch {
		case text == "fails" && nth == 1:
			return 500, "", send
		case text == "refused":
			return 200, "", `{"method":"sendMessage","chat_id":5,"text":""}`
		}
		return 200, "", send
	})
	p := s.Person(5, "क")
	p.Say("fails")
	p.Say("refused")
	p.Say("goes")
	until(t, "all", func() bool { return s.Waiting() == 0 })
	got := p.Inbox()
	if len(got) != 2 || got[0].Text != "fails" || got[1].Text != "goes" || !got[0].Rode {
		t.Errorf("arrived: %+v", got)
	}
	if n := s.Count("sendmessage:refused"); n != 1 {
		t.Errorf("%d refused", n)
	}
}

// TestExpiry: a pressed button is given up after 150 seconds, a message is not.
func TestExpiry(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Speed: 1000}) // 150 ms
	up := make(chan struct{})
	h := hooked(t, s, func(string, int) (int, string, string) {
		select {
		case <-up:
			return 200, "", ""
		default:
			return 503, "2", ""
		}
	})
	p := s.Person(5, "क")
	tap := p.Tap(1, "tap")
	p.Say("text")
	until(t, "the tap is given up", func() bool { d, _ := s.Delivery(tap); return d.Expired })
	close(up)
	until(t, "the text", func() bool { return s.Waiting() == 0 })
	if got := h.got(); got[len(got)-1] != "text" {
		t.Errorf("the last is %q", got[len(got)-1])
	}
	if s.Count("expired") != 1 || s.Count("accepted") != 1 {
		t.Errorf("%d expired, %d accepted", s.Count("expired"), s.Count("accepted"))
	}
}

// TestLostAndTwice: an acceptance that is lost brings the update again, and some come twice anyway.
func TestLostAndTwice(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Speed: 1000, Seed: 3, Lost: 0.3, Twice: 0.3})
	h := hooked(t, s, func(string, int) (int, string, string) { return 200, "", "" })
	p := s.Person(5, "क")
	for i := range 50 {
		p.Say(fmt.Sprint(i))
	}
	until(t, "all", func() bool { return s.Waiting() == 0 && s.Count("repeated") > 0 })
	lost := 0
	for _, d := range s.Deliveries() {
		for _, a := range d.Attempts {
			if a.Error == "answer lost" {
				lost++
			}
		}
	}
	if lost == 0 || len(h.got()) < 50+lost {
		t.Errorf("%d answers lost, %d deliveries", lost, len(h.got()))
	}
	s.Change(func(c *Config) { c.Lost, c.Twice = 0, 0 })
	id := p.Say("फिर")
	until(t, "it came", func() bool { return s.Waiting() == 0 })
	if !s.Repeat(id) || s.Repeat(99) {
		t.Error("Repeat is wrong about what it knows")
	}
	until(t, "it came again", func() bool {
		n := 0
		for _, text := range h.got() {
			if text == "फिर" {
				n++
			}
		}
		return n == 2
	})
}

// TestPolling: getUpdates gives what is not confirmed, in order, holds an empty call, and is
// refused beside a webhook or another poll.
func TestPolling(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	p, q := s.Person(5, "क"), s.Person(6, "ख")
	first := p.Say("1")
	q.Say("2")
	p.Say("3")
	get := func(offset int64, timeout int) (int, []int64) {
		status, _, raw := call(t, s, "getUpdates", fmt.Sprintf(`{"offset":%d,"timeout":%d}`, offset, timeout))
		var updates []struct {
			ID int64 `json:"update_id"`
		}
		_ = json.Unmarshal(raw, &updates)
		var ids []int64
		for _, u := range updates {
			ids = append(ids, u.ID)
		}
		return status, ids
	}
	for range 2 {
		if _, ids := get(0, 0); !slices.Equal(ids, []int64{first, first + 1, first + 2}) {
			t.Errorf("updates %d", ids)
		}
	}
	if _, ids := get(first+2, 0); !slices.Equal(ids, []int64{first + 2}) || s.Waiting() != 1 {
		t.Errorf("updates %d, %d wait", ids, s.Waiting())
	}
	held := make(chan []int64)
	go func() { _, ids := get(first+3, 50); held <- ids }()
	until(t, "the call is held", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.poll != nil })
	next := p.Say("4")
	if ids := <-held; !slices.Equal(ids, []int64{next}) {
		t.Errorf("the held call gave %d", ids)
	}
	until(t, "no call is held", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.poll == nil })
	ended := make(chan int)
	go func() { status, _ := get(next+1, 50); ended <- status }()
	until(t, "the call is held", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.poll != nil })
	get(next+1, 0)
	if status := <-ended; status != http.StatusConflict {
		t.Errorf("the older of two polls ended with %d", status)
	}
	call(t, s, "setWebhook", `{"url":"http://127.0.0.1:1"}`)
	if status, _ := get(0, 0); status != http.StatusConflict {
		t.Errorf("polling beside a webhook gives %d", status)
	}
}

// TestPressing: a button is pressed where it is now, keys only while their keyboard is shown.
func TestPressing(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	p := s.Person(5, "क")
	p.Say("/start")
	call(t, s, "sendMessage", `{"chat_id":5,"text":"एक","reply_markup":{"inline_keyboard":[[{"text":"हाँ","callback_data":"old"}]]}}`)
	call(t, s, "sendMessage", `{"chat_id":5,"text":"दो","reply_markup":{"inline_keyboard":[[{"text":"हाँ","callback_data":"new"},{"text":"पन्ना","url":"https://x.in"}]]}}`)
	call(t, s, "sendMessage", `{"chat_id":5,"text":"तीन","reply_markup":{"keyboard":[[{"text":"📱 नंबर भेजें","request_contact":true}],["रद्द"]]}}`)
	last := func() string {
		s.mu.Lock()
		defer s.mu.Unlock()
		var all []*update
		for _, l := range s.lanes {
			all = append(all, l.queue...)
		}
		slices.SortFunc(all, func(a, b *update) int { return int(a.id - b.id) })
		return string(all[len(all)-1].body)
	}
	for label, want := range map[string]string{"हाँ": `"data":"new"`, "नंबर": `"phone_number":"919800000005"`} {
		if _, err := p.Press(label); err != nil || !strings.Contains(last(), want) {
			t.Errorf("pressing %q: %v, %s", label, err, last())
		}
	}
	for _, label := range []string{"पन्ना", "नहीं"} {
		if _, err := p.Press(label); err == nil {
			t.Errorf("%q could be pressed", label)
		}
	}
	call(t, s, "sendMessage", `{"chat_id":5,"text":"चार","reply_markup":{"remove_keyboard":true}}`)
	if _, err := p.Press("नंबर"); err == nil {
		t.Error("a key of a keyboard that is gone could be pressed")
	}
	if m, err := p.Wait(t.Context(), ""); err != nil || m.Text != "चार" {
		t.Errorf("waiting gave %q, %v", m.Text, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Wait(ended, "पाँच"); err == nil {
		t.Error("what did not come was waited for with success")
	}
}
