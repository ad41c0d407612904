package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

const voiceCanary = "canary 25.594095"

// oggOf is a voice note of pages with one packet each, from a recorder with a serial number.
func oggOf(serial uint32, packets ...string) []byte {
	var out bytes.Buffer
	sequence := uint32(0)
	for i, packet := range packets {
		for first := true; first || packet != ""; first = false {
			n := min(len(packet), 255*255)
			body := packet[:n]
			packet = packet[n:]
			page := make([]byte, oggHead)
			copy(page, "OggS")
			switch {
			case i == 0:
				page[5] = oggFirst
			case !first:
				page[5] = oggContinue
			}
			segments := strings.Repeat("\xff", len(body)/255)
			if packet == "" {
				segments += string([]byte{byte(len(body) % 255)})
			}
			page[26] = byte(len(segments))
			page = append(append(page, segments...), body...)
			binary.LittleEndian.PutUint32(page[14:], serial)
			binary.LittleEndian.PutUint32(page[18:], sequence)
			binary.LittleEndian.PutUint32(page[22:], oggChecksum(page))
			out.Write(page)
			sequence++
		}
	}
	return out.Bytes()
}

// opusTags is a comment packet.
func opusTags(vendor, comment string) string {
	length := func(s string) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s }
	return "OpusTags" + length(vendor) + "\x01\x00\x00\x00" + length(comment)
}

const opusHead = "OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"

// TestOggChecksum: the catalogue of CRCs gives 765e7680 for CRC-32/CKSUM, which is this one inverted.
func TestOggChecksum(t *testing.T) {
	t.Parallel()
	if got := oggChecksum([]byte("123456789")); got != ^uint32(0x765e7680) {
		t.Errorf("%#x", got)
	}
}

func TestCleanOgg(t *testing.T) {
	t.Parallel()
	for name, comment := range map[string]string{"short": voiceCanary, "of many pages": strings.Repeat(voiceCanary, 10_000)} {
		sent := oggOf(0xdeadbeef, opusHead, opusTags("Lavf canary", comment), "sound 1", "sound 2")
		clean, err := cleanOgg(bytes.Clone(sent))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if bytes.Contains(clean, []byte("canary")) {
			t.Errorf("%s: comments are left", name)
		}
		want := oggOf(oggSerial, opusHead, "OpusTags\x00\x00\x00\x00\x00\x00\x00\x00", "sound 1", "sound 2")
		if !bytes.Equal(clean, want) {
			t.Errorf("%s: cleaned to\n%q, want\n%q", name, clean, want)
		}
		if again, err := cleanOgg(clean); err != nil || !bytes.Equal(again, clean) {
			t.Errorf("%s: cleaning again changes it, %v", name, err)
		}
		for n := range min(len(sent), 400) {
			var refused *Refused
			if _, err := cleanOgg(sent[:len(sent)-1-n]); err != nil && !errors.As(err, &refused) {
				t.Errorf("%s cut off: %v", name, err)
			}
		}
	}
	for name, data := range map[string][]byte{
		"a second stream":      append(oggOf(1, opusHead, opusTags("", "")), oggOf(2, opusHead, opusTags("", voiceCanary))...),
		"another codec":        oggOf(1, "\x01vorbis", opusTags("", "")),
		"no comments":          oggOf(1, opusHead),
		"sound in their place": oggOf(1, opusHead, "sound"),
		"something behind":     append(oggOf(1, opusHead, opusTags("", "")), voiceCanary...),
	} {
		var refused *Refused
		if _, err := cleanOgg(data); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// element is an element of WebM with a size of eight bytes.
func element(id uint32, content string) string {
	head := strings.TrimLeft(string(binary.BigEndian.AppendUint32(nil, id)), "\x00")
	size := binary.BigEndian.AppendUint64(nil, uint64(len(content))|1<<56)
	return head + string(size) + content
}

// endless is a container without a size, as a recorder writes that does not know the end.
func endless(id uint32, content string) string {
	return strings.TrimLeft(string(binary.BigEndian.AppendUint32(nil, id)), "\x00") + "\x01\xff\xff\xff\xff\xff\xff\xff" + content
}

func webmVoice(kind string) []byte {
	return []byte(element(0x1a45dfa3, element(0x4282, "webm")) + endless(webmSegment,
		element(webmInfo, element(0x2ad7b1, "\x0f\x42\x40")+element(0x4d80, "Chrome canary")+element(0x5741, "canary")+
			element(0x4461, "canary!!")+element(0x73a4, "canarycanarycana")+element(0xbf, "cana"))+
			element(webmTracks, element(webmTrack, element(0xd7, "\x01")+element(webmKind, kind)+element(0x536e, "canary's microphone")))+
			endless(webmCluster, element(0xe7, "\x00")+element(0xa3, "\x81\x00\x00\x80sound 1"))+
			endless(webmCluster, element(0xe7, "\x01")+element(0xa3, "\x81\x00\x00\x80sound 2"))+
			element(0x1254c367, element(0x7373, voiceCanary))+element(0x1941a469, strings.Repeat("canary", 100))))
}

func TestCleanWebM(t *testing.T) {
	t.Parallel()
	sent := webmVoice("\x02")
	clean, err := cleanWebM(sent)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(clean, []byte("cana")) || !bytes.Contains(clean, []byte("sound 1")) || !bytes.Contains(clean, []byte("sound 2")) || len(clean) != len(sent) {
		t.Errorf("cleaned to %q", clean)
	}
	if again, err := cleanWebM(clean); err != nil || !bytes.Equal(again, clean) {
		t.Errorf("cleaning again changes it, %v", err)
	}
	for name, data := range map[string][]byte{
		"a picture": webmVoice("\x01"), "cut off": sent[:len(sent)-300], "something behind": append(bytes.Clone(sent), voiceCanary...), "no WebM": []byte(voiceCanary),
	} {
		var refused *Refused
		if _, err := cleanWebM(data); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for n := 2; n < 70_000; n += 1 + n/7 {
		whole := bytes.Repeat([]byte("x"), n)
		blank(whole)
		size, sizeSize, known := webmSize(whole[1:])
		if whole[0] != webmVoid || !known || 1+sizeSize+int(size) != n || bytes.Contains(whole[1+sizeSize:], []byte("x")) {
			t.Fatalf("%d bytes: % x…", n, whole[:min(n, 12)])
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add(oggOf(7, opusHead, opusTags("v", "c"), "sound"))
	f.Add(webmVoice("\x02"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for name, clean := range map[string]func([]byte) ([]byte, error){"ogg": cleanOgg, "webm": cleanWebM} {
			once, err := clean(bytes.Clone(data))
			if err != nil {
				continue
			}
			if twice, err := clean(bytes.Clone(once)); err != nil || !bytes.Equal(once, twice) {
				t.Errorf("%s: cleaning again changes it, %v", name, err)
			}
		}
	})
}

// TestTakeCleanVoice keeps the clean recording and nothing of what was sent.
func TestTakeCleanVoice(t *testing.T) {
	l, dir := newLibrary(t)
	for declared, sent := range map[string][]byte{
		"audio/ogg": oggOf(0xdeadbeef, opusHead, opusTags("", voiceCanary), "sound"), "audio/webm": webmVoice("\x02"),
	} {
		item, err := l.TakeClean(t.Context(), bytes.NewReader(sent), declared, func(Item) error { return nil })
		if err != nil {
			t.Fatalf("%s: %v", declared, err)
		}
		_, kept, err := l.Original(t.Context(), item.ID)
		if err != nil || bytes.Contains(kept, []byte("canary")) || item.MIME != declared || item.Kind != Voice {
			t.Errorf("%s: kept %q as %s, %v", declared, kept, item.MIME, err)
		}
	}
	if n := len(files(t, dir)); n != 2 {
		t.Errorf("%d files", n)
	}
}
