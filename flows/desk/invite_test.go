package desk_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/flows/desk"
	"nagrik/store"
)

func TestAnOfficerJoinsByLink(t *testing.T) {
	w := newTown(t)
	code := w.invite(store.SHO, araria)
	reply := w.opens("sho", "inv_"+code)
	mustSay(t, "the welcome", reply.Text, "थानाध्यक्ष", "अररिया", "स्वीकार", "विवरण", "ग्रुप", "🔒")
	posts, err := w.Store.Posts(w.ctx, "telegram", "sho")
	w.ok(err)
	if len(posts) != 1 || posts[0].Role != store.SHO || posts[0].Station != araria {
		t.Errorf("posts %+v", posts)
	}
	if again := w.opens("sho", "inv_"+code); again.Text != reply.Text {
		t.Errorf("the same link again says %q", again.Text)
	}
	if len(w.passed) != 0 {
		t.Error("the code went on to the citizens' engine")
	}
}

func TestTheAdministratorSeesTheOfficersName(t *testing.T) {
	w := newTown(t)
	w.gets(bot.Message{Chat: bot.Chat{ID: "sho"}, Sender: "sho", Name: "रीना कुमारी", Text: w.invite(store.SHO, araria)})
	posts, err := w.Store.ListPosts(w.ctx, araria, "")
	w.ok(err)
	if len(posts) != 1 || posts[0].Name != "रीना कुमारी" {
		t.Errorf("posts %+v", posts)
	}
	if one[bool](w, `select exists (select from officers where position(convert_to('रीना', 'UTF8') in name) > 0)`) {
		t.Error("the name lies in the database in the clear")
	}
}

func TestAnOfficerJoinsByTypingTheCode(t *testing.T) {
	w := newTown(t)
	deva := strings.NewReplacer("0", "०", "1", "१", "2", "२", "3", "३", "4", "४", "5", "५", "6", "६", "7", "७", "8", "८", "9", "९")
	for name, write := range map[string]func(string) string{
		"as given":           func(s string) string { return s },
		"small, with blanks": func(s string) string { return "  " + strings.ToLower(s) + "\n" },
		"long dashes":        func(s string) string { return strings.ReplaceAll(s, "-", "–") },
		"Devanagari digits":  deva.Replace,
	} {
		person := w.next("desk")
		reply := w.says(person, write(w.invite(store.DeskOfficer, araria)))
		mustSay(t, name, reply.Text, "डेस्क पदाधिकारी", "अररिया")
	}
	// Without hyphens a code is like other numbers, but it counts.
	code := w.invite(store.DeskOfficer, araria)
	for !strings.ContainsAny(code, "0123456789") {
		code = w.invite(store.DeskOfficer, araria)
	}
	mustSay(t, "without hyphens", w.says(w.next("desk"), strings.ReplaceAll(code, "-", "")).Text, "नमस्कार")
}

func TestEveryRoleIsWelcomed(t *testing.T) {
	w := newTown(t)
	for role, station := range map[store.Role]string{
		store.DeskOfficer: araria, store.SHO: araria, store.SDPO: "", store.SP: "", store.SCRB: "", store.Administrator: "",
	} {
		reply := w.opens(w.next("officer"), "inv_"+w.invite(role, station))
		mustSay(t, string(role), reply.Text, "🙏")
		mustNotSay(t, string(role), reply.Text, "desk.")
		want := []string{"🗂 डेस्क"}
		if station != "" {
			want = []string{"थाने का ग्रुप जोड़ें", "🗂 डेस्क"}
		}
		if got := optionLabels(reply); !slices.Equal(got, want) {
			t.Errorf("%s: the buttons are %v", role, got)
		}
	}
}

func TestACodeThatIsNoGood(t *testing.T) {
	w := newTown(t)
	used := w.invite(store.SHO, araria)
	w.opens("sho", "inv_"+used)
	old := w.invite(store.SHO, araria)
	w.exec(`update invitations set expires_at = now() - interval '1 second' where used_at is null`)
	group, err := w.Store.InviteGroup(w.ctx, araria, "test")
	w.ok(err)
	for name, code := range map[string]string{"used": used, "expired": old, "unknown": "0123-4567-89AB-CDEF", "a group's": group} {
		for _, reply := range []bot.Reply{w.opens(w.next("other"), "inv_"+code), w.says(w.next("other"), code)} {
			mustSay(t, name, reply.Text, "यह कोड सही नहीं है")
		}
	}
	if n := one[int](w, `select count(*) from posts`); n != 1 {
		t.Errorf("there are %d posts", n)
	}
}

func TestWhatIsNotACodeGoesToTheCitizensEngine(t *testing.T) {
	w := newTown(t)
	for _, text := range []string{
		"", "नमस्ते", "मेरा मोबाइल खो गया", "490154203237518", "1234567812345678", "mera gaon jhar khan", "BR01 AB12 3456 7890",
		"AB12CD34EF56GH78", "01AB-CD23", "see 0123-4567-89AB-CDEF there", "0123-4567-89AB-CDEF-0123", "स्वीकार", "विवरण",
	} {
		before := len(w.passed)
		if reply := w.says("citizen", text); reply.Text != "(citizen)" || len(w.passed) != before+1 {
			t.Errorf("%q was kept by the desk: %q", text, reply.Text)
		}
	}
	if reply := w.opens("citizen", "complaint"); reply.Text != "(citizen)" {
		t.Errorf("another opening word was kept: %q", reply.Text)
	}
}

func TestCodesCannotBeTriedForLong(t *testing.T) {
	w := newTown(t)
	tries := map[string]int{}
	w.Limit = func(_ context.Context, r desk.Rate, parts ...string) (time.Duration, error) {
		key := strings.Join(parts, " ")
		if tries[key] == r.Burst {
			return time.Hour, nil
		}
		tries[key]++
		return 0, nil
	}
	for range 5 {
		w.says("guesser", "0123-4567-89AB-CDEF")
	}
	code := w.invite(store.SHO, araria)
	mustSay(t, "the sixth attempt", w.says("guesser", code).Text, "एक घंटे बाद")
	if posts, err := w.Store.Posts(w.ctx, "telegram", "guesser"); err != nil || len(posts) > 0 {
		t.Errorf("the guesser has a post (%v)", err)
	}
	mustSay(t, "someone else", w.says("sho", code).Text, "नमस्कार")
	// A citizen's number that looks like a code is never in the way.
	if reply := w.says("guesser", "AB12CD34EF56GH78"); reply.Text != "(citizen)" {
		t.Errorf("a document's number got %q", reply.Text)
	}
}

func TestAnOfficerBindsTheGroup(t *testing.T) {
	w := newTown(t)
	welcome := w.opens("sho", "inv_"+w.invite(store.SHO, araria))
	tap := w.button(w.render(welcome), "ग्रुप").Data
	offer := w.gets(bot.Message{Chat: bot.Chat{ID: "sho"}, Sender: "sho", Tap: tap, On: "1"})
	link := w.button(w.render(offer), "ग्रुप चुनिए").URL
	_, code, ok := strings.Cut(link, "https://t.me/NagrikBot?startgroup=grp_")
	if !ok || !strings.Contains(offer.Text, code) {
		t.Fatalf("the offer %q has the link %q", offer.Text, link)
	}
	for _, text := range []string{"नमस्ते साथियों", "कोड कहाँ है?", "/start", "/start@NagrikBot", "/bind", "स्वीकार"} {
		if reply := w.saysIn("-100", "sho", text); !reply.Empty() {
			t.Errorf("to %q in a group the bot says %q", text, reply.Text)
		}
	}
	mustSay(t, "a stranger's answer", w.saysIn("-100", "stranger", "/bind "+code).Text, "इस थाने से जुड़े")
	mustSay(t, "an anonymous admin's answer", w.saysIn("-100", "", "/bind "+code).Text, "गुमनाम", "Remain anonymous")
	other := w.officer(store.SHO, sikti)
	mustSay(t, "another station's officer's answer", w.saysIn("-100", other, code).Text, "इस थाने से जुड़े")
	if n := one[int](w, `select count(*) from groups`); n != 0 {
		t.Fatalf("%d groups were bound", n)
	}
	bound := w.saysIn("-100", "sho", "/start@NagrikBot grp_"+code)
	mustSay(t, "the answer", bound.Text, "जुड़ गया", "अररिया", "निजी चैट")
	mustSay(t, "the code again elsewhere", w.saysIn("-200", "sho", code).Text, "यह कोड सही नहीं है")
	if n := one[int](w, `select count(*) from groups where station = $1`, araria); n != 1 {
		t.Errorf("%d groups are bound", n)
	}
	if len(w.passed) != 0 {
		t.Error("what was said in a group went on to the citizens' engine")
	}
}

func TestTheGroupsCodeIsOnlyForTheStationsOfficers(t *testing.T) {
	w := newTown(t)
	welcome := w.opens("sho", "inv_"+w.invite(store.SHO, araria))
	tap := w.button(w.render(welcome), "ग्रुप").Data
	for _, m := range []bot.Message{
		{Chat: bot.Chat{ID: "stranger"}, Sender: "stranger", Tap: tap},
		{Chat: bot.Chat{ID: "-100"}, Sender: "sho", Group: true, Tap: tap},
		{Chat: bot.Chat{ID: "-100"}, Sender: "", Group: true, Tap: tap},
	} {
		if reply := w.gets(m); reply.Text != "" || !strings.Contains(reply.Toast, "अधिकार नहीं") {
			t.Errorf("%+v got %q %q", m, reply.Text, reply.Toast)
		}
	}
	if n := one[int](w, `select count(*) from invitations where kind = 'group'`); n != 0 {
		t.Errorf("%d codes were made", n)
	}
}
