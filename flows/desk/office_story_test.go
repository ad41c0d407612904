package desk_test

import (
	"testing"

	"nagrik/bot/hindi"
	"nagrik/store"
)

// TestTheStoryOfAMorning: an SHO looks through the new ones, acts on one from the list, finds another by
// a name, and adds a phone that was recovered.
func TestTheStoryOfAMorning(t *testing.T) {
	s := newTelling(t, map[string]string{"sho": "थानाध्यक्ष"})
	w := s.town
	w.talks()
	w.opens("sho", "inv_"+w.invite(store.SHO, araria))
	n := w.complaint()
	n.NameParts = flat(hindi.NameParts(applicant))
	filed := w.files(n)

	s.typed("sho", "sho", "डेस्क")
	s.pressed("sho", "sho", "नए")
	s.pressed("sho", "sho", spaced(filed.Number))
	s.pressed("sho", "sho", "स्वीकार")
	s.typed("sho", "sho", "/desk")
	s.pressed("sho", "sho", "खोज")
	s.typed("sho", "sho", "kaushalya")
	s.pressed("sho", "sho", spaced(filed.Number))
	s.pressed("sho", "sho", "जानकारी माँगें")
	s.typed("sho", "sho", "घटना का कोई गवाह है?")
	s.pressed("sho", "sho", "छोड़ें")
	s.pressed("sho", "sho", "डेस्क")
	s.pressed("sho", "sho", "मेरे")
	s.typed("sho", "sho", "डेस्क")
	s.pressed("sho", "sho", "जोड़ें")
	s.pressed("sho", "sho", "बरामद सामान")
	s.pressed("sho", "sho", "मोबाइल")
	s.typed("sho", "sho", "356938035643809")
	s.typed("sho", "sho", "सैमसंग, नीला")
	s.typed("sho", "sho", "डेस्क") // in the middle of it
	s.pressed("sho", "sho", "↩")
	s.typed("sho", "sho", "पीछे का काँच टूटा हुआ")
	s.pressed("sho", "sho", "आज")
	s.typed("sho", "sho", "ज़ीरो माइल, अररिया")
	m := photo()
	s.hears("sho", "sho", "(photo)", m)
	s.pressed("sho", "sho", "हो गया")
	s.pressed("sho", "sho", "जमा करें")
	s.pressed("sho", "sho", "रिकॉर्ड देखें")
	s.check("morning")
}

// TestTheStoryOfNumbers: an SP looks at the numbers, an administrator at the posts.
func TestTheStoryOfNumbers(t *testing.T) {
	s := newTelling(t, map[string]string{"sp": "पुलिस अधीक्षक", "admin": "प्रशासक"})
	w := s.town
	w.talks()
	w.opens("sp", "inv_"+w.invite(store.SP, ""))
	w.opens("admin", "inv_"+w.invite(store.Administrator, ""))
	w.files(w.complaint())
	s.typed("sp", "sp", "डेस्क")
	s.pressed("sp", "sp", "आँकड़े")
	s.pressed("sp", "sp", "कितने पुराने")
	s.pressed("sp", "sp", "स्वीकार में समय")
	s.pressed("sp", "sp", "कहाँ से कितने")
	s.typed("admin", "admin", "डेस्क")
	s.pressed("admin", "admin", "प्रशासन")
	s.pressed("admin", "admin", "पदाधिकारी जोड़ें")
	s.pressed("admin", "admin", "थानाध्यक्ष")
	s.typed("admin", "admin", "सिकटी, अररिया")
	s.pressed("admin", "admin", "जमा करें")
	s.pressed("admin", "admin", "डेस्क")
	s.pressed("admin", "admin", "प्रशासन")
	s.pressed("admin", "admin", "पदों की सूची")
	s.typed("admin", "admin", "अररिया")
	s.typed("admin", "admin", "पूरा ज़िला")
	s.pressed("admin", "admin", "पद ख़त्म करें")
	s.typed("admin", "admin", "अररिया")
	s.typed("admin", "admin", "पुलिस अधीक्षक")
	s.pressed("admin", "admin", "जमा करें")
	s.check("numbers")
}
