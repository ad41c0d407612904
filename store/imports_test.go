package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nagrik/store"
)

// importRecord is a line of a list of recovered things.
func importRecord(n int) store.ImportRecord {
	return store.ImportRecord{Line: n + 2, Content: fmt.Sprint("content", n), NewRecord: store.NewRecord{
		Kind: store.RecordRecovered, Source: fmt.Sprint("import:", n), Station: araria, On: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), What: "mobile",
		Identifiers: []store.Identifier{{Kind: "imei", Value: fmt.Sprint(n)}}, NameParts: []string{"ksl"}, Details: json.RawMessage(`{"answers":[]}`),
	}}
}

func (f *fixture) records() int { return one[int](f, `select count(*) from records`) }

func TestImportIsWholeOrNothing(t *testing.T) {
	f := open(t)
	wrong := errors.New("the last line is wrong")
	_, err := f.Import(f.ctx, store.ImportOptions{What: "found-property", By: "cli:x"}, func(i *store.Import) error {
		for n := range 3 {
			if err := i.Records(f.ctx, []store.ImportRecord{importRecord(n)}); err != nil {
				return err
			}
		}
		return wrong
	})
	if !errors.Is(err, wrong) || f.records() != 0 || f.audited("import") != 0 {
		t.Errorf("%v, %d records, %d in the audit", err, f.records(), f.audited("import"))
	}
	read := func(i *store.Import) error {
		if err := i.Records(f.ctx, []store.ImportRecord{importRecord(0), importRecord(1)}); err != nil {
			return err
		}
		return i.Records(f.ctx, []store.ImportRecord{importRecord(2)})
	}
	n, err := f.Import(f.ctx, store.ImportOptions{DryRun: true}, read)
	f.ok(err)
	if n.New != 3 || f.records() != 0 || f.audited("import") != 0 {
		t.Errorf("a dry run: %+v, %d records", n, f.records())
	}
	n, err = f.Import(f.ctx, store.ImportOptions{What: "found-property", By: "cli:x"}, read)
	f.ok(err)
	if n.New != 3 || f.records() != 3 || f.audited("import") != 1 || one[int](f, `select count(*) from record_identifiers`) != 3 {
		t.Errorf("%+v, %d records", n, f.records())
	}
	if due := one[int](f, `select count(*) from match_due where record in (select id from records)`); due != 3 {
		t.Errorf("%d records wait to be matched", due)
	}
	rows, _, err := f.VerifyAudit(f.ctx)
	f.ok(err)
	if rows != 1 {
		t.Errorf("%d rows in the audit", rows)
	}
	f.exec(`alter table audit disable trigger audit_stays`)
	f.exec(`update audit set note = replace(note, 'cli:x', 'cli:y')`)
	if _, _, err := f.VerifyAudit(f.ctx); !errors.Is(err, store.ErrTampered) {
		t.Errorf("another name in the audit: %v", err)
	}
}

func TestImportRefusesJuveniles(t *testing.T) {
	f := open(t)
	_, err := f.Import(f.ctx, store.ImportOptions{}, func(i *store.Import) error {
		r := importRecord(1)
		r.Kind, r.Age = store.RecordArrest, 17
		return i.Records(f.ctx, []store.ImportRecord{r})
	})
	if !errors.Is(err, store.ErrJuvenile) {
		t.Error(err)
	}
}

func TestOneImportAtATime(t *testing.T) {
	f := open(t)
	_, err := f.Import(f.ctx, store.ImportOptions{}, func(*store.Import) error {
		_, err := f.Import(f.ctx, store.ImportOptions{}, func(*store.Import) error { return nil })
		return err
	})
	if !errors.Is(err, store.ErrImportRuns) {
		t.Error(err)
	}
}

func TestImportFindsKeysThatStandTwice(t *testing.T) {
	f := open(t)
	_, err := f.Import(f.ctx, store.ImportOptions{}, func(i *store.Import) error {
		if err := i.Keys(f.ctx, []store.ImportKey{{Line: 2, Key: "a"}, {Line: 3, Key: "b"}, {Line: 4, Key: "a"}}); err != nil {
			return err
		}
		if err := i.Keys(f.ctx, []store.ImportKey{{Line: 5, Key: "A"}, {Line: 6, Key: "a"}}); err != nil {
			return err
		}
		got, err := i.Repeats(f.ctx, 10)
		if diff := cmp.Diff([]store.Repeat{{Line: 4, First: 2}, {Line: 6, First: 2}}, got); diff != "" {
			t.Error(diff)
		}
		return err
	})
	f.ok(err)
}
