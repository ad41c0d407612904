package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"nagrik/bot"
	"nagrik/bot/bottest"
)

// channels are the limits of the channels as they are, and a narrow one that splits every text.
var channels = map[string]bot.Limits{
	"telegram": {Text: 4096, Body: 4096, Buttons: 100, Label: 64, Keyboard: true, Phone: bot.PhoneByContact},
	"whatsapp": bottest.WhatsApp,
	"web":      {Buttons: 12, Label: 60, Phone: bot.PhoneByCode},
	"terminal": {Phone: bot.PhoneAsTyped},
	"narrow":   {Text: 40, Body: 25, Buttons: 3, Label: 10, Rows: 4, RowLabel: 12, RowNote: 15, ListLabel: 10},
}

func options(labels ...string) (list []bot.Option) {
	for i, l := range labels {
		list = append(list, bot.Option{Data: fmt.Sprint("d.", i), Label: l})
	}
	return list
}

func many(n int) (labels []string) {
	for i := range n {
		labels = append(labels, fmt.Sprint("विकल्प ", i+1))
	}
	return labels
}

func TestRender(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("बहुत लंबा नाम ", 5)
	with := bot.Words{List: "चुनिए", Type: "या लिखिए:", Want: "📱 नंबर"}
	for _, c := range []struct {
		name, channel string
		reply         bot.Reply
		texts         []string
		buttons       string // rows with "/", buttons with " | "
		list          string
		keys          string
	}{
		{
			"yes and no with ways", "telegram",
			bot.Reply{Text: "सही?", Options: options("हाँ", "नहीं"), Ways: options("पीछे", "रद्द")},
			[]string{"सही?"},
			"हाँ | नहीं/पीछे | रद्द", "", "",
		},
		{"one in a row in simple mode", "telegram", bot.Reply{Text: "सही?", Options: options("हाँ", "नहीं"), Few: true}, []string{"सही?"}, "हाँ/नहीं", "", ""},
		{
			"two that do not fit three buttons with their ways", "whatsapp",
			bot.Reply{Text: "सही?", Options: options("हाँ", "नहीं"), Ways: options("पीछे", "रद्द")},
			[]string{"सही?\n\nया लिखिए: पीछे · रद्द"},
			"हाँ | नहीं", "", "",
		},
		{
			"four of three buttons are a list with the ways", "whatsapp",
			bot.Reply{Text: "कौन?", Options: options(many(4)...), Ways: options("पीछे")},
			[]string{"कौन?"},
			"", "विकल्प 1 | विकल्प 2 | विकल्प 3 | विकल्प 4 | पीछे", "",
		},
		{
			"a full list leaves the ways to the text", "whatsapp",
			bot.Reply{Text: "कौन?", Options: options(many(10)...), Ways: options("पीछे")},
			[]string{"कौन?\n\nया लिखिए: पीछे"},
			"", strings.Join(many(10), " | "), "",
		},
		{
			"labels too long for rows are numbers", "whatsapp",
			bot.Reply{Text: "कौन?", Options: options(long, "छोटा", "और"), Ways: options("पीछे")},
			[]string{"कौन?\n\n1. " + long + "\n2. छोटा\n3. और\n\nया लिखिए: पीछे"},
			"", "1 | 2 | 3", "",
		},
		{"more than any list are numbers in the text", "whatsapp", bot.Reply{Text: "कौन?", Options: options(many(11)...)}, []string{"कौन?\n\n" + numberedLines(11)}, "", "", ""},
		{"no buttons at all", "terminal", bot.Reply{Text: "सही?", Options: options("हाँ", "नहीं"), Ways: options("पीछे")}, []string{"सही?\n\n1. हाँ\n2. नहीं\n\nया लिखिए: पीछे"}, "", "", ""},
		{"only ways", "terminal", bot.Reply{Text: "नाम?", Ways: options("पीछे", "रद्द")}, []string{"नाम?\n\nया लिखिए: पीछे · रद्द"}, "", "", ""},
		{"a keyboard takes the options along", "telegram", bot.Reply{Text: "नंबर?", Want: bot.WantContact, Options: options("एक"), Ways: options("पीछे")}, []string{"नंबर?"}, "", "", "एक | पीछे"},
		{"no keyboard, so buttons", "web", bot.Reply{Text: "जगह?", Want: bot.WantPlace, Options: options("एक"), Ways: options("पीछे")}, []string{"जगह?"}, "एक/पीछे", "", ""},
		{"photos need no keyboard", "telegram", bot.Reply{Text: "फ़ोटो?", Want: bot.WantPhoto, Ways: options("छोड़ें")}, []string{"फ़ोटो?"}, "छोड़ें", "", ""},
		{
			"notes make a list of few options", "whatsapp",
			bot.Reply{Text: "क्या?", Options: []bot.Option{{Data: "m.a", Label: "शिकायत", Note: "लिखित"}}},
			[]string{"क्या?"},
			"", "शिकायत (लिखित)", "",
		},
		{
			"notes too long for rows are in the text", "narrow",
			bot.Reply{Text: "क्या?", Options: []bot.Option{{Data: "m.a", Label: "ठगी", Note: "पैसे गए, अभी अभी"}}},
			[]string{"क्या?", "1. ठगी – पैसे गए, अभी अभी"},
			"", "ठगी", "",
		},
		{
			"a page to open", "terminal",
			bot.Reply{Text: "देखिए", Options: []bot.Option{{Label: "पोर्टल", URL: "https://x.in/"}}},
			[]string{"देखिए\n\n1. पोर्टल https://x.in/"},
			"", "", "",
		},
		{"paragraphs first", "narrow", bot.Reply{Text: "एक दो तीन।\n\nचार पाँच छह सात आठ नौ दस ग्यारह बारह"}, []string{"एक दो तीन।", "चार पाँच छह सात आठ नौ दस ग्यारह बारह"}, "", "", ""},
		{"only a paper", "telegram", bot.Reply{Document: &bot.Paper{Name: "x.pdf"}}, nil, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.reply.Words = with
			got := bot.Render(c.reply, channels[c.channel])
			if !slices.Equal(got.Texts, c.texts) {
				t.Errorf("texts %q, not %q", got.Texts, c.texts)
			}
			var rows []string
			for _, row := range got.Buttons {
				rows = append(rows, line(row))
			}
			if s := strings.Join(rows, "/"); s != c.buttons {
				t.Errorf("buttons %s, not %s", s, c.buttons)
			}
			if s := line(got.List); s != c.list {
				t.Errorf("list %s, not %s", s, c.list)
			}
			if s := strings.Join(got.Keys, " | "); s != c.keys {
				t.Errorf("keys %s, not %s", s, c.keys)
			}
			if fault := bottest.Fault(got, channels[c.channel]); fault != "" {
				t.Error(fault)
			}
			if (got.Document == nil) != (c.reply.Document == nil) {
				t.Error("the paper was lost")
			}
		})
	}
}

func numberedLines(n int) string {
	lines := many(n)
	for i := range lines {
		lines[i] = fmt.Sprint(i+1, ". ", lines[i])
	}
	return strings.Join(lines, "\n")
}

func line(options []bot.Option) string {
	var parts []string
	for _, o := range options {
		if o.Note != "" {
			o.Label += " (" + o.Note + ")"
		}
		parts = append(parts, o.Label)
	}
	return strings.Join(parts, " | ")
}

// letters are what makes splitting hard: conjuncts, vowel signs, nuqta, joiners, emoji, plain ASCII.
var letters = []string{"क", "क्षि", "स्त्री", "ज़", "र्‍य", "हूँ", "श्‌", "a", "Z9", "🙏", "✔️", "।", " ", " ", "\n", "\n\n", "। "}

func prose(most int) *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom(letters), 1, most), func(parts []string) string {
		return strings.TrimSpace("अ" + strings.Join(parts, ""))
	})
}

func anyLabel() *rapid.Generator[string] {
	return rapid.Map(prose(8), func(s string) string { return strings.Join(strings.Fields(s), " ") })
}

func anyReply() *rapid.Generator[bot.Reply] {
	return rapid.Custom(func(t *rapid.T) bot.Reply {
		before, question, after := prose(60).Draw(t, "before"), prose(20).Draw(t, "question"), prose(60).Draw(t, "after")
		r := bot.Reply{
			Text: before + "\n\n" + question + "\n" + after, Strong: bot.Span{Start: len(before) + 2, End: len(before) + 2 + len(question)},
			Words: bot.Words{List: "चुनिए", Type: "या लिखिए:", Want: "📱 नंबर"}, Few: rapid.Bool().Draw(t, "few"),
			Want: rapid.SampledFrom([]bot.Want{bot.WantNothing, bot.WantContact, bot.WantPlace, bot.WantPhoto}).Draw(t, "want"),
		}
		for i := range rapid.IntRange(0, 14).Draw(t, "options") {
			o := bot.Option{Data: fmt.Sprint("d.o", i), Label: fmt.Sprint(i, anyLabel().Draw(t, "label"))}
			if rapid.Bool().Draw(t, "noted") {
				o.Note = anyLabel().Draw(t, "note")
			}
			r.Options = append(r.Options, o)
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "ways") {
			r.Ways = append(r.Ways, bot.Option{Data: fmt.Sprint("d.w", i), Label: fmt.Sprint("राह", i)})
		}
		return r
	})
}

func TestRenderLosesAndCutsNothing(t *testing.T) {
	t.Parallel()
	for name, limits := range channels {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				r := anyReply().Draw(t, "reply")
				got := bot.Render(r, limits)
				if fault := bottest.Fault(got, limits); fault != "" {
					t.Fatal(fault)
				}
				whole := strings.Join(got.Texts, "\n")
				if !strings.HasPrefix(squeeze(whole), squeeze(r.Text)) {
					t.Fatalf("the text is not whole: %q", got.Texts)
				}
				reach := map[string]bool{}
				for _, row := range append(slices.Clone(got.Buttons), got.List) {
					for _, o := range row {
						reach[o.Data] = true
					}
				}
				for i, o := range r.Options {
					numbered := strings.Contains(squeeze(whole), squeeze(fmt.Sprint(i+1, ". ", o.Label)))
					if !reach[o.Data] && !numbered && !slices.Contains(got.Keys, o.Label) {
						t.Fatalf("option %q is lost", o.Label)
					}
				}
				for _, w := range r.Ways {
					if !reach[w.Data] && !slices.Contains(got.Keys, w.Label) && !strings.Contains(whole, w.Label) {
						t.Fatalf("way %q is lost", w.Label)
					}
				}
				for _, part := range got.Texts {
					checkPart(t, part)
				}
				checkStrong(t, r, got)
			})
		})
	}
}

// squeeze leaves out the white space, where texts may be split.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// checkPart checks that a part of a split text begins and ends with whole letters.
func checkPart(t *rapid.T, part string) {
	if part == "" || !utf8.ValidString(part) {
		t.Fatalf("an empty or broken message %q", part)
	}
	first, _ := utf8.DecodeRuneInString(part)
	last, _ := utf8.DecodeLastRuneInString(part)
	if unicode.Is(unicode.M, first) || first == '\u200d' || first == '\u200c' {
		t.Fatalf("%q begins within a letter", part)
	}
	if last == '\u200d' || last == '\u094d' {
		t.Fatalf("%q ends within a letter", part)
	}
}

func checkStrong(t *rapid.T, r bot.Reply, got bot.Rendered) {
	last := ""
	if len(got.Texts) > 0 {
		last = got.Texts[len(got.Texts)-1]
	}
	if got.Strong.Start < 0 || got.Strong.End > len(last) || got.Strong.Start > got.Strong.End {
		t.Fatalf("strong %v in %d bytes", got.Strong, len(last))
	}
	words := last[got.Strong.Start:got.Strong.End]
	if words != "" && words != r.Text[r.Strong.Start:r.Strong.End] {
		t.Fatalf("%q is strong, not %q", words, r.Text[r.Strong.Start:r.Strong.End])
	}
	if len(got.Texts) == 1 && words == "" {
		t.Fatal("the question does not stand out")
	}
}

// TestRenderLeavesTheReplyAlone holds that a reply can be rendered for many channels.
func TestRenderLeavesTheReplyAlone(t *testing.T) {
	t.Parallel()
	r := bot.Reply{Text: "क्या?", Ways: options("पीछे"), Options: append(make([]bot.Option, 0, 20), options(many(4)...)...)}
	r.Options[0].Note = strings.Repeat("ल", 100)
	for name, limits := range channels {
		bot.Render(r, limits)
		if r.Text != "क्या?" || len(r.Options[0].Note) != 300 || r.Options[:5][4].Label != "" {
			t.Fatalf("%s changed the reply: %+v", name, r)
		}
	}
}
