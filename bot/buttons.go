package bot

import (
	"crypto/subtle"
	"encoding/base64"
	"strings"
)

// Buttons carry short ASCII codes of at most 64 bytes (Telegram's limit for callback_data).
//
// An answer's button is d.DRAFT.KEY=OPTION.SIGNATURE: it belongs to one draft, one question and
// one chat, so an old or forged tap is recognised. A menu button is m.WHAT, not signed, since
// anyone may type the same: it works for ever.

const (
	draftIDSize   = 16
	signatureSize = 6
)

// press is what a button says.
type press struct {
	draft, key, option string // an answer's button
	menu               string // a menu button
}

// Keys of buttons that are the engine's own, beside the questions' keys.
const (
	keyReview  = "!review" // options: file, edit, back
	keyEdit    = "!edit"   // options: keys of questions
	keyMaybe   = "!maybe"  // + ":" + a hash of what is to be confirmed; options: yes, no
	keyConfirm = "!sure"   // + ":" + what is confirmed; options: yes, no
	keyWay     = "!way:"   // + the pending question's key; options: back, skip, cancel, ...
)

// data signs an answer's button.
func (e *Engine) data(chat Chat, draft, key, option string) string {
	data := "d." + draft + "." + key + "=" + option + "."
	signature := e.signature(chat, data[len("d."):len(data)-len(".")])
	return data + string(signature[:])
}

func (e *Engine) signature(chat Chat, body string) (s [signatureSize]byte) {
	var text [8]byte // of six bytes of the hash
	base64.RawURLEncoding.Encode(text[:], e.Sign("button", chat.Channel, chat.ID, body)[:6])
	copy(s[:], text[:])
	return s
}

// press reads a button's data; ok is false for one that is not ours or not this chat's.
func (e *Engine) press(chat Chat, data string) (press, bool) {
	if what, ok := strings.CutPrefix(data, "m."); ok {
		return press{menu: what}, true
	}
	body, ok := strings.CutPrefix(data, "d.")
	if !ok || len(body) < draftIDSize+1+signatureSize+1 {
		return press{}, false
	}
	cut := len(body) - signatureSize - 1
	body, signature := body[:cut], body[cut+1:]
	right := e.signature(chat, body)
	if subtle.ConstantTimeCompare([]byte(signature), right[:]) != 1 {
		return press{}, false
	}
	key, option, ok := strings.Cut(body[draftIDSize+1:], "=")
	return press{draft: body[:draftIDSize], key: key, option: option}, ok
}

// MenuTap is the data of a button that starts a service, or does what the word typed would do
// ("!resume", "!menu"), wherever and whenever it is pressed.
func MenuTap(what string) string { return "m." + what }

// StartTap is the data of a button that starts a service with some questions answered already, given
// as pairs of key and value. Like any stored answer, one that does not fit its question is asked anew:
// who makes up such a button can say nothing that could not be typed.
func StartTap(service string, answers ...string) string {
	var b strings.Builder
	b.WriteString("m." + service)
	for i := 0; i+1 < len(answers); i += 2 {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(answers[i] + "=" + answers[i+1])
	}
	return b.String()
}

// readStart takes what a menu button says apart: the service, and the answers that come with it.
func readStart(what string) (service string, answers []Answer) {
	service, rest, _ := strings.Cut(what, "?")
	for pair := range strings.SplitSeq(rest, "&") {
		if key, value, ok := strings.Cut(pair, "="); ok {
			answers = append(answers, Answer{key, value})
		}
	}
	return service, answers
}
