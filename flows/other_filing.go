package flows

import (
	"context"
	"errors"
	"strconv"

	"nagrik/bot"
	"nagrik/store"
)

// elsewhere is the answer, beside a citizen's own filings, that asks for one that was made from
// another phone.
const elsewhere = "elsewhere"

// otherFiling shows a filing that another phone made to who knows its number and the PIN of the
// citizen who made it. It can be read, and nothing else. A wrong number and a wrong PIN look the same.
type otherFiling struct {
	number string
	pins   int // that were given
	open   bool
	locked bool
	shown  string
}

// prepare looks for the filing with the PINs that were given in this dialog.
func (o *otherFiling) prepare(ctx context.Context, m *MyFilings, v bot.Visit) error {
	number, ok := store.ParseNumber(v.Answer("other_number"))
	if !ok {
		return nil
	}
	for n := 1; n <= pinAttempts; n++ {
		key := otherPin(n)
		pin := v.Answer(key)
		if pin == "" {
			return nil
		}
		o.pins = n
		f, err := m.records.Store.FilingByPin(ctx, number, v.Dialog+"/"+key, pin)
		switch {
		case errors.Is(err, store.ErrLocked):
			o.locked = true
			return nil
		case errors.Is(err, store.ErrNotFound):
			continue
		case err != nil:
			return err
		}
		events, err := m.records.Store.Timeline(ctx, f.ID)
		if err != nil {
			return err
		}
		o.open, o.shown = true, m.timeline(f, events)
		return nil
	}
	return nil
}

func otherPin(attempt int) string { return "other_secret." + strconv.Itoa(attempt) }

// ask asks for the number and the PIN.
func (o *otherFiling) ask(q *bot.Questions) {
	q.Text(&o.number, "other_number", bot.Printed(8, 40))
	var pin string
	for n := 1; n <= pinAttempts && !o.locked; n++ {
		if n > 1 {
			q.Say("my_filings.other_wrong")
		}
		q.Text(&pin, otherPin(n), bot.Digits(pinDigits), bot.Hidden)
		if o.open && n == o.pins {
			return
		}
	}
}

// outcome is the filing's timeline, or why it is not shown.
func (o *otherFiling) outcome() bot.Outcome {
	if !o.open {
		return bot.Outcome{Text: "common.pin_locked"}
	}
	return bot.Outcome{Text: "my_filings.other", Data: map[string]any{"Timeline": o.shown}}
}
