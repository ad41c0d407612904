package bottest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"nagrik/bot"
)

var update = flag.Bool("update", false, "write the bot's lines of the transcripts anew")

// India is the citizens' time zone.
var India = time.FixedZone("IST", 5*3600+1800)

// Start is the time at which a transcript begins that says nothing else: a Saturday morning.
var Start = time.Date(2026, 3, 14, 10, 30, 0, 0, India)

// Stage is what a transcript is played against.
type Stage struct {
	Handle bot.Handler
	// Due does what is due now without anybody's asking, and gives what was sent; nil: nothing ever is.
	Due func() []Sent
	// Next is when something is due next; false: nothing is. It goes with Due.
	Next func() (time.Time, bool)
	// Do does what a setting of the stage's own says ("@ ..."); it may be nil.
	Do func(words string) error
}

// Sent is a message that nobody waited for.
type Sent struct {
	Chat string
	bot.Rendered
}

// World makes what a transcript is played against: a stage of its own, whose clock is now.
type World func(t *testing.T, now func() time.Time) Stage

// player plays one transcript.
type player struct {
	t       *testing.T
	stage   Stage
	limits  map[string]bot.Limits
	twice   bool // deliver every message a second time
	channel string
	now     time.Time
	sent    int
	screens map[string][]bot.Rendered // by person
	played  []line
	numbers map[string]string // what stands for a number or a code
	codes   map[string]string // the code that stands behind
	last    string            // what the bot said last
}

// Play plays every transcript in a folder, each in a world of its own, three ways: as it is; with
// every message delivered twice, which must change nothing; and with every reply rendered within
// the limits of every channel, which must hold.
func Play(t *testing.T, folder string, limits map[string]bot.Limits, world World) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts in %s (%v)", folder, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, folder+string(filepath.Separator)), ".txt")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines, err := readScript(file)
			if err != nil {
				t.Fatal(err)
			}
			played := play(t, lines, limits, world, false)
			if *update {
				if err := os.WriteFile(file, []byte(write(played)), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(split(tidy(lines)), split(played)); diff != "" {
				t.Errorf("%s differs (-file +bot); after reading, run with -update:\n%s", file, diff)
			}
			if diff := cmp.Diff(split(played), split(play(t, lines, limits, world, true))); diff != "" {
				t.Errorf("%s: delivering every message twice changed the conversation:\n%s", file, diff)
			}
		})
	}
}

func write(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.String() + "\n")
	}
	return b.String()
}

// split gives a transcript's lines, for a difference that can be read.
func split(lines []line) []string { return strings.Split(write(lines), "\n") }

// play gives the transcript with what the bot really says.
func play(t *testing.T, lines []line, limits map[string]bot.Limits, world World, twice bool) []line {
	t.Helper()
	p := &player{
		t: t, limits: limits, twice: twice, channel: "telegram", now: Start,
		numbers: map[string]string{}, codes: map[string]string{}, screens: map[string][]bot.Rendered{},
	}
	p.stage = world(t, func() time.Time { return p.now })
	for _, l := range lines {
		switch l.kind {
		case 'b':
			continue // written anew after the citizen's line
		case '@':
			p.played = append(p.played, l)
			if err := p.setting(l.text); err != nil {
				t.Fatalf("setting %q: %v", l.text, err)
			}
			continue
		}
		p.played = append(p.played, l)
		if l.kind != 'n' {
			continue
		}
		if said := p.turn(l.who, l.text); said != "" {
			p.played = append(p.played, line{kind: 'b', text: said, who: from(l.who, true)})
		}
		p.due()
	}
	return tidy(p.played)
}

// pass lets time pass, and what is due on the way be done when it is due.
func (p *player) pass(d time.Duration) {
	end := p.now.Add(d)
	for steps := 0; p.stage.Next != nil; steps++ {
		if steps > 1000 {
			p.t.Fatalf("something stays due at %s", p.now)
		}
		next, ok := p.stage.Next()
		if !ok || next.After(end) {
			break
		}
		if next.After(p.now) {
			p.now = next
		}
		p.due()
	}
	p.now = end
	p.due()
}

// due writes down what was sent without anybody's asking.
func (p *player) due() {
	if p.stage.Due == nil {
		return
	}
	for _, s := range p.stage.Due() {
		for who, person := range People {
			if person.Chat != s.Chat {
				continue
			}
			p.screens[who] = append(p.screens[who], s.Rendered)
			words := databaseTime.ReplaceAllString(p.steady(shown(s.Rendered)), "…")
			p.played = append(p.played, line{kind: 'b', text: words, who: from(who, false)})
		}
	}
}

// tidy puts one empty line between turns and none elsewhere.
func tidy(lines []line) []line {
	var out []line
	for _, l := range lines {
		if l.kind == ' ' {
			continue
		}
		unasked := l.kind == 'b' && strings.Contains(l.who, notice)
		if (l.kind == 'n' || unasked) && len(out) > 0 && out[len(out)-1].kind == 'b' {
			out = append(out, line{kind: ' '})
		}
		out = append(out, l)
	}
	return out
}

// turn sends a person's line and gives what the bot says.
func (p *player) turn(who, text string) string {
	p.t.Helper()
	m, err := p.message(who, text)
	if err != nil {
		p.t.Fatalf("%q: %v, after\n%s", text, err, p.last)
	}
	p.now = p.now.Add(20 * time.Second)
	reply, err := p.stage.Handle(context.Background(), m)
	if err != nil {
		p.t.Fatalf("%q: %v", text, err)
	}
	if p.twice {
		again, err := p.stage.Handle(context.Background(), m)
		if err != nil || again.Empty() != reply.Empty() {
			p.t.Fatalf("%q delivered again: silence or an error (%v)", text, err)
		}
		if (again.Document == nil) != (reply.Document == nil) || len(again.Photos) != len(reply.Photos) {
			p.t.Errorf("%q delivered again: a paper or photos are missing", text)
		}
	}
	for channel, limits := range p.limits {
		if fault := Fault(bot.Render(reply, limits), limits); fault != "" {
			p.t.Errorf("%q: the reply does not fit %s: %s", text, channel, fault)
		}
	}
	limits, ok := p.limits[p.channel]
	if !ok {
		p.t.Fatalf("no limits for channel %s", p.channel)
	}
	rendered := bot.Render(reply, limits)
	if !reply.Empty() {
		p.screens[who] = append(p.screens[who], rendered)
	}
	p.last = p.steady(shown(rendered))
	return p.last
}

var (
	claimCode    = regexp.MustCompile(`\b[0-9]{4}(?: [0-9]{4}){4}\b`)
	steadyCode   = regexp.MustCompile(`CODE-[0-9]+`)
	filingNumber = regexp.MustCompile(`\b[A-Z]{2}[ 0-9]{10,}[0-9]\b`)
	eventTime    = regexp.MustCompile(`(?m)^• .*? – `)
	databaseTime = regexp.MustCompile(`\d{1,2} \S+ 20\d\d, \S+ \d{1,2}(:\d\d)? बजे`)
)

// exampleCode is the claim code that texts show as an example.
const exampleCode = "1234 5678 9012 3456 7890"

// steady replaces what differs from run to run: filing numbers, claim codes, and times that the database gave.
func (p *player) steady(said string) string {
	said = filingNumber.ReplaceAllStringFunc(said, func(n string) string {
		key := strings.ReplaceAll(n, " ", "")
		if p.numbers[key] == "" {
			p.numbers[key] = fmt.Sprintf("%s-%d", key[:2], len(p.numbers)+1)
		}
		return p.numbers[key]
	})
	said = claimCode.ReplaceAllStringFunc(said, func(code string) string {
		if code == exampleCode {
			return code
		}
		if p.numbers[code] == "" {
			p.numbers[code] = fmt.Sprintf("CODE-%d", len(p.numbers)+1)
			p.codes[p.numbers[code]] = code
		}
		return p.numbers[code]
	})
	return eventTime.ReplaceAllString(said, "• … – ")
}

// Fault says how a rendered reply breaks a channel's limits; "" if it does not.
func Fault(r bot.Rendered, l bot.Limits) string {
	for i, text := range r.Texts {
		limit := l.Text
		if i == len(r.Texts)-1 && len(r.Buttons)+len(r.List) > 0 && l.Body > 0 {
			limit = l.Body
		}
		if n := utf8.RuneCountInString(text); limit > 0 && n > limit {
			return fmt.Sprintf("%d letters in a message of %d", n, limit)
		}
	}
	buttons := 0
	for _, row := range r.Buttons {
		buttons += len(row)
		for _, o := range row {
			if fault := labelFault(o, l.Label); fault != "" {
				return fault
			}
		}
	}
	if buttons > l.Buttons || len(r.List) > l.Rows {
		return fmt.Sprintf("%d buttons of %d, %d rows of %d", buttons, l.Buttons, len(r.List), l.Rows)
	}
	for _, o := range r.List {
		if fault := labelFault(o, l.RowLabel); fault != "" {
			return fault
		}
		if n := utf8.RuneCountInString(o.Note); n > l.RowNote {
			return fmt.Sprintf("note %q has %d letters of %d", o.Note, n, l.RowNote)
		}
	}
	if n := utf8.RuneCountInString(r.ListLabel); len(r.List) > 0 && (n == 0 || n > l.ListLabel) {
		return fmt.Sprintf("the list's button %q has %d letters of %d", r.ListLabel, n, l.ListLabel)
	}
	return ""
}

func labelFault(o bot.Option, limit int) string {
	switch n := utf8.RuneCountInString(o.Label); {
	case n == 0 || n > limit:
		return fmt.Sprintf("label %q has %d letters of %d", o.Label, n, limit)
	case len(o.Data) > 64:
		return fmt.Sprintf("button %q carries %d bytes of 64", o.Label, len(o.Data))
	}
	return ""
}
