package hindi

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

var phoneRun = regexp.MustCompile(`\+?[0-9](?:[ \-.()]{0,3}[0-9]){9,13}`)

// Phone reads an Indian mobile number, in either kind of digits, with spaces and with 0, 91 or +91 before it, or spoken as
// ten digit words, and gives it as +919876543210. Landlines, foreign numbers and two different numbers are refused.
func Phone(s string) (string, bool) {
	text := Digits(s)
	var runs []string
	for f := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == ',' || r == '/' || r == ';' || r == '\n' }) {
		if len(onlyDigits(f)) >= 10 { // a number without spaces in it
			runs = append(runs, phoneRun.FindString(f))
		}
	}
	if len(runs) == 0 {
		runs = phoneRun.FindAllString(text, -1)
	}
	found := ""
	for _, run := range runs {
		number, ok := mobile(run)
		if !ok {
			continue // a landline beside it
		}
		if found != "" && number != found {
			return "", false
		}
		found = number
	}
	if found == "" {
		if run, ok := digitWords(s); ok {
			return mobile(run)
		}
	}
	return found, found != ""
}

// mobile checks one number.
func mobile(run string) (string, bool) {
	d := onlyDigits(run)
	for _, prefix := range [...]string{"0091", "091", "91", "0"} {
		if rest, ok := strings.CutPrefix(d, prefix); ok && len(rest) == 10 {
			if prefix == "0" && !strings.HasPrefix(strings.TrimSpace(run), "0") {
				return "", false
			}
			d = rest
			break
		}
	}
	if len(d) != 10 || d[0] < '6' || strings.HasPrefix(run, "+") && !strings.HasPrefix(onlyDigits(run), "91") {
		return "", false
	}
	n, err := phonenumbers.Parse(d, "IN")
	if err != nil || !phonenumbers.IsValidNumberForRegion(n, "IN") {
		return "", false
	}
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
		return "+91" + d, true
	}
	return "", false
}

// digitWords reads a number spoken digit by digit: "नौ आठ सात छह ...".
func digitWords(s string) (string, bool) {
	var b strings.Builder
	for _, t := range scan(s) {
		if t.kind == digits {
			b.WriteString(t.text)
			continue
		}
		n := numerals[t.sound]
		if t.kind != word || n.kind != unit || n.value > 9 {
			if t.kind == word && n.kind == 0 {
				continue
			}
			return "", false
		}
		b.WriteByte('0' + byte(n.value))
	}
	return b.String(), b.Len() >= 10
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

var pinRun = regexp.MustCompile(`[0-9](?:[ \-.]?[0-9])*`)

// Pin reads a six-digit postal code: "800001", "८०० ०२०", "पिन 800-001". The first digit is never 0.
func Pin(s string) (string, bool) {
	found := ""
	for _, run := range pinRun.FindAllString(Digits(s), -1) {
		d := onlyDigits(run)
		if len(d) != 6 || d[0] == '0' || found != "" && found != d {
			return "", false
		}
		found = d
	}
	if found == "" {
		if d, ok := digitWordsOf(s, 6); ok && d[0] != '0' {
			return d, true
		}
	}
	return found, found != ""
}

// digitWordsOf is a number of exactly n digits spoken digit by digit.
func digitWordsOf(s string, n int) (string, bool) {
	var b strings.Builder
	for _, t := range scan(s) {
		if num := numerals[t.sound]; t.kind == word && num.kind == unit && num.value <= 9 && t.text != "no" {
			b.WriteByte('0' + byte(num.value))
		}
	}
	return b.String(), b.Len() == n
}

// letterNames are the English letters as Hindi writes their names, longest first where one begins another.
var letterNames = strings.NewReplacer(
	"डब्ल्यू", "w", "डब्लू", "w", "डबल्यू", "w", "डब्ल्यु", "w", "एक्स", "x", "क्यू", "q", "ज़ेड", "z", "जेड", "z", "वाई", "y",
	"एफ", "f", "एच", "h", "एल", "l", "एम", "m", "एन", "n", "एस", "s", "ऐच", "h", "ऐफ", "f", "ऐल", "l", "ऐम", "m", "ऐन", "n", "ऐस", "s",
	"बी", "b", "सी", "c", "डी", "d", "जी", "g", "जे", "j", "के", "k", "पी", "p", "आर", "r", "टी", "t", "यू", "u", "वी", "v",
	"आई", "i", "ओ", "o", "ई", "e", "इ", "e", "ए", "a", "अ", "a",
)

var stateCodes = func() map[string]bool {
	m := map[string]bool{}
	for _, c := range strings.Fields("AN AP AR AS BR CG CH DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK TN TR TS TG UA UK UP WB") {
		m[c] = true
	}
	return m
}()

var (
	vehicleShape = regexp.MustCompile(`(?:^|[^A-Z0-9])([A-Z]{2})([0-9O]{1,2})([A-Z]{1,3})([0-9]{1,4})(?:[^A-Z0-9]|$)`)
	bharatShape  = regexp.MustCompile(`(?:^|[^A-Z0-9])([0-9]{2})BH([0-9]{4})([A-HJ-NP-Z]{1,2})(?:[^A-Z0-9]|$)`)
)

// Vehicle reads a registration number and writes it without spaces: BR01AB1234 (also "बीआर 01 एबी 1234" and "br-1-p-4567", which is
// BR01P4567), 22BH1234AA for the Bharat series. The state must exist. Delhi writes its district without a leading zero.
func Vehicle(s string) (string, bool) {
	if v, ok := vehicle(s, false); ok {
		return v, true
	}
	return vehicle(s, true)
}

// vehicle is Vehicle; with words, number words stand for digits ("बीआर एक पी चार पाँच छह सात").
func vehicle(s string, words bool) (string, bool) {
	for _, joined := range vehicleTexts(s, words) {
		if m := bharatShape.FindStringSubmatch(joined); m != nil && atoi(m[1]) >= 21 && m[2] != "0000" {
			return m[1] + "BH" + m[2] + m[3], true
		}
		m := vehicleShape.FindStringSubmatch(joined)
		if m == nil || !stateCodes[m[1]] {
			continue
		}
		office, err := strconv.Atoi(strings.ReplaceAll(m[2], "O", "0"))
		number := atoi(m[4])
		if err != nil || office == 0 || number == 0 || strings.ContainsAny(m[3][len(m[3])-1:], "O") && len(m[4]) < 4 {
			continue
		}
		if m[1] == "DL" {
			return m[1] + strconv.Itoa(office) + m[3] + pad(number, 4), true
		}
		return m[1] + pad(office, 2) + m[3] + pad(number, 4), true
	}
	return "", false
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, width-len(s))) + s
}

// vehicleTexts are the ways a number may be cut out of an answer: all of it without separators, and, when words stand
// around it, the words that belong to it.
func vehicleTexts(s string, words bool) []string {
	var parts []string
	for _, t := range scan(s) {
		if t.kind == mark {
			continue
		}
		text := t.text
		if n := numerals[t.sound]; words && t.kind == word && n.kind == unit {
			text = strconv.Itoa(int(n.value))
		}
		if t.kind == word && text[0] >= utf8.RuneSelf {
			if text = letterNames.Replace(text); text[0] >= utf8.RuneSelf {
				text = "?" // some other word
			}
		}
		parts = append(parts, strings.ToUpper(text))
	}
	if len(parts) > 40 {
		parts = parts[:40]
	}
	texts := []string{strings.Join(parts, "")}
	for from := range parts { // up to ten pieces: "b r 0 1 a b 1 2 3 4"
		joined := ""
		for to := from; to < len(parts) && to < from+12 && len(joined)+len(parts[to]) <= 11; to++ {
			joined += parts[to]
			if len(joined) >= 6 && (vehicleShape.MatchString(joined) || bharatShape.MatchString(joined)) {
				next := ""
				if to+1 < len(parts) {
					next = parts[to+1]
				}
				if next == "" || !isDigit(next[0]) || !isDigit(joined[len(joined)-1]) {
					texts = append(texts, joined)
				}
			}
		}
	}
	return texts
}

var imeiRun = regexp.MustCompile(`[0-9](?:[ \-./]{0,2}[0-9])*`)

// IMEI reads the 15 digits of a phone's identity and checks the last (Luhn). With two numbers of a two-SIM phone it is
// the first.
func IMEI(s string) (string, bool) {
	if len(s) == 15 && onlyDigits(s) == s { // as it is stored: read again with every turn
		if luhn(s) && s != strings.Repeat("0", 15) {
			return s, true
		}
		return "", false
	}
	text := imeiLabel.ReplaceAllString(Digits(s), " ; ")
	for _, run := range imeiRun.FindAllString(text, -1) {
		d := onlyDigits(run)
		switch len(d) {
		case 15, 30, 31, 32:
			if d = d[:15]; luhn(d) && d != strings.Repeat("0", 15) {
				return d, true
			}
		}
	}
	return "", false
}

var imeiLabel = regexp.MustCompile(`(?i)\*#06#|(imei|आईएमईआई)\s*(no\.?|number|नंबर)?\s*\(?(slot|sim)?\s*[12]?\)?\s*[:.\-)]|(imei|आईएमईआई)\s*[12]?\b`)

// luhn checks the check digit of an identifier.
func luhn(d string) bool {
	sum := 0
	for i := range len(d) {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// Document writes the number of a document, chassis or machine in one way: Latin letters and digits, in capitals, with
// nothing between.
func Document(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(Digits(s)))
}

const firOldFrom = 1950

var (
	firShape     = regexp.MustCompile(`(?:^|[^0-9/])([0-9]{1,5})\s*(?:/|-|–|\\|\||,|\s|of|ऑफ|सन्|सन|वर्ष|साल|year|yr|dt|dated|बटा|बटे|bata|batta|slash|स्लैश|का|ka|की|के|in|में|me|:|\.)+\s*((?:19|20)[0-9]{2}|[0-9]{2})(?:[^0-9/]|$)`)
	firNoise     = regexp.MustCompile(`(?i)f\.?\s*i\.?\s*r\.?|एफ\.?\s*आई\.?\s*आर\.?|प्राथमिकी|कांड|काण्ड|case|संख्या|sankhya|नंबर|नम्बर|number|\bno\b\.?|सं0|सं\.|दिनांक`)
	firShortYear = regexp.MustCompile(`(?i)\b2k([0-9]{2})\b`)
	firDated     = regexp.MustCompile(`[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}`)
)

// FIR reads the number and year of a First Information Report: "123/25", "FIR 123/2025", "कांड संख्या 123/2025", "123 of 2025", "एक सौ तेईस बटा
// पच्चीस". The value is 123/2025. Two-digit years from 50 on are of the last century.
func FIR(s string) (string, bool) {
	value, _, ok := firIn(s)
	if !ok {
		return firInWords(s)
	}
	return value, true
}

// firIn reads an FIR's number and year in digits, and gives what stands around them.
func firIn(s string) (value, rest string, ok bool) {
	text := firShortYear.ReplaceAllString(Digits(s), "20$1")
	// The date of an FIR may follow its number; alone it is no number.
	text = firDated.ReplaceAllString(text, " ; ")
	text = strings.ToLower(firNoise.ReplaceAllString(text, " "))
	m := firShape.FindStringSubmatchIndex(text)
	if m == nil {
		return "", "", false
	}
	value, ok = firValue(atoi(text[m[2]:m[3]]), atoi(text[m[4]:m[5]]))
	return value, text[:m[2]] + " " + text[m[5]:], ok
}

// FIRNumber reads the number of an FIR without its year, or with it as FIR does: "123", "कांड संख्या 123", "123/2026".
func FIRNumber(s string) (string, bool) {
	if v, ok := FIR(s); ok {
		return v, true
	}
	n, ok := Number(firNoise.ReplaceAllString(Digits(s), " "))
	if !ok || n < 1 || n > 99999 || strings.ContainsAny(s, "/-") {
		return "", false
	}
	return strconv.Itoa(n), true
}

func firValue(number, year int) (string, bool) {
	switch {
	case year < 50:
		year += 2000
	case year < 100:
		year += 1900
	}
	if number == 0 || year < firOldFrom || year > 2100 {
		return "", false
	}
	return strconv.Itoa(number) + "/" + strconv.Itoa(year), true
}

// firInWords reads "एक सौ तेईस बटा पच्चीस": two numbers with something that means "over" between them.
func firInWords(s string) (string, bool) {
	ts := scan(s)
	for i := range ts {
		number, n := wholeQuantity(ts, i)
		if n == 0 || number < 1 || number > 99999 {
			continue
		}
		at := i + n
		if at < len(ts) && (ts[at].text == "/" || firOver.knows(ts[at].sound, "over")) {
			if year, took := wholeQuantity(ts, at+1); took > 0 && year >= 10 && at+1+took == len(ts) {
				return firValue(number, year)
			}
		}
		return "", false
	}
	return "", false
}

var firOver = newLexicon("over\tबटा, बटे, bata, batta, bate, slash, स्लैश, of, ऑफ, सन, साल, वर्ष, का, ka")
