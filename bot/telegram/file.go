package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	tgbot "github.com/go-telegram/bot"
)

// maxFile is what a bot can get of a file, in bytes.
const maxFile = 20 << 20

// ErrTooBig says that a file is larger than the 20 MB that Telegram gives to bots.
var ErrTooBig = errors.New("telegram: the file is larger than 20 MB")

// opener is a bot.File's Open. The context holds for the reading too. Reading gives ErrTooBig where more comes than was promised.
func (c *Channel) opener(fileID string, size int64) func(context.Context) (io.ReadCloser, error) {
	return func(ctx context.Context) (io.ReadCloser, error) {
		if size > maxFile {
			return nil, ErrTooBig
		}
		start := time.Now()
		short, cancel := context.WithTimeout(ctx, callTime)
		defer cancel()
		f, err := c.library.GetFile(short, &tgbot.GetFileParams{FileID: fileID})
		if r := asRefusal(err); r != nil && strings.Contains(r.text, "file is too big") {
			_ = c.called("getFile", start, err)
			return nil, ErrTooBig
		}
		if err = c.called("getFile", start, err); err != nil {
			return nil, err
		}
		if f.FileSize > maxFile {
			return nil, ErrTooBig
		}
		return c.download(ctx, f.FilePath)
	}
}

// download gets a file by its path. The address has the token in it and must never be shown.
func (c *Channel) download(ctx context.Context, path string) (io.ReadCloser, error) {
	start := time.Now()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.api+"/file/bot"+c.token+"/"+path, nil)
	if err != nil {
		return nil, errors.New("telegram: a file's address is not a URL")
	}
	resp, err := c.client.Do(req)
	if err == nil && resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		err = fmt.Errorf("downloading a file: %w", &refusal{code: resp.StatusCode})
	}
	if err = c.called("file", start, err); err != nil {
		return nil, err
	}
	return &limitedFile{body: resp.Body, left: maxFile}, nil
}

// limitedFile is a file's content, with an error instead of more than maxFile bytes of it.
type limitedFile struct {
	body io.ReadCloser
	left int64
}

func (f *limitedFile) Read(p []byte) (int, error) {
	if int64(len(p)) > f.left+1 {
		p = p[:f.left+1]
	}
	n, err := f.body.Read(p)
	if f.left -= int64(n); f.left < 0 {
		return n - 1, ErrTooBig
	}
	switch {
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return n, err
	}
	return n, errors.New("telegram: the download broke off")
}

func (f *limitedFile) Close() error { return f.body.Close() }
