package hindi

import "strings"

// namesAlike are parts of names that so many people share, or that stand before a name, that nobody is found by them. A
// name that has nothing else is found by them all the same.
var namesAlike = newLexicon(`
title	श्री, श्रीमती, सुश्री, कुमारी, मो, मोहम्मद, मोहम्मद, मु, md, mohd, mohammad, muhammad, shri, sri, smt, shrimati, sushri, mr, mrs, ms, डॉ, dr, late, स्व, स्वर्गीय, उर्फ, urf, alias, वल्द, पिता, पति, पुत्र, पुत्री
family	कुमार, kumar, देवी, devi, सिंह, singh, सिन्हा, sinha, प्रसाद, prasad, यादव, yadav, खातून, khatun, खान, khan, अंसारी, ansari, राय, rai, ray, शर्मा, sharma, पासवान, paswan, राम, ram, लाल, lal, चौधरी, chaudhary, choudhary, chowdhury, ठाकुर, thakur, साह, sah, मंडल, mandal, पांडेय, पांडे, pandey, मिश्रा, मिश्र, mishra, झा, jha, गुप्ता, gupta, कुशवाहा, kushwaha, महतो, mahto
`)

// longKey is how many consonants a part has from which on a letter may be wrong: with fewer, too many names are alike.
const longKey = 4

// NameParts gives what a person's name is found by, part for part: the part's [Key] first, and of a long one what remains
// when any one letter is left out, so that two spellings which differ by a letter have something in common. Titles and
// the commonest family names are left out where there is anything else.
func NameParts(name string) [][]string {
	var telling, others [][]string
	for w := range strings.FieldsSeq(Fold(name)) {
		key := Key(w)
		if len(key) < 2 { // पप्पू, दादा: one consonant says too little, the vowels have to
			var buf [96]byte
			key = "." + string(spoken(buf[:0], w))
		}
		s := sound(w)
		if len(key) < 2 || key[0] == '.' && len(key) < len(".ab") || namesAlike.knows(s, "title") {
			continue
		}
		if namesAlike.knows(s, "family") {
			others = append(others, []string{key})
			continue
		}
		telling = append(telling, append([]string{key}, oneLess(key)...))
	}
	if len(telling) == 0 {
		return others
	}
	return telling
}

// oneLess are a long key's shorter forms, each once.
func oneLess(key string) []string {
	if len(key) < longKey || key[0] == '.' {
		return nil
	}
	var list []string
	for i := range len(key) {
		if i > 0 && key[i] == key[i-1] {
			continue
		}
		list = append(list, key[:i]+key[i+1:])
	}
	return list
}
