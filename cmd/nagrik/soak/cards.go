package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

// inboxes is everything that a station's people and group got, by chat.
func (s *station) inboxes() map[int64][]telegramtest.Message {
	all := map[int64][]telegramtest.Message{s.sho.ID: s.sho.Inbox(), s.desk.ID: s.desk.Inbox()}
	if s.group != nil {
		all[s.group.ID()] = s.group.Inbox()
	}
	return all
}

// audience are the chats that have to have a filing's card.
func (f filing) audience() []int64 {
	switch s := f.station; {
	case f.Sensitive:
		return []int64{s.sho.ID}
	case s.group != nil && f.story != nil && f.story.district:
		return []int64{s.group.ID(), s.sho.ID}
	case s.group != nil:
		return []int64{s.group.ID()}
	default:
		return []int64{s.sho.ID, s.desk.ID}
	}
}

// named are the filings that a chat has in a list instead of a card, as the records say: by the chat's key.
type named map[string]map[string]bool

func readNamed(ctx context.Context, records *store.Store) (named, error) {
	all := named{}
	rows, _ := records.Pool().Query(ctx, `select f.number, c.chat from cards c join filings f on f.id = c.filing where c.message = ''`)
	var number string
	var chat []byte
	_, err := pgx.ForEachRow(rows, []any{&number, &chat}, func() error {
		if all[string(chat)] == nil {
			all[string(chat)] = map[string]bool{}
		}
		all[string(chat)][number] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the lists: %w", err)
	}
	return all, nil
}

// list is a message that stands for several filings, new or late ones: it names the first of them.
type list struct {
	of    int // filings
	named []string
}

// listForm finds how many filings a list is of.
var listForm = regexp.MustCompile(`^\S+ (\d+) `)

// listIn reads a list; ok is false if a text is none.
func (w words) listIn(text string) (l list, ok bool) {
	if !w.saysAny(text, "desk.list.card", "desk.list.overdue") {
		return list{}, false
	}
	of := listForm.FindStringSubmatch(text)
	if of == nil {
		return list{}, false
	}
	l.of, _ = strconv.Atoi(of[1])
	l.named = numbers(text)
	return l, true
}

// unlisted are the filings of some that no list in a chat can be the list of: none names them, and there
// are more of them than are only counted.
func unlisted(listed map[string]bool, lists []list) (missing []string) {
	named, counted := map[string]bool{}, 0
	for _, l := range lists {
		counted += l.of - len(l.named)
		for _, number := range l.named {
			named[number] = true
		}
	}
	for number := range listed {
		if !named[number] {
			missing = append(missing, number)
		}
	}
	if len(missing) <= counted {
		return nil
	}
	return missing
}

// inChats is how many copies of each filing's card are in each chat.
type inChats map[string]map[int64]int

func (n inChats) add(number string, chat int64, copies int) {
	if n[number] == nil {
		n[number] = map[int64]int{}
	}
	n[number][chat] += copies
}

// checkCards checks that every filing's card is in the chats where it belongs and in no other, or that it
// was in a list there. No other station hears of a filing at all.
func (w *world) checkCards(records *store.Store, filings []filing, named named, f *findings) {
	cards := inChats{}
	heard := map[string]map[int64]bool{}
	for _, s := range w.stations {
		for chat, inbox := range s.inboxes() {
			listed := named[string(records.Keys().Index("chat/"+channel, strconv.FormatInt(chat, 10)))]
			for number := range listed {
				cards.add(number, chat, 1)
			}
			var lists []list
			for _, m := range inbox {
				if l, ok := w.words.listIn(m.Text); ok {
					lists = append(lists, l)
				}
				for i, number := range numbers(m.Text) {
					if heard[number] == nil {
						heard[number] = map[int64]bool{}
					}
					heard[number][chat] = true
					if i == 0 && w.words.card(m.Text) {
						cards.add(number, chat, map[bool]int{true: 0, false: 1}[m.Edited])
					}
				}
			}
			for _, number := range unlisted(listed, lists) {
				f.cards = append(f.cards, fmt.Sprintf("%s has no card in chat %d, and is in none of the %d lists there", number, chat, len(lists)))
			}
		}
	}
	for _, filing := range filings {
		w.checkCard(filing, cards[filing.Number], heard[filing.Number], f)
	}
}

// checkCard checks where a filing's card is, and who heard of it.
func (w *world) checkCard(filing filing, cards map[int64]int, heard map[int64]bool, f *findings) {
	audience := filing.audience()
	for _, chat := range audience {
		if cards[chat] == 0 && filing.Status != store.Withdrawn { // before anybody was told
			f.cards = append(f.cards, fmt.Sprintf("%s is not in chat %d", filing.Number, chat))
		}
		f.cardRepeats += max(0, cards[chat]-1)
	}
	warned := slices.ContainsFunc(filing.Events, func(e store.Event) bool { return e.Kind == store.Overdue })
	for chat := range cards {
		if !slices.Contains(audience, chat) && !(warned && chat == filing.station.sho.ID) {
			f.misplaced = append(f.misplaced, fmt.Sprintf("%s is in chat %d", filing.Number, chat))
		}
	}
	for chat := range heard {
		_, here := filing.station.inboxes()[chat]
		if !here || filing.Sensitive && chat != filing.station.sho.ID {
			f.misplaced = append(f.misplaced, fmt.Sprintf("chat %d heard of %s", chat, filing.Number))
		}
	}
}
