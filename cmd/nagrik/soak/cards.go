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

// audience are the chats that have to have a filing's card, at one of the stations where it is.
func (f filing) audience(s *station) []int64 {
	switch {
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

// named are filings of a chat's, as the records say, by the chat's key: those that it has in a list instead of a card.
type named map[string]map[string]bool

func readNamed(ctx context.Context, records *store.Store) (named, error) {
	return readChats(ctx, records, `select f.number, c.chat from cards c join filings f on f.id = c.filing where c.message = ''`)
}

// readCopied reads of which filings there may be a card in a chat that the program does not know of: it was sent, and
// who sent it was killed.
func readCopied(ctx context.Context, records *store.Store) (named, error) {
	return readChats(ctx, records, `
		select f.number, n.chat from notices n join filings f on f.id = n.filing where n.kind = 'card' and n.attempt > 1 and n.chat is not null`)
}

func readChats(ctx context.Context, records *store.Store, query string) (named, error) {
	all := named{}
	rows, _ := records.Pool().Query(ctx, query)
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
		return nil, fmt.Errorf("reading what is in which chat: %w", err)
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
func (w *world) checkCards(records *store.Store, filings []filing, named, copied named, f *findings) {
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
		unknown := func(chat int64) bool {
			return copied[string(records.Keys().Index("chat/"+channel, strconv.FormatInt(chat, 10)))][filing.Number]
		}
		w.checkCard(filing, cards[filing.Number], heard[filing.Number], unknown, f)
	}
}

// checkCard checks where a filing's card is, and who heard of it.
func (w *world) checkCard(filing filing, cards map[int64]int, heard map[int64]bool, unknown func(chat int64) bool, f *findings) {
	var audience []int64
	for _, s := range filing.here() {
		audience = append(audience, filing.audience(s)...)
	}
	for _, chat := range audience {
		if cards[chat] == 0 && filing.Status != store.Withdrawn { // before anybody was told
			f.cards = append(f.cards, fmt.Sprintf("%s is not in chat %d", filing.Number, chat))
		}
		f.cardRepeats += max(0, cards[chat]-1)
	}
	for chat := range cards {
		if slices.Contains(audience, chat) {
			continue
		}
		if problem := w.mayHaveHad(filing, chat, unknown(chat)); problem != "" {
			f.misplaced = append(f.misplaced, fmt.Sprintf("%s is in chat %d%s", filing.Number, chat, problem))
		}
	}
	knows := map[int64]bool{}
	stations := append(filing.here(), filing.route.left...)
	for _, s := range stations {
		for chat := range s.inboxes() {
			knows[chat] = !filing.Sensitive || filing.FIR+filing.ZeroFIR != "" || chat == s.sho.ID
		}
	}
	for _, other := range f.matched(filing.Number) {
		for _, s := range w.stations {
			for chat, inbox := range s.inboxes() {
				both := func(m telegramtest.Message) bool {
					all := numbers(m.Text)
					return slices.Contains(all, filing.Number) && slices.Contains(all, other)
				}
				knows[chat] = knows[chat] || slices.ContainsFunc(inbox, both)
			}
		}
	}
	for chat := range heard {
		if !knows[chat] {
			f.misplaced = append(f.misplaced, fmt.Sprintf("chat %d heard of %s", chat, filing.Number))
		}
	}
}

// mayHaveHad says what is wrong with a filing's card in a chat that it is not for, "" for nothing. The SHO has it of
// a filing that is late. Where it is not any more, or is not shown any more since an FIR made it sensitive, it
// must not stand as it did.
func (w *world) mayHaveHad(filing filing, chat int64, copied bool) string {
	late := slices.ContainsFunc(filing.Events, func(e store.Event) bool { return e.Kind == store.Overdue })
	for _, s := range filing.here() {
		inbox, of := s.inboxes()[chat]
		switch {
		case of && late && chat == s.sho.ID:
			return ""
		case of && filing.Sensitive && filing.FIR+filing.ZeroFIR != "":
			if w.words.standing(inbox, filing.Number) && !copied {
				return ", though it is sensitive by now"
			}
			return ""
		}
	}
	for _, s := range filing.route.left {
		if inbox, of := s.inboxes()[chat]; of {
			if w.words.standing(inbox, filing.Number) && !copied {
				return ", which it has left"
			}
			return ""
		}
	}
	return ", where it does not belong"
}
