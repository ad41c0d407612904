package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"strings"
)

//go:embed page.html chat.js chat.css icon.svg
var files embed.FS

// asset is a file of the page. Its address has its hash, so browsers may keep it for ever.
type asset struct {
	name, mime, hash string
	data             []byte
}

var assets = []asset{
	load("chat.js", "text/javascript; charset=utf-8"),
	load("chat.css", "text/css; charset=utf-8"),
	load("icon.svg", "image/svg+xml"),
}

func load(name, mime string) asset {
	data, _ := files.ReadFile(name) // embedded: cannot be missing
	sum := sha256.Sum256(data)
	return asset{name: name, mime: mime, hash: hex.EncodeToString(sum[:6]), data: data}
}

func (a asset) serve(rw http.ResponseWriter, r *http.Request) {
	h := rw.Header()
	h.Set("Content-Type", a.mime)
	if r.URL.Query().Get("v") == a.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	rw.Write(a.data)
}

var pages = template.Must(template.New("page.html").ParseFS(files, "page.html"))

// page is what the template shows.
type page struct {
	*Web
	Notices []bubble
	Last    *bubble
	After   string // id of the last notice on the page
	Hello   bool   // nothing to show yet: the page greets by itself, or with its button
	Start   string // the word of an opening link
	Draft   string // a text that could not be sent
	Failed  bool
	Instead string // a sentence that is shown in place of the chat
	ID      string // of the next message from a browser without scripts
}

// T is a text of the page.
func (p page) T(id string) string { return p.texts("web." + id) }

// Base is the path of the chat, without a slash at its end.
func (p page) Base() string { return p.base }

// Asset is the address of a file of the page.
func (p page) Asset(name string) string {
	for _, a := range assets {
		if a.name == name {
			return p.base + "/" + name + "?v=" + a.hash
		}
	}
	return ""
}

// UploadLimit is for the script, which refuses larger files before they are sent.
func (p page) UploadLimit() int64 { return maxFile }

// Show puts a bubble together with the page, for the template that needs both.
func (p page) Show(b bubble, notice bool) shown { return shown{page: p, Bubble: b, Notice: notice} }

type shown struct {
	page
	Bubble bubble
	Notice bool // its chips stay after an answer
}

var startForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// recentNotices is how many notices a newly loaded page shows.
const recentNotices = 10

// servePage shows the chat as it stands.
func (w *Web) servePage(rw http.ResponseWriter, r *http.Request) {
	start := r.URL.Query().Get("start")
	if start != "" && !startForm.MatchString(start) {
		rw.WriteHeader(http.StatusBadRequest)
		return
	}
	p, err := w.view(r, w.open(rw, r))
	if err != nil {
		w.away(rw, r, "showing the chat", err)
		return
	}
	p.Start, p.Hello = start, start != "" || p.Last == nil
	w.render(rw, http.StatusOK, "page", p)
}

// view gathers what a chat's page shows.
func (w *Web) view(r *http.Request, chat string) (page, error) {
	p := page{Web: w, ID: newID()}
	notices, after, err := w.notices(r.Context(), chat, "")
	if err != nil {
		return page{}, err
	}
	p.Notices, p.After = standing(notices), after
	last, ok, err := w.last(r.Context(), chat)
	if err != nil {
		return page{}, err
	}
	if ok {
		p.Last = &last
	}
	return p, nil
}

// standing leaves out notices that others took the place of, and all but the most recent.
func standing(notices []bubble) []bubble {
	replaced := map[string]bool{}
	for _, b := range notices {
		replaced[b.Replace] = true
	}
	var left []bubble
	for _, b := range notices {
		if !replaced[b.ID] && !b.empty() {
			left = append(left, b)
		}
	}
	return left[max(0, len(left)-recentNotices):]
}

// render writes a page, whole or not at all.
func (w *Web) render(rw http.ResponseWriter, status int, name string, p page) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, p); err != nil {
		w.log.Error("web page", "page", name, "error", err)
		rw.WriteHeader(http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(status)
	rw.Write(b.Bytes())
}

// fragment is one bubble as HTML, as it stands on the page.
func (w *Web) fragment(b bubble, notice bool) (string, error) {
	if b.empty() {
		return "", nil
	}
	var out strings.Builder
	if err := pages.ExecuteTemplate(&out, "bubble", page{Web: w, ID: newID()}.Show(b, notice)); err != nil {
		return "", fmt.Errorf("drawing a message: %w", err)
	}
	return strings.TrimSpace(out.String()), nil
}

// instead writes a page that says one thing and leads back to the chat.
func (w *Web) instead(rw http.ResponseWriter, status int, text string) {
	w.render(rw, status, "instead", page{Web: w, Instead: w.texts(text)})
}

// away logs what went wrong on our side and shows a person a page that says to come back.
func (w *Web) away(rw http.ResponseWriter, r *http.Request, doing string, err error) {
	w.blame(rw, r, doing, err)
	w.instead(rw, http.StatusServiceUnavailable, "web.away")
}

// fail logs what went wrong on our side and has the script try again.
func (w *Web) fail(rw http.ResponseWriter, r *http.Request, doing string, err error) {
	w.blame(rw, r, doing, err)
	rw.WriteHeader(http.StatusServiceUnavailable)
}

func (w *Web) blame(rw http.ResponseWriter, r *http.Request, doing string, err error) {
	rw.Header().Set("Retry-After", "2")
	if r.Context().Err() == nil { // else the visitor left, and nobody was failed
		w.log.Error("web chat", "channel", w.name, "doing", doing, "error", err)
	}
}
