package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
	"nagrik/store/dialogs"
)

// Records is what the services file into and read from.
type Records struct {
	Store    *store.Store
	Stations *Stations
	Texts    bot.Texts
	Papers   Papers
	now      func() time.Time
	limit    limiter
	apart    limiter // of what secret services do: it forgets
	counted  func(event string)
	display  func(ctx context.Context, media string) (mime string, data []byte, err error) // a photo as a copy for showing
}

// limiter takes one event of what parts name, or none and says how long to wait.
type limiter func(ctx context.Context, r dialogs.Rate, parts ...string) (time.Duration, error)

// room takes one event of what parts name within a limit, or says how long to wait. Without an answer from the
// limiter there is room: what it protects is not worth turning citizens away.
func (r *Records) room(ctx context.Context, rate dialogs.Rate, parts ...string) time.Duration {
	return r.roomOf(ctx, r.limit, rate, parts...)
}

func (r *Records) roomOf(ctx context.Context, limit limiter, rate dialogs.Rate, parts ...string) time.Duration {
	if limit == nil {
		return 0
	}
	wait, err := limit(ctx, rate, parts...)
	if err != nil {
		r.observe("limit_failed")
		return 0
	}
	return wait
}

func (r *Records) observe(event string) {
	if r.counted != nil {
		r.counted(event)
	}
}

// record is what a service says of a filing; the rest is the same for all.
type record struct {
	service, prefix   string
	form              any // the service's struct, kept whole
	applicant         Applicant
	station           StationChoice
	photos            []string
	identifiers       []store.Identifier
	sensitive, urgent bool
	tellDistrict      bool // the district's officers get the card with the station, at once
	without           []store.Clock
	senior            *store.NewSenior
	journey           *store.NewJourney
}

// details is what a filing keeps of its interview: the answers in words for people, the form for
// programs, and what the citizen's next filing of the service need not ask again.
type details struct {
	Answers []bot.Shown       `json:"answers"`
	Form    any               `json:"form"`
	Kept    map[string]string `json:"kept,omitempty"`
}

// keptOf gives what a filing keeps for the citizen's next one of its service.
func keptOf(f store.Details) (map[string]string, error) {
	var content struct {
		Kept map[string]string `json:"kept"`
	}
	if err := json.Unmarshal(f.Details, &content); err != nil {
		return nil, errors.New("the details of a filing can't be read") // the cause may repeat them
	}
	return content.Kept, nil
}

// file makes the filing of an interview and tells the citizen its number.
func (r *Records) file(ctx context.Context, f bot.Filing, rec record) (bot.Outcome, error) {
	content, err := json.Marshal(details{Answers: f.Answers, Form: rec.form, Kept: f.Kept})
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("writing the details: %w", err)
	}
	media, err := r.evidence(ctx, f, rec.photos)
	if err != nil {
		return bot.Outcome{}, err
	}
	filed, err := r.Store.File(ctx, store.NewFiling{
		Dialog: f.Dialog, Service: rec.service, Prefix: rec.prefix,
		Citizen: f.Citizen, Applicant: rec.applicant.profile(), Channel: f.Chat.Channel, Chat: f.Chat.ID, Lang: lang(f.Lang),
		Station: rec.station.Code, District: rec.station.District,
		Sensitive: rec.sensitive, Urgent: rec.urgent, TellDistrict: rec.tellDistrict,
		Details: content, Same: same(f.Answers), Confirmed: f.Again, Identifiers: rec.identifiers, Media: media,
		Without: rec.without, Senior: rec.senior, Journey: rec.journey,
		NameParts: NameParts(f.Names),
	})
	var duplicate *store.DuplicateError
	if errors.As(err, &duplicate) {
		return bot.Outcome{}, &bot.DuplicateError{Number: duplicate.Number}
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("recording the filing: %w", err)
	}
	return bot.Outcome{Number: filed.Number, Data: map[string]any{
		"Number":  filed.Number,
		"Station": r.placeName(f.Lang, ".oblique", rec.station),
	}}, nil
}

// NameParts are what names are found by, all parts of all names together.
func NameParts(names []string) []string {
	var parts []string
	for _, name := range names {
		for _, part := range hindi.NameParts(name) {
			parts = append(parts, part...)
		}
	}
	return parts
}

// same is what two filings of one content have in common.
func same(answers []bot.Shown) string {
	var b strings.Builder
	for _, a := range answers {
		b.WriteString(a.Key + "=" + a.Value + "\n")
	}
	return b.String()
}

// placeName names where a filing goes: the station, or the district where that is not in the list.
// form is "", or ".oblique" before a Hindi postposition.
func (r *Records) placeName(lang, form string, s StationChoice) string {
	station, ok := r.Stations.Station(s.Code)
	switch {
	case !ok:
		return r.text(lang, "common.district_police", map[string]any{"District": r.Stations.DistrictName(lang, s.District)})
	case station.Kind != territorial: // "महिला थाना", "रेल थाना आरा": the name says it
		form = ".special"
	}
	return r.text(lang, "common.station_name"+form, map[string]any{"Station": r.Stations.Name(lang, s.Code)})
}

// evidence gives what is known of a filing's files: photos and spoken answers.
func (r *Records) evidence(ctx context.Context, f bot.Filing, photos []string) ([]store.Media, error) {
	label := map[string]string{}
	ids := append([]string{}, photos...)
	for _, id := range photos {
		label[id] = "photos"
	}
	for _, a := range f.Answers {
		if id, ok := bot.VoiceNote(a.Value); ok {
			ids = append(ids, id)
			label[id] = a.Key
		}
	}
	media, err := r.Store.Media(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(media) < len(label) {
		return nil, fmt.Errorf("%d of a filing's %d files were never received", len(label)-len(media), len(label))
	}
	for i := range media {
		media[i].Label = label[media[i].ID]
	}
	return media, nil
}

// text gives a text of the catalogue.
func (r *Records) text(lang, id string, data map[string]any) string {
	words, ok := r.Texts.Text(lang, id, data)
	if !ok {
		return id
	}
	return words
}

// lang is a dialog's language, which is Hindi where none was chosen.
func lang(chosen string) string {
	if chosen == "" {
		return "hi"
	}
	return chosen
}
