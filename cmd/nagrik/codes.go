package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/store/dialogs"
)

// How many codes are sent to one phone, and in all: each costs money, and a stranger's phone must
// not be rung by way of us.
var (
	codesPerPhone = dialogs.Rate{Count: 3, Per: 10 * time.Minute, Burst: 3}
	codesInAll    = dialogs.Rate{Count: 300, Per: time.Minute, Burst: 100}
)

// codes gives the way in which one-time codes reach a phone.
func (c *conversation) codes() func(ctx context.Context, phone, code, lang string) error {
	limiter := dialogs.NewLimiter(c.redis, c.key("limits"))
	carry := c.carrier()
	return func(ctx context.Context, phone, code, lang string) error {
		for _, limit := range []struct {
			rate dialogs.Rate
			of   []string
		}{{codesPerPhone, []string{"code", phone}}, {codesInAll, []string{"codes"}}} {
			wait, err := limiter.Allow(ctx, limit.rate, limit.of...)
			if err != nil {
				return fmt.Errorf("counting codes: %w", err)
			}
			if wait > 0 {
				c.metrics.codes.WithLabelValues("limited").Inc()
				return &bot.Invalid{ID: "engine.wrong.code_wait"}
			}
		}
		if err := carry(ctx, phone, code, lang); err != nil {
			c.metrics.codes.WithLabelValues("failed").Inc()
			return err
		}
		c.metrics.codes.WithLabelValues("sent").Inc()
		return nil
	}
}

// carrier is the SMS gateway, or in a trial without one a line for the developer on standard output.
func (c *conversation) carrier() func(ctx context.Context, phone, code, lang string) error {
	switch {
	case c.settings.SMSURL != "":
		gateway := &http.Client{Timeout: smsTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		return func(ctx context.Context, phone, code, lang string) error {
			return sendSMS(ctx, gateway, c.settings.SMSURL, phone, code, lang)
		}
	case c.settings.trial():
		return func(_ context.Context, _, code, _ string) error {
			fmt.Println("TRIAL code for the phone that was just typed:", code)
			return nil
		}
	}
	return func(context.Context, string, string, string) error {
		c.log.Error("a code could not be sent: SMS_URL is not set")
		return &bot.Invalid{ID: "engine.wrong.code_wait"}
	}
}

// smsTime is how long the gateway may take: the citizen's turn waits for it.
const smsTime = 8 * time.Second

// sendSMS calls the gateway with phone ("+91…"), code and language in place of {phone}, {code} and
// {lang}. The words of the message are the gateway's, where they have to be registered (DLT).
func sendSMS(ctx context.Context, gateway *http.Client, template, phone, code, lang string) error {
	address := strings.NewReplacer("{phone}", url.QueryEscape(phone), "{code}", url.QueryEscape(code), "{lang}", url.QueryEscape(lang)).Replace(template)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return errors.New("SMS_URL: it cannot be filled in")
	}
	answer, err := gateway.Do(request)
	if err != nil {
		// The error itself repeats the address, and so the phone number.
		return errors.New("the SMS gateway did not answer")
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("the SMS gateway answered %d", answer.StatusCode)
	}
	return nil
}
