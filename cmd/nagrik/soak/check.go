package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// channel is the name under which the program knows the chats of this run.
const channel = "telegram"

// findings are what is wrong, a line each, and what was counted on the way.
type findings struct {
	lost, content, strangers, doubled, numbers, untold []string
	cards, misplaced, news, invented, receipts, papers []string
	tips, traces, leftTips, openWords                  []string
	acts, repeatedActs, additions                      []string
	early, stepped, missed                             []string
	astray, register, copies, wordsAlone               []string
	matches, unmatched                                 []string

	filings, confirmed, acknowledgements, newsTold, papersGiven, overdue int
	tipsFiled, tipsInRedis, ordinaryWords                                int
	cardRepeats, newsRepeats, receiptRepeats                             int
	firs, copiesGiven, copiesAsked, copiesAnswered, copyRepeats          int
	transfers, takenOver, sentBack, proposed                             int

	pairs []match // that were proposed
}

// filing is a record with the citizen and the story that it is of.
type filing struct {
	store.Details
	citizen *citizen // nil for a tip
	story   *story   // nil if it cannot be told
	station *station
	route   route
	astray  string // where its events do not lead to where it is
}

// check compares what people saw with what the records hold.
func (w *world) check(ctx context.Context) (*report, error) {
	records, err := w.records(ctx)
	if err != nil {
		return nil, err
	}
	defer records.Close()
	f := &findings{}
	filings, err := w.checkCitizens(ctx, records, f)
	if err != nil {
		return nil, err
	}
	tips, err := w.checkTips(ctx, records, f)
	if err != nil {
		return nil, err
	}
	all := append(slices.Clone(filings), tips...)
	if err := w.checkMatches(ctx, records, all, f); err != nil {
		return nil, err
	}
	w.checkMarks(all, f)
	named, err := readNamed(ctx, records)
	if err != nil {
		return nil, err
	}
	copied, err := readCopied(ctx, records)
	if err != nil {
		return nil, err
	}
	w.checkCards(records, all, named, copied, f)
	checkRoutes(all, f)
	checkNews(filings, f)
	checkReceipts(filings, f)
	checkPapers(filings, f)
	if err := w.checkActs(ctx, records, all, f); err != nil {
		return nil, err
	}
	if err := w.checkRegister(ctx, records, all, f); err != nil {
		return nil, err
	}
	if err := w.checkClocks(ctx, records, all, f); err != nil {
		return nil, err
	}
	if err := w.checkTraces(ctx, f); err != nil {
		return nil, err
	}
	a := w.checkAnswers()
	n, err := checkNotices(ctx, records, w.stopping)
	if err != nil {
		return nil, err
	}
	return w.report(f, a, n), nil
}

// checkCitizens checks what each citizen filed, and gives it.
func (w *world) checkCitizens(ctx context.Context, records *store.Store, f *findings) (filings []filing, err error) {
	for _, c := range w.citizens {
		own, err := w.filingsOf(ctx, records, c)
		if err != nil {
			return nil, err
		}
		if err := c.checkNumbers(ctx, records, own, f); err != nil {
			return nil, err
		}
		checkStories(c, own, f)
		filings = append(filings, own...)
	}
	var all int
	if err := records.Pool().QueryRow(ctx, `select count(*) from filings where citizen is not null`).Scan(&all); err != nil {
		return nil, err
	}
	if f.filings = all; all != len(filings) {
		f.strangers = append(f.strangers, fmt.Sprintf("%d filings are of nobody who wrote", all-len(filings)))
	}
	return filings, nil
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
		f, err := w.view(ctx, records, got.ID, got.Station)
		if err != nil {
			return nil, err
		}
		f.citizen = c
		for _, t := range c.stories {
			if strings.Contains(string(f.Details.Details), t.mark) {
				f.story = t
			}
		}
		own = append(own, f)
	}
	return own, nil
}

// view opens a filing as the SHO of its station does.
func (w *world) view(ctx context.Context, records *store.Store, id int64, code string) (f filing, err error) {
	if f.station = w.stationOf(code); f.station == nil {
		return f, fmt.Errorf("filing %d is at station %q, which nobody named", id, code)
	}
	if f.Details, err = records.View(ctx, id, channel, strconv.FormatInt(f.station.sho.ID, 10)); err != nil {
		return f, fmt.Errorf("viewing filing %d: %w", id, err)
	}
	f.route, f.astray = w.follow(f)
	return f, nil
}

// checkNumbers checks every number that a citizen was shown: it is recorded, and theirs. And that
// they were shown the number of everything that is theirs.
func (c *citizen) checkNumbers(ctx context.Context, records *store.Store, own []filing, f *findings) error {
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
		if t.service != "tip" {
			wanted += 1 + t.anew
		}
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
		extra, wanted := max(0, times[t]-1), t.anew
		f.confirmed += min(extra, wanted)
		if extra > wanted {
			f.doubled = append(f.doubled, fmt.Sprintf("chat %d, %s: filed %d times, wanted %d times", c.ID, t.mark, times[t], 1+wanted))
		}
	}
}

// answersDiffer says where a filing differs from what the review showed before it was filed.
func (f filing) answersDiffer() string {
	if f.story == nil {
		return "it tells no story of its citizen's"
	}
	var content struct {
		Answers []bot.Shown `json:"answers"`
	}
	if err := json.Unmarshal(f.Details.Details, &content); err != nil {
		return "its details cannot be read"
	}
	recorded, none := map[string]string{}, f.story.words.label("engine.shown.skipped")
	for _, a := range content.Answers {
		recorded[a.Label] = a.Value
	}
	for label, shown := range f.story.review {
		if value, told := recorded[label]; value != shown && (told || shown != none) {
			return fmt.Sprintf("%s is %q, the review showed %q", label, short(value), short(shown))
		}
	}
	switch {
	case f.Service != f.story.service:
		return "it is another service's"
	case len(f.Media) == 0 && f.story.photos > 0:
		return "the photos are missing"
	}
	return ""
}

// differs says where a filing differs from what its citizen saw in the review and said of themselves.
func differs(f filing) string {
	if problem := f.answersDiffer(); problem != "" {
		return problem
	}
	self := f.citizen.self
	want := store.Profile{Name: self.name, Father: self.father, Address: self.address, Pin: self.pin, Phone: "+" + f.citizen.Phone}
	got := f.Applicant
	got.Gender, got.District = "", "" // which some services ask for beside
	// A service that asks for less has what another has asked for.
	for _, part := range []struct {
		key             string
		recorded, given *string
	}{{"father", &got.Father, &want.Father}, {"address", &got.Address, &want.Address}, {"pin", &got.Pin, &want.Pin}} {
		if _, asked := f.story.answers["common."+part.key]; !asked && *part.recorded == "" {
			*part.given = ""
		}
	}
	if got != want {
		return "the applicant is not who filed"
	}
	return ""
}
