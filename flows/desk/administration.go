package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// The administrators' part of the menu: what `nagrik officer` does, with the same effect.

// Answers beside the lists of places.
const (
	wholeState    = "state" // posts that belong to no district
	wholeDistrict = "whole"
)

// invitation makes a one-time code that gives an officer a post.
type invitation struct {
	d *Desk

	Role     string
	Station  string
	District string
}

var (
	stationRoles  = []store.Role{store.DeskOfficer, store.SHO}
	districtRoles = []store.Role{store.SDPO, store.SP}
)

// Ask names the questions.
func (x *invitation) Ask(q *bot.Questions) {
	roles := make([]string, len(store.Roles))
	for i, r := range store.Roles {
		roles[i] = string(r)
	}
	q.Choice(&x.Role, "role", roles)
	switch role := store.Role(x.Role); {
	case slices.Contains(stationRoles, role):
		q.Pick(&x.Station, "station", x.d.Places.All())
	case slices.Contains(districtRoles, role):
		q.Pick(&x.District, "district", x.d.Places.Districts())
	}
}

// File makes the code, and says it once: nobody can look it up later.
func (x *invitation) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	d := x.d
	seat := store.Seat{Role: store.Role(x.Role), Station: x.Station, District: x.District}
	code, err := d.Store.InviteAs(ctx, f.Chat.Channel, f.Chat.ID, seat)
	if out, ok := d.unadministered(err); ok {
		return out, nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("inviting an officer: %w", err)
	}
	d.observe("invite", string(store.Done))
	links := []string{}
	if name := d.Username(); name != "" {
		links = append(links, "https://t.me/"+name+"?start="+officerWord+code)
	}
	if d.PublicURL != "" {
		links = append(links, d.PublicURL+"/"+officeChannel+"?start="+officerWord+code)
	}
	return bot.Outcome{Text: "desk_invite.done", Once: true, Next: []bot.Next{toDesk}, Data: map[string]any{
		"Post": d.postIn(f.Lang, store.By(seat)),
		"Code": code, "Links": strings.Join(links, "\n"),
	}}, nil
}

// unadministered puts a refusal into words.
func (d *Desk) unadministered(err error) (bot.Outcome, bool) {
	if !errors.Is(err, store.ErrNotAllowed) {
		return bot.Outcome{}, false
	}
	d.observe("administer", string(store.NotAllowed))
	return bot.Outcome{Text: "desk.no_post", Next: []bot.Next{toDesk}}, true
}

// postListing shows who has which post in a place, with names: it leaves a trace.
type postListing struct {
	d *Desk

	District string
	Station  string
}

// Ask names the questions.
func (x *postListing) Ask(q *bot.Questions) {
	q.Pick(&x.District, "district", x.d.Places.Districts(), bot.Or(wholeState))
	if x.District != wholeState {
		q.Pick(&x.Station, "station", x.d.Places.In(x.District), bot.Or(wholeDistrict))
	}
}

// File lists them.
func (x *postListing) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	d := x.d
	district, station := x.District, x.Station
	if district == wholeState {
		district = ""
	}
	if station == wholeDistrict {
		station = ""
	}
	posts, err := d.Store.ListPostsAs(ctx, f.Chat.Channel, f.Chat.ID, station, district)
	if out, ok := d.unadministered(err); ok {
		return out, nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("listing posts: %w", err)
	}
	next := []bot.Next{{Tap: bot.MenuTap("desk_revoke"), Label: "menu.desk_revoke"}, toDesk}
	var lines []string
	for _, p := range posts {
		if x.District == wholeState && p.District != "" {
			continue
		}
		lines = append(lines, d.text(f.Lang, "desk.post.named", map[string]any{
			"ID": p.ID, "Post": d.postIn(f.Lang, store.By{Role: p.Role, Station: p.Station, District: p.District}), "Since": p.Since, "Name": line(p.Name),
		}))
	}
	if len(lines) == 0 {
		return bot.Outcome{Text: "desk_posts.none", Next: []bot.Next{toDesk}}, nil
	}
	return bot.Outcome{Text: "desk_posts.list", Data: map[string]any{"Count": len(lines), "List": strings.Join(lines, "\n")}, Next: next}, nil
}

// revocation ends a post at once.
type revocation struct {
	d     *Desk
	posts []store.Post

	District string
	Post     string
}

// Prepare loads the posts of the place, for an administrator.
func (x *revocation) Prepare(ctx context.Context, v bot.Visit) error {
	district := v.Answer("district")
	if may, err := x.d.administrates(ctx, v); err != nil || !may || district == "" {
		return err
	}
	state := district == wholeState
	if state {
		district = ""
	}
	posts, err := x.d.Store.ListPosts(ctx, "", district)
	x.posts = slices.DeleteFunc(posts, func(p store.Post) bool { return state && p.District != "" })
	return err
}

// Ask names the questions.
func (x *revocation) Ask(q *bot.Questions) {
	q.Pick(&x.District, "district", x.d.Places.Districts(), bot.Or(wholeState))
	if x.District != "" && len(x.posts) == 0 {
		return // File says so
	}
	q.Pick(&x.Post, "post", seats{d: x.d, posts: x.posts, lines: true})
}

// File ends the post.
func (x *revocation) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	d := x.d
	p, ok := seats{d: d, posts: x.posts}.post(x.Post)
	if !ok {
		return bot.Outcome{Text: "desk_posts.none", Next: []bot.Next{toDesk}}, nil
	}
	err := d.Store.RevokeAs(ctx, f.Chat.Channel, f.Chat.ID, p.ID)
	if out, ok := d.unadministered(err); ok {
		return out, nil
	}
	out := bot.Outcome{Text: "desk_revoke.done", Next: []bot.Next{toDesk}, Data: map[string]any{
		"Post": d.postIn(f.Lang, store.By{Role: p.Role, Station: p.Station, District: p.District}),
	}}
	switch {
	case errors.Is(err, store.ErrOwnPost):
		out.Text = "desk_revoke.own"
	case errors.Is(err, store.ErrNotFound): // ended before, also by this very message
	case err != nil:
		return bot.Outcome{}, fmt.Errorf("revoking a post: %w", err)
	}
	d.observe("revoke", string(store.Done))
	return out, nil
}
