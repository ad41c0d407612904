package desk

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"nagrik/bot"
)

// The words in front of a code in an opening link: t.me/BOT?start=inv_CODE for an officer,
// t.me/BOT?startgroup=grp_CODE for a group.
const (
	officerWord = "inv_"
	groupWord   = "grp_"
)

// attempts is how often a sender may try a code.
var attempts = Rate{Count: 5, Per: time.Hour, Burst: 5}

var (
	// written is a code as it is given out, among other words.
	written = regexp.MustCompile(`(?:^|[^0-9A-Z-])([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})(?:[^0-9A-Z-]|$)`)
	// loose is a code as it may be typed, and nothing else. Many other numbers look the same.
	loose = regexp.MustCompile(`^[0-9A-Z]{4}(?: ?[0-9A-Z]{4}){3}$`)
)

// upright writes Devanagari digits, small letters and long dashes as codes have them.
func upright(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '०' && r <= '९':
			return '0' + r - '०'
		case r == '–' || r == '—' || r == '‑' || r == '−':
			return '-'
		}
		return r
	}, strings.ToUpper(strings.TrimSpace(s)))
}

// codeIn finds a code among the words of a text.
func codeIn(text string) (string, bool) {
	found := written.FindStringSubmatch(upright(text))
	if found == nil {
		return "", false
	}
	return found[1], true
}

// codeAlone reads a text that is a code and nothing else. sure is false for one without its
// hyphens, which may as well be the number of a document.
func codeAlone(text string) (code string, sure, ok bool) {
	text = upright(text)
	if code, ok := codeIn(text); ok && code == text {
		return code, true, true
	}
	mixed := strings.ContainsAny(text, "0123456789") && strings.ContainsAny(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	return text, false, mixed && loose.MatchString(text)
}

// mayTry takes one of a sender's attempts.
func (d *Desk) mayTry(ctx context.Context, m bot.Message) (bool, error) {
	wait, err := d.Limit(ctx, attempts, "code", m.Chat.Channel, m.Sender)
	if err != nil {
		return false, fmt.Errorf("limiting attempts: %w", err)
	}
	return wait == 0, nil
}
