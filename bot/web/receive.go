package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"nagrik/bot"
)

// What one POST may bring, in bytes.
const (
	maxText  = 64 << 10
	maxFile  = 20 << 20
	maxFiles = 10

	// uploads is what all forms with files that are being read may take of memory together. None
	// waits on disk: a file may be a tip's, of which only a copy without metadata may ever be stored.
	uploads = 256 << 20
)

// errFull says that there is no room for a form with files now.
var errFull = errors.New("no room for another upload")

// idForm is what message ids look like: a random word of the page, and a sequence number.
var idForm = regexp.MustCompile(`^s[A-Za-z0-9]{8,32}\.[0-9]{1,9}$`)

// newID is a message id for a form that is sent without the script.
func newID() string { return "s" + random() + ".1" }

// errMalformed is a request that no page of ours makes.
var errMalformed = errors.New("malformed request")

// answer is what the script gets for a message.
type answer struct {
	ID      string `json:"id,omitempty"`
	HTML    string `json:"html,omitempty"`
	Replace string `json:"replace,omitempty"`
	Toast   string `json:"toast,omitempty"`
	Few     bool   `json:"few,omitempty"`
}

// serveSay takes one message and answers it: with JSON to the script, with a redirect to the page
// to a plain form.
func (w *Web) serveSay(rw http.ResponseWriter, r *http.Request, h bot.Handler) {
	m, done, err := w.decode(rw, r)
	defer done()
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		rw.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	} else if errors.Is(err, errFull) {
		rw.Header().Set("Retry-After", "2")
		rw.WriteHeader(http.StatusServiceUnavailable)
		return
	} else if err != nil {
		rw.WriteHeader(http.StatusBadRequest)
		return
	}
	chat := w.open(rw, r)
	m.Chat, m.Sender = bot.Chat{Channel: w.name, ID: chat}, chat
	script := strings.Contains(r.Header.Get("Accept"), "application/json")
	b, secret, err := w.turn(r.Context(), m, h)
	if err != nil {
		w.sayFailed(rw, r, m, script, err)
		return
	}
	if !script && secret {
		w.showOnce(rw, r, chat, b)
		return
	}
	if !script {
		http.Redirect(rw, r, w.base+"/#last", http.StatusSeeOther)
		return
	}
	a, err := w.answer(b, itemForm.MatchString(b.ID))
	if err != nil {
		w.fail(rw, r, "answering", err)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(a) // a cut connection: the page asks again
}

// turn has a message answered and keeps the reply for a page that is loaded again, unless it is secret.
func (w *Web) turn(ctx context.Context, m bot.Message, h bot.Handler) (b bubble, secret bool, err error) {
	reply, err := h(ctx, m)
	if err != nil {
		return bubble{}, false, err
	}
	b, err = w.reply(ctx, m.Chat.ID, "r-"+m.ID, reply)
	if err != nil || reply.Secret || b.empty() {
		return b, reply.Secret, err
	}
	if itemForm.MatchString(b.Replace) {
		// It takes the place of a notice, on every page of the chat.
		b.ID, err = w.post(ctx, m.Chat.ID, b)
		return b, false, err
	}
	return b, false, w.keepLast(ctx, m.Chat.ID, b)
}

// showOnce answers a plain form with the page itself: the reply is nowhere to be read from by a redirect.
func (w *Web) showOnce(rw http.ResponseWriter, r *http.Request, chat string, b bubble) {
	p, err := w.view(r, chat)
	if err != nil {
		w.away(rw, r, "showing a reply", err)
		return
	}
	p.Last = &b
	w.render(rw, http.StatusOK, "page", p)
}

func (w *Web) answer(b bubble, notice bool) (answer, error) {
	html, err := w.fragment(b, notice)
	return answer{ID: b.ID, HTML: html, Replace: b.Replace, Toast: b.Toast, Few: b.Few}, err
}

// sayFailed asks for the message again: the script waits and repeats it, a person gets the form
// back with the text and under the same id.
func (w *Web) sayFailed(rw http.ResponseWriter, r *http.Request, m bot.Message, script bool, cause error) {
	if script {
		w.fail(rw, r, "answering a message", cause)
		return
	}
	p, err := w.view(r, m.Chat.ID)
	if err != nil {
		w.away(rw, r, "answering a message", errors.Join(cause, err))
		return
	}
	w.blame(rw, r, "answering a message", cause)
	p.ID, p.Draft, p.Failed = m.ID, m.Text, true
	p.Hello = p.Last == nil
	w.render(rw, http.StatusServiceUnavailable, "page", p)
}

// decode reads a message from the fields of a form. done is to be called once its files are read.
func (w *Web) decode(rw http.ResponseWriter, r *http.Request) (m bot.Message, done func(), err error) {
	done = func() {}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded":
		r.Body = http.MaxBytesReader(rw, r.Body, maxText)
		err = r.ParseForm()
	case "multipart/form-data":
		size := int64(maxFile + maxText)
		if r.ContentLength >= 0 {
			size = min(size, r.ContentLength)
		}
		if !w.room.TryAcquire(size) {
			return m, done, errFull
		}
		done = func() { w.room.Release(size) }
		r.Body = http.MaxBytesReader(rw, r.Body, maxFile+maxText)
		err = r.ParseMultipartForm(maxFile + maxText) // all of it in memory
	default:
		return m, done, errMalformed
	}
	if err != nil {
		return m, done, err
	}
	m, err = message(r)
	return m, done, err
}

// message reads a message from the fields of a form that is parsed.
func message(r *http.Request) (m bot.Message, err error) {
	field := r.PostForm.Get
	m = bot.Message{ID: field("id"), Text: clean(field("text")), Tap: field("tap"), On: field("on"), Start: field("start")}
	switch {
	case !idForm.MatchString(m.ID), len(m.Text) > maxText, len(m.Tap) > 64, len(m.On) > 64,
		m.Start != "" && !startForm.MatchString(m.Start):
		return bot.Message{}, errMalformed
	}
	if field("hello") != "" {
		m.Text = "/start"
	}
	if m.Place, err = place(field("lat"), field("lng")); err != nil {
		return bot.Message{}, err
	}
	if r.MultipartForm != nil {
		if m.Files, err = filesOf(r.MultipartForm.File["file"]); err != nil {
			return bot.Message{}, err
		}
	}
	return m, nil
}

// clean takes out what no store takes: NUL, and bytes that are not UTF-8. Line ends become \n.
func clean(s string) string {
	return strings.NewReplacer("\x00", "", "\r\n", "\n").Replace(strings.ToValidUTF8(s, ""))
}

func place(lat, lng string) (*bot.Place, error) {
	if lat == "" && lng == "" {
		return nil, nil
	}
	y, err1 := strconv.ParseFloat(lat, 64)
	x, err2 := strconv.ParseFloat(lng, 64)
	if err1 != nil || err2 != nil || !(math.Abs(y) <= 90) || !(math.Abs(x) <= 180) {
		return nil, errMalformed
	}
	return &bot.Place{Lat: y, Lng: x}, nil
}

// filesOf are the files of a form; a file field left empty is none.
func filesOf(headers []*multipart.FileHeader) ([]bot.File, error) {
	if len(headers) > maxFiles {
		return nil, errMalformed
	}
	var files []bot.File
	for _, h := range headers {
		if h.Size == 0 {
			continue
		}
		if h.Size > maxFile {
			return nil, &http.MaxBytesError{Limit: maxFile}
		}
		files = append(files, bot.File{
			Kind: kindOf(h.Header.Get("Content-Type")), MIME: h.Header.Get("Content-Type"), Size: h.Size,
			Open: func(context.Context) (io.ReadCloser, error) { return h.Open() },
		})
	}
	return files, nil
}

func kindOf(mime string) bot.FileKind {
	switch group, _, _ := strings.Cut(mime, "/"); group {
	case "image":
		return bot.Photo
	case "audio":
		return bot.Voice
	case "video":
		return bot.Video
	default:
		return bot.Document
	}
}
