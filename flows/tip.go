package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"nagrik/bot"
	"nagrik/store"
)

// Tip (गोपनीय सूचना) is information for the police from somebody who stays unknown. It is a secret
// service: it is told nothing of who gives it, and what it keeps has no name, number, chat or second.
// A claim code is all that leads back to it (see TipCode).
type Tip struct {
	records *Records
	code    string
	wanted  recordList // with the person whom the tip is about, if one was picked from the list

	About    string `json:",omitempty"` // number of that person's record
	Category string
	Danger   bool // somebody is in danger now
	Details  string
	When     string
	Place    string
	Station  StationChoice
	Photos   []string
	Reward   bool
}

// tipCategories are our own list, in words of the people; ids are stored promises.
var tipCategories = []string{
	"liquor", "gambling", "drugs", "weapons", "mining", "fugitive", "stolen_goods", "trafficking", "corruption", "misc",
}

// Prepare works out the claim code, which the review shows already: whoever does not see the answer to
// "file" has it all the same.
func (t *Tip) Prepare(ctx context.Context, v bot.Visit) error {
	t.code = t.records.Store.ClaimCode(v.Dialog)
	t.wanted = newWanted(t.records).list
	t.wanted.lang = v.Lang
	return t.wanted.pick(ctx, v)
}

// Ask names the questions.
func (t *Tip) Ask(q *bot.Questions) {
	q.Declare("Code", store.SpacedClaimCode(t.code))
	url := bot.With("URL", t.records.Papers.PublicURL)
	if t.wanted.picked != nil {
		t.wanted.askRecord(q, &t.About)
		q.Choice(&t.Category, "category", tipCategories, bot.Prefill("fugitive"))
		q.Say("tip.say.privacy")
	} else {
		begin := ""
		t.wanted.sayGone(q)
		q.Say("tip.say.privacy")
		q.Choice(&begin, "begin", []string{"new", "code"}, bot.Hidden, url)
		if begin == "code" {
			q.Continue("tip_code")
			return
		}
		q.Choice(&t.Category, "category", tipCategories)
	}
	switch t.Category {
	case "liquor":
		q.Say("tip.say.liquor")
	case "weapons", "fugitive", "trafficking":
		q.Say("tip.say.heinous")
	}
	q.Yes(&t.Danger, "danger", url)
	if t.Danger {
		q.Say("engine.danger.general")
	}
	about := bot.With("About", t.About != "")
	q.Text(&t.Details, "details", bot.Length(20, 3000), about)
	q.Text(&t.When, "when", bot.Length(2, 200), bot.Optional, about)
	q.Place(&t.Place, "place")
	t.askReader(q)
	q.Photos(&t.Photos, "photos", 5, bot.Optional)
	q.Yes(&t.Reward, "reward")
}

// askReader asks where the tip goes. What is about bribes or the police does not go to a station but to
// the officers above it. A district is the least that must be known: without one there would be
// nobody whose duty it is to read the tip.
func (t *Tip) askReader(q *bot.Questions) {
	if t.Category == "corruption" {
		t.Station = StationChoice{}
		q.Say("tip.say.district")
		q.Pick(&t.Station.District, "district", t.records.Stations.Districts())
		return
	}
	askStation(q, t.records.Stations, &t.Station, t.Place)
}

// File records the tip, as nobody's.
func (t *Tip) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	content, err := json.Marshal(details{Answers: f.Answers, Form: t})
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("writing the details: %w", err)
	}
	media, err := t.records.evidence(ctx, f, t.Photos)
	if err != nil {
		return bot.Outcome{}, err
	}
	_, err = t.records.Store.FileTip(ctx, store.NewTip{
		Code: t.code, Station: t.Station.Code, District: t.Station.District, Urgent: t.Danger, Details: content, Media: media,
	})
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("recording a tip: %w", err)
	}
	return t.records.tipFiled(f.Lang, t.code, t.Station), nil
}

// tipFiled is what is said of a tip that is filed.
func (r *Records) tipFiled(lang, code string, to StationChoice) bot.Outcome {
	return bot.Outcome{Text: "tip.filed", Data: map[string]any{
		"Code": store.SpacedClaimCode(code), "Station": r.placeName(lang, ".oblique", to),
	}}
}

// filedTip says of a draft's tip what was said first, for who presses "file" again; the zero Outcome if
// there is none. Nothing leads from the tip to the draft: the button itself has the draft's id.
func (r *Records) filedTip(ctx context.Context, v bot.Visit) (bot.Outcome, error) {
	code := r.Store.ClaimCode(v.Dialog)
	filed, _, err := r.Store.TipByCode(ctx, code)
	if errors.Is(err, store.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	return r.tipFiled(v.Lang, code, StationChoice{Code: filed.Station, District: filed.District}), nil
}
