package paper

import (
	"strings"
	"time"

	"nagrik/bot"
)

// The kinds of paper that a result can be: the texts "paper.kind.…".
const (
	VerificationResult   = "verification_result"
	CharacterCertificate = "character_certificate"
)

// Result is what the police found about a person, for showing to others.
type Result struct {
	Lang     string // the citizen's language, "" for Hindi
	Kind     string // VerificationResult or CharacterCertificate
	Result   string // what was found: the texts "paper.result.…" of a verification
	Name     string // of the person a certificate is for
	Father   string // the father's or husband's name
	Number   string // of the filing, as the records have it
	IssuedAt time.Time
	Until    time.Time   // the last day on which it is good; zero: it speaks of its own day only
	Role     string      // whose result it is: "थानाध्यक्ष"
	Place    string      // where that officer serves: "गांधी मैदान थाना"
	Records  string      // whose records were looked at, before a Hindi postposition: "गांधी मैदान थाने"
	Reason   string      // what the officer wrote, "" if nothing
	Person   []bot.Shown // who it is about, as the application says
	Address  string      // of the paper's check
	Hash     string      // Short(ContentHash(…))
}

// Result makes the paper of a result. A certificate has room for a signature and a seal: offices ask
// for them beside the code.
func (p *Press) Result(r Result) ([]byte, error) {
	say := func(id string) string { return p.say(r.Lang, "paper."+id, r.words()) }
	d := Document{
		Lang: r.Lang, Title: say("kind." + r.Kind), Number: r.Number, Issued: r.IssuedAt, Address: r.Address, Hash: r.Hash,
		Facts: []Row{{say("result.issued"), say("result.issued.at")}, {say("result.by"), strings.Trim(r.Role+", "+r.Place, ", ")}},
	}
	if !r.Until.IsZero() {
		d.Facts = append(d.Facts, Row{say("result.until"), say("result.until.on")})
	}
	person := Section{Heading: say("result.person"), Rows: p.answers(r.Lang, r.Person)}
	switch r.Kind {
	case CharacterCertificate:
		statement := Section{Text: say("certificate.clean"), Weighty: true}
		if strings.TrimSpace(r.Reason) != "" { // what was found is the officer's to say
			statement.Text = say("certificate.checked") + "\n\n" + r.Reason
		}
		d.Sections = []Section{statement, person, {Heading: say("remember"), Text: say("certificate.meaning")}}
		d.Signature = &Signature{Name: say("certificate.sign"), Post: r.Role, Place: r.Place}
	default:
		d.Title = say("result." + r.Result + ".title")
		d.Sections = []Section{{Text: say("result." + r.Result), Weighty: true}}
		if strings.TrimSpace(r.Reason) != "" {
			d.Sections = append(d.Sections, Section{Heading: say("result.reason"), Text: r.Reason})
		}
		d.Sections = append(d.Sections, person, Section{Heading: say("remember"), Text: say("result.meaning")})
	}
	return p.Document(d)
}

// words are the data of a result's texts.
func (r *Result) words() map[string]any {
	return map[string]any{"Name": r.Name, "Father": r.Father, "Records": r.Records, "At": r.IssuedAt, "Until": r.Until}
}
