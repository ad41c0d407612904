package media

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// quarters is a picture of four colours, red and green above, blue and white below.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, [][]color.Color{{red, green}, {blue, white}}[2*y/h][2*x/w])
		}
	}
	return m
}

var (
	red   = color.RGBA{255, 0, 0, 255}
	green = color.RGBA{0, 255, 0, 255}
	blue  = color.RGBA{0, 0, 255, 255}
	white = color.RGBA{255, 255, 255, 255}
)

// near tells colours apart after JPEG has blurred them.
func near(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x3000 }
	return !far(ar, br) && !far(ag, bg) && !far(ab, bb)
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, m); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// gifOf has a first frame in one colour and more of another.
func gifOf(t testing.TB, first, rest color.Color, frames int) []byte {
	t.Helper()
	var film gif.GIF
	for i := range frames {
		frame := image.NewPaletted(image.Rect(0, 0, 16, 16), color.Palette{first, rest})
		if i > 0 {
			for p := range frame.Pix {
				frame.Pix[p] = 1
			}
		}
		film.Image = append(film.Image, frame)
		film.Delay = append(film.Delay, 1)
	}
	var buf bytes.Buffer
	if err := gif.EncodeAll(&buf, &film); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// exifOf is the TIFF part of an EXIF segment with an orientation and a GPS
// directory that holds note.
func exifOf(order binary.AppendByteOrder, orientation uint16, note string) []byte {
	b := []byte("II*\x00")
	if order.String() == "BigEndian" {
		b = []byte("MM\x00*")
	}
	entry := func(tag, kind uint16, count, value uint32) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		b = order.AppendUint32(b, value)
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 3)
	entry(0x010f, 2, 4, 0) // maker
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	b = order.AppendUint16(b, 0)
	const gps = 8 + 2 + 3*12 + 4
	entry(0x8825, 4, 1, gps)
	b = order.AppendUint32(b, 0)
	b = order.AppendUint16(b, 1)
	entry(0x001d, 2, uint32(len(note)), gps+2+12+4)
	b = order.AppendUint32(b, 0)
	return append(b, note...)
}

// withSegment puts an APP segment behind the first marker of a JPEG.
func withSegment(jpeg []byte, marker byte, content []byte) []byte {
	segment := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(content)))
	return slices.Concat(jpeg[:2], segment, content, jpeg[2:])
}

func withEXIF(jpeg, tiff []byte) []byte {
	return withSegment(jpeg, 0xe1, append([]byte("Exif\x00\x00"), tiff...))
}

// floodPNG claims w x h pixels in a few bytes.
func floodPNG(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	header := []byte("IHDR")
	header = binary.BigEndian.AppendUint32(header, w)
	header = binary.BigEndian.AppendUint32(header, h)
	header = append(header, 8, 6, 0, 0, 0)
	b = append(b, header...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(header))
	return append(b, "\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e"...)
}

// webpOf is a lossless WebP of one pixel.
func webpOf(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func zipOf(t testing.TB, names ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, name := range names {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte("<x/>"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// oleOf is a compound file (Word 97 and others) with one stream, whose
// directory lies behind far sectors of content.
func oleOf(stream string, far uint32) []byte {
	const sector = 512
	le := binary.LittleEndian
	head := make([]byte, sector)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	le.PutUint16(head[24:], 0x3e)
	le.PutUint16(head[26:], 3)
	le.PutUint16(head[28:], 0xfffe)
	le.PutUint16(head[30:], 9)
	le.PutUint16(head[32:], 6)
	le.PutUint32(head[44:], 1)
	le.PutUint32(head[48:], 1+far) // directory
	le.PutUint32(head[56:], 4096)
	le.PutUint32(head[60:], 0xfffffffe)
	le.PutUint32(head[68:], 0xfffffffe)
	for at := 80; at < sector; at += 4 {
		le.PutUint32(head[at:], 0xffffffff)
	}
	fat := bytes.Repeat([]byte{0xff}, sector)
	le.PutUint32(fat, 0xfffffffd)
	for i := range far {
		le.PutUint32(fat[4*(1+i):], i+2)
	}
	le.PutUint32(fat[4*far:], 0xfffffffe)
	le.PutUint32(fat[4*(1+far):], 0xfffffffe)
	directory := make([]byte, sector)
	entry := func(at int, name string, kind byte, child, start, size uint32) {
		e := directory[128*at:]
		letters := utf16.Encode([]rune(name))
		for i, letter := range letters {
			le.PutUint16(e[2*i:], letter)
		}
		le.PutUint16(e[64:], uint16(2*len(letters)+2))
		e[66], e[67] = kind, 1
		le.PutUint32(e[68:], 0xffffffff)
		le.PutUint32(e[72:], 0xffffffff)
		le.PutUint32(e[76:], child)
		le.PutUint32(e[116:], start)
		le.PutUint32(e[120:], size)
	}
	entry(0, "Root Entry", 5, 1, 0xfffffffe, 0)
	entry(1, stream, 2, 0xffffffff, 1, far*sector)
	return slices.Concat(head, fat, bytes.Repeat([]byte{7}, int(far*sector)), directory)
}

// ftyp is the first box of an MP4 and its relatives.
func ftyp(brand string) []byte {
	return []byte("\x00\x00\x00\x18ftyp" + brand + "\x00\x00\x00\x00" + brand + "isom" + strings.Repeat("\x00", 64))
}

type sample struct {
	name     string
	data     []byte
	declared string
	mime     string // "" when refused
	kind     string // or the reason
}

func samples(t testing.TB) []sample {
	ogg := []byte("OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead" + strings.Repeat("\x00", 20))
	webm := []byte("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04")
	whole := jpegOf(t, quarters(64, 32))
	return []sample{
		{"jpeg", whole, "image/jpeg", "image/jpeg", Photo},
		{"jpeg as a file", whole, "application/octet-stream", "image/jpeg", Photo},
		{"png", pngOf(t, quarters(64, 32)), "", "image/png", Photo},
		{"gif", gifOf(t, red, green, 2), "image/gif", "image/gif", Photo},
		{"webp", webpOf(t), "image/webp", "image/webp", Photo},
		{"heic", ftyp("heic"), "image/heic", "image/heic", Photo},
		{"heif", ftyp("mif1"), "", "image/heif", Photo},
		{"voice of Telegram and WhatsApp", ogg, "audio/ogg; codecs=opus", "audio/ogg", Voice},
		{"amr", []byte("#!AMR\n" + strings.Repeat("\x3c\x00", 40)), "audio/amr", "audio/amr", Voice},
		{"mp3", []byte(strings.Repeat("\xff\xfb\x90\x00"+strings.Repeat("\x00", 413), 4)), "audio/mpeg", "audio/mpeg", Voice},
		{"mp3 with a title", []byte("ID3\x03\x00\x00\x00\x00\x00\x0eTIT2\x00\x00\x00\x04\x00\x00\x00abc" + strings.Repeat("\xff\xfb\x90\x00"+strings.Repeat("\x00", 413), 4)), "audio/mpeg", "audio/mpeg", Voice},
		{"m4a", ftyp("M4A "), "audio/mp4", "audio/mp4", Voice},
		{"voice of an iPhone's browser", ftyp("isom"), "audio/mp4", "audio/mp4", Voice},
		{"aac", []byte("\xff\xf1\x50\x80" + strings.Repeat("\x00", 60)), "audio/aac", "audio/aac", Voice},
		{"wav", []byte("RIFF\x24\x00\x00\x00WAVEfmt " + strings.Repeat("\x00", 40)), "audio/wav", "audio/wav", Voice},
		{"voice of a browser", webm, "audio/webm;codecs=opus", "audio/webm", Voice},
		{"webm", webm, "video/webm", "video/webm", Video},
		{"mp4", ftyp("isom"), "video/mp4", "video/mp4", Video},
		{"3gp", ftyp("3gp4"), "video/3gpp", "video/3gpp", Video},
		{"mov", ftyp("qt  "), "video/quicktime", "video/quicktime", Video},
		{"pdf", []byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"), "application/pdf", "application/pdf", Document},
		{"doc", oleOf("WordDocument", 40), "", "application/msword", Document},
		{"docx", zipOf(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml"), "", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Document},
		{"doc with its directory far behind", oleOf("WordDocument", 120), "", "application/msword", Document},
		{"text", []byte("मेरा मोबाइल खो गया।\n"), "text/plain", "text/plain", Document},
		{"text with commas", []byte("राम, श्याम\nसीता, गीता\n"), "text/plain", "text/plain", Document},

		{"nothing", nil, "image/jpeg", "", Empty},
		{"html as jpg", []byte("<!DOCTYPE html><html><script>alert(1)</script></html>"), "image/jpeg", "", WrongKind},
		{"html without a beginning as jpg", []byte("hello <script>alert(1)</script>"), "image/jpeg", "", WrongKind},
		{"html behind the signature of jpg", []byte("\xff\xd8\xff\xe0<html><script>alert(1)</script></html>"), "image/jpeg", "", Broken},
		{"html", []byte("<html><body>hi</body></html>"), "text/html", "", WrongKind},
		{"svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "image/svg+xml", "", WrongKind},
		{"program", append([]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), make([]byte, 200)...), "application/pdf", "", WrongKind},
		{"elf", append([]byte("\x7fELF\x02\x01\x01\x00"), make([]byte, 60)...), "", "", WrongKind},
		{"script", []byte("#!/bin/sh\nrm -rf /\n"), "text/plain", "", WrongKind},
		{"zip", zipOf(t, "a.txt"), "application/zip", "", WrongKind},
		{"android app", zipOf(t, "AndroidManifest.xml", "classes.dex"), "", "", WrongKind},
		{"installer", oleOf("Property", 40), "application/msword", "", WrongKind},
		{"avif", ftyp("avif"), "image/avif", "", WrongKind},
		{"bytes that are no text", []byte("abc\xff\xfe\x80 abc"), "text/plain", "", WrongKind},
		{"half a header of jpg", whole[:20], "image/jpeg", "", Broken},
		{"flood of pixels", floodPNG(50_000, 50_000), "image/png", "", TooBig},
		{"long line of pixels", floodPNG(30_000_000, 1), "image/png", "", TooBig},
		{"product overflows", floodPNG(1<<31-1, 1<<31-1), "image/png", "", Broken},
	}
}
