// Package telegram is the channel to Telegram's Bot API.
//
// Receiving is our own: Webhook checks, decodes and answers each update in one act, with the reply
// riding in the answer's body; Poll does the same by long polling, with calls. Sending is our own
// for the texts of every turn (send.go, call.go) and go-telegram/bot for everything rarer.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"nagrik/bot"

	tgbot "github.com/go-telegram/bot"
)

// Name is the channel's name in bot.Chat and in the records.
const Name = "telegram"

// WebhookPath is where Telegram posts updates, below the program's public address.
const WebhookPath = "/webhook/telegram"

// DefaultAPI is Telegram's own server.
const DefaultAPI = "https://api.telegram.org"

// allowedUpdates are the kinds of update that Telegram is asked for; Telegram remembers the list.
var allowedUpdates = []string{"message", "callback_query", "my_chat_member"}

// Options are what a Channel may be given; the zero value is good.
type Options struct {
	// Log gets one line for each failed update and each trouble with polling, without personal
	// data; nil means slog.Default.
	Log *slog.Logger
	// OnUpdate counts what became of each update: "answered", "silent" (done, nothing to say),
	// "ignored" (not for us), "failed" (comes again), "spoofed", "malformed", "too_large". Took is
	// the time from its arrival.
	OnUpdate func(result string, took time.Duration)
	// OnCall counts the calls to the Bot API by method and result: "ok", a bot.SendError's reason,
	// or "error". "dropped" is an answerCallbackQuery for which there was no room.
	OnCall func(method, result string, took time.Duration)
}

// Channel carries messages from and to Telegram.
type Channel struct {
	api, token string
	id         int64 // the bot's own user id, 0 if the token does not tell
	log        *slog.Logger
	onUpdate   func(string, time.Duration)
	onCall     func(string, string, time.Duration)

	client  *http.Client // no redirects: an address has the token in it
	library *tgbot.Bot   // for all but the texts of a turn
	name    atomic.Pointer[string]
	taps    chan struct{} // room for answers to pressed buttons
}

// maxTaps is how many answers to pressed buttons may be under way at once.
const maxTaps = 64

// New makes the channel of one bot. Nothing is called yet. The token is BotFather's; apiURL ""
// means Telegram's own server.
func New(token, apiURL string, o Options) (*Channel, error) {
	if apiURL == "" {
		apiURL = DefaultAPI
	}
	c := &Channel{
		api: strings.TrimRight(apiURL, "/"), token: token,
		log: o.Log, onUpdate: o.OnUpdate, onCall: o.OnCall,
		client: newClient(), taps: make(chan struct{}, maxTaps),
	}
	if c.log == nil {
		c.log = slog.Default()
	}
	if c.onUpdate == nil {
		c.onUpdate = func(string, time.Duration) {}
	}
	if c.onCall == nil {
		c.onCall = func(string, string, time.Duration) {}
	}
	before, _, _ := strings.Cut(token, ":")
	c.id, _ = strconv.ParseInt(before, 10, 64)
	library, err := tgbot.New(token, tgbot.WithSkipGetMe(), tgbot.WithServerURL(c.api),
		tgbot.WithHTTPClient(pollWait, c.client), tgbot.WithErrorsHandler(func(error) {}))
	if err != nil {
		return nil, errors.New("telegram: the token is empty")
	}
	c.library = library
	return c, nil
}

// newClient makes a client that keeps its connections: the default keeps two a host, and every
// further turn at the same time would pay for a new one.
func newClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 200, 100
	return &http.Client{
		Transport:     t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Name is "telegram".
func (c *Channel) Name() string { return Name }

// Limits are Telegram's. It has no limit for labels: 64 letters are what a phone shows.
func (c *Channel) Limits() bot.Limits { return limits }

var limits = bot.Limits{Text: 4096, Body: 4096, Buttons: 100, Label: 64, Keyboard: true, Phone: bot.PhoneByContact}

// Username is the bot's name without "@", asked for once; it is also a check of the token.
func (c *Channel) Username(ctx context.Context) (string, error) {
	if name := c.name.Load(); name != nil {
		return *name, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	start := time.Now()
	me, err := c.library.GetMe(ctx)
	if err = c.called("getMe", start, err); err != nil {
		return "", err
	}
	c.name.Store(&me.Username)
	return me.Username, nil
}

// secrets are what Telegram takes for a webhook's secret.
var secrets = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// SetWebhook has Telegram post updates to WebhookPath below publicURL, with the secret, over at
// most maxConnections connections (1-100, 0 for Telegram's own 40). What is waiting is kept.
func (c *Channel) SetWebhook(ctx context.Context, publicURL, secret string, maxConnections int) error {
	if !secrets.MatchString(secret) {
		return errors.New("telegram: a webhook's secret has 1 to 256 of the letters A-Z, a-z, 0-9, _ and -")
	}
	if _, err := c.Username(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	start := time.Now()
	_, err := c.library.SetWebhook(ctx, &tgbot.SetWebhookParams{
		URL:         strings.TrimRight(publicURL, "/") + WebhookPath,
		SecretToken: secret, MaxConnections: maxConnections, AllowedUpdates: allowedUpdates,
	})
	return c.called("setWebhook", start, err)
}

// DeleteWebhook makes way for long polling. What is waiting is kept.
func (c *Channel) DeleteWebhook(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	start := time.Now()
	_, err := c.library.DeleteWebhook(ctx, &tgbot.DeleteWebhookParams{})
	return c.called("deleteWebhook", start, err)
}

// Backlog is how many updates wait at Telegram, and when it last failed to deliver one (zero if
// never): the signs that the webhook cannot be reached.
func (c *Channel) Backlog(ctx context.Context) (waiting int, failed time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	start := time.Now()
	info, err := c.library.GetWebhookInfo(ctx)
	if err = c.called("getWebhookInfo", start, err); err != nil {
		return 0, time.Time{}, err
	}
	if info.LastErrorDate > 0 {
		failed = time.Unix(int64(info.LastErrorDate), 0)
	}
	return info.PendingUpdateCount, failed, nil
}

// chatID is a chat's number; one that is none cannot have come from Telegram.
func chatID(to bot.Chat) (int64, error) {
	id, err := strconv.ParseInt(to.ID, 10, 64)
	if err != nil || to.Channel != Name || id == 0 {
		return 0, fmt.Errorf("not a chat of Telegram: %w", &bot.SendError{Reason: bot.ReasonRefused})
	}
	return id, nil
}
