package sheets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"nagrik/store"
	"nagrik/store/media"
)

// Photos takes in the pictures that lists name.
type Photos struct {
	Open    func(name string) (io.ReadCloser, error) // of the folder of the list, or drawn (Specimens)
	Store   *store.Store
	Library *media.Library
	DryRun  bool // look at them, and keep nothing
}

// InFolder opens the files of a folder, for Photos.
func InFolder(folder fs.FS) func(name string) (io.ReadCloser, error) {
	return func(name string) (io.ReadCloser, error) { return folder.Open(name) }
}

// refusals say why a file is not taken.
var refusals = map[string]string{
	media.TooBig: "it is too big", media.WrongKind: "it is no picture", media.Broken: "it is damaged", media.Empty: "it is empty",
}

// errLooked takes back the taking in of a picture, in a dry run.
var errLooked = errors.New("sheets: dry run")

// Take takes in the picture of a name; a *PhotoError says why it cannot.
func (p *Photos) Take(ctx context.Context, name string) (store.Media, error) {
	if !fs.ValidPath(name) {
		return store.Media{}, &PhotoError{"its name must be that of a file in the folder of the list"}
	}
	file, err := p.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return store.Media{}, &PhotoError{"there is no such file in the folder of the list"}
	case err != nil: // which would name it
		return store.Media{}, &PhotoError{"it cannot be opened"}
	}
	defer func() { _ = file.Close() }()
	var photo store.Media
	_, err = p.Library.TakeNoted(ctx, file, "", func(i media.Item) error {
		if i.Kind != media.Photo {
			return &media.Refused{Reason: media.WrongKind}
		}
		photo = store.Media{ID: i.ID, SHA256: i.SHA256[:], Kind: i.Kind, MIME: i.MIME, Size: i.Size, Label: "photos"}
		if p.DryRun {
			return errLooked
		}
		return p.Store.ReceiveMedia(ctx, photo)
	})
	var refused *media.Refused
	switch {
	case errors.As(err, &refused):
		return store.Media{}, &PhotoError{refusals[refused.Reason]}
	case errors.Is(err, errLooked):
		return photo, nil
	case err != nil:
		return store.Media{}, fmt.Errorf("keeping a picture: %w", err)
	}
	received, err := p.Store.Media(ctx, []string{photo.ID})
	if err != nil || len(received) != 1 {
		return store.Media{}, fmt.Errorf("keeping a picture: %w", errors.Join(err, store.ErrNotFound))
	}
	photo.ReceivedAt = received[0].ReceivedAt
	return photo, nil
}
