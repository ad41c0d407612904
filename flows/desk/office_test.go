package desk_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/flows/desk"
	"nagrik/flows/paper"
	"nagrik/store"
)

func optionLabels(r bot.Reply) (list []string) {
	for _, o := range r.Options {
		list = append(list, o.Label)
	}
	return list
}

// chooses presses a button of a reply, by its whole label or a part of it.
func (w *town) chooses(person string, r bot.Reply, label string) bot.Reply {
	w.t.Helper()
	for _, o := range append(append([]bot.Option{}, r.Options...), r.Ways...) {
		if strings.Contains(o.Label, label) {
			return w.gets(bot.Message{Chat: bot.Chat{ID: person}, Sender: person, On: w.next("reply"), Tap: o.Data})
		}
	}
	w.t.Fatalf("there is no %q after %q in %v", label, r.Text, optionLabels(r))
	return bot.Reply{}
}

func (w *town) desk(person string, row string) bot.Reply {
	w.t.Helper()
	return w.chooses(person, w.says(person, "डेस्क"), row)
}

func TestTheMenuOfTheDesk(t *testing.T) {
	w := newTown(t)
	w.talks()
	whole := []string{"नए", "मेरे", "समय-सीमा पार", "खोज", "मिलान", "जोड़ें", "आँकड़े", "मेनू"}
	for _, c := range []struct {
		role    store.Role
		station string
		want    []string
	}{
		{store.DeskOfficer, araria, whole},
		{store.SHO, araria, whole},
		{store.SDPO, "", []string{"नए", "मेरे", "समय-सीमा पार", "खोज", "मिलान", "आँकड़े", "मेनू"}},
		{store.SP, "", whole},
		{store.SCRB, "", []string{"नए", "समय-सीमा पार", "खोज", "जोड़ें", "आँकड़े", "मेनू"}},
		{store.Administrator, "", []string{"प्रशासन", "मेनू"}},
	} {
		person := w.officer(c.role, c.station)
		for _, words := range []string{"डेस्क", "desk", "/desk", "/desk@NagrikBot", " Desk! "} {
			if got := optionLabels(w.says(person, words)); !slices.Equal(got, c.want) {
				t.Errorf("%s gets by %q: %v, want %v", c.role, words, got, c.want)
			}
		}
	}
	// Nobody else finds it, by whatever name.
	for _, words := range []string{"डेस्क", "/desk", "खोज", "मिलान", "आँकड़े", "पद ख़त्म करें", "प्रशासन", "नोट"} {
		mustSay(t, words, w.says("citizen", words).Text, "समझ नहीं पाया")
	}
	sho := w.officer(store.SHO, araria)
	for _, tap := range []string{
		bot.MenuTap("desk"), bot.MenuTap("!menu.desk"), bot.StartTap("desk_list", "what", "new"), bot.MenuTap("desk_admin"),
		bot.StartTap("act_note", "filing", "SH12345678903"), bot.MenuTap("desk_invite"),
	} {
		reply := w.gets(bot.Message{Chat: bot.Chat{ID: "citizen"}, Sender: "citizen", Tap: tap})
		if !slices.Contains(optionLabels(reply), "शिकायत") {
			t.Errorf("%s shows a citizen %q %v", tap, reply.Text, optionLabels(reply))
		}
	}
	reply := w.gets(bot.Message{Chat: bot.Chat{ID: sho}, Sender: sho, Tap: bot.MenuTap("desk_revoke")})
	mustSay(t, "an SHO who wants to revoke", reply.Text, "यहाँ नहीं मिलती")
	// In a group the word is only a word.
	group := w.group(araria, sho)
	if reply := w.saysIn(group, sho, "डेस्क"); !reply.Empty() {
		t.Errorf("in the group: %q", reply.Text)
	}
}

// TestTheOfficersWebChatOpensAtTheDesk: a greeting there is not a citizen's.
func TestTheOfficersWebChatOpensAtTheDesk(t *testing.T) {
	w := newTown(t)
	w.talks()
	w.Channels["desk"] = newChannel("desk")
	say := func(chat, words string) bot.Reply {
		t.Helper()
		reply, err := w.handle(w.ctx, bot.Message{ID: w.next("m"), Chat: bot.Chat{Channel: "desk", ID: chat}, Sender: chat, Text: words})
		w.ok(err)
		return reply
	}
	_, err := w.Store.Redeem(w.ctx, w.invite(store.SHO, araria), "desk", "browser", "browser", "")
	w.ok(err)
	for _, words := range []string{"/start", "नमस्ते", "मेनू"} {
		if got := optionLabels(say("browser", words)); !slices.Contains(got, "समय-सीमा पार") {
			t.Errorf("an officer who says %q sees %v", words, got)
		}
		if got := optionLabels(say("stranger", words)); !slices.Contains(got, "शिकायत") {
			t.Errorf("a stranger who says %q sees %v", words, got)
		}
	}
}

func TestListsShowCardsToActOn(t *testing.T) {
	w := newTown(t)
	w.talks()
	sho, other := w.officer(store.SHO, araria), w.officer(store.SHO, sikti)
	mustSay(t, "an empty list", w.desk(sho, "नए").Text, "नए: अभी कोई आवेदन नहीं")
	n := w.complaint()
	filed := w.files(n)
	secret := w.complaint()
	secret.Sensitive, secret.Urgent = true, true
	hidden := w.files(secret)
	for range 9 {
		w.files(w.complaint())
	}
	reply := w.desk(sho, "नए")
	mustSay(t, "the list", reply.Text, "नए: 11", "🔴 🔒 "+spaced(hidden.Number), "शिकायत · 1 मिनट पहले · नया · ⏳ 24 घंटे में")
	mustNotSay(t, "the list", reply.Text, secrets...)
	if strings.Count(reply.Text, "\n") != 8 || !strings.Contains(strings.SplitN(reply.Text, "\n", 3)[1], spaced(hidden.Number)) {
		t.Errorf("a page is\n%s", reply.Text)
	}
	reply = w.chooses(sho, reply, "और दिखाएँ")
	if strings.Count(reply.Text, "\n") != 3 {
		t.Errorf("the second page is\n%s", reply.Text)
	}
	card := w.says(sho, filed.Number[len(filed.Number)-6:])
	mustSay(t, "the card", card.Text, "📌 शिकायत", spaced(filed.Number), "स्थिति: नया")
	if got := optionLabels(card); !slices.Equal(got, []string{"✅ स्वीकार", "📄 विवरण", "⋯ और काम", "नए", "🗂 डेस्क", "मेनू"}) {
		t.Errorf("its buttons are %v", got)
	}
	changed := w.chooses(sho, card, "स्वीकार")
	mustSay(t, "the card after it", changed.Text, "✅ स्वीकार – थानाध्यक्ष, अररिया")
	if changed.Replace == "" {
		t.Error("the card does not change in its place")
	}
	mustSay(t, "mine", w.desk(sho, "मेरे").Text, "मेरे: 1", spaced(filed.Number), "स्वीकार")
	mustSay(t, "another's list", w.desk(other, "नए").Text, "अभी कोई आवेदन नहीं")
	foreign := w.gets(bot.Message{Chat: bot.Chat{ID: other}, Sender: other, Tap: bot.StartTap("desk_card", "filing", filed.Number)})
	mustSay(t, "another's card", foreign.Text, "आपके क्षेत्र में नहीं")
	assistant := w.officer(store.DeskOfficer, araria)
	withheld := w.gets(bot.Message{Chat: bot.Chat{ID: assistant}, Sender: assistant, Tap: bot.StartTap("desk_card", "filing", hidden.Number)})
	if withheld.Text != foreign.Text {
		t.Errorf("a sensitive one shows as %q, one that is not there as %q", withheld.Text, foreign.Text)
	}
	w.exec(`update clocks set due_at = now() - interval '3 days' where filing = (select id from filings where number = $1)`, hidden.Number)
	mustSay(t, "overdue", w.desk(sho, "समय-सीमा पार").Text, "समय-सीमा पार: 1", "⚠️ 3 दिन की देर")
	// After an interview the card and the desk are a tap away.
	reply = w.gets(bot.Message{Chat: bot.Chat{ID: sho}, Sender: sho, Tap: bot.StartTap("act_note", "filing", filed.Number)})
	w.says(sho, "घटनास्थल देखा।")
	reply = w.says(sho, "छोड़ें")
	mustSay(t, "the card after a note", w.chooses(sho, reply, "कार्ड देखें").Text, "📌 शिकायत")
}

// TestTheDeskWithoutButtons: where options are typed, every action can be.
func TestTheDeskWithoutButtons(t *testing.T) {
	w := newTown(t)
	w.talks()
	terminal := &plainChannel{newChannel("terminal")}
	w.Channels["terminal"] = terminal
	say := func(words string) bot.Reply {
		t.Helper()
		reply, err := w.handle(w.ctx, bot.Message{ID: w.next("m"), Chat: bot.Chat{Channel: "terminal", ID: "sho"}, Sender: "sho", Text: words})
		w.ok(err)
		return reply
	}
	say(w.invite(store.SHO, araria))
	filed := w.files(w.complaint())
	say("डेस्क")
	say("1")
	card := say("1")
	mustSay(t, "the card", card.Text, spaced(filed.Number))
	mustSay(t, "acknowledged by a number", say("1").Text, "स्वीकार हो गया")
	if status := one[string](w, `select status from filings`); status != "acknowledged" {
		t.Errorf("the filing is %s", status)
	}
	say("कार्ड देखें")
	mustSay(t, "opened by its label", say("विवरण").Text, "विवरण ऊपर")
	mustSay(t, "the details", terminal.all("sho"), applicant, story)
}

// TestAnActionIsTypedUnderItsCard: on a channel with buttons the words of one do the same.
func TestAnActionIsTypedUnderItsCard(t *testing.T) {
	w := newTown(t)
	w.talks()
	sho := w.officer(store.SHO, araria)
	w.files(w.complaint())
	w.says(sho, "डेस्क")
	w.says(sho, "नए")
	mustSay(t, "the card", w.says(sho, "1").Text, "📌 शिकायत")
	mustSay(t, "the answer", w.says(sho, "स्वीकार").Text, "स्वीकार हो गया")
	if status := one[string](w, `select status from filings`); status != "acknowledged" {
		t.Errorf("the filing is %s", status)
	}
}

// plainChannel shows texts only.
type plainChannel struct{ *channel }

func (plainChannel) Limits() bot.Limits { return bot.Limits{} }

func TestSearchAtTheDesk(t *testing.T) {
	w := newTown(t)
	w.talks()
	sho, assistant, other := w.officer(store.SHO, araria), w.officer(store.DeskOfficer, araria), w.officer(store.SHO, sikti)
	n := w.complaint()
	n.Identifiers = []store.Identifier{{Kind: "imei", Value: "356938035643809"}, {Kind: "vehicle", Value: "BR38AB1234"}, {Kind: "document", Value: "ABCPD1234E"}}
	n.NameParts = flat(hindi.NameParts(applicant))
	filed := w.files(n)
	phone := w.complaint() // the town's phones are +9198…
	secret := w.complaint()
	secret.Sensitive, secret.NameParts = true, flat(hindi.NameParts("सबीना ख़ातून"))
	hidden := w.files(secret)
	search := func(who, words string) bot.Reply {
		t.Helper()
		w.desk(who, "खोज")
		return w.says(who, words)
	}
	for words, by := range map[string]string{
		spaced(filed.Number): "नंबर से",
		"कौशल्या":            "नाम से",
		"kaushalya devi":     "नाम से",
		"कौसलया":             "नाम से",
		"35-693803-564380-9": "IMEI से",
		"br 38 ab 1234":      "गाड़ी के नंबर से",
		"बीआर 38 एबी 1234":   "गाड़ी के नंबर से",
		"abcpd 1234 e":       "काग़ज़ या मशीन के नंबर से",
	} {
		reply := search(assistant, words)
		mustSay(t, words, reply.Text, by, spaced(filed.Number))
		mustNotSay(t, words, reply.Text, secrets...)
		mustSay(t, words+": the card", w.chooses(assistant, reply, spaced(filed.Number)).Text, "📌 शिकायत")
		mustSay(t, words+" elsewhere", search(other, words).Text, by, "कुछ नहीं मिला")
	}
	_ = phone
	mustSay(t, "a sensitive one, for the SHO", search(sho, "sabina").Text, spaced(hidden.Number))
	mustSay(t, "a sensitive one, for the desk", search(assistant, "sabina").Text, "कुछ नहीं मिला")
	if searches := one[int](w, `select count(*) from audit where what = 'search'`); searches != 18 {
		t.Errorf("%d searches left a trace", searches)
	}
	administrator := w.officer(store.Administrator, "")
	w.gets(bot.Message{Chat: bot.Chat{ID: administrator}, Sender: administrator, Tap: bot.MenuTap("desk_search")})
	mustSay(t, "an administrator", w.says(administrator, "कौशल्या").Text, "आपके पद से यह काम नहीं होता")

	w.Limit = func(context.Context, desk.Rate, ...string) (time.Duration, error) { return time.Minute, nil }
	mustSay(t, "too many", search(sho, "कौशल्या").Text, "बहुत बार")
	if w.counts("search too_many") != 1 || w.counts("search name") == 0 || w.counts("details many") != 0 {
		t.Error("searches are not counted")
	}
	card := w.gets(bot.Message{Chat: bot.Chat{ID: sho}, Sender: sho, Tap: bot.StartTap("desk_card", "filing", filed.Number)})
	w.chooses(sho, card, "विवरण")
	if w.counts("details many") != 1 {
		t.Error("who opens very many raises no alarm")
	}
}

func flat(parts [][]string) (all []string) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// photo is a picture that somebody sends.
func photo() bot.Message {
	const gif = "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
	return bot.Message{Files: []bot.File{{
		Kind: bot.Photo, MIME: "image/gif", Size: int64(len(gif)),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(gif)), nil },
	}}}
}

func TestStatisticsAsPictures(t *testing.T) {
	w := newTown(t)
	w.talks()
	var drawn []paper.Chart
	w.Chart = func(c paper.Chart) ([]byte, error) {
		drawn = append(drawn, c)
		return []byte("png"), nil
	}
	sho, sp, scrb := w.officer(store.SHO, araria), w.officer(store.SP, ""), w.officer(store.SCRB, "")
	for range 3 {
		w.files(w.complaint())
	}
	secret := w.complaint()
	secret.Sensitive = true
	w.files(secret)
	elsewhere := w.complaint()
	elsewhere.Station = sikti
	w.files(elsewhere)
	w.exec(`update filings set created_at = created_at - interval '40 days' where station = $1`, sikti)

	reply := w.desk(sho, "आँकड़े")
	if got := optionLabels(reply); !slices.Equal(got, []string{"रोज़ के आवेदन", "कितने पुराने", "स्वीकार में समय"}) {
		t.Errorf("a station has %v", got)
	}
	reply = w.chooses(sho, reply, "रोज़")
	mustSay(t, "a station's days", reply.Text, "📊 रोज़ के नए आवेदन", "अररिया थाना", "कुल 3", "आज 3")
	if len(reply.Photos) != 1 || len(drawn[0].Columns) != 30 || drawn[0].Columns[29].Value != 3 || drawn[0].Columns[29].Label == "" {
		t.Errorf("the picture is %+v", drawn[0])
	}
	reply = w.chooses(sho, reply, "कितने पुराने")
	mustSay(t, "a station's ages", reply.Text, "1 दिन से कम: 3", "30 दिन से ऊपर: 0")
	reply = w.chooses(sho, reply, "स्वीकार में समय")
	mustSay(t, "a station's times", reply.Text, "कोई आवेदन स्वीकार नहीं हुआ", "3 आवेदन अब तक स्वीकार नहीं हुए")

	reply = w.chooses(sp, w.desk(sp, "आँकड़े"), "कितने पुराने")
	mustSay(t, "a district's ages", reply.Text, "अररिया ज़िला", "अररिया: 3 खुले, 0 तीस दिन से पुराने", "सिकटी: 1 खुले, 1 तीस दिन से पुराने", "बजे तक की गिनती")
	last := drawn[len(drawn)-1]
	if len(last.Legend) != 3 || len(last.Bars) != 2 || !slices.Equal(last.Bars[1].Parts, []float64{0, 0, 1}) {
		t.Errorf("the picture is %+v", last)
	}
	w.exec(`update filings set acknowledged_at = created_at + interval '5 hours'`)
	w.exec(`update statistics set counted_at = counted_at - interval '5 minutes'`)
	reply = w.chooses(sp, reply, "स्वीकार में समय")
	mustSay(t, "a district's times", reply.Text, "अररिया: आधे आवेदन 5 घंटे में स्वीकार हुए, दस में से नौ 5 घंटे में")
	reply = w.chooses(scrb, w.desk(scrb, "आँकड़े"), "कहाँ से कितने")
	mustSay(t, "the state", reply.Text, "पूरा बिहार", "अररिया: 4 आवेदन") // sensitive ones too
}

func TestTheWorkOfAnAdministrator(t *testing.T) {
	w := newTown(t)
	w.talks()
	administrator, sho := w.officer(store.Administrator, ""), w.officer(store.SHO, araria)
	reply := w.desk(administrator, "प्रशासन")
	reply = w.chooses(administrator, reply, "पदाधिकारी जोड़ें")
	w.chooses(administrator, reply, "डेस्क पदाधिकारी")
	reply = w.says(administrator, "सिकटी, अररिया")
	mustSay(t, "the review", reply.Text, "पद: डेस्क पदाधिकारी", "थाना: सिकटी, अररिया")
	reply = w.chooses(administrator, reply, "जमा करें")
	mustSay(t, "the code", reply.Text, "डेस्क पदाधिकारी, सिकटी", "https://t.me/NagrikBot?start=inv_", "https://nagrik.example/desk?start=inv_")
	if !reply.Secret {
		t.Error("the code may be kept by the channel")
	}
	_, code, _ := strings.Cut(reply.Text, "कोड: ")
	code, _, _ = strings.Cut(code, "\n")
	mustSay(t, "the new officer", w.says("new", code).Text, "डेस्क पदाधिकारी, सिकटी")

	reply = w.desk(administrator, "प्रशासन")
	reply = w.chooses(administrator, reply, "पदों की सूची")
	w.says(administrator, "अररिया")
	reply = w.says(administrator, "पूरा ज़िला")
	mustSay(t, "the posts", reply.Text, "पद: 2", "थानाध्यक्ष, अररिया", "डेस्क पदाधिकारी, सिकटी")
	w.chooses(administrator, reply, "पद ख़त्म करें")
	w.says(administrator, "अररिया")
	reply = w.says(administrator, "थानाध्यक्ष, अररिया")
	mustSay(t, "the review", reply.Text, "थानाध्यक्ष, अररिया", "जमा करते ही पद ख़त्म होगा")
	reply = w.chooses(administrator, reply, "जमा करें")
	mustSay(t, "the end", reply.Text, "✅ पद ख़त्म हुआ: थानाध्यक्ष, अररिया")
	mustSay(t, "the former officer", w.says(sho, "डेस्क").Text, "समझ नहीं पाया")
	w.desk(administrator, "प्रशासन")
	w.says(administrator, "पद ख़त्म करें")
	w.says(administrator, "राज्य के पद")
	reply = w.says(administrator, fmt.Sprint(one[int64](w, `select id from posts where role = 'administrator'`)))
	mustSay(t, "one's own post", w.chooses(administrator, reply, "जमा करें").Text, "अपना पद यहाँ से ख़त्म नहीं कर सकते")
	for _, what := range []string{"invite_officer", "list_posts", "revoke_by"} {
		if one[int](w, `select count(*) from audit where what = $1 and post is not null`, what) == 0 {
			t.Errorf("%s left no trace", what)
		}
	}
}
