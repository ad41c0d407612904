package sheets

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/flows/desk"
	"nagrik/store"
)

// recordReader reads lines of wanted persons, arrests, recovered property and of those whom nobody knows.
type recordReader struct {
	*run
	lines []store.ImportRecord
}

const (
	maxPhotos = 5
	adult     = 18
)

func (x *recordReader) add(ctx context.Context, r row) (string, []Problem, error) {
	c := &check{run: x.run, row: r}
	key := c.text("id", longestKey)
	station, district := "", ""
	if _, atStation := x.columns["station"]; atStation {
		station = c.station()
	} else {
		district = c.district()
	}
	on := c.day("date")
	media, err := x.photos(ctx, c)
	if err != nil {
		return key, nil, err
	}
	if age, err := strconv.Atoi(x.ageOf(r)); err == nil && age < adult && x.kind.Record == store.RecordArrest {
		c.wrong("age", "the arrest of somebody under %d is made known nowhere (JJ Act 2015 s. 74)", adult)
		return key, c.problems, nil
	}
	record, filled, wrong, err := desk.RecordRow(x.kind.Record, bot.Row{
		Texts: x.Texts, Now: x.now, Cell: func(ask string) string { return x.answer(r, ask, media) },
	}, on)
	if err != nil {
		return key, nil, err
	}
	for _, w := range wrong {
		if column := x.asks(w.Key); column != "date" { // which was checked above
			c.wrong(column, "%s", w.Reason)
		}
	}
	if len(wrong) == 0 {
		x.unasked(c, filled.Given)
	}
	if len(c.problems) > 0 {
		return key, c.problems, nil
	}
	record.Source, record.Station, record.District, record.Media = "import:"+key, station, district, media
	if x.report.Wrong == 0 {
		x.lines = append(x.lines, store.ImportRecord{Line: r.line, Content: x.content(r, media), NewRecord: record})
	}
	return key, nil, nil
}

// ageOf is the age in an arrest's row.
func (x *recordReader) ageOf(r row) string {
	if n, ok := x.columns["age"]; ok {
		return r.cells[n]
	}
	return ""
}

// answer is what a row says to a question of the desk.
func (x *recordReader) answer(r row, ask string, media []store.Media) string {
	column := x.asks(ask)
	switch column {
	case "":
		return ""
	case photosColumn.Name:
		return strings.Join(mediaIDs(media), ",")
	}
	return x.cell(r, column)
}

// asks is the column for a question.
func (x *recordReader) asks(ask string) string {
	for _, c := range x.kind.Columns {
		if c.ask == ask {
			return c.Name
		}
	}
	return ""
}

// unasked finds cells that answer nothing: an IMEI of cash.
func (x *recordReader) unasked(c *check, given map[string]string) {
	for n, column := range x.kind.Columns {
		if _, asked := given[column.ask]; column.ask != "" && !asked && c.row.cells[n] != "" {
			c.wrong(column.Name, "it does not go with the rest of the line; leave it empty")
		}
	}
}

// photos takes in the pictures that a row names.
func (x *recordReader) photos(ctx context.Context, c *check) ([]store.Media, error) {
	var media []store.Media
	for name := range strings.SplitSeq(x.cell(c.row, photosColumn.Name), "|") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if len(media) == maxPhotos {
			c.wrong("photos", "there are more than %d", maxPhotos)
			break
		}
		if x.Photo == nil {
			c.wrong("photos", "pictures can only be taken from a file on the disk")
			break
		}
		m, err := x.Photo(ctx, name)
		var refused *PhotoError
		switch {
		case errors.As(err, &refused):
			c.wrong("photos", "picture %d: %s", len(media)+1, refused.Reason)
			return media, nil
		case err != nil:
			return nil, err
		}
		if !slices.ContainsFunc(media, func(o store.Media) bool { return o.ID == m.ID }) {
			media = append(media, m)
		}
	}
	return media, nil
}

func mediaIDs(media []store.Media) []string {
	ids := make([]string, len(media))
	for i, m := range media {
		ids[i] = m.ID
	}
	return ids
}

func (x *recordReader) stage(ctx context.Context, i *store.Import) error {
	defer func() { x.lines = x.lines[:0] }()
	return i.Records(ctx, x.lines)
}
