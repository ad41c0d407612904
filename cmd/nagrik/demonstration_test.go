package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// A trial has made-up records, which a second start leaves as they are; a configured run has none.
func TestDemonstrationIsForTrialsAlone(t *testing.T) {
	t.Parallel()
	count := func(url string) (records int) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close(t.Context()) }()
		if err := conn.QueryRow(t.Context(), `select (select count(*) from records) + (select count(*) from firs)`).Scan(&records); err != nil {
			t.Fatal(err)
		}
		return records
	}
	dir := t.TempDir()
	env := environment(t, "DATA_DIR="+dir)
	first := 0
	for range 2 {
		p := serve(t, env)
		url, err := os.ReadFile(filepath.Join(dir, "postgres.url"))
		if err != nil {
			t.Fatal(err)
		}
		n := count(string(url))
		if first == 0 {
			first = n
		}
		if n == 0 || n != first {
			t.Errorf("%d made-up records, and %d before", n, first)
		}
		p.stop()
	}
	env = configured(t)
	serve(t, env).stop()
	for _, setting := range env {
		if url, ok := strings.CutPrefix(setting, "DATABASE_URL="); ok {
			if n := count(url); n != 0 {
				t.Errorf("a configured run has %d records", n)
			}
		}
	}
}
