package flows

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"nagrik/bot"
	"nagrik/flows/paper"
	"nagrik/locales"
	"nagrik/store"
)

// results are the steps of an officer that end in a paper for the citizen, and the paper's kind. The
// step's note is what the officer wrote.
var results = map[string]string{
	string(store.Verified):     paper.VerificationResult,
	string(store.NotVerified):  paper.VerificationResult,
	string(store.CannotVerify): paper.VerificationResult,
	store.CertificateIssued:    paper.CharacterCertificate,
}

// about are the answers that say on a result's paper whom it is about, by the filing's service: their
// keys without the numbers of repeated groups, in the paper's order. What else was told stays with the
// police: these papers go from hand to hand.
var about = map[string][]string{
	"verification": {
		"kind", "person.name", "person.father", "person.gender", "person.age", "person.home", "premises", "work", "licence",
		"person.id_kind", "person.id_aadhaar", "person.id_number",
	},
	"character_certificate": {
		"name", "father", "gender", "age", "address", "pin", "permanent", "previous.address", "purpose", "organisation",
		"id_kind", "id_aadhaar", "id_number",
	},
}

// resultIn is the result that stands: of several the last, which put right what was before. An
// earlier one's paper is genuine no more.
func resultIn(events []store.Event) (last store.Event, ok bool) {
	for _, e := range events {
		if results[e.Kind] != "" {
			last, ok = e, true
		}
	}
	return last, ok
}

// resultOf is a result's paper as the page behind its QR code knows it.
func resultOf(f store.Details, answers []bot.Shown, e store.Event) paper.Issued {
	said := append(slices.Clone(answers), bot.Shown{Key: "result", Label: e.Kind, Value: e.Note})
	return paper.Issued{Number: f.Number, Kind: results[e.Kind], At: e.At, Hash: paper.ContentHash(said)}
}

// Result is the paper of a filing's result as PDF, for its citizen: nil while there is none.
func (r *Records) Result(ctx context.Context, filing int64, lang string) (*bot.Paper, error) {
	f, err := r.Store.ForCitizen(ctx, filing)
	if err != nil {
		return nil, err
	}
	return r.result(lang, f)
}

func (r *Records) result(in string, f store.Details) (*bot.Paper, error) {
	e, ok := resultIn(f.Events)
	if !ok {
		return nil, nil
	}
	answers, err := answersOf(f)
	if err != nil {
		return nil, err
	}
	issued := resultOf(f, answers, e)
	at := StationChoice{Code: f.Station, District: f.District}
	p := paper.Result{
		Lang: lang(in), Kind: issued.Kind, Result: e.Kind, Number: f.Number, IssuedAt: e.At,
		Name: f.Applicant.Name, Father: f.Applicant.Father,
		Records: r.placeName(in, ".oblique", at), Place: r.placeName(in, "", at),
		Reason: e.Note, Person: r.subject(in, f.Service, answers),
		Address: r.Papers.address(issued), Hash: paper.Short(issued.Hash),
	}
	if e.By != nil {
		p.Role, p.Place = r.text(in, "desk.role."+string(e.By.Role), nil), r.seat(in, *e.By)
	}
	if issued.Kind == paper.CharacterCertificate {
		p.Until = lastDay(e.At)
	}
	content, err := r.Papers.Press.Result(p)
	if err != nil {
		return nil, fmt.Errorf("setting a result: %w", err)
	}
	return pdf(f.Number+"-"+issued.Kind, content), nil
}

// seat names where an officer serves: "" for one of the whole state.
func (r *Records) seat(lang string, by store.By) string {
	if by.Station == "" && by.District == "" {
		return ""
	}
	return r.placeName(lang, "", StationChoice{Code: by.Station, District: by.District})
}

// certificateMonths is how long offices of Bihar take a character certificate for good.
const certificateMonths = 6

// lastDay is the last day of a certificate: the one before its date comes round. A month without that
// date ends it.
func lastDay(issued time.Time) time.Time {
	day := issued.In(locales.India)
	until := day.AddDate(0, certificateMonths, 0)
	if until.Day() != day.Day() {
		return until.AddDate(0, 0, -until.Day())
	}
	return until.AddDate(0, 0, -1)
}

// subject is whom a result is about, as the application says.
func (r *Records) subject(lang, service string, answers []bot.Shown) []bot.Shown {
	place := func(a bot.Shown) int { return slices.Index(about[service], repeated.ReplaceAllString(a.Key, ".")) }
	told := slices.DeleteFunc(slices.Clone(answers), func(a bot.Shown) bool { return place(a) < 0 })
	slices.SortStableFunc(told, func(a, b bot.Shown) int { return place(a) - place(b) })
	for i, a := range told {
		if a.Key == "licence" || strings.HasSuffix(a.Key, "id_number") {
			told[i].Value = r.text(lang, "paper.result.last", map[string]any{"Last": lastOf(a.Value)})
		}
	}
	return told
}

// repeated is the number of a group in a key.
var repeated = regexp.MustCompile(`\.[0-9]+\.`)

// shownOfID is how much of a document's number a paper that goes from hand to hand shows: enough to
// compare, too little to misuse.
const shownOfID = 4

// lastOf is the end of a document's number.
func lastOf(number string) string {
	for utf8.RuneCountInString(number) > shownOfID {
		_, size := utf8.DecodeRuneInString(number)
		number = number[size:]
	}
	return number
}
