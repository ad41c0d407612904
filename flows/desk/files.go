package desk

import (
	"context"
	"errors"
	"fmt"

	"nagrik/bot"
	"nagrik/store"
)

// albumSize is how many photos go into one message (Telegram's limit).
const albumSize = 10

// endings are the file names' endings by type.
var endings = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "image/heic": ".heic", "image/heif": ".heif",
	"audio/ogg": ".ogg", "audio/amr": ".amr", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac", "audio/wav": ".wav",
	"audio/webm": ".weba", "audio/3gpp": ".3gp", "video/mp4": ".mp4", "video/3gpp": ".3gp", "video/webm": ".webm", "video/quicktime": ".mov",
	"application/pdf": ".pdf", "application/msword": ".doc", "text/plain": ".txt",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}

// sendFiles sends a filing's evidence: photos together, as copies for showing, then every other
// file as it was received. It returns how many could not be sent: the officer can ask again.
func (d *Desk) sendFiles(ctx context.Context, to bot.Chat, v store.Details, answers []bot.Shown) (missing int) {
	var photos []bot.Paper
	var others []int // in v.Media; a photo without a copy for showing goes as a document
	for i, m := range v.Media {
		mime, data, err := "", []byte(nil), errNoCopy
		if m.Kind == string(bot.Photo) {
			mime, data, err = d.Files.Display(ctx, m.ID)
		}
		if err != nil {
			others = append(others, i)
			continue
		}
		photos = append(photos, paperOf(v.Number, i, mime, data))
	}
	for len(photos) > 0 {
		n := min(len(photos), albumSize)
		caption := d.say("desk.details.photos", map[string]any{"Number": v.Number})
		if _, err := d.send(ctx, to, bot.Reply{Text: caption, Photos: photos[:n]}); err != nil {
			d.observe("details", "file_failed")
			missing += n
		}
		photos = photos[n:]
	}
	for _, i := range others {
		caption := d.say("desk.details.caption", map[string]any{"Kind": d.fileKind(v.Media[i], answers), "Number": v.Number})
		mime, data, err := d.Files.Original(ctx, v.Media[i].ID)
		if err == nil {
			document := paperOf(v.Number, i, mime, data)
			_, err = d.send(ctx, to, bot.Reply{Text: caption, Document: &document})
		}
		if err != nil {
			d.observe("details", "file_failed")
			missing++
		}
	}
	return missing
}

var errNoCopy = errors.New("only photos have a copy for showing")

// paperOf names a file after the filing and its place in the list, so that it can be told apart once it is saved.
func paperOf(number string, i int, mime string, data []byte) bot.Paper {
	return bot.Paper{Name: fmt.Sprintf("%s-%d%s", number, i+1, endings[mime]), MIME: mime, Data: data}
}
