package paper

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"nagrik/bot"
)

// A verification code is the number of the filing, a dash and twelve letters: "KS12345678901-7F3KQ9TM2W4R".
// The number says which records to look at; the letters are 60 bits of a keyed digest over what the paper
// is, so that nobody can make one up, and knowing a number shows nothing. Nothing has to be stored for it.

// crockford is Crockford's base 32, without those that look like digits.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// checkLength is how many letters follow the number.
const checkLength = 12

// VerifyCode makes the code in a paper's address from the number of its filing, the time and kind of the
// paper and the digest of its content (see ContentHash). mac is a keyed digest of at least 8 bytes that
// keeps its parts apart. Fractions of a second do not count: not every store keeps them.
func VerifyCode(mac func(parts ...string) []byte, number string, issued time.Time, kind string, contentHash []byte) string {
	number = plain(number)
	sum := mac("paper", number, kind, strconv.FormatInt(issued.Unix(), 10), hex.EncodeToString(contentHash))
	check := crockford.EncodeToString(sum)
	return number + "-" + check[:min(checkLength, len(check))]
}

// readCode gives the number in a code, without dashes, and the code as VerifyCode writes it: people type small letters,
// blanks and dashes of their own, O for 0 and I or L for 1.
func readCode(code string) (number, canonical string, ok bool) {
	code = plain(code)
	at := len(code) - checkLength
	if at < 1 || at > 32 {
		return "", "", false
	}
	number, check := code[:at], strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(code[at:])
	for _, r := range number {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') {
			return "", "", false
		}
	}
	if _, err := crockford.DecodeString(check + "0000"); err != nil { // 16 letters are 80 bits, whole bytes
		return "", "", false
	}
	return number, number + "-" + check, true
}

// plain is a number or a code without what stands between its groups.
func plain(code string) string {
	return strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(code))
}

// Issued is a paper that was given out, as the records have it.
type Issued struct {
	Number string    // of its filing, or the key of its FIR: what the code begins with
	Name   string    // what stands on the paper in place of the number, "123/2026"; "" for the number
	Kind   string    // the text "paper.kind.…" names it
	At     time.Time // when it was issued: for a receipt, when it was filed
	Hash   []byte    // ContentHash of what is on it
}

// genuine says whether a canonical code is that of a paper.
func (i Issued) genuine(mac func(parts ...string) []byte, code string) bool {
	return subtle.ConstantTimeCompare([]byte(VerifyCode(mac, i.Number, i.At, i.Kind, i.Hash)), []byte(code)) == 1
}

// ContentHash is the SHA-256 of what a paper says: the records can work it out again as long as they keep
// the answers.
func ContentHash(answers []bot.Shown) []byte {
	h := sha256.New()
	part := func(s string) {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(s)))
		h.Write(size[:])
		h.Write([]byte(s))
	}
	for _, a := range answers {
		part(a.Key)
		part(a.Label)
		part(a.Value)
	}
	return h.Sum(nil)
}

// Short is the part of a content's digest that people compare: 16 hexadecimal digits in groups of four.
func Short(contentHash []byte) string {
	digits := hex.EncodeToString(contentHash[:min(8, len(contentHash))])
	var groups []string
	for ; len(digits) > 4; digits = digits[4:] {
		groups = append(groups, digits[:4])
	}
	return strings.Join(append(groups, digits), " ")
}
