package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"nagrik/store"
)

// checkTips checks that each tip whose giver was told that it is filed is there once, found by its claim
// code, and that there are no others: each is of a code that its giver saw. Nothing in it leads to anybody.
func (w *world) checkTips(ctx context.Context, records *store.Store, f *findings) (tips []filing, err error) {
	rows, _ := records.Pool().Query(ctx, `select id, coalesce(station, ''), citizen is not null or chat is not null or channel is not null from filings where service = 'tip' order by id`)
	type row struct {
		ID      int64
		Station string
		Known   bool
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		return nil, fmt.Errorf("reading the tips: %w", err)
	}
	byID := map[int64]*filing{}
	for _, r := range all {
		tip, err := w.view(ctx, records, r.ID, r.Station)
		if err != nil {
			return nil, err
		}
		for _, t := range w.tipStories() {
			if strings.Contains(string(tip.Details.Details), t.mark) {
				tip.story = t
			}
		}
		if r.Known || tip.Applicant != (store.Profile{}) {
			f.tips = append(f.tips, tip.Number+" leads to somebody")
		}
		tips = append(tips, tip)
		byID[r.ID] = &tips[len(tips)-1]
	}
	f.tipsFiled = len(tips)
	found := map[int64]bool{}
	for _, t := range w.tipStories() {
		for _, code := range append(slices.Clone(t.shown), t.codes...) {
			tip, _, err := records.TipByCode(ctx, code)
			switch told := slices.Contains(t.codes, code); {
			case errors.Is(err, store.ErrNotFound) && told:
				f.tips = append(f.tips, fmt.Sprintf("%s was told as filed, and is lost", t.mark))
			case errors.Is(err, store.ErrNotFound):
			case err != nil:
				return nil, fmt.Errorf("looking for a tip: %w", err)
			case byID[tip.ID] == nil || byID[tip.ID].story != t:
				f.tips = append(f.tips, fmt.Sprintf("the code of %s leads to %s, which is another's", t.mark, tip.Number))
			default:
				found[tip.ID] = true
			}
		}
	}
	for _, tip := range tips {
		if !found[tip.ID] {
			f.tips = append(f.tips, tip.Number+" has no code that its giver was shown")
		}
		if problem := tip.answersDiffer(); problem != "" {
			f.content = append(f.content, fmt.Sprintf("%s: %s", tip.Number, problem))
		}
	}
	return tips, nil
}

// tipStories are the stories that are tips.
func (w *world) tipStories() (all []*story) {
	for _, c := range w.citizens {
		for _, t := range c.stories {
			if t.service == "tip" {
				all = append(all, t)
			}
		}
	}
	return all
}
