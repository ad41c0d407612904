package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"nagrik/bot"
	"nagrik/store"
)

// pinGate asks for the PIN of a citizen who set one, before what is theirs is shown: a phone is often
// a family's. Three attempts a dialog, five an hour.
type pinGate struct {
	set, open, locked bool
	tried             int
}

const (
	pinAttempts = 3
	pinDigits   = 4
)

func pinKey(attempt int) string { return "secret." + strconv.Itoa(attempt) }

// prepare checks the PINs that were given in this dialog. They are gone where a paper is given again: it came
// from behind the open gate, and goes to the same chat for the same message.
func (g *pinGate) prepare(ctx context.Context, s *store.Store, v bot.Visit) error {
	var err error
	if v.Citizen == "" || v.Repeat {
		return nil
	}
	if g.set, err = s.HasPin(ctx, v.Citizen); err != nil || !g.set {
		return err
	}
	for n := 1; n <= pinAttempts && !g.open && !g.locked; n++ {
		pin := v.Answer(pinKey(n))
		if pin == "" {
			return nil
		}
		g.open, err = s.CheckPin(ctx, v.Citizen, v.Dialog+"/"+pinKey(n), pin)
		if errors.Is(err, store.ErrLocked) {
			g.locked = true
			return nil
		}
		if err != nil {
			return fmt.Errorf("asking for a PIN: %w", err)
		}
		g.tried = n
	}
	return nil
}

// ask asks until the PIN is right, and says whether what is behind it may be shown.
func (g *pinGate) ask(q *bot.Questions) bool {
	if !g.set {
		return true
	}
	var pin string
	for n := 1; n <= pinAttempts && !g.locked; n++ {
		if n > 1 {
			q.Say("common.pin_wrong")
		}
		q.Text(&pin, pinKey(n), bot.Digits(pinDigits), bot.Hidden, bot.Passing)
		if g.open && n == g.tried {
			return true
		}
	}
	return false
}

// closed is what is said where the gate stays shut.
func (g *pinGate) closed() bot.Outcome { return bot.Outcome{Text: "common.pin_locked"} }
