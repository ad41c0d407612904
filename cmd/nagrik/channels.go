package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"nagrik/bot"
	"nagrik/bot/telegram"
	"nagrik/bot/web"
	"nagrik/flows"
	"nagrik/flows/paper"
	"nagrik/locales"
)

// The web chat of the citizens and that of the officers are channels of their own.
const (
	webName  = "web"
	deskName = "desk"
)

// channelSet is the channels that are configured.
type channelSet struct {
	web, desk *web.Web
	telegram  *telegram.Channel // nil: off
}

// openChannels makes the channels; nothing is received yet.
func openChannels(c *conversation, publicURL string, up *started) (*channelSet, error) {
	all := &channelSet{}
	var err error
	if all.web, err = openWeb(c, webName, "/", publicURL, 0, up); err != nil {
		return nil, err
	}
	if all.desk, err = openWeb(c, deskName, "/desk", publicURL, officerSession, up); err != nil {
		return nil, err
	}
	if c.settings.TelegramToken == "" {
		return all, nil
	}
	all.telegram, err = openTelegram(c)
	return all, err
}

func openTelegram(c *conversation) (*telegram.Channel, error) {
	return telegram.New(c.settings.TelegramToken, c.settings.TelegramAPI, telegram.Options{
		Log: c.log, OnUpdate: c.metrics.telegramUpdate, OnCall: c.metrics.telegramCall,
	})
}

// officerSession is how long an officer's browser is known: a post is given to it by a one-time link.
// A citizen's is forgotten when the browser is closed, because people share computers.
const officerSession = 30 * 24 * time.Hour

func openWeb(c *conversation, name, prefix, publicURL string, session time.Duration, up *started) (*web.Web, error) {
	mailbox := web.NewRedisMailbox(c.redis, name)
	up.add("mailbox of "+name, func(context.Context) error { return mailbox.Close() })
	return web.New(web.Options{
		Name: name, Prefix: prefix, PublicURL: publicURL, Mailbox: mailbox, Session: session, Log: c.log,
		Texts: func(id string) string {
			text, _ := c.texts.Text(locales.Default, id, nil)
			return text
		},
	})
}

// list is all channels by name, for sending.
func (a *channelSet) list() map[string]bot.Channel {
	list := map[string]bot.Channel{webName: a.web, deskName: a.desk}
	if a.telegram != nil {
		list[telegram.Name] = a.telegram
	}
	return list
}

// handler serves everything that the world may reach.
func (a *channelSet) handler(c *conversation, h bot.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /verify/{code}", paper.Verify(c.texts, flows.PaperSign(c.records.Keys()), flows.IssuedPapers(c.records), c.log))
	mux.Handle("/", a.web.Handler(h))
	desk := a.desk.Handler(h)
	mux.Handle("/desk", desk)
	mux.Handle("/desk/", desk)
	var hook http.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	if a.telegram != nil && c.settings.TelegramSecret != "" {
		hook = a.telegram.Webhook(c.settings.TelegramSecret, h)
	}
	mux.Handle(telegram.WebhookPath, hook)
	return mux
}

// receiveTelegram begins to receive: by asking Telegram to call, or by asking it again and again.
func (a *channelSet) receiveTelegram(c *conversation, publicURL string, h bot.Handler, up *started) {
	if a.telegram == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if c.settings.TelegramSecret != "" {
			setWebhook(ctx, c, a.telegram, publicURL)
			return
		}
		if err := a.telegram.Poll(ctx, h); err != nil && !errors.Is(err, context.Canceled) {
			c.log.Error("polling Telegram ended", "channel", telegram.Name, "error", err)
		}
	}()
	up.add("telegram", func(ctx context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("finishing the turns in hand: %w", ctx.Err())
		}
	})
}

// setWebhook tells Telegram where to call, until it has understood: the program serves meanwhile, and
// an address that was set before still holds.
func setWebhook(ctx context.Context, c *conversation, t *telegram.Channel, publicURL string) {
	const longest = time.Minute
	for wait := time.Second; ; wait = min(2*wait, longest) {
		err := t.SetWebhook(ctx, publicURL, c.settings.TelegramSecret, 0)
		if err == nil || ctx.Err() != nil {
			return
		}
		c.log.Error("setting the webhook failed", "channel", telegram.Name, "error", err, "again_in", wait)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}
