package flows

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nagrik/bot"
	"nagrik/bot/bottest"
	"nagrik/locales"
	"nagrik/store"
	"nagrik/store/embedded/testdb"
	"nagrik/store/media"
	"nagrik/store/seal"
)

var kek = seal.NewKEK()

func TestMain(m *testing.M) {
	os.Exit(testdb.Main(m, func(ctx context.Context, url string) error {
		if err := store.Migrate(ctx, url, kek); err != nil {
			return err
		}
		s, err := store.Open(ctx, url, kek, store.Options{})
		if err != nil {
			return err
		}
		defer s.Close()
		return s.LoadReference(ctx)
	}))
}

// limits are what the channels can show: every reply must fit all of them.
var limits = map[string]bot.Limits{
	"telegram": {Text: 4096, Body: 4096, Buttons: 100, Label: 64, Keyboard: true},
	"whatsapp": bottest.WhatsApp,
	"web":      {Buttons: 12, Label: 60, Phone: bot.PhoneByCode},
	"terminal": {Phone: bot.PhoneAsTyped},
}

// newEngine makes an engine on a database of its own.
func newEngine(t *testing.T, now func() time.Time) *bot.Engine {
	t.Helper()
	_, engine := newServices(t, now)
	return engine
}

// newServices makes an engine on a database of its own, and gives the records behind it too.
func newServices(t *testing.T, now func() time.Time) (*Records, *bot.Engine) {
	t.Helper()
	return servicesOn(t, openStore(t, store.Options{Conns: 4, JobConns: 2}), now)
}

func openStore(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), testdb.Database(t), kek, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func servicesOn(t *testing.T, s *store.Store, now func() time.Time) (*Records, *bot.Engine) {
	t.Helper()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	bucket, err := media.OpenBucket("file://" + filepath.Join(t.TempDir(), "media"))
	if err != nil {
		t.Fatal(err)
	}
	codes := func(context.Context, string, string, string) error { return nil }
	options := Options{
		Store: s, Media: media.New(bucket, s.Keys()), Texts: texts, Keys: s.Keys(), Now: now, SendCode: codes, PublicURL: "https://nagrik.example",
	}
	records, err := NewRecords(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	engine := NewEngine(records, options)
	engine.Dialogs, engine.Secret = &bottest.Dialogs{}, &bottest.Dialogs{}
	return records, engine
}
