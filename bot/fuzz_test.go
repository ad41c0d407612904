package bot_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/bottest"
)

// phrases are what citizens type, right and wrong.
var phrases = []string{
	"खोया सामान", "शिकायत", "mera mobile kho gaya", "हाँ", "नहीं", "1", "२", "9", "पता नहीं", "कल शाम 5 बजे", "15 अगस्त 2030", "पटना", "औ", "भ",
	"सूची में नहीं", "और", "356938035643809", "800001", "9876543210", "123456", "सुनीता देवी", account, "xyz", "😀", "", " ", "\x00\xff", "हो गया",
	"पीछे", "रद्द", "फिर से", "छोड़ें", "मदद", "मेनू", "स्थिति", "भाषा", "बदलें", "बदलें 2", "edit 77", "जमा करें", "नमस्ते", "112", "बचाओ", "बैग", "मोबाइल",
	strings.Repeat("लंबा ", 400), "voice:p1", "@25.3,85.1", "?", "~1", "yes", "गुप्त सूचना देनी है",
}

// walk is one random conversation, told by bytes.
type walk struct {
	*talker
	script []byte
	store  *forgetful
	taps   []string
}

// next is a number below n.
func (w *walk) next(n int) int {
	if len(w.script) == 0 {
		return 0
	}
	b := w.script[0]
	w.script = w.script[1:]
	return int(b) % n
}

// message is the next thing that the citizen does.
func (w *walk) message() bot.Message {
	switch w.next(20) {
	case 0, 1, 2, 3, 4, 5:
		if all := buttons(w.reply); len(all) > 0 {
			return bot.Message{Tap: all[w.next(len(all))].Data}
		}
	case 6:
		if len(w.taps) > 0 { // old
			return bot.Message{Tap: w.taps[w.next(len(w.taps))]}
		}
	case 7: // damaged
		if len(w.taps) > 0 {
			tap := []byte(w.taps[w.next(len(w.taps))])
			tap[w.next(len(tap))] ^= byte(1 + w.next(255))
			return bot.Message{Tap: string(tap)}
		}
	case 8:
		return bot.Message{Tap: bot.MenuTap([]string{
			"lost_property", "complaint", "my_filings", "tip", "fir_copy", "verification", "!resume", "!resume.complaint", "!menu", "!edit", "!submit", "!skip", "!done", "x",
		}[w.next(14)])}
	case 9:
		return bot.Message{Files: []bot.File{file(bot.Photo, fmt.Sprint("p", w.next(9)))}, Text: phrases[w.next(len(phrases))]}
	case 10:
		return bot.Message{Files: []bot.File{file(bot.Photo, fmt.Sprint("p", w.next(9)))}, Album: fmt.Sprint("album", w.next(2))}
	case 11:
		return bot.Message{Files: []bot.File{file(bot.Voice, "v1")}}
	case 12:
		return bot.Message{Place: &bot.Place{Lat: 24 + float64(w.next(50))/10, Lng: 85}}
	case 13:
		return bot.Message{Phone: "+919876543210"}
	case 14:
		return bot.Message{Alien: true}
	case 15:
		w.now = w.now.Add(time.Duration(w.next(30)) * time.Hour)
	case 16:
		w.store.fails = w.next(3)
	}
	return bot.Message{Text: phrases[w.next(len(phrases))]}
}

// converse holds one random conversation and checks what must hold after every message.
func converse(t *testing.T, script []byte) {
	w := newWorld(t)
	store := &forgetful{}
	w.dialogs = store
	c := &walk{talker: w.talk("telegram", "1"), script: script, store: store}
	c.chat.Channel = []string{"telegram", "sender", "code", "typed"}[c.next(4)]
	mood := c.next(4)
	w.records.fail = func(f bot.Filing) error {
		switch {
		case mood == 1 && !f.Again:
			return &bot.DuplicateError{Number: "KS1"}
		case mood == 2 && w.records.calls%2 == 1:
			return errDown
		case mood == 3 && w.records.calls%3 == 1:
			return &bot.Invalid{ID: "lost_property.closed"}
		}
		return nil
	}
	for len(c.script) > 0 {
		m := c.message()
		reply, err := c.try(m)
		for attempts := 0; err != nil; attempts++ {
			if attempts > 5 {
				t.Fatalf("%q %q never succeeds: %v", m.Text, m.Tap, err)
			}
			reply, err = c.again()
		}
		if reply.Empty() && m.Album == "" {
			t.Fatalf("silence after %q %q", m.Text, m.Tap)
		}
		c.reply = reply
		c.checkReply(t)
		c.checkState(t)
	}
	if c.events["dialog_broken"]+c.events["text_missing"] > 0 {
		t.Fatalf("events %v", c.events)
	}
}

func (w *walk) checkReply(t *testing.T) {
	t.Helper()
	seen := map[string]bool{}
	for _, o := range buttons(w.reply) {
		if o.Label == "" || o.Data == "" || seen[o.Data] {
			t.Fatalf("button %+v in %q", o, w.reply.Text)
		}
		seen[o.Data] = true
		w.taps = append(w.taps, o.Data)
	}
	for name, limits := range channels {
		if name == "narrow" { // the questions' labels are not made for it
			continue
		}
		if fault := bottest.Fault(bot.Render(w.reply, limits), limits); fault != "" {
			t.Fatalf("%s: %s", name, fault)
		}
	}
}

func (w *walk) checkState(t *testing.T) {
	t.Helper()
	before, _ := w.dialogs.Load(t.Context(), w.chat, false)
	open, parked := w.state()
	if len(parked) > 3 {
		t.Fatalf("%d drafts are set aside", len(parked))
	}
	for _, p := range parked {
		if p.ID == open.ID {
			t.Fatalf("%s is set aside beside %s", p.Service, open.Service)
		}
	}
	// A draft's random id may have the letters, a service or a question about one has what stands before them.
	if bytes.Contains(before, []byte("\x03tip")) || bytes.Contains(before, []byte(":tip")) {
		t.Fatalf("the chat's own dialog knows of a tip: %q", before)
	}
	if secret := w.secretDraft(); secret.Service != "tip" && secret.Service != "" {
		t.Fatalf("%s is in a dialog apart", secret.Service)
	}
	if w.reply.Secret && w.secretDraft().Service == "" || len(w.store.keep) > 0 && w.store.last() == bot.Forget {
		return // and with what was deleted the message's id
	}
	w.store.fails = 0
	again, err := w.again()
	if mood := err != nil && open.ID == ""; mood || err == nil && again.Empty() {
		t.Fatalf("repeat of %q %q: %q, %v", w.last.Text, w.last.Tap, again.Text, err)
	}
	if after, _ := w.dialogs.Load(t.Context(), w.chat, false); !bytes.Equal(before, after) {
		t.Fatalf("a repeat of %q %q changed the dialog", w.last.Text, w.last.Tap)
	}
	if _, filed := w.records.filed[open.ID]; filed && open.ID != "" {
		t.Fatalf("a draft of %s is open that was filed", open.Service)
	}
}

func FuzzConversation(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		script := make([]byte, 100+r.IntN(200))
		for i := range script {
			script[i] = byte(r.Uint32())
		}
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) > 2000 {
			return
		}
		converse(t, script)
	})
}
