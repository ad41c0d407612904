package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// groupTap is the action of the button that asks for a group's code; its subject is the officer's post.
const groupTap = "g"

// GroupCode makes a one-time code that binds a group to the station of a post of the sender's.
// store.ErrNotAllowed if the post is not the sender's, or not one that may bind.
func (d *Desk) GroupCode(ctx context.Context, channel, sender string, post int64) (code string, p store.Post, err error) {
	posts, err := d.Store.Posts(ctx, channel, sender)
	if err != nil {
		return "", store.Post{}, fmt.Errorf("making a group's code: %w", err)
	}
	i := slices.IndexFunc(posts, func(p store.Post) bool { return p.ID == post && mayBind(p) })
	if i < 0 {
		return "", store.Post{}, store.ErrNotAllowed
	}
	code, err = d.Store.InviteGroup(ctx, posts[i].Station, "post "+strconv.FormatInt(post, 10))
	if err != nil {
		return "", store.Post{}, fmt.Errorf("making a group's code: %w", err)
	}
	return code, posts[i], nil
}

// offerGroup gives an officer the code for the station's group, in private only.
func (d *Desk) offerGroup(ctx context.Context, m bot.Message, post int64) (bot.Reply, error) {
	if m.Group || m.Sender == "" {
		return bot.Reply{Toast: d.say("desk.not_allowed", nil)}, nil
	}
	if may, err := d.mayTry(ctx, m); err != nil || !may {
		return bot.Reply{Toast: d.say("desk.code.too_many", nil)}, err
	}
	code, p, err := d.GroupCode(ctx, m.Chat.Channel, m.Sender, post)
	if errors.Is(err, store.ErrNotAllowed) {
		return bot.Reply{Toast: d.say("desk.not_allowed", nil)}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	reply := bot.Reply{Text: d.say("desk.group.code", map[string]any{"Code": code, "Place": d.place(officers, p.Station, p.District)})}
	if name := d.Username(); name != "" && m.Chat.Channel == telegram {
		reply.Options = []bot.Option{{Label: d.say("desk.group.choose", nil), URL: "https://t.me/" + name + "?startgroup=" + groupWord + code}}
	}
	return reply, nil
}

// inGroup looks for a group's code in what is said in a group, and has nothing to say to all else.
func (d *Desk) inGroup(ctx context.Context, m bot.Message) (bot.Reply, error) {
	if m.Tap != "" {
		return bot.Reply{}, nil
	}
	text := m.Text
	if m.Start != "" {
		text = m.Start
	}
	for _, command := range []string{"/bind", "/start"} {
		if rest, ok := strings.CutPrefix(text, command); ok {
			_, text, _ = strings.Cut(rest, " ") // "/bind@name code"
		}
	}
	code, ok := codeIn(strings.TrimPrefix(strings.TrimSpace(text), groupWord))
	if !ok {
		return bot.Reply{}, nil
	}
	return d.bind(ctx, m, code)
}

// bind makes a group the station's, for an officer of that station.
func (d *Desk) bind(ctx context.Context, m bot.Message, code string) (bot.Reply, error) {
	if m.Sender == "" {
		d.observe("bind", "anonymous")
		return bot.Reply{Text: d.say("desk.anonymous", nil)}, nil
	}
	if may, err := d.mayTry(ctx, m); err != nil || !may {
		d.observe("bind", "too_many")
		return bot.Reply{Text: d.say("desk.code.too_many", nil)}, err
	}
	station, err := d.Store.BindGroup(ctx, code, m.Chat.Channel, m.Chat.ID, m.Sender)
	switch {
	case errors.Is(err, store.ErrCode):
		d.observe("bind", "refused")
		return bot.Reply{Text: d.say("desk.group.wrong", nil)}, nil
	case errors.Is(err, store.ErrNotAllowed):
		d.observe("bind", "not_allowed")
		return bot.Reply{Text: d.say("desk.group.stranger", nil)}, nil
	case err != nil:
		return bot.Reply{}, fmt.Errorf("binding a group: %w", err)
	}
	d.observe("bind", "done")
	return bot.Reply{Text: d.say("desk.group.bound", map[string]any{"Place": d.place(officers, station.Code, station.District)})}, nil
}
