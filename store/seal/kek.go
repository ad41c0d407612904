package seal

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// kekSize is the length of a key-encryption key in bytes (AES-256).
const kekSize = 32

// KEK is the key-encryption key: it wraps the keys in the database and lies
// outside of it. The zero value is no key.
type KEK struct{ key string }

// NewKEK makes a random key, for a trial run or `SECRET_KEY=$(…)`.
func NewKEK() KEK {
	key := make([]byte, kekSize)
	rand.Read(key) // never fails: crypto/rand ends the program instead
	return KEK{string(key)}
}

// ParseKEK reads SECRET_KEY: base64 of 32 bytes, in the standard or the URL
// alphabet, padded or not. Errors never repeat the value.
func ParseKEK(s string) (KEK, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return KEK{}, errors.New("SECRET_KEY is empty: " + kekHint)
	case strings.Contains(s, "://"):
		return KEK{}, errors.New("SECRET_KEY is a URL, but this build cannot use a key management service: " + kekHint)
	}
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s, "="))
	key, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil {
		return KEK{}, errors.New("SECRET_KEY is not base64: " + kekHint)
	}
	if len(key) != kekSize {
		return KEK{}, fmt.Errorf("SECRET_KEY has %d bytes, not %d: %s", len(key), kekSize, kekHint)
	}
	return KEK{string(key)}, nil
}

const kekHint = "give base64 of 32 random bytes, 44 letters long, as `openssl rand -base64 32` prints them"

// String returns the key itself in base64, as ParseKEK reads it. It is a
// secret: for the key file of a trial, never for a log.
func (k KEK) String() string { return base64.StdEncoding.EncodeToString([]byte(k.key)) }

// LogValue keeps the key out of structured logs.
func (k KEK) LogValue() slog.Value { return slog.StringValue("(secret)") }

// aead returns the cipher that wraps keysets.
func (k KEK) aead() (tink.AEAD, error) {
	if len(k.key) != kekSize {
		return nil, errors.New("no key-encryption key: use ParseKEK or NewKEK")
	}
	return subtle.NewAESGCM([]byte(k.key))
}
