package desk_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"nagrik/bot"
	"nagrik/flows/desk"
	"nagrik/store"
	"nagrik/store/dialogs"
	"nagrik/store/embedded/testdb"
)

// acknowledged is a filing that the station has acknowledged; the citizen is not told yet.
func (w *town) acknowledged(change func(*store.NewFiling)) (n store.NewFiling, filed store.Filed) {
	w.t.Helper()
	sho := w.officer(store.SHO, araria)
	n = w.complaint()
	if change != nil {
		change(&n)
	}
	filed = w.files(n)
	w.deliver()
	w.taps(sho, sho, "स्वीकार")
	return n, filed
}

func TestTheCitizenIsToldInTheirLanguage(t *testing.T) {
	w := newTown(t)
	hindi, filed := w.acknowledged(nil)
	w.deliver()
	mustSay(t, "Hindi", w.channel.all(hindi.Chat), "✅ थाने ने आपका आवेदन देख लिया है।", "शिकायत", spaced(filed.Number), "थाना: अररिया, अररिया",
		"हस्ताक्षर", "3 दिन", "[मेरे आवेदन]")
	english, filed := w.acknowledged(func(n *store.NewFiling) {
		w.ok(w.Store.SetLanguage(w.ctx, "telegram", n.Chat, "en"))
		n.Service, n.Prefix = "lost_property", "KS"
	})
	w.deliver()
	mustSay(t, "English", w.channel.all(english.Chat), "The police station has seen your application", "Lost", spaced(filed.Number),
		"Police station: Araria, Araria", "news of your things", "[My applications]")
	mustNotSay(t, "English", w.channel.all(english.Chat), "थान")
	for _, chat := range []string{hindi.Chat, english.Chat} {
		mustNotSay(t, "the news", w.channel.all(chat), applicant, shown, "notices.", "menu.")
		number := one[string](w, `select number from filings where chat = $1`, w.Store.Keys().Index("chat/telegram", chat))
		if tap := w.button(w.channel.last(chat).Rendered, "").Data; tap != bot.StartTap("my_filings", "number", number) {
			t.Errorf("the button is %q", tap)
		}
	}
}

func TestACitizenWhoBlockedTheBot(t *testing.T) {
	w := newTown(t)
	n, _ := w.acknowledged(nil)
	w.channel.refuse(n.Chat, &bot.SendError{Reason: bot.ReasonBlocked})
	w.deliver()
	if got := one[string](w, `select state || ' ' || reason from notices where kind = 'status'`); got != "waiting blocked" {
		t.Errorf("the notice is %s", got)
	}
	// The citizen comes back from another chat.
	profile, err := w.Store.Profile(w.ctx, n.Citizen)
	w.ok(err)
	_, err = w.Store.Verify(w.ctx, "telegram", "new chat", profile.Phone)
	w.ok(err)
	w.deliver()
	mustSay(t, "the new chat", w.channel.all("new chat"), "थाने ने आपका आवेदन देख लिया है")
}

func TestAnOfficerWhoBlockedTheBot(t *testing.T) {
	w := newTown(t)
	sho, sp := w.officer(store.SHO, araria), w.officer(store.SP, "")
	w.channel.refuse(sho, &bot.SendError{Reason: bot.ReasonBlocked})
	filed := w.files(w.complaint())
	w.deliver()
	mustSay(t, "the SP's card", w.channel.all(sp), spaced(filed.Number))
	// And one whose chat says so itself.
	w2 := w.files(w.complaint())
	w.gets(bot.Message{Chat: bot.Chat{ID: sp}, Sender: sp, Event: bot.Blocked})
	w.deliver()
	mustNotSay(t, "the SP's chat", w.channel.all(sp), spaced(w2.Number))
	if waiting := one[int](w, `select count(*) from notices where state = 'waiting' and kind = 'card'`); waiting != 2 {
		t.Errorf("%d cards wait, want 2", waiting)
	}
}

func TestAnOfficerWhoComesBackGetsWhatWaited(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	w.gets(bot.Message{Chat: bot.Chat{ID: sho}, Sender: sho, Event: bot.Blocked})
	filed := w.files(w.complaint())
	w.deliver()
	if w.channel.calls != 0 {
		t.Fatal("something was sent to a closed chat")
	}
	if reply := w.gets(bot.Message{Chat: bot.Chat{ID: sho}, Sender: sho, Event: bot.Unblocked}); !reply.Empty() {
		t.Errorf("the reply is %q", reply.Text)
	}
	w.deliver()
	mustSay(t, "the card", w.channel.all(sho), spaced(filed.Number), "[✅ स्वीकार]")
	// Someone who is not known.
	if reply := w.gets(bot.Message{Chat: bot.Chat{ID: "citizen"}, Sender: "citizen", Event: bot.Unblocked}); !reply.Empty() {
		t.Errorf("a stranger got %q", reply.Text)
	}
	if known := one[bool](w, `select count(*) > 2 from chats`); known {
		t.Error("a stranger's chat was kept")
	}
}

func TestABusyChannelIsObeyed(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	w.files(w.complaint())
	w.channel.refuse(sho, &bot.SendError{Reason: bot.ReasonBusy, After: 37 * time.Second})
	w.deliver()
	wait := one[float64](w, `select extract(epoch from next_at - now())::float8 from notices`)
	if got := one[string](w, `select state || ' ' || reason from notices`); got != "pending busy" || wait < 30 || wait > 37 {
		t.Errorf("the notice is %s and due in %v s", got, wait)
	}
	w.deliver()
	if w.channel.calls != 1 {
		t.Errorf("%d attempts", w.channel.calls)
	}
	w.hasten()
	w.deliver()
	if len(w.channel.in(sho)) != 1 || w.counts("card busy") != 1 || w.counts("card sent") != 1 {
		t.Errorf("%d cards, counted %v", len(w.channel.in(sho)), w.counted)
	}
}

func TestWhatTheNetworkRefusesAndWhatPasses(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	w.files(w.complaint())
	w.channel.refuse(sho, errors.New("connection reset"), errors.New("connection reset"))
	var waits []float64
	for range 2 {
		w.hasten()
		w.ok(w.sender.Deliver(w.ctx, w.due()[0]))
		waits = append(waits, one[float64](w, `select extract(epoch from next_at - now())::float8 from notices`))
	}
	if waits[0] > 1 || waits[1] < 1.5 || waits[1] > 3 {
		t.Errorf("it is tried again after %v s", waits)
	}
	w.channel.refuse(sho, &bot.SendError{Reason: bot.ReasonRefused})
	w.hasten()
	w.deliver()
	if got := one[string](w, `select state || ' ' || reason from notices`); got != "failed refused" {
		t.Errorf("the notice is %s", got)
	}
}

func TestAChannelThatIsNotHere(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	w.files(w.complaint())
	delete(w.Channels, "telegram")
	w.deliver()
	if got := one[string](w, `select state || ' ' || reason from notices`); got != "pending no_channel" {
		t.Errorf("the notice is %s", got)
	}
	w.Channels["telegram"] = w.channel
	w.hasten()
	w.deliver()
	if len(w.channel.in(sho)) != 1 {
		t.Error("the card was lost")
	}
}

func TestAGroupThatMoved(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	group := w.group(araria, sho)
	w.files(w.complaint())
	w.channel.refuse(group, &bot.SendError{Reason: bot.ReasonMoved, Moved: "-100super"})
	w.deliver()
	mustSay(t, "the group's new chat", w.channel.all("-100super"), "[✅ स्वीकार]")
	// The group says it itself, with a card that is there already.
	w.gets(bot.Message{Chat: bot.Chat{ID: "-100super"}, Group: true, Event: bot.Moved, Moved: "-100mega"})
	w.channel.mu.Lock()
	w.channel.sent[0].chat = "-100mega" // Telegram takes the messages along
	w.channel.mu.Unlock()
	w.taps(sho, "-100mega", "स्वीकार")
	w.deliver()
	mustSay(t, "the card", w.channel.all("-100mega"), "स्वीकार – थानाध्यक्ष")
	if n := len(w.channel.in("-100mega")); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestOfTwoSendersOneSends(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	w.files(w.complaint())
	notice := w.due()[0]
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := w.sender.Deliver(w.ctx, notice); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(w.channel.in(sho)); n != 1 {
		t.Errorf("%d cards", n)
	}
}

func TestASenderWhoseLeaseRanOutChangesNothing(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	w.files(w.complaint())
	notice := w.due()[0]
	w.channel.before = func() { // the first sender hangs; a second one takes over
		w.channel.before = nil
		w.exec(`update notices set lease_until = now() - interval '1 second'`)
		w.ok(w.sender.Deliver(w.ctx, notice))
	}
	w.ok(w.sender.Deliver(w.ctx, notice))
	if w.counts("card sent") != 1 || w.counts("card lease_lost") != 1 {
		t.Errorf("counted %v", w.counted)
	}
	first := w.channel.in(sho)[0].id // the second sender's
	if message := one[string](w, `select message from cards`); message != first {
		t.Errorf("the card is known as %s, not %s", message, first)
	}
}

// redis is a Redis of the town's own.
func (w *town) redis() redis.UniversalClient {
	w.t.Helper()
	options, err := redis.ParseURL(testdb.Redis(w.t))
	w.ok(err)
	client := redis.NewClient(options)
	w.t.Cleanup(func() { _ = client.Close() })
	return client
}

// replica is a sender under the real limits, for whom time goes by some times as fast.
func (w *town) replica(client redis.UniversalClient, speed int) *desk.Sender {
	limiter := dialogs.NewLimiter(client, func(parts ...string) []byte { return w.Store.Keys().MAC("limit", parts...) })
	d := *w.Desk
	d.Limit = func(ctx context.Context, r desk.Rate, parts ...string) (time.Duration, error) {
		r.Per /= time.Duration(speed)
		return limiter.Allow(ctx, dialogs.Rate(r), parts...)
	}
	return &desk.Sender{Desk: &d, Papers: testPapers{}, Observe: w.count}
}

func TestTheLimitsAreSharedByAllSenders(t *testing.T) {
	w := newTown(t)
	client := w.redis()
	replicas := []*desk.Sender{w.replica(client, 1), w.replica(client, 1)}
	sho := w.officer(store.SHO, araria)
	group := w.group(araria, sho)
	for range 5 { // as many as come alone
		w.files(w.complaint())
	}
	for i, id := range w.due() {
		w.ok(replicas[i%2].Deliver(w.ctx, id))
	}
	if n := len(w.channel.in(group)); n != 3 {
		t.Errorf("%d cards went at once, want 3", n)
	}
	if n := one[int](w, `select count(*) from notices where state = 'pending' and reason = 'rate' and next_at > now() + interval '1 second'`); n != 2 {
		t.Errorf("%d cards wait, want 2", n)
	}
}

func TestWithoutTheLimiterNoticesGoOut(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	w.Limit = func(context.Context, desk.Rate, ...string) (time.Duration, error) {
		return 0, errors.New("Redis is away")
	}
	w.files(w.complaint())
	w.deliver()
	if len(w.channel.in(sho)) != 1 {
		t.Error("the card did not go out")
	}
}

func TestTheJobsSendTheNotices(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	stop, err := w.Store.RunJobs(w.ctx, w.sender.Deliver, store.JobOptions{Workers: 2})
	w.ok(err)
	n := w.complaint()
	w.filesWithReceipt(n)
	wait := func(chat string, messages int) {
		t.Helper()
		for w.ctx.Err() == nil && len(w.channel.in(chat)) < messages {
			time.Sleep(5 * time.Millisecond)
		}
	}
	wait(sho, 1)
	wait(n.Chat, 1) // the receipt
	w.taps(sho, sho, "स्वीकार")
	wait(n.Chat, 2)
	w.ok(stop(context.WithoutCancel(w.ctx)))
	mustSay(t, "the citizen's news", w.channel.all(n.Chat), "देख लिया")
}

func TestADraftIsRemindedOfOnce(t *testing.T) {
	w := newTown(t)
	drafts := []store.Draft{
		{Key: []byte("old"), Channel: "telegram", Chat: "hindi", Service: "complaint", State: []byte("state"), At: time.Now().Add(-26 * time.Hour)},
		{Key: []byte("older"), Channel: "telegram", Chat: "english", Service: "lost_property", State: []byte("state"), At: time.Now().Add(-27 * time.Hour)},
		{Key: []byte("gone"), Channel: "telegram", Chat: "blocked", Service: "complaint", State: []byte("state"), At: time.Now().Add(-28 * time.Hour)},
		{Key: []byte("oldest"), Channel: "telegram", Chat: "former", Service: "a_service_that_was", State: []byte("state"), At: time.Now().Add(-29 * time.Hour)},
		{Key: []byte("new"), Channel: "telegram", Chat: "new", Service: "complaint", State: []byte("state"), At: time.Now().Add(-time.Hour)},
	}
	w.ok(w.Store.KeepDrafts(w.ctx, drafts))
	w.ok(w.Store.SetLanguage(w.ctx, "telegram", "english", "en"))
	w.ok(w.Store.SetLanguage(w.ctx, "telegram", "blocked", "hi"))
	w.channel.refuse("blocked", &bot.SendError{Reason: bot.ReasonBlocked})
	w.channel.refuse("english", &bot.SendError{Reason: bot.ReasonBusy})
	for _, night := range []func() time.Time{at(7, 59), at(20, 0), at(0, 30)} {
		w.sender.Now = night
		if n, err := w.sender.Remind(w.ctx); err != nil || n != 0 {
			t.Fatalf("at night there are %d reminders, %v", n, err)
		}
	}
	w.sender.Now = at(8, 0)
	n, err := w.sender.Remind(w.ctx)
	w.ok(err)
	w.sender.Now = at(19, 59)
	again, err := w.sender.Remind(w.ctx)
	w.ok(err)
	if n != 4 || again != 0 {
		t.Errorf("%d reminders and then %d", n, again)
	}
	mustSay(t, "Hindi", w.channel.all("hindi"), "“शिकायत”", "अधूरा", "[जारी रखें]")
	mustSay(t, "English", w.channel.all("english"), "not finished “Lost", "[Go on]")
	if tap := w.button(w.channel.last("hindi").Rendered, "जारी").Data; tap != bot.MenuTap("!resume.complaint") {
		t.Errorf("the button is %q", tap)
	}
	if w.channel.all("new") != "" || w.channel.all("blocked") != "" || w.channel.all("former") != "" {
		t.Error("somebody was reminded who is not to be")
	}
	if one[bool](w, `select bool_or(reachable) from chats c where lang = 'hi'`) {
		t.Error("a blocked chat counts as reachable")
	}
}
