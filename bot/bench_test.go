package bot_test

import (
	"context"
	"strconv"
	"testing"

	"nagrik/bot"
)

// turns measures turns of one chat that leave the dialog where it is: what a server does all day.
func turns(b *testing.B, texts bot.Texts, prepare func(c *talker), m func(c *talker) bot.Message) {
	w := newWorld(b)
	w.engine.Texts, w.engine.Observe = texts, nil
	c := w.talk("telegram", "4242424242")
	prepare(c)
	message := m(c)
	message.Chat, message.Sender = c.chat, c.chat.ID
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		message.ID = strconv.Itoa(n)
		reply, err := w.engine.Handle(context.Background(), message)
		if err != nil || reply.Empty() {
			b.Fatal(err, reply.Text)
		}
	}
}

// BenchmarkButtonTurn turns a page: a draft of six answers, a reply of thirteen buttons.
func BenchmarkButtonTurn(b *testing.B) {
	turns(b, quickWords(b), toStation, func(c *talker) bot.Message { return bot.Message{Tap: c.button("और दिखाएँ")} })
}

// BenchmarkTextTurn types the beginning of a station's name: no danger, no command, no option, a search.
func BenchmarkTextTurn(b *testing.B) {
	turns(b, quickWords(b), toStation, func(c *talker) bot.Message { return bot.Message{Text: "ब"} })
}

// BenchmarkMenuTurn types a command at the review: a draft of twelve answers, a reply of nine buttons.
func BenchmarkMenuTurn(b *testing.B) {
	turns(b, quickWords(b), func(c *talker) { c.toReview() }, func(c *talker) bot.Message { return bot.Message{Text: "मेनू"} })
}

func toStation(c *talker) {
	c.say("खोया सामान")
	c.tap("खो गया", "बैग", "नहीं", "आज")
	c.say("गांधी मैदान")
	c.wants("<lost_property.station>")
}

// quick are words made before the clock runs, so that the engine is measured and not the texts.
type quick struct{ made map[string]string }

func quickWords(b *testing.B) bot.Texts {
	b.Helper()
	return quick{map[string]string{}}
}

func (q quick) Text(lang, id string, data map[string]any) (string, bool) {
	if s, ok := q.made[id]; ok {
		return s, s != ""
	}
	s, ok := words{}.Text(lang, id, data)
	if !ok {
		s = ""
	}
	q.made[id] = s
	return s, ok
}
