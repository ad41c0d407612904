package bot_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"nagrik/bot"
)

// pet is an interview with a branch.
type pet struct{ kind, name, horns string }

func (p *pet) Ask(q *bot.Questions) {
	var born bot.When
	q.Choice(&p.kind, "kind", []string{"cow", "dog"})
	q.Text(&p.name, "name", bot.Name, bot.Optional)
	if p.kind == "cow" {
		q.Text(&p.horns, "horns", bot.Between(0, 2))
	}
	q.Date(&born, "born", bot.Past, bot.Optional)
}

func (*pet) File(context.Context, bot.Filing) (bot.Outcome, error) { return bot.Outcome{}, nil }

type noTexts struct{}

func (noTexts) Text(_, id string, _ map[string]any) (string, bool) { return id, true }

func TestFillFromARow(t *testing.T) {
	for name, c := range map[string]struct {
		cells map[string]string
		given map[string]string
		wrong []string
	}{
		"a branch":    {map[string]string{"kind": " COW ", "horns": "२", "born": "१/2/2020"}, map[string]string{"kind": "cow", "name": "", "horns": "2", "born": "2020-02-01"}, nil},
		"the other":   {map[string]string{"kind": "dog", "horns": "2", "name": "मोती लाल"}, map[string]string{"kind": "dog", "name": "मोती लाल", "born": ""}, nil},
		"all wrong":   {map[string]string{"kind": "cow", "name": "1", "horns": "3", "born": "x"}, nil, []string{"name", "horns"}},
		"an optional": {map[string]string{"kind": "dog", "name": "1", "born": "2021-01-03"}, nil, []string{"name", "born"}},
		"nothing":     {nil, nil, []string{"kind"}},
	} {
		row := bot.Row{Texts: noTexts{}, Service: "pets", Now: time.Date(2021, 1, 2, 0, 0, 0, 0, time.UTC), Cell: func(key string) string { return c.cells[key] }}
		f, wrong := row.Fill(&pet{})
		var keys []string
		for _, w := range wrong {
			keys = append(keys, w.Key)
		}
		if !slices.Equal(keys, c.wrong) {
			t.Errorf("%s: wrong are %v", name, wrong)
		}
		if c.given != nil && !maps.Equal(f.Given, c.given) {
			t.Errorf("%s: given %v", name, f.Given)
		}
	}
}

func TestTableDay(t *testing.T) {
	for cell, want := range map[string]string{
		"2026-03-14": "2026-03-14", "14/03/2026": "2026-03-14", "4.3.2026": "2026-03-04", "१४-०३-२०२६": "2026-03-14",
		"14/03/26": "", "2026-02-30": "", "03/14/2026": "", "कल": "", "": "", "1900-01-01": "",
	} {
		if day, ok := bot.TableDay(cell); day != want || ok != (want != "") {
			t.Errorf("%q is %q", cell, day)
		}
	}
}
