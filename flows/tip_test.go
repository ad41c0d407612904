package flows

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/locales"
	"nagrik/store"
)

// tipster is somebody who talks to an engine.
type tipster struct {
	t      *testing.T
	engine *bot.Engine
	chat   bot.Chat
	sent   int

	message bot.Message // the last one, and its reply
	last    bot.Reply
}

func (c *tipster) send(m bot.Message) string {
	c.t.Helper()
	c.sent++
	m.ID, m.Chat = fmt.Sprint("m", c.sent), c.chat
	c.message = m
	var err error
	if c.last, err = c.engine.Handle(c.t.Context(), m); err != nil {
		c.t.Fatal(err)
	}
	return c.last.Text
}

func (c *tipster) say(lines ...string) string {
	c.t.Helper()
	for _, line := range lines {
		c.send(bot.Message{Text: line})
	}
	return c.last.Text
}

func (c *tipster) wants(parts ...string) {
	c.t.Helper()
	for _, part := range parts {
		if !strings.Contains(c.last.Text, part) {
			c.t.Fatalf("no %q in\n%s", part, c.last.Text)
		}
	}
}

const exifCanary = "GPS 25.594095 85.137566"

// taggedPhoto is a photo that tells where it was taken.
func taggedPhoto(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	app1 := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00" + exifCanary
	return slices.Concat(b.Bytes()[:2], []byte{0xff, 0xe1, 0, byte(len(app1) + 2)}, []byte(app1), b.Bytes()[2:])
}

func fileOf(kind bot.FileKind, mime string, data []byte) bot.File {
	return bot.File{Kind: kind, MIME: mime, Size: int64(len(data)), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}

// TestTipAndItsQuestion gives a tip with a photo, and answers the officer's question from another chat.
func TestTipAndItsQuestion(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 14, 10, 30, 0, 0, locales.India)
	engine := newEngine(t, func() time.Time { return now })
	records := engine.Citizens.(citizens).records
	c := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: "7001002003"}}
	c.say("गुप्त सूचना देनी है", "नई सूचना", "हथियार", "नहीं", "पुराने गोदाम में देसी कट्टे बनाकर बेचे जाते हैं।", "छोड़ें", "पुराना गोदाम, स्टेशन रोड", "गांधी मैदान, पटना")
	c.wants("फ़ोटो हो तो भेजिए")
	c.send(bot.Message{Files: []bot.File{fileOf(bot.Photo, "image/jpeg", taggedPhoto(t))}})
	c.say("हो गया", "हाँ", "जमा करें")
	c.wants("✅", "गांधी मैदान")
	var code string
	for line := range strings.Lines(c.last.Text) {
		if parsed, ok := store.ParseClaimCode(line); ok {
			code = parsed
		}
	}
	tip, _, err := records.Store.TipByCode(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}

	var ids []string
	rows, err := records.Store.Pool().Query(t.Context(), `select media from filing_media where filing = $1`, tip.ID)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if len(ids) != 1 {
		t.Fatalf("%d files", len(ids))
	}
	_, kept, err := engine.Media.(evidence).library.Original(t.Context(), ids[0])
	if err != nil || bytes.Contains(kept, []byte("GPS")) || bytes.Contains(kept, []byte("Exif")) {
		t.Errorf("kept with what the camera wrote, %v", err)
	}

	ask(t, records.Store, tip, "गोदाम में कितने लोग रहते हैं?")
	other := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "web", ID: "another"}}
	other.say("गुप्त सूचना", "मेरे पास कोड है", strings.Join(strings.Fields(store.SpacedClaimCode(code)), "-"))
	other.wants("पुलिस ने पूछा: “गोदाम में कितने लोग रहते हैं?”")
	other.say("जवाब देना है", "4", "छोड़ें")
	other.wants("✅ आपका जवाब")
	other.say("गुप्त सूचना", "मेरे पास कोड है", code)
	other.wants("आपने जवाब दिया")
	for _, o := range other.last.Options {
		if o.Label == "जवाब देना है" {
			t.Error("a question that is answered is open still")
		}
	}
}

// ask is what an officer's question leaves in the records.
func ask(t *testing.T, s *store.Store, f store.Filing, question string) {
	t.Helper()
	code, err := s.Invite(t.Context(), store.Seat{Role: store.SHO, Station: f.Station}, "test")
	if err != nil {
		t.Fatal(err)
	}
	post, err := s.Redeem(t.Context(), code, "telegram", "sho", "sho", "थानाध्यक्ष")
	if err != nil {
		t.Fatal(err)
	}
	ver := 0 // the card that waited was sent meanwhile
	if err := s.Pool().QueryRow(t.Context(), `select ver + 1 from filings where id = $1`, f.ID).Scan(&ver); err != nil {
		t.Fatal(err)
	}
	note, err := s.Keys().SealText(question, fmt.Sprintf("events/note/%d/%d", f.ID, ver))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Pool().Exec(t.Context(), `
		with f as (update filings set ver = $2 where id = $1 returning id, created_at)
		insert into events (filing, filed_at, ver, kind, actor, post, note) select id, created_at, $2, 'question', 'officer', $3, $4 from f`,
		f.ID, ver, post.ID, note)
	if err != nil {
		t.Fatal(err)
	}
}

// TestTipsAreOff offers none where there is no place for their dialogs.
func TestTipsAreOff(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, time.Now)
	engine.Secret = nil
	c := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: "1"}}
	c.say("मेनू")
	for _, o := range c.last.Options {
		if strings.Contains(o.Label, "गोपनीय") {
			t.Error("a tip is offered")
		}
	}
	c.say("गोपनीय सूचना")
	c.wants("यह सेवा अभी यहाँ नहीं मिलती")
}
