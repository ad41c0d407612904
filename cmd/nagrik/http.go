package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	headerTime   = 5 * time.Second
	requestTime  = 60 * time.Second // a photo over a slow line
	responseTime = 90 * time.Second // event streams set their own
	idleTime     = 2 * time.Minute
	headerBytes  = 16 << 10
	readyTime    = 3 * time.Second
)

// listen takes an address, so that a start fails before anything else where another program has it.
func listen(name, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listening on the %s address: %w", name, err)
	}
	return l, nil
}

// serveHTTP serves until the program stops, and then finishes the requests in hand. failed is told if
// serving ends by itself.
func serveHTTP(name string, l net.Listener, h http.Handler, up *started, failed func(error), onStop ...func()) {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: responseTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerBytes, ErrorLog: log.New(httpLog{up.log}, "", 0),
	}
	for _, f := range onStop {
		server.RegisterOnShutdown(f)
	}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed(fmt.Errorf("serving the %s address: %w", name, err))
		}
	}()
	up.add(name+" server", server.Shutdown)
}

// httpLog takes what net/http has to say. It names clients' addresses and repeats the value of a
// panic, which may hold a citizen's words: of a panic only the stack is kept, of all else nothing.
type httpLog struct{ log *slog.Logger }

// Write is io.Writer's.
func (l httpLog) Write(line []byte) (int, error) {
	if at := bytes.Index(line, []byte("\ngoroutine ")); at >= 0 {
		l.log.Error("an HTTP handler panicked", "stack", string(line[at+1:]))
	}
	return len(line), nil
}

// adminHandler serves what operators look at.
func adminHandler(c *conversation, stopping *atomic.Bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(c.metrics.registry, promhttp.HandlerOpts{Registry: c.metrics.registry}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "alive") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if stopping.Load() {
			http.Error(w, "stopping", http.StatusServiceUnavailable)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), readyTime)
		defer cancel()
		if err := c.ready(ctx); err != nil {
			http.Error(w, scrub(err.Error()), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}
