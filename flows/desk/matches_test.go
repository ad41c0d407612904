package desk_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"nagrik/bot"
	"nagrik/flows/match"
	"nagrik/store"
)

// matches matches all that waits for it, as the jobs do.
func (w *town) matches() {
	w.t.Helper()
	directory, err := w.Store.Directory(w.ctx)
	w.ok(err)
	m := &match.Matcher{Store: w.Store, Around: match.NewAround(directory.Districts), Observe: w.count}
	rows, _ := w.Store.Pool().Query(w.ctx, `select coalesce(filing, 0), coalesce(record, 0) from match_due order by since`)
	sides, err := pgx.CollectRows(rows, pgx.RowToStructByPos[store.Side])
	w.ok(err)
	for _, side := range sides {
		w.ok(m.Match(w.ctx, side))
	}
	if left := one[int](w, `select count(*) from match_due`); left != 0 {
		w.t.Fatalf("%d were not matched", left)
	}
}

// tells says many things, one after the other, and returns the last reply.
func (w *town) tells(person string, words ...string) (reply bot.Reply) {
	w.t.Helper()
	for _, word := range words {
		if word == "(photo)" {
			reply = w.sends(person, photo())
			continue
		}
		reply = w.says(person, word)
	}
	return reply
}

// citizen is somebody with a verified phone.
func (w *town) citizen(person, phone string) {
	w.t.Helper()
	_, err := w.Store.Verify(w.ctx, "telegram", person, phone)
	w.ok(err)
}

// files a report by talking: it is filed once the last word was said.
func (w *town) reports(person string, words ...string) {
	w.t.Helper()
	before := one[int](w, `select count(*) from filings`)
	reply := w.tells(person, words...)
	if one[int](w, `select count(*) from filings`) != before+1 {
		w.t.Fatalf("nothing was filed: %q", reply.Text)
	}
	w.exec(`delete from notices where kind = 'receipt'`)
}

// whoFiles are the answers to who files.
var whoFiles = []string{"सुनीता देवी", "रामप्रवेश सिंह", "वार्ड 4, मेन रोड, अररिया", "छोड़ें", "छोड़ें"}

// losesAPhone files the report of a lost phone at Araria.
func (w *town) losesAPhone(person string) {
	w.t.Helper()
	w.citizen(person, "+919822000001")
	w.reports(person, append(append([]string{
		"खोया सामान", "खो गया", "मोबाइल", "356938035643809", "छोड़ें", "छोड़ें", "सैमसंग ए15, नीला, कवर पर फूल", "छोड़ें", "नहीं", "10 मार्च",
		"ज़ीरो माइल, अररिया", "अररिया", "छोड़ें", "छोड़ें",
	}, whoFiles...), "जमा करें")...)
}

// recoversAPhone adds the record of a phone at the officer's station.
func (w *town) recoversAPhone(officer string) {
	w.t.Helper()
	w.tells(officer, "डेस्क", "जोड़ें", "बरामद सामान", "मोबाइल", "356938035643809", "Samsung", "नीला, पीछे का काँच टूटा हुआ", "कल", "सिकटी बाज़ार", "(photo)", "हो गया", "जमा करें")
	if one[int](w, `select count(*) from records`) == 0 {
		w.t.Fatal("nothing was added")
	}
}

// missesAnElder files the report of a missing elder at Araria.
func (w *town) missesAnElder(person string) {
	w.t.Helper()
	w.citizen(person, "+919822000002")
	w.reports(person, append(append([]string{
		"गुमशुदा व्यक्ति", "गुम हैं", "कौशल्या देवी", "छोड़ें", "छोड़ें", "72", "महिला", "भूलने की बीमारी", "छोड़ें", "नहीं", "ज़ीरो माइल, अररिया", "12 मार्च", "अररिया",
		"छोड़ें", "छोड़ें", "छोड़ें", "बेटा", "छोड़ें", "हाँ", "5 फुट", "दुबला", "छोड़ें", "सफ़ेद", "साड़ी", "सफ़ेद", "चप्पल", "ठोड़ी पर तिल", "नहीं", "छोड़ें", "नहीं",
	}, whoFiles...), "जमा करें")...)
}

// findsAnElder reports somebody found near Sikti.
func (w *town) findsAnElder(person string) {
	w.t.Helper()
	w.citizen(person, "+919822000003")
	w.reports(person, append(append([]string{
		"अज्ञात व्यक्ति मिला", "कोई मिला है", "बस अड्डा, सिकटी", "ठीक", "बुज़ुर्ग", "मेरे पास", "हाँ", "सिकटी", "महिला", "बूढ़े", "आज", "(photo)", "हो गया", "kaushalya", "छोड़ें", "छोड़ें",
		"हाँ", "छोड़ें", "दुबला", "छोड़ें", "सफ़ेद", "साड़ी", "सफ़ेद", "छोड़ें", "ठुड्डी पर तिल", "नहीं", "छोड़ें",
	}, whoFiles...), "जमा करें")...)
}

// findsABody adds the record of a body at the officer's station.
func (w *town) findsABody(officer string) {
	w.t.Helper()
	w.tells(officer, "डेस्क", "जोड़ें", "अज्ञात शव", "कल", "नहर, सिकटी", "सदर अस्पताल, अररिया", "महिला", "70", "5 फुट", "दुबला", "छोड़ें", "सफ़ेद", "साड़ी", "सफ़ेद",
		"छोड़ें", "chin par til", "छोड़ें", "(photo)", "हो गया", "जमा करें")
	if one[int](w, `select count(*) from records`) == 0 {
		w.t.Fatal("nothing was added")
	}
}

// pair is a town with an SHO at each of two stations.
func pair(t *testing.T) *telling {
	s := newTelling(t, map[string]string{
		"araria": "थानाध्यक्ष अररिया", "sikti": "थानाध्यक्ष सिकटी", "owner": "नागरिक", "finder": "मिलने वाला", "-100": "ग्रुप अररिया", "member": "सदस्य",
	})
	s.talks()
	s.Files.Display = func(context.Context, string) (string, []byte, error) { return "image/jpeg", []byte("jpeg"), nil }
	s.opens("araria", "inv_"+s.invite(store.SHO, araria))
	s.opens("sikti", "inv_"+s.invite(store.SHO, sikti))
	return s
}

// quietly delivers what is not of the story.
func (s *telling) quietly() {
	s.deliver()
	s.told = len(s.channel.sent)
}

// TestTheStoryOfAFoundPhone: a phone that was lost at Araria is recovered at Sikti. The IMEI says so; Araria's group reads no
// more than numbers. Its SHO opens the match in private and says yes, Sikti hears, and then the owner.
func TestTheStoryOfAFoundPhone(t *testing.T) {
	s := pair(t)
	code, err := s.Store.InviteGroup(s.ctx, araria, "test")
	s.ok(err)
	s.saysIn("-100", "araria", "/bind "+code)
	s.losesAPhone("owner")
	s.matches()
	s.quietly()
	s.recoversAPhone("sikti")
	s.matches()
	s.sends()
	s.pressed("member", "-100", "दोनों देखें")
	s.pressed("araria", "-100", "दोनों देखें")
	s.pressed("araria", "araria", "दोनों के फ़ोटो")
	s.pressed("araria", "araria", "हाँ, वही है")
	s.dawns()
	s.sends()
	s.typed("owner", "owner", "मेरे आवेदन")
	s.pressed("owner", "owner", spaced(one[string](s.town, `select number from filings`)))
	s.check("match_phone")
	mustNotSay(t, "the group", s.channel.all("-100"), "सैमसंग", "Samsung", "सुनीता", "ज़ीरो", "काँच", "356938")
}

// TestTheStoryOfAFoundElder: an elder who is missing at Araria was found by a citizen at Sikti.
func TestTheStoryOfAFoundElder(t *testing.T) {
	s := pair(t)
	s.missesAnElder("owner")
	s.findsAnElder("finder")
	s.quietly()
	s.matches()
	s.sends()
	s.pressed("sikti", "sikti", "हाँ, वही है")
	s.pressed("sikti", "sikti", "हाँ")
	s.sends()
	s.typed("finder", "finder", "मेरे आवेदन")
	s.pressed("finder", "finder", spaced(one[string](s.town, `select number from filings where service = 'unknown_person'`)))
	s.check("match_elder")
}

// TestTheStoryOfABody: the family hears only that the station wants to talk, hours after an officer's yes.
func TestTheStoryOfABody(t *testing.T) {
	s := pair(t)
	s.missesAnElder("owner")
	s.quietly()
	s.findsABody("sikti")
	s.matches()
	s.sends()
	s.pressed("araria", "araria", "हाँ, वही है")
	s.pressed("araria", "araria", "हाँ")
	s.sends()
	if strings.Contains(strings.Join(s.lines, "\n"), "नागरिक:") || len(s.channel.in("owner")) > 0 {
		t.Error("the family heard at once")
	}
	s.hasten()
	s.sends()
	s.typed("owner", "owner", "मेरे आवेदन")
	s.pressed("owner", "owner", spaced(one[string](s.town, `select number from filings`)))
	s.check("match_body")
	mustNotSay(t, "what the family reads", s.channel.all("owner"), "शव", "लाश", "SV", "मृत")
	if len(s.channel.last("owner").Photos) > 0 {
		t.Error("the family got a photo")
	}
}

// TestTheStoryOfANo: nobody hears of a no, and the pair never comes again.
func TestTheStoryOfANo(t *testing.T) {
	s := pair(t)
	s.missesAnElder("owner")
	s.quietly()
	s.findsABody("sikti")
	s.matches()
	s.sends()
	s.pressed("araria", "araria", "नहीं")
	s.sends()
	s.typed("sikti", "sikti", "डेस्क")
	s.pressed("sikti", "sikti", "मिलान")
	s.ok(s.Store.Add(s.ctx, one[string](s.town, `select citizen from filings`), one[int64](s.town, `select id from filings`),
		store.Addition{Kind: store.Information, Dialog: "more", Text: "बाएँ पैर से थोड़ा लँगड़ाती हैं"}))
	s.matches()
	s.quietly()
	s.check("match_no")
	if n := one[int](s.town, `select count(*) from matches`); n != 1 {
		t.Errorf("%d matches", n)
	}
	if len(s.channel.in("owner")) > 0 {
		t.Error("the family heard of a no")
	}
}

// TestTheStoryOfTwoAtOnce: of two officers the first decides, and the other is told.
func TestTheStoryOfTwoAtOnce(t *testing.T) {
	s := pair(t)
	s.missesAnElder("owner")
	s.findsAnElder("finder")
	s.quietly()
	s.matches()
	s.sends()
	s.pressed("araria", "araria", "हाँ, वही है")
	s.pressed("sikti", "sikti", "हाँ, वही है")
	s.pressed("sikti", "sikti", "हाँ")
	s.pressed("araria", "araria", "हाँ")
	s.sends()
	s.check("match_both")
}

// TestTheStoryOfAWithdrawnRecord: a match whose record was withdrawn meanwhile is over.
func TestTheStoryOfAWithdrawnRecord(t *testing.T) {
	s := pair(t)
	s.losesAPhone("owner")
	s.quietly()
	s.recoversAPhone("sikti")
	s.matches()
	s.sends()
	_, err := s.Store.WithdrawRecord(s.ctx, "telegram", "sikti", one[string](s.town, `select number from records`), "gone", "ग़लती से")
	s.ok(err)
	s.pressed("araria", "araria", "हाँ, वही है")
	s.typed("araria", "araria", "डेस्क")
	s.pressed("araria", "araria", "मिलान")
	s.check("match_withdrawn")
}

// TestTheListOfMatches shows what waits for an officer's word, and takes it without buttons.
func TestTheListOfMatches(t *testing.T) {
	s := pair(t)
	s.missesAnElder("owner")
	s.findsAnElder("finder")
	s.findsABody("sikti")
	s.losesAPhone("other")
	s.matches()
	s.quietly()
	reply := s.desk("araria", "मिलान")
	mustSay(t, "the list", reply.Text, "🔗 2 मिलान", "GV ", "SV ", "AV ")
	body := one[string](s.town, `select number from records`)
	reply = s.says("araria", body[len(body)-5:])
	mustSay(t, "the match", reply.Text, "निशान: ठोड़ी पर तिल ↔ chin par til", "क्या यह वही है?")
	mustSay(t, "later", s.says("araria", "बाद में").Text, "सूची में रहेगा")
	s.desk("araria", "मिलान")
	s.says("araria", body)
	mustSay(t, "a typed yes", s.says("araria", "haan").Text, "पक्का है?", "थाना बात करना चाहता है")
	mustSay(t, "not sure", s.says("araria", "नहीं").Text, "सूची में रहेगा")
	s.desk("araria", "मिलान")
	s.says("araria", body)
	mustSay(t, "a typed no", s.says("araria", "नहीं").Text, "वही नहीं है")
	reply = s.desk("sikti", "मिलान")
	mustSay(t, "what is left", reply.Text, "🔗 1 मिलान")
	mustNotSay(t, "what is left", reply.Text, "SV ")
	for _, forged := range []string{"999", "x", "-1", ""} {
		reply := s.town.sends("sikti", bot.Message{Tap: bot.StartTap("desk_match", "match", forged, "answer", "yes")})
		mustNotSay(t, "a forged button", reply.Text, "दर्ज हुआ")
	}
	stranger := s.town.sends("finder", bot.Message{Tap: bot.StartTap("desk_match", "match", one[string](s.town, `select min(id)::text from matches`), "answer", "no")})
	mustNotSay(t, "a stranger", stranger.Text, "दर्ज हुआ", "GV ")
	if n := one[int](s.town, `select count(*) from matches where state = 'proposed'`); n != 1 {
		t.Errorf("%d matches wait", n)
	}
}
