package desk_test

import (
	"regexp"
	"strings"
	"testing"

	"nagrik/bot"
	"nagrik/store"
)

// TestWhatCitizensSeeOfRecords adds a record of each kind through the desk, looks at it as a citizen does, and holds what is
// shown and what is not (see flows/made_known.go).
func TestWhatCitizensSeeOfRecords(t *testing.T) {
	w := newTown(t)
	w.talks()
	sho, sp := w.officer(store.SHO, araria), w.officer(store.SP, "")
	for name, c := range map[string]struct {
		who     string
		adds    []string // answers of the officer
		looks   []string // and of the citizen
		shown   []string
		without []string
	}{
		"a recovered phone": {
			sho,
			[]string{"बरामद", "मोबाइल", "490154203237518", "सैमसंग नीला", "पीछे काँच टूटा", "12 मार्च", "ज़ीरो माइल", "छोड़ें"},
			[]string{"बरामद संपत्ति", "4901 5420 3237 518", "1"},
			[]string{"मोबाइल फ़ोन", "सैमसंग नीला", "12 मार्च 2026", "अररिया थाना"},
			[]string{"490154203237518", "काँच", "ज़ीरो"},
		},
		"a wanted person": {
			sp,
			[]string{"वांछित", "मुन्ना सिंह", "Munna Singh", "भोला सिंह", "मुन्ना डॉन", "हत्या, BNS 103", "50000", "वार्ड नौ", "कांड संख्या 77/2026", "छोड़ें"},
			[]string{"इनामी बदमाश", "munna sing", "1"},
			[]string{"मुन्ना सिंह (Munna Singh)", "मुन्ना डॉन", "भोला सिंह", "हत्या", "₹50,000", "अररिया ज़िला"},
			[]string{"वार्ड", "77/2026"},
		},
		"an arrest": {
			sho,
			[]string{"गिरफ़्तारी", "32", "पप्पू यादव", "Pappu Yadav", "लालू यादव", "12 मार्च", "लूट, BNS 309", "जेल", "कांड संख्या 88/2026", "छोड़ें"},
			[]string{"गिरफ्तारी की जानकारी", "papu yadav", "छोड़ें", "पूरा बिहार", "1"},
			[]string{"पप्पू यादव (Pappu Yadav)", "लालू यादव", "32 साल", "12 मार्च 2026", "जेल में", "अररिया थाना"},
			[]string{"लूट", "309", "88/2026"},
		},
		"a body": {
			sho,
			[]string{
				"अज्ञात शव", "12 मार्च", "नहर के किनारे", "सदर का शवगृह", "पुरुष", "70", "छोड़ें", "छोड़ें", "छोड़ें", "छोड़ें",
				"छोड़ें", "छोड़ें", "छोड़ें", "कलाई पर ॐ", "छोड़ें", "गले में ताबीज", "छोड़ें",
			},
			[]string{"अज्ञात शव", "2", "छोड़ें", "छोड़ें", "छोड़ें", "पूरा बिहार", "1"},
			[]string{"पुरुष, 70 साल", "12 मार्च 2026", "नहर", "कलाई पर ॐ", "ताबीज"},
			[]string{"शवगृह"},
		},
		"somebody found alive": {
			sho,
			[]string{
				"अज्ञात व्यक्ति", "12 मार्च", "बस अड्डा", "निर्मल निवास", "डरी हुई है", "महिला", "9", "छोड़ें", "छोड़ें", "गेहुँआ", "छोड़ें",
				"छोड़ें", "छोड़ें", "छोड़ें", "गाल पर तिल", "चाँदी की पायल", "छोड़ें",
			},
			[]string{"मिले लोगों की सूची", "छोड़ें", "छोड़ें", "छोड़ें", "पूरा बिहार", "1"},
			[]string{"लड़की, 9 साल", "12 मार्च 2026", "बस अड्डा", "गेहुँआ"},
			[]string{"निर्मल", "डरी", "तिल", "पायल"},
		},
	} {
		w.desk(c.who, "जोड़ें")
		var reply bot.Reply
		for _, words := range c.adds {
			reply = w.says(c.who, words)
		}
		mustSay(t, name, w.chooses(c.who, reply, "जमा करें").Text, "✅")
		citizen := w.next("citizen")
		var seen strings.Builder
		for _, words := range c.looks {
			reply = w.says(citizen, words)
			seen.WriteString(reply.Text)
			if reply.Want == bot.WantContact {
				seen.WriteString(w.sends(citizen, bot.Message{Phone: "+919800000001"}).Text)
			}
		}
		mustSay(t, name, seen.String(), c.shown...)
		mustNotSay(t, name, recordNumber.ReplaceAllString(seen.String(), ""), c.without...)
	}
}

// recordNumber is the number of a record: any digits may stand in it.
var recordNumber = regexp.MustCompile(`[A-Z]{2} \d{4} \d{4} \d{3}`)
