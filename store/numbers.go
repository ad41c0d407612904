package store

import (
	"crypto/rand"
	"strings"
	"unicode"
)

// A filing number is two letters for the service, ten random digits and a check
// digit: it cannot be guessed, and it can be read out and typed on any phone.
const (
	numberLetters = 2
	numberDigits  = 10
	numberLength  = numberLetters + numberDigits + 1
)

// newNumber makes a number; that nobody else has it is for the table to say.
func newNumber(prefix string) string {
	number := make([]byte, 0, numberLength)
	number = append(number, prefix...)
	var random [1]byte
	for len(number) < numberLetters+numberDigits {
		rand.Read(random[:])
		if random[0] < 250 { // 250 is a multiple of 10: all digits are equally likely
			number = append(number, '0'+random[0]%10)
		}
	}
	return string(append(number, checkDigit(string(number))))
}

// ParseNumber reads a filing number as people type it, with spaces, hyphens,
// small letters or Devanagari digits, and returns it as it is stored. False
// means that no such number can exist.
func ParseNumber(s string) (number string, ok bool) {
	if len(s) > 200 {
		return "", false
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '०' && r <= '९':
			b.WriteRune('0' + r - '०')
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), unicode.Is(unicode.Cf, r), strings.ContainsRune("./_:,", r):
			// what stands between groups
		default:
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	number = b.String()
	if len(number) != numberLength {
		return "", false
	}
	for i := range numberLength {
		c := number[i]
		letter := c >= 'A' && c <= 'Z'
		digit := c >= '0' && c <= '9'
		if i < numberLetters && !letter || i >= numberLetters && !digit {
			return "", false
		}
	}
	if number[numberLength-1] != checkDigit(number[:numberLength-1]) {
		return "", false
	}
	return number, true
}

// damm is the quasigroup of H. Michael Damm's check digit (2004). It finds
// every single wrong digit and every exchange of two neighbours.
var damm = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

// checkDigit is the last digit of a number, over letters (A is 01, Z is 26) and digits.
func checkDigit(s string) byte {
	var check byte
	for i := range len(s) {
		if c := s[i]; c >= 'A' {
			n := c - 'A' + 1
			check = damm[damm[check][n/10]][n%10]
		} else {
			check = damm[check][c-'0']
		}
	}
	return '0' + check
}
