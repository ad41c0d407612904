package telegramtest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Person is somebody with a phone. What they do is on its way to the bot when the method returns;
// ids returned are of updates, 0 if the bot does not want such.
type Person struct {
	ID       int64
	Name     string
	Username string // "" for none
	Phone    string // as contact cards have it, without "+"

	s            *Server
	chat         *chat
	toasts       []string
	tapsAnswered int
}

// Person gives the person with an id, and makes them if need be.
func (s *Server) Person(id int64, name string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.persons[id]; p != nil {
		return p
	}
	p := &Person{ID: id, Name: name, Phone: fmt.Sprintf("9198%08d", id%1e8), s: s}
	p.chat = s.newChat(id, name)
	s.persons[id] = p
	return p
}

// newChat makes a chat. The caller holds the lock.
func (s *Server) newChat(id int64, title string) *chat {
	c := &chat{id: id, title: title, changed: make(chan struct{}), messages: map[int64]Message{}}
	s.chats[id] = c
	return c
}

// Say sends a text.
func (p *Person) Say(text string) int64 { return p.send(p.chat, textOf(text)) }

// Reply answers a message of the bot's with a text.
func (p *Person) Reply(messageID int64, text string) int64 {
	return p.send(p.chat, p.s.replyTo(p.chat, messageID, text))
}

// Press presses the newest button or key with this label, or with a label that contains it. A key
// types its label or shares what it is for.
func (p *Person) Press(label string) (int64, error) { return p.press(p.chat, label) }

// Tap presses a button of some message, however old, or one that never was.
func (p *Person) Tap(messageID int64, data string) int64 { return p.tap(p.chat, messageID, data) }

// ShareContact shares the person's own contact card.
func (p *Person) ShareContact() int64 {
	return p.send(p.chat, map[string]any{"contact": map[string]any{"phone_number": p.Phone, "first_name": p.Name, "user_id": p.ID}})
}

// ShareForeignContact shares somebody else's contact card.
func (p *Person) ShareForeignContact() int64 {
	return p.send(p.chat, map[string]any{"contact": map[string]any{"phone_number": "919811111111", "first_name": "दूसरा", "user_id": p.ID + 1}})
}

// SharePlace shares a point on the map, in degrees.
func (p *Person) SharePlace(lat, lng float64) int64 {
	return p.send(p.chat, map[string]any{"location": map[string]any{"latitude": lat, "longitude": lng}})
}

// SendPhoto sends a picture.
func (p *Person) SendPhoto(jpeg []byte) int64 {
	return p.send(p.chat, p.s.photo(jpeg))
}

// SendAlbum sends several pictures at once; Telegram makes an update of each.
func (p *Person) SendAlbum(jpegs ...[]byte) []int64 {
	var ids []int64
	album := ""
	for _, b := range jpegs {
		content := p.s.photo(b)
		if album == "" {
			album = "album" + content["photo"].([]any)[0].(map[string]any)["file_id"].(string)
		}
		content["media_group_id"] = album
		ids = append(ids, p.send(p.chat, content))
	}
	return ids
}

// SendVoice sends a voice note.
func (p *Person) SendVoice(ogg []byte, seconds int) int64 {
	return p.send(p.chat, map[string]any{"voice": p.s.upload(ogg, map[string]any{"mime_type": "audio/ogg", "duration": seconds})})
}

// SendVideo sends a video.
func (p *Person) SendVideo(mp4 []byte, seconds int) int64 {
	return p.send(p.chat, map[string]any{"video": p.s.upload(mp4, map[string]any{"mime_type": "video/mp4", "duration": seconds, "width": 640, "height": 480})})
}

// SendDocument sends a file.
func (p *Person) SendDocument(name, mime string, b []byte) int64 {
	return p.send(p.chat, map[string]any{"document": p.s.upload(b, map[string]any{"mime_type": mime, "file_name": name})})
}

// SendSticker sends a sticker, which means nothing.
func (p *Person) SendSticker() int64 {
	return p.send(p.chat, map[string]any{"sticker": p.s.upload([]byte("webp"), map[string]any{"type": "regular", "emoji": "👍"})})
}

// Block has the bot blocked: it hears of it and cannot write any more.
func (p *Person) Block() int64 { return p.member(p.chat, "kicked", "bot was blocked by the user") }

// Unblock takes that back.
func (p *Person) Unblock() int64 { return p.member(p.chat, "member", "") }

// Inbox is everything the bot sent to the person, edits too.
func (p *Person) Inbox() []Message { return p.s.inbox(p.chat) }

// Wait waits for the next message or edit that contains a text ("" for any), among those that came
// after the person's last action and that no earlier Wait has passed.
func (p *Person) Wait(ctx context.Context, text string) (Message, error) {
	return p.s.wait(ctx, p.chat, text)
}

// Toasts are the words shown over pressed buttons so far.
func (p *Person) Toasts() []string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return append([]string(nil), p.toasts...)
}

// TapsAnswered is how many of the person's pressed buttons stopped their waiting circle.
func (p *Person) TapsAnswered() int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.tapsAnswered
}

// Keyboard is what stands in place of the phone's keyboard, nil for nothing.
func (p *Person) Keyboard() [][]Button {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.chat.messages[p.chat.keyboard].Keyboard
}

// json is Telegram's User.
func (p *Person) json() map[string]any {
	user := map[string]any{"id": p.ID, "is_bot": false, "first_name": p.Name, "language_code": "hi"}
	if p.Username != "" {
		user["username"] = p.Username
	}
	return user
}

// send sends a message into a chat.
func (p *Person) send(c *chat, content map[string]any) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	content["from"] = p.json()
	return p.s.say(c, content)
}

// say has a message of a person arrive. The caller holds the lock.
func (s *Server) say(c *chat, content map[string]any) int64 {
	s.messageID++
	content["message_id"], content["date"], content["chat"] = s.messageID, time.Now().Unix(), c.json()
	c.acted()
	return s.happen("message", "m"+strconv.FormatInt(c.id, 10), c.id, content)
}

// acted notes that somebody did something: Wait looks at what comes after.
func (c *chat) acted() {
	c.started = true
	c.read = c.dropped + len(c.log)
}

// press finds a button in a chat and presses it.
func (p *Person) press(c *chat, label string) (int64, error) {
	p.s.mu.Lock()
	b, m, found := c.find(label)
	p.s.mu.Unlock()
	switch {
	case !found:
		return 0, fmt.Errorf("no button %q in the chat", label)
	case b.URL != "":
		return 0, fmt.Errorf("button %q opens a page", label)
	case b.Data != "":
		return p.tap(c, m, b.Data), nil
	case b.Contact:
		return p.ShareContact(), nil
	case b.Location:
		return p.SharePlace(25.6093, 85.1376), nil
	}
	return p.send(c, textOf(b.Text)), nil
}

// find is the newest button with this label, else the newest whose label contains it. The caller
// holds the server's lock.
func (c *chat) find(label string) (b Button, message int64, found bool) {
	matches := []func(string) bool{
		func(s string) bool { return s == label },
		func(s string) bool { return strings.Contains(s, label) },
	}
	for _, match := range matches {
		for i := len(c.log) - 1; i >= 0; i-- {
			m := c.messages[c.log[i].ID] // as it is now
			rows := m.Buttons
			if c.keyboard == m.ID {
				rows = append(rows[:len(rows):len(rows)], m.Keyboard...)
			}
			for _, row := range rows {
				for _, b := range row {
					if match(b.Text) {
						return b, m.ID, true
					}
				}
			}
		}
	}
	return Button{}, 0, false
}

// tap presses a button of a message in a chat.
func (p *Person) tap(c *chat, messageID int64, data string) int64 {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	id := strconv.FormatInt(s.rnd.Int64(), 10)
	s.forgetTaps()
	s.queries[id] = &query{person: p, at: time.Now()}
	m := c.messages[messageID]
	message := map[string]any{
		"message_id": messageID, "date": m.At.Unix(), "chat": c.json(), "text": m.Text,
		"from": map[string]any{"id": s.botID, "is_bot": true, "first_name": "Nagrik", "username": s.cfg.Username},
	}
	if len(m.Buttons) > 0 {
		message["reply_markup"] = map[string]any{"inline_keyboard": wire(m.Buttons)}
	}
	c.acted()
	return s.happen("callback_query", "c"+strconv.FormatInt(p.ID, 10), c.id, map[string]any{
		"id": id, "from": p.json(), "message": message, "chat_instance": "1", "data": data,
	})
}

// wire is buttons as Telegram repeats them.
func wire(rows [][]Button) [][]map[string]any {
	out := make([][]map[string]any, len(rows))
	for i, row := range rows {
		for _, b := range row {
			w := map[string]any{"text": b.Text}
			if b.URL != "" {
				w["url"] = b.URL
			} else {
				w["callback_data"] = b.Data
			}
			out[i] = append(out[i], w)
		}
	}
	return out
}

// member changes what the bot is in a chat.
func (p *Person) member(c *chat, status, refuses string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	c.refuses = refuses
	self := map[string]any{"id": p.s.botID, "is_bot": true, "first_name": "Nagrik", "username": p.s.cfg.Username}
	return p.s.happen("my_chat_member", "b"+strconv.FormatInt(p.ID, 10), c.id, map[string]any{
		"chat": c.json(), "from": p.json(), "date": time.Now().Unix(),
		"old_chat_member": map[string]any{"user": self, "status": "member"},
		"new_chat_member": map[string]any{"user": self, "status": status},
	})
}

// textOf is a text message; a command is marked as Telegram marks it.
func textOf(text string) map[string]any {
	content := map[string]any{"text": text}
	if word := strings.Fields(text); strings.HasPrefix(text, "/") && len(word) > 0 {
		content["entities"] = []any{map[string]any{"offset": 0, "length": len(word[0]), "type": "bot_command"}}
	}
	return content
}

// replyTo is a text that answers a message of the bot's.
func (s *Server) replyTo(c *chat, messageID int64, text string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	content := textOf(text)
	content["reply_to_message"] = map[string]any{
		"message_id": messageID, "date": time.Now().Unix(), "chat": c.json(),
		"text": c.messages[messageID].Text, "from": map[string]any{"id": s.botID, "is_bot": true, "first_name": "Nagrik"},
	}
	return content
}

// photo is a picture in two sizes; the larger is the original.
func (s *Server) photo(jpeg []byte) map[string]any {
	small := s.upload([]byte("small"), map[string]any{"width": 90, "height": 60})
	return map[string]any{"photo": []any{small, s.upload(jpeg, map[string]any{"width": 1280, "height": 853})}}
}

// upload keeps a file and is what Telegram says of it.
func (s *Server) upload(b []byte, more map[string]any) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.keepFile(b)
	more["file_id"], more["file_unique_id"], more["file_size"] = id, "q"+id, len(b)
	return more
}

func (s *Server) inbox(c *chat) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), c.log...)
}

func (s *Server) wait(ctx context.Context, c *chat, text string) (Message, error) {
	for {
		s.mu.Lock()
		for i := max(c.read-c.dropped, 0); i < len(c.log); i++ {
			if strings.Contains(c.log[i].Text, text) {
				m := c.log[i]
				c.read = c.dropped + i + 1
				s.mu.Unlock()
				return m, nil
			}
		}
		last, changed := "nothing", c.changed
		if n := len(c.log); n > 0 {
			last = strconv.Quote(c.log[n-1].Text)
		}
		s.mu.Unlock()
		select {
		case <-changed:
		case <-s.ctx.Done():
			return Message{}, fmt.Errorf("waiting for %q: the server is closed", text)
		case <-ctx.Done():
			return Message{}, fmt.Errorf("waiting for %q: %w; the last message is %s", text, ctx.Err(), last)
		}
	}
}
