package terminal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/bot"
	"nagrik/bot/terminal"
)

// script answers messages by its own few rules, and remembers them.
type script struct {
	got  []bot.Message
	fail int
}

var errDown = errors.New("the database is away")

func (s *script) handle(_ context.Context, m bot.Message) (bot.Reply, error) {
	s.got = append(s.got, m)
	if s.fail > 0 {
		s.fail--
		return bot.Reply{}, errDown
	}
	switch m.Text {
	case "/start":
		text := "नमस्ते\n\nक्या खोया है?"
		return bot.Reply{
			Text: text, Strong: bot.Span{Start: strings.Index(text, "क्या"), End: len(text)},
			Options: []bot.Option{{Data: "m", Label: "मोबाइल फ़ोन", Note: "IMEI साथ रखें"}, {Data: "b", Label: "बैग"}},
			Ways:    []bot.Option{{Data: "x", Label: "रद्द"}}, Words: bot.Words{Type: "या लिखिए:"},
		}, nil
	case "रसीद":
		return bot.Reply{Text: "लीजिए", Document: &bot.Paper{Name: "../रसीद.pdf", Data: []byte("%PDF")}}, nil
	case "चुप":
		return bot.Reply{}, nil
	}
	return bot.Reply{Text: "समझा"}, nil
}

// talk has a conversation and gives what the screen shows.
func talk(t *testing.T, h bot.Handler, input string, o terminal.Options) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := terminal.New(strings.NewReader(input), &out, o).Run(t.Context(), h)
	return out.String(), err
}

func TestConversation(t *testing.T) {
	t.Parallel()
	s := &script{}
	var transcript bytes.Buffer
	at := func() time.Time { return time.Date(2026, 3, 14, 5, 0, 0, 0, time.UTC) }
	photo := filepath.Join(t.TempDir(), "काला बैग.jpg")
	if err := os.WriteFile(photo, []byte("JPEG"), 0o600); err != nil {
		t.Fatal(err)
	}
	input := "१\r\nचुप\n(photo " + photo + ")\n(place 25.61, 85.14)\n(contact 98765 43210)\n(contact of another)\n  \nअंत\xff"
	screen, err := talk(t, s.handle, input, terminal.Options{First: "/start", Start: "word", Record: &transcript, Now: at})
	if err != nil {
		t.Fatal(err)
	}
	want := `बॉट: नमस्ते

  क्या खोया है?

  1. मोबाइल फ़ोन – IMEI साथ रखें
  2. बैग

  या लिखिए: रद्द
> बॉट: समझा
> > बॉट: समझा
> बॉट: समझा
> बॉट: समझा
> बॉट: समझा
> > बॉट: समझा
> ` + "\n"
	if d := cmp.Diff(want, screen); d != "" {
		t.Errorf("the screen (-want +got):\n%s", d)
	}
	want = `@ terminal 2026-03-14 10:30
नागरिक: /start
बॉट: नमस्ते

  क्या खोया है?

  1. मोबाइल फ़ोन – IMEI साथ रखें
  2. बैग

  या लिखिए: रद्द

नागरिक: १
बॉट: समझा

नागरिक: चुप

नागरिक: (photo)
बॉट: समझा

नागरिक: (place 25.61, 85.14)
बॉट: समझा

नागरिक: (contact)
बॉट: समझा

नागरिक: (contact of another)
बॉट: समझा

नागरिक: अंत
बॉट: समझा
`
	if d := cmp.Diff(want, transcript.String()); d != "" {
		t.Errorf("the transcript (-want +got):\n%s", d)
	}

	ids := map[string]bool{}
	for _, m := range s.got {
		ids[m.ID] = true
		if m.Chat != (bot.Chat{Channel: "terminal", ID: "terminal"}) || m.Sender != "terminal" {
			t.Errorf("a message from %v", m.Chat)
		}
	}
	if len(s.got) != 8 || len(ids) != 8 {
		t.Fatalf("%d messages with %d ids, want 8", len(s.got), len(ids))
	}
	if s.got[0].Start != "word" || s.got[1].Text != "१" || s.got[1].Start != "" {
		t.Errorf("the first messages are %+v", s.got[:2])
	}
	f := s.got[3].Files[0]
	in, err := f.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if data, err := io.ReadAll(in); err != nil || string(data) != "JPEG" || f.Kind != bot.Photo || f.Size != 4 || f.MIME != "image/jpeg" {
		t.Errorf("the photo is %+v, %q, %v", f, data, err)
	}
	if p := s.got[4].Place; p == nil || *p != (bot.Place{Lat: 25.61, Lng: 85.14}) {
		t.Errorf("the place is %v", p)
	}
	if s.got[5].Phone != "+919876543210" || !s.got[6].Alien {
		t.Errorf("the contacts are %q and %v", s.got[5].Phone, s.got[6].Alien)
	}
}

func TestWrongLines(t *testing.T) {
	t.Parallel()
	s := &script{}
	for _, line := range []string{"(photo nowhere.jpg)", "(voice .)", "(place 91,0)", "(place here)", "(place NaN,NaN)", "(contact 123)", "(contact me)"} {
		screen, err := talk(t, s.handle, line, terminal.Options{})
		if err != nil || !strings.HasPrefix(screen, "> ! ") {
			t.Errorf("%s: %q, %v", line, screen, err)
		}
	}
	if len(s.got) != 0 {
		t.Errorf("%d wrong lines reached the bot", len(s.got))
	}
}

// A message that failed is sent again under its id; one that never got through is an error.
func TestFailure(t *testing.T) {
	t.Parallel()
	s := &script{fail: 2}
	screen, err := talk(t, s.handle, "मेरा बैग\n\n\n\n", terminal.Options{})
	if err != nil || !strings.Contains(screen, "! the database is away") || !strings.Contains(screen, "बॉट: समझा") {
		t.Errorf("%q, %v", screen, err)
	}
	if len(s.got) != 3 || s.got[0].ID != s.got[2].ID || s.got[2].Text != "मेरा बैग" {
		t.Errorf("the bot got %+v", s.got)
	}
	s = &script{fail: 1}
	if _, err := talk(t, s.handle, "मेरा बैग", terminal.Options{}); !errors.Is(err, errDown) {
		t.Errorf("an unsent message ends in %v", err)
	}
}

func TestPapers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	screen, err := talk(t, (&script{}).handle, "रसीद", terminal.Options{Papers: dir})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "रसीद.pdf"))
	if err != nil || string(data) != "%PDF" || !strings.Contains(screen, "रसीद.pdf)\n  → "+dir) {
		t.Errorf("%q, %v, %q", data, err, screen)
	}
}

// Words that others typed cannot steer the terminal; what stands out does.
func TestScreenIsSafe(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	term := terminal.New(strings.NewReader(""), &out, terminal.Options{Bold: true})
	text := "नाम: \x1b]0;x\x07राम\x9b2J\n\tठीक?"
	id, err := term.Send(t.Context(), bot.Chat{}, bot.Rendered{Texts: []string{text}, Strong: bot.Span{Start: strings.Index(text, "ठीक"), End: len(text)}, Toast: "दर्ज\x1b[2J"})
	if err != nil || id == "" {
		t.Fatal(id, err)
	}
	want := "बॉट: नाम: ]0;xराम2J\n  \x1b[1mठीक?\x1b[0m\n(दर्ज[2J)\n"
	want = strings.Replace(want, "राम2J", "राम"+strings.ToValidUTF8("\x9b", "\uFFFD")+"2J", 1)
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if again, err := term.Send(t.Context(), bot.Chat{}, bot.Rendered{Texts: []string{"और"}}); err != nil || again == id {
		t.Errorf("two notices have the id %q, %v", again, err)
	}
}

// The conversation ends with its context while it waits for a line.
func TestCancel(t *testing.T) {
	t.Parallel()
	in, lines := io.Pipe()
	defer lines.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- terminal.New(in, io.Discard, terminal.Options{}).Run(ctx, (&script{}).handle) }()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestRecorder(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	r := terminal.NewRecorder(&out)
	r.Note("खोया बैग\nदो पंक्तियाँ")
	r.Citizen("एक\nदो")
	r.Bot(bot.Rendered{Texts: []string{"पहला", "दूसरा"}, Photos: []bot.Paper{{Name: "a.png"}}, Document: &bot.Paper{Name: "b.pdf"}})
	want := "# खोया बैग\n# दो पंक्तियाँ\nनागरिक: एक\\nदो\nबॉट: पहला\n  दूसरा\n  (📄 a.png)\n  (📄 b.pdf)\n"
	if d := cmp.Diff(want, out.String()); d != "" || r.Err() != nil {
		t.Errorf("(-want +got):\n%s %v", d, r.Err())
	}
	// A recording that fails is told at the end, and does not end the conversation.
	s := &script{}
	if _, err := talk(t, s.handle, "एक\nदो\n", terminal.Options{Record: full{}}); !errors.Is(err, io.ErrShortWrite) || len(s.got) != 2 {
		t.Errorf("%v after %d messages", err, len(s.got))
	}
}
