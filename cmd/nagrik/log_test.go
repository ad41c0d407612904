package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// Only named fields get into the log, and neither they nor the message carry addresses, tokens and
// long numbers.
func TestLogDropsWhatHasNoName(t *testing.T) {
	for _, format := range []string{"json", "text"} {
		var out bytes.Buffer
		log := newLog(&out, &Settings{LogLevel: "debug", LogFormat: format})
		failure := errors.New(`Get "https://user:canary@api.telegram.org/bot123456:canary_canary_canary_canary/getMe?chat=canary": refused for +919876501234`)
		log.With("phone", "canary", "channel", "telegram").WithGroup("canary").Info("calling bot123456:canary_canary_canary_canary failed",
			"text", "canary", "name", "canary", "error", failure, "took", 2*time.Second, slog.Group("kind", "x", "canary"))
		log.Error("again", "err", failure)
		line := out.String()
		for _, kept := range []string{"telegram", "https://api.telegram.org", "refused for (number)", "2s", "calling (token) failed"} {
			if !strings.Contains(line, kept) {
				t.Errorf("%s: the log lacks %q: %s", format, kept, line)
			}
		}
		for _, gone := range []string{"canary", "98765", "phone"} {
			if strings.Contains(line, gone) {
				t.Errorf("%s: the log has %q: %s", format, gone, line)
			}
		}
	}
}

// The server's own log keeps of a panic where it was, and of all else nothing.
func TestHTTPLog(t *testing.T) {
	var out bytes.Buffer
	l := httpLog{newLog(&out, &Settings{LogLevel: "debug", LogFormat: "json"})}
	for _, line := range []string{
		"http: panic serving 203.0.113.9:1234: canary\ngoroutine 7 [running]:\nnagrik/bot.turn\n",
		"http: TLS handshake error from 203.0.113.9:1234: canary\n",
	} {
		if n, err := l.Write([]byte(line)); n != len(line) || err != nil {
			t.Errorf("wrote %d, %v", n, err)
		}
	}
	if s := out.String(); !strings.Contains(s, "nagrik/bot.turn") || strings.Contains(s, "canary") || strings.Contains(s, "203.0.113.9") {
		t.Errorf("the log is %s", s)
	}
}
