package desk_test

import (
	"context"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nagrik/bot"
	"nagrik/store"
)

var update = flag.Bool("update", false, "write the stories anew")

// telling writes down who says what where, in the manner of the transcripts.
type telling struct {
	*town
	lines []string
	told  int               // how many sent messages are written down
	names map[string]string // of people and chats
}

// what differs from one telling to the next.
var differs = []struct {
	form *regexp.Regexp
	word string
}{
	{regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`), "ABCD-EFGH-JKMN-PQRS"},
	{regexp.MustCompile(`([A-Z]{2}) \d{4} \d{4} \d{3}`), "$1 1234 5678 901"},
	{regexp.MustCompile(`\d{1,2} \S+ 20\d\d, \S+ \d{1,2}(:\d\d)? बजे`), "5 दिसंबर 2025, शाम 5:30 बजे"},
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
	}
	return reply
}

func (s *telling) typed(person, chat, words string) {
	s.hears(person, chat, words, bot.Message{Text: words})
}

func (s *telling) pressed(person, chat, label string) {
	m := s.channel.last(chat)
	s.hears(person, chat, "["+label+"]", bot.Message{On: m.id, Tap: s.button(m.Rendered, label).Data})
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
		}
	}
	s.sent()
}

func (s *telling) sent() {
	for _, m := range s.channel.sent[s.told:] {
		s.write("बॉट", " → "+s.names[m.chat], text(m.Rendered))
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
	w := newTown(t)
	s := &telling{town: w, names: map[string]string{"sho": "थानाध्यक्ष", "desk": "डेस्क", "member": "सदस्य", "-100": "ग्रुप"}}
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
	filed := w.files(n)
	s.sends()
	s.pressed("member", "-100", "स्वीकार")
	s.pressed("desk", "-100", "स्वीकार")
	s.sends()
	s.hears("sho", "-100", "स्वीकार", bot.Message{Text: "स्वीकार", On: w.channel.in("-100")[0].id})
	s.pressed("desk", "-100", "विवरण")
	w.ok(w.Store.AddInformation(w.ctx, n.Citizen, filed.ID, "more", "एक का नाम पप्पू है", nil))
	s.sends()

	const file = "testdata/complaint.txt"
	got := strings.Join(s.lines, "\n\n") + "\n"
	if *update {
		w.ok(os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	w.ok(err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the story differs (-file +bot); after reading, run with -update:\n%s", diff)
	}
}

const account = "कल रात चार लोग घर में घुस आए, मारपीट की।\nदेखिए /report @police evil.com"
