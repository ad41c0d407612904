package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nagrik/bot/telegram/telegramtest"
)

// A copy of an FIR that Telegram refuses, from a program that is killed then, still comes: the next program gets the
// update again, and gives the paper with the words.
func TestAPaperIsNotLost(t *testing.T) {
	t.Parallel()
	for mode, settings := range map[string][]string{
		"webhook": {"TELEGRAM_WEBHOOK_SECRET=" + hookSecret}, "polling": nil,
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, settings...)
			list := filepath.Join(t.TempDir(), "firs.csv")
			if err := os.WriteFile(list, []byte("station,number,date,sections\n"+gandhiMaidan+",123,2026-03-14,BNS 303(2)\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			must(t, w.env, "import", "firs", list)

			w.telegram.Change(func(c *telegramtest.Config) { c.Fail = 1 })
			w.citizen.Say("FIR 123/2026 गांधी मैदान, पटना")
			w.program.eventually("refusing the copy", func() bool { return w.telegram.Count("senddocument:refused") > 0 })
			w.program.kill()
			w.telegram.Change(func(c *telegramtest.Config) { c.Fail = 0 })
			w.program = serve(t, w.env)

			w.hears(w.citizen, "FIR 123/2026")
			messages := w.citizen.Inbox()
			papers := slices.DeleteFunc(slices.Clone(messages), func(m telegramtest.Message) bool { return len(m.Files) == 0 })
			if len(messages) != 1 || len(papers) != 1 || papers[0].Files[0].Name != "FIR-123-2026.pdf" || !bytes.HasPrefix(papers[0].Files[0].Data, []byte("%PDF-")) {
				t.Errorf("of %d messages %d have a paper: %q", len(messages), len(papers), messages[len(messages)-1].Text)
			}
		})
	}
}
