package desk

import (
	"context"

	"nagrik/bot"
	"nagrik/store"
)

// transfer (स्थानांतरण) sends a filing to another station, which has to accept it. What was made to the district,
// because the citizen did not know the station, is given to one of its stations by those above them.
type transfer struct {
	errand
	Station string
	Reason  string
}

// Ask names the questions.
func (x *transfer) Ask(q *bot.Questions) {
	if x.on(q, store.ActTransfer) {
		q.Pick(&x.Station, "station", x.d.Places.All(), x.about())
		q.Text(&x.Reason, "reason", bot.Length(3, 500))
	}
}

// File sends it.
func (x *transfer) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if x.Station == x.filing.Station && x.may(store.ActTransfer) {
		return bot.Outcome{Text: "desk.transfer.same", Data: map[string]any{"Number": x.filing.Number}, Next: onward(x.filing.Number)}, nil
	}
	return x.step(ctx, f, store.Step{Action: store.ActTransfer, Note: x.Reason, To: x.Station}, nil)
}

// refusal (वापस भेजें) sends a filing back to the station that it came from.
type refusal struct {
	errand
	Reason string
}

// Ask names the questions.
func (x *refusal) Ask(q *bot.Questions) {
	if x.on(q, store.ActSendBack) {
		q.Text(&x.Reason, "reason", bot.Length(3, 500), x.about())
	}
}

// File sends it back.
func (x *refusal) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	return x.file(ctx, f, store.ActSendBack, x.Reason, nil)
}
