package flows

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/flows/paper"
	"nagrik/flows/paper/papertest"
	"nagrik/store"
	"nagrik/store/dialogs"
)

// registered registers what a citizen filed for a service, as FIR 123/2026 of Araria.
func registered(t *testing.T, records *Records, service string) {
	t.Helper()
	ctx := t.Context()
	s := records.Store
	citizen, err := s.Verify(ctx, "telegram", "informant", "+919876543210")
	if err != nil {
		t.Fatal(err)
	}
	content, err := json.Marshal(map[string]any{"answers": []bot.Shown{
		{Key: "name", Label: "नाम", Value: "सुनीता देवी"},
		{Key: "address", Label: "पता", Value: "वार्ड चार नया टोला"},
		{Key: "id_number", Label: "पहचान", Value: "ABC1234567"},
		{Key: "details", Label: "घटना", Value: "14-03-2026 को मोबाइल छीना, नंबर 98765 43210, IMEI ३५६९३८०३५६४३८०९"},
		{Key: "witness.1.name", Label: "गवाह", Value: "मोहनलाल"},
		{Key: "witness.1.phone", Label: "गवाह का मोबाइल", Value: "9123456780"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	filed, err := s.File(ctx, store.NewFiling{
		Dialog: "informant", Service: service, Prefix: "SH", Citizen: citizen, Channel: "telegram", Chat: "informant", Lang: "hi", Station: "5140003",
		Applicant: store.Profile{Name: "सुनीता देवी", Phone: "+919876543210"}, Details: content,
	})
	if err != nil {
		t.Fatal(err)
	}
	code, err := s.Invite(ctx, store.Seat{Role: store.SHO, Station: "5140003"}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem(ctx, code, "telegram", "sho", "sho", "दारोगा"); err != nil {
		t.Fatal(err)
	}
	fir := &store.NewFIR{Year: 2026, Number: 123, Sections: "BNS 304(2)", On: bottest.Start}
	act, err := s.Act(ctx, "telegram", "sho", store.Step{Action: store.ActRegister, Filing: filed.ID, Note: "FIR 123/2026", FIR: fir})
	if err != nil || act.Outcome != store.Done {
		t.Fatal(act, err)
	}
}

// copyOf is the text of the copy in a reply, and the page behind its QR code.
func copyOf(t *testing.T, records *Records, reply bot.Reply) (text, page string) {
	t.Helper()
	if reply.Document == nil {
		t.Fatalf("no copy with %q", reply.Text)
	}
	read := papertest.Read(t, reply.Document.Data)
	address, err := url.Parse(read.Pages[0].QRCode())
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /verify/{code}", paper.Verify(records.Texts, records.Papers.Sign, IssuedPapers(records.Store), nil))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address.Path, nil))
	if w.Code != http.StatusOK {
		t.Errorf("the QR code leads to %d", w.Code)
	}
	return papertest.OneLine(read.Structure().Text()), w.Body.String()
}

// TestThePublicCopyNamesNobodyElse: what anybody gets does not lead to the informant's door, nor to witnesses; the
// informant gets all of it. Both can be checked.
func TestThePublicCopyNamesNobodyElse(t *testing.T) {
	t.Parallel()
	records, engine := newServices(t, func() time.Time { return bottest.Start })
	registered(t, records, "complaint")
	private := []string{"नया टोला", "ABC1234567", "43210", "३५६९३८०३५६४३८०९", "मोहनलाल", "9123456780"}

	anybody := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: "anybody"}}
	anybody.say("FIR 123/2026 अररिया")
	text, page := copyOf(t, records, anybody.last)
	for _, p := range private {
		if strings.Contains(text, p) || strings.Contains(page, p) {
			t.Errorf("the public copy says %s", p)
		}
	}
	for _, p := range []string{"सुनीता देवी", "BNS 304(2)", "14-03-2026 को मोबाइल छीना", "सबके लिए प्रति"} {
		if !strings.Contains(text, p) {
			t.Errorf("the public copy does not say %s", p)
		}
	}
	if !strings.Contains(page, "123/2026") {
		t.Error("the page does not know the FIR")
	}

	informant := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: "informant"}}
	informant.say("fir copy", "मेरी FIR", "1")
	text, _ = copyOf(t, records, informant.last)
	for _, p := range slices.DeleteFunc(private, func(s string) bool { return s == "43210" }) {
		if !strings.Contains(text, p) {
			t.Errorf("the informant's copy does not say %s", p)
		}
	}
}

// TestTheCopyOfAMissingPersonsFIR: it may be a child. Anybody gets the entry alone.
func TestTheCopyOfAMissingPersonsFIR(t *testing.T) {
	t.Parallel()
	records, engine := newServices(t, func() time.Time { return bottest.Start })
	registered(t, records, "missing_person")
	anybody := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: "anybody"}}
	anybody.say("FIR 123/2026 अररिया")
	text, _ := copyOf(t, records, anybody.last)
	if strings.Contains(text, "सुनीता") || strings.Contains(text, "मोबाइल छीना") || !strings.Contains(text, "BNS 304(2)") {
		t.Errorf("the copy says %s", text)
	}
}

// TestAWalkThroughTheNumbers: who tries one number after the other is soon told to wait, while others go on; and that
// somebody does is counted.
func TestAWalkThroughTheNumbers(t *testing.T) {
	t.Parallel()
	records, engine := newServices(t, func() time.Time { return bottest.Start })
	registered(t, records, "complaint")
	taken, counted := map[string]int{}, map[string]int{}
	records.limit = func(_ context.Context, r dialogs.Rate, parts ...string) (time.Duration, error) {
		key := strings.Join(parts, "/")
		if taken[key] == r.Burst {
			return time.Minute, nil
		}
		taken[key]++
		return 0, nil
	}
	records.counted = func(event string) { counted[event]++ }
	walker := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: "walker"}}
	for n := range 20 {
		walker.say("FIR " + strconv.Itoa(200+n) + "/2026 अररिया")
	}
	walker.wants("थोड़ी देर बाद")
	if counted["fir_copy_missing"] != 4 || counted["fir_copy_limited"] != 16 {
		t.Errorf("counted %v", counted)
	}
	for n := range 40 { // from many chats
		walker.chat.ID = "walker" + strconv.Itoa(n)
		for range 3 {
			walker.say("FIR 300/2026 अररिया")
		}
	}
	if counted["fir_copy_walk"] == 0 {
		t.Errorf("nobody notices: %v", counted)
	}
	honest := &tipster{t: t, engine: engine, chat: bot.Chat{Channel: "telegram", ID: "honest"}}
	for range 5 {
		honest.say("FIR 123/2026 अररिया")
		honest.wants("BNS 304(2)")
	}
}
