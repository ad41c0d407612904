package bot

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rendered is a Reply within one channel's Limits: what Channel.Send and the channel's own way of
// answering put on the wire.
type Rendered struct {
	Texts     []string   // one or more messages; everything below goes with the last
	Strong    Span       // in the last of Texts
	Buttons   [][]Option // rows of buttons
	List      []Option   // rows of a list, opened by ListLabel
	ListLabel string
	Want      Want // the channel's own button, labelled WantLabel, with Keys beside it
	WantLabel string
	Keys      []string // words that a press types
	Clear     bool     // take away the keyboard of an earlier Want
	Few       bool
	Document  *Paper
	Photos    []Paper
	Toast     string
	Replace   string
}

// shortLabel is the length up to which two buttons fit beside each other on a small phone.
const shortLabel = 13

// Render fits a reply into a channel's limits. It is the one place where options become buttons,
// a list or numbers, and where long texts are split; it never cuts a text or a label short.
func Render(r Reply, l Limits) Rendered {
	out := Rendered{
		Clear: r.Clear, Few: r.Few, Document: r.Document, Photos: r.Photos, Toast: r.Toast, Replace: r.Replace,
	}
	text, strong := r.Text, r.Strong
	switch {
	case r.Want != WantNothing && r.Want != WantPhoto && l.Keyboard:
		// The channel's keyboard takes the place of buttons, so the options are keys to press.
		out.Want, out.WantLabel = r.Want, r.Words.Want
		for _, o := range append(append([]Option{}, r.Options...), r.Ways...) {
			out.Keys = append(out.Keys, o.Label)
		}
	case len(r.Options)+len(r.Ways) == 0:
	case fits(r.Options, l.Buttons, l.Label) && !noted(r.Options, l):
		out.Buttons = buttonRows(r.Options, r.Few)
		room := l.Buttons - len(r.Options)
		if len(r.Ways) <= room && fits(r.Ways, room, l.Label) {
			out.Buttons = append(out.Buttons, buttonRows(r.Ways, r.Few)...)
		} else {
			text += hints(r)
		}
	case fits(r.Options, l.Rows, l.RowLabel):
		out.List, out.ListLabel = append([]Option{}, r.Options...), r.Words.List
		if !notesFit(r.Options, l.RowNote) {
			text += numbered(r.Options)
			for i := range out.List {
				out.List[i].Note = ""
			}
		}
		if len(r.Options)+len(r.Ways) <= l.Rows && fits(r.Ways, l.Rows, l.RowLabel) {
			out.List = append(out.List, r.Ways...)
		} else {
			text += hints(r)
		}
	case len(r.Options) > 0 && len(r.Options) <= l.Rows:
		// Labels too long for rows: the numbers are the rows, the text has the labels.
		text += numbered(r.Options)
		for i, o := range r.Options {
			o.Label, o.Note = strconv.Itoa(i+1), ""
			out.List = append(out.List, o)
		}
		out.ListLabel = r.Words.List
		text += hints(r)
	default:
		text += numbered(r.Options) + hints(r)
	}
	limit := l.Text
	if (len(out.Buttons) > 0 || len(out.List) > 0) && l.Body > 0 {
		limit = l.Body
	}
	out.Texts, out.Strong = split(text, strong, limit)
	return out
}

// fits says whether all options fit n places with labels of up to label letters.
func fits(options []Option, n, label int) bool {
	if len(options) > n {
		return false
	}
	for _, o := range options {
		if utf8.RuneCountInString(o.Label) > label {
			return false
		}
	}
	return true
}

// notesFit says whether all notes fit rows with notes of up to n letters.
func notesFit(options []Option, n int) bool {
	for _, o := range options {
		if utf8.RuneCountInString(o.Note) > n {
			return false
		}
	}
	return true
}

// noted says whether the options' notes are better shown in a list that the channel has.
func noted(options []Option, l Limits) bool {
	if l.Rows == 0 || l.RowNote == 0 {
		return false
	}
	for _, o := range options {
		if o.Note != "" {
			return true
		}
	}
	return false
}

// buttonRows puts two short buttons in a row, and one long one; in simple mode always one.
func buttonRows(options []Option, few bool) [][]Option {
	var rows [][]Option
	for i := 0; i < len(options); i++ {
		pair := !few && i+1 < len(options) &&
			utf8.RuneCountInString(options[i].Label) <= shortLabel && utf8.RuneCountInString(options[i+1].Label) <= shortLabel
		if pair {
			rows = append(rows, options[i:i+2:i+2])
			i++
			continue
		}
		rows = append(rows, options[i:i+1:i+1])
	}
	return rows
}

// numbered lists options in the text, to be answered by number.
func numbered(options []Option) string {
	if len(options) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n")
	for i, o := range options {
		number := strconv.Itoa(i+1) + ". "
		b.WriteString("\n" + number + strings.TrimPrefix(o.Label, number)) // labels of long lists have theirs
		if o.Note != "" {
			b.WriteString(" – " + o.Note)
		}
		if o.URL != "" {
			b.WriteString(" " + o.URL)
		}
	}
	return b.String()
}

// hints names the ways out in the text where there are no buttons for them.
func hints(r Reply) string {
	if len(r.Ways) == 0 {
		return ""
	}
	words := make([]string, len(r.Ways))
	for i, w := range r.Ways {
		words[i] = w.Label
	}
	return "\n\n" + r.Words.Type + " " + strings.Join(words, " · ")
}

// split cuts a text into messages of at most limit letters, at paragraphs, else lines, else
// words; a single longer word is cut between letters. The strong span survives only in the last.
func split(text string, strong Span, limit int) ([]string, Span) {
	text = strings.TrimRight(text, " \n")
	strong.End = min(strong.End, len(text))
	if limit <= 0 || utf8.RuneCountInString(text) <= limit {
		if text == "" {
			return nil, Span{}
		}
		return []string{text}, strong
	}
	var parts []string
	cut := 0
	for utf8.RuneCountInString(text[cut:]) > limit {
		end := cut + byteOffset(text[cut:], limit)
		at := end
		for _, sep := range []string{"\n\n", "\n", " "} {
			if i := strings.LastIndex(text[cut:end], sep); i > 0 {
				at = cut + i
				break
			}
		}
		if at == end {
			at = wholeLetter(text, cut, end)
		}
		if part := strings.TrimSpace(text[cut:at]); part != "" {
			parts = append(parts, part)
		}
		cut = at
		for cut < len(text) && (text[cut] == ' ' || text[cut] == '\n') {
			cut++
		}
	}
	if strong.Start < cut {
		strong = Span{cut, cut}
	}
	return append(parts, text[cut:]), Span{strong.Start - cut, strong.End - cut}
}

// byteOffset is the byte offset of letter n.
func byteOffset(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// wholeLetter moves a cut back so that a vowel sign, virama or mark stays with its letter.
func wholeLetter(s string, from, at int) int {
	for i := at; i > from; {
		r, _ := utf8.DecodeRuneInString(s[i:])
		prev, size := utf8.DecodeLastRuneInString(s[:i])
		if !joins(r) && prev != '\u094d' && prev != '\u200d' {
			return i
		}
		i -= size
	}
	return at
}

// joins says whether a letter belongs to the one before it.
func joins(r rune) bool {
	return unicode.Is(unicode.M, r) || r == '\u200c' || r == '\u200d'
}
