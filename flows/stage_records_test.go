package flows_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"maps"
	"strconv"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/flows"
	"nagrik/store"
)

// recorder is the officer who adds a transcript's records.
const recorder = "9090909090"

// looks are the parts of a record's form that are in its Looks.
var looks = []string{"Sex", "Built", "Complexion", "Hair", "Marks", "Upper", "UpperColour", "Jewellery"}

// recordOf reads "wanted 2026-03-10 5140 Name=राजू यादव; Offence=लूट": kind, day, station or district, and the form's fields as package
// desk names them; Years=18-30 is an age, Photo=1 has so many photos.
func recordOf(words string) (n store.NewRecord, photos int, err error) {
	parts := strings.SplitN(words, " ", 4)
	if len(parts) < 4 {
		return n, 0, errors.New("a record has a kind, a day, a place and a form")
	}
	n = store.NewRecord{Kind: store.RecordKind(parts[0])}
	if n.On, err = time.Parse(time.DateOnly, parts[1]); err != nil {
		return n, 0, err
	}
	if n.Station = parts[2]; len(parts[2]) == len("5140") {
		n.Station, n.District = "", parts[2]
	}
	form, look := map[string]any{"On": parts[1]}, map[string]any{}
	for pair := range strings.SplitSeq(parts[3], ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		form[key] = value
		switch key {
		case "Name", "NameEN", "Alias", "Father":
			n.NameParts = append(n.NameParts, flows.NameParts([]string{value})...)
			if n.Kind == store.RecordWanted && key != "Father" {
				n.Names += value + " "
			}
		case "Article":
			n.What = value
		case "Reward":
			n.Reward, err = strconv.ParseInt(value, 10, 64)
		case "Age":
			n.Age, err = strconv.Atoi(value)
		case "IMEI":
			n.Identifiers = append(n.Identifiers, store.Identifier{Kind: "imei", Value: value})
		case "Vehicle":
			n.Identifiers = append(n.Identifiers, store.Identifier{Kind: "vehicle", Value: hindi.Document(value)})
		case "Photo":
			photos, err = strconv.Atoi(value)
		case "Years":
			n.AgeRange = &store.AgeRange{}
			_, err = fmt.Sscanf(value, "%d-%d", &n.AgeRange.Low, &n.AgeRange.High)
			look["Age"] = n.AgeRange
		}
		if err != nil {
			return n, 0, err
		}
	}
	for _, key := range looks {
		if value, ok := form[key]; ok {
			look[key] = value
			delete(form, key)
		}
	}
	if len(look) > 0 {
		form["Looks"] = maps.Clone(look)
		n.What, _ = look["Sex"].(string)
	}
	n.Details, err = json.Marshal(map[string]any{"form": form})
	return n, photos, err
}

// record adds a record, as an officer who may.
func (w *stage) record(ctx context.Context, words string) error {
	n, photos, err := recordOf(words)
	if err != nil {
		return err
	}
	for i := range photos {
		id, err := w.media.Take(ctx, bot.Chat{}, "", bot.File{Kind: bot.Photo, Open: func(context.Context) (io.ReadCloser, error) {
			var b bytes.Buffer
			err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 20+w.records, 20+i)), nil)
			return io.NopCloser(&b), err
		}})
		if err != nil {
			return err
		}
		media, err := w.store.Media(ctx, []string{id})
		if err != nil {
			return err
		}
		n.Media = append(n.Media, media...)
	}
	seat := store.Seat{Role: store.SHO, Station: n.Station}
	if n.Kind == store.RecordWanted {
		seat = store.Seat{Role: store.SCRB}
	}
	if err := w.seat(ctx, seat); err != nil {
		return err
	}
	w.records++
	n.Source = fmt.Sprint("desk:", w.records)
	n.Dialog = n.Source
	_, err = w.store.AddRecord(ctx, "telegram", recorder, n)
	return err
}

// withdraw takes the newest record back.
func (w *stage) withdraw(ctx context.Context) error {
	var number string
	if err := w.store.Pool().QueryRow(ctx, `select number from records order by id desc limit 1`).Scan(&number); err != nil {
		return err
	}
	_, err := w.store.WithdrawRecord(ctx, "telegram", recorder, number, "away", "ग़लती से")
	return err
}

// seat gives the recorder a post.
func (w *stage) seat(ctx context.Context, seat store.Seat) error {
	code, err := w.store.Invite(ctx, seat, "test")
	if err == nil {
		_, err = w.store.Redeem(ctx, code, "telegram", recorder, recorder, "मुंशी")
	}
	return err
}
