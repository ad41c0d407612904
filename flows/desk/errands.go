package desk

import (
	"context"

	"nagrik/bot"
	"nagrik/store"
)

// The interviews of the actions. What an officer says becomes the note of the event, in the words of
// the officers' language.

// query (जानकारी माँगें) is a question to the citizen, who answers through the filing: neither sees the
// other's number.
type query struct {
	errand
	Words  string
	Photos []string
}

// Ask names the questions.
func (x *query) Ask(q *bot.Questions) {
	if x.on(q, store.ActAsk) {
		q.Text(&x.Words, "say", bot.Length(3, 1000), x.about())
		if x.filing.Service != "tip" { // a tipster reads words only
			q.Photos(&x.Photos, "photos", 3, bot.Optional)
		}
	}
}

// File asks the citizen.
func (x *query) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	return x.file(ctx, f, store.ActAsk, x.Words, x.Photos)
}

// note (नोट) is for officers only.
type note struct {
	errand
	Words  string
	Photos []string
}

// Ask names the questions.
func (x *note) Ask(q *bot.Questions) {
	if x.on(q, store.ActNote) {
		q.Text(&x.Words, "say", bot.Length(3, 2000), x.about())
		q.Photos(&x.Photos, "photos", 5, bot.Optional)
	}
}

// File keeps the note.
func (x *note) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	return x.file(ctx, f, store.ActNote, x.Words, x.Photos)
}

// visit (गश्त) is that an officer went to a traveller's house or to an elder, and what was found there.
type visit struct {
	errand
	How    string
	Words  string
	Photos []string
}

// Ask names the questions.
func (x *visit) Ask(q *bot.Questions) {
	if x.on(q, store.ActVisit) {
		q.Choice(&x.How, "how", []string{"fine", "nobody", "trouble"}, x.about())
		if x.How == "fine" {
			q.Text(&x.Words, "say", bot.Length(3, 500), bot.Optional)
		} else {
			q.Text(&x.Words, "say", bot.Length(3, 500))
		}
		q.Photos(&x.Photos, "photos", 3, bot.Optional)
	}
}

// File records the visit.
func (x *visit) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	return x.file(ctx, f, store.ActVisit, joined(x.option("visit.how", x.How), x.Words), x.Photos)
}

// consent (सहमति) is an elder's yes or no, given to the officer who visited, to the registration that a
// relative made.
type consent struct {
	errand
	Agrees bool
}

// Ask names the questions.
func (x *consent) Ask(q *bot.Questions) {
	if x.on(q, store.ActConsent) {
		q.Yes(&x.Agrees, "agrees", x.about())
	}
}

// File notes it. A no ends the registration.
func (x *consent) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if x.Agrees {
		return x.file(ctx, f, store.ActConsent, "", nil)
	}
	return x.file(ctx, f, store.ActRefuse, "", nil)
}

// enquiry (जाँच शुरू) is the beginning of an enquiry. For offences of three to seven years BNSS s.173(3)
// wants the permission of a DSP, and a result within fourteen days.
type enquiry struct {
	errand
	Permission string
	Words      string
}

// Ask names the questions.
func (x *enquiry) Ask(q *bot.Questions) {
	if !x.on(q, store.ActEnquire) {
		return
	}
	if x.filing.Service == "complaint" {
		q.Choice(&x.Permission, "permission", []string{"taken", "not_needed"}, x.about())
		if x.Permission == "taken" {
			q.Text(&x.Words, "say", bot.Length(3, 300))
		}
		return
	}
	q.Text(&x.Words, "officer", bot.Length(2, 300), bot.Optional, x.about())
}

// File begins the enquiry.
func (x *enquiry) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	return x.file(ctx, f, store.ActEnquire, joined(x.option("enquire.permission", x.Permission), x.Words), nil)
}

// verdict (सत्यापित / असत्यापित) is the result of a verification.
type verdict struct {
	errand
	Result string
	Reason string
}

// verdicts are the actions that the results stand for.
var verdicts = map[string]store.Action{"verified": store.ActVerify, "not_verified": store.ActNotVerify, "cannot": store.ActCannotVerify}

// Ask names the questions.
func (x *verdict) Ask(q *bot.Questions) {
	if x.on(q, store.ActVerify) {
		q.Choice(&x.Result, "result", []string{"verified", "not_verified", "cannot"}, x.about())
		if x.Result == "verified" {
			q.Text(&x.Reason, "reason", bot.Printed(3, 500), bot.Optional)
		} else {
			q.Text(&x.Reason, "reason", bot.Printed(3, 500))
		}
	}
}

// File gives the result: the citizen hears of it and gets the paper.
func (x *verdict) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	what, ok := verdicts[x.Result]
	if !ok {
		what = store.ActVerify
	}
	return x.file(ctx, f, what, x.Reason, nil)
}

// certificate (प्रमाण पत्र जारी) issues a character certificate.
type certificate struct {
	errand
	Record string
	Remark string
}

// Ask names the questions.
func (x *certificate) Ask(q *bot.Questions) {
	if x.on(q, store.ActCertify) {
		q.Choice(&x.Record, "record", []string{"clean", "remark"}, x.about())
		if x.Record == "remark" {
			q.Text(&x.Remark, "remark", bot.Printed(5, 500))
		}
	}
}

// File issues the certificate; its note is the remark, empty for a clean record.
func (x *certificate) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	return x.file(ctx, f, store.ActCertify, x.Remark, nil)
}

// finding (मिल गया) ends the search for a person or thing. That somebody was found dead is told by a
// person, not by this program: there is no such answer here.
type finding struct {
	errand
	Words  string
	Photos []string
}

// Ask names the questions.
func (x *finding) Ask(q *bot.Questions) {
	if x.on(q, store.ActFind) {
		q.Text(&x.Words, "say", bot.Length(3, 500), x.about())
		q.Photos(&x.Photos, "photos", 3, bot.Optional)
	}
}

// File ends the search.
func (x *finding) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	return x.file(ctx, f, store.ActFind, x.Words, x.Photos)
}

// restriction marks a filing as sensitive: from then on the SHO and those above see it, and no group
// does. It can't be taken back here.
type restriction struct {
	errand
	Sure   bool
	Reason string
}

// Ask names the questions.
func (x *restriction) Ask(q *bot.Questions) {
	if x.on(q, store.ActRestrict) {
		q.Yes(&x.Sure, "sure", x.about())
		if x.Sure {
			q.Text(&x.Reason, "reason", bot.Length(3, 300))
		}
	}
}

// File restricts the filing.
func (x *restriction) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if !x.Sure && x.may(store.ActRestrict) {
		return bot.Outcome{Text: "desk.left"}, nil
	}
	return x.file(ctx, f, store.ActRestrict, x.Reason, nil)
}

// pinReset takes away the PIN of a citizen who forgot it and showed at the station who they are.
type pinReset struct {
	errand
	Seen bool
}

// Ask names the questions.
func (x *pinReset) Ask(q *bot.Questions) {
	if x.on(q, store.ActResetPin) {
		q.Yes(&x.Seen, "seen", x.about())
	}
}

// File takes the PIN away.
func (x *pinReset) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if !x.Seen && x.may(store.ActResetPin) {
		return bot.Outcome{Text: "desk.left"}, nil
	}
	return x.file(ctx, f, store.ActResetPin, "", nil)
}

// closing (बंद) ends a filing for a reason from a list, and a sentence that the citizen reads.
type closing struct {
	errand
	Reason string
	Words  string
}

// Ask names the questions.
func (x *closing) Ask(q *bot.Questions) {
	if x.on(q, store.ActClose) {
		q.Choice(&x.Reason, "reason", x.reasons(), x.about())
		q.Text(&x.Words, "say", bot.Printed(5, 500))
	}
}

// reasons are those that the officer may give: that a complaint is false or no matter for the police
// is for the SHO and those above to say.
func (x *closing) reasons() []string {
	reasons := []string{"done", "settled", "unreachable", "duplicate", "misc"}
	for _, r := range x.roles {
		if r != store.DeskOfficer {
			return []string{"done", "settled", "unreachable", "duplicate", "civil", "not_police", "false", "misc"}
		}
	}
	return reasons
}

// File ends the filing.
func (x *closing) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	return x.file(ctx, f, store.ActClose, joined(x.option("close.reason", x.Reason), x.Words), nil)
}
