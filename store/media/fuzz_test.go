package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image/jpeg"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// memoryBucket is a bucket without a disk, to fuzz fast.
type memoryBucket struct {
	mu      sync.Mutex
	objects map[string][]byte
}

func (b *memoryBucket) Put(_ context.Context, name string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objects[name] = data
	return nil
}

func (b *memoryBucket) Get(_ context.Context, name string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if data, ok := b.objects[name]; ok {
		return data, nil
	}
	return nil, ErrNotFound
}

func (b *memoryBucket) Delete(_ context.Context, name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.objects, name)
	return nil
}

// FuzzTake holds that any bytes are refused for a reason or kept as they are,
// and that what is shown of a photo is a small JPEG.
func FuzzTake(f *testing.F) {
	for _, s := range samples(f) {
		if len(s.data) < 1<<16 {
			f.Add(s.data, s.declared)
		}
	}
	f.Add(withEXIF(jpegOf(f, quarters(16, 8)), exifOf(binary.BigEndian, 6, "note")), "image/jpeg")
	keys := newKeys(f)
	f.Fuzz(func(t *testing.T, data []byte, declared string) {
		l := New(&memoryBucket{objects: map[string][]byte{}}, keys)
		item, err := l.Take(t.Context(), bytes.NewReader(data), declared)
		var refused *Refused
		if errors.As(err, &refused) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		again, original, err := l.Original(t.Context(), item.ID)
		if err != nil || again != item || !bytes.Equal(original, data) {
			t.Fatalf("took %+v, gave %+v, %v", item, again, err)
		}
		mime, shown, err := l.Display(t.Context(), item.ID)
		if errors.Is(err, ErrNoPreview) && item.Kind == Photo {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if item.Kind != Photo {
			if mime != item.MIME || !bytes.Equal(shown, data) {
				t.Fatalf("%s shown as %s", item.MIME, mime)
			}
			return
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(shown))
		if err != nil || config.Width > displaySide || config.Height > displaySide {
			t.Fatalf("shown as %+v, %v", config, err)
		}
	})
}

func FuzzOrientation(f *testing.F) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		tiff := exifOf(order, 6, "note")
		f.Add(tiff)
		f.Add(withEXIF([]byte{0xff, 0xd8}, tiff))
		f.Add(withSegment(withEXIF([]byte{0xff, 0xd8, 0xff, 0xda}, tiff), 0xe0, []byte("JFIF\x00")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, o := range []orientation{jpegOrientation(data), tiffOrientation(data)} {
			if o < 1 || o > 8 {
				t.Fatalf("orientation %d", o)
			}
		}
	})
}

func TestOrientationIsFoundBetweenOtherSegments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Uint16Range(1, 8).Draw(t, "orientation")
		order := rapid.SampledFrom([]binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian}).Draw(t, "order")
		data := withEXIF([]byte{0xff, 0xd8, 0xff, 0xda, 0, 2}, exifOf(order, want, "note"))
		for range rapid.IntRange(0, 4).Draw(t, "segments") {
			data = withSegment(data, rapid.ByteRange(0xe0, 0xef).Draw(t, "marker"), rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "content"))
		}
		if got := jpegOrientation(data); got != orientation(want) {
			t.Fatalf("got %d, want %d", got, want)
		}
		if cut := rapid.IntRange(0, len(data)).Draw(t, "cut"); jpegOrientation(data[:cut]) > 8 {
			t.Fatal("a cut file has an orientation of its own")
		}
	})
}
