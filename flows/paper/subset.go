package paper

import (
	"encoding/binary"
)

// subset makes a font file that has the outlines of the given glyphs only, and of those they are
// composed of. Glyphs keep their numbers, so nothing else in the font has to change.
func (t *typeface) subset(ids []uint16) []byte {
	wanted := make(map[uint16]bool)
	var want func(id uint16)
	want = func(id uint16) {
		if int(id) >= t.glyphs() || wanted[id] {
			return
		}
		wanted[id] = true
		for _, part := range components(t.outline(id)) {
			want(part)
		}
	}
	want(0) // what is drawn for a letter that the font lacks
	for _, id := range ids {
		want(id)
	}

	var outlines []byte
	metrics := make([]byte, len(t.tables["hmtx"])) // zeros pack better than what nobody asks for
	offsets := make([]byte, 0, 2*(t.glyphs()+1))
	for id := range t.glyphs() {
		offsets = binary.BigEndian.AppendUint16(offsets, uint16(len(outlines)/2))
		if wanted[uint16(id)] {
			copy(metrics[4*id:4*id+4], t.tables["hmtx"][4*id:])
			outlines = append(outlines, t.outline(uint16(id))...) // of an even length: offsets are halves
		}
	}
	offsets = binary.BigEndian.AppendUint16(offsets, uint16(len(outlines)/2))
	return fontFile(func(tag string) []byte {
		switch tag {
		case "glyf":
			return outlines
		case "hmtx":
			return metrics
		case "loca":
			return offsets
		}
		return t.tables[tag]
	})
}

// Flags of a part of a composite glyph, from the OpenType specification, table glyf.
const (
	wordArguments = 1 << 0
	oneScale      = 1 << 3
	moreParts     = 1 << 5
	twoScales     = 1 << 6
	fourScales    = 1 << 7
)

// components are the glyphs that a composite glyph is put together from.
func components(outline []byte) []uint16 {
	const header = 10
	if len(outline) < header || int16(binary.BigEndian.Uint16(outline)) >= 0 {
		return nil
	}
	var parts []uint16
	for rest := outline[header:]; len(rest) >= 4; {
		flags := binary.BigEndian.Uint16(rest)
		parts = append(parts, binary.BigEndian.Uint16(rest[2:]))
		size := 6
		if flags&wordArguments != 0 {
			size += 2
		}
		switch {
		case flags&oneScale != 0:
			size += 2
		case flags&twoScales != 0:
			size += 4
		case flags&fourScales != 0:
			size += 8
		}
		if flags&moreParts == 0 || size > len(rest) {
			break
		}
		rest = rest[size:]
	}
	return parts
}

// fontFile puts tables together into a TrueType file.
func fontFile(table func(tag string) []byte) []byte {
	directory := 12 + 16*len(embedded)
	file := make([]byte, directory, 32<<10)
	binary.BigEndian.PutUint32(file, 0x00010000)
	binary.BigEndian.PutUint16(file[4:], uint16(len(embedded)))
	entries := 1 // the largest power of two that is not more than the number of tables, for a binary search
	log := 0
	for entries*2 <= len(embedded) {
		entries, log = entries*2, log+1
	}
	binary.BigEndian.PutUint16(file[6:], uint16(16*entries))
	binary.BigEndian.PutUint16(file[8:], uint16(log))
	binary.BigEndian.PutUint16(file[10:], uint16(16*(len(embedded)-entries)))
	for i, tag := range embedded {
		data := table(tag)
		entry := file[12+16*i:]
		copy(entry, tag)
		binary.BigEndian.PutUint32(entry[4:], checksum(data))
		binary.BigEndian.PutUint32(entry[8:], uint32(len(file)))
		binary.BigEndian.PutUint32(entry[12:], uint32(len(data)))
		file = append(file, data...)
		for len(file)%4 != 0 {
			file = append(file, 0)
		}
	}
	return file
}

// checksum is the sum of a table's 32-bit words.
func checksum(data []byte) uint32 {
	var sum uint32
	for len(data) >= 4 {
		sum += binary.BigEndian.Uint32(data)
		data = data[4:]
	}
	var last [4]byte
	copy(last[:], data)
	return sum + binary.BigEndian.Uint32(last[:])
}
