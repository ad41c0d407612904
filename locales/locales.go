// Package locales has every text that citizens and officers read, in Hindi and
// in English, and puts data into them.
//
// A language is a folder of TOML files, a file for each service and a few that
// are common, with flat quoted keys:
//
//	"lost_property.article.mobile" = "मोबाइल फ़ोन"
//	"lost_property.filed" = "आपका नंबर {{spaced .Number}} है।"
//
// Hindi is the default. A text that is missing in another language is said in
// Hindi and counted, except variants (".simple", ".words"), which a language
// may have or not. Where a word depends on a number, the text is a table of
// plural forms, chosen by the data's Count (0 and 1 are "one" in Hindi):
//
//	["desk.open"]
//	one = "{{.Count}} शिकायत"
//	other = "{{.Count}} शिकायतें"
//
// Texts have text/template's actions and the functions of format.go, such as
// {{date .LostOn}}.
package locales

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

//go:embed */*.toml
var files embed.FS

// Default is the language of texts when another one is unknown or lacks them.
const Default = "hi"

// Texts are the texts of all languages. Its methods may be called from any
// goroutine.
type Texts struct {
	languages map[string]*texts

	mu      sync.Mutex
	missing map[string]int
}

// texts are those of one language.
type texts struct {
	plain     map[string]string  // as they are
	filled    map[string]message // with data
	localizer *i18n.Localizer
	parser    parser
	source    map[string]string // id to file
}

type message struct {
	plural bool
	fields []string
}

// Load reads the texts of the program. Everything that can be wrong with a
// text alone is an error here, with its file and id.
func Load() (*Texts, error) { return load(files) }

func load(from fs.FS) (*Texts, error) {
	names, err := fs.Glob(from, "*/*.toml")
	if err != nil {
		return nil, fmt.Errorf("listing the texts: %w", err)
	}
	bundle := i18n.NewBundle(language.Make(Default))
	t := &Texts{languages: make(map[string]*texts), missing: make(map[string]int)}
	for _, name := range names {
		lang := path.Dir(name)
		l := t.languages[lang]
		if l == nil {
			l = &texts{
				plain: make(map[string]string), filled: make(map[string]message), source: make(map[string]string),
				localizer: i18n.NewLocalizer(bundle, lang), parser: parser{t.functions(lang)},
			}
			t.languages[lang] = l
		}
		content, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("reading texts: %w", err)
		}
		messages, err := l.read(name, content)
		if err == nil {
			err = bundle.AddMessages(language.Make(lang), messages...)
		}
		if err != nil {
			return nil, fmt.Errorf("texts of %s: %w", name, err)
		}
	}
	if t.languages[Default] == nil {
		return nil, fmt.Errorf("there are no texts in the default language %s", Default)
	}
	for _, id := range datetimeIDs() {
		if t.languages[Default].source[id] == "" {
			return nil, fmt.Errorf("the language %s has no %q", Default, id)
		}
	}
	return t, nil
}

// read adds the texts of a file and returns those that go-i18n is to hold.
func (l *texts) read(name string, content []byte) ([]*i18n.Message, error) {
	var raw map[string]any
	if err := toml.Unmarshal(content, &raw); err != nil {
		return nil, err
	}
	var messages []*i18n.Message
	for _, id := range slices.Sorted(maps.Keys(raw)) {
		m, err := newMessage(id, raw[id])
		if err != nil {
			return nil, fmt.Errorf("%q: %w", id, err)
		}
		if other, twice := l.source[id]; twice {
			return nil, fmt.Errorf("%q: is in %s too", id, other)
		}
		l.source[id] = name
		_, plural := raw[id].(map[string]any)
		if !plural && !strings.Contains(m.Other, "{{") {
			l.plain[id] = m.Other
			continue
		}
		fields := make(map[string]bool)
		for _, form := range forms(m) {
			tmpl, err := l.parser.template(form)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", id, err)
			}
			addFields(fields, tmpl.Root)
		}
		l.filled[id] = message{plural: plural, fields: slices.Sorted(maps.Keys(fields))}
		messages = append(messages, m)
	}
	return messages, nil
}

// idForm is two words or more with dots between them.
var idForm = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)+$`)

// newMessage makes a text of a file's value. It is stricter than go-i18n,
// which takes a table of options for plural forms where they happen to have
// their names ("other", "one", "id").
func newMessage(id string, value any) (*i18n.Message, error) {
	if !idForm.MatchString(id) {
		return nil, errors.New("an id is small letters, digits and _, with dots between its parts, in quotes")
	}
	var all []string
	switch value := value.(type) {
	case string:
		all = append(all, value)
	case map[string]any:
		for form, text := range value {
			s, ok := text.(string)
			if !slices.Contains([]string{"zero", "one", "two", "few", "many", "other"}, form) || !ok {
				return nil, fmt.Errorf("a table is for plural forms (one, other), not for %s: write one quoted key for each text", form)
			}
			all = append(all, s)
		}
		if _, ok := value["other"]; !ok {
			return nil, errors.New("a table of plural forms needs other")
		}
	default:
		return nil, errors.New("a text is a string in quotes")
	}
	for _, s := range all {
		if strings.TrimSpace(s) == "" {
			return nil, errors.New("the text is empty")
		}
	}
	m, err := i18n.NewMessage(value)
	if err != nil {
		return nil, err
	}
	m.ID = id
	return m, nil
}

// forms are a message's plural forms that there are.
func forms(m *i18n.Message) []string {
	return slices.DeleteFunc([]string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other}, func(s string) bool { return s == "" })
}

// Text returns a text with its data put in. It is false for an unknown id, and
// for data that do not fit the text, which is logged and counted.
func (t *Texts) Text(lang, id string, data map[string]any) (string, bool) {
	l := t.languages[lang]
	if l == nil {
		lang, l = Default, t.languages[Default]
	}
	if s, ok := l.plain[id]; ok {
		return s, true
	}
	m, ok := l.filled[id]
	if !ok {
		if lang == Default || isVariant(id) {
			return "", false
		}
		s, ok := t.Text(Default, id, data)
		if ok {
			t.count(lang, id)
		}
		return s, ok
	}
	s, err := l.fill(id, m.plural, data)
	if err != nil {
		if t.count(lang, id) == 1 {
			slog.Error("a text cannot be filled in", "lang", lang, "id", id, "error", err)
		}
		return "", false
	}
	return s, true
}

// fill puts data into a text. Errors name fields, never values.
func (l *texts) fill(id string, plural bool, data map[string]any) (string, error) {
	config := &i18n.LocalizeConfig{MessageID: id, TemplateData: data, TemplateParser: l.parser}
	if plural {
		count, err := integer(data["Count"])
		if err != nil {
			return "", fmt.Errorf("field Count: %w", err)
		}
		config.PluralCount = count
	}
	s, err := l.localizer.Localize(config)
	if err == nil && strings.Contains(s, "<no value>") {
		return "", errors.New("a field is nil")
	}
	return s, err
}

// isVariant says whether a text is one that a language may lack.
func isVariant(id string) bool {
	return strings.HasSuffix(id, ".simple") || strings.HasSuffix(id, ".words")
}

func (t *Texts) count(lang, id string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.missing[lang+" "+id]++
	return t.missing[lang+" "+id]
}

// Missing returns how often a text was not there in the language asked for or
// could not be filled in, by "language id".
func (t *Texts) Missing() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.missing)
}

// Languages returns the languages that there are, the default first.
func (t *Texts) Languages() []string {
	langs := slices.Sorted(maps.Keys(t.languages))
	slices.SortStableFunc(langs, func(a, b string) int {
		switch {
		case a == Default:
			return -1
		case b == Default:
			return 1
		}
		return 0
	})
	return langs
}

// IDs returns the ids of a language's own texts in alphabetical order.
func (t *Texts) IDs(lang string) []string {
	if l := t.languages[lang]; l != nil {
		return slices.Sorted(maps.Keys(l.source))
	}
	return nil
}

// Fields returns the names of the data that a text needs ("Number" for
// {{.Number}}), in alphabetical order.
func (t *Texts) Fields(lang, id string) []string {
	if l := t.languages[lang]; l != nil {
		return slices.Clone(l.filled[id].fields)
	}
	return nil
}

// addFields collects the names of fields below a node.
func addFields(to map[string]bool, n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, c := range n.Nodes {
				addFields(to, c)
			}
		}
	case *parse.ActionNode:
		addFields(to, n.Pipe)
	case *parse.PipeNode:
		if n != nil {
			for _, c := range n.Cmds {
				addFields(to, c)
			}
		}
	case *parse.CommandNode:
		for _, c := range n.Args {
			addFields(to, c)
		}
	case *parse.ChainNode:
		addFields(to, n.Node)
	case *parse.FieldNode:
		to[n.Ident[0]] = true
	case *parse.VariableNode:
		if n.Ident[0] == "$" && len(n.Ident) > 1 {
			to[n.Ident[1]] = true
		}
	case *parse.IfNode:
		addBranch(to, &n.BranchNode)
	case *parse.RangeNode:
		addBranch(to, &n.BranchNode)
	case *parse.WithNode:
		addBranch(to, &n.BranchNode)
	}
}

func addBranch(to map[string]bool, n *parse.BranchNode) {
	addFields(to, n.Pipe)
	addFields(to, n.List)
	addFields(to, n.ElseList)
}

// parser makes templates in which a missing field is an error. go-i18n's own
// would not keep a template that has functions.
type parser struct{ functions template.FuncMap }

// Cacheable lets go-i18n parse every text once.
func (parser) Cacheable() bool { return true }

// Parse is what go-i18n calls.
func (p parser) Parse(src, _, _ string) (i18ntemplate.ParsedTemplate, error) {
	tmpl, err := p.template(src)
	return parsed{tmpl}, err
}

func (p parser) template(src string) (*template.Template, error) {
	return template.New("text").Option("missingkey=error").Funcs(p.functions).Parse(src)
}

type parsed struct{ *template.Template }

// Execute fills a text.
func (p parsed) Execute(data any) (string, error) {
	var b strings.Builder
	err := p.Template.Execute(&b, data)
	return b.String(), err
}
