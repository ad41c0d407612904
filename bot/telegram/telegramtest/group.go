package telegramtest

import (
	"context"
	"strconv"
)

// Group is a group with the bot in it. People act in it by its methods.
type Group struct {
	s    *Server
	chat *chat
}

// Group gives the group with an id (a negative number), and makes it if need be: as an ordinary
// group, which may become a supergroup by Migrate.
func (s *Server) Group(id int64, title string) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[id]
	if c == nil {
		c = s.newChat(id, title)
		c.group, c.started = true, true
	}
	return &Group{s, c}
}

// ID is the group's present id.
func (g *Group) ID() int64 { return g.now().id }

// now is the chat that the group is now: Migrate makes another of it.
func (g *Group) now() *chat {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.chat
}

// Say sends a text in the name of a member.
func (g *Group) Say(p *Person, text string) int64 { return p.send(g.now(), textOf(text)) }

// Reply answers a message of the bot's.
func (g *Group) Reply(p *Person, messageID int64, text string) int64 {
	return p.send(g.now(), g.s.replyTo(g.now(), messageID, text))
}

// Press presses the newest button with this label.
func (g *Group) Press(p *Person, label string) (int64, error) { return p.press(g.now(), label) }

// Tap presses a button of some message, or one that never was.
func (g *Group) Tap(p *Person, messageID int64, data string) int64 {
	return p.tap(g.now(), messageID, data)
}

// SayAnonymously sends a text in the name of the group, as its admins may.
func (g *Group) SayAnonymously(text string) int64 {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	content := textOf(text)
	content["from"] = map[string]any{"id": 1087968824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}
	content["sender_chat"] = g.chat.json()
	return g.s.say(g.chat, content)
}

// Kick has a member put the bot out of the group.
func (g *Group) Kick(p *Person) int64 {
	return p.member(g.now(), "kicked", "bot was kicked from the group chat")
}

// Migrate makes the group a supergroup with a new id. The bot hears of it in both, and its
// messages to the old id are refused with the new one.
func (g *Group) Migrate(newID int64) {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	old := g.chat
	c := s.newChat(newID, old.title)
	c.group, c.super, c.started = true, true, true
	old.movedTo = newID
	g.chat = c
	admin := map[string]any{"id": 1, "is_bot": false, "first_name": "Admin"}
	for _, told := range []struct {
		chat *chat
		key  string
		id   int64
	}{{old, "migrate_to_chat_id", newID}, {c, "migrate_from_chat_id", old.id}} {
		s.messageID++
		s.happen("message", "m"+strconv.FormatInt(told.chat.id, 10), told.chat.id, map[string]any{
			"message_id": s.messageID, "date": 0, "chat": told.chat.json(), "from": admin, told.key: told.id,
		})
	}
}

// Inbox is everything the bot sent to the group under its present id.
func (g *Group) Inbox() []Message { return g.s.inbox(g.now()) }

// Wait is Person.Wait for the group.
func (g *Group) Wait(ctx context.Context, text string) (Message, error) {
	return g.s.wait(ctx, g.now(), text)
}
