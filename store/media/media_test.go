package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"nagrik/store/seal"
)

func newKeys(t testing.TB) *seal.Keys {
	t.Helper()
	kek := seal.NewKEK()
	wrapped, err := seal.Create(kek)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Open(kek, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// newLibrary is a library in a folder of its own.
func newLibrary(t testing.TB) (*Library, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "media")
	bucket, err := OpenBucket("file://" + dir)
	if err != nil {
		t.Fatal(err)
	}
	return New(bucket, newKeys(t)), dir
}

func take(t testing.TB, l *Library, data []byte, declared string) Item {
	t.Helper()
	item, err := l.Take(t.Context(), bytes.NewReader(data), declared)
	if err != nil {
		t.Fatalf("taking %.40q as %q: %v", data, declared, err)
	}
	return item
}

// files lists the files of a folder by path.
func files(t testing.TB, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestWhatIsTaken(t *testing.T) {
	l, dir := newLibrary(t)
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			before := len(files(t, dir))
			item, err := l.Take(t.Context(), bytes.NewReader(s.data), s.declared)
			if s.mime == "" {
				var refused *Refused
				if !errors.As(err, &refused) || refused.Reason != s.kind {
					t.Fatalf("got %v, %v; want %s", item, err, s.kind)
				}
				if len(files(t, dir)) != before {
					t.Error("refused, yet something was stored")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if item.MIME != s.mime || item.Kind != s.kind || item.Size != int64(len(s.data)) || item.SHA256 != sha256.Sum256(s.data) || len(item.ID) != 22 {
				t.Errorf("got %+v", item)
			}
			again, data, err := l.Original(t.Context(), item.ID)
			if err != nil || again != item || !bytes.Equal(data, s.data) {
				t.Errorf("read back as %+v, %d bytes, %v", again, len(data), err)
			}
		})
	}
}

func TestTooManyBytesAreNotRead(t *testing.T) {
	l, _ := newLibrary(t)
	var read int
	endless := readerFunc(func(p []byte) (int, error) { read += len(p); return len(p), nil })
	_, err := l.Take(t.Context(), endless, "video/mp4")
	var refused *Refused
	if !errors.As(err, &refused) || refused.Reason != TooBig {
		t.Fatalf("got %v", err)
	}
	if read > MaxSize+1 {
		t.Errorf("read %d bytes of an endless file", read)
	}
	full := append(ftyp("isom"), make([]byte, MaxSize)...)[:MaxSize]
	item := take(t, l, full, "video/mp4")
	if _, data, err := l.Original(t.Context(), item.ID); err != nil || !bytes.Equal(data, full) {
		t.Errorf("a file of just the limit: %v", err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestBrokenConnectionIsNotRefused(t *testing.T) {
	l, dir := newLibrary(t)
	lost := errors.New("connection lost")
	r := io.MultiReader(bytes.NewReader(jpegOf(t, quarters(8, 8))), readerFunc(func([]byte) (int, error) { return 0, lost }))
	_, err := l.Take(t.Context(), r, "image/jpeg")
	var refused *Refused
	if !errors.Is(err, lost) || errors.As(err, &refused) {
		t.Errorf("got %v", err)
	}
	if n := len(files(t, dir)); n != 0 {
		t.Errorf("%d files of half a photo", n)
	}
}

func TestAFileIsNotedBeforeItIsStored(t *testing.T) {
	l, dir := newLibrary(t)
	photo := jpegOf(t, quarters(64, 32))
	away := errors.New("the records are away")
	item, err := l.TakeNoted(t.Context(), bytes.NewReader(photo), "", func(Item) error { return away })
	if !errors.Is(err, away) || item != (Item{}) || len(files(t, dir)) != 0 {
		t.Errorf("without a note: %+v, %v, %d files", item, err, len(files(t, dir)))
	}
	var noted Item
	item, err = l.TakeNoted(t.Context(), bytes.NewReader(photo), "", func(i Item) error {
		noted = i
		if _, _, err := l.Original(t.Context(), i.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("the file is there before it is noted: %v", err)
		}
		return nil
	})
	if err != nil || item != noted || item.Size != int64(len(photo)) || len(files(t, dir)) != 1 {
		t.Errorf("item %+v, noted %+v, %v", item, noted, err)
	}
	noted = Item{}
	if _, err := l.TakeNoted(t.Context(), strings.NewReader("#!/bin/sh"), "", func(i Item) error { noted = i; return nil }); err == nil || noted != (Item{}) {
		t.Errorf("a refused file was noted as %+v, %v", noted, err)
	}
}

func TestSameContentIsOneObject(t *testing.T) {
	l, dir := newLibrary(t)
	photo := jpegOf(t, quarters(64, 32))
	first := take(t, l, photo, "image/jpeg")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			item, err := l.Take(context.Background(), bytes.NewReader(photo), "")
			if err != nil || item != first {
				t.Errorf("got %+v, %v", item, err)
			}
		})
	}
	wg.Wait()
	if n := len(files(t, dir)); n != 1 {
		t.Errorf("%d files for one photo", n)
	}
	if other := take(t, l, jpegOf(t, quarters(64, 34)), "image/jpeg"); other.ID == first.ID {
		t.Error("another photo has the same ID")
	}
}

func TestNothingReadableOnDisk(t *testing.T) {
	l, dir := newLibrary(t)
	canary := "canary-25.594095,85.137566"
	item := take(t, l, withEXIF(jpegOf(t, quarters(64, 32)), exifOf(binary.BigEndian, 1, canary)), "image/jpeg")
	text := take(t, l, []byte(canary+" मेरा मोबाइल खो गया।"), "text/plain")
	if _, _, err := l.Display(t.Context(), item.ID); err != nil {
		t.Fatal(err)
	}
	names := files(t, dir)
	if len(names) != 3 {
		t.Fatalf("%d files for two originals and a copy", len(names))
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{canary, "Exif", "JFIF", "image/jpeg", "\xff\xd8\xff", "मोबाइल", item.ID, text.ID, string(item.SHA256[:16])} {
			if bytes.Contains(data, []byte(secret)) || strings.Contains(name, secret) {
				t.Errorf("%q can be read in %s", secret, name)
			}
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestDamageIsDetectedAndHealed(t *testing.T) {
	l, dir := newLibrary(t)
	photo := jpegOf(t, quarters(64, 32))
	item := take(t, l, photo, "image/jpeg")
	name := files(t, dir)[0]
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	damages := map[string][]byte{"empty": {}, "cut": whole[:len(whole)-1], "longer": append(bytes.Clone(whole), 0)}
	for _, at := range []int{0, 1, 7, len(whole) / 2, len(whole) - 1} {
		flipped := bytes.Clone(whole)
		flipped[at] ^= 1
		damages["bit in byte "+string(rune('0'+at%10))] = flipped
	}
	for what, data := range damages {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := l.Original(t.Context(), item.ID); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: original gave %v", what, err)
		}
		if _, _, err := l.Display(t.Context(), item.ID); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: display gave %v", what, err)
		}
	}
	take(t, l, photo, "image/jpeg")
	if _, data, err := l.Original(t.Context(), item.ID); err != nil || !bytes.Equal(data, photo) {
		t.Errorf("sent again: %v", err)
	}
}

func TestSwappedFilesAreDetected(t *testing.T) {
	l, dir := newLibrary(t)
	a := take(t, l, jpegOf(t, quarters(64, 32)), "image/jpeg")
	b := take(t, l, jpegOf(t, quarters(32, 64)), "image/jpeg")
	names := files(t, dir)
	aside := filepath.Join(dir, "aside")
	for _, move := range [][2]string{{names[0], aside}, {names[1], names[0]}, {aside, names[1]}} {
		if err := os.Rename(move[0], move[1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, item := range []Item{a, b} {
		if _, _, err := l.Original(t.Context(), item.ID); !errors.Is(err, ErrDamaged) {
			t.Errorf("got %v", err)
		}
	}
}

func TestUnknownIDs(t *testing.T) {
	l, _ := newLibrary(t)
	known := take(t, l, jpegOf(t, quarters(8, 8)), "").ID
	for _, id := range []string{"", "x", "../../../../etc/passwd", known[:21], known + "A", strings.Repeat("A", 22), known[:21] + "=", "\n" + known} {
		if _, _, err := l.Original(t.Context(), id); !errors.Is(err, ErrNotFound) {
			t.Errorf("original of %q: %v", id, err)
		}
		if _, _, err := l.Display(t.Context(), id); !errors.Is(err, ErrNotFound) {
			t.Errorf("display of %q: %v", id, err)
		}
		if err := l.Forget(t.Context(), id); err != nil {
			t.Errorf("forgetting %q: %v", id, err)
		}
	}
}

func TestForget(t *testing.T) {
	l, dir := newLibrary(t)
	item := take(t, l, jpegOf(t, quarters(64, 32)), "image/jpeg")
	if _, _, err := l.Display(t.Context(), item.ID); err != nil {
		t.Fatal(err)
	}
	if n := len(files(t, dir)); n != 2 {
		t.Fatalf("%d files", n)
	}
	for range 2 { // the second time there is nothing to forget
		if err := l.Forget(t.Context(), item.ID); err != nil {
			t.Fatal(err)
		}
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if _, _, err := l.Display(t.Context(), item.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("display: %v", err)
	}
}

// slowBucket does something before an object is put.
type slowBucket struct {
	Bucket
	before func(name string)
}

func (b slowBucket) Put(ctx context.Context, name string, data []byte) error {
	b.before(name)
	return b.Bucket.Put(ctx, name, data)
}

func TestForgottenWhileACopyIsMade(t *testing.T) {
	l, dir := newLibrary(t)
	item := take(t, l, jpegOf(t, quarters(64, 32)), "image/jpeg")
	slow := New(slowBucket{l.bucket, func(name string) {
		if err := l.Forget(context.Background(), item.ID); err != nil {
			t.Error(err)
		}
	}}, l.keys)
	if _, _, err := slow.Display(t.Context(), item.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestDisplayHasNoMetadata(t *testing.T) {
	l, _ := newLibrary(t)
	canary := "canary-25.594095,85.137566"
	data := withEXIF(jpegOf(t, quarters(64, 32)), exifOf(binary.LittleEndian, 1, canary))
	data = withSegment(data, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+canary))
	data = withSegment(data, 0xfe, []byte(canary))
	data = append(data, canary...)
	item := take(t, l, data, "image/jpeg")
	for _, call := range []string{"made", "kept"} {
		mime, copied, err := l.Display(t.Context(), item.ID)
		if err != nil || mime != "image/jpeg" {
			t.Fatal(mime, err)
		}
		for _, secret := range []string{canary, "Exif", "adobe"} {
			if bytes.Contains(copied, []byte(secret)) {
				t.Errorf("%q is in the copy (%s)", secret, call)
			}
		}
		if _, err := jpeg.Decode(bytes.NewReader(copied)); err != nil {
			t.Error(err)
		}
	}
	if _, original, err := l.Original(t.Context(), item.ID); err != nil || bytes.Count(original, []byte(canary)) != 4 {
		t.Errorf("the original changed: %v", err)
	}
}

// show returns the copy for display as a picture.
func show(t testing.TB, l *Library, data []byte) image.Image {
	t.Helper()
	_, copied, err := l.Display(t.Context(), take(t, l, data, "").ID)
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(copied))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPhotosAreShownUpright(t *testing.T) {
	l, _ := newLibrary(t)
	stored := quarters(64, 32)
	// Where the colours are seen, from the table of the EXIF standard (4.6.4.A,
	// Orientation): upper left, upper right, lower left, lower right.
	for orientation, want := range map[uint16][4]color.Color{
		0: {red, green, blue, white}, // not allowed: as it is
		1: {red, green, blue, white},
		2: {green, red, white, blue},
		3: {white, blue, green, red},
		4: {blue, white, red, green},
		5: {red, blue, green, white},
		6: {blue, red, white, green},
		7: {white, green, blue, red},
		8: {green, white, red, blue},
		9: {red, green, blue, white},
	} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			m := show(t, l, withEXIF(jpegOf(t, stored), exifOf(order, orientation, order.String())))
			w, h := 64, 32
			if orientation >= 5 && orientation <= 8 {
				w, h = h, w
			}
			if m.Bounds().Dx() != w || m.Bounds().Dy() != h {
				t.Errorf("orientation %d: %v", orientation, m.Bounds())
				continue
			}
			for i, at := range []image.Point{{w / 4, h / 4}, {3 * w / 4, h / 4}, {w / 4, 3 * h / 4}, {3 * w / 4, 3 * h / 4}} {
				if got := m.At(at.X, at.Y); !near(got, want[i]) {
					t.Errorf("orientation %d %s: %v at %v, want %v", orientation, order, got, at, want[i])
				}
			}
		}
	}
}

func TestPhotosAreMadeSmall(t *testing.T) {
	l, _ := newLibrary(t)
	for _, size := range [][4]int{ // stored and shown
		{1600, 900, 1600, 900}, {1601, 900, 1600, 899}, {2000, 4000, 800, 1600}, {4001, 17, 1600, 7}, {8000, 2, 1600, 1}, {1, 3000, 1, 1600}, {1, 1, 1, 1},
	} {
		m := show(t, l, jpegOf(t, quarters(size[0], size[1])))
		if got := m.Bounds().Size(); got != image.Pt(size[2], size[3]) {
			t.Errorf("%dx%d became %v, want %dx%d", size[0], size[1], got, size[2], size[3])
		}
		if size[0] > 100 && size[1] > 100 {
			w, h := size[2], size[3]
			for i, at := range []image.Point{{w / 4, h / 4}, {3 * w / 4, h / 4}, {w / 4, 3 * h / 4}, {3 * w / 4, 3 * h / 4}} {
				if want := []color.Color{red, green, blue, white}[i]; !near(m.At(at.X, at.Y), want) {
					t.Errorf("%dx%d: %v at %v, want %v", size[0], size[1], m.At(at.X, at.Y), at, want)
				}
			}
		}
	}
}

func TestEveryFormatIsShown(t *testing.T) {
	l, _ := newLibrary(t)
	clear := image.NewNRGBA(image.Rect(0, 0, 8, 8)) // wholly transparent
	gray := image.NewGray16(image.Rect(0, 0, 8, 8))
	for i := range gray.Pix {
		gray.Pix[i] = 0xff
	}
	for name, c := range map[string]struct {
		data []byte
		want color.Color
	}{
		"first of many frames": {gifOf(t, red, green, 500), red},
		"transparent on white": {pngOf(t, clear), white},
		"sixteen bits":         {pngOf(t, gray), white},
	} {
		if m := show(t, l, c.data); !near(m.At(4, 4), c.want) {
			t.Errorf("%s: %v", name, m.At(4, 4))
		}
	}
	if got := show(t, l, webpOf(t)).Bounds().Size(); got != image.Pt(1, 1) {
		t.Errorf("webp: %v", got)
	}
}

func TestOthersAreShownAsTheyAre(t *testing.T) {
	l, _ := newLibrary(t)
	for _, s := range samples(t) {
		if s.mime == "" || s.kind == Photo {
			continue
		}
		mime, data, err := l.Display(t.Context(), take(t, l, s.data, s.declared).ID)
		if err != nil || mime != s.mime || !bytes.Equal(data, s.data) {
			t.Errorf("%s: %s, %d bytes, %v", s.name, mime, len(data), err)
		}
	}
}

func TestNoPreview(t *testing.T) {
	l, dir := newLibrary(t)
	whole := jpegOf(t, quarters(64, 32))
	scan := bytes.LastIndex(whole, jpegScan)
	scans := append(bytes.Clone(whole[:scan]), bytes.Repeat(whole[scan:len(whole)-2], 200)...)
	big := bytes.Clone(whole)
	frame := bytes.Index(big, []byte{0xff, 0xc0})
	big[frame+1] = 0xc2 // progressive: needs five times the memory
	binary.BigEndian.PutUint16(big[frame+5:], 6000)
	binary.BigEndian.PutUint16(big[frame+7:], 6600)
	for name, data := range map[string][]byte{
		"heic":               ftyp("heic"),
		"cut":                whole[:len(whole)-60],
		"thousands of scans": append(scans, 0xff, 0xd9),
		"too much memory":    big,
		"animated webp":      []byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x0f\x00\x00\x0f\x00\x00"),
	} {
		item := take(t, l, data, "")
		if _, _, err := l.Display(t.Context(), item.ID); !errors.Is(err, ErrNoPreview) {
			t.Errorf("%s: %v", name, err)
		}
		if _, original, err := l.Original(t.Context(), item.ID); err != nil || !bytes.Equal(original, data) {
			t.Errorf("%s: the original is lost: %v", name, err)
		}
	}
	if n := len(files(t, dir)); n != 5 {
		t.Errorf("%d files for 5 originals without copies", n)
	}
}

func TestFloodTakesNoMemory(t *testing.T) {
	l, _ := newLibrary(t)
	flood := floodPNG(60_000, 60_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := l.Take(t.Context(), bytes.NewReader(flood), "image/png")
	runtime.ReadMemStats(&after)
	var refused *Refused
	if !errors.As(err, &refused) || refused.Reason != TooBig {
		t.Errorf("got %v", err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("took %d bytes to refuse %d", used, len(flood))
	}
}

func TestDecodesWaitForMemory(t *testing.T) {
	l, _ := newLibrary(t)
	item := take(t, l, jpegOf(t, quarters(64, 32)), "image/jpeg")
	if !l.decodes.TryAcquire(decodeMemory/2) || !l.decodes.TryAcquire(decodeMemory/2) {
		t.Fatal("no memory to begin with")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.render(ctx, item.MIME, jpegOf(t, quarters(64, 32))); !errors.Is(err, context.Canceled) {
		t.Errorf("a third decode did not wait: %v", err)
	}
	l.decodes.Release(decodeMemory / 2)
	if _, _, err := l.Display(t.Context(), item.ID); err != nil {
		t.Errorf("a second decode waits: %v", err)
	}
	if !l.decodes.TryAcquire(decodeMemory / 2) {
		t.Error("a finished decode keeps its memory")
	}
}

func TestDamagedCopyIsMadeAgain(t *testing.T) {
	l, dir := newLibrary(t)
	item := take(t, l, jpegOf(t, quarters(64, 32)), "image/jpeg")
	_, first, err := l.Display(t.Context(), item.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files(t, filepath.Join(dir, displays)) {
		if err := os.WriteFile(name, []byte("rubbish"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, again, err := l.Display(t.Context(), item.ID); err != nil || !bytes.Equal(first, again) {
		t.Errorf("got %d bytes, %v", len(again), err)
	}
}

func TestTakeClean(t *testing.T) {
	l, dir := newLibrary(t)
	canary := "canary-25.594095,85.137566"
	sent := withEXIF(jpegOf(t, quarters(64, 32)), exifOf(binary.LittleEndian, 6, canary))
	var noted []Item
	item, err := l.TakeClean(t.Context(), bytes.NewReader(sent), "image/jpeg", func(i Item) error {
		noted = append(noted, i)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, data, err := l.Original(t.Context(), item.ID)
	if err != nil || bytes.Contains(data, []byte(canary)) || bytes.Contains(data, []byte("Exif")) {
		t.Errorf("kept with metadata, %v", err)
	}
	if len(noted) != 1 || noted[0] != item {
		t.Errorf("noted %v", noted)
	}
	if item.SHA256 == sha256.Sum256(sent) || item.SHA256 != sha256.Sum256(data) {
		t.Error("the item is not the copy")
	}
	if m, err := jpeg.Decode(bytes.NewReader(data)); err != nil || m.Bounds().Dx() != 32 {
		t.Errorf("not upright: %v", err)
	}
	if n := len(files(t, dir)); n != 1 {
		t.Errorf("%d files", n)
	}
	for _, s := range samples(t) {
		if s.mime == "image/jpeg" || s.mime == "image/png" || s.mime == "image/gif" || s.mime == "image/webp" {
			continue
		}
		_, err := l.TakeClean(t.Context(), bytes.NewReader(s.data), s.declared, func(Item) error { return nil })
		var refused *Refused
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", s.name, err)
		}
	}
	if n := len(files(t, dir)); n != 1 {
		t.Errorf("%d files after refusals", n)
	}
}

func BenchmarkDisplay12Megapixels(b *testing.B) {
	l, _ := newLibrary(b)
	data := jpegOf(b, quarters(4000, 3000))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.render(b.Context(), "image/jpeg", data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTake1MiB(b *testing.B) {
	l, _ := newLibrary(b)
	data := append(ftyp("isom"), make([]byte, 1<<20)...)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		take(b, l, data, "video/mp4")
	}
}
