package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"nagrik/bot"
	"nagrik/bot/web"
)

// TestKeyboardOnly goes through a conversation without a mouse.
func TestKeyboardOnly(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	b := openTab(t, c.srv.URL, "/")
	b.says("आप क्या करना चाहते हैं?")
	tabTo := func(label string) {
		t.Helper()
		for range 30 {
			if eval[string](b, `document.activeElement.innerText.trim() || document.activeElement.id`) == label {
				if !eval[bool](b, `document.activeElement.matches(":focus-visible") && getComputedStyle(document.activeElement).outlineStyle === "solid"`) {
					t.Errorf("the focus on %q cannot be seen", label)
				}
				return
			}
			b.key("Tab", "", 9)
		}
		t.Fatalf("%q cannot be reached", label)
	}
	tabTo("खोया सामान")
	b.key("Enter", "\r", 13)
	b.says("1/5")
	b.key("Tab", "", 9) // from the answer, where the focus is now, to its first choice
	if got := eval[string](b, `document.activeElement.innerText`); got != "पीछे" {
		t.Errorf("Tab leads to %q, want the first choice", got)
	}
	tabTo("text")
	b.do(chromedp.KeyEvent("काला"))
	b.key("Enter", "\r", 13, int64(chromedp.ModifierShift))
	b.do(chromedp.KeyEvent("बैग"))
	b.key("Enter", "\r", 13)
	b.says("समझा: काला\nबैग")
	if got := c.bot.got(); got[len(got)-1].Text != "काला\nबैग" {
		t.Errorf("the text arrived as %q", got[len(got)-1].Text)
	}
	if !eval[bool](b, `document.activeElement.id === "text" && document.activeElement.value === ""`) {
		t.Error("after sending the focus is not in the empty text box")
	}
}

// TestZoom looks at the page as someone sees it who enlarges it four times on a usual screen, and
// as simple mode shows it.
func TestZoom(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.bot.few = true
	b := openTab(t, c.srv.URL, "/")
	b.says("आप क्या करना चाहते हैं?")
	b.accessible("simple mode")
	if size := eval[float64](b, `parseFloat(getComputedStyle(document.querySelector(".bot .text")).fontSize)`); size < 24 {
		t.Errorf("simple mode has letters of %g px", size)
	}
	for _, screen := range [][2]int64{{320, 256}, {320, 640}, {1280, 900}} {
		b.do(chromedp.EmulateViewport(screen[0], screen[1]))
		name := fmt.Sprintf("simple mode on %d by %d", screen[0], screen[1])
		if over := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%s: %d px stick out to the side", name, over)
		}
		b.accessible(name)
	}
}

// TestTargets holds what fingers and eyes need: letters of 20 px, buttons of 48 px.
func TestTargets(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	b := openTab(t, c.srv.URL, "/")
	b.says("आप क्या करना चाहते हैं?")
	small := eval[[]string](b, `[...document.querySelectorAll("button, .chip, .attach, .danger, textarea")].filter(e => e.offsetParent)
		.filter(e => e.getBoundingClientRect().height < 48 || e.getBoundingClientRect().width < 48).map(e => e.outerHTML)`)
	if len(small) > 0 {
		t.Errorf("too small to press: %s", strings.Join(small, "\n"))
	}
	if size := eval[float64](b, `parseFloat(getComputedStyle(document.querySelector(".bot .text")).fontSize)`); size < 20 {
		t.Errorf("letters of %g px", size)
	}
	if size := eval[float64](b, `parseFloat(getComputedStyle(document.querySelector("#text")).fontSize)`); size < 20 {
		t.Errorf("letters of %g px in the text box", size)
	}
	if got := eval[string](b, `[document.documentElement.lang, log.getAttribute("role"), log.ariaLive, document.querySelector(".danger").href].join(" ")`); got != "hi log polite tel:112" {
		t.Errorf("the page is %q", got)
	}
}

// TestWatchdogs shows that the checks of the other tests can fail.
func TestWatchdogs(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	b := openTab(t, c.srv.URL, "/")
	b.says("आप क्या करना चाहते हैं?")
	eval[bool](b, `document.body.append(Object.assign(document.createElement("script"), {textContent: "window.evil = 1"})),
		document.body.insertAdjacentHTML("beforeend", "<img src='https://elsewhere.example/x.png'><p style='color:#ccc'>अ</p>"), true`)
	wait(t, "the browser's complaints", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		all := strings.Join(b.faults, "\n")
		return strings.Contains(all, "script") && strings.Contains(all, "style") && strings.Contains(all, "elsewhere.example")
	})
	if eval[bool](b, `"evil" in window`) {
		t.Error("an inline script ran")
	}
	found := map[string]bool{}
	for _, v := range b.axe() {
		found[v.ID] = true
	}
	if !found["image-alt"] {
		t.Errorf("the accessibility checker missed a picture without words: %v", found)
	}
}

// TestVoice records with the browser's imitation of a microphone.
func TestVoice(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	b := openTab(t, c.srv.URL, "/")
	b.says("आप क्या करना चाहते हैं?")
	b.do(chromedp.Click(chromedp.CSS("#voice")))
	b.until(`document.querySelector("#status").textContent.includes("माइक नहीं चल सका")`) // not allowed

	b.allow("microphone")
	b.do(chromedp.Click(chromedp.CSS("#voice")))
	b.until(`document.querySelector("#status").textContent.includes("सुन रहे हैं")`)
	b.accessible("recording")
	eval[bool](b, `new Promise(done => setTimeout(() => done(true), 300))`)
	b.do(chromedp.Click(chromedp.CSS("#voice")))
	b.says("फ़ाइल मिली (voice)")
	got := c.bot.got()
	last := got[len(got)-1]
	if len(last.Files) != 1 || !strings.HasPrefix(last.Files[0].MIME, "audio/") || len(c.bot.files[0]) == 0 {
		t.Errorf("the voice note arrived as %+v", last.Files)
	}
	b.clean()
}

// TestDesk serves the same page under another name, in English.
func TestDesk(t *testing.T) {
	t.Parallel()
	c := newChat(t, func(o *web.Options) { o.Name, o.Prefix, o.Texts = "desk", "/desk", texts(t, "en") })
	b := openTab(t, c.srv.URL, "/desk?start=Inv1te")
	b.do(chromedp.EmulateViewport(1280, 800))
	b.says("आप क्या करना चाहते हैं?")
	if got := eval[string](b, `location.pathname + location.search + document.documentElement.lang`); got != "/desken" {
		t.Errorf("the page is at %s", got)
	}
	if m := c.bot.got()[0]; m.Start != "Inv1te" || m.Chat.Channel != "desk" {
		t.Errorf("the bot got %+v", m)
	}
	wait(t, "the event stream", func() bool { return c.mail.watching(c.bot.got()[0].Chat.ID) })
	c.notify(t, c.bot.got()[0].Chat, "KS 7301: नया आवेदन", "card")
	b.says("नया आवेदन")
	b.accessible("desk")
	b.press("स्वीकार करें")
	b.until(`document.body.innerText.includes("10:45")`)
	b.clean()
}

// TestBrowserWithoutScripts uses the page as a browser does that runs no scripts.
func TestBrowserWithoutScripts(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	b := openTab(t, c.srv.URL, "/chat.css")
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.do(chromedp.Navigate(c.srv.URL))
	if n := len(c.bot.got()); n != 0 {
		t.Fatalf("looking at the page made %d messages", n)
	}
	b.do(chromedp.Click(chromedp.CSS("#hello button")), chromedp.WaitVisible(chromedp.CSS(`button[value="m:l"]`)))
	b.do(chromedp.Click(chromedp.CSS(`button[value="m:l"]`)), chromedp.WaitVisible(chromedp.CSS(`button[value="x"]`)))
	b.do(chromedp.SetUploadFiles(chromedp.CSS(`input[type=file]`), []string{tempFile(t, "bag.jpg", []byte("JPEG"))}))
	b.do(chromedp.SendKeys(chromedp.CSS("#text"), "यह बैग"), chromedp.Click(chromedp.CSS("#send")), chromedp.WaitNotPresent(chromedp.CSS(`button[value="m:l"]`)))
	wait(t, "the upload", func() bool { return len(c.bot.got()) == 3 })
	got := c.bot.got()
	if m := got[2]; m.Text != "यह बैग" || len(m.Files) != 1 || m.Files[0].Kind != bot.Photo || string(c.bot.files[0]) != "JPEG" {
		t.Errorf("the bot got %+v", m)
	}
	if got[1].Tap != "m:l" || got[1].On != "r-"+got[0].ID {
		t.Errorf("the tap arrived as %+v", got[1])
	}
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{}) // the camera needs scripts
	b.picture("without scripts")
}
