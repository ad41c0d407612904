package desk_test

import (
	"cmp"
	"context"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"nagrik/bot"
	"nagrik/store"
)

// telling writes down who says what where, in the manner of the transcripts.
type telling struct {
	*town
	lines []string
	told  int               // how many sent messages are written down
	names map[string]string // of people and chats
	seen  map[string]screen // the newest message in each chat
}

// screen is a message as somebody sees it.
type screen struct {
	id string
	bot.Rendered
}

func newTelling(t *testing.T, names map[string]string) *telling {
	return &telling{town: newTown(t), names: names, seen: map[string]screen{}}
}

// what differs from one telling to the next.
var differs = []struct {
	form *regexp.Regexp
	word string
}{
	{regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`), "ABCD-EFGH-JKMN-PQRS"},
	{regexp.MustCompile(`([A-Z]{2}) \d{4} \d{4} \d{3}`), "$1 1234 5678 901"},
	{regexp.MustCompile(`\d{1,2} \S+ 20\d\d, \S+ \d{1,2}(:\d\d)? बजे`), "5 दिसंबर 2025, शाम 5:30 बजे"},
	{regexp.MustCompile(`\S+ \d{1,2}(:\d\d)? बजे तक`), "शाम 5:30 बजे तक"},
	{regexp.MustCompile(`\d{1,2} \S+ 20\d\d`), "5 दिसंबर 2025"},
	{regexp.MustCompile("\u2060"), "‧"},
}

func (s *telling) write(who, where, words string) {
	for _, d := range differs {
		words = d.form.ReplaceAllString(words, d.word)
	}
	s.lines = append(s.lines, who+where+": "+indented.ReplaceAllString(words, "\n    $1"))
}

// indented finds the lines after the first that are not empty.
var indented = regexp.MustCompile(`\n([^\n])`)

// place is where a message stands: in somebody's own chat, or in a group.
func (s *telling) place(person, chat string) string {
	if person == chat {
		return ""
	}
	return " → " + s.names[chat]
}

// hears gives a message to the desk and writes down what was said and what came of it.
func (s *telling) hears(person, chat, words string, m bot.Message) bot.Reply {
	m.Chat.ID, m.Sender, m.Group = chat, person, chat != person
	s.write(s.names[person], s.place(person, chat), words)
	reply := s.gets(m)
	s.sent() // what was sent before the answer
	if reply.Toast != "" {
		s.write("बॉट", " → "+s.names[person], "("+reply.Toast+")")
	}
	if reply.Text != "" {
		where := " → " + s.names[chat]
		if reply.Replace != "" {
			where += ", कार्ड"
		}
		s.write("बॉट", where, text(s.render(reply)))
		for _, p := range reply.Photos {
			s.write("बॉट", where, "<"+p.MIME+">")
		}
		if r := s.render(reply); len(r.Buttons) > 0 {
			s.seen[chat] = screen{reply.Replace, r}
		}
	}
	return reply
}

func (s *telling) typed(person, chat, words string) {
	s.hears(person, chat, words, bot.Message{Text: words})
}

func (s *telling) pressed(person, chat, label string) {
	m := s.seen[chat]
	s.hears(person, chat, "["+label+"]", bot.Message{On: cmp.Or(m.id, "reply"), Tap: s.button(m.Rendered, label).Data})
}

// sends delivers the notices and writes them down.
func (s *telling) sends() {
	edits := map[string]int{}
	for _, m := range s.channel.sent {
		edits[m.id] = m.edits
	}
	s.deliver()
	for _, m := range s.channel.sent {
		if before, known := edits[m.id]; known && m.edits > before {
			s.write("बॉट", " → "+s.names[m.chat]+", कार्ड", text(m.Rendered))
			s.seen[m.chat] = screen{m.id, m.Rendered}
		}
	}
	s.sent()
}

func (s *telling) sent() {
	for _, m := range s.channel.sent[s.told:] {
		s.write("बॉट", " → "+s.names[m.chat], text(m.Rendered))
		if len(m.Buttons) > 0 {
			s.seen[m.chat] = screen{m.id, m.Rendered}
		}
		for _, p := range m.Photos {
			s.write("बॉट", " → "+s.names[m.chat], "<"+p.MIME+">")
		}
		if m.Document != nil {
			s.write("बॉट", " → "+s.names[m.chat], "<"+m.Document.MIME+">")
		}
	}
	s.told = len(s.channel.sent)
}

// TestTheStoryOfAComplaint is the way of a complaint at a station, from the officers' side.
func TestTheStoryOfAComplaint(t *testing.T) {
	s := newTelling(t, map[string]string{"sho": "थानाध्यक्ष", "desk": "डेस्क", "member": "सदस्य", "-100": "ग्रुप"})
	w := s.town
	w.Files.Display = func(context.Context, string) (string, []byte, error) { return "image/jpeg", []byte("jpeg"), nil }
	w.Files.Original = func(context.Context, string) (string, []byte, error) { return "audio/ogg", []byte("ogg"), nil }

	start := "inv_" + w.invite(store.SHO, araria)
	welcome := s.hears("sho", "sho", "/start "+start, bot.Message{Text: "/start " + start, Start: start})
	tap := w.button(w.render(welcome), "ग्रुप").Data
	s.hears("sho", "sho", "[थाने का ग्रुप जोड़ें]", bot.Message{Tap: tap, On: "1"})
	s.typed("desk", "desk", w.invite(store.DeskOfficer, araria))
	code, err := w.Store.InviteGroup(w.ctx, araria, "test")
	w.ok(err)
	s.typed("member", "-100", "यह बॉट क्या करता है?")
	s.typed("sho", "-100", "/bind "+code)

	n := w.complaint()
	s.names[n.Chat] = "नागरिक"
	n.Urgent = true
	n.Details = answers("what", "क्या हुआ", account, "where", "जगह", "@26.13580,87.46590", "who", "किसने किया", "voice:note")
	n.Media = []store.Media{evidence("first", "photo", "image/jpeg", "photos"), evidence("note", "voice", "audio/ogg", "who")}
	filed := w.filesWithReceipt(n)
	s.sends()
	s.pressed("member", "-100", "स्वीकार")
	s.pressed("desk", "-100", "स्वीकार")
	s.sends()
	s.hears("sho", "-100", "स्वीकार", bot.Message{Text: "स्वीकार", On: w.channel.in("-100")[0].id})
	s.pressed("desk", "-100", "विवरण")
	w.ok(w.Store.Add(w.ctx, n.Citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "एक का नाम पप्पू है"}))
	s.sends()

	s.check("complaint")
}

// check compares what was told with the story in a file.
func (s *telling) check(name string) {
	s.t.Helper()
	file := "testdata/" + name + ".txt"
	got := strings.Join(s.lines, "\n\n") + "\n"
	if flag.Lookup("update").Value.String() == "true" { // bottest's
		s.ok(os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	s.ok(err)
	if diff := gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		s.t.Errorf("the story differs (-file +bot); after reading, run with -update:\n%s", diff)
	}
}

const account = "कल रात चार लोग घर में घुस आए, मारपीट की।\nदेखिए /report @police evil.com"

// TestTheStoryOfAQuestion: an officer asks from the group, is asked in private what to ask, and the
// citizen answers; neither sees the other's number. Then the filing ends with a reason.
func TestTheStoryOfAQuestion(t *testing.T) {
	s := newTelling(t, map[string]string{"sho": "थानाध्यक्ष", "desk": "डेस्क", "-100": "ग्रुप"})
	w := s.town
	w.talks()
	code := w.invite(store.SHO, araria)
	w.opens("sho", "inv_"+code)
	w.says("desk", w.invite(store.DeskOfficer, araria))
	group, err := w.Store.InviteGroup(w.ctx, araria, "test")
	w.ok(err)
	w.saysIn("-100", "sho", "/bind "+group)

	n := w.complaint()
	s.names[n.Chat] = "नागरिक"
	w.files(n)
	s.sends()
	s.pressed("desk", "-100", "स्वीकार")
	s.sends()
	s.pressed("desk", "-100", "जानकारी माँगें")
	s.typed("desk", "desk", "मारपीट में कोई घायल हुआ हो तो इलाज के काग़ज़ का फ़ोटो भेजिए।")
	s.pressed("desk", "desk", "छोड़ें")
	s.sends()
	s.pressed(n.Chat, n.Chat, "जवाब दें")
	s.typed(n.Chat, n.Chat, "हाँ")
	s.pressed(n.Chat, n.Chat, "छोड़ें")
	s.sends()
	s.typed(n.Chat, n.Chat, "मेरे आवेदन")
	s.pressed(n.Chat, n.Chat, spaced(one[string](w, `select number from filings`)))
	s.hears("sho", "-100", "नोट", bot.Message{Text: "नोट", On: w.channel.in("-100")[0].id})
	s.typed("sho", "sho", "इलाज के काग़ज़ थाने में देखे।")
	s.pressed("sho", "sho", "छोड़ें")
	s.sends()
	s.seen["-100"] = screen{w.channel.in("-100")[0].id, w.channel.in("-100")[0].Rendered}
	s.pressed("sho", "-100", "और काम")
	s.pressed("sho", "-100", "बंद करें")
	s.pressed("sho", "sho", "आपसी समझौता")
	s.typed("sho", "sho", "हाँ")
	s.typed("sho", "sho", "दोनों पक्षों ने थाने में लिखकर समझौता किया।")
	s.pressed("sho", "sho", "जमा करें")
	s.sends()
	s.check("question")
}

// TestTheStoryOfALateStation: nobody acknowledges a complaint. The SHO and then the SDPO are told, the
// citizen is reminded to sign, and the SHO acts from the message at last.
func TestTheStoryOfALateStation(t *testing.T) {
	s := newTelling(t, map[string]string{"sho": "थानाध्यक्ष", "desk": "डेस्क", "sdpo": "एसडीपीओ", "-100": "ग्रुप"})
	w := s.town
	w.talks()
	w.opens("sho", "inv_"+w.invite(store.SHO, araria))
	w.opens("sdpo", "inv_"+w.invite(store.SDPO, ""))
	group, err := w.Store.InviteGroup(w.ctx, araria, "test")
	w.ok(err)
	w.saysIn("-100", "sho", "/bind "+group)
	n := w.complaint()
	s.names[n.Chat] = "नागरिक"
	w.files(n)
	s.sends()
	for range 2 {
		w.pass(24*time.Hour + time.Minute)
		w.hasten()
		s.sends()
	}
	s.pressed("sho", "sho", "स्वीकार")
	w.Files.Display = noFile
	s.pressed("sho", "sho", "विवरण")
	w.pass(24 * time.Hour)
	w.hasten()
	s.sends()
	s.typed(n.Chat, n.Chat, "मेरे आवेदन")
	s.pressed(n.Chat, n.Chat, spaced(one[string](w, `select number from filings`)))
	s.check("late")
}

// TestTheStoryOfASharedPhone: a family's phone gets a PIN, the news on it say nothing, another phone
// reads the filing by number and PIN; what was closed is rated and reopened, and a forgotten PIN is
// taken away at the station.
func TestTheStoryOfASharedPhone(t *testing.T) {
	s := newTelling(t, map[string]string{"sho": "थानाध्यक्ष", "other": "दूसरा फ़ोन"})
	w := s.town
	w.talks()
	w.opens("sho", "inv_"+w.invite(store.SHO, araria))
	n := w.complaint()
	s.names[n.Chat] = "नागरिक"
	n.Service, n.Prefix = "lost_property", "KS"
	filed := w.files(n)
	w.deliver()

	s.typed(n.Chat, n.Chat, "भाषा और मेरी जानकारी")
	s.pressed(n.Chat, n.Chat, "PIN लगाना")
	s.typed(n.Chat, n.Chat, "12")
	s.typed(n.Chat, n.Chat, "1234")
	s.typed(n.Chat, n.Chat, "१२३४")

	close := func(why string) {
		s.seen["sho"] = screen{w.channel.in("sho")[0].id, w.channel.in("sho")[0].Rendered}
		s.pressed("sho", "sho", "और काम")
		s.pressed("sho", "sho", "बंद करें")
		s.pressed("sho", "sho", "काम पूरा हुआ")
		s.typed("sho", "sho", why)
		s.pressed("sho", "sho", "जमा करें")
		s.sends()
	}
	close("मोबाइल मिल गया, थाने से ले लीजिए।")

	s.pressed(n.Chat, n.Chat, "मेरे आवेदन")
	s.typed(n.Chat, n.Chat, "4321")
	s.typed(n.Chat, n.Chat, "1234")
	s.pressed(n.Chat, n.Chat, "राय देनी है")
	s.pressed(n.Chat, n.Chat, "⭐⭐ अच्छा नहीं")
	s.typed(n.Chat, n.Chat, "मोबाइल मेरा नहीं निकला।")
	s.typed(n.Chat, n.Chat, "मेरे आवेदन")
	s.typed(n.Chat, n.Chat, "1234")
	s.pressed(n.Chat, n.Chat, spaced(filed.Number))
	s.pressed(n.Chat, n.Chat, "फिर से खुलवाना है")
	s.typed(n.Chat, n.Chat, "वह मोबाइल मेरा नहीं था।")
	s.pressed(n.Chat, n.Chat, "छोड़ें")
	s.sends()

	_, err := w.Store.Verify(w.ctx, "telegram", "other", "+919811111111")
	w.ok(err)
	s.typed("other", "other", "मेरे आवेदन")
	s.pressed("other", "other", "दूसरे फ़ोन से दर्ज")
	s.typed("other", "other", spaced(filed.Number))
	s.typed("other", "other", "0000")
	s.typed("other", "other", "1234")

	s.seen["sho"] = screen{w.channel.in("sho")[0].id, w.channel.in("sho")[0].Rendered}
	s.pressed("sho", "sho", "और काम")
	s.pressed("sho", "sho", "PIN हटाएँ")
	s.pressed("sho", "sho", "हाँ")
	s.sends()
	s.check("shared_phone")
}
