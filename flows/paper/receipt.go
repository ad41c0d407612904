package paper

import (
	"strings"
	"time"

	"nagrik/bot"
)

// Receipt is what a citizen gets for a filing.
type Receipt struct {
	Lang        string // the citizen's language, "" for Hindi
	Service     string // what was filed, in words: "खोए सामान की रिपोर्ट"
	Number      string // of the filing, as the records have it
	FiledAt     time.Time
	Station     string // where it went: "गांधी मैदान थाना, पटना"
	Answers     []bot.Shown
	Beside      []Row  // what is known beside the answers, such as the verified phone
	Declaration string // what the paper is not, and what the citizen declared
	Next        string // what happens now
	Address     string // of the paper's check: PUBLIC_URL + "/verify/" + VerifyCode
	Hash        string // Short(ContentHash(…))
}

// Receipt makes the receipt of a filing. Every answer is on it: offices refuse papers that leave out what
// was told to the police.
func (p *Press) Receipt(r Receipt) ([]byte, error) {
	facts := []Row{{p.say(r.Lang, "paper.filed", nil), p.say(r.Lang, "paper.filed.at", map[string]any{"At": r.FiledAt})}}
	if r.Station != "" {
		facts = append(facts, Row{p.say(r.Lang, "paper.station", nil), r.Station})
	}
	rows := append(p.answers(r.Lang, r.Answers), r.Beside...)
	var sections []Section
	if strings.TrimSpace(r.Next) != "" {
		sections = append(sections, Section{Heading: p.say(r.Lang, "paper.next", nil), Text: r.Next})
	}
	if strings.TrimSpace(r.Declaration) != "" {
		sections = append(sections, Section{Heading: p.say(r.Lang, "paper.remember", nil), Text: r.Declaration, Weighty: true})
	}
	if len(rows) > 0 {
		sections = append(sections, Section{Heading: p.say(r.Lang, "paper.answers", nil), Rows: rows})
	}
	return p.Document(Document{
		Lang: r.Lang, Title: r.Service, Subtitle: p.say(r.Lang, "paper.receipt", nil), Number: r.Number,
		Facts: facts, Sections: sections, Issued: r.FiledAt, Address: r.Address, Hash: r.Hash,
	})
}

// answers are the rows of a table of answers.
func (p *Press) answers(lang string, answers []bot.Shown) []Row {
	rows := make([]Row, len(answers))
	for i, a := range answers {
		rows[i] = Row{a.Label, p.answer(lang, a.Value)}
	}
	return rows
}

// answer puts an answer into words that can stand on paper.
func (p *Press) answer(lang, value string) string {
	if _, ok := bot.VoiceNote(value); ok {
		return p.say(lang, "paper.voice", nil)
	}
	if place, ok := bot.ParsePlace(value); ok {
		return p.say(lang, "paper.place", map[string]any{"Degrees": strings.Replace(strings.TrimPrefix(place.String(), "@"), ",", ", ", 1)})
	}
	switch {
	case strings.TrimSpace(value) == "":
		return "—"
	case !visible(p.faces[regular].font, value): // emoji only
		return value + " " + p.say(lang, "paper.signs", nil)
	}
	return value
}
