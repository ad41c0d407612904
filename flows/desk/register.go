package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// entry (FIR दर्ज) enters a filing in the FIR register of its station: the number that the station gave it,
// the sections, the date. The informant gets the copy with the news (BNSS 2023 s.173(2)).
type entry struct {
	errand
	Kind     string // "fir", or "zero" for an occurrence at another station's place (BNSS s.173(1))
	Number   string // "123", or "123/2026"
	Sections string
	On       bot.When
	Publish  string // "yes", or "no"
}

// Ask names the questions.
func (x *entry) Ask(q *bot.Questions) {
	if !x.on(q, store.ActRegister) {
		return
	}
	if x.filing.ZeroFIR == "" {
		q.Choice(&x.Kind, "kind", []string{"fir", "zero"}, x.about())
	}
	q.Text(&x.Number, "number", bot.FIRNumber, x.about())
	q.Text(&x.Sections, "sections", bot.Sections)
	if !x.filing.Sensitive && Unpublished(x.Sections) {
		q.Say("act_register_fir.say.unpublished")
	}
	q.Date(&x.On, "on", bot.Past)
	if !x.filing.Sensitive && !Unpublished(x.Sections) {
		q.Choice(&x.Publish, "publish", []string{"yes", "no"})
	}
}

// File enters it.
func (x *entry) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	st := store.Step{Action: store.ActRegister}
	if x.may(store.ActRegister) {
		fir := &store.NewFIR{
			Year: x.On.Time.Year(), Zero: x.Kind == "zero", Sections: x.Sections, On: x.On.Time,
			Restricted: x.Publish == "no" || Unpublished(x.Sections),
		}
		number, year, withYear := strings.Cut(x.Number, "/")
		if fir.Number, _ = strconv.Atoi(number); withYear {
			fir.Year, _ = strconv.Atoi(year)
		}
		st.FIR, st.Note = fir, x.note(*fir)
	}
	return x.step(ctx, f, st, nil)
}

// note is what the event says: the number and the sections, which read the same in every language.
func (x *entry) note(fir store.NewFIR) string {
	name := "FIR "
	if fir.Zero {
		name = "Zero FIR "
	}
	return name + store.FIRKey{Number: fir.Number, Year: fir.Year}.Text() + " – " + fir.Sections
}

// Unpublished says whether the law keeps an FIR with these sections from being published: sexual offences,
// offences against children, terrorism and insurgency (Youth Bar Association v. Union of India, 2016;
// services.md, section 4).
func Unpublished(sections string) bool {
	laws, _ := hindi.Laws(sections)
	for _, l := range laws {
		switch l.Act {
		case "POCSO", "UAPA":
			return true
		case "BNS":
			if slices.ContainsFunc(l.Sections, func(s string) bool { return among(s, 64, 79) || among(s, 113, 113) || among(s, 147, 152) }) {
				return true
			}
		case "IPC": // what was done before July 2024
			if slices.ContainsFunc(l.Sections, func(s string) bool {
				return among(s, 354, 354) || among(s, 376, 376) || among(s, 509, 509) || among(s, 121, 124)
			}) {
				return true
			}
		}
	}
	return false
}

// among says whether a section has a number from first to last, whatever letters and brackets follow.
func among(section string, first, last int) bool {
	digits := section
	if end := strings.IndexFunc(section, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		digits = section[:end]
	}
	n, err := strconv.Atoi(digits)
	return err == nil && n >= first && n <= last
}

// evidence (साक्ष्य प्रमाण पत्र) sends the officer the certificate of a filing's electronic records, with their
// hashes, to be filled in and signed (BSA 2023 s.63(4)). Printing it is written into the audit.
func (d *Desk) evidence(ctx context.Context, r request) (answer, error) {
	e, err := d.Store.Evidence(ctx, r.filing, r.Chat.Channel, r.Sender)
	if errors.Is(err, store.ErrNotAllowed) {
		d.observe("evidence", string(store.NotAllowed))
		return answer{words: d.say("desk.not_allowed", nil)}, nil
	}
	if err != nil {
		return answer{}, fmt.Errorf("opening the evidence: %w", err)
	}
	if len(e.Media) == 0 {
		return answer{words: d.say("desk.evidence.none", nil)}, nil
	}
	paper, err := d.Certificate(e)
	if err != nil {
		return answer{}, err
	}
	private := r.Chat
	if r.Group {
		private.ID = r.Sender // where there are groups, a person's private chat has the person's id
	}
	caption := d.say("desk.evidence.here", map[string]any{"Number": e.Number, "Count": len(e.Media)})
	if _, err := d.send(ctx, private, bot.Reply{Text: caption, Document: paper}); err != nil {
		return d.notSent(err)
	}
	d.observe("evidence", string(store.Done))
	if r.Group {
		return answer{words: d.say("desk.details.sent", nil)}, nil
	}
	return answer{words: d.say("desk.evidence.done", nil)}, nil
}
