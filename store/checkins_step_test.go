package store

import (
	"testing"
	"time"
)

// TestNextMove holds the table of what is done when: in every state, on time and late, with the question arrived, on its
// way, or with nobody to ask.
func TestNextMove(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 3, 15, 18, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		what    string
		c       checkin
		after   time.Duration // how late the step is taken
		reached bool
		want    move
	}{
		{"time to ask", checkin{state: quiet, reachable: true}, 0, false, moveAsk},
		{"time to ask, long ago", checkin{state: quiet, reachable: true}, 30 * time.Hour, false, moveAsk},
		{"the filing ended", checkin{state: told, prompt: "sent", reachable: true, ended: true}, 0, false, moveEnd},
		{"a senior who travels", checkin{kind: checkGreeting, state: quiet, reachable: true, away: true}, 0, false, moveSkip},
		{"asked", checkin{state: asked, prompt: "sent", reachable: true}, 0, false, moveRemind},
		{"asked, found late", checkin{state: asked, prompt: "sent", reachable: true}, 30 * time.Hour, false, moveRemind},
		{"asked, and blocked since", checkin{state: asked, prompt: "sent"}, 0, false, moveFamily},
		{"asked, and blocked at once", checkin{state: asked, prompt: "waiting"}, 0, false, moveFamily},
		{"asked, and refused by the channel", checkin{state: asked, prompt: "failed", reachable: true}, 0, false, moveFamily},
		{"asked, still on its way", checkin{state: asked, prompt: "pending", reachable: true}, 0, false, moveHold},
		{"no answer", checkin{kind: checkReturn, state: reminded, prompt: "sent", reachable: true}, 0, false, moveFamily},
		{"no answer, a little late", checkin{kind: checkReturn, state: reminded, prompt: "sent", reachable: true}, late, false, moveFamily},
		{"no answer, after an outage", checkin{kind: checkReturn, state: reminded, prompt: "sent", reachable: true}, late + time.Second, false, moveAgain},
		{"the reminder on its way", checkin{kind: checkReturn, state: reminded, prompt: "sending", reachable: true}, 0, false, moveHold},
		{"and still, within the hour", checkin{kind: checkReturn, state: reminded, prompt: "pending", reachable: true, heldAt: due.Add(-held + time.Second)}, 0, false, moveHold},
		{"and for an hour", checkin{kind: checkReturn, state: reminded, prompt: "pending", reachable: true, heldAt: due.Add(-held)}, 0, false, moveFamily},
		{"and now arrived", checkin{kind: checkReturn, state: reminded, prompt: "sent", reachable: true, heldAt: due.Add(-time.Minute)}, 0, false, moveGrace},
		{"the first greeting without an answer", checkin{kind: checkGreeting, state: reminded, prompt: "sent", reachable: true}, 0, false, movePass},
		{"the first, after an outage", checkin{kind: checkGreeting, state: reminded, prompt: "sent", reachable: true}, time.Hour, false, moveAgain},
		{"the second", checkin{kind: checkGreeting, state: reminded, prompt: "sent", reachable: true, missed: 1}, 0, false, moveFamily},
		{"the family was reached", checkin{state: family, prompt: "sent", reachable: true}, 0, true, moveTold},
		{"nobody of it was", checkin{state: family, prompt: "sent", reachable: true}, 0, false, moveStation},
		{"nobody of it was, after an outage", checkin{state: family, prompt: "sent", reachable: true}, time.Hour, false, moveAgain},
		{"nor the person", checkin{state: family, prompt: "waiting"}, 0, false, moveStation},
		{"the family knows, and no answer", checkin{state: told, prompt: "sent", reachable: true}, 0, false, moveStation},
		{"the same after an outage", checkin{state: told, prompt: "sent", reachable: true}, time.Hour, false, moveAgain},
		{"an officer was reached", checkin{state: station, prompt: "sent"}, 0, true, moveReached},
		{"no officer was", checkin{state: station, prompt: "sent"}, time.Hour, false, moveStation},
	} {
		c.c.due, c.c.now = due, due.Add(c.after)
		if got := c.c.next(c.reached); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}
