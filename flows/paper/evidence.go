package paper

import (
	"encoding/hex"
	"strconv"
	"time"
)

// EvidenceCertificate is the kind of paper that a certificate of evidence is: the text
// "paper.kind.evidence_certificate".
const EvidenceCertificate = "evidence_certificate"

// Evidence is what a certificate of electronic records says, for an officer to sign.
type Evidence struct {
	Number   string // of the filing
	Service  string // what was filed, in words
	Place    string // the station that has it
	Files    []EvidenceFile
	Role     string // of the officer who prints it
	Post     string // where that officer serves
	IssuedAt time.Time
	Address  string // of the paper's check
	Hash     string // Short(ContentHash(…))
}

// EvidenceFile is an electronic record as it was received.
type EvidenceFile struct {
	Kind   string // in words: "फ़ोटो"
	Source string // who sent it, and how: "आवेदक से, Telegram पर"
	MIME   string
	Size   int64 // bytes
	SHA256 []byte
	At     time.Time // when it was received
}

// Evidence makes Part A of the certificate under s. 63(4)(c) of the Bharatiya Sakshya Adhiniyam 2023. The
// English text is that of the Act's Schedule (as at nyayx.com/lawbooks/bharatiya-sakshya-adhiniyam-2023/SCH-1);
// the Hindi beside it says the same for who signs, and the paper says which of the two is the Schedule's. What
// only the signing officer knows stays blank. The list of the files with their hashes is the report that the
// Schedule wants enclosed.
func (p *Press) Evidence(e Evidence) ([]byte, error) {
	const lang = "hi"
	say := func(id string, data map[string]any) string { return p.say(lang, "paper.evidence."+id, data) }
	rows := make([]Row, len(e.Files))
	for i, f := range e.Files {
		rows[i] = Row{
			Label: strconv.Itoa(i+1) + ". " + f.Kind,
			Value: say("file", map[string]any{
				"Hash": hex.EncodeToString(f.SHA256), "Size": f.Size, "Type": f.MIME, "At": f.At, "Source": f.Source,
			}),
		}
	}
	count := map[string]any{"Count": len(e.Files)}
	return p.Document(Document{
		Lang: lang, Title: say("title", nil), Subtitle: say("law", nil), Number: e.Number,
		Facts: []Row{
			{say("filing", nil), e.Service},
			{say("place", nil), e.Place},
			{say("printed", nil), say("printed.at", map[string]any{"At": e.IssuedAt})},
			{say("officer", nil), joined([]string{e.Role, e.Post})},
		},
		Sections: []Section{
			{Heading: p.say("en", "paper.evidence.part", nil), Text: p.say("en", "paper.evidence.statement", count)},
			{Heading: say("part", nil), Text: say("note", nil) + "\n\n" + say("statement", count)},
			{Heading: say("files", nil), Rows: rows},
		},
		Signature: &Signature{Name: say("sign", nil), Post: e.Role, Place: e.Post},
		Issued:    e.IssuedAt, Address: e.Address, Hash: e.Hash,
	})
}
