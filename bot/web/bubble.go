package web

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"strings"

	"nagrik/bot"
)

// bubble is one message of ours as the page shows it, and as it is kept.
type bubble struct {
	ID      string   `json:"-"` // of the element on the page; what comes back as Message.On
	Texts   []string `json:"texts,omitempty"`
	Strong  bot.Span `json:"strong,omitzero"` // in the last of Texts
	Chips   []chip   `json:"chips,omitempty"`
	Want    bot.Want `json:"want,omitempty"`
	Label   string   `json:"label,omitempty"` // on the button for Want
	Papers  []paper  `json:"papers,omitempty"`
	Few     bool     `json:"few,omitempty"`
	Replace string   `json:"replace,omitempty"` // id of the bubble that this one takes the place of
	Toast   string   `json:"toast,omitempty"`
}

// chip is a button or a link under a bubble.
type chip struct {
	Data  string `json:"data,omitempty"`
	Label string `json:"label"`
	Note  string `json:"note,omitempty"`
	URL   string `json:"url,omitempty"`
	Way   bool   `json:"way,omitempty"` // a way out or on, not an answer
}

// reply is the bubble of a Reply. Unlike a notice it knows which chips are ways out, and it may
// ask for a place, which the page has a button for beside the chips.
func (w *Web) reply(ctx context.Context, chat, id string, r bot.Reply) (bubble, error) {
	rendered := bot.Render(r, w.Limits())
	var inline []bot.Paper
	if r.Secret { // what is behind a link is kept
		inline, rendered.Photos = rendered.Photos, nil
	}
	b, err := w.notice(ctx, chat, rendered)
	if err != nil {
		return bubble{}, err
	}
	for _, p := range inline {
		b.Papers = append(b.Papers, paper{Name: p.Name, MIME: p.MIME, Data: p.Data})
	}
	b.ID, b.Want, b.Label = id, r.Want, r.Words.Want
	ways := map[chip]bool{}
	for _, o := range r.Ways {
		ways[newChip(o)] = true
	}
	for i, c := range b.Chips {
		b.Chips[i].Way = ways[c]
	}
	return b, nil
}

// notice is the bubble of a rendered message; its papers are put behind links.
func (w *Web) notice(ctx context.Context, chat string, r bot.Rendered) (bubble, error) {
	b := bubble{Texts: r.Texts, Strong: r.Strong, Few: r.Few, Replace: r.Replace, Toast: r.Toast}
	for _, row := range r.Buttons {
		for _, o := range row {
			b.Chips = append(b.Chips, newChip(o))
		}
	}
	papers := r.Photos
	if r.Document != nil {
		papers = append(papers[:len(papers):len(papers)], *r.Document)
	}
	for _, p := range papers {
		link, err := w.keepPaper(ctx, chat, p)
		if err != nil {
			return bubble{}, err
		}
		b.Papers = append(b.Papers, link)
	}
	return b, nil
}

func newChip(o bot.Option) chip { return chip{Data: o.Data, Label: o.Label, Note: o.Note, URL: o.URL} }

// empty says whether there is nothing to see but perhaps a toast.
func (b bubble) empty() bool { return len(b.Texts) == 0 && len(b.Papers) == 0 && len(b.Chips) == 0 }

// post puts a bubble into the chat's mailbox.
func (w *Web) post(ctx context.Context, chat string, b bubble) (string, error) {
	data, err := json.Marshal(b)
	if err != nil {
		return "", fmt.Errorf("encoding a notice: %w", err)
	}
	return w.mailbox.Put(ctx, chat, data)
}

// lastKey is where the last reply is kept, for a page that is loaded again and for browsers
// without scripts.
const lastKey = "last"

// keptBubble is a bubble with its id.
type keptBubble struct {
	ID     string `json:"id"`
	Bubble bubble `json:"bubble"`
}

func (w *Web) keepLast(ctx context.Context, chat string, b bubble) error {
	data, err := json.Marshal(keptBubble{b.ID, b})
	if err != nil {
		return fmt.Errorf("encoding the last reply: %w", err)
	}
	return w.mailbox.Keep(ctx, chat, lastKey, data, lastTime)
}

// last is the last reply, if it is still there and readable.
func (w *Web) last(ctx context.Context, chat string) (bubble, bool, error) {
	data, err := w.mailbox.Kept(ctx, chat, lastKey)
	if err != nil || data == nil {
		return bubble{}, false, err
	}
	var k keptBubble
	if err := json.Unmarshal(data, &k); err != nil {
		return bubble{}, false, nil // written by another release: as good as none
	}
	k.Bubble.ID = k.ID
	return k.Bubble, true, nil
}

// notices are the bubbles in a chat's mailbox after an id, and the id of the last one.
func (w *Web) notices(ctx context.Context, chat, after string) (bubbles []bubble, end string, err error) {
	items, err := w.mailbox.After(ctx, chat, after)
	if err != nil {
		return nil, "", err
	}
	end = after
	for _, item := range items {
		end = item.ID
		var b bubble
		if json.Unmarshal(item.Data, &b) != nil {
			continue // written by another release
		}
		b.ID = item.ID
		bubbles = append(bubbles, b)
	}
	return bubbles, end, nil
}

// A part is a stretch of a text that is shown in one way.
type part struct {
	Text   string
	Strong bool
	URL    template.URL
}

var address = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?)\]।]`)

// Parts cuts a text of the bubble into stretches: the strong one, web addresses, the rest.
func (b bubble) Parts(i int) []part {
	text := b.Texts[i]
	if i < len(b.Texts)-1 || b.Strong.Start < 0 || b.Strong.End <= b.Strong.Start || b.Strong.End > len(text) {
		return linked(text, false)
	}
	parts := linked(text[:b.Strong.Start], false)
	parts = append(parts, linked(text[b.Strong.Start:b.Strong.End], true)...)
	return append(parts, linked(text[b.Strong.End:], false)...)
}

func linked(text string, strong bool) []part {
	var parts []part
	for _, at := range address.FindAllStringIndex(text, -1) {
		link := text[at[0]:at[1]]
		parts = append(parts, part{Text: text[:at[0]], Strong: strong}, part{Text: link, Strong: strong, URL: template.URL(link)})
		text = text[at[1]:]
	}
	return append(parts, part{Text: text, Strong: strong})
}

// Link is where a chip leads, "" if nowhere that a page may lead to.
func (c chip) Link() template.URL {
	u, err := url.Parse(c.URL)
	if err != nil || !strings.Contains(" http https tel ", " "+u.Scheme+" ") || u.Scheme == "" {
		return ""
	}
	return template.URL(c.URL)
}

// WantsPlace and WantsPhoto are for the template.
func (b bubble) WantsPlace() bool { return b.Want == bot.WantPlace }

// WantsPhoto is true where the page offers its file button once more, beside the question.
func (b bubble) WantsPhoto() bool { return b.Want == bot.WantPhoto }
