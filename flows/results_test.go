package flows

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/flows/paper"
	"nagrik/flows/paper/papertest"
	"nagrik/locales"
	"nagrik/store"
)

const decidingStation = "5117028"

// applied files an application as its service does.
func (c *clerk) applied(service string, answers ...bot.Shown) (f store.Filing, chat bot.Chat) {
	c.t.Helper()
	citizen, chat := c.citizen()
	content, err := json.Marshal(details{Answers: answers})
	if err != nil {
		c.t.Fatal(err)
	}
	_, err = c.Store.File(c.t.Context(), store.NewFiling{
		Dialog: chat.ID, Service: service, Prefix: "ST", Citizen: citizen, Channel: chat.Channel, Chat: chat.ID, Lang: "hi",
		Station: decidingStation, Details: content,
		Applicant: store.Profile{Name: "सुनीता देवी", Father: "रामप्रवेश सिंह", Phone: "+919876543210"},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return c.filing(citizen), chat
}

func (c *clerk) tenant() (store.Filing, bot.Chat) {
	c.t.Helper()
	return c.applied("verification",
		bot.Shown{Key: "kind", Label: "किसका", Value: "किरायेदार"}, bot.Shown{Key: "premises", Label: "मकान", Value: "मकान 12, नया टोला"},
		bot.Shown{Key: "name", Label: "आपका नाम", Value: "सुनीता देवी"}, bot.Shown{Key: "person.name", Label: "नाम", Value: "मो. इरफ़ान"},
		bot.Shown{Key: "person.phone", Label: "मोबाइल", Value: "+91 98111 22233"}, bot.Shown{Key: "person.home", Label: "स्थायी पता", Value: "ग्राम बेलवा, सिकटी"},
		bot.Shown{Key: "person.id_number", Label: "पहचान पत्र", Value: "ABC7654321"})
}

// decides takes an officer's step, with what the officer wrote.
func (c *clerk) decides(f store.Filing, kind, note string, at time.Time) {
	c.t.Helper()
	ctx := c.t.Context()
	code, err := c.Store.Invite(ctx, store.Seat{Role: store.SHO, Station: decidingStation}, "test")
	if err != nil {
		c.t.Fatal(err)
	}
	post, err := c.Store.Redeem(ctx, code, "telegram", "sho", "sho", "दारोगा")
	if err != nil {
		c.t.Fatal(err)
	}
	events, err := c.Store.Timeline(ctx, f.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	ver := events[len(events)-1].Ver + 1
	sealed, err := c.Store.Keys().SealText(note, fmt.Sprintf("events/note/%d/%d", f.ID, ver))
	if err != nil {
		c.t.Fatal(err)
	}
	_, err = c.Store.Pool().Exec(ctx, `
		insert into events (filing, filed_at, ver, at, kind, actor, post, note)
		select id, created_at, $2, $3, $4, 'officer', $5, $6 from filings where id = $1`, f.ID, ver, at, kind, post.ID, sealed)
	if err != nil {
		c.t.Fatal(err)
	}
}

// paperOf is the paper of a filing's result, nil if there is none.
func (c *clerk) paperOf(f store.Filing, lang string) *bot.Paper {
	c.t.Helper()
	details, err := c.Store.ForCitizen(c.t.Context(), f.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	result, err := c.result(lang, details)
	if err != nil {
		c.t.Fatal(err)
	}
	return result
}

func paperSays(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("the paper does not say %q:\n%s", word, text)
		}
	}
}

var decidedAt = time.Date(2026, 8, 31, 20, 0, 0, 0, time.UTC) // the first of September in India

func TestAVerificationsResult(t *testing.T) {
	t.Parallel()
	c := newClerk(t)
	f, _ := c.tenant()
	if c.paperOf(f, "hi") != nil {
		t.Fatal("there is a paper of no result")
	}
	c.decides(f, "not_verified", "पता सही नहीं निकला।", decidedAt)
	for lang, wants := range map[string][]string{
		"hi": {"असत्यापित", "1 सितंबर 2026", "थानाध्यक्ष, गांधी मैदान थाना", "अंत के अक्षर: 4321"},
		"en": {"not verified", "1 September 2026", "Gandhi Maidan police station", "last characters: 4321"},
	} {
		result := c.paperOf(f, lang)
		read := c.read(result, paper.VerificationResult)
		text := papertest.OneLine(read.Structure().Text())
		paperSays(t, text, append(wants, "पता सही नहीं निकला।", "किसका किरायेदार", "नाम मो. इरफ़ान", "मकान 12, नया टोला", "ग्राम बेलवा, सिकटी")...)
		for _, private := range []string{"ABC765", "98111", "सुनीता"} {
			if strings.Contains(text, private) {
				t.Errorf("the result tells %q:\n%s", private, text)
			}
		}
		if want := f.Number + "-verification_result.pdf"; result.Name != want || result.MIME != "application/pdf" {
			t.Errorf("the file is %s, want %s", result.Name, want)
		}
	}
	// The receipt is genuine beside it.
	receipt, err := c.Receipt(t.Context(), f.ID, "hi")
	if err != nil {
		t.Fatal(err)
	}
	c.read(receipt, "verification")
}

// A result that was put right is the only one that the check knows.
func TestOnlyTheLastResultStands(t *testing.T) {
	t.Parallel()
	c := newClerk(t)
	f, _ := c.tenant()
	c.decides(f, "cannot_verify", "मकान बंद मिला।", decidedAt)
	first := papertest.Read(t, c.paperOf(f, "hi").Data)
	c.decides(f, "verified", "", decidedAt.Add(time.Hour))
	second := c.read(c.paperOf(f, "hi"), paper.VerificationResult)
	paperSays(t, second.Structure().Text(), "नतीजा: सत्यापित")
	address, err := url.Parse(first.Pages[0].QRCode())
	if err != nil {
		t.Fatal(err)
	}
	page := httptest.NewRecorder()
	c.check.ServeHTTP(page, httptest.NewRequest(http.MethodGet, address.Path, nil))
	if page.Code != http.StatusNotFound {
		t.Errorf("the paper of a result that no longer stands: %d", page.Code)
	}
}

func TestACharacterCertificate(t *testing.T) {
	t.Parallel()
	c := newClerk(t)
	f, _ := c.applied("character_certificate",
		bot.Shown{Key: "purpose", Label: "किस लिए", Value: "नौकरी"}, bot.Shown{Key: "name", Label: "नाम", Value: "सुनीता देवी"},
		bot.Shown{Key: "address", Label: "पता", Value: "मकान 12, नया टोला"}, bot.Shown{Key: "pending", Label: "मुक़दमा", Value: "नहीं"},
		bot.Shown{Key: "previous.1.address", Label: "पहले का पता", Value: "गया"}, bot.Shown{Key: "previous.2.address", Label: "पहले का पता", Value: "आरा"})
	receipt, err := c.Receipt(t.Context(), f.ID, "hi")
	if err != nil {
		t.Fatal(err)
	}
	paperSays(t, c.read(receipt, "character_application").Structure().Text(), "चरित्र प्रमाण पत्र का आवेदन")
	c.decides(f, "certificate_issued", "", decidedAt)
	read := c.read(c.paperOf(f, "hi"), paper.CharacterCertificate)
	text := papertest.OneLine(read.Structure().Text())
	paperSays(t, text, "प्रमाणित किया जाता है कि सुनीता देवी (पिता/पति: रामप्रवेश सिंह) के विरुद्ध गांधी मैदान थाने के अभिलेख में कोई प्रतिकूल तथ्य नहीं मिला।",
		"28 फ़रवरी 2027 तक मान्य", "हस्ताक्षर और मुहर थानाध्यक्ष गांधी मैदान थाना",
		"नाम सुनीता देवी पता मकान 12, नया टोला पहले का पता गया पहले का पता आरा किस लिए नौकरी")
	if strings.Contains(text, "मुक़दमा") {
		t.Error("the certificate repeats what the applicant said of cases")
	}
}

func TestTheLastDayOfACertificate(t *testing.T) {
	t.Parallel()
	for issued, want := range map[string]string{
		"2026-03-14": "2026-09-13", "2026-08-31": "2027-02-28", "2026-09-01": "2027-02-28", "2027-08-31": "2028-02-29", "2026-07-01": "2026-12-31",
	} {
		day, err := time.ParseInLocation(time.DateOnly, issued, locales.India)
		if err != nil {
			t.Fatal(err)
		}
		if got := lastDay(day.Add(23 * time.Hour)).Format(time.DateOnly); got != want {
			t.Errorf("issued on %s it is good until %s, want %s", issued, got, want)
		}
	}
}

// The citizen finds the paper in मेरे आवेदन, once there is one.
func TestTheCitizenGetsTheResult(t *testing.T) {
	t.Parallel()
	c := newClerk(t)
	f, chat := c.tenant()
	n := 0
	say := func(text string) bot.Reply {
		t.Helper()
		n++
		reply, err := c.engine.Handle(t.Context(), bot.Message{ID: fmt.Sprint(chat.ID, "-", n), Chat: chat, Sender: chat.ID, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return reply
	}
	offered := func(r bot.Reply) bool {
		for _, o := range r.Options {
			if o.Label == "प्रमाण पत्र / नतीजा" {
				return true
			}
		}
		return false
	}
	say("मेरे आवेदन")
	if offered(say(f.Number)) {
		t.Error("a paper is offered that is not there")
	}
	say("रद्द")
	c.decides(f, "verified", "", decidedAt)
	say("मेरे आवेदन")
	if reply := say(f.Number); !offered(reply) {
		t.Errorf("the paper is not offered: %q", reply.Text)
	}
	reply := say("नतीजा")
	if reply.Document == nil {
		t.Fatalf("no paper came: %q", reply.Text)
	}
	paperSays(t, reply.Text, "काग़ज़", "QR")
	paperSays(t, c.read(reply.Document, paper.VerificationResult).Structure().Text(), "नतीजा: सत्यापित")
}
