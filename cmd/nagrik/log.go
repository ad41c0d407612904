package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"regexp"
	"slices"
)

// logFields are all that a line of the log may say beside its message. Anything else that this
// program or a library adds is left out: no text, name, phone number or chat id gets into a log
// because somebody passed it along.
var logFields = []string{
	"again_in", "attempt", "bytes", "channel", "count", "doing", "error", "folder", "kind", "message", "outcome", "page", "panic", "reason",
	"runs", "server", "service", "snapshot", "stack", "state", "step", "took", "version",
}

// newLog makes the log that s asks for, which is also that of libraries that ask for none.
func newLog(out io.Writer, s *Settings) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // complete has checked it
	options := &slog.HandlerOptions{Level: level}
	format := s.LogFormat
	if format == "" {
		format = "json"
		if isTerminal(out) {
			format = "text"
		}
	}
	var inner slog.Handler = slog.NewJSONHandler(out, options)
	if format == "text" {
		inner = slog.NewTextHandler(out, options)
	}
	log := slog.New(namedOnly{inner})
	slog.SetDefault(log)
	return log
}

// namedOnly passes on the fields in logFields, with their text scrubbed, and no others.
type namedOnly struct{ inner slog.Handler }

// Enabled is slog.Handler's.
func (h namedOnly) Enabled(ctx context.Context, level slog.Level) bool {
	return h.inner.Enabled(ctx, level)
}

// Handle is slog.Handler's.
func (h namedOnly) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, scrub(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(named(a)...)
		return true
	})
	return h.inner.Handle(ctx, clean)
}

// WithAttrs is slog.Handler's.
func (h namedOnly) WithAttrs(attrs []slog.Attr) slog.Handler {
	var kept []slog.Attr
	for _, a := range attrs {
		kept = append(kept, named(a)...)
	}
	return namedOnly{h.inner.WithAttrs(kept)}
}

// WithGroup is slog.Handler's. Groups are not kept: names are few and flat.
func (h namedOnly) WithGroup(string) slog.Handler { return h }

// named gives the attribute as it may be logged, or nothing.
func named(a slog.Attr) []slog.Attr {
	if a.Key == "err" { // as some libraries call it
		a.Key = "error"
	}
	if !slices.Contains(logFields, a.Key) {
		return nil
	}
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindString:
		value = slog.StringValue(scrub(value.String()))
	case slog.KindAny:
		value = slog.StringValue(scrub(fmt.Sprint(value.Any())))
	case slog.KindDuration:
		value = slog.StringValue(value.Duration().String())
	case slog.KindGroup:
		return nil
	}
	return []slog.Attr{{Key: a.Key, Value: value}}
}

var (
	urlForm    = regexp.MustCompile(`\b[a-z][a-z0-9+]*://[^\s"]+`)
	tokenForm  = regexp.MustCompile(`\b(bot)?[0-9]{4,}:[A-Za-z0-9_-]{20,}`)
	numberForm = regexp.MustCompile(`\+?[0-9]{9,}`) // a phone or a chat id
)

// scrub takes addresses, tokens and long numbers out of a text that an error or a library made.
// What is left of an address is its scheme and host.
func scrub(text string) string {
	text = urlForm.ReplaceAllStringFunc(text, publicPart)
	text = tokenForm.ReplaceAllString(text, "(token)")
	return numberForm.ReplaceAllString(text, "(number)")
}

// publicPart is an address without path, query and password: any of them may be a secret.
func publicPart(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(address)"
	}
	return u.Scheme + "://" + u.Host
}

// isTerminal says whether a person is reading.
func isTerminal(out any) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
