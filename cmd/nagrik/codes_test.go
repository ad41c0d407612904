package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The gateway gets phone and code, whatever is in them, and an error repeats neither.
func TestSendSMS(t *testing.T) {
	t.Parallel()
	status := http.StatusOK
	var got http.Request
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = *r
		w.WriteHeader(status)
	}))
	defer gateway.Close()
	send := func() error {
		return sendSMS(t.Context(), gateway.Client(), gateway.URL+"/send?key=canary&to={phone}&text=code+{code}&lang={lang}", "+919876501234", "012345", "hi")
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	if q := got.URL.Query(); q.Get("to") != "+919876501234" || q.Get("text") != "code 012345" || q.Get("lang") != "hi" || q.Get("key") != "canary" {
		t.Errorf("the gateway was asked %v", q)
	}
	for _, refuse := range []func(){func() { status = http.StatusForbidden }, func() { gateway.Close() }} {
		refuse()
		err := send()
		if err == nil || strings.Contains(err.Error(), "98765") || strings.Contains(err.Error(), "012345") || strings.Contains(err.Error(), "canary") {
			t.Errorf("the error is %v", err)
		}
	}
}
