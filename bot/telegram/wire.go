package telegram

import (
	"strconv"
	"unicode/utf8"

	"nagrik/bot"
)

// What goes on the wire. Texts are sent without parse_mode: what is bold is told by offsets, so
// nothing that a person types becomes markup.

// outgoing are the parameters of sendMessage and editMessageText. With Method set it is what rides
// in the answer to an update.
type outgoing struct {
	Method    string      `json:"method,omitempty"`
	ChatID    int64       `json:"chat_id"`
	MessageID int64       `json:"message_id,omitempty"`
	Text      string      `json:"text"`
	Entities  []entity    `json:"entities,omitempty"`
	Preview   linkPreview `json:"link_preview_options"`
	Markup    any         `json:"reply_markup,omitempty"`
}

// tapAnswer are the parameters of answerCallbackQuery: it ends the button's waiting circle.
type tapAnswer struct {
	Method string `json:"method,omitempty"`
	ID     string `json:"callback_query_id"`
	Text   string `json:"text,omitempty"`
}

type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"` // in UTF-16 units, as Length
	Length int    `json:"length"`
}

type linkPreview struct {
	Disabled bool `json:"is_disabled"`
}

type inlineKeyboard struct {
	Rows [][]inlineButton `json:"inline_keyboard"`
}

type inlineButton struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

type replyKeyboard struct {
	Rows    [][]key `json:"keyboard"`
	Resize  bool    `json:"resize_keyboard"`
	OneTime bool    `json:"one_time_keyboard"`
}

type key struct {
	Text     string `json:"text"`
	Contact  bool   `json:"request_contact,omitempty"`
	Location bool   `json:"request_location,omitempty"`
}

type removeKeyboard struct {
	Remove bool `json:"remove_keyboard"`
}

// step is one call of those that deliver a reply, in order: a text, or files.
type step struct {
	text   *outgoing
	method string // of the text

	chat     int64
	photos   []bot.Paper // one photo, or an album of 2 to 10
	document *bot.Paper
	caption  string
	strong   []entity
	markup   any
}

const (
	maxCaption = 1024 // letters
	maxAlbum   = 10
	maxToast   = 200
)

// steps are the calls that deliver a reply. Files come before the last text, so that the buttons
// stand at the end; a short text is the caption of the only file, and both arrive or none.
func steps(chat int64, r bot.Rendered) []step {
	var out []step
	last := ""
	if n := len(r.Texts); n > 0 {
		last = r.Texts[n-1]
		for _, t := range r.Texts[:n-1] {
			out = append(out, step{method: "sendMessage", text: &outgoing{ChatID: chat, Text: t, Preview: linkPreview{true}}})
		}
	}
	photos := r.Photos
	for len(photos) > 0 {
		n := min(len(photos), maxAlbum)
		out = append(out, step{chat: chat, photos: photos[:n]})
		photos = photos[n:]
	}
	if r.Document != nil {
		out = append(out, step{chat: chat, document: r.Document})
	}
	markup := keyboard(chat, r)
	if n := len(out); n > 0 && out[n-1].captioned() && r.Replace == "" && utf8.RuneCountInString(last) <= maxCaption {
		out[n-1].caption, out[n-1].strong, out[n-1].markup = last, bold(last, r.Strong), markup
		return out
	}
	if last == "" {
		return out
	}
	text := &outgoing{ChatID: chat, Text: last, Entities: bold(last, r.Strong), Preview: linkPreview{true}, Markup: markup}
	if id, err := strconv.ParseInt(r.Replace, 10, 64); err == nil && editable(markup) {
		text.MessageID = id
		return append(out, step{method: "editMessageText", text: text})
	}
	return append(out, step{method: "sendMessage", text: text})
}

// captioned says whether a step can carry a text and buttons: an album cannot.
func (s step) captioned() bool { return s.document != nil || len(s.photos) == 1 }

// rides says whether a step can go in the answer to an update, which is one method as JSON.
func (s step) rides() bool { return s.text != nil }

// editable says whether a message can be edited to have this markup.
func editable(markup any) bool {
	switch markup.(type) {
	case nil, inlineKeyboard, removeKeyboard:
		return true
	}
	return false
}

// keyboard is what is below a message: buttons, the channel's own keyboard, or the order to take
// one away. Telegram allows one of the three.
func keyboard(chat int64, r bot.Rendered) any {
	switch {
	case len(r.Buttons) > 0:
		k := inlineKeyboard{make([][]inlineButton, len(r.Buttons))}
		for i, row := range r.Buttons {
			k.Rows[i] = make([]inlineButton, len(row))
			for j, o := range row {
				k.Rows[i][j] = inlineButton{o.Label, o.Data, o.URL}
			}
		}
		return k
	case r.Want != bot.WantNothing && chat > 0: // Telegram refuses these buttons in groups
		return wanted(r)
	case r.Clear && r.Replace == "":
		return removeKeyboard{true}
	}
	return nil
}

// wanted is the keyboard with the button for what is wanted and, below, keys that type a word.
func wanted(r bot.Rendered) replyKeyboard {
	k := replyKeyboard{Resize: true, OneTime: true}
	k.Rows = append(k.Rows, []key{{Text: r.WantLabel, Contact: r.Want == bot.WantContact, Location: r.Want == bot.WantPlace}})
	for i, word := range r.Keys {
		if n := len(k.Rows); i%2 == 1 && !r.Few && short(word) && short(r.Keys[i-1]) {
			k.Rows[n-1] = append(k.Rows[n-1], key{Text: word})
			continue
		}
		k.Rows = append(k.Rows, []key{{Text: word}})
	}
	return k
}

// short says whether two such labels fit beside each other.
func short(label string) bool { return utf8.RuneCountInString(label) <= 13 }

// bold is the entity for a span of a text: Telegram counts UTF-16 units, we bytes.
func bold(text string, s bot.Span) []entity {
	if s.Start < 0 || s.End <= s.Start || s.End > len(text) {
		return nil
	}
	return []entity{{"bold", utf16Len(text[:s.Start]), utf16Len(text[s.Start:s.End])}}
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}

// toast is a text within what Telegram shows over a button.
func toast(s string) string {
	if utf8.RuneCountInString(s) <= maxToast {
		return s
	}
	return string([]rune(s)[:maxToast])
}
