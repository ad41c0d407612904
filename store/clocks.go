package store

import (
	"slices"
	"strings"
	"time"
)

// Clock is a deadline of a filing, set by law or promised.
type Clock string

// The clocks.
const (
	ClockAcknowledge Clock = "acknowledge" // the station takes note of a filing
	ClockSignature   Clock = "signature"   // the citizen signs an e-complaint: BNSS s.173(1), three days
	ClockEnquiry     Clock = "enquiry"     // a preliminary enquiry has its result: BNSS s.173(3), fourteen days
	ClockProgress    Clock = "progress"    // the informant hears of the investigation: BNSS s.193(3), ninety days
	ClockCertificate Clock = "certificate" // a character certificate is issued: Bihar's RTPS, fourteen days
	ClockBody        Clock = "body"        // an unidentified body is kept to be known by somebody: 72 hours
)

// clock is what there is to know about a kind of clock.
type clock struct {
	kind     Clock
	services []string // whose filings have it; nil: all
	starts   []string // the kinds of event that start it, and anew if it has ended
	ends     []string // and those that end it; closing a filing ends all
	pauses   bool     // it is the officers', and stands still while the citizen is asked something
	due      time.Duration
	ladder   []step // in order of time
	over     bool   // it ends with its last step; else it is overdue until an event ends it
}

// step is what happens when a clock has run for a while.
type step struct {
	after time.Duration
	event string // the kind of event that it makes
	tell  Role   // who is told; "" is the citizen
}

// The kinds of events that clocks make.
const (
	Overdue  = "overdue"  // officers were told that a clock ran out: the note says which, and who
	Reminded = "reminded" // the citizen was reminded to sign
	Lapsed   = "lapsed"   // the citizen did not sign in time
	Progress = "progress" // the informant was told how the investigation stands
)

var clockEvents = []string{Overdue, Reminded, Lapsed, Progress}

const aDay = 24 * time.Hour

// clocks is the one table of deadlines (services.md, section 3).
var clocks = []clock{
	{
		kind:   ClockAcknowledge,
		starts: []string{string(Received), string(Reopened), string(Transferred), Assigned},
		ends: []string{
			string(Acknowledged), string(Enquiry), Question, string(FIRRegistered),
			string(Transferred), Assigned, TransferAccepted, TransferRefused,
		},
		due:    aDay,
		ladder: []step{{aDay, Overdue, SHO}, {2 * aDay, Overdue, SDPO}, {3 * aDay, Overdue, SP}},
	},
	{
		kind:     ClockSignature,
		services: []string{"complaint"},
		starts:   []string{string(Received)},
		ends:     []string{Signed, string(FIRRegistered)},
		due:      3 * aDay,
		ladder:   []step{{aDay, Reminded, ""}, {2 * aDay, Reminded, ""}, {3 * aDay, Lapsed, ""}},
		over:     true,
	},
	{
		kind:     ClockEnquiry,
		services: []string{"complaint"},
		starts:   []string{string(Enquiry)},
		ends:     []string{string(FIRRegistered), TransferAccepted},
		pauses:   true,
		due:      14 * aDay,
		ladder:   []step{{14 * aDay, Overdue, SHO}, {15 * aDay, Overdue, SDPO}},
	},
	{ // the bot's message fulfils the duty: a day early, so that an outage does not make it late
		kind:   ClockProgress,
		starts: []string{string(FIRRegistered)},
		due:    90 * aDay,
		ladder: []step{{89 * aDay, Progress, ""}},
		over:   true,
	},
	{
		kind:     ClockCertificate,
		services: []string{"character_certificate"},
		starts:   []string{string(Received), string(Reopened)},
		ends:     []string{CertificateIssued},
		pauses:   true,
		due:      14 * aDay,
		ladder:   []step{{14 * aDay, Overdue, SHO}, {15 * aDay, Overdue, SDPO}, {16 * aDay, Overdue, SP}},
	},
	{
		kind:     ClockBody,
		services: []string{"unidentified_body"},
		starts:   []string{string(Received)},
		due:      3 * aDay,
		ladder:   []step{{3 * aDay, Overdue, SHO}, {3 * aDay, Overdue, SP}},
		over:     true,
	},
}

// endedBy are the clocks that an event ends.
func endedBy(event string) []string {
	return kindsOf(func(c clock) bool { return slices.Contains(c.ends, event) })
}

// pausable are the clocks that stand still while the citizen is asked something.
var pausable = kindsOf(func(c clock) bool { return c.pauses })

func kindsOf(which func(clock) bool) []string {
	var kinds []string
	for _, c := range clocks {
		if which(c) {
			kinds = append(kinds, string(c.kind))
		}
	}
	return kinds
}

// startedBy are the clocks that an event starts for a filing of a service, as columns: their kinds, how
// long they run, and how long until their first step. Those that it does without are left out.
func startedBy(service, event string, without ...Clock) (kinds []string, due, first []time.Duration) {
	for _, c := range clocks {
		if slices.Contains(without, c.kind) {
			continue
		}
		if slices.Contains(c.starts, event) && (c.services == nil || slices.Contains(c.services, service)) {
			kinds, due, first = append(kinds, string(c.kind)), append(due, c.due), append(first, c.ladder[0].after)
		}
	}
	return kinds, due, first
}

// clockOf finds a kind of clock; nil for one of another release.
func clockOf(kind Clock) *clock {
	for i := range clocks {
		if clocks[i].kind == kind {
			return &clocks[i]
		}
	}
	return nil
}

// vacant is the third word of the note of an Overdue event when nobody was in the seat.
const vacant = "vacant"

// ReadOverdue takes the note of an Overdue event apart: the clock, the role that was to be told, and
// whether somebody had it.
func ReadOverdue(note string) (kind Clock, told Role, taken bool) {
	words := append(strings.Fields(note), "", "", "")
	return Clock(words[0]), Role(words[1]), words[2] != vacant
}
