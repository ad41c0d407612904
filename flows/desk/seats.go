package desk

import (
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// seats is a bot.List of posts: an officer's own, to say as what they do something, or those of a
// place, for an administrator. Posts are named, officers are not.
type seats struct {
	d     *Desk
	posts []store.Post
	lines bool // the number and since when, for the administrator
}

func (l seats) item(lang string, p store.Post) bot.Item {
	item := bot.Item{ID: strconv.FormatInt(p.ID, 10), Label: l.d.postIn(lang, store.By{Role: p.Role, Station: p.Station, District: p.District})}
	if l.lines {
		item.Label = item.ID + " · " + item.Label
		item.Line = l.d.text(lang, "desk.post.line", map[string]any{"Post": item.Label, "Since": p.Since})
	}
	return item
}

// Find is bot.List's: by the names of role and place.
func (l seats) Find(lang, text string, n int) ([]bot.Item, bool) {
	var items []bot.Item
	said := hindi.Fold(text)
	for _, p := range l.posts {
		item := l.item(lang, p)
		if item.ID == hindi.Digits(strings.TrimSpace(text)) {
			return []bot.Item{item}, true
		}
		if strings.Contains(hindi.Fold(item.Label), said) || hindi.Similar(item.Label, text) >= alike {
			items = append(items, item)
		}
	}
	return items[:min(n, len(items))], len(items) == 1
}

// alike is from which likeness a post is meant by its name.
const alike = 0.8

// Near is bot.List's: posts are not looked for by place.
func (l seats) Near(string, bot.Place, int) []bot.Item { return nil }

// First is bot.List's.
func (l seats) First(lang string) []bot.Item {
	items := make([]bot.Item, len(l.posts))
	for i, p := range l.posts {
		items[i] = l.item(lang, p)
	}
	return items
}

// Item is bot.List's.
func (l seats) Item(lang, id string) (bot.Item, bool) {
	p, ok := l.post(id)
	if !ok {
		return bot.Item{}, false
	}
	return l.item(lang, p), true
}

func (l seats) post(id string) (store.Post, bool) {
	for _, p := range l.posts {
		if strconv.FormatInt(p.ID, 10) == id {
			return p, true
		}
	}
	return store.Post{}, false
}

// keySeat is the question as what an officer does something.
const keySeat = "seat"

// ask asks as what the officer does something, where there are several ways.
func (l seats) ask(q *bot.Questions) store.Post {
	if len(l.posts) == 1 {
		return l.posts[0]
	}
	id := ""
	q.Pick(&id, keySeat, l)
	p, _ := l.post(id)
	return p
}
