package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// details (विवरण) opens a filing in full in the officer's private chat. The store checks the right
// and writes the audit before anything is shown.
func (d *Desk) details(ctx context.Context, r request) (answer, error) {
	v, err := d.Store.View(ctx, r.filing, r.Chat.Channel, r.Sender)
	if errors.Is(err, store.ErrNotAllowed) {
		d.observe("details", "not_allowed")
		return answer{words: d.say("desk.not_allowed", nil)}, nil
	}
	if err != nil {
		return answer{}, fmt.Errorf("opening the details: %w", err)
	}
	private := r.Chat
	if r.Group {
		private.ID = r.Sender // where there are groups, a person's private chat has the person's id
	}
	answers, err := readAnswers(v.Details)
	if err != nil {
		return answer{}, err
	}
	if _, err := d.send(ctx, private, bot.Reply{Text: d.inFull(v, answers)}); err != nil {
		return d.notSent(err)
	}
	d.observe("details", "done")
	if wait, err := d.Limit(ctx, opens, "opens", r.Chat.Channel, r.Sender); err == nil && wait > 0 {
		d.observe("details", "many") // to be alarmed at; the audit says who
	}
	missing := d.sendFiles(ctx, private, v, answers)
	switch {
	case missing > 0:
		return answer{words: d.say("desk.details.files_missing", map[string]any{"Count": missing})}, nil
	case r.Group:
		return answer{words: d.say("desk.details.sent", nil)}, nil
	case r.Tap != "":
		return answer{words: d.say("desk.details.here", nil)}, nil
	}
	return answer{}, nil
}

// notSent says why the details did not arrive, if the officer can help; else they are to be tried again.
func (d *Desk) notSent(err error) (answer, error) {
	var refusal *bot.SendError
	if errors.As(err, &refusal) {
		d.observe("details", refusal.Reason)
		switch refusal.Reason {
		case bot.ReasonBlocked:
			return answer{words: d.say("desk.details.start_first", nil)}, nil
		case bot.ReasonBusy:
			return answer{words: d.say("desk.busy", nil)}, nil
		}
	}
	return answer{}, fmt.Errorf("sending the details: %w", err)
}

// readAnswers reads what the details of every filing have: the answers in words, in order (see flows).
func readAnswers(content json.RawMessage) ([]bot.Shown, error) {
	var form struct {
		Answers []bot.Shown `json:"answers"`
	}
	if err := json.Unmarshal(content, &form); err != nil {
		return nil, errors.New("a filing's details are not what this program writes") // json's error would quote them
	}
	return form.Answers, nil
}

// inFull writes out a filing: what it is, who filed it, every answer, the files, the timeline.
func (d *Desk) inFull(v store.Details, answers []bot.Shown) string {
	var parts []string
	for _, lines := range [][]string{d.heading(v), d.applicant(v), d.answers(answers), d.fileList(v, answers), d.history(v)} {
		if len(lines) > 0 {
			parts = append(parts, strings.Join(lines, "\n"))
		}
	}
	return strings.Join(parts, "\n\n")
}

func (d *Desk) heading(v store.Details) []string {
	lines := []string{d.say("desk.card.title", map[string]any{"Service": d.service(officers, v.Service), "Number": v.Number})}
	if v.Urgent {
		lines = append(lines, d.say("desk.card.urgent", nil))
	}
	if v.Sensitive {
		lines = append(lines, d.say("desk.card.sensitive", nil))
	}
	return append(lines,
		d.place(officers, v.Station, v.District),
		d.say("desk.card.filed", map[string]any{"At": v.CreatedAt}))
}

func (d *Desk) applicant(v store.Details) []string {
	if v.Service == store.Tip {
		return []string{d.say("desk.details.nobody", nil)}
	}
	p := v.Applicant
	lines := []string{d.say("desk.details.applicant", nil)}
	add := func(id, value string) {
		if value != "" {
			lines = append(lines, d.say("desk.details."+id, map[string]any{"Value": value}))
		}
	}
	add("name", line(p.Name))
	add("father", line(p.Father))
	if p.Phone != "" {
		lines = append(lines, d.say("desk.details.phone", map[string]any{"Phone": line(p.Phone)}))
	}
	add("address", line(p.Address))
	add("pin", line(p.Pin))
	add("district", d.Places.DistrictName(officers, p.District))
	return lines
}

func (d *Desk) answers(answers []bot.Shown) []string {
	lines := []string{d.say("desk.details.answers", nil)}
	for i, a := range answers {
		lines = append(lines, strconv.Itoa(i+1)+". "+line(a.Label)+": "+d.shown(a.Value))
	}
	return lines
}

// shown is an answer for an officer: a shared place as a link to a map, a voice note as the word
// for it, all else as it was written.
func (d *Desk) shown(value string) string {
	if _, ok := bot.VoiceNote(value); ok {
		return d.say("desk.details.spoken", nil)
	}
	if p, ok := bot.ParsePlace(value); ok {
		degrees := strings.TrimPrefix(p.String(), "@")
		return d.say("desk.details.map", map[string]any{"Degrees": degrees, "URL": "https://maps.google.com/?q=" + degrees})
	}
	return plain(value)
}

func (d *Desk) fileList(v store.Details, answers []bot.Shown) []string {
	if len(v.Media) == 0 {
		return nil
	}
	lines := []string{d.say("desk.details.files", nil)}
	for i, m := range v.Media {
		lines = append(lines, d.say("desk.details.file", map[string]any{"N": i + 1, "Kind": d.fileKind(m, answers), "At": m.ReceivedAt}))
	}
	return lines
}

// fileKind says what a file is, and which question it answers if that was one of words.
func (d *Desk) fileKind(m store.Media, answers []bot.Shown) string {
	kind := d.say("desk.file."+m.Kind, nil)
	for _, a := range answers {
		if a.Key == m.Label {
			return kind + " – " + line(a.Label)
		}
	}
	return kind
}

func (d *Desk) history(v store.Details) []string {
	lines := []string{d.say("desk.details.history", nil)}
	for _, e := range v.Events {
		who := d.first(officers, nil, "desk.actor."+e.Actor+"."+v.Service, "desk.actor."+e.Actor)
		if e.By != nil {
			who = d.post(*e.By)
		}
		text := d.say("desk.event", map[string]any{"At": e.At, "What": d.say("desk.event."+e.Kind, nil), "Who": who})
		switch {
		case e.Kind == store.Overdue:
			text += "\n    " + d.ladder(e.Note)
		case store.IsMatch(e.Kind):
			number, district, station := store.ReadMatched(e.Note)
			text += "\n    " + d.say("desk.row.number", map[string]any{"Number": number}) + " – " + d.place(officers, station, district)
		case e.Note != "":
			text += "\n    " + d.shown(e.Note)
		}
		lines = append(lines, text)
	}
	return lines
}

// who names who made an event: a post, or one of the two others.
func (d *Desk) who(e store.Event) string {
	if e.By != nil {
		return d.post(*e.By)
	}
	return d.say("desk.actor."+e.Actor, nil)
}
