package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
	"nagrik/store/dialogs"
)

// FIRCopy (FIR की प्रति) finds an FIR by its number and station, or those of the citizen's own phone, and gives
// the copy. Whoever asks gets what may be published; the informant gets all of it. Restricted FIRs are for their
// informants alone (services.md, section 4).
type FIRCopy struct {
	records *Records
	citizen string
	gate    pinGate
	own     []store.InformantFIR

	Which   string // an FIR as hindi.FIRReference writes it, or "mine"
	Station string // code
	Own     string // the FIR's code, of the citizen's own ones
}

const mine = "mine"

// Prepare loads the citizen's own FIRs, where they are asked for.
func (c *FIRCopy) Prepare(ctx context.Context, v bot.Visit) error {
	c.citizen = v.Citizen
	if v.Citizen == "" || v.Answer("which") != mine {
		return nil
	}
	err := c.gate.prepare(ctx, c.records.Store, v)
	if err != nil || c.gate.set && !c.gate.open {
		return err
	}
	c.own, err = c.records.Store.InformantFIRs(ctx, v.Citizen)
	return err
}

// Ask names the questions.
func (c *FIRCopy) Ask(q *bot.Questions) {
	q.Choice(&c.Which, "which", []string{mine}, bot.OrTyped(firReference))
	switch c.Which {
	case "":
	case mine:
		q.Verify()
		if c.gate.ask(q) && len(c.own) > 0 {
			q.Pick(&c.Own, "own", ownFIRs{c}, bot.With("Count", len(c.own)))
		}
	default:
		c.askStation(q)
	}
}

// firReference reads an FIR's number and year, with or without its station.
var firReference = bot.Reads("fir_copy.wrong.which", func(text string) (string, bool) {
	r, ok := hindi.FIRReference(text)
	return r.String(), ok
})

// askStation asks for the station, unless it was named with the number and there is just one of that name.
func (c *FIRCopy) askStation(q *bot.Questions) {
	r, _ := hindi.FIRReference(c.Which)
	list := namedStations{List: c.records.Stations.All()}
	settings := []bot.Setting{bot.OrVia(byDistrict), bot.With("FIR", r.Number)}
	if r.Where != "" {
		var sure bool
		if list.named, sure = list.Find("hi", r.Where, suggested); sure {
			settings = append(settings, bot.Prefill(list.named[0].ID))
		}
	}
	q.Pick(&c.Station, "station", list, settings...)
	if c.Station == byDistrict {
		district := ""
		c.Station = ""
		q.Pick(&district, "district", c.records.Stations.Districts())
		q.Pick(&c.Station, "station_in", c.records.Stations.In(district))
	}
}

// suggested is how many stations are offered for a name that several bear.
const suggested = 4

// namedStations is a list of stations of which some were named already.
type namedStations struct {
	bot.List
	named []bot.Item
}

// First is bot.List's.
func (l namedStations) First(lang string) []bot.Item {
	items := make([]bot.Item, 0, len(l.named))
	for _, n := range l.named {
		if item, ok := l.Item(lang, n.ID); ok {
			items = append(items, item)
		}
	}
	return items
}

// ownFIRs is a bot.List of the citizen's own FIRs.
type ownFIRs struct{ c *FIRCopy }

// Find is bot.List's: by number.
func (l ownFIRs) Find(lang, text string, n int) (items []bot.Item, sure bool) {
	number, ok := hindi.FIRNumber(text)
	if !ok {
		return nil, false
	}
	for _, f := range l.c.own {
		if f.Text() == number || strings.HasPrefix(f.Text(), number+"/") {
			items = append(items, l.item(lang, f))
		}
	}
	return items[:min(n, len(items))], len(items) == 1
}

// Near is bot.List's.
func (ownFIRs) Near(string, bot.Place, int) []bot.Item { return nil }

// First is bot.List's.
func (l ownFIRs) First(lang string) []bot.Item {
	items := make([]bot.Item, len(l.c.own))
	for i, f := range l.c.own {
		items[i] = l.item(lang, f)
	}
	return items
}

// Item is bot.List's.
func (l ownFIRs) Item(lang, id string) (bot.Item, bool) {
	for _, f := range l.c.own {
		if firCode(f.FIRKey) == id {
			return l.item(lang, f), true
		}
	}
	return bot.Item{}, false
}

func (l ownFIRs) item(lang string, f store.InformantFIR) bot.Item {
	r := l.c.records
	data := map[string]any{
		"FIR": f.Text(), "Zero": f.Zero, "On": f.On, "Sections": f.Sections, "Station": r.placeName(lang, "", StationChoice{Code: f.Station}),
	}
	return bot.Item{ID: firCode(f.FIRKey), Label: r.text(lang, "fir_copy.own.item", data), Line: r.text(lang, "fir_copy.own.line", data)}
}

// heardFIR says whether words, where nothing is open, are an FIR that somebody looks for: its number with its
// station, or with nothing but the word for it.
func (r *Records) heardFIR(words string) (bot.Answer, bool) {
	ref, ok := hindi.FIRReference(words)
	if !ok {
		return bot.Answer{}, false
	}
	if ref.Where == "" {
		return bot.Answer{Key: "which", Value: ref.String()}, ref.Named
	}
	named, _ := r.Stations.All().Find("hi", ref.Where, 1)
	return bot.Answer{Key: "which", Value: ref.String()}, len(named) > 0 && (ref.Named || len(strings.Fields(ref.Where)) <= 3)
}

// File gives the copy, or says why there is none.
func (c *FIRCopy) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if c.Which == mine {
		return c.ownCopy(ctx, f)
	}
	ref, _ := hindi.FIRReference(c.Which)
	number, year, _ := strings.Cut(ref.Number, "/")
	key := store.FIRKey{Station: c.Station, Zero: ref.Zero}
	key.Number, _ = strconv.Atoi(number)
	key.Year, _ = strconv.Atoi(year)
	data := map[string]any{"FIR": ref.Number, "Zero": ref.Zero, "Station": c.records.placeName(f.Lang, ".oblique", StationChoice{Code: c.Station})}
	if !f.Repeat && c.records.room(ctx, firLookups, "fir", f.Chat.Channel, f.Chat.ID) > 0 {
		c.records.observe("fir_copy_limited")
		return bot.Outcome{Text: "fir_copy.limited", Data: data}, nil
	}
	fir, err := c.records.Store.FIR(ctx, key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return c.missing(ctx, f, ref, data), nil
	case err != nil:
		return bot.Outcome{}, err
	case fir.Restricted:
		c.records.observe("fir_copy_restricted")
		return bot.Outcome{Text: "fir_copy.restricted", Data: data, Next: []bot.Next{anotherFIR, myFIRs}}, nil
	}
	c.records.observe("fir_copy_given")
	return c.copy(f, fir, true)
}

// copy is the summary of an FIR and its copy.
func (c *FIRCopy) copy(f bot.Filing, fir store.FIR, public bool) (bot.Outcome, error) {
	paper, err := c.records.firPaper(fir, public)
	if err != nil {
		return bot.Outcome{}, err
	}
	return bot.Outcome{Text: "fir_copy.here", Document: paper, Next: []bot.Next{anotherFIR}, Data: map[string]any{
		"FIR": fir.Text(), "Zero": fir.Zero, "On": fir.On, "Sections": fir.Sections, "Summary": fir.Summary, "Public": public,
		"Station": c.records.placeName(f.Lang, "", StationChoice{Code: fir.Station}),
	}}, nil
}

// Buttons after an FIR, or none.
var (
	anotherFIR = bot.Next{Tap: bot.MenuTap("fir_copy"), Label: "fir_copy.another"}
	myFIRs     = bot.Next{Tap: bot.StartTap("fir_copy", "which", mine), Label: "fir_copy.which.mine"}
)

// missing says that there is no such FIR, and makes the next question of who only tries numbers come later: it
// costs three times as much as one that finds something.
func (c *FIRCopy) missing(ctx context.Context, f bot.Filing, ref hindi.FIRRef, data map[string]any) bot.Outcome {
	c.records.observe("fir_copy_missing")
	for range 2 {
		c.records.room(ctx, firLookups, "fir", f.Chat.Channel, f.Chat.ID)
	}
	if c.records.room(ctx, firMisses, "fir misses") > 0 {
		c.records.observe("fir_copy_walk") // from many chats: something goes through the numbers
	}
	ref.Where = "" // a button's data is short
	return bot.Outcome{Text: "fir_copy.missing", Data: data, Next: []bot.Next{
		{Tap: bot.StartTap("fir_copy", "which", ref.String()), Label: "fir_copy.other_station"}, anotherFIR, myFIRs,
	}}
}

// How often FIRs are looked for: by one chat, and in vain by all.
var (
	firLookups = dialogs.Rate{Count: 12, Per: time.Hour, Burst: 12}
	firMisses  = dialogs.Rate{Count: 200, Per: time.Hour, Burst: 100}
)

// ownCopy gives the informant the copy of one of their FIRs. The restricted copy goes out here only to who is known
// to be the informant: a phone's number in the register may be somebody else's by now.
func (c *FIRCopy) ownCopy(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if c.gate.set && !c.gate.open {
		return bot.Outcome{Text: "common.pin_locked"}, nil
	}
	for _, own := range c.own {
		if firCode(own.FIRKey) != c.Own {
			continue
		}
		if own.Restricted && !own.Known {
			return bot.Outcome{Text: "fir_copy.at_station", Data: map[string]any{
				"FIR": own.Text(), "Zero": own.Zero, "Station": c.records.placeName(f.Lang, "", StationChoice{Code: own.Station}),
			}}, nil
		}
		fir, err := c.records.Store.FIR(ctx, own.FIRKey)
		if err != nil {
			return bot.Outcome{}, fmt.Errorf("copying an informant's FIR: %w", err)
		}
		c.records.observe("fir_copy_own")
		return c.copy(f, fir, false)
	}
	return bot.Outcome{Text: "fir_copy.none", Next: []bot.Next{anotherFIR}}, nil
}
