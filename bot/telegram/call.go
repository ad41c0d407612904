package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"nagrik/bot"

	tgbot "github.com/go-telegram/bot"
)

const (
	callTime  = 10 * time.Second // for a call with a text
	mediaTime = 60 * time.Second // for a call with a file
	maxAnswer = 8 << 20          // bytes of an answer; a hundred updates stay far below
)

// refusal is what the Bot API says is wrong. Its text is for finding out what is meant, never for
// a log: it may name a chat.
type refusal struct {
	code       int
	text       string
	retryAfter int   // seconds
	migratedTo int64 // a group's new id
}

func (r *refusal) Error() string { return fmt.Sprintf("telegram answered %d", r.code) }

// call does one method with parameters as JSON. go-telegram/bot would send a chunked multipart
// form, at several times the cost; this is for the calls that every turn makes. The result may be
// nil. Errors are as of meaning.
func (c *Channel) call(ctx context.Context, method string, params, result any) error {
	start := time.Now()
	err := c.post(ctx, method, params, result)
	return c.called(method, start, err)
}

func (c *Channel) post(ctx context.Context, method string, params, result any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return errors.New("telegram: parameters cannot be put into JSON")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.api+"/bot"+c.token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return errors.New("telegram: the address of the API is not a URL")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	var answer struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
		Parameters  struct {
			RetryAfter int   `json:"retry_after"`
			MigrateTo  int64 `json:"migrate_to_chat_id"`
		} `json:"parameters"`
	}
	if json.Unmarshal(raw, &answer) != nil { // a proxy's page, most likely
		return &refusal{code: max(resp.StatusCode, http.StatusInternalServerError)}
	}
	if !answer.OK {
		return &refusal{answer.Code, answer.Description, answer.Parameters.RetryAfter, answer.Parameters.MigrateTo}
	}
	if result != nil && json.Unmarshal(answer.Result, result) != nil {
		return errors.New("telegram: the result of the call cannot be read")
	}
	return nil
}

// called counts a call and gives its error a meaning.
func (c *Channel) called(method string, start time.Time, err error) error {
	err = c.meaning(method, err)
	result := "ok"
	var refused *bot.SendError
	switch {
	case errors.As(err, &refused):
		result = refused.Reason
	case err != nil:
		result = "error"
	}
	c.onCall(method, result, time.Since(start))
	return err
}

// meaning makes an error of the network, of ours, or of the library one that a sender can act on:
// a *bot.SendError where the API refused, nil for an edit that changes nothing, else an error that
// may be tried again. The token, addresses and chat ids never are in its text.
func (c *Channel) meaning(method string, err error) error {
	if err == nil {
		return nil
	}
	r := asRefusal(err)
	if r == nil {
		return fmt.Errorf("telegram: calling %s: %w", method, c.scrub(err))
	}
	says := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(strings.ToLower(r.text), p) {
				return true
			}
		}
		return false
	}
	switch {
	case r.code == http.StatusTooManyRequests:
		return &bot.SendError{Reason: bot.ReasonBusy, After: time.Duration(max(r.retryAfter, 1)) * time.Second}
	case r.code == http.StatusForbidden:
		return &bot.SendError{Reason: bot.ReasonBlocked}
	case r.migratedTo != 0:
		return &bot.SendError{Reason: bot.ReasonMoved, Moved: fmt.Sprint(r.migratedTo)}
	case r.code == http.StatusBadRequest && says("message is not modified"):
		return nil
	case r.code == http.StatusBadRequest && says("message to edit not found", "message can't be edited", "message_id_invalid"):
		return &bot.SendError{Reason: bot.ReasonGone}
	case r.code == http.StatusBadRequest && says("chat not found", "user not found", "peer_id_invalid"):
		return &bot.SendError{Reason: bot.ReasonBlocked} // an account or group that is no more
	case r.code == http.StatusBadRequest || r.code == http.StatusRequestEntityTooLarge:
		return &bot.SendError{Reason: bot.ReasonRefused}
	}
	return fmt.Errorf("telegram: calling %s: %w", method, &refusal{code: r.code})
}

// asRefusal finds the API's refusal in an error, ours or the library's; nil if there is none.
func asRefusal(err error) *refusal {
	var own *refusal
	if errors.As(err, &own) {
		return own
	}
	var busy *tgbot.TooManyRequestsError
	if errors.As(err, &busy) {
		return &refusal{code: http.StatusTooManyRequests, retryAfter: busy.RetryAfter}
	}
	var moved *tgbot.MigrateError
	if errors.As(err, &moved) {
		return &refusal{code: http.StatusBadRequest, migratedTo: int64(moved.MigrateToChatID)}
	}
	for kind, code := range map[error]int{
		tgbot.ErrorForbidden: http.StatusForbidden, tgbot.ErrorBadRequest: http.StatusBadRequest,
		tgbot.ErrorUnauthorized: http.StatusUnauthorized, tgbot.ErrorNotFound: http.StatusNotFound,
		tgbot.ErrorConflict: http.StatusConflict,
	} {
		if errors.Is(err, kind) {
			return &refusal{code: code, text: err.Error()}
		}
	}
	return nil
}

// scrub keeps of an error what may be logged. A *url.Error has the address, and so the token, in
// its text; the library puts whole answers into some of its errors.
func (c *Channel) scrub(err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	case errors.Is(err, context.Canceled):
		return context.Canceled
	}
	var at *url.Error
	if !errors.As(err, &at) {
		if strings.HasPrefix(err.Error(), "telegram: ") {
			return errors.New(strings.TrimPrefix(err.Error(), "telegram: "))
		}
		return errors.New("the answer cannot be read")
	}
	if at.Err == nil || strings.Contains(at.Err.Error(), c.token) {
		return errors.New("the API cannot be reached")
	}
	return at.Err
}
