package desk

import (
	"context"
	"fmt"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// Receipt makes the receipt of a filing for its citizen.
type Receipt func(ctx context.Context, filing int64, lang string) (*bot.Paper, error)

// receipt brings a citizen the receipt of a filing. It goes through the outbox and not with the reply
// that ends the dialog: a webhook's answer can carry no file, and a receipt has to arrive.
func (s *Sender) receipt(ctx context.Context, n store.Notice) (bot.Reply, error) {
	d, lang := s.Desk, citizens(n.Lang)
	paper, err := s.Receipt(ctx, n.Filing.ID, lang)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("making a receipt: %w", err)
	}
	return bot.Reply{
		Text: d.text(lang, "notices.receipt", map[string]any{"Service": d.service(lang, n.Filing.Service), "Number": n.Filing.Number}),
		Few:  n.Simple, Document: paper, Options: []bot.Option{d.seeFilings(lang)},
	}, nil
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
