package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// TipCode is how whoever gave a tip comes back to it, from any chat, by its claim code: to see what the
// police ask, to answer, to add something, to claim a reward. It is secret like the tip itself.
type TipCode struct {
	records *Records
	lang    string

	code   string // of the tip that was found
	tip    store.Filing
	events []store.Event

	Action string
	Text   string
	Photos []string
	Sure   bool
}

// codeAttempts is how many codes may be typed before the dialog ends.
const codeAttempts = 5

// claimCode is the rule for a typed claim code.
var claimCode = bot.Reads("tip_code.wrong.code", store.ParseClaimCode)

func codeKey(attempt int) string { return "code." + strconv.Itoa(attempt) }

// Prepare looks for the tip of the code that was typed last.
func (c *TipCode) Prepare(ctx context.Context, v bot.Visit) error {
	c.lang = v.Lang
	last := ""
	for i := 1; i <= codeAttempts; i++ {
		if code := v.Answer(codeKey(i)); code != "" {
			last = code
		}
	}
	if last == "" {
		return nil
	}
	tip, events, err := c.records.Store.TipByCode(ctx, last)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	c.code, c.tip, c.events = last, tip, events
	return err
}

// Ask names the questions.
func (c *TipCode) Ask(q *bot.Questions) {
	code := ""
	for i := 1; i <= codeAttempts && (c.code == "" || code != c.code); i++ {
		q.Text(&code, codeKey(i), claimCode, bot.With("Unknown", i > 1))
	}
	if c.code == "" {
		return // File says so
	}
	q.Choice(&c.Action, "action", withChosen(q, c.actions(), "answer", "add", "reward"), bot.With("Story", c.story()))
	switch c.Action {
	case "answer":
		q.Text(&c.Text, "answer", bot.Anything(2000))
		q.Photos(&c.Photos, "photos", 5, bot.Optional)
	case "add":
		q.Text(&c.Text, "addition", bot.Length(3, 2000))
		q.Photos(&c.Photos, "photos", 5, bot.Optional)
	case "reward":
		q.Yes(&c.Sure, "reward")
	}
}

// actions are what can be done with the tip as it stands.
func (c *TipCode) actions() []string {
	var list []string
	asked, claimed := false, false
	for _, e := range c.events {
		switch e.Kind {
		case store.Question:
			asked = true
		case store.Answer:
			asked = false
		case store.RewardClaimed:
			claimed = true
		}
	}
	if c.tip.ClosedAt.IsZero() {
		if asked {
			list = append(list, "answer")
		}
		list = append(list, "add")
	}
	if !claimed {
		list = append(list, "reward")
	}
	return append(list, "done")
}

// story tells what became of the tip, a line an event, with the officers' questions in full.
func (c *TipCode) story() string {
	station := c.records.placeName(c.lang, ".oblique", StationChoice{Code: c.tip.Station, District: c.tip.District})
	var lines []string
	for _, e := range c.events {
		data := map[string]any{"At": e.At, "Station": station, "Note": e.Note}
		id := "tip_code.event." + e.Kind
		if _, ok := c.records.Texts.Text(c.lang, id, data); !ok {
			id = "tip_code.event.other"
		}
		lines = append(lines, c.records.text(c.lang, id, data))
	}
	return strings.Join(lines, "\n")
}

// File does what was chosen.
func (c *TipCode) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	kind := map[string]string{"answer": store.Answer, "add": store.Information, "reward": store.RewardClaimed}[c.Action]
	switch {
	case c.code == "":
		return bot.Outcome{}, &bot.Invalid{ID: "tip_code.unknown"}
	case kind == "", c.Action == "reward" && !c.Sure:
		return bot.Outcome{Text: "tip_code.seen"}, nil
	}
	media, err := c.records.evidence(ctx, f, c.Photos)
	if err != nil {
		return bot.Outcome{}, err
	}
	text := c.Text
	if _, spoken := bot.VoiceNote(text); spoken {
		text = "" // it is among the files
	}
	err = c.records.Store.AddToTip(ctx, c.code, f.Dialog, kind, text, media)
	if errors.Is(err, store.ErrClosed) {
		return bot.Outcome{}, &bot.Invalid{ID: "tip_code.closed"}
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("going on with a tip: %w", err)
	}
	return bot.Outcome{Text: "tip_code.told." + c.Action}, nil
}
