package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// serveEvents streams a chat's notices as server-sent events, those after Last-Event-ID first.
func (w *Web) serveEvents(rw http.ResponseWriter, r *http.Request) {
	chat := w.chat(r)
	if chat == "" {
		rw.WriteHeader(http.StatusNoContent) // tells the browser not to connect again
		return
	}
	after := r.URL.Query().Get("after")
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		after = id
	}
	out := http.NewResponseController(rw)
	out.SetWriteDeadline(time.Time{}) // a stream outlives the server's WriteTimeout
	out.SetReadDeadline(time.Time{})
	rw.Header().Set("Content-Type", "text/event-stream")
	rw.Header().Set("X-Accel-Buffering", "no") // proxies must not hold events back
	wake, end := w.mailbox.Watch(chat)
	defer end()
	tick := time.NewTicker(w.ping)
	defer tick.Stop()
	fmt.Fprint(rw, "retry: 2000\n\n")
	for {
		// Looked up at each tick too, so that a lost signal delays a notice and no more.
		var err error
		if after, err = w.stream(r.Context(), rw, chat, after); err != nil {
			if r.Context().Err() == nil {
				w.log.Error("web chat", "channel", w.name, "doing", "streaming notices", "error", err)
			}
			return // the browser connects again and names the last event it has
		}
		if out.Flush() != nil {
			return
		}
		select {
		case <-wake:
		case <-tick.C:
			fmt.Fprint(rw, ": still here\n\n")
		case <-r.Context().Done():
			return
		case <-w.stopped:
			return
		}
	}
}

// stream writes the notices after an id and returns the id of the last.
func (w *Web) stream(ctx context.Context, rw http.ResponseWriter, chat, after string) (string, error) {
	bubbles, end, err := w.notices(ctx, chat, after)
	if err != nil {
		return after, err
	}
	for _, b := range bubbles {
		a, err := w.answer(b, true)
		if err != nil {
			return after, err
		}
		data, err := json.Marshal(a)
		if err != nil {
			return after, fmt.Errorf("encoding an event: %w", err)
		}
		if _, err := fmt.Fprintf(rw, "id: %s\ndata: %s\n\n", b.ID, data); err != nil {
			return after, nil // the page is gone; the request's context says so too
		}
	}
	return end, nil
}
