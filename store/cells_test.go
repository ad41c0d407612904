package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nagrik/store"
)

// statuses are all that a filing may have.
var statuses = []store.Status{
	store.Received, store.Sent, store.Acknowledged, store.Enquiry, store.NeedsInfo, store.ReportIssued, store.Verified,
	store.NotVerified, store.CannotVerify, store.Found, store.Closed, store.Withdrawn, store.Reopened,
	store.FIRRegistered, store.Transferred,
}

// ended are those of a filing that is over.
var ended = []store.Status{
	store.ReportIssued, store.Verified, store.NotVerified, store.CannotVerify, store.Found, store.Closed, store.Withdrawn,
}

// cells says for each action who may do it to a filing of their own place, and when: a word for each
// role, o for ordinary filings, b for sensitive ones too, - for neither, in the order of store.Roles;
// then the statuses ("new", "work", "fir", "open", "any"). What those at the receiving end of a transfer may
// do, TestATransferIsAccepted walks.
var cells = map[store.Action]struct{ roles, when, services string }{
	store.ActAcknowledge:  {"ob----", "new", "all"},
	store.ActEnquire:      {"ob----", "before enquiry", "complaint missing_person unknown_person unidentified_body verification character_certificate tip property_claim identification"},
	store.ActAsk:          {"obbb--", "open", "all"},
	store.ActNote:         {"obbb--", "any", "all"},
	store.ActSign:         {"ob----", "open", "complaint"},
	store.ActConsent:      {"ob----", "open", "senior_registration"},
	store.ActRefuse:       {"ob----", "open", "senior_registration"},
	store.ActVisit:        {"ob----", "open", "travel_alert senior_registration"},
	store.ActVerify:       {"oo----", "work", "verification"},
	store.ActNotVerify:    {"oo----", "work", "verification"},
	store.ActCannotVerify: {"oo----", "work", "verification"},
	store.ActCertify:      {"-o-o--", "work", "character_certificate"},
	store.ActFind:         {"ob----", "open", "missing_person lost_property unknown_person"},
	store.ActClose:        {"obbb--", "open", "all"},
	store.ActRestrict:     {"--oo--", "any", "all"},
	store.ActRegister:     {"-b----", "fir", "complaint missing_person unknown_person unidentified_body"},
	store.ActTransfer:     {"-bbb--", "fir", "all"},
	store.ActResetPin:     {"ob----", "any", "complaint lost_property missing_person verification character_certificate senior_registration travel_alert unknown_person unidentified_body found_property property_claim identification"},
}

func within(when string, s store.Status) bool {
	isNew := s == store.Received || s == store.Sent || s == store.Reopened
	switch when {
	case "new":
		return isNew
	case "before enquiry":
		return isNew || s == store.Acknowledged || s == store.NeedsInfo
	case "work":
		return isNew || s == store.Acknowledged || s == store.Enquiry || s == store.NeedsInfo
	case "fir":
		return within("work", s) || s == store.FIRRegistered
	case "open":
		return !slices.Contains(ended, s) && s != store.Transferred
	}
	return true
}

// TestEveryCell walks the table of rights through the records: every action by every role, in every
// status, for an ordinary and a sensitive filing, of the officer's own place, of another station of
// the district and of another district. What the table does not allow changes nothing.
func TestEveryCell(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	officers := map[store.Role]string{}
	for _, r := range store.Roles {
		station, district := araria, ""
		switch r {
		case store.SDPO, store.SP:
			station, district = "", arariaDist
		case store.SCRB, store.Administrator:
			station = ""
		}
		_, officers[r] = f.officer(r, station, district)
	}
	far := one[string](f, `select code from stations where district <> $1 and kind = 'territorial' order by code limit 1`, arariaDist)
	walked, allowed := 0, 0
	for action, cell := range cells {
		service, _, _ := strings.Cut(strings.Replace(cell.services, "all", "complaint", 1), " ")
		for _, place := range []string{araria, sikti, far} {
			n := filing(citizen, chat)
			n.Service, n.Station, n.Confirmed = service, place, true
			filed := f.file(n)
			for _, status := range statuses {
				for _, sensitive := range []bool{false, true} {
					for i, role := range store.Roles {
						if place != araria && status != store.Sent && status != store.Closed {
							continue // the place decides before the status does
						}
						f.exec(`update filings set status = $2, sensitive = $3, closed_at = case when $4 then now() end,
							fir = null, to_station = null, to_district = null, before_transfer = null where id = $1`,
							filed.ID, status, sensitive, slices.Contains(ended, status))
						f.exec(`delete from events where filing = $1 and ver > 2`, filed.ID)
						f.exec(`delete from firs where filing = $1`, filed.ID)
						f.exec(`update filings set ver = 2, handler = null, acknowledged_at = null where id = $1`, filed.ID)
						f.exec(`insert into seniors (filing, name, visits, consent) values ($1, '', true, 'waiting')
							on conflict (filing) do update set consent = 'waiting'`, filed.ID)
						near := place == araria || place == sikti && (role == store.SDPO || role == store.SP)
						may := cell.roles[i] == 'b' || cell.roles[i] == 'o' && !sensitive
						want := near && may && within(cell.when, status)
						step := store.Step{Action: action, Filing: filed.ID, Dialog: fmt.Sprint(walked)}
						switch action {
						case store.ActRegister:
							step.FIR = fir(walked + 1)
						case store.ActTransfer:
							step.To = aurangabad
						}
						act, err := f.Act(f.ctx, firstChannel, officers[role], step)
						f.ok(err)
						walked++
						ver := one[int](f, `select ver from filings where id = $1`, filed.ID)
						if got := act.Outcome == store.Done; got != want || (ver == 3) != want {
							t.Errorf("%s by %s at %s, status %s, sensitive %v: %s, version %d; want done %v", action, role, place, status, sensitive, act.Outcome, ver, want)
						}
						if near && may && !want && act.Outcome == store.NotAllowed || !(near && may) && act.Outcome != store.NotAllowed {
							t.Errorf("%s by %s at %s, status %s: told %q", action, role, place, status, act.Outcome)
						}
						if want {
							allowed++
						}
					}
				}
			}
		}
	}
	t.Logf("%d cells, %d allowed", walked, allowed)
	// What changes no filing is walked elsewhere: TestRoles, TestStatistics, TestAdministration,
	// TestMatchRights.
	others := []store.Action{
		store.ActView, store.ActMatch, store.ActBindGroup, store.ActStatistics, store.ActAdminister,
		store.ActTakeOver, store.ActSendBack, store.ActEvidence,
	}
	for _, a := range store.Actions() {
		if _, ok := cells[a]; !ok && !slices.Contains(others, a) {
			t.Errorf("nobody walked %s", a)
		}
	}
}

// TestActionsBelongToServices: an action is for its services and no other.
func TestActionsBelongToServices(t *testing.T) {
	t.Parallel()
	services := []string{
		"complaint", "lost_property", "missing_person", "verification", "character_certificate", "senior_registration", "travel_alert",
		"unknown_person", "unidentified_body", "found_property", "tip", "property_claim", "identification",
	}
	for action, cell := range cells {
		for _, service := range services {
			want := cell.services == "all" || slices.Contains(strings.Fields(cell.services), service)
			if got := store.Offered(action, store.Filing{Service: service, Status: store.Sent}); got != want {
				t.Errorf("%s for %s: %v", action, service, got)
			}
		}
	}
}
