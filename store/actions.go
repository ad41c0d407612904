package store

import "slices"

// Action is something an officer may do.
type Action string

// The actions.
const (
	ActView         Action = "view"          // open a filing in full
	ActAcknowledge  Action = "acknowledge"   // स्वीकार: take note of it for the station
	ActEnquire      Action = "enquire"       // जाँच शुरू
	ActAsk          Action = "ask"           // जानकारी माँगें: a question to the citizen
	ActNote         Action = "note"          // नोट: for officers only
	ActSign         Action = "sign"          // हस्ताक्षर हुआ: the complaint was signed (BNSS s.173(1))
	ActConsent      Action = "consent"       // सहमति: the elder said yes at a visit to what a relative registered
	ActRefuse       Action = "refuse"        // or no
	ActVisit        Action = "visit"         // गश्त: the house or the elder was visited
	ActVerify       Action = "verify"        // सत्यापित
	ActNotVerify    Action = "not_verify"    // असत्यापित
	ActCannotVerify Action = "cannot_verify" // सत्यापन नहीं हो सका
	ActCertify      Action = "certify"       // प्रमाण पत्र जारी
	ActFind         Action = "find"          // मिल गया: the person or thing was found
	ActClose        Action = "close"         // बंद, for a reason
	ActRestrict     Action = "restrict"      // mark as sensitive (services.md, section 4: a DySP or above)
	ActMatch        Action = "match"         // see a match with both its sides, and say whether it is one; of one of the sides' places
	ActResetPin     Action = "reset_pin"     // take away the PIN of a citizen who forgot it
	ActRegister     Action = "register_fir"  // FIR दर्ज: enter it in the register
	ActTransfer     Action = "transfer"      // स्थानांतरण: send it to another station
	ActTakeOver     Action = "take_over"     // that station accepts it
	ActSendBack     Action = "send_back"     // or refuses it
	ActEvidence     Action = "certificate63" // print the certificate of its electronic evidence (BSA 2023 s. 63)
	ActBindGroup    Action = "bind_group"    // make a group chat the station's
	ActStatistics   Action = "statistics"    // see the numbers of the post's place
	ActAdminister   Action = "administer"    // invite officers, see who has which post, end posts
)

// rule is who may do an action, to which filings, and what it makes of them.
type rule struct {
	ordinary, sensitive []Role // for an ordinary filing, and for a sensitive one

	services []string // which it is for; nil: all
	from     []Status // in which it may be done; nil: as long as the filing is open
	ended    bool     // also after the filing has ended, and while it is on its way to another station
	once     bool     // not a second time

	to    Status // the status that the filing gets; "" leaves it
	ends  bool   // the filing ends with it
	event string // the kind of the event in the timeline
	news  bool   // the citizen hears of it
}

var (
	stationRoles  = []Role{DeskOfficer, SHO}
	superiorRoles = []Role{SDPO, SP}
	seniorRoles   = []Role{SHO, SDPO, SP}
	everywhere    = []Role{DeskOfficer, SHO, SDPO, SP}

	// Those above a station decide for it too: nobody may have joined there yet.
	receiving        = []Role{ReceivingDesk, ReceivingSHO, ReceivingSDPO, ReceivingSP}
	receivingSeniors = []Role{ReceivingSHO, ReceivingSDPO, ReceivingSP}

	// untouched are the statuses of a filing that no officer has taken on yet.
	untouched = []Status{Received, Sent, Reopened}
	// atWork are those of a filing that waits for a decision.
	atWork = []Status{Received, Sent, Reopened, Acknowledged, Enquiry, NeedsInfo}
	// registrable are those of a filing of which the station may still have to register an FIR: with a
	// Zero FIR too.
	registrable = append(slices.Clone(atWork), FIRRegistered)
)

// rules is the one table of rights: what is not in it is not allowed. A
// sensitive filing is the SHO's and those above (services.md, section 4).
var rules = map[Action]rule{
	ActView: {
		ordinary: slices.Concat(everywhere, []Role{SCRB}, receiving), sensitive: slices.Concat(seniorRoles, receivingSeniors), ended: true,
	},
	ActAcknowledge: {
		ordinary: stationRoles, sensitive: []Role{SHO}, from: untouched, to: Acknowledged, event: string(Acknowledged), news: true,
	},
	ActEnquire: {
		ordinary: stationRoles, sensitive: []Role{SHO},
		services: []string{"complaint", "missing_person", "unknown_person", "unidentified_body", "verification", "character_certificate", "tip", "property_claim", "identification"},
		from:     []Status{Received, Sent, Reopened, Acknowledged, NeedsInfo}, to: Enquiry, event: string(Enquiry), news: true,
	},
	ActAsk:  {ordinary: everywhere, sensitive: seniorRoles, to: NeedsInfo, event: Question, news: true},
	ActNote: {ordinary: everywhere, sensitive: seniorRoles, ended: true, event: Note},
	ActSign: {
		ordinary: stationRoles, sensitive: []Role{SHO}, services: []string{"complaint"}, once: true, event: Signed, news: true,
	},
	ActVisit: {
		ordinary: stationRoles, sensitive: []Role{SHO}, services: []string{"travel_alert", "senior_registration"}, event: Visit, news: true,
	},
	ActConsent: {ordinary: stationRoles, sensitive: []Role{SHO}, services: []string{"senior_registration"}, once: true, event: EventConsent},
	ActRefuse:  {ordinary: stationRoles, sensitive: []Role{SHO}, services: []string{"senior_registration"}, once: true, event: EventRefused},
	ActVerify: {
		ordinary: stationRoles, services: []string{"verification"}, from: atWork, to: Verified, ends: true, event: string(Verified), news: true,
	},
	ActNotVerify: {
		ordinary: stationRoles, services: []string{"verification"}, from: atWork, to: NotVerified, ends: true, event: string(NotVerified), news: true,
	},
	ActCannotVerify: {
		ordinary: stationRoles, services: []string{"verification"}, from: atWork, to: CannotVerify, ends: true, event: string(CannotVerify), news: true,
	},
	ActCertify: {
		ordinary: []Role{SHO, SP}, services: []string{"character_certificate"}, from: atWork, to: ReportIssued, ends: true,
		event: CertificateIssued, news: true,
	},
	ActFind: {
		ordinary: stationRoles, sensitive: []Role{SHO}, services: []string{"missing_person", "lost_property", "unknown_person"},
		to: Found, ends: true, event: string(Found), news: true,
	},
	ActClose:    {ordinary: everywhere, sensitive: seniorRoles, to: Closed, ends: true, event: string(Closed), news: true},
	ActRestrict: {ordinary: superiorRoles, ended: true, event: Restricted},
	ActRegister: {
		ordinary: []Role{SHO}, sensitive: []Role{SHO},
		services: []string{"complaint", "missing_person", "unknown_person", "unidentified_body"},
		from:     registrable, to: FIRRegistered, event: string(FIRRegistered), news: true,
	},
	ActTransfer: {
		ordinary: seniorRoles, sensitive: seniorRoles, from: registrable, to: Transferred, event: string(Transferred), news: true,
	},
	ActTakeOver: {
		ordinary: receiving, sensitive: receivingSeniors, from: []Status{Transferred}, to: Acknowledged, event: TransferAccepted, news: true,
	},
	ActSendBack: {
		ordinary: receivingSeniors, sensitive: receivingSeniors, from: []Status{Transferred}, event: TransferRefused, news: true,
	},
	ActEvidence:   {ordinary: []Role{SHO}, sensitive: []Role{SHO}, ended: true},
	ActResetPin:   {ordinary: stationRoles, sensitive: []Role{SHO}, ended: true, event: PinReset, news: true},
	ActMatch:      {ordinary: everywhere, sensitive: seniorRoles},
	ActBindGroup:  {ordinary: []Role{DeskOfficer, SHO, Administrator}},
	ActStatistics: {ordinary: append(slices.Clone(everywhere), SCRB)},
	ActAdminister: {ordinary: []Role{Administrator}},
}

// Actions lists all actions that have rights.
func Actions() []Action {
	var list []Action
	for a := range rules {
		list = append(list, a)
	}
	slices.Sort(list)
	return list
}

// Offered says whether a filing, as it stands, is open to an action, whoever does it.
func Offered(a Action, f Filing) bool {
	r, ok := rules[a]
	switch {
	case a == ActResetPin && f.Service == Tip: // there is nobody who could have one
		return false
	case !ok, r.services != nil && !slices.Contains(r.services, f.Service):
		return false
	case !f.ClosedAt.IsZero():
		return r.ended
	case f.FIR != "" && (a == ActRegister || a == ActTransfer):
		return false // it has its number, and the case its station: what moves it from there is an order on paper
	case r.from != nil:
		return slices.Contains(r.from, f.Status)
	}
	return r.ended || f.Status != Transferred
}
