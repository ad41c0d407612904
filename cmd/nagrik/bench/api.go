package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// api is a fake Bot API that accepts everything after a while, and notes when cards arrive.
type api struct {
	listener net.Listener
	latency  atomic.Int64 // nanoseconds a call takes
	calls    atomic.Int64
	messages atomic.Int64

	mu       sync.Mutex
	cards    map[string]time.Time // by the filing's number: when its card arrived
	receipts map[string]bool      // by the filing's number: that its receipt arrived
	sent     chan sentMessage
}

// sentMessage is a message that the bot sent by a call.
type sentMessage struct {
	Chat json.Number `json:"chat_id"`
	Text string      `json:"text"`
}

func startAPI() (*api, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := &api{listener: listener, cards: map[string]time.Time{}, receipts: map[string]bool{}, sent: make(chan sentMessage, 1000)}
	server := &http.Server{Handler: a, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with the program
	return a, nil
}

func (a *api) url() string { return "http://" + a.listener.Addr().String() }

// ServeHTTP answers any method as the Bot API would.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // a cut request has no answer to wait for
	a.calls.Add(1)
	if wait := time.Duration(a.latency.Load()); wait > 0 {
		time.Sleep(wait)
	}
	result := "true"
	switch {
	case strings.HasSuffix(r.URL.Path, "/getMe"):
		result = `{"id":1,"is_bot":true,"first_name":"bench","username":"bench_bot"}`
	case strings.HasSuffix(r.URL.Path, "/sendMessage"), strings.HasSuffix(r.URL.Path, "/editMessageText"):
		var m sentMessage
		if json.NewDecoder(bytes.NewReader(body)).Decode(&m) == nil {
			a.note(m)
		}
		result = a.message()
	case strings.HasSuffix(r.URL.Path, "/sendDocument"):
		if name := documentName.FindSubmatch(body); name != nil {
			a.mu.Lock()
			a.receipts[string(name[1])] = true
			a.mu.Unlock()
		}
		result = a.message()
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"ok":true,"result":`+result+`}`)
}

// message is a new message, as the answer to a call has it.
func (a *api) message() string {
	return `{"message_id":` + strconv.FormatInt(a.messages.Add(1), 10) + `,"date":1773460800,"chat":{"id":1,"type":"private"}}`
}

// documentName finds the number of the filing whose receipt is in a form.
var documentName = regexp.MustCompile(`filename="(KS[0-9]+)\.pdf"`)

// note keeps when a card arrived: a message to a chat that names a number.
func (a *api) note(m sentMessage) {
	if number := numberIn(m.Text); number != "" {
		a.mu.Lock()
		if _, known := a.cards[number]; !known {
			a.cards[number] = time.Now()
		}
		a.mu.Unlock()
	}
	select {
	case a.sent <- m:
	default:
	}
}

// numberIn finds a filing's number ("KS 1234 5678 901") in a text, without its spaces.
func numberIn(text string) string {
	at := strings.Index(text, "KS ")
	if at < 0 {
		return ""
	}
	number := []byte("KS")
	for _, c := range []byte(text[at+3:]) {
		switch {
		case c >= '0' && c <= '9':
			number = append(number, c)
		case c != ' ':
			return string(number)
		}
	}
	return string(number)
}
