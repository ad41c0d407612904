package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	endian "encoding/binary"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// hunt looks for many words in much data at once, in all the ways in which a program may write them.
type hunt struct {
	words   map[string]string // and what each is, and how it is written
	lengths map[uint64][]int  // of the words that begin with some bytes
	first   []uint64          // a bit for each such beginning, by its hash
}

const (
	huntBits  = 26
	huntStart = 6 // bytes: shorter words would be found everywhere
)

func newHunt() *hunt {
	return &hunt{words: map[string]string{}, lengths: map[uint64][]int{}, first: make([]uint64, 1<<huntBits/64)}
}

// beginning is the first bytes of some data as a number, and its place among the bits.
func beginning(data []byte) (begins, bucket uint64) {
	begins = uint64(endian.LittleEndian.Uint32(data)) | uint64(endian.LittleEndian.Uint16(data[4:]))<<32
	return begins, begins * 0x9e3779b97f4a7c15 >> (64 - huntBits)
}

// raw adds a word as it is.
func (h *hunt) raw(what string, word []byte) {
	if len(word) < huntStart {
		return
	}
	begins, bucket := beginning(word)
	if !slices.Contains(h.lengths[begins], len(word)) {
		h.lengths[begins] = append(h.lengths[begins], len(word))
	}
	h.words[string(word)] = what
	h.first[bucket/64] |= 1 << (bucket % 64)
}

// add adds a text in every form, and in those of a number if it is one.
func (h *hunt) add(what, text string) {
	forms := map[string][]byte{"plain": []byte(text), "in a URL": []byte(url.QueryEscape(text))}
	sum := sha256.Sum256([]byte(text))
	for name, b := range map[string][]byte{"text": []byte(text), "SHA-256": sum[:]} {
		forms[name+" in hex"] = []byte(hex.EncodeToString(b))
		forms[name+" in HEX"] = bytes.ToUpper([]byte(hex.EncodeToString(b)))
		forms[name+" in base64"] = []byte(base64.RawStdEncoding.EncodeToString(b))
		forms[name+" in base64 of URLs"] = []byte(base64.RawURLEncoding.EncodeToString(b))
	}
	forms["SHA-256"] = sum[:]
	var little, big []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		little, big = endian.LittleEndian.AppendUint16(little, unit), endian.BigEndian.AppendUint16(big, unit)
	}
	forms["UTF-16LE"], forms["UTF-16BE"] = little, big
	if n, err := strconv.ParseUint(text, 10, 64); err == nil && n >= 1<<32 {
		h.number(forms, n)
	}
	seen := map[string]bool{}
	for name, form := range forms {
		if !seen[string(form)] {
			h.raw(what+" "+name, form)
		}
		seen[string(form)] = true
	}
}

// inHexadecimal is the form of a phone's number that has nine or ten digits: among the millions of digits in which a dump
// writes sealed bytes, one in ten runs has one of a thousand such numbers by chance.
const inHexadecimal = "in hexadecimal"

// inHexRun says whether n bytes at i stand within so many digits that they are of bytes and not of a number. Numbers that are
// written as bytes have forms of their own, with all their zeros.
func inHexRun(data []byte, i, n int) bool {
	const long = 32
	first, end := i, i+n
	for first > 0 && hexDigit(data[first-1]) {
		first--
	}
	for end < len(data) && hexDigit(data[end]) {
		end++
	}
	return end-first >= long
}

func hexDigit(b byte) bool { return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' }

// number adds the forms of a number.
func (h *hunt) number(forms map[string][]byte, n uint64) {
	forms[inHexadecimal] = strconv.AppendUint(nil, n, 16)
	forms["in eight bytes, LE"] = endian.LittleEndian.AppendUint64(nil, n)
	forms["in eight bytes, BE"] = endian.BigEndian.AppendUint64(nil, n)
	forms["as varint"] = endian.AppendUvarint(nil, n)
	forms["as signed varint"] = endian.AppendVarint(nil, int64(n))
	for name, b := range map[string][]byte{"LE": forms["in eight bytes, LE"], "BE": forms["in eight bytes, BE"]} {
		forms["in base64, "+name] = []byte(base64.RawStdEncoding.EncodeToString(b))
		forms["in hex, "+name] = []byte(hex.EncodeToString(b))
	}
}

// hash adds a keyed hash, which is stored as bytes, and shown in hex or base64.
func (h *hunt) hash(what string, sum []byte) {
	h.raw(what, sum)
	h.raw(what+" in hex", []byte(hex.EncodeToString(sum)))
	h.raw(what+" in base64", []byte(base64.RawStdEncoding.EncodeToString(sum)))
	h.raw(what+" in base64 of URLs", []byte(base64.RawURLEncoding.EncodeToString(sum)))
}

// in tells what is found in data.
func (h *hunt) in(data []byte) (found []string) {
	for i := 0; i+huntStart <= len(data); i++ {
		begins, bucket := beginning(data[i:])
		if h.first[bucket/64]&(1<<(bucket%64)) == 0 {
			continue
		}
		for _, n := range h.lengths[begins] {
			if i+n > len(data) {
				continue
			}
			if what, known := h.words[string(data[i:i+n])]; known && !(strings.HasSuffix(what, inHexadecimal) && inHexRun(data, i, n)) {
				found = append(found, fmt.Sprintf("%s at %d: %q", what, i, data[max(0, i-60):min(len(data), i+100)]))
			}
		}
	}
	return found
}

// TestHunt finds every form of what it looks for, wherever it stands: a search that finds nothing
// elsewhere is worth as much as this.
func TestHunt(t *testing.T) {
	t.Parallel()
	h := newHunt()
	h.add("number", "700912345678")
	h.add("name", "कनारी Zqname000017")
	h.hash("hash", []byte("0123456789abcdef"))
	for word, what := range h.words {
		for _, data := range []string{word, "before" + word, "\xff" + word + "after"} {
			if len(h.in([]byte(data))) == 0 {
				t.Errorf("%s is not found", what)
			}
		}
	}
	chance := strings.Repeat("c1f7", 10) + strconv.FormatUint(700912345678, 16) + strings.Repeat("e09d", 10)
	if found := h.in([]byte(chance)); len(found) > 0 {
		t.Errorf("found %q in sealed bytes", found[0])
	}
	if found := h.in(bytes.Repeat([]byte("nothing to be found here"), 1000)); len(found) > 0 {
		t.Errorf("found %q in nothing", found[0])
	}
	if len(h.words) < 35 {
		t.Errorf("%d forms", len(h.words))
	}
}
