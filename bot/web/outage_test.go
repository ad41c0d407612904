package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
)

// front stands before the replicas, as a proxy does, and loses what it is told to lose.
type front struct {
	srv     *httptest.Server
	backend atomic.Pointer[httputil.ReverseProxy]
	lose    atomic.Int32 // so many answers to messages are lost after the work is done
	posts   atomic.Int32
}

func newFront(t *testing.T) *front {
	f := &front{}
	f.srv = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		backend := f.backend.Load()
		if backend == nil {
			panic(http.ErrAbortHandler) // nobody there: the connection breaks
		}
		if r.Method == "POST" {
			f.posts.Add(1)
			if f.lose.Add(-1) >= 0 {
				backend.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
		}
		backend.ServeHTTP(rw, r)
	}))
	t.Cleanup(f.srv.Close)
	return f
}

func (f *front) leadTo(address string) {
	u, _ := url.Parse(address)
	p := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(u)
		r.Out.Host = r.In.Host
	}}
	p.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	f.backend.Store(p)
}

// TestRestart stops the server in the middle of a conversation. What the citizen sends meanwhile is
// repeated until another replica takes it, once; what was answered into the void is answered again.
func TestRestart(t *testing.T) {
	t.Parallel()
	first := newChat(t)
	f := newFront(t)
	f.leadTo(first.srv.URL)
	b := openTab(t, f.srv.URL, "/")
	b.says("आप क्या करना चाहते हैं?")

	f.backend.Store(nil)
	first.Stop()
	first.srv.Close()
	b.say("मेरा बैग खो गया")
	b.until(`document.querySelector("#status").textContent.includes("फिर कोशिश हो रही है")`)
	b.until(`document.querySelector(".me.waiting")`)
	b.accessible("trying again")
	b.say("और फ़ोन भी")

	second := newReplica(t, first)
	f.lose.Store(1)
	f.leadTo(second.srv.URL)
	eval[bool](b, `dispatchEvent(new Event("online"))`) // or it waits out its pause
	b.says("समझा: और फ़ोन भी")
	b.until(`!document.querySelector(".me.waiting") && document.querySelector("#status").textContent === ""`)

	var texts []string
	for _, m := range second.bot.got() {
		texts = append(texts, m.Text)
	}
	if len(texts) != 3 || texts[1] != "मेरा बैग खो गया" || texts[2] != "और फ़ोन भी" {
		t.Errorf("the bot took %q", texts)
	}
	if n := f.posts.Load(); n < 4 {
		t.Errorf("%d posts reached a server: the lost answer was not asked for again", n)
	}
	if n := eval[int](b, `document.querySelectorAll(".bot").length`); n != 3 {
		t.Errorf("the page shows %d answers, want 3", n)
	}

	// The stream stands again, to the new replica.
	to := first.bot.got()[0].Chat
	first.notify(t, to, "थाने ने स्वीकार किया", "")
	b.says("थाने ने स्वीकार किया")
	b.clean()
}

// A server that answers 503 is asked again when it says.
func TestBusyServer(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	b := openTab(t, c.srv.URL, "/")
	b.says("आप क्या करना चाहते हैं?")
	c.bot.mu.Lock()
	c.bot.fail = 2
	c.bot.mu.Unlock()
	b.press("खोया सामान")
	b.says("1/5")
	if n := len(c.bot.got()); n != 2 {
		t.Errorf("the bot took %d messages, want 2", n)
	}
	if shown := eval[bool](b, `document.activeElement.matches(".bot:last-child")`); !shown {
		t.Error("after a press the focus is not on the answer")
	}
}

// A message that is refused for good is said to be, and the choices come back.
func TestRefusedMessage(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	b := openTab(t, c.srv.URL, "/")
	b.says("आप क्या करना चाहते हैं?")
	eval[bool](b, `document.querySelector(".chips button").value = "x".repeat(70), true`)
	b.press("शिकायत")
	b.until(`document.querySelector("#status").textContent.includes("नहीं भेजा जा सका")`)
	b.do(chromedp.WaitVisible(chip("शिकायत")))
	b.press("खोया सामान")
	b.says("1/5")

	large := tempFile(t, "large.mp4", make([]byte, 20<<20+1))
	b.do(chromedp.SetUploadFiles(chromedp.CSS(`input[type=file]`), []string{large}))
	b.until(`document.querySelector("#status").textContent.includes("20 MB")`)
	if !eval[bool](b, `document.querySelector("#chosen").hidden && document.querySelector("input[type=file]").files.length === 0`) {
		t.Error("the large file is still chosen")
	}
	b.clean()
}
