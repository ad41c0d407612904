package hindi

import (
	"slices"
	"strings"
	"testing"
)

// shared says in how many parts of the query's name the other name can be found.
func shared(query, name string) (parts, of int) {
	var kept []string
	for _, part := range NameParts(name) {
		kept = append(kept, part...)
	}
	asked := NameParts(query)
	for _, part := range asked {
		if slices.ContainsFunc(part, func(k string) bool { return slices.Contains(kept, k) }) {
			parts++
		}
	}
	return parts, len(asked)
}

func TestNamePartsFindTheSamePerson(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, name string }{
		{"सुनीता", "सुनीता देवी"},
		{"sunita devi", "सुनीता देवी"},
		{"कौशल्या", "कौसल्या देवी"},
		{"kaushalya", "कौशल्या देवी"},
		{"मुजफ्फर", "मुज़फ़्फ़र हुसैन"},
		{"rajesh", "राजेश कुमार सिंह"},
		{"vikash yadav", "विकास यादव"},
		{"बिकास", "विकास यादव"},
		{"dharmendr", "धर्मेंद्र कुमार"},
		{"dharmender", "धर्मेंद्र कुमार"},
		{"dharmenda", "धर्मेंद्र कुमार"}, // a letter was forgotten
		{"श्रीमती गीता देवी", "गीता"},
		{"देवी", "देवी"},
		{"papu", "पप्पू यादव"},
		{"दादा", "dada"},
		{"कुमार", "कुमार यादव"},
	} {
		if parts, of := shared(c.query, c.name); parts != of || of == 0 {
			t.Errorf("%q finds %d of %d parts of %q: %v, %v", c.query, parts, of, c.name, NameParts(c.query), NameParts(c.name))
		}
	}
}

func TestNamePartsTellPeopleApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, name string }{
		{"सुनीता देवी", "गीता देवी"},
		{"राजेश कुमार", "रमेश कुमार"},
		{"देवी", "सुनीता देवी"}, // half of all women
		{"मो इरफान", "मो सलीम"},
		{"महेश", "मुकेश"},
		{"पप्पू", "पापा"},
	} {
		if parts, _ := shared(c.query, c.name); parts != 0 {
			t.Errorf("%q finds %q: %v, %v", c.query, c.name, NameParts(c.query), NameParts(c.name))
		}
	}
	for _, name := range []string{"", " . ", "ए", "श्री"} {
		if parts := NameParts(name); len(parts) != 0 {
			t.Errorf("%q has the parts %v", name, parts)
		}
	}
	if parts := NameParts(strings.Repeat("क्षत्रिय ", 3)); len(parts) != 3 {
		t.Errorf("three names have %d parts", len(parts))
	}
}
