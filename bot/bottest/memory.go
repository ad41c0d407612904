package bottest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"sync"

	"nagrik/bot"
)

// Dialogs keeps dialogs in memory, with the compare-and-set of the real store.
type Dialogs struct {
	mu     sync.Mutex
	states map[bot.Chat][]byte
}

// Load is bot.Dialogs'.
func (d *Dialogs) Load(_ context.Context, chat bot.Chat, _ bool) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.states[chat], nil
}

// Save is bot.Dialogs'.
func (d *Dialogs) Save(_ context.Context, chat bot.Chat, old, state []byte, keep bot.Keep) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var token []byte
	if now := d.states[chat]; now != nil {
		token = now[1:9]
	}
	if !bytes.Equal(token, old) {
		return false, nil
	}
	if d.states == nil {
		d.states = map[bot.Chat][]byte{}
	}
	d.states[chat] = bytes.Clone(state)
	if keep.What == bot.Forget {
		delete(d.states, chat)
	}
	return true, nil
}

// sample makes a file of a kind, different for every message.
func sample(kind bot.FileKind, n int) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) {
		var b bytes.Buffer
		switch kind {
		case bot.Photo:
			picture := image.NewRGBA(image.Rect(0, 0, 16, 16))
			picture.Set(n%16, n/16, color.White)
			if err := jpeg.Encode(&b, picture, nil); err != nil {
				return nil, err
			}
		case bot.Voice:
			for i, packet := range []string{"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00", "OpusTags\x00\x00\x00\x00\x00\x00\x00\x00", fmt.Sprintf("%08d", n)} {
				first := map[bool]byte{true: 2}[i == 0]
				fmt.Fprintf(&b, "OggS\x00%c%s\x01%c%s", first, make([]byte, 20), len(packet), packet)
			}
		default:
			fmt.Fprintf(&b, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom%08d", n)
		}
		return io.NopCloser(&b), nil
	}
}

// WhatsApp is what WhatsApp's Cloud API can show (messages: interactive, 2026): every reply must
// fit it long before the channel exists.
var WhatsApp = bot.Limits{
	Text: 4096, Body: 1024, Buttons: 3, Label: 20, Rows: 10, RowLabel: 24, RowNote: 72, ListLabel: 20, Phone: bot.PhoneBySender,
}
