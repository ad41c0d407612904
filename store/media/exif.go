package media

import (
	"bytes"
	"encoding/binary"
	"image"
)

// jpegScan and jpegProgressive are the markers SOS and SOF2. Inside of
// compressed data FF is always followed by 00 or a restart marker, so counting
// them in the raw bytes never counts too few.
var (
	jpegScan        = []byte{0xff, 0xda}
	jpegProgressive = []byte{0xff, 0xc2}
)

// maxScans of a JPEG: cameras and messengers write about ten. A file of
// thousands of nearly empty ones decodes for minutes.
const maxScans = 100

// orientation is the EXIF tag 0x0112: how a camera was held. 1 is upright; 2, 4,
// 5 and 7 are mirrored.
type orientation uint16

const upright orientation = 1

// jpegOrientation finds the orientation in the EXIF segment of a JPEG; upright
// when there is none or it makes no sense.
func jpegOrientation(data []byte) orientation {
	const startOfScan, app1 = 0xda, 0xe1
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		marker := data[i+1]
		if marker == 0xff { // fill byte
			i++
			continue
		}
		length := int(binary.BigEndian.Uint16(data[i+2:])) // counts itself
		if marker == startOfScan || length < 2 || i+2+length > len(data) {
			break
		}
		if tiff, ok := bytes.CutPrefix(data[i+4:i+2+length], []byte("Exif\x00\x00")); ok && marker == app1 {
			return tiffOrientation(tiff)
		}
		i += 2 + length
	}
	return upright
}

// tiffOrientation reads the tag from the first directory of a TIFF header, in
// the byte order that it states.
func tiffOrientation(tiff []byte) orientation {
	const header, entrySize, tag, short = 8, 12, 0x0112, 3
	if len(tiff) < header {
		return upright
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return upright
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entrySize {
			break
		}
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short && order.Uint32(entries[4:]) == 1 {
			if o := orientation(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			break
		}
		entries = entries[entrySize:]
	}
	return upright
}

// turn returns the picture as it was seen through the camera.
func (o orientation) turn(src *image.RGBA) *image.RGBA {
	if o == upright {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if o >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			var to image.Point
			switch o {
			case 2:
				to = image.Pt(w-1-x, y)
			case 3:
				to = image.Pt(w-1-x, h-1-y)
			case 4:
				to = image.Pt(x, h-1-y)
			case 5:
				to = image.Pt(y, x)
			case 6:
				to = image.Pt(h-1-y, x)
			case 7:
				to = image.Pt(h-1-y, w-1-x)
			case 8:
				to = image.Pt(y, w-1-x)
			}
			dst.SetRGBA(to.X, to.Y, src.RGBAAt(x, y))
		}
	}
	return dst
}
