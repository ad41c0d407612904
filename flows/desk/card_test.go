package desk_test

import (
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

func TestACardInTheGroupNamesNobody(t *testing.T) {
	w := newTown(t)
	desk := w.officer(store.DeskOfficer, araria)
	group := w.group(araria, desk)
	n := w.complaint()
	n.Urgent = true
	filed := w.files(n)
	w.deliver()
	cards := w.channel.in(group)
	if len(cards) != 1 || len(w.channel.in(desk)) != 0 {
		t.Fatalf("%d cards in the group, %d in private", len(cards), len(w.channel.in(desk)))
	}
	card := text(cards[0].Rendered)
	mustSay(t, "the card", card, "🔴", "शिकायत", spaced(filed.Number), "थाना: अररिया", "दर्ज:", "स्थिति: नया", "तक स्वीकार करना है",
		"निजी चैट", "[✅ स्वीकार]", "[📄 विवरण]")
	mustNotSay(t, "the card", card, append(secrets, "notices.", "desk.", "menu.")...)
	for _, row := range cards[0].Buttons {
		for _, o := range row {
			if len(o.Data) > 64 || strings.ContainsFunc(o.Data, func(r rune) bool { return r > 126 || r < 33 }) {
				t.Errorf("button %q has the data %q", o.Label, o.Data)
			}
		}
	}
}

func spaced(number string) string {
	return number[:2] + " " + number[2:6] + " " + number[6:10] + " " + number[10:]
}

func TestWithoutAGroupTheCardGoesToTheOfficers(t *testing.T) {
	w := newTown(t)
	desk, sho := w.officer(store.DeskOfficer, araria), w.officer(store.SHO, araria)
	other := w.officer(store.SHO, sikti)
	w.files(w.complaint())
	w.deliver()
	for _, officer := range []string{desk, sho} {
		card := w.channel.all(officer)
		mustSay(t, "the card", card, "शिकायत", "[✅ स्वीकार]", "[📄 विवरण]")
		mustNotSay(t, "the card", card, append(secrets, "निजी चैट")...)
	}
	if got := w.channel.all(other); got != "" {
		t.Errorf("another station got %q", got)
	}
}

func TestACardOffersWhatTheOfficerMayDo(t *testing.T) {
	w := newTown(t)
	sp, sdpo := w.officer(store.SP, ""), w.officer(store.SDPO, "")
	n := w.complaint()
	filed := w.files(n) // nobody at the station
	w.deliver()
	for _, officer := range []string{sp, sdpo} {
		mustSay(t, "the card", w.channel.all(officer), spaced(filed.Number), "[📄 विवरण]")
		mustNotSay(t, "the card", w.channel.all(officer), "[✅ स्वीकार]")
	}
	// So after the card was edited, and in the answer to a button of another time.
	w.ok(w.Store.Add(w.ctx, n.Citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "और बात"}))
	w.deliver()
	mustNotSay(t, "the chat", w.channel.all(sp), "[✅ स्वीकार]")
	mustSay(t, "the line about it", text(w.channel.last(sp).Rendered), "नई जानकारी", "[📄 विवरण]")

	// An SP who is the SHO of a station, too, may there what an SHO may.
	w.opens(sp, "inv_"+w.invite(store.SHO, sikti))
	other := w.complaint()
	other.Station = sikti
	second := w.files(other)
	w.deliver()
	mustSay(t, "the card at Sikti", text(w.channel.last(sp).Rendered), spaced(second.Number), "[✅ स्वीकार]")
	w.ok(w.Store.Add(w.ctx, other.Citizen, second.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "और बात"}))
	card := w.channel.in(sp)[len(w.channel.in(sp))-1]
	reply := w.gets(bot.Message{Chat: bot.Chat{ID: sp}, Sender: sp, On: card.id, Tap: w.button(card.Rendered, "स्वीकार").Data}) // an old version's
	mustSay(t, "the card in the answer", text(w.render(reply)), "[✅ स्वीकार]", "[📄 विवरण]")
}

func TestASensitiveFilingIsForTheSHOAlone(t *testing.T) {
	w := newTown(t)
	desk, sho := w.officer(store.DeskOfficer, araria), w.officer(store.SHO, araria)
	group := w.group(araria, desk)
	n := w.complaint()
	n.Sensitive = true
	w.files(n)
	w.deliver()
	mustSay(t, "the SHO's card", w.channel.all(sho), "🔒", "[✅ स्वीकार]")
	if group, desk := w.channel.all(group), w.channel.all(desk); group != "" || desk != "" {
		t.Errorf("the group got %q, the desk %q", group, desk)
	}
	// Somebody who has the button all the same may do nothing with it.
	for _, label := range []string{"स्वीकार", "विवरण"} {
		tap := w.button(w.channel.last(sho).Rendered, label).Data
		reply := w.gets(bot.Message{Chat: bot.Chat{ID: desk}, Sender: desk, Tap: tap, On: "message-1"})
		mustSay(t, label, reply.Toast, "अधिकार नहीं")
	}
	mustNotSay(t, "the desk officer's chat", w.channel.all(desk), secrets...)
}

func TestACardThatBecomesSensitiveLeavesTheGroup(t *testing.T) {
	w := newTown(t)
	desk := w.officer(store.DeskOfficer, araria)
	group := w.group(araria, desk)
	first, second := w.files(w.complaint()), w.complaint()
	w.deliver()
	second2 := w.files(second) // its card is not sent yet
	w.exec(`update filings set sensitive = true, ver = ver + 1`)
	w.ok(w.Store.Add(w.ctx, one[string](w, `select citizen from filings where id = $1`, first.ID), first.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "और बात"}))
	w.deliver()
	for _, m := range w.channel.in(group) {
		mustNotSay(t, "the group", text(m.Rendered), spaced(first.Number), spaced(second2.Number), "[")
	}
	mustSay(t, "the group", w.channel.all(group), "यहाँ नहीं दिखाया जाता")
}

// Where a station has no group, its desk officer has had the card too, and reads no more of what follows.
func TestACardThatBecomesSensitiveLeavesTheDesk(t *testing.T) {
	w := newTown(t)
	desk, sho := w.officer(store.DeskOfficer, araria), w.officer(store.SHO, araria)
	filed := w.files(w.complaint())
	w.deliver()
	mustSay(t, "the desk's card", text(w.channel.last(desk).Rendered), spaced(filed.Number))
	_, err := w.Store.Act(w.ctx, "telegram", sho, store.Step{
		Action: store.ActRegister, Filing: filed.ID, Note: "FIR 7/2026 – BNS 74",
		FIR: &store.NewFIR{Year: 2026, Number: 7, Sections: "BNS 74", On: time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC), Restricted: true},
	})
	w.ok(err)
	w.deliver()
	mustSay(t, "the SHO's card", text(w.channel.last(sho).Rendered), "7/2026", "[")
	for _, m := range w.channel.in(desk) {
		mustNotSay(t, "the desk", text(m.Rendered), spaced(filed.Number), "7/2026", "[")
	}
	mustSay(t, "the desk's card", text(w.channel.last(desk).Rendered), "यहाँ नहीं दिखाया जाता")
}

// Several edits that wait for a card when its filing has left say so once.
func TestACardThatIsGoneIsSaidToBeOnce(t *testing.T) {
	w := newTown(t)
	here, there := w.officer(store.SHO, araria), w.officer(store.SHO, sikti)
	filed := w.files(w.complaint())
	w.deliver()
	for _, step := range []struct {
		sho string
		store.Step
	}{
		{here, store.Step{Action: store.ActTransfer, To: sikti, Note: "वहाँ का मामला है"}},
		{there, store.Step{Action: store.ActTakeOver}},
		{there, store.Step{Action: store.ActNote, Note: "देख लिया"}},
	} {
		step.Filing = filed.ID
		_, err := w.Store.Act(w.ctx, "telegram", step.sho, step.Step)
		w.ok(err)
	}
	w.deliver()
	if n := one[int](w, `select count(*) from notices where kind = 'card_edit' and state <> 'sent'`); n != 0 {
		t.Errorf("%d edits are left", n)
	}
	if all := w.channel.in(here); len(all) != 1 {
		t.Errorf("%d messages for who had the card: %q", len(all), w.channel.all(here))
	}
	mustSay(t, "the card", text(w.channel.last(here).Rendered), spaced(filed.Number), "अब यहाँ नहीं है")
}

func TestTheCardIsEditedAsThingsHappen(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	group := w.group(araria, sho)
	n := w.complaint()
	filed := w.files(n)
	w.deliver()
	w.taps(sho, group, "स्वीकार")
	w.deliver()
	card := w.channel.last(group)
	mustSay(t, "the card", text(card.Rendered), "स्वीकार – थानाध्यक्ष, अररिया", "[📄 विवरण]")
	mustNotSay(t, "the card", text(card.Rendered), "[✅ स्वीकार]", "तक स्वीकार करना है")
	w.ok(w.Store.Add(w.ctx, n.Citizen, filed.ID, store.Addition{Kind: store.Information, Dialog: "more", Text: "एक का नाम याद आया"}))
	w.deliver()
	w.ok(w.Store.Withdraw(w.ctx, n.Citizen, filed.ID, "ग़लती से दर्ज हुई"))
	w.deliver()
	cards := w.channel.in(group)
	if len(cards) != 2 { // the card, and a line about the information
		t.Fatalf("there are %d messages:\n%s", len(cards), w.channel.all(group))
	}
	mustSay(t, "the card", text(cards[0].Rendered), "वापस ले लिया", "नई जानकारी जुड़ी")
	mustSay(t, "the line", text(cards[1].Rendered), "नई जानकारी जोड़ी", spaced(filed.Number), "[📄 विवरण]")
	mustNotSay(t, "the group", w.channel.all(group), append(secrets, "याद आया", "ग़लती")...)
}

func TestADeletedCardIsSentAnew(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	group := w.group(araria, sho)
	filed := w.files(w.complaint())
	w.deliver()
	w.channel.forget(group)
	_, err := w.Store.Act(w.ctx, "telegram", sho, store.Step{Action: store.ActAcknowledge, Filing: filed.ID, Ver: 2})
	w.ok(err)
	w.deliver()
	cards := w.channel.in(group)
	if len(cards) != 1 || cards[0].edits != 0 {
		t.Fatalf("cards %+v", cards)
	}
	if message := one[string](w, `select message from cards`); message != cards[0].id {
		t.Errorf("the card is known as %s, it is %s", message, cards[0].id)
	}
}

func TestAWaitingCardGoesToTheFirstOfficer(t *testing.T) {
	w := newTown(t)
	n := w.complaint()
	filed := w.files(n)
	w.deliver()
	if w.channel.calls != 0 {
		t.Fatal("something was sent to nobody")
	}
	sho := w.officer(store.SHO, araria)
	w.deliver()
	mustSay(t, "the SHO's card", w.channel.all(sho), spaced(filed.Number), "स्थिति: नया")
}

func TestACardOfAWithdrawnFilingIsNotSent(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	n := w.complaint()
	filed := w.files(n)
	w.ok(w.Store.Withdraw(w.ctx, n.Citizen, filed.ID, "मिल गया"))
	w.deliver()
	if got := w.channel.all(sho); got != "" {
		t.Errorf("the SHO got %q", got)
	}
	if reason := one[string](w, `select reason from notices where kind = 'card'`); reason != "withdrawn" {
		t.Errorf("the reason is %q", reason)
	}
}

func TestACardWithoutAStationNamesTheDistrict(t *testing.T) {
	w := newTown(t)
	sp := w.officer(store.SP, "")
	n := w.complaint()
	n.Station, n.District = "", district
	w.files(n)
	w.deliver()
	mustSay(t, "the card", w.channel.all(sp), "ज़िला: अररिया (थाना तय नहीं)")
}
