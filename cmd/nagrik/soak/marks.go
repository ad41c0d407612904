package main

import (
	"fmt"
	"slices"

	"nagrik/bot/telegram/telegramtest"
)

// checkMarks searches all chats for words that are somebody else's. A citizen may read what officers said
// of their own filings, an officer what they said themselves: cards name nobody, and nobody asks for
// details.
func (w *world) checkMarks(filings []filing, f *findings) {
	of := map[string][]string{} // by number: the words of the officers
	for _, e := range w.errands() {
		of[e.number] = append(of[e.number], e.mark)
	}
	for _, c := range w.citizens {
		own := []string{c.self.mark}
		for _, t := range c.stories {
			own = append(own, t.mark)
		}
		for _, a := range c.added {
			own = append(own, a.mark)
		}
		for _, filing := range filings {
			if filing.citizen == c || filing.story != nil && slices.Contains(c.stories, filing.story) {
				own = append(own, of[filing.Number]...)
			}
		}
		checkInbox(c.ID, c.Inbox(), own, f)
	}
	for _, e := range w.elders {
		checkInbox(e.ID, e.Inbox(), nil, f)
	}
	told := map[string]string{} // by number: the word of the citizen
	for _, filing := range filings {
		if filing.story != nil {
			told[filing.Number] = filing.story.mark
		}
	}
	for _, s := range w.stations {
		for chat, inbox := range s.inboxes() {
			var own []string
			for _, o := range []*officer{s.sho, s.desk} {
				for _, e := range o.errands {
					if chat == o.ID {
						own = append(own, e.mark)
					}
				}
			}
			for _, m := range f.pairs { // whose card shows in private what both sides told
				if chat > 0 && slices.ContainsFunc(inbox, m.in) {
					own = append(own, told[m.Lost], told[m.Found])
				}
			}
			checkInbox(chat, inbox, own, f)
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
