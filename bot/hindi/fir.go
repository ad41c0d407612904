package hindi

import "strings"

// FIRRef is an FIR as people name it: "FIR 123/25 कोतवाली पटना".
type FIRRef struct {
	Number string // "123/2025"
	Zero   bool   // of the register of Zero FIRs
	Where  string // what else was said: the station, perhaps with its district; "" if nothing
	Named  bool   // an FIR was spoken of, and not only two numbers
}

// String is the reference in one form, which reads as itself: "zero 123/2025 कोतवाली पटना".
func (r FIRRef) String() string {
	parts := []string{r.Number, r.Where}
	if r.Zero {
		parts = append([]string{"zero"}, parts...)
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// firAsked are the words around an FIR's number that say no place.
var firAsked = newWords(`fir एफआईआर प्राथमिकी कॉपी कापी copy प्रति prati नकल nakal चाहिए chahiye चाहिये देखना देखनी dekhna dekhni dekhni है hai hain दो दीजिए dijiye do
	de दे मुझे mujhe mera meri मेरी मेरा का की के को ka ki ke ko में me mein in of at the थाना थाने thana thane ps p s police station पुलिस स्टेशन from year साल सन दर्ज darj
	dated date dt तारीख दिनांक निकालना निकालनी nikalna download डाउनलोड pdf पीडीएफ और aur please कृपया se से`)

// firZero are the words for a Zero FIR.
var firZero = newWords(`zero जीरो ज़ीरो शून्य jiro`)

// between are the signs between words.
const between = " \t\n,;:()।|/\\.-–\"'“”?!"

// FIRReference reads an FIR's number and year, and the place that was said with it.
func FIRReference(s string) (FIRRef, bool) {
	if len(s) > 300 {
		return FIRRef{}, false
	}
	r := FIRRef{Named: firNoise.MatchString(Digits(s))}
	number, rest, ok := firIn(s)
	if !ok { // in words, and nothing else
		number, ok = firInWords(s)
		rest = ""
	}
	if !ok {
		return FIRRef{}, false
	}
	r.Number = number
	var where []string
	for _, word := range strings.FieldsFunc(rest, func(c rune) bool { return strings.ContainsRune(between, c) }) {
		switch folded := Fold(word); {
		case folded == "", firAsked[folded]:
		case firZero[folded]:
			r.Zero = true
		default:
			where = append(where, word)
		}
	}
	r.Where = strings.Join(where, " ")
	return r, true
}
