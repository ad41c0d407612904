package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"nagrik/bot"
	"nagrik/bot/terminal"
)

type talkCommand struct {
	Settings `embed:"" group:"Settings"`
	As       string `enum:"citizen,officer" default:"citizen" help:"Who is talking: citizen or officer."`
	Save     string `placeholder:"FILE" help:"Write what is said into a file, as a transcript."`
}

// Run has the conversation until the input ends.
func (t *talkCommand) Run(ctx context.Context) (err error) {
	t.LogLevel = cmp.Or(t.LogLevel, "warn") // the log shares the screen with the conversation
	if err := t.complete(); err != nil {
		return err
	}
	up := &started{log: newLog(os.Stderr, &t.Settings)}
	defer func() { err = errors.Join(err, up.stop()) }()
	c, err := openConversation(ctx, &t.Settings, joined, up)
	if err != nil {
		return err
	}
	options, err := t.options(ctx, c, up)
	if err != nil {
		return err
	}
	screen := terminal.New(os.Stdin, os.Stdout, options)
	channels := map[string]bot.Channel{terminal.Name: oneChat{screen, options.Chat}}
	desk := newDesk(c, channels)
	if t.trial() { // elsewhere `nagrik serve` sends the notices; what was filed here has its receipt in मेरे आवेदन
		if err := sendNotices(ctx, c, desk, up); err != nil {
			return err
		}
	}
	return screen.Run(ctx, c.safely(desk.Route(c.engine.Handle)))
}

// options are the terminal's. In a trial the officer is the demonstration officer.
func (t *talkCommand) options(ctx context.Context, c *conversation, up *started) (terminal.Options, error) {
	o := terminal.Options{Chat: t.As, First: "/start", Papers: filepath.Join(t.DataDir, "papers"), Bold: isTerminal(os.Stdout)}
	if err := os.MkdirAll(o.Papers, 0o700); err != nil {
		return o, fmt.Errorf("making the folder for papers: %w", err)
	}
	if t.Save != "" {
		file, err := os.OpenFile(t.Save, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return o, wrong("--save: %w", err)
		}
		up.add("transcript", func(context.Context) error { return file.Close() })
		o.Record = file
	}
	if t.As != "officer" || !t.trial() {
		return o, nil
	}
	posts, err := c.records.Posts(ctx, terminal.Name, o.Chat)
	if err != nil || len(posts) > 0 {
		return o, err
	}
	code, err := c.records.Invite(ctx, demonstration, "cli")
	o.Start = officerWord + code
	return o, err
}

// oneChat is the terminal of one chat, where others may have theirs at the same time.
type oneChat struct {
	*terminal.Terminal
	chat string
}

// elsewhere is when to look again whether the other terminal is there.
const elsewhere = 2 * time.Second

// Send shows what is for this chat.
func (o oneChat) Send(ctx context.Context, to bot.Chat, r bot.Rendered) (string, error) {
	if to.ID != o.chat {
		return "", &bot.SendError{Reason: bot.ReasonBusy, After: elsewhere}
	}
	return o.Terminal.Send(ctx, to, r)
}
