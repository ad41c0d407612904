package flows

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"nagrik/bot"
	"nagrik/store"
)

// Profile (भाषा, सरल मोड, मेरी जानकारी) is what citizens decide about the bot and about what it keeps of them:
// the notice, export and erasure of the DPDP Act 2023 (s.11, s.12).
type Profile struct {
	records *Records
	profile store.Profile
	known   bool

	gate pinGate

	What   string
	Pin    string
	Again  string
	Change string
	Lang   string
	Simple bool
	Next   string
	Sure   bool
}

// Prepare loads what is stored about the citizen.
func (p *Profile) Prepare(ctx context.Context, v bot.Visit) error {
	if v.Citizen == "" {
		return nil
	}
	err := p.gate.prepare(ctx, p.records.Store, v)
	if err != nil || p.gate.set && !p.gate.open {
		p.known = p.gate.set // that there is something, the PIN's owner knows
		return err
	}
	p.profile, err = p.records.Store.Profile(ctx, v.Citizen)
	p.known = err == nil
	if err != nil {
		return fmt.Errorf("reading the profile: %w", err)
	}
	return nil
}

// Ask names the questions.
func (p *Profile) Ask(q *bot.Questions) {
	q.Choice(&p.What, "what", []string{"language", "simple", "stored", "pin"})
	switch p.What {
	case "language":
		q.Choice(&p.Lang, "language", []string{"hi", "en"})
	case "simple":
		q.Yes(&p.Simple, "simple_mode")
	case "stored":
		if !p.known || !p.gate.ask(q) {
			return // File says so
		}
		q.Choice(&p.Next, "stored", []string{"fine", "export", "erase"},
			bot.With("Name", p.profile.Name), bot.With("Father", p.profile.Father),
			bot.With("Address", p.profile.Address), bot.With("Phone", p.profile.Phone))
		if p.Next == "erase" {
			q.Yes(&p.Sure, "erase_sure")
		}
	case "pin":
		p.askPin(q)
	}
}

// askPin asks for a new PIN, or whether to take the old one away: who does either must know the old one.
func (p *Profile) askPin(q *bot.Questions) {
	q.Verify()
	if !p.gate.ask(q) {
		return
	}
	if p.gate.set {
		q.Choice(&p.Change, "pin_change", []string{"new", "none"})
		if p.Change == "none" {
			return
		}
	}
	q.Text(&p.Pin, "new_pin", bot.Digits(pinDigits), bot.Hidden)
	q.Text(&p.Again, "pin_again", bot.Digits(pinDigits), bot.Hidden)
}

// filePin keeps the PIN.
func (p *Profile) filePin(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	if p.Pin != p.Again {
		return bot.Outcome{Text: "profile.pin_differs", Start: "profile"}, nil
	}
	if err := p.records.Store.SetPin(ctx, f.Citizen, p.Pin); err != nil {
		return bot.Outcome{}, err
	}
	if p.Pin == "" {
		return bot.Outcome{Text: "profile.pin_gone"}, nil
	}
	return bot.Outcome{Text: "profile.pin_set"}, nil
}

// File does what the citizen chose.
func (p *Profile) File(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	switch {
	case p.What == "language":
		return bot.Outcome{Text: "engine.language_changed", Lang: p.Lang}, nil
	case p.What == "simple" && p.Simple:
		return bot.Outcome{Text: "profile.simple_on", Simple: &p.Simple}, nil
	case p.What == "simple":
		return bot.Outcome{Text: "profile.simple_off", Simple: &p.Simple}, nil
	case p.gate.set && !p.gate.open:
		return p.gate.closed(), nil
	case p.What == "pin":
		return p.filePin(ctx, f)
	case !p.known:
		return bot.Outcome{Text: "profile.nothing_stored"}, nil
	case p.Next == "export":
		return p.export(ctx, f)
	case p.Next == "erase" && p.Sure:
		if _, err := p.records.Store.Erase(ctx, f.Citizen); err != nil {
			return bot.Outcome{}, fmt.Errorf("erasing a citizen: %w", err)
		}
		return bot.Outcome{Text: "profile.erased", Forget: true}, nil
	}
	return bot.Outcome{Text: "profile.kept"}, nil
}

// export gives the citizen everything that is stored about them, as a file.
func (p *Profile) export(ctx context.Context, f bot.Filing) (bot.Outcome, error) {
	all, err := p.records.Store.Export(ctx, f.Citizen)
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("exporting a citizen: %w", err)
	}
	var file bytes.Buffer
	writer := json.NewEncoder(&file)
	writer.SetEscapeHTML(false)
	writer.SetIndent("", "  ")
	if err := writer.Encode(all); err != nil {
		return bot.Outcome{}, fmt.Errorf("writing an export: %w", err)
	}
	return bot.Outcome{Text: "profile.exported", Document: &bot.Paper{
		Name: "nagrik-sahayak.json", MIME: "application/json", Data: file.Bytes(),
	}}, nil
}
