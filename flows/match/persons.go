package match

import "slices"

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

// grown is the age from which people err more about ages.
const grown = 18

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
		gap, child := apart(a.Age.Low, a.Age.High, b.Age.Low, b.Age.High), a.Age.High < grown
		most := 9 // years that people err by
		if child {
			most = 4
		}
		if gap > 2*most {
			return impossible
		}
		t.takes("age", within(gap, 0, most/2, most), 1)
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

func (s Subject) marks() []word { return understand(s.Looks.Marks) }

func told(option string) string {
	if option == "not_known" {
		return ""
	}
	return option
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
