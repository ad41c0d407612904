package media

import (
	"context"
	"errors"
	"strings"
)

// Bucket keeps objects by name. A name has only a-z, 0-9 and slashes.
type Bucket interface {
	// Put stores an object, in place of one of the same name. It is all there
	// or not at all, and when Put returns nil it survives a crash.
	Put(ctx context.Context, name string, data []byte) error
	// Get returns an object, or [ErrNotFound].
	Get(ctx context.Context, name string) ([]byte, error)
	// Delete removes an object; one that is not there is no error.
	Delete(ctx context.Context, name string) error
}

// maxObject is the largest object read, in bytes: a file with its trailer and seal.
const maxObject = MaxSize + 4096

// OpenBucket opens the bucket that MEDIA_URL names: "file://FOLDER" (made when
// it is not there) or
// "s3://KEY:SECRET@HOST/BUCKET?region=REGION&insecure=true". Errors do not
// repeat the URL, which may hold a secret.
func OpenBucket(url string) (Bucket, error) {
	if folder, ok := strings.CutPrefix(url, "file://"); ok {
		return openFolder(folder)
	}
	if strings.HasPrefix(url, "s3://") {
		return openS3(url)
	}
	return nil, errors.New("MEDIA_URL must begin with file:// or s3://, such as file:///var/lib/nagrik/media")
}
