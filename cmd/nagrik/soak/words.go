package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"

	"nagrik/locales"
	"nagrik/store"
)

// words is what the people of the soak know of the bot's language: they recognise what is asked by
// its words, and press buttons by their labels.
type words struct {
	texts   *locales.Texts
	unknown *sync.Map // ids of texts that are no more: the soak has to follow the program
}

func loadWords() (words, error) {
	texts, err := locales.Load()
	return words{texts, &sync.Map{}}, err
}

// check gives the first text that was looked for in vain.
func (w words) check() (err error) {
	w.unknown.Range(func(id, _ any) bool {
		err = fmt.Errorf("the program has no text %s any more: the soak looks for it", id)
		return false
	})
	return err
}

func (w words) text(id string, data map[string]any) string {
	s, ok := w.texts.Text(locales.Default, id, data)
	if !ok {
		w.unknown.Store(id, true)
		return id
	}
	return s
}

// gap stands where a text has data.
const gap = "\x00"

// label is a text without data.
func (w words) label(id string) string { return w.text(id, nil) }

// phrase is the longest part of a text that is the same whatever its data, within one line.
func (w words) phrase(id string) string {
	data := map[string]any{}
	for _, field := range []string{"Service", "Name", "Address", "Number", "Value", "Station", "Place", "Max", "Have"} {
		data[field] = gap
	}
	longest := ""
	for _, part := range strings.FieldsFunc(w.text(id, data), func(r rune) bool { return r == '\x00' || r == '\n' }) {
		if part = strings.TrimSpace(part); len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

// numberForm finds numbers of filings as people are shown them.
var numberForm = regexp.MustCompile(`(?:SH|KS)[0-9 ]{10,15}[0-9]`)

// numbers are the numbers of filings in a text.
func numbers(text string) (all []string) {
	for _, found := range numberForm.FindAllString(text, -1) {
		if n, ok := store.ParseNumber(found); ok {
			all = append(all, n)
		}
	}
	return all
}

// markForm finds the marks of citizens and their stories.
var markForm = regexp.MustCompile(`zq[bcdfgjkmnprst]{8}`)

// mark makes a word that nobody else uses: in whatever chat it shows up, its owner is known.
func mark(rnd *rand.Rand) string {
	const letters = "bcdfgjkmnprst" // without vowels it means nothing in any language
	b := []byte("zq")
	for range 8 {
		b = append(b, letters[rnd.IntN(len(letters))])
	}
	return string(b)
}

// pick is one of several.
func pick[T any](rnd *rand.Rand, from ...T) T { return from[rnd.IntN(len(from))] }

// chance is true in this share of the times.
func chance(rnd *rand.Rand, share float64) bool { return rnd.Float64() < share }

// short is a text's beginning, for the report.
func short(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	return string(runes[:min(len(runes), 120)])
}
