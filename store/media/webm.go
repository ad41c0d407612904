package media

import "bytes"

// A voice note in WebM, as browsers record it (RFC 8794, RFC 9559): elements in elements. What is in
// the containers below is looked at, of all other elements only the size.
const (
	webmSegment = 0x18538067
	webmInfo    = 0x1549a966
	webmCluster = 0x1f43b675
	webmTracks  = 0x1654ae6b
	webmTrack   = 0xae
	webmKind    = 0x83 // of a track
	webmSound   = 2
	webmVoid    = 0xec
)

var (
	webmContainers = map[uint32]bool{webmSegment: true, webmInfo: true, webmCluster: true, webmTracks: true, webmTrack: true}

	// webmTelling are the elements that tell of the maker, or may: the programs, the date, titles,
	// names and random numbers, tags, attachments, chapters; and the checksums over them.
	webmTelling = map[uint32]bool{
		0x4d80: true, 0x5741: true, 0x4461: true, 0x7ba9: true, 0x7384: true, 0x73a4: true, 0x536e: true,
		0x1254c367: true, 0x1941a469: true, 0x1043a770: true, 0xbf: true, webmVoid: true,
	}
	// webmNeeded are those of them that players ask for: emptied, and not taken away.
	webmNeeded = map[uint32]bool{0x4d80: true, 0x5741: true}
)

// cleanWebM returns a voice note with everything overwritten that tells of its maker.
func cleanWebM(data []byte) ([]byte, error) {
	clean := bytes.Clone(data)
	if id, _ := webmID(clean); id != 0x1a45dfa3 {
		return nil, &Refused{Broken}
	}
	for rest := clean; len(rest) > 0; {
		id, idSize := webmID(rest)
		size, sizeSize, known := webmSize(rest[idSize:])
		head := idSize + sizeSize
		switch {
		case id == 0 || sizeSize == 0:
			return nil, &Refused{Broken}
		case webmContainers[id]: // what is in it comes next, whatever its size
			rest = rest[head:]
			continue
		case !known || size > uint64(len(rest)-head):
			return nil, &Refused{Broken}
		}
		whole := rest[:head+int(size)]
		switch {
		case id == webmKind && !bytes.Equal(whole[head:], []byte{webmSound}):
			return nil, &Refused{WrongKind}
		case webmNeeded[id]:
			clear(whole[head:])
		case webmTelling[id]:
			blank(whole)
		}
		rest = rest[len(whole):]
	}
	return clean, nil
}

// blank makes an element of at least two bytes one without a meaning, of the same length.
func blank(whole []byte) {
	clear(whole)
	whole[0] = webmVoid
	// The size is written with as many bytes as bring the element to its length.
	for n := 1; n <= 8 && 1+n <= len(whole); n++ {
		size := uint64(len(whole) - 1 - n)
		if size < 1<<(7*n)-1 {
			for i := range n {
				whole[n-i] = byte(size >> (8 * i))
			}
			whole[1] |= 0x80 >> (n - 1)
			return
		}
	}
}

// webmID reads an element's id with its marker bits; 0 if there is none.
func webmID(b []byte) (id uint32, n int) {
	for n = 1; n <= 4 && len(b) >= n; n++ {
		id = id<<8 | uint32(b[n-1])
		if b[0]&(0x80>>(n-1)) != 0 {
			return id, n
		}
	}
	return 0, 0
}

// webmSize reads an element's size; known is false for one that says "until the next of its kind".
func webmSize(b []byte) (size uint64, n int, known bool) {
	for n = 1; n <= 8 && len(b) >= n; n++ {
		size = size<<8 | uint64(b[n-1])
		if b[0]&(0x80>>(n-1)) != 0 {
			size &= 1<<(7*n) - 1
			return size, n, size != 1<<(7*n)-1
		}
	}
	return 0, 0, false
}
