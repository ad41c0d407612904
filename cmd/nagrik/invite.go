package main

import (
	"context"
	"strings"
	"time"

	"nagrik/bot/telegram"
	"nagrik/store"
)

// The words that opening links carry in front of a code: see package desk.
const (
	officerWord = "inv_"
	groupWord   = "grp_"
)

// usernameTime is how long an invitation waits for Telegram to say the bot's name.
const usernameTime = 5 * time.Second

// invite makes a one-time code and says in how many ways it can be used: a line each.
func invite(ctx context.Context, s *Settings, records *store.Store, seat store.Seat, group bool, publicURL string) (string, error) {
	var code string
	var err error
	if group {
		code, err = records.InviteGroup(ctx, seat.Station, "cli")
	} else {
		code, err = records.Invite(ctx, seat, "cli")
	}
	if err != nil {
		return "", err
	}
	lines := []string{"code:     " + code + "   (once, within 7 days)"}
	if link := telegramLink(ctx, s, code, group); link != "" {
		lines = append(lines, "telegram: "+link)
	}
	if !group {
		lines = append(lines, "web:      "+publicURL+"/desk?start="+officerWord+code)
	}
	return strings.Join(lines, "\n"), nil
}

// telegramLink is the link that opens the bot with a code, "" if there is no bot or Telegram does not
// say its name.
func telegramLink(ctx context.Context, s *Settings, code string, group bool) string {
	if s.TelegramToken == "" {
		return ""
	}
	channel, err := telegram.New(s.TelegramToken, s.TelegramAPI, telegram.Options{})
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, usernameTime)
	defer cancel()
	name, err := channel.Username(ctx)
	if err != nil {
		return ""
	}
	if group {
		return "https://t.me/" + name + "?startgroup=" + groupWord + code
	}
	return "https://t.me/" + name + "?start=" + officerWord + code
}
