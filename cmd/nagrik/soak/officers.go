package main

import (
	"cmp"
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"nagrik/bot/telegram/telegramtest"
)

// officer is somebody with a post at a station, who presses the buttons of cards, in the station's group
// or in private, and answers in private what an action asks.
type officer struct {
	speaker
	station *station
	errands []*errand
}

// duty has the officers of a station acknowledge most of the cards that come, and take over what another
// station sends, until ctx ends: one of them, some twice, or two at once. Beside that each does what else the cards offer.
func (s *station) duty(ctx context.Context, w words, rnd *rand.Rand) {
	var errands sync.WaitGroup
	defer errands.Wait()
	s.work = &work{rnd: rand.New(rand.NewPCG(rnd.Uint64(), 1)), left: map[string]int{}}
	for _, o := range []*officer{s.sho, s.desk} {
		errands.Go(func() { o.goAbout(ctx, s.work) })
	}
	labels := []string{w.label("desk.action.acknowledge"), w.label("desk.action.take_over")}
	met := map[string]bool{} // chat and button
	for {
		if s.group != nil {
			s.look(s.group.Inbox(), "group", met, labels, rnd, func(p *officer, m telegramtest.Message, data string) {
				s.group.Tap(p.Person, m.ID, data)
			})
		}
		for name, o := range map[string]*officer{"sho": s.sho, "desk": s.desk} {
			s.look(o.Inbox(), name, met, labels, rnd, func(_ *officer, m telegramtest.Message, data string) {
				o.Tap(m.ID, data)
			})
		}
		if !sleep(ctx, time.Duration(200+rnd.IntN(400))*time.Millisecond) {
			return
		}
	}
}

// look presses the buttons of cards that were not met before.
func (s *station) look(inbox []telegramtest.Message, chat string, met map[string]bool, labels []string, rnd *rand.Rand,
	press func(*officer, telegramtest.Message, string),
) {
	for _, m := range inbox {
		data := ""
		for _, label := range labels {
			data = cmp.Or(data, button(m, label))
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
