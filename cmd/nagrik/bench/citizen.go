package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync/atomic"
)

// citizen is one simulated person who files lost-property reports, one after the other, and answers
// whatever the bot asks.
type citizen struct {
	chat    int64
	station string // where the reports go
	random  *rand.Rand
	shown   screen // the bot's last reply
	reports int    // filed so far
	filed   bool   // the last reply was a receipt
	failed  bool   // the last reply was no question of ours
	step    int    // of a dialog that is told blindly
	last    int    // stay at the review of this report: leaves an open dialog; 0 goes on for ever
}

// screen is what a citizen sees.
type screen struct {
	Method string `json:"method"`
	Text   string `json:"text"`
	Markup struct {
		Inline [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

// What the bot asks in a lost-property report and what a citizen does: words, or a press on a
// button. The first question whose words are in the reply counts, so the narrower come first.
var answers = []struct {
	asked string
	words func(c *citizen) string
	press string
}{
	{asked: "सब ठीक है?", press: "जमा करें"},
	{asked: "दर्ज हो गई", words: fixed("खोया सामान")},
	{asked: "पहले ही दर्ज", words: fixed("खोया सामान")},
	{asked: "IMEI नंबर लिखिए", words: (*citizen).imei},
	{asked: "दूसरा IMEI", press: "छोड़ें"},
	{asked: "मोबाइल नंबर चल रहा था", press: "छोड़ें"},
	{asked: "कैसा दिखता है", words: (*citizen).looks},
	{asked: "क़ीमत लगभग", press: "छोड़ें"},
	{asked: "और चीज़ भी", press: "नहीं"},
	{asked: "कब खोया?", words: fixed("कल शाम 5 बजे")},
	{asked: "कहाँ खोया?", words: fixed("गांधी मैदान के पास, बस स्टैंड की ओर जाते हुए ऑटो में")},
	{asked: "किस थाने का मामला", words: func(c *citizen) string { return c.station }},
	{asked: "किस काम के लिए चाहिए", press: "नया काग़ज़ बनवाने को"},
	{asked: "फ़ोटो या बिल", press: "छोड़ें"},
	{asked: "मोबाइल नंबर चाहिए"}, // the contact is shared
	{asked: "पिछली बार वाली", press: "हाँ"},
	{asked: "पूरा नाम?", words: fixed("राजेश कुमार सिंह")},
	{asked: "पिता या पति", words: fixed("महेंद्र प्रसाद सिंह")},
	{asked: "आपका पता?", words: fixed("मकान 12, नया टोला, डाकघर कंकड़बाग")},
	{asked: "पिन कोड?", words: fixed("800020")},
	{asked: "पहचान पत्र भी लिखवाना", press: "नहीं"},
	{asked: "क्या खोया है?", press: "मोबाइल फ़ोन"},
	{asked: "क्या हुआ?", press: "खो गया या गिर गया"},
	{asked: "क्या मदद चाहिए", words: fixed("खोया सामान")},
}

func fixed(words string) func(*citizen) string { return func(*citizen) string { return words } }

// imei is a right number: 14 digits and their Luhn check digit.
func (c *citizen) imei() string {
	digits := make([]byte, 14)
	sum := 0
	for i := range digits {
		d := c.random.IntN(10)
		digits[i] = byte('0' + d)
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return string(digits) + strconv.Itoa((10-sum%10)%10)
}

func (c *citizen) looks() string {
	return fmt.Sprintf("काले रंग का सैमसंग गैलेक्सी फ़ोन, पीछे नीला कवर, निशान %d", c.random.Int32())
}

// updates numbers the updates of a run. They begin far from another run's, as Telegram's do.
var updates atomic.Int64

// next is the citizen's next update; tap says that it is a press of a button. A citizen who is at
// the end, or lost, has none.
func (c *citizen) next() (update []byte, tap, ok bool) {
	id := updates.Add(1)
	from := fmt.Sprintf(`{"id":%d,"is_bot":false,"first_name":"राजेश","language_code":"hi"}`, c.chat)
	chat := fmt.Sprintf(`{"id":%d,"type":"private","first_name":"राजेश"}`, c.chat)
	message := func(content string) []byte {
		return fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":%d,"date":1773460800,"from":%s,"chat":%s,%s}}`, id, id, from, chat, content)
	}
	if c.shown.Text == "" {
		return message(`"text":"/start"`), false, true
	}
	for _, a := range answers {
		if !strings.Contains(c.shown.Text, a.asked) {
			continue
		}
		switch {
		case a.words != nil:
			return message(`"text":` + quoted(a.words(c))), false, true
		case a.press != "":
			if c.last > 0 && a.press == "जमा करें" && c.reports+1 >= c.last {
				return nil, false, false
			}
			for _, row := range c.shown.Markup.Inline {
				for _, b := range row {
					if b.Text == a.press {
						return fmt.Appendf(nil, `{"update_id":%d,"callback_query":{"id":"%d","from":%s,"message":{"message_id":%d,"date":1773460800,"chat":%s,"text":%s,"reply_markup":%s},"chat_instance":"1","data":"%s"}}`,
							id, id, from, id-1, chat, quoted(c.shown.Text), keyboard(c.shown), b.Data), true, true
					}
				}
			}
			c.failed = true
			return nil, false, false
		default:
			return message(fmt.Sprintf(`"contact":{"phone_number":"91%d","first_name":"राजेश","user_id":%d}`, 9000000000+c.chat%999999999, c.chat)), false, true
		}
	}
	c.failed = true
	return nil, false, false
}

func quoted(s string) string {
	b, _ := json.Marshal(s) // a string is always JSON
	return string(b)
}

func keyboard(s screen) string {
	b, _ := json.Marshal(s.Markup) // these too
	return string(b)
}

// see takes the bot's reply.
func (c *citizen) see(reply []byte) bool {
	var s screen
	if json.Unmarshal(reply, &s) != nil || s.Text == "" {
		return false
	}
	filed := strings.Contains(s.Text, "दर्ज हो गई") || strings.Contains(s.Text, "पहले ही दर्ज")
	if filed && !c.filed {
		c.reports++
	}
	c.filed = filed
	c.shown = s
	return true
}
