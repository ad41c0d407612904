package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// ServeHTTP is the Bot API: /bot<token>/<method> and /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	file := strings.HasPrefix(path, "file/")
	path = strings.TrimPrefix(path, "file/")
	token, rest, found := strings.Cut(path, "/")
	switch {
	case !found || !strings.HasPrefix(token, "bot"):
		answer(w, nil, &apiError{Code: http.StatusNotFound, Description: "Not Found"})
	case strings.TrimPrefix(token, "bot") != s.token:
		answer(w, nil, &apiError{Code: http.StatusUnauthorized, Description: "Unauthorized"})
	case file:
		s.serveFile(w, rest)
	default:
		s.serveMethod(w, r, strings.ToLower(rest))
	}
}

func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request, method string) {
	p, err := readParams(r)
	if err != nil {
		answer(w, nil, badRequest("can't parse the request"))
		return
	}
	if method == "getupdates" {
		s.getUpdates(w, r, p)
		return
	}
	cfg := s.config()
	s.pause(cfg.Latency / 2)
	s.mu.Lock()
	fail, cut := s.chance(cfg.Fail), s.chance(cfg.Cut)
	s.mu.Unlock()
	if fail {
		s.record(Call{Method: method, Code: http.StatusBadGateway, At: time.Now()})
		http.Error(w, "<html>Bad Gateway</html>", http.StatusBadGateway)
		return
	}
	result, refused := s.do(method, p, false)
	s.pause(cfg.Latency / 2)
	if cut {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close() // the connection breaks after the work
			return
		}
	}
	answer(w, result, refused)
}

func answer(w http.ResponseWriter, result any, refused *apiError) {
	w.Header().Set("Content-Type", "application/json")
	if refused != nil {
		w.WriteHeader(refused.Code)
		_ = json.NewEncoder(w).Encode(struct {
			OK bool `json:"ok"`
			*apiError
		}{false, refused})
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

// do carries out one call and puts it on record. Rode says that it came in the answer to an update.
func (s *Server) do(method string, p params, rode bool) (any, *apiError) {
	s.mu.Lock()
	result, refused := s.method(strings.ToLower(method), p, rode)
	s.mu.Unlock()
	call := Call{Method: strings.ToLower(method), Chat: p.int("chat_id"), Params: p.values, Rode: rode, Code: http.StatusOK, At: time.Now()}
	if refused != nil {
		call.Code, call.Description = refused.Code, refused.Description
	}
	s.record(call)
	return result, refused
}

// method carries out one call. The caller holds the lock.
func (s *Server) method(method string, p params, rode bool) (any, *apiError) {
	switch method {
	case "getme":
		return map[string]any{"id": s.botID, "is_bot": true, "first_name": "Nagrik", "username": s.cfg.Username}, nil
	case "setwebhook":
		return s.setWebhook(p)
	case "deletewebhook":
		s.hook = nil
		return true, nil
	case "getwebhookinfo":
		return s.webhookInfo(), nil
	case "getfile":
		return s.getFile(p)
	case "answercallbackquery":
		return s.answerCallback(p)
	case "sendmessage":
		return s.sendText(p, rode)
	case "editmessagetext":
		return s.editText(p, rode)
	case "sendphoto", "senddocument", "sendvoice":
		return s.sendFile(strings.TrimPrefix(method, "send"), p)
	case "sendmediagroup":
		return s.sendAlbum(p)
	case "sendchataction", "setmycommands", "deletemycommands", "setchatmenubutton", "setmydescription", "setmyshortdescription":
		return true, nil
	}
	return nil, &apiError{Code: http.StatusNotFound, Description: "Not Found: method not found"}
}

var secretLetters = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (s *Server) setWebhook(p params) (any, *apiError) {
	raw := p.values["url"]
	if raw == "" {
		s.hook = nil
		return true, nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, badRequest("bad webhook: invalid webhook URL specified")
	}
	if p.has("secret_token") && !secretLetters.MatchString(p.values["secret_token"]) {
		return nil, badRequest("secret token contains unallowed characters")
	}
	hook := &webhook{url: raw, secret: p.values["secret_token"], connections: int(p.int("max_connections"))}
	if hook.connections == 0 {
		hook.connections = s.cfg.Connections
	}
	if hook.connections < 1 || hook.connections > 100 {
		return nil, badRequest("bad webhook: max_connections is out of range")
	}
	if refused := p.json("allowed_updates", &s.allowed); refused != nil {
		return nil, refused
	}
	if s.hook == nil || s.hook.connections != hook.connections {
		s.connections = make(chan struct{}, hook.connections)
	}
	s.hook = hook
	for _, l := range s.lanes {
		s.wake(l)
	}
	return true, nil
}

func (s *Server) webhookInfo() any {
	info := map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": s.pending()}
	if s.hook != nil {
		info["url"], info["max_connections"] = s.hook.url, s.hook.connections
	}
	if !s.lastErrorAt.IsZero() {
		info["last_error_date"], info["last_error_message"] = s.lastErrorAt.Unix(), s.lastError
	}
	return info
}

const maxDownload = 20 << 20

func (s *Server) getFile(p params) (any, *apiError) {
	id := p.values["file_id"]
	b, known := s.files[id]
	switch {
	case !known:
		return nil, badRequest("wrong file_id or the file is temporarily unavailable")
	case len(b) > maxDownload:
		return nil, badRequest("file is too big")
	}
	return map[string]any{"file_id": id, "file_unique_id": "q" + id, "file_size": len(b), "file_path": "files/" + id}, nil
}

func (s *Server) serveFile(w http.ResponseWriter, path string) {
	s.mu.Lock()
	b, known := s.files[strings.TrimPrefix(path, "files/")]
	s.mu.Unlock()
	s.record(Call{Method: "file", Code: http.StatusOK, At: time.Now()})
	if !known {
		http.NotFound(w, nil)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(b)
}

// query is a pressed button that the bot has not answered yet.
type query struct {
	person   *Person
	at       time.Time
	answered bool
}

// tapLife is how long a pressed button can be delivered and answered.
const tapLife = 150 * time.Second

func (s *Server) answerCallback(p params) (any, *apiError) {
	q := s.queries[p.values["callback_query_id"]]
	if q == nil || q.answered || time.Since(q.at) > s.real(tapLife) {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	if len([]rune(p.values["text"])) > 200 {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	q.answered = true
	delete(s.queries, p.values["callback_query_id"])
	q.person.tapsAnswered++
	if text := p.values["text"]; text != "" {
		q.person.toasts = append(q.person.toasts, text)
	}
	return true, nil
}

// forgetTaps lets go of those that are too old to be answered, now and then.
func (s *Server) forgetTaps() {
	if len(s.queries) < 10_000 {
		return
	}
	for id, q := range s.queries {
		if time.Since(q.at) > s.real(tapLife) {
			delete(s.queries, id)
		}
	}
}

// keepFile keeps a file that a person sends.
func (s *Server) keepFile(b []byte) string {
	s.fileID++
	id := fmt.Sprintf("AgACAgUAAxkBAAI%09dfile", s.fileID)
	s.files[id] = b
	return id
}
