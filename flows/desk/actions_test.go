package desk_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/bot"
	"nagrik/flows/desk"
	"nagrik/store"
)

func TestAcknowledging(t *testing.T) {
	w := newTown(t)
	desk, sho := w.officer(store.DeskOfficer, araria), w.officer(store.SHO, araria)
	other, sp := w.officer(store.SHO, sikti), w.officer(store.SP, "")
	group := w.group(araria, desk)
	n := w.complaint()
	filed := w.files(n)
	w.deliver()
	button := w.button(w.channel.last(group).Rendered, "स्वीकार").Data
	press := func(person string) bot.Reply {
		return w.gets(bot.Message{Chat: bot.Chat{ID: group}, Sender: person, Group: true, On: w.channel.last(group).id, Tap: button})
	}
	for _, who := range []string{"stranger", other, sp, n.Chat} {
		if reply := press(who); reply.Text != "" || !strings.Contains(reply.Toast, "अधिकार नहीं") {
			t.Errorf("%s got %q and %q", who, reply.Toast, reply.Text)
		}
	}
	mustSay(t, "an anonymous admin's answer", press("").Toast, "गुमनाम")
	if status := one[string](w, `select status from filings`); status != "sent" {
		t.Fatalf("the filing is %s", status)
	}
	reply := press(desk)
	mustSay(t, "the toast", reply.Toast, "स्वीकार हो गया")
	mustSay(t, "the card in the answer", text(w.render(reply)), "स्वीकार – डेस्क पदाधिकारी, अररिया", "[📄 विवरण]")
	if reply.Replace != w.channel.last(group).id {
		t.Errorf("the answer replaces %q", reply.Replace)
	}
	mustSay(t, "the same again", press(desk).Toast, "स्वीकार हो गया")
	mustSay(t, "another officer's answer", press(sho).Toast, "पहले ही", "डेस्क पदाधिकारी")
	w.deliver()
	mustSay(t, "the citizen's news", w.channel.all(n.Chat), "थाने ने आपका आवेदन देख लिया है", spaced(filed.Number), "थाना: अररिया", "[मेरे आवेदन]")
	if events := one[int](w, `select count(*) from events where kind = 'acknowledged'`); events != 1 || len(w.channel.in(n.Chat)) != 1 {
		t.Errorf("%d events, %d messages to the citizen", events, len(w.channel.in(n.Chat)))
	}
	for _, toast := range []string{reply.Toast, press(sho).Toast, press("").Toast} {
		if len([]rune(toast)) > 200 {
			t.Errorf("a toast of %d letters", len([]rune(toast)))
		}
	}
}

func TestTwoOfficersAcknowledgeAtOnce(t *testing.T) {
	w := newTown(t)
	first, second := w.officer(store.DeskOfficer, araria), w.officer(store.SHO, araria)
	n := w.complaint()
	w.files(n)
	w.deliver()
	toasts := make([]string, 2)
	var both sync.WaitGroup
	for i, who := range []string{first, second} {
		m := bot.Message{
			ID: who, Chat: bot.Chat{Channel: "telegram", ID: who}, Sender: who,
			On: w.channel.last(who).id, Tap: w.button(w.channel.last(who).Rendered, "स्वीकार").Data,
		}
		both.Go(func() {
			reply, err := w.handle(w.ctx, m)
			if err != nil {
				t.Error(err)
			}
			toasts[i] = reply.Toast
		})
	}
	both.Wait()
	told := strings.Join(toasts, "|")
	if strings.Count(told, "हो गया") != 1 || strings.Count(told, "पहले ही") != 1 {
		t.Errorf("they were told %q", toasts)
	}
	w.deliver()
	if len(w.channel.in(n.Chat)) != 1 {
		t.Errorf("the citizen was told %d times", len(w.channel.in(n.Chat)))
	}
	for _, who := range []string{first, second} {
		mustNotSay(t, who+"'s card", text(w.channel.last(who).Rendered), "[✅ स्वीकार]")
	}
}

func TestACardThatChangedMeanwhileIsShownAnew(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	n := w.complaint()
	filed := w.files(n)
	w.deliver()
	w.ok(w.Store.Add(w.ctx, n.Citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "एक का नाम याद आया"}))
	reply := w.taps(sho, sho, "स्वीकार") // the edit is still under way
	mustSay(t, "the toast", reply.Toast, "बदल गया", "नई जानकारी जोड़ी – आवेदक")
	mustSay(t, "the card in the answer", text(w.render(reply)), "नई जानकारी जुड़ी", "[✅ स्वीकार]")
	tap := w.button(w.render(reply), "स्वीकार").Data
	mustSay(t, "the toast", w.gets(bot.Message{Chat: bot.Chat{ID: sho}, Sender: sho, On: reply.Replace, Tap: tap}).Toast, "स्वीकार हो गया")
}

// An officer who lets the closing of a filing be and presses the button of another one's card is asked about that one:
// what was begun does not go on, which would close the first.
func TestAnotherCardsButtonIsAboutAnotherFiling(t *testing.T) {
	for name, aside := range map[string]bool{"open": false, "set aside": true} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			w.talks()
			sho := w.officer(store.SHO, araria)
			var numbers []string
			closes := map[string]func() bot.Reply{}
			for range 2 {
				filed := w.files(w.complaint())
				w.deliver()
				reply := w.taps(sho, sho, "और काम")
				tap := w.button(w.render(reply), "बंद करें").Data
				numbers = append(numbers, filed.Number)
				closes[filed.Number] = func() bot.Reply {
					return w.gets(bot.Message{Chat: bot.Chat{ID: sho}, Sender: sho, On: reply.Replace, Tap: tap})
				}
			}
			mustSay(t, "the question", closes[numbers[0]]().Text, spaced(numbers[0]), "किस कारण")
			w.says(sho, "काम पूरा हुआ")
			mustSay(t, "the same button again", closes[numbers[0]]().Text, "अधूरा", "जारी रखें")
			w.says(sho, "हाँ")
			if aside {
				w.says(sho, "शिकायत")
			}
			mustSay(t, "the other card's button", closes[numbers[1]]().Text, spaced(numbers[1]), "किस कारण")
			w.says(sho, "काम पूरा हुआ")
			w.says(sho, "दोनों मिल गए।")
			mustSay(t, "the end", w.says(sho, "जमा करें").Text, spaced(numbers[1]))
			if closed := one[string](w, `select number from filings where closed_at is not null`); closed != numbers[1] {
				t.Errorf("%s is closed", closed)
			}
		})
	}
}

// Before an officer's action counts, the review says which of the open filings it is about; so does the question whether to
// go on with what was begun.
func TestAReviewSaysWhichFiling(t *testing.T) {
	w := newTown(t)
	w.talks()
	sho := w.officer(store.SHO, araria)
	other := w.officer(store.SHO, sikti)
	for _, act := range []struct {
		name, service, prefix string
		from                  string   // where it was made, and sent on from
		answers               []string // up to the review
		about                 string
	}{
		{"verify", "verification", "ST", "", []string{"सत्यापित", "पते पर जाकर देखा, सही है"}, "किरायेदार/सहायक सत्यापन"},
		{"certify", "character_certificate", "CP", "", []string{"कुछ नहीं"}, "चरित्र प्रमाण पत्र"},
		{"register_fir", "complaint", "SH", "", []string{"1", "123", "BNS 303(2)", "आज", "1"}, "शिकायत"},
		{"transfer", "complaint", "SH", "", []string{"सिकटी", "घटना वहीं की है"}, "शिकायत"},
		{"send_back", "lost_property", "KS", sikti, []string{"हमारे क्षेत्र का नहीं है"}, "खोया सामान"},
		{"close", "missing_person", "GV", "", []string{"काम पूरा हुआ", "घर लौट आए हैं"}, "गुमशुदा व्यक्ति"},
	} {
		n := w.complaint()
		n.Service, n.Prefix = act.service, act.prefix
		if act.from != "" {
			n.Station = act.from
		}
		filed := w.files(n)
		if act.from != "" {
			sent, err := w.Store.Act(w.ctx, "telegram", other, store.Step{Action: store.ActTransfer, Filing: filed.ID, To: araria, Note: "वहाँ का मामला है"})
			if w.ok(err); sent.Outcome != store.Done {
				t.Fatal(sent)
			}
		}
		reply := w.sends(sho, bot.Message{Tap: bot.StartTap("act_"+act.name, "filing", filed.Number)})
		for _, words := range act.answers {
			reply = w.says(sho, words)
		}
		head := act.about + " · " + spaced(filed.Number) + "\nएक बार देख लीजिए – सब ठीक है?\n1. "
		mustSay(t, act.name, reply.Text, head)
		mustSay(t, act.name+" again", w.sends(sho, bot.Message{Tap: bot.StartTap("act_"+act.name, "filing", filed.Number)}).Text,
			"आपका काम अधूरा है: ", " – "+act.about+" · "+spaced(filed.Number)+"। उसे जारी रखें?")
		w.says(sho, "रद्द")
		mustSay(t, act.name+" given up", w.says(sho, "हाँ").Text, "रद्द कर दिया")
	}
}

func TestARevokedOfficerHasNoRights(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	other := w.officer(store.DeskOfficer, araria)
	group := w.group(araria, other)
	w.files(w.complaint())
	w.deliver()
	posts, err := w.Store.Posts(w.ctx, "telegram", sho)
	w.ok(err)
	w.ok(w.Store.Revoke(w.ctx, posts[0].ID))
	for _, label := range []string{"स्वीकार", "विवरण"} {
		mustSay(t, label, w.taps(sho, group, label).Toast, "अधिकार नहीं")
	}
	if got := w.channel.all(sho); got != "" {
		t.Errorf("the former officer got %q", got)
	}
}

func TestWordsThatAnswerACardAreItsButtons(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	group := w.group(araria, sho)
	w.files(w.complaint())
	w.deliver()
	card := w.channel.last(group).id
	answer := func(chat, person, on, words string) bot.Reply {
		return w.gets(bot.Message{Chat: bot.Chat{ID: chat}, Sender: person, Group: chat != person, On: on, Text: words})
	}
	for _, c := range []struct{ on, words string }{{card, "देखता हूँ"}, {card, ""}, {card, "👍"}, {"message-99", "स्वीकार"}, {"", "स्वीकार"}} {
		if reply := answer(group, sho, c.on, c.words); !reply.Empty() {
			t.Errorf("%q on %q got %q", c.words, c.on, reply.Text)
		}
	}
	mustSay(t, "a stranger's answer", answer(group, "stranger", card, "स्वीकार").Text, "अधिकार नहीं")
	mustSay(t, "विवरण", answer(group, sho, card, "विवरण").Text, "निजी चैट में भेज दिया")
	mustSay(t, "the details", w.channel.all(sho), applicant)
	reply := answer(group, sho, card, " Accept! ")
	mustSay(t, "Accept", reply.Text, "स्वीकार हो गया")
	if reply.Replace != "" || reply.Toast != "" {
		t.Errorf("words got the answer of a button: %+v", reply)
	}
	// A citizen who answers a message of ours with such a word is none of the desk's business.
	if reply := answer("citizen", "citizen", "message-1", "विवरण"); reply.Text != "(citizen)" {
		t.Errorf("a citizen got %q", reply.Text)
	}
}

func TestForgedAndForeignButtons(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	w.files(w.complaint())
	w.deliver()
	good := w.button(w.channel.last(sho).Rendered, "विवरण").Data
	parts := strings.Split(good, ".")
	for _, data := range []string{
		"k.", "k.d", "k.d.1.2", "k.d.1.2.AAAAAAAA", good + "x", good[:len(good)-1], "k.a." + strings.Join(parts[2:], "."),
		"k.d.zz." + strings.Join(parts[3:], "."), "k...." + parts[4], "k.d.1.2.अआइईउऊएऐ",
	} {
		reply := w.gets(bot.Message{Chat: bot.Chat{ID: sho}, Sender: sho, Tap: data, On: "message-1"})
		if reply.Toast != "यह बटन पुराना है।" {
			t.Errorf("%q got %q", data, reply.Toast)
		}
	}
	if len(w.channel.in(sho)) != 1 {
		t.Error("a forged button opened the details")
	}
	if reply := w.gets(bot.Message{Chat: bot.Chat{ID: sho}, Sender: sho, Tap: "m.complaint"}); reply.Text != "(citizen)" {
		t.Errorf("a menu button got %q", reply.Text)
	}
	if reply := w.gets(bot.Message{Chat: bot.Chat{ID: "-100"}, Sender: sho, Group: true, Tap: "m.complaint"}); !reply.Empty() {
		t.Errorf("a menu button in a group got %q", reply.Text)
	}
}

// evidence is a filing's file of a kind.
func evidence(id, kind, mime, label string) store.Media {
	sum := sha256.Sum256([]byte(id))
	return store.Media{ID: id, SHA256: sum[:], Kind: kind, MIME: mime, Size: 4, ReceivedAt: time.Date(2026, 1, 5, 10, 30, 0, 0, time.UTC), Label: label}
}

func TestDetailsInPrivateOnly(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	group := w.group(araria, sho)
	n := w.complaint()
	n.Details = answers("what", "घटना", "voice:note", "where", "जगह", "@26.13580,87.46590", "how", "कैसे", "देखो /ban @admin evil.com\n\n🕘 अब तक", "who", "किसने", story)
	n.Media = []store.Media{
		evidence("first", "photo", "image/jpeg", "photos"), evidence("note", "voice", "audio/ogg", "what"),
		evidence("heic", "photo", "image/heic", "photos"), evidence("second", "photo", "image/png", "photos"), evidence("bill", "document", "application/pdf", "photos"),
	}
	w.Files = desk.Files{
		Display: func(_ context.Context, id string) (string, []byte, error) {
			if id == "heic" {
				return "", nil, errors.New("no preview")
			}
			return "image/jpeg", []byte("copy of " + id), nil
		},
		Original: func(_ context.Context, id string) (string, []byte, error) {
			return map[string]string{"note": "audio/ogg", "heic": "image/heic", "bill": "application/pdf"}[id], []byte(id), nil
		},
	}
	for i := range n.Media {
		n.Media[i].ReceivedAt = n.Media[i].ReceivedAt.Add(time.Duration(i) * time.Minute)
	}
	filed := w.files(n)
	w.ok(w.Store.Add(w.ctx, n.Citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "एक का नाम पप्पू है"}))
	w.deliver()
	mustSay(t, "the toast", w.taps(sho, group, "विवरण").Toast, "निजी चैट में भेज दिया")
	private := w.channel.in(sho)
	if len(private) != 5 {
		t.Fatalf("%d messages:\n%s", len(private), w.channel.all(sho))
	}
	full := text(private[0].Rendered)
	mustSay(t, "the details", full, spaced(filed.Number), "नाम: "+applicant, father, shown, "वार्ड 4", story, "https://maps.google.com/?q=26.13580,87.46590",
		"घटना: 🎤", "पप्पू", "5 जनवरी 2026, शाम 4 बजे", "1. फ़ोटो", "🎤 आवाज़ – घटना", "आवेदन दर्ज")
	mustNotSay(t, "the details", full, "/ban", "@admin", "evil.com", "\n🕘 अब तक\n\n", "voice:")
	if got := private[1]; len(got.Photos) != 2 || string(got.Photos[0].Data) != "copy of first" || got.Photos[0].Name != filed.Number+"-1.jpg" {
		t.Errorf("photos %+v", got.Photos)
	}
	var names []string
	for _, m := range private[2:] {
		names = append(names, m.Document.Name+" "+string(m.Document.Data))
		mustSay(t, "the caption", text(m.Rendered), spaced(filed.Number))
	}
	if diff := cmp.Diff([]string{filed.Number + "-2.ogg note", filed.Number + "-3.heic heic", filed.Number + "-5.pdf bill"}, names); diff != "" {
		t.Error("documents:", diff)
	}
	mustNotSay(t, "the group", w.channel.all(group), append(secrets, "पप्पू")...)
	if views := one[int](w, `select count(*) from audit where what = 'view' and filing = $1`, filed.ID); views != 1 {
		t.Errorf("the audit has %d views", views)
	}
}

func TestDetailsAreNotForEveryone(t *testing.T) {
	w := newTown(t)
	sho, other := w.officer(store.SHO, araria), w.officer(store.SHO, sikti)
	group := w.group(araria, sho)
	filed := w.files(w.complaint())
	w.deliver()
	for _, who := range []string{"stranger", other} {
		mustSay(t, who, w.taps(who, group, "विवरण").Toast, "अधिकार नहीं")
		if got := w.channel.all(who); got != "" {
			t.Errorf("%s got %q", who, got)
		}
	}
	if n := one[int](w, `select count(*) from audit where what = 'view_refused' and filing = $1`, filed.ID); n != 1 {
		t.Errorf("the audit has %d refusals", n)
	}
}

func TestDetailsThatDoNotArrive(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	group := w.group(araria, sho)
	n := w.complaint()
	n.Media = []store.Media{evidence("gone", "document", "application/pdf", "photos")}
	w.files(n)
	w.deliver()
	w.channel.refuse(sho, &bot.SendError{Reason: bot.ReasonBlocked}, &bot.SendError{Reason: bot.ReasonBusy, After: time.Minute})
	mustSay(t, "a closed chat", w.taps(sho, group, "विवरण").Toast, "Start")
	mustSay(t, "a busy channel", w.taps(sho, group, "विवरण").Toast, "एक मिनट बाद")
	mustSay(t, "a lost file", w.taps(sho, group, "विवरण").Toast, "1 फ़ाइल नहीं जा सकी")
	w.channel.refuse(sho, errors.New("the network is away"))
	m := w.channel.last(group)
	_, err := w.handle(w.ctx, bot.Message{
		ID: "x", Chat: bot.Chat{Channel: "telegram", ID: group}, Sender: sho, Group: true, On: m.id, Tap: w.button(m.Rendered, "विवरण").Data,
	})
	if err == nil {
		t.Error("a passing failure is not to be tried again")
	}
}
