package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// A score adds up what each feature says, as record linkage does (Fellegi and Sunter, 1969): points for what agrees, more the
// rarer it is that it agrees by chance; points off for what differs, more the rarer it differs in truth; nothing for what one
// side did not tell. The weights were set by hand on the pairs of testdata/tuning.txt; testdata/held_out.txt was not looked
// at for that, and README.md has what both give.

// weight is what it says that a feature agrees, is near, or differs.
type weight struct{ agree, near, differ float64 }

// The features of persons. Of a body looks say less, and clothes say more.
var personWeights = map[string]weight{
	"sex":        {1, 0, -30},
	"age":        {2, 0.8, -4},
	"height":     {1.5, 0, -2.5},
	"built":      {0.8, -0.2, -1.5},
	"complexion": {0.6, -0.1, -1.5},
	"hair":       {0.9, -0.2, -1.8},
	"face":       {0.4, 0, -0.3},
	"eyes":       {0.5, 0, -0.4},
	"beard":      {0.6, 0, -0.6},
	"spectacles": {0.4, 0, -0.3},
	"language":   {0.5, 0, -1},
	"upper":      {1.2, 0, -1.2},
	"lower":      {1, 0, -1},
	"footwear":   {0.6, 0, -0.4},
	"silent":     {2, 0, -4},
	"condition":  {1, 0, -0.5},
	"name":       {6, 3, -3.5},
	"place":      {1.2, 0.6, -2.5},
	"day":        {1.5, 0.6, -1.5},
	"place_name": {1.5, 0.6, 0}, // near: of one station, whose name it may be
	"likely":     {1.5, 0, 0},
	"marks":      {0, 0, -1.5},
}

// The features of things.
var thingWeights = map[string]weight{
	"owner":      {6, 3, -6},
	"digits":     {5, 0, -9},
	"article":    {1.5, 0, -12},
	"value":      {2, 0.5, -2},
	"place":      {1.6, 0.6, -4},
	"day":        {1, 0.3, -2},
	"place_name": {1.5, 0.6, 0},
}

// Features lists the names that [Score.Alike] may have, to be put into words.
func Features() []string {
	names := []string{byNumber, "words", "marks", "jewellery"}
	for _, weights := range []map[string]weight{personWeights, thingWeights} {
		for name := range weights {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// byNumber is the feature that both sides have a number.
const byNumber = "number"

// From these scores on a pair is worth an officer's look.
const (
	personThreshold = 6.0
	thingThreshold  = 5.5
)

// Score is how alike two subjects are.
type Score struct {
	Points float64
	Alike  []string // features that agree, what says most first
}

// Likely says whether the score of two subjects of a kind is worth an officer's look.
func (s Score) Likely(kind string) bool {
	if kind == store.MatchPerson {
		return s.Points >= personThreshold
	}
	return s.Points >= thingThreshold
}

// tally adds up what features say.
type tally struct {
	weights map[string]weight
	points  float64
	alike   []feature
}

type feature struct {
	name   string
	points float64
}

func (t *tally) add(name string, points float64) {
	t.points += points
	if points > 0.4 {
		t.alike = append(t.alike, feature{name, points})
	}
}

// agreement is how a feature of one side stands to that of the other.
type agreement int

const (
	untold agreement = iota
	agrees
	nearly
	differs
)

// takes adds what a feature says, times a factor.
func (t *tally) takes(name string, a agreement, factor float64) {
	w := t.weights[name]
	switch a {
	case untold:
	case agrees:
		t.add(name, w.agree*factor)
	case nearly:
		t.add(name, w.near*factor)
	case differs:
		t.add(name, w.differ*factor)
	}
}

func (t *tally) score() Score {
	slices.SortStableFunc(t.alike, func(a, b feature) int { return cmp.Compare(b.points, a.points) })
	s := Score{Points: math.Round(t.points*100) / 100}
	for _, f := range t.alike {
		s.Alike = append(s.Alike, f.name)
	}
	return s
}

// impossible is the score of a pair that can't be one.
var impossible = Score{Points: -100}

// Compare tells how alike what was lost and what was found are. near says whether two districts lie beside each other.
func Compare(lost, found Subject, near func(a, b string) bool) Score {
	if lost.Kind != found.Kind || !lost.Lost || found.Lost {
		return impossible
	}
	days, told := daysBetween(lost.Day, found.Day)
	if told && days < -1 { // found before it was lost
		return impossible
	}
	if lost.Kind == store.MatchPerson {
		return comparePersons(lost, found, days, told, near)
	}
	return compareThings(lost, found, days, told, near)
}

func compareThings(lost, found Subject, days int, dated bool, near func(a, b string) bool) Score {
	t := &tally{weights: thingWeights}
	t.takes("owner", sameName(lost.Names, found.Names), 1)
	t.takes("digits", sameOption(lost.Digits, found.Digits), 1)
	if lost.Kind == "papers" {
		t.takes("article", sameOption(lost.Article, found.Article), 1)
	}
	t.takes("value", sameAmount(lost.Value, found.Value), 1)
	if points, agree := compare(lost.words(), found.words()); agree {
		t.add("words", points)
	} else {
		t.points += points
	}
	t.places(lost, found, near)
	if dated {
		t.takes("day", within(days, 7, 45, 120), 1)
	}
	return t.score()
}

func comparePersons(lost, found Subject, days int, dated bool, near func(a, b string) bool) Score {
	t := &tally{weights: personWeights}
	a, b := lost.Looks, found.Looks
	looks, clothes := 1.0, 1.0
	if found.Body {
		looks, clothes = 0.6, 1.3
	}
	sex := sameOption(told(a.Sex), told(b.Sex))
	if sex == differs && (a.Sex == "third" || b.Sex == "third") {
		sex = untold
	}
	t.takes("sex", sex, 1)
	if a.Age != nil && b.Age != nil {
		gap := apart(a.Age.Low, a.Age.High, b.Age.Low, b.Age.High)
		near, far := 4, 9
		if a.Age.High < 18 {
			near, far = 2, 4
		}
		switch {
		case gap > 2*far:
			return impossible
		default:
			t.takes("age", within(gap, 0, near, far), 1)
		}
	}
	if a.Height != nil && b.Height != nil {
		t.takes("height", within(apart(a.Height.Low, a.Height.High, b.Height.Low, b.Height.High), 5, 10, 14), looks)
	}
	t.takes("built", inOrder(a.Built, b.Built, "thin", "medium", "strong", "fat"), looks)
	t.takes("complexion", inOrder(a.Complexion, b.Complexion, "fair", "wheatish", "dusky", "dark"), looks*looks)
	t.takes("hair", sameHair(a.Hair, b.Hair), 1)
	t.takes("face", sameOption(a.Face, b.Face), looks)
	t.takes("eyes", sameOption(a.Eyes, b.Eyes), looks)
	t.takes("beard", sameOption(a.Beard, b.Beard), grows(days, dated))
	t.takes("spectacles", sameOption(a.Spectacles, b.Spectacles), looks)
	if a.Language != "silent" && b.Language != "silent" {
		t.takes("language", sameOption(a.Language, b.Language), 1)
	}
	t.takes("silent", silence(lost, found), 1)
	t.takes("condition", sameCondition(lost.Condition, found.Condition), 1)
	worn := clothes * changes(days, dated)
	t.takes("upper", dress(a.Upper, a.UpperColour, b.Upper, b.UpperColour), worn)
	t.takes("lower", dress(a.Lower, a.LowerColour, b.Lower, b.LowerColour), worn)
	t.takes("footwear", sameOption(a.Footwear, b.Footwear), worn)
	t.marks(lost.marks(), found.marks())
	if points, agree := compare(understand(a.Jewellery), understand(b.Jewellery)); agree {
		t.add("jewellery", min(points, 3))
	}
	if points, agree := compare(lost.words(), found.words()); agree {
		t.add("words", min(points/2, 2))
	}
	t.takes("name", saidName(lost, found), 1)
	t.places(lost, found, near)
	if dated {
		t.takes("day", within(days, 3, 20, 120), 1)
	}
	return t.score()
}

// marks compares what persons are known by. Two who have marks have some in common if they are one.
func (t *tally) marks(lost, found []word) {
	points, agree := compare(lost, found)
	switch {
	case agree:
		t.add("marks", points)
	case len(lost) > 1 && len(found) > 1:
		t.takes("marks", differs, 1)
	}
}

// places says how near the places of two subjects are.
func (t *tally) places(lost, found Subject, near func(a, b string) bool) {
	at := differs
	switch {
	case lost.Station != "" && lost.Station == found.Station:
		t.takes("place", agrees, 1.4)
		at = untold
	case lost.District == found.District:
		at = agrees
	case near(lost.District, found.District):
		at = untold
	}
	t.takes("place", at, 1)
	where := found.Place
	if found.Kind == store.MatchPerson { // who was found may have said where they belong
		where += " " + found.Words
	}
	if samePlace(lost.Place, where) {
		if at == agrees || at == untold && lost.Station != found.Station {
			t.takes("place_name", agrees, 1)
		} else {
			t.takes("place_name", nearly, 1)
		}
	}
	if samePlace(lost.Likely, found.Place) {
		t.takes("likely", agrees, 1)
	}
}

// words are what else was told of a subject, marks what a person is known by.
func (s Subject) words() []word { return understand(s.Words) }

func (s Subject) marks() []word { return understand(s.Looks.Marks) }

func told(option string) string {
	if option == "not_known" {
		return ""
	}
	return option
}

func daysBetween(lost, found time.Time) (days int, told bool) {
	if lost.IsZero() || found.IsZero() {
		return 0, false
	}
	return int(math.Round(midnight(found).Sub(midnight(lost)).Hours() / 24)), true
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// within says how small a difference is.
func within(n, agree, near, far int) agreement {
	switch {
	case n <= agree:
		return agrees
	case n <= near:
		return nearly
	case n <= far:
		return untold
	}
	return differs
}

// apart is how far two ranges are from each other.
func apart(low1, high1, low2, high2 int) int { return max(0, low2-high1, low1-high2) }

func sameOption(a, b string) agreement {
	switch {
	case a == "" || b == "":
		return untold
	case a == b:
		return agrees
	}
	return differs
}

// inOrder compares options that lie in an order, as from thin to fat.
func inOrder(a, b string, order ...string) agreement {
	i, j := slices.Index(order, a), slices.Index(order, b)
	switch {
	case i < 0 || j < 0:
		return untold
	case i == j:
		return agrees
	case i-j == 1 || j-i == 1:
		return nearly
	}
	return differs
}

func sameHair(a, b string) agreement {
	pair := func(x, y string) bool { return a == x && b == y || a == y && b == x }
	if pair("greying", "white") || pair("greying", "short_black") || pair("dyed", "short_black") || pair("dyed", "long_black") ||
		pair("dyed", "greying") || pair("short_black", "long_black") || pair("bald", "white") || pair("bald", "greying") {
		return nearly
	}
	return sameOption(a, b)
}

// dress compares a garment: its kind and its colour.
func dress(a, colourA, b, colourB string) agreement {
	colour := sameOption(colourA, colourB)
	if colourA == "mixed" || colourB == "mixed" {
		colour = untold
	}
	switch kind := sameOption(a, b); {
	case kind == untold:
		return untold
	case kind == agrees && colour != differs:
		return agrees
	case kind == differs && colour == agrees, kind == agrees:
		return nearly
	}
	return differs
}

// changes is how much clothes still say after some days, grows how much a beard does.
func changes(days int, dated bool) float64 {
	switch {
	case !dated:
		return 0.6
	case days <= 4:
		return 1
	case days <= 20:
		return 0.6
	}
	return 0.25
}

func grows(days int, dated bool) float64 {
	if dated && days <= 4 {
		return 1
	}
	return 0.3
}

// silence compares whether somebody can speak.
func silence(lost, found Subject) agreement {
	silent := lost.Condition == "deaf_mute" || lost.Looks.Language == "silent"
	switch {
	case silent && found.Looks.Language == "silent":
		return agrees
	case silent && found.Looks.Language != "":
		return differs
	}
	return untold
}

// sameCondition compares how the missing person's body and mind are with who was found.
func sameCondition(lost, found string) agreement {
	switch {
	case (lost == "memory" || lost == "mind") && (found == "confused" || found == "elder"):
		return agrees
	case lost == "well" && found == "confused":
		return differs
	}
	return untold
}

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
	said := understand(found.Words)
	says := strings.Contains(hindi.Fold(found.Words), nameWord) && !slices.ContainsFunc(said, func(w word) bool { return w.meaning == "no" })
	switch {
	case named(lost.Names, found.Words):
		return nearly
	case says && len(lost.Names) > 0:
		return differs
	}
	return untold
}

// nameWord is before the name that somebody says: "नाम साहिल बताता है".
var nameWord = hindi.Fold("नाम")

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

func sameAmount(a, b string) agreement {
	x, ok1 := hindi.Amount(a)
	y, ok2 := hindi.Amount(b)
	switch {
	case !ok1 || !ok2 || x == 0 || y == 0:
		return untold
	case x == y:
		return agrees
	case float64(min(x, y)) >= 0.8*float64(max(x, y)):
		return nearly
	}
	return differs
}

// placeNoise are words of places that say nothing.
var placeNoise = map[string]bool{}

func init() {
	for _, w := range strings.Fields("के का की में मे पास सामने पीछे बीच से पर तक वाले वाली ke ka ki me mein pas paas samne near the in at of") {
		placeNoise[hindi.Fold(w)] = true
	}
	for _, w := range strings.Fields("थाना गाँव ग्राम टोला मोहल्ला वार्ड बाज़ार चौक रोड सड़क स्टेशन बस अड्डा जंक्शन अस्पताल thana gaon gram tola mohalla ward bazar chowk road station bus stand adda junction hospital village market") {
		placeNoise[hindi.Fold(w)] = true
	}
}

// samePlace says whether the names of two places have a telling word in common.
func samePlace(a, b string) bool {
	if _, ok := bot.ParsePlace(a); ok {
		return false
	}
	if _, ok := bot.ParsePlace(b); ok {
		return false
	}
	for x := range strings.FieldsSeq(hindi.Fold(a)) {
		if placeNoise[x] || len([]rune(x)) < 3 {
			continue
		}
		for y := range strings.FieldsSeq(hindi.Fold(b)) {
			if !placeNoise[y] && len([]rune(y)) >= 3 && hindi.Similar(x, y) >= sameWord {
				return true
			}
		}
	}
	return false
}
