package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/flows/match"
	"nagrik/store"
)

// samples are answers of which one fits every question of the desk's that is not a choice.
var samples = []string{
	"SH12345678903", "356938035643809", "BR01AB1234", "32", "165", "सुनीता देवी", "2026-03-13", "कल शाम को दो लोग आए और सामान ले गए।", "yes", "abcdefghijklmnopqrstuv",
}

// TestEveryPathOfTheDesk walks every option of every interview of the officers' menu, for each role, and
// holds that all texts are there and fit, and that each ends.
func TestEveryPathOfTheDesk(t *testing.T) {
	w := newTown(t)
	for _, role := range store.Roles {
		station := map[store.Role]string{store.DeskOfficer: araria, store.SHO: araria}[role]
		person := w.officer(role, station)
		for _, s := range w.Services() {
			if s.New == nil {
				w.text("menu."+s.ID+".choose", nil, 0)
				continue
			}
			w.text("menu."+s.ID, nil, 24)
			if !s.Direct {
				w.text("menu."+s.ID+".resume", nil, 24)
			}
			seen := map[string]bool{}
			for todo := [][]bot.Answer{nil}; len(todo) > 0; todo = todo[1:] {
				todo = append(todo, w.path(s, person, todo[0], seen)...)
			}
		}
	}
}

func (w *town) path(s bot.Service, person string, p []bot.Answer, seen map[string]bool) (more [][]bot.Answer) {
	w.t.Helper()
	for range 60 {
		interview := s.New()
		if prepared, ok := interview.(bot.Preparer); ok {
			w.ok(prepared.Prepare(w.ctx, bot.VisitWith(bot.Chat{Channel: "telegram", ID: person}, p)))
		}
		answered, q, _ := bot.Inspect(interview, p, "c", bottest.Start)
		keys := []string{}
		for _, a := range answered {
			keys = append(keys, a.Key)
		}
		if slices.Sort(keys); len(slices.Compact(keys)) != len(answered) {
			w.t.Fatalf("%s asks a key twice: %v", s.ID, keys)
		}
		if q == nil {
			return more
		}
		w.question(s, q)
		values := slices.Clone(q.Options)
		if q.List != nil {
			for _, item := range q.List.First("hi")[:min(2, len(q.List.First("hi")))] {
				values = append(values, item.ID)
			}
			if items, _ := q.List.Find("hi", "अररिया", 1); len(items) > 0 {
				values = append(values, items[0].ID)
			}
		}
		for _, sample := range samples {
			if len(q.Options) == 0 && q.List == nil && q.Accepts(sample) {
				values = append(values, sample)
				break
			}
		}
		if q.Optional {
			values = append(values, "")
		}
		if len(values) == 0 {
			w.t.Fatalf("%s: nothing answers %s", s.ID, q.Key)
		}
		for _, v := range values[1:] {
			if id := q.Key + "=" + v; !seen[id] {
				seen[id] = true
				more = append(more, append(slices.Clone(p), bot.Answer{Key: q.Key, Value: v}))
			}
		}
		p = append(slices.Clone(p), bot.Answer{Key: q.Key, Value: values[0]})
	}
	w.t.Errorf("%s does not end", s.ID)
	return more
}

// question holds that a question's texts are there and that its labels fit the narrowest channel.
func (w *town) question(s bot.Service, q *bot.Inspected) {
	w.t.Helper()
	room := bottest.WhatsApp.RowLabel
	if len(q.Options) <= bottest.WhatsApp.Buttons && q.List == nil {
		room = bottest.WhatsApp.Label
	}
	find := func(suffix string, most int) {
		w.t.Helper()
		for _, base := range []string{s.ID, "common"} {
			id := base + "." + q.TextKey + suffix
			if slices.Contains(w.ids("hi"), id) {
				w.text(id, q.Data, most)
				return
			}
		}
		w.t.Errorf("no text %s.%s%s", s.ID, q.TextKey, suffix)
	}
	find("", 0)
	if !q.Hidden {
		find(".label", 20)
	}
	for _, id := range q.Notices {
		w.text(id, nil, 0)
	}
	for _, o := range q.Options {
		if o != "yes" && o != "no" {
			find("."+o, room)
		}
		if len("d.AAAAAAAAAAAAAAAA.="+".123456"+q.Key+o) > 64 {
			w.t.Errorf("a button for %s=%s would carry more than 64 bytes", q.Key, o)
		}
	}
}

func (w *town) ids(lang string) []string {
	return w.Texts.(interface{ IDs(string) []string }).IDs(lang)
}

// text holds that a text is there in all languages, with at most so many letters (0: any).
func (w *town) text(id string, data map[string]any, most int) {
	w.t.Helper()
	for _, lang := range []string{"hi", "en"} {
		if !slices.Contains(w.ids(lang), id) {
			w.t.Errorf("no text %s in %s", id, lang)
			continue
		}
		words, ok := w.Texts.Text(lang, id, data)
		if n := utf8.RuneCountInString(words); !ok || most > 0 && n > most {
			w.t.Errorf("%s in %s has %d letters of %d: %q", id, lang, n, most, words)
		}
	}
}

// TestTheDeskHasAllItsWords: what is put together in the code from parts is there in all languages.
func TestTheDeskHasAllItsWords(t *testing.T) {
	w := newTown(t)
	var ids []string
	for _, s := range []store.Status{
		store.Received, store.Sent, store.Acknowledged, store.Enquiry, store.NeedsInfo, store.ReportIssued, store.Verified, store.NotVerified,
		store.CannotVerify, store.Found, store.Closed, store.Withdrawn, store.Reopened,
	} {
		ids = append(ids, "desk.short."+string(s))
	}
	for _, k := range store.RecordKinds {
		ids = append(ids, "desk.record."+string(k))
	}
	for _, kind := range []string{"number", "name", "document", "vehicle", "phone", "imei"} {
		ids = append(ids, "desk_search.by."+kind)
	}
	for i := range len(store.AgeLimits) + 1 {
		ids = append(ids, fmt.Sprint("desk.stats.age.", i))
	}
	for _, picture := range []string{"daily", "filed", "age", "taken"} {
		ids = append(ids, "desk.stats.title."+picture)
	}
	for _, feature := range match.Features() {
		ids = append(ids, "desk.match.alike."+feature)
	}
	for _, id := range ids {
		w.text(id, nil, 40)
	}
	for _, side := range []string{"thing", "person", "body"} {
		w.text("desk.match.next."+side, nil, 0)
		w.text("desk.match.next."+side+".lost", nil, 0)
	}
	for id, most := range map[string]int{"desk.menu.new": 24, "desk.menu.mine": 24, "desk.menu.overdue": 24, "desk.menu.open": 24, "desk.menu.card": 24} {
		w.text(id, nil, most)
	}
	for _, id := range []string{"menu.desk_search", "menu.desk_add", "menu.desk_stats", "desk.menu.new", "desk.menu.mine", "desk.menu.overdue"} {
		w.text(id+".note", nil, 72)
	}
	// "1 घंटे की देर" and "3 दिन पहले", whatever the count.
	for _, span := range []time.Duration{time.Second, time.Minute, time.Hour, 30 * time.Hour, 50 * time.Hour} {
		for _, lang := range []string{"hi", "en"} {
			for _, unit := range []string{"minutes", "hours", "days"} {
				if _, ok := w.Texts.Text(lang, "desk.span."+unit, map[string]any{"Count": int(span.Hours())}); !ok {
					t.Errorf("no words for %v in %s", span, lang)
				}
			}
		}
	}
}
