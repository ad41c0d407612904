package terminal

import (
	"context"
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"nagrik/bot"
)

// message is what a line sends.
type message struct {
	bot.Message
	line  string // as a transcript has it
	cause error  // why it was not taken the last time
}

var deed = regexp.MustCompile(`^\((photo|voice|video|document|place|contact) ([^)]+)\)$`)

// parse reads a line.
func parse(line string) (*message, error) {
	m := &message{line: line}
	found := deed.FindStringSubmatch(line)
	if found == nil {
		m.Text = line
		return m, nil
	}
	what, value := found[1], strings.TrimSpace(found[2])
	switch {
	case what == "place":
		place, err := parsePlace(value)
		m.Place = place
		return m, err
	case what == "contact" && value == "of another":
		m.Alien = true
	case what == "contact":
		n, err := phonenumbers.Parse(value, "IN")
		if err != nil || !phonenumbers.IsValidNumber(n) {
			return nil, fmt.Errorf("%q is no phone number; write (contact 9876543210)", value)
		}
		m.Phone, m.line = phonenumbers.Format(n, phonenumbers.E164), "(contact)"
	default:
		f, err := file(bot.FileKind(what), value)
		if err != nil {
			return nil, err
		}
		m.Files, m.line = []bot.File{f}, "("+what+")"
	}
	return m, nil
}

func parsePlace(value string) (*bot.Place, error) {
	y, x, _ := strings.Cut(value, ",")
	lat, err1 := strconv.ParseFloat(strings.TrimSpace(y), 64)
	lng, err2 := strconv.ParseFloat(strings.TrimSpace(x), 64)
	if err1 != nil || err2 != nil || !(lat >= -90 && lat <= 90) || !(lng >= -180 && lng <= 180) {
		return nil, fmt.Errorf("%q is no place; write (place 25.61,85.14)", value)
	}
	return &bot.Place{Lat: lat, Lng: lng}, nil
}

// file is a file on this machine.
func file(kind bot.FileKind, path string) (bot.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return bot.File{}, err
	}
	if !info.Mode().IsRegular() {
		return bot.File{}, fmt.Errorf("%s is not a file", path)
	}
	return bot.File{
		Kind: kind, MIME: mime.TypeByExtension(filepath.Ext(path)), Size: info.Size(),
		Open: func(context.Context) (io.ReadCloser, error) { return os.Open(path) },
	}, nil
}
