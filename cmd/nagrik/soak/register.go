package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/locales"
	"nagrik/store"
)

// entry is an FIR that an SHO registers, under a number that nobody else gives.
type entry struct {
	number  int
	zero    bool
	publish bool
}

// sections are those of all FIRs here. Whether one is to be published is for the SHO to say.
const sections = "BNS 303(2), 317(2)"

// nextFIR gives a number of the station's part of all numbers: no two stations here have the same.
func (s *station) nextFIR() int {
	s.work.mu.Lock()
	defer s.work.mu.Unlock()
	s.work.registered++
	return (s.n+1)*1000 + s.work.registered
}

// year is that of all FIRs here.
func year() int { return time.Now().In(locales.India).Year() }

// text is the number as people write it.
func (e entry) text() string { return strconv.Itoa(e.number) + "/" + strconv.Itoa(year()) }

// name is what news and timelines call it.
func (e entry) name() string {
	if e.zero {
		return "Zero FIR " + e.text()
	}
	return "FIR " + e.text()
}

// newEntry makes up what an SHO enters of a filing with this card, and what the review shows of it.
func (o *officer) newEntry(rnd *rand.Rand, card string, e *errand) {
	hasZero, sensitive := o.words.says(card, "desk.card.zero_fir"), o.words.says(card, "desk.card.sensitive")
	e.fir = &entry{number: o.station.nextFIR(), zero: !hasZero && chance(rnd, .3), publish: chance(rnd, .7)}
	e.mark = e.fir.name()
	label := o.words.label
	ask := func(key string, a answer, shown string) {
		e.answers["act_register_fir."+key] = a
		e.review[label("act_register_fir."+key+".label")] = shown
	}
	choose := func(key, option string) {
		chosen := label("act_register_fir." + key + "." + option)
		ask(key, answer{press: chosen}, chosen)
	}
	e.review = map[string]string{}
	if !hasZero {
		choose("kind", map[bool]string{false: "fir", true: "zero"}[e.fir.zero])
	}
	ask("number", answer{say: strconv.Itoa(e.fir.number)}, strconv.Itoa(e.fir.number))
	ask("sections", answer{say: sections}, sections)
	today := time.Now().In(locales.India)
	ask("on", answer{say: today.Format("02-01-2006")}, o.words.texts.Date("hi", today))
	if !sensitive {
		choose("publish", map[bool]string{false: "no", true: "yes"}[e.fir.publish])
	}
}

// registered is a row of the register.
type registered struct {
	Number     string // of the filing, "" if none
	Station    string
	FIRYear    int
	FIRNumber  int
	Zero       bool
	Restricted bool
}

func (r registered) name() string {
	return entry{number: r.FIRNumber, zero: r.Zero}.name()
}

// code is what the QR code of its copy leads to.
func (r registered) code() string {
	return map[bool]string{false: "F", true: "Z"}[r.Zero] + r.Station + "N" + strconv.Itoa(r.FIRNumber) + "Y" + strconv.Itoa(r.FIRYear)
}

// file is the name of its copy.
func (r registered) file() string {
	return strings.NewReplacer(" ", "-", "/", "-").Replace(r.name()) + ".pdf"
}

// firNotices are how often the news of a filing's versions were tried to be sent.
const firNotices = `
	select f.number, n.ver, n.attempt from notices n join filings f on f.id = n.filing join events e on e.filing = f.id and e.ver = n.ver
	where n.kind = 'status' and e.kind = 'fir_registered'`

// readRegister reads the register, by the names of the FIRs.
func readRegister(ctx context.Context, records *store.Store) (map[string]registered, error) {
	rows, _ := records.Pool().Query(ctx, `
		select coalesce(f.number, ''), r.station, r.year, r.number, r.zero, r.restricted from firs r left join filings f on f.id = r.filing`)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[registered])
	if err != nil {
		return nil, fmt.Errorf("reading the register: %w", err)
	}
	all := map[string]registered{}
	for _, r := range list {
		all[r.name()] = r
	}
	return all, nil
}

// checkRegister checks that the register and the filings agree, that each entry is one that an SHO made, and that
// its informant got the copy: not once more than it was tried to be sent.
func (w *world) checkRegister(ctx context.Context, records *store.Store, filings []filing, f *findings) error {
	register, err := readRegister(ctx, records)
	if err != nil {
		return err
	}
	tried := map[string]int{}
	rows, _ := records.Pool().Query(ctx, firNotices)
	var number string
	var ver, attempts int
	if _, err := pgx.ForEachRow(rows, []any{&number, &ver, &attempts}, func() error {
		tried[fmt.Sprint(number, ver)] = attempts
		return nil
	}); err != nil {
		return fmt.Errorf("reading the news of FIRs: %w", err)
	}
	f.firs = len(register)
	told := map[string]bool{}
	for _, filing := range filings {
		f.register = append(f.register, disagrees(filing, register)...)
		for _, e := range filing.Events {
			if e.Kind != string(store.FIRRegistered) {
				continue
			}
			name, _, _ := strings.Cut(e.Note, " – ")
			told[name] = true
			came, most := copies(filing, register[name]), tried[fmt.Sprint(filing.Number, e.Ver)]
			if filing.citizen != nil && (came == 0 || came > most) {
				f.copies = append(f.copies, fmt.Sprintf("chat %d: %s, %q came %d times in %d attempts", filing.citizen.ID, filing.Number, name, came, most))
			}
			f.copiesGiven += min(came, 1)
			f.copyRepeats += max(0, came-1)
		}
	}
	for _, c := range w.citizens {
		for _, a := range c.added {
			if a.fir != nil {
				a.checkCopy(c, register, f)
			}
		}
	}
	for name, r := range register {
		if !told[name] || !slices.ContainsFunc(w.errands(), func(e *errand) bool {
			return e.fir != nil && e.mark == name && e.number == r.Number && e.officer.station.code == r.Station
		}) {
			f.register = append(f.register, fmt.Sprintf("%s of %s is by nobody, or in no timeline", name, r.Number))
		}
	}
	return nil
}

// disagrees says where a filing and the register differ.
func disagrees(filing filing, register map[string]registered) (lines []string) {
	says := map[string]bool{}
	for prefix, text := range map[string]string{"FIR ": filing.FIR, "Zero FIR ": filing.ZeroFIR} {
		if text == "" {
			continue
		}
		says[prefix+text] = true
		if r, ok := register[prefix+text]; !ok || r.Number != filing.Number {
			lines = append(lines, fmt.Sprintf("%s has %s%s, the register %q", filing.Number, prefix, text, r.Number))
		}
	}
	for name, r := range register {
		if r.Number == filing.Number && (!says[name] || r.Restricted != filing.Sensitive) {
			lines = append(lines, fmt.Sprintf("%s of the register is not in %s, or as sensitive: %v", name, filing.Number, r.Restricted))
		}
	}
	return lines
}

// copies is how often the copy of an FIR came to its informant with the news of it.
func copies(filing filing, r registered) (came int) {
	if filing.citizen == nil {
		return 0
	}
	for _, m := range filing.citizen.Inbox() {
		if filing.citizen.words.newsIn(m.Text) == string(store.FIRRegistered) && slices.Contains(numbers(m.Text), filing.Number) && paperOf(m, r.code(), r.file()) {
			came++
		}
	}
	return came
}

// asksForCopy is a citizen who had the news of an FIR, and wants the copy once more: as the informant, or as
// anybody may ask for it.
func (c *citizen) asksForCopy(m telegramtest.Message, number string) *addition {
	found := entryForm.FindStringSubmatch(m.Text)
	if found == nil {
		return nil
	}
	e := &entry{zero: found[1] != ""}
	e.number, _ = strconv.Atoi(found[2])
	at := e.number/1000 - 1
	if at < 0 || at >= len(c.town) {
		return nil
	}
	a := &addition{kind: "fir_copy", number: number, fir: e, mine: chance(c.rnd, .5), from: len(c.Inbox())}
	item := c.words.text("fir_copy.own.item", map[string]any{"FIR": e.text(), "Zero": e.zero})
	a.data = map[string]any{"Count": c.firsHeard()}
	a.answers = map[string]answer{
		"fir_copy.which": {say: e.name() + " " + c.town[at].name}, "fir_copy.station": {say: c.town[at].name},
		"engine.which_of_these": {press: c.town[at].label},
	}
	if a.mine {
		a.answers["fir_copy.which"] = answer{press: c.words.label("fir_copy.which.mine")}
		a.answers["fir_copy.own"] = answer{press: item}
	}
	a.begin = func() { c.say(c.words.label("menu.fir_copy")) }
	a.over = func(m telegramtest.Message) bool {
		given := strings.Contains(m.Text, "📕 "+e.name()+" · ")
		a.given = a.given || given
		return given || !a.mine && c.words.says(m.Text, "fir_copy.restricted") && strings.Contains(m.Text, e.text())
	}
	return a
}

// firsHeard is of how many FIRs a citizen had news.
func (c *citizen) firsHeard() int {
	names := map[string]bool{}
	for _, m := range c.Inbox() {
		if c.words.newsIn(m.Text) == string(store.FIRRegistered) {
			names[entryForm.FindString(m.Text)] = true
		}
	}
	return len(names)
}

// checkCopy checks what came to a citizen who asked for the copy of an FIR.
func (a *addition) checkCopy(c *citizen, register map[string]registered, f *findings) {
	r := register[a.fir.name()]
	f.copiesAsked++
	if a.told {
		f.copiesAnswered++
	}
	// Where the words take the place of a question, the paper is a message of its own before them.
	here, other := false, false
	for _, m := range c.Inbox()[a.from:] {
		if c.words.newsIn(m.Text) == "" && len(m.Files) > 0 && strings.Contains(m.Files[0].Name, "FIR-") {
			here = here || paperOf(m, r.code(), r.file())
			other = other || !slices.ContainsFunc(c.added, func(asked *addition) bool {
				of := registered{}
				if asked.fir != nil {
					of = register[asked.fir.name()]
				}
				return paperOf(m, of.code(), of.file())
			})
		}
	}
	what := fmt.Sprintf("chat %d, %s, asked for as informant: %v", c.ID, a.fir.name(), a.mine)
	if a.given && !here {
		f.wordsAlone = append(f.wordsAlone, what)
	}
	switch {
	case other || a.given && r.Number != a.number:
		f.copies = append(f.copies, what+": another paper came")
	case here && !a.mine && r.Restricted:
		f.strangers = append(f.strangers, what+": it is restricted")
	case a.told && !a.given && !r.Restricted:
		f.copies = append(f.copies, what+": refused, and it is not restricted")
	}
}
