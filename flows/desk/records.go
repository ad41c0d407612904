package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// keyRecord is the question for a record's number; a button answers it.
const keyRecord = "record"

// addition (जोड़ें) adds a record, or corrects one: then everything is filled in as it was, and the
// officer changes what is wrong.
//
// What is to be corrected, a button says (keyRecord): it is no question.
type addition struct {
	d          *Desk
	correcting bool
	posts      []store.Post
	before     store.Record // of a correction; without a number there is none that this officer may correct
	was        *recordDetails

	Kind     string
	District string
	seat     store.Post
	recordForm
}

// recordDetails is what a record keeps of its interview, as filings do.
type recordDetails struct {
	Answers []bot.Shown       `json:"answers"`
	Form    *recordForm       `json:"form"`
	Given   map[string]string `json:"given"` // for a correction
}

// Prepare finds the officer's posts, and the record that is to be corrected.
func (x *addition) Prepare(ctx context.Context, v bot.Visit) error {
	var err error
	x.correcting = v.Answer(keyRecord) != ""
	if x.posts, err = x.d.posts(ctx, v); err != nil || !x.correcting {
		return err
	}
	r, ok, err := x.d.record(ctx, v.Answer(keyRecord))
	if err != nil || !ok || !r.WithdrawnAt.IsZero() || !mayRecord(x.posts, store.RecordCorrect, r) {
		return err
	}
	var kept recordDetails
	if err := json.Unmarshal(r.Details, &kept); err != nil || kept.Form == nil {
		return errors.New("a record's details are not what this program writes") // json's error would quote them
	}
	x.before, x.was = r, &kept
	return nil
}

// record opens a record by its number as it was typed; ok is false if there is none.
func (d *Desk) record(ctx context.Context, typed string) (r store.Record, ok bool, err error) {
	number, ok := store.ParseNumber(typed)
	if !ok {
		return r, false, nil
	}
	r, err = d.Store.RecordByNumber(ctx, number)
	if errors.Is(err, store.ErrNotFound) {
		return r, false, nil
	}
	return r, err == nil, err
}

// addable are the kinds of records that an officer may add.
func addable(posts []store.Post) []string {
	var kinds []string
	for _, kind := range store.RecordKinds {
		if len(seatsFor(posts, kind)) > 0 {
			kinds = append(kinds, string(kind))
		}
	}
	return kinds
}

// seatsFor are the posts as which an officer may add a record of a kind.
func seatsFor(posts []store.Post, kind store.RecordKind) []store.Post {
	return slices.DeleteFunc(slices.Clone(posts), func(p store.Post) bool { return !store.RecordAllowed(store.RecordAdd, kind, p.Role) })
}

// mayRecord says whether one of the posts may do something with a record where it is.
func mayRecord(posts []store.Post, act store.RecordAct, r store.Record) bool {
	return slices.ContainsFunc(posts, func(p store.Post) bool {
		here := p.Station != "" && p.Station == r.Station || p.Station == "" && (p.District == "" || p.District == r.District)
		return here && store.RecordAllowed(act, r.Kind, p.Role)
	})
}

// Ask names the questions.
func (x *addition) Ask(q *bot.Questions) {
	if x.correcting {
		if x.was != nil {
			x.Kind = string(x.before.Kind)
			q.Before(x.was.Given)
			x.ask(q, x.before.Kind)
		}
		return
	}
	kinds := addable(x.posts)
	if len(kinds) == 0 {
		return // File says so
	}
	q.Choice(&x.Kind, "kind", kinds)
	kind := store.RecordKind(x.Kind)
	if x.Kind == "" {
		q.Photos(&x.Media, "photos", 5, bot.Optional) // there are always photos at the end
		return
	}
	if x.seat = (seats{d: x.d, posts: seatsFor(x.posts, kind)}).ask(q); x.seat.Role == store.SCRB {
		q.Pick(&x.District, "district", x.d.Places.Districts())
	}
	x.ask(q, kind)
}

// File adds or corrects the record.
func (x *addition) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if x.Kind == "" {
		refused := map[bool]string{false: "desk.no_post", true: "desk.record.not_allowed"}
		return bot.Outcome{Text: refused[x.correcting], Next: []bot.Next{toDesk}}, nil
	}
	n, err := x.newRecord(ctx, f)
	if err != nil {
		return bot.Outcome{}, err
	}
	var r store.Record
	done := "desk_add.done"
	if x.correcting {
		n.Station, n.District, done = x.before.Station, x.before.District, "desk_add.corrected"
		r, err = x.d.Store.CorrectRecord(ctx, f.Chat.Channel, f.Chat.ID, x.before.Number, n)
	} else {
		r, err = x.d.Store.AddRecord(ctx, f.Chat.Channel, f.Chat.ID, n)
	}
	if out, ok := x.d.recordRefused(err); ok {
		return out, nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("keeping a record: %w", err)
	}
	x.d.observe("record_"+map[bool]string{false: "add", true: "correct"}[x.correcting], string(store.Done))
	return bot.Outcome{
		Text: done, Number: r.Number,
		Data: map[string]any{"Kind": x.d.text(f.Lang, "desk.record."+x.Kind, nil), "Number": r.Number},
		Next: []bot.Next{{Tap: bot.StartTap("desk_record", keyRecord, r.Number), Label: "desk.menu.record"}, toDesk},
	}, nil
}

// recordRefused puts the store's refusal into words; ok is false for anything else.
func (d *Desk) recordRefused(err error) (out bot.Outcome, ok bool) {
	out.Next = []bot.Next{toDesk}
	switch {
	case errors.Is(err, store.ErrNotAllowed):
		out.Text = "desk.record.not_allowed"
	case errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrNotFound):
		out.Text = "desk.record.gone"
	default:
		return bot.Outcome{}, false
	}
	d.observe("record", string(store.NotAllowed))
	return out, true
}

// newRecord is the record that the answers make.
func (x *addition) newRecord(ctx context.Context, f bot.Filing) (store.NewRecord, error) {
	kind := store.RecordKind(x.Kind)
	ids := slices.Clone(x.Media)
	for _, a := range f.Answers {
		if id, voice := bot.VoiceNote(a.Value); voice {
			ids = append(ids, id)
		}
	}
	media, err := x.d.Store.Media(ctx, ids)
	if err != nil {
		return store.NewRecord{}, err
	}
	if len(media) < len(ids) {
		return store.NewRecord{}, errors.New("files of a record were never received")
	}
	form := x.recordForm
	on := time.Now()
	if form.On == "" && x.was != nil {
		form.On = x.was.Form.On
	}
	if day, err := time.Parse(dayLayout, form.On); err == nil {
		on = day
	}
	form.On = on.Format(dayLayout)
	details, err := json.Marshal(recordDetails{Answers: f.Answers, Form: &form, Given: f.Given})
	if err != nil {
		return store.NewRecord{}, fmt.Errorf("writing a record: %w", err)
	}
	district := x.District
	if district == "" {
		district = x.seat.District
	}
	n := form.record(kind)
	n.Source, n.Dialog, n.Station, n.District, n.On, n.Details, n.Media = "desk:"+f.Dialog, f.Dialog, x.seat.Station, district, on, details, media
	return n, nil
}

// recordShowing shows a record in full, and what the officer may do with it.
type recordShowing struct {
	d      *Desk
	Number string
}

// Ask names the questions.
func (x *recordShowing) Ask(q *bot.Questions) {
	q.Text(&x.Number, keyRecord, bot.Printed(4, 40), bot.Hidden)
}

// File shows it.
func (x *recordShowing) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	r, ok, err := x.d.record(ctx, x.Number)
	if err != nil {
		return bot.Outcome{}, err
	}
	if !ok {
		return bot.Outcome{Text: "desk.record.gone", Next: []bot.Next{toDesk}}, nil
	}
	answers, err := readAnswers(r.Details)
	if err != nil {
		return bot.Outcome{}, err
	}
	lines := []string{x.d.recordRow(f.Lang, r), x.d.place(f.Lang, r.Station, r.District)}
	for _, a := range answers {
		lines = append(lines, line(a.Label)+": "+x.d.shown(a.Value))
	}
	posts, err := x.d.posts(ctx, f.Visit)
	if err != nil {
		return bot.Outcome{}, err
	}
	out := bot.Outcome{Text: "desk.shown", Data: map[string]any{"Card": strings.Join(lines, "\n")}, Photos: x.d.displayed(ctx, r)}
	if r.WithdrawnAt.IsZero() {
		for act, service := range map[store.RecordAct]string{store.RecordCorrect: "desk_add", store.RecordWithdraw: "desk_withdraw"} {
			if mayRecord(posts, act, r) {
				out.Next = append(out.Next, bot.Next{Tap: bot.StartTap(service, keyRecord, r.Number), Label: "desk.menu." + string(act)})
			}
		}
		slices.SortFunc(out.Next, func(a, b bot.Next) int { return strings.Compare(a.Label, b.Label) })
	}
	out.Next = append(out.Next, toDesk)
	return out, nil
}

// displayed are a record's photos as copies for showing; one that can't be read is left out.
func (d *Desk) displayed(ctx context.Context, r store.Record) []bot.Paper {
	var photos []bot.Paper
	for i, m := range r.Media {
		if m.Kind != string(bot.Photo) {
			continue
		}
		mime, data, err := d.Files.Display(ctx, m.ID)
		if err != nil {
			d.observe("record", "file_failed")
			continue
		}
		photos = append(photos, paperOf(r.Number, i, mime, data))
	}
	return photos
}

// recordRow tells of a record in a line.
func (d *Desk) recordRow(lang string, r store.Record) string {
	data := map[string]any{
		"Number": r.Number, "Kind": d.text(lang, "desk.record."+string(r.Kind), nil), "On": r.On,
		"Gone": !r.WithdrawnAt.IsZero(),
	}
	data["Place"] = d.Places.Name(lang, r.Station)
	if r.Station == "" {
		data["Place"] = d.Places.DistrictName(lang, r.District)
	}
	return d.text(lang, "desk.record.row", data)
}

// withdrawal takes a record back: the owner has the thing, the person was arrested, it was a mistake.
type withdrawal struct {
	d      *Desk
	record store.Record
	may    bool
	row    string // tells of the record

	Number string
	Reason string
	Words  string
}

// Prepare finds the record.
func (x *withdrawal) Prepare(ctx context.Context, v bot.Visit) error {
	r, ok, err := x.d.record(ctx, v.Answer(keyRecord))
	if err != nil || !ok {
		return err
	}
	posts, err := x.d.posts(ctx, v)
	x.record, x.may = r, r.WithdrawnAt.IsZero() && mayRecord(posts, store.RecordWithdraw, r)
	if x.may {
		x.row = x.d.recordRow(v.Lang, r)
	}
	return err
}

// Ask names the questions.
func (x *withdrawal) Ask(q *bot.Questions) {
	q.Text(&x.Number, keyRecord, bot.Printed(4, 40), bot.Hidden, bot.About, bot.With("Row", x.row))
	if x.may {
		q.Choice(&x.Reason, "reason", []string{"done", "mistake", "misc"}, bot.With("Number", x.record.Number))
		q.Text(&x.Words, "say", bot.Printed(3, 300), bot.Optional)
	}
}

// File takes it back.
func (x *withdrawal) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	reason := joined(x.d.first(officers, nil, "desk_withdraw.reason."+x.Reason), x.Words)
	r, err := x.record, store.ErrNotAllowed
	if x.may {
		r, err = x.d.Store.WithdrawRecord(ctx, f.Chat.Channel, f.Chat.ID, x.record.Number, f.Dialog, reason)
	}
	if out, ok := x.d.recordRefused(err); ok {
		return out, nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("withdrawing a record: %w", err)
	}
	x.d.observe("record_withdraw", string(store.Done))
	return bot.Outcome{Text: "desk_withdraw.done", Data: map[string]any{"Number": r.Number}, Next: []bot.Next{toDesk}}, nil
}
