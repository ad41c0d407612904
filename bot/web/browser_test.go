package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium is started once, when the first test needs it.
var chromium = sync.OnceValues(func() (context.Context, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, // tests also run as root, where Chromium has no sandbox
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("use-fake-device-for-media-stream", true), // a microphone that beeps
		chromedp.Flag("lang", "hi"),
	)
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	closeChromium = func() {
		patience, done := context.WithTimeout(ctx, 10*time.Second)
		defer done()
		chromedp.Cancel(patience)
		cancel()
	}
	return ctx, chromedp.Do(ctx)
})

var closeChromium = func() {}

func TestMain(m *testing.M) {
	code := m.Run()
	closeChromium()
	os.Exit(code)
}

// tab is a page in a browser profile of its own.
type tab struct {
	testing.TB
	ctx  context.Context
	base string

	mu       sync.Mutex
	faults   []string // exceptions and what the browser blocked
	requests []string // hosts that were asked for something
}

func openTab(t testing.TB, base, path string) *tab {
	t.Helper()
	all, err := chromium()
	if err != nil {
		t.Fatalf("starting Chromium (Debian's package is chromium): %v", err)
	}
	ctx, cancel := chromedp.NewContext(all, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{TB: t, ctx: ctx, base: base}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), chromedp.Navigate(base+path))
	return b
}

// within gives each step its time, so that a hanging one names itself.
func (b *tab) within() (context.Context, context.CancelFunc) {
	return context.WithTimeout(b.ctx, 30*time.Second)
}

func (b *tab) listen(e any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := e.(type) {
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceNetwork { // lost connections are part of some tests
			b.faults = append(b.faults, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := b.within()
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

func eval[T any](b *tab, js string) T {
	b.Helper()
	ctx, cancel := b.within()
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", js, err)
	}
	return v
}

// until waits for something to become true in the page.
func (b *tab) until(js string) {
	b.Helper()
	ctx, cancel := b.within()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Poll[chromedp.Void](js, chromedp.WithPollingInterval(20*time.Millisecond))); err != nil {
		b.Fatalf("waiting for %s: %v; the page says:\n%s", js, err, eval[string](b, `document.body.innerText`))
	}
}

// call runs a command of the browser's protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], p P) {
	b.Helper()
	ctx, cancel := b.within()
	defer cancel()
	if _, err := chromedp.Call(ctx, command, p); err != nil {
		b.Fatal(err)
	}
}

// says waits until our newest message says something.
func (b *tab) says(text string) {
	b.Helper()
	b.until(fmt.Sprintf(`[...document.querySelectorAll(".bot")].at(-1)?.innerText.includes(%q)`, text))
}

func (b *tab) say(text string) {
	b.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS("#text"), text))
	b.key("Enter", "\r", 13)
}

// key presses a key as a keyboard does: what it types comes with the press, so a page can prevent it.
func (b *tab) key(name, types string, code int64, modifiers ...int64) {
	b.Helper()
	press := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: name, Code: name, Text: types, WindowsVirtualKeyCode: code}
	for _, m := range modifiers {
		press.Modifiers |= m
	}
	release := press
	release.Type, release.Text = input.DispatchKeyEventTypeKeyUp, ""
	call(b, input.DispatchKeyEvent, press)
	call(b, input.DispatchKeyEvent, release)
}

// chip finds the newest visible chip with a label.
func chip(label string) chromedp.JSPath {
	return chromedp.JSPath(fmt.Sprintf(`[...document.querySelectorAll(".chips:not([hidden]) .chip")].filter(c => c.innerText.includes(%q)).at(-1)`, label))
}

func (b *tab) press(label string) {
	b.Helper()
	b.do(chromedp.WaitVisible(chip(label)))
	eval[bool](b, `(`+string(chip(label))+`).scrollIntoView({block: "center"}), true`) // not under the header
	b.do(chromedp.Click(chip(label)))
}

func (b *tab) allow(permission string) {
	b.Helper()
	ctx, cancel := b.within()
	defer cancel()
	_, err := chromedp.CallBrowser(ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: permission}, Setting: browser.PermissionSettingGranted,
		Origin: b.base, BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
	})
	if err != nil {
		b.Fatal(err)
	}
}

// clean checks that nothing was thrown, blocked, fetched from elsewhere or stored but one cookie.
func (b *tab) clean() {
	b.Helper()
	b.mu.Lock()
	faults, requests := b.faults, b.requests
	b.mu.Unlock()
	for _, f := range faults {
		b.Errorf("the browser complains: %s", f)
	}
	own, _ := url.Parse(b.base)
	for _, r := range requests {
		if u, err := url.Parse(r); err != nil || u.Host != own.Host {
			b.Errorf("a request to %s", r)
		}
	}
	if n := eval[int](b, `localStorage.length + sessionStorage.length + document.cookie.length`); n != 0 {
		b.Errorf("the page stores something that scripts can read")
	}
}

// picture saves a screenshot where NAGRIK_PICTURES says, for people to look at.
func (b *tab) picture(name string) {
	b.Helper()
	dir := os.Getenv("NAGRIK_PICTURES")
	if dir == "" {
		return
	}
	ctx, cancel := b.within()
	defer cancel()
	data, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), data, 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// axeScript is the accessibility checker, installed under .tools as its lock file says.
var axeScript = sync.OnceValues(func() (string, error) {
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		return "", err
	}
	dir := filepath.Join(root, ".tools", "browsertest")
	file := filepath.Join(dir, "node_modules", "axe-core", "axe.min.js")
	if script, err := os.ReadFile(file); err == nil {
		return string(script), nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	for _, name := range []string{"package.json", "package-lock.json", ".npmrc"} {
		data, err := os.ReadFile(filepath.Join("browsertest", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
		}
		if err != nil {
			return "", err
		}
	}
	install := exec.Command("npm", "ci")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	script, err := os.ReadFile(file)
	return string(script), err
})

type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML string }
}

// axe runs the accessibility checker over the page as it is.
func (b *tab) axe() []violation {
	b.Helper()
	script, err := axeScript()
	if err != nil {
		b.Fatalf("installing axe-core: %v", err)
	}
	raw := eval[string](b, script+`; axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`)
	var found []violation
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		b.Fatal(err)
	}
	return found
}

// accessible fails for each fault that axe finds, of any impact.
func (b *tab) accessible(screen string) {
	b.Helper()
	for _, v := range b.axe() {
		b.Errorf("%s: %s (%s): %s: %v", screen, v.ID, v.Impact, v.Help, v.Nodes)
	}
	b.picture(screen)
}

func TestConversation(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	b := openTab(t, c.srv.URL, "/")
	b.allow("geolocation")
	lat, lng, accuracy := 25.6127, 85.1376, 20.0
	call(b, emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{Latitude: &lat, Longitude: &lng, Accuracy: &accuracy})

	b.says("आप क्या करना चाहते हैं?")
	b.accessible("greeting")
	b.press("खोया सामान")
	b.says("1/5")
	b.accessible("question")
	b.do(chromedp.SetValue(chromedp.CSS("#text"), "काला बैग\n'\"><script>alert(1)</script>"), chromedp.Click(chromedp.CSS("#send")))
	b.says("समझा: काला बैग")
	b.say("फ़ोटो")
	b.says("2/5")
	b.accessible("photo wanted")
	photo := append([]byte{0xff, 0xd8, 0xff, 0xe0}, strings.Repeat("a photo ", 100000)...)
	b.do(chromedp.SetUploadFiles(chromedp.CSS(`input[type=file]`), []string{tempFile(t, "बैग.jpg", photo)}))
	b.until(`!document.querySelector("#chosen").hidden`)
	b.accessible("file chosen")
	b.do(chromedp.Click(chromedp.CSS("#send")))
	b.says("3/5")
	b.accessible("place wanted")
	b.press("अपनी जगह भेजें")
	b.says("दर्ज हो गया")
	b.accessible("done")

	got := c.bot.got()
	if len(got) != 6 {
		t.Fatalf("the bot got %d messages, want 6", len(got))
	}
	if got[1].Tap != "m:l" || got[1].On == "" || got[1].Text != "" {
		t.Errorf("the tap arrived as %+v", got[1])
	}
	if want := "काला बैग\n'\"><script>alert(1)</script>"; got[2].Text != want {
		t.Errorf("the text arrived as %q, want %q", got[2].Text, want)
	}
	if len(c.bot.files) != 1 || string(c.bot.files[0]) != string(photo) {
		t.Errorf("the photo did not arrive whole")
	}
	if p := got[5].Place; p == nil || p.Lat != lat || p.Lng != lng {
		t.Errorf("the place arrived as %+v", p)
	}
	if eval[int](b, `document.querySelectorAll(".me").length`) != 5 {
		t.Error("the citizen's own messages are not all on the page")
	}
	receipt := eval[string](b, `fetch(document.querySelector(".paper a").href).then(r => r.text())`)
	if receipt != "%PDF-1.7 receipt" {
		t.Errorf("the receipt is %q", receipt)
	}

	// Loaded again, the page stands where it stood, and asks the bot nothing.
	b.do(chromedp.Reload())
	b.says("दर्ज हो गया")
	if n := len(c.bot.got()); n != 6 {
		t.Errorf("loading the page again made %d messages", n-6)
	}
	b.clean()
}

func TestNoticeArrives(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	b := openTab(t, c.srv.URL, "/")
	b.says("आप क्या करना चाहते हैं?")
	to := c.bot.got()[0].Chat
	wait(t, "the event stream", func() bool { return c.mail.watching(to.ID) })
	c.notify(t, to, "आवेदन KS 7301: थाने ने स्वीकार किया।", "")
	b.says("थाने ने स्वीकार किया")
	b.press("शिकायत") // the question asked before the notice still stands
	b.says("समझा")

	// A notice for a page that is away is there when it comes back, before the question.
	b.do(chromedp.Navigate("about:blank"))
	wait(t, "the stream's end", func() bool { return !c.mail.watching(to.ID) })
	second := c.notify(t, to, "आवेदन KS 7301: जाँच चल रही है।", "card")
	b.do(chromedp.Navigate(c.srv.URL))
	b.until(`document.body.innerText.includes("जाँच चल रही है") && document.querySelectorAll(".notice").length === 2`)
	b.accessible("notices")

	// A press that changes the notice itself.
	b.press("स्वीकार करें")
	b.until(`!document.getElementById("` + second + `") && document.querySelector(".notice:nth-child(2)").innerText.includes("10:45")`)
	b.until(`document.querySelector("#status").textContent === "दर्ज हुआ"`)
	b.do(chromedp.Reload())
	b.until(`document.querySelectorAll(".notice").length === 2 && document.body.innerText.includes("10:45")`)
	b.clean()
}
