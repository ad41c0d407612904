package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/store"
)

// errand is an action of an officer that needs more than a tap: the button of a card begins it, and
// what is asked in private is answered with words that nobody else says.
type errand struct {
	matter
	officer *officer
	action  string   // "ask"
	number  string   // of the filing
	mark    string   // in the words
	events  []string // the kinds of event that it may make: a verification has three results
	told    bool     // the officer was told that it is done
	fir     *entry   // that it makes; nil: none
}

// work is what the officers of a station have yet to do: nobody does what a colleague is at.
type work struct {
	mu   sync.Mutex
	rnd  *rand.Rand
	left map[string]int // by number: how many errands there will still be

	registered int // FIRs of the station
}

// take gives an errand on one of the filings, if somebody has to go on one.
func (w *work) take(number string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, met := w.left[number]; !met {
		w.left[number] = pick(w.rnd, 0, 1, 1, 2)
	}
	if w.left[number] == 0 {
		return false
	}
	w.left[number]--
	return true
}

// errandTime is how long an officer tries to get an action done before letting it be.
const errandTime = 20 * time.Second

// goAbout does errands until ctx ends.
func (o *officer) goAbout(ctx context.Context, w *work) {
	for sleep(ctx, time.Duration(400+o.rnd.IntN(800))*time.Millisecond) {
		for number, at := range o.cards() {
			e := o.errand(number, at)
			if e == nil || !w.take(number) {
				continue
			}
			o.errands = append(o.errands, e)
			o.tally.errands.Add(1)
			o.goOn(ctx, e)
			break
		}
	}
}

// goOn goes on an errand, or lets it be.
func (o *officer) goOn(ctx context.Context, e *errand) {
	ctx, cancel := context.WithTimeout(ctx, errandTime)
	defer cancel()
	if o.arrived(ctx) {
		end, _ := o.bring(ctx, &e.matter)
		e.told = e.done(end.Text)
	}
	if !e.told {
		o.tally.errandsLeft.Add(1)
		o.say(o.words.label("engine.way.cancel"))
	}
}

// place is where a card stands now.
type place struct {
	card  telegramtest.Message
	group bool
}

// cards are the newest cards that an officer sees, by number, as they stand now: what is gone to another station
// or withheld is none any more.
func (o *officer) cards() map[string]place {
	found := map[string]place{}
	look := func(inbox []telegramtest.Message, group bool) {
		last := map[int64]telegramtest.Message{}
		for _, m := range inbox {
			last[m.ID] = m
		}
		for _, m := range inbox {
			now := last[m.ID]
			if all := numbers(now.Text); o.words.card(now.Text) && len(all) > 0 {
				found[all[0]] = place{now, group}
			}
		}
	}
	if o.station.group != nil {
		look(o.station.group.Inbox(), true)
	}
	look(o.Inbox(), false)
	return found
}

// chores are the actions that officers go on errands for, the likeliest first.
var chores = []struct {
	action string
	events []string
	likely float64
	sho    bool // not for the desk
}{
	{"send_back", []string{store.TransferRefused}, .5, true},
	{"verify", []string{"verified", "not_verified", "cannot_verify"}, .7, false},
	{"certify", []string{"certificate_issued"}, .7, false},
	{"visit", []string{"visit"}, .7, false},
	{"find", []string{"found"}, .4, false},
	{"register_fir", []string{string(store.FIRRegistered)}, .7, true},
	{"enquire", []string{"enquiry"}, .3, false},
	{"transfer", []string{string(store.Transferred)}, .4, true},
	{"ask", []string{"question"}, .7, false},
	{"note", []string{"note"}, .4, false},
	{"close", []string{"closed"}, 1, false},
}

// errand chooses what to do with a filing whose card offers something; nil for nothing yet. A new one is
// to be acknowledged first.
func (o *officer) errand(number string, at place) *errand {
	if button(at.card, o.words.label("desk.action.acknowledge")) != "" {
		return nil
	}
	more := button(at.card, o.words.label("desk.action.more")) != ""
	for _, c := range chores {
		offered := button(at.card, o.words.label("desk.action."+c.action)) != ""
		minor := c.action == "note" || c.action == "close" || c.action == "transfer" && !o.wentFor("register_fir", number)
		open := button(at.card, o.words.label("desk.action.ask")) != ""
		if c.sho && o != o.station.sho {
			continue
		}
		if (offered || minor && more && open) && !o.wentFor(c.action, number) && chance(o.rnd, c.likely) {
			return o.newErrand(c.action, c.events, number, at.card.Text)
		}
	}
	return nil
}

// wentFor says whether the officer was on such an errand before: what is told of it once more, or of an
// action that was done already, is the same as what is told of a new one. Of a tip it is whatever was done.
func (o *officer) wentFor(action, number string) bool {
	return slices.ContainsFunc(o.errands, func(e *errand) bool {
		return e.number == number && (e.action == action || strings.HasPrefix(number, tipPrefix))
	})
}

// tipPrefix is what the numbers of tips begin with.
const tipPrefix = "GS"

func (o *officer) newErrand(action string, events []string, number, card string) *errand {
	e := &errand{officer: o, action: action, number: number, mark: mark(o.rnd), events: events}
	label := o.words.label
	words := answer{say: "थाने से: " + e.mark + " ने देखा, बात सही है।"}
	skip := answer{press: label("engine.way.skip")}
	e.answers = map[string]answer{
		"common.filing": {say: number},
		"act_ask.say":   words, "act_ask.photos": skip, "act_note.say": words, "act_note.photos": skip,
		"act_visit.how": {press: label("act_visit.how." + pick(o.rnd, "fine", "nobody"))}, "act_visit.say": words, "act_visit.photos": skip,
		"act_find.say": words, "act_find.photos": skip,
		"act_enquire.permission": {press: label("act_enquire.permission.taken")}, "act_enquire.say": words, "act_enquire.officer": words,
		"act_verify.result": {press: label("act_verify.result." + pick(o.rnd, "verified", "not_verified", "cannot"))}, "act_verify.reason": words,
		"act_certify.record": {press: label("act_certify.record.remark")}, "act_certify.remark": words,
		"act_close.reason": {press: label("act_close.reason.done")}, "act_close.say": words,
	}
	switch action {
	case "register_fir":
		o.newEntry(o.rnd, card, e)
	case "transfer":
		to := o.station.another(o.rnd)
		e.answers["act_transfer.station"], e.answers["engine.which_of_these"] = answer{say: to.name}, answer{press: to.label}
		e.answers["act_transfer.reason"] = words
		e.review = map[string]string{label("act_transfer.station.label"): to.label, label("act_transfer.reason.label"): words.say}
	case "send_back":
		e.answers["act_send_back.reason"] = words
		e.review = map[string]string{label("act_send_back.reason.label"): words.say}
	}
	toasts := len(o.Toasts())
	e.begin = func() {
		o.giving = true // an unfinished errand of the same kind may be one of before
		o.do(func() int64 { return e.tap() })
	}
	e.over = func(m telegramtest.Message) bool {
		for _, toast := range o.Toasts()[toasts:] {
			if o.words.saysAny(toast, "desk.not_now", "desk.not_allowed") {
				return true
			}
		}
		return slices.Contains(numbers(m.Text), number) && (e.done(m.Text) || o.words.saysAny(m.Text, refusals...))
	}
	return e
}

// refusals are what officers are told of an action that was not done.
var refusals = []string{"desk.not_now", "desk.not_allowed", "desk.already", "desk.stale", "desk.taken"}

// tap presses the action's button on the filing's card as it stands, or what shows the minor ones.
func (e *errand) tap() int64 {
	o := e.officer
	at := o.cards()[e.number]
	data := button(at.card, o.words.label("desk.action."+e.action))
	if data == "" {
		e.press(at, button(at.card, o.words.label("desk.action.more")))
		for range 15 {
			time.Sleep(200 * time.Millisecond)
			at = o.cards()[e.number]
			if data = button(at.card, o.words.label("desk.action."+e.action)); data != "" {
				break
			}
		}
	}
	return e.press(at, data)
}

func (e *errand) press(at place, data string) int64 {
	switch {
	case data == "":
		return 0
	case at.group:
		return e.officer.station.group.Tap(e.officer.Person, at.card.ID, data)
	}
	return e.officer.Tap(at.card.ID, data)
}

// done says whether a text tells that the errand is done.
func (e *errand) done(text string) bool {
	o := e.officer
	outcomes := map[string][]string{
		"verify": {"desk.verify.done", "desk.not_verify.done", "desk.cannot_verify.done"},
		"ask":    {"desk.ask.done", "desk.ask.done.tip"}, "enquire": {"desk.enquire.done", "desk.enquire.done.tip"},
		"close": {"desk.close.done", "desk.close.done.tip"},
	}[e.action]
	if outcomes == nil {
		outcomes = []string{"desk." + e.action + ".done"}
	}
	return !o.words.card(text) && slices.Contains(numbers(text), e.number) && o.words.saysAny(text, outcomes...)
}
