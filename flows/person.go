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

	phone string // verified; not an answer of this form
}

// askApplicant asks who files, with the phone number verified. What a citizen told before is used
// again after a yes; each part can still be changed in the review.
func askApplicant(q *bot.Questions, a *Applicant) {
	q.Verify()
	a.phone = q.Known("phone")
	same := false
	if q.Known("name") != "" {
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

// profile is the applicant as the records keep them. A spoken address stays with its filing: it
// can't be read back next time.
func (a *Applicant) profile() store.Profile {
	p := store.Profile{Name: a.Name, Father: a.Father, Address: a.Address, Pin: a.Pin, Phone: a.phone}
	if _, spoken := bot.VoiceNote(p.Address); spoken {
		p.Address = ""
	}
	return p
}
