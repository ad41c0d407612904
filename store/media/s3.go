package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// s3 is a bucket of an object store that speaks S3.
type s3 struct {
	core   minio.Core
	bucket string
	prefix string // of every name, may be empty
}

var errS3URL = errors.New("MEDIA_URL must be s3://KEY:SECRET@HOST/BUCKET?region=REGION, with / in the secret written as %2F; &insecure=true for plain HTTP")

// openS3 reads s3://key:secret@host/bucket[/prefix]. Without key and secret
// they come from where the tools of AWS find them: the environment, the
// credentials file, the machine's role. It makes no connection yet.
func openS3(raw string) (*s3, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return nil, errS3URL
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if bucket == "" {
		return nil, errS3URL
	}
	secret, _ := u.User.Password()
	login := credentials.NewStaticV4(u.User.Username(), secret, "")
	if u.User == nil {
		login = credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{},
		})
	}
	core, err := minio.NewCore(u.Host, &minio.Options{
		Creds:      login,
		Secure:     u.Query().Get("insecure") != "true",
		Region:     u.Query().Get("region"),
		MaxRetries: 3,
	})
	if err != nil {
		return nil, errS3URL
	}
	return &s3{core: *core, bucket: bucket, prefix: prefix}, nil
}

func (s *s3) Put(ctx context.Context, name string, data []byte) error {
	sum := sha256.Sum256(data)
	_, err := s.core.PutObject(ctx, s.bucket, path.Join(s.prefix, name), bytes.NewReader(data), int64(len(data)),
		"", hex.EncodeToString(sum[:]), minio.PutObjectOptions{
			ContentType: "application/octet-stream",
			// The whole is signed by its hash, given above, which the store
			// checks: no need to sign it in chunks as well.
			DisableContentSha256: true,
		})
	return err
}

func (s *s3) Get(ctx context.Context, name string) ([]byte, error) {
	body, _, _, err := s.core.GetObject(ctx, s.bucket, path.Join(s.prefix, name), minio.GetObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(body, maxObject))
	return data, errors.Join(err, body.Close())
}

func (s *s3) Delete(ctx context.Context, name string) error {
	return s.core.RemoveObject(ctx, s.bucket, path.Join(s.prefix, name), minio.RemoveObjectOptions{})
}
