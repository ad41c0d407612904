package desk_test

import (
	"testing"

	"nagrik/store"
)

// TestTipAtTheDesk follows a tip at its station: only the SHO has it, nobody is named and nobody is told.
func TestTipAtTheDesk(t *testing.T) {
	w := newTown(t)
	desk, sho := w.officer(store.DeskOfficer, araria), w.officer(store.SHO, araria)
	group := w.group(araria, desk)
	code := w.Store.ClaimCode("draft")
	filed, err := w.Store.FileTip(w.ctx, store.NewTip{Code: code, Station: araria, Details: answers("details", "क्या हो रहा है", story)})
	w.ok(err)
	w.deliver()
	for _, chat := range []string{desk, group} {
		if got := w.channel.all(chat); got != "" {
			t.Errorf("%s got %q", chat, got)
		}
	}
	mustSay(t, "the card", w.channel.all(sho), "गोपनीय सूचना", spaced(filed.Number), "🔒", "[✅ स्वीकार]", "[📄 विवरण]")
	mustNotSay(t, "the card", w.channel.all(sho), story)

	reply := w.taps(sho, sho, "स्वीकार")
	mustSay(t, "the toast", reply.Toast, "कोड")
	mustNotSay(t, "the toast", reply.Toast, "आवेदक")
	w.deliver()
	w.ok(w.Store.AddToTip(w.ctx, code, "another draft", store.Information, "रात में आते हैं", nil))
	w.ok(w.Store.AddToTip(w.ctx, code, "a third draft", store.RewardClaimed, "", nil))
	w.deliver()
	mustSay(t, "the notice", w.channel.all(sho), "सूचना देने वाले ने कुछ और बताया", "नई जानकारी जुड़ी")
	w.taps(sho, sho, "विवरण")
	details := text(w.channel.last(sho).Rendered)
	mustSay(t, "the details", details, "भेजने वाले का कुछ भी पता नहीं", story, "रात में आते हैं", "इनाम माँगा", "सूचना देने वाला")
	mustNotSay(t, "the details", details, "आवेदक\n", "मोबाइल:", "desk.")
}
