package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/flows/paper"
	"nagrik/store"
)

// FIR is the copy of the FIR that a piece of news tells of, which the informant gets with it at once and for
// nothing (BNSS 2023 s. 173(2)). News go to a chat that the citizen verified: the copy of a restricted FIR goes
// to nobody but its informant.
func (r *Records) FIR(ctx context.Context, n store.Notice) (*bot.Paper, error) {
	firs, err := r.Store.FIRs(ctx, n.Filing.ID)
	if err != nil {
		return nil, err
	}
	// A filing may have a Zero FIR and later an FIR: the news are of the one that was entered with the event.
	for _, fir := range firs {
		if fir.CreatedAt.Equal(n.Event.At) {
			return r.firPaper(fir, false)
		}
	}
	return nil, errors.New("an FIR that was registered is not in the register")
}

// firCopy is the copy of a filing's FIR, or of its Zero FIR, for the citizen whose filing it is.
func (r *Records) firCopy(ctx context.Context, f store.Filing, zero bool) (*bot.Paper, error) {
	firs, err := r.Store.FIRs(ctx, f.ID)
	if err != nil {
		return nil, err
	}
	for _, fir := range firs {
		if fir.Zero == zero {
			return r.firPaper(fir, false)
		}
	}
	return nil, fmt.Errorf("copying an FIR: %w", store.ErrNotFound)
}

// firPaper sets the copy of an entry of the register, for its informant or for the public.
func (r *Records) firPaper(fir store.FIR, public bool) (*bot.Paper, error) {
	content, err := r.firContent(fir)
	if public {
		content = published(content, fir.Service)
	}
	if err != nil {
		return nil, err
	}
	data, err := r.Papers.Press.FIR(content)
	if err != nil {
		return nil, fmt.Errorf("setting the copy of an FIR: %w", err)
	}
	name := "FIR-" + strings.ReplaceAll(fir.Text(), "/", "-")
	if fir.Zero {
		name = "Zero-" + name
	}
	return pdf(name, data), nil
}

// ofApplicant are the keys of the questions about who files: on the copy they stand with the informant.
var ofApplicant = map[string]bool{
	"name": true, "father": true, "address": true, "pin": true, "gender": true, "age": true, "email": true, "permanent": true,
	"id_kind": true, "id_aadhaar": true, "id_number": true,
}

// firContent is what the copy of an entry says. An entry that came from elsewhere has no answers: then it
// is what is known of the informant, and the summary.
func (r *Records) firContent(fir store.FIR) (paper.FIR, error) {
	const lang = "hi" // the register's
	issued, answers, err := firIssued(fir)
	if err != nil {
		return paper.FIR{}, err
	}
	content := paper.FIR{
		Number: fir.Text(), Zero: fir.Zero, Restricted: fir.Restricted,
		Station:  r.placeName(lang, "", StationChoice{Code: fir.Station, District: fir.District}),
		District: r.Stations.DistrictName(lang, fir.District),
		On:       fir.On, Sections: fir.Sections, EnteredAt: fir.CreatedAt, IssuedAt: r.now(),
		Address: r.Papers.address(issued), Hash: paper.Short(issued.Hash),
	}
	if fir.By.Role != "" {
		content.Officer = r.text(lang, "desk.role."+string(fir.By.Role), nil) + ", " + r.seat(lang, fir.By)
	}
	for _, a := range answers {
		if ofApplicant[a.Key] {
			content.Informant = append(content.Informant, a)
		} else {
			content.Answers = append(content.Answers, a)
		}
	}
	informant := func(key, value string) {
		if value != "" {
			content.Informant = append(content.Informant, bot.Shown{Key: key, Label: r.text(lang, "common."+key+".label", nil), Value: value})
		}
	}
	if len(content.Informant) == 0 {
		informant("name", fir.Informant.Name)
		informant("father", fir.Informant.Father)
		informant("address", fir.Informant.Address)
	}
	if fir.Informant.Phone != "" {
		informant("phone", r.text(lang, "engine.shown.phone", map[string]any{"Value": fir.Informant.Phone}))
	}
	if fir.Summary != "" {
		content.Answers = append(content.Answers, bot.Shown{Key: "summary", Label: r.text(lang, "paper.fir.summary", nil), Value: fir.Summary})
	}
	return content, nil
}

// published is what anybody may read of an FIR that is published: not where its informant lives and can be
// reached, not who saw it, and no numbers of phones or papers. Of a person who is missing or was found it has
// the entry alone: it may be a child (JJ Act 2015 s. 74).
func published(c paper.FIR, service string) paper.FIR {
	c.Public = true
	c.Informant = slices.DeleteFunc(slices.Clone(c.Informant), func(a bot.Shown) bool { return a.Key != "name" })
	answers := c.Answers
	c.Answers = nil
	if service != "" && service != "complaint" {
		c.Informant = nil
		return c
	}
	for _, a := range answers {
		if !strings.HasPrefix(a.Key, "witness") {
			a.Value = longNumber.ReplaceAllString(a.Value, "•••")
			c.Answers = append(c.Answers, a)
		}
	}
	return c
}

// longNumber is a number of nine digits or more, in groups or not: of a phone, an Aadhaar, an account. Days are shorter.
var longNumber = regexp.MustCompile(`(?:[0-9०-९][ -]?){8,}[0-9०-९]`)

// firIssued is an entry's copy as the page behind its QR code knows it, and what the informant told. Whether
// the FIR is restricted may change, and is no part of the digest.
func firIssued(fir store.FIR) (paper.Issued, []bot.Shown, error) {
	var kept struct {
		Answers []bot.Shown `json:"answers"`
	}
	if fir.Details != nil {
		if err := json.Unmarshal(fir.Details, &kept); err != nil {
			return paper.Issued{}, nil, errors.New("the details of an FIR can't be read") // the cause may repeat them
		}
	}
	says := append([]bot.Shown{
		{Key: "number", Value: fir.Text()},
		{Key: "sections", Value: fir.Sections},
		{Key: "on", Value: fir.On.Format(time.DateOnly)},
		{Key: "summary", Value: fir.Summary},
	}, kept.Answers...)
	kind := paper.FIRCopy
	if fir.Zero {
		kind = paper.ZeroFIRCopy
	}
	return paper.Issued{Number: firCode(fir.FIRKey), Name: fir.Text(), Kind: kind, At: fir.CreatedAt, Hash: paper.ContentHash(says)}, kept.Answers, nil
}

// The code of an FIR's copy begins with its key in place of a filing's number: F5140003N123Y2026 is FIR
// 123/2026 of station 5140003, and with a Z in front it is a Zero FIR.
var firCodeForm = regexp.MustCompile(`^([FZ])(\d{7,9})N(\d{1,7})Y(\d{4})$`)

func firCode(k store.FIRKey) string {
	letter := "F"
	if k.Zero {
		letter = "Z"
	}
	return letter + k.Station + "N" + strconv.Itoa(k.Number) + "Y" + strconv.Itoa(k.Year)
}

// issuedFIR finds the copy for an FIR's key; ok is false if the number is no such key.
func issuedFIR(ctx context.Context, s *store.Store, number string) (papers []paper.Issued, ok bool, err error) {
	parts := firCodeForm.FindStringSubmatch(number)
	if parts == nil {
		return nil, false, nil
	}
	key := store.FIRKey{Station: parts[2], Zero: parts[1] == "Z"}
	key.Number, _ = strconv.Atoi(parts[3]) // few digits and nothing else
	key.Year, _ = strconv.Atoi(parts[4])
	fir, err := s.FIR(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, true, nil
	}
	if err != nil {
		return nil, true, err
	}
	issued, _, err := firIssued(fir)
	return []paper.Issued{issued}, true, err
}
