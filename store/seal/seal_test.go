package seal

import (
	"bytes"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func newKeys(t testing.TB) (*Keys, KEK, []byte) {
	t.Helper()
	kek := NewKEK()
	wrapped, err := Create(kek)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := Open(kek, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	return keys, kek, wrapped
}

func TestSealedValueOpensInItsPlaceOnly(t *testing.T) {
	keys, _, _ := newKeys(t)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		place := rapid.StringN(1, 40, -1).Draw(t, "place")
		other := rapid.StringN(1, 40, -1).Filter(func(s string) bool { return s != place }).Draw(t, "other")
		sealed, err := keys.Seal(plain, place)
		if err != nil {
			t.Fatal(err)
		}
		got, err := keys.Open(sealed, place)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("opened %x, %v; sealed %x", got, err, plain)
		}
		if len(sealed) != len(plain)+45 {
			t.Fatalf("%d bytes became %d", len(plain), len(sealed))
		}
		if _, err := keys.Open(sealed, other); !errors.Is(err, ErrSealed) {
			t.Fatalf("opened in another place: %v", err)
		}
		if len(plain) >= 8 && bytes.Contains(sealed, plain) {
			t.Fatal("plaintext inside the sealed bytes")
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := keys.Open(sealed, place); !errors.Is(err, ErrSealed) {
			t.Fatalf("opened after a bit flip: %v", err)
		}
	})
}

func TestSameTextSealsDifferentlyEachTime(t *testing.T) {
	keys, _, _ := newKeys(t)
	a, errA := keys.SealText("9876543210", "citizens/phone/1")
	b, errB := keys.SealText("9876543210", "citizens/phone/1")
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if bytes.Equal(a, b) {
		t.Fatal("equal texts can be told from their sealed bytes")
	}
}

func TestEmptyTextIsNull(t *testing.T) {
	keys, _, _ := newKeys(t)
	sealed, err := keys.SealText("", "citizens/name/1")
	if sealed != nil || err != nil {
		t.Fatalf("empty text sealed as %x, %v", sealed, err)
	}
	if text, err := keys.OpenText(nil, "citizens/name/1"); text != "" || err != nil {
		t.Fatalf("NULL opened as %q, %v", text, err)
	}
	if _, err := keys.OpenText([]byte{}, "citizens/name/1"); !errors.Is(err, ErrSealed) {
		t.Fatalf("a truncated value passed for NULL: %v", err)
	}
	sealed, err = keys.SealText("सीता देवी", "citizens/name/1")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := keys.OpenText(sealed, "citizens/name/1"); text != "सीता देवी" || err != nil {
		t.Fatalf("opened as %q, %v", text, err)
	}
}

func TestSealingNeedsAPlace(t *testing.T) {
	keys, _, _ := newKeys(t)
	if _, err := keys.Seal([]byte("x"), ""); err == nil {
		t.Error("sealed without a place")
	}
	if _, err := keys.Open([]byte("x"), ""); err == nil {
		t.Error("opened without a place")
	}
}

func TestWrongKEK(t *testing.T) {
	_, kek, wrapped := newKeys(t)
	if _, err := Open(NewKEK(), wrapped); !errors.Is(err, ErrWrongKey) {
		t.Errorf("another KEK: %v", err)
	}
	if _, err := Open(KEK{}, wrapped); err == nil {
		t.Error("no KEK opened the keys")
	}
	if _, err := Create(KEK{}); err == nil {
		t.Error("keys wrapped with no KEK")
	}
	var w wrappedKeys
	if err := json.Unmarshal(wrapped, &w); err != nil {
		t.Fatal(err)
	}
	for _, part := range [][]byte{w.Text, w.Root} {
		for i := range part {
			part[i] ^= 0x02
			damaged, err := json.Marshal(w)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Open(kek, damaged); !errors.Is(err, ErrWrongKey) {
				t.Fatalf("damaged at byte %d: %v", i, err)
			}
			part[i] ^= 0x02
		}
	}
	if _, err := Open(kek, wrapped[:len(wrapped)/2]); !errors.Is(err, ErrWrongKey) {
		t.Errorf("half of the keys: %v", err)
	}
}

func TestKeysetsCannotBeSwapped(t *testing.T) {
	_, kek, wrapped := newKeys(t)
	swapped := strings.NewReplacer(`"text"`, `"root"`, `"root"`, `"text"`).Replace(string(wrapped))
	if _, err := Open(kek, []byte(swapped)); !errors.Is(err, ErrWrongKey) {
		t.Fatalf("swapped keysets: %v", err)
	}
}

func TestWrappedKeysReopenTheSame(t *testing.T) {
	first, kek, wrapped := newKeys(t)
	second, err := Open(kek, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := first.SealText("secret", "a/b/1")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := second.OpenText(sealed, "a/b/1"); text != "secret" || err != nil {
		t.Errorf("after a restart: %q, %v", text, err)
	}
	if !bytes.Equal(first.Index("phone", "+919876543210"), second.Index("phone", "+919876543210")) {
		t.Error("index changed over a restart")
	}
	if !bytes.Equal(first.MAC("button", "x"), second.MAC("button", "x")) {
		t.Error("signature changed over a restart")
	}
}

func TestRotation(t *testing.T) {
	old, kek, _ := newKeys(t)
	before, err := old.SealText("before", "a/b/1")
	if err != nil {
		t.Fatal(err)
	}
	rotated, err := old.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := Open(kek, rotated)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := keys.OpenText(before, "a/b/1"); text != "before" || err != nil {
		t.Errorf("old text after rotation: %q, %v", text, err)
	}
	after, err := keys.SealText("after", "a/b/1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.OpenText(after, "a/b/1"); !errors.Is(err, ErrSealed) {
		t.Errorf("the old key still seals: %v", err)
	}
	if !bytes.Equal(old.Index("imei", "1"), keys.Index("imei", "1")) || !bytes.Equal(old.MAC("chat", "1"), keys.MAC("chat", "1")) {
		t.Error("rotation changed indexes or signatures")
	}
	again, err := old.SealText("still old", "a/b/1")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := keys.OpenText(again, "a/b/1"); text != "still old" || err != nil {
		t.Errorf("text of a replica that was not restarted: %q, %v", text, err)
	}
	if _, err := Open(NewKEK(), rotated); !errors.Is(err, ErrWrongKey) {
		t.Errorf("rotated keys with another KEK: %v", err)
	}
}

func TestIndex(t *testing.T) {
	keys, _, _ := newKeys(t)
	others, _, _ := newKeys(t)
	phone := keys.Index("phone", "+919876543210")
	if len(phone) != 16 {
		t.Fatalf("index has %d bytes", len(phone))
	}
	for name, different := range map[string][]byte{
		"another value":        keys.Index("phone", "+919876543211"),
		"another kind":         keys.Index("chat", "+919876543210"),
		"boundary moved":       keys.Index("phone+", "919876543210"),
		"another installation": others.Index("phone", "+919876543210"),
		"signature":            keys.MAC("phone", "+919876543210")[:16],
	} {
		if bytes.Equal(phone, different) {
			t.Errorf("%s has the same index", name)
		}
	}
	if keys.Index("phone", "") != nil {
		t.Error("no phone has an index")
	}
}

func TestMACIsUnambiguous(t *testing.T) {
	keys, _, _ := newKeys(t)
	part := rapid.StringMatching(`[ab,:\x00\x01\x02]{0,3}`)
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(part, 1, 4).Draw(t, "a")
		b := rapid.SliceOfN(part, 1, 4).Draw(t, "b")
		same := fmt.Sprintf("%q", a) == fmt.Sprintf("%q", b)
		if hmac.Equal(keys.MAC(a[0], a[1:]...), keys.MAC(b[0], b[1:]...)) != same {
			t.Fatalf("%q and %q: equal lists %v", a, b, same)
		}
	})
}

func TestManyGoroutines(t *testing.T) {
	keys, _, _ := newKeys(t)
	want := make([][]byte, 8)
	for i := range want {
		want[i] = keys.MAC("button", fmt.Sprint(i))
	}
	var wg sync.WaitGroup
	for i := range want {
		wg.Go(func() {
			for range 200 {
				if !hmac.Equal(keys.MAC("button", fmt.Sprint(i)), want[i]) {
					t.Error("signature differs under load")
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestParseKEK(t *testing.T) {
	raw := bytes.Repeat([]byte{0xfb, 0xff}, 16) // + and / in the standard alphabet
	want := base64.StdEncoding.EncodeToString(raw)
	for name, encoding := range map[string]*base64.Encoding{
		"std": base64.StdEncoding, "raw std": base64.RawStdEncoding,
		"url": base64.URLEncoding, "raw url": base64.RawURLEncoding,
	} {
		kek, err := ParseKEK(" " + encoding.EncodeToString(raw) + "\n")
		if err != nil || kek.String() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for in, says := range map[string]string{
		"":     "SECRET_KEY is empty",
		"  \n": "SECRET_KEY is empty",
		"aws-kms://arn:aws:kms:ap-south-1:1:key/2":        "cannot use a key management service",
		"correct horse battery":                           "not base64",
		"c2hvcnQ=":                                        "has 5 bytes",
		base64.StdEncoding.EncodeToString(append(raw, 1)): "has 33 bytes",
	} {
		_, err := ParseKEK(in)
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "openssl rand -base64 32") {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if len(in) > 4 && strings.Contains(err.Error(), strings.TrimSpace(in)) {
			t.Errorf("the error repeats the secret: %v", err)
		}
	}
}

func TestNewKEKIsParsedBackAndNotLogged(t *testing.T) {
	a, b := NewKEK(), NewKEK()
	if a == b {
		t.Fatal("two keys are equal")
	}
	if back, err := ParseKEK(a.String()); err != nil || back != a {
		t.Fatalf("%v", err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "key", a)
	if strings.Contains(log.String(), a.String()) {
		t.Error("the key is in the log")
	}
}

func BenchmarkMAC(b *testing.B) {
	keys, _, _ := newKeys(b)
	b.ReportAllocs()
	for b.Loop() {
		keys.MAC("button", "dialog-0123456789", "question", "option")
	}
}

func BenchmarkIndex(b *testing.B) {
	keys, _, _ := newKeys(b)
	b.ReportAllocs()
	for b.Loop() {
		keys.Index("phone", "+919876543210")
	}
}

func BenchmarkSealText(b *testing.B) {
	keys, _, _ := newKeys(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := keys.SealText("मेरा मोबाइल कल बाज़ार में खो गया।", "filings/narrative/12345"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenText(b *testing.B) {
	keys, _, _ := newKeys(b)
	sealed, err := keys.SealText("मेरा मोबाइल कल बाज़ार में खो गया।", "filings/narrative/12345")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := keys.OpenText(sealed, "filings/narrative/12345"); err != nil {
			b.Fatal(err)
		}
	}
}
