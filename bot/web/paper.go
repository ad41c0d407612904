package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"mime"
	"net/http"

	"nagrik/bot"
)

// paper is a link to a file that the bot sent.
type paper struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	MIME string `json:"mime"`
	Data []byte `json:"-"` // of a photo that is in the page itself, and kept nowhere
}

// Inline is the address of such a photo.
func (p paper) Inline() template.URL {
	return template.URL("data:" + p.MIME + ";base64," + base64.StdEncoding.EncodeToString(p.Data))
}

// Picture says whether the page shows the file itself.
func (p paper) Picture() bool {
	return p.MIME == "image/png" || p.MIME == "image/jpeg" || p.MIME == "image/webp"
}

// keepPaper puts a file behind a link that works for paperTime, and in its own chat only.
func (w *Web) keepPaper(ctx context.Context, chat string, p bot.Paper) (paper, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return paper{}, fmt.Errorf("encoding a paper: %w", err)
	}
	link := paper{Key: random(), Name: p.Name, MIME: p.MIME}
	return link, w.mailbox.Keep(ctx, chat, paperKey(link.Key), data, paperTime)
}

func paperKey(key string) string { return "paper:" + key }

// serveFile hands out a file of the session's own chat.
func (w *Web) serveFile(rw http.ResponseWriter, r *http.Request) {
	chat := w.chat(r)
	var p bot.Paper
	var data []byte
	var err error
	if chat != "" {
		data, err = w.mailbox.Kept(r.Context(), chat, paperKey(r.PathValue("key")))
	}
	if err == nil && data != nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		w.away(rw, r, "handing out a paper", err)
		return
	}
	if data == nil {
		w.instead(rw, http.StatusNotFound, "web.gone")
		return
	}
	how := "attachment"
	if (paper{MIME: p.MIME}).Picture() {
		how = "inline"
	}
	h := rw.Header()
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Type", p.MIME)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": p.Name}))
	rw.Write(p.Data)
}
