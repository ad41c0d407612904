// Package media keeps what citizens send as evidence: photos, voice notes,
// videos and documents.
//
// A file is kept by its content. Its SHA-256 is taken at receipt, as the
// certificate under section 63 of the Bharatiya Sakshya Adhiniyam asks, and the
// first half of it is the item's ID, so that the same file sent twice is one
// object. The original bytes are sealed at rest and never change; what people
// look at is a copy made from them, without metadata (a photo can tell where
// its sender lives).
//
// Which filing has which items, when they came and in which message is written
// elsewhere: this package has the bytes only. So it cannot know whether another
// filing still needs an item; the caller of [Library.Forget] does.
//
// What the package returns came from strangers. Whoever serves it over HTTP
// sends the item's MIME type with "X-Content-Type-Options: nosniff", and
// everything but photos as an attachment.
package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/semaphore"

	"nagrik/store/seal"
)

// MaxSize is the largest file taken, in bytes: what Telegram lets a bot download.
const MaxSize = 20 << 20

// Reasons of a [Refused].
const (
	TooBig    = "too_big" // more than MaxSize bytes, or a picture of too many pixels
	WrongKind = "kind"    // not a kind of file that is taken
	Broken    = "broken"  // says that it is a picture, but is not a whole one
	Empty     = "empty"   // no bytes at all
)

// Refused says why a file is not taken. It is the sender who can help, so the
// reason is told to him.
type Refused struct {
	Reason string // one of the constants above
}

func (r *Refused) Error() string { return "file refused: " + r.Reason }

var (
	// ErrNoPreview says that a photo cannot be turned into a copy for display:
	// its format cannot be read here (HEIC), or it would take too much memory
	// or time. The original is there.
	ErrNoPreview = errors.New("no preview of this photo")

	// ErrNotFound says that there is no such item or object.
	ErrNotFound = errors.New("no such media")

	// ErrDamaged says that what is stored is not what was received.
	ErrDamaged = errors.New("stored media is damaged")
)

// Item describes one stored file.
type Item struct {
	ID     string // 22 letters, base64url of the first 16 bytes of SHA256
	SHA256 [32]byte
	MIME   string // found from the content, without parameters: "image/jpeg"
	Kind   string // Photo, Voice, Video or Document
	Size   int64  // bytes
}

// Library takes files in, keeps them sealed in a bucket and gives them out. It
// is safe for use by many goroutines and many replicas.
type Library struct {
	bucket  Bucket
	keys    *seal.Keys
	decodes *semaphore.Weighted // of decodeMemory bytes, shared by the pictures being decoded
}

// New returns the library of a bucket.
func New(bucket Bucket, keys *seal.Keys) *Library {
	return &Library{bucket: bucket, keys: keys, decodes: semaphore.NewWeighted(decodeMemory)}
}

// Take stores the file that r gives and describes it. The type that the
// channel declared ("image/jpeg", may be empty) is a hint: it tells a voice
// note from a video in the containers that hold both, and nothing else. When
// Take returns an item, the file is safely stored. A file that is not taken is
// a *[Refused]; any other error is ours or the network's and may pass.
func (l *Library) Take(ctx context.Context, r io.Reader, declared string) (Item, error) {
	return l.TakeNoted(ctx, r, declared, func(Item) error { return nil })
}

// TakeNoted is Take with note being told of the item before its bytes are
// stored, so that nobody who goes by the notes takes it for forgotten and
// deletes it. An error of note is returned as it is, and nothing is stored.
func (l *Library) TakeNoted(ctx context.Context, r io.Reader, declared string, note func(Item) error) (Item, error) {
	data, mime, kind, err := l.read(r, declared)
	if err != nil {
		return Item{}, err
	}
	item := describe(data, mime, kind)
	if err := note(item); err != nil {
		return Item{}, err
	}
	return l.keep(ctx, item, data)
}

// TakeClean is TakeNoted for a sender who must stay unknown (tips): only a copy
// without metadata is kept, and the item is that copy. So it takes photos that
// can be decoded, and voice notes in the two forms that it can clean; everything
// else is refused.
func (l *Library) TakeClean(ctx context.Context, r io.Reader, declared string, note func(Item) error) (Item, error) {
	data, mime, kind, err := l.read(r, declared)
	if err != nil {
		return Item{}, err
	}
	switch {
	case kind == Photo:
		data, err = l.render(ctx, mime, data)
		mime = displayMIME
		if errors.Is(err, ErrNoPreview) {
			return Item{}, &Refused{WrongKind}
		}
	case mime == "audio/ogg":
		data, err = cleanOgg(data)
	case mime == "audio/webm":
		data, err = cleanWebM(data)
	default:
		return Item{}, &Refused{WrongKind}
	}
	if err != nil {
		return Item{}, err
	}
	item := describe(data, mime, kind)
	if err := note(item); err != nil {
		return Item{}, err
	}
	return l.keep(ctx, item, data)
}

// read returns the whole file with room behind it for the trailer, and what it is.
func (l *Library) read(r io.Reader, declared string) (data []byte, mime, kind string, err error) {
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(io.LimitReader(r, MaxSize+1)); err != nil {
		return nil, "", "", fmt.Errorf("receiving media: %w", err)
	}
	switch {
	case buf.Len() == 0:
		return nil, "", "", &Refused{Empty}
	case buf.Len() > MaxSize:
		return nil, "", "", &Refused{TooBig}
	}
	data = buf.Bytes()
	mime, kind, ok := classify(data, declared)
	if !ok {
		return nil, "", "", &Refused{WrongKind}
	}
	if kind == Photo {
		if err := checkPicture(mime, data); err != nil {
			return nil, "", "", err
		}
	}
	return data, mime, kind, nil
}

// keep stores data under its hash. What is there already is written again: it
// is the same, unless it was damaged.
func (l *Library) keep(ctx context.Context, item Item, data []byte) (Item, error) {
	sealed, err := l.keys.Seal(withTrailer(data, item.MIME), originalPlace(item.ID))
	if err != nil {
		return Item{}, fmt.Errorf("storing media: %w", err)
	}
	if err := l.bucket.Put(ctx, l.name(originals, item.ID), sealed); err != nil {
		return Item{}, fmt.Errorf("storing media: %w", err)
	}
	return item, nil
}

// Original returns an item and its bytes as they were received, after checking
// that they still have the same SHA-256.
func (l *Library) Original(ctx context.Context, id string) (Item, []byte, error) {
	if !validID(id) {
		return Item{}, nil, ErrNotFound
	}
	sealed, err := l.bucket.Get(ctx, l.name(originals, id))
	if err != nil {
		return Item{}, nil, fmt.Errorf("reading media: %w", err)
	}
	plain, err := l.keys.Open(sealed, originalPlace(id))
	if err != nil {
		return Item{}, nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	data, mime, ok := splitTrailer(plain)
	if !ok {
		return Item{}, nil, ErrDamaged
	}
	item := describe(data, mime, kinds[mime])
	if item.ID != id {
		return Item{}, nil, ErrDamaged
	}
	return item, data, nil
}

// Display returns an item for showing: a photo upright, at most 1600 pixels
// wide and high, as JPEG without metadata; anything else as it is. The copy of
// a photo is made at the first call and kept. [ErrNoPreview] says that there
// can be none.
func (l *Library) Display(ctx context.Context, id string) (mime string, data []byte, err error) {
	if !validID(id) {
		return "", nil, ErrNotFound
	}
	if copied, ok := l.displayed(ctx, id); ok {
		return displayMIME, copied, nil
	}
	item, original, err := l.Original(ctx, id)
	if err != nil {
		return "", nil, err
	}
	if item.Kind != Photo {
		return item.MIME, original, nil
	}
	copied, err := l.render(ctx, item.MIME, original)
	if err != nil {
		return "", nil, err
	}
	if err := l.keepDisplay(ctx, id, copied); err != nil {
		return "", nil, err
	}
	return displayMIME, copied, nil
}

// displayed returns the copy for display that was made before. One that cannot
// be read is as good as none: it is made again.
func (l *Library) displayed(ctx context.Context, id string) ([]byte, bool) {
	sealed, err := l.bucket.Get(ctx, l.name(displays, id))
	if err != nil {
		return nil, false
	}
	copied, err := l.keys.Open(sealed, displayPlace(id))
	return copied, err == nil
}

func (l *Library) keepDisplay(ctx context.Context, id string, copied []byte) error {
	sealed, err := l.keys.Seal(copied, displayPlace(id))
	if err != nil {
		return fmt.Errorf("storing preview: %w", err)
	}
	if err := l.bucket.Put(ctx, l.name(displays, id), sealed); err != nil {
		return fmt.Errorf("storing preview: %w", err)
	}
	// The item may have been forgotten in the meantime. Forget removes the
	// original first, so that either it or we remove this copy.
	if _, err := l.bucket.Get(ctx, l.name(originals, id)); errors.Is(err, ErrNotFound) {
		if err := l.bucket.Delete(ctx, l.name(displays, id)); err != nil {
			return fmt.Errorf("forgetting preview: %w", err)
		}
		return ErrNotFound
	}
	return nil
}

// Forget removes an item for good. Forgetting what is not there is no error, so
// a Forget that failed is simply repeated.
func (l *Library) Forget(ctx context.Context, id string) error {
	if !validID(id) {
		return nil
	}
	for _, shelf := range []string{originals, displays} {
		if err := l.bucket.Delete(ctx, l.name(shelf, id)); err != nil {
			return fmt.Errorf("forgetting media: %w", err)
		}
	}
	return nil
}

// Shelves of the bucket.
const (
	originals = "originals"
	displays  = "displays"
)

// name is where an object lies. It is a blind index of the ID, so that who sees
// the bucket cannot find out whether a file that he knows was sent.
func (l *Library) name(shelf, id string) string {
	h := hex.EncodeToString(l.keys.Index("media", id))
	return shelf + "/" + h[:2] + "/" + h
}

func originalPlace(id string) string { return "media/original/" + id }
func displayPlace(id string) string  { return "media/display/" + id }

func describe(data []byte, mime, kind string) Item {
	sum := sha256.Sum256(data)
	return Item{
		ID:     base64.RawURLEncoding.EncodeToString(sum[:16]),
		SHA256: sum,
		MIME:   mime,
		Kind:   kind,
		Size:   int64(len(data)),
	}
}

func validID(id string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(id)
	return err == nil && len(b) == 16 && len(id) == 22
}

// withTrailer puts the type behind the content and its length behind that, so
// that a stored object says what it is by itself, and a large file need not be
// copied to put something in front.
func withTrailer(data []byte, mime string) []byte {
	return append(append(data, mime...), byte(len(mime)))
}

func splitTrailer(plain []byte) (data []byte, mime string, ok bool) {
	if len(plain) == 0 {
		return nil, "", false
	}
	end := len(plain) - 1
	start := end - int(plain[end])
	if start < 0 {
		return nil, "", false
	}
	mime = string(plain[start:end])
	_, ok = kinds[mime]
	return plain[:start:start], mime, ok
}
