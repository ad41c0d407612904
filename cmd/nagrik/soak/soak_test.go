package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

var program string // the built program

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "nagrik-soak-build-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(dir) }()
		if program, err = build(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// A short soak: how long it takes does not matter, but nothing may be lost.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	r := soak(t, "", nil)
	for _, row := range r.rows {
		if row.zero && row.count != 0 {
			t.Errorf("%s: %d: %v", row.name, row.count, row.details)
		}
	}
	for _, name := range []string{killsRow, filingsRow, acceptedRow, wordsRow} {
		if r.count(name) == 0 {
			t.Errorf("%s: none, so this run shows nothing", name)
		}
	}
}

// The soak finds a fault that users hide by trying again: updates that are acknowledged before their
// work is done. And every other row finds what it is there for: records and chats are spoilt in all
// the ways that would be a loss.
func TestEveryRowCanFail(t *testing.T) {
	t.Parallel()
	r := soak(t, ackFirst, spoil)
	for _, row := range r.rows {
		if row.zero && row.count == 0 && row.name != stopsRow {
			t.Errorf("%s: nothing was found", row.name)
		}
	}
}

// soak runs a short one. What it prints comes with a failure.
func soak(t *testing.T, fault string, tamper func(context.Context, *world) error) *report {
	t.Helper()
	var out strings.Builder
	r, err := run(t.Context(), options{
		dialogs: 12, replicas: 3, storm: 6 * time.Second, drain: 2 * time.Minute, seed: 1, fault: fault, binary: program, tamper: tamper,
	}, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	r.print(&out)
	t.Log(out.String())
	return r
}
