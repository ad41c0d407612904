package main

import (
	"fmt"
	"slices"

	"nagrik/bot/telegram/telegramtest"
)

// checkMarks searches all chats for words that are somebody else's: cards name nobody, and no officer asks
// for details.
func (w *world) checkMarks(f *findings) {
	for _, c := range w.citizens {
		own := []string{c.self.mark}
		for _, t := range c.stories {
			own = append(own, t.mark)
		}
		checkInbox(c.ID, c.Inbox(), own, f)
	}
	for _, e := range w.elders {
		checkInbox(e.ID, e.Inbox(), nil, f)
	}
	for _, s := range w.stations {
		for chat, inbox := range s.inboxes() {
			checkInbox(chat, inbox, nil, f)
		}
	}
}

func checkInbox(chat int64, inbox []telegramtest.Message, own []string, f *findings) {
	for _, m := range inbox {
		for _, mark := range markForm.FindAllString(m.Text, -1) {
			if !slices.Contains(own, mark) {
				f.strangers = append(f.strangers, fmt.Sprintf("chat %d saw %s: %q", chat, mark, short(m.Text)))
			}
		}
	}
}
