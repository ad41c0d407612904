package hindi

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Names is an index that finds an item by a name that somebody typed, in either script, with small mistakes, also inside
// a longer phrase ("थाना कंकड़बाग पटना"). It is built once and then only read, by any number of goroutines.
type Names[T any] struct {
	items []T
	// within are the words that place an item (its district), spoken; they decide between items of the same name.
	within [][]string
	names  []indexed
	pairs  map[[2]byte][]int32 // names by two neighbouring letters of their key
}

// indexed is one name of one item.
type indexed struct {
	item   int32
	pairs  int32   // how many pairs its key has
	factor float64 // less than 1 for a part of a name
	spoken []byte
	weight float32 // of spoken
	key    string
	roman  bool
	typed  []rune // folded, without spaces
}

// Match is an item that was found. Score is 0 to 1; Exact tells that the whole of one of its names was said, nothing was
// misspelled, and nothing but the kind of place ("थाना") and its district stood beside it.
type Match[T any] struct {
	Item  T
	Score float64
	Exact bool
}

// NewNames is an empty index.
func NewNames[T any]() *Names[T] {
	return &Names[T]{pairs: map[[2]byte][]int32{}}
}

// Add puts an item in under all its names, in both scripts.
func (n *Names[T]) Add(item T, names ...string) { n.AddWithin(item, nil, names...) }

// AddWithin is Add for an item of a district: "भगवानपुर वैशाली" then finds the Bhagwanpur of Vaishali before others.
func (n *Names[T]) AddWithin(item T, within []string, names ...string) {
	id := int32(len(n.items))
	n.items = append(n.items, item)
	var places []string
	for _, w := range within {
		if words := nameWords(w); len(words) > 0 {
			places = append(places, strings.Join(words, ""))
		}
	}
	n.within = append(n.within, places)
	seen := map[string]bool{}
	add := func(typed, spokenName string, factor float64) {
		if len(spokenName) < 2 || seen[typed] {
			return
		}
		seen[typed] = true
		key := string(appendKey(nil, []byte(spokenName)))
		at := int32(len(n.names))
		count := int32(0)
		for pair := range keyPairs(key) {
			count++
			if list := n.pairs[pair]; len(list) == 0 || list[len(list)-1] != at {
				n.pairs[pair] = append(list, at)
			}
		}
		n.names = append(n.names, indexed{
			item: id, pairs: count, factor: factor, spoken: []byte(spokenName),
			weight: weightOf([]byte(spokenName)), key: key, roman: isRoman(typed), typed: []rune(typed),
		})
	}
	for _, name := range names {
		typed, spokenName := "", ""
		for _, w := range specific(name) {
			typed, spokenName = typed+w.typed, spokenName+w.spoken
		}
		add(typed, spokenName, 1)
	}
	for _, name := range names { // a part of a long name is found too, after whole names
		if words := specific(name); len(words) > 1 {
			for _, w := range words {
				if len(w.spoken) >= 4 && !placeWords.knows(sound(w.typed), "common") {
					add(w.typed, w.spoken, 0.86)
				}
			}
		}
	}
}

// placeWords are words that stand beside the name of a place and do not name it ("kind"), words of sentences, and words so
// common in names that alone they name nothing ("common").
var placeWords = newLexicon(`
kind	थाना, थाने, थाना क्षेत्र, ठाणा, पुलिस, स्टेशन, ps, p s, thana, thane, thaana, police, polis, station, stesan, op, ओपी, ओ पी, पी एस, पीएस, चौकी, chowki, chauki, outpost, शिविर, जिला, ज़िला, जिले, zila, jila, jile, district, dist, distt, प्रखंड, प्रखण्ड, block, prakhand, अंचल, anchal, पोस्ट, post, क्षेत्र, kshetra, area, इलाका, ilaka, के पास, near, अनुमंडल, बिहार, bihar, टीओपी, top
word	का, की, के, में, से, को, पर, वाला, वाली, है, हैं, हूँ, मेरा, मेरे, मेरी, हमारा, यहाँ, रहता, रहते, रहती, मैं, हम, ka, ki, ke, me, mein, se, ko, hai, h, mera, mere, hamara, main, mai, hum, rehta, rahta, rahte, the, in, at, of, from, जी, ji, वहाँ, नाम, naam, name, is, my, लगता, lagta, पड़ता, padta, आता, aata, i, live, और, या, बाजार वाला
common	बाजार, बाज़ार, bazar, bazaar, नगर, nagar, पुर, pur, टोला, tola, घाट, ghat, गंज, ganj, मोड़, mor, more, रोड, road, चौक, chowk, मैदान, maidan, मंदिर, mandir, temple, कॉलोनी, colony, डीह, dih, राज, raj, पूर्वी, purvi, east, पश्चिमी, west, mahila, women, prohibition, railway, rail, अनुसूचित, जनजाति, जाति, traffic, nagar, सदर, खास
`)

// said is one word of a name or query.
type said struct {
	typed, spoken string // folded, and its sound
}

// specific are the words of a name without the words for kinds of places, unless nothing else is there.
func specific(name string) []said {
	var buf [96]byte
	var words, all []said
	for w := range strings.FieldsSeq(Fold(name)) {
		one := said{w, string(spoken(buf[:0], w))}
		all = append(all, one)
		if s := sound(w); !placeWords.knows(s, "kind") && !placeWords.knows(s, "word") {
			words = append(words, one)
		}
	}
	if len(words) == 0 {
		return all
	}
	return words
}

func isRoman(typed string) bool { return typed != "" && typed[0] < utf8.RuneSelf }

// keyPairs yields what two keys can have in common: neighbouring letters, with the beginning and the end, and single
// letters, so that a short name with two letters swapped still shares something.
func keyPairs(key string) func(func([2]byte) bool) {
	return func(yield func([2]byte) bool) {
		prev := byte('^')
		for i := range len(key) {
			if !yield([2]byte{prev, key[i]}) {
				return
			}
			if !yield([2]byte{'*', key[i]}) {
				return
			}
			prev = key[i]
		}
		yield([2]byte{prev, '$'})
	}
}

const (
	leastScore = 0.55 // below this two names only happen to share letters
	mostWords  = 12   // of a query
	perWindow  = 60   // names compared closely for one part of a query
)

// Find gives the best matches for a typed name, best first, at most limit of them. None is an honest answer.
func (n *Names[T]) Find(query string, limit int) []Match[T] {
	words := specific(query)
	if len(words) > mostWords {
		words = words[:mostWords]
	}
	if len(words) == 0 || len(n.items) == 0 || limit <= 0 {
		return nil
	}
	total := 0
	for _, w := range words {
		total += len(w.spoken)
	}
	best := map[int32]scored{}
	shared := make([]int16, len(n.names))
	var touched []int32
	var joined, key []byte
	var typed []rune
	for from := range words {
		joined, typed = joined[:0], typed[:0]
		for to := from; to < len(words) && to < from+4; to++ {
			joined = append(joined, words[to].spoken...)
			typed = append(typed, []rune(words[to].typed)...)
			if len(joined) < 2 || len(joined) > 40 {
				continue
			}
			key = appendKey(key[:0], joined)
			weight, roman := weightOf(joined), isRoman(string(typed[:1]))
			touched = touched[:0]
			pairs := 0
			for pair := range keyPairs(string(key)) {
				pairs++
				for _, id := range n.pairs[pair] {
					if shared[id] == 0 {
						touched = append(touched, id)
					}
					shared[id]++
				}
			}
			for _, id := range n.closest(touched, shared, pairs) {
				name := &n.names[id]
				like := name.like(joined, key, typed, weight, roman)
				score := like * name.factor
				if score < leastScore {
					continue
				}
				rest, placed := n.rest(name.item, words, from, to)
				if to-from+1 < len(words) && n.isPlace(name.item, joined) {
					score *= 0.7 // "अंबा औरंगाबाद" asks for Amba, not for the Sadar of Aurangabad
				}
				// Words that say nothing about this item make it less likely, unless they name its district.
				score *= 1 - 0.5*float64(rest)/float64(total)
				if placed {
					score += (1 - score) * 0.45
				}
				s := scored{score, like == 1 && name.factor == 1 && rest == 0}
				if old, ok := best[name.item]; !ok || s.score > old.score {
					best[name.item] = s
				}
			}
			for _, id := range touched {
				shared[id] = 0
			}
		}
	}
	return n.ranked(best, limit)
}

// like compares a part of the query with a name by its sound and, in the same script, by its letters.
func (x *indexed) like(joined, key []byte, typed []rune, weight float32, roman bool) float64 {
	if string(joined) == string(x.spoken) {
		return 1
	}
	longest := max(weight, x.weight)
	heard := max(0, 1-float64(distance(joined, x.spoken, 0.5*longest)/longest))
	if string(key) == x.key {
		heard += (1 - heard) * 0.4 * min(1, float64(len(key)-1)/3) // the same consonants: most spellings of a name differ in vowels only
	}
	if heard < leastScore-0.2 || roman != x.roman {
		return heard
	}
	return max(0.9*heard, 0.45*heard+0.55*typing(typed, x.typed))
}

type scored struct {
	score float64
	exact bool
}

// closest are the names that share most pairs with a part of the query.
func (n *Names[T]) closest(touched []int32, shared []int16, pairs int) []int32 {
	dice := func(id int32) float64 { return float64(shared[id]) / float64(int32(pairs)+n.names[id].pairs) }
	least := 0.27
	kept := make([]int32, 0, len(touched))
	for _, id := range touched {
		if dice(id) >= least {
			kept = append(kept, id)
		}
	}
	if len(kept) > perWindow {
		slices.SortFunc(kept, func(a, b int32) int {
			return cmp.Or(cmp.Compare(dice(b), dice(a)), cmp.Compare(a, b))
		})
		// Keep what ties with the last one: there are a dozen stations named Mahila.
		last := perWindow
		for last < len(kept) && last < 3*perWindow && dice(kept[last]) == dice(kept[perWindow-1]) {
			last++
		}
		kept = kept[:last]
	}
	return kept
}

// isPlace reports that a part of the query names the district of the item.
func (n *Names[T]) isPlace(item int32, part []byte) bool {
	for _, place := range n.within[item] {
		if likeness(part, []byte(place)) > 0.8 {
			return true
		}
	}
	return false
}

// rest counts the letters of the query outside words[from..to] that say nothing about the item; placed tells that some of
// them name where it is.
func (n *Names[T]) rest(item int32, words []said, from, to int) (letters int, placed bool) {
	for i := 0; i < len(words); i++ {
		if i == from {
			i = to
			continue
		}
		here := false
		for _, place := range n.within[item] {
			if likeness([]byte(words[i].spoken), []byte(place)) > 0.8 || i+1 < len(words) && i+1 != from && likeness([]byte(words[i].spoken+words[i+1].spoken), []byte(place)) > 0.8 ||
				i > 0 && i-1 != to && likeness([]byte(words[i-1].spoken+words[i].spoken), []byte(place)) > 0.8 {
				here = true
				break
			}
		}
		if here {
			placed = true
		} else {
			letters += len(words[i].spoken)
		}
	}
	return letters, placed
}

// ranked sorts what was found; items of the same score keep the order in which they were added.
func (n *Names[T]) ranked(best map[int32]scored, limit int) []Match[T] {
	ids := make([]int32, 0, len(best))
	for id := range best {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int32) int {
		return cmp.Or(cmp.Compare(best[b].score, best[a].score), cmp.Compare(a, b))
	})
	matches := make([]Match[T], 0, min(limit, len(ids)))
	for _, id := range ids[:min(limit, len(ids))] {
		matches = append(matches, Match[T]{n.items[id], best[id].score, best[id].exact})
	}
	return matches
}
