package desk

import (
	"context"
	"fmt"

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
