// Package flows has the citizen services: one file for each, and the questions they share.
//
// A service is a struct with its answers, Ask with its questions in their order, and File with what
// becomes of them; bot.Engine does the rest. A new service is one such file, a line in Services, a
// text file for each language in locales, and a folder of transcripts in testdata.
package flows

import (
	"nagrik/bot"
)

// Services lists what citizens can get done, in the order of the menu. Ids are stored promises.
func (r *Records) Services() []bot.Service {
	return []bot.Service{
		{ID: "complaint", New: func() bot.Interview { return &Complaint{records: r} }},
		{ID: "lost_property", New: func() bot.Interview { return &LostProperty{records: r} }},
		{ID: "missing_person", New: func() bot.Interview { return &MissingPerson{records: r} }},
		{ID: "verifications", Group: []string{"verification", "character_certificate"}},
		{ID: "verification", New: func() bot.Interview { return &Verification{records: r} }, Hidden: true, Keeps: true},
		{ID: "character_certificate", New: func() bot.Interview { return &CharacterCertificate{records: r} }, Hidden: true},
		{ID: "found", Group: []string{"unknown_person", "found_property", "unidentified_body"}},
		{ID: "unknown_person", New: func() bot.Interview { return &UnknownPerson{records: r} }, Hidden: true},
		{ID: "found_property", New: func() bot.Interview { return &FoundProperty{records: r} }, Hidden: true},
		{ID: "unidentified_body", New: func() bot.Interview { return &UnidentifiedBody{records: r} }, Hidden: true},
		{ID: "tip", New: func() bot.Interview { return &Tip{records: r} }, Secret: true},
		{ID: "tip_code", New: func() bot.Interview { return &TipCode{records: r} }, Secret: true, Direct: true, Hidden: true},
		{ID: "my_filings", New: func() bot.Interview { return &MyFilings{records: r} }, Direct: true},
		{ID: "profile", New: func() bot.Interview { return &Profile{records: r} }, Direct: true},
	}
}
