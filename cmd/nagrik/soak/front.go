package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"nagrik/bot/telegram/telegramtest"
)

// front stands between Telegram and the replicas. One way it is their load balancer, and no clever
// one: each update goes to one of them, dead or alive, at random. The other way it is api.telegram.org
// on a bad day, which answers some calls that send something with 429.
type front struct {
	telegram *telegramtest.Server
	replicas []*replica
	fault    string

	hook, api *http.Server
	hookURL   string
	apiURL    string
	client    *http.Client

	mu   sync.Mutex
	rnd  *rand.Rand
	busy float64 // share of sends that are refused

	refused atomic.Int64   // sends answered 429
	late    sync.WaitGroup // updates that were acknowledged before their work
}

func newFront(t *telegramtest.Server, fault string, seed uint64) (*front, error) {
	f := &front{telegram: t, fault: fault, rnd: rand.New(rand.NewPCG(seed, 2))}
	f.client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	for _, s := range []struct {
		server  **http.Server
		address *string
		handler http.HandlerFunc
	}{{&f.hook, &f.hookURL, f.deliver}, {&f.api, &f.apiURL, f.call}} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		*s.address = "http://" + l.Addr().String()
		*s.server = &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second}
		go func() { _ = (*s.server).Serve(l) }()
	}
	return f, nil
}

func (f *front) close() {
	_ = f.hook.Close()
	_ = f.api.Close()
	f.late.Wait()
	f.client.CloseIdleConnections()
}

// trouble sets the share of sends that are refused.
func (f *front) trouble(share float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.busy = share
}

// deliver passes an update on.
func (f *front) deliver(w http.ResponseWriter, r *http.Request) {
	update, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if f.fault == ackFirst {
		f.late.Add(1)
		go func() {
			defer f.late.Done()
			f.afterwards(r.URL.Path, r.Header.Clone(), update)
		}()
		return // 200: the update is ours now, come what may
	}
	status, header, body, err := f.pass(r.URL.Path, r.Header, update)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	for _, name := range []string{"Content-Type", "Retry-After"} {
		if v := header.Get(name); v != "" {
			w.Header().Set(name, v)
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// pass delivers an update to a replica, whether it is there or not.
func (f *front) pass(path string, header http.Header, update []byte) (int, http.Header, []byte, error) {
	f.mu.Lock()
	to := f.replicas[f.rnd.IntN(len(f.replicas))]
	f.mu.Unlock()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+to.address+path, bytes.NewReader(update))
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header = header.Clone()
	resp, err := f.client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header, body, err
}

// afterwards does what acknowledging first means: the update is worked on once, and what would have
// ridden in the answer is called.
func (f *front) afterwards(path string, header http.Header, update []byte) {
	status, _, body, err := f.pass(path, header, update)
	if err != nil || status != http.StatusOK || len(body) == 0 {
		return
	}
	var answer struct {
		Method string `json:"method"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return
	}
	address := f.apiURL + "/bot" + f.telegram.Token() + "/" + answer.Method + "?sure"
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return
	}
	req.Header.Set("Content-Type", "application/json")
	if resp, err := f.client.Do(req); err == nil {
		_ = resp.Body.Close()
	}
}

// call is the Bot API.
func (f *front) call(w http.ResponseWriter, r *http.Request) {
	method := strings.ToLower(path.Base(r.URL.Path))
	if (strings.HasPrefix(method, "send") || strings.HasPrefix(method, "edit")) && !r.URL.Query().Has("sure") && f.tooBusy() {
		_, _ = io.Copy(io.Discard, r.Body)
		f.refused.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}`)
		return
	}
	f.telegram.ServeHTTP(w, r)
}

func (f *front) tooBusy() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rnd.Float64() < f.busy
}
