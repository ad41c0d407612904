package store_test

import (
	"testing"

	"nagrik/store"
)

// TestRoles names every cell of the table of rights: o for ordinary filings
// only, b for both, - for neither.
func TestRoles(t *testing.T) {
	t.Parallel()
	roles := []store.Role{
		store.DeskOfficer, store.SHO, store.SDPO, store.SP, store.SCRB, store.Administrator, "constable", "",
		store.ReceivingDesk, store.ReceivingSHO, store.ReceivingSDPO, store.ReceivingSP,
	}
	for action, cells := range map[store.Action]string{
		store.ActView:        "obbbo---" + "obbb",
		store.ActAcknowledge: "ob------" + "----",
		store.ActMatch:       "obbb----" + "----",
		store.ActBindGroup:   "oo---o--" + "----",
		store.ActNote:        "obbb----" + "----",
		store.ActRestrict:    "--oo----" + "----",
		store.ActRegister:    "-b------" + "----",
		store.ActTransfer:    "-bbb----" + "----",
		store.ActTakeOver:    "--------" + "obbb",
		store.ActSendBack:    "--------" + "-bbb",
		store.ActEvidence:    "-b------" + "----",
		store.ActStatistics:  "ooooo---" + "----",
		store.ActAdminister:  "-----o--" + "----",
		"anything_else":      "--------" + "----",
	} {
		for i, role := range roles {
			ordinary, sensitive := store.Allowed(action, role, false), store.Allowed(action, role, true)
			if ordinary != (cells[i] != '-') || sensitive != (cells[i] == 'b') {
				t.Errorf("%s by %q: ordinary %v, sensitive %v", action, role, ordinary, sensitive)
			}
		}
	}
}
