package desk

import (
	"crypto/subtle"
	"encoding/base64"
	"strconv"
	"strings"

	"nagrik/bot"
)

// A button of the desk is k.ACTION.SUBJECT.VERSION.SIGNATURE, with the numbers in base 36. The
// subject is a filing, the version the one that the card showed. It is not bound to a chat, since a
// card may be in several; the signature only keeps made-up numbers away from the records.
const (
	tapPrefix     = "k."
	signatureSize = 8
)

// tap is what a button says.
type tap struct {
	action  string
	subject int64
	ver     int
}

func (d *Desk) tapData(t tap) string {
	body := t.action + "." + strconv.FormatInt(t.subject, 36) + "." + strconv.FormatInt(int64(t.ver), 36)
	return tapPrefix + body + "." + d.signature(body)
}

func (d *Desk) signature(body string) string {
	return base64.RawURLEncoding.EncodeToString(d.Sign("desk button", body))[:signatureSize]
}

// readTap reads a button's data; ok is false for one that this bot did not make.
func (d *Desk) readTap(data string) (t tap, ok bool) {
	body, ok := strings.CutPrefix(data, tapPrefix)
	cut := len(body) - signatureSize - 1
	if !ok || cut < 0 || body[cut] != '.' {
		return tap{}, false
	}
	body, signature := body[:cut], body[cut+1:]
	if subtle.ConstantTimeCompare([]byte(signature), []byte(d.signature(body))) != 1 {
		return tap{}, false
	}
	parts := strings.Split(body, ".")
	if len(parts) != 3 {
		return tap{}, false
	}
	subject, err1 := strconv.ParseInt(parts[1], 36, 64)
	ver, err2 := strconv.ParseInt(parts[2], 36, 32)
	return tap{parts[0], subject, int(ver)}, err1 == nil && err2 == nil
}

// button is an option that does an action.
func (d *Desk) button(t tap, label string) bot.Option {
	return bot.Option{Data: d.tapData(t), Label: d.say(label, nil)}
}
