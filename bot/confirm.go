package bot

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nagrik/bot/hindi"
)

// confirmation is a question of the engine's own: whether to cancel, to go on with a draft, to
// file the same once more. Its options are tapped, or typed as a number or in words.
type confirmation struct {
	text    string
	data    map[string]any
	options []Option // Data is the option's id until confirming signs it
}

// confirming gives the open question of the engine's own.
func (t *turn) confirming() confirmation {
	what, about, _ := strings.Cut(t.d.Confirm, ":")
	switch what {
	case "cancel", "restart":
		return confirmation{"engine.confirm." + what, t.draftName(), []Option{
			t.confirm("yes", "engine.confirm."+what+".yes"), t.confirm("no", "engine.confirm.go_on"),
		}}
	case "resume":
		return confirmation{"engine.confirm.resume", t.draftName(), []Option{
			t.confirm("no", "engine.confirm.go_on"), t.confirm("yes", "engine.confirm.anew"),
		}}
	case "again":
		return confirmation{"engine.confirm.again", map[string]any{"Number": about}, []Option{
			t.confirm("yes", "engine.confirm.again.yes"), t.confirm("no", "engine.confirm.again.no"),
		}}
	case "switch":
		no := t.menuOption("!menu", "engine.no")
		if t.q != nil {
			no = t.confirm("no", "engine.no")
		}
		return confirmation{"engine.confirm.switch", map[string]any{"Service": t.text("menu."+about, nil)}, []Option{
			t.menuOption(about, "engine.yes"), no,
		}}
	case "language":
		return confirmation{"engine.confirm.language", nil, []Option{
			t.menuOption("!lang.hi", "engine.language.hi"), t.menuOption("!lang.en", "engine.language.en"),
		}}
	case "danger":
		c := confirmation{text: "engine.confirm.danger"}
		if t.e.service("complaint") != nil {
			c.options = append(c.options, t.menuOption("complaint", "menu.complaint"))
		}
		c.options = append(c.options, t.menuOption("!menu", "engine.way.menu"))
		return c
	case "voice":
		return confirmation{"engine.confirm.voice", nil, []Option{
			t.confirm("yes", "engine.confirm.voice.yes"), t.confirm("no", "engine.confirm.voice.no"),
		}}
	case "closed":
		return confirmation{options: t.onward(about)}
	}
	return t.menuChoices()
}

// draftName is the data of texts that speak of the open draft.
func (t *turn) draftName() map[string]any {
	return map[string]any{"Service": t.titled(t.d.Draft.Service, t.q.about())}
}

// confirm is a button that answers the open question of the engine's own, and no other.
func (t *turn) confirm(option, label string) Option {
	return t.button(t.confirmKey(), option, label)
}

// maybeKey is the key of the buttons that confirm this uncertain reading, and no other.
func (t *turn) maybeKey() string {
	key := ""
	if t.q != nil && t.q.pending != nil {
		key = t.q.pending.key
	}
	return keyMaybe + ":" + base64.RawURLEncoding.EncodeToString(fingerprint(key+"="+t.d.Maybe))
}

func (t *turn) confirmKey() string {
	what, _, _ := strings.Cut(t.d.Confirm, ":")
	return keyConfirm + ":" + what
}

func (t *turn) menuOption(what, label string) Option {
	return Option{Data: MenuTap(what), Label: t.text(label, nil)}
}

// onward is where a citizen may go once nothing is open. next is what the service that has just ended
// offers, as closing packed it.
func (t *turn) onward(next string) []Option {
	var options []Option
	for n := range strings.SplitSeq(next, "|") {
		label, tap, ok := strings.Cut(n, ">")
		tap, _, _ = strings.Cut(tap, ">")
		words, isWords := strings.CutPrefix(label, nextWords)
		switch {
		case isWords:
			options = append(options, Option{Data: tap, Label: words})
		case ok:
			options = append(options, Option{Data: tap, Label: t.text(label, nil)})
		}
	}
	options = append(options, t.resumeOptions()...)
	if t.e.service("my_filings") != nil && t.d.Citizen != "" {
		options = append(options, t.menuOption("my_filings", "menu.my_filings"))
	}
	return append(options, t.menuOption("!menu", "engine.way.menu"))
}

// menuChoices is the menu that is open: the main one, with drafts to go on with before the services,
// or that of a group. In simple mode it has pages: Confirm is "menu:GROUP.PAGE".
func (t *turn) menuChoices() confirmation {
	_, about, _ := strings.Cut(t.d.Confirm, ":")
	group, page, _ := strings.Cut(about, ".")
	c := confirmation{text: "engine.menu"}
	if s := t.e.service(group); s != nil && s.New == nil && t.meant(s) {
		c.text = "menu." + group + ".choose"
		c.options = t.groupOptions(s)
	} else {
		group = ""
		c.options = t.resumeOptions()
		for _, s := range t.e.Services {
			if !s.Hidden && t.e.here(&s) {
				c.options = append(c.options, t.serviceOption(s.ID))
			}
		}
	}
	if t.d.Simple && len(c.options) > fewOptions {
		c.options = t.menuPage(c.options, group, page)
	}
	if group != "" {
		c.options = append(c.options, t.menuOption("!menu", "engine.way.menu"))
	}
	return c
}

// groupOptions are the rows of a group's menu. One that is a person's own begins with what they left
// unfinished, as the main menu does.
func (t *turn) groupOptions(s *Service) []Option {
	var options []Option
	for _, id := range s.Group {
		if t.e.service(id) != nil {
			options = append(options, t.serviceOption(id))
		}
	}
	if s.Rows == nil {
		return options
	}
	rows, err := s.Rows(t.ctx, t.visit())
	if err != nil {
		t.fail(fmt.Errorf("reading the rows of %s: %w", s.ID, err))
		return nil
	}
	options = append(options, t.resumeOptions()...)
	for _, row := range rows {
		o := Option{Data: row.Tap, Label: row.Words}
		if row.Words == "" {
			o.Label = t.text(row.Label, nil)
			o.Note, _ = t.lookup(row.Label+".note", nil)
		}
		options = append(options, o)
	}
	return options
}

// serviceOption is a service's row in a menu.
func (t *turn) serviceOption(id string) Option {
	o := Option{Data: MenuTap(id), Label: t.text("menu."+id, nil)}
	o.Note, _ = t.lookup("menu."+id+".note", nil)
	return o
}

// menuPage is the part of a menu that is shown in simple mode, with the way to the next.
func (t *turn) menuPage(all []Option, group, page string) []Option {
	n, _ := strconv.Atoi(page)
	pages := (len(all) + fewOptions - 1) / fewOptions
	n = min(max(n, 0), pages-1)
	next, label := (n+1)%pages, "engine.way.more"
	if next == 0 {
		label = "engine.way.first"
	}
	shown := slices.Clone(all[n*fewOptions : min((n+1)*fewOptions, len(all))])
	return append(shown, t.menuOption("!menu."+group+"."+itoa(next), label))
}

// resumeOptions are the drafts to go on with: the open one, then those set aside. Of two drafts of
// one service the second is offered when the first is done.
func (t *turn) resumeOptions() []Option {
	var options []Option
	for _, d := range append([]Draft{t.d.Draft}, t.d.Parked...) {
		if !t.worth(d) {
			continue
		}
		o := t.menuOption("!resume."+d.Service, "menu."+d.Service+".resume")
		if !slices.Contains(options, o) {
			options = append(options, o)
		}
	}
	return options
}

// typed is what typing the label of a button does, of those that closing packed: what pressing it does,
// unless the button is another's.
func typed(next, data string) string {
	for n := range strings.SplitSeq(next, "|") {
		if _, both, _ := strings.Cut(n, ">"); strings.HasPrefix(both, data+">") {
			return both[len(data)+1:]
		}
	}
	return data
}

// confirmed takes the answer to the open question of the engine's own; ok is false when the words
// are no answer to it.
func (t *turn) confirmed(answer string) (reply Reply, ok bool, err error) {
	what, about, _ := strings.Cut(t.d.Confirm, ":")
	choice := answer
	if t.m.Tap == "" {
		data, ok := t.chosenOption(t.confirming(), answer)
		if !ok {
			return Reply{}, false, nil
		}
		p, _ := t.e.press(t.m.Chat, typed(about, data))
		if p.menu != "" {
			t.d.Confirm = ""
			reply, err = t.chosen(p.menu)
			return reply, true, err
		}
		choice = p.option
	}
	t.d.Confirm = ""
	yes := choice == "yes"
	switch {
	case what == "again" && yes:
		reply, err = t.finish(true)
	case what == "again":
		if err = t.close(); err == nil {
			t.sayWith("engine.filed_already", map[string]any{"Number": about})
			reply = t.closing(t.spoken())
		}
	case what == "cancel" && yes:
		if err = t.close(); err == nil {
			t.say("engine.cancelled")
			reply, err = t.present()
		}
	case what == "voice" && yes:
		t.d.Draft.set(keyVoice, "yes")
		t.say("engine.voice_again")
		reply, err = t.present()
	case what == "voice":
		t.say("engine.voice_no")
		reply, err = t.present()
	case (what == "restart" || what == "resume") && yes:
		service := t.d.Draft.Service
		_, answers := readStart(about)
		if a := t.q.about(); what == "restart" && a != nil {
			answers = []Answer{{a.key, a.value}}
		}
		t.d.closeDraft()
		if err = t.openWith(service, answers); err == nil {
			reply, err = t.present()
		}
	default:
		reply, err = t.present()
	}
	return reply, true, err
}

// chosenOption finds the option that typed words mean: its number, its label, or yes and no.
func (t *turn) chosenOption(c confirmation, text string) (data string, ok bool) {
	if n, isNumber := hindi.Number(text); isNumber && n >= 1 && n <= len(c.options) {
		return c.options[n-1].Data, true
	}
	folded := hindi.Fold(text)
	for _, o := range c.options {
		if hindi.Fold(o.Label) == folded {
			return o.Data, true
		}
	}
	yes, isYes := hindi.YesNo(text)
	what, _, _ := strings.Cut(t.d.Confirm, ":")
	if !isYes || !contains([]string{"cancel", "restart", "resume", "again", "switch", "voice"}, what) {
		return "", false
	}
	// "हाँ" to "go on?" is the first option, "नहीं" the second, whatever the ids are.
	if yes {
		return c.options[0].Data, true
	}
	return c.options[1].Data, true
}
