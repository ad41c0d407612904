package bot

import (
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"nagrik/bot/hindi"
)

// Rule reads a typed answer: the canonical value, or an *Invalid that says what is wrong and what
// a right answer looks like. A canonical value reads as itself.
type Rule struct {
	read  func(text string) (string, error)
	shown string // the text that shows a value to people, "" for the value itself
	story bool   // a whole account is wanted: words of danger are part of it
	free  bool   // any words of the right length are an answer, so a voice note is one too
	bare  bool   // a bare "हाँ" or "नहीं" is an answer
	name  bool   // the answer is somebody's name
}

// canonical says whether a value is one that the rule stores.
func (r Rule) canonical(value string) bool {
	if r.read == nil {
		return false
	}
	read, err := r.read(value)
	return err == nil && read == value
}

// Length takes any words of low to high letters.
func Length(low, high int) Rule {
	return Rule{free: true, story: low >= storyLetters, read: func(text string) (string, error) {
		text = strings.TrimSpace(text)
		switch n := utf8.RuneCountInString(text); {
		case n < low && low >= storyLetters:
			return "", invalid("engine.wrong.too_short", "Min", low)
		case n < low:
			return "", invalid("engine.wrong.few_letters")
		case n > high:
			return "", invalid("engine.wrong.too_long", "Max", high, "Have", n)
		}
		return text, nil
	}}
}

// Anything takes any words of up to high letters, a bare yes or no as well: the answer to what another
// person asked.
func Anything(high int) Rule {
	r := Length(1, high)
	r.bare = true
	return r
}

// storyLetters is the least length that makes an answer an account rather than a few words.
const storyLetters = 20

// Name takes the name of a person or firm: letters of any script, no digits.
var Name = Rule{name: true, read: func(text string) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	letters := 0
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			return "", invalid("engine.wrong.name_digits")
		case unicode.IsMark(r), strings.ContainsRune(" .'’-()/\u200c\u200d", r):
		default:
			return "", invalid("engine.wrong.name")
		}
	}
	if letters < 2 || utf8.RuneCountInString(text) > 80 {
		return "", invalid("engine.wrong.name")
	}
	return text, nil
}}

// understood makes a rule of one of the hindi package's readers.
func understood(wrong, shown string, read func(string) (string, bool)) Rule {
	return Rule{shown: shown, read: func(text string) (string, error) {
		if v, ok := read(text); ok {
			return v, nil
		}
		return "", invalid(wrong)
	}}
}

// Reads makes a rule of a function that gives the canonical value of a text; wrong is the text id for what
// it can't read.
func Reads(wrong string, read func(text string) (string, bool)) Rule {
	return understood(wrong, "", read)
}

// The rules for numbers that have a form of their own.
var (
	Pin     = understood("engine.wrong.pin", "", hindi.Pin)                       // postal code, "800001"
	Phone   = understood("engine.wrong.phone", "engine.shown.phone", hindi.Phone) // Indian mobile number, "+919876543210"
	Vehicle = understood("engine.wrong.vehicle", "", hindi.Vehicle)               // registration number, "BR01AB1234"

	FIRNumber = understood("engine.wrong.fir_number", "", hindi.FIRNumber) // "123", or "123/2026" with its year
	Sections  = understood("engine.wrong.sections", "", hindi.Sections)    // of law, "BNS 303(2), 317(2)"
)

// IMEI takes the 15 digits of a mobile phone (3GPP TS 23.003: the last is a Luhn check digit).
var IMEI = Rule{read: func(text string) (string, error) {
	if v, ok := hindi.IMEI(text); ok {
		return v, nil
	}
	n := 0
	for _, r := range hindi.Digits(text) {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	if n == 15 {
		return "", invalid("engine.wrong.imei_check")
	}
	if n == 0 {
		return "", invalid("engine.wrong.imei_digits")
	}
	return "", invalid("engine.wrong.imei", "Have", n)
}}

// Digits takes a number of exactly n digits that is not calculated with, such as the end of a card
// number; spaces and hyphens between the digits are ignored.
func Digits(n int) Rule {
	return Rule{read: func(text string) (string, error) {
		v := strings.Map(func(r rune) rune {
			if r == ' ' || r == '-' {
				return -1
			}
			return r
		}, hindi.Digits(strings.TrimSpace(text)))
		if len(v) != n || strings.Trim(v, "0123456789") != "" {
			return "", invalid("engine.wrong.digits", "Count", n)
		}
		return v, nil
	}}
}

// Between takes a whole number from low to high, in digits or words.
func Between(low, high int) Rule {
	return Rule{read: func(text string) (string, error) {
		n, ok := hindi.Number(text)
		if !ok || n < low || n > high {
			return "", invalid("engine.wrong.number", "Min", low, "Max", high)
		}
		return strconv.Itoa(n), nil
	}}
}

// Age takes an age in years.
var Age = Rule{shown: "engine.shown.age", read: func(text string) (string, error) {
	if n, ok := hindi.Age(text); ok {
		return strconv.Itoa(n), nil
	}
	return "", invalid("engine.wrong.age")
}}

// Height takes the height of a person, in feet and inches or in centimetres, which are stored.
var Height = Rule{shown: "engine.shown.height", read: func(text string) (string, error) {
	if n, ok := hindi.Height(text); ok {
		return strconv.Itoa(n), nil
	}
	return "", invalid("engine.wrong.height")
}}

// Years takes how many years something has gone on: "3", "3 साल से"; what is less than one is 0.
var Years = Rule{read: func(text string) (string, error) {
	if n, ok := hindi.Age(text); ok {
		return strconv.Itoa(n), nil
	}
	return "", invalid("engine.wrong.years")
}}

// Hour takes a time of day, "08:30", between 5 in the morning and 10 at night: when one may ask.
var Hour = Rule{shown: "engine.shown.clock", read: func(text string) (string, error) {
	h, m, ok := hindi.Clock(text)
	if !ok {
		var n int
		if n, ok = hindi.Number(text); ok {
			h = n
		}
	}
	if !ok || h < 5 || h > 22 || h == 22 && m > 0 {
		return "", invalid("engine.wrong.hour")
	}
	return fmt.Sprintf("%02d:%02d", h, m), nil
}}

// Amount takes rupees.
var Amount = Rule{shown: "engine.shown.amount", read: func(text string) (string, error) {
	if n, ok := hindi.Amount(text); ok {
		return strconv.Itoa(n), nil
	}
	return "", invalid("engine.wrong.amount")
}}

// Email takes an e-mail address (RFC 5322).
var Email = Rule{read: func(text string) (string, error) {
	text = strings.TrimSpace(text)
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text || !strings.Contains(text[strings.LastIndexByte(text, '@'):], ".") {
		return "", invalid("engine.wrong.email")
	}
	return text, nil
}}

// Printed takes low to high letters that must be written: a number or name that is printed on a
// paper, not a story. Unlike Length it takes no voice note.
func Printed(low, high int) Rule {
	r := Length(low, high)
	r.free = false
	return r
}
