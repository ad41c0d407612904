package hindi

import "unicode/utf8"

// The sound of a word is a short ASCII spelling that is the same for Devanagari and for the usual Roman spellings:
// शिकायत, shikayat, sikayat and shikaayat all sound "sikyt". It keeps what people hear and spell alike and drops what
// they do not: length of vowels, doubled letters, s/sh, ch/chh, v/w, z/j, f/ph, the final h of बारह, a final nasal.
// Aspirates are capital letters (K is kh), c is ch. In words of three and more consonants the inner a is dropped, because nobody
// agrees where it is written (lapata, laapta, lapta).

// text is a message cut into words, each as it is spelled (folded) and as it sounds, single spaces between. Digits, Roman
// and Devanagari letters that touch are words of their own ("5बजे", "10din").
type text struct {
	spelled, sounds []byte
	ends            []int // where each word of spelled ends
}

// room is where hear works; as a variable of the caller it keeps short messages off the heap.
type room struct {
	spelled, sounds [512]byte
	ends            [96]int
}

// hear cuts up a message.
func hear(s string, r *room) text {
	t := text{spelled: appendFold(r.spelled[:0], s), sounds: r.sounds[:0], ends: r.ends[:0]}
	for i := 0; i < len(t.spelled); {
		if t.spelled[i] == ' ' {
			i++
			continue
		}
		end, kind := i+1, kindOf(t.spelled[i])
		for end < len(t.spelled) && t.spelled[end] != ' ' && kindOf(t.spelled[end]) == kind {
			end++
		}
		if len(t.sounds) > 0 {
			t.sounds = append(t.sounds, ' ')
		}
		before := len(t.sounds)
		t.sounds = appendSound(t.sounds, t.spelled[i:end])
		if len(t.sounds) == before {
			t.sounds = append(t.sounds, '?') // no sound, but still a word
		}
		t.ends = append(t.ends, end)
		i = end
	}
	return t
}

// word is the spelling of word i.
func (t *text) word(i int) []byte {
	start := 0
	if i > 0 {
		start = t.ends[i-1]
	}
	if start < t.ends[i] && t.spelled[start] == ' ' {
		start++
	}
	return t.spelled[start:t.ends[i]]
}

// soundsOf is the sounds of the words of s.
func soundsOf(s string) []byte {
	var r room
	return hear(s, &r).sounds
}

// kindOf tells digits, Roman letters and all others apart by a byte of folded text.
func kindOf(c byte) int {
	switch {
	case c >= utf8.RuneSelf:
		return 2
	case '0' <= c && c <= '9':
		return 1
	}
	return 0
}

// sound is the sound of one folded word.
func sound(word string) string {
	var buf [64]byte
	return string(appendSound(buf[:0], []byte(word)))
}

func appendSound(dst, word []byte) []byte {
	if len(word) > 0 && word[0] >= utf8.RuneSelf {
		var buf [96]byte
		return squeeze(dst, appendLatin(buf[:0], word, false))
	}
	return squeeze(dst, word)
}

// latin letters of the consonants क to ह, in the order of the alphabet.
var consonants = [...]string{
	"k", "kh", "g", "gh", "n", "ch", "chh", "j", "jh", "n", "t", "th", "d", "dh", "n",
	"t", "th", "d", "dh", "n", "n", "p", "ph", "b", "bh", "m", "y", "r", "r", "l", "l", "l", "v", "sh", "sh", "s", "h",
}

// vowelLetters are अ to औ, vowelSigns ा to ौ.
var vowelLetters = [...]string{"a", "aa", "i", "ii", "u", "u", "ri", "li", "e", "e", "e", "ai", "o", "o", "o", "au"}

var vowelSigns = [...]string{"aa", "i", "ii", "u", "u", "ri", "ri", "e", "e", "e", "ai", "o", "o", "o", "au"}

// appendLatin writes a folded Devanagari word in plain Roman letters, with the inherent a everywhere but at the end.
// In names a final nasal is written n (Kadamkuan) and ड between vowels is heard as r (Kankarbag).
func appendLatin(dst, word []byte, name bool) []byte {
	start := len(dst)
	var prev, prev2 rune // the letters before r, for what depends on them
	for i := 0; i < len(word); {
		r, size := utf8.DecodeRune(word[i:])
		i += size
		var next rune
		if i < len(word) {
			next, _ = utf8.DecodeRune(word[i:])
		}
		switch {
		case 'क' <= r && r <= 'ह':
			letters := consonants[r-'क']
			if r == 'ञ' && prev == virama && prev2 == 'ज' { // ज्ञ
				dst = append(dst[:len(dst)-1], 'g')
				letters = "y"
			}
			if name && (r == 'ड' || r == 'ढ') && prev != 0 && prev != virama && prev != anusvara && next != virama {
				letters = "r"
			}
			dst = append(dst, letters...)
			switch {
			case next == virama || 'ा' <= next && next <= 'ौ' || next == 'ृ':
			case next != 0:
				dst = append(dst, 'a')
			case prev == 0, prev == virama && (r == 'र' || r == 'य' || r == 'व'):
				dst = append(dst, 'a') // न, मित्र, राज्य: here the final a is heard
			}
		case 'अ' <= r && r <= 'औ':
			dst = append(dst, vowelLetters[r-'अ']...)
		case 'ा' <= r && r <= 'ौ':
			dst = append(dst, vowelSigns[r-'ा']...)
		case r == anusvara:
			switch {
			case next == 'व' && i+size >= len(word): // गांव, डुमरांव
				dst = append(dst, "on"...)
				i += size
			case next != 0 || name:
				dst = append(dst, 'n')
			}
		case r == 'ः':
			dst = append(dst, 'h')
		case r == virama:
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
		}
		prev, prev2 = r, prev
	}
	if len(dst) == start { // another script: compare it as it is
		dst = append(dst, word...)
	}
	return dst
}

func isVowel(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' }

// squeeze appends the sound of a word in lower-case Roman letters.
func squeeze(dst, w []byte) []byte {
	start := len(dst)
	dst, n := voice(dst, w)
	if n < 3 {
		return dst
	}
	keep := start + 1
	for i := start + 1; i < len(dst); i++ {
		if dst[i] == 'a' && i < len(dst)-1 {
			continue
		}
		dst[keep] = dst[i]
		keep++
	}
	return dst[:keep]
}

// voice is squeeze with every a in its place, and the number of consonants.
func voice(dst, w []byte) ([]byte, int) {
	start := len(dst)
	last := func() byte {
		if len(dst) > start {
			return dst[len(dst)-1]
		}
		return 0
	}
	at := func(i int) byte {
		if i < len(w) {
			return w[i]
		}
		return 0
	}
	put := func(c byte) {
		if last() != c {
			dst = append(dst, c)
		}
	}
	aspirate := func(i int, without, with byte) int { // the letter at i, with an h after it or not
		if at(i+1) == 'h' {
			put(with)
			return i + 2
		}
		put(without)
		return i + 1
	}
	n := 0 // consonants
	for i := 0; i < len(w); {
		c := w[i]
		before := len(dst)
		switch c {
		case 'a':
			for at(i) == 'a' {
				i++
			}
			next := at(i)
			if next == 'y' && (at(i+1) == 'e' || at(i+1) == 'i') {
				i++
				next = at(i)
			}
			switch {
			case next == 'e' || next == 'i':
				run := i
				for at(i) == 'e' || at(i) == 'i' {
					i++
				}
				polite := i-run > 1 && w[run] == 'i' && w[i-1] == 'e' // बचाइए, बचाइये, bachaiye: not बच्चे
				if at(i) == 'y' && isVowel(at(i+1)) && w[run] == 'i' {
					polite = true
					for i++; at(i) == 'e' || at(i) == 'i'; {
						i++
					}
				}
				if polite || len(dst) == start {
					put('a')
				}
				put('e')
			case next == 'u' || next == 'o':
				if len(dst) == start {
					put('a')
				}
				put('o')
				for at(i) == 'u' || at(i) == 'o' {
					i++
				}
			default:
				put('a')
			}
			continue
		case 'e':
			i++
			if at(i) == 'e' {
				for at(i) == 'e' {
					i++
				}
				put('i')
			} else {
				if at(i) == 'i' {
					i++
				}
				put('e')
			}
			continue
		case 'i':
			for at(i) == 'i' {
				i++
			}
			put('i')
			continue
		case 'o':
			i++
			if at(i) == 'o' {
				for at(i) == 'o' {
					i++
				}
				put('u')
			} else {
				if at(i) == 'u' {
					i++
				}
				put('o')
			}
			continue
		case 'u':
			for at(i) == 'u' {
				i++
			}
			put('u')
			continue
		case 'y':
			i++
			prev, next := last(), at(i)
			if isVowel(prev) && (next == 'e' || next == 'i') || (prev == 'i' || prev == 'e') && next == 'a' {
				continue
			}
			if next == 0 && !isVowel(prev) && prev != 0 {
				put('i') // copy, party
				continue
			}
			put('y')
		case 'k':
			i = aspirate(i, 'k', 'K')
		case 'g':
			i = aspirate(i, 'g', 'G')
		case 't':
			i = aspirate(i, 't', 'T')
		case 'd':
			i = aspirate(i, 'd', 'D')
		case 'b':
			i = aspirate(i, 'b', 'B')
		case 'j':
			i = aspirate(i, 'j', 'J')
		case 'p':
			i = aspirate(i, 'p', 'f')
		case 's':
			i = aspirate(i, 's', 's')
		case 'r':
			i = aspirate(i, 'r', 'r')
		case 'z':
			i = aspirate(i, 'j', 'j')
		case 'w':
			i++
			put('v')
		case 'q':
			i++
			put('k')
		case 'x':
			i++
			put('k')
			put('s')
		case 'c':
			switch next := at(i + 1); {
			case next == 'h':
				i += 2
				if at(i) == 'h' {
					i++
				}
				put('c')
			case next == 'c' || next == 'k':
				i++ // the next letter says it
			case next == 'e' || next == 'i' || next == 'y':
				i++
				put('s')
			default:
				i++
				put('k')
			}
		case 'm':
			i++
			if next := at(i); next == 'p' || next == 'b' {
				put('n')
			} else {
				put('m')
			}
		default:
			i++
			if '0' <= c && c <= '9' {
				dst = append(dst, c)
			} else {
				put(c)
			}
		}
		if len(dst) > before {
			n++
		}
	}
	if len(dst)-start > 2 && dst[len(dst)-1] == 'h' && isVowel(dst[len(dst)-2]) {
		dst = dst[:len(dst)-1]
		n--
	}
	return dst, n
}
