package hindi

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Law is the sections of one act: BNS 303(2), 317(2).
type Law struct {
	Act      string
	Sections []string
}

// acts are the laws that FIRs name most, with the ways in which they are written. Others are taken as they
// are written if they end like an act does.
var acts = []struct {
	name string
	form *regexp.Regexp
}{
	{"BNSS", actForm(`b\.?\s?n\.?\s?s\.?\s?s`, `बी\.?\s?एन\.?\s?एस\.?\s?एस\.?|भारतीय नागरिक सुरक्षा संहिता`)},
	{"BNS", actForm(`b\.?\s?n\.?\s?s|bh?arati?ya nyaya? sanhita`, `बी\.?\s?एन\.?\s?एस\.?|(?:भारतीय )?न्याय संहिता`)},
	{"IPC", actForm(`i\.?\s?p\.?\s?c|indian penal code`, `आई\.?\s?पी\.?\s?सी\.?|भा\.?\s?द\.?\s?(?:वि|सं)\.?(?:सं\.?)?|भादंसं|भारतीय दंड संहिता`)},
	{"POCSO", actForm(`pocso(?: act)?`, `(?:पॉक्सो|पोक्सो|पास्को)(?: एक्ट| अधिनियम)?`)},
	{"UAPA", actForm(`u\.?a\.?p\.?a|uap act`, `यू\.?ए\.?पी\.?ए\.?|विधिविरुद्ध क्रियाकलाप(?: \(निवारण\)| निवारण)? अधिनियम`)},
	{"SC/ST Act", actForm(`sc\s?[/&-]?\s?st(?: \(?poa\)?)?(?: act)?`, `(?:एससी|अ\.?\s?जा\.?)\s?[/-]?\s?(?:एसटी|अ\.?\s?ज\.?\s?जा\.?)(?: एक्ट| अधिनियम)?`)},
	{"NDPS Act", actForm(`n\.?d\.?p\.?s(?: act)?`, `एन\.?डी\.?पी\.?एस\.?(?: एक्ट| अधिनियम)?`)},
	{"Arms Act", actForm(`arms act`, `(?:आर्म्स|आयुध|शस्त्र) (?:एक्ट|अधिनियम)`)},
	{"IT Act", actForm(`i\.?t\.? act|information technology act`, `आई\.?टी\.? (?:एक्ट|अधिनियम)|सूचना प्रौद्योगिकी अधिनियम`)},
	{"Excise Act", actForm(`(?:bihar )?(?:prohibition(?: and excise)?|excise) act`, `(?:बिहार )?(?:मद्य\s?निषेध|उत्पाद)(?: (?:एवं|और) उत्पाद)? (?:एक्ट|अधिनियम)`)},
	{"MV Act", actForm(`m\.?v\.? act|motor vehicles? act`, `एम\.?वी\.? एक्ट|मोटर (?:यान|वाहन) (?:एक्ट|अधिनियम)`)},
	{"JJ Act", actForm(`j\.?j\.? act|juvenile justice act`, `जे\.?जे\.? एक्ट|किशोर न्याय अधिनियम`)},
	{"Dowry Act", actForm(`(?:d\.?p\.?|dowry(?: prohibition)?) act`, `दहेज (?:प्रतिषेध |निषेध )?(?:एक्ट|अधिनियम)`)},
}

// actForm matches names in Latin letters as whole words, and those in Devanagari anywhere.
func actForm(latin, devanagari string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:` + latin + `)\b\.?|` + devanagari)
}

var (
	section = regexp.MustCompile(`(?i)^[0-9]{1,3}(?:\s?-?[a-z]{1,2}\b)?(?:\([0-9a-zक-ह-]{1,5}\))*(?:[a-z]\b)?`)

	beforeDigit  = regexp.MustCompile(`(?i)([a-z\p{Devanagari}])([0-9])`)
	afterDigit   = regexp.MustCompile(`(?i)([0-9)])([a-z]{3,})`)
	beforeParens = regexp.MustCompile(`\s*\(\s*([0-9A-Za-zक-ह-]{1,5})\s*\)`)

	// sectionNoise are words between acts and sections.
	sectionNoise = newWords(`धारा धाराएं धाराओं धाराये के की का में तहत अंतर्गत सहपठित तथा और एवं व साथ से us u s under section sections sec secs
		r w rw read with and of the dhara dharayen ke ki ka tahat aur evam`)
	// actEnds are the last words of acts.
	actEnds = newWords(`act एक्ट अधिनियम संहिता code sanhita adhiniyam rules नियम नियमावली`)
)

func newWords(list string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(list) {
		words[Fold(w)] = true
	}
	return words
}

// Sections reads the sections of law of an FIR, in either script and either order ("BNS 303(2), 317(2)", "भा.न्या.सं. की
// धारा…", "302/34 IPC"), and gives them in one form: "BNS 303(2), 317(2); Arms Act 25(1-b)". Sections without an act are
// of the BNS, under which FIRs are registered since July 2024.
func Sections(s string) (string, bool) {
	form, ok := sectionsOf(s)
	if again, _ := sectionsOf(form); !ok || again != form { // an unknown act can hide another in its name
		return "", false
	}
	return form, true
}

func sectionsOf(s string) (form string, ok bool) {
	laws, ok := Laws(s)
	parts := make([]string, len(laws))
	for i, l := range laws {
		parts[i] = l.Act + " " + strings.Join(l.Sections, ", ")
	}
	return strings.Join(parts, "; "), ok
}

// Laws reads what Sections reads, act by act.
func Laws(s string) ([]Law, bool) {
	if len(s) > 1000 {
		return nil, false
	}
	var laws []Law
	add := func(act string, sections []string) {
		i := slices.IndexFunc(laws, func(l Law) bool { return l.Act == act })
		if i < 0 {
			laws, i = append(laws, Law{Act: act}), len(laws)
		}
		for _, x := range sections {
			if !slices.Contains(laws[i].Sections, x) {
				laws[i].Sections = append(laws[i].Sections, x)
			}
		}
	}
	tokens, ok := lawTokens(s)
	if !ok || len(tokens) == 0 {
		return nil, false
	}
	actFirst := tokens[0].act != ""
	act := ""
	var waiting []string // sections whose act is yet to come, or came
	for _, t := range tokens {
		switch {
		case t.act == "":
			waiting = append(waiting, t.section)
		case actFirst:
			if act != "" {
				if len(waiting) == 0 {
					return nil, false // an act without sections
				}
				add(act, waiting)
			}
			act, waiting = t.act, nil
		default:
			if len(waiting) == 0 {
				return nil, false
			}
			add(t.act, waiting)
			waiting = nil
		}
	}
	switch {
	case actFirst && len(waiting) == 0:
		return nil, false
	case actFirst:
		add(act, waiting)
	case len(waiting) > 0:
		add("BNS", waiting)
	}
	return laws, true
}

// lawToken is an act or a section.
type lawToken struct{ act, section string }

// lawTokens takes a text apart; ok is false if there is something that is neither.
func lawTokens(s string) (tokens []lawToken, ok bool) {
	s = Digits(strings.Join(strings.Fields(s), " "))
	s = afterDigit.ReplaceAllString(beforeDigit.ReplaceAllString(s, "$1 $2"), "$1 $2")
	s = beforeParens.ReplaceAllString(s, "($1)")
	var words []string // of an act that is not in the list
	flush := func() bool {
		if len(words) == 0 {
			return true
		}
		act := strings.Join(words, " ")
		known := len(words) > 1 && len(act) <= 150 && actEnds[Fold(words[len(words)-1])]
		tokens, words = append(tokens, lawToken{act: act}), nil
		return known
	}
	for s != "" {
		if name, n := knownAct(s); n > 0 {
			if !flush() {
				return nil, false
			}
			tokens, s = append(tokens, lawToken{act: name}), s[n:]
			continue
		}
		if n := len(section.FindString(s)); n > 0 {
			if !flush() || n < len(s) && s[n] >= '0' && s[n] <= '9' {
				return nil, false // a year, a date
			}
			tokens, s = append(tokens, lawToken{section: sectionForm(s[:n])}), s[n:]
			continue
		}
		n := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
		switch {
		case n == 0: // what stands between
			_, n = utf8.DecodeRuneInString(s)
		case n < 0:
			n = len(s)
			fallthrough
		default:
			if word := s[:n]; !sectionNoise[Fold(word)] || len(words) > 0 && !actEnds[Fold(words[len(words)-1])] {
				words = append(words, word)
			}
		}
		s = s[n:]
	}
	return tokens, flush()
}

// knownAct finds the act that a text begins with.
func knownAct(s string) (name string, length int) {
	for _, a := range acts {
		if at := a.form.FindStringIndex(s); at != nil && at[0] == 0 {
			return a.name, at[1]
		}
	}
	return "", 0
}

// sectionForm writes a section as laws do: 376DB, 115(2), 25(1-b)a.
func sectionForm(s string) string {
	number, rest, parens := strings.Cut(s, "(")
	number = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(number))
	if !parens {
		return number
	}
	return number + "(" + strings.ToLower(rest)
}
