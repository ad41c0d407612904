package media

import (
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// Kinds of items.
const (
	photo    = "photo"
	voice    = "voice"
	video    = "video"
	document = "document"
)

// kinds lists every type that is taken. What is not here is refused, above all
// what a browser or a computer would run: SVG, HTML, programs, archives.
var kinds = map[string]string{
	"image/jpeg": photo,
	"image/png":  photo,
	"image/webp": photo,
	"image/gif":  photo,
	"image/heic": photo,
	"image/heif": photo,

	"audio/ogg":  voice,
	"audio/amr":  voice,
	"audio/mpeg": voice,
	"audio/mp4":  voice,
	"audio/aac":  voice,
	"audio/wav":  voice,
	"audio/webm": voice,
	"audio/3gpp": voice,

	"video/mp4":       video,
	"video/3gpp":      video,
	"video/webm":      video,
	"video/quicktime": video,

	"application/pdf":    document,
	"application/msword": document,
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": document,
	"text/plain": document,
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

func init() {
	// A Word file is known by a directory that often lies at its end, so the
	// whole of a file is looked at: at most 0.15 s for 20 MiB of text.
	mimetype.SetLimit(MaxSize)
}

// classify finds what data is, from its content. The declared type decides only
// where the content cannot.
func classify(data []byte, declared string) (mime, kind string, ok bool) {
	declared = baseType(declared)
	mime = baseType(mimetype.Detect(data).String())
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
