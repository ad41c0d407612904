package locales

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/unicode/norm"
)

// catalogue is every string of every language as it is written.
func catalogue(t *testing.T) map[string]map[string][]string {
	t.Helper()
	names, err := fs.Glob(files, "*/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]map[string][]string)
	for _, name := range names {
		var raw map[string]any
		if _, err := toml.DecodeFS(files, name, &raw); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		lang := path.Dir(name)
		if all[lang] == nil {
			all[lang] = make(map[string][]string)
		}
		for id, v := range raw {
			switch v := v.(type) {
			case string:
				all[lang][id] = append(all[lang][id], v)
			case map[string]any:
				for _, form := range v {
					if s, ok := form.(string); ok {
						all[lang][id] = append(all[lang][id], s)
					}
				}
			}
		}
	}
	return all
}

func TestTheTextsLoad(t *testing.T) {
	t.Parallel()
	texts, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for lang, ids := range catalogue(t) {
		if got, want := texts.IDs(lang), slices.Sorted(maps.Keys(ids)); !slices.Equal(got, want) {
			t.Errorf("%s: %d texts were loaded, want %d", lang, len(got), len(want))
		}
	}
}

func TestAllLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	texts, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	langs := texts.Languages()
	for _, lang := range langs {
		for _, other := range langs {
			ids := texts.IDs(other)
			for _, id := range texts.IDs(lang) {
				if _, has := slices.BinarySearch(ids, id); !has {
					if !isVariant(id) {
						t.Errorf("%s has no %s", other, id)
					}
					continue
				}
				if got, want := texts.Fields(other, id), texts.Fields(lang, id); lang < other && !slices.Equal(got, want) {
					t.Errorf("%s: the fields are %v in %s and %v in %s", id, got, other, want, lang)
				}
			}
		}
	}
}

// officeWords are words that people in an office write and nobody says.
var officeWords = []string{
	"उपयोगकर्ता", "कृपया ध्यान दें कि", "सबमिट", "क्लिक", "अमान्य", "प्रविष्टि", "उपरोक्त", "यूज़र", "यूजर",
}

// fillers are what words become by mistake: data that were not there, or a
// note to oneself.
var fillers = []string{"<no value>", "%!", "TODO", "FIXME", "XXX"}

func TestTextsAreWellWritten(t *testing.T) {
	t.Parallel()
	for lang, texts := range catalogue(t) {
		for id, strs := range texts {
			for _, s := range strs {
				if s != strings.TrimSpace(s) {
					t.Errorf("%s %s: blanks at the beginning or end", lang, id)
				}
				if !norm.NFC.IsNormalString(s) {
					t.Errorf("%s %s: not in Unicode's normal form C (ड़ is two letters, ड and the dot)", lang, id)
				}
				for _, r := range s {
					if r >= '०' && r <= '९' && !strings.HasSuffix(id, ".words") {
						t.Errorf("%s %s: the digit %c, but digits are 0 to 9", lang, id, r)
					}
					if r != '\n' && r != '\u200d' && r != '\u200c' && !unicode.IsPrint(r) {
						t.Errorf("%s %s: the letter %U cannot be seen", lang, id, r)
					}
				}
				for _, f := range fillers {
					if strings.Contains(s, f) {
						t.Errorf("%s %s: has %s", lang, id, f)
					}
				}
				if lang == "hi" && !strings.HasPrefix(id, "desk.") {
					for _, w := range officeWords {
						if strings.Contains(s, w) {
							t.Errorf("hi %s: %q is an office word", id, w)
						}
					}
				}
				if lang == "hi" && !strings.HasSuffix(id, ".words") && strings.Contains(s, "तुम") {
					t.Errorf("hi %s: तुम, but we say आप", id)
				}
			}
		}
	}
}

// reserved are the endings with which a question's or an option's other texts
// are found ("lost_property.imei.help"), so no option may be called so.
var reserved = []string{"label", "help", "example", "simple", "note", "words"}

func TestNoOptionIsCalledAsAnEnding(t *testing.T) {
	t.Parallel()
	for lang, texts := range catalogue(t) {
		for id := range texts {
			parts := strings.Split(id, ".")
			if slices.Contains([]string{"engine", "web", "desk"}, parts[0]) { // no questions
				continue
			}
			for i, p := range parts {
				if !slices.Contains(reserved, p) {
					continue
				}
				if i < 2 {
					t.Errorf("%s %s: %q in place of a service's or a question's name", lang, id, p)
				} else if i < len(parts)-1 && !isVariant(id) {
					t.Errorf("%s %s: %q in place of an option's name", lang, id, p)
				}
			}
		}
	}
}
