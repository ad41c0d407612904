package bot

import (
	"strings"
	"time"
)

// Inspected is a question as tests see it.
type Inspected struct {
	Key      string
	TextKey  string   // the key of its texts: without the numbers of repeated groups
	Options  []string // of a choice; of a pick, what is offered beside the list
	List     List     // of a pick
	Optional bool
	Hidden   bool
	Files    bool           // it takes photos and other files
	Data     map[string]any // of its texts
	Notices  []string       // texts said before it
	Accepts  func(value string) bool
	Read     func(text string) (string, error) // of a text question; nil for others
}

// Inspect runs an interview over answers, and gives the questions that were answered, the one that
// is pending (nil: none), and the service that the interview goes on with ("" if it does not). Answers
// with "last." before their keys are those of the citizen's last filing (see Questions.Last).
func Inspect(i Interview, answers []Answer, citizen string, now time.Time) (answered []Inspected, pending *Inspected, continued string) {
	draft := &Draft{ID: "AAAAAAAAAAAAAAAA", Service: "inspected", Answers: answers}
	for _, a := range answers {
		if strings.HasPrefix(a.Key, lastFiling) {
			draft.Known = append(draft.Known, a)
		}
	}
	q := &Questions{draft: draft, citizen: citizen, now: now}
	i.Ask(q)
	for n := range q.asked {
		answered = append(answered, *inspected(&q.asked[n]))
	}
	if q.pending != nil {
		pending = inspected(q.pending)
	}
	return answered, pending, q.service
}

func inspected(a *question) *Inspected {
	x := &Inspected{
		Key: a.key, TextKey: a.textKey(), Options: a.options, List: a.list, Optional: a.optional, Hidden: a.hidden, Files: a.kind == kindPhotos, Data: a.data,
		Notices: a.notices, Accepts: a.accepts,
	}
	if a.kind == kindText {
		x.Read = a.rule.read
	}
	return x
}

// VisitWith is a visit in a chat whose draft has these answers, for tests of a Preparer.
func VisitWith(chat Chat, answers []Answer) Visit {
	return Visit{Chat: chat, Dialog: "AAAAAAAAAAAAAAAA", answers: &Draft{ID: "AAAAAAAAAAAAAAAA", Answers: answers}}
}
