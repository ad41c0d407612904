package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"nagrik/bot"
	"nagrik/flows/paper"
	"nagrik/store"
)

// Papers makes the papers that citizens keep, and knows them again.
type Papers struct {
	Press     *paper.Press
	Sign      func(parts ...string) []byte // makes codes that nobody else can
	PublicURL string
}

// receipt is a filing's receipt as PDF: the same whenever it is asked for.
func (r *Records) receipt(ctx context.Context, v bot.Visit, filing int64) (*bot.Paper, error) {
	own, err := r.Store.Own(ctx, v.Citizen, filing)
	if err != nil {
		return nil, err
	}
	answers, err := answersOf(own)
	if err != nil {
		return nil, err
	}
	hash := paper.ContentHash(answers)
	at := StationChoice{Code: own.Station, District: own.District}
	data := map[string]any{"Number": own.Number, "Station": r.placeName(v.Lang, ".oblique", at)}
	declaration, _ := r.Texts.Text(v.Lang, own.Service+".declare", nil)
	next, _ := r.Texts.Text(v.Lang, own.Service+".next", data)
	content, err := r.Papers.Press.Receipt(paper.Receipt{
		Lang:    lang(v.Lang),
		Service: r.text(v.Lang, "paper.kind."+own.Service, nil),
		Number:  own.Number,
		FiledAt: own.CreatedAt,
		Station: r.placeName(v.Lang, "", at),
		Applicant: []paper.Row{
			{Label: r.text(v.Lang, "common.phone.label", nil), Value: r.text(v.Lang, "engine.shown.phone", map[string]any{"Value": own.Applicant.Phone})},
		},
		Answers:     answers,
		Declaration: declaration,
		Next:        next,
		Address:     r.Papers.PublicURL + "/verify/" + paper.VerifyCode(r.Papers.Sign, own.Number, own.CreatedAt, own.Service, hash),
		Hash:        paper.Short(hash),
	})
	if err != nil {
		return nil, fmt.Errorf("setting a receipt: %w", err)
	}
	return &bot.Paper{Name: own.Number + ".pdf", MIME: "application/pdf", Data: content}, nil
}

// answersOf gives what a filing's citizen answered, in words.
func answersOf(f store.Details) ([]bot.Shown, error) {
	var kept struct {
		Answers []bot.Shown `json:"answers"`
	}
	if err := json.Unmarshal(f.Details, &kept); err != nil {
		return nil, errors.New("the details of a filing can't be read") // the cause may repeat them
	}
	return kept.Answers, nil
}

// IssuedPapers is a paper.Find: the papers that were given out for a filing's number.
func IssuedPapers(s *store.Store) paper.Find {
	return func(ctx context.Context, number string) ([]paper.Issued, error) {
		f, err := s.Content(ctx, number)
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		answers, err := answersOf(f)
		if err != nil {
			return nil, err
		}
		return []paper.Issued{{Number: f.Number, Kind: f.Service, At: f.CreatedAt, Hash: paper.ContentHash(answers)}}, nil
	}
}
