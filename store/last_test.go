package store_test

import (
	"encoding/json"
	"errors"
	"testing"

	"nagrik/store"
)

// TestLast: the newest filing of just this citizen and service.
func TestLast(t *testing.T) {
	f := open(t)
	citizen, chat := f.citizen()
	other, otherChat := f.citizen()
	file := func(citizen, chat, service, content string) string {
		n := filing(citizen, chat)
		n.Service, n.Details = service, json.RawMessage(content)
		return f.file(n).Number
	}
	if _, err := f.Last(f.ctx, citizen, "verification"); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("without a filing: %v", err)
	}
	file(citizen, chat, "verification", `{"n":1}`)
	want := file(citizen, chat, "verification", `{"n":2}`)
	file(citizen, chat, "complaint", `{"n":3}`)
	file(other, otherChat, "verification", `{"n":4}`)
	last, err := f.Last(f.ctx, citizen, "verification")
	f.ok(err)
	if last.Number != want || string(last.Details) != `{"n":2}` {
		t.Errorf("the last is %s with %s, not %s", last.Number, last.Details, want)
	}
}
