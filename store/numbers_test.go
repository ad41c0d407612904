package store

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var prefixes = rapid.SampledFrom([]string{"SH", "KS", "GV", "ST", "CP", "VN", "YS", "AV", "AS", "BS"})

func TestNumbersAreReadAsTyped(t *testing.T) {
	shape := regexp.MustCompile(`^[A-Z]{2}[0-9]{11}$`)
	rapid.Check(t, func(t *rapid.T) {
		number := newNumber(prefixes.Draw(t, "prefix"))
		if !shape.MatchString(number) {
			t.Fatalf("number %q", number)
		}
		var typed strings.Builder
		for i, r := range number {
			if i > 0 {
				typed.WriteString(rapid.SampledFrom([]string{"", "", " ", "-", "–", " - ", "\u00a0", "\u200b"}).Draw(t, "between"))
			}
			switch {
			case r >= '0' && r <= '9' && rapid.Bool().Draw(t, "devanagari"):
				r += '०' - '0'
			case r >= 'A' && rapid.Bool().Draw(t, "small"):
				r += 'a' - 'A'
			}
			typed.WriteRune(r)
		}
		got, ok := ParseNumber(typed.String())
		if !ok || got != number {
			t.Fatalf("%q was read as %q, %v, not %q", typed.String(), got, ok, number)
		}
		if again, ok := ParseNumber(got); !ok || again != got {
			t.Fatalf("%q is not stable", got)
		}
	})
}

func TestCheckDigitFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := []byte(newNumber(prefixes.Draw(t, "prefix")))
		i := rapid.IntRange(numberLetters, numberLength-1).Draw(t, "place")
		if rapid.Bool().Draw(t, "exchange") {
			if i == numberLetters || number[i] == number[i-1] {
				return
			}
			number[i], number[i-1] = number[i-1], number[i]
		} else {
			number[i] = '0' + (number[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "change")))%10
		}
		if _, ok := ParseNumber(string(number)); ok {
			t.Fatalf("%s was taken for a number", number)
		}
	})
}

func TestNoNumber(t *testing.T) {
	for _, s := range []string{"", "SH", "12345678901", "SH1234567890", "S112345678901", "SHO1234567890", strings.Repeat("SH ", 100), "शह12345678901"} {
		if number, ok := ParseNumber(s); ok {
			t.Errorf("%q was taken for %q", s, number)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if number, ok := ParseNumber(rapid.String().Draw(t, "anything")); ok && len(number) != numberLength {
			t.Fatalf("%q", number)
		}
	})
}

func TestRandomDigitsAreEven(t *testing.T) {
	var counts [10]int
	for range 2000 {
		for _, d := range newNumber("SH")[numberLetters : numberLetters+numberDigits] {
			counts[d-'0']++
		}
	}
	for d, n := range counts { // 2000 expected of each; 6 standard deviations are 255
		if n < 1745 || n > 2255 {
			t.Errorf("digit %d came %d times of 20000", d, n)
		}
	}
}

func TestCodes(t *testing.T) {
	shape := regexp.MustCompile(`^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$`)
	seen := map[string]bool{}
	for range 1000 {
		code := newCode()
		if !shape.MatchString(code) || seen[code] {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
	}
}
