package media

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// A voice note in Ogg (RFC 3533) with Opus inside (RFC 7845): pages, of which the first holds the
// header, the next one or more the comments, and all others sound.
const (
	oggHead     = 27 // bytes of a page before its table of segments
	oggFirst    = 2  // flag of the first page of a stream
	oggContinue = 1  // flag of a page that begins in the middle of a packet
	oggSerial   = 1  // of every stream that we write: its own is random, and as good as a name
)

// cleanOgg returns a voice note with empty comments, which name the program and may name more, and
// with a serial number that all have.
func cleanOgg(data []byte) ([]byte, error) {
	var out bytes.Buffer
	var serial, sequence uint32
	comments := false // the page before held the end of the comments, or all of the header
	for n := 0; len(data) > 0; n++ {
		page, body := oggPage(data)
		if page == nil {
			return nil, &Refused{Broken}
		}
		data = data[len(page):]
		flags := page[5]
		if n == 0 {
			serial = binary.LittleEndian.Uint32(page[14:])
			if flags&oggFirst == 0 || !bytes.HasPrefix(body, []byte("OpusHead")) {
				return nil, &Refused{WrongKind}
			}
		} else if flags&oggFirst != 0 || binary.LittleEndian.Uint32(page[14:]) != serial {
			return nil, &Refused{Broken} // a second stream could hold anything
		}
		if n > 0 && !comments {
			if n == 1 && !bytes.HasPrefix(body, []byte("OpusTags")) || n > 1 && flags&oggContinue == 0 {
				return nil, &Refused{Broken}
			}
			// The last page of the packet is the one with a segment shorter than 255 bytes. The next
			// packet begins on a page of its own.
			table := page[oggHead : oggHead+int(page[26])]
			comments = table[len(table)-1] < 255
			if slices.ContainsFunc(table[:len(table)-1], func(n byte) bool { return n < 255 }) {
				return nil, &Refused{Broken}
			}
			if comments {
				writeOggPage(&out, emptyComments(page), sequence)
				sequence++
			}
			continue
		}
		writeOggPage(&out, bytes.Clone(page), sequence)
		sequence++
	}
	if !comments {
		return nil, &Refused{Broken}
	}
	return out.Bytes(), nil
}

// oggPage returns the first page of data and its body; nil if it is not whole.
func oggPage(data []byte) (page, body []byte) {
	if len(data) < oggHead || !bytes.HasPrefix(data, []byte("OggS\x00")) {
		return nil, nil
	}
	segments := int(data[26])
	size := oggHead + segments
	if segments == 0 || len(data) < size {
		return nil, nil
	}
	for _, n := range data[oggHead:size] {
		size += int(n)
	}
	if len(data) < size {
		return nil, nil
	}
	return data[:size], data[oggHead+segments : size]
}

// emptyComments is a page of comments without any, in the place of another.
func emptyComments(page []byte) []byte {
	const nothing = "OpusTags\x00\x00\x00\x00\x00\x00\x00\x00" // no vendor, no comments
	clean := append(bytes.Clone(page[:oggHead]), byte(len(nothing)))
	clean[5], clean[26] = 0, 1
	return append(clean, nothing...)
}

// writeOggPage writes a page as ours.
func writeOggPage(out *bytes.Buffer, page []byte, sequence uint32) {
	binary.LittleEndian.PutUint32(page[14:], oggSerial)
	binary.LittleEndian.PutUint32(page[18:], sequence)
	binary.LittleEndian.PutUint32(page[22:], 0)
	binary.LittleEndian.PutUint32(page[22:], oggChecksum(page))
	out.Write(page)
}

// oggTable is for oggChecksum: the CRC with the polynomial 04c11db7, neither reflected nor inverted.
var oggTable = func() (table [256]uint32) {
	for i := range table {
		r := uint32(i) << 24
		for range 8 {
			if r&0x80000000 != 0 {
				r = r<<1 ^ 0x04c11db7
			} else {
				r <<= 1
			}
		}
		table[i] = r
	}
	return table
}()

func oggChecksum(page []byte) (crc uint32) {
	for _, b := range page {
		crc = crc<<8 ^ oggTable[byte(crc>>24)^b]
	}
	return crc
}
