package desk

import (
	"context"
	"fmt"

	"nagrik/store"
)

// acknowledge (स्वीकार) is the station's word that it has seen a filing: it stops the 24-hour clock
// and the citizen is told.
func acknowledge() action {
	return action{
		name:    "acknowledge",
		code:    "a",
		right:   store.ActAcknowledge,
		offered: func(f store.Filing) bool { return f.Status == store.Received || f.Status == store.Sent },
		do:      (*Desk).acknowledge,
	}
}

func (d *Desk) acknowledge(ctx context.Context, r request) (answer, error) {
	act, err := d.Store.Acknowledge(ctx, r.filing, r.ver, r.Chat.Channel, r.Sender)
	if err != nil {
		return answer{}, fmt.Errorf("acknowledging: %w", err)
	}
	d.observe("acknowledge", string(act.Outcome))
	told := answer{card: &act.Filing}
	switch act.Outcome {
	case store.Done:
		told.words = d.first(officers, nil, "desk.acknowledge.done."+act.Filing.Service, "desk.acknowledge.done")
	case store.Already:
		told.words = d.say("desk.acknowledge.already", map[string]any{"Post": d.post(act.By)})
	case store.Stale:
		told.words = d.say("desk.stale", nil)
	default:
		return answer{words: d.say("desk.not_allowed", nil)}, nil
	}
	return told, nil
}
