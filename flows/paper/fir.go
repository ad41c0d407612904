package paper

import (
	"time"

	"nagrik/bot"
)

// The kinds of paper that an FIR's copy can be: the texts "paper.kind.…".
const (
	FIRCopy     = "fir_copy"
	ZeroFIRCopy = "zero_fir_copy"
)

// FIR is what the copy of an FIR says. It is set in Hindi, the language of the register.
type FIR struct {
	Number     string // "123/2026"
	Zero       bool   // of the register of Zero FIRs
	Restricted bool   // not published: the copy is the informant's alone
	Public     bool   // a copy for anybody, without what leads to the informant and to witnesses
	Station    string // "अररिया थाना"
	District   string
	On         time.Time // the day of the registration
	Sections   string
	Informant  []bot.Shown // who gave the information
	Answers    []bot.Shown // and what it was
	Officer    string      // who registered it, "थानाध्यक्ष, अररिया"; "" if that is not known
	EnteredAt  time.Time   // into the register; the check of the paper shows it
	IssuedAt   time.Time   // this copy
	Address    string      // of the paper's check
	Hash       string      // Short(ContentHash(…))
}

// FIR makes the copy of an FIR: the one that the informant gets at once and for nothing (BNSS 2023 s. 173(2)),
// with everything that the informant told, or one for the public.
func (p *Press) FIR(r FIR) ([]byte, error) {
	const lang = "hi"
	data := map[string]any{"Number": r.Number, "On": r.On, "At": r.EnteredAt, "Issued": r.IssuedAt}
	say := func(id string) string { return p.say(lang, "paper.fir."+id, data) }
	name := "name"
	var sections []Section
	if r.Zero {
		name = "name.zero"
		sections = append(sections, Section{Text: say("zero"), Weighty: true})
	}
	if r.Restricted {
		sections = append(sections, Section{Text: say("restricted"), Weighty: true})
	}
	if r.Public {
		sections = append(sections, Section{Text: say("public")})
	}
	sections = append(sections,
		Section{Heading: say("informant"), Rows: p.answers(lang, r.Informant)},
		Section{Heading: say("information"), Rows: p.answers(lang, r.Answers)})
	registered := []Row{{say("entered"), say("entered.at")}}
	if r.Officer != "" {
		registered = append(registered, Row{say("officer"), r.Officer})
	}
	law := "law"
	if r.Public {
		law = "law.public"
	}
	return p.Document(Document{
		Lang: lang, Title: say("title"), Subtitle: say(law), Name: say(name), Watermark: say("watermark"),
		Facts: []Row{
			{say("station"), r.Station}, {say("district"), r.District}, {say("on"), say("on.date")}, {say("sections"), r.Sections},
		},
		Sections: append(sections, Section{Heading: say("registered"), Rows: registered}),
		Issued:   r.IssuedAt, Address: r.Address, Hash: r.Hash,
	})
}
