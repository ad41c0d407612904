package bottest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"nagrik/bot"
)

// The speakers of a transcript.
const (
	citizen = "नागरिक"
	theBot  = "बॉट"
	notice  = "सूचना"
)

// Person is somebody who talks to the bot.
type Person struct{ Chat, Phone string }

// People are those whom a transcript knows by name.
var People = map[string]Person{
	citizen:    {"4242424242", "+919876543210"},
	"परिवार":   {"5151515151", "+919811111111"},
	"बुज़ुर्ग": {"6161616161", "+919822222222"},
	"पड़ोसी":   {"7171717171", "+919833333333"},
	"थाना":     {"8181818181", "+919844444444"},
}

// line is one line of a transcript; a bot's reply is one line with its further lines.
type line struct {
	kind byte // '#', '@', 'n' a person's, 'b' the bot's, ' ' an empty line
	text string
	who  string // who says it; for the bot also to whom, as it is written
}

// said takes a line apart that somebody says.
func said(s string) (l line, ok bool) {
	who, text, ok := strings.Cut(s, ":")
	switch _, person := People[who]; {
	case !ok:
		return line{}, false
	case person:
		return line{kind: 'n', text: strings.TrimPrefix(text, " "), who: who}, true
	case who == theBot || strings.HasPrefix(who, theBot+" "):
		return line{kind: 'b', text: strings.TrimPrefix(text, " "), who: who}, true
	}
	return line{}, false
}

// from is how the bot's lines to somebody begin: nothing is said of the citizen.
func from(to string, asked bool) string {
	switch {
	case asked && to == citizen:
		return theBot
	case asked:
		return theBot + " → " + to
	case to == citizen:
		return theBot + " (" + notice + ")"
	}
	return theBot + " (" + notice + " → " + to + ")"
}

// readScript reads a transcript file.
func readScript(path string) ([]line, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var lines []line
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for n := 1; scanner.Scan(); n++ {
		s := scanner.Text()
		switch {
		case strings.HasPrefix(s, "  ") || s == "" && len(lines) > 0 && lines[len(lines)-1].kind == 'b':
			if len(lines) == 0 || lines[len(lines)-1].kind != 'b' {
				return nil, fmt.Errorf("%s:%d: a further line without a reply", path, n)
			}
			lines[len(lines)-1].text += "\n" + strings.TrimPrefix(s, "  ")
		case s == "":
			lines = append(lines, line{kind: ' '})
		case strings.HasPrefix(s, "#"):
			lines = append(lines, line{kind: '#', text: s})
		case strings.HasPrefix(s, "@ "):
			lines = append(lines, line{kind: '@', text: strings.TrimPrefix(s, "@ ")})
		default:
			l, ok := said(s)
			if !ok {
				return nil, fmt.Errorf("%s:%d: neither a note, a setting, a person's line nor the bot's", path, n)
			}
			lines = append(lines, l)
		}
	}
	for i := range lines {
		if lines[i].kind == 'b' {
			lines[i].text = strings.TrimRight(lines[i].text, "\n")
		}
	}
	return lines, scanner.Err()
}

// String writes a line as a transcript has it.
func (l line) String() string {
	switch l.kind {
	case '@':
		return "@ " + l.text
	case 'n':
		return l.who + ": " + l.text
	case 'b':
		var b strings.Builder
		for i, s := range strings.Split(l.who+": "+l.text, "\n") {
			if i > 0 && s != "" {
				b.WriteString("  ")
			}
			b.WriteString(s + "\n")
		}
		return strings.TrimRight(b.String(), "\n")
	}
	return l.text
}

// shown is a reply as a transcript has it: its photos and texts, then its buttons, a row a line.
func shown(r bot.Rendered) string {
	var parts []string
	for range r.Photos {
		parts = append(parts, "(📷)")
	}
	parts = append(parts, r.Texts...)
	var rows []string
	row := func(options []bot.Option) {
		var labels []string
		for _, o := range options {
			labels = append(labels, "["+o.Label+"]")
		}
		rows = append(rows, strings.Join(labels, " "))
	}
	for _, r := range r.Buttons {
		row(r)
	}
	if r.WantLabel != "" {
		rows = append(rows, "["+r.WantLabel+"]")
	}
	if len(r.Keys) > 0 {
		rows = append(rows, "["+strings.Join(r.Keys, "] [")+"]")
	}
	if r.Document != nil {
		rows = append(rows, "(📄 "+r.Document.Name+")")
	}
	if len(rows) > 0 {
		parts = append(parts, strings.Join(rows, "\n"))
	}
	return strings.Join(parts, "\n")
}

// setting applies a line such as "telegram 2026-03-14 10:30" or "+25h".
func (p *player) setting(text string) error {
	channel, at, _ := strings.Cut(text, " ")
	switch {
	case strings.HasPrefix(text, "+"):
		d, err := time.ParseDuration(text[1:])
		if err == nil {
			p.pass(d)
		}
		return err
	case channel == "outage":
		d, err := time.ParseDuration(at)
		p.now = p.now.Add(d)
		p.due()
		return err
	case channel == "blocked" || channel == "unblocked":
		m := bot.Message{ID: "e" + at, Chat: bot.Chat{Channel: p.channel, ID: People[at].Chat}, Event: bot.Event(channel)}
		_, err := p.stage.Handle(context.Background(), m)
		p.due()
		return err
	}
	if _, ok := p.limits[channel]; !ok && p.stage.Do != nil {
		err := p.stage.Do(text)
		p.due()
		return err
	}
	p.channel = channel
	if at == "" {
		return nil
	}
	now, err := time.ParseInLocation("2006-01-02 15:04", at, p.now.Location())
	p.now = now
	return err
}

var place = regexp.MustCompile(`^\(place ([0-9.]+),([0-9.]+)\)$`)

// message is what a person's line sends.
func (p *player) message(who, text string) (bot.Message, error) {
	p.sent++
	person := People[who]
	m := bot.Message{ID: "u" + strconv.Itoa(p.sent), Chat: bot.Chat{Channel: p.channel, ID: person.Chat}, Sender: person.Chat}
	file := func(kind bot.FileKind, mime string) {
		m.Files = []bot.File{{Kind: kind, MIME: mime, Size: 1000, Open: sample(kind, p.sent)}}
	}
	switch {
	case strings.HasPrefix(text, "["):
		label, old := strings.CutSuffix(text, " (पुराना)")
		data, ok := p.button(who, strings.Trim(label, "[]"), old)
		if !ok {
			return m, fmt.Errorf("no button %s on the screen", label)
		}
		if strings.HasPrefix(data, keyPrefix) {
			m.Text = data[len(keyPrefix):]
		} else {
			m.Tap = data
		}
	case text == "(photo)":
		file(bot.Photo, "image/jpeg")
	case text == "(voice)":
		file(bot.Voice, "audio/ogg")
	case text == "(document)":
		file(bot.Document, "application/pdf")
	case text == "(video)":
		file(bot.Video, "video/mp4")
	case text == "(contact)":
		m.Phone = person.Phone
	case text == "(contact of another)":
		m.Alien = true
	case place.MatchString(text):
		found := place.FindStringSubmatch(text)
		lat, _ := strconv.ParseFloat(found[1], 64)
		lng, _ := strconv.ParseFloat(found[2], 64)
		m.Place = &bot.Place{Lat: lat, Lng: lng}
	default:
		text = steadyCode.ReplaceAllStringFunc(text, func(name string) string { return p.codes[name] })
		for number, steady := range p.numbers {
			text = strings.ReplaceAll(text, steady, number)
		}
		if word, ok := strings.CutPrefix(text, "/start "); ok {
			m.Start = word
		}
		m.Text = strings.ReplaceAll(text, `\n`, "\n")
	}
	return m, nil
}

// keyPrefix marks a button that types its label.
const keyPrefix = "key:"

// button finds a button on the screen by its label: on the last message, or on an older one.
func (p *player) button(who, label string, old bool) (data string, ok bool) {
	screens := p.screens[who]
	if old && len(screens) > 0 {
		screens = screens[:len(screens)-1]
	}
	for i := len(screens) - 1; i >= 0; i-- {
		r := screens[i]
		for _, row := range append(append([][]bot.Option{}, r.Buttons...), r.List) {
			for _, o := range row {
				if o.Label == label {
					return o.Data, true
				}
			}
		}
		for _, key := range r.Keys {
			if key == label {
				return keyPrefix + label, true
			}
		}
		if !old {
			break
		}
	}
	return "", false
}
