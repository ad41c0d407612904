package flows

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/store"
	"nagrik/store/dialogs"
)

// addWanted adds a wanted person, as the state's officer.
func addWanted(t *testing.T, s *store.Store, name string) store.Record {
	t.Helper()
	code, err := s.Invite(t.Context(), store.Seat{Role: store.SCRB}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem(t.Context(), code, "telegram", "scrb", "scrb", "अफ़सर"); err != nil {
		t.Fatal(err)
	}
	details, err := json.Marshal(map[string]any{"form": map[string]string{"Name": name, "Offence": "लूट"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.AddRecord(t.Context(), "telegram", "scrb", store.NewRecord{
		Kind: store.RecordWanted, Source: "desk:" + name, Dialog: name, District: "5140", On: bottest.Start, Names: name,
		NameParts: NameParts([]string{name}), Details: details,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestWordsLeadToLists: who asks in their own words is led to the list, or to the report, without a question more than needed.
func TestWordsLeadToLists(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, func() time.Time { return bottest.Start })
	for words, want := range map[string]string{
		"kya mera mobile mil gaya": "किस ज़िले की पुलिस ने बरामद किया",
		"मेरी बाइक बरामद हुई क्या":       "किस ज़िले की पुलिस ने बरामद किया",
		"बरामद संपत्ति":                  "आपकी चीज़ पर कोई नंबर",
		"was my bag recovered":           "किस ज़िले की पुलिस ने बरामद किया",
		"बटुआ मिला है":                   "उसके अंदर किसी का नाम",
		"kisi ka aadhar card mila":       "आख़िरी 4 अंक",
		"बरामद या मिला सामान":            "अपना सामान ढूँढना है, या किसी का सामान मिला है?",
		"अज्ञात शव की सूची देखनी है":     "जिन शवों की पहचान नहीं हुई",
		"नदी में शव मिला है":             "शव कहाँ है?",
		"मिले हुए बच्चों की सूची":        "जिनके घर का पता नहीं चला",
		"ek baccha mila hai station par": "वे अभी कहाँ हैं",
		"इनामी बदमाश":                    "किसे खोजना है?",
		"wanted list":                    "यह सूची अभी ख़ाली है",
		"गिरफ्तार कौन हुआ":               "गिरफ़्तारी की जानकारी",
	} {
		c := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: words}}
		if c.say(words); !strings.Contains(c.last.Text, want) {
			t.Errorf("%q: no %q in\n%s", words, want, c.last.Text)
		}
	}
}

// counter is a limiter that counts, and has room for as many at once as a rate lets through.
type counter map[string]int

func (c counter) limit(_ context.Context, r dialogs.Rate, parts ...string) (time.Duration, error) {
	what := strings.Join(parts, " ")
	if c[what] == r.Burst {
		return time.Minute, nil
	}
	c[what]++
	return 0, nil
}

// TestSearchesAreLimited: who searches too often is told so, by the hour and by the day. Looking through pages and
// through the list is no search, and others search on.
func TestSearchesAreLimited(t *testing.T) {
	t.Parallel()
	const walker, other = "7001002003", "7001002004"
	for name, list := range map[string]struct {
		search []string // and what it begins with
		found  string
		look   []string
		secret bool
	}{
		"a number":          {[]string{"बरामद संपत्ति", "BR01AB1234"}, "यह सूची अभी ख़ाली है", []string{"बरामद संपत्ति", "गहने", "पटना"}, false},
		"who is arrested":   {[]string{"गिरफ्तारी की जानकारी", "राजू यादव", "छोड़ें", "अररिया"}, "यह सूची अभी ख़ाली है", []string{"गिरफ्तारी की जानकारी", "सूची"}, false},
		"who is wanted":     {[]string{"इनामी बदमाश", "राजू यादव"}, "राजू यादव", []string{"इनामी बदमाश", "सबसे नए नाम"}, true},
		"who is not wanted": {[]string{"इनामी बदमाश", "चंदन मिश्रा"}, "इस खोज में कोई नहीं मिला", []string{"इनामी बदमाश", "अररिया", "ज़िले की सूची", "अररिया"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			records, engine := newServices(t, func() time.Time { return bottest.Start })
			kept, apart := counter{}, counter{}
			records.limit, records.apart = kept.limit, apart.limit
			addWanted(t, records.Store, "राजू यादव")
			citizen, err := records.Store.Verify(t.Context(), "telegram", walker, "+919876543210")
			if err != nil || citizen == "" {
				t.Fatal(err)
			}
			c := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: walker}}
			search := func() {
				t.Helper()
				c.say(list.search...)
			}
			hour, day := searches[0].rate.Burst, searches[1].rate.Burst
			for range hour {
				search()
				c.wants(list.found)
				c.say("मदद", "7", "पीछे", "रद्द") // the search is still open where somebody was found
			}
			search()
			c.wants("बहुत बार खोजा है")
			if c.say(list.look...); strings.Contains(c.last.Text, "बहुत बार") {
				t.Errorf("who only looks is told %s", c.last.Text)
			}
			c.say("रद्द")

			counted, unused := kept, apart
			if list.secret {
				counted, unused = apart, kept
			}
			if len(unused) > 0 || counted["search hour telegram "+walker] != hour || counted["search day telegram "+walker] != hour {
				t.Errorf("counted %v, and where it must not be %v", counted, unused)
			}
			counted["search day telegram "+walker], counted["search hour telegram "+walker] = day-1, 0
			search()
			c.wants(list.found)
			c.say("रद्द")
			search()
			c.wants("बहुत बार खोजा है")
			c.chat.ID = other
			if list.found != "यह सूची अभी ख़ाली है" || len(list.search) == 2 { // no login
				search()
				c.wants(list.found)
			}
		})
	}
}

// TestLookingAtTheWantedLeavesNoTrace: the chat's own dialog does not change while somebody looks at a wanted person and tells
// of them; the tip says whom it is about.
func TestLookingAtTheWantedLeavesNoTrace(t *testing.T) {
	t.Parallel()
	records, engine := newServices(t, func() time.Time { return bottest.Start })
	records.limit = func(context.Context, dialogs.Rate, ...string) (time.Duration, error) {
		t.Error("the chat that looks is counted where it is kept")
		return 0, nil
	}
	r := addWanted(t, records.Store, "राजू यादव")
	c := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: "7001002003"}}
	own := func() []byte {
		state, err := engine.Dialogs.Load(t.Context(), c.chat, true)
		if err != nil {
			t.Fatal(err)
		}
		return state
	}
	c.say("नमस्ते")
	before := own()
	c.say("इनामी बदमाश", "raju yadaw", "1")
	c.wants("राजू यादव", "मामला: लूट")
	if !bytes.Equal(before, own()) {
		t.Error("looking at somebody changed the chat's own dialog")
	}
	c.say("1", "नहीं", "रोज़ शाम को चौक पर चाय पीता है, लाल बाइक से आता है।", "छोड़ें", "मेन चौक", "अररिया", "छोड़ें", "नहीं")
	c.wants("किसके बारे में: राजू यादव", "किस बात की: फ़रार अपराधी")
	if !bytes.Equal(before, own()) {
		t.Error("telling of somebody changed the chat's own dialog")
	}
	c.say("जमा करें")
	c.wants("✅")
	var code string
	for line := range strings.Lines(c.last.Text) {
		if parsed, ok := store.ParseClaimCode(line); ok {
			code = parsed
		}
	}
	tip, _, err := records.Store.TipByCode(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	code, err = records.Store.Invite(t.Context(), store.Seat{Role: store.SHO, Station: tip.Station}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := records.Store.Redeem(t.Context(), code, "telegram", "sho", "sho", "अफ़सर"); err != nil {
		t.Fatal(err)
	}
	whole, err := records.Store.View(t.Context(), tip.ID, "telegram", "sho")
	if err != nil || !strings.Contains(string(whole.Details), r.Number) {
		t.Errorf("the tip does not say whom it is about (%v)", err)
	}
	for what, state := range map[string][]byte{"own": own(), "secret": loaded(t, engine.Secret, c.chat)} {
		if bytes.Contains(state, []byte(r.Number)) || bytes.Contains(state, []byte("राजू")) {
			t.Errorf("the %s dialog tells who was looked at", what)
		}
	}
}

func loaded(t *testing.T, d bot.Dialogs, chat bot.Chat) []byte {
	t.Helper()
	state, err := d.Load(t.Context(), chat, true)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// TestFacesOfChildrenAreNotShown walks the ages: a photo is shown of who is surely grown up.
func TestFacesOfChildrenAreNotShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		age  *Range
		want bool
	}{
		"unknown": {nil, false}, "of 17": {&Range{17, 17}, false}, "of 18": {&Range{18, 18}, true}, "a teen": {&Range{13, 17}, false},
		"about 15 to 20": {&Range{15, 20}, false}, "old": {&Range{61, 120}, true},
	} {
		k := madeKnown{Looks: &Description{Age: c.age}}
		for kind, want := range map[store.RecordKind]bool{
			store.RecordBody: c.want, store.RecordPerson: c.want, store.RecordWanted: true, store.RecordArrest: false, store.RecordRecovered: false,
		} {
			if got := k.showsFace(kind); got != want {
				t.Errorf("%s, %s: shown is %v", name, kind, got)
			}
		}
	}
}

// TestDraftsFromBeforeTheLists are reports: what they have answered already is not asked anew.
func TestDraftsFromBeforeTheLists(t *testing.T) {
	t.Parallel()
	records := unfiled(t)
	for key, open := range map[string]bot.Interview{
		"article.1.kind": &FoundProperty{records: records}, "place": &UnknownPerson{records: records},
	} {
		value := map[string]string{"article.1.kind": "keys", "place": "@25.61234,85.14321"}[key]
		if _, q, _ := bot.Inspect(open, path{{Key: key, Value: value}}, "c", bottest.Start); q == nil || q.Key == "purpose" || q.Key == key {
			t.Errorf("a draft with %s is asked %+v", key, q)
		}
		if _, q, _ := bot.Inspect(open, nil, "c", bottest.Start); q == nil || q.Key != "purpose" {
			t.Errorf("a new one is not asked what it is for: %+v", q)
		}
	}
}
