// Package web is the plain web chat: one page, forms that work without scripts, one small script
// that sends them in place, and server-sent events for what comes later. The same page serves
// citizens at / and officers at /desk, as two channels.
//
// A turn is one POST, and the reply rides in its answer. The script repeats an unanswered POST
// under the same id until it is answered, so the browser is the durable inbox. Notices go through
// a Mailbox that all replicas share, because the page may be connected to any of them.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"nagrik/bot"
)

// Options are what a chat needs from the program around it.
type Options struct {
	Name      string // the channel's name: "web", "desk"
	Prefix    string // where the page is: "/", "/desk"
	PublicURL string // with https the session cookie travels over TLS only
	Texts     func(id string) string
	Mailbox   Mailbox
	// Session is how long after its last use a browser still knows the chat. 0: until the browser
	// is closed, which is right where people share computers.
	Session time.Duration
	// Allow says whether a request may be served, for limits per address; nil allows all.
	Allow func(*http.Request) bool
	Log   *slog.Logger  // nil: slog.Default()
	Ping  time.Duration // between comments on an idle event stream; 0: 15 s
}

// Web is a web chat. It implements bot.Channel.
type Web struct {
	name    string
	base    string // Prefix without a slash at its end
	secure  bool
	texts   func(id string) string
	mailbox Mailbox
	session time.Duration
	allow   func(*http.Request) bool
	log     *slog.Logger
	ping    time.Duration
	room    *semaphore.Weighted // bytes of uploads being read

	stopOnce sync.Once
	stopped  chan struct{}
}

var (
	nameForm   = regexp.MustCompile(`^[a-z]{1,16}$`)
	prefixForm = regexp.MustCompile(`^/[a-z]*$`)
)

// New makes a web chat.
func New(o Options) (*Web, error) {
	if !nameForm.MatchString(o.Name) {
		return nil, fmt.Errorf("web chat: name %q is not a lowercase word", o.Name)
	}
	if !prefixForm.MatchString(o.Prefix) {
		return nil, fmt.Errorf("web chat: prefix %q is not / or /word", o.Prefix)
	}
	public, err := url.Parse(o.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("web chat: public address: %w", err)
	}
	if o.Texts == nil || o.Mailbox == nil {
		return nil, errors.New("web chat: texts and a mailbox are needed")
	}
	w := &Web{
		name: o.Name, base: strings.TrimSuffix(o.Prefix, "/"), secure: public.Scheme == "https",
		texts: o.Texts, mailbox: o.Mailbox, session: o.Session, allow: o.Allow, log: o.Log, ping: o.Ping,
		room:    semaphore.NewWeighted(uploads),
		stopped: make(chan struct{}),
	}
	if w.allow == nil {
		w.allow = func(*http.Request) bool { return true }
	}
	if w.log == nil {
		w.log = slog.Default()
	}
	if w.ping == 0 {
		w.ping = 15 * time.Second
	}
	return w, nil
}

// Name is the channel's name.
func (w *Web) Name() string { return w.name }

// Limits of the page: texts of any length, buttons with long labels.
func (w *Web) Limits() bot.Limits {
	return bot.Limits{Buttons: 12, Label: 60, Phone: bot.PhoneByCode}
}

// Send leaves a notice in the chat's mailbox, from where every open page of the chat gets it at
// once and a page opened within mailTime gets it then.
func (w *Web) Send(ctx context.Context, to bot.Chat, r bot.Rendered) (string, error) {
	b, err := w.notice(ctx, to.ID, r)
	if err != nil {
		return "", err
	}
	return w.post(ctx, to.ID, b)
}

// Stop ends the event streams, so that http.Server.Shutdown need not wait for them: give it to
// RegisterOnShutdown. Pages connect again by themselves, to another replica.
func (w *Web) Stop() { w.stopOnce.Do(func() { close(w.stopped) }) }

// Handler serves the page and everything it asks for; h answers the messages.
func (w *Web) Handler(h bot.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+w.base+"/{$}", w.servePage)
	if w.base != "" {
		mux.HandleFunc("GET "+w.base, w.servePage)
	}
	mux.HandleFunc("POST "+w.base+"/say", func(rw http.ResponseWriter, r *http.Request) { w.serveSay(rw, r, h) })
	mux.HandleFunc("GET "+w.base+"/events", w.serveEvents)
	mux.HandleFunc("GET "+w.base+"/file/{key}", w.serveFile)
	for _, a := range assets {
		mux.HandleFunc("GET "+w.base+"/"+a.name, a.serve)
	}
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusForbidden) }))
	return w.guard(sameOrigin.Handler(mux))
}

// contentPolicy lets the page use its own files only. There is no inline script or style.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard sets the headers that every answer has and turns away whom Allow refuses.
func (w *Web) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h := rw.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "geolocation=(self), microphone=(self), camera=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if w.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !w.allow(r) {
			h.Set("Retry-After", "5")
			rw.WriteHeader(http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(rw, r)
	})
}
