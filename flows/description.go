package flows

import (
	"slices"
	"strconv"

	"nagrik/bot"
)

// Description is what a person looks like, as told by those who miss them or see them. Missing
// persons are matched with those who were found by it, so the ids of all options are stored
// promises. What was not told is empty.
type Description struct {
	Sex    string `json:",omitempty"`
	Age    *Range `json:",omitempty"` // years
	Height *Range `json:",omitempty"` // centimetres

	Built      string `json:",omitempty"`
	Complexion string `json:",omitempty"`
	Hair       string `json:",omitempty"`
	Marks      string `json:",omitempty"` // moles, scars, tattoos, what is missing; with the part of the body

	Upper       string `json:",omitempty"` // a saree, suit or frock is all there is
	UpperColour string `json:",omitempty"`
	Lower       string `json:",omitempty"`
	LowerColour string `json:",omitempty"`
	Footwear    string `json:",omitempty"`

	Face       string `json:",omitempty"`
	Eyes       string `json:",omitempty"`
	Beard      string `json:",omitempty"`
	Spectacles string `json:",omitempty"`
	Jewellery  string `json:",omitempty"`
	Language   string `json:",omitempty"`
}

// Range is a number as people tell it: between two, or exactly (then both are the same).
type Range struct{ Low, High int }

// band is an option that stands for a range.
type band struct {
	id string
	Range
}

// The bands of ages part at 18, as the law does (JJ Act 2015 s.2(12)).
var (
	ageBands = []band{
		{"infant", Range{0, 5}},
		{"child", Range{6, 12}},
		{"teen", Range{13, 17}},
		{"young", Range{18, 30}},
		{"adult", Range{31, 45}},
		{"middle", Range{46, 60}},
		{"old", Range{61, 120}},
	}
	childBands  = ageBands[:3]
	heightBands = []band{
		{"to_3_ft", Range{30, 91}},
		{"to_4_ft", Range{91, 122}},
		{"to_5_ft", Range{122, 152}},
		{"to_5_ft_4", Range{152, 163}},
		{"to_5_ft_8", Range{163, 173}},
		{"over_5_ft_8", Range{173, 250}},
	}
)

// The other lists are our own, in words of the people.
var (
	sexes       = []string{"woman", "man", "third"}
	builts      = []string{"thin", "medium", "strong", "fat"}
	complexions = []string{"fair", "wheatish", "dusky", "dark"}
	hairs       = []string{"short_black", "long_black", "greying", "white", "dyed", "bald"}
	uppers      = []string{"shirt", "tshirt", "kurta", "vest", "saree", "suit", "frock", "sweater", "uniform", "misc"}
	mensUppers  = []string{"shirt", "tshirt", "kurta", "vest", "sweater", "uniform", "misc"}
	lowers      = []string{"trousers", "jeans", "pyjama", "lungi", "dhoti", "shorts", "skirt", "misc"}
	colours     = []string{"white", "black", "red", "orange", "yellow", "green", "blue", "pink", "brown", "mixed"}
	footwears   = []string{"slippers", "shoes", "sandals", "barefoot"}
	faces       = []string{"round", "long", "oval", "square"}
	eyes        = []string{"black", "brown", "light", "squint", "damaged"}
	beards      = []string{"none", "moustache", "beard", "both"}
	languages   = []string{"hindi", "bhojpuri", "maithili", "magahi", "angika", "urdu", "bengali", "nepali", "misc", "silent"}
)

// Ask asks for the looks of somebody whom nobody knows, as the police see them.
func (d *Description) Ask(q *bot.Questions) {
	q.Choice(&d.Sex, "look.sex", append(slices.Clone(sexes), "not_known"), bot.With("Child", false))
	d.askAge(q, ageBands, bot.Optional)
	d.askLooks(q)
	d.askBeard(q)
	d.askJewellery(q)
}

// askSex asks for the sex, of a child in words for a child.
func (d *Description) askSex(q *bot.Questions, child bool) {
	q.Choice(&d.Sex, "look.sex", sexes, bot.With("Child", child))
}

// askAge asks for about how old somebody is: one of the bands, or years that are typed.
func (d *Description) askAge(q *bot.Questions, bands []band, s ...bot.Setting) {
	d.Age = askRange(q, "look.age", bands, bot.Age, s)
}

// askRange asks for a number by its bands; it may be typed as well.
func askRange(q *bot.Questions, key string, bands []band, typed bot.Rule, s []bot.Setting) *Range {
	ids := make([]string, 0, len(bands))
	for _, b := range bands {
		ids = append(ids, b.id)
	}
	answer := ""
	q.Choice(&answer, key, ids, append(s, bot.OrTyped(typed))...)
	if i := slices.Index(ids, answer); i >= 0 {
		return &bands[i].Range
	}
	return exactly(answer)
}

// exactly is the range of a number that was told; nil if none was.
func exactly(number string) *Range {
	n, err := strconv.Atoi(number)
	if err != nil {
		return nil
	}
	return &Range{n, n}
}

// askLooks asks what others see first, and people search by. Every question can be skipped.
func (d *Description) askLooks(q *bot.Questions) {
	d.Height = askRange(q, "look.height", heightBands, bot.Height, []bot.Setting{bot.Optional})
	q.Choice(&d.Built, "look.built", builts, bot.Optional)
	q.Choice(&d.Complexion, "look.complexion", complexions, bot.Optional)
	q.Choice(&d.Hair, "look.hair", hairs, bot.Optional)
	q.Choice(&d.Upper, "look.upper", d.uppers(), bot.Optional)
	if d.Upper != "" {
		q.Choice(&d.UpperColour, "look.upper_colour", colours, bot.Optional)
	}
	switch d.Upper {
	case "saree", "suit", "frock", "uniform": // all is said
	default:
		q.Choice(&d.Lower, "look.lower", lowers, bot.Optional)
		if d.Lower != "" {
			q.Choice(&d.LowerColour, "look.lower_colour", colours, bot.Optional)
		}
	}
	q.Choice(&d.Footwear, "look.footwear", footwears, bot.Optional)
	q.Text(&d.Marks, "look.marks", bot.Length(3, 500), bot.Optional)
}

func (d *Description) uppers() []string {
	if d.Sex == "man" {
		return mensUppers
	}
	return uppers
}

// askFiner asks what those know who were near, if they want to tell it.
func (d *Description) askFiner(q *bot.Questions) {
	finer := false
	q.Yes(&finer, "look.finer", bot.Optional, bot.Hidden)
	if !finer {
		return
	}
	q.Choice(&d.Face, "look.face", faces, bot.Optional)
	q.Choice(&d.Eyes, "look.eyes", eyes, bot.Optional)
	d.askBeard(q)
	q.Choice(&d.Spectacles, "look.spectacles", []string{"worn", "none"}, bot.Optional)
	d.askJewellery(q)
}

// beardAge is the age from which a beard is worth asking for.
const beardAge = 15

func (d *Description) askBeard(q *bot.Questions) {
	if d.Sex != "woman" && (d.Age == nil || d.Age.High >= beardAge) {
		q.Choice(&d.Beard, "look.beard", beards, bot.Optional)
	}
}

func (d *Description) askJewellery(q *bot.Questions) {
	q.Text(&d.Jewellery, "look.jewellery", bot.Length(3, 300), bot.Optional)
}

func (d *Description) askLanguage(q *bot.Questions) {
	q.Choice(&d.Language, "look.language", languages, bot.Optional)
}

// child says whether it is a child, who is under 18 (JJ Act 2015 s.2(12)).
func (d *Description) child() bool { return d.Age != nil && d.Age.High < 18 }
