package telegram

import (
	"encoding/json"
	"strings"
	"testing"

	"nagrik/bot"
)

// TestWire: replies and the exact JSON that rides in the answer to an update.
func TestWire(t *testing.T) {
	t.Parallel()
	const preview = `"link_preview_options":{"is_disabled":true}`
	text := "नमस्ते 🙏 आप कौन?"
	strong := bot.Span{Start: strings.Index(text, "आप"), End: len(text)}
	yes, no := bot.Option{Data: "d1.y", Label: "हाँ"}, bot.Option{Data: "d1.n", Label: "नहीं"}
	back := bot.Option{Data: "d1.b", Label: "पीछे जाइए"}
	words := bot.Words{Want: "📱 नंबर भेजें", Type: "या लिखिए:"}
	tests := []struct {
		name  string
		chat  int64
		reply bot.Reply
		want  string
	}{
		{
			"plain, never markup", 5,
			bot.Reply{Text: "<b>*_`[x](y)</b>"},
			`{"method":"sendMessage","chat_id":5,"text":"\u003cb\u003e*_` + "`" + `[x](y)\u003c/b\u003e",` + preview + `}`,
		},
		{
			"strong in UTF-16", 5,
			bot.Reply{Text: text, Strong: strong},
			`{"method":"sendMessage","chat_id":5,"text":"नमस्ते 🙏 आप कौन?","entities":[{"type":"bold","offset":10,"length":7}],` + preview + `}`,
		},
		{
			"strong beyond the text", 5,
			bot.Reply{Text: "क", Strong: bot.Span{Start: 0, End: 99}},
			`{"method":"sendMessage","chat_id":5,"text":"क","entities":[{"type":"bold","offset":0,"length":1}],` + preview + `}`,
		},
		{
			"buttons", -7,
			bot.Reply{Text: "सही है?", Options: []bot.Option{yes, no}, Ways: []bot.Option{back}},
			`{"method":"sendMessage","chat_id":-7,"text":"सही है?",` + preview + `,"reply_markup":{"inline_keyboard":[[{"text":"हाँ","callback_data":"d1.y"},{"text":"नहीं","callback_data":"d1.n"}],[{"text":"पीछे जाइए","callback_data":"d1.b"}]]}}`,
		},
		{
			"page button", 5,
			bot.Reply{Text: "देखिए", Options: []bot.Option{{Label: "रसीद", URL: "https://x.in/v/1"}}},
			`{"method":"sendMessage","chat_id":5,"text":"देखिए",` + preview + `,"reply_markup":{"inline_keyboard":[[{"text":"रसीद","url":"https://x.in/v/1"}]]}}`,
		},
		{
			"contact", 5,
			bot.Reply{Text: "नंबर?", Want: bot.WantContact, Words: words, Options: []bot.Option{no}, Ways: []bot.Option{back}},
			`{"method":"sendMessage","chat_id":5,"text":"नंबर?",` + preview + `,"reply_markup":{"keyboard":[[{"text":"📱 नंबर भेजें","request_contact":true}],[{"text":"नहीं"},{"text":"पीछे जाइए"}]],"resize_keyboard":true,"one_time_keyboard":true}}`,
		},
		{
			"contact, one key a row", 5,
			bot.Reply{Text: "नंबर?", Want: bot.WantContact, Words: words, Options: []bot.Option{no}, Ways: []bot.Option{back}, Few: true},
			`{"method":"sendMessage","chat_id":5,"text":"नंबर?",` + preview + `,"reply_markup":{"keyboard":[[{"text":"📱 नंबर भेजें","request_contact":true}],[{"text":"नहीं"}],[{"text":"पीछे जाइए"}]],"resize_keyboard":true,"one_time_keyboard":true}}`,
		},
		{
			"place", 5,
			bot.Reply{Text: "कहाँ?", Want: bot.WantPlace, Words: bot.Words{Want: "📍 जगह"}},
			`{"method":"sendMessage","chat_id":5,"text":"कहाँ?",` + preview + `,"reply_markup":{"keyboard":[[{"text":"📍 जगह","request_location":true}]],"resize_keyboard":true,"one_time_keyboard":true}}`,
		},
		{
			"contact in a group", -7,
			bot.Reply{Text: "नंबर?", Want: bot.WantContact, Words: words},
			`{"method":"sendMessage","chat_id":-7,"text":"नंबर?",` + preview + `}`,
		},
		{
			"photo wanted", 5,
			bot.Reply{Text: "फ़ोटो?", Want: bot.WantPhoto, Ways: []bot.Option{back}},
			`{"method":"sendMessage","chat_id":5,"text":"फ़ोटो?",` + preview + `,"reply_markup":{"inline_keyboard":[[{"text":"पीछे जाइए","callback_data":"d1.b"}]]}}`,
		},
		{
			"clear", 5,
			bot.Reply{Text: "धन्यवाद", Clear: true},
			`{"method":"sendMessage","chat_id":5,"text":"धन्यवाद",` + preview + `,"reply_markup":{"remove_keyboard":true}}`,
		},
		{
			"clear with buttons", 5,
			bot.Reply{Text: "सही?", Clear: true, Options: []bot.Option{yes}},
			`{"method":"sendMessage","chat_id":5,"text":"सही?",` + preview + `,"reply_markup":{"inline_keyboard":[[{"text":"हाँ","callback_data":"d1.y"}]]}}`,
		},
		{
			"replace", -7,
			bot.Reply{Text: "हो गया", Replace: "311", Clear: true},
			`{"method":"editMessageText","chat_id":-7,"message_id":311,"text":"हो गया",` + preview + `}`,
		},
		{
			"replace with buttons", 5,
			bot.Reply{Text: "सही?", Replace: "311", Options: []bot.Option{yes}},
			`{"method":"editMessageText","chat_id":5,"message_id":311,"text":"सही?",` + preview + `,"reply_markup":{"inline_keyboard":[[{"text":"हाँ","callback_data":"d1.y"}]]}}`,
		},
		{
			"a keyboard cannot be edited in", 5,
			bot.Reply{Text: "कहाँ?", Replace: "311", Want: bot.WantPlace, Words: bot.Words{Want: "📍 जगह"}},
			`{"method":"sendMessage","chat_id":5,"text":"कहाँ?",` + preview + `,"reply_markup":{"keyboard":[[{"text":"📍 जगह","request_location":true}]],"resize_keyboard":true,"one_time_keyboard":true}}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all := steps(tt.chat, bot.Render(tt.reply, limits))
			if len(all) != 1 || !all[0].rides() {
				t.Fatalf("%d steps", len(all))
			}
			all[0].text.Method = all[0].method
			got, err := json.Marshal(all[0].text)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestToastLimit(t *testing.T) {
	t.Parallel()
	if got := []rune(toast(strings.Repeat("क", 300))); len(got) != maxToast {
		t.Errorf("a toast of %d letters", len(got))
	}
	if got := toast("ठीक"); got != "ठीक" {
		t.Errorf("toast is %q", got)
	}
}
