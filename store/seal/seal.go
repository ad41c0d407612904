// Package seal encrypts what is private in the store and makes it findable
// without decrypting it.
//
// Values are sealed with an envelope: a data key encrypts each value, and the
// data keys lie in the database wrapped by the key-encryption key (KEK) that
// only the environment has (SECRET_KEY). A copy of the database alone opens
// nothing. Each value is bound to its place ("table/column/row"): moved to
// another row it does not open.
//
// A column that must be searched by equality (phone, IMEI) has a blind index
// beside it, a keyed one-way function of the value ([Keys.Index]). The same
// root key, by another derivation, signs short messages such as buttons
// ([Keys.MAC]).
package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

var (
	// ErrWrongKey says that the key-encryption key is not the one that the
	// keys were wrapped with, or that the wrapped keys are damaged: the two
	// cannot be told apart.
	ErrWrongKey = errors.New("SECRET_KEY does not open the keys in the database: it is not the key they were made with, or they are damaged")

	// ErrSealed says that a sealed value does not open: it was changed, it
	// stands in another place than it was sealed for, or other keys sealed it.
	ErrSealed = errors.New("sealed value does not open: changed, moved, or sealed with other keys")

	errNoPlace = errors.New("sealing needs a place, such as \"filings/narrative/42\"")
)

// Keys seals, opens, indexes and signs. It is safe for use by many goroutines.
type Keys struct {
	kek   KEK
	text  *keyset.Handle // data keys, the primary one seals
	root  *keyset.Handle // key of the one-way functions; never rotated, or every index would have to be made anew
	aead  tink.AEAD
	index *keyedHash
	sign  *keyedHash
}

// wrappedKeys is what the database keeps: each keyset encrypted with the KEK.
type wrappedKeys struct {
	Text []byte `json:"text"`
	Root []byte `json:"root"`
}

// Associated data of the wrapped keysets, so that one cannot stand in for the other.
var (
	textPlace = []byte("nagrik/keys/text")
	rootPlace = []byte("nagrik/keys/root")
)

// textTemplate is AES-256 in GCM with a 192-bit random nonce: the number of
// values sealed with one key has no practical limit (plain GCM should be
// rotated after 2^32).
var textTemplate = aead.XAES256GCM192BitNonceKeyTemplate

// Create makes fresh keys and returns them wrapped with kek, for the caller to
// store once for the whole installation.
func Create(kek KEK) (wrapped []byte, err error) {
	text, err := keyset.NewHandle(textTemplate())
	if err != nil {
		return nil, fmt.Errorf("making data key: %w", err)
	}
	root, err := keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("making index key: %w", err)
	}
	return wrap(kek, text, root)
}

// Open unwraps what [Create] or [Keys.Rotate] returned. With another kek the
// error is [ErrWrongKey].
func Open(kek KEK, wrapped []byte) (*Keys, error) {
	var w wrappedKeys
	if err := json.Unmarshal(wrapped, &w); err != nil {
		return nil, ErrWrongKey
	}
	wrapping, err := kek.aead()
	if err != nil {
		return nil, err
	}
	k := &Keys{kek: kek}
	if k.text, err = keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(w.Text)), wrapping, textPlace); err != nil {
		return nil, ErrWrongKey
	}
	if k.root, err = keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(w.Root)), wrapping, rootPlace); err != nil {
		return nil, ErrWrongKey
	}
	if k.aead, err = aead.New(k.text); err != nil {
		return nil, fmt.Errorf("reading data keys: %w", err)
	}
	functions, err := prf.NewPRFSet(k.root)
	if err != nil {
		return nil, fmt.Errorf("reading index key: %w", err)
	}
	if k.index, err = newKeyedHash(functions, "nagrik/index"); err != nil {
		return nil, err
	}
	if k.sign, err = newKeyedHash(functions, "nagrik/sign"); err != nil {
		return nil, err
	}
	return k, nil
}

func wrap(kek KEK, text, root *keyset.Handle) ([]byte, error) {
	wrapping, err := kek.aead()
	if err != nil {
		return nil, err
	}
	var t, r bytes.Buffer
	if err := text.WriteWithAssociatedData(keyset.NewBinaryWriter(&t), wrapping, textPlace); err != nil {
		return nil, fmt.Errorf("wrapping data keys: %w", err)
	}
	if err := root.WriteWithAssociatedData(keyset.NewBinaryWriter(&r), wrapping, rootPlace); err != nil {
		return nil, fmt.Errorf("wrapping index key: %w", err)
	}
	return json.Marshal(wrappedKeys{Text: t.Bytes(), Root: r.Bytes()})
}

// Rotate returns the keys, wrapped, with a new data key in front: what is
// sealed after opening them uses the new key, what was sealed before stays
// readable. k itself does not change. The caller stores the result and
// restarts every replica together, because a replica with the old keys cannot
// read what a replica with the new ones seals.
func (k *Keys) Rotate() (wrapped []byte, err error) {
	m := keyset.NewManagerFromHandle(k.text)
	id, err := m.Add(textTemplate())
	if err != nil {
		return nil, fmt.Errorf("adding data key: %w", err)
	}
	if err := m.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("making the new data key primary: %w", err)
	}
	text, err := m.Handle()
	if err != nil {
		return nil, fmt.Errorf("reading rotated keys: %w", err)
	}
	return wrap(k.kek, text, k.root)
}

// Seal encrypts plain for one place, "table/column/row". It grows by 45 bytes.
func (k *Keys) Seal(plain []byte, place string) ([]byte, error) {
	if place == "" {
		return nil, errNoPlace
	}
	sealed, err := k.aead.Encrypt(plain, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	return sealed, nil
}

// Open decrypts what Seal made for the same place; anything else is [ErrSealed].
func (k *Keys) Open(sealed []byte, place string) ([]byte, error) {
	if place == "" {
		return nil, errNoPlace
	}
	plain, err := k.aead.Decrypt(sealed, []byte(place))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// SealText is Seal for a text column: the empty string becomes nil (SQL NULL).
func (k *Keys) SealText(plain, place string) ([]byte, error) {
	if plain == "" {
		return nil, nil
	}
	return k.Seal([]byte(plain), place)
}

// OpenText is Open for a text column: nil (SQL NULL) becomes the empty string.
func (k *Keys) OpenText(sealed []byte, place string) (string, error) {
	if sealed == nil {
		return "", nil
	}
	plain, err := k.Open(sealed, place)
	return string(plain), err
}
