package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// house is the module's root, seen from here.
const house = "../.."

// listed is what `go list` tells of a package.
type listed struct {
	ImportPath, Doc string
	GoFiles         []string
	Imports         []string // direct, without those of tests
}

// packages returns the module's packages that have code, by their folder: "bot", "bot/telegram".
func packages(t *testing.T) map[string]listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Doc,GoFiles,Imports", "./...")
	cmd.Dir = house
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v: %s", err, problems.String())
	}
	found := map[string]listed{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			found[strings.TrimPrefix(p.ImportPath, "nagrik/")] = p
		}
	}
}

// goFiles calls visit for each Go file of the house, with its path from the root.
func goFiles(t *testing.T, visit func(name string, text []byte)) {
	t.Helper()
	root := os.DirFS(house)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		if entry.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err == nil {
			visit(name, text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for folder, p := range packages(t) {
		if p.Doc == "" {
			t.Errorf("%s has no package comment", folder)
		}
	}
}

// mayImport names, for each part of the house, the other parts that it may import. "store" stands for store and all
// packages under it, unless one has an entry of its own.
var mayImport = map[string][]string{
	"bot":     {},
	"store":   {},
	"locales": {},
	"flows":   {"bot", "store", "locales"},
	"cmd":     {"flows", "bot", "store", "locales"},
}

// channelFolders are the packages of bot that speak to a network. They know the conversation, not each other.
var channelFolders = []string{"bot/telegram", "bot/whatsapp", "bot/web", "bot/terminal"}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	all := packages(t)
	for folder, p := range all {
		from, _, _ := strings.Cut(folder, "/")
		allowed, known := mayImport[from]
		if !known {
			t.Errorf("%s is in none of the known parts", folder)
		}
		for _, imported := range p.Imports {
			imported, ours := strings.CutPrefix(imported, "nagrik/")
			if !ours {
				continue
			}
			to, _, _ := strings.Cut(imported, "/")
			if to != from && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s; %s may import only %v", folder, imported, from, allowed)
			}
			if channel(imported) != "" && from != "cmd" && channel(folder) != channel(imported) {
				t.Errorf("%s imports the channel %s, which only cmd puts to use", folder, imported)
			}
			if under(imported, "store/embedded") && from != "cmd" && !under(folder, "store/embedded") {
				t.Errorf("%s imports %s: only cmd and tests start databases", folder, imported)
			}
			if forTests(imported) && !forTests(folder) {
				t.Errorf("%s imports %s, which is for tests", folder, imported)
			}
		}
	}
	if _, found := all["store/embedded"]; !found {
		t.Error("the list of packages is not the module's")
	}
}

// channel returns the channel that a folder belongs to, or "".
func channel(folder string) string {
	for _, c := range channelFolders {
		if under(folder, c) {
			return c
		}
	}
	return ""
}

func under(folder, top string) bool { return folder == top || strings.HasPrefix(folder, top+"/") }

// forTests tells packages like bottest, telegramtest and testdb, and the two programs that play citizens.
func forTests(folder string) bool {
	name := path.Base(folder)
	return strings.HasSuffix(name, "test") || strings.HasPrefix(name, "test") ||
		under(folder, "cmd/nagrik/bench") || under(folder, "cmd/nagrik/soak")
}

func TestFoldersHaveNames(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(house)
	if err != nil {
		t.Fatal(err)
	}
	rooms := []string{"bot", "cmd", "flows", "locales", "store", "tools"}
	for _, entry := range entries {
		if entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") && !slices.Contains(rooms, entry.Name()) {
			t.Errorf("the folder %s at the top: the house has %v", entry.Name(), rooms)
		}
	}
	// Names that say nothing about what is inside.
	empty := []string{"util", "utils", "common", "model", "models", "type", "types", "helper", "helpers", "internal", "misc", "shared", "pkg"}
	for folder := range packages(t) {
		for name := range strings.SplitSeq(folder, "/") {
			if slices.Contains(empty, name) {
				t.Errorf("%s: the name %q says nothing", folder, name)
			}
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	const limit = 500
	goFiles(t, func(name string, text []byte) {
		if lines := bytes.Count(text, []byte("\n")); lines > limit && !strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s has %d lines: more than one idea?", name, lines)
		}
	})
}

// TestTextsAreInLocales finds Hindi in the strings of Go code. What people read stands in locales; bot/hindi has the
// words that it understands; tests and what is for tests may quote.
func TestTextsAreInLocales(t *testing.T) {
	t.Parallel()
	goFiles(t, func(name string, text []byte) {
		if strings.HasSuffix(name, "_test.go") || under(filepath.ToSlash(name), "bot/hindi") || forTests(path.Dir(name)) {
			return
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		ast.Inspect(file, func(node ast.Node) bool {
			literal, ok := node.(*ast.BasicLit)
			if ok && literal.Kind == token.STRING && strings.ContainsFunc(literal.Value, hindiLetter) && !slices.Contains(transcriptMarks, literal.Value) {
				t.Errorf("%s: %s belongs in locales", files.Position(literal.Pos()), literal.Value)
			}
			return true
		})
	})
}

// transcriptMarks begin the lines of a transcript file, whatever the language of the talk.
var transcriptMarks = []string{`"नागरिक:"`, `"बॉट:"`}

// hindiLetter tells letters and vowel signs; digits and the danda are no text.
func hindiLetter(r rune) bool {
	return unicode.Is(unicode.Devanagari, r) && (unicode.IsLetter(r) || unicode.IsMark(r))
}
