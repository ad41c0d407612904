package store

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"
	"unicode"
)

// A claim code is how whoever gave a tip comes back to it: 19 digits that nobody can guess (63 bits)
// and a check digit. It is worked out from the draft, so that nothing has to be kept for the same
// draft to get the same code; what is kept is a keyed hash of it.
const (
	claimDigits = 19
	claimLength = claimDigits + 1
	claimGroup  = 4
	claimRange  = 10_000_000_000_000_000_000 // 10^19
)

// ClaimCode is the code of the tip that a draft becomes.
func (s *Store) ClaimCode(draft string) string {
	sum := s.keys.MAC("tip code", draft)
	n := bits.Rem64(binary.BigEndian.Uint64(sum), binary.BigEndian.Uint64(sum[8:]), claimRange)
	digits := fmt.Sprintf("%0*d", claimDigits, n)
	return digits + string(checkDigit(digits))
}

// SpacedClaimCode is a claim code for reading and writing down: "1234 5678 9012 3456 7890".
func SpacedClaimCode(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%claimGroup == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ParseClaimCode reads a claim code as people type it, with spaces, hyphens or Devanagari digits.
// False means that no such code can exist.
func ParseClaimCode(s string) (code string, ok bool) {
	if len(s) > 200 {
		return "", false
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '०' && r <= '९':
			b.WriteRune('0' + r - '०')
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), unicode.Is(unicode.Cf, r), strings.ContainsRune("./_:,", r):
			// what stands between groups
		default:
			return "", false
		}
	}
	code = b.String()
	return code, len(code) == claimLength && code[claimDigits] == checkDigit(code[:claimDigits])
}

// tipDialog is what a tip has in the place of a dialog's id, which its giver's buttons show: one draft
// still files once. Two codes that differ anywhere have unrelated ones, so that looking for one takes
// as long for a wrong as for a right code.
func (s *Store) tipDialog(code string) string {
	return "tip:" + base64.RawURLEncoding.EncodeToString(s.keys.Index("tip", code))
}
