package bot

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"
)

// Dialog is the state of one chat: the open draft, those set aside, and what is needed to answer
// repeats. Redis holds it, encoded as below. Only answers are kept, never a position: the engine
// works out the next question from them.
type Dialog struct {
	token []byte // 8 bytes: a counter and a nonce, new with every save; nil before the first
	ring  []byte // the ids of the last messages answered, 4 bytes of their hash each, newest first

	Lang    string
	Simple  bool
	Citizen string // id of the verified citizen
	Touched int64  // time of the last message, Unix seconds

	Draft  Draft   // the open draft; Draft.Service "" means none
	Parked []Draft // drafts set aside for another service, newest last

	Confirm  string // a question of the engine's own that is open: "cancel", "restart", "menu", ...
	Maybe    string // an uncertain reading of the pending question's answer, to be confirmed
	Aside    string // what the pending question needs between messages: a search, a page, a code
	Wrong    uint8  // wrong answers in a row
	Album    string // the album being received
	Keyboard bool   // the last reply put a keyboard (Want) on the citizen's screen

	Done   string // id of the last finished draft
	Number string // and the number of its filing
	Said   string // the words of a reply that can't be worked out again, for a repeat
	Given  Given  // and what is needed to make its paper anew
}

// Draft is an interview that is not finished.
type Draft struct {
	ID      string // 16 characters; keys the filing that the draft becomes
	Service string
	Editing string   // key of the answer being changed from the review
	Answers []Answer // in the order given
	Known   []Answer // what the citizen told us in earlier filings, offered again
}

// Answer is the canonical value of one question. "" means skipped.
type Answer struct{ Key, Value string }

// A dialog remembers ringSize message ids, with ringBytes of their hash. A chance agreement, once in
// a hundred million messages, makes the bot repeat its question.
const (
	ringSize  = 32
	ringBytes = 4
)

// maxParked is how many drafts a chat may set aside.
const maxParked = 3

// newDraft opens a draft with an id of 96 random bits.
func newDraft(service string) Draft {
	var id [12]byte
	_, _ = rand.Read(id[:]) // never fails
	return Draft{ID: base64.RawURLEncoding.EncodeToString(id[:]), Service: service}
}

// Answer gives the value of a key, and whether it was answered.
func (d *Draft) Answer(key string) (string, bool) {
	for _, a := range d.Answers {
		if a.Key == key {
			return a.Value, true
		}
	}
	return "", false
}

func (d *Draft) set(key, value string) {
	for i := range d.Answers {
		if d.Answers[i].Key == key {
			d.Answers[i].Value = value
			return
		}
	}
	d.Answers = append(d.Answers, Answer{key, value})
}

func (d *Draft) forget(key string) {
	d.Answers = slices.DeleteFunc(d.Answers, func(a Answer) bool { return a.Key == key })
}

// forgetGroup forgets what was said of one thing of a repeated group ("article.2.kind" and all
// "article.2." with it): it was another thing's.
func (d *Draft) forgetGroup(key string) {
	end := strings.LastIndexByte(key, '.')
	if end < 0 || !strings.ContainsAny(key[:end], "0123456789") {
		return
	}
	more := key[:end] + ".more"
	d.Answers = slices.DeleteFunc(d.Answers, func(a Answer) bool {
		return strings.HasPrefix(a.Key, key[:end+1]) && a.Key != more
	})
}

func (d *Draft) known(key string) string {
	for _, a := range d.Known {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// fingerprint is what the ring remembers of a message id.
func fingerprint(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:ringBytes]
}

// seen says whether the message was answered already.
func (d *Dialog) seen(id string) bool {
	f := fingerprint(id)
	for i := 0; i+ringBytes <= len(d.ring); i += ringBytes {
		if bytes.Equal(d.ring[i:i+ringBytes], f) {
			return true
		}
	}
	return false
}

// turned marks the message as answered and gives the dialog its next token.
func (d *Dialog) turned(id string, now time.Time) {
	ring := append(fingerprint(id), d.ring...)
	d.ring = ring[:min(len(ring), ringBytes*ringSize)]
	d.renew(now)
}

// renew gives the dialog its next token.
func (d *Dialog) renew(now time.Time) {
	token := make([]byte, 8)
	if len(d.token) == 8 {
		binary.BigEndian.PutUint32(token, binary.BigEndian.Uint32(d.token)+1)
	}
	_, _ = rand.Read(token[4:]) // never fails
	d.token = token
	d.Touched = now.Unix()
}

// The history of the encoding. Old versions must be read for as long as a dialog may live:
// testdata/state has a dialog of each.
//
//	1  2026-11-23  the first
//	2  2026-11-25  Given at the end
const dialogVersion = 2

// headSize is how many bytes the version and the token take.
const headSize = 1 + 8

// tokenOf gives the token of a state, or what is left of it.
func tokenOf(state []byte) []byte {
	return bytes.Clone(state[min(1, len(state)):min(headSize, len(state))])
}

const (
	flagSimple = 1 << iota
	flagKeyboard
)

// encode gives the dialog as bytes: version, token, then fields with their lengths in front.
// It is compact rather than readable: a million open dialogs must fit in Redis.
func (d *Dialog) encode() []byte {
	b := make([]byte, 0, 512)
	b = append(b, dialogVersion)
	b = append(b, d.token...)
	b = binary.AppendUvarint(b, uint64(len(d.ring)/ringBytes))
	b = append(b, d.ring...)
	var flags byte
	if d.Simple {
		flags |= flagSimple
	}
	if d.Keyboard {
		flags |= flagKeyboard
	}
	b = append(b, flags, d.Wrong)
	b = binary.AppendVarint(b, d.Touched)
	for _, s := range []string{d.Lang, d.Citizen, d.Confirm, d.Maybe, d.Aside, d.Album, d.Done, d.Number, d.Said} {
		b = appendString(b, s)
	}
	b = appendDraft(b, &d.Draft)
	b = binary.AppendUvarint(b, uint64(len(d.Parked)))
	for i := range d.Parked {
		b = appendDraft(b, &d.Parked[i])
	}
	return d.Given.encode(b)
}

// appendString writes a packed string with its length in front, a byte up to 127.
func appendString(b []byte, s string) []byte {
	at := len(b)
	b = pack(append(b, 0), s)
	n := len(b) - at - 1
	if n < 0x80 {
		b[at] = byte(n)
		return b
	}
	var length [binary.MaxVarintLen64]byte
	size := binary.PutUvarint(length[:], uint64(n))
	return slices.Replace(b, at, at+1, length[:size]...)
}

func appendDraft(b []byte, d *Draft) []byte {
	b = appendString(b, d.Service)
	if d.Service == "" {
		return b
	}
	b = appendString(b, d.ID)
	b = appendString(b, d.Editing)
	for _, list := range [][]Answer{d.Answers, d.Known} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, a := range list {
			b = appendString(appendString(b, a.Key), a.Value)
		}
	}
	return b
}

// errNewer is a dialog written by a newer release, which this one must leave to it.
var errNewer = errors.New("the dialog was written by a newer release")

// errBroken is a dialog that no release wrote.
var errBroken = errors.New("the dialog's state can't be read")

// decodeDialog reads what encode wrote.
func decodeDialog(state []byte) (*Dialog, error) {
	if len(state) < headSize || state[0] == 0 {
		return nil, errBroken
	}
	if state[0] > dialogVersion {
		return nil, errNewer
	}
	d := &Dialog{token: tokenOf(state)}
	// One copy as a string: every field is then a part of it and costs no allocation of its own.
	r := reader{rest: string(state[headSize:])}
	d.ring = []byte(r.take(ringBytes * int(r.uvarint())))
	flags := r.byte()
	d.Simple, d.Keyboard = flags&flagSimple != 0, flags&flagKeyboard != 0
	d.Wrong = r.byte()
	d.Touched = r.varint()
	for _, s := range []*string{&d.Lang, &d.Citizen, &d.Confirm, &d.Maybe, &d.Aside, &d.Album, &d.Done, &d.Number, &d.Said} {
		*s = r.string()
	}
	d.Draft = r.draft()
	for n := r.uvarint(); n > 0 && !r.broken; n-- {
		d.Parked = append(d.Parked, r.draft())
	}
	if state[0] >= 2 {
		d.Given = r.given()
	}
	if r.broken || r.rest != "" {
		return nil, errBroken
	}
	return d, nil
}

type reader struct {
	rest   string
	broken bool
}

func (r *reader) take(n int) string {
	if n < 0 || n > len(r.rest) {
		r.broken = true
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) byte() byte {
	if s := r.take(1); s != "" {
		return s[0]
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	var x uint64
	for shift := 0; shift < 64; shift += 7 {
		c := r.byte()
		x |= uint64(c&0x7f) << shift
		if c < 0x80 {
			// Nothing in a dialog is longer than the dialog: a larger number is damage.
			if x > 1<<40 {
				r.broken = true
				return 0
			}
			return x
		}
	}
	r.broken = true
	return 0
}

func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (r *reader) string() string {
	s, ok := unpack(r.take(int(r.uvarint())))
	if !ok {
		r.broken = true
	}
	return s
}

func (r *reader) draft() Draft {
	d := Draft{Service: r.string()}
	if d.Service == "" {
		return d
	}
	d.ID, d.Editing = r.string(), r.string()
	for _, list := range []*[]Answer{&d.Answers, &d.Known} {
		n := int(r.uvarint())
		if n > len(r.rest) {
			r.broken = true
			return d
		}
		*list = make([]Answer, 0, n+1)
		for range n {
			*list = append(*list, Answer{r.string(), r.string()})
		}
	}
	return d
}

// open says whether a draft is open.
func (d *Dialog) open() bool { return d.Draft.Service != "" }

// closeDraft ends the open draft without a trace of what was asked meanwhile.
func (d *Dialog) closeDraft() {
	d.Draft = Draft{}
	d.settle()
}

// settle clears what belongs to the question that was pending.
func (d *Dialog) settle() {
	d.Confirm, d.Maybe, d.Aside, d.Wrong, d.Album = "", "", "", 0, ""
}

// newest is the place of the draft of a service that was set aside last; -1 if none was.
func (d *Dialog) newest(service string) int {
	for i, p := range slices.Backward(d.Parked) {
		if p.Service == service {
			return i
		}
	}
	return -1
}

// unpark takes a draft that was set aside out of the dialog.
func (d *Dialog) unpark(at int) Draft {
	draft := d.Parked[at]
	d.Parked = slices.Delete(d.Parked, at, at+1)
	return draft
}

// VoiceNote says whether an answer is a voice note, and gives its media id.
func VoiceNote(value string) (media string, ok bool) {
	return strings.CutPrefix(value, voicePrefix)
}

const voicePrefix = "voice:"
