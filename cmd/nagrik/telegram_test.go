package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/locales"
)

// What the people of these tests say and are: none of it may show in a log or a metric.
const (
	citizenID, officerID, groupID = 700100200300, 700100200400, -700100200500
	citizenPhone                  = "919876501234"
	citizenName                   = "कनारी देवी"
	fatherName                    = "कनारीलाल सिंह"
	address                       = "मकान 71, कनारीटोला, डाकघर कंकड़बाग"
	narrative                     = "पड़ोसी ने खेत की मेड़ पर झगड़ा किया और लाठी से मेरा हाथ तोड़ दिया।"
	officerName                   = "अफ़सर कनारीनाथ"
	hookSecret                    = "hook-secret-canary"
	gandhiMaidan                  = "5117028"
)

var canaries = []string{
	"कनारी", "लाठी", "700100200", "9876501234", "98765", hookSecret, "telegramtest", "25.6152", "85.1485",
}

// town is a Telegram with the people of a story, and the program that serves them.
type town struct {
	t        *testing.T
	texts    *locales.Texts
	telegram *telegramtest.Server
	env      []string
	program  *program
	logs     []string // of programs that ended

	citizen, officer *telegramtest.Person
	group            *telegramtest.Group
}

func newTown(t *testing.T, settings ...string) *town {
	t.Helper()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	// A group's minute passes in a second.
	server, err := telegramtest.Start(telegramtest.Config{Speed: 60})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	w := &town{
		t: t, texts: texts, telegram: server, citizen: server.Person(citizenID, citizenName), officer: server.Person(officerID, officerName),
		group: server.Group(groupID, "गांधी मैदान थाना"),
	}
	w.citizen.Phone = citizenPhone
	w.env = append(configured(t), "LOG_LEVEL=debug", "TELEGRAM_TOKEN="+server.Token(), "TELEGRAM_API_URL="+server.URL)
	w.env = append(w.env, settings...)
	w.program = serve(t, w.env)
	return w
}

// restart stops the program as a release does and starts it again.
func (w *town) restart() {
	w.t.Helper()
	w.program.stop()
	w.logs = append(w.logs, w.program.log.String(), w.program.stdout.String())
	w.program = serve(w.t, w.env)
}

// text is a text of the catalogue.
func (w *town) text(id string) string {
	w.t.Helper()
	text, ok := w.texts.Text("hi", id, nil)
	if !ok {
		w.t.Fatalf("no text %s", id)
	}
	return text
}

// listener is a person or a group.
type listener interface {
	Wait(ctx context.Context, text string) (telegramtest.Message, error)
}

// hears waits until a chat gets a message with these words.
func (w *town) hears(l listener, words string) telegramtest.Message {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patient)
	defer cancel()
	m, err := l.Wait(ctx, words)
	if err != nil {
		w.t.Fatalf("waiting for %q: %v", words, err)
	}
	return m
}

// press has the citizen press the button with a text of the catalogue.
func (w *town) press(id string) {
	w.t.Helper()
	if _, err := w.citizen.Press(w.text(id)); err != nil {
		w.t.Fatal(err)
	}
}

// An answer of the citizen's, and the text of the question that it is for.
type answer struct {
	question string
	give     func()
}

func (w *town) say(text string) func() { return func() { w.citizen.Say(text) } }

func (w *town) tap(id string) func() {
	return func() {
		w.t.Helper()
		w.press(id)
	}
}

// tell answers questions in their order.
func (w *town) tell(answers []answer) {
	w.t.Helper()
	for _, a := range answers {
		w.hears(w.citizen, w.text(a.question))
		a.give()
	}
}

// The first and the second half of a complaint.
func (w *town) begin() []answer {
	return []answer{
		{"engine.menu", w.tap("menu.complaint")},
		{"complaint.category", w.tap("complaint.category.assault")},
		{"complaint.danger", w.tap("engine.no")},
		{"complaint.details", w.say(narrative)},
		{"complaint.when", w.say("कल शाम 5 बजे")},
		{"complaint.place", func() { w.citizen.SharePlace(25.6152, 85.1485) }},
		{"engine.nearest", w.say("गांधी मैदान, पटना")},
	}
}

func (w *town) end() []answer {
	return []answer{
		{"complaint.accused_known", w.tap("engine.no")},
		{"complaint.witnesses", w.tap("engine.no")},
		{"complaint.elsewhere", w.tap("engine.way.skip")},
		{"complaint.photos", func() { w.citizen.SendPhoto(photo(w.t)) }},
		{"engine.more_photos", w.tap("engine.way.done")},
		{"common.phone", func() { w.citizen.ShareContact() }},
		{"common.name", w.say(citizenName)},
		{"common.father", w.say(fatherName)},
		{"common.address", w.say(address)},
		{"common.pin", w.say("८०००२०")},
		{"common.tell_more", w.tap("engine.no")},
		{"engine.review", w.tap("engine.way.file")},
	}
}

var filedNumber = regexp.MustCompile(`SH[0-9 ]+[0-9]`)

// A whole complaint: an officer is invited and binds the station's group, a citizen complains with
// place, photo and contact while the program is replaced in the middle, the receipt comes unasked, the
// card comes to the group, the officer acknowledges, and the citizen hears of it. No log and no metric tells of anybody.
func TestComplaint(t *testing.T) {
	t.Parallel()
	for mode, settings := range map[string][]string{
		"webhook": {"TELEGRAM_WEBHOOK_SECRET=" + hookSecret}, "polling": nil,
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, settings...)
			w.bindStation()

			w.citizen.Say("/start")
			w.tell(w.begin())
			w.hears(w.citizen, w.text("complaint.accused_known"))
			w.restart()
			w.citizen.Say("नमस्ते")
			w.hears(w.citizen, "अधूरा") // is the draft to go on?
			w.press("engine.confirm.go_on")
			w.tell(w.end())
			filed := w.hears(w.citizen, "आपकी शिकायत दर्ज हो गई")
			number := filedNumber.FindString(filed.Text)
			if number == "" {
				t.Fatalf("no number in %q", filed.Text)
			}
			w.checkReceipt(number)

			card := w.hears(w.group, number)
			for _, private := range []string{citizenName, "लाठी", "98765", "कनारीटोला"} {
				if strings.Contains(card.Text, private) {
					t.Errorf("the card in the group says %q", private)
				}
			}
			if _, err := w.group.Press(w.officer, w.text("desk.action.acknowledge")); err != nil {
				t.Fatal(err)
			}
			w.hears(w.citizen, w.text("notices.status.acknowledged"))
			w.checkMetrics()
			w.checkLogs()
		})
	}
}

// checkAddress is where a paper's QR code leads, as its link in the file has it.
var checkAddress = regexp.MustCompile(`/URI <([0-9a-f]+)>`)

// checkReceipt waits for the receipt of a filing, and follows its QR code.
func (w *town) checkReceipt(number string) {
	w.t.Helper()
	var receipts []telegramtest.Message
	w.program.eventually("the receipt", func() bool {
		receipts = slices.DeleteFunc(w.citizen.Inbox(), func(m telegramtest.Message) bool { return len(m.Files) == 0 })
		return len(receipts) > 0
	})
	file := receipts[0].Files[0]
	if !strings.Contains(receipts[0].Text, number) || file.Name != strings.ReplaceAll(number, " ", "")+".pdf" || !bytes.HasPrefix(file.Data, []byte("%PDF-")) {
		w.t.Fatalf("the receipt is %q with the file %s", receipts[0].Text, file.Name)
	}
	found := checkAddress.FindSubmatch(file.Data)
	if found == nil {
		w.t.Fatal("the receipt has no address to check it at")
	}
	address, err := hex.DecodeString(string(found[1]))
	if err != nil {
		w.t.Fatal(err)
	}
	if status, page := w.program.get(string(address)); status != http.StatusOK || !strings.Contains(page, w.text("paper.verify.genuine")) || !strings.Contains(page, number) {
		w.t.Errorf("the receipt's check answers %d", status)
	}
}

// A turn that is in hand when the program is told to stop is finished: its update is accepted, and its
// reply arrives once.
func TestStopWithTurnInHand(t *testing.T) {
	t.Parallel()
	for mode, settings := range map[string][]string{
		"webhook": {"TELEGRAM_WEBHOOK_SECRET=" + hookSecret}, "polling": nil,
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, settings...)
			w.citizen.Say("/start")
			w.tell(w.begin())
			w.tell(w.end()[:3])
			w.hears(w.citizen, w.text("complaint.photos"))
			w.telegram.Change(func(c *telegramtest.Config) { c.Latency = time.Second })
			update := w.citizen.SendPhoto(photo(t)) // which the program now fetches, slowly
			w.program.eventually("fetching the photo", func() bool { return w.telegram.Count("getfile") > 0 })
			w.program.stop()
			delivery, ok := w.telegram.Delivery(update)
			if !ok || delivery.Accepted.IsZero() || len(delivery.Attempts) > 1 {
				t.Errorf("the update was not accepted at once: %+v", delivery)
			}
			told := 0
			for _, m := range w.citizen.Inbox() {
				if strings.Contains(m.Text, w.text("engine.more_photos")) {
					told++
				}
			}
			if told != 1 {
				t.Errorf("the citizen got %d replies", told)
			}
		})
	}
}

// bindStation invites the officer by the command line, and binds the station's group.
func (w *town) bindStation() {
	w.t.Helper()
	out := must(w.t, w.env, "officer", "invite", "--station", gandhiMaidan, "--role", "sho")
	_, word, ok := strings.Cut(strings.TrimSpace(findLine(out, "telegram:")), "?start=")
	if !ok {
		w.t.Fatalf("no link to Telegram in %q", out)
	}
	w.officer.Say("/start " + word)
	w.hears(w.officer, "गांधी मैदान")
	out = must(w.t, w.env, "officer", "invite", "--station", gandhiMaidan, "--group")
	_, word, _ = strings.Cut(strings.TrimSpace(findLine(out, "telegram:")), "?startgroup=")
	w.group.Say(w.officer, "/start@nagrik_test_bot "+word)
	w.hears(w.group, "गांधी मैदान")
	if list := must(w.t, w.env, "officer", "list"); !strings.Contains(list, gandhiMaidan) {
		w.t.Errorf("officer list printed %q", list)
	}
}

// findLine is the line that begins with a word, without the word.
func findLine(text, word string) string {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, word); ok {
			return rest
		}
	}
	return ""
}

// checkMetrics looks for the numbers that a story must have left.
func (w *town) checkMetrics() {
	w.t.Helper()
	// What was sent is counted once that is written down: a moment after it arrived.
	for _, want := range []string{
		`nagrik_turns_total{channel="telegram",kind="contact",outcome="answered"} `, `nagrik_turn_seconds_count{channel="telegram"} `,
		`nagrik_effects_total{effect="verified"} `, `nagrik_notices_total{kind="card",outcome="sent"} `, `nagrik_notices_total{kind="receipt",outcome="sent"} `,
		`nagrik_officer_actions_total{action="acknowledge",outcome="done"} `, `nagrik_redis_trips_total `, `nagrik_jobs{state="available"} `,
	} {
		w.program.eventually("the metric "+want, func() bool {
			_, metrics := w.program.get(w.program.admin + "/metrics")
			return strings.Contains(metrics, want)
		})
	}
}

// logTime is when a line was logged: one of its nanoseconds may look like a piece of a phone's number.
var logTime = regexp.MustCompile(`"time":"[^"]*"`)

// checkLogs stops the program and searches its logs, metrics and stacks for everything that the people
// were and said, and for secrets.
func (w *town) checkLogs() {
	w.t.Helper()
	_, metrics := w.program.get(w.program.admin + "/metrics")
	_, stacks := w.program.get(w.program.admin + "/debug/pprof/goroutine?debug=2")
	w.program.stop()
	all := strings.Join(append(w.logs, metrics, stacks, w.program.log.String(), w.program.stdout.String()), "\n")
	if !strings.Contains(all, "serving") {
		w.t.Error("there is no log to search")
	}
	all = logTime.ReplaceAllString(all, "")
	for _, canary := range append(canaries, strconv.Itoa(citizenID), strconv.Itoa(officerID), strconv.Itoa(groupID)) {
		if i := strings.Index(all, canary); i >= 0 {
			w.t.Errorf("%q shows: %q", canary, all[max(0, i-200):min(len(all), i+200)])
		}
	}
}

// photo is a small picture.
func photo(t *testing.T) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			picture.Set(x, y, color.RGBA{uint8(4 * x), uint8(5 * y), 99, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
