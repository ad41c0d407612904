package terminal

import (
	"fmt"
	"io"
	"strings"
	"time"

	"nagrik/bot"
)

// The speakers of a transcript: keywords of the format, the same in every language.
const (
	citizenSays = "नागरिक:"
	botSays     = "बॉट:"
)

// Recorder writes a conversation as a transcript, which tests play again and officers can read:
//
//	# a note
//	@ terminal 2026-03-14 10:30
//	नागरिक: खोया सामान
//	बॉट: क्या खोया है?
//	  1. मोबाइल फ़ोन
//
// The first error stops it; Err tells.
type Recorder struct {
	out    io.Writer
	err    error
	turned bool // the bot spoke last
}

// NewRecorder makes a recorder that writes to out.
func NewRecorder(out io.Writer) *Recorder { return &Recorder{out: out} }

// india is the time zone of transcripts.
var india = time.FixedZone("IST", 5*3600+1800)

// Note writes a line for readers.
func (r *Recorder) Note(text string) { r.write("# " + strings.ReplaceAll(text, "\n", "\n# ") + "\n") }

// Setting writes on which channel the conversation is, and at what time it begins.
func (r *Recorder) Setting(channel string, at time.Time) {
	r.write("@ " + channel + " " + at.In(india).Format("2006-01-02 15:04") + "\n")
}

// Citizen writes what a citizen said or did.
func (r *Recorder) Citizen(line string) {
	if r.turned {
		r.write("\n")
	}
	r.turned = false
	r.write(citizenSays + " " + strings.ReplaceAll(line, "\n", `\n`) + "\n")
}

// Bot writes what the bot said. It writes nothing where the bot was silent.
func (r *Recorder) Bot(said bot.Rendered) {
	r.turned = true
	r.write(botLines(said))
}

// Err is the first error of writing.
func (r *Recorder) Err() error { return r.err }

func (r *Recorder) write(s string) {
	if r.err != nil {
		return
	}
	if _, err := io.WriteString(r.out, s); err != nil {
		r.err = fmt.Errorf("recording the conversation: %w", err)
	}
}

// botLines is a message of the bot: its texts, links and papers, further lines indented by two spaces.
func botLines(said bot.Rendered) string {
	parts := append([]string{}, said.Texts...)
	for _, p := range papers(said) {
		parts = append(parts, "(📄 "+p.Name+")")
	}
	if len(parts) == 0 {
		return ""
	}
	lines := strings.Split(botSays+" "+strings.Join(parts, "\n"), "\n")
	for i, line := range lines[1:] {
		if line != "" {
			lines[i+1] = "  " + line
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// papers are the files that come with a message.
func papers(r bot.Rendered) []bot.Paper {
	all := append([]bot.Paper{}, r.Photos...)
	if r.Document != nil {
		all = append(all, *r.Document)
	}
	return all
}
