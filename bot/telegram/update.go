package telegram

import (
	"encoding/json"
	"errors"
)

// The parts of Telegram's Update that we read, and no more: decoding a pressed button, which
// carries the whole message and keyboard, takes less than half of what full models take.

type update struct {
	ID       int64          `json:"update_id"`
	Message  *message       `json:"message"`
	Tap      *callbackQuery `json:"callback_query"`
	MyMember *memberUpdated `json:"my_chat_member"`
}

type user struct {
	ID        int64  `json:"id"`
	Bot       bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"` // "private", "group", "supergroup", "channel"
}

type message struct {
	ID          int64  `json:"message_id"`
	From        *user  `json:"from"`
	SenderChat  *chat  `json:"sender_chat"` // an anonymous admin's group, or a channel
	AutoForward bool   `json:"is_automatic_forward"`
	Chat        chat   `json:"chat"`
	Text        string `json:"text"`
	Caption     string `json:"caption"`
	Album       string `json:"media_group_id"`
	MigrateTo   int64  `json:"migrate_to_chat_id"`
	ReplyTo     *reply `json:"reply_to_message"`
	Photo       []file `json:"photo"` // one picture in several sizes
	Voice       *file  `json:"voice"`
	Audio       *file  `json:"audio"`
	Video       *file  `json:"video"`
	VideoNote   *file  `json:"video_note"`
	Document    *file  `json:"document"`
	Location    *place `json:"location"`
	Venue       *venue `json:"venue"`
	Contact     *card  `json:"contact"`
	Sticker     *empty `json:"sticker"`
	Poll        *empty `json:"poll"`
	Dice        *empty `json:"dice"`
	Story       *empty `json:"story"`
}

type empty struct{}

type reply struct {
	ID   int64 `json:"message_id"`
	From *user `json:"from"`
}

type file struct {
	ID       string `json:"file_id"`
	MIME     string `json:"mime_type"`
	Size     int64  `json:"file_size"`
	Duration int    `json:"duration"`
	Width    int64  `json:"width"`
	Height   int64  `json:"height"`
}

type place struct {
	Lat float64 `json:"latitude"`
	Lng float64 `json:"longitude"`
}

type venue struct {
	Location *place `json:"location"`
}

type card struct {
	Phone  string `json:"phone_number"`
	UserID int64  `json:"user_id"`
}

type callbackQuery struct {
	ID      string `json:"id"`
	From    user   `json:"from"`
	Message *struct {
		ID   int64 `json:"message_id"`
		Chat chat  `json:"chat"`
	} `json:"message"`
	Data string `json:"data"`
}

type memberUpdated struct {
	Chat chat `json:"chat"`
	From user `json:"from"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

// maxDepth is how deeply an update may be nested; Telegram's go to about 12.
const maxDepth = 32

var errMalformed = errors.New("telegram: malformed update")

// decode reads one update. Its errors say nothing of the content.
func decode(b []byte) (update, error) {
	var u update
	if tooDeep(b) || json.Unmarshal(b, &u) != nil || u.ID <= 0 {
		return update{}, errMalformed
	}
	return u, nil
}

// tooDeep says whether JSON is nested deeper than maxDepth.
func tooDeep(b []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}
