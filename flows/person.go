package flows

import (
	"nagrik/bot"
	"nagrik/store"
)

// Applicant is the citizen who files: told once, kept, and offered again.
type Applicant struct {
	Name    string
	Father  string // father's or husband's name
	Address string // house, village or mohalla, post office
	Pin     string // postal code

	Gender    string `json:",omitempty"`
	Age       string `json:",omitempty"` // years
	Email     string `json:",omitempty"`
	Permanent string `json:",omitempty"` // permanent address
	IDKind    string `json:",omitempty"`
	ID        string `json:",omitempty"` // of an Aadhaar only the last four digits

	phone string // verified; not an answer of this form
}

// askApplicant asks who files, and of those who want to tell it, more.
func askApplicant(q *bot.Questions, a *Applicant) {
	a.ask(q)
	a.askMore(q)
}

// ask asks who files, with the phone number verified. What a citizen told before is used again after
// a yes; each part can still be changed in the review.
func (a *Applicant) ask(q *bot.Questions) {
	q.Verify()
	a.phone = q.Known("phone")
	same := q.Again()
	if !same && q.Known("name") != "" {
		q.Yes(&same, "same_person", bot.Hidden, bot.With("Name", q.Known("name")), bot.With("Address", q.Known("address")))
	}
	known := func(key string) bot.Setting {
		if same {
			return bot.Prefill(q.Known(key))
		}
		return bot.Prefill("")
	}
	q.Text(&a.Name, "name", bot.Name, known("name"))
	q.Text(&a.Father, "father", bot.Name, known("father"))
	q.Text(&a.Address, "address", bot.Length(5, 300), known("address"))
	q.Text(&a.Pin, "pin", bot.Pin, known("pin"), bot.Optional)
}

// askMore asks what the forms have beside the least, of those who want to tell it.
func (a *Applicant) askMore(q *bot.Questions) {
	more := false
	q.Yes(&more, "tell_more", bot.Optional, bot.Hidden)
	if !more {
		return
	}
	q.Choice(&a.Gender, "gender", genders, bot.Optional)
	q.Text(&a.Age, "age", bot.Age, bot.Optional)
	q.Text(&a.Email, "email", bot.Email, bot.Optional)
	q.Text(&a.Permanent, "permanent", bot.Length(5, 300), bot.Optional)
	askID(q, "", &a.IDKind, &a.ID)
}

// Options of persons; ids are stored promises.
var (
	genders = []string{"woman", "man", "third"}
	idKinds = []string{"aadhaar", "voter_id", "driving_licence", "pan", "passport", "ration"}
)

// askID asks for an identity card and the number on it. prefix is before its keys.
func askID(q *bot.Questions, prefix string, kind, number *string) {
	q.Choice(kind, prefix+"id_kind", idKinds, bot.Optional)
	switch *kind {
	case "":
	case "aadhaar": // only the last four digits may be kept
		q.Text(number, prefix+"id_aadhaar", bot.Digits(4), bot.Optional)
	default:
		q.Text(number, prefix+"id_number", bot.Printed(4, 40), bot.Optional)
	}
}

// idIdentifiers are what an identity card can be found by: an Aadhaar's four digits point to nobody.
func idIdentifiers(kind, number string) []store.Identifier {
	if kind == "aadhaar" || number == "" {
		return nil
	}
	return []store.Identifier{{Kind: "document", Value: number}}
}

// profile is the applicant as the records keep them. A spoken address stays with its filing: it
// can't be read back next time.
func (a *Applicant) profile() store.Profile {
	p := store.Profile{Name: a.Name, Father: a.Father, Address: a.Address, Pin: a.Pin, Gender: a.Gender, Phone: a.phone}
	if _, spoken := bot.VoiceNote(p.Address); spoken {
		p.Address = ""
	}
	return p
}
