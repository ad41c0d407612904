package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"

	"nagrik/bot/telegram/telegramtest"
)

// checkReceipts checks that every filing's citizen got its receipt, and that the paper is that filing's.
func checkReceipts(filings []filing, f *findings) {
	for _, filing := range filings {
		came := 0
		for _, m := range filing.citizen.Inbox() {
			if !filing.citizen.words.receipt(m.Text) || !slices.Contains(numbers(m.Text), filing.Number) {
				continue
			}
			if !paperOf(m, filing.Number, filing.Number+".pdf") {
				f.strangers = append(f.strangers, fmt.Sprintf("chat %d: the receipt of %s is another paper", filing.citizen.ID, filing.Number))
				continue
			}
			came++
		}
		if came == 0 {
			f.receipts = append(f.receipts, fmt.Sprintf("chat %d: %s", filing.citizen.ID, filing.Number))
		}
		f.receiptRepeats += max(0, came-1)
	}
}

// checkedAt is where a paper's QR code leads, as its link in the file has it.
var checkedAt = regexp.MustCompile(`/URI <([0-9a-f]+)>`)

// paperOf says whether a message brings the paper of a name that can be checked under a number.
func paperOf(m telegramtest.Message, number, name string) bool {
	if len(m.Files) != 1 || m.Files[0].Name != name {
		return false
	}
	found := checkedAt.FindSubmatch(m.Files[0].Data)
	if found == nil {
		return false
	}
	address, err := hex.DecodeString(string(found[1]))
	return err == nil && bytes.Contains(address, []byte("/verify/"+number+"-"))
}
