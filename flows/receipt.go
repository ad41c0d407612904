package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

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

// address is where a paper can be checked.
func (p Papers) address(i paper.Issued) string {
	return p.PublicURL + "/verify/" + paper.VerifyCode(p.Sign, i.Number, i.At, i.Kind, i.Hash)
}

// Receipt is a filing's receipt as PDF, for its citizen: the same whenever it is made.
func (r *Records) Receipt(ctx context.Context, filing int64, lang string) (*bot.Paper, error) {
	f, err := r.Store.ForCitizen(ctx, filing)
	if err != nil {
		return nil, err
	}
	return r.receipt(lang, f)
}

func (r *Records) receipt(in string, f store.Details) (*bot.Paper, error) {
	answers, err := answersOf(f)
	if err != nil {
		return nil, err
	}
	issued := receiptOf(f, answers)
	at := StationChoice{Code: f.Station, District: f.District}
	data := map[string]any{"Number": f.Number, "Station": r.placeName(in, ".oblique", at)}
	declaration, _ := r.Texts.Text(in, f.Service+".declare", nil)
	next, _ := r.Texts.Text(in, f.Service+".next", data)
	var beside []paper.Row
	add := func(label, value string, data map[string]any) {
		beside = append(beside, paper.Row{Label: r.text(in, label, nil), Value: r.text(in, value, data)})
	}
	if n := filesWith(f, answers); n > 0 {
		add("paper.files", "engine.shown.files", map[string]any{"Count": n})
	}
	if phone := f.Applicant.Phone; phone != "" {
		add("common.phone.label", "engine.shown.phone", map[string]any{"Value": phone})
	}
	content, err := r.Papers.Press.Receipt(paper.Receipt{
		Lang:        lang(in),
		Service:     r.text(in, "paper.kind."+issued.Kind, nil),
		Number:      f.Number,
		FiledAt:     f.CreatedAt,
		Station:     r.placeName(in, "", at),
		Beside:      beside,
		Answers:     answers,
		Declaration: declaration,
		Next:        next,
		Address:     r.Papers.address(issued),
		Hash:        paper.Short(issued.Hash),
	})
	if err != nil {
		return nil, fmt.Errorf("setting a receipt: %w", err)
	}
	return pdf(f.Number, content), nil
}

// filesWith counts the files that came with a filing, without recordings that are answers. What was
// added later is no part of the receipt.
func filesWith(f store.Details, answers []bot.Shown) (n int) {
	for _, m := range f.Media {
		spoken := slices.ContainsFunc(answers, func(a bot.Shown) bool { return a.Key == m.Label })
		if !spoken && !m.ReceivedAt.After(f.CreatedAt) {
			n++
		}
	}
	return n
}

// receiptOf is a filing's receipt as the page behind its QR code knows it.
func receiptOf(f store.Details, answers []bot.Shown) paper.Issued {
	kind := f.Service
	if kind == "character_certificate" {
		kind = "character_application" // the certificate itself is a paper of another kind
	}
	return paper.Issued{Number: f.Number, Kind: kind, At: f.CreatedAt, Hash: paper.ContentHash(answers)}
}

func pdf(name string, content []byte) *bot.Paper {
	return &bot.Paper{Name: name + ".pdf", MIME: "application/pdf", Data: content}
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

// IssuedPapers is a paper.Find: the papers that were given out for a filing's number, the receipt, the
// result that stands and the certificates of its evidence; and the copies of FIRs.
func IssuedPapers(s *store.Store) paper.Find {
	return func(ctx context.Context, number string) ([]paper.Issued, error) {
		if papers, ok, err := issuedFIR(ctx, s, number); ok || err != nil {
			return papers, err
		}
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
		papers := []paper.Issued{receiptOf(f, answers)}
		if e, ok := resultIn(f.Events); ok {
			papers = append(papers, resultOf(f, answers, e))
		}
		printed, err := s.Certificates(ctx, number)
		for _, e := range printed {
			papers = append(papers, certificateOf(e))
		}
		return papers, err
	}
}
