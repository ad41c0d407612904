package bot

import (
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"nagrik/bot/hindi"
)

// A citizen's phone number is verified once, the way the channel can vouch for it (PhoneBy).
//
// Where a code has to be sent, nothing secret is stored: the code is a keyed hash of the draft, the
// number and the time of sending, so that a right code can be recognised without keeping it.

const (
	asideCode    = "code:" // + phone + ":" + time of sending, Unix seconds + ":" + wrong codes so far
	codeValid    = 10 * time.Minute
	codeAttempts = 3
)

// vouched says whether the channel names the sender's number with every message.
func (t *turn) vouched() bool {
	return t.m.Phone != "" && t.e.Phone[t.m.Chat.Channel] == PhoneBySender
}

// contact takes a contact card.
func (t *turn) contact() (Reply, error) {
	verifying := t.q != nil && t.q.pending != nil && t.q.pending.kind == kindVerify
	switch {
	case t.m.Alien && verifying:
		t.say("engine.wrong.contact")
	case t.m.Alien:
		t.say("engine.strange")
	case verifying:
		return t.owns(t.m.Phone)
	default:
		t.say("engine.contact_kept")
	}
	return t.present()
}

// owns notes that the citizen owns a phone number, and goes on.
func (t *turn) owns(phone string) (Reply, error) {
	c, err := t.e.Citizens.Verify(t.ctx, t.m.Chat, phone)
	if err != nil {
		return Reply{}, fmt.Errorf("noting a verified phone: %w", err)
	}
	if c.ID == "" {
		return Reply{}, errors.New("noting a verified phone: nobody has it now")
	}
	t.e.observe("verified")
	t.d.Citizen = c.ID
	if c.Lang != "" && t.d.Lang == "" {
		t.d.Lang = c.Lang
	}
	t.d.Simple = t.d.Simple || c.Simple
	t.d.settle()
	if err := t.remember(); err != nil {
		return Reply{}, err
	}
	t.say("engine.verified")
	if err := t.ask(); err != nil {
		return Reply{}, err
	}
	return t.present()
}

// verify takes a typed message while the phone number is asked for.
func (t *turn) verify() (Reply, error) {
	by := t.e.Phone[t.m.Chat.Channel]
	switch {
	case t.vouched():
		return t.owns(t.m.Phone)
	case by == PhoneByContact:
		return t.wrong(&Invalid{ID: "engine.wrong.share_contact"})
	case t.m.Text == "":
		return t.wrong(&Invalid{ID: "engine.wrong.words"})
	}
	if strings.HasPrefix(t.d.Aside, asideCode) {
		return t.checkCode()
	}
	phone, ok := hindi.Phone(t.m.Text)
	if !ok {
		return t.wrong(&Invalid{ID: "engine.wrong.phone"})
	}
	if by == PhoneAsTyped {
		return t.owns(phone)
	}
	sent := t.now.Unix()
	err := t.e.Citizens.SendCode(t.ctx, phone, t.code(phone, sent), t.d.Lang)
	if wrong := asInvalid(err); wrong != nil {
		return t.wrong(wrong)
	}
	if err != nil {
		return Reply{}, fmt.Errorf("sending a code: %w", err)
	}
	t.d.Wrong = 0
	t.d.Aside = sentCode{phone, sent, 0}.String()
	return t.present()
}

// code is the one-time code of a number at a time of sending.
func (t *turn) code(phone string, sent int64) string {
	sum := t.e.Sign("code", t.m.Chat.Channel, t.m.Chat.ID, t.d.Draft.ID, phone, strconv.FormatInt(sent, 10))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum)%1_000_000)
}

// sentCode is what a dialog remembers of a code that was sent. The wrong codes are counted here and
// not in Dialog.Wrong, which a call for help sets back: a code must not be guessed between two.
type sentCode struct {
	phone string
	at    int64 // Unix seconds
	wrong int
}

// String is how a dialog's Aside holds it.
func (c sentCode) String() string {
	return asideCode + c.phone + ":" + strconv.FormatInt(c.at, 10) + ":" + strconv.Itoa(c.wrong)
}

// sentCode gives the code that the open question waits for.
func (t *turn) sentCode() sentCode {
	var c sentCode
	phone, rest, _ := strings.Cut(strings.TrimPrefix(t.d.Aside, asideCode), ":")
	at, wrong, _ := strings.Cut(rest, ":")
	c.phone = phone
	c.at, _ = strconv.ParseInt(at, 10, 64)
	c.wrong, _ = strconv.Atoi(wrong)
	return c
}

// checkCode compares the typed code with the one that was sent.
func (t *turn) checkCode() (Reply, error) {
	sent := t.sentCode()
	typed := strings.ReplaceAll(hindi.Digits(strings.TrimSpace(t.m.Text)), " ", "")
	if other, ok := hindi.Phone(t.m.Text); ok && other != "" && len(typed) >= 10 {
		t.d.Aside = "" // the citizen mistyped the number and gives it again
		return t.verify()
	}
	right := subtle.ConstantTimeCompare([]byte(typed), []byte(t.code(sent.phone, sent.at))) == 1
	switch {
	case t.now.Sub(time.Unix(sent.at, 0)) > codeValid:
		t.d.Aside = ""
		return t.wrong(&Invalid{ID: "engine.wrong.code_old"})
	case right:
		return t.owns(sent.phone)
	case sent.wrong+1 >= codeAttempts:
		t.d.Aside, t.d.Wrong = "", 0
		t.say("engine.wrong.code_attempts")
		return t.present()
	}
	sent.wrong++
	t.d.Aside = sent.String()
	t.d.Wrong++
	t.say("engine.wrong.code")
	return t.present()
}

func saysYes(text string) bool {
	yes, ok := hindi.YesNo(text)
	return ok && yes
}

func saysNo(text string) bool {
	yes, ok := hindi.YesNo(text)
	return ok && !yes
}
