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
		{ID: "fir_copy", New: func() bot.Interview { return &FIRCopy{records: r} }, Direct: true, Code: r.heardFIR},
		{ID: "seniors", Group: []string{"senior_registration", "travel_alert", "greeting", "relatives"}},
		{ID: "senior_registration", New: func() bot.Interview { return &SeniorRegistration{records: r} }, Hidden: true},
		{ID: "travel_alert", New: func() bot.Interview { return &TravelAlert{records: r} }, Hidden: true},
		{ID: "greeting", New: func() bot.Interview { return &Greeting{records: r} }, Hidden: true, Direct: true},
		{ID: "relatives", New: func() bot.Interview { return &Relatives{records: r} }, Hidden: true, Direct: true},
		// What the buttons of their notices begin.
		{ID: "registration", New: func() bot.Interview { return &Registration{records: r} }, Hidden: true, Direct: true},
		{ID: "consent", New: func() bot.Interview { return &Consent{records: r} }, Hidden: true, Direct: true, Code: consentCode},
		{ID: "journey", New: func() bot.Interview { return &Journey{records: r} }, Hidden: true, Direct: true},
		{ID: "greeted", New: func() bot.Interview { return &Greeted{records: r} }, Hidden: true, Direct: true},
		{ID: "kin", New: func() bot.Interview { return &Kin{records: r} }, Hidden: true, Direct: true},
		{ID: "verifications", Group: []string{"verification", "character_certificate"}},
		{ID: "verification", New: func() bot.Interview { return &Verification{records: r} }, Hidden: true, Keeps: true},
		{ID: "character_certificate", New: func() bot.Interview { return &CharacterCertificate{records: r} }, Hidden: true},
		{ID: "tip", New: func() bot.Interview { return &Tip{records: r} }, Secret: true},
		{ID: "tip_code", New: func() bot.Interview { return &TipCode{records: r} }, Secret: true, Direct: true, Hidden: true},
		{ID: "lists", Group: lists},
		{ID: "found", Group: lists, Hidden: true}, // what it was called before there were lists
		{ID: "wanted", New: func() bot.Interview { return newWanted(r) }, Secret: true, Direct: true, Hidden: true},
		{ID: "arrests", New: func() bot.Interview { return newArrests(r) }, Direct: true, Hidden: true},
		{ID: "found_property", New: func() bot.Interview { return &FoundProperty{records: r} }, Hidden: true},
		{ID: "recovered_list", New: func() bot.Interview { return newRecoveredList(r) }, Direct: true, Hidden: true},
		{ID: "property_claim", New: func() bot.Interview { return newPropertyClaim(r) }, Hidden: true},
		{ID: "unknown_person", New: func() bot.Interview { return &UnknownPerson{records: r} }, Hidden: true},
		{ID: "person_list", New: func() bot.Interview { return newPersonList(r) }, Direct: true, Hidden: true},
		{ID: "unidentified_body", New: func() bot.Interview { return &UnidentifiedBody{records: r} }, Hidden: true},
		{ID: "body_list", New: func() bot.Interview { return newBodyList(r) }, Direct: true, Hidden: true},
		{ID: "identification", New: func() bot.Interview { return newIdentification(r) }, Hidden: true},
		{ID: "my_filings", New: func() bot.Interview { return &MyFilings{records: r} }, Direct: true},
		{ID: "profile", New: func() bot.Interview { return &Profile{records: r} }, Direct: true},
	}
}

// lists are the services of one row of the menu: to look through what the police make known, and to report what is
// to be in the same lists.
var lists = []string{"wanted", "arrests", "found_property", "unknown_person", "unidentified_body"}
