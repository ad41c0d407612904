package flows

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"nagrik/bot"
	"nagrik/flows/paper"
	"nagrik/locales"
	"nagrik/store"
	"nagrik/store/dialogs"
	"nagrik/store/media"
	"nagrik/store/seal"
)

// Options is what the services need of the world.
type Options struct {
	Store   *store.Store
	Dialogs *dialogs.Store
	Tips    *dialogs.Store // the dialogs of tips, which are kept nowhere else; nil: tips are off
	Media   *media.Library
	Texts   *locales.Texts
	Keys    *seal.Keys
	Now     func() time.Time // in the zone of the citizens, Asia/Kolkata
	// SendCode sends a one-time code to a phone by SMS.
	SendCode func(ctx context.Context, phone, code, lang string) error
	Observe  func(event string) // counts effects; may be nil
	// Limit takes one event of what parts name, or none and says how long to wait; nil: there are no limits.
	Limit func(ctx context.Context, r dialogs.Rate, parts ...string) (time.Duration, error)
	// LimitTips is Limit for what secret services do. It must be kept nowhere else than Tips.
	LimitTips func(ctx context.Context, r dialogs.Rate, parts ...string) (time.Duration, error)
	// PublicURL is where the world reaches the program, for the QR codes of papers.
	PublicURL string
}

// NewRecords makes what the services file into and read from.
func NewRecords(ctx context.Context, o Options) (*Records, error) {
	directory, err := o.Store.Directory(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the stations: %w", err)
	}
	press, err := paper.New(o.Texts)
	if err != nil {
		return nil, fmt.Errorf("making the press for papers: %w", err)
	}
	return &Records{
		Store: o.Store, Stations: NewStations(directory), Texts: o.Texts,
		Papers: Papers{Press: press, Sign: PaperSign(o.Keys), PublicURL: o.PublicURL}, now: o.Now, limit: o.Limit, apart: o.LimitTips, counted: o.Observe,
		display: o.Media.Display,
	}, nil
}

// NewEngine makes the engine that answers citizens, with all services.
func NewEngine(records *Records, o Options) *bot.Engine {
	engine := &bot.Engine{
		Services: records.Services(),
		Texts:    o.Texts,
		Dialogs:  redisDialogs{o.Dialogs},
		Citizens: citizens{o.Store, records, o.SendCode},
		Media:    evidence{o.Store, o.Media},
		Sign:     func(parts ...string) []byte { return o.Keys.MAC("bot", parts...) },
		Now:      o.Now,
		Observe:  o.Observe,
		Room:     records.searchRoom,
		Phone: map[string]bot.PhoneBy{
			"telegram": bot.PhoneByContact, "whatsapp": bot.PhoneBySender,
			"web": bot.PhoneByCode, "desk": bot.PhoneByCode, "terminal": bot.PhoneAsTyped,
		},
	}
	if o.Tips != nil {
		engine.Secret = redisDialogs{o.Tips}
	}
	return engine
}

// TipLife is how long an unfinished tip stays after its last message.
const TipLife = 30 * time.Minute

// PaperSign is the keyed hash that papers are signed with.
func PaperSign(keys *seal.Keys) func(parts ...string) []byte {
	return func(parts ...string) []byte { return keys.MAC("paper", parts...) }
}

// redisDialogs keeps the engine's dialogs in Redis.
type redisDialogs struct{ store *dialogs.Store }

func (r redisDialogs) Load(ctx context.Context, chat bot.Chat, fresh bool) ([]byte, error) {
	if fresh {
		return r.store.Reload(ctx, chat.Channel, chat.ID)
	}
	return r.store.Load(ctx, chat.Channel, chat.ID)
}

func (r redisDialogs) Save(ctx context.Context, chat bot.Chat, old, state []byte, keep bot.Keep) (bool, error) {
	var o dialogs.SaveOptions
	switch keep.What {
	case bot.KeepDraft:
		o.Copy, o.Service = dialogs.KeepCopy, keep.Service
	case bot.KeepState:
		o.Copy = dialogs.DropCopy
	case bot.Forget:
		o.Delete = true
	}
	_, ok, err := r.store.Save(ctx, chat.Channel, chat.ID, old, state, o)
	return ok, err
}

// citizens knows citizens from the records.
type citizens struct {
	store    *store.Store
	records  *Records
	sendCode func(ctx context.Context, phone, code, lang string) error
}

func (c citizens) Recall(ctx context.Context, chat bot.Chat) (bot.Citizen, error) {
	known, _, err := c.store.Recall(ctx, chat.Channel, chat.ID)
	return bot.Citizen{ID: known.ID, Lang: known.Lang, Simple: known.Simple}, err
}

func (c citizens) Verify(ctx context.Context, chat bot.Chat, phone string) (bot.Citizen, error) {
	if _, err := c.store.Verify(ctx, chat.Channel, chat.ID, phone); err != nil {
		return bot.Citizen{}, err
	}
	return c.Recall(ctx, chat)
}

func (c citizens) Prefer(ctx context.Context, chat bot.Chat, lang string, simple bool) error {
	if err := c.store.SetLanguage(ctx, chat.Channel, chat.ID, lang); err != nil {
		return err
	}
	return c.store.SetSimple(ctx, chat.Channel, chat.ID, simple)
}

func (c citizens) Known(ctx context.Context, citizen string) (map[string]string, error) {
	p, err := c.store.Profile(ctx, citizen)
	if err != nil {
		return nil, err
	}
	// Who has set a PIN shares the phone: what one of them told is not offered to the other.
	if shared, err := c.store.HasPin(ctx, citizen); err != nil || shared {
		return map[string]string{"phone": p.Phone}, err
	}
	return map[string]string{"name": p.Name, "father": p.Father, "address": p.Address, "pin": p.Pin, "phone": p.Phone}, err
}

func (c citizens) Last(ctx context.Context, citizen, service string) (map[string]string, error) {
	f, err := c.store.Last(ctx, citizen, service)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return keptOf(f)
}

func (c citizens) Filed(ctx context.Context, v bot.Visit) (bot.Outcome, error) {
	if v.Citizen != "" {
		number, ok, err := c.store.Filed(ctx, v.Dialog, v.Citizen)
		if ok || err != nil {
			return bot.Outcome{Number: number}, err
		}
	}
	return c.records.filedTip(ctx, v)
}

func (c citizens) SendCode(ctx context.Context, phone, code, lang string) error {
	return c.sendCode(ctx, phone, code, lang)
}

// evidence notes the receipt of files and takes them into the evidence store.
type evidence struct {
	store   *store.Store
	library *media.Library
}

func (e evidence) Take(ctx context.Context, _ bot.Chat, _ string, f bot.File) (string, error) {
	return e.take(ctx, f, refusals, e.library.TakeNoted, e.store.ReceiveMedia)
}

func (e evidence) TakeClean(ctx context.Context, f bot.File) (string, error) {
	return e.take(ctx, f, cleanRefusals, e.library.TakeClean, e.store.ReceiveTipMedia)
}

// take takes a file in one of the two ways, and notes its receipt before it is stored.
func (e evidence) take(ctx context.Context, f bot.File, refusals map[string]string,
	take func(context.Context, io.Reader, string, func(media.Item) error) (media.Item, error),
	note func(context.Context, store.Media) error,
) (string, error) {
	if f.Size > media.MaxSize {
		return "", &bot.Invalid{ID: "engine.wrong.file_too_big"}
	}
	content, err := f.Open(ctx)
	if err != nil {
		return "", fmt.Errorf("fetching a file from the channel: %w", err)
	}
	defer content.Close()
	item, err := take(ctx, content, f.MIME, func(i media.Item) error {
		return note(ctx, store.Media{ID: i.ID, SHA256: i.SHA256[:], Kind: i.Kind, MIME: i.MIME, Size: i.Size})
	})
	var refused *media.Refused
	if errors.As(err, &refused) {
		return "", &bot.Invalid{ID: "engine.wrong.file_" + refusals[refused.Reason]}
	}
	if err != nil {
		return "", fmt.Errorf("keeping a file: %w", err)
	}
	return item.ID, nil
}

// refusals are the texts of why a file is not taken.
var refusals = map[string]string{
	media.TooBig: "too_big", media.WrongKind: "kind", media.Broken: "broken", media.Empty: "broken",
}

// cleanRefusals are those of a file that may tell who made it.
var cleanRefusals = map[string]string{
	media.TooBig: "too_big", media.WrongKind: "secret", media.Broken: "secret", media.Empty: "broken",
}
