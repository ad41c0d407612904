package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"regexp"
	"strings"
	"testing"
	"time"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

// tipsters are the people who give tips, by the ways in which they do it.
const (
	plainly   = iota // answers and sends
	withPhoto        // whose camera writes into it where it stands
	withVoice        // after the warning
	comesBack        // with the code, to add something and claim the reward
	givesUp          // half-way
	isKnown          // has verified the phone before, and goes on with it afterwards
	byWeb            // without a word to the bot before
	byWebMenu        // from the menu
	seeks            // somebody in the list of the wanted, by name, and tells of who stands there
	looks            // through that list, from the menu
	seeksByWeb
	tipsterWays = 11
)

// onWeb says whether the tipster talks in the web chat.
func (t *tipster) onWeb() bool { return t.way == byWeb || t.way == byWebMenu || t.way == seeksByWeb }

// ofWanted says whether the tip is about a wanted person.
func (t *tipster) ofWanted() bool { return t.way == seeks || t.way == looks || t.way == seeksByWeb }

// wantedPerson is who stands in the list of the wanted.
const wantedPerson = "सुरेश पासवान"

// nobody is a name that only this tipster looks for, in vain: letters only, as names are.
func (t *tipster) nobody() string {
	digits := strings.NewReplacer("0", "a", "1", "b", "2", "d", "3", "e", "4", "g", "5", "k", "6", "m", "7", "n", "8", "r", "9", "t")
	return "Zqseek" + digits.Replace(fmt.Sprintf("%06d", t.n)) + "qz"
}

// tipster is somebody who must stay unknown.
type tipster struct {
	w   *town
	n   int
	way int

	person *telegramtest.Person
	photo  []byte
	web    *visitor
	ip     string
	token  string // the web session's
	codes  []string
}

// token makes the n-th of some made-up words, which are nowhere by chance.
func canary(kind string, n int) string { return fmt.Sprintf("Zq%s%06dqZ", kind, n) }

func newTipster(w *town, n int) *tipster {
	t := &tipster{w: w, n: n, way: n % tipsterWays, ip: fmt.Sprintf("127.%d.%d.%d", 101+n/40000, 1+n/200%200, 2+n%200)}
	if !t.onWeb() {
		t.person = w.telegram.Person(700_912_000_000+int64(n)*7919, canary("Name", n))
		t.person.Username, t.person.Phone = canary("User", n), fmt.Sprintf("9197%08d", 31_000_000+n*1013)
	}
	return t
}

// words are what a tipster tells. One of them is a word of nobody else's.
func (t *tipster) words() string {
	return fmt.Sprintf("नहर के पास %s नाम का आदमी रात में देसी शराब बेचता है।", canary("Text", t.n))
}

// stations are where the tips go: only the first has officers here, whom a thousand cards would keep busy.
var stations = []string{
	"गांधी मैदान, पटना", "कंकड़बाग, पटना", "कदमकुआं, पटना", "आलमगंज, पटना", "बिक्रम, पटना", "खगौल, पटना", "फुलवारी शरीफ, पटना", "दानापुर, पटना", "बिहटा, पटना", "मनेर, पटना",
}

var shownCode = regexp.MustCompile(`[0-9]{4}(?: [0-9]{4}){4}`)

// exif is a picture that tells of its camera.
func (t *tipster) exif() []byte {
	var b bytes.Buffer
	picture := image.NewGray(image.Rect(0, 0, 48, 32))
	picture.Pix[t.n%len(picture.Pix)], picture.Pix[(t.n*7+1)%len(picture.Pix)] = 255, 200
	_ = jpeg.Encode(&b, picture, nil) // to memory
	app1 := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00GPS " + canary("Exif", t.n)
	return bytes.Join([][]byte{b.Bytes()[:2], {0xff, 0xe1, 0, byte(len(app1) + 2)}, []byte(app1), b.Bytes()[2:]}, nil)
}

// ogg is a voice note that tells of its recorder.
func (t *tipster) ogg() []byte {
	var b bytes.Buffer
	tags := "OpusTags\x00\x00\x00\x00\x01\x00\x00\x00" + string([]byte{byte(len(canary("Exif", t.n))), 0, 0, 0}) + canary("Exif", t.n)
	for i, packet := range []string{"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00", tags, fmt.Sprintf("sound %d", t.n)} {
		page := append([]byte("OggS\x00\x00"), make([]byte, 20)...)
		if i == 0 {
			page[5] = 2
		}
		b.Write(append(append(page, 1, byte(len(packet))), packet...))
	}
	return b.Bytes()
}

// step is what the bot says, and what the tipster does then.
type tipStep struct {
	hears string
	does  func() error
}

func (t *tipster) say(text string) func() error {
	return func() error {
		t.person.Say(text)
		return nil
	}
}

func (t *tipster) press(text string) func() error {
	label, _ := t.w.texts.Text("hi", text, nil)
	return func() error {
		_, err := t.person.Press(label)
		return err
	}
}

// talk goes through steps and returns what the bot says last. Where a secret dialog ends, it waits for the
// menu and not for the words before it: after a kill the message comes again, and finds the dialog gone.
func (t *tipster) talk(ctx context.Context, steps []tipStep) (telegramtest.Message, error) {
	var last telegramtest.Message
	for _, s := range steps {
		if s.hears != "" {
			words, known := t.w.texts.Text("hi", s.hears, map[string]any{"About": t.ofWanted()})
			if !known {
				words = s.hears
			}
			waiting, cancel := context.WithTimeout(ctx, 2*patient)
			m, err := t.person.Wait(waiting, words)
			cancel()
			if err != nil {
				return last, fmt.Errorf("tipster %d, way %d: %w", t.n, t.way, err)
			}
			last = m
		}
		if s.does != nil {
			if err := s.does(); err != nil {
				return last, fmt.Errorf("tipster %d, way %d: %w, after %q", t.n, t.way, err, last.Text)
			}
		}
	}
	return last, nil
}

// give gives a tip, and does with it what this tipster does.
func (t *tipster) give(ctx context.Context) error {
	if t.person == nil {
		return t.giveByWeb()
	}
	if t.way == isKnown {
		if _, err := t.talk(ctx, []tipStep{
			{"", t.say("मेरे आवेदन")},
			{"common.phone", func() error { t.person.ShareContact(); return nil }},
			{"my_filings.none", nil},
		}); err != nil {
			return err
		}
	}
	details := []tipStep{{"tip.details", t.say(t.words())}}
	if t.way == withVoice {
		voice := func() error { t.person.SendVoice(t.ogg(), 3); return nil }
		details = []tipStep{{"tip.details", voice}, {"engine.confirm.voice", t.press("engine.confirm.voice.yes")}, {"engine.voice_again", voice}}
	}
	photos := []tipStep{{"tip.photos", t.press("engine.way.skip")}}
	if t.way == withPhoto || t.way == isKnown || t.way == looks {
		t.photo = t.exif()
		photos = []tipStep{
			{"tip.photos", func() error { t.person.SendPhoto(t.photo); return nil }},
			{"engine.more_photos", t.press("engine.way.done")},
		}
	}
	review := "engine.review"
	steps := []tipStep{
		{"", t.say("गुप्त सूचना देनी है")},
		{"tip.begin", t.press("tip.begin.new")},
		{"tip.category", t.press("tip.category.liquor")},
	}
	if t.ofWanted() {
		steps, review = t.pickWanted(), "किसके बारे में: "+wantedPerson
	}
	steps = append(steps, tipStep{"tip.danger", t.press("engine.no")})
	steps = append(steps, details...)
	steps = append(steps,
		tipStep{"tip.when", t.press("engine.way.skip")},
		tipStep{"tip.place", t.say("नहर के पास वाला बगीचा " + canary("Text", t.n))},
		tipStep{"tip.station", t.say(stations[t.n/tipsterWays%len(stations)])},
	)
	steps = append(steps, photos...)
	if t.way == givesUp {
		_, err := t.talk(ctx, append(steps, tipStep{"tip.reward", t.say("रद्द")}, tipStep{"मिट जाएगा", t.press("engine.confirm.cancel.yes")}, tipStep{"engine.menu", nil}))
		return err
	}
	filed, err := t.talk(ctx, append(steps, tipStep{"tip.reward", t.press("engine.yes")}, tipStep{review, t.press("engine.way.file")}, tipStep{"आपका कोड:", nil}))
	if err != nil {
		return err
	}
	t.codes = shownCode.FindAllString(filed.Text, 1)
	if t.way == comesBack {
		return t.comeBack(ctx)
	}
	return nil
}

// pickWanted opens the wanted person from the list, and begins to tell of them.
func (t *tipster) pickWanted() []tipStep {
	opened := tipStep{"⚠️ इन्हें ख़ुद रोकने", t.press("wanted.what.tell")}
	if t.way == looks {
		return []tipStep{
			{"", t.say("मेनू")},
			{"engine.menu", t.press("menu.lists")},
			{"menu.lists.choose", t.press("menu.wanted")},
			{"wanted.by", t.press("wanted.by.newest")},
			{"1. " + wantedPerson, func() error { _, err := t.person.Press("1. " + wantedPerson); return err }},
			opened,
		}
	}
	return []tipStep{
		{"", t.say("इनामी बदमाश")},
		{"wanted.by", t.say(t.nobody())},
		{"engine.menu", t.say("इनामी बदमाश")}, // nobody was found
		{"wanted.by", t.say("suresh pasvan")},
		{"1. " + wantedPerson, t.say("1")},
		opened,
	}
}

// comeBack adds to the tip by its code, and claims the reward.
func (t *tipster) comeBack(ctx context.Context) error {
	again := func() []tipStep {
		return []tipStep{
			{"", t.say("गुप्त सूचना")},
			{"tip.begin", t.press("tip.begin.code")},
			{"tip_code.code.example", t.say(strings.ReplaceAll(t.codes[0], " ", "-"))},
		}
	}
	t.photo = t.exif()
	if _, err := t.talk(ctx, append(again(),
		tipStep{"आपकी सूचना", t.press("tip_code.action.add")},
		tipStep{"tip_code.addition", t.say("अब वे दो बजे आते हैं, " + canary("Text", t.n))},
		tipStep{"tip_code.photos", func() error { t.person.SendPhoto(t.photo); return nil }},
		tipStep{"engine.more_photos", t.press("engine.way.done")},
		tipStep{"engine.menu", nil},
	)); err != nil {
		return err
	}
	_, err := t.talk(ctx, append(again(),
		tipStep{"आपने और बताया", t.press("tip_code.action.reward")},
		tipStep{"tip_code.reward", t.press("engine.yes")},
		tipStep{"engine.menu", nil},
	))
	return err
}

// giveByWeb gives a tip in the web chat, without scripts.
func (t *tipster) giveByWeb() error {
	v := newVisitorFrom(t.w.t, t.w.program, t.ip, canary("Agent", t.n))
	t.web, t.token = v, v.session()
	switch t.way {
	case byWebMenu:
		v.say("मेनू", "गोपनीय सूचना", "नई सूचना")
		v.tap("शराब")
	case seeksByWeb:
		v.say("इनामी बदमाश", t.nobody(), "इनामी बदमाश", "suresh pasvan")
		v.tap("1. " + wantedPerson)
		v.tap("इनके बारे में बताएँ")
	default:
		v.say("गुप्त सूचना देनी है", "नई सूचना")
		v.tap("शराब")
	}
	v.tap("नहीं")
	v.say(t.words())
	v.tap("छोड़ें")
	v.say("नहर के पास वाला बगीचा "+canary("Text", t.n), stations[t.n/tipsterWays%len(stations)])
	t.photo = t.exif()
	v.post(map[string]string{"name": canary("File", t.n) + ".jpg"}, t.photo)
	v.tap("हो गया")
	v.tap("हाँ")
	if t.ofWanted() && !strings.Contains(v.page, "किसके बारे में: "+wantedPerson) {
		return fmt.Errorf("tipster %d: the review does not say whom the tip is about: %s", t.n, v.page)
	}
	v.tap("जमा करें")
	if t.codes = shownCode.FindAllString(v.page, -1); len(t.codes) == 0 || !strings.Contains(v.page, "पहुँच गई") {
		return fmt.Errorf("tipster %d: the page at the end is %s", t.n, v.page)
	}
	return nil
}

// identities adds to a hunt all that a tipster can be known by: what the person is, and what the network
// said of each message.
func (t *tipster) identities(h *hunt, bodies map[int64][][]byte) {
	who := fmt.Sprintf("tipster %d, way %d:", t.n, t.way)
	h.add(who+" words", canary("Text", t.n))
	if t.way == seeks || t.way == seeksByWeb {
		h.add(who+" a name looked for", t.nobody())
	}
	for _, code := range t.codes {
		parsed, _ := store.ParseClaimCode(code)
		h.add(who+" claim code", parsed)
		h.add(who+" claim code", code)
	}
	if t.photo != nil || t.way == withVoice {
		h.add(who+" the file's metadata", canary("Exif", t.n))
	}
	if t.photo != nil {
		sum := sha256.Sum256(t.photo)
		h.hash(who+" the photo's SHA-256", sum[:])
		h.hash(who+" the photo's id", sum[:16])
	}
	if t.web != nil {
		h.add(who+" address", t.ip)
		h.add(who+" browser", canary("Agent", t.n))
		h.add(who+" file name", canary("File", t.n))
		h.add(who+" session", t.token)
		if t.way != byWebMenu {
			h.add(who+" chat", webChat(t.token))
		}
		return
	}
	h.add(who+" id", fmt.Sprint(t.person.ID))
	h.add(who+" name", t.person.Name)
	h.add(who+" user name", t.person.Username)
	h.add(who+" phone", t.person.Phone)
	h.add(who+" phone", t.person.Phone[2:])
	for _, m := range t.person.Inbox() {
		h.add(who+" message to", fmt.Sprint(m.ID))
	}
	for _, body := range bodies[t.person.ID] {
		for what, id := range idsIn(body) {
			h.add(who+" "+what, id)
		}
	}
}

// webChat is the chat's id of a session in the web chat of the citizens.
func webChat(token string) string {
	raw, _ := decodeToken(token)
	sum := sha256.Sum256(append([]byte(webName+":"), raw...))
	return hex.EncodeToString(sum[:16])
}

// idsIn are the ids that Telegram put into an update, and the draft's that a button of a tip brought back.
func idsIn(body []byte) map[string]string {
	var u struct {
		ID      int64 `json:"update_id"`
		Message struct {
			ID    int64 `json:"message_id"`
			Photo []struct {
				ID     string `json:"file_id"`
				Unique string `json:"file_unique_id"`
			} `json:"photo"`
			Voice struct {
				ID string `json:"file_id"`
			} `json:"voice"`
		} `json:"message"`
		Tap struct {
			ID      string `json:"id"`
			Data    string `json:"data"`
			Message struct {
				ID int64 `json:"message_id"`
			} `json:"message"`
		} `json:"callback_query"`
	}
	_ = json.Unmarshal(body, &u) // ours
	ids := map[string]string{"update": fmt.Sprint(u.ID)}
	for what, n := range map[string]int64{"message": u.Message.ID, "message of a button": u.Tap.Message.ID} {
		if n != 0 {
			ids[what] = fmt.Sprint(n)
		}
	}
	for i, p := range u.Message.Photo {
		ids[fmt.Sprint("photo ", i)], ids[fmt.Sprint("photo's name ", i)] = p.ID, p.Unique
	}
	if u.Message.Voice.ID != "" {
		ids["voice"] = u.Message.Voice.ID
	}
	if u.Tap.ID != "" {
		ids["callback"] = u.Tap.ID
	}
	if draft, rest, ok := strings.Cut(strings.TrimPrefix(u.Tap.Data, "d."), "."); ok && (strings.HasPrefix(rest, "category=") || strings.HasPrefix(rest, "danger=")) {
		ids["draft"] = draft
	}
	return ids
}

// poison gives a tip whose photo can't be got from Telegram: it fails for a minute, is put aside, and the
// tip is given up.
func poison(ctx context.Context, w *town, chat int64) error {
	send := func(n int, content string) (status int) {
		body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1790000000,"chat":{"id":%d,"type":"private"},`+
			`"from":{"id":%d,"is_bot":false,"first_name":"Zqpoison%d"},%s}}`, chat*100+int64(n), chat*100+50+int64(n), chat, chat, chat, content)
		status, _ = w.post("POST", hookSecret, body)
		return status
	}
	lines := []string{
		"गुप्त सूचना देनी है", "नई सूचना", "शराब", "नहीं", "नहर के पास Zqpoisontext नाम का आदमी रात में शराब बेचता है।", "छोड़ें", "नहर के पास", "बिहटा, पटना",
	}
	for n, line := range lines {
		if status := send(n, `"text":"`+line+`"`); status != 200 {
			return fmt.Errorf("line %d was answered %d", n, status)
		}
	}
	photo := fmt.Sprintf(`"photo":[{"file_id":"Zqpoisonfile%d","file_unique_id":"Zqpoisonname%d","width":9,"height":9}]`, chat, chat)
	for begun := time.Now(); send(20, photo) != 200; {
		if time.Since(begun) > 100*time.Second {
			return fmt.Errorf("a photo that can't be got is still waited for after %v", time.Since(begun))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Second):
		}
	}
	for n, line := range []string{"रद्द", "हाँ"} {
		if status := send(30+n, `"text":"`+line+`"`); status != 200 {
			return fmt.Errorf("giving up was answered %d", status)
		}
	}
	return nil
}

func decodeToken(token string) ([]byte, error) { return tokenCoding.DecodeString(token) }

// fileComplaint is what an ordinary citizen does while the tips come in.
func fileComplaint(ctx context.Context, t testing.TB, w *town, n int) error {
	p := w.telegram.Person(800_912_000_000+int64(n)*7919, "साधारण नागरिक")
	c := &tipster{w: w, n: n, person: p}
	_, err := c.talk(ctx, []tipStep{
		{"", c.say("खोया सामान")},
		{"lost_property.how", c.press("lost_property.how.lost")},
		{"lost_property.article.kind", c.press("common.article.kind.mobile")},
		{"common.article.imei", c.press("engine.way.skip")},
	})
	if err != nil {
		return err
	}
	// In the middle of it a tip is begun and given up: the draft is set aside, and goes on.
	_, err = c.talk(ctx, []tipStep{
		{"common.article.sim", c.say("मेनू")},
		{"engine.menu", c.press("menu.tip")},
		{"tip.begin", c.press("tip.begin.new")},
		{"tip.category", c.press("tip.category.gambling")},
		{"tip.danger", c.say("रद्द")},
		{"मिट जाएगा", c.press("engine.confirm.cancel.yes")},
		{"engine.menu", c.press("menu.lost_property.resume")},
		{"common.article.sim", c.say("रद्द")},
		{"मिट जाएगा", c.press("engine.confirm.cancel.yes")},
		{"engine.menu", c.say("शिकायत")},
		{"complaint.category", c.press("complaint.category.assault")},
		{"complaint.danger", c.press("engine.no")},
		{"complaint.details", c.say(narrative)},
		{"complaint.when", c.say("कल शाम 5 बजे")},
		{"complaint.place", c.say("चौक के पास")},
		{"common.station", c.say(stations[1+n%9])},
		{"complaint.accused_known", c.press("engine.no")},
		{"complaint.witnesses", c.press("engine.no")},
		{"complaint.elsewhere", c.press("engine.way.skip")},
		{"complaint.photos", c.press("engine.way.skip")},
		{"common.phone", func() error { p.ShareContact(); return nil }},
		{"common.name", c.say("रामप्रवेश सिंह")},
		{"common.father", c.say("हरि सिंह")},
		{"common.address", c.say("मकान 71, नया टोला")},
		{"common.pin", c.say("800020")},
		{"common.tell_more", c.press("engine.no")},
		{"engine.review", c.press("engine.way.file")},
		{"SH", nil},
	})
	return err
}
