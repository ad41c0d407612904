package bot

import (
	"context"
	"io"
)

// Chat names one conversation on one channel: where a message came from and where a reply goes.
// Neither part is ever logged.
type Chat struct {
	Channel string // "telegram", "web", "terminal", ...
	ID      string // the channel's own id of the chat, at most 64 bytes
}

// Message is what a person sent, whatever the channel.
type Message struct {
	ID     string // the channel's id of this delivery; a repeat carries the same one
	Chat   Chat
	Sender string // the channel's id of the person; equals Chat.ID where a chat has one person
	Name   string // what the person is called there, "" if unknown: kept, sealed, of officers only
	Group  bool   // the chat is a group (a station's), not a person

	Text  string
	Start string // the word that came with an opening link ("t.me/bot?start=word"), "" otherwise
	Tap   string // data of the button that was pressed, "" otherwise
	On    string // the channel's id of the message whose button was pressed or that was answered

	Files []File
	Album string // the channel's id of the album that the files belong to, "" otherwise
	Place *Place
	Phone string // E.164, "+91…" for most, only when the channel vouches that it is the sender's own number
	Alien bool   // a contact card was sent that is not the sender's own

	Event Event // something that happened to the chat rather than in it
	Moved string
}

// Event is something that happened to a chat.
type Event string

// The events a channel may report.
const (
	Blocked   Event = "blocked"   // the person blocked the bot, or the bot was removed from the group
	Unblocked Event = "unblocked" // the person took that back, or the bot was added to the group
	Moved     Event = "moved"     // the group has a new id, in Message.Moved
)

// FileKind is what sort of file a person sent.
type FileKind string

// The kinds of file.
const (
	Photo    FileKind = "photo"
	Voice    FileKind = "voice"
	Video    FileKind = "video"
	Document FileKind = "document"
)

// File is a file that a person sent and that is still with the channel.
type File struct {
	Kind    FileKind
	MIME    string // what the channel says it is: a hint, never trusted
	Size    int64  // bytes, 0 if the channel does not say
	Seconds int    // length of a voice note or video, 0 if unknown
	Open    func(context.Context) (io.ReadCloser, error)
}

// Place is a point that a person shared, in degrees (WGS 84).
type Place struct{ Lat, Lng float64 }

// Reply is what the bot says, in final words but before a channel's limits (see Render).
// The zero Reply says nothing.
type Reply struct {
	Text     string
	Strong   Span     // the part of Text that stands out: the question itself
	Options  []Option // answers to choose from, in order
	Ways     []Option // ways out and on: back, skip, cancel, more; may become hints in the text
	Want     Want     // what the channel may offer a button of its own for
	Words    Words    // the words a channel may need around them
	Document *Paper
	Photos   []Paper
	Clear    bool   // an earlier reply's Want may have left a keyboard behind: take it away
	Few      bool   // simple mode: few choices at a time, larger text where there is a choice
	Toast    string // a few words shown over a pressed button instead of a message
	Replace  string // the channel's id of a message of ours that this one takes the place of
	Secret   bool   // tells of a secret service: a channel may show it, and keep it nowhere
}

// Empty says whether there is nothing to send.
func (r Reply) Empty() bool {
	return r.Text == "" && r.Toast == "" && r.Document == nil && len(r.Photos) == 0
}

// Span is a part of a text, as byte offsets; Start == End means none.
type Span struct{ Start, End int }

// Option is something to choose. Data is what comes back in Message.Tap: ASCII, at most 64 bytes.
type Option struct {
	Data  string
	Label string
	Note  string // a line of explanation where a channel has room for it
	URL   string // opens a page instead of coming back; Data is empty then
}

// Paper is a file that the bot sends.
type Paper struct {
	Name string // file name with its ending
	MIME string
	Data []byte
}

// Words are the few words that a channel may have to add, in the reply's language.
type Words struct {
	Want string // on the channel's own button for Want: "📱 अपना नंबर भेजें"
	List string // on the button that opens a list, at most 20 letters: "चुनिए"
	Type string // before the ways out where they are hints: "या लिखिए:"
}

// Want is something a channel may offer a button of its own for.
type Want uint8

// What may be wanted.
const (
	WantNothing Want = iota
	WantContact      // the person's own phone number
	WantPlace
	WantPhoto
)

// A Handler answers one message. An error means that nothing was lost and nothing was said: the
// channel must deliver the message again later.
type Handler func(context.Context, Message) (Reply, error)
