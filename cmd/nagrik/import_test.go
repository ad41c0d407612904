package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nagrik/store"
	"nagrik/store/embedded/testdb"
)

const arrests = "id,station,date,age,name,offence,held\n" +
	"a1,5140003,2026-03-12,32,पप्पू यादव,लूट,jail\n" +
	"a2,5140003,2026-03-12,33,रमेश सिंह,चोरी,lockup\n"

// An operator checks a list, mends it, imports it, and imports it again.
func TestImport(t *testing.T) {
	t.Parallel()
	env := configured(t)
	list := filepath.Join(t.TempDir(), "arrests.csv")
	write := func(text string) {
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Replace(arrests, ",33,", ",17,", 1))
	code, stdout, stderr := command(t, env, "", "import", "arrests", list)
	want := "line 3, column age: the arrest of somebody under 18 is made known nowhere (JJ Act 2015 s. 74)\n" +
		"nagrik: nothing was imported: 1 of 2 lines are wrong\n"
	if code != exitFailed || stdout != "" || stderr != want {
		t.Errorf("a wrong line: exit code %d, %q, %q", code, stdout, stderr)
	}
	write(arrests)
	for _, step := range []struct{ args, want string }{
		{"import arrests " + list + " --dry-run", "checked, nothing written: arrests: 2 lines: 2 new, 0 changed, 0 as they were\n"},
		{"import arrests " + list, "imported arrests: 2 lines: 2 new, 0 changed, 0 as they were\n"},
		{"import --dry-run arrests " + list, "checked, nothing written: arrests: 2 lines: 0 new, 0 changed, 2 as they were\n"},
		{"import arrests " + list, "imported arrests: 2 lines: 0 new, 0 changed, 2 as they were\n"},
	} {
		if got := must(t, env, strings.Fields(step.args)...); got != step.want {
			t.Errorf("%s: %q", step.args, got)
		}
	}
	code, stdout, stderr = command(t, env, strings.Replace(arrests, ",32,", ",34,", 1), "import", "arrests", "-")
	if code != 0 || stdout != "imported arrests: 2 lines: 0 new, 1 changed, 1 as they were\n" || stderr != "" {
		t.Errorf("from standard input: exit code %d, %q, %q", code, stdout, stderr)
	}
}

func TestImportWrongUse(t *testing.T) {
	t.Parallel()
	env := environment(t)
	for args, want := range map[string]struct {
		code int
		say  string
	}{
		"import moons x.csv":                               {exitWrong, `"moons" is none of stations, firs, wanted, arrests`},
		"import arrests":                                   {exitWrong, "expected \"<file>\""},
		"import arrests nowhere":                           {exitFailed, "opening the list: open nowhere: no such file or directory"},
		"import arrests .":                                 {exitFailed, "it is a folder"},
		"export filings --from x":                          {exitWrong, `--from "x" is no day; an example: 2026-03-14`},
		"export filings --format x":                        {exitWrong, `--format "x" is none of csv, jsonl`},
		"export filings --from 2026-03-14 --to 2026-03-13": {exitWrong, "is after"},
	} {
		if code, _, stderr := command(t, env, "", strings.Fields(args)...); code != want.code || !strings.Contains(stderr, want.say) {
			t.Errorf("%s: exit code %d, %q", args, code, stderr)
		}
	}
	if out := must(t, env, "help", "import"); !strings.Contains(out, "* held          lockup, jail, court, bail") {
		t.Errorf("the help does not tell the columns: %s", out)
	}
	if must(t, env, "import", "arrests", "--help") != must(t, env, "help", "import") {
		t.Error("the two ways to ask for help differ")
	}
}

// What a citizen filed gets to an operator's file, which nobody else reads, and the audit knows.
func TestExport(t *testing.T) {
	t.Parallel()
	url := testdb.Database(t)
	env := environment(t, "DATABASE_URL="+url, "REDIS_URL="+testdb.Redis(t), "SECRET_KEY="+testKey.String())
	ctx := t.Context()
	records, err := store.Open(ctx, url, testKey, store.Options{Conns: 2, JobConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(records.Close)
	if err := records.LoadReference(ctx); err != nil {
		t.Fatal(err)
	}
	citizen, err := records.Verify(ctx, "telegram", "1", "+919876501234")
	if err != nil {
		t.Fatal(err)
	}
	filed, err := records.File(ctx, store.NewFiling{
		Dialog: "d", Service: "complaint", Prefix: "SH", Citizen: citizen, Channel: "telegram", Chat: "1", Lang: "hi", Station: "5140003",
		Applicant: store.Profile{Name: "सीता देवी"}, Details: json.RawMessage(`{"answers":[],"form":{}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(t.TempDir(), "filings.csv")
	code, stdout, stderr := command(t, env, "", "export", "filings", "--output", list, "--district", "5140", "--from", "2020-01-01")
	if code != 0 || stdout != "" || !strings.Contains(stderr, "in the clear") || !strings.HasSuffix(stderr, "exported 1 filings; left out: 0 sensitive ones, 0 secret tips\n") {
		t.Errorf("exit code %d, %q, %q", code, stdout, stderr)
	}
	text, err := os.ReadFile(list)
	if err != nil || !strings.HasPrefix(string(text), "\ufeffnumber,service,") || !strings.Contains(string(text), filed.Number+",complaint,received,") || !strings.Contains(string(text), "सीता देवी") {
		t.Errorf("%v: %q", err, text)
	}
	if info, err := os.Stat(list); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if out := must(t, env, "export", "filings", "--format", "jsonl"); !strings.HasPrefix(out, `{"number":"`+filed.Number) {
		t.Errorf("JSON lines: %q", out)
	}
	if rows, _, err := records.VerifyAudit(ctx); err != nil || rows != 2 {
		t.Errorf("%d rows in the audit, %v", rows, err)
	}
	if code, _, stderr := command(t, env, "", "export", "filings", "--district", "9999"); code != exitWrong || !strings.Contains(stderr, `"9999" is no police district's code`) {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}
