package telegramtest

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Message is what the bot sent to a chat, or its edit of an earlier message.
type Message struct {
	ID       int64
	Text     string // or caption
	Bold     string // the first bold part of Text
	Entities []Entity
	Buttons  [][]Button // below the message
	Keyboard [][]Button // in place of the phone's keyboard
	Removed  bool       // takes an earlier Keyboard away
	Files    []File
	Edited   bool
	Rode     bool // came in the answer to an update
	At       time.Time
}

// Entity is a part of a text, in UTF-16 units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
}

// Button is a button or a key.
type Button struct {
	Text     string `json:"text"`
	Data     string `json:"callback_data"`
	URL      string `json:"url"`
	Contact  bool   `json:"request_contact"`
	Location bool   `json:"request_location"`
}

// UnmarshalJSON reads a button; a key may be its label alone.
func (b *Button) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &b.Text)
	}
	type plain Button
	return json.Unmarshal(raw, (*plain)(b))
}

// Labels are the labels of all buttons and keys of a message, row by row.
func (m Message) Labels() []string {
	var all []string
	for _, rows := range [][][]Button{m.Buttons, m.Keyboard} {
		for _, row := range rows {
			for _, b := range row {
				all = append(all, b.Text)
			}
		}
	}
	return all
}

// chat is a person's chat with the bot, or a group.
type chat struct {
	id       int64
	group    bool
	super    bool
	title    string
	started  bool   // somebody wrote to the bot: before, it cannot write
	refuses  string // why the bot cannot write any more: "bot was blocked by the user"
	movedTo  int64
	log      []Message // what arrived, in order
	dropped  int       // messages let go of (Config.Forget)
	read     int       // how much of the log Wait has seen, counted with dropped
	sends    []time.Time
	changed  chan struct{} // closed when the log grows
	messages map[int64]Message
	keyboard int64 // the message whose Keyboard is shown, 0 for none
}

const (
	maxText    = 4096
	maxCaption = 1024
	keptShort  = 16 // messages of a chat with Config.Forget
)

// target is the chat of a call, if the bot may write there now.
func (s *Server) target(p params) (*chat, *apiError) {
	c := s.chats[p.int("chat_id")]
	switch {
	case c == nil:
		return nil, badRequest("chat not found")
	case c.movedTo != 0:
		return nil, &apiError{
			http.StatusBadRequest, "Bad Request: group chat was upgraded to a supergroup chat",
			map[string]any{"migrate_to_chat_id": c.movedTo},
		}
	case c.refuses != "":
		return nil, forbidden(c.refuses)
	case !c.started:
		return nil, forbidden("bot can't initiate conversation with a user")
	case s.chance(s.cfg.Busy):
		return nil, tooMany(1)
	}
	return c, nil
}

// quota counts messages to a group and refuses what is too much for a minute.
func (s *Server) quota(c *chat, messages int) *apiError {
	if !c.group {
		return nil
	}
	now, minute := time.Now(), s.real(time.Minute)
	for len(c.sends) > 0 && now.Sub(c.sends[0]) >= minute {
		c.sends = c.sends[1:]
	}
	if len(c.sends)+messages > s.cfg.PerGroup {
		wait := minute - now.Sub(c.sends[0])
		return tooMany(max(1, int(math.Ceil(wait.Seconds()))))
	}
	for range messages {
		c.sends = append(c.sends, now)
	}
	return nil
}

func (s *Server) sendText(p params, rode bool) (any, *apiError) {
	c, refused := s.target(p)
	if refused != nil {
		return nil, refused
	}
	m, refused := content(c, p, "text", "entities", maxText)
	if refused != nil {
		return nil, refused
	}
	if refused := s.quota(c, 1); refused != nil {
		return nil, refused
	}
	m.Rode = rode
	return s.arrive(c, m), nil
}

func (s *Server) editText(p params, rode bool) (any, *apiError) {
	c, refused := s.target(p)
	if refused != nil {
		return nil, refused
	}
	old, known := c.messages[p.int("message_id")]
	switch {
	case !known:
		return nil, badRequest("message to edit not found")
	case len(old.Files) > 0:
		return nil, badRequest("there is no text in the message to edit")
	}
	m, refused := content(c, p, "text", "entities", maxText)
	switch {
	case refused != nil:
		return nil, refused
	case len(m.Keyboard) > 0 || m.Removed:
		return nil, badRequest("inline keyboard expected")
	case m.Text == old.Text && reflect.DeepEqual(m.Entities, old.Entities) && reflect.DeepEqual(m.Buttons, old.Buttons):
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	if refused := s.quota(c, 1); refused != nil {
		return nil, refused
	}
	m.ID, m.Edited, m.Rode = old.ID, true, rode
	return s.arrive(c, m), nil
}

func (s *Server) sendFile(kind string, p params) (any, *apiError) {
	c, refused := s.target(p)
	if refused != nil {
		return nil, refused
	}
	f, sent := p.files[kind]
	if !sent || len(f.Data) == 0 {
		return nil, badRequest("file must be non-empty")
	}
	f.Kind = kind
	m, refused := content(c, p, "caption", "caption_entities", maxCaption)
	if refused != nil {
		return nil, refused
	}
	if refused := s.quota(c, 1); refused != nil {
		return nil, refused
	}
	m.Files = []File{f}
	return s.arrive(c, m), nil
}

func (s *Server) sendAlbum(p params) (any, *apiError) {
	c, refused := s.target(p)
	if refused != nil {
		return nil, refused
	}
	var media []struct {
		Type  string `json:"type"`
		Media string `json:"media"`
	}
	if refused := p.json("media", &media); refused != nil {
		return nil, refused
	}
	if len(media) < 2 || len(media) > 10 || p.has("reply_markup") {
		return nil, badRequest("there must be 2 to 10 items in an album, and no reply markup")
	}
	for _, item := range media {
		if len(p.files[strings.TrimPrefix(item.Media, "attach://")].Data) == 0 {
			return nil, badRequest("file must be non-empty")
		}
	}
	if refused := s.quota(c, len(media)); refused != nil {
		return nil, refused
	}
	var all []any
	for _, item := range media {
		f := p.files[strings.TrimPrefix(item.Media, "attach://")]
		f.Kind = item.Type
		all = append(all, s.arrive(c, Message{Files: []File{f}}))
	}
	return all, nil
}

// arrive puts a message into a chat and gives what the API answers.
func (s *Server) arrive(c *chat, m Message) any {
	if m.ID == 0 {
		s.messageID++
		m.ID = s.messageID
	}
	m.At = time.Now()
	c.messages[m.ID] = m
	switch {
	case len(m.Keyboard) > 0:
		c.keyboard = m.ID
	case m.Removed:
		c.keyboard = 0
	}
	c.log = append(c.log, m)
	if s.cfg.Forget && len(c.log) > keptShort {
		delete(c.messages, c.log[0].ID)
		c.log = append([]Message(nil), c.log[1:]...)
		c.dropped++
	}
	close(c.changed)
	c.changed = make(chan struct{})
	result := map[string]any{
		"message_id": m.ID, "date": m.At.Unix(), "chat": c.json(),
		"from": map[string]any{"id": s.botID, "is_bot": true, "first_name": "Nagrik", "username": s.cfg.Username},
	}
	if len(m.Files) > 0 {
		result["caption"] = m.Text
	} else {
		result["text"] = m.Text
	}
	return result
}

// content reads and checks a message's text and what is below it.
func content(c *chat, p params, text, entities string, limit int) (Message, *apiError) {
	m := Message{Text: p.values[text]}
	switch n := utf8.RuneCountInString(m.Text); {
	case !utf8.ValidString(m.Text):
		return m, badRequest("strings must be encoded in UTF-8")
	case strings.TrimSpace(m.Text) == "" && text == "text":
		return m, badRequest("message text is empty")
	case n > limit && text == "text":
		return m, badRequest("message is too long")
	case n > limit:
		return m, badRequest("message caption is too long")
	}
	if refused := p.json(entities, &m.Entities); refused != nil {
		return m, refused
	}
	units := utf16.Encode([]rune(m.Text))
	for _, e := range m.Entities {
		end := e.Offset + e.Length
		if e.Offset < 0 || e.Length <= 0 || end > len(units) || inPair(units, e.Offset) || inPair(units, end) {
			return m, badRequest("entity is outside of the text or in the middle of a letter")
		}
		if e.Type == "bold" && m.Bold == "" {
			m.Bold = string(utf16.Decode(units[e.Offset:end]))
		}
	}
	return m, markup(c, p, &m)
}

// inPair says whether a place in UTF-16 is inside a surrogate pair.
func inPair(units []uint16, at int) bool {
	return at > 0 && at < len(units) && units[at] >= 0xdc00 && units[at] < 0xe000
}

// markup reads and checks what is below a message.
func markup(c *chat, p params, m *Message) *apiError {
	var below struct {
		Inline   [][]Button `json:"inline_keyboard"`
		Keyboard [][]Button `json:"keyboard"`
		Remove   bool       `json:"remove_keyboard"`
	}
	if refused := p.json("reply_markup", &below); refused != nil {
		return refused
	}
	n := 0
	for _, row := range below.Inline {
		for _, b := range row {
			n++
			switch {
			case strings.TrimSpace(b.Text) == "":
				return badRequest("BUTTON_TEXT_INVALID")
			case (b.Data == "") == (b.URL == ""):
				return badRequest("text buttons are not allowed in the inline keyboard")
			case len(b.Data) > 64:
				return badRequest("BUTTON_DATA_INVALID")
			case b.URL != "" && !buttonURL(b.URL):
				return badRequest("inline keyboard button URL is invalid: wrong HTTP URL")
			}
		}
	}
	for _, row := range below.Keyboard {
		for _, b := range row {
			n++
			switch {
			case strings.TrimSpace(b.Text) == "":
				return badRequest("keyboard button text must be non-empty")
			case b.Contact && c.group:
				return badRequest("phone number can be requested in private chats only")
			case b.Location && c.group:
				return badRequest("location can be requested in private chats only")
			}
		}
	}
	if n > 100 && len(below.Inline) > 0 || n > 300 {
		return badRequest("reply markup is too long")
	}
	m.Buttons, m.Keyboard, m.Removed = below.Inline, below.Keyboard, below.Remove
	return nil
}

func buttonURL(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" || err == nil && (u.Scheme == "tg" || u.Scheme == "tel")
}

// json is Telegram's Chat.
func (c *chat) json() map[string]any {
	switch {
	case c.super:
		return map[string]any{"id": c.id, "type": "supergroup", "title": c.title}
	case c.group:
		return map[string]any{"id": c.id, "type": "group", "title": c.title}
	}
	return map[string]any{"id": c.id, "type": "private", "first_name": c.title}
}
