package hindi

import (
	_ "embed"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The police stations of Bihar: code, police district, kind, English name, Hindi name, further English and Hindi names.
//
//go:embed testdata/stations.tsv
var stationsTSV string

// The police districts: English and Hindi name.
//
//go:embed testdata/districts.tsv
var districtsTSV string

type station struct {
	code, district, kind, english, hindi string
	names                                []string
}

func stations(t testing.TB) []station {
	t.Helper()
	var all []station
	for line := range strings.Lines(stationsTSV) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if f[0] == "ps_code_mha" {
			continue
		}
		s := station{code: f[0], district: f[1], kind: f[2], english: f[3], hindi: f[4], names: []string{f[4], f[3]}}
		for _, more := range f[5:] {
			for name := range strings.SplitSeq(more, ";") {
				if name != "" {
					s.names = append(s.names, name)
				}
			}
		}
		all = append(all, s)
	}
	if len(all) < 900 {
		t.Fatalf("only %d stations", len(all))
	}
	return all
}

func districts() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(districtsTSV) {
		english, hindi, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		m[english] = hindi
	}
	return m
}

func stationIndex(t testing.TB) *Names[station] {
	hindi := districts()
	n := NewNames[station]()
	for _, s := range stations(t) {
		n.AddWithin(s, []string{s.district, hindi[s.district]}, s.names...)
	}
	return n
}

// mistake makes one small typing mistake: a letter lost, doubled, swapped with the next, or a vowel for another.
func mistake(r *rand.Rand, name string) string {
	rs := []rune(name)
	if len(rs) < 4 {
		return name
	}
	i := 1 + r.IntN(len(rs)-2)
	for rs[i] == ' ' || rs[i-1] == ' ' || rs[i] == '्' || rs[i+1] == '्' {
		i = 1 + r.IntN(len(rs)-2)
	}
	switch r.IntN(4) {
	case 0:
		return string(slices.Delete(rs, i, i+1))
	case 1:
		return string(slices.Insert(rs, i, rs[i]))
	case 2:
		rs[i], rs[i+1] = rs[i+1], rs[i]
	default:
		const vowels, signs = "aeiou", "ािीुूेो"
		if strings.ContainsRune(vowels, rs[i]) {
			rs[i] = rune(vowels[r.IntN(len(vowels))])
		} else if strings.ContainsRune(signs, rs[i]) {
			all := []rune(signs)
			rs[i] = all[r.IntN(len(all))]
		} else {
			return string(slices.Delete(rs, i, i+1))
		}
	}
	return string(rs)
}

// respell writes a Roman name as it is often heard, and leaves Devanagari to its own variants: without nukta, short for
// long vowels, ब for व.
func respell(r *rand.Rand, name string) string {
	pairs := []string{
		"sh", "s", "ph", "f", "w", "v", "z", "j", "aa", "a", "oo", "u", "ee", "i", "bh", "b", "kh", "k", "gh", "g", "th", "t", "dh", "d", "v", "b", "ai", "e", "i", "ee", "u", "oo", "a", "aa", "ch", "chh",
		"ड़", "र", "व", "ब", "ी", "ि", "ू", "ु", "ं", "ँ", "ठ", "थ", "श", "स", "ै", "े", "ण", "न", "ख", "क", "ध", "द", "ौ", "ो",
	}
	for range 2 { // two habits at once
		i := r.IntN(len(pairs)/2) * 2
		for k := 0; k < len(pairs); k += 2 {
			j := (i + k) % len(pairs)
			if strings.Contains(strings.ToLower(name), pairs[j]) {
				name = strings.Replace(strings.ToLower(name), pairs[j], pairs[j+1], 1)
				break
			}
		}
	}
	return name
}

// recall counts how often the wanted station comes first and among the first three. Stations of the same name in other
// districts count as wanted where the query names no district.
func recall(t *testing.T, what string, queries func(station) []string, sameName bool) (first, three float64) {
	index := stationIndex(t)
	n, at1, at3 := 0, 0, 0
	for _, s := range stations(t) {
		for _, q := range queries(s) {
			n++
			for rank, m := range index.Find(q, 3) {
				same := m.Item.code == s.code
				if sameName {
					for _, name := range s.names {
						same = same || slices.Contains(m.Item.names, name)
					}
				}
				if same {
					if rank == 0 {
						at1++
					}
					at3++
					break
				}
				if rank == 2 && testing.Verbose() {
					t.Logf("%s: %q (%s) not found, first %s", what, q, s.english, m.Item.english)
				}
			}
		}
	}
	first, three = float64(at1)/float64(n), float64(at3)/float64(n)
	t.Logf("%s: %d queries, recall@1 %.4f, recall@3 %.4f", what, n, first, three)
	return first, three
}

func TestStationsByName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what         string
		queries      func(station) []string
		sameName     bool
		first, three float64
	}{
		{"as listed", func(s station) []string { return []string{s.english, s.hindi} }, true, 0.99, 0.995},
		{"with thana", func(s station) []string { return []string{s.english + " thana", "थाना " + s.hindi} }, true, 0.98, 0.99},
		{"with district", func(s station) []string {
			return []string{s.english + " " + s.district, s.hindi + " थाना जिला " + districts()[s.district]}
		}, false, 0.98, 0.99},
		{"one mistake", func(s station) []string {
			r := rand.New(rand.NewPCG(1, uint64(len(s.code))+uint64(atoi(s.code))))
			return []string{mistake(r, s.english), mistake(r, s.hindi)}
		}, true, 0.88, 0.95},
		{"respelled", func(s station) []string {
			r := rand.New(rand.NewPCG(3, uint64(atoi(s.code))))
			return []string{respell(r, s.english), respell(r, s.hindi)}
		}, true, 0.98, 0.99},
		{"one mistake with district", func(s station) []string {
			r := rand.New(rand.NewPCG(2, uint64(atoi(s.code))))
			return []string{mistake(r, s.english) + ", " + s.district, mistake(r, s.hindi) + " " + districts()[s.district]}
		}, false, 0.94, 0.97},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			if first, three := recall(t, c.what, c.queries, c.sameName); first < c.first || three < c.three {
				t.Errorf("recall@1 %.4f and @3 %.4f, floors %.3f and %.3f", first, three, c.first, c.three)
			}
		})
	}
}

func TestKeyAcrossSpellings(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"काँटी", "कांटी", "kanti", "Kaanti"},
		{"मुजफ्फरपुर", "मुज़फ़्फ़रपुर", "muzaffarpur", "mujaffarpur", "Muzzafarpur", "mujafarpur"},
		{"दानापुर", "danapur", "दनापुर", "danapoor"},
		{"कंकड़बाग", "कंकरबाग", "kankarbag", "kankarbagh", "कंकड़बाग", "Kankar Bagh"},
		{"पीरबहोर", "पीर बहोर", "pirbahor", "pirbahore", "Peer Bahor"},
		{"गांधी मैदान", "गाँधी मैदान", "गान्धी मैदान", "gandi maidan", "gandhi maidan", "Gandhi Maidaan"},
		{"फुलवारीशरीफ", "fulwari sareef", "phulwari sharif", "फुलवारी शरीफ", "फ़ुलवारीशरीफ़"},
		{"वैशाली", "vaishali", "baishali", "Waishali"},
		{"श्रीकृष्णापुरी", "shrikrishnapuri", "srikrishna puri"},
		{"आरा", "ara", "arrah"},
		{"डुमरांव", "Dumraon", "dumrao n"},
		{"खगड़िया", "khagaria", "खगरिया"},
		{"शेखपुरा", "sheikhpura", "shekhpura", "sekhpura"},
	} {
		for _, name := range same[1:] {
			if Key(name) != Key(same[0]) {
				t.Errorf("Key(%s) = %q, Key(%s) = %q", same[0], Key(same[0]), name, Key(name))
			}
			if s := Similar(same[0], name); s < 0.75 {
				t.Errorf("Similar(%s, %s) = %.2f", same[0], name, s)
			}
		}
	}
	for _, pair := range [][2]string{{"दानापुर", "मनेर"}, {"गया", "पटना"}, {"राजेश कुमार", "सुनीता देवी"}, {"kanti", "kotwali"}, {"Buxar", "Banka"}} {
		if s := Similar(pair[0], pair[1]); s > 0.6 {
			t.Errorf("Similar(%s, %s) = %.2f", pair[0], pair[1], s)
		}
	}
	for _, pair := range [][2]string{{"राजेश कुमार", "Kumar Rajesh"}, {"मोहम्मद इरफान", "Mohammad Irfan"}, {"सुनीता देवी", "Sunita Devi"}, {"विकास", "Vikash"}, {"बिकाश", "Vikas"}, {"Md Irfan Alam", "irfan alam"}} {
		if s := Similar(pair[0], pair[1]); s < 0.78 {
			t.Errorf("Similar(%s, %s) = %.2f", pair[0], pair[1], s)
		}
	}
}

func TestStationsInPhrases(t *testing.T) {
	t.Parallel()
	index := stationIndex(t)
	for query, want := range map[string]string{
		"kankarbagh thana": "Kankarbagh", "थाना कंकड़बाग पटना": "Kankarbagh", "gandi maidan ps": "Gandhi Maidan", "मैं कंकड़बाग थाना क्षेत्र में रहता हूँ": "Kankarbagh",
		"fulwari sareef": "Phulwarisharif", "पीर बहोर थाना": "Pirbahore", "दनापुर": "Danapur", "kaanti thana muzaffarpur": "Kanti", "फुलवारी": "Phulwarisharif", "gandhi maidan police station patna": "Gandhi Maidan",
		"kadam kuan": "Kadamkuan", "कदमकुआँ": "Kadamkuan", "rajib nagar": "Rajiv Nagar",
	} {
		found := index.Find(query, 3)
		if len(found) == 0 || Similar(found[0].Item.english, want) < 0.9 {
			t.Errorf("Find(%q) = %v, want %s first", query, names(found), want)
		}
	}
	for _, query := range []string{"", "xyz", "पता नहीं", "12345", "the"} {
		for _, m := range index.Find(query, 3) {
			if m.Score > 0.85 {
				t.Errorf("Find(%q) = %s with %.2f", query, m.Item.english, m.Score)
			}
		}
	}
	if found := index.Find("भगवानपुर वैशाली", 3); len(found) == 0 || found[0].Item.district != "Vaishali" || !found[0].Exact {
		t.Errorf("the district does not decide: %v", names(found))
	}
	if found := index.Find("kankarbag", 1); len(found) == 0 || found[0].Score < 0.9 {
		t.Errorf("kankarbag: %v", names(found))
	}
}

func names(found []Match[station]) []string {
	var list []string
	for _, m := range found {
		list = append(list, m.Item.english+" ("+m.Item.district+")")
	}
	return list
}

func BenchmarkFind(b *testing.B) {
	index := stationIndex(b)
	for _, query := range []string{"kankarbagh thana", "मैं कंकड़बाग थाना क्षेत्र पटना जिला में रहता हूँ"} {
		b.Run(query, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				index.Find(query, 3)
			}
		})
	}
}
