package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"nagrik/store"
)

// noted is an event in whose note there is a mark.
type noted struct{ number, kind string }

// misheard says whether one of the events is of such a kind and has something else in its note that somebody
// typed. Who says the label of a button once more, because no answer came, says it in answer to the next
// question: that is what they said, and what is recorded.
func (p *speaker) misheard(events []store.Event, kinds ...string) bool {
	return slices.ContainsFunc(events, func(e store.Event) bool {
		return slices.Contains(kinds, e.Kind) && e.Note != "" && !markForm.MatchString(e.Note) && p.typed(e.Note)
	})
}

// typed says whether a note has, or ends with, what somebody typed.
func (p *speaker) typed(note string) bool {
	for text := range p.said {
		if note == text || strings.HasSuffix(note, " – "+text) {
			return true
		}
	}
	return false
}

// checkActs checks that whatever an officer was told is done is in the records, and that nothing is in
// them twice: an interview acts once, and so does a button however often it is pressed. Likewise for
// what citizens did with their filings.
func (w *world) checkActs(ctx context.Context, records *store.Store, filings []filing, f *findings) error {
	byMark, byNumber := map[string][]noted{}, map[string]filing{}
	withdrawn := w.withdrawn()
	for _, filing := range filings {
		byNumber[filing.Number] = filing
		once := map[string]int{}
		for _, e := range filing.Events {
			for _, mark := range slices.Compact(markForm.FindAllString(e.Note, -1)) {
				byMark[mark] = append(byMark[mark], noted{filing.Number, e.Kind})
			}
			if e.Kind == string(store.FIRRegistered) {
				name, _, _ := strings.Cut(e.Note, " – ")
				byMark[name] = append(byMark[name], noted{filing.Number, e.Kind})
			}
			once[e.Kind]++
		}
		if filing.Status == store.Withdrawn && !withdrawn[filing.Number] {
			f.additions = append(f.additions, filing.Number+" is withdrawn, and by nobody")
		}
		for _, kind := range []string{string(store.Acknowledged), store.Signed} { // nobody reopens anything here
			if once[kind] > 1 {
				f.repeatedActs = append(f.repeatedActs, fmt.Sprintf("%s: %s %d times", filing.Number, kind, once[kind]))
			}
		}
	}
	for _, e := range w.errands() {
		e.check(byMark[e.mark], byNumber[e.number].Events, f)
	}
	for _, c := range w.citizens {
		for _, a := range c.added {
			if err := a.check(ctx, records, c, byMark[a.mark], byNumber, f); err != nil {
				return err
			}
		}
	}
	w.checkElders(byNumber, f)
	rows, _ := records.Pool().Query(ctx, `
		select f.number, e.kind, count(*) from events e join filings f on f.id = e.filing
		where e.dialog is not null group by f.number, e.dialog, e.kind having count(*) > 1`)
	var number, kind string
	var times int
	_, err := pgx.ForEachRow(rows, []any{&number, &kind, &times}, func() error {
		f.repeatedActs = append(f.repeatedActs, fmt.Sprintf("%s: %s %d times by one dialog", number, kind, times))
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the events: %w", err)
	}
	return nil
}

// withdrawn are the numbers that a citizen wanted to withdraw, or that an elder said no to.
func (w *world) withdrawn() map[string]bool {
	all := map[string]bool{}
	for _, c := range w.citizens {
		for _, a := range c.added {
			if a.kind == string(store.Withdrawn) {
				all[a.number] = true
			}
		}
	}
	for _, e := range w.elders {
		if !e.agreed {
			all[e.number] = true
		}
	}
	return all
}

// errands are those of all officers.
func (w *world) errands() (all []*errand) {
	for _, s := range w.stations {
		all = append(append(all, s.sho.errands...), s.desk.errands...)
	}
	return all
}

// check compares an errand with the events that have its words, among all of its filing.
func (e *errand) check(events []noted, all []store.Event, f *findings) {
	what := fmt.Sprintf("chat %d, %s %s", e.officer.ID, e.action, e.number)
	if e.told && len(events) == 0 && (e.fir != nil || !e.officer.misheard(all, e.events...)) {
		f.acts = append(f.acts, what)
	}
	if len(events) > e.begun {
		f.repeatedActs = append(f.repeatedActs, fmt.Sprintf("%s: begun %d times, done %d times", what, e.begun, len(events)))
	}
	for _, at := range events {
		if at.number != e.number || !slices.Contains(e.events, at.kind) {
			f.acts = append(f.acts, fmt.Sprintf("%s became %s of %s", what, at.kind, at.number))
		}
	}
}

// check compares what a citizen did with a filing with what the records have of it.
func (a *addition) check(ctx context.Context, records *store.Store, c *citizen, events []noted, filings map[string]filing, f *findings) error {
	number, kind := a.number, a.kind
	if a.code != "" {
		tip, _, err := records.TipByCode(ctx, a.code)
		if err != nil {
			return fmt.Errorf("looking for a tip by a code that was told: %w", err)
		}
		number, kind = tip.Number, store.Information
	}
	what := fmt.Sprintf("chat %d, %s %s", c.ID, a.kind, number)
	switch kind {
	case "fir_copy":
		return nil // checkRegister
	case "rated":
		if a.told && filings[number].Rating != a.stars {
			f.additions = append(f.additions, what)
		}
		return nil
	case string(store.Withdrawn):
		if status := filings[number].Status; a.told && status != store.Withdrawn {
			f.additions = append(f.additions, what+", which is "+string(status))
		}
		return nil
	}
	lost := a.told && len(events) == 0 && !c.misheard(filings[number].Events, kind)
	if lost || len(events) > a.begun {
		f.additions = append(f.additions, fmt.Sprintf("%s: begun %d times, told: %v, there %d times", what, a.begun, a.told, len(events)))
	}
	for _, at := range events {
		if at.number != number || at.kind != kind {
			f.additions = append(f.additions, fmt.Sprintf("%s became %s of %s", what, at.kind, at.number))
		}
	}
	return nil
}

// checkElders checks that each elder's yes or no counts once, and as it was said.
func (w *world) checkElders(filings map[string]filing, f *findings) {
	for _, e := range w.elders {
		if e.number == "" {
			continue
		}
		said := map[string]int{}
		for _, event := range filings[e.number].Events {
			if event.Kind == store.EventConsent || event.Kind == store.EventRefused {
				said[event.Kind]++
			}
		}
		meant := map[bool]string{true: store.EventConsent, false: store.EventRefused}[e.agreed]
		if told := e.told(); told != "" && (len(said) != 1 || said[told] != 1 || told != meant) {
			f.additions = append(f.additions, fmt.Sprintf("chat %d, %s: an elder meant %s, was told %s, and there are %v",
				e.ID, e.number, meant, strconv.Quote(told), said))
		}
	}
}
