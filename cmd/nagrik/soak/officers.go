package main

import (
	"context"
	"math/rand/v2"
	"time"

	"nagrik/bot/telegram/telegramtest"
)

// duty has the officers of a station acknowledge most of the cards that come, until ctx ends: one of
// them, some twice, or two at once.
func (s *station) duty(ctx context.Context, w words, rnd *rand.Rand) {
	button := w.label("desk.action.acknowledge")
	met := map[string]bool{} // chat and button
	for {
		if s.group != nil {
			s.look(s.group.Inbox(), "group", met, button, rnd, func(p *telegramtest.Person, m telegramtest.Message, data string) {
				s.group.Tap(p, m.ID, data)
			})
		}
		for name, officer := range map[string]*telegramtest.Person{"sho": s.sho, "desk": s.desk} {
			s.look(officer.Inbox(), name, met, button, rnd, func(_ *telegramtest.Person, m telegramtest.Message, data string) {
				officer.Tap(m.ID, data)
			})
		}
		select {
		case <-time.After(time.Duration(200+rnd.IntN(400)) * time.Millisecond):
		case <-ctx.Done():
			return
		}
	}
}

// look presses the buttons of cards that were not met before.
func (s *station) look(inbox []telegramtest.Message, chat string, met map[string]bool, button string, rnd *rand.Rand,
	press func(*telegramtest.Person, telegramtest.Message, string),
) {
	for _, m := range inbox {
		data := ""
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Text == button {
					data = b.Data
				}
			}
		}
		key := chat + data // a card that came twice is met once
		if data == "" || met[key] {
			continue
		}
		met[key] = true
		first, second := s.sho, s.desk
		if chance(rnd, .5) {
			first, second = second, first
		}
		switch n := rnd.Float64(); {
		case n < .3: // seen by nobody yet
		case n < .6:
			press(first, m, data)
		case n < .8: // impatiently
			press(first, m, data)
			press(first, m, data)
		default: // both at once
			press(first, m, data)
			press(second, m, data)
		}
	}
}
