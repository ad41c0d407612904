package desk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// Sender sends the notices of the outbox, one at a time for each call of Deliver, in any number of
// replicas at once.
type Sender struct {
	Desk    *Desk
	Now     func() time.Time           // in the zone of the citizens: nobody is reminded at night
	Papers  Papers                     // makes what citizens get to keep
	Observe func(kind, outcome string) // counts notices for the metrics; may be nil
}

// What a notice may take. The lease outlasts the sending, so that a second sender begins only when
// the first has surely given up.
const (
	lease       = 30 * time.Second
	sendTimeout = 15 * time.Second
)

// Telegram's limits for what a bot sends, with room for the replies it gives beside
// (core.telegram.org/bots/faq: 30 a second, 1 a second to a chat, 20 a minute to a group).
var (
	perBot   = Rate{Count: 25, Per: time.Second, Burst: 25}
	perChat  = Rate{Count: 1, Per: time.Second, Burst: 1}
	perGroup = Rate{Count: 18, Per: time.Minute, Burst: 3}
	// receipts is the part of perBot that they may take: what is left is for cards and news.
	receipts = Rate{Count: 15, Per: time.Second, Burst: 15}
)

// outcomes of a delivery that are not reasons of a bot.SendError: words for the records and metrics.
const (
	outcomeSent     = "sent"
	outcomeWait     = "rate"       // our own limit: later
	outcomeNothing  = "nothing"    // the chat has all that there is to tell
	outcomeLost     = "lease_lost" // another sender has it now
	outcomeFailed   = "error"      // something passing: later
	outcomeNoWay    = "no_channel" // the channel is not configured here
	outcomeNoRight  = "sensitive"  // nothing that a group may see
	outcomeWithdrew = "withdrawn"  // nothing left to do for the officers
	outcomeStorm    = "storm"      // too many cards: to go along with others, later
	outcomeTogether = "together"   // went along with others
	outcomeOver     = "over"       // nothing left to ask or to fear
)

// Deliver sends one notice, if it is due and in nobody else's hands, and records what became of it.
// An error means that this could not be recorded: to be called again.
func (s *Sender) Deliver(ctx context.Context, notice int64) error {
	n, ok, err := s.Desk.Store.Claim(ctx, notice, lease)
	if err != nil || !ok {
		return err
	}
	outcome, err := s.deliver(ctx, n)
	if errors.Is(err, store.ErrLeaseLost) {
		outcome, err = outcomeLost, nil
	}
	if err != nil {
		outcome = outcomeFailed
	}
	s.observe(n.Kind, outcome)
	return err
}

// deliver sends a claimed notice.
func (s *Sender) deliver(ctx context.Context, n store.Notice) (outcome string, err error) {
	switch isCard := n.IsCard(); {
	case isCard && n.Card != "" && n.Shown >= n.Filing.Ver:
		return outcomeNothing, s.Desk.Store.Sent(ctx, n, n.Card)
	case n.Kind == store.NoticeCardEdit && n.Card == "": // an edit before this one said that it is gone
		return outcomeNothing, s.Desk.Store.Sent(ctx, n, "")
	case n.Group && n.Filing.Sensitive && (n.Card == "" || !isCard):
		return outcomeNoRight, s.Desk.Store.Failed(ctx, n, outcomeNoRight, nil)
	case isCard && n.Card == "" && n.Filing.Status == store.Withdrawn:
		return outcomeWithdrew, s.Desk.Store.Failed(ctx, n, outcomeWithdrew, nil)
	case n.Kind == store.NoticeOverdue && n.Late == 0:
		return outcomeNothing, s.Desk.Store.Failed(ctx, n, outcomeNothing, nil)
	case n.Digest != nil && n.Digest.Open == 0:
		return outcomeNothing, s.Desk.Store.Sent(ctx, n, "")
	case n.Match != nil && n.Group && n.Match.Private() && n.Kind != store.NoticeMatchEdit:
		return outcomeNoRight, s.Desk.Store.Failed(ctx, n, outcomeNoRight, nil)
	case overtaken(n):
		return outcomeOver, s.Desk.Store.Failed(ctx, n, outcomeOver, nil)
	case s.Desk.Channels[n.Channel] == nil:
		return outcomeNoWay, s.later(ctx, n, outcomeNoWay, pause(n.Attempt))
	}
	if mayGoTogether(n) {
		stormy, err := s.Desk.Store.Storm(ctx, n)
		if err != nil {
			return outcomeFailed, errors.Join(err, s.later(ctx, n, outcomeFailed, pause(n.Attempt)))
		}
		if stormy {
			if outcome, ok, err := s.together(ctx, n); ok {
				return outcome, err
			}
		}
	}
	return s.alone(ctx, n)
}

// alone sends a notice that has a message of its own.
func (s *Sender) alone(ctx context.Context, n store.Notice) (outcome string, err error) {
	wait := s.room(ctx, n)
	if n.Kind == store.NoticeReceipt {
		wait = s.queue(ctx, n, wait)
	}
	if wait > 0 {
		return outcomeWait, s.later(ctx, n, outcomeWait, wait)
	}
	reply, err := s.compose(ctx, n)
	if errors.Is(err, store.ErrNotAllowed) { // whose post it was for has ended
		return outcomeNoRight, s.Desk.Store.Failed(ctx, n, outcomeNoRight, nil)
	}
	if err != nil {
		return outcomeFailed, errors.Join(err, s.later(ctx, n, outcomeFailed, pause(n.Attempt)))
	}
	sending, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	to := bot.Chat{Channel: n.Channel, ID: n.Chat}
	message, err := s.Desk.send(sending, to, reply)
	if gone(err) { // somebody deleted the card
		reply.Replace = ""
		message, err = s.Desk.send(sending, to, reply)
	}
	// Once it is sent, what became of it is written down even if the process is told to stop.
	record := context.WithoutCancel(ctx)
	if err != nil {
		return s.refused(record, n, err)
	}
	if message == "" {
		message = reply.Replace
	}
	return outcomeSent, s.Desk.Store.Sent(record, n, message)
}

func gone(err error) bool {
	var refusal *bot.SendError
	return errors.As(err, &refusal) && refusal.Reason == bot.ReasonGone
}

// refused records why a channel did not take a notice, and whether to try again.
func (s *Sender) refused(ctx context.Context, n store.Notice, cause error) (outcome string, err error) {
	var refusal *bot.SendError
	if !errors.As(cause, &refusal) {
		return outcomeFailed, s.later(ctx, n, outcomeFailed, pause(n.Attempt))
	}
	switch refusal.Reason {
	case bot.ReasonBlocked:
		err = s.Desk.Store.Unreachable(ctx, n.Channel, n.Chat)
	case bot.ReasonMoved:
		if err = s.Desk.Store.MoveGroup(ctx, n.Channel, n.Chat, refusal.Moved); err == nil {
			err = s.later(ctx, n, refusal.Reason, 0)
		}
	case bot.ReasonBusy:
		err = s.later(ctx, n, refusal.Reason, max(refusal.After, time.Second))
	default:
		err = s.Desk.Store.Failed(ctx, n, refusal.Reason, nil)
	}
	return refusal.Reason, err
}

// later puts a notice off.
func (s *Sender) later(ctx context.Context, n store.Notice, reason string, wait time.Duration) error {
	return s.Desk.Store.Failed(ctx, n, reason, &wait)
}

// pauses are how long to wait after an attempt that failed for a passing reason; the last one from then on.
var pauses = []time.Duration{time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, time.Minute, 5 * time.Minute}

func pause(attempt int) time.Duration { return pauses[min(max(attempt-1, 0), len(pauses)-1)] }

// longestSpread is how far apart the notices for one chat are spread when there are many.
const longestSpread = time.Minute

// room takes a place for a notice within the limits, or says how long to wait for one. Without an
// answer from the limiter the notice goes out: the channel has the last word anyway.
func (s *Sender) room(ctx context.Context, n store.Notice) time.Duration {
	rate := perChat
	if n.Group {
		rate = perGroup
	}
	var wait time.Duration
	var err error
	if n.Kind == store.NoticeReceipt {
		wait, err = s.Desk.Limit(ctx, receipts, "receipts", n.Channel)
	}
	if err == nil && wait == 0 {
		wait, err = s.Desk.Limit(ctx, rate, "chat", n.Channel, n.Chat)
	}
	if err == nil && wait == 0 {
		wait, err = s.Desk.Limit(ctx, perBot, "bot", n.Channel)
	}
	if err != nil {
		s.observe("limit", outcomeFailed)
		return 0
	}
	if wait > 0 && !n.Urgent {
		// Others wait for the same place: the longer they have waited, the further apart they come back.
		wait += rand.N(min(wait*time.Duration(n.Attempt), longestSpread))
	}
	return wait
}

// compose puts a notice into words.
func (s *Sender) compose(ctx context.Context, n store.Notice) (bot.Reply, error) {
	switch n.Kind {
	case store.NoticeCard, store.NoticeCardEdit, store.NoticeCardOpen:
		reply, err := s.Desk.card(ctx, n.Filing, audience{n.Group, n.Roles}, false)
		reply.Replace = n.Card
		return reply, err
	case store.NoticeOverdue:
		return s.Desk.overdue(ctx, n)
	case store.NoticeDigest:
		return s.Desk.digest(n), nil
	case store.NoticeInformation:
		return s.Desk.information(n), nil
	case store.NoticeStatus:
		return s.news(ctx, n)
	case store.NoticeReceipt:
		return s.receipt(ctx, n)
	case store.NoticeAlarm, store.NoticeRelief:
		return s.Desk.alarming(n), nil
	case store.NoticeVisit:
		return bot.Reply{Text: s.Desk.toPerson(n, "notices.visit"), Photos: s.Desk.pictures(ctx, n)}, nil
	case store.NoticeLinked:
		return s.Desk.linked(n), nil
	case store.NoticeMatch, store.NoticeMatchEdit, store.NoticeMatchYes:
		return s.matchNotice(ctx, n)
	}
	if strings.HasPrefix(n.Kind, "ask") {
		return s.Desk.asking(n), nil
	}
	return bot.Reply{}, fmt.Errorf("there is no way to say a notice of kind %s", n.Kind)
}

func (s *Sender) observe(kind, outcome string) {
	if s.Observe != nil {
		s.Observe(kind, outcome)
	}
}
