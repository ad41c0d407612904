package main

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"nagrik/bot"
	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

// channel is the name under which the program knows the chats of this run.
const channel = "telegram"

// findings are what is wrong, a line each, and what was counted on the way.
type findings struct {
	lost, content, strangers, doubled, numbers, untold []string
	cards, misplaced, acknowledged, news, receipts     []string

	filings, confirmed, acknowledgements, cardRepeats, newsRepeats, receiptRepeats int
}

// filing is a record with the citizen and the story that it is of.
type filing struct {
	store.Details
	citizen *citizen
	story   *story // nil if it cannot be told
	station *station
}

// check compares what people saw with what the records hold.
func (w *world) check(ctx context.Context) (*report, error) {
	records, err := w.records(ctx)
	if err != nil {
		return nil, err
	}
	defer records.Close()
	f := &findings{}
	var filings []filing
	for _, c := range w.citizens {
		own, err := w.filingsOf(ctx, records, c)
		if err != nil {
			return nil, err
		}
		if err := w.checkNumbers(ctx, records, c, own, f); err != nil {
			return nil, err
		}
		checkStories(c, own, f)
		filings = append(filings, own...)
	}
	var all int
	if err := records.Pool().QueryRow(ctx, `select count(*) from filings`).Scan(&all); err != nil {
		return nil, err
	}
	if f.filings = all; all != len(filings) {
		f.strangers = append(f.strangers, fmt.Sprintf("%d filings are of nobody who wrote", all-len(filings)))
	}
	w.checkMarks(f)
	named, err := readNamed(ctx, records)
	if err != nil {
		return nil, err
	}
	w.checkCards(records, filings, named, f)
	checkNews(filings, f)
	checkReceipts(filings, f)
	a := w.checkAnswers()
	n, err := checkNotices(ctx, records)
	if err != nil {
		return nil, err
	}
	return w.report(f, a, n), nil
}

// Rows that tell whether a run showed anything.
const (
	filingsRow    = "filings"
	killsRow      = "kill -9 of a replica"
	acceptedRow   = "updates accepted"
	unansweredRow = "acknowledged but unanswered"
	stopsRow      = "replicas that did not stop in order"
)

// report puts everything into a table.
func (w *world) report(f *findings, a answers, n notices) *report {
	r := &report{}
	var unfinished, crashes []string
	byThemselves := 0
	for _, c := range w.citizens {
		for _, t := range c.stories {
			if !c.told[t.mark] {
				last := "nothing"
				if inbox := c.Inbox(); len(inbox) > 0 {
					last = short(inbox[len(inbox)-1].Text)
				}
				unfinished = append(unfinished, fmt.Sprintf("chat %d, %s: the last that was said is %q", c.ID, t.mark, last))
			}
		}
	}
	for _, p := range w.replicas {
		crashes = append(crashes, p.crashes()...)
		byThemselves += p.by
	}
	r.note("dialogs begun", int(w.tally.began.Load()))
	r.note(filingsRow, f.filings)
	r.note("  of these wanted twice by the citizen", f.confirmed)
	r.note("acknowledged by officers", f.acknowledgements)
	r.note(killsRow, w.storm.kills)
	r.note("kill -9 and immediate stops of Postgres", w.storm.postgresKills)
	r.note("kill -9 of Redis", w.storm.redisKills)
	r.note("FLUSHALL of Redis", w.storm.flushes)
	r.note("ends of a replica by itself (a server away at start)", byThemselves)
	r.note(acceptedRow, a.accepted)
	r.note("  delivered once more after that", w.telegram.Count("repeated"))
	r.note("  attempts that failed", w.telegram.Count("failed"))
	r.note("  given up by Telegram (presses of 150 s)", w.telegram.Count("expired"))
	r.note("presses sent once more by the app", int(w.tally.resent.Load()))
	r.note("filed by two taps", int(w.tally.tappedTwice.Load()))
	r.note("citizens lost patience", int(w.tally.impatient.Load()))
	r.note("  and began anew", int(w.tally.gaveUp.Load()))
	r.note("  were asked whether to file the same once more", int(w.tally.asked.Load()))
	r.note("reviews thrown away by the citizen", int(w.tally.rejected.Load()))
	r.note("sends answered 429", int(w.front.refused.Load()))
	r.note("jobs of killed replicas that wait for rescue", n.orphaned)
	r.note("notices made due at the end", w.hurried)
	r.note("cards repeated", f.cardRepeats)
	r.note("news to citizens repeated", f.newsRepeats)
	r.note("receipts repeated", f.receiptRepeats)

	r.must("receipts lost", f.lost...)
	r.must("filings with other content than was filed", f.content...)
	r.must("filings doubled", f.doubled...)
	r.must("two numbers for one dialog", f.numbers...)
	r.must("filings whose citizen never saw the number", f.untold...)
	r.must("shown to the wrong person", f.strangers...)
	r.must(unansweredRow, a.unanswered...)
	r.must("updates never accepted", a.waiting...)
	r.must("cards missing", f.cards...)
	r.must("cards in a wrong chat", f.misplaced...)
	r.must("acknowledged other than once", f.acknowledged...)
	r.must("acknowledged and the citizen not told", f.news...)
	r.must("filings whose receipt as PDF never came", f.receipts...)
	r.must("messages put aside", slices.Repeat([]string{"see table dead_messages"}, n.aside)...)
	r.must("notices stuck or failed", n.stuck...)
	r.must("jobs stuck", n.jobs...)
	r.must("dialogs without an end", unfinished...)
	r.must("crashes", crashes...)
	return r
}

// filingsOf are the filings that the records say are a citizen's, opened as the station's SHO opens them.
func (w *world) filingsOf(ctx context.Context, records *store.Store, c *citizen) (own []filing, err error) {
	owner, _, err := records.Recall(ctx, channel, strconv.FormatInt(c.ID, 10))
	if err != nil || owner.ID == "" {
		return nil, err
	}
	all, err := records.CitizenFilings(ctx, owner.ID)
	if err != nil {
		return nil, err
	}
	for _, got := range all {
		i := slices.IndexFunc(w.stations, func(s *station) bool { return s.code == got.Station })
		if i < 0 {
			return nil, fmt.Errorf("%s is filed at station %q, which nobody named", got.Number, got.Station)
		}
		f := filing{citizen: c, station: w.stations[i]}
		if f.Details, err = records.View(ctx, got.ID, channel, strconv.FormatInt(f.station.sho.ID, 10)); err != nil {
			return nil, fmt.Errorf("viewing %s: %w", got.Number, err)
		}
		for _, t := range c.stories {
			if strings.Contains(string(f.Details.Details), t.mark) {
				f.story = t
			}
		}
		own = append(own, f)
	}
	return own, nil
}

// checkNumbers checks every number that a citizen was shown: it is recorded, and theirs. And that
// they were shown the number of everything that is theirs.
func (w *world) checkNumbers(ctx context.Context, records *store.Store, c *citizen, own []filing, f *findings) error {
	seen := map[string]bool{}
	for _, m := range c.Inbox() {
		for _, number := range numbers(m.Text) {
			if seen[number] {
				continue
			}
			seen[number] = true
			if slices.ContainsFunc(own, func(f filing) bool { return f.Number == number }) {
				continue
			}
			var exists bool
			if err := records.Pool().QueryRow(ctx, `select exists (select from filings where number = $1)`, number).Scan(&exists); err != nil {
				return err
			}
			if exists {
				f.strangers = append(f.strangers, fmt.Sprintf("chat %d saw %s, which is another's", c.ID, number))
			} else {
				f.lost = append(f.lost, fmt.Sprintf("chat %d saw %s, which is not in the records: %q", c.ID, number, short(m.Text)))
			}
		}
	}
	for _, filing := range own {
		if !seen[filing.Number] {
			f.untold = append(f.untold, fmt.Sprintf("chat %d never saw %s", c.ID, filing.Number))
		}
	}
	wanted := 0
	for _, t := range c.stories {
		wanted += 1 + c.anew[t.mark]
	}
	if len(seen) > wanted {
		f.numbers = append(f.numbers, fmt.Sprintf("chat %d saw %d numbers for %d dialogs", c.ID, len(seen), wanted))
	}
	return nil
}

// checkStories checks that each story was filed once, or as often as the citizen wanted, and as the
// review showed it.
func checkStories(c *citizen, own []filing, f *findings) {
	times := map[*story]int{}
	for _, filing := range own {
		times[filing.story]++
		if problem := differs(filing); problem != "" {
			f.content = append(f.content, fmt.Sprintf("chat %d, %s: %s", c.ID, filing.Number, problem))
		}
	}
	for _, t := range c.stories {
		extra, wanted := max(0, times[t]-1), c.anew[t.mark]
		f.confirmed += min(extra, wanted)
		if extra > wanted {
			f.doubled = append(f.doubled, fmt.Sprintf("chat %d, %s: filed %d times, wanted %d times", c.ID, t.mark, times[t], 1+wanted))
		}
	}
}

// differs says where a filing differs from what its citizen saw in the review and said of themselves.
func differs(f filing) string {
	if f.story == nil {
		return "it tells no story of its citizen's"
	}
	var content struct {
		Answers []bot.Shown `json:"answers"`
	}
	if err := json.Unmarshal(f.Details.Details, &content); err != nil {
		return "its details cannot be read"
	}
	recorded, none := map[string]string{}, f.citizen.words.label("engine.shown.skipped")
	for _, a := range content.Answers {
		recorded[a.Label] = a.Value
	}
	for label, shown := range f.story.review {
		if value, told := recorded[label]; value != shown && (told || shown != none) {
			return fmt.Sprintf("%s is %q, the review showed %q", label, short(value), short(shown))
		}
	}
	self := f.citizen.self
	want := store.Profile{Name: self.name, Father: self.father, Address: self.address, Pin: self.pin, Phone: "+" + f.citizen.Phone}
	switch {
	case f.Applicant != want:
		return "the applicant is not who filed"
	case f.Service != f.story.service || f.Station != f.story.station.code:
		return "it is another service's or station's"
	case len(f.Media) == 0 && f.story.photos > 0:
		return "the photos are missing"
	}
	return ""
}

// checkMarks searches all chats for words that are somebody else's. Officers are shown none here:
// cards name nobody, and nobody asks for details.
func (w *world) checkMarks(f *findings) {
	for _, c := range w.citizens {
		own := map[string]bool{c.self.mark: true}
		for _, t := range c.stories {
			own[t.mark] = true
		}
		for _, m := range c.Inbox() {
			for _, mark := range markForm.FindAllString(m.Text, -1) {
				if !own[mark] {
					f.strangers = append(f.strangers, fmt.Sprintf("chat %d saw %s: %q", c.ID, mark, short(m.Text)))
				}
			}
		}
	}
	for _, s := range w.stations {
		for chat, inbox := range s.inboxes() {
			for _, m := range inbox {
				if mark := markForm.FindString(m.Text); mark != "" {
					f.strangers = append(f.strangers, fmt.Sprintf("chat %d saw %s: %q", chat, mark, short(m.Text)))
				}
			}
		}
	}
}

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
	case s.group != nil:
		return []int64{s.group.ID()}
	default:
		return []int64{s.sho.ID, s.desk.ID}
	}
}

// named are the filings that came to a chat in a list of many, by the chat's key: a list names only the
// first of them.
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
	return all, err
}

// listForm finds how many filings a list is of.
var listForm = regexp.MustCompile(`^🆕 (\d+) `)

// checkCards checks that every filing's card is in the chats where it belongs and in no other, or that a
// list there is of as many filings as have no card.
func (w *world) checkCards(records *store.Store, filings []filing, named named, f *findings) {
	cards := map[string]map[int64]int{} // number to chat to copies
	for _, s := range w.stations {
		for chat, inbox := range s.inboxes() {
			inLists := 0
			listed := named[string(records.Keys().Index("chat/"+channel, strconv.FormatInt(chat, 10)))]
			for number := range listed {
				if cards[number] == nil {
					cards[number] = map[int64]int{}
				}
				cards[number][chat] = 1
			}
			for _, m := range inbox {
				if list := listForm.FindStringSubmatch(m.Text); list != nil {
					n, _ := strconv.Atoi(list[1])
					inLists += n
					continue
				}
				for _, number := range numbers(m.Text) {
					if cards[number] == nil {
						cards[number] = map[int64]int{}
					}
					if !m.Edited {
						cards[number][chat]++
					}
				}
			}
			if inLists < len(listed) {
				f.cards = append(f.cards, fmt.Sprintf("chat %d has lists of %d filings, and %d have no card there", chat, inLists, len(listed)))
			}
		}
	}
	for _, filing := range filings {
		audience := filing.audience()
		for _, chat := range audience {
			copies := cards[filing.Number][chat]
			if copies == 0 {
				f.cards = append(f.cards, fmt.Sprintf("%s is not in chat %d", filing.Number, chat))
			}
			f.cardRepeats += max(0, copies-1)
		}
		for chat := range cards[filing.Number] {
			if !slices.Contains(audience, chat) {
				f.misplaced = append(f.misplaced, fmt.Sprintf("%s is in chat %d", filing.Number, chat))
			}
		}
	}
}

// checkNews checks that what is acknowledged was acknowledged once, and that its citizen was told.
func checkNews(filings []filing, f *findings) {
	for _, filing := range filings {
		events := 0
		for _, e := range filing.Events {
			if e.Kind == string(store.Acknowledged) {
				events++
			}
		}
		want := 0
		if filing.Status == store.Acknowledged {
			want = 1
		}
		if events != want {
			f.acknowledged = append(f.acknowledged, fmt.Sprintf("%s is %s and has %d events of it", filing.Number, filing.Status, events))
		}
		told := 0
		for _, m := range filing.citizen.Inbox() {
			if filing.citizen.words.news(m.Text) && slices.Contains(numbers(m.Text), filing.Number) {
				told++
			}
		}
		f.acknowledgements += want
		f.newsRepeats += max(0, told-1)
		if told < want {
			f.news = append(f.news, fmt.Sprintf("chat %d: %s", filing.citizen.ID, filing.Number))
		}
		if told > 0 && want == 0 {
			f.acknowledged = append(f.acknowledged, fmt.Sprintf("%s is %s, and its citizen was told otherwise", filing.Number, filing.Status))
		}
	}
}
