package telegram

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"nagrik/bot"

	"github.com/google/go-cmp/cmp"
)

func newTestChannel(t testing.TB) *Channel {
	c, err := New("1000042:secret-part", "http://127.0.0.1:1", Options{})
	if err != nil {
		t.Fatal(err)
	}
	name := "nagrik_test_bot"
	c.name.Store(&name)
	return c
}

// fixture is an update as Telegram sends it, and the message that it is; null for none.
type fixture struct {
	Update json.RawMessage `json:"update"`
	Want   *bot.Message    `json:"want"`
}

func fixtures(t testing.TB) map[string]fixture {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	all := map[string]fixture{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var f fixture
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(&f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".json")] = f
	}
	return all
}

func TestMessages(t *testing.T) {
	t.Parallel()
	c := newTestChannel(t)
	for name, f := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			u, err := decode(f.Update)
			if err != nil {
				t.Fatal(err)
			}
			got, ours := c.message(u)
			if !ours {
				if f.Want != nil {
					t.Fatal("the update was ignored")
				}
				return
			}
			if f.Want == nil {
				t.Fatalf("the update was not ignored: %+v", got)
			}
			for i := range got.Files {
				if got.Files[i].Open == nil {
					t.Error("a file cannot be opened")
				}
				got.Files[i].Open = nil
			}
			if diff := cmp.Diff(*f.Want, got); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLongText: 4096 letters and more are kept whole.
func TestLongText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("क्षमा ", 2000)
	raw, _ := json.Marshal(map[string]any{"update_id": 1, "message": map[string]any{
		"message_id": 1, "text": long,
		"from": map[string]any{"id": 5}, "chat": map[string]any{"id": 5, "type": "private"},
	}})
	u, err := decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := newTestChannel(t).message(u); m.Text != strings.TrimSpace(long) {
		t.Errorf("%d letters are left", utf8.RuneCountInString(m.Text))
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  साफ़ पाठ\n":                    "साफ़ पाठ",
		"a\x00b\x1b[31m\x7f\u0085c":       "ab[31mc",
		"\xff\xfeनाम\xe0\xa4":             "नाम",
		"\u202efdp.exe\u202c":             "fdp.exe",
		"\u2067अ\u2069 \u200fब\u061c":     "अ ब",
		"क्\u200dष और क्\u200cष":          "क्\u200dष और क्\u200cष",
		"\u200dक a\u200db क\u200d\u200dख": "क ab क\u200dख",
		"👨\u200d👩\u200d👧":                 "👨\u200d👩\u200d👧",
		"\u200b\u2060\ufeff\u00ad":        "",
		"\U000e0041\U000e007fअ":           "अ",
		"a\tb\nc\r\nd":                    "a\tb\nc\nd",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTooDeep(t *testing.T) {
	t.Parallel()
	nested := func(n int) []byte {
		return []byte(`{"update_id":1,"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}`)
	}
	if _, err := decode(nested(maxDepth)); err != nil {
		t.Errorf("a depth of %d is refused", maxDepth)
	}
	if _, err := decode(nested(maxDepth + 1)); err == nil {
		t.Errorf("a depth of %d is taken", maxDepth+1)
	}
	if tooDeep([]byte(`{"a":"` + strings.Repeat(`\"[{`, 50) + `"}`)) {
		t.Error("brackets in a string count")
	}
}

// FuzzDecode: whatever comes, there is no panic, and a message is fit for the records.
func FuzzDecode(f *testing.F) {
	for _, fx := range fixtures(f) {
		f.Add([]byte(fx.Update))
	}
	f.Add([]byte(`{"update_id":1,"message":{"chat":{"id":1,"type":"private"},"from":{"id":1},"text":"/@\ud800"}}`))
	c := newTestChannel(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		u, err := decode(b)
		if err != nil {
			return
		}
		m, ours := c.message(u)
		if !ours {
			return
		}
		for _, s := range []string{m.Name, m.Text, m.Tap, m.Start} {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\u202e\u2066\u200b") || s != strings.TrimSpace(s) {
				t.Errorf("a text is not clean: %q", s)
			}
			if clean(s) != s {
				t.Errorf("clean is not done at once: %q", s)
			}
		}
		if m.ID == "" || m.Chat.ID == "" || m.Chat.Channel != Name {
			t.Errorf("a message without id or chat: %+v", m)
		}
		if m.Phone != "" && (!strings.HasPrefix(m.Phone, "+") || m.Group || m.Alien) {
			t.Errorf("phone %q, group %v, alien %v", m.Phone, m.Group, m.Alien)
		}
	})
}
