// Package terminal has the same dialogs in a terminal: lines in, texts with numbered options out.
// It is for trying services, for support, and for writing transcripts (see Recorder).
//
// A line is what a person says; options are chosen by their numbers. Some lines do what they say:
//
//	(photo bag.jpg)  (voice note.ogg)  (video v.mp4)  (document d.pdf)
//	(place 25.61,85.14)  (contact 9876543210)  (contact of another)
//
// An empty line sends a message again that failed. Ctrl-D ends.
package terminal

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"nagrik/bot"
)

// Name is the channel's name.
const Name = "terminal"

// Options are what a terminal may be told.
type Options struct {
	Chat   string           // id of the chat; "": "terminal"
	First  string           // what is said before the first line is read; "": nothing
	Start  string           // the word of an opening link that comes with First
	Papers string           // folder for files that the bot sends; "": they are named only
	Bold   bool             // the terminal shows what stands out
	Record io.Writer        // gets a transcript; nil: none
	Now    func() time.Time // of the transcript; nil: time.Now
}

// Terminal is one conversation. It implements bot.Channel.
type Terminal struct {
	in      *bufio.Reader
	options Options
	record  *Recorder // nil: none

	mu      sync.Mutex // notices come in between
	out     io.Writer
	notices int
}

// New makes a terminal that reads lines from in and writes to out.
func New(in io.Reader, out io.Writer, o Options) *Terminal {
	if o.Chat == "" {
		o.Chat = Name
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	t := &Terminal{in: bufio.NewReader(in), out: out, options: o}
	if o.Record != nil {
		t.record = NewRecorder(o.Record)
		t.record.Setting(Name, o.Now())
	}
	return t
}

// Name is the channel's name.
func (t *Terminal) Name() string { return Name }

// Limits of a terminal: texts of any length, options by number. Its user owns the machine, so a
// phone number is taken as typed.
func (t *Terminal) Limits() bot.Limits { return bot.Limits{Phone: bot.PhoneAsTyped} }

// Send prints a notice.
func (t *Terminal) Send(_ context.Context, _ bot.Chat, r bot.Rendered) (string, error) {
	if err := t.print(r); err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.notices++
	return "n" + strconv.Itoa(t.notices), nil
}

// Run has the conversation until the input ends or ctx does. The error is of the input, the
// output or the recording, or of a last message that never got through.
func (t *Terminal) Run(ctx context.Context, h bot.Handler) error {
	lines, failed := t.read(ctx)
	session := rand.Text()
	var unsent *message
	if t.options.First != "" {
		m := &message{line: t.options.First}
		m.Text, m.Start = t.options.First, t.options.Start
		unsent = t.deliver(ctx, h, m, session+".0")
	}
	for n := 1; ; n++ {
		t.say("> ")
		var line string
		select {
		case <-ctx.Done():
			return t.end(unsent, nil)
		case err := <-failed:
			t.say("\n")
			return t.end(unsent, err)
		case line = <-lines:
		}
		m := unsent
		if line != "" {
			var err error
			if m, err = parse(line); err != nil {
				t.say("! " + err.Error() + "\n")
				continue
			}
		}
		if m != nil {
			unsent = t.deliver(ctx, h, m, session+"."+strconv.Itoa(n))
		}
	}
}

// read reads lines until the input ends, which is no error.
func (t *Terminal) read(ctx context.Context) (<-chan string, <-chan error) {
	lines, failed := make(chan string), make(chan error, 1)
	go func() {
		for {
			line, err := t.in.ReadString('\n')
			if line = strings.TrimSpace(strings.ToValidUTF8(line, "")); line != "" || err == nil {
				select {
				case lines <- line:
				case <-ctx.Done():
					return
				}
			}
			if err != nil {
				if errors.Is(err, io.EOF) {
					err = nil
				}
				failed <- err
				return
			}
		}
	}()
	return lines, failed
}

// deliver sends one message and prints the reply. It gives the message back if it failed: nothing
// was lost, and it may be sent again under its id.
func (t *Terminal) deliver(ctx context.Context, h bot.Handler, m *message, id string) *message {
	if m.ID == "" {
		m.ID, m.Chat, m.Sender = id, bot.Chat{Channel: Name, ID: t.options.Chat}, t.options.Chat
	}
	reply, err := h(ctx, m.Message)
	if err != nil {
		m.cause = err
		t.say("! " + err.Error() + "\n! Enter sends it again\n")
		return m
	}
	r := bot.Render(reply, t.Limits())
	if t.record != nil {
		t.record.Citizen(m.line)
		t.record.Bot(r)
	}
	if err := t.print(r); err != nil {
		t.say("! " + err.Error() + "\n")
	}
	return nil
}

// end is the error of the conversation as a whole.
func (t *Terminal) end(unsent *message, err error) error {
	if err == nil && unsent != nil {
		err = fmt.Errorf("the last message was not taken: %w", unsent.cause)
	}
	if err == nil && t.record != nil {
		err = t.record.Err()
	}
	return err
}

// print shows a message of the bot as a transcript has it, and saves its papers.
func (t *Terminal) print(r bot.Rendered) error {
	shown := r
	shown.Texts = nil
	for i, text := range r.Texts {
		if i == len(r.Texts)-1 && t.options.Bold {
			text = bold(text, r.Strong)
		} else {
			text = plain(text)
		}
		shown.Texts = append(shown.Texts, text)
	}
	text := botLines(shown)
	if r.Toast != "" {
		text += "(" + plain(r.Toast) + ")\n"
	}
	t.say(text)
	for _, p := range papers(r) {
		if err := t.save(p); err != nil {
			return err
		}
	}
	return nil
}

// save puts a file of the bot's into the folder for papers.
func (t *Terminal) save(p bot.Paper) error {
	if t.options.Papers == "" {
		return nil
	}
	path := filepath.Join(t.options.Papers, filepath.Base(filepath.Clean("/"+p.Name)))
	if err := os.WriteFile(path, p.Data, 0o600); err != nil {
		return fmt.Errorf("saving a paper: %w", err)
	}
	t.say("  → " + path + "\n")
	return nil
}

// say writes to the terminal. A terminal that is gone ends the input too, so the error is that one's.
func (t *Terminal) say(s string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	io.WriteString(t.out, s)
}

// bold is a plain text in which a part stands out.
func bold(text string, part bot.Span) string {
	if part.End <= part.Start {
		return plain(text)
	}
	return plain(text[:part.Start]) + "\x1b[1m" + plain(text[part.Start:part.End]) + "\x1b[0m" + plain(text[part.End:])
}

// plain takes out what could steer the terminal: some words on the screen were typed by others.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, s)
}
