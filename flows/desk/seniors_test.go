package desk

import (
	"fmt"
	"testing"
	"time"
	"unicode/utf8"

	"nagrik/locales"
	"nagrik/store"
)

// nowhere names one station; nobody looks for another.
type nowhere struct{ Places }

func (nowhere) Name(string, string) string         { return "कंकड़बाग" }
func (nowhere) DistrictName(string, string) string { return "पटना" }

// TestNoticesToPeopleFitEveryChannel holds that every notice of a check-in has its words in both languages, in simple mode
// too, and fits the narrowest channel with its buttons.
func TestNoticesToPeopleFitEveryChannel(t *testing.T) {
	t.Parallel()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	missing := 0
	d := &Desk{
		Texts: texts, Places: nowhere{}, Sign: func(...string) []byte { return make([]byte, 32) },
		Observe: func(string, string) { missing++ },
	}
	s := &Sender{Desk: d}
	filing := store.Filing{Number: "VN12345678903", Service: "senior_registration", Station: "5117065", District: "5117"}
	journey := filing
	journey.Number, journey.Service = "YS12345678903", "travel_alert"
	notice := func(kind, event string, f store.Filing, phone bool) store.Notice {
		return store.Notice{
			Kind: kind, Filing: f, Event: store.Event{Kind: event}, Phone: phone, Group: !phone, Back: time.Now(),
			Person: "रामप्रवेश नारायण सिंह", Filer: "राजेश कुमार सिंह", About: "सुनीता देवी", Who: "abcdef012345",
		}
	}
	var all []store.Notice
	for _, kind := range []string{store.NoticeAskConsent, store.NoticeAskRelative, store.NoticeVisit, store.NoticeLinked} {
		all = append(all, notice(kind, "", filing, true))
	}
	for _, how := range []string{"", ".remind", ".again"} {
		all = append(all, notice(store.NoticeAskReturn+how, "", journey, true), notice(store.NoticeAskGreeting+how, "", filing, true))
	}
	for _, f := range []store.Filing{filing, journey} {
		for _, event := range []string{store.EventUnanswered, store.EventNoChat} {
			all = append(all, notice(store.NoticeAlarm, event, f, true))
		}
		for _, event := range []string{store.EventStation, store.EventNoFamily} {
			all = append(all, notice(store.NoticeAlarm, event, f, false))
		}
	}
	for _, phone := range []bool{true, false} {
		all = append(all, notice(store.NoticeAlarm, store.EventHelp, filing, phone))
		for _, event := range []string{store.EventSafe, store.EventExtended, store.EventAnswered, "withdrawn", store.EventEnded, "visit", "closed"} {
			all = append(all, notice(store.NoticeRelief, event, journey, phone))
		}
	}
	for _, event := range []string{"visit", store.EventConsent, store.EventRefused} {
		all = append(all, notice(store.NoticeStatus, event, filing, false))
	}
	for _, n := range all {
		said := map[string]bool{}
		for _, lang := range []string{"hi", "en"} {
			for _, simple := range []bool{false, true} {
				n.Lang, n.Simple = lang, simple
				what := fmt.Sprintf("%s %s to a phone: %v, in %s, simple: %v", n.Kind, n.Event.Kind, n.Phone, lang, simple)
				reply, err := s.compose(t.Context(), n)
				if err != nil || len(reply.Text) < 20 {
					t.Errorf("%s: %q (%v)", what, reply.Text, err)
				}
				said[reply.Text] = true
				// WhatsApp, the narrowest: 1024 letters with buttons, three of them, of 20 letters each; 64 bytes are Telegram's.
				if n := utf8.RuneCountInString(reply.Text); n > 1024 || len(reply.Options) > 3 {
					t.Errorf("%s: %d letters and %d buttons", what, n, len(reply.Options))
				}
				for _, o := range reply.Options {
					if n := utf8.RuneCountInString(o.Label); n == 0 || n > 20 || len(o.Data) > 64 {
						t.Errorf("%s: %q has %d letters and carries %d bytes", what, o.Label, n, len(o.Data))
					}
				}
			}
		}
		if officers := n.Kind == store.NoticeAlarm || n.Kind == store.NoticeRelief; len(said) < 2 && (n.Phone || !officers) {
			t.Errorf("%s %s is the same in both languages", n.Kind, n.Event.Kind)
		}
	}
	if missing > 0 {
		t.Errorf("%d texts are missing", missing)
	}
}
