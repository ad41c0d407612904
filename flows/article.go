package flows

import (
	"strconv"

	"nagrik/bot"
	"nagrik/bot/hindi"
	"nagrik/store"
)

// Article is a thing that was lost, stolen, snatched or found.
type Article struct {
	Kind        string
	Number      string // the one that identifies it: IMEI, registration, licence, account's last four, ...
	SecondIMEI  string `json:",omitempty"`
	SIM         string `json:",omitempty"` // the phone number of the SIM in a lost phone
	Chassis     string `json:",omitempty"` // engine or chassis number of a vehicle
	Issued      string `json:",omitempty"` // who issued a document and when: bank, board, passport office
	Owner       string `json:",omitempty"` // whose name is on a thing that was found
	Description string
	Value       string `json:",omitempty"` // rupees
}

// maxArticles is how many things one report may name.
const maxArticles = 10

// articles are the kinds of things; ids are stored promises.
var articles = []string{
	"mobile", "sim", "vehicle_papers", "driving_licence", "aadhaar", "pan", "voter_id", "passport", "bank_papers",
	"certificate", "id_card", "computer", "bag", "jewellery", "cash", "keys", "cattle", "arms", "misc",
}

// askArticles asks their owner for one or more things, the identifying number first.
func askArticles(q *bot.Questions, list *[]Article) { askThings(q, list, (*Article).ask) }

// askFoundArticles asks who found them for one or more things.
func askFoundArticles(q *bot.Questions, list *[]Article) { askThings(q, list, (*Article).askFound) }

func askThings(q *bot.Questions, list *[]Article, ask func(a *Article, q *bot.Questions, key string)) {
	*list = nil
	for i := 1; i <= maxArticles; i++ {
		var a Article
		more := false
		key := "article." + strconv.Itoa(i)
		q.Choice(&a.Kind, key+".kind", articles)
		ask(&a, q, key)
		if a.Kind != "" {
			*list = append(*list, a)
		}
		if i < maxArticles {
			q.Yes(&more, key+".more", bot.Hidden)
		}
		if !more {
			return
		}
	}
}

// ask asks the owner what identifies and describes a thing of its kind.
func (a *Article) ask(q *bot.Questions, key string) {
	a.askNumber(q, key)
	switch a.Kind {
	case "mobile":
		if a.Number != "" {
			q.Text(&a.SecondIMEI, key+".imei2", bot.IMEI, bot.Optional)
		}
		q.Text(&a.SIM, key+".sim", bot.Phone, bot.Optional)
	case "vehicle_papers":
		q.Text(&a.Chassis, key+".chassis", bot.Printed(4, 60), bot.Optional)
	case "passport":
		q.Text(&a.Issued, key+".passport_issued", bot.Printed(3, 100), bot.Optional)
	}
	q.Text(&a.Description, key+".description", bot.Length(3, 300))
	switch a.Kind {
	case "mobile", "computer", "jewellery", "cash", "cattle", "bag", "misc":
		q.Text(&a.Value, key+".value", bot.Amount, bot.Optional)
	}
}

// askFound asks who found a thing of its kind for what leads to its owner. It may be damaged or
// locked, so no number is a must.
func (a *Article) askFound(q *bot.Questions, key string) {
	var looks []bot.Setting
	switch a.Kind {
	case "arms": // whose number nobody should look for
		q.Say("found_property.say.arms")
	case "vehicle_papers", "driving_licence", "aadhaar", "pan", "voter_id", "passport", "bank_papers", "certificate", "id_card":
		a.askNumber(q, key, bot.Optional)
		q.Text(&a.Owner, key+".owner", bot.Name, bot.Optional, bot.With("Bag", false))
		looks = []bot.Setting{bot.Optional} // papers of a kind look alike
	case "bag":
		q.Text(&a.Owner, key+".owner", bot.Name, bot.Optional, bot.With("Bag", true))
	default:
		a.askNumber(q, key, bot.Optional)
	}
	q.Text(&a.Description, key+".description", bot.Length(3, 300), looks...)
	if a.Kind == "cash" {
		q.Text(&a.Value, key+".value", bot.Amount, bot.Optional)
	}
}

// askNumber asks for what identifies a thing of its kind; the settings are for what every owner knows.
func (a *Article) askNumber(q *bot.Questions, key string, s ...bot.Setting) {
	switch a.Kind {
	case "mobile":
		q.Text(&a.Number, key+".imei", bot.IMEI, bot.Optional)
	case "sim":
		q.Text(&a.Number, key+".sim", bot.Phone, s...)
	case "vehicle_papers":
		q.Text(&a.Number, key+".vehicle", bot.Vehicle, s...)
	case "aadhaar":
		// Only the last four digits may be kept.
		q.Text(&a.Number, key+".aadhaar", bot.Digits(4), bot.Optional)
	case "bank_papers":
		q.Text(&a.Issued, key+".bank", bot.Printed(2, 100), s...)
		q.Text(&a.Number, key+".account", bot.Digits(4), bot.Optional)
	case "driving_licence", "pan", "voter_id", "id_card", "arms", "passport":
		q.Text(&a.Number, key+".document", bot.Printed(4, 40), bot.Optional)
	case "certificate":
		q.Text(&a.Issued, key+".board", bot.Printed(3, 150), s...)
		q.Text(&a.Number, key+".roll", bot.Printed(2, 40), bot.Optional)
	case "computer":
		q.Text(&a.Number, key+".serial", bot.Printed(3, 40), bot.Optional)
	}
}

// identifiers are what the things can be found by.
func identifiers(list []Article) []store.Identifier {
	var ids []store.Identifier
	for _, a := range list {
		ids = append(ids, a.Identifiers()...)
	}
	return ids
}

// Identifiers are what the thing can be found by.
func (a Article) Identifiers() []store.Identifier {
	var ids []store.Identifier
	add := func(kind, value string) {
		if value != "" {
			ids = append(ids, store.Identifier{Kind: kind, Value: value})
		}
	}
	switch a.Kind {
	case "mobile":
		add("imei", a.Number)
		add("imei", a.SecondIMEI)
		add("phone", a.SIM)
	case "sim":
		add("phone", a.Number)
	case "vehicle_papers":
		add("vehicle", a.Number)
		add("chassis", hindi.Document(a.Chassis))
	case "aadhaar", "bank_papers", "certificate": // four digits or a roll number point to nobody
	default:
		add("document", hindi.Document(a.Number))
	}
	return ids
}
