package desk_test

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// inList finds how many filings a message stands for.
var inList = regexp.MustCompile(`(?:🆕|⏰) (\d+) (?:नए आवेदन|आवेदनों)`)

// told counts what a chat was told of: cards of their own, and filings in lists.
func (w *town) told(chat string) (cards, inLists int) {
	for _, m := range w.channel.in(chat) {
		if found := inList.FindStringSubmatch(m.Texts[0]); found != nil {
			n, err := strconv.Atoi(found[1])
			w.ok(err)
			inLists += n
		} else if strings.Contains(m.Texts[0], "📌") {
			cards++
		}
	}
	return cards, inLists
}

// TestAStorm: a thousand filings come to one station in five minutes, a missing child among them. Time
// goes by forty times as fast as it does.
func TestAStorm(t *testing.T) {
	const (
		filings = 1000
		speed   = 40
		minute  = time.Minute / speed
	)
	w := newTown(t)
	client := w.redis()
	sho := w.officer(store.SHO, araria)
	group := w.group(araria, sho)
	var stops []func(context.Context) error
	for range 2 {
		stop, err := w.Store.RunJobs(w.ctx, w.replica(client, speed).Deliver, store.JobOptions{Workers: 50, Sweep: time.Second})
		w.ok(err)
		stops = append(stops, stop)
	}
	var child store.Filed
	var asked time.Time
	n := w.complaint()
	n.Service, n.Confirmed = "lost_property", true
	begin := time.Now()
	for i := range filings {
		n.Dialog = w.next("dialog")
		if i == filings/2 {
			urgent := n
			urgent.Service, urgent.Urgent = "missing_person", true
			asked = time.Now()
			child = w.files(urgent)
			continue
		}
		w.files(n)
		time.Sleep(time.Until(begin.Add(time.Duration(i) * 5 * minute / filings)))
	}
	for deadline := time.Now().Add(2 * time.Minute); one[int](w, `select count(*) from notices where state <> 'sent'`) > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("%s", one[string](w, `select string_agg(kind || ' ' || state || ' ' || reason, ', ') from (select distinct kind, state, reason from notices where state <> 'sent') n`))
		}
		time.Sleep(20 * time.Millisecond)
	}
	for _, stop := range stops {
		w.ok(stop(context.WithoutCancel(w.ctx)))
	}

	cards, inLists := w.told(group)
	if cards+inLists != filings || inLists < filings/2 {
		t.Errorf("%d cards and %d filings in lists of %d", cards, inLists, filings)
	}
	if known := one[int](w, `select count(*) from cards`); known != filings {
		t.Errorf("%d filings are known to be in the group", known)
	}
	if named := one[int](w, `select count(*) from cards where message = ''`); named != inLists {
		t.Errorf("%d filings have no card, and %d were in lists", named, inLists)
	}
	messages := w.channel.in(group)
	first := slices.IndexFunc(messages, func(m sent) bool { return strings.Contains(m.Texts[0], spaced(child.Number)) })
	if first < 0 || !strings.Contains(messages[first].Texts[0], "📌") {
		t.Fatal("the child has no card")
	}
	if took := messages[first].at.Sub(asked); took > 3*time.Second {
		t.Errorf("the child's card took %v", took)
	}
	// Telegram takes 20 messages a minute to a group.
	for i := range messages {
		if i >= 20 && messages[i].at.Sub(messages[i-20].at) < minute-50*time.Millisecond {
			t.Errorf("messages %d to %d were sent in %v", i-20, i, messages[i].at.Sub(messages[i-20].at))
		}
	}
	if len(messages) > 150 { // it is a storm no more
		t.Errorf("%d messages", len(messages))
	}
}

// TestTheStoryOfAStorm: seven filings at once are one message in the group; its button brings the cards.
func TestTheStoryOfAStorm(t *testing.T) {
	s := newTelling(t, map[string]string{"sho": "थानाध्यक्ष", "member": "सदस्य", "-100": "ग्रुप"})
	w := s.town
	w.talks()
	w.opens("sho", "inv_"+w.invite(store.SHO, araria))
	code, err := w.Store.InviteGroup(w.ctx, araria, "test")
	w.ok(err)
	w.saysIn("-100", "sho", "/bind "+code)
	var last store.NewFiling
	for i := range 13 {
		n := w.complaint()
		if i > 0 {
			n.Service, n.Prefix = "lost_property", "KS"
		}
		n.Urgent = i == 12
		last = n
		w.files(n)
	}
	s.names[last.Chat] = "नागरिक"
	s.sends()
	list := s.seen["-100"]
	for _, m := range w.channel.in("-100") {
		if inList.MatchString(m.Texts[0]) {
			list = screen{m.id, m.Rendered}
		}
	}
	s.seen["-100"] = list
	s.pressed("member", "-100", "अगले कार्ड")
	for range 3 {
		s.seen["-100"] = list
		s.pressed("sho", "-100", "अगले कार्ड")
		w.deliver()
	}
	s.told = len(w.channel.sent)
	s.seen["-100"] = list
	s.pressed("sho", "-100", "अगले कार्ड")
	if cards, _ := w.told("-100"); cards != 13 {
		t.Errorf("%d cards", cards)
	}
	s.seen["-100"] = screen{w.channel.last("-100").id, w.channel.last("-100").Rendered}
	s.pressed("sho", "-100", "स्वीकार")
	w.hasten()
	w.deliver()
	if n := one[int](w, `select count(*) from cards where ver = 3`); n != 1 {
		t.Errorf("%d cards show the acknowledgement", n)
	}
	s.check("storm")
}

func TestAStormInPrivate(t *testing.T) {
	w := newTown(t)
	sho := w.officer(store.SHO, araria)
	for i := range 8 {
		n := w.complaint()
		n.Sensitive = i == 0
		w.files(n)
	}
	w.channel.refuse(sho, &bot.SendError{Reason: bot.ReasonBusy, After: time.Second})
	w.deliver()
	w.hasten()
	w.deliver()
	if cards, inLists := w.told(sho); cards != 0 || inLists != 8 {
		t.Errorf("%d cards, %d in lists", cards, inLists)
	}
	list := w.channel.last(sho)
	mustSay(t, "the list", text(list.Rendered), "🔒", "[🆕 नए देखें]")
	mustNotSay(t, "the list", text(list.Rendered), secrets...)
	if tap := w.button(list.Rendered, "नए").Data; tap != bot.StartTap("desk_list", "what", "new") {
		t.Errorf("the button is %q", tap)
	}
	// An escalation of what was only named comes with its card.
	w.exec(`update clocks set started_at = started_at - interval '24 hours', due_at = due_at - interval '24 hours', next_at = next_at - interval '24 hours'
		where kind = 'acknowledge' and filing = (select max(filing) from clocks)`)
	w.ok(w.Store.Sweep(w.ctx))
	w.deliver()
	mustSay(t, "the escalation", text(w.channel.last(sho).Rendered), "⏰", "[✅ स्वीकार]")
	w.taps(sho, sho, "स्वीकार")
	// And of all of them, in a list.
	w.pass(24*time.Hour + time.Minute)
	w.deliver()
	last := text(w.channel.last(sho).Rendered)
	mustSay(t, "the list of the late", last, "⏰ 7 आवेदनों", "[⏰ समय-सीमा पार]")
}

// A list that cannot go is not lost: what was in it goes again.
func TestAListThatIsRefused(t *testing.T) {
	w := newTown(t)
	sho, sp := w.officer(store.SHO, araria), w.officer(store.SP, "")
	for range 8 {
		w.files(w.complaint())
	}
	w.channel.refuse(sho, &bot.SendError{Reason: bot.ReasonBlocked})
	w.deliver()
	if cards, inLists := w.told(sp); cards+inLists != 8 {
		t.Errorf("the SP was told of %d and %d", cards, inLists)
	}
	if n := one[int](w, `select count(*) from notices where state in ('pending', 'sending')`); n != 0 {
		t.Errorf("%d notices hang", n)
	}
}

// TestTheStoryOfADigest: the digests of a station, a district and the state, and of a new officer.
func TestTheStoryOfADigest(t *testing.T) {
	s := newTelling(t, map[string]string{"sho": "थानाध्यक्ष", "new": "नए थानाध्यक्ष", "sp": "पुलिस अधीक्षक", "scrb": "एससीआरबी", "-100": "ग्रुप"})
	w := s.town
	w.opens("sho", "inv_"+w.invite(store.SHO, araria))
	w.opens("sp", "inv_"+w.invite(store.SP, ""))
	w.opens("scrb", "inv_"+w.invite(store.SCRB, ""))
	group, err := w.Store.InviteGroup(w.ctx, araria, "test")
	w.ok(err)
	w.saysIn("-100", "sho", "/bind "+group)
	for i, service := range []string{"lost_property", "complaint", "complaint", "complaint"} {
		n := w.complaint()
		n.Service, n.Sensitive = service, i == 2
		if i == 3 {
			n.Station, n.District = "", district
		}
		w.files(n)
	}
	w.exec(`update clocks set due_at = due_at - interval '25 hours', next_at = null where filing = 1`)
	w.deliver()
	s.told = len(w.channel.sent)
	w.tomorrow()
	s.sends()
	w.opens("new", "inv_"+w.invite(store.SHO, araria))
	s.sends()
	s.check("digest")
}
