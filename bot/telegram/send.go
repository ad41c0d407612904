package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"nagrik/bot"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Send delivers a message by calls and returns the id of its last part, "" if there is nothing to
// show. It may have delivered the first of several parts when it fails.
func (c *Channel) Send(ctx context.Context, to bot.Chat, r bot.Rendered) (string, error) {
	chat, err := chatID(to)
	if err != nil {
		return "", err
	}
	return c.send(ctx, steps(chat, r))
}

func (c *Channel) send(ctx context.Context, all []step) (id string, err error) {
	for _, s := range all {
		if id, err = c.do(ctx, s); err != nil {
			return "", err
		}
	}
	return id, nil
}

// sent is the part of Telegram's Message that a sender needs.
type sent struct {
	ID int64 `json:"message_id"`
}

// do makes one call and returns the id of the message.
func (c *Channel) do(ctx context.Context, s step) (string, error) {
	if s.text == nil {
		return c.sendFiles(ctx, s)
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	var got sent
	if err := c.call(ctx, s.method, s.text, &got); err != nil {
		return "", err
	}
	if got.ID == 0 {
		got.ID = s.text.MessageID // the edit changed nothing
	}
	return strconv.FormatInt(got.ID, 10), nil
}

// sendFiles sends an album, a photo or a document.
func (c *Channel) sendFiles(ctx context.Context, s step) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, mediaTime)
	defer cancel()
	var strong []models.MessageEntity
	for _, e := range s.strong {
		strong = append(strong, models.MessageEntity{Type: models.MessageEntityType(e.Type), Offset: e.Offset, Length: e.Length})
	}
	var got *models.Message
	var err error
	method, start := "", time.Now()
	switch {
	case s.document != nil:
		method = "sendDocument"
		got, err = c.library.SendDocument(ctx, &tgbot.SendDocumentParams{
			ChatID: s.chat, Document: upload(*s.document), Caption: s.caption, CaptionEntities: strong, ReplyMarkup: s.markup,
		})
	case len(s.photos) == 1:
		method = "sendPhoto"
		got, err = c.library.SendPhoto(ctx, &tgbot.SendPhotoParams{
			ChatID: s.chat, Photo: upload(s.photos[0]), Caption: s.caption, CaptionEntities: strong, ReplyMarkup: s.markup,
		})
	default:
		method = "sendMediaGroup"
		album := make([]models.InputMedia, len(s.photos))
		for i, p := range s.photos {
			album[i] = &models.InputMediaPhoto{Media: fmt.Sprintf("attach://photo%d", i), MediaAttachment: bytes.NewReader(p.Data)}
		}
		var all []*models.Message
		all, err = c.library.SendMediaGroup(ctx, &tgbot.SendMediaGroupParams{ChatID: s.chat, Media: album})
		if len(all) > 0 {
			got = all[len(all)-1]
		}
	}
	if err = c.called(method, start, err); err != nil {
		return "", err
	}
	if got == nil {
		return "", errors.New("telegram: an album arrived without messages")
	}
	return strconv.Itoa(got.ID), nil
}

func upload(p bot.Paper) *models.InputFileUpload {
	return &models.InputFileUpload{Filename: p.Name, Data: bytes.NewReader(p.Data)}
}

// deliver sends the answer to an update: by calls, except for the last text if it may ride. What
// rides is returned. An error means that the update must come again; a chat that does not want us,
// or a message that Telegram finds fault with, is no reason for that.
func (c *Channel) deliver(ctx context.Context, to bot.Chat, r bot.Rendered, riding bool) (*outgoing, error) {
	chat, err := chatID(to)
	if err != nil {
		return nil, err
	}
	all := steps(chat, r)
	var ride *outgoing
	if n := len(all); riding && n > 0 && all[n-1].rides() {
		ride = all[n-1].text
		ride.Method = all[n-1].method
		all = all[:n-1]
	}
	for _, s := range all {
		err := c.insist(ctx, s)
		var refused *bot.SendError
		if errors.As(err, &refused) && refused.Reason != bot.ReasonBusy {
			c.log.Warn("telegram refused a part of an answer", "reason", refused.Reason)
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	return ride, nil
}

// insist makes a call of an answer, and once more where the refusal says how: to a group's new id,
// or as a new message where the one to replace is gone.
func (c *Channel) insist(ctx context.Context, s step) error {
	_, err := c.do(ctx, s)
	var refused *bot.SendError
	if !errors.As(err, &refused) {
		return err
	}
	switch {
	case refused.Reason == bot.ReasonMoved:
		id, parse := strconv.ParseInt(refused.Moved, 10, 64)
		if parse != nil {
			return err
		}
		s.chat = id
		if s.text != nil {
			s.text.ChatID = id
		}
	case refused.Reason == bot.ReasonGone && s.text != nil:
		s.method, s.text.MessageID = "sendMessage", 0
	default:
		return err
	}
	_, err = c.do(ctx, s)
	return err
}
