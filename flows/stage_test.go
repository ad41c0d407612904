package flows_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/flows"
	"nagrik/flows/desk"
	"nagrik/locales"
	"nagrik/store"
)

// stage is a world in which what is due without anybody's asking is done too: notices arrive in everybody's chats, and
// check-ins take their steps by the transcript's clock.
type stage struct {
	t       *testing.T
	store   *store.Store
	sender  *desk.Sender
	asks    *flows.Asks
	channel *captured
	media   bot.Media
	records int // added so far
}

func newStage(t *testing.T, now func() time.Time) bottest.Stage {
	t.Helper()
	// A moment more, since a transaction's clock stands still from its beginning, before this is asked.
	ahead := func() time.Duration { return time.Until(now()) + time.Second }
	s := flows.OpenStore(t, store.Options{Conns: 4, JobConns: 2, Ahead: ahead})
	_, engine := flows.ServicesOn(t, s, now)
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	directory, err := s.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := &stage{t: t, store: s, channel: &captured{}, media: engine.Media, asks: &flows.Asks{Store: s, Texts: texts, Services: engine.Services}}
	photo := func(context.Context, string) (string, []byte, error) { return "image/jpeg", []byte("jpeg"), nil }
	office := &desk.Desk{
		Store: s, Texts: texts, Places: flows.NewStations(directory), Channels: map[string]bot.Channel{"telegram": w.channel},
		Files:    desk.Files{Display: photo, Original: photo},
		Sign:     func(parts ...string) []byte { return s.Keys().MAC("desk", parts...) },
		Limit:    func(context.Context, desk.Rate, ...string) (time.Duration, error) { return 0, nil },
		Username: func() string { return "" },
	}
	w.sender = &desk.Sender{Desk: office, Now: now}
	return bottest.Stage{Handle: office.Route(w.asks.Route(engine.Handle)), Due: w.due, Next: w.next, Do: w.do}
}

// due takes the steps of check-ins and sends the notices, until there is nothing more to do.
func (w *stage) due() []bottest.Sent {
	w.t.Helper()
	ctx := context.Background()
	for range 20 {
		if err := w.store.CheckIn(ctx); err != nil {
			w.t.Fatal(err)
		}
		// Receipts have a test of their own: see TestEveryReceipt.
		rows, _ := w.store.Pool().Query(ctx,
			`select id from notices where state = 'pending' and next_at <= now() and kind <> 'receipt' order by id`)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			w.t.Fatal(err)
		}
		for _, id := range ids {
			if err := w.sender.Deliver(ctx, id); err != nil {
				w.t.Fatal(err)
			}
		}
		if len(ids) == 0 {
			break
		}
	}
	if err := w.asks.Refresh(ctx); err != nil {
		w.t.Fatal(err)
	}
	sent := w.channel.sent
	w.channel.sent = nil
	return sent
}

func (w *stage) next() (time.Time, bool) {
	w.t.Helper()
	var at *time.Time
	if err := w.store.Pool().QueryRow(context.Background(), `select min(due_at) from checkins`).Scan(&at); err != nil {
		w.t.Fatal(err)
	}
	if at == nil {
		return time.Time{}, false
	}
	return at.In(bottest.India), true
}

// do does the settings of this stage: "थाना 5117065" gives the station's officer a post there, "गश्त" has the officer go to
// the house of the newest filing and send a photo, "सहमति हाँ" has the officer note the elder's yes, "FIR परिवार 123/2025 5140003
// BNS 303(2)" has a complaint of somebody's registered there, "रिकॉर्ड wanted …" adds a record (see recordOf),
// and "हटाएँ" takes the newest one back.
func (w *stage) do(words string) error {
	ctx := context.Background()
	what, about, _ := strings.Cut(words, " ")
	switch what {
	case "थाना":
		code, err := w.store.Invite(ctx, store.Seat{Role: store.SHO, Station: about}, "test")
		if err == nil {
			chat := bottest.People["थाना"].Chat
			_, err = w.store.Redeem(ctx, code, "telegram", chat, chat, "दारोगा")
		}
		return err
	case "FIR":
		return w.fir(ctx, strings.SplitN(about, " ", 4))
	case "गश्त", "सहमति":
		return w.visit(ctx, what == "सहमति", about == "हाँ")
	case "रिकॉर्ड":
		return w.record(ctx, about)
	case "हटाएँ":
		return w.withdraw(ctx)
	}
	return errors.New("there is no such setting")
}

// fir registers a complaint of somebody's.
func (w *stage) fir(ctx context.Context, of []string) error {
	who, station := bottest.People[of[0]], of[2]
	if err := w.do("थाना " + station); err != nil {
		return err
	}
	citizen, err := w.store.Verify(ctx, "telegram", who.Chat, who.Phone)
	if err != nil {
		return err
	}
	content, err := json.Marshal(map[string]any{"answers": []bot.Shown{
		{Key: "name", Label: "नाम", Value: "सुनीता देवी"},
		{Key: "address", Label: "पता", Value: "वार्ड 4, अररिया"},
		{Key: "details", Label: "क्या हुआ", Value: "बाज़ार में मोबाइल छीनकर भाग गए। मेरा नंबर 98765 43210 था।"},
		{Key: "witness.1.name", Label: "गवाह", Value: "मोहन लाल"},
	}})
	if err != nil {
		return err
	}
	filed, err := w.store.File(ctx, store.NewFiling{
		Dialog: "fir " + of[1] + station, Service: "complaint", Prefix: "SH", Citizen: citizen, Channel: "telegram", Chat: who.Chat, Lang: "hi", Station: station,
		Applicant: store.Profile{Name: "सुनीता देवी", Phone: who.Phone, Address: "वार्ड 4, अररिया"}, Details: content, Confirmed: true,
	})
	if err != nil {
		return err
	}
	number, year, _ := strings.Cut(of[1], "/")
	fir := &store.NewFIR{Sections: of[3], On: time.Date(2025, 12, 5, 0, 0, 0, 0, time.UTC), Restricted: strings.Contains(of[3], "POCSO")}
	fir.Number, _ = strconv.Atoi(number)
	fir.Year, _ = strconv.Atoi(year)
	act, err := w.store.Act(ctx, "telegram", bottest.People["थाना"].Chat, store.Step{Action: store.ActRegister, Filing: filed.ID, Note: "FIR " + of[1], FIR: fir})
	if err == nil && act.Outcome != store.Done {
		err = fmt.Errorf("the officer is told %s", act.Outcome)
	}
	if err == nil { // what follows of it has tests of its own
		_, err = w.store.Pool().Exec(ctx, `update notices set state = 'failed', reason = 'ended' where filing = $1 and state in ('pending', 'waiting')`, filed.ID)
	}
	return err
}

func (w *stage) visit(ctx context.Context, consent, given bool) error {
	var filing int64
	if err := w.store.Pool().QueryRow(ctx, `select max(id) from filings`).Scan(&filing); err != nil {
		return err
	}
	photo := store.Media{ID: "visit", SHA256: make([]byte, 32), Kind: "photo", MIME: "image/jpeg", Size: 4, ReceivedAt: time.Now()}
	step := store.Step{Action: store.ActVisit, Filing: filing, Note: "सब ठीक – ताला लगा है।", Media: []store.Media{photo}}
	switch {
	case consent && given:
		step = store.Step{Action: store.ActConsent, Filing: filing}
	case consent:
		step = store.Step{Action: store.ActRefuse, Filing: filing}
	}
	act, err := w.store.Act(ctx, "telegram", bottest.People["थाना"].Chat, step)
	if err == nil && act.Outcome != store.Done {
		err = fmt.Errorf("the officer is told %s", act.Outcome)
	}
	return err
}

// captured is a channel that keeps what is sent.
type captured struct{ sent []bottest.Sent }

func (c *captured) Name() string { return "telegram" }

func (c *captured) Limits() bot.Limits { return flows.Limits["telegram"] }

func (c *captured) Send(_ context.Context, to bot.Chat, r bot.Rendered) (string, error) {
	if r.Replace == "" { // a card that is only brought up to date is no message
		c.sent = append(c.sent, bottest.Sent{Chat: to.ID, Rendered: r})
		return fmt.Sprint(len(c.sent), to.ID), nil
	}
	return r.Replace, nil
}

func TestTranscripts(t *testing.T) {
	t.Parallel()
	bottest.Play(t, "testdata", flows.Limits, newStage)
}
