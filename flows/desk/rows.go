package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// RecordService is the service whose texts name the questions of records.
const RecordService = "desk_add"

// recordRow is a record's interview for the row of a table: nobody is asked who may add what.
type recordRow struct {
	recordForm
	kind store.RecordKind
}

// RecordRow makes a record of the row of a table: it answers what an officer is asked who adds one, and
// so becomes the same record, which the desk shows and corrects like its own. The caller knows its
// source, its place and its files. Wanted persons are not asked for a day: theirs is on.
func RecordRow(kind store.RecordKind, row bot.Row, on time.Time) (store.NewRecord, bot.Filing, []bot.WrongCell, error) {
	x := &recordRow{kind: kind}
	row.Service = RecordService
	filled, wrong := row.Fill(x)
	if len(wrong) > 0 {
		return store.NewRecord{}, filled, wrong, nil
	}
	if day, err := time.Parse(dayLayout, x.On); err == nil {
		on = day
	}
	x.On = on.Format(dayLayout)
	details, err := json.Marshal(recordDetails{Answers: filled.Answers, Form: &x.recordForm, Given: filled.Given})
	if err != nil {
		return store.NewRecord{}, filled, nil, fmt.Errorf("writing a record: %w", err)
	}
	n := x.record(kind)
	n.On, n.Details = on, details
	return n, filled, nil, nil
}

// Ask names the questions.
func (x *recordRow) Ask(q *bot.Questions) {
	x.recordForm = recordForm{}
	x.ask(q, x.kind)
}

// File is bot.Interview's; rows are kept by the import.
func (*recordRow) File(context.Context, bot.Filing) (bot.Outcome, error) {
	return bot.Outcome{}, nil
}
