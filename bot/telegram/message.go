package telegram

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"nagrik/bot"

	"github.com/nyaruka/phonenumbers"
)

// message makes an update a message of the conversation. It is false for what is not for us: other
// bots, channels, service messages, commands to another bot.
func (c *Channel) message(u update) (bot.Message, bool) {
	m := bot.Message{ID: "u" + strconv.FormatInt(u.ID, 10)}
	switch {
	case u.Tap != nil:
		return m, c.tapped(&m, u.Tap)
	case u.MyMember != nil:
		return m, c.membership(&m, u.MyMember)
	case u.Message != nil:
		return m, c.said(&m, u.Message)
	}
	return m, false
}

// in puts the chat into a message; it is false for channels.
func in(m *bot.Message, ch chat) bool {
	m.Chat = bot.Chat{Channel: Name, ID: strconv.FormatInt(ch.ID, 10)}
	m.Group = ch.Type == "group" || ch.Type == "supergroup"
	return m.Group || ch.Type == "private"
}

// by puts the person into a message.
func by(m *bot.Message, u user) {
	m.Sender = strconv.FormatInt(u.ID, 10)
	m.Name = strings.Join(strings.Fields(clean(u.FirstName+" "+u.LastName)), " ")
}

// tapped reads a pressed button. Who pressed is never anonymous, even where the admins are.
func (c *Channel) tapped(m *bot.Message, q *callbackQuery) bool {
	if q.Message == nil || q.Data == "" || q.From.Bot || !in(m, q.Message.Chat) {
		return false
	}
	by(m, q.From)
	m.Tap = clean(q.Data)
	m.On = strconv.FormatInt(q.Message.ID, 10)
	return m.Tap != ""
}

// membership reads what happened to the bot in a chat: being blocked or removed, and the end of that.
func (c *Channel) membership(m *bot.Message, u *memberUpdated) bool {
	switch u.New.Status {
	case "kicked", "left":
		m.Event = bot.Blocked
	case "member", "administrator":
		m.Event = bot.Unblocked
	default:
		return false
	}
	if !in(m, u.Chat) {
		return false
	}
	if !u.From.Bot {
		by(m, u.From)
	}
	return true
}

// said reads what a person sent.
func (c *Channel) said(m *bot.Message, got *message) bool {
	if !in(m, got.Chat) {
		return false
	}
	if got.MigrateTo != 0 {
		m.Event, m.Moved = bot.Moved, strconv.FormatInt(got.MigrateTo, 10)
		return true
	}
	switch {
	case got.AutoForward:
		return false
	case got.SenderChat != nil: // an anonymous admin: "from" is a stand-in
	case got.From == nil || got.From.Bot:
		return false
	default:
		by(m, *got.From)
	}
	if r := got.ReplyTo; r != nil && r.From != nil && r.From.Bot && (c.id == 0 || r.From.ID == c.id) {
		m.On = strconv.FormatInt(r.ID, 10)
	}
	m.Album = got.Album
	c.files(m, got)
	if got.Location != nil {
		m.Place = point(*got.Location)
	} else if got.Venue != nil && got.Venue.Location != nil {
		m.Place = point(*got.Venue.Location)
	}
	if got.Contact != nil {
		contact(m, got)
	}
	m.Text = clean(got.Text + got.Caption) // a message has one or the other
	if !c.command(m) {
		return false
	}
	// A sticker, a poll or a game deserves an answer in a person's chat; a service message none.
	odd := got.Sticker != nil || got.Poll != nil || got.Dice != nil || got.Story != nil || got.Text != ""
	return m.Text != "" || len(m.Files) > 0 || m.Place != nil || m.Phone != "" || m.Alien || odd && !m.Group
}

// openings are what Telegram lets stand after "?start=" in a link.
var openings = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// command reads "/start word" and takes the bot's name off "/help@our_bot". It is false for a
// command to another bot.
func (c *Channel) command(m *bot.Message) bool {
	if !strings.HasPrefix(m.Text, "/") {
		return true
	}
	word, rest := m.Text, ""
	if i := strings.IndexFunc(m.Text, unicode.IsSpace); i > 0 {
		word, rest = m.Text[:i], strings.TrimSpace(m.Text[i:])
	}
	word, to, named := strings.Cut(word, "@")
	if own := c.name.Load(); named && own != nil && !strings.EqualFold(to, *own) {
		return false
	}
	if word != "/start" {
		if named {
			m.Text = strings.TrimSpace(word + " " + rest)
		}
		return true
	}
	m.Text = word
	if openings.MatchString(rest) {
		m.Start = rest
	}
	return true
}

// files takes the files of a message along, of a photo the largest size.
func (c *Channel) files(m *bot.Message, got *message) {
	add := func(kind bot.FileKind, f *file) {
		if f != nil && f.ID != "" {
			m.Files = append(m.Files, bot.File{
				Kind: kind, MIME: clean(f.MIME), Size: max(f.Size, 0), Seconds: max(f.Duration, 0), Open: c.opener(f.ID, f.Size),
			})
		}
	}
	var largest *file
	for i := range got.Photo {
		if p := &got.Photo[i]; largest == nil || p.Width*p.Height > largest.Width*largest.Height {
			largest = p
		}
	}
	if largest != nil {
		largest.MIME = "image/jpeg" // Telegram makes every photo one
	}
	add(bot.Photo, largest)
	add(bot.Voice, got.Voice)
	add(bot.Voice, got.Audio)
	add(bot.Video, got.Video)
	add(bot.Video, got.VideoNote)
	add(bot.Document, got.Document)
}

// point is a place on Earth, nil for one that is not.
func point(p place) *bot.Place {
	if p.Lat < -90 || p.Lat > 90 || p.Lng < -180 || p.Lng > 180 {
		return nil
	}
	return &bot.Place{Lat: p.Lat, Lng: p.Lng}
}

// contact reads a contact card. Only Telegram's word that the card is the sender's own, in the
// sender's own chat, makes its number theirs: anybody can send or forward anybody's card.
func contact(m *bot.Message, got *message) {
	own := got.Contact.UserID != 0 && got.From != nil && got.Contact.UserID == got.From.ID && !m.Group
	if own {
		m.Phone = phone(got.Contact.Phone)
	}
	m.Alien = m.Phone == ""
}

// phone is a contact card's number as "+…" (E.164), "" if it is none that can be called: Telegram
// also sells names that look like numbers (+888). Cards come with and without the plus.
func phone(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "+")
	number, err := phonenumbers.Parse("+"+s, "IN")
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return ""
	}
	return phonenumbers.Format(number, phonenumbers.E164)
}
