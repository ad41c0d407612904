package desk_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"nagrik/bot"
	"nagrik/flows"
	"nagrik/store"
)

// sends is somebody's message that is not of words.
func (w *town) sends(person string, m bot.Message) bot.Reply {
	w.t.Helper()
	m.Chat.ID, m.Sender = person, person
	return w.gets(m)
}

// TestAddingRecoveredProperty: it is added with a photo, found by its IMEI in another district, corrected
// and withdrawn by its station only.
func TestAddingRecoveredProperty(t *testing.T) {
	w := newTown(t)
	w.talks()
	w.Files.Display = func(context.Context, string) (string, []byte, error) { return "image/jpeg", []byte("jpeg"), nil }
	assistant, other, sho := w.officer(store.DeskOfficer, araria), w.officer(store.SHO, sikti), w.officer(store.SHO, araria)
	reply := w.desk(assistant, "जोड़ें")
	if got := optionLabels(reply); !slices.Equal(got, []string{"बरामद सामान", "गिरफ़्तारी", "अज्ञात शव", "अज्ञात व्यक्ति मिला"}) {
		t.Fatalf("a station may add %v", got)
	}
	w.chooses(assistant, reply, "बरामद")
	w.says(assistant, "मोबाइल")
	w.says(assistant, "356938035643809")
	w.says(assistant, "सैमसंग ए15, नीला")
	w.says(assistant, "पीछे का काँच टूटा हुआ")
	w.says(assistant, "कल")
	reply = w.says(assistant, "ज़ीरो माइल")
	mustSay(t, "the photos", reply.Text, "फ़ोटो भेजिए")
	w.sends(assistant, photo())
	reply = w.says(assistant, "हो गया")
	mustSay(t, "the review", reply.Text, "सामान: मोबाइल फ़ोन", "IMEI: 356938035643809", "तारीख़: 13 मार्च 2026", "जमा करते ही")
	reply = w.chooses(assistant, reply, "जमा करें")
	mustSay(t, "the number", reply.Text, "✅ जुड़ गया: बरामद सामान", "BM ")
	number := one[string](w, `select number from records`)
	if again := w.says(assistant, "जमा करें"); strings.Contains(again.Text, "✅") {
		t.Errorf("once more: %q", again.Text)
	}

	w.desk(other, "खोज")
	reply = w.says(other, "356938035643809")
	mustSay(t, "found elsewhere", reply.Text, "🗃 "+spaced(number)+" · बरामद सामान · अररिया · 13 मार्च 2026")
	reply = w.chooses(other, reply, spaced(number))
	mustSay(t, "the record", reply.Text, "थाना: अररिया, अररिया", "पहचान: पीछे का काँच टूटा हुआ")
	if got := optionLabels(reply); !slices.Equal(got, []string{"🗂 डेस्क", "मेनू"}) || len(reply.Photos) != 1 {
		t.Errorf("another station sees %d photos and may do %v", len(reply.Photos), got)
	}
	for _, tap := range []string{bot.StartTap("desk_add", "record", number), bot.StartTap("desk_withdraw", "record", number)} {
		reply := w.sends(other, bot.Message{Tap: tap})
		reply = w.chooses(other, reply, "जमा करें")
		mustSay(t, tap, reply.Text, "आपके पद से नहीं बदलता")
	}

	reply = w.sends(sho, bot.Message{Tap: bot.StartTap("desk_record", "record", number)})
	if got := optionLabels(reply); !slices.Equal(got, []string{"सुधारें", "सूची से हटाएँ", "🗂 डेस्क", "मेनू"}) {
		t.Errorf("its SHO may do %v", got)
	}
	reply = w.chooses(sho, reply, "सुधारें")
	mustSay(t, "everything as it was", reply.Text, "1. सामान: मोबाइल फ़ोन", "3. कंपनी/मॉडल: सैमसंग ए15, नीला", "फ़ोटो: 1 फ़ोटो")
	w.says(sho, "बदलें 2")
	reply = w.says(sho, "490154203237518")
	reply = w.chooses(sho, reply, "जमा करें")
	mustSay(t, "corrected", reply.Text, "✅ सुधार हो गया")
	mustSay(t, "the corrected record", w.chooses(sho, reply, "रिकॉर्ड देखें").Text, "IMEI: 490154203237518")
	w.desk(other, "खोज")
	mustSay(t, "the wrong number", w.says(other, "356938035643809").Text, "कुछ नहीं मिला")
	w.desk(other, "खोज")
	mustSay(t, "the right number", w.says(other, "490154203237518").Text, spaced(number))

	reply = w.sends(sho, bot.Message{Tap: bot.StartTap("desk_withdraw", "record", number)})
	w.chooses(sho, reply, "काम पूरा हुआ")
	reply = w.says(sho, "मालिक को सौंप दिया")
	mustSay(t, "the review", reply.Text, spaced(number)+" · बरामद सामान · अररिया", "एक बार देख लीजिए")
	mustSay(t, "withdrawn", w.chooses(sho, reply, "जमा करें").Text, "सूची से हट गया")
	w.desk(other, "खोज")
	mustSay(t, "what is withdrawn", w.says(other, number).Text, "हटाया गया")
	reply = w.sends(sho, bot.Message{Tap: bot.StartTap("desk_add", "record", number)})
	mustSay(t, "corrected after that", w.chooses(sho, reply, "जमा करें").Text, "नहीं बदलता")
	for _, what := range []string{"record_add", "record_correct", "record_withdraw"} {
		if one[int](w, `select count(*) from audit where what = $1 and record is not null`, what) != 1 {
			t.Errorf("%s left no trace", what)
		}
	}
	for _, table := range []string{"records", "record_identifiers", "record_names"} {
		if n := one[int](w, `select count(*) from `+table+` x where x::text ~ 'सैमसंग|मालिक|490154203237518|काँच'`); n != 0 {
			t.Errorf("%s has it in the clear", table)
		}
	}
}

func TestAddingAnArrest(t *testing.T) {
	w := newTown(t)
	w.talks()
	sho := w.officer(store.SHO, araria)
	w.desk(sho, "जोड़ें")
	reply := w.says(sho, "गिरफ़्तारी")
	mustSay(t, "the warning", reply.Text, "18 साल से कम", "पीड़ित")
	mustSay(t, "a child", w.says(sho, "16").Text, "18 से 110 के बीच")
	w.says(sho, "32")
	w.says(sho, "पप्पू यादव")
	w.says(sho, "Pappu Yadav")
	w.says(sho, "छोड़ें")
	w.says(sho, "आज")
	w.says(sho, "लूट, BNS 309")
	w.says(sho, "जेल")
	w.says(sho, "अररिया थाना कांड संख्या 123/2026")
	reply = w.says(sho, "छोड़ें")
	reply = w.chooses(sho, reply, "जमा करें")
	mustSay(t, "added", reply.Text, "✅ जुड़ गया: गिरफ़्तारी", "GR ")
	w.desk(sho, "खोज")
	mustSay(t, "by name", w.says(sho, "papu").Text, "गिरफ़्तारी")
	if names := one[string](w, `select names from records`); names != "" {
		t.Errorf("the name lies in the clear: %q", names)
	}
}

func TestAddingAWantedPerson(t *testing.T) {
	w := newTown(t)
	w.talks()
	sp, scrb := w.officer(store.SP, ""), w.officer(store.SCRB, "")
	for _, who := range []string{sp, scrb} {
		reply := w.desk(who, "जोड़ें")
		if got := optionLabels(reply); !slices.Equal(got, []string{"वांछित व्यक्ति"}) {
			t.Fatalf("%s may add %v", who, got)
		}
		reply = w.chooses(who, reply, "वांछित")
		if who == scrb {
			mustSay(t, "the state", reply.Text, "किस ज़िले")
			reply = w.says(who, "गया")
		}
		mustSay(t, "the name", reply.Text, "पूरा नाम")
		for _, words := range []string{"मुन्ना सिंह", "Munna Singh", "छोड़ें", "मुन्ना डॉन", "हत्या, BNS 103", "पचास हज़ार", "छोड़ें", "छोड़ें", "छोड़ें"} {
			reply = w.says(who, words)
		}
		mustSay(t, "the review", reply.Text, "इनाम: ₹50,000")
		mustSay(t, "added", w.chooses(who, reply, "जमा करें").Text, "WN ")
	}
	rows := one[[]string](w, `select array_agg(names || ' ' || reward || ' ' || (station is null) order by district) from records`)
	if !slices.Equal(rows, []string{"मुन्ना सिंह Munna Singh मुन्ना डॉन 50000 true", "मुन्ना सिंह Munna Singh मुन्ना डॉन 50000 true"}) {
		t.Errorf("the records are %q", rows)
	}
	if districts := one[int](w, `select count(distinct district) from records`); districts != 2 {
		t.Errorf("in %d districts", districts)
	}
	if near := one[int](w, `select count(*) from records where names %> 'munna sing'`); near != 2 {
		t.Errorf("%d are found by a similar name", near)
	}
}

// TestAddingAsOneOfTwoPosts asks for which station it is.
func TestAddingAsOneOfTwoPosts(t *testing.T) {
	w := newTown(t)
	w.talks()
	sho := w.officer(store.SHO, araria)
	w.opens(sho, "inv_"+w.invite(store.SHO, sikti))
	reply := w.chooses(sho, w.desk(sho, "जोड़ें"), "अज्ञात व्यक्ति")
	mustSay(t, "the post", reply.Text, "किस पद से")
	w.chooses(sho, reply, "सिकटी")
	for _, words := range []string{
		"आज", "बस अड्डा, सिकटी", "सदर अस्पताल", "होश में हैं, नाम नहीं बता पातीं", "महिला", "70", "5 फुट", "दुबला-पतला", "छोड़ें", "छोड़ें",
		"साड़ी", "सफ़ेद", "छोड़ें", "छोड़ें", "छोड़ें",
	} {
		reply = w.says(sho, words)
	}
	reply = w.says(sho, "छोड़ें")
	mustSay(t, "added", w.chooses(sho, reply, "जमा करें").Text, "✅ जुड़ गया: अज्ञात व्यक्ति", "AG ")
	if station := one[string](w, `select station from records`); station != sikti {
		t.Errorf("it is of %s", station)
	}
	// The looks are kept as those of missing persons are, and come back for a correction, skips too.
	number := one[string](w, `select number from records`)
	r, err := w.Store.RecordByNumber(w.ctx, number)
	w.ok(err)
	var kept struct {
		Form struct{ Looks flows.Description }
	}
	w.ok(json.Unmarshal(r.Details, &kept))
	if looks := kept.Form.Looks; looks.Sex != "woman" || looks.Age.Low != 70 || looks.Height.High != 152 || looks.Upper != "saree" || r.What != "woman" {
		t.Errorf("the looks are %+v, %q", looks, r.What)
	}
	reply = w.sends(sho, bot.Message{Tap: bot.StartTap("desk_add", "record", number)})
	mustSay(t, "the review", reply.Text, "महिला/पुरुष: महिला", "चेहरे का रंग: —", "जमा करते ही")
}
