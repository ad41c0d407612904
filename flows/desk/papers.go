package desk

import (
	"context"
	"fmt"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// Papers makes the papers of a filing for its citizen.
type Papers interface {
	Receipt(ctx context.Context, filing int64, lang string) (*bot.Paper, error)
	// Result is the paper of what an officer found, nil while there is none.
	Result(ctx context.Context, filing int64, lang string) (*bot.Paper, error)
	// FIR is the copy of the FIR that news tell of.
	FIR(ctx context.Context, n store.Notice) (*bot.Paper, error)
}

// receipt brings a citizen the receipt of a filing. It goes through the outbox and not with the reply
// that ends the dialog: a webhook's answer can carry no file, and a receipt has to arrive.
func (s *Sender) receipt(ctx context.Context, n store.Notice) (bot.Reply, error) {
	d, lang := s.Desk, citizens(n.Lang)
	see := bot.Option{Data: bot.StartTap("my_filings", "number", n.Filing.Number), Label: d.text(lang, "notices.see", nil)}
	if n.Locked { // on a shared phone the paper waits behind the PIN
		return bot.Reply{Text: d.text(lang, "notices.receipt.locked", nil), Few: n.Simple, Options: []bot.Option{see}}, nil
	}
	paper, err := s.Papers.Receipt(ctx, n.Filing.ID, lang)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("making a receipt: %w", err)
	}
	return bot.Reply{
		Text: d.text(lang, "notices.receipt", map[string]any{"Service": d.service(lang, n.Filing.Service), "Number": n.Filing.Number}),
		Few:  n.Simple, Document: paper, Options: []bot.Option{see},
	}, nil
}

// news brings a citizen news of a filing, with the paper where the news is that there is one.
func (s *Sender) news(ctx context.Context, n store.Notice) (bot.Reply, error) {
	reply := s.Desk.news(n)
	if !n.Locked {
		reply.Photos = s.Desk.pictures(ctx, n)
	}
	if n.Locked {
		return reply, nil
	}
	var err error
	switch n.Event.Kind {
	case string(store.Verified), string(store.NotVerified), string(store.CannotVerify), store.CertificateIssued:
		reply.Document, err = s.Papers.Result(ctx, n.Filing.ID, citizens(n.Lang))
	case string(store.FIRRegistered):
		reply.Document, err = s.Papers.FIR(ctx, n)
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("making the paper for news: %w", err)
	}
	return reply, nil
}

// queueTime is how long a receipt waits for its place: with the sending less than its lease.
const queueTime = 5 * time.Second

// queue waits for a receipt's place within the limits, which is wait away. Few receipts are in hand at
// once, and those behind them cost nothing while they wait; put off, each would come back to ask again.
func (s *Sender) queue(ctx context.Context, n store.Notice, wait time.Duration) time.Duration {
	for end := time.Now().Add(queueTime); wait > 0 && time.Now().Add(wait).Before(end); wait = s.room(ctx, n) {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return wait
		}
	}
	return wait
}
