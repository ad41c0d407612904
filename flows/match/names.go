package match

import (
	"slices"
	"strings"

	"nagrik/bot/hindi"
)

// Names that sound so alike are the same; so alike, maybe.
const (
	nameSame = 0.88
	nameNear = 0.78
)

func sameName(a, b []string) agreement {
	if len(a) == 0 || len(b) == 0 {
		return untold
	}
	best := 0.0
	for _, x := range untitled(a) {
		for _, y := range untitled(b) {
			likeness := max(hindi.Similar(x, y), firstNames(x, y))
			if likeness < nameSame && !sharePart(x, y) { // alike in what everybody is called: देवी, कुमार
				likeness = 0
			}
			best = max(best, likeness)
		}
	}
	switch {
	case best >= nameSame:
		return agrees
	case best >= nameNear:
		return nearly
	case best >= 0.6:
		return untold
	}
	return differs
}

// untitled are names without what stands before them.
func untitled(names []string) []string {
	var list []string
	for _, name := range names {
		words := slices.DeleteFunc(strings.Fields(name), func(w string) bool { return lookUp(hindi.Fold(w)).class == title })
		list = append(list, strings.Join(words, " "))
	}
	return list
}

// samePart is from which likeness the keys of two parts of names are those of one.
const samePart = 0.7

// sharePart says whether two names have what people are called by in common: the first part of each is in the other.
func sharePart(a, b string) bool {
	x, y := hindi.NameParts(a), hindi.NameParts(b)
	return len(x) > 0 && len(y) > 0 && hasPart(x, y[0]) && hasPart(y, x[0])
}

func hasPart(parts [][]string, part []string) bool {
	return slices.ContainsFunc(parts, func(p []string) bool {
		return hindi.Similar(p[0], part[0]) >= samePart && slices.ContainsFunc(p, func(key string) bool { return slices.Contains(part, key) })
	})
}

// saidName compares the name of who is missing with what somebody who was found says of themselves, be it in the form's place for it
// or among other words.
func saidName(lost, found Subject) agreement {
	if a := sameName(lost.Names, found.Names); a != untold || len(found.Names) > 0 {
		return a
	}
	says := hasClass(found.Words, called) && !hasClass(found.Words, no)
	switch {
	case named(lost.Names, found.Words):
		return nearly
	case says && len(lost.Names) > 0:
		return differs
	}
	return untold
}

// hasClass says whether a word of a class is among words.
func hasClass(words, class string) bool {
	for w := range strings.FieldsSeq(hindi.Fold(words)) {
		if lookUp(w).class == class {
			return true
		}
	}
	return false
}

// named says whether a name stands in words: what somebody says of themselves may have been written down so.
func named(names []string, words string) bool {
	for _, name := range names {
		first, _, _ := strings.Cut(name, " ")
		for w := range strings.FieldsSeq(words) {
			if len([]rune(first)) > 3 && hindi.Similar(first, w) >= nameSame {
				return true
			}
		}
	}
	return false
}

// firstNames compares names of which one is only the first of the other: who is lost may say no more.
func firstNames(a, b string) float64 {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) > 1 && len(y) > 1 || len(x) == 0 || len(y) == 0 {
		return 0
	}
	if s := hindi.Similar(x[0], y[0]); s >= nameSame {
		return nameNear
	}
	return 0
}
