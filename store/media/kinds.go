package media

import (
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// Kinds of items, in [Item.Kind].
const (
	Photo    = "photo"
	Voice    = "voice"
	Video    = "video"
	Document = "document"
)

// kinds lists every type that is taken. What is not here is refused, above all
// what a browser or a computer would run: SVG, HTML, programs, archives.
var kinds = map[string]string{
	"image/jpeg": Photo,
	"image/png":  Photo,
	"image/webp": Photo,
	"image/gif":  Photo,
	"image/heic": Photo,
	"image/heif": Photo,

	"audio/ogg":  Voice,
	"audio/amr":  Voice,
	"audio/mpeg": Voice,
	"audio/mp4":  Voice,
	"audio/aac":  Voice,
	"audio/wav":  Voice,
	"audio/webm": Voice,
	"audio/3gpp": Voice,

	"video/mp4":       Video,
	"video/3gpp":      Video,
	"video/webm":      Video,
	"video/quicktime": Video,

	"application/pdf":    Document,
	"application/msword": Document,
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": Document,
	"text/plain": Document,
}

// sameAs gives the names of mimetype that mean a type of kinds.
var sameAs = map[string]string{
	"image/heic-sequence":       "image/heic",
	"image/heif-sequence":       "image/heif",
	"application/ogg":           "audio/ogg",
	"audio/x-m4a":               "audio/mp4",
	"video/x-m4v":               "video/mp4",
	"video/3gpp2":               "video/3gpp",
	"text/csv":                  "text/plain", // prose with a comma in every line
	"text/tab-separated-values": "text/plain",
}

// heardAs gives the type of a container that may hold a picture or only sound,
// when the channel says that it is sound.
var heardAs = map[string]string{
	"video/mp4":  "audio/mp4",
	"video/3gpp": "audio/3gpp",
	"video/webm": "audio/webm",
}

// looksAt is how much of a file is searched for signs of its type, in bytes. A
// whole file of text would take a second.
const looksAt = 1 << 20

func init() {
	mimetype.SetLimit(MaxSize) // by default it looks at the first 3 KiB only
}

// detect finds a type by content. What a compound file (Word 97) or an archive
// (Word 2007) holds may be written at its end, so of these the whole is read.
func detect(data []byte) string {
	found := mimetype.Detect(data[:min(len(data), looksAt)])
	if found.Is("application/x-ole-storage") || found.Is("application/zip") {
		found = mimetype.Detect(data)
	}
	return baseType(found.String())
}

// classify finds what data is, from its content. The declared type decides only
// where the content cannot.
func classify(data []byte, declared string) (mime, kind string, ok bool) {
	declared = baseType(declared)
	mime = detect(data)
	if same, known := sameAs[mime]; known {
		mime = same
	}
	if heard, known := heardAs[mime]; known && strings.HasPrefix(declared, "audio/") {
		mime = heard
	}
	// Text has no signature: it is what nothing else is. So it is taken only
	// when it is all text and nobody says that it is something else.
	if mime == "text/plain" {
		says := declared == "" || declared == "application/octet-stream" || strings.HasPrefix(declared, "text/")
		if !says || !utf8.Valid(data) {
			return "", "", false
		}
	}
	kind, ok = kinds[mime]
	return mime, kind, ok
}

// baseType returns a media type in lower case without its parameters.
func baseType(mime string) string {
	mime, _, _ = strings.Cut(mime, ";")
	return strings.ToLower(strings.TrimSpace(mime))
}
