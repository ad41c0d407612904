package bot

import (
	"context"
	"errors"
	"fmt"
)

// Service is one thing a citizen can get done, written as an interview (see Interview), or a row of
// the menu that opens a smaller menu of its own (Group).
type Service struct {
	ID     string           // a stored promise: it is in drafts, buttons and records
	New    func() Interview // a fresh value for every message; nil for a group
	Group  []string         // ids of the services in the smaller menu
	Hidden bool             // not in the menu
	Direct bool             // no review: done as soon as the last question is answered
	Calm   bool             // words of danger are an officer's account, not a call for help
	Secret bool             // who uses it stays unknown: its draft lives apart, see Engine.Secret
	Keeps  bool             // it asks some questions in Questions.AsLast
	// Code says whether a word that came with an opening link, or was typed where nothing is open, is a
	// code that begins this service, and gives the answer that it stands for; nil: none is.
	Code func(word string) (a Answer, ok bool)

	// For says who the service is for; nil: everyone. To all others it is as if it did not exist.
	For func(ctx context.Context, v Visit) (bool, error)
	// Rows gives the rows of a group's menu where they differ from person to person; nil: Group does.
	Rows func(ctx context.Context, v Visit) ([]Next, error)
}

// Interview is a service's questions and what is done with the answers.
type Interview interface {
	// Ask names the questions in their order. It runs again from the top for every message, over
	// the answers so far: an answered question loads its field, the first unanswered one becomes
	// pending, later calls do nothing. So it must be pure and total: no I/O, no clock, and later
	// fields may be empty.
	Ask(q *Questions)
	// File does what the service is for, once all questions are answered. The same Filing.Dialog
	// files once, however often File is called.
	File(ctx context.Context, f Filing) (Outcome, error)
}

// Preparer is an Interview whose questions need something from the records, such as the list of a
// citizen's filings. Prepare runs before every Ask.
type Preparer interface {
	Prepare(ctx context.Context, v Visit) error
}

// Visit is who is talking to the bot, and where. A secret service is not told: of its visits Chat and
// Citizen are empty.
type Visit struct {
	Chat    Chat
	Citizen string // id of the verified citizen, "" while nobody is verified
	Lang    string
	Simple  bool
	Dialog  string // the draft's id, which keys everything that it makes
	Repeat  bool   // what this draft gave is only to be given again, within a day: see Outcome.Document

	answers *Draft
	room    func(ctx context.Context, what, once string) bool
}

// Room takes one attempt at something, such as a search, within what this chat may do, and says whether there was room for it.
// What the draft asks for again with the same once is the same attempt. A secret service hears no more of its chat than this.
func (v Visit) Room(ctx context.Context, what, once string) bool {
	return v.room == nil || v.room(ctx, what, once)
}

// Answer gives what the open draft has for a key, for a Preparer that needs it; "" if nothing.
func (v Visit) Answer(key string) string {
	if v.answers == nil {
		return ""
	}
	value, _ := v.answers.Answer(key)
	return value
}

// Filing is a finished interview on its way into the records.
type Filing struct {
	Visit
	Again   bool              // the citizen confirmed that the same content is to be filed once more
	Answers []Shown           // every answer in words, as the review shows it, in the officers' language
	Kept    map[string]string // what Citizens.Last is to give for the citizen's next filing of the service
	Names   []string          // the answers that are names of persons
	Given   map[string]string // every answer as it is stored, "" for a skipped one, for Questions.Before
}

// Shown is an answer in words. A voice note's value is "voice:" and its media id, a shared
// location's "@lat,lng": whoever shows it can do more with it than words.
type Shown struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Value string `json:"value"`
}

// Outcome is what File did, to be told to the citizen.
type Outcome struct {
	Text     string         // text id; "" means the service's ".filed"
	Data     map[string]any // for Text
	Number   string         // the number of the filing made, "" if none
	Document *Paper         // it and Photos are not kept: File is asked for them again if its message comes again
	Photos   []Paper
	Lang     string // the citizen chose this language
	Simple   *bool  // the citizen switched simple mode
	Forget   bool   // the chat is to be forgotten: the citizen left
	Once     bool   // what is said is kept nowhere: a repeat of the message does not get it again
	Start    string // a service to go on with at once
	Next     []Next // what the citizen may want to do now, offered as buttons
}

// Next is a button that begins a service, offered when another has ended or in a group's menu.
type Next struct {
	Tap   string // as StartTap makes it
	Label string // text id
	Words string // the label itself, where it is no text but a number or a name
	Typed string // as StartTap makes it: what typing the label does, where Tap is no button of the engine's
}

// DuplicateError is File's answer when the same citizen filed the same content a short while ago
// in another dialog. The engine asks, and files again only with Filing.Again.
type DuplicateError struct{ Number string }

// Error has no personal data in it.
func (*DuplicateError) Error() string { return "the same content was filed a short while ago" }

// Invalid is a wrong answer, to be put into words for the citizen: a text id and its data.
type Invalid struct {
	ID   string
	Data map[string]any
}

// Error is for programmers; citizens get the text.
func (i *Invalid) Error() string { return "invalid answer: " + i.ID }

// invalid makes an *Invalid from a text id and pairs of field name and value.
func invalid(id string, pairs ...any) error {
	data := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		data[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return &Invalid{ID: id, Data: data}
}

// Texts puts text ids into words. The second result is false for an unknown id.
type Texts interface {
	Text(lang, id string, data map[string]any) (string, bool)
}

// Keep says what the store of dialogs may do with a saved dialog beyond keeping it for its time.
type Keep struct {
	What    Kept
	Service string // with KeepDraft: the service that the citizen left unfinished
}

// Kept is how a saved dialog is kept.
type Kept uint8

// What may be done with a saved dialog.
const (
	KeepDraft Kept = iota // an open draft: may be copied to the records, to survive Redis
	KeepState             // nothing open: any copy may go
	Forget                // done: delete it at once
)

// Dialogs keeps the state of every chat.
type Dialogs interface {
	// Load gives the chat's state, nil if there is none. The bytes are not to be changed. Unless
	// fresh is asked for it may be out of date, which Save finds out.
	Load(ctx context.Context, chat Chat, fresh bool) ([]byte, error)
	// Save replaces the state whose token is old (nil: there was none). When another turn was
	// faster, ok is false and nothing was written: Load gives the newer state then. With Forget the
	// state is of no account.
	Save(ctx context.Context, chat Chat, old, state []byte, keep Keep) (ok bool, err error)
}

// Citizen is what is kept about the person behind a chat.
type Citizen struct {
	ID     string // "" if not verified
	Lang   string // "" if never chosen
	Simple bool
}

// Citizens knows the people behind the chats.
type Citizens interface {
	// Recall is asked when a chat has no dialog.
	Recall(ctx context.Context, chat Chat) (Citizen, error)
	// Verify notes that this chat's person owns the phone number.
	Verify(ctx context.Context, chat Chat, phone string) (Citizen, error)
	// Prefer keeps the chosen language and simple mode.
	Prefer(ctx context.Context, chat Chat, lang string, simple bool) error
	// Known gives what the citizen told us before, by question key ("name", "address").
	Known(ctx context.Context, citizen string) (map[string]string, error)
	// Last gives what the citizen's last filing of a service kept (Filing.Kept), nil if there is none.
	Last(ctx context.Context, citizen, service string) (map[string]string, error)
	// Filed gives what was filed by the draft v.Dialog of this chat, for who asks again: its number, or
	// the words that were said of it. The zero Outcome if it filed nothing.
	Filed(ctx context.Context, v Visit) (Outcome, error)
	// SendCode sends a one-time code to a phone.
	SendCode(ctx context.Context, phone, code, lang string) error
}

// Media takes the files that citizens send into the evidence store.
type Media interface {
	// Take stores the file's bytes and returns the id they are kept under. A file that is not
	// taken is an *Invalid.
	Take(ctx context.Context, chat Chat, message string, f File) (id string, err error)
	// TakeClean is Take for a secret service: what a file tells of who made it is removed before
	// anything is stored, and what it can't be removed from is not taken.
	TakeClean(ctx context.Context, f File) (id string, err error)
}

// asInvalid gives the *Invalid in err, or nil.
func asInvalid(err error) *Invalid {
	var i *Invalid
	if errors.As(err, &i) {
		return i
	}
	return nil
}
