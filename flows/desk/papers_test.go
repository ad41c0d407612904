package desk_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/flows/desk"
	"nagrik/flows/paper/papertest"
	"nagrik/store"
)

// mustHaveReceipt checks that a chat has one receipt, of a filing and in a language.
func (w *town) mustHaveReceipt(chat, lang string, filed store.Filed) {
	w.t.Helper()
	var papers []string
	for _, m := range w.channel.in(chat) {
		if m.Document != nil {
			papers = append(papers, string(m.Document.Data))
		}
	}
	if want := fmt.Sprintf("receipt of %d in %s", filed.ID, lang); len(papers) != 1 || papers[0] != want {
		w.t.Errorf("the papers are %q, want one: %s", papers, want)
	}
}

func TestEveryFilingBringsItsReceipt(t *testing.T) {
	w := newTown(t)
	hindi := w.complaint()
	filed := w.filesWithReceipt(hindi)
	w.deliver()
	w.mustHaveReceipt(hindi.Chat, "hi", filed)
	mustSay(t, "Hindi", w.channel.all(hindi.Chat), "यह आपकी रसीद है", "शिकायत", spaced(filed.Number), "[मेरे आवेदन]")
	if tap := w.button(w.channel.last(hindi.Chat).Rendered, "").Data; tap != bot.StartTap("my_filings", "number", filed.Number) {
		t.Errorf("the button is %q", tap)
	}

	english := w.complaint()
	english.Service, english.Prefix = "lost_property", "KS"
	w.ok(w.Store.SetLanguage(w.ctx, "telegram", english.Chat, "en"))
	w.ok(w.Store.SetSimple(w.ctx, "telegram", english.Chat, true))
	filed = w.filesWithReceipt(english)
	w.deliver()
	w.mustHaveReceipt(english.Chat, "en", filed)
	mustSay(t, "English", w.channel.all(english.Chat), "This is your receipt", "Lost", spaced(filed.Number), "[My applications]")
	if !w.channel.last(english.Chat).Few {
		t.Error("simple mode was forgotten")
	}
	for _, chat := range []string{hindi.Chat, english.Chat} {
		mustNotSay(t, "the receipt's message", w.channel.all(chat), append(secrets, "notices.", "menu.")...)
	}
}

// A receipt that does not get through the first time is sent again until it does.
func TestAReceiptArrives(t *testing.T) {
	w := newTown(t)
	n := w.complaint()
	profile, err := w.Store.Profile(w.ctx, n.Citizen)
	w.ok(err)
	filed := w.filesWithReceipt(n)
	w.channel.refuse(n.Chat, errors.New("connection reset"), &bot.SendError{Reason: bot.ReasonBusy}, &bot.SendError{Reason: bot.ReasonBlocked})
	for range 3 {
		w.hasten()
		w.deliver()
	}
	if got := one[string](w, `select state || ' ' || reason from notices where kind = 'receipt'`); got != "waiting blocked" {
		t.Errorf("the receipt is %s", got)
	}
	_, err = w.Store.Verify(w.ctx, "telegram", "new chat", profile.Phone)
	w.ok(err)
	w.deliver()
	w.mustHaveReceipt("new chat", "hi", filed)
	if w.counts("receipt sent") != 1 || w.counts("receipt busy") != 1 || w.counts("receipt error") != 1 || w.counts("receipt blocked") != 1 {
		t.Errorf("counted %v", w.counted)
	}
}

// noPapers can make none.
type noPapers struct{ testPapers }

func (noPapers) Receipt(context.Context, int64, string) (*bot.Paper, error) {
	return nil, errors.New("no connection")
}

// Where no paper can be made, the receipt waits for a better time, and other notices do not wait for it.
func TestAReceiptThatCannotBeMade(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	n := w.complaint()
	filed := w.filesWithReceipt(n)
	w.sender.Papers = noPapers{}
	for _, id := range w.due() {
		kind := one[string](w, `select kind from notices where id = $1`, id)
		if err := w.sender.Deliver(w.ctx, id); (err != nil) != (kind == store.NoticeReceipt) {
			t.Errorf("a %s: %v", kind, err)
		}
	}
	if got := one[string](w, `select state || ' ' || reason from notices where kind = 'receipt'`); got != "pending error" || len(w.channel.in(sho)) != 1 {
		t.Errorf("the receipt is %s, and there are %d cards", got, len(w.channel.in(sho)))
	}
	w.sender.Papers = testPapers{}
	w.hasten()
	w.deliver()
	w.mustHaveReceipt(n.Chat, "hi", filed)
}

// Receipts have a limit of their own, so that cards find a place however many file at once. A receipt
// waits for its place, but not for ever.
func TestReceiptsLeaveRoomForCards(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	wait, asked := 20*time.Millisecond, 0
	w.Limit = func(_ context.Context, r desk.Rate, parts ...string) (time.Duration, error) {
		if parts[0] != "receipts" {
			return 0, nil
		}
		if asked++; asked > 2 || r.Count >= 25 {
			return 0, nil
		}
		return wait, nil
	}
	n := w.complaint()
	filed := w.filesWithReceipt(n)
	w.deliver()
	w.mustHaveReceipt(n.Chat, "hi", filed)
	if asked != 3 || w.counts("receipt rate") != 0 || len(w.channel.in(sho)) != 1 {
		t.Errorf("a place was asked for %d times, counted %v", asked, w.counted)
	}
	wait, asked = time.Minute, 0
	w.filesWithReceipt(w.complaint())
	w.deliver()
	if got := one[string](w, `select state || ' ' || reason from notices where kind = 'receipt' and state <> 'sent'`); got != "pending rate" || asked != 1 {
		t.Errorf("the receipt is %s after %d questions", got, asked)
	}
	if len(w.channel.in(sho)) != 2 {
		t.Error("a card waited for a receipt")
	}
}

// What an officer found comes to the citizen with its paper, which the records make.
func TestAResultBringsItsPaper(t *testing.T) {
	w := newTown(t)
	w.talks()
	sho := w.officer(store.SHO, araria)
	act := func(filing int64, what store.Action, note string) {
		t.Helper()
		done, err := w.Store.Act(w.ctx, "telegram", sho, store.Step{Action: what, Filing: filing, Note: note})
		w.ok(err)
		if done.Outcome != store.Done {
			t.Fatalf("%s: %s", what, done.Outcome)
		}
		w.deliver()
	}
	for service, c := range map[string]struct {
		what store.Action
		note string
		says []string
	}{
		"verification":          {store.ActNotVerify, "दिए गए पते पर कोई नहीं मिला।", []string{"असत्यापित", "दिए गए पते पर कोई नहीं मिला।", "थानाध्यक्ष, अररिया थाना"}},
		"character_certificate": {store.ActCertify, "", []string{"प्रमाणित किया जाता है कि " + applicant, "कोई प्रतिकूल तथ्य नहीं मिला"}},
	} {
		n := w.complaint()
		n.Service = service
		n.Details = answers("person.name", "नाम", "मो. इरफ़ान", "purpose", "किस लिए", "नौकरी")
		filed := w.files(n)
		w.deliver()
		act(filed.ID, store.ActAcknowledge, "")
		if w.channel.last(n.Chat).Document != nil {
			t.Errorf("%s: a paper came of no result", service)
		}
		act(filed.ID, c.what, c.note)
		m := w.channel.last(n.Chat)
		if m.Document == nil {
			t.Errorf("%s: no paper came with %q", service, text(m.Rendered))
			continue
		}
		mustSay(t, service, papertest.OneLine(papertest.Read(t, m.Document.Data).Structure().Text()), c.says...)
	}
}

// On a phone with a PIN no paper comes unasked, but the word that it is there.
func TestPapersWaitBehindThePIN(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	n := w.complaint()
	n.Service = "verification"
	w.ok(w.Store.SetPin(w.ctx, n.Citizen, "2468"))
	filed := w.filesWithReceipt(n)
	w.deliver()
	for _, what := range []store.Action{store.ActAcknowledge, store.ActVerify} {
		_, err := w.Store.Act(w.ctx, "telegram", sho, store.Step{Action: what, Filing: filed.ID})
		w.ok(err)
		w.deliver()
	}
	got := w.channel.in(n.Chat)
	if len(got) != 3 {
		t.Fatalf("%d messages", len(got))
	}
	mustSay(t, "the receipt's message", text(got[0].Rendered), "रसीद", "PIN", "[मेरे आवेदन]")
	for _, m := range got {
		if m.Document != nil {
			t.Error("a paper came")
		}
		mustNotSay(t, "a message", text(m.Rendered), spaced(filed.Number), "सत्यापन")
	}
}
