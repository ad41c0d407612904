package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"sync"

	"github.com/tink-crypto/tink-go/v2/prf"
)

// indexSize is the length of a blind index in bytes: with 10^9 phones the
// chance that any two share an index is about 10^-21.
const indexSize = 16

// Index returns the blind index of a value, 16 bytes, always the same for the
// same kind and value and useless without the keys. The kind ("phone", "imei")
// keeps equal values of different columns apart. The caller normalises the
// value first (a phone to E.164). The empty value has no index (nil, SQL
// NULL), so that rows without a phone never look like one citizen's.
func (k *Keys) Index(kind, value string) []byte {
	if value == "" {
		return nil
	}
	return k.index.sum(kind, value)[:indexSize]
}

// MAC signs parts for one purpose ("button", "chat") with a key of its own, 32
// bytes. ("ab", "c") and ("a", "bc") sign differently. Compare with
// [crypto/hmac.Equal]; a purpose may keep only the first bytes.
func (k *Keys) MAC(purpose string, parts ...string) []byte {
	return k.sign.sum(purpose, parts...)
}

// keyedHash is HMAC-SHA-256 under one derived key. Hashes are pooled, because
// setting up the key costs more than hashing a short message.
type keyedHash struct{ pool sync.Pool }

// newKeyedHash derives a key from the root key; different labels give keys
// that say nothing about one another.
func newKeyedHash(root *prf.Set, label string) (*keyedHash, error) {
	key, err := root.ComputePrimaryPRF([]byte(label), sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("deriving key %s: %w", label, err)
	}
	return &keyedHash{pool: sync.Pool{New: func() any {
		return &pooledHash{mac: hmac.New(sha256.New, key)}
	}}}, nil
}

type pooledHash struct {
	mac hash.Hash
	buf []byte
}

// sum hashes domain and parts, each after its length, so that no two lists of
// strings are the same message.
func (h *keyedHash) sum(domain string, parts ...string) []byte {
	p := h.pool.Get().(*pooledHash)
	defer h.pool.Put(p)
	p.buf = appendPart(p.buf[:0], domain)
	for _, part := range parts {
		p.buf = appendPart(p.buf, part)
	}
	p.mac.Reset()
	p.mac.Write(p.buf) // a hash never returns an error
	clear(p.buf)       // phones do not stay in pooled memory
	return p.mac.Sum(make([]byte, 0, sha256.Size))
}

func appendPart(buf []byte, part string) []byte {
	return append(binary.AppendUvarint(buf, uint64(len(part))), part...)
}
