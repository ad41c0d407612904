package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// MyFilings (मेरे आवेदन) shows a citizen's filings with their timelines; what was filed can't be
// altered, but added to, and withdrawn.
type MyFilings struct {
	records *Records
	visit   bot.Visit
	gate    pinGate
	other   otherFiling
	filings []store.Filing
	shown   string // the chosen filing's timeline, in words
	decided bool   // the chosen filing came to a result that there is a paper of

	registered string // the number of the citizen's own registration as a senior

	Number   string
	Action   string
	Addition string // information, an answer, a sighting, or how somebody was found
	Photos   []string
	Reason   string
	Sure     bool
	Stars    string
}

// Prepare loads the citizen's filings, and the timeline of the one that was chosen.
func (m *MyFilings) Prepare(ctx context.Context, v bot.Visit) error {
	m.visit = v
	if v.Citizen == "" {
		return nil
	}
	err := m.gate.prepare(ctx, m.records.Store, v)
	if err != nil || m.gate.set && !m.gate.open {
		return err
	}
	if err := m.other.prepare(ctx, m, v); err != nil {
		return err
	}
	if m.filings, err = m.records.Store.CitizenFilings(ctx, v.Citizen); err != nil {
		return err
	}
	if f, ok := m.filing(v.Answer("number")); ok {
		events, err := m.records.Store.Timeline(ctx, f.ID)
		if err != nil {
			return err
		}
		m.shown = m.timeline(f, events)
		_, m.decided = resultIn(events)
		if f.Service == "senior_registration" {
			r, err := m.records.registration(ctx, v.Citizen)
			if err != nil {
				return err
			}
			if r != nil {
				m.registered = r.Number
			}
		}
	}
	return nil
}

// goesOn is the service that changes or ends a filing which is more than a paper: "" if it is withdrawn as others are. Whom
// a relative registered ends that alone; the relative can withdraw it.
func (m *MyFilings) goesOn(f store.Filing) string {
	switch {
	case f.Service == "travel_alert":
		return "journey"
	case f.Service == "senior_registration" && f.Number == m.registered:
		return "registration"
	}
	return ""
}

func (m *MyFilings) filing(number string) (store.Filing, bool) {
	for _, f := range m.filings {
		if f.Number == number {
			return f, true
		}
	}
	return store.Filing{}, false
}

// Ask names the questions.
func (m *MyFilings) Ask(q *bot.Questions) {
	q.Verify()
	if !m.gate.ask(q) {
		return
	}
	if m.visit.Citizen != "" && len(m.filings) == 0 && q.Carried("number") != elsewhere {
		return // File says so
	}
	q.Pick(&m.Number, "number", filingList{m}, bot.With("List", m.listing()), bot.Or(elsewhere))
	if m.Number == elsewhere {
		m.other.ask(q)
		return
	}
	f, _ := m.filing(m.Number)
	q.Choice(&m.Action, "action", withChosen(q, m.actions(f), "answer", "found", "sighting", "add", "rate", "reopen", "withdraw"), bot.With("Timeline", m.shown))
	switch m.Action {
	case "answer":
		q.Text(&m.Addition, "answer", bot.Anything(2000))
		q.Photos(&m.Photos, "photos", 5, bot.Optional)
	case "add":
		q.Text(&m.Addition, "addition", bot.Length(3, 2000))
		q.Photos(&m.Photos, "photos", 5, bot.Optional)
	case "sighting":
		q.Text(&m.Addition, "sighting", bot.Length(5, 2000))
		q.Photos(&m.Photos, "photos", 5, bot.Optional)
	case "found":
		q.Text(&m.Addition, "found", bot.Length(3, 500), bot.Optional)
	case "reopen":
		q.Text(&m.Addition, "reopen", bot.Length(5, 1000))
		q.Photos(&m.Photos, "photos", 5, bot.Optional)
	case "rate":
		q.Choice(&m.Stars, "stars", []string{"5", "4", "3", "2", "1"})
		q.Text(&m.Addition, "opinion", bot.Length(3, 500), bot.Optional)
	case "withdraw":
		q.Choice(&m.Reason, "reason", []string{"solved", "found", "mistake", "misc"})
		q.Yes(&m.Sure, "sure", bot.With("Number", m.Number))
	}
}

// actions are what the citizen may do with a filing as it stands.
func (m *MyFilings) actions(f store.Filing) []string {
	var actions []string
	if !f.ClosedAt.IsZero() || f.Number == "" {
		if f.Rating == 0 && f.Status != store.Withdrawn {
			actions = append(actions, "rate")
		}
		if !f.Old {
			actions = append(actions, "reopen")
		}
		return append(actions, append(m.papers(f), "done")...)
	}
	if f.Status == store.NeedsInfo {
		actions = append(actions, "answer")
	}
	if store.Offered(store.ActFind, f) && f.Service != "unknown_person" { // who asks after whom was found can't say so
		actions = append(actions, "found")
	}
	if f.Service == "missing_person" {
		actions = append(actions, "sighting")
	}
	actions = append(append(actions, "add"), m.papers(f)...)
	switch {
	case m.goesOn(f) != "":
		actions = append(actions, f.Service) // is changed and ended there
	case f.FIR == "" && f.ZeroFIR == "": // else it is for a court to end
		actions = append(actions, "withdraw")
	}
	return append(actions, "done")
}

// withChosen are the actions that are open, and the one of these lasting ones that this dialog has chosen:
// once it is done it may no longer be open, but whoever did not hear of that and repeats it must not be
// told of an old button. The records do it once for a dialog.
func withChosen(q *bot.Questions, actions []string, lasting ...string) []string {
	if chosen := q.Carried("action"); slices.Contains(lasting, chosen) && !slices.Contains(actions, chosen) {
		return append(actions, chosen)
	}
	return actions
}

// papers are those that there are of the chosen filing, the receipt last.
func (m *MyFilings) papers(f store.Filing) []string {
	var papers []string
	if f.FIR != "" {
		papers = append(papers, "fir")
	}
	if f.ZeroFIR != "" {
		papers = append(papers, "zero_fir")
	}
	if m.decided {
		papers = append(papers, "paper")
	}
	return append(papers, "receipt")
}

// additions are the kinds of event that the citizen's actions make.
var additions = map[string]string{"add": store.Information, "answer": store.Answer, "sighting": store.Sighting, "found": string(store.Found), "reopen": string(store.Reopened)}

// File does what the citizen chose.
func (m *MyFilings) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	filing, ok := m.filing(m.Number)
	switch {
	case m.gate.set && !m.gate.open:
		return m.gate.closed(), nil
	case m.Number == elsewhere:
		return m.other.outcome(), nil
	case !ok:
		return bot.Outcome{Text: "my_filings.none", Next: []bot.Next{
			{Tap: bot.StartTap("my_filings", "number", elsewhere), Label: "my_filings.number." + elsewhere},
		}}, nil
	}
	data := map[string]any{"Number": filing.Number}
	var err error
	done := "my_filings.seen"
	switch {
	case m.Action == filing.Service:
		return bot.Outcome{Text: "my_filings.seen", Start: m.goesOn(filing)}, nil
	case slices.Contains(m.papers(filing), m.Action):
		paper, err := m.paper(ctx, f.Visit, filing)
		return bot.Outcome{Text: "my_filings." + m.Action, Data: data, Document: paper}, err
	case additions[m.Action] != "":
		var media []store.Media
		if media, err = m.records.evidence(ctx, f, m.Photos); err == nil {
			err = m.records.Store.Add(ctx, f.Citizen, filing.ID, store.Addition{
				Kind: additions[m.Action], Dialog: f.Dialog, Text: m.Addition, Media: media,
			})
		}
		done = "my_filings.done." + m.Action
	case m.Action == "rate":
		stars, _ := strconv.Atoi(m.Stars)
		err = m.records.Store.Rate(ctx, f.Citizen, filing.ID, f.Dialog, stars, m.Addition)
		done = "my_filings.done.rate"
	case m.Action == "withdraw" && m.Sure:
		reason := m.records.text("hi", "my_filings.reason."+m.Reason, nil)
		err = m.records.Store.Withdraw(ctx, f.Citizen, filing.ID, reason)
		done = "my_filings.withdrawn"
	case m.Action == "withdraw":
		done = "my_filings.kept"
	}
	switch {
	case errors.Is(err, store.ErrClosed):
		return bot.Outcome{}, &bot.Invalid{ID: "my_filings.closed", Data: data}
	case errors.Is(err, store.ErrRegistered):
		return bot.Outcome{}, &bot.Invalid{ID: "my_filings.registered", Data: data}
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("acting on a filing: %w", err)
	}
	return bot.Outcome{Text: done, Data: data}, nil
}

// paper makes the paper that the citizen wants of a filing.
func (m *MyFilings) paper(ctx context.Context, v bot.Visit, filing store.Filing) (*bot.Paper, error) {
	if m.Action == "fir" || m.Action == "zero_fir" {
		return m.records.firCopy(ctx, filing, m.Action == "zero_fir")
	}
	own, err := m.records.Store.Own(ctx, v.Citizen, filing.ID)
	if err != nil {
		return nil, err
	}
	if m.Action == "paper" {
		return m.records.result(v.Lang, own)
	}
	return m.records.receipt(v.Lang, own)
}

// shownFilings is how many filings a page of buttons shows, and the text with it.
const shownFilings = 8

// listing names the newest filings with what they are and where they stand, a line each.
func (m *MyFilings) listing() string {
	lang := m.visit.Lang
	var lines []string
	for _, f := range m.filings[:min(shownFilings, len(m.filings))] {
		lines = append(lines, m.records.text(lang, "my_filings.line", map[string]any{
			"Number": f.Number, "Service": m.records.text(lang, "menu."+f.Service, nil),
			"Status": m.records.text(lang, "status."+string(f.Status)+".short", nil),
		}))
	}
	return strings.Join(lines, "\n")
}

// timeline tells a filing's story, a line an event.
func (m *MyFilings) timeline(f store.Filing, events []store.Event) string {
	lang := m.visit.Lang
	at := StationChoice{Code: f.Station, District: f.District}
	lines := []string{m.records.text(lang, "my_filings.head", map[string]any{
		"Number": f.Number, "Service": m.records.text(lang, "menu."+f.Service, nil), "Station": m.records.placeName(lang, "", at),
	})}
	places := placesOf(f, events)
	for i, e := range events {
		switch e.Kind {
		case store.Note, store.Restricted, store.Overdue, store.MatchedFound: // the officers' own
			continue
		}
		line := m.records.text(lang, "my_filings.event", map[string]any{
			"At": e.At, "What": m.records.text(lang, "status."+e.Kind, map[string]any{"Station": m.records.placeName(lang, ".oblique", places[i])}),
		})
		if said := m.said(lang, e); said != "" {
			line += "\n  " + said
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// placesOf are the places that a filing's events speak of: where it was then, or the station that it was
// sent to or came back from. It is told backwards, from where it is now.
func placesOf(f store.Filing, events []store.Event) []StationChoice {
	places := make([]StationChoice, len(events))
	at := StationChoice{Code: f.Station, District: f.District}
	for i, e := range slices.Backward(events) {
		places[i] = at
		switch e.Kind {
		case string(store.Transferred):
			places[i].Code = e.Other
			if at.Code == "" && e.By != nil {
				at.District = e.By.District // it went from there to another district
			}
		case store.TransferRefused:
			places[i].Code = e.Other
		case store.TransferAccepted:
			at.Code = e.Other
		case store.Assigned:
			at.Code = ""
		}
	}
	return places
}

// said is what an officer said with an event, as the citizen reads it.
func (m *MyFilings) said(lang string, e store.Event) string {
	switch {
	case e.By == nil, e.Note == "":
		return ""
	case e.Kind == string(store.Enquiry), e.Kind == store.TransferRefused, store.IsMatch(e.Kind):
		// whose permission an enquiry has, what stations say to each other, with what a filing was matched
		return ""
	}
	if _, voice := bot.VoiceNote(e.Note); voice {
		return m.records.text(lang, "my_filings.spoken", nil)
	}
	return m.records.text(lang, "my_filings.said", map[string]any{"Words": e.Note})
}

// filingList is a bot.List of the citizen's filings, newest first.
type filingList struct{ m *MyFilings }

func (l filingList) item(lang string, f store.Filing) bot.Item {
	label := l.m.records.text(lang, "my_filings.row", map[string]any{"Number": f.Number})
	return bot.Item{ID: f.Number, Label: label}
}

// Find is bot.List's: by number, or its last digits.
func (l filingList) Find(lang, text string, n int) ([]bot.Item, bool) {
	number, whole := store.ParseNumber(text)
	var items []bot.Item
	for _, f := range l.m.filings {
		if whole && f.Number == number || !whole && len(text) >= 3 && strings.HasSuffix(f.Number, strings.TrimSpace(text)) {
			items = append(items, l.item(lang, f))
		}
	}
	return items[:min(n, len(items))], len(items) == 1
}

// Near is bot.List's: filings are not looked for by place.
func (l filingList) Near(string, bot.Place, int) []bot.Item { return nil }

// First is bot.List's: all filings.
func (l filingList) First(lang string) []bot.Item {
	items := make([]bot.Item, len(l.m.filings))
	for i, f := range l.m.filings {
		items[i] = l.item(lang, f)
	}
	return items
}

// Item is bot.List's.
func (l filingList) Item(lang, id string) (bot.Item, bool) {
	f, ok := l.m.filing(id)
	if !ok {
		return bot.Item{}, false
	}
	return l.item(lang, f), true
}
