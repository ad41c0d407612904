package telegram

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
)

const testToken = "1000042:secret-part"

// apiOf is a channel on an API that always answers the same, once for each way of calling it.
func apiOf(t *testing.T, status int, body string) *Channel {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	c, err := New(testToken, s.URL, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var (
	aText  = bot.Rendered{Texts: []string{"नमस्ते"}}
	aPaper = bot.Rendered{Document: &bot.Paper{Name: "r.pdf", Data: []byte("%PDF")}}
	anEdit = bot.Rendered{Texts: []string{"नमस्ते"}, Replace: "9"}
	aChat  = bot.Chat{Channel: Name, ID: "77001177"}
)

// TestErrors: what each answer of the API means to a sender, both by our calls and the library's.
func TestErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		want   *bot.SendError // nil for an error that may be tried again
	}{
		{"blocked", 403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`, &bot.SendError{Reason: "blocked"}},
		{"kicked", 403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the group chat"}`, &bot.SendError{Reason: "blocked"}},
		{"gone chat", 400, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, &bot.SendError{Reason: "blocked"}},
		{
			"busy", 429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 17","parameters":{"retry_after":17}}`,
			&bot.SendError{Reason: "busy", After: 17 * time.Second},
		},
		{
			"moved", 400, `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567890}}`,
			&bot.SendError{Reason: "moved", Moved: "-1001234567890"},
		},
		{"gone", 400, `{"ok":false,"error_code":400,"description":"Bad Request: message to edit not found"}`, &bot.SendError{Reason: "gone"}},
		{"too old", 400, `{"ok":false,"error_code":400,"description":"Bad Request: message can't be edited"}`, &bot.SendError{Reason: "gone"}},
		{"refused", 400, `{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}`, &bot.SendError{Reason: "refused"}},
		{"server error", 500, `{"ok":false,"error_code":500,"description":"Internal Server Error: 77001177"}`, nil},
		{"proxy's page", 502, `<html>` + testToken + ` 77001177</html>`, nil},
		{"cut off", 200, `{"ok":true,"resu`, nil},
		{"token", 401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, nil},
		{"result of another kind", 200, `{"ok":true,"result":"77001177 नमस्ते"}`, nil},
	}
	for _, tt := range tests {
		for way, r := range map[string]bot.Rendered{"text": aText, "paper": aPaper, "edit": anEdit} {
			t.Run(tt.name+" "+way, func(t *testing.T) {
				t.Parallel()
				_, err := apiOf(t, tt.status, tt.body).Send(t.Context(), aChat, r)
				if err == nil {
					t.Fatal("no error")
				}
				var got *bot.SendError
				switch {
				case errors.As(err, &got) != (tt.want != nil):
					t.Errorf("error is %#v", err)
				case tt.want != nil && *got != *tt.want:
					t.Errorf("got %+v, want %+v", got, tt.want)
				}
				leaks(t, err)
			})
		}
	}
}

// leaks fails if an error's text has what no log may have.
func leaks(t *testing.T, err error) {
	t.Helper()
	for _, bad := range []string{"secret-part", "77001177", "नमस्ते", "-1001234567890", "/bot"} {
		if strings.Contains(err.Error(), bad) {
			t.Errorf("the error has %q in it: %v", bad, err)
		}
	}
}

func TestNotModifiedIsSuccess(t *testing.T) {
	t.Parallel()
	c := apiOf(t, 400, `{"ok":false,"error_code":400,"description":"Bad Request: message is not modified: specified new message content"}`)
	if id, err := c.Send(t.Context(), aChat, anEdit); err != nil || id != "9" {
		t.Errorf("id %q, error %v", id, err)
	}
}

// TestNetworkErrors: the URL of every call has the token in it, and net/http shows URLs in errors.
func TestNetworkErrors(t *testing.T) {
	t.Parallel()
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(hang.Close)
	cut := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })) //nolint:forbidigo // a panic is what is tested
	t.Cleanup(cut.Close)
	redirect := httptest.NewServer(http.RedirectHandler("http://127.0.0.1:1/", http.StatusFound))
	t.Cleanup(redirect.Close)
	for name, url := range map[string]string{
		"nobody listens": "http://127.0.0.1:1", "hangs": hang.URL, "cut": cut.URL, "redirect": redirect.URL,
		"no scheme": "api.telegram.org", "bad port": "http://127.0.0.1:port", "bad scheme": "foo://x",
	} {
		for way, r := range map[string]bot.Rendered{"text": aText, "paper": aPaper} {
			t.Run(name+" "+way, func(t *testing.T) {
				t.Parallel()
				c, err := New(testToken, url, Options{})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
				defer cancel()
				_, err = c.Send(ctx, aChat, r)
				if err == nil {
					t.Fatal("no error")
				}
				var refused *bot.SendError
				if errors.As(err, &refused) {
					t.Errorf("%v cannot be tried again", err)
				}
				leaks(t, err)
				if _, err := c.opener("file", 1)(ctx); err == nil {
					t.Error("a file opened")
				} else {
					leaks(t, err)
				}
			})
		}
	}
}

func TestForeignChat(t *testing.T) {
	t.Parallel()
	c := newTestChannel(t)
	for _, chat := range []bot.Chat{{}, {Channel: "web", ID: "5"}, {Channel: Name, ID: "@name"}, {Channel: Name, ID: "0"}} {
		var refused *bot.SendError
		if _, err := c.Send(t.Context(), chat, aText); !errors.As(err, &refused) || refused.Reason != bot.ReasonRefused {
			t.Errorf("sending to %+v: %v", chat, err)
		}
	}
}

// TestCallsAreCounted: the results by which calls are counted.
func TestCallsAreCounted(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"ok":true,"result":{"message_id":5}}`: "sendMessage ok", `{"ok":false,"error_code":403}`: "sendMessage blocked", `x`: "sendMessage error",
	} {
		c := apiOf(t, 200, body)
		var got string
		c.onCall = func(method, result string, _ time.Duration) { got = method + " " + result }
		_, _ = c.Send(t.Context(), aChat, aText)
		if got != want {
			t.Errorf("%s is counted as %q", body, got)
		}
	}
}
