package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nagrik/bot"
	"nagrik/store"
)

// redeem gives a post to who opened an invitation's link or sent its code in private; ok is false
// if the message is no code.
func (d *Desk) redeem(ctx context.Context, m bot.Message) (reply bot.Reply, ok bool, err error) {
	code, sure := strings.CutPrefix(m.Start, officerWord)
	if !sure {
		if code, sure, ok = codeAlone(m.Text); !ok {
			return bot.Reply{}, false, nil
		}
	}
	may, err := d.mayTry(ctx, m)
	if err != nil {
		return bot.Reply{}, true, err
	}
	if !may {
		d.observe("redeem", "too_many")
		return bot.Reply{Text: d.say("desk.code.too_many", nil)}, sure, nil
	}
	post, err := d.Store.Redeem(ctx, code, m.Chat.Channel, m.Sender, m.Chat.ID, m.Name)
	if errors.Is(err, store.ErrCode) {
		d.observe("redeem", "refused")
		return bot.Reply{Text: d.say("desk.code.wrong", nil)}, sure, nil
	}
	if err != nil {
		return bot.Reply{}, true, fmt.Errorf("redeeming an invitation: %w", err)
	}
	d.observe("redeem", "done")
	return d.welcome(post), true, nil
}

// welcome tells a new officer what the post is, what will come, and how to bind the station's group.
func (d *Desk) welcome(p store.Post) bot.Reply {
	post := d.say("desk.welcome", map[string]any{"Post": d.post(store.By{Role: p.Role, Station: p.Station, District: p.District})})
	if p.Station != "" {
		post += "\n" + d.place(officers, p.Station, p.District)
	}
	paragraphs := []string{post, d.say("desk.welcome."+string(p.Role), nil)}
	var reply bot.Reply
	if mayBind(p) {
		paragraphs = append(paragraphs, d.say("desk.welcome.group", nil))
		reply.Options = []bot.Option{d.button(tap{groupTap, p.ID, 0}, "desk.group.add")}
	}
	reply.Text = strings.Join(paragraphs, "\n\n")
	reply.Options = append(reply.Options, bot.Option{Data: toDesk.Tap, Label: d.say(toDesk.Label, nil)})
	return reply
}

func mayBind(p store.Post) bool {
	return p.Station != "" && store.Allowed(store.ActBindGroup, p.Role, false)
}
