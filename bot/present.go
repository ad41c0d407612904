package bot

import (
	"maps"
	"slices"
	"strings"
)

// lookup gives a text in the citizen's language; in simple mode its simple form where there is one.
func (t *turn) lookup(id string, data map[string]any) (string, bool) {
	if t.d.Simple {
		if words, ok := t.e.Texts.Text(t.d.Lang, id+".simple", data); ok {
			return words, true
		}
	}
	return t.e.Texts.Text(t.d.Lang, id, data)
}

// text gives a text that must be there; its id, where a release forgot it, is better than silence.
func (t *turn) text(id string, data map[string]any) string {
	if words, ok := t.lookup(id, data); ok {
		return words
	}
	t.e.observe("text_missing")
	return id
}

func (t *turn) hasText(id string, data map[string]any) bool {
	_, ok := t.lookup(id, data)
	return ok
}

func (t *turn) say(id string) { t.sayWith(id, nil) }

func (t *turn) sayWith(id string, data map[string]any) {
	t.lead = append(t.lead, t.text(id, data))
}

// spoken gives what was said so far in this turn.
func (t *turn) spoken() string { return strings.Join(t.lead, "\n\n") }

// textID is the id of one of a question's texts: the service's own, else the common one.
func (t *turn) textID(a *question, suffix string) string {
	key := a.textKey() + suffix
	if t.service != nil {
		id := t.service.ID + "." + key
		if _, ok := t.e.Texts.Text(t.d.Lang, id, a.data); ok {
			return id
		}
	}
	return "common." + key
}

func (t *turn) questionText(a *question, suffix string) string {
	return t.text(t.textID(a, suffix), a.data)
}

// present says where the dialog is now: a question of the engine's own, the pending question, the
// review, or the menu.
func (t *turn) present() (Reply, error) {
	if strings.HasPrefix(t.d.Confirm, "closed") && len(t.lead) == 0 {
		t.d.Confirm = "menu"
	}
	switch {
	case t.d.Confirm != "":
		c := t.confirming()
		words := ""
		if c.text != "" {
			words = t.text(c.text, c.data)
		}
		r := t.compose("", words, "")
		r.Options = c.options
		return r, nil
	case t.q == nil:
		t.d.Confirm = "menu" // so that a typed number is one of the menu's
		c := t.menuChoices()
		r := t.compose("", t.text(c.text, c.data), "")
		r.Options = c.options
		return r, nil
	case t.q.pending != nil:
		if t.q.pending.kind == kindVerify && t.vouched() {
			return t.owns(t.m.Phone)
		}
		return t.question(), nil
	case t.service.Direct:
		return t.finish(false)
	}
	return t.review(), nil
}

// compose puts a reply's text together: what is said first, the question (which stands out), and
// what follows it.
func (t *turn) compose(progress, question, after string) Reply {
	var b strings.Builder
	for i, line := range t.lead {
		b.WriteString(line)
		if i+1 < len(t.lead) && isAck(line) && isAck(t.lead[i+1]) {
			b.WriteString("\n")
			continue
		}
		b.WriteString("\n\n")
	}
	if question == "" {
		return Reply{Text: t.spoken(), Few: t.d.Simple, Words: t.words(), Document: t.paper, Photos: t.photoset, Toast: t.toast}
	}
	if progress != "" {
		b.WriteString(progress)
		b.WriteString(" · ")
	}
	start := b.Len()
	b.WriteString(question)
	if last := strings.LastIndex(question, "\n\n"); last >= 0 {
		start += last + 2 // what is told before is not the question
	}
	strong := Span{start, b.Len()}
	if after != "" {
		b.WriteString("\n")
		b.WriteString(after)
	}
	return Reply{Text: b.String(), Strong: strong, Few: t.d.Simple, Words: t.words(), Document: t.paper, Photos: t.photoset, Toast: t.toast}
}

func (t *turn) words() Words {
	return Words{List: t.text("engine.list", nil), Type: t.text("engine.type", nil)}
}

// question asks the pending question.
func (t *turn) question() Reply {
	a := t.q.pending
	said := len(t.lead)
	defer func() { t.lead = t.lead[:said] }() // asked again in this turn, the question brings its notices again
	if t.d.Wrong == 0 {
		// Else they stand above the wrong answer.
		for _, id := range a.notices {
			t.sayWith(id, a.data)
		}
		t.photoset = append(t.photoset, a.photos...)
	}
	if a.kind == kindPhotos && a.value != "" {
		t.sayWith("engine.have_photos", map[string]any{"Count": len(mediaIDs(a.value))})
	}
	progress := ""
	if !a.editing && !t.service.Direct {
		n := t.q.told() + 1
		progress = itoa(n) + "/" + itoa(n+t.q.later)
	}
	if t.d.Maybe != "" {
		r := t.compose("", t.text("engine.maybe", map[string]any{"Value": t.shownValue(a, t.d.Maybe)}), "")
		r.Options = []Option{t.button(t.maybeKey(), "yes", "engine.yes"), t.button(t.maybeKey(), "no", "engine.no")}
		r.Ways = t.ways(a)
		return r
	}
	words, after := t.wording(a)
	offers := t.offered(a)
	for _, o := range offers {
		if o.line != "" {
			after = strings.TrimPrefix(after+"\n"+o.line, "\n")
		}
	}
	r := t.compose(progress, words, after)
	r.Options = make([]Option, 0, len(offers))
	for _, o := range offers {
		r.Options = append(r.Options, Option{
			Data:  t.e.data(t.m.Chat, t.d.Draft.ID, a.key, o.id),
			Label: o.label,
			Note:  o.note,
		})
	}
	switch {
	case a.kind == kindVerify && !strings.HasPrefix(t.d.Aside, asideCode):
		r.Want, r.Words.Want = WantContact, t.text("engine.want.contact", nil)
	case a.kind == kindPlace, a.locate && t.d.Aside == "":
		r.Want, r.Words.Want = WantPlace, t.text("engine.want.place", nil)
	case a.kind == kindPhotos:
		r.Want = WantPhoto
	}
	r.Ways = t.ways(a)
	return r
}

// told is how many questions the citizen has answered: others were filled with what is known.
func (q *Questions) told() (n int) {
	for i := range q.asked {
		if !q.asked[i].filled {
			n++
		}
	}
	return n
}

// wording gives the words of the pending question and what follows them.
func (t *turn) wording(a *question) (words, after string) {
	_, near := ParsePlace(a.near)
	switch {
	case a.kind == kindPhotos && a.value != "":
		return t.text("engine.more_photos", nil), ""
	case a.kind == kindVerify && strings.HasPrefix(t.d.Aside, asideCode):
		return t.text("engine.code", map[string]any{"Phone": t.sentCode().phone}), ""
	case a.kind == kindVerify && t.e.Phone[t.m.Chat.Channel] != PhoneByContact:
		words = t.text("engine.phone_typed", nil)
	case a.kind == kindPick && strings.HasPrefix(t.d.Aside, asideFind):
		words = t.text("engine.which_of_these", nil)
	case a.kind == kindPick && (strings.HasPrefix(t.d.Aside, asideNear) || near && t.d.Aside == ""):
		words = t.text("engine.nearest", nil)
	default:
		words = t.questionText(a, "")
	}
	var lines []string
	if example, ok := t.lookup(t.textID(a, ".example"), a.data); ok && t.d.Aside == "" && t.d.Wrong == 0 {
		lines = append(lines, example)
	}
	if a.free && a.kind == kindText && t.d.Wrong == 0 && !t.d.Simple && !t.secret() {
		lines = append(lines, t.text("engine.voice_too", nil))
	}
	return words, strings.Join(lines, "\n")
}

// ways gives the ways out and on.
func (t *turn) ways(a *question) []Option {
	var ways []Option
	if a.optional && a.kind != kindYes && !(a.kind == kindPhotos && a.value != "") {
		ways = append(ways, t.button(keyWay+a.key, "skip", "engine.way.skip"))
	}
	if t.d.Wrong >= 2 {
		ways = append(ways, t.button(keyWay+a.key, "help", "engine.way.help"))
	}
	if len(t.q.asked) > 0 || a.editing || t.d.Aside != "" {
		ways = append(ways, t.button(keyWay+a.key, "back", "engine.way.back"))
	}
	if !t.d.Simple || len(ways) < 2 {
		ways = append(ways, t.button(keyWay+a.key, "cancel", "engine.way.cancel"))
	}
	return ways
}

func (t *turn) button(key, option, label string) Option {
	return Option{Data: t.e.data(t.m.Chat, t.d.Draft.ID, key, option), Label: t.text(label, nil)}
}

// isAck says whether a line says what was understood.
func isAck(line string) bool { return strings.HasPrefix(line, "✓") }

// ack says in a line what was understood.
func (t *turn) ack(a *question) string {
	if a.value == "" || a.kind == kindPhotos || a.kind == kindYes || a.hidden || a.value == a.via || t.service.Direct {
		return ""
	}
	shown := t.shownValue(a, a.value)
	if letters := len([]rune(shown)); letters > 60 || strings.Contains(shown, "\n") {
		return t.text("engine.noted", nil)
	}
	return t.text("engine.ack", map[string]any{"Value": shown})
}

// closing is the reply that ends a draft: what was said, and where to go from here.
func (t *turn) closing(words string, next ...Next) Reply {
	packed := make([]string, len(next))
	for i, n := range next {
		label := n.Label
		if n.Words != "" {
			label = nextWords + n.Words
		}
		packed[i] = label + ">" + n.Tap
		if n.Typed != "" {
			packed[i] += ">" + n.Typed
		}
	}
	return t.closed(words, strings.Join(packed, "|"))
}

// nextWords marks, in what closing packs, a label that is no text id.
const nextWords = "="

// closed is closing with what is offered next packed, as Confirm keeps it.
func (t *turn) closed(words, next string) Reply {
	t.d.Confirm, t.d.Said = "closed:"+next, words
	return Reply{Text: words, Few: t.d.Simple, Words: t.words(), Document: t.paper, Photos: t.photoset, Options: t.onward(next)}
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
