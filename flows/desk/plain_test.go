package desk

import (
	"strings"
	"testing"
	"unicode"
)

func TestPlainTextStartsNothingInTheOfficersChat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, broken string }{
		{"/close_12", "/c"},
		{"देखो /ban@bot", "/b"},
		{"@admin सुनो", "@a"},
		{"evil.com", ".c"},
		{"http://evil.com/x", "//"},
		{"tg://resolve?domain=x", "//"},
		{"a1.com", ".c"},
		{"1.2.3.4", ".2"},
		{"#tag", "#t"},
		{"$BTC", "$B"},
		{"name@upi", "@u"},
		{"पुलिस.भारत", ".भ"},
	} {
		got := plain(c.in)
		if strings.Contains(got, c.broken) {
			t.Errorf("plain(%q) = %q still has %q", c.in, got, c.broken)
		}
		if seen := strings.ReplaceAll(got, string(joiner), ""); seen != c.in {
			t.Errorf("plain(%q) looks like %q", c.in, seen)
		}
	}
	for in, want := range map[string]string{
		"रोज़ 5 बजे आता है। ठीक है?": "रोज़ 5 बजे आता है। ठीक है?",
		"क्‍या श्रीमान्‌ <b>*_`":     "क्‍या श्रीमान्‌ <b>*_`",
		"abc\u202egnp.exe":            "abcgnp.\u2060exe",
		"a\u200bb\u2060c\ufeffd":      "abcd",
		"एक\nस्थिति: स्वीकार":         "एक\n    स्थिति: स्वीकार",
		"घंटी\a बजी\x00":              "घंटी बजी",
		"रात 10.30 बजे. फिर चला गया.": "रात 10.\u206030 बजे. फिर चला गया.",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
	if got := line("राम\n\nस्थिति: बंद"); strings.ContainsRune(got, '\n') {
		t.Errorf("line has a second line: %q", got)
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("/x @y z.com \u202e")
	f.Fuzz(func(t *testing.T, s string) {
		runes := []rune(plain(s))
		for i, r := range runes {
			if strings.ContainsRune("/@#", r) && i+1 < len(runes) && runes[i+1] != joiner {
				t.Errorf("%q: %q is not broken", s, r)
			}
			if r == '.' && i > 0 && i+1 < len(runes) && inWord(runes[i-1]) && inWord(runes[i+1]) {
				t.Errorf("%q: a dot inside a word", s)
			}
			if r != '\n' && r != joiner && r != '\u200c' && r != '\u200d' && unicode.In(r, unicode.Cc, unicode.Cf) {
				t.Errorf("%q: %U is left", s, r)
			}
		}
	})
}
