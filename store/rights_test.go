package store_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"nagrik/store"
)

// documented are the rows of the README's table of rights: what they are called there, and the actions of each.
var documented = []struct {
	name    string
	actions []store.Action
}{
	{"विवरण, खोज", []store.Action{store.ActView}},
	{"स्वीकार", []store.Action{store.ActAcknowledge}},
	{"जाँच शुरू", []store.Action{store.ActEnquire}},
	{"जानकारी माँगें", []store.Action{store.ActAsk}},
	{"हस्ताक्षर हुआ", []store.Action{store.ActSign}},
	{"FIR दर्ज, Zero FIR", []store.Action{store.ActRegister}},
	{"दूसरे थाने को", []store.Action{store.ActTransfer}},
	{"सत्यापन का नतीजा", []store.Action{store.ActVerify, store.ActNotVerify, store.ActCannotVerify}},
	{"प्रमाण पत्र जारी", []store.Action{store.ActCertify}},
	{"गश्त, सहमति", []store.Action{store.ActVisit, store.ActConsent, store.ActRefuse}},
	{"मिल गया", []store.Action{store.ActFind}},
	{"नोट", []store.Action{store.ActNote}},
	{"बंद", []store.Action{store.ActClose}},
	{"संवेदनशील करना", []store.Action{store.ActRestrict}},
	{"PIN हटाना", []store.Action{store.ActResetPin}},
	{"साक्ष्य प्रमाण पत्र", []store.Action{store.ActEvidence}},
	{"मिलान", []store.Action{store.ActMatch}},
	{"ग्रुप जोड़ना", []store.Action{store.ActBindGroup}},
	{"आँकड़े", []store.Action{store.ActStatistics}},
	{"प्रशासन", []store.Action{store.ActAdminister}},
	{"ले लेना (दूसरे थाने से आया)", []store.Action{store.ActTakeOver}},
	{"वापस भेजना (दूसरे थाने से आया)", []store.Action{store.ActSendBack}},
}

// TestTheRightsAreDocumented: the README has the table of rights as it is.
func TestTheRightsAreDocumented(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	left := map[store.Action]bool{}
	for _, a := range store.Actions() {
		left[a] = true
	}
	for _, row := range documented {
		line := "| " + row.name + " |"
		for _, role := range store.Roles {
			line += " " + right(t, role, row.actions) + " |"
		}
		if !strings.Contains(string(readme), line+"\n") {
			t.Errorf("the README lacks:\n%s", line)
		}
		for _, a := range row.actions {
			delete(left, a)
		}
	}
	if len(left) > 0 {
		t.Errorf("not documented: %v", left)
	}
}

// right is what a cell of the table says: ● all filings, ○ all but the sensitive ones.
func right(t *testing.T, role store.Role, actions []store.Action) string {
	t.Helper()
	cells := map[string]bool{}
	for _, a := range actions {
		receiving := store.Role("receiving_" + string(role)) // of what is on its way there
		ordinary := store.Allowed(a, role, false) || store.Allowed(a, receiving, false)
		sensitive := store.Allowed(a, role, true) || store.Allowed(a, receiving, true)
		cells[fmt.Sprint(ordinary, sensitive)] = true
	}
	if len(cells) != 1 {
		t.Fatalf("%v differ for %s and are one row", actions, role)
	}
	switch {
	case cells["true true"]:
		return "●"
	case cells["true false"]:
		return "○"
	}
	return " "
}
