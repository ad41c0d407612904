package desk_test

import (
	"testing"

	"nagrik/bot"
	"nagrik/store"
)

// TestTheStoryOfAnFIR: the SHO enters a complaint in the register. A number that has been given is refused, and
// sections of an offence against a woman make the filing sensitive: it leaves the group. The informant gets the
// copy, and what was sent in is certified for the court.
func TestTheStoryOfAnFIR(t *testing.T) {
	s := newTelling(t, map[string]string{"sho": "थानाध्यक्ष", "desk": "डेस्क", "-100": "ग्रुप"})
	w := s.town
	w.talks()
	w.opens("sho", "inv_"+w.invite(store.SHO, araria))
	w.says("desk", w.invite(store.DeskOfficer, araria))
	group, err := w.Store.InviteGroup(w.ctx, araria, "test")
	w.ok(err)
	w.saysIn("-100", "sho", "/bind "+group)
	first, second := w.complaint(), w.complaint()
	s.names[first.Chat], s.names[second.Chat] = "नागरिक", "दूसरी नागरिक"
	first.Media = []store.Media{evidence("first", "photo", "image/jpeg", "photos")}
	filed := w.files(first)
	s.sends()
	s.pressed("sho", "-100", "स्वीकार")
	s.sends()
	s.pressed("desk", "-100", "FIR दर्ज") // not for the desk
	s.pressed("sho", "-100", "FIR दर्ज")
	s.pressed("sho", "sho", "हमारे थाने की")
	s.typed("sho", "sho", "एक सौ तेईस")
	s.typed("sho", "sho", "चोरी")
	s.typed("sho", "sho", "धारा 303(2), 317(2) बीएनएस")
	s.typed("sho", "sho", "आज")
	s.pressed("sho", "sho", "सार्वजनिक")
	s.pressed("sho", "sho", "जमा करें")
	s.sends()
	s.typed(first.Chat, first.Chat, "मेरे आवेदन")
	s.pressed(first.Chat, first.Chat, spaced(filed.Number))
	s.pressed(first.Chat, first.Chat, "FIR की प्रति")
	s.hears("sho", "-100", "साक्ष्य प्रमाण पत्र", bot.Message{Text: "साक्ष्य प्रमाण पत्र", On: w.channel.in("-100")[0].id})

	other := w.files(second)
	s.sends()
	s.pressed("sho", "-100", "स्वीकार")
	s.pressed("sho", "-100", "FIR दर्ज")
	s.pressed("sho", "sho", "हमारे थाने की")
	s.typed("sho", "sho", "123")
	s.typed("sho", "sho", "BNS 74")
	s.typed("sho", "sho", "आज")
	s.pressed("sho", "sho", "जमा करें") // the number is taken
	s.pressed("sho", "sho", "कार्ड देखें")
	s.pressed("sho", "sho", "FIR दर्ज")
	s.pressed("sho", "sho", "हमारे थाने की")
	s.typed("sho", "sho", "124/2026")
	s.typed("sho", "sho", "BNS 74")
	s.typed("sho", "sho", "आज")
	s.pressed("sho", "sho", "जमा करें")
	s.sends()
	s.typed(second.Chat, second.Chat, "मेरे आवेदन")
	s.pressed(second.Chat, second.Chat, spaced(other.Number))
	s.check("fir")
}

// TestTheStoryOfAZeroFIR: it happened at another station's place. The first station registers a Zero FIR and sends
// it on; the other one refuses, and then takes it. The citizen sees where it is; the SP looks on.
func TestTheStoryOfAZeroFIR(t *testing.T) {
	s := newTelling(t, map[string]string{"sho": "थानाध्यक्ष अररिया", "sikti": "थानाध्यक्ष सिकटी", "sp": "एसपी", "-100": "ग्रुप अररिया", "-200": "ग्रुप सिकटी"})
	w := s.town
	w.talks()
	w.opens("sho", "inv_"+w.invite(store.SHO, araria))
	w.opens("sikti", "inv_"+w.invite(store.SHO, sikti))
	w.opens("sp", "inv_"+w.invite(store.SP, ""))
	for group, at := range map[string][2]string{"-100": {araria, "sho"}, "-200": {sikti, "sikti"}} {
		code, err := w.Store.InviteGroup(w.ctx, at[0], "test")
		w.ok(err)
		w.saysIn(group, at[1], "/bind "+code)
	}
	n := w.complaint()
	s.names[n.Chat] = "नागरिक"
	filed := w.files(n)
	s.sends()
	s.pressed("sho", "-100", "स्वीकार")
	s.pressed("sho", "-100", "FIR दर्ज")
	s.pressed("sho", "sho", "दूसरे की")
	s.typed("sho", "sho", "7")
	s.typed("sho", "sho", "303(2)")
	s.typed("sho", "sho", "आज")
	s.pressed("sho", "sho", "सार्वजनिक")
	s.pressed("sho", "sho", "जमा करें")
	s.sends()
	transfer := func() {
		s.pressed("sho", "sho", "कार्ड देखें")
		s.pressed("sho", "sho", "और काम")
		s.pressed("sho", "sho", "दूसरे थाने को")
		s.typed("sho", "sho", "सिकटी")
		s.typed("sho", "sho", "घटना सिकटी बाज़ार की है।")
		s.pressed("sho", "sho", "जमा करें")
		s.sends()
	}
	transfer()
	s.pressed("sikti", "-200", "वापस भेजें")
	s.typed("sikti", "sikti", "बाज़ार अररिया की ओर है, नक्शा देखिए।")
	s.pressed("sikti", "sikti", "जमा करें")
	s.sends()
	transfer()
	s.typed("sp", "sp", "डेस्क")
	s.pressed("sp", "sp", "नए")
	s.pressed("sikti", "-200", "ले लिया")
	s.sends()
	s.typed(n.Chat, n.Chat, "मेरे आवेदन")
	s.pressed(n.Chat, n.Chat, spaced(filed.Number))
	s.pressed("sikti", "-200", "FIR दर्ज")
	s.typed("sikti", "sikti", "9")
	s.typed("sikti", "sikti", "303(2)")
	s.typed("sikti", "sikti", "आज")
	s.pressed("sikti", "sikti", "सार्वजनिक")
	s.pressed("sikti", "sikti", "जमा करें")
	s.sends()
	s.check("zero_fir")
}
