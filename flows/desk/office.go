package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// deskMenu is the group of the officers' own menu; deskAdmin the administrators' part of it.
const (
	deskMenu  = "desk"
	deskAdmin = "desk_admin"
)

// office are the services of the officers' menu. To whoever has no post they do not exist; what each
// officer finds and may do is decided by the store.
func (d *Desk) office() []bot.Service {
	services := []bot.Service{
		{ID: deskMenu, Rows: d.rows},
		{ID: deskAdmin, Group: []string{"desk_invite", "desk_posts", "desk_revoke"}, For: d.administrates},
		{ID: "desk_list", New: func() bot.Interview { return &list{d: d} }, Direct: true},
		{ID: "desk_card", New: func() bot.Interview { return &showing{errand{d: d}} }, Direct: true},
		{ID: "desk_search", New: func() bot.Interview { return &search{d: d} }, Direct: true},
		{ID: "desk_add", New: func() bot.Interview { return &addition{d: d} }},
		{ID: "desk_record", New: func() bot.Interview { return &recordShowing{d: d} }, Direct: true},
		{ID: "desk_withdraw", New: func() bot.Interview { return &withdrawal{d: d} }},
		{ID: "desk_match", New: func() bot.Interview { return &matchWord{d: d} }, Direct: true},
		{ID: "desk_stats", New: func() bot.Interview { return &statistics{d: d} }, Direct: true},
		{ID: "desk_invite", New: func() bot.Interview { return &invitation{d: d} }, For: d.administrates},
		{ID: "desk_posts", New: func() bot.Interview { return &postListing{d: d} }, Direct: true, For: d.administrates},
		{ID: "desk_revoke", New: func() bot.Interview { return &revocation{d: d} }, For: d.administrates},
	}
	for i := range services {
		services[i].Hidden, services[i].Calm = true, true
		if services[i].For == nil {
			services[i].For = d.serves
		}
	}
	return services
}

// posts are the posts of whoever talks: in private a chat has its person's id.
func (d *Desk) posts(ctx context.Context, v bot.Visit) ([]store.Post, error) {
	posts, err := d.Store.Posts(ctx, v.Chat.Channel, v.Chat.ID)
	if err != nil {
		return nil, fmt.Errorf("reading an officer's posts: %w", err)
	}
	return posts, nil
}

// serves says whether somebody is an officer.
func (d *Desk) serves(ctx context.Context, v bot.Visit) (bool, error) {
	posts, err := d.posts(ctx, v)
	return len(posts) > 0, err
}

func (d *Desk) administrates(ctx context.Context, v bot.Visit) (bool, error) {
	posts, err := d.posts(ctx, v)
	return allowed(posts, store.ActAdminister), err
}

// allowed says whether one of the posts may do something with ordinary filings.
func allowed(posts []store.Post, a store.Action) bool {
	return slices.ContainsFunc(posts, func(p store.Post) bool { return store.Allowed(a, p.Role, false) })
}

// rows are the rows of an officer's menu: what the posts allow.
func (d *Desk) rows(ctx context.Context, v bot.Visit) ([]bot.Next, error) {
	posts, err := d.posts(ctx, v)
	if err != nil {
		return nil, err
	}
	var rows []bot.Next
	add := func(may bool, row ...bot.Next) {
		if may {
			rows = append(rows, row...)
		}
	}
	views := allowed(posts, store.ActView)
	add(views, bot.Next{Tap: bot.StartTap("desk_list", "what", string(store.ListNew)), Label: "desk.menu.new"})
	add(allowed(posts, store.ActNote), bot.Next{Tap: bot.StartTap("desk_list", "what", string(store.ListMine)), Label: "desk.menu.mine"})
	add(views,
		bot.Next{Tap: bot.StartTap("desk_list", "what", string(store.ListOverdue)), Label: "desk.menu.overdue"},
		bot.Next{Tap: bot.MenuTap("desk_search"), Label: "menu.desk_search"})
	add(allowed(posts, store.ActMatch), bot.Next{Tap: bot.MenuTap("desk_match"), Label: "menu.desk_match"})
	add(len(addable(posts)) > 0, bot.Next{Tap: bot.MenuTap("desk_add"), Label: "menu.desk_add"})
	add(allowed(posts, store.ActStatistics), bot.Next{Tap: bot.MenuTap("desk_stats"), Label: "menu.desk_stats"})
	add(allowed(posts, store.ActAdminister), bot.Next{Tap: bot.MenuTap(deskAdmin), Label: "menu." + deskAdmin})
	return rows, nil
}

// toDesk is the button that leads to the officers' menu.
var toDesk = bot.Next{Tap: bot.MenuTap(deskMenu), Label: "desk.menu.open"}

// onward is what officers may want after they did something with a filing.
func onward(number string) []bot.Next {
	return []bot.Next{{Tap: bot.StartTap("desk_card", keyFiling, number), Label: "desk.menu.card"}, toDesk}
}

// officeChannel is the web chat for officers: there a greeting opens the desk.
const officeChannel = "desk"

// openOffice makes words that ask for the desk into a press of its button, for officers. To all others
// they are words like any.
func (d *Desk) openOffice(ctx context.Context, m bot.Message) (bot.Message, error) {
	if m.Group || m.Tap != "" || !d.wantsDesk(m) {
		return m, nil
	}
	officer, err := d.serves(ctx, bot.Visit{Chat: m.Chat})
	if officer {
		m.Text, m.Start, m.Tap = "", "", bot.MenuTap(deskMenu)
	}
	return m, err
}

func (d *Desk) wantsDesk(m bot.Message) bool {
	text, _, _ := strings.Cut(m.Text, "@") // "/desk@BOT"
	said := hindi.Fold(text)
	if said == "" || len(said) > 60 {
		return false
	}
	if command, ok := hindi.Command(m.Text); ok && m.Chat.Channel == officeChannel {
		return command == "start" || command == "menu"
	}
	words, _ := d.Texts.Text(officers, "desk.menu.open.words", nil)
	for word := range strings.SplitSeq(words, ",") {
		if said == hindi.Fold(word) {
			return true
		}
	}
	return false
}
