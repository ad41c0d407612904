package main

import (
	"fmt"
	"strings"
	"time"

	"nagrik/bot/telegram/telegramtest"
)

// answers is what became of the updates.
type answers struct {
	accepted   int
	unanswered []string // accepted with a 200, and nothing was said
	waiting    []string // never accepted
}

// answerTime is within how long an accepted update has to be answered, if the answer does not ride.
const answerTime = 3 * time.Second

// checkAnswers looks for updates that were acknowledged and not answered: the sender believes that
// they were heard, and nobody will ever deliver them again. Retrying people hide such losses, so
// nothing else finds them.
func (w *world) checkAnswers() (a answers) {
	exempt := map[int64]bool{}
	officers := map[int64]bool{}
	for _, c := range w.citizens {
		for id := range c.silence {
			exempt[id] = true
		}
	}
	for _, s := range w.stations {
		for chat := range s.inboxes() {
			officers[chat] = true
		}
	}
	said := map[int64][]time.Time{} // by chat: when something was said by a call
	for _, call := range w.telegram.Calls() {
		speaks := strings.HasPrefix(call.Method, "send") && call.Method != "sendchataction" || call.Method == "editmessagetext"
		unchanged := strings.Contains(call.Description, "message is not modified")
		switch {
		case !speaks:
		case call.Rode && call.Code != 200 && !unchanged:
			// Telegram tells nobody that it refused what rode in an answer.
			a.unanswered = append(a.unanswered, fmt.Sprintf("chat %d: the answer was refused: %s", call.Chat, call.Description))
		case !call.Rode && (call.Code == 200 || unchanged) && !w.words.unasked(call.Params["text"]+call.Params["caption"]):
			said[call.Chat] = append(said[call.Chat], call.At)
		}
	}
	for _, d := range w.telegram.Deliveries() {
		switch {
		case d.Accepted.IsZero():
			if !d.Expired {
				a.waiting = append(a.waiting, fmt.Sprintf("chat %d: update %d, a %s, after %d attempts", d.Chat, d.Update, d.Kind, len(d.Attempts)))
			}
		case exempt[d.Update]:
			a.accepted++
		default:
			a.accepted++
			if !answered(d, officers[d.Chat], said[d.Chat]) {
				a.unanswered = append(a.unanswered, fmt.Sprintf("chat %d: update %d, a %s, accepted %s", d.Chat, d.Update, d.Kind, d.Accepted.Format("15:04:05.000")))
			}
		}
	}
	return a
}

// answered says whether an accepted update led to words in its chat: in the body of the answer, or by
// a call from its first attempt on. For an officer's press, the few words over the button will do.
func answered(d telegramtest.Delivery, officer bool, said []time.Time) bool {
	for _, attempt := range d.Attempts {
		switch strings.ToLower(attempt.Rode) {
		case "":
		case "answercallbackquery":
			if officer {
				return true
			}
		default:
			return true
		}
	}
	if len(d.Attempts) == 0 {
		return false
	}
	from, to := d.Attempts[0].At, d.Accepted.Add(answerTime)
	for _, at := range said {
		if at.After(from) && at.Before(to) {
			return true
		}
	}
	return false
}
